"""One test per requirement that applies to clients. The engine runs once, before the first of them."""

from __future__ import annotations

from collections.abc import Callable

from models_conformance.requirements.register import Requirement

SUBJECT = "client"


def test_requirement(requirement: Requirement, models_conformance_settle: Callable[[Requirement], None]) -> None:
    """Passes, fails or is skipped as the run's result has it."""
    models_conformance_settle(requirement)
