"""Patterns of clients, in the order in which they are looked for: each explains what is left to it.

Of repetitions and of redirects first: what is wrong with such requests alone is not a fault of others. Then what a
client sends, what its caller gets where a request was refused, and what it gets of a model.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from models_conformance.causes.case import Case, Deviation, culprits_of
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.evidence.exchange import Request, header
from models_conformance.evidence.particulars import Words

CLIENT_PATTERNS = Patterns()

_REPEATS = "client-retry-repeats-the-request"


@CLIENT_PATTERNS(
    "repetition-is-another-request",
    _REPEATS,
    statement="after {first} a repetition is {again}",
    advice="Send the first request again as it was: method, path, parameters and headers.",
)
def _repetition_is_another_request(case: Case) -> Recognised | None:
    repeats = case.of(_REPEATS)
    others = [deviation for deviation in case.only_in(culprits_of(repeats)) if deviation.requirement.area != "retry"]
    if not others:
        return None
    values = repeats[0].violations[0].values
    return Recognised([*repeats, *others], {"first": values["first"], "again": values["again"]})


@CLIENT_PATTERNS(
    "redirected-request-is-another",
    "client-uses-get",
    "client-sends-its-credential",
    "client-sends-cursor-as-given",
    "client-sends-*",
    "client-*",
    statement="what follows a redirect on the same host, such as {again}, is not what was redirected",
    advice="Go where the location says, query included, with the method and the headers of the request before.",
    # What is seen without a redirect has another cause.
    follows=False,
)
def _redirected_request_is_another(case: Case) -> Recognised | None:
    broken = case.only_in(_redirected(case))
    if not broken:
        return None
    request = case.readings[min(culprits_of(broken))].exchange.request
    path = request.url.partition("://")[2].partition("/")[2]
    return Recognised(broken, {"again": f"{request.method} /{path}"})


def _redirected(case: Case) -> Iterator[int]:
    """The requests to which the answer before them sent the client, on the same host, and which ask for another."""
    for number, reading in case.readings.items():
        before = case.readings.get(number - 1)
        response = before.exchange.response if before is not None else None
        if before is None or response is None or not 300 <= response.status < 400:
            continue
        redirected, request = before.exchange.request, reading.exchange.request
        here = urlsplit(request.url)
        there = urlsplit(urljoin(redirected.url, header(response.headers, "location") or ""))
        leads_here = (there.netloc, there.path) == (here.netloc, here.path)
        is_another = (there.query, redirected.method) != (here.query, request.method)
        is_another = is_another or _are_headers_lost(redirected, request)
        if leads_here and is_another and here.netloc == urlsplit(redirected.url).netloc:
            yield number


def _are_headers_lost(before: Request, after: Request) -> bool:
    kept = {(name.lower(), value) for name, value in after.headers}
    return any((name.lower(), value) not in kept for name, value in before.headers)


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
    left_out = case.of("client-sends-*-as-given", kinds=("is-left-out",))
    return [deviation for deviation in left_out if deviation.subject != "anthropic-beta"]


def _all_with(case: Case, mark: str) -> list[Deviation]:
    """What is broken about parameters, where every query string at fault holds that mark."""
    return [
        deviation
        for deviation in case.of("client-sends-*", "client-walk-*")
        if deviation.culprits and all(mark in _query(case, number) for number in deviation.culprits)
    ]


@CLIENT_PATTERNS(
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
    return Recognised(broken, {"query": f"?{_query(case, min(culprits_of(broken)))}"})


@CLIENT_PATTERNS(
    "parameters-stand-in-the-path",
    "client-requests-documented-path",
    statement="the parameters of a list are not in its query string but in its path, {path}",
    advice="Begin the query string with one question mark, or let the HTTP library do it.",
)
def _parameters_stand_in_the_path(case: Case) -> Recognised | None:
    misdirected = case.of("client-requests-documented-path", kinds=("list-*",))
    urls = [reading.exchange.request.url for reading in case.culprits("client-requests-documented-path")]
    paths = [urlsplit(url).path for url in urls]
    if not misdirected or not all("=" in path.rpartition("/")[2] for path in paths):
        return None
    there = culprits_of(misdirected)
    walks = [deviation for deviation in case.of("client-walk-*") if deviation.culprits & there]
    return Recognised([*misdirected, *_left_out(case), *walks], {"path": paths[0]})


@CLIENT_PATTERNS(
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


_CARRIED = {"carries-no-status": "status", "carries-no-type": "error type", "carries-no-request-id": "request id"}


@CLIENT_PATTERNS(
    "error-says-nothing-of-the-answer",
    "client-error-carries-status",
    "client-error-*",
    statement="the error that is raised, such as {name}, does not describe the answer: it carries no {carried}",
    advice="Raise an error made of the response: one that comes of something else, such as waiting, hides it.",
)
def _error_says_nothing(case: Case) -> Recognised | None:
    broken = case.of("client-error-carries-*", kinds=_CARRIED)
    if len({deviation.kind for deviation in broken}) < 2:
        return None
    carried = [what for kind, what in _CARRIED.items() if any(deviation.kind == kind for deviation in broken)]
    words = f"{', '.join(carried[:-1])} and no {carried[-1]}"
    return Recognised(broken, {"name": broken[0].violations[0].values["name"], "carried": Words(words)})


_EXTRA = "client-extra-fields-are-faithful"
# Who spoils one of these need not spoil another: libraries have a field of its own for each.
_OF_EVERY_REVISION = frozenset(
    {"client-id-is-untouched", "client-display-name-is-untouched", "client-type-is-untouched"}
)


@CLIENT_PATTERNS(
    "members-are-misread-alike",
    _EXTRA,
    "client-*-is-untouched",
    statement="undocumented members, or those of later revisions, are misread: {members}",
    advice="Hand members on as the JSON values they are; what is missing, or null, is neither a default nor false.",
)
def _members_are_misread_alike(case: Case) -> Recognised | None:
    found = case.of(_EXTRA, "client-*-is-untouched")
    misread = [deviation for deviation in found if deviation.id not in _OF_EVERY_REVISION]
    if len({deviation.id for deviation in misread}) < 2:
        return None
    names = dict.fromkeys(deviation.subject for deviation in misread if deviation.subject)
    others = ["others"] if any(not deviation.subject for deviation in misread) else []
    return Recognised(misread, {"members": Words(", ".join((*names, *others)))})
