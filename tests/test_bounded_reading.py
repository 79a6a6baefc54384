"""Files that somebody else may have made are read whole or refused in one line, whatever they are."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models_conformance.contract.derivation.pages import read_page
from models_conformance.errors import UsageError
from models_conformance.frontend.inputs import read_scenario
from models_conformance.matrix.result_files import parse_result, read_result
from models_conformance.scenarios.files import read_scenario as parse_scenario
from models_conformance.support.reading import UnreadableError, has_too_many_nodes, read_bounded
from models_conformance.waivers.waiver_files import parse_waivers, read_waivers
from tests.recordings.reading import read_recording, read_trace

READERS: dict[str, Callable[[Path], object]] = {
    "waivers": read_waivers,
    "result": read_result,
    "recording": read_recording,
    "trace": read_trace,
    "page": read_page,
    "scenario": lambda path: read_scenario(str(path), "--scenario"),
}


@pytest.mark.parametrize("reader", READERS)
def test_devices_and_fifos_are_refused_by_name(reader: str, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path, kind in ((fifo, "FIFO"), (Path("/dev/zero"), "device")):
        with pytest.raises((UsageError, ValueError), match=f"{path.name}.* is a {kind}, not a file"):
            READERS[reader](path)


def test_a_file_is_read_up_to_its_bound(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_bounded(path, 5) == b"12345"
    with pytest.raises(UnreadableError, match="is larger than 4 bytes"):
        read_bounded(path, 4)


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_values_are_counted_outside_of_strings(value: object) -> None:
    def count(value: object) -> int:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return 1 + sum(map(count, inner))

    text = json.dumps(value, ensure_ascii=False)
    # Every value but the first follows a bracket or a comma; empty collections have a bracket, too.
    assert not has_too_many_nodes(text, 2 * count(value))
    assert has_too_many_nodes("[" * 11 + text, 10)


def test_dotted_keys_do_not_become_tables_within_tables() -> None:
    for text in ("a" + ".a" * 20_000 + " = 1", "x = {b" + ' . "a"' * 20_000 + " = 1}", "[a" + ".a" * 20_000 + "]"):
        with pytest.raises(UsageError, match="more than 16 dots"):
            parse_waivers(text, "waivers.toml")


def test_a_result_of_a_million_values_is_refused() -> None:
    with pytest.raises(UsageError, match="holds more than 300000 values"):
        parse_result(b'{"format": 1, "x": [' + b"{}," * 400_000 + b"{}]}", "result.json")


_GARBAGE = st.binary(max_size=400) | st.text(st.sampled_from('{}[]":,.=#&*- \n\\u019ainteractions'), max_size=400).map(
    str.encode
)


@pytest.mark.parametrize("reader", ["waivers", "result", "recording", "trace", "scenario"])
@settings(max_examples=60, deadline=None)
@given(content=_GARBAGE)
def test_garbage_is_read_or_refused_in_one_line(
    reader: str, content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"garbage-{reader}"
    path.write_bytes(content)
    refusals: list[str] = []
    try:
        READERS[reader](path)
    except UsageError as refusal:
        refusals.append(str(refusal))
    assert all(text and "\n" not in text for text in refusals)


def test_a_scenario_of_many_values_is_refused() -> None:
    with pytest.raises(UsageError, match="holds more than 300000 values"):
        parse_scenario("[" + "{}," * 400_000 + "{}]", "scenario.json")
