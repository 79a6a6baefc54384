"""What a user names that is more than a value: an endpoint, requirements, a scenario, files to keep.

Every problem is a UsageError of one line. A frontend must start fast, and knows bad input before a run: what only a run
needs (HTTP, the reference server, the readers of scenarios and recordings) is imported by the function that needs it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from models_conformance.errors import UsageError
from models_conformance.evidence.public_names import looks_random
from models_conformance.evidence.redaction import Redactor
from models_conformance.frontend.extras import require
from models_conformance.frontend.outputs import Complain, attempt
from models_conformance.requirements.register import Requirement, UnknownRequirement, areas, every_requirement, select
from models_conformance.support import files
from models_conformance.support.reading import UnreadableError, read_bounded, read_stream
from models_conformance.support.suggestions import did_you_mean
from models_conformance.support.text import printable

if TYPE_CHECKING:
    from models_conformance.contract.model import Contract
    from models_conformance.evidence.exchange import Trace
    from models_conformance.scenarios.scenario import Scenario


# What stands between the slashes and the path, or begins a URL without a scheme.
_AUTHORITY = re.compile(r"(?:[^/?#]*//)?([^/?#]*)")
_EXPECTED_URL = "expected one like https://api.anthropic.com"
# A shorter key may be a part of any URL.
_LONG_KEY = 12


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a run goes, with the credential and the aliases that are known there already."""

    url: str
    api_key: str | None
    aliases: Mapping[str, str | None] = field(default_factory=dict)


@contextmanager
def endpoint(
    url: str | None,
    api_key: str | None,
    models: int | None = None,
    faults: Sequence[str] = (),
    contract: Contract | None = None,
) -> Iterator[Endpoint]:
    """The endpoint at `url`, or without one the reference server, which runs while the context lasts.

    Raises UsageError: an unknown fault, or the reference server is not installed.
    """
    if url is not None:
        yield Endpoint(url, api_key)
        return
    require("serve", "the reference server")
    # The reference server with all its faults, and what serves it: most runs do without, and it is an extra.
    from models_conformance.reference.registry import IDEAL
    from models_conformance.reference.server.ideal import REFERENCE_KEY
    from models_conformance.reference.server.serving import behaviour_named, running

    behaviour = behaviour_named(faults or IDEAL, models, contract)
    catalogue = behaviour.catalogue
    # An alias of a retired model is legal, but a declared alias is expected to answer with a listed id.
    aliases = {name: target for name, target in catalogue.aliases.items() if catalogue.position(target) is not None}
    with running(behaviour) as reference:
        yield Endpoint(reference.url, reference.api_key or REFERENCE_KEY, aliases)


def check_url(url: str, api_key: str | None = None, options: str = "--api-key or --header") -> str:
    """The URL, where a run can be made of it; `options` take credentials.

    Raises UsageError for what is not an http(s) URL, and for a URL that holds credentials or the key (they would be in
    every report), a query or a fragment (they would be dropped). The message shows no part that may be a secret.
    """
    named = f"URL {_shown(url)}" if _shown(url) else "the URL"
    authority = _AUTHORITY.match(url)
    if authority is not None and "@" in authority[1]:
        raise UsageError(f"the URL holds a user name or password; give credentials with {options}")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError(f"{named} holds characters that no URL may hold; {_EXPECTED_URL}")
    try:
        parts = urlsplit(url)
        # Reading the port is what checks it.
        _ = parts.port
    except ValueError as error:
        why = f" ({error})" if _shown(url) else ""
        raise UsageError(f"{named} cannot be read{why}; {_EXPECTED_URL}") from None
    if problem := _no_base_url(url, parts):
        raise UsageError(f"{named} {problem}; {_EXPECTED_URL}")
    if parts.query or parts.fragment:
        raise UsageError("the URL holds a query or fragment; give the base URL alone, the part before it")
    if Redactor().text(url) != url or _holds(url, api_key or ""):
        raise UsageError(f"the URL holds a key, which would be in every report; give it with {options}")
    return url


def _holds(url: str, api_key: str) -> bool:
    return len(api_key) >= _LONG_KEY and api_key in unquote(url)


def _no_base_url(url: str, parts: SplitResult) -> str:
    if not parts.scheme or "://" not in url:
        return "has no scheme"
    if parts.scheme not in ("http", "https"):
        return "has another scheme than http and https"
    return "" if parts.hostname else "names no host"


def _shown(url: str) -> str:
    """A URL for a message; empty where a part of it may be a secret."""
    if set("@?#") & set(url) or Redactor().foreign_url(url) != url or looks_random(url):
        return ""
    return f"'{url}'" if url.isprintable() else ascii(url)


def check_only(patterns: Iterable[str], subject: str, name: str, contracts: Sequence[Contract] = ()) -> None:
    """Raises UsageError, with close matches, where a glob of the option `name` matches nothing about the subject."""
    for pattern in patterns:
        try:
            matching = select(subject, [pattern], contracts)
        except UnknownRequirement as error:
            raise UsageError(f"{name}: {error}{_close_matches(pattern)}") from error
        if not matching:
            raise UsageError(f"{name}: what matches '{pattern}' does not apply to {subject}s")


def requirement_named(name: str) -> Requirement:
    """The requirement of that id. Raises UsageError with close matches."""
    found = every_requirement().get(name)
    if found is None:
        raise UsageError(f"there is no requirement {name!a}{_close_matches(name)}")
    return found


def _close_matches(name: str) -> str:
    known = [*every_requirement(), *(area.name for area in areas())]
    return f"; {did_you_mean(name.strip('*'), known) or '`models-conformance requirements` lists them'}"


def trace_keeper(path: str, name: str, complain: Complain) -> Callable[[Trace], None]:
    """What writes a run's trace to the file of the option `name`, whole or not at all; `complain` is told if not."""
    # Traces as files: only a run that keeps one needs them.
    from models_conformance.recordings.trace_file import trace_lines

    return lambda trace: attempt(lambda: files.write(path, name, trace_lines(trace)), complain)


def read_scenario(source: str, name: str) -> Scenario:
    """The scenario of the option `name`: a file, or - for standard input. Raises UsageError."""
    # Scenarios and the schema of their files: only clients are judged with them.
    from models_conformance.scenarios import files as scenario_files

    most = scenario_files.MOST_BYTES
    try:
        data = read_stream(sys.stdin.buffer, most) if source == "-" else read_bounded(source, most)
        return scenario_files.read_scenario(data.decode("utf-8"), "standard input" if source == "-" else source)
    except UnreadableError as error:
        raise UsageError(f"{name}: {source}: {error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: {source} is not UTF-8") from error


def scenario_keeper(folder: Path, name: str, complain: Complain) -> Callable[[str, Scenario], None]:
    """What writes the smallest scenario of a finding to the folder of the option `name`; `complain` is told if it
    cannot."""
    # As above.
    from models_conformance.scenarios.files import scenario_text

    def write(requirement: str, scenario: Scenario) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{name} {printable(str(folder))}: {error.strerror}") from error
        files.write(str(folder / f"{requirement}.json"), name, scenario_text(scenario) + "\n")

    return lambda requirement, scenario: attempt(lambda: write(requirement, scenario), complain)
