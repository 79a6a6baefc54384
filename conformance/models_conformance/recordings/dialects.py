"""Reading one recording file: its format is recognised from its content, never from its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models_conformance.evidence.exchange import Trace
from models_conformance.recordings import cassettes, files, har, trace_file
from models_conformance.recordings.entries import Entry
from models_conformance.recordings.plain import Value, read_json, read_yaml
from models_conformance.recordings.problems import MAX_EXCHANGES, Budget, RecordingError

# What a cassette or an archive says near its beginning or at the start of a line, also where it is damaged.
_YAML_MARK = re.compile(r"^[-{ \t]*[\"']?(?:http_)?interactions[\"']?[ \t]*:", re.MULTILINE)
_JSON_MARK = re.compile(r"\"(?:http_interactions|interactions|log)\"\s*:")
_JSON_START = re.compile(r"\s*(?:\{\s*[\"}]|\[)")
_UNKNOWN = "no recording: neither a cassette of vcrpy, Ruby VCR, go-vcr or R vcr, nor a HAR archive, nor a trace"


@dataclass(frozen=True, slots=True)
class Recording:
    """What one file holds of the Models API: `entries` of a recorder, or a `trace` of this suite.

    `others` counts the exchanges that are calls of something else. `is_archive`: whether it is what a browser or a
    proxy saw, as it was; what is recorded for tests is made free of what changes with each run.
    """

    path: str
    entries: tuple[Entry, ...] = ()
    trace: Trace | None = None
    others: int = 0
    is_archive: bool = False


def read_recording(path: str | Path) -> Recording:
    """Read a file. Raises RecordingError, also where it is no recording."""
    found = read_found(files.Found(Path(path), named=True))
    if found is None:
        raise RecordingError(str(path), "", _UNKNOWN)
    return found


def read_found(found: files.Found) -> Recording | None:
    """Read a file that was named or met in a folder; None for one met there that is no recording at all.

    Raises RecordingError for one that cannot be read, and for one that was named and is no recording.
    """
    path = str(found.path)
    data = files.read(found.path)
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as problem:
        if found.named:
            raise RecordingError(path, f"byte {problem.start}", "no text in UTF-8") from None
        return None
    if trace_file.is_trace(text):
        return Recording(path, trace=_bounded(trace_file.parse_trace(text, path), path))
    documents = _documents(text, path, found.named)
    if not documents or not all(map(_is_known, documents)):
        if found.named:
            raise RecordingError(path, "", "is empty" if not text.strip() else _UNKNOWN)
        return None
    return _collected(_entries(documents, path), path, is_archive=all(map(har.is_har, documents)))


def _documents(text: str, path: str, named: bool) -> list[Value]:
    """The documents of a text that may be a recording; none where it cannot be one. Raises RecordingError."""
    if _JSON_START.match(text):
        if not named and not _JSON_MARK.search(text):
            return []
        return [read_json(text, path)]
    if not _YAML_MARK.search(text):
        return []
    # A document of nothing is what a stray --- leaves.
    return [document for document in read_yaml(text, path) if document is not None]


def _is_known(document: Value) -> bool:
    return har.is_har(document) or cassettes.is_cassette(document)


def _entries(documents: Iterable[Value], path: str) -> Iterator[Entry | None]:
    budget = Budget(path)
    for document in documents:
        if har.is_har(document):
            yield from har.read_har(document, path, budget)
        else:
            yield from cassettes.read_cassette(document, path, budget)


def _collected(entries: Iterator[Entry | None], path: str, *, is_archive: bool) -> Recording:
    kept: list[Entry] = []
    others = 0
    for entry in entries:
        if entry is None:
            others += 1
            continue
        kept.append(entry)
        if len(kept) > MAX_EXCHANGES:
            raise RecordingError(path, entry.position, f"more than {MAX_EXCHANGES} Models API exchanges in one file")
    return Recording(path, tuple(kept), others=others, is_archive=is_archive)


def _bounded(trace: Trace, path: str) -> Trace:
    if len(trace) > MAX_EXCHANGES:
        raise RecordingError(path, "", f"more than {MAX_EXCHANGES} exchanges in one file")
    return trace
