"""The GitHub workflows of the examples, run job by job against references and cassettes."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from pathlib import Path
from typing import Any

from models_conformance.reference.server.serving import behaviour_named, running
from tests.contract.synthetic_made import Made
from tests.contract.synthetic_pages import http_markdown, write
from tests.examples.conftest import MakeGithub
from tests.examples.github import ACTION, Github, loaded
from tests.examples.shell import ROOT, holding

FOLDER = ROOT / "examples" / "github"
LIVE = "https://api.anthropic.com"
# Modules of the workspace in the place of releases from a registry.
RELEASES = {
    "anthropic@0.66.0": "releases:oldest",
    "anthropic@0.125.0": "releases:middle",
    "python": "releases:candidate",
    "anthropic": "releases:newest",
}
_GH = """\
    #!/bin/bash -e
    case "$1 $2" in
      "run list") cat "$HOME/last-run" 2>/dev/null || true ;;
      "run download") [ "$3 $4 $5 $6" = "$(cat "$HOME/last-run") --name nightly --dir" ]; cp -r "$HOME/last" "$7" ;;
    esac
"""

_RELEASE = """\
    from types import SimpleNamespace
    from models_conformance.reference.client.driver import driver_named

    driver = driver_named("{2}")
    me = driver.hello()["ok"]
    {0} = SimpleNamespace(hello=lambda: {{**me, "version": "{1}"}}, list=driver.list, retrieve=driver.retrieve)
"""


def with_arguments(steps: list[dict[str, Any]], arguments: str) -> list[dict[str, Any]]:
    """Steps that judge less than they would: the workflow is what is tested, and not the subject."""
    for step in steps:
        if step.get("uses", "").startswith(ACTION):
            step["with"]["arguments"] = f"--examples=0\n{arguments}"
    return steps


def judged(path: Path) -> str:
    """The verdict of a kept result."""
    return str(json.loads(path.read_text())["run"]["verdict"])


def test_pull_request_replays_the_recordings_of_the_repository_without_a_key(github: MakeGithub) -> None:
    workflow = loaded(FOLDER / "offline-replay.yml")
    assert workflow["on"] == "pull_request"
    assert "secrets" not in (FOLDER / "offline-replay.yml").read_text()
    for recording, code, verdict in (("ideal", 0, "passed"), ("after-id-is-inclusive", 1, "failed")):
        run = github()
        shutil.copytree(ROOT / "cassettes" / recording, run.shell.workspace / "cassettes")
        assert run.job(workflow["jobs"]["replay"]["steps"]) == code
        assert judged(run.artifacts / "models-conformance" / "result.json") == verdict


def nightly(run: Github, fault: str) -> tuple[int, str]:
    """A night with a server that has a fault: the exit code of the job, and the server's key."""
    steps = with_arguments(loaded(FOLDER / "nightly-live.yml")["jobs"]["live"]["steps"], "--max-requests=80")
    gh = run.shell.temporary / "tools" / "gh"
    gh.parent.mkdir(exist_ok=True)
    gh.write_text(textwrap.dedent(_GH))
    gh.chmod(0o755)
    run.shell.path = (gh.parent, *run.shell.path)
    with running(behaviour_named(fault, 4)) as server:
        assert server.api_key
        run.instead = {LIVE: server.url}
        return run.job(steps, secrets={"ANTHROPIC_API_KEY": server.api_key}), server.api_key


def test_each_night_is_compared_with_the_night_before(github: MakeGithub) -> None:
    nights = [
        ("ideal", 0, "There is no earlier night"),
        ("after-id-is-inclusive", 1, "worse   list-after-id-is-exclusive"),
        ("ideal", 0, "better  list-after-id-is-exclusive"),
    ]
    before: Github | None = None
    for fault, code, expected in nights:
        run = github()
        if before is not None:
            shutil.copytree(before.artifacts / "nightly", run.shell.temporary / "last")
            (run.shell.temporary / "last-run").write_text("4711\n")
        ended, key = nightly(run, fault)
        assert ended == code
        assert expected in run.output
        assert holding(key, run.shell.workspace, run.shell.temporary) == []
        assert key not in run.output
        before = run


def test_night_without_its_secret_is_an_error_and_compares_nothing(github: MakeGithub) -> None:
    run = github(instead={LIVE: "http://127.0.0.1:1"})
    assert run.job(loaded(FOLDER / "nightly-live.yml")["jobs"]["live"]["steps"], secrets={}) == 2
    assert "earlier night" not in run.output


def test_each_night_the_documentation_is_compared_with_the_page_that_is_kept(github: MakeGithub) -> None:
    step = loaded(FOLDER / "nightly-live.yml")["jobs"]["live"]["steps"][-1]
    command = shutil.which("models-conformance", path=str(Path(sys.executable).parent))
    judge = {"id": "judge", "run": f'echo "command={command}" >> "$GITHUB_OUTPUT"'}
    for today, code, expected in (
        (None, 0, "There is no page"),
        (Made(), 0, "no changes"),
        (Made(maximum=2000), 0, "the largest of list.limit changed from 1000 to 2000"),
        (Made(maximum=500), 1, "the largest of list.limit changed from 1000 to 500"),
    ):
        run = github()
        tools = run.shell.temporary / "tools"
        tools.mkdir(exist_ok=True)
        (tools / "curl").write_text('#!/bin/bash -e\n[ "${@: -1}" = "$PAGE" ]; cp "$HOME/today.md" today/models.md\n')
        (tools / "curl").chmod(0o755)
        run.shell.path = (tools, *run.shell.path)
        if today is not None:
            (run.shell.workspace / "documentation").mkdir()
            write(run.shell.workspace / "documentation", "models.md", http_markdown(Made()))
            write(run.shell.temporary, "today.md", http_markdown(today))
        assert run.job([judge, step]) == code
        assert expected in run.output
        summary = run.summary.read_text() if run.summary.exists() else ""
        assert ("list.limit" in summary) == ("list.limit" in expected)


def judged_release(github: MakeGithub, job: str, entry: dict[str, str], version: str, fault: str) -> Github:
    """A job of the release gate that judges a client with a fault; `entry` is its part of the matrix."""
    run = github(instead=RELEASES)
    named = entry.get("name", job)
    (run.shell.workspace / "releases.py").write_text(textwrap.dedent(_RELEASE).format(named, version, fault))
    steps = with_arguments(
        loaded(FOLDER / "sdk-release-gate.yml")["jobs"][job]["steps"], "--only=wire\n--max-requests=900"
    )
    expected = int(job == "candidate" and fault != "ideal")
    assert run.job(steps, matrix=entry) == expected
    (artifact,) = run.artifacts.iterdir()
    assert judged(artifact / "result.json") == ("passed" if fault == "ideal" else "failed")
    return run


def test_release_gate_stops_a_candidate_that_is_worse_than_the_newest_release(github: MakeGithub) -> None:
    jobs = loaded(FOLDER / "sdk-release-gate.yml")["jobs"]
    faults = {"oldest": "escapes-model-id-twice", "newest": "ideal"}
    released = [
        judged_release(github, "released", entry, f"1.{number}", faults[entry["name"]])
        for number, entry in enumerate(jobs["released"]["strategy"]["matrix"]["include"])
        if entry["name"] in faults
    ]
    assert len(released) == len(faults)
    for candidate, code in (("ideal", 0), ("drops-the-prefix", 1)):
        compared = github()
        for run in [*released, judged_release(github, "candidate", {}, "2.0", candidate)]:
            shutil.copytree(run.artifacts, compared.artifacts, dirs_exist_ok=True)
        assert compared.job(jobs["compare"]["steps"]) == code
        assert ("worse   client-keeps-base-url-prefix" in compared.output) is (code == 1)
        assert "client-escapes-model-id-once" in compared.summary.read_text()
        assert (compared.artifacts / "matrix" / "matrix.html").stat().st_size > 10_000
        assert "git+https://github.com/OWNER/models-conformance@v0.1.0" in compared.shell.pip_log.read_text()
    # What is published waits for both.
    assert set(jobs["publish"]["needs"]) == {"candidate", "compare"}
