"""The reference client as a driver of the protocol, for this process or for a program."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, Literal

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, ClientError

Answer = dict[str, Any]


class ReferenceDriver:
    """Drives one client. Every method returns an answer of the protocol without its id."""

    def __init__(self, client: IdealClient) -> None:
        self._client = client

    def hello(self) -> Answer:
        """Who the client is."""
        hello = {
            "protocol": 1,
            "client": "reference-client",
            "version": "1",
            "language": "python",
            "surfaces": list(self._client.surfaces),
            "capabilities": list(self._client.capabilities),
        }
        if self._client.betas_on is not None:
            hello["betas_on"] = list(self._client.betas_on)
        return {"ok": hello}

    def list(self, connect: Mapping[str, Any], args: Mapping[str, Any], walk: bool, max_items: int) -> Answer:
        """One page, or a walk of at most `max_items` models."""
        call = _call("list", connect, args)
        reason = self._client.unsupported(call, walk)
        if reason is not None:
            return {"unsupported": reason}
        items: list[dict[str, Any]] = []
        try:
            if not walk:
                return {"ok": {"page": self._client.shown_page(self._client.page(call))}}
            for model in islice(self._client.walk(call), max_items):
                items.append(self._client.shown_model(model))
        except ClientError as problem:
            raised = _raised(problem)
            return {"raised": {**raised, "items_before": items} if walk else raised}
        finally:
            self._client.close()
        return {"ok": {"items": items, "truncated": len(items) == max_items}}

    def retrieve(self, connect: Mapping[str, Any], args: Mapping[str, Any]) -> Answer:
        """One model."""
        call = _call("retrieve", connect, args)
        reason = self._client.unsupported(call, walk=False)
        if reason is not None:
            return {"unsupported": reason}
        try:
            return {"ok": {"model": self._client.shown_model(self._client.retrieve(call))}}
        except ClientError as problem:
            return {"raised": _raised(problem)}
        finally:
            self._client.close()


def driver_named(name: str) -> ReferenceDriver:
    """A fresh driver of the ideal (`ideal`), of a fault or of an oddity. Raises UnknownVariant."""
    variant = CLIENTS.variant(name)
    return ReferenceDriver(IdealClient() if variant is None else variant.implementation())


def _call(operation: Literal["list", "retrieve"], connect: Mapping[str, Any], args: Mapping[str, Any]) -> Call:
    return Call(
        operation,
        connect["surface"],
        connect["base_url"],
        connect["api_key"],
        connect["timeout_s"],
        connect.get("max_retries"),
        dict(args),
    )


def _raised(problem: ClientError) -> dict[str, Any]:
    members = {
        "kind": problem.kind,
        "name": problem.name,
        "message": problem.message,
        "status": problem.status,
        "error_type": problem.error_type,
        "request_id": problem.request_id,
    }
    return {name: value for name, value in members.items() if value is not None}
