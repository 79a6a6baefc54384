"""Making the scenario behind a finding small: the least that still shows the same deviation."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models_conformance.engine.asking_again import shown_by
from models_conformance.engine.client_run import ClientRun
from models_conformance.engine.judging import Judged
from models_conformance.engine.options import DEFAULT_SCENARIOS
from models_conformance.engine.scenario_runner import Played, append
from models_conformance.evidence.driver_calls import DriverCall, DriverFailure
from models_conformance.evidence.exchange import Trace
from models_conformance.judges.judgement import Violation
from models_conformance.reports.shells import SHELLS
from models_conformance.requirements.register import Requirement
from models_conformance.scenarios.files import scenario_text
from models_conformance.scenarios.scenario import Scenario
from models_conformance.scenarios.smaller import smallest

# How many plays the smallest scenario of one finding may cost.
_TRIES_A_FINDING = 60
# A command line longer than this is no longer one that anybody copies: the run itself shows the finding again.
_LONGEST_SCENARIO = 1500


@dataclass(frozen=True, slots=True)
class _Small:
    violation: Violation
    scenario: Scenario


class SmallestScenarios:
    """The smallest scenario that still shows a requirement violated, for the first finding of each."""

    def __init__(
        self, run: ClientRun, trace: Trace, calls: Sequence[DriverCall], scenarios: Sequence[Scenario]
    ) -> None:
        self._run = run
        self._trace = trace
        self._calls = {call.number: call for call in calls}
        self._scenarios = dict(enumerate(scenarios, 1))
        self._tries_left = run.options.tries
        self._small: dict[str, _Small] = {}

    def of(self, judged: Judged) -> Judged:
        """The same, its first violation replaced by one that a smaller scenario shows."""
        requirement, first = judged.requirement, judged.violations[0]
        scenario = self._scenarios[first.call]
        # What waits would make the run wait again and again, and a driver that was lost takes a restart each time.
        if scenario.slow or isinstance(self._calls[first.call].answer, DriverFailure):
            self._small[requirement.id] = _Small(first, scenario)
            return judged
        found: dict[str, tuple[Played, Violation]] = {}

        def still_fails(candidate: Scenario) -> bool:
            if self._run.deadline.left_for_asking <= 0:
                return False
            self._tries_left -= 1
            played = self._run.main.play(candidate)
            self._run.count(played)
            violation = shown_by(self._run, played, requirement, first)
            if violation is not None:
                found[scenario_text(candidate)] = played, violation
            return violation is not None

        budget = min(_TRIES_A_FINDING, self._tries_left)
        if self._run.deadline.left_for_asking <= 0:
            budget = 0
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

    def line(self, requirement: Requirement, violation: Violation) -> str:
        """The shell line that plays the scenario of a violation again; where that is too long, the run that has it."""
        small = self._small.get(requirement.id)
        mine = small.scenario if small is not None and small.violation == violation else self._scenarios[violation.call]
        text, only = scenario_text(mine), f"--only {requirement.id}"
        run, shell = self._run.options.run, SHELLS[self._run.options.run.shell]
        command = " ".join(map(shell.quoted, shlex.split(self._run.options.command)))
        if requirement.level == "should":
            only += " --fail-on should"
        if len(text) > _LONGEST_SCENARIO:
            examples = f" --examples {run.examples}" if run.examples != DEFAULT_SCENARIOS else ""
            return f"models-conformance client {only} --seed {run.seed}{examples} {command}"
        return shell.piped(text, f"models-conformance client {only} --scenario - {command}")

    def keep(self) -> None:
        """Hand every smallest scenario over, where somebody wants them."""
        keep = self._run.options.keep_scenario
        for name, small in self._small.items():
            if keep is not None:
                keep(name, small.scenario)
