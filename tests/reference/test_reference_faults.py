"""Every fault acts, and names requirements that exist."""

from __future__ import annotations

import pytest

from models_conformance.evidence.instants import instant, is_unknown
from models_conformance.reference.server.catalogue import Catalogue, catalogue_of
from models_conformance.reference.server.faults import Fault, faults
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.oddities import oddities
from models_conformance.requirements.register import register
from tests.reference.probe import broad_requests, listing

MODELS = 47
each_fault = pytest.mark.parametrize("fault", faults().values(), ids=lambda fault: fault.name)


def newest_first(catalogue: Catalogue) -> bool:
    moments = [instant(model.created_at) for model in catalogue.models]
    known = [moment for moment in moments if moment is not None and not is_unknown(moment)]
    return known == sorted(known, reverse=True)


@each_fault
def test_a_fault_answers_something_else_than_the_ideal(fault: Fault) -> None:
    wrong = fault.build(MODELS)
    if not newest_first(wrong.catalogue):
        return
    right = Behaviour(wrong.catalogue)
    if wrong.catalogue is not catalogue_of(MODELS):
        assert len(wrong.catalogue) <= 1100
    assert any(wrong.answer(request) != right.answer(request) for request in broad_requests(right))


@each_fault
def test_a_fault_answers_every_request(fault: Fault) -> None:
    wrong = fault.build(0)
    for request in broad_requests(wrong):
        assert 200 <= wrong.answer(request).status < 600


@each_fault
def test_a_fault_is_built_afresh_each_time(fault: Fault) -> None:
    one, two = fault.build(MODELS), fault.build(MODELS)
    for _ in range(3):
        one.answer(listing())
    assert two.requests == 0
    assert one.answer(listing()) is not None


@each_fault
def test_a_fault_names_requirements_of_the_register(fault: Fault) -> None:
    assert fault.trips
    assert fault.trips | fault.may_trip <= set(register())
    assert not fault.trips & fault.may_trip
    assert all(register()[name].level != "observe" for name in fault.trips)
    assert fault.about.endswith(".")


def test_every_judged_requirement_is_tripped_by_a_fault() -> None:
    judged = {name for name, entry in register().items() if entry.level != "observe" and "server" in entry.subjects}
    assert judged == {name for fault in faults().values() for name in fault.trips}


def test_there_are_enough_of_them_and_no_name_means_two_things() -> None:
    assert len(faults()) >= 75
    assert len(oddities()) >= 30
    assert not set(faults()) & set(oddities())
    assert "ideal" not in {*faults(), *oddities()}
