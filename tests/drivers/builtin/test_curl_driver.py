"""The curl driver: the least of clients, and a correct one."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from models_conformance.drivers.builtin.catalogue import prepare
from models_conformance.drivers.builtin.curl import FETCHER
from models_conformance.drivers.builtin.fetcher import CannotFetch
from models_conformance.evidence.driver_calls import CallSpec, ModelRetrieved, PageSeen, Raised, Unsupported
from models_conformance.scenarios.answers import OPENAI_MODEL
from models_conformance.scenarios.fixture.fixture_server import FIXTURE_KEY
from models_conformance.scenarios.models import model, models_with_ids, plain_models
from models_conformance.scenarios.scenario import Intervention, ServerScript
from models_conformance.support.cache import CACHE_VARIABLE
from tests.drivers.builtin.playing import Played, headers, targets

PAGE = '{"data": %s, "first_id": null, "has_more": false, "last_id": null}'
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        running = Played(prepare("curl", None, lambda _: None))
        yield running
        running.close()


def test_without_curl_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotFetch, match="install"):
        FETCHER.newest()


@needs_curl
def test_a_page_is_told_as_it_came(played: Played) -> None:
    sent = model("claude-é", "2026-01-02T03:04:05.678901+02:00", "Claude ☃", zork=[1])
    answer, _ = played.call(CallSpec("list", "models", {"limit": 1}), ServerScript(models=(sent,)))
    assert isinstance(answer, PageSeen)
    assert answer.data == (
        {
            "id": "claude-é",
            "created_at": "2026-01-02T03:04:05.678901+02:00",
            "display_name": "Claude ☃",
            "type": "model",
            "extra": {"zork": [1]},
        },
    )
    assert answer.members == {"first_id": "claude-é", "has_more": False, "last_id": "claude-é"}


@needs_curl
@pytest.mark.parametrize(
    "awkward", ["a/b", "a?b", "a#b", "50%", "%2F", "a b", "a+b", "a;b", "é{1,2}[3]", '"\\', "a&b=c"]
)
def test_every_character_arrives_in_ids_and_cursors(played: Played, awkward: str) -> None:
    script = ServerScript(models=models_with_ids([awkward, "after"]))
    retrieved, _ = played.call(CallSpec("retrieve", "models", {"model_id": awkward}), script)
    page, _ = played.call(CallSpec("list", "models", {"after_id": awkward}), script)
    assert isinstance(retrieved, ModelRetrieved)
    assert isinstance(page, PageSeen)
    assert retrieved.model["id"] == awkward
    assert [item["id"] for item in page.data] == ["after"]


@needs_curl
@pytest.mark.parametrize("elsewhere", ["", ".", ".."])
def test_an_id_that_would_ask_for_something_else_is_refused(played: Played, elsewhere: str) -> None:
    answer, arrived = played.call(CallSpec("retrieve", "models", {"model_id": elsewhere}))
    assert isinstance(answer, Raised)
    assert (answer.kind, arrived) == ("argument", [])


@needs_curl
@pytest.mark.parametrize(
    ("dots", "path"), [("a/../b", "a%2F..%2Fb"), ("../..", "..%2F.."), ("...", "..."), ("%2E%2E", "%252E%252E")]
)
def test_dots_within_an_id_climb_nowhere(played: Played, dots: str, path: str) -> None:
    _, arrived = played.call(CallSpec("retrieve", "models", {"model_id": dots}))
    assert targets(arrived) == [f"/v1/models/{path}"]


@needs_curl
def test_each_beta_is_a_header_line(played: Played) -> None:
    _, (arrived,) = played.call(CallSpec("list", "models", {"betas": ["a-1", 'b"2']}))
    assert [value for name, value in arrived.request.headers if name == "anthropic-beta"] == ["a-1", 'b"2']
    assert headers(arrived)["x-api-key"] == "<api-key>"


@needs_curl
@pytest.mark.parametrize(
    ("intervention", "kind"),
    [
        (Intervention(framing="stall-before"), "timeout"),
        (Intervention(framing="no-answer"), "connection"),
        (Intervention(framing="cut-body"), "connection"),
        (Intervention(body="<html>"), "decode"),
        (Intervention(body="{}"), "decode"),
        (Intervention(body='{"data": []}'), "decode"),
        (Intervention(body=PAGE % "null"), "decode"),
        (Intervention(body=PAGE % '["text"]'), "decode"),
        (Intervention(body=PAGE % '[{"id": "m-1", "object": "model"}]'), "decode"),
        (Intervention(status=502, body="<html>"), "status"),
    ],
)
def test_each_failure_of_a_page_has_its_kind(played: Played, intervention: Intervention, kind: str) -> None:
    assert played.raises(CallSpec("list", "models", timeout_seconds=0.5), intervention).kind == kind


@needs_curl
@pytest.mark.parametrize("body", ["[]", "null", '"text"', "5", "{}", OPENAI_MODEL])
def test_an_answer_that_is_no_model_is_an_error(played: Played, body: str) -> None:
    spec = CallSpec("retrieve", "models", {"model_id": "claude-1"})
    assert played.raises(spec, Intervention(body=body)).kind == "decode"


@needs_curl
def test_an_error_arrives_with_status_type_and_request_id(played: Played) -> None:
    raised = played.raises(CallSpec("retrieve", "models", {"model_id": "nobody"}))
    assert (raised.kind, raised.status, raised.error_type) == ("status", 404, "not_found_error")
    assert (raised.request_id or "").startswith("req_")


@needs_curl
def test_it_does_not_page_by_itself(played: Played) -> None:
    answer, _ = played.call(CallSpec("list", "models", walk=True))
    assert isinstance(answer, Unsupported)


@needs_curl
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are not listed in /proc")
def test_the_key_is_in_no_process_list(played: Played) -> None:
    stalled = ServerScript(models=plain_models(1), interventions=(Intervention(framing="stall-before"),))
    call = threading.Thread(target=played.call, args=(CallSpec("list", "models", timeout_seconds=1.0), stalled))
    call.start()
    seen: list[bytes] = []
    while call.is_alive():
        seen += [line for line in command_lines() if line.startswith(b"curl\0")]
    call.join()
    assert seen
    assert not any(FIXTURE_KEY.encode() in line for line in seen)


def command_lines() -> Iterator[bytes]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes()
        except OSError:
            continue
