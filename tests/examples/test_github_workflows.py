"""The GitHub workflows of the examples, run job by job against references and cassettes."""

from __future__ import annotations

import json
import shutil
import textwrap
from pathlib import Path

import pytest

from conformance.reference.serving import behaviour_named, running
from tests.examples.conftest import MakeGithub
from tests.examples.github import ACTION, Github, loaded
from tests.examples.shell import ROOT, holding

FOLDER = ROOT / "examples" / "github"
LIVE = "https://api.anthropic.com"
# Modules of the workspace in the place of releases from a registry.
RELEASES = {
    "anthropic@0.66.0": "releases:oldest",
    "anthropic@0.125.0": "releases:middle",
    "anthropic@installed": "releases:candidate",
    "anthropic": "releases:newest",
}
_GH = """\
    #!/bin/bash -e
    case "$1 $2" in
      "run list") cat "$HOME/last-run" 2>/dev/null || true ;;
      "run download") [ "$3 $4 $5 $6" = "$(cat "$HOME/last-run") --name nightly --dir" ]; cp -r "$HOME/last" "$7" ;;
    esac
"""


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
    steps = loaded(FOLDER / "nightly-live.yml")["jobs"]["live"]["steps"]
    gh = run.shell.temporary / "tools" / "gh"
    gh.parent.mkdir(exist_ok=True)
    gh.write_text(textwrap.dedent(_GH))
    gh.chmod(0o755)
    run.shell.path = (gh.parent, *run.shell.path)
    with running(behaviour_named(fault, 4)) as server:
        assert server.api_key
        run.instead = {LIVE: server.url}
        return run.job(steps, secrets={"ANTHROPIC_API_KEY": server.api_key}), server.api_key


@pytest.mark.parametrize(
    ("before", "now", "code", "said"),
    [
        (None, "ideal", 0, "There is no earlier night"),
        ("after-id-is-inclusive", "ideal", 0, "better  list-after-id-is-exclusive"),
        ("ideal", "after-id-is-inclusive", 1, "worse   list-after-id-is-exclusive"),
    ],
)
def test_night_is_compared_with_the_night_before(
    github: MakeGithub, before: str | None, now: str, code: int, said: str
) -> None:
    run = github()
    if before is not None:
        earlier = github()
        nightly(earlier, before)
        shutil.copytree(earlier.artifacts / "nightly", run.shell.temporary / "last")
        (run.shell.temporary / "last-run").write_text("4711\n")
    ended, key = nightly(run, now)
    assert ended == code
    assert said in run.output
    assert holding(key, run.shell.workspace, run.shell.temporary) == []
    assert key not in run.output


def test_night_without_its_secret_is_an_error_and_compares_nothing(github: MakeGithub) -> None:
    run = github(instead={LIVE: "http://127.0.0.1:1"})
    assert run.job(loaded(FOLDER / "nightly-live.yml")["jobs"]["live"]["steps"], secrets={}) == 2
    assert "earlier night" not in run.output


def release_gate(github: MakeGithub, candidate: str) -> tuple[dict[str, int], Github]:
    """The whole workflow with releases of which the oldest is wrong: the exit code of each job, and the last one."""
    jobs = loaded(FOLDER / "sdk-release-gate.yml")["jobs"]
    names = {"oldest": "escapes-model-id-twice", "middle": "ideal", "newest": "ideal", "candidate": candidate}
    codes, artifacts = {}, {}
    matrix = [
        (f"released {entry['name']}", "released", entry) for entry in jobs["released"]["strategy"]["matrix"]["include"]
    ]
    for title, name, entry in [*matrix, ("candidate", "candidate", {})]:
        run = github(instead=RELEASES)
        lines = ["from conformance.reference_client.registry import driver_named"]
        lines += [f"{release} = driver_named({fault!r})" for release, fault in names.items()]
        (run.shell.workspace / "releases.py").write_text("\n".join(lines))
        steps = jobs[name]["steps"]
        for step in steps:
            if step.get("uses", "").startswith(ACTION):
                step["with"]["arguments"] = "--examples=0\n--only=wire"
        codes[title] = run.job(steps, matrix=entry)
        artifacts |= {folder.name: folder for folder in run.artifacts.iterdir()}
    last = github()
    for kept, folder in artifacts.items():
        shutil.copytree(folder, last.artifacts / kept)
    codes["compare"] = last.job(jobs["compare"]["steps"])
    return codes, last


def test_release_gate_lets_a_candidate_through_that_is_no_worse(github: MakeGithub) -> None:
    codes, last = release_gate(github, "ideal")
    assert set(codes.values()) == {0}
    summary = last.summary.read_text()
    assert "client-escapes-model-id-once" in summary
    assert (last.artifacts / "matrix" / "matrix.html").read_text().startswith("<!DOCTYPE html>")
    assert json.loads(last.shell.pip_log.read_text())[0][:3] == [
        "install",
        "--quiet",
        "git+https://github.com/OWNER/models-conformance@v0.1.0",
    ]


def test_release_gate_stops_a_candidate_that_is_worse_than_the_newest_release(github: MakeGithub) -> None:
    codes, last = release_gate(github, "drops-the-prefix")
    assert codes == {
        "released oldest": 0,
        "released middle": 0,
        "released newest": 0,
        "candidate": 1,
        "compare": 1,
    }
    assert "worse   client-keeps-base-url-prefix" in last.output
