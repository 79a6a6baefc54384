"""Judging recordings: traces are judged one by one and put together requirement by requirement."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import Origin, Request, Response, Trace
from models_conformance.recordings.traces import Collector
from models_conformance.reports import as_json
from tests.judges.builders import HEADERS, Model, Recorder, answer
from tests.recordings import writers
from tests.recordings.reading import read_recording
from tests.recordings.samples import CATALOGUE, by_id, failed, judged, recorded, recorded_wrongly, verdicts
from tests.work import calls_made

# Reading one of a cassette takes about 800; twice that is another algorithm.
MOST_CALLS_AN_EXCHANGE = 1600
TRAFFIC = Path(__file__).parents[3] / "shared" / "traffic"


@pytest.mark.skipif(not TRAFFIC.is_dir(), reason=f"{TRAFFIC} is not there")
class TestRealTraffic:
    """Third-party recordings, which are not part of this repository. All of them conform."""

    def test_all_conform(self) -> None:
        result = judged(TRAFFIC)
        assert not failed(result)
        assert result.run.requests == 11
        exercised = {entry.requirement.id: entry.exercised for entry in result.requirements}
        assert exercised["list-envelope-is-complete"] == 8
        assert exercised["model-is-complete"] == 10
        assert exercised["error-envelope-is-complete"] == 1
        assert exercised["list-page-is-within-limit"] == 1

    def test_each_is_read_alone(self) -> None:
        for path in sorted(TRAFFIC.glob("*.y*ml")):
            result = judged(path)
            assert not failed(result)
            assert result.run.requests == 1
            assert result.exit_code == 0


def test_findings_name_the_file_and_the_place(tmp_path: Path) -> None:
    good = writers.save(recorded().trace, "vcrpy", tmp_path / "good.yaml")
    bad = writers.save(recorded_wrongly().trace, "har", tmp_path / "bad.har")
    result = judged(good, bad)
    assert {"list-after-id-is-exclusive", "model-created-at-is-rfc3339"} <= failed(result)
    (finding,) = by_id(result)["model-created-at-is-rfc3339"].findings
    assert finding.observed == 'created_at is "yesterday"'
    assert finding.place == f"{bad}, entry 3"
    assert finding.reproduce.startswith("curl ")
    assert finding.advice
    assert result.exit_code == 1
    assert result.subject.name == f"{good} and 1 more"


def test_exchanges_are_numbered_through_all_files(tmp_path: Path) -> None:
    paths = [writers.save(recorded_wrongly().trace, "ruby", tmp_path / name) for name in ("a", "b")]
    result = judged(*paths)
    findings = by_id(result)["list-after-id-is-exclusive"].findings
    assert [finding.exchanges[0] for finding in findings] == [2, 5]
    assert result.exchanges is not None
    pointed_at = {number for entry in result.requirements for finding in entry.findings for number in finding.exchanges}
    assert set(result.exchanges) == pointed_at
    assert all(number == exchange.number for number, exchange in result.exchanges.items())
    assert by_id(result)["list-envelope-is-complete"].exercised == 4


def test_texts_of_findings_speak_of_the_same_numbers(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.list(answer(CATALOGUE, 2, CATALOGUE[2].id, None), 2, after=CATALOGUE[1].id)
    trace = recorder.trace
    result = judged(*(writers.save(trace, "vcrpy", tmp_path / name) for name in "ab"))
    first, second = by_id(result)["list-after-id-is-immediate"].findings
    assert "as exchange 1 shows" in first.expected
    assert "as exchange 3 shows" in second.expected


def test_files_are_catalogues_of_their_own(tmp_path: Path) -> None:
    # Of one catalogue, these lists would contradict each other.
    paths = [
        writers.save(recorded(models).trace, "go-v2", tmp_path / str(index))
        for index, models in enumerate(
            (CATALOGUE, (CATALOGUE[0], *CATALOGUE[2:], Model("claude-old", "2024-01-01T00:00:00Z")))
        )
    ]
    assert not failed(judged(*paths))


def test_a_requirement_passes_where_any_trace_tested_it(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    alone = judged(writers.save(recorder.trace, "vcrpy", tmp_path / "one"))
    assert verdicts(alone)["list-after-id-is-exclusive"] == "inconclusive"
    assert by_id(alone)["list-after-id-is-exclusive"].reason
    both = judged(tmp_path / "one", writers.save(recorded().trace, "vcrpy", tmp_path / "two"))
    assert verdicts(both)["list-after-id-is-exclusive"] == "pass"
    assert by_id(both)["list-after-id-is-exclusive"].reason == ""


def test_further_findings_are_counted(tmp_path: Path) -> None:
    paths = [writers.save(recorded_wrongly().trace, "r", tmp_path / str(index)) for index in range(8)]
    entry = by_id(judged(*paths))["model-created-at-is-rfc3339"]
    assert len(entry.findings) == 5
    assert entry.reason.startswith("3 further findings")


def test_nothing_of_the_api_is_incomplete(tmp_path: Path) -> None:
    trace = Trace(Origin("server", "x"))
    trace.add(Request("POST", "https://a.example/v1/messages", ()), Response(200, (), b"{}"))
    for form in (*writers.FORMATS, "own"):
        result = judged(writers.save(trace, form, tmp_path / "x"))
        assert (result.run.verdict, result.exit_code) == ("incomplete", 3)
        assert "1 exchange left out: not calls of the Models API" in result.notes
        assert all(entry.exercised == 0 for entry in result.requirements)
    assert judged(tmp_path / "x", strict=True).exit_code == 3
    (tmp_path / "empty").mkdir()
    assert judged(tmp_path / "empty").exit_code == 3


def test_options_are_honoured(tmp_path: Path) -> None:
    path = writers.save(recorded_wrongly().trace, "vcrpy", tmp_path / "x")
    assert set(verdicts(judged(path, only=("walk",)))) == {
        "walk-forward-yields-every-model-once",
        "walk-backward-yields-every-model-once",
        "walk-ends",
    }
    assert judged(path, only=("list-envelope-*",), strict=True).exit_code == 0
    with pytest.raises(UsageError, match="does not apply to recordings"):
        judged(path, only=("credentials-missing-is-401",))


def test_the_result_is_a_document(tmp_path: Path) -> None:
    result = judged(writers.save(recorded_wrongly().trace, "vcrpy", tmp_path / "x"))
    document = json.loads(as_json.render(result))
    assert document["subject"]["kind"] == "recording"
    assert document["exchanges"]


def other_api(bodies: dict[str, object], headers: tuple[tuple[str, str], ...] = ()) -> Trace:
    trace = Trace(Origin("server", "x"))
    for url, body in bodies.items():
        status = 404 if isinstance(body, dict) and "error" in body else 200
        trace.add(
            Request("GET", url, headers),
            Response(status, (("content-type", "application/json"),), json.dumps(body).encode()),
        )
    return trace


OPENAI_LIST = {"object": "list", "data": [{"id": "gpt", "object": "model", "created": 1, "owned_by": "somebody"}]}
OPENAI_ERROR = {"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": "x"}}


def test_another_api_of_the_same_path_is_left_out(tmp_path: Path) -> None:
    trace = other_api(
        {
            "https://one.example/v1/models": OPENAI_LIST,
            "https://one.example/v1/models/nobody": OPENAI_ERROR,
            "https://two.example/v1/models": {"models": [{"name": "models/x"}]},
            "https://three.example/v1/models": [{"id": "x"}],
        },
        (("authorization", "Bearer x"),),
    )
    result = judged(writers.save(trace, "ruby", tmp_path / "x"))
    assert not failed(result)
    assert result.exit_code == 3
    assert "4 exchanges left out: calls of another API that has the same path" in result.notes


def test_a_wrong_answer_to_a_call_of_this_api_is_not_left_out(tmp_path: Path) -> None:
    trace = other_api({"https://one.example/v1/models": OPENAI_LIST}, (("anthropic-version", "2023-06-01"),))
    assert "list-envelope-is-complete" in failed(judged(writers.save(trace, "ruby", tmp_path / "x")))
    trace = other_api({"https://api.anthropic.com/v1/models": {"models": []}})
    assert "list-envelope-is-complete" in failed(judged(writers.save(trace, "r", tmp_path / "x")))
    mixed: dict[str, object] = {"https://one.example/v1/models": {"data": []}, "https://one.example/v1/models/a": {}}
    trace = other_api(mixed, (("anthropic-version", "2023-06-01"),))
    assert judged(writers.save(trace, "ruby", tmp_path / "x")).run.requests == 2


def test_a_gateway_of_two_apis_is_judged_by_the_calls_of_ours(tmp_path: Path) -> None:
    trace = other_api({"http://test/v1/models": OPENAI_LIST}, (("authorization", "Bearer x"),))
    for exchange in recorded().trace:
        trace.add(exchange.request, exchange.response)
    result = judged(writers.save(trace, "har", tmp_path / "x"))
    assert not failed(result)
    assert "1 exchange left out: calls of another API that has the same path" in result.notes
    # Without request headers nobody can tell, and the URL is known to be ours.
    assert "list-envelope-is-complete" in failed(judged(writers.save(trace, "r", tmp_path / "y")))


@pytest.mark.parametrize("form", ["vcrpy", "vcrpy-json", "go-v2", "r", "har", "own"])
def test_ten_times_the_exchanges_are_ten_times_the_work(form: str, tmp_path: Path) -> None:
    catalogue = tuple(Model(f"claude-made-up-{number}") for number in range(20))

    def work(exchanges: int) -> int:
        recorder = Recorder()
        for number in range(exchanges):
            recorder.list(answer(catalogue, number % 20 + 1, None, None), number % 20 + 1)
        path = writers.save(recorder.trace, form, tmp_path / f"{exchanges}")
        return calls_made(lambda: Collector().traces(read_recording(path)))

    many = work(500)
    assert many < 11 * work(50)
    assert many < 500 * MOST_CALLS_AN_EXCHANGE


@pytest.mark.parametrize(("form", "found"), [("har", {"error-request-id-agrees-with-header"}), ("vcrpy", set())])
def test_request_ids_are_compared_where_the_writer_keeps_them(tmp_path: Path, form: str, found: set[str]) -> None:
    """An archive of a browser has them as they came; recorders for tests replace one of the two."""
    recorder = Recorder()
    model = CATALOGUE[0]
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.retrieve(model.id, model.document())
    error = {"type": "error", "error": {"type": "not_found_error", "message": "no"}, "request_id": "req_of_the_body"}
    headers = (("content-type", "application/json"), ("request-id", "req_of_the_header"))
    request = Request("GET", "http://test/v1/models/no-such-model", HEADERS)
    recorder.trace.add(request, Response(404, headers, json.dumps(error).encode()))
    assert failed(judged(writers.save(recorder.trace, form, tmp_path / "recording"))) == found
