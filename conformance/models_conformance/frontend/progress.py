"""Progress of a run on standard error, so that a long one is never taken for a hang."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[str, int], None]
# On something that is not a terminal (a CI log) each line stays, so they come seldom.
LINE_EVERY_SECONDS = 5.0


@contextmanager
def progress(quiet: bool = False) -> Iterator[Report]:
    """A function to call with the phase and the number of requests so far, valid within the context.

    A spinner on a terminal; elsewhere a line every few seconds; nothing where `quiet`.
    """
    if quiet:
        yield lambda _phase, _requests: None
    elif sys.stderr.isatty():
        # Only a terminal has a spinner.
        from rich.console import Console
        from rich.text import Text

        with Console(stderr=True).status("starting") as status:
            yield lambda phase, requests: status.update(Text(f"{phase} · {requests} requests"))
    else:
        yield _lines()


def _lines() -> Report:
    next_at = time.monotonic() + LINE_EVERY_SECONDS

    def report(phase: str, requests: int) -> None:
        nonlocal next_at
        if time.monotonic() >= next_at:
            next_at = time.monotonic() + LINE_EVERY_SECONDS
            sys.stderr.write(f"models-conformance: {phase}, {requests} requests so far\n")
            sys.stderr.flush()

    return report
