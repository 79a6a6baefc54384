"""Reading one recording file: its format is recognised from its content, never from its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from models_conformance.evidence.exchange import Trace
from models_conformance.recordings import cassettes, files, har, packing, saved_answers, stubs, trace_file
from models_conformance.recordings.entries import OTHER_CALLS, Entry
from models_conformance.recordings.plain import Value, read_json, read_toml, read_yaml
from models_conformance.recordings.problems import (
    MAX_EXCHANGES,
    AnotherFormError,
    Attached,
    Location,
    RecordingError,
)

# What a cassette or an archive says near its beginning or at the start of a line, also where it is damaged.
_YAML_MARK = re.compile(r"^[-{ \t]*[\"']?(?:http_)?interactions[\"']?[ \t]*:", re.MULTILINE)
_JSON_MARK = re.compile(r"\"(?:http_interactions|interactions|log)\"\s*:")
# The same of the others, whose words stand in many files: one that is met in a folder and cannot be read is none.
_YAML_HINT = re.compile(r"^(?:[- \t]*request|requests|responses|when|log|mappings|examples)[ \t]*:", re.MULTILINE)
_JSON_HINT = re.compile(
    r"\"(?:requests|scope|mappings|urlPath|url|[uU]ri|pairs|journal|originalRequest|examples)\"\s*:"
)
# The recorder of `responses` before 0.22.
_TOML_MARK = re.compile(r"\s*\[\[responses\]\]")
_JSON_START = re.compile(r"\s*(?:\{\s*[\"}]|\[)")
_UNKNOWN = (
    "no recording: none of a cassette of vcrpy, Ruby VCR, go-vcr, R vcr, PHP-VCR, ExVCR, EasyVCR, DVR, OkReplay or "
    "httpretty, a HAR archive, a trace, stubs of httpmock, nock, responses, WireMock or Hoverfly, a report of Newman, "
    "and a collection of Postman or Bruno with saved answers; a tool that keeps something else can mostly export HAR"
)


@dataclass(frozen=True, slots=True)
class Recording:
    """What one file holds of the Models API: `entries` of a recorder, or a `trace` of this suite.

    `left_out` counts, by the reason, what is not an exchange of it. `is_archive`: whether it is what a browser or a
    proxy saw, as it was; what is recorded for tests is made free of what changes with each run. `part_of` is the folder
    that is one recording together, where its tool writes a file for each answer or for each part of a run.
    """

    path: str
    entries: tuple[Entry, ...] = ()
    trace: Trace | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    is_archive: bool = False
    part_of: str = ""


def together(folder: str, parts: Sequence[Recording]) -> Recording:
    """The one recording that these files of a folder are."""
    entries = [
        replace(entry, position=f"{Path(part.path).relative_to(folder)}, {entry.position}")
        for part in parts
        for entry in part.entries
    ]
    return replace(_collected(entries, folder, is_archive=False), left_out=_sum(parts))


def _sum(parts: Iterable[Recording]) -> Counter[str]:
    return sum((Counter(part.left_out) for part in parts), Counter())


def read_found(found: files.Found) -> Recording | None:
    """Read a file that was named or met in a folder; None for one met there that is not a recording at all.

    Raises RecordingError for one that cannot be read, and for one that was named and is not a recording;
    AnotherFormError for what another tool can export.
    """
    path = str(found.path)
    read = packing.texts(files.read(found.path), path, found.named)
    if read is None:
        return None
    recordings = [_read_text(text, attached, path, found.named) for text, attached in read]
    known = [recording for recording in recordings if recording is not None]
    if not known:
        if found.named:
            raise RecordingError(path, "", "is empty" if not any(text.strip() for text, _ in read) else _UNKNOWN)
        return None
    if len(known) == 1:
        return known[0]
    # The recordings of a zip file are those of one file; a trace stands alone.
    entries = tuple(entry for recording in known for entry in recording.entries)
    is_archive = all(recording.is_archive for recording in known)
    return Recording(path, entries, left_out=_sum(known), is_archive=is_archive)


def _read_text(text: str, attached: Attached, path: str, named: bool) -> Recording | None:
    """The recording in a text; None where it holds none. Raises RecordingError."""
    where = Location(path, attached)
    if trace_file.is_trace(text):
        trace = trace_file.parse_trace(text, path)
        if len(trace) > MAX_EXCHANGES:
            raise where.refused(f"more than {MAX_EXCHANGES} exchanges in one file")
        return Recording(path, trace=trace)
    bru = saved_answers.bru_document(text)
    documents = _documents(text, path, named) if bru is None else [bru]
    if tool := next(filter(None, map(saved_answers.tool_without_answers, documents)), ""):
        raise AnotherFormError(
            path, "", f"a {tool} collection without a saved answer: save responses as examples in it"
        )
    reads = [read for read in map(_reader_of, documents) if read is not None]
    if not documents or len(reads) < len(documents):
        packing.refuse_by_name(text, path)
        return None
    places = [where] if len(documents) == 1 else [where.within(f"document {n}") for n, _ in enumerate(documents, 1)]
    entries = chain.from_iterable(map(lambda read, document, place: read(document, place), reads, documents, places))
    recording = _collected(entries, path, is_archive=all(map(har.is_har, documents)))
    if any(map(cassettes.is_of_a_run, documents)):
        return replace(recording, part_of=str(Path(path).parent))
    return replace(recording, part_of=files.folder_of_parts(path)) if stubs.is_part(documents) else recording


def _documents(text: str, path: str, named: bool) -> list[Value]:
    """The documents of a text that may be a recording; none where it cannot be one. Raises RecordingError."""
    if _TOML_MARK.match(text):
        return [read_toml(text, path)]
    is_json = bool(_JSON_START.match(text))
    mark, hint = (_JSON_MARK, _JSON_HINT) if is_json else (_YAML_MARK, _YAML_HINT)
    is_marked = bool(mark.search(text)) or (named and is_json)
    if not is_marked and not hint.search(text):
        return []
    try:
        found = [read_json(text, path)] if is_json else read_yaml(text, path)
    except RecordingError:
        if is_marked:
            raise
        return []
    # A document of nothing is what a stray --- leaves.
    return found if is_json else [document for document in found if document is not None]


def _reader_of(document: Value) -> Callable[[Any, Location], Iterable[Entry | str | None]] | None:
    """What reads a document of that form; None where it is not a recording."""
    if har.is_har(document):
        return har.read_har
    return cassettes.read_cassette if cassettes.is_cassette(document) else stubs.reader_of(document)


def _collected(entries: Iterable[Entry | str | None], path: str, *, is_archive: bool) -> Recording:
    kept: list[Entry] = []
    left_out: Counter[str] = Counter()
    for entry in entries:
        if not isinstance(entry, Entry):
            left_out[entry or OTHER_CALLS] += 1
            continue
        kept.append(entry)
        if len(kept) > MAX_EXCHANGES:
            raise RecordingError(path, entry.position, f"more than {MAX_EXCHANGES} Models API exchanges in one file")
    return Recording(path, tuple(kept), left_out=left_out, is_archive=is_archive)
