"""Patterns of servers that answer nothing at all: the one thing to say is what was asked, and what came instead."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from models_conformance.causes.case import Case
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.causes.server.pages import NO_ROUTE, is_web_page, lists
from models_conformance.evidence.exchange import header
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.evidence.particulars import Value, Words

PATTERNS = Patterns()


def _unusable(case: Case) -> list[Reading]:
    """The answer to each list request, where none at all was 200 with a JSON object or array."""
    plain = [reading for reading in lists(case) if reading.status is not None]
    works = any(reading.status == 200 and isinstance(reading.parse().value, dict | list) for reading in plain)
    return [] if works else plain


def _is_list(reading: Reading) -> bool:
    value = reading.parse().value
    return isinstance(value, dict) and isinstance(value.get("data"), list)


def _alike(case: Case, is_alike: Callable[[Reading], bool], **values: Value) -> Recognised:
    """What such answers explain: all of it, where no model could be retrieved either."""
    works = any(reading.model is not None for reading in case.readings.values())
    return Recognised(case.only_in(case.numbers(is_alike)) if works else case.deviations, values)


def _all_alike(case: Case, is_alike: Callable[[Reading], bool]) -> Recognised | None:
    """What such answers explain, where there are no others to lists."""
    unusable = _unusable(case)
    return _alike(case, is_alike, status=unusable[0].status) if unusable and all(map(is_alike, unusable)) else None


def _is_redirect(reading: Reading) -> bool:
    return reading.status is not None and 300 <= reading.status < 400


def _location(reading: Reading) -> str | None:
    response = reading.exchange.response
    return header(response.headers, "location") if response is not None else None


_FIRST_OF_NOTHING = (
    "list-documented-request-succeeds",
    "response-arrives-whole",
    "body-is-one-json-value",
    "no-input-is-answered-5xx",
    "list-envelope-is-complete",
    "*",
)


@PATTERNS(
    "route-ends-in-a-slash",
    *_FIRST_OF_NOTHING,
    statement="the list is at {path} alone: the documented route, without the slash, is answered {status}",
    advice="Serve GET /v1/models itself, and its models below it; frameworks have a switch for slashes at the end.",
)
def _route_ends_in_a_slash(case: Case) -> Recognised | None:
    unusable = _unusable(case)
    if not unusable or not all(_is_redirect(reading) or reading.status in NO_ROUTE for reading in unusable):
        return None
    path = unusable[0].call.path
    answered = {reading.call.path for reading in case.readings.values() if reading.status == 200 and _is_list(reading)}
    if f"{path}/" not in {urlsplit(_location(unusable[0]) or "").path, *answered}:
        return None
    return Recognised(case.deviations, {"path": Words(f"{path}/"), "status": unusable[0].status})


@PATTERNS(
    "list-is-redirected",
    *_FIRST_OF_NOTHING,
    statement="the list is not answered but redirected, with {status} to {location}",
    advice="Judge the URL that it leads to, or answer there without a redirect: clients do not follow it with a key.",
)
def _list_is_redirected(case: Case) -> Recognised | None:
    first = next(filter(_is_redirect, _unusable(case)), None)
    if first is None or first.status == 304:
        return None
    return _alike(case, _is_redirect, status=first.status, location=_location(first) or Words("nowhere"))


@PATTERNS(
    "a-web-page-is-answered",
    *_FIRST_OF_NOTHING,
    statement="a web page is answered with status {status}, not the API: is the base URL right?",
    advice="Give the URL under which /v1/models is served; a gateway's front page or login is not it.",
)
def _web_page(case: Case) -> Recognised | None:
    recognised = _all_alike(case, is_web_page)
    return recognised if recognised is not None and recognised.values["status"] == 200 else None


@PATTERNS(
    "base-url-is-wrong",
    *_FIRST_OF_NOTHING,
    statement="every list request is answered {status}: is the base URL right?",
    advice="Give the URL up to, and without, /v1/models; the path of the first request is in the evidence.",
)
def _base_url_is_wrong(case: Case) -> Recognised | None:
    return _all_alike(case, lambda reading: reading.status in NO_ROUTE)


@PATTERNS(
    "upstream-is-down",
    *_FIRST_OF_NOTHING,
    statement="every list request is answered {status}: the server, or its upstream, is down",
    advice="Start or repair the upstream of this server, then judge it again.",
)
def _upstream_is_down(case: Case) -> Recognised | None:
    return _all_alike(case, lambda reading: (reading.status or 0) >= 500)
