"""The error envelope: the companion pages' facts, compared with any page that describes it itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from models_conformance.contract.derivation import companion
from models_conformance.contract.derivation.claims import Ledger, one_per_page, words
from models_conformance.contract.derivation.items import wire_name
from models_conformance.contract.derivation.objects import sorted_types
from models_conformance.contract.derivation.page_reading import Member, PageReading
from models_conformance.contract.model import ERROR, ERROR_ENVELOPE, Field

_REASON = "the companion pages are about errors, this page is not"


def merge_errors(readings: Iterable[PageReading], ledger: Ledger) -> tuple[dict[int, str], dict[str, dict[str, Field]]]:
    """The type of each status, and the objects of the error envelope."""
    objects = {name: dict(members) for name, members in companion.ERROR_OBJECTS.items()}
    for reading in readings:
        if reading.errors is None:
            continue
        inner = next((child for child in reading.errors.children if child.name == "error"), None)
        for name, member in ((ERROR_ENVELOPE, reading.errors), (ERROR, inner)):
            if member is not None and member.children:
                _compare(name, objects[name], reading, member, ledger)
        if reading.error_types:
            _add_types(objects[ERROR], reading, ledger)
    return dict(companion.ERROR_TYPES), objects


def _add_types(members: dict[str, Field], reading: PageReading, ledger: Ledger) -> None:
    known, listed = set(companion.ERROR_TYPES.values()), {value for _, value in reading.error_types}
    place = reading.source(reading.error_types[0][0])
    field = members["type"]
    sources = one_per_page((*field.sources, place))
    members["type"] = replace(field, values=tuple(sorted({*field.values, *listed})), sources=sources)
    if listed != known:
        ledger.note(
            f"{ERROR}.type (values)",
            {_counted(known, listed): [companion.ERRORS_PAGE], _counted(listed, known): [place]},
            "all of them, and the list is open",
            "an error type that one page documents exists",
        )


def _counted(own: set[str], other: set[str]) -> str:
    extra = sorted(own - other)
    return f"{len(own)} types" + (f", among them {', '.join(extra)}" if extra else "")


def _compare(name: str, members: dict[str, Field], reading: PageReading, root: Member, ledger: Ledger) -> None:
    """Back each of the companion's members by the page as well, and note whatever the page says otherwise."""
    page = {wire_name(child.name): child for child in root.children}
    for key in page.keys() - members.keys():
        claims = {"not documented": [companion.ERRORS_PAGE], "documented": [reading.source(page[key].line)]}
        ledger.note(f"{name}.{key} (presence)", claims, "not documented", _REASON)
    for key, field in members.items():
        if key not in page:
            claims = {"documented": [*field.sources], "not documented": [reading.source(root.line)]}
            ledger.note(f"{name}.{key} (presence)", claims, "documented", _REASON)
            continue
        member = page[key]
        source = reading.source(member.line)
        types, required = sorted_types(member.holds.types), not member.type.optional
        if types and types != field.types:
            claims = {words(field.types): [*field.sources], words(types): [source]}
            ledger.note(f"{name}.{key} (type)", claims, words(field.types), _REASON)
        if field.required != required:
            claims = {words(field.required): [*field.sources], words(required): [source]}
            ledger.note(f"{name}.{key} (required)", claims, words(field.required), "recorded answers leave it out")
        members[key] = replace(field, sources=one_per_page((*field.sources, source)))
