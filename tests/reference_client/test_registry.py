"""The registry of faults and oddities, and what holds for each of their clients."""

from __future__ import annotations

import pytest

from models_conformance.drivers.inprocess import ObjectDriver
from models_conformance.errors import UsageError
from models_conformance.evidence.driver_calls import CallSpec, Connect, DriverFailure, DriverFault
from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.driver import driver_named
from models_conformance.reference.server.catalogue import catalogue_of
from models_conformance.reference.server.ideal import REFERENCE_KEY
from models_conformance.reference.server.serving import running
from models_conformance.requirements.register import every_requirement
from tests.reference_client.asking import EVERYTHING, Recording, connect, ids

CATALOGUE = catalogue_of(7)
IDS = [model.id for model in CATALOGUE.models]


def test_there_are_enough_of_them() -> None:
    assert len(CLIENTS.faults()) >= 80
    assert len(CLIENTS.oddities()) >= 25


@pytest.mark.parametrize("name", CLIENTS.faults())
def test_a_fault_names_one_requirement_of_the_register(name: str) -> None:
    variant = CLIENTS.faults()[name]
    assert every_requirement()[str(variant.root)].level != "observe"
    assert variant.about.endswith(".")


def test_the_faults_lie_in_every_area() -> None:
    areas = {every_requirement()[str(fault.root)].area for fault in CLIENTS.faults().values()}
    assert areas == {"wire", "paging", "value", "failure", "retry"}


@pytest.mark.parametrize("name", CLIENTS.names())
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


@pytest.mark.parametrize("oddity", CLIENTS.oddities())
def test_an_oddity_gets_its_models(oddity: str) -> None:
    driver = driver_named(oddity)
    with running(Recording(CATALOGUE)) as server:
        page, walk, bare = (
            driver.list(connect(server), arguments, is_walk, EVERYTHING)
            for arguments, is_walk in (({"limit": 3, "after_id": IDS[1]}, False), ({"limit": 2}, True), ({}, True))
        )
        found, missing = (driver.retrieve(connect(server), {"model_id": name}) for name in (IDS[3], "claude-none"))
    # A client has no call at all for some of these, but not for all.
    assert "unsupported" in page or ids(page["ok"]["page"]["data"]) == IDS[2:5]
    assert "unsupported" in walk or ids(walk["ok"]["items"]) == IDS
    assert "unsupported" in bare or ids(bare["ok"]["items"]) == IDS
    assert "unsupported" in found or found["ok"]["model"]["id"] == IDS[3]
    assert "unsupported" in missing or missing["raised"]["status"] == 404
    assert not all("unsupported" in answer for answer in (page, bare))
    assert CLIENTS.oddities()[oddity].about.endswith(".")


def test_clients_are_built_afresh() -> None:
    behaviour = Recording(CATALOGUE)
    with running(behaviour) as server:
        first, second = (driver_named("keeps-models-by-their-id") for _ in range(2))
        for driver in (first, first, second):
            assert "ok" in driver.retrieve(connect(server), {"model_id": IDS[0]})
    assert len(behaviour.seen) == 2


def test_an_unknown_name_is_answered_with_those_that_are_close() -> None:
    with pytest.raises(UsageError, match="ignores-has-more") as caught:
        driver_named("ignore-has-more")
    assert "\n" not in str(caught.value)
