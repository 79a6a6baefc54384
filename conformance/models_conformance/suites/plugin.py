"""The pytest plugin: the options of the suites, and the door to the rest of it.

Everybody who installs the package gets this module in each of their pytest runs. So it imports nothing but
pytest, adds its options only to a command line that speaks of the suites, adds them after everybody else's,
and where another plugin owns a name already, it reads theirs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

_PACKAGE = Path(__file__).resolve().parent
_SUITES = "models_conformance.suites"
_RUNTIME = "models_conformance.suites.runtime"
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
    from models_conformance.frontend.options import PYTEST

    group = parser.getgroup("models-conformance", "judging an endpoint (models-conformance)")
    for option in PYTEST:
        if early_config.getoption(option.name, _MISSING) is _MISSING:
            group.addoption(
                option.name,
                dest=destination(option.name),
                default=None,
                action="append" if option.many else "store",
                metavar=option.metavar,
                help=option.help,
            )
    if not early_config.pluginmanager.hasplugin(_RUNTIME):
        early_config.pluginmanager.import_plugin(_RUNTIME)


def _is_addressed(args: Sequence[str], folder: Path) -> bool:
    folders = f"{os.sep}{_SUITES.replace('.', os.sep)}"
    return folder.is_relative_to(_PACKAGE / "suites") or any(
        argument in ("-h", "--help", "--target", "--client")
        or argument.startswith(("--target=", "--client="))
        or _SUITES in argument
        or folders in os.path.abspath(folder / argument.partition("::")[0])
        for argument in args
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the suites out where somebody collects a folder they happen to be in."""
    if config.pluginmanager.hasplugin(_RUNTIME) or not collection_path.is_relative_to(_PACKAGE / "suites"):
        return None
    return True
