"""The pytest plugin: fixtures for everybody's tests, the options of the suites, and the door to the rest of it.

Everybody who installs the package gets this module in each of their pytest runs. So it imports nothing but
pytest, adds its options only to a command line that speaks of the suites, and adds them after everybody else's.
All but three begin with `--models-`; where another plugin owns one of the three already, it reads theirs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from models_conformance.api import Result
    from models_conformance.suites.fixtures import ModelsApi

_PACKAGE = Path(__file__).resolve().parents[1]
_SUITES = "models_conformance.suites"
_RUNTIME = "models_conformance.suites.runtime"
_MISSING = object()


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, whether or not anybody uses it."""
    config.addinivalue_line(
        "markers",
        "models_api(fault=, contract=, models=, aliases=, key=): what the reference server of the fixture is like",
    )


@pytest.fixture
def models_api(request: pytest.FixtureRequest) -> Iterator[ModelsApi]:
    """A reference server of the Models API on this machine: a mock that keeps the contract, `url` and `api_key`.

    `@pytest.mark.models_api(fault="after-id-is-inclusive", contract="2026-10", models=[...], aliases={...}, key="...")`
    says what is wrong with it, which contract it keeps, and what it has.
    """
    # Only a test that asks for it needs a server.
    from models_conformance.errors import UsageError
    from models_conformance.suites.fixtures import served_by

    __tracebackhide__ = True
    with ExitStack() as opened:
        try:
            server = opened.enter_context(served_by(request.node.get_closest_marker("models_api")))
        except UsageError as error:
            # Where it was asked for is all that its message needs.
            raise error.with_traceback(None) from None
        yield server


@pytest.fixture
def models_target(models_api: ModelsApi) -> object:
    """What `models_result` judges. Override it with a fixture that gives a URL, an application (ASGI, WSGI, a transport
    of httpx), or an object with `url` and `api_key`; unless overridden, the reference server."""
    return models_api


@pytest.fixture
def models_settings() -> Mapping[str, Any]:
    """How `models_result` judges: the arguments of `judge_server` or `judge_app`. Override it."""
    return {}


@pytest.fixture
def models_result(models_target: object, models_settings: Mapping[str, Any]) -> Result:
    """The result of judging `models_target`; `models_result.assert_conforms()` is the test."""
    # Only a test that asks for it needs the library.
    from models_conformance.suites.fixtures import judged

    __tracebackhide__ = True
    return judged(models_target, models_settings)


def destination(attribute: str) -> str:
    """The attribute that an option of ours is parsed into, out of the way of everybody else's."""
    return f"models_conformance_{attribute}"


# Last of all: other plugins add their options when they are loaded, conftest files within this very hook,
# and whoever adds a name that is taken already crashes.
@pytest.hookimpl(trylast=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: Sequence[str]) -> None:
    """Add the options, where the command line speaks of the suites or asks for help."""
    folder = early_config.invocation_params.dir

    def is_free(name: str) -> bool:
        return early_config.getoption(name, _MISSING) is _MISSING

    # The options that name a subject are ours, unless another plugin or a conftest has them.
    given = {argument.partition("=")[0] for argument in args}
    names_a_subject = any(name in given and is_free(name) for name in ("--target", "--client"))
    if not names_a_subject and not _names_the_suites(args, folder):
        return
    # Only a run of the suites needs the table, and what they are run by.
    from models_conformance.frontend.options import options_of

    group = parser.getgroup("models-conformance", "judging an endpoint or a client (models-conformance)")
    for option in options_of("pytest"):
        if not is_free(option.pytest_name):
            continue
        shown: dict[str, Any] = {"dest": destination(option.attribute), "help": option.explanation("pytest")}
        if option.kind == "flag":
            group.addoption(option.pytest_name, action="store_true", default=False, **shown)
        else:
            action = "append" if option.repeatable else "store"
            group.addoption(option.pytest_name, action=action, default=None, metavar=option.metavar, **shown)
    if not early_config.pluginmanager.hasplugin(_RUNTIME):
        early_config.pluginmanager.import_plugin(_RUNTIME)


def _names_the_suites(args: Sequence[str], folder: Path) -> bool:
    folders = f"{os.sep}{_SUITES.replace('.', os.sep)}"
    return folder.is_relative_to(_PACKAGE / "suites") or any(
        argument in ("-h", "--help")
        or _SUITES in argument
        or folders in os.path.abspath(folder / argument.partition("::")[0])
        for argument in args
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the suites out where somebody collects a folder they happen to be in."""
    if config.pluginmanager.hasplugin(_RUNTIME) or not collection_path.is_relative_to(_PACKAGE / "suites"):
        return None
    return True
