"""The library: what other test suites and monitors call. Names and parameters are stable.

Each function runs to its end and returns a `Result`: `result.run.verdict`, `result.exit_code`, and a
`RequirementResult` with its findings for each requirement. Nothing is printed and no file is written; the modules
of `models_conformance.reports` render a result. Of the environment only the variables of proxies and certificates are
read: a key is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from models_conformance.engine.options import (
    DEFAULT_EXAMPLES,
    DEFAULT_FAIL_ON,
    DEFAULT_MAX_CLIENT_REQUESTS,
    DEFAULT_MAX_CLIENT_SECONDS,
    DEFAULT_MAX_REQUESTS,
    DEFAULT_MAX_SECONDS,
    DEFAULT_SCENARIOS,
    DEFAULT_SEED,
    DEFAULT_TIMEOUT_SECONDS,
)
from models_conformance.frontend import clients, runs
from models_conformance.frontend.outputs import Outputs
from models_conformance.frontend.values import read_values

if TYPE_CHECKING:
    from models_conformance.result import Result

Level = Literal["must", "should"]


def judge_server(
    url: str,
    *,
    api_key: str | None = None,
    headers: Mapping[str, str] | None = None,
    aliases: Mapping[str, str | None] | None = None,
    ca: str | Path | None = None,
    insecure: bool = False,
    client_cert: str | Path | tuple[str | Path, str | Path] | None = None,
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    fail_on: Level = DEFAULT_FAIL_ON,
    strict: bool = False,
    seed: int = DEFAULT_SEED,
    only: Iterable[str] = (),
    max_requests: int = DEFAULT_MAX_REQUESTS,
    max_seconds: float = DEFAULT_MAX_SECONDS,
    concurrency: int | None = None,
    examples: int = DEFAULT_EXAMPLES,
    waivers: str | Path | None = None,
    api_version: str | None = None,
    contract: str | Path | Sequence[str | Path] = "auto",
) -> Result:
    """Judge the endpoint at `url`, as `models-conformance server URL` does.

    `aliases` map an alias to the id it must answer with, None where any listed id will do. `only` are globs over
    requirement ids and areas. `waivers` is the path of a waiver file. `ca` is a file in PEM: certificates that are
    believed instead of those of the environment's variables or the system; with `insecure`, none is verified, and the
    result's notes say so. `client_cert` is the certificate that the server is shown, or a pair of it and its key.
    Raises Unreachable where the endpoint cannot be reached or refuses the credentials, and UsageError for
    arguments that make no sense.
    """
    values = read_values(
        "server",
        {
            "api_key": api_key,
            "headers": [f"{name}: {value}" for name, value in (headers or {}).items()],
            "aliases": [name if target is None else f"{name}={target}" for name, target in (aliases or {}).items()],
            "ca": ca,
            "insecure": insecure,
            "client_cert": ":".join(map(str, client_cert)) if isinstance(client_cert, tuple) else client_cert,
            "timeout": timeout_seconds,
            "fail_on": fail_on,
            "strict": strict,
            "seed": seed,
            "only": only,
            "max_requests": max_requests,
            "max_seconds": max_seconds,
            "concurrency": concurrency,
            "examples": examples,
            "waivers": waivers,
            "api_version": api_version,
            "contract": _words(contract),
        },
        None,
    )
    runs.check(values, "server")
    runs.check_endpoint(values, url)
    return Outputs(values).write(runs.judge_server(values, url))


def judge_client(
    client: str | Sequence[str] | object,
    *,
    fail_on: Level = DEFAULT_FAIL_ON,
    strict: bool = False,
    seed: int = DEFAULT_SEED,
    only: Iterable[str] = (),
    max_requests: int = DEFAULT_MAX_CLIENT_REQUESTS,
    max_seconds: float = DEFAULT_MAX_CLIENT_SECONDS,
    examples: int = DEFAULT_SCENARIOS,
    waivers: str | Path | None = None,
    api_version: str | None = None,
    contract: str | Path | Sequence[str | Path] = "auto",
) -> Result:
    """Judge a client, as `models-conformance client` does.

    `client` is a name (`anthropic@0.45.0`, `anthropic@installed`, `module:Driver`), the words of a command that
    speaks the driver protocol, or a Python driver object, which runs in this process. A release that is not in
    the cache is fetched first.
    Raises NoDriver, a UsageError, where the driver does not start, and UsageError for arguments that make no sense.
    """
    values = read_values(
        "client",
        {
            "fail_on": fail_on,
            "strict": strict,
            "seed": seed,
            "only": only,
            "max_requests": max_requests,
            "max_seconds": max_seconds,
            "examples": examples,
            "waivers": waivers,
            "api_version": api_version,
            "contract": _words(contract),
        },
        None,
    )
    runs.check(values, "client")
    if isinstance(client, str):
        chosen = clients.from_words(client, lambda doing: None)
    elif isinstance(client, Sequence):
        chosen = clients.program([str(word) for word in client])
    else:
        chosen = clients.in_process(client, type(client).__name__)
    return Outputs(values).write(runs.judge_client(values, chosen))


def judge_recording(
    *paths: str | Path,
    fail_on: Level = DEFAULT_FAIL_ON,
    strict: bool = False,
    only: Iterable[str] = (),
    max_seconds: float = DEFAULT_MAX_SECONDS,
    waivers: str | Path | None = None,
    api_version: str | None = None,
    contract: str | Path | Sequence[str | Path] = "auto",
) -> Result:
    """Judge recordings, files or folders of them, as `models-conformance replay PATH...` does. Opens no socket.

    Raises UsageError for a path that cannot be read or holds no recording.
    """
    values = read_values(
        "replay",
        {
            "fail_on": fail_on,
            "strict": strict,
            "only": only,
            "max_seconds": max_seconds,
            "waivers": waivers,
            "api_version": api_version,
            "contract": _words(contract),
        },
        None,
    )
    runs.check(values, "server")
    return Outputs(values).write(runs.judge_recording(values, paths))


def _words(contract: str | Path | Sequence[str | Path]) -> list[str]:
    """What `--contract` is given: a name, a path, or several pages."""
    return [str(contract)] if isinstance(contract, str | Path) else [str(page) for page in contract]
