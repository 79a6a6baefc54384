"""The error envelope: the companion pages' facts, compared with any page that describes it itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from models_conformance.contract.derivation import companion
from models_conformance.contract.derivation.claims import Ledger, one_per_page, words
from models_conformance.contract.derivation.items import wire_name
from models_conformance.contract.derivation.objects import sorted_types
from models_conformance.contract.derivation.page_reading import Member, PageReading
from models_conformance.contract.model import ERROR, ERROR_ENVELOPE, Field, Source


def merge_errors(readings: Iterable[PageReading], ledger: Ledger) -> tuple[dict[int, str], dict[str, dict[str, Field]]]:
    """The type of each status, and the objects of the error envelope."""
    objects = {name: dict(members) for name, members in companion.ERROR_OBJECTS.items()}
    known = set(companion.ERROR_TYPES.values())
    for reading in readings:
        if reading.errors is None:
            continue
        described = Source(reading.page, reading.errors.line, reading.sha256)
        inner = next((child for child in reading.errors.children if child.name == "error"), None)
        objects[ERROR_ENVELOPE] = _compare(
            ERROR_ENVELOPE,
            objects[ERROR_ENVELOPE],
            reading,
            reading.errors,
            place=described,
            ledger=ledger,
        )
        if inner is not None and inner.children:
            place = Source(reading.page, inner.line, reading.sha256)
            objects[ERROR] = _compare(ERROR, objects[ERROR], reading, inner, place=place, ledger=ledger)
        if reading.error_types:
            listed = [value for _, value in reading.error_types]
            place = Source(reading.page, reading.error_types[0][0], reading.sha256)
            objects[ERROR]["type"] = _with_types(objects[ERROR]["type"], listed, place)
            if set(listed) != known:
                ledger.note(
                    f"{ERROR}.type (values)",
                    {
                        _counted(known, set(listed)): [companion.ERRORS_PAGE],
                        _counted(set(listed), known): [place],
                    },
                    "all of them, and the list is open",
                    "an error type that one page documents exists",
                )
    return dict(companion.ERROR_TYPES), objects


def _counted(own: set[str], other: set[str]) -> str:
    extra = sorted(own - other)
    return f"{len(own)} types" + (f", among them {', '.join(extra)}" if extra else "")


def _with_types(field: Field, listed: list[str], place: Source) -> Field:
    return replace(
        field,
        values=tuple(sorted({*field.values, *listed})),
        sources=one_per_page((*field.sources, place)),
    )


def _compare(
    name: str,
    members: dict[str, Field],
    reading: PageReading,
    root: Member,
    *,
    place: Source,
    ledger: Ledger,
) -> dict[str, Field]:
    """The companion's members, each backed by the page as well, and whatever the page says otherwise."""
    result = dict(members)
    page = {wire_name(child.name): child for child in root.children}
    for key, field in members.items():
        if key not in page:
            ledger.note(
                f"{name}.{key} (presence)",
                {"documented": field.sources, "not documented": [place]},
                "documented",
                "the companion pages are about errors, this page is not",
            )
            continue
        member = page[key]
        source = Source(reading.page, member.line, reading.sha256)
        result[key] = replace(field, sources=one_per_page((*field.sources, source)))
        types = sorted_types(member.holds.types)
        if types and types != field.types:
            ledger.note(
                f"{name}.{key} (type)",
                {words(field.types): field.sources, words(types): [source]},
                words(field.types),
                "the companion pages are about errors, this page is not",
            )
        if field.required == member.type.optional:
            ledger.note(
                f"{name}.{key} (required)",
                {words(field.required): field.sources, words(not member.type.optional): [source]},
                words(field.required),
                "recorded answers leave it out",
            )
    for key in page.keys() - members.keys():
        source = Source(reading.page, page[key].line, reading.sha256)
        ledger.note(
            f"{name}.{key} (presence)",
            {"not documented": [companion.ERRORS_PAGE], "documented": [source]},
            "not documented",
            "the companion pages are about errors, this page is not",
        )
    return result
