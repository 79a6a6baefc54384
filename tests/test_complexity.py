"""No function holds more branches than a reader can hold. Ruff counts statements; this counts conditions, too."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST = 15

radon = pytest.importorskip("radon.complexity")


@pytest.mark.parametrize("folder", ["conformance", "tests", "benchmarks"])
def test_no_function_is_more_complex_than_a_reader_can_hold(folder: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}": function.complexity
        for path in sorted((ROOT / folder).rglob("*.py"))
        for block in radon.cc_visit(path.read_text(encoding="utf-8"))
        for function in getattr(block, "methods", [block])
    }
    assert found
    assert {name: complexity for name, complexity in found.items() if complexity > MOST} == {}
