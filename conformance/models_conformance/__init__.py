"""Conformance suite for the Models API of the Claude platform.

For other test suites and monitors: `judge_server`, `judge_app`, `judge_exchanges`, `judge_client` and `judge_recording`
return a typed `Result`.
They are imported when they are first used, so that `import models_conformance` costs nothing.
"""

from __future__ import annotations

from importlib import import_module

from models_conformance.version import __version__ as __version__

# As type checkers know it, without `typing`, which takes long enough to be interrupted while it is imported.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from models_conformance.api import Result as Result
    from models_conformance.api import judge_app as judge_app
    from models_conformance.api import judge_client as judge_client
    from models_conformance.api import judge_exchanges as judge_exchanges
    from models_conformance.api import judge_recording as judge_recording
    from models_conformance.api import judge_server as judge_server
    from models_conformance.errors import Unreachable as Unreachable
    from models_conformance.errors import UsageError as UsageError
    from models_conformance.result import Cause as Cause
    from models_conformance.result import Finding as Finding
    from models_conformance.result import RequirementResult as RequirementResult

_HOMES = {
    "judge_app": "models_conformance.api",
    "judge_exchanges": "models_conformance.api",
    "judge_server": "models_conformance.api",
    "judge_client": "models_conformance.api",
    "judge_recording": "models_conformance.api",
    "UsageError": "models_conformance.errors",
    "Unreachable": "models_conformance.errors",
    "Cause": "models_conformance.result",
    "Finding": "models_conformance.result",
    "RequirementResult": "models_conformance.result",
    "Result": "models_conformance.api",
}


def __getattr__(name: str) -> Any:
    """A public name, imported from where it lives. Raises AttributeError."""
    if name not in _HOMES:
        raise AttributeError(f"module 'models_conformance' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
