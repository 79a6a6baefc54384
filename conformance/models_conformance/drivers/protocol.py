"""The driver protocol, version 1, as pure functions: values to lines, and lines to values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from models_conformance.drivers.schema import Line, brief, problem_of
from models_conformance.evidence.driver_calls import (
    Answer,
    CallSpec,
    Connect,
    DriverFault,
    Hello,
    ItemsSeen,
    ModelRetrieved,
    ModelSeen,
    PageSeen,
    Raised,
    Unsupported,
)
from models_conformance.evidence.strict_json import parse

PROTOCOL = 1
HELLO = 0
# A page of 1000 models with all their capabilities takes 2 MB.
MAX_LINE_BYTES = 32 * 1024 * 1024
_OUTCOMES = ("ok", "raised", "unsupported", "fault")


class ProtocolBreach(ValueError):
    """A line is none of the protocol's; the message is one line: what was seen, what the protocol wants."""


def hello_question() -> dict[str, Any]:
    """The first question to a driver."""
    return {"id": HELLO, "op": "hello", "protocol": PROTOCOL}


def question(number: int, spec: CallSpec, connect: Connect) -> dict[str, Any]:
    """The question for one call; `number` counts from 1. Raises ValueError where the protocol has no such question."""
    seconds = connect.timeout_seconds
    # A whole number stays one: typed languages may read the member as an integer.
    where: dict[str, Any] = {
        "base_url": connect.base_url,
        "api_key": connect.api_key,
        "timeout_s": int(seconds) if float(seconds).is_integer() else seconds,
    }
    if connect.max_retries is not None:
        where["max_retries"] = connect.max_retries
    args = {name: list(value) if isinstance(value, tuple) else value for name, value in spec.args.items()}
    line: dict[str, Any] = {
        "id": number,
        "op": spec.operation,
        "surface": spec.surface,
        "connect": where,
        "args": args,
    }
    kind: Line = "retrieveQuestion"
    if spec.operation == "list":
        line |= {"walk": spec.walk, "max_items": spec.max_items}
        kind = "listQuestion"
    problem = problem_of(kind, line)
    if problem:
        raise ValueError(f"the protocol has no such question: {problem}")
    return line


def encoded(line: Mapping[str, Any]) -> bytes:
    """A question as the bytes of its line. ASCII, so that a lone surrogate in an id can be asked about too."""
    return json.dumps(line, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"


def read_hello(line: bytes | str) -> Hello:
    """What a driver answers to hello. Raises ProtocolBreach."""
    answer = _object(line)
    _check_number(answer, HELLO)
    outcome = _outcome(answer)
    if outcome != "ok":
        raise ProtocolBreach(f"hello was answered by {outcome}: {brief(answer[outcome])}")
    ok = answer["ok"]
    if isinstance(ok, dict) and "protocol" in ok and ok["protocol"] != PROTOCOL:
        raise ProtocolBreach(f"hello offers protocol {brief(ok['protocol'])}, this suite speaks protocol {PROTOCOL}")
    problem = problem_of("helloAnswer", answer)
    if problem:
        raise ProtocolBreach(f"no answer to hello: {problem}")
    hello = answer["ok"]
    betas_on = hello.get("betas_on")
    return Hello(
        hello["client"],
        hello["version"],
        hello["language"],
        tuple(hello["surfaces"]),
        frozenset(hello["capabilities"]),
        None if betas_on is None else tuple(betas_on),
        frozenset(hello.get("same", ())),
        frozenset(hello["params"]) if "params" in hello else None,
    )


def read_answer(line: bytes | str, number: int, spec: CallSpec, *, has_one_empty: bool = False) -> Answer:
    """What a driver answers to the question of that number. Never a `DriverFailure`. Raises ProtocolBreach.

    `has_one_empty`: by its hello an empty object and an empty list are one value to it: then either is no `extra`.
    """
    answer = _object(line)
    _check_number(answer, number)
    outcome = _outcome(answer)
    kind, members = _expected(spec)
    if outcome == "ok":
        _check_content(answer["ok"], members, spec)
    if has_one_empty:
        _empty_extras_are_objects(answer)
    _check_length(answer, spec)
    problem = problem_of(kind, answer)
    if problem:
        raise ProtocolBreach(problem)
    if outcome == "unsupported":
        return Unsupported(answer["unsupported"])
    if outcome == "fault":
        return DriverFault(answer["fault"])
    if outcome == "raised":
        return _raised(answer["raised"], answer.get("items_before"))
    ok = answer["ok"]
    if kind == "walkAnswer":
        return ItemsSeen(tuple(ok["items"]), ok["truncated"])
    if kind == "modelAnswer":
        return ModelRetrieved(ok["model"])
    page = ok["page"]
    return PageSeen(tuple(page["data"]), {name: value for name, value in page.items() if name != "data"})


def _empty_extras_are_objects(answer: Mapping[str, Any]) -> None:
    ok = answer.get("ok")
    held = ok if isinstance(ok, dict) else {}
    page = held.get("page")
    listed = (page.get("data") if isinstance(page, dict) else None, held.get("items"), answer.get("items_before"))
    models = [model for part in listed if isinstance(part, list) for model in part]
    for model in (*models, held.get("model")):
        if isinstance(model, dict) and model.get("extra") == []:
            model["extra"] = {}


def _raised(raised: Mapping[str, Any], items_before: list[ModelSeen] | int | None) -> Raised:
    status = raised.get("status")
    return Raised(
        raised["kind"],
        raised.get("name") or "",
        None if status is None else int(status),
        raised.get("error_type"),
        raised.get("message"),
        raised.get("request_id"),
        tuple(items_before) if isinstance(items_before, list) else None,
    )


def _object(line: bytes | str) -> dict[str, Any]:
    # A lone surrogate in a text has no UTF-8; it stays what it is, and is refused below.
    raw = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
    if len(raw) > MAX_LINE_BYTES:
        raise ProtocolBreach(f"a line of more than {MAX_LINE_BYTES} bytes")
    parsed = parse(raw)
    if parsed.error is not None:
        start = raw.strip()[:200].decode("utf-8", "backslashreplace")
        why = parsed.error.replace("the body", "the line")
        raise ProtocolBreach(f"{brief(start)} is not an answer, the protocol wants one JSON object a line: {why}")
    if parsed.duplicates:
        raise ProtocolBreach(f"the answer has the member {brief(parsed.duplicates[0])} twice")
    if not isinstance(parsed.value, dict):
        raise ProtocolBreach(f"{brief(parsed.value)} is not an answer, the protocol wants one JSON object a line")
    return parsed.value


def _check_number(answer: Mapping[str, Any], number: int) -> None:
    if "id" not in answer:
        raise ProtocolBreach(f"the answer has no id, the question was {number}")
    seen = answer["id"]
    if isinstance(seen, bool) or not isinstance(seen, int | float) or seen != number:
        raise ProtocolBreach(f"the answer has id {brief(seen)}, the question was {number}")


def _outcome(answer: Mapping[str, Any]) -> str:
    seen = [name for name in _OUTCOMES if name in answer]
    if len(seen) != 1:
        found = " and ".join(seen) or "none"
        raise ProtocolBreach(f"the answer has {found} of ok, raised, unsupported and fault, the protocol wants one")
    return seen[0]


def _expected(spec: CallSpec) -> tuple[Line, tuple[str, ...]]:
    if spec.operation == "retrieve":
        return "modelAnswer", ("model",)
    return ("walkAnswer", ("items", "truncated")) if spec.walk else ("pageAnswer", ("page",))


def _check_content(ok: object, members: tuple[str, ...], spec: CallSpec) -> None:
    """Name the one mistake that is worth its own words: the answer to another kind of call."""
    if not isinstance(ok, dict) or members[0] in ok:
        return
    other = [name for name in ("page", "items", "model") if name in ok]
    if other:
        call = "a retrieve call" if spec.operation == "retrieve" else "a walk" if spec.walk else "a page call"
        raise ProtocolBreach(f"ok holds {other[0]}, the answer to {call} holds {' and '.join(members)}")


def _check_length(answer: Mapping[str, Any], spec: CallSpec) -> None:
    ok = answer.get("ok")
    lists = {"items": ok.get("items") if isinstance(ok, dict) else None, "items_before": answer.get("items_before")}
    for name, listed in lists.items():
        if spec.walk and isinstance(listed, list) and len(listed) > spec.max_items:
            raise ProtocolBreach(f"{name} holds {len(listed)} models, asked were at most {spec.max_items}")
