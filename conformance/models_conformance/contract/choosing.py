"""Which of several contracts a subject is held to: the newest that it shows, and of that one no more than it shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

from models_conformance.contract.model import MODEL_INFO, Contract, Operation
from models_conformance.contract.points import DEEPEST, EVERYWHERE, list_parameters, members_below, members_of


@dataclass(frozen=True)
class Shown:
    """What a subject shows of itself: members of models by their path (`capabilities.batch`), the API versions that it
    speaks and, of a client, the parameters of a list that it offers."""

    members: frozenset[str] = frozenset()
    versions: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidates:
    """The contracts that come into question, oldest first. A single one is in force whatever a subject shows."""

    contracts: tuple[Contract, ...]
    _chosen: dict[Shown, Contract] = field(default_factory=dict, compare=False, repr=False)

    @property
    def first(self) -> Contract:
        """What holds for a subject of which nothing is known yet."""
        return self.contracts[0]

    def shown_by(self, shown: Shown) -> Contract:
        """The contract that this subject is held to."""
        if shown not in self._chosen:
            self._chosen[shown] = self._shown_by(shown)
        return self._chosen[shown]

    def _shown_by(self, shown: Shown) -> Contract:
        if len(self.contracts) == 1:
            return self.first
        by_members, by_any = self.first, self.first
        for older, newer in zip(self.contracts, self.contracts[1:], strict=False):
            own = _own_members(newer, older)
            offered = list_parameters(newer).keys() - list_parameters(older).keys()
            if shown.members & own or shown.parameters & offered:
                by_members = by_any = newer
            elif shown.versions & (set(newer.versions) - set(older.versions)):
                by_any = newer
        return held_to(by_any, by_members, self.contracts[-1])


def _own_members(newer: Contract, older: Contract) -> frozenset[str]:
    """What shows the newer of two contracts: members of a model that each one has in it and none in the older.

    Where it adds some to the model itself, what it adds within a member of both shows less: a server that hands on an
    object of another one hands on what is new in it.
    """
    own = member_paths(newer) - member_paths(older)
    members = members_of(newer)
    return frozenset(name for name in own if name in members and members[name].required) or own


@cache
def member_paths(contract: Contract) -> frozenset[str]:
    """Every member of a model by its path."""
    return frozenset(path.removeprefix(f"{MODEL_INFO}.") for path, _ in members_below(contract, MODEL_INFO))


def held_to(contract: Contract, shown: Contract, newest: Contract) -> Contract:
    """`contract`, where what `shown` does not have yet may be absent, and what `newest` lets be null may be null.

    A subject that speaks a new version shows no new member by that, and who answers null as the newest pages allow
    keeps one of the contracts.
    """
    objects = {name: dict(members) for name, members in contract.objects.items()}
    known, later = dict(members_below(shown, MODEL_INFO)), dict(members_below(newest, MODEL_INFO))

    def refine(name: str, path: str, depth: int) -> None:
        for member, of in objects.get(name, {}).items():
            below = f"{path}.{member}"
            if below not in known and (path in known or path == MODEL_INFO):
                objects[name][member] = replace(of, required=False)
            if below in later and "null" in later[below].types and "null" not in of.types:
                objects[name][member] = replace(objects[name][member], types=(*of.types, "null"))
            if of.object is not None and depth < DEEPEST:
                refine(of.object, below, depth + 1)

    refine(MODEL_INFO, MODEL_INFO, 0)
    operations = {name: _without_news(operation, shown) for name, operation in contract.operations.items()}
    facts = {
        about: fact
        for about, fact in contract.facts.items()
        if about in shown.facts or about.startswith(("companion.", "version.", "auth."))
    }
    held = replace(contract, objects=objects, operations=operations, facts=facts)
    return contract if held == contract else held


def as_served(contract: Contract) -> Contract:
    """`contract` with the members of a model that every revision has: a server may have others, of any shape, and a
    client has to read what it answers."""
    members = {name: of for name, of in members_of(contract).items() if name in EVERYWHERE}
    return replace(contract, objects={**contract.objects, MODEL_INFO: members})


def _without_news(operation: Operation, shown: Contract) -> Operation:
    earlier = shown.operations.get(operation.name)
    if earlier is None:
        return operation
    kept = {name: parameter for name, parameter in operation.parameters.items() if name in earlier.parameters}
    return replace(operation, parameters=kept)
