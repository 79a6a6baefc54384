"""Recorders redact and drop: what is not there proves nothing. And what they left in goes no further."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from models_conformance.evidence.exchange import API_KEY
from models_conformance.recordings.traces import Collector
from models_conformance.reports import as_json
from tests.judges.builders import Recorder, answer
from tests.recordings import writers
from tests.recordings.reading import read_recording
from tests.recordings.samples import CATALOGUE, failed, judged, recorded, recorded_wrongly, verdicts

SECRET = "sk-ant-a-real-key-0123456789"


def edited(tmp_path: Path, change: Any, trace: Any = None) -> Path:
    """A vcrpy cassette of the good trace, each interaction changed."""
    document: Any = yaml.safe_load(writers.vcrpy(trace or recorded().trace))
    for interaction in document["interactions"]:
        change(interaction["request"], interaction["response"])
    path = tmp_path / "x"
    path.write_text(writers.as_yaml(document))
    return path


def drop_request_headers(request: Any, _: Any) -> None:
    del request["headers"]


def redact_request_headers(request: Any, _: Any) -> None:
    request["headers"] = {name: ["REDACTED"] for name in request["headers"] if name != "anthropic-version"}


def drop_response_headers(_: Any, response: Any) -> None:
    del response["headers"]


def redact_response_headers(_: Any, response: Any) -> None:
    response["headers"] = {name: ["<REDACTED>"] for name in response["headers"]} | {"request-id": ["<REQUEST_ID>"]}


def empty_bodies(_: Any, response: Any) -> None:
    response["body"] = {"string": ""}


def no_bodies(_: Any, response: Any) -> None:
    del response["body"]


def pretty_bodies(_: Any, response: Any) -> None:
    response["body"]["string"] = json.dumps(json.loads(response["body"]["string"]), indent=2, sort_keys=True)


def body_elsewhere(_: Any, response: Any) -> None:
    response["body"] = {"string": "bodies/1.json", "file": True}


@pytest.mark.parametrize(
    "change",
    [
        drop_request_headers,
        redact_request_headers,
        drop_response_headers,
        redact_response_headers,
        empty_bodies,
        no_bodies,
        pretty_bodies,
        body_elsewhere,
    ],
)
def test_what_a_recorder_takes_away_is_never_a_finding(change: Any, tmp_path: Path) -> None:
    result = judged(edited(tmp_path, change))
    assert not failed(result)
    assert "error" not in verdicts(result).values()


def test_a_body_that_was_empty_by_its_length_is_one(tmp_path: Path) -> None:
    def emptied(_: Any, response: Any) -> None:
        response["body"] = {"string": ""}
        response["headers"]["content-length"] = ["0"]

    assert "body-is-one-json-value" in failed(judged(edited(tmp_path, emptied)))


def test_statuses_stay_evidence_without_a_body(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.retrieve(CATALOGUE[0].id, {}, 404)
    result = judged(edited(tmp_path, lambda *_: None, recorder.trace))
    assert "retrieve-listed-id-succeeds" in failed(result)
    document: Any = yaml.safe_load((tmp_path / "x").read_text())
    document["interactions"][1]["response"]["body"] = None
    (tmp_path / "x").write_text(writers.as_yaml(document))
    assert failed(judged(tmp_path / "x")) == {"retrieve-listed-id-succeeds"}


def test_unanswered_and_cached_requests_are_left_out(tmp_path: Path) -> None:
    document: Any = json.loads(writers.har(recorded().trace))
    entries = document["log"]["entries"]
    entries[0]["response"] = {"status": 0, "headers": [], "content": {}}
    entries[1]["response"]["status"] = 304
    del entries[2]["response"]["content"]["text"]
    path = tmp_path / "x"
    path.write_text(json.dumps(document))
    result = judged(path)
    assert not failed(result)
    assert {
        "1 exchange left out: without a recorded answer",
        "1 exchange left out: answered from the client's cache (304)",
        "1 exchange left out: without a recorded body that can be read",
    } <= set(result.notes)


def test_a_failure_that_was_repeated_with_success_is_excused(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.list({"type": "error", "error": {"type": "api_error", "message": "x"}}, status=500)
    recorder.list(answer(CATALOGUE, None, None, None))
    assert not failed(judged(edited(tmp_path, lambda *_: None, recorder.trace)))
    recorder.list({"type": "error", "error": {"type": "api_error", "message": "x"}}, 3, status=500)
    assert "no-input-is-answered-5xx" in failed(judged(edited(tmp_path, lambda *_: None, recorder.trace)))


def test_credentials_that_were_left_in_go_no_further(tmp_path: Path) -> None:
    def reveal(request: Any, response: Any) -> None:
        request["uri"] = request["uri"].replace("http://", f"http://me:{SECRET}@") + f"&api_key={SECRET}"
        request["headers"] |= {
            "x-api-key": [SECRET],
            "Authorization": [f"Bearer {SECRET}"],
            "Cookie": [f"session={SECRET}"],
            "x-goog-api-key": [SECRET],
        }
        response["headers"] |= {"set-cookie": [f"session={SECRET}"], "x-echo": [SECRET]}
        response["body"]["string"] = response["body"]["string"].replace("yesterday", SECRET)

    trace = recorded_wrongly().trace
    path = edited(tmp_path, reveal, trace)
    (traced,) = Collector().traces(read_recording(path))
    assert SECRET not in repr(list(traced.trace))
    headers = dict(traced.trace[1].request.headers)
    assert headers["x-api-key"] == API_KEY
    assert headers["Authorization"] == f"Bearer {API_KEY}"
    result = judged(path)
    assert failed(result)
    assert SECRET not in as_json.render(result)


def test_different_credentials_stay_different(tmp_path: Path) -> None:
    keys = iter(f"{SECRET}-{number % 2}" for number in range(100))

    def alternate(request: Any, _: Any) -> None:
        request["headers"]["x-api-key"] = [next(keys)]

    (traced,) = Collector().traces(read_recording(edited(tmp_path, alternate)))
    shown = [dict(exchange.request.headers)["x-api-key"] for exchange in traced.trace]
    assert shown[:4] == ["<api-key>", "<api-key-2>", "<api-key>", "<api-key-2>"]


# What the judges should leave open where the request is not known whole.
def _refused(status: int, kind: str) -> Recorder:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    error = {"type": "error", "error": {"type": kind, "message": "x"}}
    recorder.list(error, status=status)
    recorder.retrieve(CATALOGUE[0].id, error, status)
    return recorder


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "authentication_error"), (403, "permission_error"), (400, "invalid_request_error")],
)
def test_a_refusal_may_be_the_fault_of_a_header_that_was_not_kept(status: int, kind: str, tmp_path: Path) -> None:
    result = judged(edited(tmp_path, drop_request_headers, _refused(status, kind).trace))
    assert not failed(result)


def test_a_replaced_request_id_is_no_finding(tmp_path: Path) -> None:
    def replace_id(_: Any, response: Any) -> None:
        response["headers"]["request-id"] = ["req_0000"]

    recorder = Recorder()
    error = {"type": "error", "error": {"type": "not_found_error", "message": "x"}, "request_id": "req_1234"}
    recorder.retrieve("claude-gone", error, 404)
    assert not failed(judged(edited(tmp_path, replace_id, recorder.trace)))


def test_an_alias_of_a_model_on_a_page_that_was_not_recorded_is_no_finding(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, 1, None, None), 1)
    recorder.retrieve("claude-made-up-latest", CATALOGUE[3].document())
    assert not failed(judged(edited(tmp_path, drop_request_headers, recorder.trace)))


@pytest.mark.parametrize("url", ["-Kcassettes/v1/models", "file:///v1/models", "http:///v1/models", "//h/v1/models"])
def test_what_went_to_no_host_is_no_exchange_of_this_api(url: str, tmp_path: Path) -> None:
    def elsewhere(request: Any, _: Any) -> None:
        request["uri"] = url

    assert Collector().traces(read_recording(edited(tmp_path, elsewhere))) == []
