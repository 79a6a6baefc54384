"""What only some users need is an extra of the package; one line says so where it is not installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

from models_conformance.errors import UsageError

Extra = Literal["in-process", "serve"]
EXTRAS: dict[Extra, tuple[str, ...]] = {"in-process": ("respx",), "serve": ("starlette", "uvicorn")}
"""The modules of each extra. What the extra `pytest` brings is pytest's to find."""


def require(extra: Extra, what: str) -> None:
    """Raises UsageError, with the command that installs it, where the extra that `what` needs is not installed."""
    missing = [module for module in EXTRAS[extra] if find_spec(module) is None]
    if missing:
        raise UsageError(f"{what} needs {' and '.join(missing)}: pip install 'models-conformance[{extra}]'")
