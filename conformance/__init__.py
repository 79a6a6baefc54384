"""Conformance suite for the Models API of the Claude platform.

For other test suites and monitors: `judge_server`, `judge_client` and `judge_recording` return a typed `Result`.
They are imported when they are first used, so that `import conformance` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.face import judge_client as judge_client
    from conformance.face import judge_recording as judge_recording
    from conformance.face import judge_server as judge_server
    from conformance.options import Unreachable as Unreachable
    from conformance.options import UsageError as UsageError
    from conformance.result import Finding as Finding
    from conformance.result import RequirementResult as RequirementResult
    from conformance.result import Result as Result

__version__ = "0.1.0"

_HOMES = {
    "judge_server": "conformance.face",
    "judge_client": "conformance.face",
    "judge_recording": "conformance.face",
    "UsageError": "conformance.options",
    "Unreachable": "conformance.options",
    "Finding": "conformance.result",
    "RequirementResult": "conformance.result",
    "Result": "conformance.result",
}


def __getattr__(name: str) -> Any:
    """A public name, imported from where it lives. Raises AttributeError."""
    if name not in _HOMES:
        raise AttributeError(f"module 'conformance' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
