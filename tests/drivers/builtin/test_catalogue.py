"""The built-in drivers by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.drivers.builtin.catalogue import BUILTIN, prepare, read_name
from models_conformance.drivers.builtin.fetcher import CannotFetch
from models_conformance.errors import UsageError


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("anthropic", "anthropic", None),
        ("python@0.45.0", "anthropic", "0.45.0"),
        ("anthropic[aiohttp]@2.14.0", "anthropic[aiohttp]", "2.14.0"),
        ("@anthropic-ai/sdk", "@anthropic-ai/sdk", None),
        ("@anthropic-ai/sdk@0.70.0", "@anthropic-ai/sdk", "0.70.0"),
        ("typescript@1.0.0-beta.2", "@anthropic-ai/sdk", "1.0.0-beta.2"),
        ("github.com/anthropics/anthropic-sdk-go@v1.2.0", "github.com/anthropics/anthropic-sdk-go", "1.2.0"),
        ("github.com/anthropics/anthropic-sdk-go/v2", "github.com/anthropics/anthropic-sdk-go", "2"),
        ("github.com/anthropics/anthropic-sdk-go/v3@3.1.0", "github.com/anthropics/anthropic-sdk-go", "3.1.0"),
        ("go@1.2.0", "github.com/anthropics/anthropic-sdk-go", "1.2.0"),
        ("com.anthropic:anthropic-java@2.1.0", "com.anthropic:anthropic-java", "2.1.0"),
        ("java", "com.anthropic:anthropic-java", None),
        ("curl", "curl", None),
    ],
)
def test_a_name_or_alias_is_read_with_or_without_a_version(text: str, name: str, version: str | None) -> None:
    assert read_name(text) == (name, version)


@pytest.mark.parametrize(
    ("text", "hint"), [("antropic", "anthropic"), ("anthropic==0.45.0", "anthropic"), ("Python@1.0.0", "python")]
)
def test_an_unknown_name_is_told_what_is_near(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean .*{hint}"):
        read_name(text)


def test_a_name_near_to_nothing_is_told_all_there_are() -> None:
    with pytest.raises(UsageError) as refusal:
        read_name("zzzzzzzz")
    assert all(name in str(refusal.value) for name in BUILTIN)


@pytest.mark.parametrize("version", ["", "latest", "^1.0", "1.0..2", ">=1", "1.0/../..", "1 0", "v", "٣.١"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(UsageError, match="is not a version of anthropic"):
        read_name(f"anthropic@{version}")


@given(st.sampled_from([*BUILTIN, ""]), st.text(max_size=30))
def test_any_text_is_read_or_refused_with_one_line(name: str, text: str) -> None:
    refusal = ""
    read, version = "anthropic", None
    try:
        read, version = read_name(name + text)
    except UsageError as refused:
        refusal = str(refused)
    assert refusal.isprintable()
    assert read in BUILTIN
    # A version becomes part of a folder's name.
    assert version is None or not set(version) & set("/\\ \0")


def test_a_curl_that_is_not_the_installed_one_is_not_to_be_had() -> None:
    with pytest.raises(CannotFetch, match=r"curl"):
        prepare("curl", "0.0.1", lambda _: None)
