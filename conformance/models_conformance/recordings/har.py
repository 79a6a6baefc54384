"""HAR 1.2, the archive format of browsers and proxies. http://www.softwareishard.com/blog/har-12-spec/"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models_conformance.recordings.bodies import answer_of, from_base64, text_bytes
from models_conformance.recordings.entries import Entry, moment_of, read_headers, read_models_call, read_status
from models_conformance.recordings.plain import Members, Value
from models_conformance.recordings.problems import Location


def is_har(document: Value) -> bool:
    """Whether a document is an HTTP archive."""
    return isinstance(document, Members) and isinstance(document.get("log"), Members) and "entries" in document["log"]


def read_har(document: Members, where: Location) -> Iterator[Entry | None]:
    """Each entry, in order; None for one that is not a Models API call. Raises RecordingError."""
    log = document["log"]
    if document.is_repeated("log") or log.is_repeated("entries"):
        raise where.refused("log or its entries are there twice")
    entries = log["entries"]
    if not isinstance(entries, list):
        raise where.refused("the entries of the log are not a list")
    for number, entry in enumerate(entries, 1):
        yield _entry(entry, where.within(f"entry {number}"))


def _entry(entry: Value, where: Location) -> Entry | None:
    if not isinstance(entry, Members) or not isinstance(entry.get("request"), Members):
        raise where.refused("has no request")
    request = entry["request"]
    call = read_models_call(request.get("method"), request.get("url"), where)
    if call is None:
        return None
    call = replace(call, headers=read_headers(request.get("headers"), where))
    response = entry.get("response")
    # Browsers write status 0 where a request was blocked, aborted or never answered.
    if response is None or (isinstance(response, Members) and response.get("status") in ("0", "-1", None)):
        return Entry(where.position, call, None)
    if not isinstance(response, Members):
        raise where.refused("the response is not an object")
    headers = read_headers(response.get("headers"), where)
    return Entry(
        where.position,
        call,
        answer_of(read_status(response["status"], where), headers, _body(response, where), where),
        _seconds(entry.get("time")),
        moment_of(entry.get("startedDateTime"), headers),
    )


def _body(response: Members, where: Location) -> bytes | None:
    """The content, as it is kept. Exports without content have its size and mime type only."""
    content = response.get("content")
    if content is None:
        return None
    if not isinstance(content, Members):
        raise where.refused("the content of the response is not an object")
    text = content.get("text")
    if text is None and isinstance(content.get("_file"), str):
        # Playwright keeps bodies as files beside the archive, in one zip file.
        return where.attached(content["_file"])
    if text is None:
        # Nothing was sent, rather than not kept, where both sizes say so.
        return b"" if content.get("size") == response.get("bodySize") == "0" else None
    encoding = content.get("encoding")
    is_base64 = isinstance(encoding, str) and encoding.lower() == "base64"
    return from_base64(text, where) if is_base64 else text_bytes(text, where)


def _seconds(milliseconds: Value) -> float:
    """A duration; 0 where it is none that makes sense, such as -1 for "not known"."""
    try:
        seconds = float(milliseconds) / 1000 if isinstance(milliseconds, str) else 0.0
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < 86_400 else 0.0
