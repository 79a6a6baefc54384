"""Undoing a content coding, piece by piece: bounded, and strict about how the coded body ends.

HTTP libraries stop at the end of what they can decode and say nothing of a stream cut short or followed by
junk; a client that checks would fail on both.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

_GZIP = frozenset({"gzip", "x-gzip"})
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_PIECE_BYTES = 1 << 16


class NotAsCoded(ValueError):
    """The body is not what content-encoding says; the message says how."""


def decoded(chunks: Iterable[bytes], coding: str | None) -> Iterator[bytes]:
    """The pieces of a body with its content coding undone, each at most 64 KiB. Raises NotAsCoded.

    gzip (of any number of members, RFC 1952, 2.2) and deflate (in zlib's wrapper, RFC 9110, 8.4.1.2, or bare,
    as some servers send it) are known; others were not asked for and are refused.
    """
    name = (coding or "").strip().lower()
    if name in ("", "identity"):
        yield from chunks
    elif name in _GZIP:
        yield from _inflated(chunks, _GZIP_WINDOW, name)
    elif name == "deflate":
        yield from _deflated(chunks)
    else:
        raise NotAsCoded(f"content-encoding {name!r} was not asked for")


def _deflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    source = iter(chunks)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= 2:
            break
    # The two bytes of zlib's header name its method and are divisible by 31 (RFC 1950, 2.2).
    wrapped = len(head) >= 2 and head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    yield from _inflated(chain((head,), source), zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, "deflate")


def _inflated(chunks: Iterable[bytes], window: int, name: str) -> Iterator[bytes]:
    inflater, started = zlib.decompressobj(window), False
    for chunk in chunks:
        rest = chunk
        while rest:
            if inflater.eof:
                if name not in _GZIP:
                    raise NotAsCoded(f"bytes follow the end of the {name} stream")
                inflater = zlib.decompressobj(window)
            started = True
            try:
                piece = inflater.decompress(rest, _PIECE_BYTES)
            except zlib.error as problem:
                raise NotAsCoded(f"not {name}: {problem}") from None
            if piece:
                yield piece
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if started and not inflater.eof:
        raise NotAsCoded(f"the {name} stream ends early")
