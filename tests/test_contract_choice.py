"""Which contract a subject is held to: the one that is chosen, or the newest that it shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models_conformance import UsageError, judge_recording, judge_server
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.serving import running
from models_conformance.reports.as_json import to_document
from models_conformance.result import Result
from tests.contract.synthetic_made import Made
from tests.contract.synthetic_pages import http_markdown, write
from tests.test_api_versions import RIGHT, recording

CAPABILITIES = {
    **{name: {"supported": True} for name in ("batch", "citations", "code_execution", "image_input", "pdf_input")},
    "structured_outputs": {"supported": False},
    "context_management": {
        **dict.fromkeys(("clear_thinking_20251015", "clear_tool_uses_20250919", "compact_20260112")),
        "supported": True,
    },
    "effort": {**{name: {"supported": True} for name in ("low", "medium", "high", "max")}, "supported": True},
    "thinking": {"supported": True, "types": {"adaptive": {"supported": True}, "enabled": {"supported": True}}},
}
OF_MARCH: dict[str, Any] = {"max_input_tokens": 200000, "max_tokens": 64000, "capabilities": CAPABILITIES}


def recorded(folder: Path, **more: Any) -> Path:
    model = {**RIGHT["data"][0], **more}  # type: ignore[index]
    return recording(folder, "2023-06-01", {**RIGHT, "data": [model]})


def failed(result: Result) -> set[str]:
    return {entry.requirement.id for entry in result.requirements if entry.verdict == "fail"}


@pytest.mark.parametrize(
    ("more", "name"),
    [({}, "first"), ({"owner": "x"}, "first"), (OF_MARCH, "2026-03"), ({**OF_MARCH, "capabilities": None}, "2026-03")],
)
def test_a_recording_is_held_to_the_newest_contract_that_it_shows(tmp_path: Path, more: Any, name: str) -> None:
    result = judge_recording(recorded(tmp_path, **more))
    assert (result.contract.name, failed(result)) == (name, set())
    assert to_document(result)["contract"]["name"] == name


def test_what_shows_a_contract_is_held_to_it(tmp_path: Path) -> None:
    result = judge_recording(recorded(tmp_path, **{**OF_MARCH, "max_tokens": "many"}))
    assert failed(result) == {"model-max-tokens-is-as-documented"}
    assert failed(judge_recording(recorded(tmp_path, max_tokens="many"), contract="first")) == set()


def test_a_new_version_alone_demands_no_new_member(tmp_path: Path) -> None:
    result = judge_recording(recording(tmp_path, "2026-10-21", RIGHT))
    assert (result.contract.name, result.contract.api_version) == ("2026-10", "2026-10-21")
    assert (result.run.verdict, failed(result)) == ("passed", set())


def test_a_chosen_contract_demands_all_that_it_says(tmp_path: Path) -> None:
    result = judge_recording(recorded(tmp_path), contract="2026-03")
    assert failed(result) == {
        f"model-{member}-is-as-documented" for member in ("capabilities", "max-input-tokens", "max-tokens")
    }
    assert result.contract.name == "2026-03"


def test_a_contract_may_be_pages_or_what_was_derived_from_them(tmp_path: Path) -> None:
    page = write(tmp_path, "page.md", http_markdown(Made(extra=(("colour", "string"),))))
    (tmp_path / "recordings").mkdir()
    result = judge_recording(recorded(tmp_path / "recordings"), contract=page)
    assert failed(result) == {"model-colour-is-as-documented"}
    assert result.contract.name == "page.md"
    right = judge_recording(recorded(tmp_path / "recordings", colour="red"), contract=[str(page)])
    assert failed(right) == set()


def test_no_fact_no_requirement(tmp_path: Path) -> None:
    text = http_markdown(Made()).replace("Newer models come first in the answer.", "The models.")
    page = write(tmp_path, "page.md", text)
    (tmp_path / "recordings").mkdir()
    result = judge_recording(recorded(tmp_path / "recordings"), contract=page)
    (order,) = [entry for entry in result.requirements if entry.requirement.id == "list-is-newest-first"]
    assert order.verdict == "not-applicable"
    assert "list.order" in order.reason


@pytest.mark.parametrize("words", ["2026-11", "nothing.json"])
def test_what_is_no_contract_is_refused(tmp_path: Path, words: str) -> None:
    with pytest.raises(UsageError, match="expected auto, first, 2026-03"):
        judge_recording(tmp_path, contract=words)


def test_a_contract_without_bounds_and_betas_is_no_crash(tmp_path: Path) -> None:
    document = json.loads((Path(__file__).parents[1] / "schemas" / "contract.json").read_text(encoding="utf-8"))
    parameters = document["operations"]["list"]["parameters"]
    del parameters["anthropic-beta"]
    for name in ("minimum", "maximum", "default"):
        del parameters["limit"][name]
    for about in ("list.order", "version.anthropic-version"):
        del document["facts"][about]
    (tmp_path / "contract.json").write_text(json.dumps(document), encoding="utf-8")
    models = [Model(f"claude-{at}", f"2026-01-{28 - at:02}T00:00:00Z", f"Claude {at}") for at in range(25)]
    with running(Behaviour(Catalogue(models))) as server:
        result = judge_server(server.url, api_key=server.api_key, contract=tmp_path / "contract.json", examples=3)
    assert (result.run.verdict, failed(result)) == ("passed", set())
