"""A driver for a client that is nothing but urllib, `urllib_driver.py HABIT`: right but for that habit."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

HABIT = sys.argv[1]
ONLY_LISTS = HABIT == "only-lists-everything"
KNOWN = ("id", "created_at", "display_name", "type")
HELLO = {
    "protocol": 1,
    "client": "urllib",
    "version": "1.0",
    "language": "python",
    "surfaces": ["models"],
    "capabilities": ["walk", "walks_only", "no_retrieve", "no_arguments"] if ONLY_LISTS else ["betas", "walk"],
    **({"betas_on": ["beta.models"]} if HABIT == "strange-betas" else {}),
}
Members = dict[str, Any]


def get(question: Members, path: str, query: Members) -> Any:
    connect, betas = question["connect"], question["args"].get("betas")
    headers = {"x-api-key": connect["api_key"], "anthropic-version": "2023-06-01"}
    if HABIT == "sends-no-key":
        del headers["x-api-key"]
    if betas:
        headers["anthropic-beta"] = ",".join(betas)
    url = connect["base_url"] + "/v1/models" + path + ("?" + urllib.parse.urlencode(query) if query else "")
    # No proxy stands between the suite and its client.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, headers=headers), timeout=connect["timeout_s"]) as answer:
        return json.load(answer)


def shown(model: Members) -> Members:
    if HABIT == "flat-extra":
        return model
    seen = {name: model[name] for name in KNOWN}
    if HABIT in ("naive-dates", "local-dates"):
        seen["created_at"] = seen["created_at"].replace("Z", "" if HABIT == "naive-dates" else "+02:00")
    if HABIT == "whole-seconds":
        seen["created_at"] = seen["created_at"].partition(".")[0].removesuffix("Z") + "Z"
    if HABIT == "ascii":
        seen["display_name"] = seen["display_name"].encode("ascii", "replace").decode()
    extra = {name: value for name, value in model.items() if name not in KNOWN}
    if HABIT == "one-empty":
        extra = {name: value or [] for name, value in extra.items()}
    return {**seen, "extra": extra}


def pages(question: Members) -> Iterator[Members]:
    query = {name: value for name, value in question["args"].items() if name != "betas"}
    if HABIT == "always-limit":
        query.setdefault("limit", 20)
    if HABIT == "drops-limit":
        query.pop("limit", None)
    while True:
        page = get(question, "", query)
        yield page
        if not page["has_more"]:
            return
        query["after_id"] = page["last_id"]


def walk(question: Members) -> Members:
    if HABIT in ("cannot-walk", "no-reason"):
        return {"unsupported": "" if HABIT == "no-reason" else "it does not page by itself"}
    most = question["max_items"] + (HABIT == "one-more")
    items: list[Members] = []
    for page in pages(question):
        for model in page["data"]:
            if len(items) == most:
                return {"ok": {"items": items, "truncated": HABIT != "never-truncated"}}
            items.append(shown(model))
    return {"ok": {"items": items, "truncated": HABIT == "always-truncated"}}


def call(question: Members) -> Members:
    if HABIT == "always-raises":
        raise RuntimeError("no mood")
    if HABIT == "never-asks":
        return {"ok": {"page": {"data": [], "has_more": False}}}
    if ONLY_LISTS and (question["args"] or not question.get("walk")):
        raise RuntimeError("there is no such call")
    if question["op"] == "retrieve":
        return {"ok": {"model": shown(get(question, "/" + urllib.parse.quote(question["args"]["model_id"], ""), {}))}}
    if question["walk"]:
        return walk(question)
    page = next(pages(question))
    return {"ok": {"page": {**page, "data": [shown(model) for model in page["data"]]}}}


def raised(error: Exception) -> Members:
    if HABIT == "swallows-errors":
        return {"ok": {"model": {}}}
    if HABIT == "faults-for-errors":
        return {"fault": str(error)}
    failure: Members = {"kind": "other", "name": type(error).__name__, "message": str(error)}
    if HABIT == "nameless":
        del failure["name"]
    if isinstance(error, urllib.error.HTTPError):
        failure |= {"kind": "status", "status": error.code}
    elif isinstance(error, urllib.error.URLError) and HABIT != "other-errors":
        failure["kind"] = "connection"
    return {"raised": failure}


def answer(question: Members) -> Members:
    if question["op"] == "hello":
        return {"ok": HELLO}
    if HABIT == "never-asks" and question["op"] == "retrieve":
        return {"ok": {"model": {}}}
    try:
        return call(question)
    except (OSError, RuntimeError) as error:
        return raised(error)


def main() -> None:
    held: list[Members] = []
    for line in sys.stdin:
        question = json.loads(line)
        held.append({"id": question["id"], **answer(question)})
        # Keeps the first three of what comes at once, and tells the last of them first.
        if HABIT == "out-of-order" and question["id"] == 1 and question["args"].get("model_id"):
            continue
        if HABIT == "out-of-order" and len(held) == 2:
            continue
        for value in reversed(held):
            sys.stdout.write(json.dumps(value) + "\n")
        held.clear()
        sys.stdout.flush()


if __name__ == "__main__":
    main()
