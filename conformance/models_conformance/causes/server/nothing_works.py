"""Patterns of servers that answer nothing at all: the one thing to say is what was asked, and what came instead."""

from __future__ import annotations

from models_conformance.causes.case import Case
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.causes.server.pages import body, lists
from models_conformance.evidence.exchange import header
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.evidence.particulars import Words

PATTERNS = Patterns()

# Answers of a server that knows no such path.
_NO_ROUTE = frozenset({404, 405, 410, 501})


def _is_web_page(reading: Reading) -> bool:
    return body(reading).lstrip()[:1] == b"<"


def _plain(case: Case) -> list[Reading]:
    return [reading for reading in lists(case) if reading.status is not None]


def _nothing_works(case: Case) -> bool:
    """Whether no list request at all was answered 200 with a JSON object or array."""
    plain = _plain(case)
    return bool(plain) and not any(
        reading.status == 200 and isinstance(reading.parse().value, dict | list) for reading in plain
    )


def _alike(case: Case, numbers: set[int]) -> Recognised:
    """What these answers explain: all of it, where no model could be retrieved either."""
    works = any(reading.model is not None for reading in case.readings.values())
    return Recognised(case.only_in(numbers) if works else case.deviations)


_FIRST_OF_NOTHING = (
    "list-documented-request-succeeds",
    "response-arrives-whole",
    "body-is-one-json-value",
    "no-input-is-answered-5xx",
    "list-envelope-is-complete",
    "*",
)


@PATTERNS(
    "list-is-redirected",
    *_FIRST_OF_NOTHING,
    statement="the list is not answered but redirected, with {status} to {location}",
    advice="Judge the URL that it leads to, or answer there without a redirect: clients do not follow it with a key.",
)
def _list_is_redirected(case: Case) -> Recognised | None:
    redirects = {
        n: reading for n, reading in case.readings.items() if reading.status is not None and 300 <= reading.status < 400
    }
    first = next((reading for reading in _plain(case) if reading.number in redirects), None)
    if first is None or first.status == 304 or not _nothing_works(case):
        return None
    found = _alike(case, set(redirects))
    location = header(first.exchange.response.headers, "location") if first.exchange.response else None
    return Recognised(found.explains, {"status": first.status, "location": location or Words("nowhere")})


@PATTERNS(
    "a-web-page-is-answered",
    *_FIRST_OF_NOTHING,
    statement="a web page is answered with status {status}, not the API: is the base URL right?",
    advice="Give the URL under which /v1/models is served; a gateway's front page or login is not it.",
)
def _web_page(case: Case) -> Recognised | None:
    plain = _plain(case)
    if (
        not plain
        or not _nothing_works(case)
        or not all(_is_web_page(reading) for reading in plain)
        or plain[0].status != 200
    ):
        return None
    found = _alike(case, {number for number, reading in case.readings.items() if _is_web_page(reading)})
    return Recognised(found.explains, {"status": plain[0].status})


@PATTERNS(
    "base-url-is-wrong",
    *_FIRST_OF_NOTHING,
    statement="every list request is answered {status}: is the base URL right?",
    advice="Give the URL up to, and without, /v1/models; the path of the first request is in the evidence.",
)
def _base_url_is_wrong(case: Case) -> Recognised | None:
    plain = _plain(case)
    if not plain or not _nothing_works(case) or {reading.status for reading in plain} - _NO_ROUTE:
        return None
    found = _alike(case, {number for number, reading in case.readings.items() if reading.status in _NO_ROUTE})
    return Recognised(found.explains, {"status": plain[0].status})


@PATTERNS(
    "upstream-is-down",
    *_FIRST_OF_NOTHING,
    statement="every list request is answered {status}: the server, or what it asks in turn, is down",
    advice="Start or mend what stands behind this server, then judge it again.",
)
def _upstream_is_down(case: Case) -> Recognised | None:
    plain = _plain(case)
    if (
        not plain
        or not _nothing_works(case)
        or any(reading.status is None or reading.status < 500 for reading in plain)
    ):
        return None
    found = _alike(
        case, {number for number, reading in case.readings.items() if reading.status and reading.status >= 500}
    )
    return Recognised(found.explains, {"status": plain[0].status})
