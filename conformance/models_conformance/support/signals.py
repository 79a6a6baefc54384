"""Signals that wait until something is whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def deferred() -> Iterator[None]:
    """Within it SIGINT and SIGTERM are kept for its end, so that no handler raises between a start and its assignment.

    A program that was started and is not yet known to anybody could not be ended. Handlers run in the main thread
    alone; a signal that is ignored stays ignored, for a child inherits that.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept: list[int] = []

    def keep(number: int, _frame: FrameType | None) -> None:
        kept.append(number)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handled = {number: handler for number, handler in before.items() if callable(handler)}
    for number in handled:
        signal.signal(number, keep)
    try:
        yield
    finally:
        for number, handler in handled.items():
            signal.signal(number, handler)
        for arrived in kept[:1]:
            signal.raise_signal(arrived)
