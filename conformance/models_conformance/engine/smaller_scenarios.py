"""Making the scenario behind a finding small: the least that still shows the same deviation."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

from models_conformance.engine.asking_again import shown_by
from models_conformance.engine.client_run import ClientRun
from models_conformance.engine.judging import Judged
from models_conformance.engine.options import DEFAULT_SCENARIOS
from models_conformance.engine.scenario_runner import Played, append
from models_conformance.evidence.driver_calls import DriverFailure
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


class SmallestScenarios:
    """The smallest scenario that still shows a requirement violated, for the first finding of each."""

    def __init__(self, run: ClientRun, trace: Trace, played: Sequence[Played]) -> None:
        self._run = run
        self._trace = trace
        self._played = played
        self._tries_left = run.options.tries
        self._small: dict[str, tuple[Violation, Scenario]] = {}

    def of(self, judged: Judged) -> Judged:
        """The same, its first violation replaced by one that a smaller scenario shows."""
        requirement, first = judged.requirement, judged.violations[0]
        before = self._played[first.call - 1]
        scenario = before.scenario
        self._small[requirement.id] = first, scenario
        # What waits would make the run wait again and again, and a driver that was lost takes a restart each time.
        if scenario.slow or isinstance(before.answer, DriverFailure):
            return judged
        found: dict[str, tuple[Played, Violation]] = {}

        def still_fails(candidate: Scenario) -> bool:
            if self._run.deadline.left_for_asking <= 0:
                return False
            self._tries_left -= 1
            played = self._run.ask(candidate)
            violation = shown_by(self._run, played, requirement, first)
            if violation is not None:
                found[scenario_text(candidate)] = played, violation
            return violation is not None

        budget = min(_TRIES_A_FINDING, self._tries_left) if self._run.deadline.left_for_asking > 0 else 0
        least = smallest(scenario, still_fails, budget) if budget > 0 else scenario
        if scenario_text(least) not in found:
            return judged
        played, violation = found[scenario_text(least)]
        least = replace(least, name=f"{scenario.name} (made smaller)")
        numbers = append(self._trace, played)
        here = replace(
            violation, exchanges=tuple(numbers[number - 1] for number in violation.exchanges), call=first.call
        )
        self._small[requirement.id] = here, least
        return replace(judged, violations=(here, *judged.violations[1:]))

    def line(self, requirement: Requirement, violation: Violation) -> str:
        """The shell line that plays the scenario of a violation again; where that is too long, the run that has it."""
        shown, scenario = self._small.get(requirement.id, (None, None))
        if scenario is None or shown != violation:
            scenario = self._played[violation.call - 1].scenario
        text, only = scenario_text(scenario), f"--only {requirement.id}"
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
        for name, (_, scenario) in self._small.items():
            if keep is not None:
                keep(name, scenario)
