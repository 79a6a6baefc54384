"""The judges of servers and recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from models_conformance.evidence.targets import CURSORS
from models_conformance.judges.judgement import Judgement, Judges
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.register import Requirement

SERVER_JUDGES: Judges[Callable[[Evidence], Iterator[Judgement]]] = Judges()

SERVER_TEMPLATES: Judges[Callable[[Evidence, Mapping[str, str]], Iterator[Judgement]]] = Judges()
"""The judges of templates, by the id of the template. Each is told what the template was filled with."""


def server_judgements(evidence: Evidence, requirement: Requirement) -> Iterator[Judgement]:
    """What the judge of a requirement, or that of its template, says."""
    if requirement.template:
        return SERVER_TEMPLATES.by_requirement[requirement.template](evidence, requirement.about)
    return SERVER_JUDGES.by_requirement[requirement.id](evidence)


DirectedJudge = Callable[[Evidence, bool], Iterator[Judgement]]


def judges_both_ways(template: str) -> Callable[[DirectedJudge], DirectedJudge]:
    """Register a judge of a template over cursors, which gets the direction of paging as `backward`.

    Raises ValueError where the template has a judge already.
    """

    def add(judge: DirectedJudge) -> DirectedJudge:
        SERVER_TEMPLATES(template)(lambda evidence, about: judge(evidence, about["parameter"] == CURSORS[1]))
        return judge

    return add
