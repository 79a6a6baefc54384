"""Running a suite: obtain evidence, judge it, and put the verdicts together."""

from __future__ import annotations

from conformance.options import ServerOptions
from conformance.result import Result


def judge_server(options: ServerOptions) -> Result:
    """Judge the endpoint at `options.url`. Raises Unreachable and UsageError."""
    raise NotImplementedError
