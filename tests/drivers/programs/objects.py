"""Driver objects, right and wrong, for the stdio loop and for the suite's own process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Any

MODEL = {"id": "m", "created_at": "2025-01-01T00:00:00Z", "display_name": "M", "type": "model", "extra": {}}


class Right:
    """Answers with what stands in `ok`; a model's id says what it was asked with."""

    def hello(self) -> dict[str, Any]:
        return {
            "protocol": 1,
            "client": "object",
            "version": "1.0",
            "language": "python",
            "surfaces": ["models", "beta.models"],
            "capabilities": ["walk"],
        }

    def list(self, connect: Mapping[str, Any], args: Mapping[str, Any], walk: bool, max_items: int) -> dict[str, Any]:
        if walk:
            return {"items": [MODEL] * max_items, "truncated": True}
        return {"page": {"data": [MODEL] * args.get("limit", 20), "has_more": False}}

    def retrieve(self, connect: Mapping[str, Any], args: Mapping[str, Any]) -> Any:
        return {"model": {**MODEL, "id": f"{connect['surface']} {sorted(connect)} {dict(args)}"}}


class Waiting(Right):
    """Every method is a coroutine function, and all run in one loop."""

    def __init__(self) -> None:
        self.loops: set[int] = set()

    async def hello(self) -> dict[str, Any]:  # type: ignore[override]
        return super().hello()

    async def retrieve(self, connect: Mapping[str, Any], args: Mapping[str, Any]) -> Any:
        await asyncio.sleep(0)
        self.loops.add(id(asyncio.get_running_loop()))
        return {"model": {"id": f"loops: {len(self.loops)}"}}


class Whole(Right):
    """Returns the answer's members themselves."""

    def retrieve(self, connect: Mapping[str, Any], args: Mapping[str, Any]) -> Any:
        raised = {"kind": "status", "name": "NotFoundError", "status": 404}
        return {
            "model": {"unsupported": "no such call"},
            "error": {"raised": raised},
            "fault": {"fault": "lost my way"},
        }[args["model_id"]]


class Odd(Right):
    """Each model id is another way to go wrong."""

    def retrieve(self, connect: Mapping[str, Any], args: Mapping[str, Any]) -> Any:
        habit = args["model_id"]
        if habit == "raise":
            raise KeyError("no such\nthing")
        if habit == "base":
            raise asyncio.CancelledError
        if habit == "exit":
            sys.exit(3)
        if habit == "print":
            sys.stdout.write("chatter on sys.stdout\n")
            sys.stdout.flush()
            os.write(1, b"chatter on descriptor 1\n")
            os.system("echo chatter of a child")
        if habit == "read":
            return {"model": {"id": repr(sys.stdin.readline())}}
        odd = {"none": None, "object": {"model": {"id": object()}}, "nan": {"model": {"extra": {"x": float("nan")}}}}
        return odd.get(habit, {"model": {**MODEL, "id": "\ud800 ü"}})


ready = Right()
