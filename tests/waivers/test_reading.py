"""A waiver file is read whole or refused in one line that names the file and the entry."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.errors import UsageError
from models_conformance.result import Subject
from models_conformance.waivers.waiver_files import Waiver, parse_waivers, read_waivers

WHOLE = """
[[waiver]]
requirement = "list-after-id-*"
subject = "acme@1.*"
finding = "0f3a9c62b1d4"
reason = "fixed upstream"
link = "https://example.com/issues/1"
expires = 2026-12-31

[[waiver]]
requirement = "walk-ends"
reason = "see above"
expires = 2027-01-01
"""


def refusal(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        parse_waivers(text, "w.toml")
    message = str(caught.value)
    assert message.startswith("w.toml")
    assert message.isprintable()
    return message


def entry(**changed: str) -> str:
    values = {"requirement": '"walk-ends"', "reason": '"why"', "expires": "2026-12-31"} | changed
    return "[[waiver]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items() if value)


def test_every_key_is_read() -> None:
    first, other = parse_waivers(WHOLE, "w.toml").entries
    assert first == Waiver(
        "list-after-id-*",
        "fixed upstream",
        date(2026, 12, 31),
        "acme@1.*",
        "0f3a9c62b1d4",
        "https://example.com/issues/1",
        1,
        2,
    )
    assert (other.entry, other.line, other.subject, other.finding) == (2, 10, None, None)


def test_a_file_without_entries_waives_nothing() -> None:
    assert parse_waivers("", "w.toml").entries == ()


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text(WHOLE, encoding="utf-8-sig")
    assert len(read_waivers(path).entries) == 2


@pytest.mark.parametrize("missing", ["requirement", "reason", "expires"])
def test_a_missing_key_is_named(missing: str) -> None:
    assert f"w.toml, entry 1 (line 1): {missing} missing" in refusal(entry(**{missing: ""}))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"expires": '"2026-12-31"'}, "expected a date without quotes"),
        ({"expires": "2026-12-31T10:00:00Z"}, "expected a date without quotes"),
        ({"reason": '" "'}, "reason is ' '; expected a text that is not empty"),
        ({"requirement": "7"}, "requirement is 7; expected a text"),
        ({"finding": '"abc"'}, "expected 12 hex digits"),
        ({"link": '"javascript:alert(1)"'}, "expected a URL"),
        ({"link": '"https://["'}, "expected a URL"),
        ({"reasons": '"x"'}, "unknown key 'reasons'; did you mean reason?"),
        ({"expiry": "2026-12-31"}, "unknown key 'expiry'; did you mean expires?"),
    ],
)
def test_a_wrong_value_is_told_with_its_entry(changed: dict[str, str], expected: str) -> None:
    message = refusal(WHOLE + entry(**changed))
    assert message.startswith("w.toml, entry 3 (line 14): ")
    assert expected in message


def test_an_unknown_table_is_told_with_the_known_one() -> None:
    assert "did you mean waiver?" in refusal("[[waivers]]\n")
    assert "write each entry under [[waiver]]" in refusal("[waiver]\n")


def test_what_is_no_toml_names_the_line() -> None:
    assert "is not TOML: " in refusal('[[waiver]]\nrequirement = "walk')
    assert "line 2" in refusal("[[waiver]]\nrequirement = walk-ends\n")


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "w.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="is not UTF-8" if content else "cannot be read"):
        read_waivers(path)


keys = st.sampled_from(["waiver", "requirement", "subject", "finding", "reason", "link", "expires", "x", '"\\u0007"'])
scalars = st.sampled_from(
    [
        "2026-12-31",
        "12:00:00",
        "1e400",
        "nan",
        "true",
        '""',
        '"walk-ends"',
        '"\\u202e"',
        "[[1], {a=2}]",
        "{b = 1}",
        "0x7",
    ]
)
lines = st.sampled_from(["[[waiver]]", "[waiver]", "[[waiver.x]]"]) | st.tuples(keys, scalars).map(" = ".join)


@given(st.lists(lines, max_size=12).map("\n".join) | st.text(max_size=80) | st.just("waiver = " + "[" * 20_000))
def test_garbage_is_refused_in_one_line_or_read(text: str) -> None:
    refused = ""
    try:
        read = parse_waivers(text, "w.toml")
    except UsageError as error:
        refused = str(error)
    else:
        assert all(entry.reason and entry.requirement for entry in read.entries)
    assert refused == "" or (refused.startswith("w.toml") and refused.isprintable())


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [("acme", True), ("acme@1.2", True), ("acme@1.*", True), ("acme@2.*", False), ("ac?e", True), ("other", False)],
)
def test_a_subject_is_matched_by_name_and_by_name_at_version(pattern: str, matches: bool) -> None:
    waiver = Waiver("walk-ends", "why", date(2026, 1, 1), pattern)
    assert waiver.is_about(Subject("client", "acme", "1.2")) is matches


def test_a_subject_with_brackets_matches_its_own_name() -> None:
    waiver = Waiver("walk-ends", "why", date(2026, 1, 1), "http://[::1]:8080")
    assert waiver.is_about(Subject("server", "http://[::1]:8080"))
