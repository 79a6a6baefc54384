"""Drives the program `curl`: how little a driver needs. It neither pages nor retries."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

Answer = dict[str, Any]
TIMED_OUT = 28
FOUR = ("id", "created_at", "display_name", "type")
PAGE = ("data", "first_id", "has_more", "last_id")


class Refusal(Exception):
    def __init__(self, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.failure = {"kind": kind, "name": "curl", "message": message, **more}


class Driver:
    """Each call is one run of curl."""

    def hello(self) -> Answer:
        version = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        me: Answer = {"protocol": 1, "client": "curl", "version": version, "language": "shell"}
        return {**me, "surfaces": ["models"], "capabilities": ["betas", "raw_ids"]}

    def list(self, connect: Mapping[str, Any], args: Mapping[str, Any], walk: bool, max_items: int) -> Answer:
        if walk:
            return {"unsupported": "curl does not page by itself"}
        query = urlencode({name: value for name, value in args.items() if name != "betas"})
        return outcome(lambda: {"page": page(get(connect, "/v1/models" + ("?" + query if query else ""), args))})

    def retrieve(self, connect: Mapping[str, Any], args: Mapping[str, Any]) -> Answer:
        return outcome(lambda: {"model": model(get(connect, "/v1/models/" + segment(args["model_id"]), args))})


def segment(model_id: str) -> str:
    """The id as one segment of a path. Raises Refusal."""
    # No escape saves these: "%2E%2E" means ".." too (RFC 3986, 6.2.2.2), and an empty id asks for the list.
    if model_id in ("", ".", ".."):
        raise Refusal("argument", f"the id {model_id!r} would ask for something else")
    return quote(model_id, safe="")


def outcome(call: Callable[[], Answer]) -> Answer:
    try:
        return {"ok": call()}
    except Refusal as refusal:
        return {"raised": refusal.failure}


def get(connect: Mapping[str, Any], target: str, args: Mapping[str, Any]) -> Any:
    """The JSON of a good answer. Raises Refusal."""
    headers = [f"x-api-key: {connect['api_key']}", "anthropic-version: 2023-06-01"]
    headers += [f"anthropic-beta: {beta}" for beta in args.get("betas", ())]
    # Everybody can read a process's arguments: the key goes in by standard input.
    settings = "\n".join(f"header = {json.dumps(header, ensure_ascii=False)}" for header in headers)
    # --disable: no .curlrc; --path-as-is and --globoff: dots, braces and brackets of a base URL stay.
    command = ["curl", "--disable", "--silent", "--show-error", "--include", "--path-as-is", "--globoff"]
    command += ["--max-time", str(connect["timeout_s"]), "--config", "-", connect["base_url"].rstrip("/") + target]
    done = subprocess.run(command, input=settings.encode(), capture_output=True, check=False)
    if done.returncode:
        kind = "timeout" if done.returncode == TIMED_OUT else "connection"
        raise Refusal(kind, done.stderr.decode(errors="replace").strip())
    head, _, text = done.stdout.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if status == 200:
        return body
    more: Answer = {"status": status}
    if isinstance(body, dict) and isinstance(body.get("error"), dict) and isinstance(body["error"].get("type"), str):
        more["error_type"] = body["error"]["type"]
    if named := re.search(rb"(?im)^request-id:[ \t]*(\S+)", head):
        more["request_id"] = named[1].decode("latin-1")
    raise Refusal("status", f"HTTP {status}", **more)


def page(body: Any) -> Answer:
    if not isinstance(body, dict) or not body.keys() >= {*PAGE} or not isinstance(body["data"], list):
        raise Refusal("decode", "the answer is not a page")
    return {name: body[name] for name in PAGE} | {"data": [model(item) for item in body["data"]]}


def model(item: Any) -> Answer:
    if not isinstance(item, dict) or not all(isinstance(item.get(name), str) for name in FOUR):
        raise Refusal("decode", "the answer holds what is not a model")
    extra = {name: value for name, value in item.items() if name not in FOUR}
    return {**{name: item[name] for name in FOUR}, "extra": extra}
