"""A small client of the Models API, and the driver that lets models-conformance call it."""

import json
import sys
from http.client import HTTPException
from itertools import islice
from urllib.parse import quote, urlencode
from urllib.request import HTTPErrorProcessor, Request, build_opener

FOUR = ("id", "created_at", "display_name", "type")
HELLO = {"protocol": 1, "client": "tutorial", "version": "1", "language": "python"}
HELLO |= {"surfaces": ["models"], "capabilities": ["betas", "walk", "raw_ids"]}


class ApiError(Exception):
    """What the client raises: how a call failed, and what is known of it."""


class EveryAnswer(HTTPErrorProcessor):
    def http_response(self, request, response):
        return response  # No redirect may take the key to another host, and errors are read like all answers.

    https_response = http_response


def get(connect, args, path, wanted):
    """The JSON of a good answer, if it has the members that are wanted."""
    headers = {"x-api-key": connect["api_key"], "anthropic-version": "2023-06-01"}
    if args.get("betas"):
        headers["anthropic-beta"] = ",".join(args["betas"])
    request = Request(connect["base_url"].rstrip("/") + "/v1/models" + path, headers=headers)
    try:
        with build_opener(EveryAnswer).open(request, timeout=connect["timeout_s"]) as answer:
            status, request_id, body = answer.status, answer.headers["request-id"], answer.read()
    except (OSError, HTTPException) as error:
        late = isinstance(getattr(error, "reason", error), TimeoutError)
        raise ApiError({"kind": "timeout" if late else "connection", "message": str(error)}) from error
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if status != 200:
        detail = value.get("error") if isinstance(value, dict) else None
        kind = detail.get("type") if isinstance(detail, dict) else None
        raise ApiError({"kind": "status", "status": status, "error_type": kind, "request_id": request_id})
    if not isinstance(value, dict) or not all(isinstance(value.get(name), wanted[name]) for name in wanted):
        raise ApiError({"kind": "decode", "message": f"there is no {' and '.join(wanted)}"})
    return value


def retrieve(connect, args):
    if args["model_id"] in ("", ".", ".."):
        raise ApiError({"kind": "argument", "message": "this id would ask for another path"})
    return get(connect, args, "/" + quote(args["model_id"], safe=""), dict.fromkeys(FOUR, str))


def page(connect, args):
    query = urlencode({name: value for name, value in args.items() if name != "betas"})
    return get(connect, args, "?" + query if query else "", {"data": list, "has_more": bool})


def walk(connect, args):
    cursor, end = ("before_id", "first_id") if "before_id" in args else ("after_id", "last_id")
    while True:
        found = page(connect, args)
        yield from found["data"]
        if not found["has_more"]:
            return
        if found[end] in (None, args.get(cursor)):
            raise ApiError({"kind": "other", "message": "the cursor stands still"})
        args = {**args, cursor: found[end]}


def shown(model):
    return {**{name: model[name] for name in FOUR}, "extra": {name: model[name] for name in model if name not in FOUR}}


def answer(question):
    if question["op"] == "hello":
        return {"ok": HELLO}
    connect, args, items = question["connect"], question["args"], []
    try:
        if question["op"] == "retrieve":
            return {"ok": {"model": shown(retrieve(connect, args))}}
        if not question["walk"]:
            found = page(connect, args)
            return {"ok": {"page": {**found, "data": [shown(model) for model in found["data"]]}}}
        for model in islice(walk(connect, args), question["max_items"]):
            items.append(shown(model))
        return {"ok": {"items": items, "truncated": len(items) == question["max_items"]}}
    except ApiError as error:
        return {"raised": {"name": "ApiError", **error.args[0]}, "items_before": items if question.get("walk") else None}


for line in sys.stdin.buffer:
    question = json.loads(line)
    sys.stdout.write(json.dumps({"id": question["id"], **answer(question)}) + "\n")
    sys.stdout.flush()
