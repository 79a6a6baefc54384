"""Releases sort as their registries mean them."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.matrix.versions import version_key


def in_order(versions: Iterable[str | None]) -> list[str | None]:
    return sorted(versions, key=lambda version: (version_key(version), version or ""))


@pytest.mark.parametrize(
    "ordered",
    [
        ["0.9.0", "0.10.0", "0.10.1", "1.0.0"],
        ["v1.9.0", "v1.10.0", "v1.84.0", "v2.0.0-beta.1", "v2.0.0"],
        ["1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1"],
        ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-beta", "1.0.0-rc.1", "1.0.0"],
        ["2.0.0-SNAPSHOT", "2.0.0-M1", "2.0.0-RC1", "2.0.0", "2.0.0.SP1"],
        ["v0.0.0-20250101000000-abcdef", "v0.0.0-20260101000000-012345", "v0.1.0"],
        [None, "main", "0.1"],
    ],
)
def test_releases_sort_oldest_first(ordered: list[str | None]) -> None:
    shuffled = list(ordered)
    random.Random(7).shuffle(shuffled)
    assert in_order(shuffled) == ordered


def test_a_trailing_zero_and_build_metadata_take_no_part() -> None:
    assert version_key("1.0") == version_key("1") == version_key("v1.0.0+build.7")


@given(st.lists(st.text(max_size=12) | st.from_regex(r"v?\d+(\.\d+)*([-.]?[a-z]+\.?\d*)?") | st.just("9" * 5000)))
def test_any_text_has_a_place(versions: list[str]) -> None:
    ordered = in_order(versions)
    assert sorted(map(str, ordered)) == sorted(versions)
    assert in_order(reversed(ordered)) == ordered
