"""Dated pages to one contract: pages of one date are merged with each other, and between dates the newest wins.

What a later page says of a point takes the place of what an earlier one said; what it lists no longer has ended. Its
silence ends nothing: a page of `list` alone says nothing of `retrieve`, one that only names a type says nothing of its
values, and one of a language that never writes null says nothing of null.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from models_conformance.contract.derivation.claims import one_per_page
from models_conformance.contract.derivation.derive import derive_from
from models_conformance.contract.derivation.objects import sorted_types
from models_conformance.contract.derivation.pages import Page, PageError, date_of, last_day, read_pages
from models_conformance.contract.document import revision_of
from models_conformance.contract.model import (
    LIST_PAGE,
    MODEL_INFO,
    Contract,
    Field,
    Parameter,
    Span,
)
from models_conformance.contract.points import DEEPEST, members_below

# Languages whose pages write a type without its null, whatever the schema behind them says.
_WITHOUT_NULL = frozenset({"cli"})
_ROOTS = (LIST_PAGE, MODEL_INFO)

Objects = dict[str, dict[str, Field]]


def derive_newest(paths: Sequence[Path]) -> Contract:
    """The contract that pages promise today: of pages that are all dated, and not of one date, the newest win; others
    are merged with each other. Raises PageError as `derive` does."""
    pages = read_pages(paths)
    dates = {date_of(page) for page in pages}
    return derive_history(paths) if len(dates) > 1 and None not in dates else derive_from(pages)


def derive_history(paths: Sequence[Path], as_of: str | None = None) -> Contract:
    """The newest contract that dated pages promise, each of its facts with the date since when it is documented.

    `as_of` dates the pages that have no date of their own. Raises PageError as `derive` does, and for such a page
    without it.
    """
    by_date: dict[str, list[Page]] = {}
    for page in read_pages(paths):
        date = date_of(page) or as_of
        if date is None:
            raise PageError(page.name, None, "no date in its front matter or file name: give one with --as-of")
        by_date.setdefault(date, []).append(page)
    if not by_date:
        raise ValueError("no page to derive from")
    dates = sorted(by_date, key=last_day)
    contracts = [derive_from(by_date[date], as_of) for date in dates]
    folded = contracts[0]
    for newer in contracts[1:]:
        folded = _newer_wins(folded, newer)
    folded = replace(folded, spans=_spans(dates, contracts))
    return replace(folded, revision=revision_of(folded))


def _newer_wins(old: Contract, new: Contract) -> Contract:
    writes_null = not set(new.renditions.values()) <= _WITHOUT_NULL
    operations = dict(old.operations)
    for name, operation in new.operations.items():
        earlier = old.operations[name].parameters if name in old.operations else {}
        parameters = {
            key: _parameter(parameter, earlier[key]) if key in earlier else parameter
            for key, parameter in operation.parameters.items()
        }
        operations[name] = replace(operation, parameters=parameters)
    return Contract(
        revision="",
        pages={**old.pages, **new.pages},
        renditions={**old.renditions, **new.renditions},
        operations=operations,
        objects=_objects(old.objects, new.objects, writes_null),
        facts={**old.facts, **new.facts},
        errors={**old.errors, **new.errors},
        disagreements=new.disagreements,
    )


def _parameter(new: Parameter, old: Parameter) -> Parameter:
    """A parameter as the newer pages have it; what they leave unsaid is as it was."""
    unsaid = {
        name: getattr(old, name)
        for name in ("default", "minimum", "maximum", "items", "named", "max_items")
        if getattr(new, name) is None and getattr(old, name) is not None
    }
    if not new.values and old.values:
        unsaid.update(values=old.values, open=old.open)
    sources = one_per_page((*new.sources, *old.sources)) if unsaid else new.sources
    return replace(new, **unsaid, sources=sources)


def _objects(
    old: Mapping[str, Mapping[str, Field]], new: Mapping[str, Mapping[str, Field]], writes_null: bool
) -> Objects:
    """The objects of the newer pages, and of the older ones what the newer do not speak of."""
    result: Objects = {name: dict(members) for name, members in new.items()}
    for root in old:
        if root not in _reachable(old, _ROOTS) and root not in result:
            result[root] = dict(old[root])
    done: set[tuple[str, str]] = set()

    def visit(name: str, earlier: str, depth: int) -> None:
        if (name, earlier) in done or depth > DEEPEST:
            return
        done.add((name, earlier))
        for member, field in list(result[name].items()):
            before = old[earlier].get(member)
            if before is None:
                continue
            result[name][member] = refined = _field(field, before, writes_null)
            if before.object is None or before.object not in old:
                continue
            if refined.object is None or refined.object not in result or not result[refined.object]:
                _keep(before.object)
                result[name][member] = replace(refined, object=before.object)
            else:
                visit(refined.object, before.object, depth + 1)

    def _keep(earlier: str) -> None:
        for name in _reachable(old, (earlier,)):
            result.setdefault(name, dict(old[name]))

    for root in _ROOTS:
        if not result.get(root):
            _keep(root)
            result[root] = dict(old.get(root, {}))
        elif root in old:
            visit(root, root, 0)
    return result


def _field(new: Field, old: Field, writes_null: bool) -> Field:
    """A member as the newer pages have it; what they leave unsaid is as it was."""
    unsaid: dict[str, object] = {}
    if not new.types and old.types:
        unsaid.update(types=old.types, declared=old.declared)
    elif "null" in old.types and "null" not in new.types and not writes_null:
        unsaid.update(
            types=sorted_types((*new.types, "null")),
            declared=sorted_types((*new.declared, "null")) if "null" in old.declared else new.declared,
        )
    if new.format is None and old.format is not None:
        unsaid["format"] = old.format
    if new.items is None and old.items is not None and "array" in new.types:
        unsaid["items"] = old.items
    if not new.values and old.values:
        unsaid.update(values=old.values, const=old.const, open=old.open)
    sources = one_per_page((*new.sources, *old.sources)) if unsaid else new.sources
    return replace(new, **unsaid, sources=sources)  # type: ignore[arg-type]


def _reachable(objects: Mapping[str, Mapping[str, Field]], roots: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = [root for root in roots if root in objects]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += [field.object for field in objects[name].values() if field.object in objects and field.object]
    return found


def _spans(dates: Sequence[str], contracts: Sequence[Contract]) -> dict[str, Span]:
    """Since when each fact is documented, and until when those are that newer pages of the same things have not.

    What is said of a point (`list.limit.default`) has a span of its own from where it first changed.
    """
    since: dict[str, str] = {}
    until: dict[str, str] = {}
    latest: dict[str, Hashable] = {}
    changed: dict[str, str] = {}
    for date, contract in zip(dates, contracts, strict=True):
        keys = set(_keys(contract))
        for key in keys:
            since.setdefault(key, date)
            until.pop(key, None)
        documented = set(_documented_in(contract))
        for key in since.keys() - keys - until.keys():
            if key.rpartition(".")[0] in documented:
                until[key] = date
        for key, value in _documented_points(contract):
            if latest.setdefault(key, value) != value:
                latest[key], changed[key] = value, date
    since |= {key: date for key, date in changed.items() if key.rpartition(".")[0] not in until}
    return {key: Span(since[key], until.get(key)) for key in sorted(since)}


def _documented_points(contract: Contract) -> Iterator[tuple[str, Hashable]]:
    """What the pages say of each point; nothing where they leave it unsaid."""
    for about, fact in contract.facts.items():
        yield about, fact.says
    for name, operation in contract.operations.items():
        for parameter in operation.parameters.values():
            for attribute in ("required", "default", "minimum", "maximum", "max_items"):
                if getattr(parameter, attribute) is not None:
                    yield f"{name}.{parameter.name}.{attribute}", getattr(parameter, attribute)
            if parameter.values and not parameter.open:
                yield f"{name}.{parameter.name}.values", frozenset(parameter.values)
    writes_null = not set(contract.renditions.values()) <= _WITHOUT_NULL
    for root in _ROOTS:
        for path, field in members_below(contract, root):
            if field.declared and ("null" in field.declared or writes_null):
                yield f"{path}.null", "null" in field.declared
            if field.format is not None:
                yield f"{path}.format", field.format
            if field.values:
                yield f"{path}.values", frozenset(field.values)


def _keys(contract: Contract) -> Iterator[str]:
    for name, operation in contract.operations.items():
        yield name
        yield from (f"{name}.{parameter}" for parameter in operation.parameters)
    yield from contract.facts
    for root in _ROOTS:
        yield from (path for path, _ in members_below(contract, root))


def _documented_in(contract: Contract) -> Iterator[str]:
    """What the pages list all of: the parameters of an operation, the members of an object."""
    yield from contract.operations
    for root in _ROOTS:
        if contract.objects.get(root):
            yield root
    for key in _keys(contract):
        if key.startswith(_ROOTS):
            yield key
