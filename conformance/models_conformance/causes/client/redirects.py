"""Patterns of redirects: what is wrong with the requests alone to which they lead is no fault of others."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from models_conformance.causes.case import Case
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.evidence.exchange import Request, header

PATTERNS = Patterns()


@PATTERNS(
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
    request = case.readings[min(min(deviation.culprits) for deviation in broken)].exchange.request
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
