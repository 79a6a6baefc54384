"""No command of a build system gets from a subject into what is printed, at any width and on either stream."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from models_conformance.support.text import printable
from tests.commanded import commanded
from tests.probing.raw_server import http, raw_server

MARKERS = (
    "##vso[task.setvariable variable=PATH]x",
    "##teamcity[buildProblem description='x']",
    "##[error]x",
    "##[command]x ####vso[task.complete]",
    "::error title=x::y",
    "::stop-commands::word",
    "::set-output name=a::b",
    "section_start:1760000000:name[collapsed=true]",
    "section_end:1760000000:name",
    "travis_fold:start:name",
    "travis_time:start:0a1b",
    "--- a group",
    "+++ a group",
    "~~~ a group",
    "^^^ +++",
    "RUNDECK:DATA:key=value",
    "\x1b]1338;url=x\x07",
    "\x1b_bk;t=1\x07",
    "\x1b[31mred\x9b31m",
)
# As the systems look for them, which is not how they are broken up.
ANYWHERE = re.compile(
    r"##vso\[|##teamcity\[|##\[|section_(?:start|end):\d|travis_(?:fold|time):|RUNDECK:DATA:|[\x00-\x08\x0b-\x1f\x7f-\x9f]",
    re.IGNORECASE,
)
AT_THE_START = re.compile(r"\s*::[a-z-]+(?: .*)?::|(?:---|\+\+\+|~~~)\s|\^\^\^\s\+\+\+", re.IGNORECASE)
OURS = re.compile(r"::(?:error|warning) title=[^:]*::(.*)|::(?:stop-commands::)?[0-9a-f]{32}(?:::)?")


def obeyed(text: str) -> list[str]:
    """The lines of a text in which some build system would find a command that is none of this suite's."""
    found = []
    for line in text.splitlines():
        ours = OURS.fullmatch(line)
        words = (ours[1] or "").replace("%0A", "\n").splitlines() if ours else [line]
        found += [word for word in words if ANYWHERE.search(word) or AT_THE_START.match(word)]
    return found


def run(folder: Path, *words: str, width: int = 80, **environment: str) -> subprocess.CompletedProcess[str]:
    return commanded(*words, folder=folder, environment={"COLUMNS": str(width), **environment})


def models() -> list[dict[str, str]]:
    return [
        {"type": "model", "id": f"{marker}{at}", "display_name": marker, "created_at": marker}
        for at, marker in enumerate(MARKERS)
    ]


def served(request: bytes) -> bytes:
    """One page of models that are all markers; what is asked for by id is refused in such words too."""
    data = models()
    if b"/v1/models/" in request.split(b"\r\n")[0]:
        problem = {"type": MARKERS[0], "message": "\n".join(MARKERS)}
        return http(json.dumps({"type": "error", "error": problem}).encode(), status="400 Bad Request")
    page = {"data": data, "has_more": False, "first_id": data[-1]["id"], "last_id": MARKERS[4]}
    return http(json.dumps(page).encode(), "content-type: ##vso[x] --- ", "request-id: ::error::x")


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("before", ["", "x", "   "])
def test_what_is_printable_is_no_command_wherever_a_line_is_broken(marker: str, before: str) -> None:
    shown = printable(before + marker)
    for width in range(1, len(shown) + 1):
        assert obeyed("\n".join(shown[at:] for at in range(width))) == []


@pytest.mark.parametrize(
    "text",
    [
        "http://[::1]:8080/v1/models",
        "http://[::ffff:127.0.0.1]/",
        "#1 -- a::b",
        "a-b_c",
        "section_starts",
        "1 + 1 --flag",
    ],
)
def test_what_is_no_command_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(("width", "more"), [(80, ()), (30, ("-v",)), (200, ("-q",))])
def test_a_server_gives_no_commands(tmp_path: Path, width: int, more: tuple[str, ...]) -> None:
    with raw_server(lambda connection, request: connection.sendall(served(request))) as url:
        done = run(tmp_path, "server", url, "--api-key", "k" * 20, "--max-requests", "40", *more, width=width)
    assert done.returncode == 1, done.stderr
    assert "vso[" in done.stdout
    assert obeyed(done.stdout) == []
    assert obeyed(done.stderr) == []


def test_the_reports_annotations_and_what_is_made_of_results_give_none(tmp_path: Path) -> None:
    files = ("--json", "r.json", "--junit", "r.xml", "--markdown", "r.md", "--write-waivers", "w.toml")
    with raw_server(lambda connection, request: connection.sendall(served(request))) as url:
        words = ("server", url, "--api-key", "k" * 20, "--max-requests", "40", "--trace", "t.jsonl", *files)
        done = run(tmp_path, *words, GITHUB_ACTIONS="true")
    assert "::error title=" in done.stdout
    assert obeyed(done.stdout + done.stderr) == []
    assert "##" not in (tmp_path / "r.json").read_text("utf-8")
    for name in ("r.xml", "r.md"):
        assert obeyed((tmp_path / name).read_text("utf-8")) == [], name
    for command in ("replay t.jsonl", "matrix r.json", "matrix --since r.json r.json"):
        again = run(tmp_path, *command.split())
        assert "vso[" in again.stdout or "matrix" in command
        assert obeyed(again.stdout + again.stderr) == []
    # What proves is untouched.
    exchanges = json.loads((tmp_path / "r.json").read_text())["exchanges"]
    assert any(MARKERS[0] in str(exchange) for exchange in exchanges.values())


DRIVER = f"""
import json, sys
markers = {MARKERS!r}
for line in sys.stdin:
    question = json.loads(line)
    print(*markers, sep="\\n", file=sys.stderr, flush=True)
    if question["op"] == "hello":
        me = {{"client": markers[0], "version": markers[1], "language": markers[4], "surfaces": [markers[2]]}}
        ok = {{"ok": {{"protocol": 1, **me, "capabilities": ["walk"]}}}}
    elif question["op"] == "list":
        ok = {{"raised": {{"kind": "other", "name": markers[3], "message": " ".join(markers)}}}}
    else:
        sys.exit(3)
    print(json.dumps({{"id": question["id"], **ok}}), flush=True)
"""


@pytest.mark.parametrize("words", [("driver", "check"), ("client", "--examples", "0")], ids=["check", "client"])
def test_a_driver_gives_no_commands(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "driver.py").write_text(DRIVER)
    done = run(tmp_path, *words, "--", sys.executable, "driver.py", width=50)
    assert "vso[" in done.stdout
    assert obeyed(done.stdout + done.stderr) == []


def test_names_of_files_and_a_traceback_give_no_commands(tmp_path: Path) -> None:
    name = "##vso[x].json"
    (tmp_path / name).write_text("{}")
    for words in (("replay", name), ("matrix", name), ("derive", name), ("diff", name, name), ("server", name, "-v")):
        done = run(tmp_path, *words)
        assert done.returncode
        assert obeyed(done.stdout + done.stderr) == [], words
