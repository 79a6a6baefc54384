"""What one fixture server keeps of a call, the other keeps as well."""

from __future__ import annotations

import httpx
import pytest

from models_conformance.scenarios.fixture.fixture_server import FixtureServer
from models_conformance.scenarios.fixture.loopback import Loopback
from models_conformance.scenarios.fixture.mocked import Mocked
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript, Spelling
from tests.scenarios.fixture_samples import CREDENTIALS, failures, models, scenario, targets, walked


@pytest.mark.parametrize(
    "spelling", [Spelling(), Spelling(gzip=True), Spelling(chunked=True, close=True), Spelling(indent=True)]
)
@pytest.mark.parametrize("last", [Intervention(first=6, status=503), Intervention(first=6, framing="cut-body")])
def test_both_stages_answer_and_keep_the_same(spelling: Spelling, last: Intervention) -> None:
    script = ServerScript(models(6), {"a": "m-1"}, (2,), {"x": 1}, "/p", spelling=spelling, interventions=(last,))
    with Mocked() as mocked:
        here = played(mocked, scenario(script))
    with Loopback() as loopback:
        there = played(loopback, scenario(script))
    assert here == there
    assert here[-1] == (503 if last.status else httpx.RemoteProtocolError)


def played(fixture_server: FixtureServer, arrival: Scenario) -> tuple[object, ...]:
    base_url = fixture_server.open(arrival)
    with httpx.Client(trust_env=False, headers=CREDENTIALS) as client:
        list(walked(client, base_url))
        client.get(f"{base_url}/v1/models/a")
        client.head(f"{base_url}/v1/models/none")
        try:
            outcome: object = client.get(f"{base_url}/v1/models").status_code
        except httpx.TransportError as problem:
            outcome = type(problem)
    arrived = fixture_server.close()
    return targets(arrived), failures(arrived), [arrival.response for arrival in arrived], outcome


def test_httpx_is_itself_again_after_the_stage_in_this_process() -> None:
    with Mocked():
        pass
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(418))) as client:
        assert client.get("http://suite.invalid").status_code == 418
