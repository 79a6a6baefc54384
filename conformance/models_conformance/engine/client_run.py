"""Playing scenarios to one client: its driver before a fixture server, and further pairs for scenarios that wait."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

from models_conformance.contract.choosing import Shown
from models_conformance.contract.model import Contract
from models_conformance.drivers.interface import Driver
from models_conformance.engine.options import ClientOptions
from models_conformance.engine.scenario_runner import Played, ScenarioRunner, Turns, longest_first
from models_conformance.evidence.driver_calls import PARAMS, WALKS_ONLY, DriverFailure, Unsupported
from models_conformance.requirements.register import Requirement
from models_conformance.scenarios.kept import generated
from models_conformance.scenarios.narrowing import narrowed, trials
from models_conformance.scenarios.scenario import Scenario
from models_conformance.scenarios.systematic import scenarios as systematic
from models_conformance.support.deadline import Deadline

# What waits is played by so many further drivers at once: it takes time, and no processor. Half a minute of waits comes
# to an end with all else in a third of it; each further one costs a start and the memory of a library.
_LANES = 3
# Fewer than after which a driver is given up, and answers what it was not asked.
_MOST_LOST = 3
# Playing, judging, asking again, making findings small.
_STEPS = 4
# What scenarios that wait are about: where no such requirement is judged, nobody has to wait.
_AREAS_THAT_WAIT = frozenset({"paging", "retry"})


class ClientRun:
    """The driver and the fixture server of a run, further pairs for scenarios that wait, and what has been sent so far.

    A context manager: no driver outlives it.
    """

    def __init__(self, options: ClientOptions, requirements: Sequence[Requirement], deadline: Deadline) -> None:
        self.options = options
        self.deadline = deadline
        self._waits = any(requirement.area in _AREAS_THAT_WAIT for requirement in requirements)
        self._open = ExitStack()
        self._lock = threading.Lock()
        self._phase, self._step = "", 0
        # How many scenarios the phase has, where that is known, and how many of them are over.
        self._total = self._done = 0
        self.sent = 0
        self.stopped = ""
        """Why no further scenario is played."""

    def __enter__(self) -> ClientRun:
        with ExitStack() as failing:
            failing.callback(self._open.close)
            driver, self.main = self.another()
            self.hello = driver.hello()
            failing.pop_all()
        return self

    def __exit__(self, *failure: object) -> None:
        self._open.close()

    @property
    def contract(self) -> Contract:
        """The contract that the client is held to: by what its driver says that it offers."""
        contracts = self.options.run.contracts
        # What is offered by its name on the wire is told by no name: whether the library has it shows when it is asked.
        return contracts.contracts[-1] if PARAMS in self.hello.capabilities else contracts.shown_by(Shown())

    def announce(self, phase: str) -> None:
        """Report a new phase of the run."""
        self._step += 1
        self._phase, self._total, self._done = phase, 0, 0
        self._report()

    def _report(self) -> None:
        if self.options.run.progress is not None:
            so_far = f", {self._done} of {self._total}" if self._total else ""
            self.options.run.progress(f"{self._phase}{so_far}, step {self._step} of {_STEPS}", self.sent)

    def count(self, played: Played) -> bool:
        """Count what a scenario sent; whether more may be sent."""
        with self._lock:
            self.sent += len(played.arrived)
            self._done += 1
            most = self.options.run.max_requests
            if self.sent >= most:
                self.stopped = self.stopped or f"the limit of {most} requests was reached"
            elif self.deadline.left_for_asking <= 0:
                self.stopped = self.stopped or self.deadline.reason
            self._report()
            return not self.stopped

    def ask(self, scenario: Scenario) -> Played:
        """Play one scenario by itself, and count it."""
        played = self.main.play(scenario)
        self.count(played)
        return played

    def play(self) -> list[Played]:
        """Play every scenario; those that wait go to further drivers meanwhile, and come last in the result."""
        options = self.options
        if options.scenario is not None:
            return self.main.play_all(Turns([options.scenario]), self.count)
        waiting = Turns()
        has_lanes = options.has_parallel and options.slow and self._waits
        # They start while it is found out what there is to play.
        lanes = [_Lane(self, waiting) for _ in range(_LANES if has_lanes else 0)]
        try:
            quick, slow = self._scenarios()
            self._total, self._done = len(quick) + len(slow), 0
            if not lanes:
                return self.main.play_all(Turns([*quick, *slow]), self.count)
            waiting.add(longest_first(slow))
            played = self.main.play_all(Turns(quick), self.count)
            # One that was lost may be lost too often soon, and is needed afterwards.
            may_help = not self.stopped and not any(isinstance(call.answer, DriverFailure) for call in played)
            waited = self.main.play_all(waiting, self.count, most_lost=1) if may_help else []
            waited += [call for lane in lanes for call in lane.played()]
            if waiting.are_left:
                waited += self.another()[1].play_all(waiting, self.count)
        finally:
            waiting.end()
        # In the order of the scenarios, whichever lane played them.
        places = {id(scenario): place for place, scenario in enumerate(slow)}
        return [*played, *sorted(waited, key=lambda call: places[id(call.scenario)])]

    def _scenarios(self) -> tuple[list[Scenario], list[Scenario]]:
        """Those that do not wait and those that do."""
        options = self.options
        self._learn_what_is_offered()
        chosen = narrowed(systematic(self.hello, self.contract, options.run.seed), self.hello)
        quick = [scenario for scenario in chosen if not scenario.slow]
        quick += generated(self.hello, self.contract, options.run.seed, options.run.examples, self.deadline)
        return quick, [scenario for scenario in chosen if scenario.slow and options.slow and self._waits]

    def _learn_what_is_offered(self) -> None:
        """Ask one call of each kind, so that a driver that names no lack is not asked for it a thousand times."""
        for capability, trial in trials(self.hello):
            walks = trial.call.operation == "list" and WALKS_ONLY in self.hello.capabilities
            played = self.ask(replace(trial, call=replace(trial.call, walk=walks)))
            if isinstance(played.answer, Unsupported):
                self.hello = replace(self.hello, capabilities=self.hello.capabilities | {capability})

    def another(self) -> tuple[Driver, ScenarioRunner]:
        """A driver before a fixture server of its own, which are closed with the run."""
        driver = self.options.driver()
        self._open.callback(driver.close)
        driver.until(self.deadline)
        return driver, ScenarioRunner(driver, self._open.enter_context(self.options.fixture_server()), self.deadline)


class _Lane:
    """A further driver, which plays what waits while the first plays the rest."""

    def __init__(self, run: ClientRun, waiting: Turns) -> None:
        self._run = run
        self._waiting = waiting
        self._driver, self._runner = run.another()
        self._played: list[Played] = []
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._thread.start()

    def played(self) -> list[Played]:
        """What was played, once all of it was. Raises what went wrong: NoDriver where this driver did not start."""
        self._thread.join()
        # A driver that was not waited for any longer need not have failed.
        if self._failure is not None and self._run.deadline.left_for_asking > 0:
            raise self._failure
        return self._played

    def _play(self) -> None:
        try:
            self._driver.hello()
            self._played += self._runner.play_all(self._waiting, self._run.count, most_lost=_MOST_LOST)
        except Exception as failure:  # noqa: BLE001 - handed to the thread that waits for this one
            self._failure = failure
