"""How the answered objects of two contracts differ, along their paths from the page of a list and from a model, and how
the values of a parameter or of a member changed: its enumeration, its constant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models_conformance.contract.changes import Collector, Group, Sides, shown
from models_conformance.contract.model import ERROR_ENVELOPE, LIST_PAGE, MODEL_INFO, Contract, Field, Parameter
from models_conformance.contract.points import DEEPEST
from models_conformance.support.text import counted

_ROOTS = (LIST_PAGE, MODEL_INFO, ERROR_ENVELOPE)


def compare_objects(old: Contract, new: Contract, found: Collector) -> None:
    """Tell what changed in the members of the answers. An object that stands in several places is told of once."""
    before, after = dict(_objects(old)), dict(_objects(new))
    for root in (LIST_PAGE, MODEL_INFO):
        if (root in before) != (root in after):
            which = "new" if root in before else "old"
            says = f"the {which} pages do not describe {root}: its members are not documented"
            found.add("documentation", root, says)
    compared: set[tuple[str, str]] = set()
    for path in sorted(before.keys() & after.keys()):
        pair = (before[path], after[path])
        if pair not in compared:
            compared.add(pair)
            sides = (old.objects[before[path]], new.objects[after[path]])
            _members(path, *sides, found)
            for name in sorted(sides[0].keys() & sides[1].keys()):
                below = f"{path}.{name}"
                if (below in before) != (below in after):
                    _listing(below, sides[0][name], sides[1][name], found, is_listed=below in after)


def _objects(contract: Contract) -> Iterator[tuple[str, str]]:
    """The path from a root, and the name, of every object of the contract that has members."""
    for root in _ROOTS:
        yield from _walk(contract, root, root, ())


def _walk(contract: Contract, name: str, path: str, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    members = contract.objects.get(name)
    if not members:
        return
    yield path, name
    for member in members.values():
        below = member.object
        if below and below not in _ROOTS and below not in above and len(above) < DEEPEST:
            yield from _walk(contract, below, f"{path}.{member.name}", (*above, name))


def _listing(path: str, old: Field, new: Field, found: Collector, *, is_listed: bool) -> None:
    """Tell of a member whose own members only one side lists, the new one where it `is_listed`, if it is an object on
    both."""
    if all(not side.declared or {"object", "array"} & {*side.declared} for side in (old, new)):
        says = f"the members of {path} are {'now' if is_listed else 'no longer'} listed"
        found.add("documentation", path, says, old.sources, new.sources)


def _members(path: str, old: Mapping[str, Field], new: Mapping[str, Field], found: Collector) -> None:
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


def compare_values(about: str, old: Parameter | Field, new: Parameter | Field, sides: Sides, found: Collector) -> None:
    """Tell the changes of an enumeration, and of the type of an array's items. A page that does not list the values has
    not removed them."""
    if old.items and new.items and found.comparable((old.items,)) != found.comparable((new.items,)):
        found.add("breaking", about, f"the items of {about} changed from {old.items} to {new.items}", *sides)
    if old.values and new.values:
        if isinstance(old, Field) and isinstance(new, Field) and old.const and new.const:
            _constant(about, old, new, sides, found)
        else:
            _enumeration(about, old, new, sides, found)
    elif old.values:
        found.add("documentation", about, f"the values of {about} are no longer listed", *sides)
    elif new.values:
        closes = isinstance(new, Parameter) and not new.open
        says = f"the values of {about} are now listed" + (", and no others are allowed" if closes else "")
        found.add("breaking" if closes else "documentation", about, says, *sides)


def _constant(about: str, old: Field, new: Field, sides: Sides, found: Collector) -> None:
    if old.const != new.const:
        found.add("breaking", about, f"{about} is now {new.const}, no longer {old.const}", *sides)
        found.reported.add(about.replace(f"{MODEL_INFO}.", "model.", 1) + ".is")


def _enumeration(about: str, old: Parameter | Field, new: Parameter | Field, sides: Sides, found: Collector) -> None:
    added = [value for value in new.values if value not in old.values]
    removed = [value for value in old.values if value not in new.values]
    grows = old.open and new.open
    if added:
        group: Group = "open_sets" if grows else "additive"
        found.add(group, about, f"{about} has {counted(len(added), 'value')} more: {', '.join(added)}", *sides)
    if removed:
        says = f"{about} has {counted(len(removed), 'value')} less: {', '.join(removed)}"
        found.add(_less(old, new, len(removed), grows=grows), about, says, *sides)
    if old.open != new.open:
        # A closed list of a request shuts values out; one of an answer only promises more.
        breaks = old.open if isinstance(old, Parameter) else new.open
        says = f"{about} {'may now have' if new.open else 'no longer has'} values beyond those listed"
        found.add("breaking" if breaks else "additive", about, says, *sides)


def _less(old: Parameter | Field, new: Parameter | Field, removed: int, *, grows: bool) -> Group:
    """What it means that values are gone, `grows` being whether their set was and is open."""
    # Where the new pages leave the companion pages to speak, nothing was taken back.
    if all(source.line is None for source in new.sources):
        return "documentation"
    if grows:
        return "open_sets"
    # A reader that knows more than is answered loses nothing, unless nothing that it knows is left.
    return "additive" if isinstance(old, Field) and removed < len(old.values) else "breaking"
