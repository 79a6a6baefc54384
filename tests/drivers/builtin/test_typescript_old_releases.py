"""The TypeScript driver finds out by itself what an old release can do, and tells what it does wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models_conformance.drivers.builtin.fetcher import CannotFetch
from models_conformance.drivers.builtin.typescript import FETCHER
from models_conformance.evidence.driver_calls import CallSpec, ModelRetrieved, PageSeen, Unsupported
from models_conformance.scenarios.answers import error, html_success
from models_conformance.scenarios.models import plain_models
from models_conformance.scenarios.scenario import ServerScript
from tests.drivers.builtin.playing import Played, targets
from tests.drivers.builtin.releases import released


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    running = Played(released(FETCHER, tmp_path_factory, "0.36.3"))
    yield running
    running.close()


def test_a_release_without_the_models_api_is_not_kept(played: Played, tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match=r"0\.32\.1 has no Models API; 0\.33\.0 is the first"):
        FETCHER.install("0.32.1", tmp_path, lambda _: None)


def test_a_release_that_takes_no_betas_says_so(played: Played) -> None:
    assert "betas" not in played.driver.hello().capabilities
    answer, arrived = played.call(CallSpec("list", "beta.models", {"betas": ["a-1"]}))
    assert isinstance(answer, Unsupported)
    assert arrived == []


def test_the_error_type_of_a_release_without_an_attribute_for_it_is_that_of_the_body(played: Played) -> None:
    raised = played.raises(CallSpec("retrieve", "models", {"model_id": "claude-1"}), error(429, "rate_limit_error"))
    assert raised.error_type == "rate_limit_error"
    assert (raised.request_id or "").startswith("req_")


def test_an_id_that_the_release_does_not_escape_is_not_escaped_for_it(played: Played) -> None:
    _, arrived = played.call(CallSpec("retrieve", "models", {"model_id": "vendor/a"}))
    assert targets(arrived) == ["/v1/models/vendor/a"]


def test_paging_beyond_the_last_page_is_the_releases_own(played: Played) -> None:
    _, arrived = played.call(CallSpec("list", "models", {"limit": 3}, walk=True))
    assert targets(arrived)[-1] == "/v1/models?limit=3&after_id=claude-5"


def test_a_web_page_is_told_as_the_caller_gets_it(played: Played) -> None:
    script = ServerScript(models=plain_models(1), interventions=(html_success(),))
    page, _ = played.call(CallSpec("list", "models"), script)
    assert page == PageSeen((), {"first_id": None, "has_more": False, "last_id": None})
    model, _ = played.call(CallSpec("retrieve", "models", {"model_id": "claude-1"}), script)
    assert model == ModelRetrieved({"extra": {}})
