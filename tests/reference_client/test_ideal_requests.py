"""What the ideal client sends."""

from __future__ import annotations

from typing import Any

import pytest

from models_conformance.reference.client.driver import driver_named
from models_conformance.reference.server.catalogue import catalogue_of, default_catalogue
from models_conformance.reference.server.messages import Request, Response
from models_conformance.reference.server.samples import escaped_ids
from models_conformance.reference.server.serving import running
from tests.reference_client.asking import EVERYTHING, JSON, Recording, connect, ids, paged, walked


def test_every_id_is_retrieved_and_goes_as_a_cursor() -> None:
    catalogue, driver = escaped_ids(), driver_named("ideal")
    with running(Recording(catalogue)) as server:
        for at, model in enumerate(catalogue.models):
            if model.id != "..":
                assert driver.retrieve(connect(server), {"model_id": model.id})["ok"]["model"]["id"] == model.id
            after = paged(driver, server, after_id=model.id, limit=1)
            assert ids(after["data"]) == [item.id for item in catalogue.models[at + 1 : at + 2]]


@pytest.mark.parametrize("model_id", ["", ".", "..", "\ud800"])
def test_ids_that_cannot_be_sent_are_refused_without_a_request(model_id: str) -> None:
    behaviour, driver = Recording(), driver_named("ideal")
    with running(behaviour) as server:
        assert driver.retrieve(connect(server), {"model_id": model_id})["raised"]["kind"] == "argument"
    assert behaviour.seen == []


def test_absent_arguments_are_not_sent() -> None:
    behaviour, driver = Recording(), driver_named("ideal")
    with running(behaviour) as server:
        paged(driver, server)
        driver.retrieve(connect(server), {"model_id": "claude-opus-5"})
    assert [(request.method, request.path, request.query) for request in behaviour.seen] == [
        ("GET", "/v1/models", ""),
        ("GET", "/v1/models/claude-opus-5", ""),
    ]
    assert all(request.line("anthropic-beta") is None for request in behaviour.seen)


def test_limit_and_betas_go_with_every_page() -> None:
    behaviour, driver = Recording(catalogue_of(7)), driver_named("ideal")
    with running(behaviour) as server:
        walked(driver, server, limit=3, betas=["one-2025-01-01", "two-2025-01-01"])
    assert len(behaviour.seen) == 3
    assert {request.line("anthropic-beta") for request in behaviour.seen} == {"one-2025-01-01,two-2025-01-01"}
    assert all(request.query.startswith("limit=3") for request in behaviour.seen)


def test_the_path_of_the_base_url_is_kept() -> None:
    class Mounted(Recording):
        base_path = "/gateway/v1"

    driver = driver_named("ideal")
    with running(Mounted(catalogue_of(5))) as server:
        assert len(walked(driver, server, limit=2)["ok"]["items"]) == 5
        slashed = connect(server, base_url=f"{server.url}/")
        assert "ok" in driver.retrieve(slashed, {"model_id": "claude-opus-5"})


def test_its_key_goes_along_on_its_host_and_to_no_other() -> None:
    def redirected(location: str) -> Any:
        def instead(number: int, request: Request) -> Response | None:
            return Response(307, (("location", location),), b"") if number == 1 else None

        return instead

    elsewhere = Recording()
    with running(elsewhere) as other:
        leaving = Recording(instead=redirected(f"{other.url}/v1/models"))
        with running(leaving) as server:
            raised = driver_named("ideal").list(connect(server), {}, False, EVERYTHING)["raised"]
    assert raised["status"] == 401
    assert elsewhere.seen[0].line("x-api-key") is None
    staying = Recording(instead=redirected("/v1/models?limit=1"))
    with running(staying) as server:
        assert len(paged(driver_named("ideal"), server)["data"]) == 1


@pytest.mark.parametrize("location", ["http://[", "http://127.0.0.1:99999/", "https://127.0.0.1/", "mailto:a@b"])
def test_a_location_that_leads_nowhere_is_an_error_with_its_status(location: str) -> None:
    behaviour = Recording(instead=lambda number, request: Response(302, (*JSON, ("location", location)), b"{}"))
    with running(behaviour) as server:
        raised = driver_named("ideal").list(connect(server), {}, False, EVERYTHING)["raised"]
    assert (raised["kind"], raised["status"]) == ("status", 302)


def test_redirects_come_to_an_end() -> None:
    behaviour = Recording(instead=lambda number, request: Response(307, (("location", "/v1/models"),), b""))
    with running(behaviour) as server:
        raised = driver_named("ideal").list(connect(server), {}, False, EVERYTHING)["raised"]
    assert (raised["status"], len(behaviour.seen)) == (307, 6)


def test_an_alias_answers_with_the_id_it_stands_for() -> None:
    driver = driver_named("ideal")
    with running(Recording()) as server:
        for alias, model_id in default_catalogue().aliases.items():
            assert driver.retrieve(connect(server), {"model_id": alias})["ok"]["model"]["id"] == model_id
