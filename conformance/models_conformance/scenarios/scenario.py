"""A scenario as a value: one call, and the server that answers it.

The server is a catalogue behind the ideal server, spelled in one of the ways that JSON and HTTP allow, with
interventions: answers that replace the server's own for some requests of the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from models_conformance.evidence.driver_calls import CallSpec
from models_conformance.evidence.exchange import Headers

Framing = Literal["whole", "cut-body", "cut-chunk", "no-answer", "stall-before", "stall-within"]
Redirect = Literal["same-host", "other-host"]


@dataclass(frozen=True, slots=True)
class Intervention:
    """What becomes of the requests `first` to `last` of the call, counted from 1; `last` None is forever.

    What is None or empty is left as the server would have answered. `body` is text, sent as UTF-8; `keep` sends only
    that share of the body, correctly framed, so that JSON ends in its middle. `framing` breaks the transport: the
    body cut in its middle, short of its content-length or of its last chunk, no answer at all, or silence before or
    within it. `redirect` answers `status` (307 unless given) with a location on the same listener or on another host.
    `retry_at` adds `retry-after` as the date so many seconds after the answer, and `date`.
    """

    first: int = 1
    last: int | None = None
    status: int | None = None
    headers: Headers = ()
    body: str | None = None
    keep: float = 1.0
    framing: Framing = "whole"
    redirect: Redirect | None = None
    retry_at: int | None = None


@dataclass(frozen=True, slots=True)
class Spelling:
    """How an answer is written; none of it changes what it says.

    `ascii_only` escapes all non-ASCII text, `indent` spreads the JSON over lines, `reversed_keys` writes members in
    reverse order, `gzip` compresses for a client that accepts it, `chunked` leaves the length out, `close` ends the
    connection after the answer. `content_type` is the header's whole value.
    """

    ascii_only: bool = True
    indent: bool = False
    reversed_keys: bool = False
    gzip: bool = False
    chunked: bool = False
    close: bool = False
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class ServerScript:
    """What the server holds and how it answers.

    `models` are objects as they go over the wire, in list order. `aliases` map a name to an id among them.
    `page_sizes` caps the pages of the call one after the other, the last of them for all further ones: a page may be
    shorter than `limit` though more follow. Without it a page is as long as asked. `envelope` holds extra members of
    the list envelope. `prefix` is the path that base_url carries. `stuck` answers every list request with the first
    page and `has_more: true`, so that the cursor never moves. `request_id` says where an error's id stands.
    """

    models: tuple[Mapping[str, Any], ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    page_sizes: tuple[int, ...] = ()
    envelope: Mapping[str, Any] = field(default_factory=dict)
    prefix: str = ""
    stuck: bool = False
    request_id: Literal["both", "header", "body", "none"] = "both"
    spelling: Spelling = Spelling()
    interventions: tuple[Intervention, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One call against one server. `name` says what it shows; it is not part of what happens.

    `slow` marks a scenario that waits by design (a stalled body, `retry-after`), to be run at the same time as others.
    """

    name: str
    call: CallSpec
    server: ServerScript
    slow: bool = False
