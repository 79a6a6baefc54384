"""A contract whose pages have another default and another range: reference and judges follow it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models_conformance import Result, judge_app
from models_conformance.frontend.contracts import kept_by_reference
from models_conformance.reference.server.app import application
from models_conformance.reference.server.ideal import REFERENCE_KEY
from models_conformance.reference.server.serving import behaviour_named

SHIPPED = Path(__file__).parents[2] / "schemas" / "contract.json"


@pytest.fixture
def pages_of_25(tmp_path: Path) -> Path:
    """A contract of pages of 25 models unless asked, and of 100 at most."""
    contract = json.loads(SHIPPED.read_text())
    contract["operations"]["list"]["parameters"]["limit"].update(default=25, maximum=100)
    file = tmp_path / "contract.json"
    file.write_text(json.dumps(contract))
    return file


def judged(fault: str, contract: Path) -> Result:
    app = application(behaviour_named(fault, contract=kept_by_reference((str(contract),), "contract")))
    return judge_app(app, api_key=REFERENCE_KEY, contract=contract, only="limit", examples=0)


def test_the_reference_keeps_other_limits(pages_of_25: Path) -> None:
    judged("ideal", pages_of_25).assert_conforms()


def test_a_default_of_the_first_revision_breaks_them(pages_of_25: Path) -> None:
    (finding,) = judged("default-limit-is-ten", pages_of_25).violations
    assert finding.requirement.id == "list-default-page-is-20"
    assert "25 models" in finding.requirement.statement
