"""An answer on its way out: its bytes, and how far they go."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from conformance.evidence.exchange import Failure, Headers, Response
from conformance.scenarios.scenario import Framing, Redirect

_FAILURES: dict[Framing, Failure] = {
    "cut-body": Failure("disconnect", "closed in the middle of the body, short of its content-length"),
    "cut-chunk": Failure("disconnect", "closed in the middle of the body, before its last chunk"),
    "no-answer": Failure("disconnect", "closed without an answer"),
    "stall-before": Failure("timeout", "silent, with the connection open"),
    "stall-within": Failure("timeout", "silent after half of the body, with the connection open"),
}
# A reader that needs no last chunk to know that a JSON value has ended loses nothing, so data is missing too.
_HALVED = frozenset[Framing]({"cut-body", "cut-chunk", "stall-within"})
# What a broken framing comes to where there is no body to break off.
_WITHOUT_BODY: dict[Framing, Framing] = {
    "cut-body": "no-answer",
    "cut-chunk": "no-answer",
    "stall-within": "stall-before",
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`body` is as it goes over the wire, gzip included; `headers` are all but those that frame it.

    `bodiless` are answers that have no body by their method or status. Where `redirect` is set, the face that sends
    the answer adds the `location`.
    """

    status: int
    headers: Headers
    body: bytes
    gzipped: bool
    framing: Framing
    chunked: bool
    close: bool
    bodiless: bool
    redirect: Redirect | None

    @property
    def broken(self) -> Framing:
        """The framing as it can be done: a body that is empty cannot be cut, so the answer is missing instead."""
        return self.framing if self.body else _WITHOUT_BODY.get(self.framing, self.framing)

    @property
    def failure(self) -> Failure | None:
        """How the transport is broken, if it is."""
        return _FAILURES.get(self.broken)

    @property
    def silent(self) -> bool:
        """Whether nothing at all goes out."""
        return self.broken in {"no-answer", "stall-before"}

    @property
    def stalls(self) -> bool:
        """Whether the connection stays open with the answer unfinished."""
        return self.broken in {"stall-before", "stall-within"}

    @property
    def closes(self) -> bool:
        """Whether the connection ends after what goes out."""
        return self.close or self.broken in {"cut-body", "cut-chunk", "no-answer"}

    @property
    def part(self) -> bytes:
        """What goes out of `body`."""
        return self.body[: len(self.body) // 2] if self.broken in _HALVED else self.body

    def response(self, headers: Headers) -> Response | None:
        """What the client can have seen, the content coding removed, given the headers that went out."""
        if self.silent:
            return None
        plain = zlib.decompressobj(wbits=31).decompress(self.part) if self.gzipped else self.part
        return Response(self.status, headers, plain)
