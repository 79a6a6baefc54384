"""Garbage gets each reader's own refusal, in one line: never another exception, a hang, or gigabytes.

A run of all tests makes a hundred inputs for each reader; `FUZZ_EXAMPLES=20000 pytest tests/fuzz -k garbage` makes
more, and others each time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.readers import READERS, Reader

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
BOUNDED = 120
LONGEST_REFUSAL = 2000
# Address space of a reader, with the interpreter and all libraries in it.
MOST_BYTES = 1 << 30
MOST_CPU_SECONDS = 60

names = st.sampled_from(
    ["id", "ok", "log", "data", "interactions", "request", "response", "headers", "body", "status", "call", "server"]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["", "\ud83d", "\x00", "1e999", "2026-02-30", "-Kfile", "https://h/v1/models"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.text(max_size=4), inner, max_size=4)
)
# fmt: off
pieces = st.binary(max_size=6) | st.sampled_from(
    [
        b"{", b"}", b"[", b"]", b'"', b"\\ud83d", b"&a ", b"*a", b"!!python/object:os.system ", b"NaN", b"1e999", b"-",
        b"\xff", b"\'\'\'", b"\n", b"\r", b"\x00", b"---\n", b"<table>", b"| a | b |\n", b": ", b"\x1f\x8b\x08",
        b"9" * 5000, b"[" * 3000
    ]
)
# fmt: on


@st.composite
def garbage(draw: st.DrawFn, reader: Reader) -> bytes:
    """Anything, any JSON, or something right with some of it replaced, repeated, cut out, or another value put in."""
    kind = draw(st.sampled_from(["bytes", "json", "value", "edited", "edited", "edited"]))
    if kind == "bytes":
        return draw(st.binary(max_size=200))
    if kind == "json":
        return json.dumps(draw(values)).encode()
    seed = draw(st.sampled_from(reader.seeds))
    if kind == "value" and seed.startswith(b"{") and b"\n" not in seed:
        return json.dumps(replaced(json.loads(seed), draw)).encode()
    content = bytearray(seed)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 12)))
        content[start:end] = draw(pieces | st.just(bytes(content[start:end] * 3)))
    return bytes(content)


def replaced(value: object, draw: st.DrawFn) -> object:
    """A value with another one in some place of it."""
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        name = draw(st.sampled_from(sorted(value)))
        return {**value, name: replaced(value[name], draw)}
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        return [replaced(value[0], draw), *value[1:]]
    return draw(values)


@pytest.mark.parametrize("name", READERS)
@settings(
    max_examples=EXAMPLES or BOUNDED, derandomize=not EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None
)
@given(data=st.data())
def test_garbage_is_read_or_refused(name: str, data: st.DataObject) -> None:
    reader = READERS[name]
    content = data.draw(garbage(reader))
    said = refusal_of(reader, content)
    assert said is None or (0 < len(said) < LONGEST_REFUSAL and "\n" not in said)


def refusal_of(reader: Reader, content: bytes) -> str | None:
    """What the reader says against it; None where it reads it."""
    try:
        reader.read(content)
    except reader.refusals as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize("name", READERS)
def test_each_reader_begins_with_what_it_can_read(name: str) -> None:
    assert any(refusal_of(READERS[name], seed) is None for seed in READERS[name].seeds)


# What is small, and was or could be large: read within a limit of the kernel, for a reader cannot bound itself.
BOMBS = {
    "deep": "b'[' * 200_000",
    "deep objects": """b'{"a":' * 200_000""",
    "many values": """b'{"interactions":[' + b'{},' * 3_000_000 + b'{}]}'""",
    "dotted keys": "b'a' + b'.a' * 40_000 + b' = 1'",
    "gzip": "__import__('gzip').compress(b'{' + b' ' * 300_000_000 + b'}', 1)",
    "aliases": "b'a: &a [x,x]\\n' + b''.join(b'b%d: &b%d [*%s,*%s]\\n' % (n, n, p, p)"
    " for n in range(40) for p in [b'a' if n == 0 else b'b%d' % (n - 1)])",
    "long number": "b'1' * 2_000_000",
    "quotes": "b'\"' * 1_000_000",
    "table": "b'| a ' * 100_000 + b'|\\n' + b'|---' * 100_000 + b'|\\n'",
    "backslashes": "b'\"' + b'\\\\' * 2_000_000",
}
BOUNDED_PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
from tests.fuzz.readers import READERS
from tests.fuzz.test_readers import BOMBS, refusal_of
for name, bomb in BOMBS.items():
    content = eval(bomb)
    for reader in READERS:
        print(reader, name, flush=True)
        refusal_of(READERS[reader], content)
"""


TRIED = [f"{reader} {name}" for name in BOMBS for reader in READERS]


@pytest.mark.skipif(sys.platform != "linux", reason="others have no such limits")
def test_what_would_cost_gigabytes_is_refused() -> None:
    program = BOUNDED_PROGRAM.format(memory=MOST_BYTES, seconds=MOST_CPU_SECONDS)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    # The last one named is the one that ended it.
    assert (done.returncode, done.stdout.split("\n")[:-1]) == (0, TRIED), done.stderr[-1000:]
