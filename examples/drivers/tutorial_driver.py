"""A small client of the Models API, and the driver that lets models-conformance call it."""

import json
import sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import islice
from urllib.parse import quote, urlencode, urlsplit

MODEL = {"id": str, "created_at": str, "display_name": str, "type": str}
PAGE = {"data": list, "has_more": bool}


class ApiError(Exception):
    pass


def get(connect, args, path, wanted):
    base = urlsplit(connect["base_url"])
    headers = {"x-api-key": connect["api_key"], "anthropic-version": "2023-06-01"}
    if args.get("betas"):
        headers["anthropic-beta"] = ",".join(args["betas"])
    open_to = HTTPSConnection if base.scheme == "https" else HTTPConnection
    connection = open_to(base.netloc, timeout=connect["timeout_s"])
    try:
        connection.request("GET", base.path.rstrip("/") + "/v1/models" + path, headers=headers)
        response = connection.getresponse()
        body = response.read()
    except (OSError, HTTPException) as error:
        kind = "timeout" if isinstance(error, TimeoutError) else "connection"
        raise ApiError({"kind": kind, "message": str(error)}) from error
    finally:
        connection.close()
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if response.status != 200:
        error = value.get("error") if isinstance(value, dict) else None
        known = {"error_type": error.get("type") if isinstance(error, dict) else None}
        known["request_id"] = response.headers["request-id"]
        raise ApiError({"kind": "status", "status": response.status, **known})
    return checked(value, wanted)


def checked(value, wanted):
    if not isinstance(value, dict) or not all(isinstance(value.get(name), wanted[name]) for name in wanted):
        raise ApiError({"kind": "decode", "message": f"the answer lacks one of {', '.join(wanted)}"})
    return value


def retrieve(connect, args):
    if args["model_id"] in ("", ".", ".."):
        raise ApiError({"kind": "argument", "message": "this id would lead to another path"})
    return get(connect, args, "/" + quote(args["model_id"], safe=""), MODEL)


def page(connect, args):
    query = urlencode({name: value for name, value in args.items() if name != "betas"})
    found = get(connect, args, "?" + query if query else "", PAGE)
    return {**found, "data": [checked(model, MODEL) for model in found["data"]]}


def walk(connect, args):
    cursor, end = ("before_id", "first_id") if "before_id" in args else ("after_id", "last_id")
    while True:
        found = page(connect, args)
        yield from found["data"]
        if not found["has_more"]:
            return
        if found.get(end) in (None, args.get(cursor)):
            raise ApiError({"kind": "other", "message": "more is said to follow, and the cursor stands still"})
        args = {**args, cursor: found[end]}


def seen(model):
    extra = {name: value for name, value in model.items() if name not in MODEL}
    return {**{name: model[name] for name in MODEL}, "extra": extra}


def answer(question):
    if question["op"] == "hello":
        me = {"client": "tutorial", "version": "1", "language": "python", "surfaces": ["models"]}
        return {"ok": {"protocol": 1, **me, "capabilities": ["betas", "walk", "raw_ids"]}}
    connect, args, items = question["connect"], question["args"], []
    try:
        if question["op"] == "retrieve":
            return {"ok": {"model": seen(retrieve(connect, args))}}
        if not question["walk"]:
            found = page(connect, args)
            return {"ok": {"page": {**found, "data": [seen(model) for model in found["data"]]}}}
        for model in islice(walk(connect, args), question["max_items"]):
            items.append(seen(model))
        return {"ok": {"items": items, "truncated": len(items) == question["max_items"]}}
    except ApiError as error:
        before = {"items_before": items} if question.get("walk") else {}
        return {"raised": {"name": "ApiError", **error.args[0]}, **before}


for line in sys.stdin.buffer:
    question = json.loads(line)
    sys.stdout.write(json.dumps({"id": question["id"], **answer(question)}) + "\n")
    sys.stdout.flush()
