"""Questions to a server, as values: what is asked, before any URL, key or socket is known.

It is written down the way it will be sent; nothing here decides whether it is a legal question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, unquote

from models_conformance.evidence.targets import CURSORS

BetaForm = Literal["comma", "comma-blank", "lines"]
CredentialKind = Literal[
    "default", "key", "bearer", "bearer-in-small-letters", "wrong", "wrong-bearer", "foreign", "none", "empty"
]

_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Twice what servers are asked to take (RFC 9110, 4.1: 8,000 octets), in characters before they are percent-encoded.
_LONGEST_TARGET = 16_000
# Controls, and what is not text in UTF-8.
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ufffd\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RequestSpec:
    """One request. `query` holds decoded pairs in order; `path` is raw and relative to `/v1/models`.

    `betas` None sends no beta header, an empty tuple an empty one. `version` "default" is the documented
    one, None sends none. `headers` are further ones. `title_case` writes header names `Like-This`.
    """

    query: tuple[tuple[str, str], ...] = ()
    path: str = ""
    betas: tuple[str, ...] | None = None
    beta_form: BetaForm = "comma"
    method: str = "GET"
    credential: CredentialKind = "default"
    version: str | None = "default"
    headers: tuple[tuple[str, str], ...] = ()
    title_case: bool = False

    @property
    def target(self) -> str:
        """Path suffix and query, percent-encoded."""
        pairs = "&".join(f"{encode(name)}={encode(value)}" for name, value in self.query)
        return self.path + (f"?{pairs}" if pairs else "")

    @property
    def beta_lines(self) -> tuple[str, ...]:
        """The values of the beta header's lines."""
        if self.betas is None:
            return ()
        if self.beta_form == "lines":
            return self.betas
        return ((", " if self.beta_form == "comma-blank" else ",").join(self.betas),)

    def with_betas(self, *betas: str, form: BetaForm = "comma") -> RequestSpec:
        """The same question with these betas."""
        return replace(self, betas=betas, beta_form=form)


def encode(text: str) -> str:
    """Percent-encode everything but RFC 3986's unreserved characters; lone surrogates pass as raw bytes."""
    return quote(octets(text), safe="")


def octets(text: str) -> bytes:
    """UTF-8, the bytes that `surrogateescape` made surrogates as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # A server may list half a surrogate pair as an id; these bytes are the nearest that can be sent.
        return text.encode("utf-8", "surrogatepass")


def literal(text: str) -> str:
    """Percent-encode only what a path segment cannot hold (RFC 3986, 3.3): some clients escape no more."""
    return quote(octets(text), safe="-._~!$&'()*+,;=:@")


def list_request(
    limit: int | str | None = None,
    after: str | None = None,
    before: str | None = None,
    betas: tuple[str, ...] | None = None,
) -> RequestSpec:
    """A list request. Parameters that are None are absent."""
    query = [*zip(CURSORS, (after, before), strict=True), ("limit", None if limit is None else str(limit))]
    return RequestSpec(tuple((name, value) for name, value in query if value is not None), betas=betas)


def page_request(limit: int | None, cursor: str | None, *, backward: bool) -> RequestSpec:
    """A request of a walk: for the page before the cursor where it goes backward, else for the one after it."""
    return list_request(limit=limit, before=cursor) if backward else list_request(limit=limit, after=cursor)


def retrieve_request(model_id: str) -> RequestSpec:
    """A retrieval, the id percent-encoded as one path segment."""
    return RequestSpec(path="/" + encode(model_id))


def is_too_long(spec: RequestSpec) -> bool:
    """Whether no server has to take it: an id or a cursor of the server's own is that long."""
    return len(spec.path) + sum(len(name) + len(value) for name, value in spec.query) > _LONGEST_TARGET


def is_plain(spec: RequestSpec) -> bool:
    """Whether it is read with the ordinary credential and version, and nothing beside them but betas."""
    ordinary = spec.credential == "default" and spec.version == "default" and spec.method == "GET"
    return ordinary and not spec.headers and not spec.title_case


def goes_alone(spec: RequestSpec) -> bool:
    """Whether it must not meet another request: it may upset a connection or what stands in front of the server."""
    if is_too_long(spec):
        return True
    texts = [unquote(spec.path), *(value for _, value in spec.query), *(spec.betas or ())]
    return (
        spec.method != "GET"
        or spec.title_case
        or spec.path == "/"
        or bool(_BROKEN_ESCAPE.search(spec.path))
        or any(_UNREADABLE.search(text) for text in texts)
    )
