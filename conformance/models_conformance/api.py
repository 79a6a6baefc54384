"""The library face: what other test suites and monitors call. Names and parameters are stable.

Each function runs to its end and returns a `Result`: `result.run.verdict`, `result.exit_code`, and a
`RequirementResult` with its findings for each requirement. Nothing is printed and no file is written; the modules
of `models_conformance.reports` render a result. The environment is not read: a key is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from models_conformance.engine.options import (
    DEFAULT_EXAMPLES,
    DEFAULT_MAX_CLIENT_REQUESTS,
    DEFAULT_MAX_REQUESTS,
    DEFAULT_SCENARIOS,
    DEFAULT_TIMEOUT_SECONDS,
    ClientOptions,
    RunOptions,
    ServerOptions,
)
from models_conformance.frontend import inputs as fronts
from models_conformance.waivers.applying import apply
from models_conformance.waivers.waiver_files import read_waivers

if TYPE_CHECKING:
    from models_conformance.result import Result

Level = Literal["must", "should"]


def judge_server(
    url: str,
    *,
    api_key: str | None = None,
    headers: Mapping[str, str] | None = None,
    aliases: Mapping[str, str | None] | None = None,
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    fail_on: Level = "must",
    strict: bool = False,
    seed: int = 0,
    only: Iterable[str] = (),
    max_requests: int = DEFAULT_MAX_REQUESTS,
    examples: int = DEFAULT_EXAMPLES,
    waivers: str | Path | None = None,
) -> Result:
    """Judge the endpoint at `url`, as `models-conformance server URL` does.

    `aliases` map an alias to the id it must answer with, None where any listed id will do. `only` are globs over
    requirement ids and areas. `waivers` is the path of a waiver file.
    Raises Unreachable where the endpoint cannot be reached or refuses the credentials, and UsageError for
    arguments that make no sense.
    """
    from models_conformance.engine.server import judge_server as judge

    lines = [f"{name}: {value}" for name, value in (headers or {}).items()]
    run = RunOptions(fail_on, strict, seed, fronts.check_only(only), max_requests, examples)
    options = ServerOptions(
        fronts.check_url(url),
        fronts.check_key(api_key),
        dict(aliases or {}),
        fronts.read_headers(lines),
        timeout_seconds,
        run=run,
    )
    return _waived(judge(options), waivers)


def judge_client(
    client: str | Sequence[str] | object,
    *,
    fail_on: Level = "must",
    strict: bool = False,
    seed: int = 0,
    only: Iterable[str] = (),
    max_requests: int = DEFAULT_MAX_CLIENT_REQUESTS,
    examples: int = DEFAULT_SCENARIOS,
    waivers: str | Path | None = None,
) -> Result:
    """Judge a client, as `models-conformance client` does.

    `client` is a name (`anthropic@0.45.0`, `anthropic@installed`, `module:Driver`), the words of a command that
    speaks the driver protocol, or a Python driver object, which runs in this process. A release that is not in
    the cache is fetched first.
    Raises NoDriver, a UsageError, where the driver does not start, and UsageError for arguments that make no sense.
    """
    from models_conformance.engine.client import judge_client as judge
    from models_conformance.frontend import clients

    if isinstance(client, str):
        chosen = clients.from_words(client, lambda doing: None)
    elif isinstance(client, Sequence):
        chosen = clients.program([str(word) for word in client])
    else:
        chosen = clients.in_process(client, type(client).__name__)
    run = RunOptions(fail_on, strict, seed, fronts.check_only(only, "client"), max_requests, examples)
    return _waived(
        judge(ClientOptions(chosen.driver, chosen.fixture_server, chosen.command, chosen.beside, run=run)),
        waivers,
    )


def judge_recording(
    *paths: str | Path,
    fail_on: Level = "must",
    strict: bool = False,
    only: Iterable[str] = (),
    waivers: str | Path | None = None,
) -> Result:
    """Judge recordings, files or folders of them, as `models-conformance replay PATH...` does. Opens no socket.

    Raises UsageError for a path that cannot be read or holds no recording.
    """
    from models_conformance.engine.recording import judge_recording as judge

    return _waived(judge(paths, RunOptions(fail_on, strict, only=fronts.check_only(only))), waivers)


def _waived(result: Result, waivers: str | Path | None) -> Result:
    return result if waivers is None else apply(result, read_waivers(waivers), datetime.now(UTC).date())
