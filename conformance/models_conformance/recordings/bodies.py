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
from models_conformance.evidence.redaction import is_placeholder
from models_conformance.recordings import files
from models_conformance.recordings.entries import Answer
from models_conformance.recordings.plain import Members, Value, json_text
from models_conformance.recordings.problems import Location

# Where a body is one of these members, base64 of its bytes (raw_gzip of their gzip).
_BASE64_NAMES = ("base64_string", "raw_gzip")


def recorded_bytes(body: Value, where: Location) -> bytes | None:
    """What a cassette stores as a body: text, bytes, or a mapping that holds it. None where it stores none.

    Raises RecordingError where it is something else, or base64 that is none.
    """
    if isinstance(body, Members):
        for name in _BASE64_NAMES:
            if body.get(name) is not None:
                return from_base64(body[name], where)
        # R vcr can write the body to a file beside the cassette, and its path in place of the body.
        if body.get("file") not in (None, False, "no", "false", "FALSE"):
            return None
        # DVR, and who edits a cassette by hand, keep the JSON value itself.
        if not {"string", "encoding", "file", *_BASE64_NAMES} & set(body) and body != {}:
            return text_bytes(json_text(body), where)
        body = body.get("string")
    return text_bytes(body, where)


def text_bytes(text: Value, where: Location) -> bytes | None:
    """Text as UTF-8, bytes as they are, None as None. Raises RecordingError for anything else.

    None, too, where the text is not Unicode text: half a surrogate pair is what was left of bytes that the
    recorder took for text, and they are lost.
    """
    if text is None or isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        raise where.refused("the body is neither text nor bytes")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return None


def from_base64(text: Value, where: Location) -> bytes:
    """The bytes, blanks and line ends left out of account. Raises RecordingError where it is not base64.

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
    raise where.refused("the body is marked as base64 and is not")


def kept_answer(status: int, headers: Headers, body: bytes | None, where: Location) -> Answer:
    """The answer that a recorder made for tests has kept. Raises RecordingError where its body is too much to unpack.

    An empty text is also what filters leave of a body, and what R vcr writes for one it has not kept.
    """
    return answer_of(status, headers, body if body or header(headers, "content-length") == "0" else None, where)


def answer_of(status: int, headers: Headers, body: bytes | None, where: Location) -> Answer:
    """The answer, its body without content coding, and without the headers whose value was redacted.

    Raises RecordingError where its body is too much to unpack.
    """
    kept = tuple((name, value) for name, value in headers if not is_placeholder(value))
    return Answer(status, kept, None if body is None else _plain(body, headers, where))


def _plain(body: bytes, headers: Headers, where: Location) -> bytes | None:
    """The body without its content coding; None where it is coded and cannot be decoded.

    That proves nothing against the server: the recorder may have turned coded bytes into text and back.
    Raises RecordingError where it unpacks to more than the budget holds.
    """
    where.spend(len(body))
    codings = [
        coding.strip().lower()
        for line in header_values(headers, "content-encoding")
        for coding in line.split(",")
        if coding.strip()
    ]
    # JSON never starts like gzip, so the magic number alone will do.
    if body.startswith(files.GZIP_MAGIC):
        return _inflated(body, files.GZIP_WINDOW, where)
    if _is_text(body):
        return body
    if "deflate" in codings:
        wrapped = _inflated(body, zlib.MAX_WBITS, where)
        return wrapped if wrapped is not None else _inflated(body, -zlib.MAX_WBITS, where)
    known = all(coding == "identity" for coding in codings)
    return body if known else None


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    # No JSON text holds a NUL byte; deflate and brotli can come out as valid UTF-8 by accident.
    return b"\x00" not in body


def _inflated(body: bytes, window: int, where: Location) -> bytes | None:
    """The whole stream, None where it is damaged or ends early."""
    try:
        return files.inflated(body, window, where.spend)[0]
    except (EOFError, zlib.error):
        return None
