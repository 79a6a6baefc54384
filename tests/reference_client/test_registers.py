"""The registers of faults and oddities, and what holds for each of their clients."""

from __future__ import annotations

from typing import Any

import pytest

from models_conformance.drivers.inprocess import ObjectDriver
from models_conformance.errors import UsageError
from models_conformance.evidence.driver_calls import CallSpec, Connect, DriverFailure, DriverFault
from models_conformance.reference.client import ClientFault, ClientOddity, client_faults, client_oddities, driver_named
from models_conformance.reference.server.catalogue import catalogue_of
from models_conformance.reference.server.ideal import REFERENCE_KEY
from models_conformance.reference.server.serving import running
from models_conformance.requirements.register import register
from tests.reference_client.asking import EVERYTHING, Recording, connect, ids, paged

each_fault = pytest.mark.parametrize("fault", client_faults().values(), ids=lambda fault: fault.name)
each_oddity = pytest.mark.parametrize("oddity", client_oddities().values(), ids=lambda oddity: oddity.name)
CATALOGUE = catalogue_of(7)
IDS = [model.id for model in CATALOGUE.models]


def test_there_are_enough_of_them_and_no_name_means_two_things() -> None:
    assert len(client_faults()) >= 80
    assert len(client_oddities()) >= 25
    assert not set(client_faults()) & set(client_oddities())
    assert "ideal" not in {*client_faults(), *client_oddities()}


@each_fault
def test_a_fault_names_requirements_of_the_register(fault: ClientFault) -> None:
    assert fault.trips | fault.may_trip <= set(register())
    assert not fault.trips & fault.may_trip
    assert all(register()[name].level != "observe" for name in fault.trips)
    assert fault.about.endswith(".")


def test_every_judged_requirement_of_clients_is_tripped_by_a_fault() -> None:
    judged = {name for name, entry in register().items() if name.startswith("client-") and entry.level != "observe"}
    assert judged == {name for fault in client_faults().values() for name in fault.trips}


def test_the_faults_lie_in_every_area() -> None:
    assert {fault.area for fault in client_faults().values()} == {"wire", "paging", "value", "failure", "retry"}


@pytest.mark.parametrize("name", [*client_faults(), *client_oddities()])
def test_a_client_keeps_the_driver_protocol(name: str) -> None:
    driver = ObjectDriver(driver_named(name))
    hello = driver.hello()
    with running(Recording(CATALOGUE)) as server:
        where = Connect(server.url, REFERENCE_KEY, 5.0, 0)
        for spec in (
            CallSpec("list", hello.surfaces[0], {"limit": 2, "after_id": IDS[1]}),
            CallSpec("list", hello.surfaces[-1], {"limit": 3, "betas": ["one-2025-01-01"]}, True, 20),
            CallSpec("retrieve", hello.surfaces[0], {"model_id": IDS[0]}),
            CallSpec("retrieve", hello.surfaces[0], {"model_id": "a/b"}),
        ):
            assert not isinstance(driver.call(spec, where), DriverFailure | DriverFault)
    driver.close()


@each_oddity
def test_an_oddity_gets_its_models(oddity: ClientOddity) -> None:
    driver = oddity.driver()
    with running(Recording(CATALOGUE)) as server:
        assert ids(paged(driver, server, limit=3, after_id=IDS[1])["data"]) == IDS[2:5]
        answer: dict[str, Any] = driver.list(connect(server), {"limit": 2}, True, EVERYTHING)
        assert "unsupported" in answer or ids(answer["ok"]["items"]) == IDS
        assert driver.retrieve(connect(server), {"model_id": IDS[3]})["ok"]["model"]["id"] == IDS[3]
        assert driver.retrieve(connect(server), {"model_id": "claude-none"})["raised"]["status"] == 404
        assert oddity.about.endswith(".")


def test_clients_are_built_afresh() -> None:
    kept = client_faults()["keeps-models-by-their-id"]
    behaviour = Recording(CATALOGUE)
    with running(behaviour) as server:
        one = kept.driver()
        for driver in (one, one, kept.driver()):
            assert "ok" in driver.retrieve(connect(server), {"model_id": IDS[0]})
    assert len(behaviour.seen) == 2


def test_an_unknown_name_is_answered_with_those_that_are_close() -> None:
    with pytest.raises(UsageError, match="ignores-has-more") as caught:
        driver_named("ignore-has-more")
    assert "\n" not in str(caught.value)
