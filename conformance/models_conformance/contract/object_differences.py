"""How the answered objects of two contracts differ, along their paths from the page of a list and from a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models_conformance.contract.changes import Collector, Group, shown
from models_conformance.contract.model import ERROR_ENVELOPE, LIST_PAGE, MODEL_INFO, Contract, Field
from models_conformance.contract.points import DEEPEST
from models_conformance.contract.value_differences import compare_values

_ROOTS = (LIST_PAGE, MODEL_INFO, ERROR_ENVELOPE)


@dataclass(frozen=True)
class _Object:
    name: str
    members: dict[str, Field]


def compare_objects(old: Contract, new: Contract, found: Collector) -> None:
    """Tell what changed in the members of the answers. An object that stands in several places is told of once."""
    before, after = _objects(old), _objects(new)
    for root in (LIST_PAGE, MODEL_INFO):
        if (root in before) != (root in after):
            which = "new" if root in before else "old"
            says = f"the {which} pages do not describe {root}: its members are not documented"
            found.add("documentation", root, says)
    compared: set[tuple[str, str]] = set()
    for path in sorted(before.keys() & after.keys()):
        pair = (before[path].name, after[path].name)
        if pair not in compared:
            compared.add(pair)
            _members(path, before[path].members, after[path].members, found)
            _listings(path, before, after, found)


def _objects(contract: Contract) -> dict[str, _Object]:
    return {path: held for root in _ROOTS for path, held in _walk(contract, root, root, ())}


def _walk(contract: Contract, name: str, path: str, above: tuple[str, ...]) -> Iterator[tuple[str, _Object]]:
    """Every object of the contract that has members, by its path from a root."""
    members = dict(contract.objects.get(name, {}))
    if not members:
        return
    yield path, _Object(name, members)
    for member in members.values():
        below = member.object
        if below and below not in _ROOTS and below not in above and len(above) < DEEPEST:
            yield from _walk(contract, below, f"{path}.{member.name}", (*above, name))


def _listings(path: str, before: dict[str, _Object], after: dict[str, _Object], found: Collector) -> None:
    """Tell of members that are objects still, and whose own members only one side lists."""
    for name in sorted(before[path].members.keys() & after[path].members.keys()):
        below = f"{path}.{name}"
        old, new = before[path].members[name], after[path].members[name]
        if (below in before) != (below in after) and _may_have_members(old) and _may_have_members(new):
            says = f"the members of {below} are {'no longer' if below in before else 'now'} listed"
            found.add("documentation", below, says, old.sources, new.sources)


def _may_have_members(field: Field) -> bool:
    return not field.declared or bool({"object", "array"} & {*field.declared})


def _members(path: str, old: dict[str, Field], new: dict[str, Field], found: Collector) -> None:
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        about = f"{path}.{name}"
        if before is not None and after is not None:
            _field(about, before, after, found)
        elif before is not None:
            # An example may show what no page ever promised.
            group: Group = "breaking" if before.described else "documentation"
            found.add(group, about, f"{about} is no longer documented", before.sources)
        elif after is not None:
            found.add("additive", about, f"{about} is new", new=after.sources)


def _field(about: str, old: Field, new: Field, found: Collector) -> None:
    sides = (old.sources, new.sources)
    _types(about, old, new, found)
    if old.required != new.required:
        says = f"{about} {'is now always present' if new.required else 'may now be absent'}"
        found.add("additive" if new.required else "breaking", about, says, *sides)
    if old.format != new.format:
        group: Group = "breaking" if old.format and new.format else "documentation"
        says = f"{about} changed its format from {shown(old.format)} to {shown(new.format)}"
        found.add(group, about, says, *sides)
        found.reported.add(about.replace(f"{MODEL_INFO}.", "model.", 1) + ".format")
    if old.items and new.items and found.comparable((old.items,)) != found.comparable((new.items,)):
        found.add("breaking", about, f"the items of {about} changed from {old.items} to {new.items}", *sides)
    compare_values(about, old, new, sides, found)


def _types(about: str, old: Field, new: Field, found: Collector) -> None:
    before, after = found.comparable(old.declared), found.comparable(new.declared)
    if not before or not after or before == after:
        return
    sides = (old.sources, new.sources)
    if "null" in after - before:
        # Where the contract took null already, the pages only came to say so.
        known = "null" in old.types or not old.described
        says = f"{about} may now be null" + (", as the contract already took it" if known else "")
        found.add("documentation" if known else "breaking", about, says, *sides)
    if "null" in before - after:
        found.add("documentation", about, f"{about} is no longer documented as sometimes null", *sides)
    before, after = before - {"null"}, after - {"null"}
    if before == after:
        return
    says = f"{about} changed from {' or '.join(old.declared)} to {' or '.join(new.declared)}"
    found.add("additive" if after < before else "breaking", about, says, *sides)
