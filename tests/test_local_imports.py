"""An import inside a function is dear to a reader: each says in a comment why it does not stand at the top."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "conformance" / "models_conformance"
# They run in the environments of fetched releases, of which they know nothing until they are asked.
DRIVER_PROGRAMS = SOURCE / "drivers" / "builtin" / "programs"


def _local_imports(tree: ast.Module) -> Iterator[int]:
    """The lines of imports within functions."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for function in functions:
        yield from (node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))


def _has_reason(lines: list[str], number: int) -> bool:
    """Whether a comment stands behind the import, or above the run of imports that it is in."""
    if "  # " in lines[number - 1]:
        return True
    above = number - 1
    while not (line := lines[above - 1].strip()) or line.startswith(("import ", "from ")):
        above -= 1
    return line.startswith("#")


def test_an_import_inside_a_function_says_why_it_is_there() -> None:
    unexplained = []
    for path in sorted(SOURCE.rglob("*.py")):
        if DRIVER_PROGRAMS in path.parents:
            continue
        text = path.read_text(encoding="utf-8")
        for number in sorted(set(_local_imports(ast.parse(text)))):
            if not _has_reason(text.splitlines(), number):
                unexplained.append(f"{path.relative_to(SOURCE)}:{number}")
    assert unexplained == []
