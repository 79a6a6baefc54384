"""Pages of a case, and where they stand in the list as far as one page shows it whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models_conformance.causes.case import Case
from models_conformance.contract.points import PAGING
from models_conformance.evidence.exchange_reading import Page, Reading

# Answers of a server that knows no such path.
NO_ROUTE = frozenset({404, 405, 410, 501})


@dataclass(frozen=True, slots=True)
class CursorPage:
    """A page with models, and the place of its cursor and of its models in the longest page that has no cursor."""

    reading: Reading
    cursor: str
    at: int
    places: tuple[int, ...]


def body(reading: Reading) -> bytes:
    """The body of an answer, empty where none came."""
    return reading.exchange.response.body if reading.exchange.response is not None else b""


def is_web_page(reading: Reading) -> bool:
    """Whether the body begins as HTML and XML do, which JSON never does."""
    return body(reading).lstrip()[:1] == b"<"


def lists(case: Case) -> Iterator[Reading]:
    """List requests of documented parameters, with a credential and a version, whatever came back."""
    # What was recorded without request headers has no version anywhere.
    names_versions = any(reading.call.version is not None for reading in case.readings.values())
    for reading in case.readings.values():
        call = reading.call
        names = [name for name, _ in call.parameters]
        plain = PAGING.issuperset(names) and len(set(names)) == len(names)
        plain = plain and (call.version is not None or not names_versions)
        if call.operation == "list" and plain and call.credential not in ("none", "wrong"):
            yield reading


def pages(case: Case) -> Iterator[tuple[Reading, Page]]:
    """The pages that those were answered with."""
    for reading in lists(case):
        if reading.page is not None:
            yield reading, reading.page


def head(case: Case) -> tuple[str, ...]:
    """The ids of the longest page that was asked for without cursor and betas."""
    plain = (page.ids for reading, page in pages(case) if not (reading.call.betas or reading.call.cursors))
    return max(plain, key=len, default=())


def cursor_pages(case: Case, parameter: str) -> list[CursorPage]:
    """Pages asked for with that cursor, where it and all of their models stand on the longest page without one."""
    place = {model: at for at, model in reversed(list(enumerate(head(case))))}
    found = []
    for reading, page in pages(case):
        cursor = reading.call.one(parameter)
        if cursor in place and page.items and all(model in place for model in page.ids):
            found.append(CursorPage(reading, cursor, place[cursor], tuple(place[model] for model in page.ids)))
    return found
