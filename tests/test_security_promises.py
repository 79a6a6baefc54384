"""Each promise of SECURITY.md names tests that exist, and workflows name what they use by commit."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLES = sorted((ROOT / "examples" / "github").glob("*.yml"))
# Commits as public workflows show them; no other is known to be one of the project that it names.
COMMITS = {
    "actions/deploy-pages": ("d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e", "v4.0.5"),
    "actions/upload-pages-artifact": ("56afc609e74202658d3ffba0e8f6dda462b719fa", "v3.0.1"),
    "actions/attest-build-provenance": ("e8998f949152b193b063cb0ec769d69d929409be", "v2.4.0"),
    "actions/cache": ("5a3ec84eff668545956fd18022155c47e93e2684", "v4.2.3"),
    "actions/checkout": ("11bd71901bbe5b1630ceea73d27597364c9af683", "v4.2.2"),
    "actions/download-artifact": ("d3f86a106a0bac45b974a628896c90dbdf5c8093", "v4.3.0"),
    "actions/setup-python": ("a26af69be951a213d495a4c3e4e4022e16d87065", "v5.6.0"),
    "actions/upload-artifact": ("ea165f8d65b6e75b540449e92b4886f43607fa02", "v4.6.2"),
    "github/codeql-action/analyze": ("db488ddef3bf6cb639b32c2e9a7c0a7ea8271d28", "v4.37.8"),
    "github/codeql-action/init": ("db488ddef3bf6cb639b32c2e9a7c0a7ea8271d28", "v4.37.8"),
    "pypa/gh-action-pypi-publish": ("76f52bc884231f62b9a034ebfe128415bbaabdfc", "v1.12.4"),
}


def promises() -> list[tuple[str, list[str]]]:
    """The promises of SECURITY.md, each with the tests that it names."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    kept = text.partition("## What is promised")[2].partition("What is not promised")[0]
    points = re.findall(r"^- (.*?)(?=\n- |\n\n)", kept, re.MULTILINE | re.DOTALL)
    return [(point, re.findall(r"`(tests/[^`]+)`", point)) for point in points]


@pytest.mark.parametrize(("promise", "tests"), promises(), ids=lambda value: str(value)[:50])
def test_each_promise_names_tests_that_exist(promise: str, tests: list[str]) -> None:
    assert tests, promise
    for test in tests:
        path, _, name = test.partition("::")
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name in functions if name else any(function.startswith("test_") for function in functions), test


def test_there_are_promises() -> None:
    assert len(promises()) >= 10


@pytest.mark.parametrize("path", [*WORKFLOWS, *EXAMPLES, ROOT / "docs" / "gates.md"], ids=lambda path: path.name)
def test_actions_are_named_by_commit(path: Path) -> None:
    for line in re.findall(r"^ *(?:- )?uses: (.*)$", path.read_text("utf-8"), re.MULTILINE):
        name, _, rest = line.partition("@")
        # A project cannot know the commit of its own next release.
        if name != "OWNER/models-conformance":
            commit, version = COMMITS[name]
            assert rest == f"{commit} # {version}"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_ends_in_time_keeps_downloads_and_leaves_nothing_to_be_guessed(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ("OWNER/" in text) is ("# OWNER stands for" in text)
    jobs = yaml.safe_load(text)["jobs"].values()
    assert all(job["timeout-minutes"] <= 60 for job in jobs)
    assert "actions/cache@" in text


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_no_more_rights_than_its_jobs_name(path: Path) -> None:
    workflow: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert job["timeout-minutes"] <= 90
        for step in job["steps"]:
            # What an event says is not part of a script.
            assert "${{" not in step.get("run", "")


def test_a_release_is_published_without_a_password_and_attested() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))
    assert "secrets." not in (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    assert workflow["jobs"]["publish"]["permissions"] == {"id-token": "write"}
    assert workflow["jobs"]["provenance"]["permissions"]["attestations"] == "write"


def test_dependabot_knows_actions_and_packages() -> None:
    document = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text("utf-8"))
    assert {entry["package-ecosystem"] for entry in document["updates"]} == {"github-actions", "pip"}


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not installed")
def test_actionlint_finds_nothing() -> None:
    files = [str(path) for path in (*WORKFLOWS, *EXAMPLES)]
    done = subprocess.run(["actionlint", "-shellcheck=", *files], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout + done.stderr == ""
