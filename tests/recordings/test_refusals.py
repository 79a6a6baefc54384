"""What cannot be read is refused by one line that names the file and the place, soon and without a traceback."""

from __future__ import annotations

import gzip
import json
import os
from itertools import pairwise
from pathlib import Path

import pytest
from yaml import SafeLoader

from models_conformance.errors import UsageError
from models_conformance.recordings import dialects as reading
from models_conformance.recordings import files, plain, problems
from models_conformance.recordings.problems import RecordingError
from tests.recordings import writers
from tests.recordings.reading import read_recording
from tests.recordings.samples import failed, judged, recorded
from tests.work import calls_made

# A refusal takes some hundreds; reading on behind the fault would take one or more a byte of the deep ones.
MOST_CALLS = 60_000
HEAD = "interactions:\n- request: {method: GET, uri: 'http://a.example/v1/models'}\n  response: "
ONE = {"request": {"method": "GET", "url": "http://a.example/v1/models"}, "response": {"status": 200}}


def har(entry: object) -> str:
    return json.dumps({"log": {"entries": [entry]}})


MALFORMED: dict[str, tuple[str | bytes, str, str]] = {
    # name: content, position, a piece of the reason
    "not YAML": ("interactions:\n- {a: [b\n", "line 3, column 1", "not YAML"),
    "a control character": ("interactions:\n- \x00\n", "", "not YAML"),
    "cut YAML": ("interactions:\n- request: 'GET\n", "line 3, column 1", "not YAML"),
    "tab": ("interactions:\n\t- a: b\n", "line 2, column 1", "not YAML"),
    "interactions no list": ("interactions: 5\n", "", "interactions is not a list"),
    "interactions twice": ("interactions: []\ninteractions: []\n", "", "interactions is there twice"),
    "interaction no mapping": ("interactions:\n- 5\n", "interaction 1", "is not a mapping"),
    "no request": ("interactions:\n- response: {}\n", "interaction 1", "has no request"),
    "no method": ("interactions:\n- request: {uri: 'http://a/'}\n", "interaction 1", "no method"),
    "no URL": ("interactions:\n- request: {method: GET}\n", "interaction 1", "no URL"),
    "URL a list": ("interactions:\n- request: {method: GET, uri: [a]}\n", "interaction 1", "no URL"),
    "URL twice": ("interactions:\n- request: {method: GET, uri: a, uri: b}\n", "interaction 1", "uri is there twice"),
    "bad URL": ("interactions:\n- request: {method: GET, uri: 'http://[a/'}\n", "interaction 1", "cannot be read"),
    "response text": (HEAD + "hello\n", "interaction 1", "the response is not a mapping"),
    "no status": (HEAD + "{headers: {}}\n", "interaction 1", "no HTTP status"),
    "status a word": (HEAD + "{status: {code: fine}}\n", "interaction 1", "no HTTP status"),
    "status of 4 digits": (HEAD + "{status: 2000}\n", "interaction 1", "no HTTP status"),
    "status twice": (HEAD + "{status: 200, status: 404}\n", "interaction 1", "status is there twice"),
    "headers text": (HEAD + "{status: 200, headers: hello}\n", "interaction 1", "headers"),
    "header a mapping": (HEAD + "{status: 200, headers: {a: {b: c}}}\n", "interaction 1", "header"),
    "header of three": (HEAD + "{status: 200, headers: [[a, b, c]]}\n", "interaction 1", "headers"),
    "body a list": (HEAD + "{status: 200, body: [a]}\n", "interaction 1", "body"),
    "body no base64": (HEAD + "{status: 200, body: {base64_string: '%'}}\n", "interaction 1", "base64"),
    "binary no base64": (HEAD + "{status: 200, body: !!binary a}\n", "line 3", "base64"),
    "python object": (HEAD + "!!python/object:os.system {}\n", "line 3", "!!python/object:os.system asks"),
    "python apply": (HEAD + "!!python/object/apply:os.system [ls]\n", "line 3", "asks for an object"),
    "python name": (HEAD + "{status: !!python/name:os.system x}\n", "line 3", "asks for an object"),
    "ruby object": (HEAD + "!ruby/object:Gem::Installer {}\n", "line 3", "!ruby/object:Gem::Installer asks"),
    "ruby hash": (HEAD + "!ruby/hash:Hash {}\n", "line 3", "asks for an object"),
    "ruby string with members": (HEAD + "!ruby/string:Some {a: b}\n", "line 3", "asks for an object"),
    "R expression": (HEAD + "{status: !expr 'system(1)'}\n", "line 3", "!expr asks"),
    "unknown alias": ("interactions:\n- *nobody\n", "line 2", "names nothing"),
    "alias to itself": ("interactions: &a\n- *a\n", "line 2", "names nothing"),
    "alias as name": ("a: &a b\ninteractions:\n- {*a : b}\n", "line 3", "alias as the name"),
    "collection as name": ("interactions:\n- {[a]: b}\n", "line 2", "collection as the name"),
    "merge of text": ("interactions:\n- {<<: hello}\n", "line 2", "merge key"),
    "deep flow": ("interactions:\n- " + "[" * 100_000, "line 2", "nested deeper than 64"),
    "deep block": ("interactions:\n" + "- " * 50_000, "line 2", "nested deeper than 64"),
    "deep JSON": ('{"interactions": ' + "[" * 100_000, "", "nested too deeply"),
    "not JSON": ('{"interactions": [}', "line 1, column 19", "not JSON"),
    "cut HAR": ('{"log": {"entries": [{"request": {', "line 1, column 35", "not JSON"),
    "HAR entries no list": ('{"log": {"entries": {}}}', "", "not a list"),
    "HAR log twice": ('{"log": {}, "log": {"entries": []}}', "", "twice"),
    "HAR no request": (har({}), "entry 1", "no request"),
    "HAR response text": (har({**ONE, "response": "x"}), "entry 1", "response is not an object"),
    "HAR status": (har({**ONE, "response": {"status": True}}), "entry 1", "no HTTP status"),
    "HAR content text": (har({**ONE, "response": {"status": 200, "content": "x"}}), "entry 1", "content"),
    "HAR base64": (
        har({**ONE, "response": {"status": 200, "content": {"text": "?", "encoding": "base64"}}}),
        "entry 1",
        "base64",
    ),
    "HAR headers": (har({**ONE, "response": {"status": 200, "headers": [5]}}), "entry 1", "headers"),
    "Latin-1": ("interactions: é".encode("latin-1"), "byte 14", "no text in UTF-8"),
    "empty": ("", "", "is empty"),
    "blank": (" \n\n", "", "is empty"),
    "something else": ("hello: world\n", "", "no recording"),
    "second document": ("interactions: []\n---\nhello\n", "", "no recording"),
    "damaged gzip": (gzip.compress(b"interactions: []")[:-12] + b"\xff" * 12, "", "gzip"),
    "cut gzip": (gzip.compress(b"interactions: []" * 99)[:-9], "", "the gzip data ends early"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_is_refused_by_one_line(name: str, tmp_path: Path) -> None:
    content, position, reason = MALFORMED[name]
    path = tmp_path / "broken"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def refused() -> RecordingError:
        with pytest.raises(RecordingError) as caught:
            judged(path)
        return caught.value

    # What is imported and kept from the first time on is not a cost of a file.
    refusals = [refused()]
    assert calls_made(lambda: refusals.append(refused())) < MOST_CALLS
    refusal = refusals[-1]
    assert (refusal.path, refusal.position) == (str(path), position)
    assert reason in refusal.reason
    assert str(refusal).startswith(f"{path}: ")
    assert "\n" not in str(refusal)
    assert isinstance(refusal, UsageError)


def test_aliases_cannot_unpack_to_more_than_the_limit(tmp_path: Path) -> None:
    interaction = "{request: {method: GET, uri: 'http://a/v1/models'}, response: {status: 200, body: *long}}"
    path = tmp_path / "laugh.yaml"
    path.write_text(f"long: &long '{'x' * 1_000_000}'\ninteractions:\n- &one {interaction}\n" + "- *one\n" * 5000)
    with pytest.raises(RecordingError, match="aliases stand for more than"):
        judged(path)


def test_nested_aliases_and_merge_keys_cost_nothing(tmp_path: Path) -> None:
    names = "abcdefghijklmnopqrstuvwxyz"
    lists = "".join(f"{b}: &{b} [{','.join(['*' + a] * 10)}]\n" for a, b in pairwise(names))
    path = tmp_path / "laugh.yaml"
    path.write_text(f"a: &a [x]\n{lists}interactions: *z\n")
    with pytest.raises(RecordingError, match="aliases stand for more than"):
        judged(path)
    merges = "".join(f"{b}: &{b} {{<<: [{','.join(['*' + a] * 10)}], {b}: 1}}\n" for a, b in pairwise(names))
    path.write_text(f"a: &a {{x: 1}}\n{merges}interactions: []\n")
    with pytest.raises(RecordingError, match="aliases stand for more than"):
        judged(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(gzip.compress(b"") * 20_000, "gzip members", id="empty gzip members"),
        pytest.param(gzip.compress(b'{"interactions":[' + b"{}," * 2_000_000), "values", id="objects in JSON"),
        pytest.param(gzip.compress(b"interactions:\n" + b"- {}\n" * 500_000), "values", id="objects in YAML"),
        pytest.param(
            gzip.compress(b'{"format":"models-conformance-trace","version":1,"x":[' + b"{}," * 2_000_000 + b"{}]}\n"),
            "values",
            id="objects in a trace",
        ),
        pytest.param(
            b"x: &i {request: {method: GET, uri: 'http://h/"
            + b"a" * 200_000
            + b"'}}\ninteractions:\n"
            + b"- *i\n" * 400,
            "aliases",
            id="a long URL of another API",
        ),
    ],
)
def test_what_a_small_file_comes_to_is_bounded(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=f"more than [0-9]+ {reason}|{reason} stand for more than"):
        judged(path)


def test_merge_keys_copy_a_bounded_number_of_members(tmp_path: Path) -> None:
    members = ", ".join(f"m{number}: 1" for number in range(2000))
    path = tmp_path / "merges.yaml"
    path.write_text(f"a: &a {{{members}}}\ninteractions:\n" + "- {<<: *a}\n" * 100)
    with pytest.raises(RecordingError, match="merge keys"):
        judged(path)


def test_a_compression_bomb_in_a_body_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "MAX_EXPANDED_BYTES", 8_000_000)
    bomb = gzip.compress(b"\0" * (problems.MAX_EXPANDED_BYTES + 1), 9)
    path = tmp_path / "bomb.yaml"
    path.write_text(
        writers.as_yaml(
            {
                "interactions": [
                    {
                        "request": {"method": "GET", "uri": "http://a/v1/models"},
                        "response": {"status": 200, "body": {"string": bomb}},
                    }
                ]
            }
        )
    )
    with pytest.raises(RecordingError, match="interaction 1: what it holds unpacks to more"):
        judged(path)


def test_a_large_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 1000)
    path = tmp_path / "large.yaml"
    path.write_bytes(b"interactions: []" + b" " * 1000)
    with pytest.raises(RecordingError, match="is larger than 1000 bytes"):
        judged(path)
    path.write_bytes(gzip.compress(b"interactions: []" + b" " * 1000))
    with pytest.raises(RecordingError, match="unpacks to more than 1000 bytes"):
        judged(path)


def test_too_many_exchanges_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_EXCHANGES", 3)
    for form in (*writers.FORMATS, "own"):
        with pytest.raises(RecordingError, match="more than 3"):
            judged(writers.save(recorded().trace, form, tmp_path / "many"))


def test_paths_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="nowhere: cannot be read: No such file"):
        judged(tmp_path / "nowhere")
    with pytest.raises(RecordingError, match="cannot be read"):
        judged("a\0b")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(RecordingError, match="neither a file nor a folder"):
        judged(pipe)


def test_folders_are_walked_and_what_is_no_recording_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "b" / ".git").mkdir(parents=True)
    (tmp_path / "b" / ".git" / "hidden.yaml").write_text("interactions: 5")
    (tmp_path / "README.md").write_text("# Recordings")
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff")
    (tmp_path / "data.json").write_text('{"broken": ')
    (tmp_path / "other.yaml").write_text("not: [a recording")
    os.mkfifo(tmp_path / "pipe")
    writers.save(recorded().trace, "vcrpy", tmp_path / "b" / "one.yaml")
    writers.save(recorded().trace, "har", tmp_path / "a.har")
    result = judged(tmp_path, tmp_path / "b" / "one.yaml")
    assert not failed(result)
    assert any("2 recordings read" in note for note in result.notes)
    assert any("4 files passed over" in note and "README.md" in note for note in result.notes)


def test_a_damaged_recording_in_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.yaml").write_text("version: 1\ninteractions:\n- {a: ")
    with pytest.raises(RecordingError, match=r"cut\.yaml"):
        judged(tmp_path)
    (tmp_path / "cut.yaml").write_text('{"log": {"entries": [')
    with pytest.raises(RecordingError, match=r"cut\.yaml"):
        judged(tmp_path)


def test_reading_does_not_depend_on_the_c_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = writers.save(recorded().trace, "ruby", tmp_path / "x")
    with_c = read_recording(path)
    monkeypatch.setattr(plain, "_LOADER", SafeLoader)
    assert read_recording(path) == with_c
