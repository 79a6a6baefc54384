"""Servers that lead elsewhere: what is said of them can be acted on."""

from __future__ import annotations

import socket

import pytest

from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.result import Result
from tests.probing.raw_server import http, raw_server


def redirected_to(location: str) -> Result:
    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(http(b"", f"location: {location}", status="301 Moved Permanently"))

    with raw_server(script) as url:
        return judge_server(ServerOptions(url, "key", run=RunOptions(max_requests=40)))


@pytest.mark.parametrize(
    ("location", "advice"),
    [
        ("/v1/models/", "answer there without a redirect"),
        ("https://api.example.org/v1/models", "judge that URL instead"),
        ("/gateway/v1/models", "judge that URL instead"),
        ("/login", "is the base URL right?"),
    ],
)
def test_a_redirect_is_told_with_what_can_be_done_about_it(location: str, advice: str) -> None:
    result = redirected_to(location)
    assert {entry.requirement.id for entry in result.requirements if entry.verdict == "fail"} == {
        "list-documented-request-succeeds"
    }
    (note,) = (note for note in result.notes if "redirects" in note)
    assert location in note
    assert note.rstrip(".").endswith(advice)
