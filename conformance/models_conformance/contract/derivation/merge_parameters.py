"""The parameters of an operation, from every page that documents it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from models_conformance.contract.derivation.claims import Claimed, Ledger, one_per_page, words
from models_conformance.contract.derivation.items import wire_name
from models_conformance.contract.derivation.objects import sorted_types
from models_conformance.contract.derivation.page_reading import Member, OperationReading, PageReading
from models_conformance.contract.model import Parameter, Scalar, Source

_DEFAULT = re.compile(r"\bdefaults?\s*(?:(?:to|is|:|=)\s*[`\"']?(?=-?\w)|`?(?=\d))(-?\w+)", re.IGNORECASE)
_RANGE = re.compile(
    r"\b(?:ranges?\s*(?:from|:|is)?|between|from)\s*`?(-?\d[\d,]*)`?\s*(?:to|and|through|[-–—])\s*`?(-?\d[\d,]*)",
    re.IGNORECASE,
)
_BOUNDS = {
    f"{end}imum": re.compile(
        rf"\b{end}(?:imum)?\b(?: value)?\s*(?:of|is|:|=)?\s*`?(-?\d[\d,]*\b)(?!`?\s+(?:values|items|entries))",
        re.IGNORECASE,
    )
    for end in ("min", "max")
}
_AT_MOST = re.compile(r"\b(?:up to|at most|maximum of)\s*`?(\d+)`?\s+(?:values|items|entries)\b", re.IGNORECASE)
_LOCATION_IN_PROSE = re.compile(r"^(query|header|path|body) param(?:eter)?:", re.IGNORECASE)
_HEADER_IN_PROSE = re.compile(r"^(?:an? )?(?:optional |required )?header\b", re.IGNORECASE)
_VENDOR = "anthropic-"


@dataclass(frozen=True)
class ParameterReading:
    """A parameter as one page has it."""

    name: str
    location: str
    type: str | None
    items: str | None
    named: str | None
    required: bool
    default: Scalar
    minimum: int | None
    maximum: int | None
    max_items: int | None
    values: tuple[str, ...]
    open: bool
    source: Source


def parameter_of(reading: PageReading, operation: OperationReading, member: Member) -> ParameterReading:
    """A parameter of `operation` as `reading` has it, under the name that goes over the wire."""
    text = " ".join(text for _, text in member.prose)
    types = sorted_types(name for name in member.holds.types if name != "null")
    location = _location(operation, member, text)
    items = sorted_types(member.holds.items.types) if member.holds.items is not None else ()
    default = member.constraints.get("default") or ((match := _DEFAULT.search(text)) and match[1]) or None
    minimum, maximum, max_items = _bounds(member, text)
    return ParameterReading(
        name=_wire_name(member.name, location, "array" in types),
        location=location,
        type=types[0] if types else None,
        items=items[0] if items else ("string" if "array" in types and member.values else None),
        # What an SDK adds to the name of an argument's type.
        named=member.type.core.named and member.type.core.named.removesuffix("Param"),
        required=not member.type.optional,
        default=_scalar(default, types),
        minimum=minimum,
        maximum=maximum,
        max_items=max_items,
        values=member.values,
        # No page closes a header's enumeration, though some only list its values.
        open=location == "header" or not member.values or member.open,
        source=reading.source(member.line),
    )


def _bounds(member: Member, text: str) -> tuple[int | None, int | None, int | None]:
    """The smallest and the largest value and the most items: by a line of their own, else by the prose."""
    spread, at_most = _RANGE.search(text), _AT_MOST.search(text)
    in_prose = {name: match[1] for name, bound in _BOUNDS.items() if (match := bound.search(text))}
    minimum, maximum = (_whole(member.constraints.get(name) or in_prose.get(name)) for name in _BOUNDS)
    if spread is not None:
        minimum = _whole(spread[1]) if minimum is None else minimum
        maximum = _whole(spread[2]) if maximum is None else maximum
    return minimum, maximum, _whole(member.constraints.get("maxItems") or (at_most[1] if at_most else None))


def _whole(text: str | None) -> int | None:
    plain = (text or "").replace(",", "")
    return int(plain) if re.fullmatch(r"-?\d{1,18}", plain) else None


def _scalar(text: str | None, types: tuple[str, ...]) -> Scalar:
    if text is None or text.lower() in {"null", "none"}:
        return None
    if {"integer", "number"} & set(types):
        return _whole(text)
    if "boolean" in types:
        return {"true": True, "false": False}.get(text.lower())
    return text


def _location(operation: OperationReading, member: Member, text: str) -> str:
    if member.location:
        return member.location
    if location := _LOCATION_IN_PROSE.match(text):
        return location[1].lower()
    if "{" + wire_name(member.name) + "}" in operation.path:
        return "path"
    return "header" if _HEADER_IN_PROSE.match(text) else "query"


def _wire_name(name: str, location: str, array: bool) -> str:
    """The name over the wire. The SDKs drop the vendor's prefix of a header and the brackets of a repeated
    query parameter, and use the plural of a header that takes a list."""
    wire = wire_name(name)
    if location == "header" and "-" not in wire:
        plain = wire.replace("_", "-")
        plain = plain.removesuffix("s") if array else plain
        return plain if plain.startswith(("x-", _VENDOR)) else _VENDOR + plain
    if location == "query" and array and not wire.endswith("[]"):
        return wire + "[]"
    return wire


def merge_parameters(
    operation: str, pages: Mapping[Source, list[ParameterReading]], ledger: Ledger
) -> dict[str, Parameter]:
    """One parameter per wire name from what each page (given by where it has the operation) says of them."""
    by_page = {page: {reading.name: reading for reading in readings} for page, readings in pages.items()}
    merged = {}
    for name in sorted({name for readings in by_page.values() for name in readings}):
        held = [readings[name] for readings in by_page.values() if name in readings]
        about = f"{operation}.{name}"
        absent = [page for page, readings in by_page.items() if name not in readings]
        if absent:
            ledger.note(
                f"{about} (presence)",
                {"documented": [reading.source for reading in held], "not documented": absent},
                "documented",
                "a page that leaves a parameter out does not forbid it",
            )
        merged[name] = _merge(name, about, held, ledger, everywhere=not absent)
    return merged


def _merge(name: str, about: str, readings: list[ParameterReading], ledger: Ledger, *, everywhere: bool) -> Parameter:
    claimed = partial(Claimed.of, readings)
    decided: dict[str, Any] = {
        "location": claimed("location").most_common() or "query",
        "type": _chosen_type(*map(claimed, ("type", "default", "minimum", "maximum"))),
        "required": claimed("required").by_value.keys() == {True} and everywhere,
        "default": claimed("default").most_common(),
        "minimum": min(claimed("minimum").by_value, default=None),
        "maximum": max(claimed("maximum").by_value, default=None),
        "items": claimed("items").most_common(),
        "max_items": max(claimed("max_items").by_value, default=None),
    }
    reasons = {
        "required": "what one page leaves optional may be left out",
        "minimum": "what one page allows cannot be refused",
        "maximum": "what one page allows cannot be refused",
    }
    if decided["type"] == "integer":
        reasons["type"] = "number is the pages' word for any number; an integer fits both"
    for attribute, value in decided.items():
        point = f"{about} ({attribute.replace('max_', 'most ')})"
        ledger.note_claims(point, claimed(attribute), words(value), reasons.get(attribute, "most pages say so"))
    values, still_open = _merge_values(about, readings, ledger)
    return Parameter(
        name=name,
        **decided,
        sources=one_per_page(reading.source for reading in readings),
        values=values,
        open=still_open,
        named=min((reading.named for reading in readings if reading.named), default=None),
    )


def _chosen_type(kind: Claimed[str], default: Claimed[Scalar], minimum: Claimed[int], maximum: Claimed[int]) -> str:
    claimed = set(kind.by_value)
    if claimed == {"integer", "number"}:
        return "integer"
    bounded = bool(minimum.by_value) and bool(maximum.by_value)
    if claimed == {"number"} and bounded and all(isinstance(value, int) for value in default.by_value):
        # A language-blind "number" that counts between whole bounds counts whole things.
        return "integer"
    return kind.most_common() or "string"


def _merge_values(about: str, readings: list[ParameterReading], ledger: Ledger) -> tuple[tuple[str, ...], bool]:
    listing = [reading for reading in readings if reading.values]
    if not listing:
        return (), True
    # The order of the longest list, and behind it what the others add.
    in_order = sorted(listing, key=lambda reading: reading.source)
    longest = max(in_order, key=lambda reading: len(reading.values))
    union = tuple(dict.fromkeys(value for reading in (longest, *in_order) for value in reading.values))
    is_open = any(reading.open for reading in listing)
    common = set.intersection(*(set(reading.values) for reading in listing))
    if len(common) < len(union):
        ledger.note(
            f"{about} (values)",
            _sides(listing, common),
            f"all {len(union)} values" + (", and the list is open" if is_open else ""),
            "a value that one page documents exists",
        )
    opened = Claimed.of(listing, "open")
    ledger.note_claims(f"{about} (other values allowed)", opened, "yes", "what one page allows cannot be refused")
    return union, is_open


def _sides(listing: list[ParameterReading], common: set[str]) -> dict[str, list[Source]]:
    """Which pages list which values beyond the `common` ones."""
    sides: dict[str, list[Source]] = {}
    for reading in listing:
        extra = [value for value in reading.values if value not in common]
        says = f"{len(reading.values)} values" + (f", among them {', '.join(extra)}" if extra else "")
        sides.setdefault(says, []).append(reading.source)
    return sides
