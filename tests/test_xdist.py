"""A run that pytest-xdist splits over workers gives the result of one process, with the real engine."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from models_conformance.reference.server.serving import behaviour_named, running

LIGHT = [word for name in ("cacheprovider", "recording", "hypothesispytest") for word in ("-p", f"no:{name}")]


def judged(pytester: pytest.Pytester, url: str, *args: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON result without its times, of one pytest run against `url`."""
    out = pytester.path / "result.json"
    words = ("--pyargs", "models_conformance.suites.server", *LIGHT, "--target", url, "--models-json", str(out))
    ran = pytester.runpytest_subprocess(*words, *args)
    document = json.loads(out.read_text())
    del document["run"]["started_at"], document["run"]["seconds"]
    return int(ran.ret), document


def test_workers_give_the_result_of_one_process(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "reference-key")
    shared = pytester.mkdir("shared")
    monkeypatch.setenv("TMPDIR", str(shared))
    few = ("--models-max-requests", "80")
    with running(behaviour_named("after-id-is-inclusive", 30)) as server:
        alone = judged(pytester, server.url, *few)
    assert alone[0] == 1
    for dist in ("load", "each"):
        # The same port and a server that has answered nothing yet: its request ids are part of the evidence.
        with running(behaviour_named("after-id-is-inclusive", 30), port=urlsplit(server.url).port or 0) as server:
            assert judged(pytester, server.url, *few, "-n", "2", "--dist", dist) == alone
    assert not list(shared.glob("models-conformance-*")), "what workers shared is left behind"
