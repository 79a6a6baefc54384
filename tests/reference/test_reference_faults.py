"""Every fault acts, and names requirements that exist."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest

from models_conformance.contract.model import Contract
from models_conformance.evidence.instants import instant, is_unknown
from models_conformance.reference.registry import Registry
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, catalogue_of
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Request, Response
from models_conformance.reference.server.serving import behaviour_named
from models_conformance.requirements.register import every_requirement
from tests.reference.probe import broad_requests, listing

MODELS = 47
each_fault = pytest.mark.parametrize("fault", SERVERS.faults())


def newest_first(catalogue: Catalogue) -> bool:
    moments = [instant(model.created_at) for model in catalogue.models]
    known = [moment for moment in moments if moment is not None and not is_unknown(moment)]
    return known == sorted(known, reverse=True)


@cache
def answers_of_the_ideal(contract: Contract) -> Iterable[tuple[Request, Response]]:
    """The broad requests, and what the ideal server of that contract says to them, one after the other."""
    right = Behaviour(catalogue_of(MODELS), contract=contract)
    return [(request, right.answer(request)) for request in broad_requests(right)]


@each_fault
def test_a_fault_answers_something_else_than_the_ideal(fault: str) -> None:
    wrong = behaviour_named(fault, MODELS)
    if not newest_first(wrong.catalogue):
        return
    right = Behaviour(wrong.catalogue, contract=wrong.contract)
    if wrong.catalogue is catalogue_of(MODELS):
        asked = answers_of_the_ideal(wrong.contract)
    else:
        assert len(wrong.catalogue) <= 1100
        asked = ((request, right.answer(request)) for request in broad_requests(right))
    assert any(wrong.answer(request) != answer for request, answer in asked)


@each_fault
def test_a_fault_answers_every_request(fault: str) -> None:
    wrong = behaviour_named(fault, 0)
    statuses = {wrong.answer(request).status for request in broad_requests(wrong)}
    outside = {status for status in statuses if not 200 <= status < 600}
    assert bool(outside) is fault.endswith("-has-four-digits")
    assert all(status >= 1000 for status in outside)


@each_fault
def test_a_fault_is_built_afresh_each_time(fault: str) -> None:
    first, second = behaviour_named(fault, MODELS), behaviour_named(fault, MODELS)
    for _ in range(3):
        first.answer(listing())
    assert second.requests == 0
    assert first.answer(listing()) is not None


@each_fault
def test_a_fault_names_one_requirement_of_the_register(fault: str) -> None:
    variant = SERVERS.faults()[fault]
    assert every_requirement()[str(variant.root)].level != "observe"
    assert variant.about.endswith(".")


def test_there_are_enough_of_them() -> None:
    assert len(SERVERS.faults()) >= 75
    assert len(SERVERS.oddities()) >= 30
    assert len(set(SERVERS.names())) == 1 + len(SERVERS.faults()) + len(SERVERS.oddities())


def test_a_variant_takes_the_arguments_of_the_step_that_it_replaces() -> None:
    registry: Registry[Behaviour] = Registry("nowhere", "the reference server")
    with pytest.raises(ValueError, match="finds_nothing: find takes other arguments"):

        @registry.faults_in(Behaviour.find, "retrieve-listed-id-succeeds")
        class _Finds(Behaviour):
            def finds_nothing(self, name: str) -> None:
                """Nothing is found."""
