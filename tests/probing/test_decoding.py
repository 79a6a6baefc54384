"""Content codings are undone exactly, in bounded pieces, and what is cut short or followed by junk is refused."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.probing.decoding import NotAsCoded, decoded

BODIES = st.binary(max_size=3000)


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def bare(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


@given(BODIES, st.integers(1, 400), st.sampled_from(["gzip", "x-gzip", "GZip", "deflate", "bare", None, "identity"]))
def test_every_coding_is_undone_however_it_is_cut_into_chunks(body: bytes, size: int, coding: str | None) -> None:
    known = (coding or "").lower()
    sent = gzip.compress(body) if "gzip" in known else zlib.compress(body) if known == "deflate" else body
    sent = bare(body) if known == "bare" else sent
    name = "deflate" if known == "bare" else coding
    assert b"".join(decoded(pieces(sent, size), name)) == body


@given(BODIES, BODIES, st.integers(1, 50))
def test_members_of_a_gzip_body_follow_one_another(first: bytes, second: bytes, size: int) -> None:
    sent = gzip.compress(first) + gzip.compress(second)
    assert b"".join(decoded(pieces(sent, size), "gzip")) == first + second


@given(BODIES, st.integers(1, 20), st.sampled_from(["gzip", "deflate"]))
def test_a_stream_cut_short_is_refused(body: bytes, missing: int, coding: str) -> None:
    sent = gzip.compress(body) if coding == "gzip" else zlib.compress(body)
    kept = sent[: max(2, len(sent) - missing)]
    with pytest.raises(NotAsCoded):
        list(decoded([kept], coding))


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_bytes_after_the_stream_are_refused(coding: str) -> None:
    sent = gzip.compress(b"{}") if coding == "gzip" else zlib.compress(b"{}")
    with pytest.raises(NotAsCoded):
        list(decoded([sent + b"junk"], coding))


def test_a_coding_nobody_asked_for_is_refused() -> None:
    with pytest.raises(NotAsCoded, match="br"):
        list(decoded([b"{}"], "br"))


def test_pieces_of_a_bomb_stay_small() -> None:
    assert max(map(len, decoded([gzip.compress(b"0" * 20_000_000)], "gzip"))) <= 1 << 16


def test_an_empty_body_may_carry_any_known_coding() -> None:
    assert list(decoded([], "gzip")) == []
    assert b"".join(decoded([], "deflate")) == b""
