"""Running the suite against a client: play every scenario, judge what came of it, make findings small."""

from __future__ import annotations

import shlex
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from models_conformance.drivers.interface import Driver
from models_conformance.engine.findings import entry
from models_conformance.engine.judging import Judged, judge_client_evidence
from models_conformance.engine.options import DEFAULT_SCENARIOS, ClientOptions
from models_conformance.engine.scenario_runner import Played, ScenarioRunner, append, assemble
from models_conformance.evidence.driver_calls import DriverCall, DriverFailure, DriverFault, Hello, Unsupported
from models_conformance.evidence.exchange import Trace
from models_conformance.judges.client.client_evidence import ClientEvidence
from models_conformance.judges.judgement import Violation
from models_conformance.requirements.register import Requirement, select
from models_conformance.result import Observation, RequirementResult, Result, Run, RunVerdict, Subject, run_verdict
from models_conformance.scenarios.files import scenario_text
from models_conformance.scenarios.scenario import Scenario
from models_conformance.scenarios.smaller import smallest
from models_conformance.scenarios.strategies import generated
from models_conformance.scenarios.systematic import scenarios as systematic
from models_conformance.support.text import printable

# How many plays the smallest scenario of one finding may cost.
_TRIES_A_FINDING = 60
# A command line longer than this is no longer one that anybody copies: the run itself shows the finding again.
_LONGEST_SCENARIO = 1500
_LOSSES_SHOWN = 5
# What waits is played by so many further drivers at once: it takes time, and no processor.
_LANES = 2
# What scenarios that wait are about: where no such requirement is judged, nobody has to wait.
_AREAS_THAT_WAIT = frozenset({"paging", "retry"})


def judge_client(options: ClientOptions) -> Result:
    """Judge a client.

    Raises NoDriver where its driver does not start, and UsageError (UnknownRequirement) where the options make
    no sense.
    """
    requirements = select("client", options.run.only)
    started, began = datetime.now(UTC), time.monotonic()
    with _ClientRun(options, requirements) as show:
        hello = show.hello
        name = f"{hello.client} {hello.version}"
        show.announce("playing scenarios")
        played = show.play()
        trace, calls = assemble(name, played)
        show.announce("judging")
        judged = judge_client_evidence(ClientEvidence(hello, calls, trace), requirements)
        trace.explored = len(trace)
        show.announce("making findings small")
        small = _Smallest(show, trace, calls, [one.scenario for one in played])
        if options.scenario is None:
            judged = [
                small.of(judged_requirement) if judged_requirement.violations else judged_requirement
                for judged_requirement in judged
            ]
    if options.scenario is not None:
        # One scenario exercises little, and what it does not says nothing about the client.
        judged = [judged_requirement for judged_requirement in judged if judged_requirement.exercised] or judged
    entries = tuple(
        entry(judged_requirement, partial(small.line, judged_requirement.requirement)) for judged_requirement in judged
    )
    small.keep()
    lost = [call for call in calls if isinstance(call.answer, DriverFailure | DriverFault)]
    explained = {violation.call for judged_requirement in judged for violation in judged_requirement.violations}
    unexplained = [call for call in lost if call.number not in explained]
    denied = _denied(hello, calls)
    shown = {number for each in entries for finding in each.findings for number in finding.exchanges}
    return Result(
        Subject("client", hello.client, hello.version),
        Run(
            started_at=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=round(time.monotonic() - began, 3),
            requests=show.sent,
            seed=options.run.seed,
            verdict=_verdict(entries, options, bool(unexplained or denied)),
            fail_on=options.run.fail_on,
            strict=options.run.strict,
            stopped=bool(unexplained or denied),
        ),
        entries,
        tuple(_observations(judged, calls)),
        {number: trace[number] for number in sorted(shown)},
        (*_notes(show, lost, played), *denied),
    )


class _ClientRun:
    """The driver and stage of a run, a second pair for scenarios that wait, and what has been sent so far."""

    def __init__(self, options: ClientOptions, requirements: Sequence[Requirement]) -> None:
        self.options = options
        self._waits = any(requirement.area in _AREAS_THAT_WAIT for requirement in requirements)
        self._open = ExitStack()
        self._lock = threading.Lock()
        self._phase = ""
        self.sent = 0
        self.cut = False

    def __enter__(self) -> _ClientRun:
        with ExitStack() as opening:
            self.main, self.hello = self._runner(opening)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *failure: object) -> None:
        self._open.close()

    def _runner(self, opening: ExitStack) -> tuple[ScenarioRunner, Hello]:
        driver = self.options.driver()
        opening.callback(driver.close)
        hello = driver.hello()
        return ScenarioRunner(driver, opening.enter_context(self.options.fixture_server())), hello

    def announce(self, phase: str) -> None:
        self._phase = phase
        self._tell()

    def _tell(self) -> None:
        if self.options.run.progress is not None:
            self.options.run.progress(self._phase, self.sent)

    def reproduce(self, requirement: Requirement, scenario: Scenario) -> str:
        """The shell line that plays one scenario again, or where that is too long the run that has it."""
        text, only = scenario_text(scenario), f"--only {requirement.id}"
        if requirement.level == "should":
            only += " --fail-on should"
        if len(text) > _LONGEST_SCENARIO:
            run = self.options.run
            told = f"--seed {run.seed}" + (f" --examples {run.examples}" if run.examples != DEFAULT_SCENARIOS else "")
            return f"models-conformance client {only} {told} {self.options.command}"
        return f"printf %s {shlex.quote(text)} | models-conformance client {only} --scenario - {self.options.command}"

    def count(self, played: Played) -> bool:
        """Count what a scenario sent; whether more may be sent."""
        with self._lock:
            self.sent += len(played.arrived)
            self.cut = self.cut or self.sent >= self.options.run.max_requests
            self._tell()
            return not self.cut

    def play(self) -> list[Played]:
        """Play every scenario; those that wait go to a second driver meanwhile, and come last in the result."""
        options = self.options
        if options.scenario is not None:
            return self.main.play_all([options.scenario], self.count)
        hello = replace(self.hello, surfaces=options.surfaces or self.hello.surfaces)
        chosen = systematic(hello, options.areas)
        slow = [one for one in chosen if one.slow and options.slow and self._waits]
        quick = [one for one in chosen if not one.slow] + generated(hello, options.run.seed, options.run.examples)
        if not options.beside or not slow:
            return self.main.play_all([*quick, *slow], self.count)
        lanes = [_Lane(self, slow[start::_LANES]) for start in range(min(_LANES, len(slow)))]
        played = self.main.play_all(quick, self.count)
        waited = [one for lane in lanes for one in lane.played()]
        # In the order of the scenarios, whichever lane played them.
        places = {id(scenario): place for place, scenario in enumerate(slow)}
        return [*played, *sorted(waited, key=lambda one: places[id(one.scenario)])]

    def another(self) -> tuple[Driver, ScenarioRunner]:
        """A further driver before a stage of its own. It is closed with the first: no driver outlives the run."""
        driver = self.options.driver()
        self._open.callback(driver.close)
        return driver, ScenarioRunner(driver, self._open.enter_context(self.options.fixture_server()))


class _Lane:
    """A second driver, which plays what waits while the first plays the rest."""

    def __init__(self, show: _ClientRun, scenarios: Sequence[Scenario]) -> None:
        self._show = show
        self._scenarios = scenarios
        self._driver, self._runner = show.another()
        self._played: list[Played] = []
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._thread.start()

    def played(self) -> list[Played]:
        """What was played, once all of it was. Raises what went wrong: NoDriver where this driver did not start."""
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        return self._played

    def _play(self) -> None:
        try:
            self._driver.hello()
            self._played += self._runner.play_all(self._scenarios, self._show.count)
        except Exception as failure:  # noqa: BLE001 - handed to the thread that waits for this one
            self._failure = failure


@dataclass(frozen=True, slots=True)
class _Small:
    violation: Violation
    scenario: Scenario


class _Smallest:
    """The smallest scenario that still shows a requirement violated, for the first finding of each."""

    def __init__(
        self, show: _ClientRun, trace: Trace, calls: Sequence[DriverCall], scenarios: Sequence[Scenario]
    ) -> None:
        self._show = show
        self._trace = trace
        self._calls = {call.number: call for call in calls}
        self._scenarios = dict(enumerate(scenarios, 1))
        self._tries_left = show.options.tries
        self._small: dict[str, _Small] = {}

    def of(self, judged: Judged) -> Judged:
        """The same, its first violation replaced by one that a smaller scenario shows."""
        requirement, first = judged.requirement, judged.violations[0]
        scenario = self._scenarios[first.call]
        # What waits would make the run wait again and again, and a driver that was lost takes a restart each time.
        if scenario.slow or isinstance(self._calls[first.call].answer, DriverFailure):
            return judged
        found: dict[str, tuple[Played, Violation]] = {}

        def still_fails(candidate: Scenario) -> bool:
            self._tries_left -= 1
            played = self._show.main.play(candidate)
            self._show.count(played)
            violation = self._violation(played, requirement)
            if violation is not None:
                found[scenario_text(candidate)] = played, violation
            return violation is not None

        budget = min(_TRIES_A_FINDING, self._tries_left)
        least = smallest(scenario, still_fails, budget) if budget > 0 else scenario
        if scenario_text(least) not in found:
            self._small[requirement.id] = _Small(first, scenario)
            return judged
        played, violation = found[scenario_text(least)]
        least = replace(least, name=f"{scenario.name} (made smaller)")
        numbers = append(self._trace, played)
        here = replace(
            violation, exchanges=tuple(numbers[number - 1] for number in violation.exchanges), call=first.call
        )
        self._small[requirement.id] = _Small(here, least)
        return replace(judged, violations=(here, *judged.violations[1:]))

    def _violation(self, played: Played, requirement: Requirement) -> Violation | None:
        trace, calls = assemble("", [played])
        judged = judge_client_evidence(ClientEvidence(self._show.hello, calls, trace), [requirement])[0]
        return judged.violations[0] if judged.violations else None

    def line(self, requirement: Requirement, violation: Violation) -> str:
        """The shell line that plays the scenario of a violation again."""
        small = self._small.get(requirement.id)
        mine = small.scenario if small is not None and small.violation == violation else self._scenarios[violation.call]
        return self._show.reproduce(requirement, mine)

    def keep(self) -> None:
        """Hand every smallest scenario over, where somebody wants them."""
        keep = self._show.options.keep_scenario
        for name, small in self._small.items():
            if keep is not None:
                keep(name, small.scenario)


def _verdict(entries: tuple[RequirementResult, ...], options: ClientOptions, lost: bool) -> RunVerdict:
    """The run's verdict. A client whose driver was lost has not passed: part of it was never seen."""
    verdict = run_verdict(entries, options.run.fail_on, options.run.strict)
    return "incomplete" if verdict == "passed" and lost else verdict


def _observations(judged: Sequence[Judged], calls: Sequence[DriverCall]) -> Iterator[Observation]:
    for note in dict.fromkeys(note for judged_requirement in judged for note in judged_requirement.notes):
        yield Observation(note.about, note.did)
    refused = Counter(
        (f"{call.spec.operation} on {call.spec.surface}", call.answer.reason)
        for call in calls
        if isinstance(call.answer, Unsupported)
    )
    for (about, reason), times in refused.items():
        yield Observation(about, f"unsupported in {times} calls: {printable(reason, 200)}")


def _notes(show: _ClientRun, lost: Sequence[DriverCall], played: Sequence[Played]) -> Iterator[str]:
    if show.cut:
        yield "The run stopped early: it reached --max-requests. What it did not reach could not be judged."
    for call in lost[:_LOSSES_SHOWN]:
        where = f"call {call.number} ({printable(played[call.number - 1].scenario.name, 80)})"
        match call.answer:
            case DriverFailure("hang", detail):
                yield f"No answer came to {where}: {printable(detail, 300)}"
            case DriverFailure("exit", detail):
                yield f"The driver ended by itself in {where}: {printable(detail, 300)}"
            case DriverFailure("signal", detail):
                yield f"The driver was killed in {where}: {printable(detail, 300)}"
            case DriverFailure("protocol", detail):
                yield f"The driver broke the protocol in {where}: {printable(detail, 300)}"
            case DriverFault(reason):
                yield f"The driver failed by its own account in {where}: {printable(reason, 300)}"
    if len(lost) > _LOSSES_SHOWN:
        yield f"{len(lost)} calls in all have no answer; after several in a row no further one was made."


def _denied(hello: Hello, calls: Sequence[DriverCall]) -> list[str]:
    """What the hello offers and no call of it was supported: that much of the client was never seen."""
    offered: dict[tuple[str, str], list[bool]] = {}
    for call in calls:
        if "betas" not in call.spec.args:
            what = "walk" if call.spec.walk else call.spec.operation
            offered.setdefault((what, call.spec.surface), []).append(isinstance(call.answer, Unsupported))
    return [
        f"The driver's hello offers {surface}, and every {what} there was answered 'unsupported': none was judged."
        for (what, surface), denied in offered.items()
        if all(denied)
    ]
