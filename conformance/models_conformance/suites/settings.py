"""The options of a pytest run as the engine takes them, whoever registered them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

import pytest

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
from models_conformance.errors import UsageError
from models_conformance.frontend import inputs as fronts
from models_conformance.frontend.options import REPORTS
from models_conformance.frontend.outputs import Outputs
from models_conformance.suites.plugin import destination

if TYPE_CHECKING:
    from models_conformance.frontend.clients import Client
    from models_conformance.recordings.taping import Cassettes

Number = TypeVar("Number", int, float)
Default = TypeVar("Default")
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line asked for, checked. `target` None is the reference server.

    `requests` and `examples` are None where each kind of subject has its own default.
    """

    target: str | None
    client: str | None
    api_key: str | None
    aliases: dict[str, str | None]
    headers: tuple[tuple[str, str], ...]
    timeout_seconds: float
    run: RunOptions
    requests: int | None
    examples: int | None
    outputs: Outputs
    cassettes: Cassettes | None = None

    def server(self, place: fronts.Endpoint, only: tuple[str, ...]) -> ServerOptions:
        """Options to judge `place` by, for the requirements of `only`."""
        return ServerOptions(
            url=place.url,
            api_key=place.api_key,
            aliases={**place.aliases, **self.aliases},
            headers=self.headers,
            timeout_seconds=self.timeout_seconds,
            run=self._run(only, DEFAULT_MAX_REQUESTS, DEFAULT_EXAMPLES),
        )

    def client_options(self, client: Client, only: tuple[str, ...]) -> ClientOptions:
        """Options to judge `client` by, for the requirements of `only`."""
        run = self._run(only, DEFAULT_MAX_CLIENT_REQUESTS, DEFAULT_SCENARIOS)
        return ClientOptions(client.driver, client.fixture_server, client.command, client.beside, run=run)

    def _run(self, only: tuple[str, ...], max_requests: int, examples: int) -> RunOptions:
        return replace(
            self.run,
            only=only,
            max_requests=max_requests if self.requests is None else self.requests,
            examples=examples if self.examples is None else self.examples,
        )


def read_settings(config: pytest.Config) -> Settings:
    """Read and check every option. Raises UsageError, in one line."""
    target = _text(config, "--target")
    if target is not None:
        fronts.check_url(target)
    outputs = Outputs(
        {option.attribute: _text(config, option.name) for option in REPORTS},
        _text(config, "--waivers"),
        _text(config, "--write-waivers"),
    )
    outputs.check()
    fail_on = _text(config, "--fail-on") or "must"
    if fail_on not in ("must", "should"):
        raise UsageError(f"--fail-on {fail_on}: expected must or should")
    cassettes = _cassettes(config, target)
    # What is played was asked by a run that was told this; told otherwise, a run asks other questions.
    told = cassettes.tape().recorded_with if cassettes is not None else None
    aliases = fronts.read_aliases(_texts(config, "--alias"))
    return Settings(
        target=target,
        client=_text(config, "--client"),
        api_key=fronts.check_key(_text(config, "--api-key") or os.environ.get("ANTHROPIC_API_KEY")),
        aliases=aliases or (dict(told.aliases) if told else {}),
        headers=fronts.read_headers(_texts(config, "--header")),
        timeout_seconds=_number(config, "--timeout", float, DEFAULT_TIMEOUT_SECONDS, least=0.001, most=3600),
        run=RunOptions(
            fail_on=cast(Literal["must", "should"], fail_on),
            strict=bool(config.getoption("--strict", False)),
            seed=_number(config, "--seed", int, told.seed if told else 0),
            only=_only(config),
        ),
        requests=_number(config, "--max-requests", int, told.max_requests if told else None, least=1),
        examples=_number(config, "--examples", int, told.examples if told else None, least=0),
        outputs=outputs,
        cassettes=cassettes,
    )


def _only(config: pytest.Config) -> tuple[str, ...]:
    """The globs of `--only`: both suites may be collected, and each needs a match of its own where it is."""
    globs = _texts(config, "--only")
    return fronts.check_only(globs, "client" if _text(config, "--client") is not None else "server")


def _cassettes(config: pytest.Config, target: str | None) -> Cassettes | None:
    """The cassettes of the run, None where it goes to the server and keeps nothing. Raises UsageError.

    The options of pytest-recording mean what they mean there: without --record-mode, --block-network leaves
    only what is recorded, and --disable-recording leaves no recordings.
    """
    folder, mode = _text(config, "--cassettes"), config.getoption("--record-mode", None)
    blocked = config.getoption("--block-network", False)
    if config.getoption("--disable-recording", False):
        if blocked or folder is not None:
            raise UsageError("--disable-recording goes with neither --cassettes nor --block-network")
        return None
    if folder is None and mode is None and not blocked:
        return None
    from models_conformance.probing.tape import MODES
    from models_conformance.recordings.taping import open_cassettes

    if folder == "":
        raise UsageError("--cassettes needs the name of a folder")
    mode = mode or "none"
    if mode not in MODES:
        raise UsageError(f"--record-mode {mode}: expected {', '.join(MODES)}")
    if folder is not None:
        path = Path(config.invocation_params.dir, folder)
    else:
        shared = Path(config.invocation_params.dir, "cassettes")
        path = shared / _folder_name(target)
        # `record URL -o cassettes` keeps one target's recordings without a folder of their own.
        if not path.exists() and any(shared.glob("*.yaml")):
            path = shared
    return open_cassettes(path, mode, "--cassettes")


def _folder_name(target: str | None) -> str:
    """A name for an endpoint's recordings: host, port and path, as far as its URL has them."""
    if target is None:
        return "reference"
    split = urlsplit(target)
    path = split.path.rstrip("/").removesuffix("/models").removesuffix("/v1")
    words = [split.hostname or "", str(split.port or ""), *path.split("/")]
    return re.sub(r"[^A-Za-z0-9.-]", "_", "_".join(word for word in words if word))


def _value(config: pytest.Config, option: str) -> Any:
    """The value of our option, or of another plugin's of the same name. None where it is not given."""
    value = config.getoption(destination(option), _MISSING)
    if value is _MISSING:
        value = config.getoption(option, None)
    return None if value is False else value


def _text(config: pytest.Config, option: str) -> str | None:
    value = _value(config, option)
    return None if value is None else str(value)


def _texts(config: pytest.Config, option: str) -> tuple[str, ...]:
    value = _value(config, option)
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def _number(
    config: pytest.Config,
    option: str,
    convert: Callable[[str], Number],
    default: Default,
    *,
    least: float = float("-inf"),
    most: float = float("inf"),
) -> Number | Default:
    text = _text(config, option)
    if text is None:
        return default
    try:
        number = convert(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: expected a number") from error
    if not least <= number <= most:
        raise UsageError(f"{option} {text}: out of range, expected {least:g} to {most:g}")
    return number
