"""Evidence about a client: scenarios played one by one, whatever becomes of the driver, and a run made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

import pytest

from models_conformance.drivers.inprocess import ObjectDriver
from models_conformance.drivers.interface import Driver, NoDriver
from models_conformance.drivers.timeouts import Timeouts
from models_conformance.engine.client import judge_client
from models_conformance.engine.options import ClientOptions, RunOptions
from models_conformance.engine.scenario_runner import Played, ScenarioRunner, Turns, append, assemble
from models_conformance.evidence.driver_calls import CallSpec, DriverFailure, DriverFault, ModelRetrieved, PageSeen
from models_conformance.evidence.exchange import API_KEY
from models_conformance.reference.client.driver import driver_named
from models_conformance.result import Result
from models_conformance.scenarios.answers import broken
from models_conformance.scenarios.fixture.loopback import Loopback
from models_conformance.scenarios.models import ids_of, plain_models
from models_conformance.scenarios.scenario import Scenario, ServerScript
from tests.drivers.starting import QUICK, ends, misbehaving

PAGE = Scenario("a page", CallSpec("list", "models", {"limit": 2}, timeout_seconds=0.05), ServerScript(plain_models(3)))
MODEL = Scenario("a model", CallSpec("retrieve", "models", {"model_id": "claude-2"}), ServerScript(plain_models(3)))
WALK = Scenario("a walk", CallSpec("list", "models", {"limit": 2}, walk=True), ServerScript(plain_models(5)))
SILENT = replace(
    PAGE, name="silence", server=ServerScript(plain_models(3), interventions=(broken("stall-before"),)), slow=True
)
NONE_GENERATED = RunOptions(examples=0, max_requests=20_000)


def reference(name: str = "ideal", timeouts: Timeouts | None = None) -> ObjectDriver:
    return ObjectDriver(driver_named(name), timeouts)


@pytest.fixture
def fixture_server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


@pytest.fixture
def runner(fixture_server: Loopback) -> Iterator[ScenarioRunner]:
    driver = reference()
    yield ScenarioRunner(driver, fixture_server)
    driver.close()


def judged(driver: Callable[[], Driver], scenario: Scenario | None = None, **more: object) -> Result:
    options = ClientOptions(driver, Loopback, "-- the-driver", scenario=scenario, run=NONE_GENERATED)
    return judge_client(replace(options, **more))  # type: ignore[arg-type]


def failed(result: Result) -> set[str]:
    return {entry.requirement.id for entry in result.requirements if entry.verdict == "fail"}


def test_a_scenario_is_one_call_with_what_arrived_and_what_came_back(runner: ScenarioRunner) -> None:
    played = runner.play(PAGE)
    assert isinstance(played.answer, PageSeen)
    assert [model["id"] for model in played.answer.data] == ["claude-1", "claude-2"]
    assert [arrival.request.url for arrival in played.arrived] == [f"{played.connect.base_url}/v1/models?limit=2"]
    assert played.seconds > 0


def test_the_key_is_in_nothing_that_is_kept(runner: ScenarioRunner, fixture_server: Loopback) -> None:
    played = runner.play(MODEL)
    assert isinstance(played.answer, ModelRetrieved)
    assert ("x-api-key", API_KEY) in played.arrived[0].request.headers
    assert played.connect.api_key == API_KEY
    assert fixture_server.api_key not in repr(played)


def test_the_trace_numbers_the_exchanges_and_calls_of_all_scenarios(runner: ScenarioRunner) -> None:
    played = runner.play_all(Turns([PAGE, WALK, MODEL]))
    trace, calls = assemble("a client", played)
    assert (trace.origin.kind, trace.origin.name) == ("client", "a client")
    assert [call.number for call in calls] == [1, 2, 3]
    assert [call.exchanges for call in calls] == [(1,), (2, 3, 4), (5,)]
    assert [call.spec for call in calls] == [PAGE.call, WALK.call, MODEL.call]
    arrived = [exchange.at for exchange in trace]
    assert arrived == sorted(arrived)
    assert append(trace, played[1]) == (6, 7, 8)


def test_a_run_ends_when_its_caller_says_so(runner: ScenarioRunner) -> None:
    played: list[Played] = []

    def two(call: Played) -> bool:
        played.append(call)
        return len(played) < 2

    assert [call.scenario.name for call in runner.play_all(Turns([PAGE, WALK, MODEL]), two)] == ["a page", "a walk"]


def test_a_way_to_break_the_transport_is_not_shown_again_after_two_hangs(fixture_server: Loopback) -> None:
    driver = misbehaving("hang")
    scenarios = [replace(SILENT, name=f"silence {number}") for number in range(4)]
    shown = ScenarioRunner(driver, fixture_server).play_all(Turns([*scenarios, PAGE]))
    driver.close()
    assert [call.scenario.name for call in shown] == ["silence 0", "silence 1", "a page"]
    assert all(isinstance(call.answer, DriverFailure) and call.answer.kind == "hang" for call in shown)


def test_what_breaks_a_call_of_the_driver_ends_its_scenario(fixture_server: Loopback) -> None:
    runner = ScenarioRunner(reference(), fixture_server)
    # The protocol has no such argument, so the driver cannot even be asked.
    unaskable = replace(PAGE, call=CallSpec("list", "models", {"limit": object()}))
    with pytest.raises((TypeError, ValueError)):
        runner.play(unaskable)
    assert len(runner.play(PAGE).arrived) == 1


@pytest.mark.parametrize(
    ("habit", "note"),
    [
        ("hang", "No answer came to call 1 (a page): gave no answer within"),
        ("hang-halfway", "No answer came to call 1 (a page): gave no answer within"),
        ("exit-3", "The driver ended by itself in call 1 (a page): ended with status 3"),
        ("kill-itself", "The driver was killed in call 1 (a page): was killed by SIGKILL"),
        ("deep", "The driver broke the protocol in call 1 (a page): broke the protocol"),
        ("close-output", "The driver broke the protocol in call 1 (a page): closed its standard output"),
    ],
)
def test_each_way_to_lose_a_driver_has_its_own_note(habit: str, note: str) -> None:
    result = judged(lambda: misbehaving(habit), PAGE)
    assert (result.run.verdict, result.run.is_broken_off, result.exit_code) == ("incomplete", True, 3)
    assert result.notes[0].startswith(note)
    assert failed(result) == set()


def test_a_driver_that_fails_by_its_own_account_leaves_the_run_incomplete() -> None:
    result = judged(lambda: misbehaving("fault"), PAGE)
    assert result.run.verdict == "incomplete"
    assert result.notes == ("The driver failed by its own account in call 1 (a page): no idea",)


def test_a_client_that_hangs_where_an_answer_stalls_has_failed_and_is_not_taken_for_a_lost_driver() -> None:
    timeouts = replace(QUICK, hello=10.0)
    result = judged(lambda: reference("keeps-to-a-time-limit-of-its-own", timeouts), SILENT)
    assert failed(result) == {"client-timeout-ends-a-stalled-answer"}
    assert result.run.verdict == "passed"
    assert not result.run.is_broken_off
    assert result.notes[0].startswith("No answer came to call 1 (silence)")


def test_a_finding_is_made_small_and_kept() -> None:
    kept: dict[str, Scenario] = {}
    name = "client-page-holds-every-model"
    run = replace(NONE_GENERATED, only=(name,))
    wrong = partial(reference, "page-loses-its-last-model")
    result = judged(wrong, slow=False, run=run, keep_scenario=kept.__setitem__)
    assert kept.keys() == failed(result) == {name}
    assert len(ids_of(kept[name].server.models)) == 1
    assert judged(wrong, kept[name], run=run).requirements[0].findings[0].observed.startswith("the page holds 1 model")
    finding = result.requirements[0].findings[0]
    assert finding.observed.startswith("the page holds 1 model, the caller gets 0")
    assert result.exchanges is not None
    assert set(finding.exchanges) <= set(result.exchanges)


def test_a_scenario_that_is_played_alone_is_shown_as_it_is() -> None:
    large = replace(PAGE, call=CallSpec("list", "models", {"limit": 1000}), server=ServerScript(plain_models(200)))
    result = judged(lambda: reference("page-loses-its-last-model"), large)
    (finding,) = next(entry.findings for entry in result.requirements if entry.findings)
    assert finding.observed.startswith("the page holds 200 models, the caller gets 199")
    # No shell line that holds 200 models, but one that makes the whole run again.
    assert finding.reproduce.startswith("models-conformance client --only client-page-holds-every-model --seed 0")
    assert finding.reproduce.endswith("-- the-driver")
    assert result.run.requests == 1


@pytest.mark.parametrize(("both_hang", "rest"), [(False, ["silence 2", None]), (True, [None])])
def test_several_drivers_are_shown_what_one_alone_would_be(both_hang: bool, rest: list[str | None]) -> None:
    turns = Turns([*(replace(SILENT, name=f"silence {number}") for number in range(3)), PAGE])
    taken = [turns.take() for _ in range(3)]
    assert [turn and turn[1].name for turn in taken] == ["silence 0", "silence 1", "a page"], (
        "the third may be one more"
    )
    turns.over(1, hung=True)
    turns.over(0, hung=both_hang)
    assert [(turn := turns.take()) and turn[1].name for _ in rest] == rest


def test_a_run_that_reaches_its_limit_says_so() -> None:
    result = judged(reference, slow=False, run=replace(NONE_GENERATED, max_requests=5))
    assert result.run.requests == 5
    assert result.notes == (
        "The run stopped early: the limit of 5 requests was reached. What it did not reach could not be judged.",
    )


def test_a_run_whose_time_is_up_waits_for_no_driver_and_blames_none() -> None:
    patient = Timeouts(call=600.0, first_call=0.0)
    result = judged(lambda: misbehaving("hang", timeouts=patient), PAGE, run=replace(NONE_GENERATED, max_seconds=3.0))
    assert result.run.stopped == "the time limit of 3 s was reached"
    assert not result.run.is_broken_off
    assert [note for note in result.notes if "No answer" in note] == []


def test_a_second_driver_that_does_not_start_ends_the_run_with_its_reason() -> None:
    drivers: Iterator[Driver] = chain([misbehaving("fine")], iter(lambda: misbehaving("exit-at-start"), None))
    with pytest.raises(NoDriver, match="ended with status 7"):
        judged(lambda: next(drivers))


def test_nothing_that_a_driver_started_outlives_the_run(tmp_path: Path) -> None:
    child = tmp_path / "child"
    judged(lambda: misbehaving("leave-a-child", str(child)), PAGE)
    assert ends(int(child.read_text()))


def test_what_was_asked_of_a_lost_driver_is_no_evidence_against_the_client() -> None:
    result = judged(lambda: misbehaving("wrong-id"), WALK)
    assert failed(result) == set()
    assert {entry.verdict for entry in result.requirements} <= {"inconclusive", "not-applicable"}


def test_a_fault_of_the_driver_is_an_answer_of_its_own(fixture_server: Loopback) -> None:
    driver = misbehaving("fault")
    assert ScenarioRunner(driver, fixture_server).play(PAGE).answer == DriverFault("no idea")
    driver.close()


def test_what_the_answers_of_a_driver_come_to_is_bounded(
    runner: ScenarioRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    length = len(repr(runner.play(PAGE).answer))
    monkeypatch.setattr("models_conformance.engine.scenario_runner._MOST_KEPT_CHARACTERS", 5 * length)
    kinds = [type(runner.play(PAGE).answer) for _ in range(6)]
    assert kinds[:3] == [PageSeen] * 3
    assert kinds[-1] is DriverFailure
