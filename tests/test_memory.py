"""Whatever a server sends, a run with every output stays within its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests import sweeps
from tests.probing.raw_server import http, raw_server

MOST_MEGABYTES = 400
KEY = "a-secret-key-0001"
MEGABYTE = 1_000_000
# What a process takes counts from what its parent has, and a worker of the tests is large: a small one stands between.
MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def page(*models: Mapping[str, object]) -> bytes:
    """A list of models that are the same but for these members."""
    ordinary = {"type": "model", "display_name": "M", "created_at": "2025-01-01T00:00:00Z"}
    data = [{"id": f"m-{place}", **ordinary, **model} for place, model in enumerate(models)]
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]}
    return json.dumps({"data": data, "has_more": True, **ends}).encode()


def always_new(body: bytes) -> bytes:
    """The body with something in it that no other answer has."""
    return body.replace(b'"M"', b'"%d"' % time.monotonic_ns())


BODIES: dict[str, Callable[[], bytes]] = {
    "objects": lambda: page({"more": [{}] * MEGABYTE}),
    "keys-and-escapes": lambda: page({"more": f"{KEY} " * (MEGABYTE // 4)}, {"more": "\\u0061" * MEGABYTE}),
    "ids-of-emoji": lambda: page({"id": "\U0001f600" * (MEGABYTE // 8)}, {"id": "m" * MEGABYTE + "\U0001f600"}),
    "ids": lambda: page(*({"id": letter * MEGABYTE} for letter in "abc")),
    "ids-to-escape": lambda: page(*({"id": "/%" * (MEGABYTE // 4) + letter} for letter in "abc")),
    "members": lambda: page(*({"more": "m" * MEGABYTE} for _ in range(5))),
    "hundred-megabytes": lambda: b'{"data": "' + b"m" * 100 * MEGABYTE + b'"M"}',
}


@pytest.mark.parametrize("name", sweeps.first([*BODIES], 2))
def test_a_run_stays_within_its_memory(name: str, tmp_path: Path) -> None:
    body = BODIES[name]()
    outputs = [word for name in ("trace", "json", "html", "junit", "markdown") for word in (f"--{name}", name)]
    with raw_server(lambda connection, _: connection.sendall(http(always_new(body)))) as url:
        command = [sys.executable, "-m", "models_conformance", "server", url, "--max-requests", "8", "--examples", "1"]
        run = subprocess.run(
            [sys.executable, "-c", MEASURE, *command, *outputs],
            cwd=tmp_path,
            env={**os.environ, "ANTHROPIC_API_KEY": KEY},
            capture_output=True,
            text=True,
            check=True,
        )
    code, megabytes = map(int, run.stdout.split())
    assert code in (0, 1, 3)
    assert megabytes < MOST_MEGABYTES
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < MOST_MEGABYTES * MEGABYTE // 4
