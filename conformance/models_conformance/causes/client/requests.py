"""Patterns of what a client sends: one fault of its query string, path or header seen in many requests."""

from __future__ import annotations

from urllib.parse import urlsplit

from models_conformance.causes.case import Case, Deviation
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.evidence.particulars import Words

PATTERNS = Patterns()

_PARAMETERS = (
    "client-sends-limit-as-given",
    "client-sends-cursor-as-given",
    "client-walk-keeps-limit",
    "client-walk-forward-follows-last-id",
    "client-walk-backward-follows-first-id",
)


def _query(case: Case, number: int) -> str:
    reading = case.readings.get(number)
    return urlsplit(reading.exchange.request.url).query if reading is not None else ""


def _left_out(case: Case) -> list[Deviation]:
    """What is broken in that a parameter is missing."""
    sent = (deviation for deviation in case.of("client-sends-*-as-given") if deviation.subject != "anthropic-beta")
    return [deviation for deviation in sent if deviation.is_of("is-left-out")]


def _all_with(case: Case, mark: str) -> list[Deviation]:
    """What is broken about parameters, where every query string at fault holds that mark."""
    return [
        deviation
        for deviation in case.of("client-sends-*", "client-walk-*")
        if deviation.culprits and all(mark in _query(case, number) for number in deviation.culprits)
    ]


@PATTERNS(
    "query-begins-twice",
    *_PARAMETERS,
    "client-sends-*",
    statement="a second question mark stands in the query, as in {query}: what follows it is part of a value",
    advice="Join what is in the URL already and what is added with an ampersand, or let the HTTP library do it.",
)
def _query_begins_twice(case: Case) -> Recognised | None:
    broken = _all_with(case, "?")
    if not broken:
        return None
    first = min(min(deviation.culprits) for deviation in broken)
    return Recognised(broken, {"query": f"?{_query(case, first)}"})


@PATTERNS(
    "parameters-stand-in-the-path",
    "client-requests-documented-path",
    statement="the parameters of a list are not in its query string but in its path, {path}",
    advice="Begin the query string with one question mark, or let the HTTP library do it.",
)
def _parameters_stand_in_the_path(case: Case) -> Recognised | None:
    gone = [deviation for deviation in case.of("client-requests-documented-path") if deviation.is_of("list-*")]
    urls = [reading.exchange.request.url for reading in case.culprits("client-requests-documented-path")]
    paths = [urlsplit(url).path for url in urls]
    if not gone or not all("=" in path.rpartition("/")[2] for path in paths):
        return None
    there = frozenset[int]().union(*(deviation.culprits for deviation in gone))
    walks = [deviation for deviation in case.of("client-walk-*") if deviation.culprits & there]
    return Recognised([*gone, *_left_out(case), *walks], {"path": paths[0]})


@PATTERNS(
    "no-parameter-is-sent",
    *_PARAMETERS,
    statement="{what} are left out of every request",
    advice="Put the arguments of the call into the query string, on the first page and on those that follow.",
)
def _no_parameter_is_sent(case: Case) -> Recognised | None:
    left_out = _left_out(case)
    if not {"client-sends-limit-as-given", "client-sends-cursor-as-given"} <= {deviation.id for deviation in left_out}:
        return None
    if any(deviation not in left_out for deviation in case.of("client-sends-limit-as-given", "client-sends-cursor-*")):
        return None
    names = dict.fromkeys(deviation.subject for deviation in left_out)
    return Recognised(left_out, {"what": Words(" and ".join(names))})
