"""The exchanges of a finding as the page shows them, cut to a size that a browser opens at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from models_conformance.evidence.exchange import Exchange, Headers, Response
from models_conformance.reports.html.bodies import BodyView, body_view, size
from models_conformance.reports.html.clues import Clues, clues_of, marks_in_target, marks_in_text
from models_conformance.reports.html.visible import Mark, visible
from models_conformance.result import Finding, RequirementResult

# All evidence of a page, as markup. Beyond it exchanges are named and not shown.
MOST_EVIDENCE = 8 * 1024 * 1024
_LONGEST_TARGET = 2048
_LONGEST_VALUE = 512
_MOST_HEADERS = 64
_SUMMARY = 120

HeaderViews = tuple[tuple[Markup, Markup], ...]
Place = tuple[int, int, int]
"""Which requirement, which of its findings, which of that finding's exchanges: all from 0."""


@dataclass(frozen=True, slots=True)
class ResponseView:
    status: int
    status_kind: str
    headers: HeaderViews
    more_headers: int
    body: BodyView


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """`number` names it in the result; without `request_line` it was not kept, or is left out of the page. `again`:
    another finding before this one shows it, too."""

    number: int
    role: str
    summary: Markup
    status: int | None = None
    when: str = ""
    request_line: Markup | None = None
    headers: HeaderViews = ()
    more_headers: int = 0
    response: ResponseView | None = None
    failure: Markup | None = None
    left_out: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """`left_out` counts the exchanges that did not fit into the size of the page."""

    views: Mapping[Place, ExchangeView]
    left_out: int

    def of(self, entry: int, finding: int, count: int) -> tuple[ExchangeView, ...]:
        """The `count` exchanges of a finding, given as in `Place`."""
        return tuple(self.views[entry, finding, position] for position in range(count))


def evidence_of(
    entries: Sequence[RequirementResult], exchanges: Mapping[int, Exchange], most: int = MOST_EVIDENCE
) -> Evidence:
    """Every exchange that a finding points to, once for each time.

    What comes first is kept where not all fits: the culprit of every requirement's first finding, then the other
    exchanges of first findings, then those of second ones.
    """
    places = [
        (at, number, position)
        for at, entry in enumerate(entries)
        for number, finding in enumerate(entry.findings)
        for position in range(len(finding.exchanges))
    ]
    views: dict[Place, ExchangeView] = {}
    spent = left_out = 0
    for place in sorted(places, key=lambda place: (place[1], place[2], place[0])):
        finding = entries[place[0]].findings[place[1]]
        number = finding.exchanges[place[2]]
        role = "at fault" if place[2] == 0 else "further proof"
        exchange = exchanges.get(number)
        if exchange is None:
            views[place] = ExchangeView(number, role, Markup(""), left_out="This exchange was not kept in the result.")
            continue
        view = _view(exchange, role, finding, exchanges) if spent < most else None
        cost = _size(view) if view else 0
        if view is None or spent + cost > most:
            left_out += 1
            views[place] = _named_only(exchange, role, most)
            # The next one may be smaller, but a page that holds some of the later evidence only puzzles.
            spent = most
        else:
            views[place] = view
            spent += cost
    seen: set[int] = set()
    for place in places:
        view = views[place]
        views[place] = replace(view, again=view.number in seen)
        seen |= {view.number} if view.request_line is not None else set()
    return Evidence(views, left_out)


def _view(exchange: Exchange, role: str, finding: Finding, exchanges: Mapping[int, Exchange]) -> ExchangeView:
    clues = (clues_of(finding, "observed"), clues_of(finding, "expected"))
    request, response, failure = exchange.request, exchange.response, exchange.failure
    target = target_of(request.url)
    marks = [mark for clue in clues for mark in marks_in_target(target, clue)]
    headers, more = _headers(request.headers, clues)
    line = visible(request.method, longest=_SUMMARY) + Markup(" ") + visible(target, marks, longest=_LONGEST_TARGET)
    return ExchangeView(
        exchange.number,
        role,
        _summary(exchange),
        response.status if response else None,
        _when(exchange, finding, exchanges),
        line,
        headers,
        more,
        _response(response, clues) if response else None,
        visible(f"{failure.kind}: {failure.detail}", longest=_LONGEST_TARGET) if failure else None,
    )


def _named_only(exchange: Exchange, role: str, most: int) -> ExchangeView:
    status = exchange.response.status if exchange.response else None
    left_out = f"Left out: this page shows up to {size(most)} of evidence. The JSON result keeps it."
    return ExchangeView(exchange.number, role, _summary(exchange), status, left_out=left_out)


def target_of(url: str) -> str:
    """What follows the authority, byte for byte: a URL parser would drop or change what is odd about it."""
    _, found, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return slash + path if found and slash else authority if found else url


def _summary(exchange: Exchange) -> Markup:
    method, target = exchange.request.method, target_of(exchange.request.url)
    return visible(method, longest=_SUMMARY) + Markup(" ") + visible(target, longest=_SUMMARY)


def _when(exchange: Exchange, finding: Finding, exchanges: Mapping[int, Exchange]) -> str:
    """How long it took, and where a clock was kept how long after the finding's first it arrived."""
    words = [f"retry of {exchange.retry_of}"] if exchange.retry_of is not None else []
    first = min((exchanges[number].at for number in finding.exchanges if number in exchanges), default=0.0)
    if exchange.at:
        words.append(f"+{exchange.at - first:.3f} s")
    if exchange.seconds:
        words.append(f"took {exchange.seconds * 1000:,.0f} ms")
    return ", ".join(words)


def _headers(headers: Headers, clues: Sequence[Clues]) -> tuple[HeaderViews, int]:
    shown = tuple(_header(name, value, clues) for name, value in headers[:_MOST_HEADERS])
    return shown, len(headers) - len(shown)


def _header(name: str, value: str, clues: Sequence[Clues]) -> tuple[Markup, Markup]:
    named = next((clue.kind for clue in clues if name.lower() in clue.names), None)
    name_marks = [Mark(0, len(name), named)] if named else []
    marks = [mark for clue in clues for mark in marks_in_text(value[:_LONGEST_VALUE], clue)]
    return visible(name, name_marks, longest=_LONGEST_VALUE), visible(value, marks, longest=_LONGEST_VALUE)


def _response(response: Response, clues: Sequence[Clues]) -> ResponseView:
    headers, more = _headers(response.headers, clues)
    # A status that was expected too is not what is wrong.
    kinds = [clue.kind for clue in clues if response.status in clue.statuses]
    kind = kinds[0] if len(kinds) == 1 else ""
    return ResponseView(response.status, kind, headers, more, body_view(response.body, clues))


def _size(view: ExchangeView) -> int:
    headers = [*view.headers, *(view.response.headers if view.response else ())]
    size_of_headers = sum(len(name) + len(value) for name, value in headers)
    body = len(view.response.body.shown) if view.response else 0
    return len(view.summary) + len(view.request_line or "") + len(view.failure or "") + size_of_headers + body
