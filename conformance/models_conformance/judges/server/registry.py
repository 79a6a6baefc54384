"""The judges of servers and recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from models_conformance.evidence.targets import CURSORS
from models_conformance.judges.judgement import Judgement, Judges
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.register import Requirement
from models_conformance.requirements.templates import About

SERVER_JUDGES: Judges[Callable[[Evidence], Iterator[Judgement]]] = Judges()

SERVER_TEMPLATES: Judges[Callable[[Evidence, About], Iterator[Judgement]]] = Judges()
"""The judges of templates, by the id of the template. Each is told what the template was filled with."""


def server_judgements(evidence: Evidence, requirement: Requirement) -> Iterator[Judgement]:
    """What the judge of a requirement, or that of its template, says."""
    if requirement.template:
        return SERVER_TEMPLATES.by_requirement[requirement.template](evidence, requirement.about)
    return SERVER_JUDGES.by_requirement[requirement.id](evidence)


def leads_back(about: About) -> bool:
    """Whether the cursor that a template was filled with leads towards newer models."""
    return about["parameter"] == CURSORS[1]
