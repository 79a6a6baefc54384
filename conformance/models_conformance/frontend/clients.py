"""From what a user writes to a client that can be judged: a released SDK, a program, or an object in this process.

NAME[@VERSION]     a driver that ships, with that release of its library, in a process of its own
NAME --from PATH   the same driver with the library of a checkout
NAME@installed     the same driver with the library of this environment, in this process
MODULE:NAME        a Python driver object, in this process; FILE.py:NAME works too
-- CMD...          any program that speaks the driver protocol

Each way has imports of its own, so that a client costs no other way's; the one of a client in this process must not
import httpx before its library does.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models_conformance.drivers.builtin.fetcher import DEFAULT_TOOL_SECONDS
from models_conformance.drivers.timeouts import DEFAULT_HELLO_SECONDS, Timeouts
from models_conformance.errors import UsageError
from models_conformance.frontend.extras import require

if TYPE_CHECKING:
    from models_conformance.drivers.interface import Driver
    from models_conformance.frontend.values import Values
    from models_conformance.scenarios.fixture.fixture_server import FixtureServer

INSTALLED = "installed"
# The module of the Python driver that ships: the same object as program and in this process.
_PYTHON_DRIVER = "models_conformance.drivers.builtin.programs.python.driver:Driver"
_OBJECT = re.compile(r"(?:[\w.]+|.+\.py):[A-Za-z_][\w.]*")


@dataclass(frozen=True, slots=True)
class Client:
    """A client that can be judged. `driver` starts one of its drivers, `fixture_server` opens what it can reach.

    `command` names it on a command line. `has_parallel` is whether a second one can run at the same time. `argv`
    and `env` start its driver where it is a program.
    """

    driver: Callable[[], Driver]
    fixture_server: Callable[[], AbstractContextManager[FixtureServer]]
    command: str
    has_parallel: bool
    argv: tuple[str, ...] = ()
    env: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Starting:
    """How a client is made ready: from a `checkout` in place of a release, a tool that fetches or builds it and the
    driver's hello each within so many seconds."""

    checkout: str | None = None
    fetch_seconds: float = DEFAULT_TOOL_SECONDS
    hello_seconds: float = DEFAULT_HELLO_SECONDS

    @classmethod
    def of(cls, values: Values) -> Starting:
        """As the options have it."""
        return cls(values["checkout"], values["fetch_timeout"], values["hello_timeout"])


USUAL = Starting()


def program(argv: Sequence[str], starting: Starting = USUAL) -> Client:
    """The client behind a driver program. Nothing is started yet. Raises UsageError for a checkout beside it."""
    if starting.checkout is not None:
        raise UsageError(
            f"--from {starting.checkout}: goes with the name of a library, and not with the command of a driver"
        )
    if not argv:
        raise UsageError("nothing follows --: give the command that starts the driver")
    return _program(tuple(argv), None, f"-- {shlex.join(argv)}", starting)


def _program(argv: tuple[str, ...], env: Mapping[str, str] | None, command: str, starting: Starting) -> Client:
    # Programs and the loopback server: a client in this process does without, and must be first to import httpx.
    from models_conformance.drivers.process import ProgramDriver
    from models_conformance.scenarios.fixture.loopback import Loopback

    timeouts = Timeouts(hello=starting.hello_seconds)
    return Client(lambda: ProgramDriver(argv, env, timeouts=timeouts), Loopback, command, True, argv, env)


def from_words(text: str, progress: Callable[[str], None], starting: Starting = USUAL) -> Client:
    """The client of a name, or behind `-- CMD...` in one text. Raises UsageError, as `named` does."""
    if text.startswith("-- "):
        try:
            return program(shlex.split(text.removeprefix("-- ")), starting)
        except ValueError as error:
            raise UsageError(f"{text}: {error}") from error
    return named(text, progress, starting)


def named(text: str, progress: Callable[[str], None], starting: Starting = USUAL) -> Client:
    """The client of that name, as in a checkout or as released, which is fetched where it is not in the cache yet.

    Raises UsageError: an unknown name, what cannot be had, a module that cannot be imported.
    """
    where = _object_of(text) if starting.checkout is None else None
    if where is None:
        return _prepared(text, progress, starting)
    # Only objects are loaded.
    from models_conformance.drivers.inprocess import load_object

    return in_process(load_object(where), shlex.quote(text))


def _object_of(text: str) -> str | None:
    """The Python object that a name stands for; None for a release. Raises UsageError."""
    # The catalogue of drivers that ship: programs do without.
    from models_conformance.drivers.builtin.catalogue import BUILTIN, read_name

    name, at, version = text.rpartition("@")
    if at and version == INSTALLED:
        if read_name(name)[0] != "anthropic":
            raise UsageError(f"{text}: only the Python driver runs in this process (anthropic@{INSTALLED})")
        return _PYTHON_DRIVER
    return text if _OBJECT.fullmatch(text) and text.partition("@")[0] not in BUILTIN else None


def served(text: str, starting: Starting = USUAL) -> Client | None:
    """The client behind the object of that name, which a program serves; None for a release. Raises UsageError."""
    where = _object_of(text)
    if where is None:
        return None
    # Only objects are loaded: here, to refuse what is none.
    from models_conformance.drivers import stdio
    from models_conformance.drivers.inprocess import load_object

    load_object(where)
    return program([sys.executable, stdio.__file__, where], starting)


def _prepared(text: str, progress: Callable[[str], None], starting: Starting) -> Client:
    """A driver that ships, with a release of its library or with that of a checkout. Raises UsageError."""
    # As for programs.
    from models_conformance.drivers.builtin.catalogue import prepare, prepare_checkout, read_name
    from models_conformance.drivers.builtin.toolchain import tools_end_within
    from models_conformance.drivers.environment import minimal_environment

    name, version = read_name(text)
    checkout = starting.checkout
    if checkout is not None and version is not None:
        raise UsageError(f"{text} --from {checkout}: is either a release or a checkout: give {name} alone for this one")
    with tools_end_within(starting.fetch_seconds):
        if checkout is None:
            prepared = prepare(name, version, progress)
            command = shlex.quote(f"{prepared.name}@{prepared.version}")
        else:
            prepared = prepare_checkout(name, Path(checkout).absolute(), progress)
            command = shlex.join((name, "--from", checkout))
    return _program(prepared.command, minimal_environment(), command, starting)


def in_process(driver: object, command: str) -> Client:
    """The client behind a Python driver object. On httpx it is answered without a socket, else on loopback.

    Raises UsageError for what is none."""
    if isinstance(driver, type) or not callable(getattr(driver, "hello", None)):
        raise UsageError(
            f"{command}: expected the name of a client, a driver's command, or a driver object with hello()"
        )
    require("in-process", "a client in this process")
    # An extra: nothing of it is imported before it is known to be installed.
    from models_conformance.drivers.inprocess import ObjectDriver
    from models_conformance.scenarios.fixture.httpx_aliasing import alias_httpx2

    # The driver has imported its library by now, and nothing of the suite has imported httpx yet.
    alias_httpx2("httpx2" in sys.modules)
    # Both import httpx, under the name that was just given to it.
    from models_conformance.scenarios.fixture.loopback import Loopback
    from models_conformance.scenarios.fixture.mocked import Mocked

    fixture_server: Callable[[], AbstractContextManager[FixtureServer]] = (
        Mocked if _is_on_httpx(ObjectDriver(driver)) else Loopback
    )
    return Client(lambda: ObjectDriver(driver), fixture_server, command, has_parallel=fixture_server is Loopback)


def _is_on_httpx(driver: Driver) -> bool:
    """Whether an answer through respx reaches the client: it asks for one list, and something arrives or not."""
    # As above: httpx has its name by now.
    from models_conformance.evidence.driver_calls import CallSpec, Connect
    from models_conformance.scenarios.fixture.mocked import Mocked
    from models_conformance.scenarios.scenario import Scenario, ServerScript

    spec = CallSpec("list", driver.hello().surfaces[0])
    with Mocked() as fixture_server:
        base_url = fixture_server.open(Scenario("which HTTP library it is on", spec, ServerScript()))
        driver.call(spec, Connect(base_url, fixture_server.api_key, spec.timeout_seconds, spec.max_retries))
        return bool(fixture_server.close())
