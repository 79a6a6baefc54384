"""The options of a pytest run as the engine takes them, whoever registered them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from models_conformance.errors import UsageError
from models_conformance.frontend import runs
from models_conformance.frontend.options import options_of
from models_conformance.frontend.values import Values, read_values
from models_conformance.suites.plugin import destination

if TYPE_CHECKING:
    from models_conformance.recordings.taping import Cassettes
    from models_conformance.scenarios.scenario import Scenario

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line asked for, checked. `scenario` is to be played alone."""

    values: Values
    cassettes: Cassettes | None = None
    scenario: Scenario | None = None


def read_settings(config: pytest.Config) -> Settings:
    """Read and check every option. Raises UsageError, in one line."""
    raw = {option.attribute: _given(config, option.attribute, option.pytest_name) for option in options_of("pytest")}
    values = read_values("pytest", raw, os.environ)
    client = values["client"]
    # Both suites may be collected, and each needs a match of its own where it is.
    runs.check(values, "server" if client is None else "client")
    if client is None or values["target"] is not None:
        runs.check_endpoint(values, values["target"])
    scenario = runs.check_client(values)
    cassettes = _cassettes(config, values)
    recorded_with = cassettes.tape().recorded_with if cassettes is not None else None
    if recorded_with is not None:
        # What is played was asked by a run with these options; with others, a run asks other questions.
        recorded = {
            "aliases": tuple(recorded_with.aliases.items()),
            "seed": recorded_with.seed,
            "max_requests": recorded_with.max_requests,
            "examples": recorded_with.examples,
        }
        values = replace(values, assumed={**values.assumed, **recorded})
    return Settings(values, cassettes, scenario)


def _given(config: pytest.Config, attribute: str, name: str) -> Any:
    """The value of our option, or of another plugin's of the same name. None where it is not given."""
    value = config.getoption(destination(attribute), _MISSING)
    return config.getoption(name, None) if value is _MISSING else value


def _cassettes(config: pytest.Config, values: Values) -> Cassettes | None:
    """The cassettes of the run, None where it goes to the server and keeps nothing. Raises UsageError.

    The options of pytest-recording mean what they mean there: without --record-mode, --block-network leaves
    only what is recorded, and --disable-recording leaves no recordings.
    """
    folder, mode = values["cassettes"], config.getoption("--record-mode", None)
    blocked = config.getoption("--block-network", False)
    if config.getoption("--disable-recording", False):
        if blocked or folder is not None:
            raise UsageError("--disable-recording goes with neither --cassettes nor --block-network")
        return None
    if folder is None and mode is None and not blocked:
        return None
    # Cassettes and their readers: most runs do without.
    from models_conformance.probing.tape import MODES
    from models_conformance.recordings.taping import open_cassettes

    mode = mode or "none"
    if mode not in MODES:
        raise UsageError(f"--record-mode {mode}: expected {', '.join(MODES)}")
    if folder is not None:
        path = Path(config.invocation_params.dir, folder)
    else:
        shared = Path(config.invocation_params.dir, "cassettes")
        path = shared / _folder_name(values["target"])
        # `record URL -o cassettes` keeps one target's recordings without a folder of their own.
        if not path.exists() and any(shared.glob("*.yaml")):
            path = shared
    return open_cassettes(path, mode, values.name("cassettes"))


def _folder_name(target: str | None) -> str:
    """A name for an endpoint's recordings: host, port and path, as far as its URL has them."""
    if target is None:
        return "reference"
    split = urlsplit(target)
    path = split.path.rstrip("/").removesuffix("/models").removesuffix("/v1")
    words = [split.hostname or "", str(split.port or ""), *path.split("/")]
    return re.sub(r"[^A-Za-z0-9.-]", "_", "_".join(word for word in words if word))
