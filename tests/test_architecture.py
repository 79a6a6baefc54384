"""The layers of ARCHITECTURE.md are the layers of the code: its table is read, and every arrow is held against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

PACKAGE = "models_conformance"
ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "conformance" / PACKAGE
# What stands for "sockets" in the table: whatever opens or serves one.
SOCKETS = {"asyncio", "httpcore", "httpx", "respx", "socket", "starlette", "uvicorn"}
MOST_LINES = 400


@dataclass(frozen=True)
class Row:
    """One row of the table. Names are folders or files at the root of the package, without an ending."""

    layers: tuple[str, ...]
    knows_nothing_of: tuple[str, ...]


def _rows() -> list[Row]:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    cells = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [Row(tuple(re.findall(r"`(\w+)`", first)), tuple(re.findall(r"`(\w+)`", last))) for first, _, last in cells]


ROWS = _rows()
LAYERS = [layer for row in ROWS for layer in row.layers]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Every import of the package, also those inside functions and those for type checkers alone."""
    return grimp.build_graph(
        PACKAGE, include_external_packages=True, exclude_type_checking_imports=False, cache_dir=None
    )


def layer_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def arrows(graph: grimp.ImportGraph) -> list[tuple[str, str]]:
    ours = [module for module in graph.modules if module.split(".")[0] == PACKAGE]
    imports = [(module, imported) for module in ours for imported in graph.find_modules_directly_imported_by(module)]
    return sorted((module, imported) for module, imported in imports if imported.split(".")[0] == PACKAGE)


def test_the_table_names_every_folder_and_file_once() -> None:
    folders = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file()}
    files = {path.stem for path in SOURCE.glob("*.py")}
    assert sorted(LAYERS) == sorted((folders | files) - {"__init__"})
    assert files == {"__init__", "__main__", "api", "result", "errors", "version"}


def test_imports_run_down_the_table(graph: grimp.ImportGraph) -> None:
    height = {layer: -number for number, row in enumerate(ROWS) for layer in row.layers}
    wrong = [
        f"{module} imports {imported}"
        for module, imported in arrows(graph)
        if layer_of(module) != "__init__"
        and layer_of(module) != layer_of(imported)
        and height.get(layer_of(imported), 0) >= height[layer_of(module)]
    ]
    assert wrong == []


def test_no_file_imports_itself_through_others(graph: grimp.ImportGraph) -> None:
    imports: dict[str, set[str]] = {}
    for module, imported in arrows(graph):
        imports.setdefault(module, set()).add(imported)
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as problem:
        pytest.fail(" <- ".join(problem.args[1]))


@pytest.mark.parametrize("row", [row for row in ROWS if row.knows_nothing_of], ids=lambda row: row.layers[0])
def test_a_layer_knows_nothing_of_what_the_table_says(row: Row, graph: grimp.ImportGraph) -> None:
    for layer in row.layers:
        for unknown in row.knows_nothing_of:
            for module in sorted(SOCKETS) if unknown == "sockets" else [f"{PACKAGE}.{unknown}"]:
                chains = graph.find_shortest_chains(f"{PACKAGE}.{layer}", module)
                assert not chains, f"{layer} must know nothing of {unknown}: {sorted(chains)[0]}"


def test_what_the_table_forbids_is_there_to_be_imported(graph: grimp.ImportGraph) -> None:
    named = {name for row in ROWS for name in row.knows_nothing_of} - {"sockets"}
    assert named <= set(LAYERS)
    assert graph.modules >= SOCKETS


@pytest.mark.parametrize(
    ("knows", "unknown"),
    [
        ("judges.client", "judges.server"),
        ("judges.server", "judges.client"),
        ("contract.model", "contract.derivation"),
        ("contract.differences", "contract.derivation"),
        ("contract.schemas", "contract.derivation"),
        ("reference.server", "reference.client"),
    ],
)
def test_a_part_of_a_layer_knows_nothing_of_another(knows: str, unknown: str, graph: grimp.ImportGraph) -> None:
    chains = graph.find_shortest_chains(f"{PACKAGE}.{knows}", f"{PACKAGE}.{unknown}")
    assert not chains, f"{knows} must know nothing of {unknown}: {sorted(chains)[0]}"


def test_a_file_stays_short_enough_to_be_read() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCE.rglob("*.py")}
    assert not {str(path.relative_to(SOURCE)): count for path, count in lines.items() if count > MOST_LINES}
