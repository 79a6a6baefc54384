"""Runs the scripts of examples as their runner would, in a shell of its own with what the runner sets, and no more.

Three things are replaced, for all of them need a network: `pip install`, `gh`, and the jobs that fetch or keep files
for others. `pip` records what it was asked for and links to the command of this environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(sys.executable).parent
COMMAND = HERE / "models-conformance"
# As GitHub starts a step without a `shell`, and one with `shell: bash`.
PLAIN = ("bash", "-e")
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")

_PIP = f"""
    import json, os, sys
    from pathlib import Path

    with open(os.environ["STAND_IN_LOG"], "a") as log:
        log.write(json.dumps([sys.argv[1:], os.environ.get("ANTHROPIC_API_KEY", "")]) + "\\n")
    if "--python" in sys.argv:
        command = Path(sys.argv[sys.argv.index("--python") + 1], "bin", "models-conformance")
        command.unlink(missing_ok=True)
        command.symlink_to({str(COMMAND)!r})
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a script ended, and all that it printed."""

    code: int
    output: str


@dataclass(slots=True)
class Shell:
    """`workspace` is where scripts run, `temporary` is for what a runner keeps beside it. `env` is for all scripts."""

    workspace: Path
    temporary: Path
    env: dict[str, str] = field(default_factory=dict)
    path: Sequence[Path] = (HERE,)

    def __post_init__(self) -> None:
        self.workspace.mkdir(parents=True, exist_ok=True)
        stand_in = self.temporary / "stand-in" / "pip"
        stand_in.mkdir(parents=True, exist_ok=True)
        # A folder without it gives way to the pip of the environment.
        (stand_in / "__init__.py").touch()
        (stand_in / "__main__.py").write_text(dedent(_PIP))

    @property
    def pip_log(self) -> Path:
        """What pip was asked for: a line a call, its arguments and the key it saw."""
        return self.temporary / "pip.jsonl"

    def run(self, script: str, env: Mapping[str, str], shell: Sequence[str] = PLAIN) -> Ran:
        """Run a script with `env` on top of the shell's own."""
        file = self.temporary / "script.sh"
        file.write_text(script)
        done = subprocess.run(
            [*shell, str(file)],
            cwd=self.workspace,
            env={
                "PATH": os.pathsep.join([*map(str, self.path), "/usr/bin", "/bin"]),
                "HOME": str(self.temporary),
                "LANG": "C.UTF-8",
                "PYTHONPATH": str(self.temporary / "stand-in"),
                "STAND_IN_LOG": str(self.pip_log),
                **self.env,
                **env,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode())


def holding(text: str, *folders: Path) -> list[Path]:
    """The files below the folders that hold a text, but for what a virtual environment is made of."""
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file() and "lib" not in file.parts]
    return [file for file in files if text.encode() in file.read_bytes()]
