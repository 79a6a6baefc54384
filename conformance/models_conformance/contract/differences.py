"""What changed between two contracts: API versions first, then what breaks, what adds, open sets, and mere words.

Contracts are compared along the paths of what is sent and answered, not by the names of types, so two
language renditions of one contract compare equal. A contract that does not speak of a thing does not remove
it: a page of `list` alone says nothing about `retrieve`, and a list whose envelope is only named says nothing
about it.
"""

from __future__ import annotations

from models_conformance.contract.changes import Changes, Collector, Group, Sides, shown
from models_conformance.contract.model import (
    MODEL_INFO,
    STATUS,
    VERSION_FACT,
    Contract,
    Fact,
    Operation,
    Parameter,
)
from models_conformance.contract.object_differences import compare_objects, compare_values

_AUTH = "auth."
_SPOKEN_OF_BY_FEW = (_AUTH, "version.", "companion.")
_CREDENTIALS = frozenset({"x-api-key", "authorization"})


def diff(old: Contract, new: Contract) -> Changes:
    """What `new` promises differently from `old`."""
    found = Collector(old, new)
    _versions(old, new, found)
    for name in sorted({*old.operations, *new.operations}):
        before, after = old.operations.get(name), new.operations.get(name)
        if before is not None and after is not None:
            _operation(before, after, found)
        elif before is not None:
            _removed(before, old, new, found)
        elif after is not None:
            _come(after, old, found)
    compare_objects(old, new, found)
    _headers(old, new, found)
    _facts(old, new, found)
    _errors(old, new, found)
    return found.changes()


def _versions(old: Contract, new: Contract, found: Collector) -> None:
    before, after = old.facts.get(VERSION_FACT), new.facts.get(VERSION_FACT)
    sides = (before.sources if before else (), after.sources if after else ())
    if not old.versions or not new.versions:
        return
    added = {*new.versions} - {*old.versions}
    if before is not None and after is not None and before.says != after.says:
        says = f"the pages' own requests name API version {after.says} instead of {before.says}"
        if after.says in added:
            says = f"API version {after.says} is new: the pages' own requests name it instead of {before.says}"
        found.add("versions", VERSION_FACT, says, *sides)
        added.discard(str(after.says))
    for version in sorted(added):
        found.add("versions", VERSION_FACT, f"API version {version} is new", *sides)


def _removed(operation: Operation, old: Contract, new: Contract, found: Collector) -> None:
    if len(new.operations) > 1 or _names(old) & _names(new) or _is_the_same_text(old, new):
        found.add("breaking", operation.name, f"{operation.name} is no longer documented", operation.sources)
        return
    only = ", ".join(new.operations)
    says = f"the new pages cover only {only}: nothing is documented about {operation.name}"
    found.add("documentation", operation.name, says, operation.sources)


def _names(contract: Contract) -> set[str]:
    return {page.rpartition("/")[2] for page in contract.pages}


def _is_the_same_text(old: Contract, new: Contract) -> bool:
    """Whether two single pages begin alike and have what both document on the same lines, or all of it so many lines
    further on. A page of its own for one operation begins otherwise than that of all."""
    if len(old.pages) != 1 or len(new.pages) != 1 or {*old.renditions.values()} != {*new.renditions.values()}:
        return False
    if _first_line(old) != _first_line(new):
        return False
    moved = {
        later.line - earlier.line
        for name in old.operations.keys() & new.operations.keys()
        for parameter in old.operations[name].parameters.keys() & new.operations[name].parameters.keys()
        for earlier in old.operations[name].parameters[parameter].sources
        for later in new.operations[name].parameters[parameter].sources
        if earlier.line is not None and later.line is not None
    }
    return len(moved) == 1


def _first_line(contract: Contract) -> int | None:
    """Where the first operation of a page stands; None where no line is known."""
    sources = [source for operation in contract.operations.values() for source in operation.sources]
    return min((source.line for source in sources if source.line is not None), default=None)


def _come(operation: Operation, old: Contract, found: Collector) -> None:
    if len(old.operations) > 1:
        found.add("additive", operation.name, f"{operation.name} is new", new=operation.sources)
        return
    only = ", ".join(old.operations)
    says = f"the old pages cover only {only}: {operation.name} cannot be compared"
    found.add("documentation", operation.name, says, new=operation.sources)


def _operation(old: Operation, new: Operation, found: Collector) -> None:
    if (old.method, old.path) != (new.method, new.path):
        says = f"{old.name} moved from {old.method} {old.path} to {new.method} {new.path}"
        found.add("breaking", old.name, says, old.sources, new.sources)
    for name in sorted({*old.parameters, *new.parameters}):
        before, after = old.parameters.get(name), new.parameters.get(name)
        about = f"{old.name}.{name}"
        if before is not None and after is not None:
            _parameter(about, before, after, found)
        elif _sent_with_every_request(name, before, found.new) or _sent_with_every_request(name, after, found.old):
            # What `_headers` tells once for all operations.
            continue
        elif before is not None:
            says = f"{old.name} no longer documents the {before.location} parameter {name}"
            found.add("breaking", about, says, before.sources)
        elif after is not None:
            kind = "required" if after.required else "optional"
            says = f"{old.name} has a new {kind} {after.location} parameter {name}"
            found.add("breaking" if after.required else "additive", about, says, new=after.sources)


def _parameter(about: str, old: Parameter, new: Parameter, found: Collector) -> None:
    sources = (old.sources, new.sources)
    if old.location != new.location:
        found.add("breaking", about, f"{about} moved from the {old.location} to the {new.location}", *sources)
    if found.comparable((old.type,)) != found.comparable((new.type,)):
        found.add("breaking", about, f"{about} changed its type from {old.type} to {new.type}", *sources)
    if old.required != new.required:
        group: Group = "breaking" if new.required else "additive"
        found.add(group, about, f"{about} is now {'required' if new.required else 'optional'}", *sources)
    if old.default != new.default and str(old.default) != str(new.default):
        silent = old.default is None or new.default is None
        says = f"the default of {about} changed from {shown(old.default)} to {shown(new.default)}"
        found.add("documentation" if silent else "breaking", about, says, *sources)
    _range(about, old, new, sources, found)
    _bound(about, "most items", (old.max_items, new.max_items), sources, found)
    compare_values(about, old, new, sources, found)


def _range(about: str, old: Parameter, new: Parameter, sources: Sides, found: Collector) -> None:
    before, after = (old.minimum, old.maximum), (new.minimum, new.maximum)
    unsaid = (None, None)
    if unsaid in {before, after} and None not in (before if after == unsaid else after):
        smallest, largest = before if after == unsaid else after
        says = f"the range of {about} is {'no longer' if after == unsaid else 'now'} said: from {smallest} to {largest}"
        found.add("documentation", about, says, *sources)
        return
    _bound(about, "smallest", (old.minimum, new.minimum), sources, found)
    _bound(about, "largest", (old.maximum, new.maximum), sources, found)


def _bound(
    about: str,
    which: str,
    bounds: tuple[int | None, int | None],
    sources: Sides,
    found: Collector,
) -> None:
    old, new = bounds
    if old == new:
        return
    says = f"the {which} of {about} changed from {shown(old)} to {shown(new)}"
    if old is None or new is None:
        found.add("documentation", about, says, *sources)
        return
    narrowed = new > old if which == "smallest" else new < old
    found.add("breaking" if narrowed else "additive", about, says, *sources)


def _facts(old: Contract, new: Contract, found: Collector) -> None:
    for about in sorted({*old.facts, *new.facts} - {VERSION_FACT} - found.reported):
        before, after = old.facts.get(about), new.facts.get(about)
        if before is not None and after is not None:
            _fact(before, after, found)
        elif not about.startswith(_SPOKEN_OF_BY_FEW) and _subject(old, about) and _subject(new, about):
            bare = about.removesuffix(f".{STATUS}")
            if before is not None:
                says = f"{bare} is no longer documented as {before.says}"
                if bare == about:
                    says = f"no page documents any more that {about} is {before.says}"
                found.add("documentation", about, says, before.sources)
            elif after is not None and bare != about:
                found.add("documentation", about, f"{bare} is now {after.says}", new=after.sources)
            elif after is not None:
                says = f"the pages now document that {about} is {after.says}"
                found.add("documentation", about, says, new=after.sources)


def _fact(old: Fact, new: Fact, found: Collector) -> None:
    if old.says == new.says:
        return
    group: Group = "documentation" if old.about.startswith(_SPOKEN_OF_BY_FEW) else "breaking"
    says = f"{old.about} changed from {old.says} to {new.says}"
    found.add(group, old.about, says, old.sources, new.sources)


def _sent_with_every_request(name: str, parameter: Parameter | None, contract: Contract) -> bool:
    """Whether a header that is a parameter of one contract is sent with every request in the other."""
    return parameter is not None and parameter.location == "header" and f"{_AUTH}{name.lower()}" in contract.facts


def _headers(old: Contract, new: Contract, found: Collector) -> None:
    """Tell of the headers that every request carries, where both sides show any."""
    sent = [{about for about in contract.facts if about.startswith(_AUTH)} for contract in (old, new)]
    if not (sent[0] or VERSION_FACT in old.facts) or not (sent[1] or VERSION_FACT in new.facts):
        return
    for about in sorted(sent[1] - sent[0]):
        name = about.removeprefix(_AUTH)
        # How a request says who it is from is said by the companion pages.
        group: Group = "documentation" if name in _CREDENTIALS else "breaking"
        says = f"the header {name} is now {'shown' if name in _CREDENTIALS else 'required'} with every request"
        found.add(group, about, says, new=new.facts[about].sources)
    for about in sorted(sent[0] - sent[1]):
        name = about.removeprefix(_AUTH)
        optional = any(name in operation.parameters for operation in new.operations.values())
        says = f"the header {name} is {'now optional' if optional else 'no longer shown with every request'}"
        found.add("additive" if optional else "documentation", about, says, old.facts[about].sources)


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


def _errors(old: Contract, new: Contract, found: Collector) -> None:
    for status in sorted({*old.errors, *new.errors}):
        before, after = old.errors.get(status), new.errors.get(status)
        about = f"errors.{status}"
        if before is None:
            found.add("additive", about, f"status {status} now names the error {after}")
        elif after is None:
            found.add("breaking", about, f"status {status} no longer names the error {before}")
        elif before != after:
            found.add("breaking", about, f"status {status} names the error {after}, no longer {before}")
