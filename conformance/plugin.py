"""The pytest plugin: the options of the suites, and the door to the rest of it.

Everybody who installs the package gets this module in each of their pytest runs. So it imports nothing but
pytest, adds its options only to a command line that speaks of the suites, adds them after everybody else's,
and where another plugin owns a name already, it reads theirs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

# The option and what argparse is told of it. `--strict` is pytest's own since always.
OPTIONS: dict[str, dict[str, Any]] = {
    "--target": {"metavar": "URL", "help": "The endpoint to judge; default: the built-in reference server."},
    "--json": {"metavar": "F", "help": "Write the result as JSON."},
    "--junit": {"metavar": "F", "help": "Write the result as JUnit XML, one case per requirement."},
    "--fail-on": {
        "metavar": "LEVEL",
        "help": "must (default) or should: the lowest level that fails the run.",
    },
    "--seed": {"metavar": "N", "help": "Seed of what is generated."},
    "--max-requests": {"metavar": "N", "help": "Send no more requests than this."},
    "--examples": {"metavar": "N", "help": "Generated requests beyond the systematic ones."},
    "--only": {"metavar": "GLOB", "action": "append", "help": "Judge only what matches. Repeatable."},
    "--api-key": {"metavar": "KEY", "help": "Default: $ANTHROPIC_API_KEY."},
    "--alias": {"metavar": "NAME[=ID]", "action": "append", "help": "An alias of the endpoint. Repeatable."},
    "--header": {"metavar": "'K: V'", "action": "append", "help": "Send this with each request. Repeatable."},
    "--timeout": {"metavar": "SECONDS", "help": "How long one answer may take."},
    "--cassettes": {
        "metavar": "DIR",
        "help": "Play and record there, as --record-mode says (none where it is not given: what is not recorded is "
        "not sent). Default with --record-mode: cassettes/HOST_PORT, or cassettes/reference without --target, "
        "or cassettes where that holds recordings itself.",
    },
}
_PACKAGE = Path(__file__).resolve().parent
_SUITES = "conformance.suites"
_RUNTIME = "conformance.suites.runtime"
_MISSING = object()


def destination(option: str) -> str:
    """The attribute that an option of ours is parsed into, out of the way of everybody else's."""
    return "models_conformance_" + option.strip("-").replace("-", "_")


# Last of all: other plugins add their options when they are loaded, conftest files within this very hook,
# and whoever adds a name that is taken already crashes.
@pytest.hookimpl(trylast=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: Sequence[str]) -> None:
    """Add the options, where the command line speaks of the suites or asks for help."""
    if not _is_addressed(args, early_config.invocation_params.dir):
        return
    group = parser.getgroup("models-conformance", "judging an endpoint (models-conformance)")
    for option, attributes in OPTIONS.items():
        if early_config.getoption(option, _MISSING) is _MISSING:
            group.addoption(option, dest=destination(option), default=None, **attributes)
    if not early_config.pluginmanager.hasplugin(_RUNTIME):
        early_config.pluginmanager.import_plugin(_RUNTIME)


def _is_addressed(args: Sequence[str], folder: Path) -> bool:
    folders = f"{os.sep}{_SUITES.replace('.', os.sep)}"
    return folder.is_relative_to(_PACKAGE / "suites") or any(
        argument in ("-h", "--help", "--target")
        or argument.startswith("--target=")
        or _SUITES in argument
        or folders in os.path.abspath(folder / argument.partition("::")[0])
        for argument in args
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the suites out where somebody collects a folder they happen to be in."""
    if config.pluginmanager.hasplugin(_RUNTIME) or not collection_path.is_relative_to(_PACKAGE / "suites"):
        return None
    return True
