"""The returned objects, from every page that describes or shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from models_conformance.contract.derivation.claims import Claimed, Ledger, one_per_page, words
from models_conformance.contract.derivation.companion import BETA_MEMBERS, STABLE_PAGES
from models_conformance.contract.derivation.objects import ENVELOPE, ITEM, FieldReading, ObjectReading, sorted_types
from models_conformance.contract.model import ERROR, ERROR_ENVELOPE, LIST_PAGE, MODEL_INFO, Fact, Field, Source

_FIXED = {ENVELOPE: LIST_PAGE, ITEM: MODEL_INFO}
_RESERVED = {LIST_PAGE, MODEL_INFO, ERROR_ENVELOPE, ERROR}


def plain_name(name: str) -> str:
    """An object's name without the prefix of the beta namespace."""
    return name.removeprefix("Beta") or name


def name_objects(found: Iterable[ObjectReading], ledger: Ledger) -> dict[str, str]:
    """The contract's name of the object at each path; pages that name an object differently are noted."""
    given: dict[str, Claimed[str]] = defaultdict(Claimed)
    for reading in found:
        given[reading.path].add(reading.name, reading.source)
    names: dict[str, str] = {}
    for path in sorted(given, key=lambda path: (path.count("."), path)):
        claimed = given[path]
        plain = Claimed({name: sources for name, sources in claimed.by_value.items() if plain_name(name) == name})
        parent, _, member = path.rpartition(".")
        chosen = plain.most_common()
        if chosen is None and claimed.by_value:
            chosen = plain_name(min(claimed.by_value))
        if path in _FIXED:
            names[path] = _FIXED[path]
        elif chosen is None or chosen in _RESERVED:
            names[path] = f"{names.get(parent, parent)}.{member}" if parent else path
        else:
            names[path] = chosen
        if path != ENVELOPE:
            ledger.note_claims(
                f"{names[path]} (name)", claimed, names[path], "one object under the names of several namespaces"
            )
    return names


def merge_objects(
    found: list[ObjectReading], signatures: Iterable[Source], facts: Mapping[str, Fact], ledger: Ledger
) -> dict[str, dict[str, Field]]:
    """Every object with its members. `signatures` are where pages only name the envelope; `facts` decide where the
    types alone would contradict the prose."""
    names = name_objects(found, ledger)
    by_name: dict[str, list[ObjectReading]] = defaultdict(list)
    for reading in found:
        by_name[names[reading.path]].append(reading)
    _note_envelope(by_name.get(LIST_PAGE, []), signatures, ledger)
    merged: dict[str, dict[str, Field]] = {LIST_PAGE: {}}
    for name in sorted(by_name):
        merged[name] = _merge_object(name, by_name[name], names, ledger)
    merged[LIST_PAGE] = _with_empty_page(merged[LIST_PAGE], facts, ledger)
    return merged


def _note_envelope(held: list[ObjectReading], signatures: Iterable[Source], ledger: Ledger) -> None:
    described = [reading.source for reading in held if reading.described]
    sides = {
        "described member by member": described,
        "shown in an example answer only": [reading.source for reading in held if not reading.described],
        "named only, as a page of items": [*signatures],
    }
    sides = {says: sources for says, sources in sides.items() if sources}
    if len(sides) > 1:
        decision = "as described" if described else "as shown"
        ledger.note(LIST_PAGE, sides, decision, "a description outweighs an example, and an example a bare name")


def _merge_object(name: str, held: list[ObjectReading], names: Mapping[str, str], ledger: Ledger) -> dict[str, Field]:
    described = [reading for reading in held if reading.described]
    used = sorted(described or held, key=lambda reading: reading.source)
    widest_first = sorted(used, key=lambda reading: -len(reading.fields))
    merged = {}
    for member in dict.fromkeys(member for reading in widest_first for member in reading.fields):
        readings = [reading.fields[member] for reading in used if member in reading.fields]
        # Two places of one page can differ as two pages can.
        absent = [reading.source for reading in used if member not in reading.fields]
        absent = absent or _of_stable_pages(name, member, used)
        if absent:
            ledger.note(
                f"{name}.{member} (presence)",
                {"documented": [reading.source for reading in readings], "not documented": absent},
                "documented, and may be absent",
                "an answer that follows one of the pages keeps the contract",
            )
        field = _merge_field(f"{name}.{member}", readings, names, ledger, everywhere=not absent)
        merged[member] = replace(field, described=bool(described))
    return merged


def _of_stable_pages(name: str, member: str, used: Iterable[ObjectReading]) -> list[Source]:
    """The stable pages, where they are known to lack a member that is read from pages of the beta namespace alone."""
    is_beta = all(reading.name is not None and plain_name(reading.name) != reading.name for reading in used)
    return [STABLE_PAGES] if is_beta and name == MODEL_INFO and member in BETA_MEMBERS else []


def _merge_field(
    about: str, readings: list[FieldReading], names: Mapping[str, str], ledger: Ledger, *, everywhere: bool
) -> Field:
    types, form, needed = (Claimed.of(readings, attribute) for attribute in ("types", "format", "required"))
    values = tuple(dict.fromkeys(value for reading in readings for value in reading.values))
    declared = _decided(kind for held in types.by_value for kind in held)
    ledger.note_claims(
        f"{about} (type)",
        types,
        words(declared),
        "a reader must take whatever any page allows; number is the pages' word for any number",
    )
    _note_values(about, readings, ledger)
    ledger.note_claims(f"{about} (format)", form, words(form.most_common()), "most pages say so")
    required = everywhere and False not in needed.by_value
    ledger.note_claims(f"{about} (required)", needed, words(required), "what one page leaves optional may be absent")
    still_open = any(reading.open for reading in readings)
    children = sorted({names[reading.child] for reading in readings if reading.child is not None})
    return Field(
        name=readings[0].name,
        types=declared,
        sources=one_per_page(reading.source for reading in readings),
        format=form.most_common(),
        const=values[0] if len(values) == 1 and not still_open else None,
        values=values,
        items=Claimed.of(readings, "items").most_common(),
        object=children[0] if children else None,
        declared=declared,
        required=required,
        open=still_open,
    )


def _decided(types: Iterable[str]) -> tuple[str, ...]:
    held = set(types)
    if {"integer", "number"} <= held:
        held.discard("number")
    return sorted_types(held)


def _note_values(about: str, readings: Iterable[FieldReading], ledger: Ledger) -> None:
    claimed = Claimed[tuple[str, ...]]()
    for reading in readings:
        claimed.add(tuple(sorted(set(reading.values))), reading.source)
    ledger.note_claims(f"{about} (values)", claimed, "all of them", "a value that one page documents exists")


def _with_empty_page(members: dict[str, Field], facts: Mapping[str, Fact], ledger: Ledger) -> dict[str, Field]:
    """An id that names an item of `data` has nothing to name on an empty page, whatever its type says."""
    result = dict(members)
    for name, field in members.items():
        fact = facts.get(f"list.{name}.is")
        names_item = fact is not None and str(fact.says).endswith("-of-data")
        if not names_item and name not in {"first_id", "last_id"}:
            continue
        if "null" in field.types or not field.types:
            continue
        sources = fact.sources if fact is not None and names_item else field.sources
        ledger.note(
            f"{LIST_PAGE}.{name} (empty page)",
            {
                words(field.types): field.sources,
                "an item of data, of which an empty page has none": sources,
            },
            words((*field.types, "null")),
            "on an empty page there is no id to give",
        )
        result[name] = replace(field, types=sorted_types((*field.types, "null")))
    return result
