"""Each subject of the fleet, judged apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models_conformance.frontend.fleet.judging import judge
from models_conformance.frontend.fleet.pytest_run import fleet_of
from models_conformance.frontend.fleet.subjects import Subject


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each subject."""
    if "subject" in metafunc.fixturenames:
        subjects = fleet_of(metafunc.config).subjects
        metafunc.parametrize("subject", [pytest.param(subject, id=subject.slug) for subject in subjects])


@pytest.fixture
def models_fleet(request: pytest.FixtureRequest) -> Callable[[Subject], None]:
    """Judges a subject and passes or fails as its run does."""

    def settle(subject: Subject) -> None:
        outcome = judge(subject, fleet_of(request.config).folder)
        request.node.user_properties.append(("models_conformance_says", outcome.says))
        if outcome.code != 0:
            pytest.fail(outcome.says, pytrace=False)

    return settle


def test_subject(subject: Subject, models_fleet: Callable[[Subject], None]) -> None:
    """The subject conforms."""
    models_fleet(subject)
