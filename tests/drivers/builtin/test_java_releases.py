"""The newest Java release is read from Maven Central's own listing."""

from __future__ import annotations

import shutil

import httpx
import pytest
import respx
from hypothesis import given, settings
from hypothesis import strategies as st

from models_conformance.drivers.builtin.fetcher import CannotFetch
from models_conformance.drivers.builtin.java import FETCHER

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("java", "javac", "mvn"))), reason="a JDK and Maven are needed"
)
CENTRAL = {"host": "repo.maven.apache.org"}


def newest_of(listing: bytes) -> str:
    with respx.mock as central:
        central.get(**CENTRAL).respond(content=listing)
        return FETCHER.newest()


def test_the_newest_is_the_highest_number_and_no_pre_release() -> None:
    versions = "".join(f"<version>{version}</version>" for version in ("2.10.0", "2.9.1", "3.0.0-alpha.1", "2.9.10"))
    assert newest_of(f"<metadata><versioning>{versions}</versioning></metadata>".encode()) == "2.10.0"


@settings(max_examples=20)
@given(st.binary(max_size=50) | st.text(max_size=20).map(lambda text: f"<metadata>{text}</metadata>".encode()))
def test_a_listing_without_a_release_is_one_line(listing: bytes) -> None:
    with pytest.raises(CannotFetch, match=r"\AMaven Central lists no release of .*\Z|\Aasking Maven Central .*\Z"):
        newest_of(listing)


def test_a_registry_that_cannot_be_reached_is_one_line() -> None:
    with respx.mock as central:
        central.get(**CENTRAL).mock(side_effect=httpx.ConnectError("no route"))
        with pytest.raises(CannotFetch, match=r"Maven Central .* failed: no route$"):
            FETCHER.newest()
