"""A recorded body as the bytes that the client read: content coding removed, where the recorder has not.

Recorders keep `content-encoding` and store the body plain (R vcr, HAR), store it coded (vcrpy, Ruby VCR), or
drop the header and store it coded all the same. So what the body is decides, and the header only helps.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib

from models_conformance.evidence.exchange import Headers, header, header_values
from models_conformance.recordings.entries import Answer, without_placeholders
from models_conformance.recordings.packing import inflated
from models_conformance.recordings.plain import Members, Value, json_text
from models_conformance.recordings.problems import Budget, RecordingError

_GZIP_MAGIC = b"\x1f\x8b"
# Where a body is one of these members, base64 of its bytes (raw_gzip of their gzip).
_BASE64_NAMES = ("base64_string", "raw_gzip")


def recorded_bytes(body: Value, path: str, position: str) -> bytes | None:
    """What a cassette stores as a body: text, bytes, or a mapping that holds it. None where it stores none.

    Raises RecordingError where it is something else, or base64 that is none.
    """
    if isinstance(body, Members):
        for name in _BASE64_NAMES:
            if body.get(name) is not None:
                return from_base64(body[name], path, position)
        # R vcr can write the body to a file beside the cassette, and its path in place of the body.
        if body.get("file") not in (None, False, "no", "false", "FALSE"):
            return None
        # DVR, and who edits a cassette by hand, keep the JSON value itself.
        if not {"string", "encoding", "file", *_BASE64_NAMES} & set(body) and body != {}:
            return text_bytes(json_text(body), path, position)
        body = body.get("string")
    return text_bytes(body, path, position)


def text_bytes(text: Value, path: str, position: str) -> bytes | None:
    """Text as UTF-8, bytes as they are, None as None. Raises RecordingError for anything else.

    None, too, where the text is no Unicode text: half a surrogate pair is what was left of bytes that the
    recorder took for text, and they are lost.
    """
    if text is None or isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        raise RecordingError(path, position, "the body is neither text nor bytes")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return None


def from_base64(text: Value, path: str, position: str) -> bytes:
    """The bytes, blanks and line ends left out of account. Raises RecordingError where it is no base64.

    Polly.JS keeps what came compressed as a JSON list of pieces, each in base64.
    """
    if isinstance(text, bytes):
        return text
    if isinstance(text, str):
        try:
            pieces = json.loads(text) if text.startswith("[") else [text]
            return b"".join(base64.b64decode("".join(piece.split()), validate=True) for piece in pieces)
        except (binascii.Error, ValueError, AttributeError, RecursionError):
            pass
    raise RecordingError(path, position, "the body is said to be base64 and is not")


def kept_answer(status: int, headers: Headers, body: bytes | None, budget: Budget, position: str) -> Answer:
    """The answer that a recorder made for tests has kept. Raises RecordingError where its body is too much to unpack.

    An empty text is also what filters leave of a body, and what R vcr writes for one it has not kept.
    """
    is_kept = body is not None and (body or header(headers, "content-length") == "0")
    return Answer(
        status,
        without_placeholders(headers),
        plain(body, headers, budget, position) if body is not None and is_kept else None,
    )


def plain(body: bytes, headers: Headers, budget: Budget, position: str) -> bytes | None:
    """The body without its content coding; None where it is coded and cannot be decoded.

    That proves nothing against the server: the recorder may have turned coded bytes into text and back.
    Raises RecordingError where it unpacks to more than the budget holds.
    """
    budget.spend(len(body), position)
    codings = [
        coding.strip().lower()
        for line in header_values(headers, "content-encoding")
        for coding in line.split(",")
        if coding.strip()
    ]
    # JSON never starts like gzip, so the magic number alone will do.
    if body.startswith(_GZIP_MAGIC):
        return _inflated(body, 16 + zlib.MAX_WBITS, budget, position)
    if _is_text(body):
        return body
    if "deflate" in codings:
        wrapped = _inflated(body, zlib.MAX_WBITS, budget, position)
        return wrapped if wrapped is not None else _inflated(body, -zlib.MAX_WBITS, budget, position)
    known = all(coding == "identity" for coding in codings)
    return body if known else None


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    # No JSON text holds a NUL byte; deflate and brotli can come out as valid UTF-8 by accident.
    return b"\x00" not in body


def _inflated(body: bytes, window: int, budget: Budget, position: str) -> bytes | None:
    """The whole stream, None where it is damaged or ends early."""
    try:
        return inflated(body, window, lambda count: budget.spend(count, position))
    except (EOFError, zlib.error):
        return None
