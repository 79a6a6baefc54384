"""What the command line and the pytest plugin share: reading what a user wrote, writing what they asked for.

Every problem is a UsageError of one line. Nothing heavy is imported here: a front must start fast.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models_conformance.engine.options import ServerOptions
from models_conformance.errors import UsageError
from models_conformance.requirements.register import Requirement, UnknownRequirement, areas, register, select

if TYPE_CHECKING:
    from models_conformance.evidence.exchange import Trace
    from models_conformance.recordings.taping import Cassettes
    from models_conformance.result import Result

# RFC 9110, 5.6.2: what a header name is made of.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# RFC 9110, 5.5: what every recipient accepts in a header value.
_VALUE = re.compile(r"[\t\x20-\x7e]*")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a run goes, with the credential and the aliases that are known there without being told."""

    url: str
    api_key: str | None
    aliases: Mapping[str, str | None] = field(default_factory=dict)


@contextmanager
def endpoint(
    url: str | None, api_key: str | None, models: int | None = None, fault: str | None = None
) -> Iterator[Endpoint]:
    """The endpoint at `url`, or without one the reference server, which runs while the context lasts.

    Raises UnknownFault, a UsageError.
    """
    if url is not None:
        yield Endpoint(url, api_key)
        return
    from models_conformance.reference.server.ideal import REFERENCE_KEY
    from models_conformance.reference.server.serving import IDEAL, behaviour_named, running

    behaviour = behaviour_named(fault or IDEAL, models)
    catalogue = behaviour.catalogue
    # An alias of a retired model is legal, but a declared alias is expected to answer with a listed id.
    aliases = {name: target for name, target in catalogue.aliases.items() if catalogue.position(target) is not None}
    with running(behaviour) as reference:
        yield Endpoint(reference.url, reference.api_key or REFERENCE_KEY, aliases)


def check_url(url: str) -> str:
    """The URL, where a run can be made of it.

    Raises UsageError for what is no http(s) URL, and for a URL that holds credentials (they would be in every
    report), a query or a fragment (they would be dropped).
    """
    shown = f"'{url}'" if url.isprintable() else ascii(url)
    expected = "expected one like https://api.anthropic.com"
    if not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError(f"URL {shown} holds characters that no URL may hold; {expected}")
    try:
        parts = urlsplit(url)
        # Reading the port is what checks it.
        _ = parts.port
    except ValueError as error:
        raise UsageError(f"URL {shown} cannot be read ({error}); {expected}") from error
    if "@" in parts.netloc:
        raise UsageError("the URL holds a user name or password; give credentials with --api-key or --header")
    if not parts.scheme or "://" not in url:
        raise UsageError(f"URL {shown} has no scheme; {expected}")
    if parts.scheme not in ("http", "https"):
        raise UsageError(f"URL {shown} has the scheme {parts.scheme}; {expected}")
    if not parts.hostname:
        raise UsageError(f"URL {shown} names no host; {expected}")
    if parts.query or parts.fragment:
        raise UsageError(f"URL {shown} holds a query or fragment; give the base URL alone, such as {_base(url)}")
    return url


def _base(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]


def check_key(key: str | None) -> str | None:
    """The API key, None where it is empty. Raises UsageError, which does not show the key."""
    if key and not (_VALUE.fullmatch(key) and key == key.strip()):
        raise UsageError("the API key holds blanks at an end, control characters or non-ASCII characters")
    return key or None


def read_headers(lines: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """`--header` lines as pairs. Raises UsageError, which shows the name only: a value may be a secret."""
    return tuple(_read_header(line) for line in lines)


def _read_header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise UsageError("--header: there is no colon in it; expected 'Name: value'")
    if not _TOKEN.fullmatch(name):
        raise UsageError(f"--header: {name!a} is no header name; expected 'Name: value'")
    if not _VALUE.fullmatch(value):
        raise UsageError(f"--header: the value of {name} holds control characters or non-ASCII characters")
    return name, value.strip()


def read_aliases(words: Iterable[str]) -> dict[str, str | None]:
    """`--alias` words, `NAME` or `NAME=ID`, as a mapping. Raises UsageError."""
    aliases: dict[str, str | None] = {}
    for word in words:
        name, equals, model_id = word.partition("=")
        if not name or (equals and not model_id):
            raise UsageError(f"--alias {word!a}: expected NAME or NAME=ID")
        target = model_id or None
        if name in aliases and aliases[name] != target:
            raise UsageError(f"--alias {name!a} is given twice, with different ids")
        aliases[name] = target
    return aliases


def check_only(patterns: Iterable[str], subject: str = "server") -> tuple[str, ...]:
    """The globs of `--only`. Raises UsageError, with close matches, for one that matches nothing."""
    wanted = tuple(patterns)
    for pattern in wanted:
        try:
            matching = select(subject, [pattern])
        except UnknownRequirement as error:
            raise UsageError(f"--only: {error}{_close_matches(pattern)}") from error
        if not matching:
            raise UsageError(f"--only: what matches '{pattern}' does not apply to {subject}s")
    return wanted


def requirement_named(name: str) -> Requirement:
    """The requirement of that id. Raises UsageError with close matches."""
    found = register().get(name)
    if found is None:
        raise UsageError(f"there is no requirement {name!a}{_close_matches(name)}")
    return found


def _close_matches(name: str) -> str:
    known = [*register(), *(area.name for area in areas())]
    close = get_close_matches(name.strip("*"), known, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(close)}?" if close else "; `models-conformance requirements` lists them"


def trace_keeper(path: str) -> Callable[[Trace], None]:
    """What writes a run's trace to a file, whole or not at all. It raises UsageError where that fails."""
    from models_conformance.recordings.trace_file import trace_text
    from models_conformance.support import files

    return lambda trace: files.write(path, "--trace", trace_text(trace))


def judge_on_tape(options: ServerOptions, cassettes: Cassettes) -> tuple[Result, list[Path]]:
    """Run the suite over a tape and keep what it recorded; the files that were written.

    Raises UsageError, as `judge_server` does and where the cassettes cannot be written.
    """
    from models_conformance.engine.server import judge_server
    from models_conformance.probing.tape import RecordedWith

    tape = cassettes.tape()
    result = judge_server(replace(options, tape=tape))
    run = options.run
    told = RecordedWith(run.seed, run.examples, run.max_requests, options.aliases, tape.credential)
    return result, cassettes.save(tape, told)
