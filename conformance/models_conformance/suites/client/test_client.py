"""One test per requirement that applies to clients. The engine runs once, before the first of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models_conformance.requirements.register import Requirement
from models_conformance.suites.runtime import selected


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each requirement, in the register's order, which keeps areas together."""
    chosen = selected(metafunc.config, "client")
    metafunc.parametrize("requirement", chosen, ids=[f"{requirement.area}/{requirement.id}" for requirement in chosen])


def test_requirement(requirement: Requirement, models_conformance_settle: Callable[[Requirement], None]) -> None:
    """Passes, fails or is skipped as the run's result has it."""
    models_conformance_settle(requirement)
