"""Recorded bodies: coded or plain, whatever the headers that were kept say of them."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest

from tests.recordings import writers
from tests.recordings.reading import read_recording
from tests.recordings.samples import failed, judged
from tests.recordings.test_formats import LIST, kept


def _with_body(body: bytes, coding: str | None) -> str:
    return writers.as_yaml(
        {
            "interactions": [
                {
                    "request": {"method": "GET", "uri": "https://api.example/v1/models", "headers": {}},
                    "response": {
                        "status": {"code": 200},
                        "headers": {
                            "content-type": ["application/json"],
                            **({"content-encoding": [coding]} if coding else {}),
                        },
                        "body": {"string": body},
                    },
                }
            ]
        }
    )


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(LIST.encode()), "gzip"),
        (gzip.compress(LIST.encode()), None),
        (zlib.compress(LIST.encode()), "deflate"),
        (_raw_deflate(LIST.encode()), "deflate"),
        (LIST.encode(), "gzip"),
        (LIST.encode(), "br"),
        (LIST.encode(), "zstd, gzip"),
    ],
)
def test_bodies_are_decoded_where_they_are_coded(body: bytes, coding: str | None, tmp_path: Path) -> None:
    (entry,) = read_recording(kept(tmp_path, _with_body(body, coding))).entries
    assert entry.answer is not None
    assert entry.answer.body == LIST.encode()


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(LIST.encode())[:-20], "gzip"),
        (b"\x1f\x8b garbage", "gzip"),
        (b"\x1b\x00\xf8\xff\x8d\x94", "br"),
        (b"\x80\x81\x82", "deflate"),
    ],
)
def test_a_body_that_cannot_be_decoded_proves_nothing(body: bytes, coding: str, tmp_path: Path) -> None:
    result = judged(kept(tmp_path, _with_body(body, coding)))
    assert not failed(result)
    assert result.exit_code == 3
    assert any("without a recorded body" in note for note in result.notes)


def test_bytes_that_are_no_text_are_judged_as_such(tmp_path: Path) -> None:
    assert "body-is-one-json-value" in failed(judged(kept(tmp_path, _with_body(b"\xff\xfe{}", None))))
