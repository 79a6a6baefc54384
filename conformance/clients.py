"""From what a user writes to a client that can be judged: a released SDK, a program, or an object in this process.

NAME[@VERSION]     a driver that ships, with that release of its library, in a process of its own
NAME@installed     the same driver with the library of this environment, in this process
MODULE:NAME        a Python driver object, in this process; FILE.py:NAME works too
-- CMD...          any program that speaks the driver protocol
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.options import UsageError

if TYPE_CHECKING:
    from conformance.drivers.port import Driver
    from conformance.scenarios.stage import Stage

INSTALLED = "installed"
# The module of the Python driver that ships: the same object as program and in this process.
_PYTHON_DRIVER = "conformance.drivers.builtin.programs.python.driver:Driver"
_OBJECT = re.compile(r"(?:[\w.]+|.+\.py):[A-Za-z_][\w.]*")


@dataclass(frozen=True, slots=True)
class Client:
    """A client that can be judged: `driver` starts one of its drivers, `stage` opens a server that it can reach.

    `command` names it on a command line. `beside` is whether a second one can run at the same time. `argv` and `env`
    start its driver where it is a program.
    """

    driver: Callable[[], Driver]
    stage: Callable[[], AbstractContextManager[Stage]]
    command: str
    beside: bool
    argv: tuple[str, ...] = ()
    env: Mapping[str, str] | None = None


def program(argv: Sequence[str]) -> Client:
    """The client behind a driver program. Nothing is started yet."""
    from conformance.drivers.process import ProgramDriver
    from conformance.scenarios.loopback import Loopback

    if not argv:
        raise UsageError("nothing follows --: give the command that starts the driver")
    return Client(lambda: ProgramDriver(argv), Loopback, f"-- {shlex.join(argv)}", True, tuple(argv))


def from_words(text: str, progress: Callable[[str], None]) -> Client:
    """The client of a name, or behind `-- CMD...` in one text. Raises UsageError, as `named` does."""
    if text.startswith("-- "):
        try:
            return program(shlex.split(text.removeprefix("-- ")))
        except ValueError as error:
            raise UsageError(f"{text}: {error}") from error
    return named(text, progress)


def named(text: str, progress: Callable[[str], None]) -> Client:
    """The client of that name; a release is fetched where it is not in the cache yet.

    Raises UsageError: an unknown name, a release that cannot be had, a module that cannot be imported.
    """
    name, at, version = text.rpartition("@")
    if at and version == INSTALLED:
        from conformance.drivers.builtin.catalogue import read_name

        if read_name(name)[0] != "anthropic":
            raise UsageError(f"{text}: only the Python driver runs in this process (anthropic@{INSTALLED})")
        return _in_process(_PYTHON_DRIVER, text)
    if is_object(text):
        return _in_process(text, shlex.quote(text))
    return _released(text, progress)


def is_object(text: str) -> bool:
    """Whether it names a Python object: MODULE:NAME or FILE.py:NAME."""
    from conformance.drivers.builtin.catalogue import BUILTIN

    return bool(_OBJECT.fullmatch(text)) and text.partition("@")[0] not in BUILTIN


def _released(text: str, progress: Callable[[str], None]) -> Client:
    from conformance.drivers.builtin.catalogue import prepare, read_name
    from conformance.drivers.environment import minimal_environment
    from conformance.drivers.process import ProgramDriver
    from conformance.scenarios.loopback import Loopback

    prepared = prepare(*read_name(text), progress)
    launch = prepared.launch
    environment = {**minimal_environment(), **launch.env}
    return Client(
        lambda: ProgramDriver(launch.argv, environment),
        Loopback,
        shlex.quote(f"{prepared.name}@{prepared.version}"),
        True,
        launch.argv,
        environment,
    )


def _in_process(where: str, command: str) -> Client:
    from conformance.drivers.inprocess import load_object

    return in_process(load_object(where), command)


def in_process(driver: object, command: str) -> Client:
    """The client behind a Python driver object. On httpx it is answered without a socket, else on loopback."""
    from conformance.drivers.inprocess import ObjectDriver
    from conformance.scenarios.aliasing import alias_httpx2

    # The driver has imported its library by now, and nothing of the suite has imported httpx yet.
    alias_httpx2("httpx2" in sys.modules)
    from conformance.scenarios.loopback import Loopback
    from conformance.scenarios.mocked import Mocked

    stage: Callable[[], AbstractContextManager[Stage]] = Mocked if _is_on_httpx(ObjectDriver(driver)) else Loopback
    return Client(lambda: ObjectDriver(driver), stage, command, beside=stage is Loopback)


def _is_on_httpx(driver: Driver) -> bool:
    """Whether an answer through respx reaches the client: it asks for one list, and something arrives or not."""
    from conformance.evidence.calls import Asked, Connect
    from conformance.scenarios.mocked import Mocked
    from conformance.scenarios.scenario import Scenario, World

    asked = Asked("list", driver.hello().surfaces[0])
    with Mocked() as stage:
        base_url = stage.open(Scenario("which HTTP library it is on", asked, World()))
        driver.call(asked, Connect(base_url, stage.api_key, asked.timeout_seconds, asked.max_retries))
        return bool(stage.close())
