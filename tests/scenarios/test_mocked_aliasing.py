"""Whether `httpx` can be made to mean `httpx2`, in processes of their own: an alias is for the life of one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# Stands for a released httpx2, which is installed with clients only: the alias as far as the suite relies on it.
STAND_IN = """
import sys
def alias_httpx():
    assert "httpx" not in sys.modules
    sys.modules["httpx"] = sys.modules["httpx2"]
"""
OLD_STAND_IN = ""


def printed(folder: Path, code: str, source: str | None = STAND_IN) -> str:
    """What a fresh process prints that runs `code`."""
    if source is not None:
        (folder / "httpx2.py").write_text(source)
    start = (
        f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        "from models_conformance.scenarios.fixture.httpx_aliasing import alias_httpx2\n"
    )
    done = subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def test_httpx_means_httpx2_from_then_on(tmp_path: Path) -> None:
    code = "print(alias_httpx2(True), alias_httpx2(True)); import httpx; print(httpx.__name__)"
    assert printed(tmp_path, code).split() == ["True", "True", "httpx2"]


@pytest.mark.parametrize(
    ("code", "source"),
    [
        ("print(alias_httpx2(False))", STAND_IN),
        ("import httpx; print(alias_httpx2(True))", STAND_IN),
        ("import httpcore; print(alias_httpx2(True))", STAND_IN),
        ("print(alias_httpx2(True))", OLD_STAND_IN),
        ("print(alias_httpx2(True))", None),
    ],
    ids=["not wanted", "httpx is imported", "httpcore is imported", "an httpx2 without the alias", "no httpx2"],
)
def test_httpx_stays_itself_where_it_must(tmp_path: Path, code: str, source: str | None) -> None:
    assert printed(tmp_path, code + "; import httpx; print(httpx.__name__)", source).split() == ["False", "httpx"]
