"""The text of a recording, however it is packed: gzip is undone where files are read, here encodings, zlib and zip.

What other tools keep in a form of their own, and can write as one that is read, is refused by name.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Mapping
from pathlib import Path

from models_conformance.recordings import files
from models_conformance.recordings.problems import MAX_FILE_BYTES, AnotherFormError, Attached, Location, RecordingError

# A zip file, and one that holds nothing.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MOST_MEMBERS = 10_000
_RECORDINGS = (".har", ".yaml", ".yml", ".json", ".jsonl", ".ndjson")
# How zlib's streams begin (RFC 1950, 2.2) at every level of compression; no text does.
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
# A tnetstring whose value is a dictionary, as mitmproxy writes each flow.
_FLOW = re.compile(rb"\d{2,9}:\d{1,3}:[a-z_]+;")
_FIDDLER = re.compile(r"raw/\d+_[cs]\.txt")
# How much of a text says what it is: nobody waits for a pattern that is tried on megabytes.
_BEGINNING = 100_000
_PLAYWRIGHT = re.compile(r"(?:.*/)?\d*-?trace\.network")
_AS_HAR = "record the same with a tool that writes HAR"
_AS_SERVER = "start it, and judge it as a server: `models-conformance server URL`"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"^\s*(?:const scope = )?nock\(\s*['\"]https?://", re.MULTILINE),
        "code of nock's recorder: record with output_objects: true, and keep it as JSON",
    ),
    (
        re.compile(r"^module\.exports = function \(req, res\).*x-yakbak-tape", re.DOTALL | re.MULTILINE),
        f"code of yakbak: {_AS_HAR}, such as Polly.JS",
    ),
    (
        re.compile(r"\A\s*\{\s*meta\s*:\s*\{.*^\s*req\s*:\s*\{.*^\s*res\s*:\s*\{", re.DOTALL | re.MULTILINE),
        f"a tape of talkback: {_AS_HAR}, such as Polly.JS",
    ),
    (
        re.compile(
            r'^type: collection\.insomnia\.rest/|"_type"\s*:\s*"export".*"__export_format"', re.DOTALL | re.MULTILINE
        ),
        "a collection of Insomnia, which keeps requests: export their answers as HAR",
    ),
    (
        re.compile(r'"(?:folders_order|folders)"\s*:\s*\[.*"responseCode"', re.DOTALL),
        "a collection of Postman's first form: export it as Collection v2.1",
    ),
    (re.compile(r'"clientName"\s*:\s*"Thunder Client"'), f"a collection of Thunder Client: {_AS_HAR}"),
    (re.compile(r'"httpRequest"\s*:\s*\{'), f"expectations of MockServer: {_AS_SERVER}"),
    (re.compile(r'"imposters"\s*:\s*\[|"predicates"\s*:\s*\['), f"imposters of mountebank: {_AS_SERVER}"),
    (re.compile(r'"endpointPrefix"\s*:'), f"an environment of Mockoon: {_AS_SERVER}"),
    (
        re.compile(
            r"\A<\?xml[^<]*<\?charles |<charles-session\b|\A\s*\[\s*\{\s*\"status\".{1,400}\"tunnel\"", re.DOTALL
        ),
        "a session of Charles: export it as HAR (File, Export Session)",
    ),
    (re.compile(r"<items burpVersion="), f"requests saved by Burp: {_AS_HAR}"),
    (
        re.compile(r'"BodyDestination"|"Matchers"\s*:\s*\[.*"Pattern"', re.DOTALL),
        f"mappings of WireMock.Net: {_AS_SERVER}",
    ),
    (
        re.compile(r"""^import .* from ['"]msw['"]|require\(['"]msw['"]\)""", re.MULTILINE),
        "handlers of MSW: serve them (@mswjs/http-middleware), and judge that: `models-conformance server URL`",
    ),
    (
        re.compile(r"\A(?:[*>] .*\n)*(?:> (?:GET|HEAD) |HTTP/[\d.]+ \d{3}\b)"),
        "what curl printed: judge the server itself: `models-conformance server URL`",
    ),
    (re.compile(r'"logEventTypes"'), "a NetLog of Chrome, which has no bodies: export HAR from its developer tools"),
    (
        re.compile(r"\A\s*\{?\s*[\"']?(?:openapi|swagger)[\"']?\s*:"),
        "an OpenAPI description, which records nothing: judge the server: `models-conformance server URL`",
    ),
    (re.compile(r'"pactSpecification(?:Version)?"'), f"a pact, which says what a client expects: {_AS_HAR}"),
)
"""What a tool keeps that is not read, told by its text, and what to do."""


def texts(data: bytes, path: str, named: bool) -> list[tuple[str, Attached]] | None:
    """The texts that the bytes of a file hold, of a zip file those of its recordings; None where it is not text.

    Raises AnotherFormError for what another tool can export, and RecordingError for damaged packing and, where the
    user named the file, for what is not text.
    """
    if data.startswith(_ZIP):
        members = _members(data, path)
        if any(map(_FIDDLER.fullmatch, members)):
            raise AnotherFormError(path, "", "sessions of Fiddler: export them as HTTPArchive, which is HAR")
        if any(map(_PLAYWRIGHT.fullmatch, members)):
            raise AnotherFormError(path, "", "a trace of Playwright: have its context write HAR, too (record_har_path)")
        held = {name: content for name, content in members.items() if name.lower().endswith(_RECORDINGS)}
        if named and not held:
            raise RecordingError(path, "", f"a zip file without a recording: none of {', '.join(_RECORDINGS)} is in it")
        found = [(_decoded(content, path, False), members.get) for _, content in sorted(held.items())]
        return [(text, attached) for text, attached in found if text is not None]
    if _FLOW.match(data):
        raise AnotherFormError(
            path,
            "",
            "flows of mitmproxy: `mitmdump -nr FILE --set hardump=flows.har` writes them as HAR, which is read",
        )
    text = _decoded(_inflated(data, path) if data.startswith(_ZLIB) else data, path, named)
    return None if text is None else [(text, lambda name: files.sibling(Path(path), name))]


def refuse_by_name(text: str, path: str) -> None:
    """Raises AnotherFormError for what a tool keeps in a form that is not read."""
    for pattern, what_to_do in _FORMS:
        if pattern.search(text, 0, _BEGINNING):
            raise AnotherFormError(path, "", what_to_do)


def _decoded(data: bytes, path: str, named: bool) -> str | None:
    # By its mark, or by the zeros of its first characters, as JSON says: YAML begins with such, too.
    encoding = json.detect_encoding(data)
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as problem:
        if named:
            raise RecordingError(path, f"byte {problem.start}", f"no text in {encoding[:6].upper()}") from None
        return None


def _inflated(data: bytes, path: str) -> bytes:
    """A whole zlib stream, as Ruby VCR writes with `:compressed`; the bytes themselves where it is none."""
    where = Location(path)
    try:
        return files.inflated(data, zlib.MAX_WBITS, files.bounded(where))[0]
    except EOFError:
        raise where.refused("the zlib data ends early") from None
    except zlib.error:
        return data


def _members(data: bytes, path: str) -> Mapping[str, bytes]:
    """The files in a zip file, all of them together no larger than a file may be."""
    # Only a zip file needs its reader.
    import zipfile

    found: dict[str, bytes] = {}
    left, where = MAX_FILE_BYTES, Location(path)
    spend = files.bounded(where)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_MEMBERS:
                raise where.refused(f"more than {_MOST_MEMBERS} files in one zip file")
            for entry in entries:
                if entry.is_dir():
                    continue
                with archive.open(entry) as member:
                    content = member.read(left + 1)
                spend(len(content))
                left -= len(content)
                found[entry.filename] = content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, OSError) as problem:
        raise where.refused(f"a zip file that cannot be read: {problem}") from None
    return found
