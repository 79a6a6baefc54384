"""What changed between two contracts: API versions first, then what breaks, what adds, open sets, and mere words.

Contracts are compared along the paths of what is sent and answered, not by the names of types, so two
language renditions of one contract compare equal. A contract that does not speak of a thing does not remove
it: a page of `list` alone says nothing about `retrieve`, and a list whose envelope is only named says nothing
about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from models_conformance.contract.model import (
    ERROR_ENVELOPE,
    LIST_PAGE,
    MODEL_INFO,
    STATUS,
    VERSION_FACT,
    Contract,
    Fact,
    Field,
    Operation,
    Parameter,
    Source,
)

Group = Literal["versions", "breaking", "additive", "open_sets", "documentation"]
GROUPS: tuple[Group, ...] = ("versions", "breaking", "additive", "open_sets", "documentation")
"""The groups in the order in which they are told."""
_DEEPEST = 12
_ROOTS = (LIST_PAGE, MODEL_INFO, ERROR_ENVELOPE)
_SPOKEN_OF_BY_FEW = ("auth.", "version.", "companion.")


@dataclass(frozen=True)
class Change:
    """One change: the point it is about, a line in plain words, and where the old and new pages say so."""

    about: str
    says: str
    old: tuple[Source, ...] = ()
    new: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Changes:
    """All changes by what they mean for those who rely on the old contract.

    `versions` are of the API's own version. `open_sets` are of values beside which others are allowed, such as betas:
    nobody may rely on one. `documentation` are those that change nothing: something is said, or left unsaid, elsewhere.
    """

    versions: tuple[Change, ...] = ()
    breaking: tuple[Change, ...] = ()
    additive: tuple[Change, ...] = ()
    open_sets: tuple[Change, ...] = ()
    documentation: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return any(self.of(group) for group in GROUPS)

    def of(self, group: Group) -> tuple[Change, ...]:
        """The changes of one group."""
        held: tuple[Change, ...] = getattr(self, group)
        return held


@dataclass
class _Collector:
    groups: dict[Group, list[Change]] = field(default_factory=lambda: {group: [] for group in GROUPS})

    def add(
        self, group: Group, about: str, says: str, old: tuple[Source, ...] = (), new: tuple[Source, ...] = ()
    ) -> None:
        self.groups[group].append(Change(about, says, old, new))

    def changes(self) -> Changes:
        ordered = {
            group: tuple(sorted(found, key=lambda change: (change.about, change.says)))
            for group, found in self.groups.items()
        }
        return Changes(**ordered)


def diff(old: Contract, new: Contract) -> Changes:
    """What `new` promises differently from `old`."""
    found = _Collector()
    _versions(old, new, found)
    for name in sorted({*old.operations, *new.operations}):
        before, after = old.operations.get(name), new.operations.get(name)
        if before is not None and after is not None:
            _operation(before, after, found)
        elif before is not None:
            _gone(before, old, new, found)
        elif after is not None:
            _come(after, old, found)
    _objects(old, new, found)
    _facts(old, new, found)
    _errors(old, new, found)
    return found.changes()


def _versions(old: Contract, new: Contract, found: _Collector) -> None:
    before, after = old.facts.get(VERSION_FACT), new.facts.get(VERSION_FACT)
    sources = (before.sources if before else (), after.sources if after else ())
    if not old.versions or not new.versions:
        return
    for version in sorted({*new.versions} - {*old.versions}):
        found.add("versions", VERSION_FACT, f"API version {version} is new", *sources)
    if before is not None and after is not None and before.says != after.says:
        says = f"the pages' own requests name API version {after.says} instead of {before.says}"
        found.add("versions", VERSION_FACT, says, *sources)


def _gone(operation: Operation, old: Contract, new: Contract, found: _Collector) -> None:
    if len(new.operations) > 1 or _is_same_page(operation, old, new):
        found.add("breaking", operation.name, f"{operation.name} is no longer documented", operation.sources)
        return
    only = ", ".join(new.operations)
    says = f"the new pages cover only {only}: nothing is said about {operation.name}"
    found.add("documentation", operation.name, says, operation.sources)


def _is_same_page(operation: Operation, old: Contract, new: Contract) -> bool:
    """Whether a page that had the operation, among others, is there again without it: then it was taken out."""
    having = {source.page.rpartition("/")[2] for source in operation.sources}
    beside = {source.page.rpartition("/")[2] for other in new.operations.values() for source in other.sources}
    return bool(having & beside) and len(old.operations) > 1


def _come(operation: Operation, old: Contract, found: _Collector) -> None:
    if len(old.operations) > 1:
        found.add("additive", operation.name, f"{operation.name} is new", new=operation.sources)
        return
    only = ", ".join(old.operations)
    says = f"the old pages cover only {only}: {operation.name} cannot be compared"
    found.add("documentation", operation.name, says, new=operation.sources)


def _operation(old: Operation, new: Operation, found: _Collector) -> None:
    if (old.method, old.path) != (new.method, new.path):
        says = f"{old.name} moved from {old.method} {old.path} to {new.method} {new.path}"
        found.add("breaking", old.name, says, old.sources, new.sources)
    for name in sorted({*old.parameters, *new.parameters}):
        before, after = old.parameters.get(name), new.parameters.get(name)
        about = f"{old.name}.{name}"
        if before is not None and after is not None:
            _parameter(about, before, after, found)
        elif before is not None:
            says = f"{old.name} no longer documents the {before.location} parameter {name}"
            found.add("breaking", about, says, before.sources)
        elif after is not None:
            kind = "required" if after.required else "optional"
            says = f"{old.name} has a new {kind} {after.location} parameter {name}"
            found.add("breaking" if after.required else "additive", about, says, new=after.sources)


def _parameter(about: str, old: Parameter, new: Parameter, found: _Collector) -> None:
    sources = (old.sources, new.sources)
    if old.location != new.location:
        found.add("breaking", about, f"{about} moved from the {old.location} to the {new.location}", *sources)
    if _one_number((old.type,)) != _one_number((new.type,)):
        found.add("breaking", about, f"{about} changed its type from {old.type} to {new.type}", *sources)
    if old.items and new.items and _one_number((old.items,)) != _one_number((new.items,)):
        found.add("breaking", about, f"the items of {about} changed from {old.items} to {new.items}", *sources)
    if old.required != new.required:
        group: Group = "breaking" if new.required else "additive"
        found.add(group, about, f"{about} is now {'required' if new.required else 'optional'}", *sources)
    if old.default != new.default:
        silent = old.default is None or new.default is None
        says = f"the default of {about} changed from {_shown(old.default)} to {_shown(new.default)}"
        found.add("documentation" if silent else "breaking", about, says, *sources)
    _bound(about, "smallest", (old.minimum, new.minimum), sources, found)
    _bound(about, "largest", (old.maximum, new.maximum), sources, found)
    _bound(about, "most items", (old.max_items, new.max_items), sources, found)
    _values(about, old, new, sources, found)


def _bound(
    about: str,
    which: str,
    bounds: tuple[int | None, int | None],
    sources: tuple[tuple[Source, ...], tuple[Source, ...]],
    found: _Collector,
) -> None:
    old, new = bounds
    if old == new:
        return
    says = f"the {which} of {about} changed from {_shown(old)} to {_shown(new)}"
    if old is None or new is None:
        found.add("documentation", about, says, *sources)
        return
    narrowed = new > old if which == "smallest" else new < old
    found.add("breaking" if narrowed else "additive", about, says, *sources)


def _values(
    about: str,
    old: Parameter | Field,
    new: Parameter | Field,
    sources: tuple[tuple[Source, ...], tuple[Source, ...]],
    found: _Collector,
) -> None:
    """Changes of an enumeration. A page that does not list the values has not removed them."""
    if old.values and new.values:
        _listed_values(about, old, new, sources, found)
    elif old.values:
        found.add("documentation", about, f"the values of {about} are no longer listed", *sources)
    elif new.values:
        closes = isinstance(new, Parameter) and not new.open
        says = f"the values of {about} are now listed" + (", and no others are allowed" if closes else "")
        found.add("breaking" if closes else "documentation", about, says, *sources)


def _listed_values(
    about: str,
    old: Parameter | Field,
    new: Parameter | Field,
    sources: tuple[tuple[Source, ...], tuple[Source, ...]],
    found: _Collector,
) -> None:
    added = [value for value in new.values if value not in old.values]
    removed = [value for value in old.values if value not in new.values]
    grows = old.open and new.open
    if added:
        group: Group = "open_sets" if grows else "additive"
        found.add(group, about, f"{about} has {_counted(added)} more: {', '.join(added)}", *sources)
    if removed:
        says = f"{about} has {_counted(removed)} less: {', '.join(removed)}"
        found.add(_less(old, new, len(removed), grows=grows), about, says, *sources)
    if old.open != new.open:
        # A closed list of a request shuts values out; one of an answer only promises more.
        breaks = old.open if isinstance(old, Parameter) else new.open
        says = f"{about} {'may now have' if new.open else 'no longer has'} values beyond those listed"
        found.add("breaking" if breaks else "additive", about, says, *sources)


def _less(old: Parameter | Field, new: Parameter | Field, removed: int, *, grows: bool) -> Group:
    """What it means that values are gone, `grows` being whether their set was and is open."""
    # Where the new pages leave the companion pages to speak, nothing was taken back.
    if all(source.line is None for source in new.sources):
        return "documentation"
    if grows:
        return "open_sets"
    # A reader that knows more than is answered loses nothing, unless nothing that it knows is left.
    return "additive" if isinstance(old, Field) and removed < len(old.values) else "breaking"


def _counted(values: list[str]) -> str:
    return f"{len(values)} value{'s' if len(values) > 1 else ''}"


def _shown(value: object) -> str:
    return "nothing said" if value is None else str(value)


def _one_number(types: Iterable[str]) -> set[str]:
    """Types with `integer` taken as `number`: half of the renditions have one word for both."""
    return {"number" if name == "integer" else name for name in types}


def _objects(old: Contract, new: Contract, found: _Collector) -> None:
    before = {path: members for root in _ROOTS for path, members in _walk(old, root, root, ())}
    after = {path: members for root in _ROOTS for path, members in _walk(new, root, root, ())}
    for root in (LIST_PAGE, MODEL_INFO):
        if (root in before) != (root in after):
            which = "new" if root in before else "old"
            says = f"the {which} pages do not describe {root}: nothing is said about its members"
            found.add("documentation", root, says)
    for path in sorted(before.keys() & after.keys()):
        _members(path, before[path], after[path], found)


def _walk(contract: Contract, name: str, path: str, above: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Field]]]:
    """Every object of the contract that has members, by its path from a root."""
    members = dict(contract.objects.get(name, {}))
    if not members:
        return
    yield path, members
    for member in members.values():
        below = member.object
        if below and below not in _ROOTS and below not in above and len(above) < _DEEPEST:
            yield from _walk(contract, below, f"{path}.{member.name}", (*above, name))


def _members(path: str, old: dict[str, Field], new: dict[str, Field], found: _Collector) -> None:
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


def _field(about: str, old: Field, new: Field, found: _Collector) -> None:
    sources = (old.sources, new.sources)
    _types(about, old, new, found)
    if old.required != new.required:
        says = f"{about} {'is now always present' if new.required else 'may now be absent'}"
        found.add("additive" if new.required else "breaking", about, says, *sources)
    if old.format != new.format:
        told: Group = "breaking" if old.format and new.format else "documentation"
        says = f"{about} changed its format from {_shown(old.format)} to {_shown(new.format)}"
        found.add(told, about, says, *sources)
    if old.items and new.items and _one_number((old.items,)) != _one_number((new.items,)):
        found.add("breaking", about, f"the items of {about} changed from {old.items} to {new.items}", *sources)
    _values(about, old, new, sources, found)


def _types(about: str, old: Field, new: Field, found: _Collector) -> None:
    before, after = _one_number(old.declared), _one_number(new.declared)
    if not before or not after or before == after:
        return
    sources = (old.sources, new.sources)
    shown = f"{about} changed from {' or '.join(old.declared)} to {' or '.join(new.declared)}"
    if "null" in after - before:
        # Where the contract took null already, the pages only came to say so.
        known = "null" in old.types or not old.described
        says = f"{about} may now be null" + (", as the contract already took it" if known else "")
        found.add("documentation" if known else "breaking", about, says, *sources)
    if "null" in before - after:
        found.add("documentation", about, f"{about} is no longer said to be null at times", *sources)
    before, after = before - {"null"}, after - {"null"}
    if before == after:
        return
    found.add("additive" if after < before else "breaking", about, shown, *sources)


def _facts(old: Contract, new: Contract, found: _Collector) -> None:
    for about in sorted({*old.facts, *new.facts} - {VERSION_FACT}):
        before, after = old.facts.get(about), new.facts.get(about)
        if before is not None and after is not None:
            _fact(before, after, found)
        elif not about.startswith(_SPOKEN_OF_BY_FEW) and _subject(old, about) and _subject(new, about):
            if before is not None:
                says = f"no page says any more that {about} is {before.says}"
                found.add("documentation", about, says, before.sources)
            elif after is not None and about.endswith(f".{STATUS}"):
                says = f"{about.removesuffix(f'.{STATUS}')} is now {after.says}"
                found.add("documentation", about, says, new=after.sources)
            elif after is not None:
                says = f"the pages now say that {about} is {after.says}"
                found.add("documentation", about, says, new=after.sources)


def _fact(old: Fact, new: Fact, found: _Collector) -> None:
    if old.says == new.says:
        return
    group: Group = "documentation" if old.about.startswith(_SPOKEN_OF_BY_FEW) else "breaking"
    says = f"{old.about} changed from {old.says} to {new.says}"
    found.add(group, old.about, says, old.sources, new.sources)


def _subject(contract: Contract, about: str) -> bool:
    """Whether the contract speaks of what the fact is about."""
    parts = about.split(".")
    if parts[0] == "model":
        return parts[1] in contract.objects.get(MODEL_INFO, {})
    operation = contract.operations.get(parts[0])
    if operation is None:
        return False
    if len(parts) < 3:
        return True
    shown = contract.objects.get(operation.returns, {}).get(parts[1])
    return parts[1] in operation.parameters or (shown is not None and shown.described)


def _errors(old: Contract, new: Contract, found: _Collector) -> None:
    for status in sorted({*old.errors, *new.errors}):
        before, after = old.errors.get(status), new.errors.get(status)
        about = f"errors.{status}"
        if before is None:
            found.add("additive", about, f"status {status} now names the error {after}")
        elif after is None:
            found.add("breaking", about, f"status {status} no longer names the error {before}")
        elif before != after:
            found.add("breaking", about, f"status {status} names the error {after}, no longer {before}")
