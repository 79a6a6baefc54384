from __future__ import annotations

import json
import os
import stat
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.errors import UsageError
from models_conformance.frontend.progress import progress
from models_conformance.support.files import check_writable, write
from models_conformance.support.text import printable, well_formed
from tests.reports.result_strategies import nasty


@given(nasty | st.text())
def test_printable_text_is_one_plain_line(text: str) -> None:
    shown = printable(text)
    assert shown == printable(shown)
    assert len(shown.splitlines()) <= 1
    shown.encode("utf-8")
    assert not any(character in shown for character in "\x1b\u202e\x00\r")


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert printable(text) == text


def test_long_text_is_cut_and_says_so() -> None:
    assert printable("a" * 30, 10) == "a" * 10 + "… (20 more characters)"
    assert printable("a" * 10, 10) == "a" * 10


@given(nasty)
def test_well_formed_text_can_be_encoded_and_is_otherwise_the_same(text: str) -> None:
    assert well_formed(text).encode("utf-8") == text.encode("utf-8", "backslashreplace")


def test_a_report_is_written_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "r.json"
    target.write_text("old")
    target.chmod(0o640)
    check_writable(str(target), "--json")
    assert target.read_text() == "old"
    write(str(target), "--json", "new é")
    assert target.read_text("utf-8") == "new é"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    write(str(tmp_path / "link.json"), "--json", "new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"


def test_a_pipe_is_written_to_in_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check_writable(str(pipe), "--json")
    # Open before anything is written, without waiting for who writes.
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write(str(pipe), "--json", json.dumps({"a": 1}))
    assert os.read(reader, 100) == b'{"a": 1}'
    assert os.read(reader, 100) == b""
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "needs the name of a file"),
        (".", "is a directory"),
        ("missing/r.json", "there is no folder"),
        ("file/r.json", "there is no folder"),
        ("n" * 300, "cannot be written"),
        ("a\x00b", "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_known_before(
    path: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=expected) as caught:
        check_writable(path, "--junit")
    assert str(caught.value).startswith("--junit")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_missing_rights_are_known_before(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(UsageError, match="Permission denied"):
        check_writable(str(folder / "r.json"), "--json")


def test_progress_on_no_terminal_is_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with progress() as report:
        for second in range(12):
            now[0] = float(second)
            report("walking", second * 10)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "models-conformance: walking, 50 requests so far",
        "models-conformance: walking, 100 requests so far",
    ]


def test_progress_is_silent_when_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with progress(quiet=True) as report:
        now[0] = 1000.0
        report("walking", 1)
    assert capsys.readouterr().err == ""


def test_progress_on_a_terminal_shows_phase_and_requests(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress() as report:
        report("walking", 12)
    assert "walking · 12 requests" in capsys.readouterr().err
