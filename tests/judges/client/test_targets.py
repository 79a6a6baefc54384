"""Request targets as they were sent: nothing that a client sends makes reading it fail."""

from __future__ import annotations

from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.evidence.targets import Decoded, Target, decoded, read_target

# What a listener makes of bytes that are not text.
LATIN_1 = st.text(st.characters(max_codepoint=255))
TEXT = st.text(st.characters(codec="utf-8"))
# Half of them look like escapes.
RAW = st.lists(st.sampled_from(["%", "%4", "%41", "%c3%a9", "%FF", "%zz", "+", "/", "é", "a", " ", "\x00"])).map(
    "".join
)


@given(LATIN_1 | RAW | TEXT, st.booleans())
def test_decoding_never_fails_and_says_what_is_wrong_in_one_line(raw: str, plus: bool) -> None:
    read = decoded(raw, plus)
    assert isinstance(read.text, str)
    assert read.problem is None or read.problem.isprintable()


@given(TEXT, st.sampled_from(["", "/", "~", "!$&'()*,;=:@"]))
def test_what_is_escaped_once_decodes_to_itself(text: str, safe: str) -> None:
    assert decoded(quote(text, safe=safe)) == Decoded(text, None)
    assert decoded(quote_plus(text, safe=safe), plus_is_blank=True) == Decoded(text, None)
    assert decoded("".join(f"%{octet:02x}" for octet in text.encode())) == Decoded(text, None)


@given(TEXT)
def test_what_is_escaped_twice_decodes_to_the_escape(text: str) -> None:
    once = quote(text, safe="")
    assert decoded(quote(once, safe="")) == Decoded(once, None)


@given(st.text(st.characters(max_codepoint=255, exclude_characters="%")))
def test_a_character_that_no_target_may_hold_raw_is_a_problem(raw: str) -> None:
    legal = all("\x21" <= letter <= "\x7e" and letter != "#" for letter in raw)
    assert (decoded(raw).problem is None) == legal


@pytest.mark.parametrize(
    ("raw", "text", "problem"),
    [
        ("%", "%", "a broken escape at '%'"),
        ("a%2", "a%2", "a broken escape at '%2'"),
        ("%zz", "%zz", "a broken escape at '%zz'"),
        ("%ff", "\xff", "bytes that are not UTF-8"),
        ("%C0%AF", "\xc0\xaf", "bytes that are not UTF-8"),
        ("%ED%A0%80", "\xed\xa0\x80", "bytes that are not UTF-8"),
        ("\xc3\xa9", "é", "a raw '\\xc3'"),
        ("a b", "a b", "a raw ' '"),
        ("a\nb", "a\nb", "a raw '\\n'"),
        ("a#b", "a#b", "a raw '#'"),
        ("a+b", "a+b", None),
    ],
)
def test_each_problem_has_its_name(raw: str, text: str, problem: str | None) -> None:
    assert decoded(raw) == Decoded(text, problem)


@given(st.lists(st.tuples(TEXT.filter(bool), TEXT)))
def test_a_query_is_read_as_the_form_it_was_written_as(pairs: list[tuple[str, str]]) -> None:
    target = read_target(f"http://h:1/v1/models?{urlencode(pairs)}")
    assert [(name, value.text) for name, value in target.parameters] == pairs
    assert all(value.problem is None for _, value in target.parameters)
    for name, _ in pairs:
        assert target.values(name) == [value for key, value in pairs if key == name]


@given(LATIN_1 | TEXT)
def test_any_target_behind_an_authority_is_kept_as_it_was_sent(raw: str) -> None:
    target = read_target(f"http://h:1/{raw}")
    assert target.authority == "h:1"
    assert target.path + ("" if target.query is None else f"?{target.query}") == f"/{raw}"
    assert isinstance(target.plain_path, str)
    assert all(isinstance(name, str) for name, _ in target.parameters)


@given(LATIN_1 | TEXT)
def test_reading_a_target_never_fails(raw: str) -> None:
    assert isinstance(read_target(raw).plain_path, str)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://h:1", Target("h:1", "", None)),
        ("http://h:1?limit=2", Target("h:1", "", "limit=2")),
        ("http://h:1/v1/models?", Target("h:1", "/v1/models", "")),
        ("http://h:1/a?b?c", Target("h:1", "/a", "b?c")),
        ("http://h:1/a#b", Target("h:1", "/a#b", None)),
        ("https://h/a%2Fb", Target("h", "/a%2Fb", None)),
        ("HTTP://h:1/v1/models", Target("h:1", "/v1/models", None)),
    ],
)
def test_nothing_of_a_target_is_normalised(url: str, target: Target) -> None:
    assert read_target(url) == target


def test_the_plain_path_undoes_the_escapes_of_unreserved_characters_alone() -> None:
    unreserved = "ABCXYZabcxyz0189-._~"
    escaped = "".join(f"%{ord(letter):02x}" for letter in unreserved)
    assert Target("", f"/{escaped}", None).plain_path == f"/{unreserved}"
    assert Target("", "/%2541%252F", None).plain_path == "/%2541%252F"
    for number in range(256):
        letter = chr(number)
        plain = letter if number < 128 and (letter.isalnum() or letter in "-._~") else f"%{number:02X}"
        assert Target("", f"%{number:02X}", None).plain_path == plain
