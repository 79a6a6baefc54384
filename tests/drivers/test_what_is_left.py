"""Nothing that a driver or a package manager started outlives it, wherever it went; nor does it outlive the suite."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models_conformance.drivers.builtin.toolchain import run_tool
from models_conformance.scenarios.files import scenario_text
from models_conformance.scenarios.models import plain_models
from models_conformance.scenarios.scenario import Scenario, ServerScript
from models_conformance.support.cache import CACHE_VARIABLE
from tests.drivers.starting import CALM, CONNECT, PAGE, PROGRAMS, ends, misbehaving
from tests.test_cli import COMMAND

linux = pytest.mark.skipif(sys.platform != "linux", reason="others show no environments of processes")


@linux
@pytest.mark.parametrize("habit", ["leave-a-daemon", "die-and-leave-a-daemon"])
def test_a_daemon_that_forked_twice_into_a_session_of_its_own_ends_with_its_driver(habit: str, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    driver = misbehaving(habit, str(note), timeouts=CALM)
    driver.call(PAGE, CONNECT)
    driver.close()
    assert ends(int(note.read_text()))


@linux
def test_the_command_adopts_and_ends_what_emptied_its_environment_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    scenario = tmp_path / "scenario.json"
    scenario.write_text(scenario_text(Scenario("one page", PAGE, ServerScript(plain_models(3)))))
    words = ["client", "--scenario", str(scenario), "-q", "--"]
    program = [sys.executable, str(PROGRAMS / "misbehaving.py"), "leave-a-bare-daemon", str(note)]
    subprocess.run([*COMMAND, *words, *program], capture_output=True, check=False, cwd=tmp_path)
    pids = note.read_text().split()
    assert pids
    assert all(ends(int(pid)) for pid in pids)


# In a process of its own: one that adopts orphans ends what others have started in it.
STARTS_BESIDE = """
import subprocess, threading
from models_conformance.drivers.descendants import Descendants, adopt_orphans, starting
adopt_orphans()
ending = threading.Thread(target=Descendants({}).end)
with starting() as is_own:
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ending.start()
    ending.join(0.5)
    is_own(child.pid)
ending.join()
# Of a child that somebody else has reaped, Popen says that it ended well.
print(child.communicate("alive")[0])
"""


@linux
def test_what_is_just_being_started_is_no_orphan_to_the_end_of_another() -> None:
    ran = subprocess.run([sys.executable, "-c", STARTS_BESIDE], check=True, capture_output=True, text=True)
    assert ran.stdout == "alive\n"


@linux
def test_a_tools_daemon_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = f"(setsid sh -c 'echo $$ > {note}; exec sleep 600' >/dev/null 2>&1 &) ; while [ ! -s {note} ]; do :; done"
    run_tool(["sh", "-c", code], tmp_path, "trying", re.compile("(.+)"))
    assert ends(int(note.read_text()))


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_killed_run_leaves_no_installer_behind(by: signal.Signals, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "node").write_text("#!/bin/sh\necho v22.0.0\n")
    (tools / "npm").write_text(
        '#!/bin/sh\nsleep 600 &\necho $$ $! > "$NPM_CONFIG_NOTE.new"\n'
        'mv "$NPM_CONFIG_NOTE.new" "$NPM_CONFIG_NOTE"\nwait\n'
    )
    for tool in tools.iterdir():
        tool.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:/bin:/usr/bin", CACHE_VARIABLE: str(tmp_path / "cache")}
    environment["NPM_CONFIG_NOTE"] = str(tmp_path / "pids")
    suite = subprocess.Popen(
        [*COMMAND, "client", "typescript@0.70.0"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    )
    try:
        while not (tmp_path / "pids").exists():
            with contextlib.suppress(subprocess.TimeoutExpired):
                suite.wait(0.05)
                pytest.fail("it ended before it fetched")
        suite.send_signal(by)
        suite.wait(30)
    finally:
        suite.kill()
    assert all(ends(int(pid)) for pid in (tmp_path / "pids").read_text().split())
