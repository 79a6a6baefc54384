"""The library: what other test suites and monitors call. Names and parameters are stable.

Each function runs to its end and returns a `Result`: `result.run.verdict`, `result.exit_code`, a `RequirementResult`
with its findings for each requirement, and `result.assert_conforms()` for a test. Nothing is printed and no file is
written unless a method of the result is told to. Of the environment only the variables of proxies and certificates are
read: a key is an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, fields
from functools import partial, wraps
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypedDict, Unpack

from models_conformance.engine.options import DEFAULT_MAX_BODY_BYTES, DEFAULT_TIMEOUT_SECONDS, Application
from models_conformance.errors import UsageError
from models_conformance.frontend import clients, runs
from models_conformance.frontend.option import Command
from models_conformance.frontend.outputs import RENDERED_BY, Outputs
from models_conformance.frontend.values import Values, read_values
from models_conformance.result import RequirementResult, gates
from models_conformance.result import Result as RunResult
from models_conformance.support import files
from models_conformance.support.suggestions import did_you_mean

Level = Literal["must", "should"]
Aliases = Mapping[str, str | None] | Iterable[str] | str
"""An alias, several, or a mapping of aliases to the ids they must answer with, None where any listed id will do."""


@dataclass(frozen=True, slots=True)
class Result(RunResult):
    """What a run found, and what a test does with it."""

    @property
    def violations(self) -> tuple[RequirementResult, ...]:
        """The requirements that are violated and fail the run, each with its findings."""
        return tuple(entry for entry in self.requirements if gates(entry, self.run.fail_on))

    @property
    def text(self) -> str:
        """What the terminal shows, 100 columns wide, without colours."""
        # Only who reads or prints it needs a console.
        from rich.console import Console

        from models_conformance.reports import terminal

        shown = StringIO()
        terminal.show(self, Console(file=shown, width=100, highlight=False, force_terminal=False))
        return shown.getvalue()

    def assert_conforms(self) -> None:
        """Raises AssertionError, whose message is what the terminal shows, unless the run has passed."""
        __tracebackhide__ = True
        if self.run.verdict != "passed":
            raise AssertionError(f"the Models API contract is not kept\n\n{self.text}")

    def write_html(self, path: str | Path) -> None:
        """Write the report as one HTML file. Raises UsageError where it cannot be written."""
        self._write("html", path)

    def write_json(self, path: str | Path) -> None:
        """Write the result as `--json` does. Raises UsageError."""
        self._write("json", path)

    def write_junit(self, path: str | Path) -> None:
        """Write the result as JUnit XML. Raises UsageError."""
        self._write("junit", path)

    def write_sarif(self, path: str | Path) -> None:
        """Write the result as SARIF 2.1.0. Raises UsageError."""
        self._write("sarif", path)

    def write_markdown(self, path: str | Path) -> None:
        """Write the result as Markdown. Raises UsageError."""
        self._write("markdown", path)

    def _write(self, report: str, path: str | Path) -> None:
        files.write(str(path), f"write_{report}", import_module(RENDERED_BY[report]).render(self))


_Arguments = ParamSpec("_Arguments")


def _refusing_shortly(judge: Callable[_Arguments, Result]) -> Callable[_Arguments, Result]:
    """The function, whose UsageError points to where it was called: the places below tell the caller nothing."""

    @wraps(judge)
    def judged(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> Result:
        __tracebackhide__ = True
        try:
            return judge(*args, **kwargs)
        except UsageError as error:
            raise error.with_traceback(None) from None

    return judged


class RunSettings(TypedDict, total=False):
    """What every run can be told, as the options of the same names, with their defaults.

    `only` is a glob over requirement ids and areas, or several; `waivers` the path of a waiver file.
    """

    fail_on: Level
    strict: bool
    gate_added: bool
    only: Iterable[str] | str
    max_seconds: float
    waivers: str | Path | None
    api_version: str | None
    contract: str | Path | Sequence[str | Path]


class AskingSettings(RunSettings, total=False):
    """What a run that asks can be told beyond that."""

    seed: int
    max_requests: int
    examples: int


class EndpointSettings(AskingSettings, total=False):
    """What is told of an endpoint.

    `aliases` are aliases that it resolves, or a mapping of them to the ids they must answer with. `ca` is a PEM file of
    certificates that are believed instead of those of the environment's variables or the system; with `insecure`, none
    is verified, and the result's notes say so. `client_cert` is the certificate that it is shown, or a pair of it and
    its key.
    """

    headers: Mapping[str, str] | None
    aliases: Aliases
    ca: str | Path | None
    insecure: bool
    client_cert: str | Path | tuple[str | Path, str | Path] | None
    timeout_seconds: float
    concurrency: int | None


@_refusing_shortly
def judge_server(url: str, *, api_key: str | None = None, **settings: Unpack[EndpointSettings]) -> Result:
    """Judge the endpoint at `url`, as `models-conformance server URL` does.

    Raises Unreachable where the endpoint cannot be reached or refuses the credentials, and UsageError for
    arguments that make no sense.
    """
    if not isinstance(url, str):
        raise UsageError(f"judge_server takes a URL; an application ({type(url).__name__}) is judged by judge_app")
    values = _values("server", EndpointSettings, settings, api_key=api_key)
    runs.check(values, "server")
    runs.check_endpoint(values, url)
    return _finished(values, runs.judge_server(values, url))


@_refusing_shortly
def judge_app(
    app: Any,
    *,
    path: str = "",
    api_key: str | None = None,
    headers: Mapping[str, str] | None = None,
    aliases: Aliases = (),
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    loopback: bool = False,
    **settings: Unpack[AskingSettings],
) -> Result:
    """Judge an application in this process: ASGI (FastAPI, Starlette, Django), WSGI (Flask, Django), or a transport of
    httpx such as a `MockTransport`.

    `path` is where it has the API, what stands before `/v1/models`. It is called without a socket; with `loopback` it
    is served on one, for what depends on a real connection. An exception that it raises is an answer 500, and is logged
    with its traceback to `models_conformance.application`. The other parameters are those of `judge_server`.
    Raises Unreachable where it does not start or refuses the credentials, and UsageError.
    """
    # Only who judges an application needs what calls or serves one.
    from models_conformance.probing import applications

    kind = applications.kind_of(app)
    place: AbstractContextManager[str]
    if loopback:
        # As above.
        from models_conformance.probing.served_applications import serving

        place = serving(app, kind)
    else:
        place = nullcontext(applications.BASE)
    called = Application(_name_of(app), partial(applications.asking, app, timeout_seconds, DEFAULT_MAX_BODY_BYTES))
    of_endpoint = {"api_key": api_key, "headers": headers, "aliases": aliases, "timeout_seconds": timeout_seconds}
    values = _values("server", AskingSettings, settings, **of_endpoint)
    runs.check(values, "server")
    with place as base:
        url = f"{base}/{path.strip('/')}".rstrip("/")
        runs.check_endpoint(values, url)
        return _finished(values, runs.judge_server(values, url, application=None if loopback else called))


@_refusing_shortly
def judge_client(client: str | Sequence[str] | object, **settings: Unpack[AskingSettings]) -> Result:
    """Judge a client, as `models-conformance client` does.

    `client` is a name (`anthropic@0.45.0`, `anthropic@installed`, `module:Driver`), the words of a command that
    speaks the driver protocol, or a Python driver object, which runs in this process. A release that is not in
    the cache is fetched first.
    Raises NoDriver, a UsageError, where the driver does not start, and UsageError for arguments that make no sense.
    """
    values = _values("client", AskingSettings, settings)
    runs.check(values, "client")
    if isinstance(client, str):
        chosen = clients.from_words(client, lambda doing: None)
    elif isinstance(client, Sequence):
        chosen = clients.program([str(word) for word in client])
    else:
        chosen = clients.in_process(client, type(client).__name__)
    return _finished(values, runs.judge_client(values, chosen))


@_refusing_shortly
def judge_recording(*paths: str | Path, **settings: Unpack[RunSettings]) -> Result:
    """Judge recordings, files or folders of them, as `models-conformance replay PATH...` does. Opens no socket.

    Raises UsageError for a path that cannot be read or holds no recording.
    """
    values = _values("replay", RunSettings, settings)
    runs.check(values, "server")
    for path in paths or (None,):
        if not isinstance(path, str | Path):
            raise UsageError(
                f"{type(path).__name__ if paths else 'nothing'}: expected the path of a recording, or several"
            )
    return _finished(values, runs.judge_recording(values, paths))


@_refusing_shortly
def judge_exchanges(exchanges: Iterable[Any], **settings: Unpack[RunSettings]) -> Result:
    """Judge exchanges that a test holds, by the rules of recordings: what they do not show is not judged.

    Each is a response of httpx, requests or a test client (Starlette, Flask, Django), which knows its request; a pair
    of a request and a response of theirs; or a mapping of `request` (`method`, `url`, `headers`) and `response`
    (`status`, `headers`, `body`), where a body may be text, bytes or a JSON value. Raises UsageError for what is none
    of these.
    """
    # Only who holds exchanges needs their reader.
    from models_conformance.recordings.held import held

    values = _values("replay", RunSettings, settings)
    runs.check(values, "server")
    return _finished(values, runs.judge_exchanges(values, held(exchanges)))


def _values(command: Command, known: type, settings: Mapping[str, Any], **more: Any) -> Values:
    """The arguments of a function as the options of a command. Raises UsageError, for a setting that is none, too: a
    misspelt one would change nothing."""
    for name in settings:
        if name not in known.__annotations__:
            names = [*more, *known.__annotations__]
            hint = did_you_mean(name, names) or f"expected {', '.join(names)}"
            raise UsageError(f"there is no setting {name}; {hint}")
    given = {name: _read(name, value) for name, value in {**settings, **more}.items()}
    if "timeout_seconds" in given:
        given["timeout"] = given.pop("timeout_seconds")
    return read_values(command, given, None)


def _read(name: str, value: Any) -> Any:
    """An argument as its option takes it. Raises UsageError."""
    read: Mapping[str, Callable[[Any], Any]] = {
        "headers": lambda lines: [f"{name}: {value}" for name, value in (lines or {}).items()],
        "aliases": _aliases,
        "only": _texts,
        "contract": _words,
        "client_cert": lambda shown: ":".join(map(str, shown)) if isinstance(shown, tuple) else shown,
    }
    if not isinstance(value, bytes):
        with suppress(TypeError, AttributeError):
            return read.get(name, lambda given: given)(value)
    expected = "a mapping" if name == "headers" else "text, or several" if name in read else "text"
    raise UsageError(f"{name}: {type(value).__name__}: expected {expected}")


def _finished(values: Values, found: RunResult) -> Result:
    """The result under the waivers, as it is handed out."""
    result = Outputs(values).write(found)
    return Result(**{part.name: getattr(result, part.name) for part in fields(RunResult)})


def _name_of(app: object) -> str:
    """What reports call an application: its own name where it is a function, else that of its class."""
    name = getattr(app, "__qualname__", None) or type(app).__qualname__
    module = getattr(app, "__module__", None) or type(app).__module__
    return f"{module}.{name} in this process"


def _texts(texts: Iterable[str] | str) -> list[str]:
    """One text is one, not its letters."""
    return [texts] if isinstance(texts, str) else list(texts)


def _aliases(aliases: Aliases) -> list[str]:
    if not isinstance(aliases, Mapping):
        return _texts(aliases)
    return [name if target is None else f"{name}={target}" for name, target in aliases.items()]


def _words(contract: str | Path | Sequence[str | Path]) -> list[str]:
    """What `--contract` is given: a name, a path, or several pages."""
    return [str(contract)] if isinstance(contract, str | Path) else [str(page) for page in contract]
