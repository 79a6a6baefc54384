"""HAR 1.2, the archive format of browsers and proxies. http://www.softwareishard.com/blog/har-12-spec/"""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.recordings.bodies import from_base64, plain, text_bytes
from models_conformance.recordings.entries import (
    Answer,
    Entry,
    is_models_call,
    moment_of,
    read_headers,
    read_request,
    read_status,
    seconds_of,
    without_placeholders,
)
from models_conformance.recordings.packing import Attached
from models_conformance.recordings.plain import Members, Value
from models_conformance.recordings.problems import Budget, RecordingError


def is_har(document: Value) -> bool:
    """Whether a document is an HTTP archive."""
    return isinstance(document, Members) and isinstance(document.get("log"), Members) and "entries" in document["log"]


def read_har(
    document: Members, path: str, budget: Budget, attached: Attached = lambda _: None
) -> Iterator[Entry | None]:
    """Each entry, in order; None for one that is no Models API call. Raises RecordingError."""
    log = document["log"]
    if document.is_repeated("log") or log.is_repeated("entries"):
        raise RecordingError(path, "", "log or its entries are there twice")
    entries = log["entries"]
    if not isinstance(entries, list):
        raise RecordingError(path, "", "the entries of the log are no list")
    for number, entry in enumerate(entries, 1):
        yield _entry(entry, path, f"entry {number}", budget, attached)


def _entry(entry: Value, path: str, position: str, budget: Budget, attached: Attached) -> Entry | None:
    if not isinstance(entry, Members) or not isinstance(entry.get("request"), Members):
        raise RecordingError(path, position, "has no request")
    request = entry["request"]
    call = read_request(request.get("method"), request.get("url"), (), path, position)
    if not is_models_call(call):
        return None
    sent = read_headers(request.get("headers"), path, position)
    spec = read_request(call.method, call.url, sent, path, position)
    response = entry.get("response")
    # Browsers write status 0 where a request was blocked, aborted or never answered.
    if response is None or (isinstance(response, Members) and response.get("status") in ("0", "-1", None)):
        return Entry(position, spec, None)
    if not isinstance(response, Members):
        raise RecordingError(path, position, "the response is no object")
    headers = read_headers(response.get("headers"), path, position)
    return Entry(
        position,
        spec,
        Answer(
            read_status(response["status"], path, position),
            without_placeholders(headers),
            _body(response, headers, path, position, budget=budget, attached=attached),
        ),
        # Milliseconds, with -1 for "not known".
        seconds_of(entry.get("time"), 1e-3),
        moment_of(entry.get("startedDateTime"), headers),
    )


def _body(
    response: Members,
    headers: tuple[tuple[str, str], ...],
    path: str,
    position: str,
    *,
    budget: Budget,
    attached: Attached,
) -> bytes | None:
    """The content. Exports without content have its size and mime type only."""
    content = response.get("content")
    if content is None:
        return None
    if not isinstance(content, Members):
        raise RecordingError(path, position, "the content of the response is no object")
    text = content.get("text")
    if text is None and isinstance(content.get("_file"), str):
        # Playwright keeps bodies as files beside the archive, in one zip file.
        kept = attached(content["_file"])
        return plain(kept, headers, budget, position) if kept is not None else None
    if text is None:
        # Nothing was sent, rather than not kept, where both sizes say so.
        return b"" if content.get("size") == response.get("bodySize") == "0" else None
    encoding = content.get("encoding")
    body = (
        from_base64(text, path, position)
        if isinstance(encoding, str) and encoding.lower() == "base64"
        else text_bytes(text, path, position)
    )
    return plain(body, headers, budget, position) if body is not None else None
