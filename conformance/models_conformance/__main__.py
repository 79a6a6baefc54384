"""The command `models-conformance`, and `python -m models_conformance`: signals first, then everything else."""

from __future__ import annotations

import gc
import os

try:
    import signal
except KeyboardInterrupt:
    # What it imports itself takes its time, too.
    os._exit(130)

_OBJECTS_BETWEEN_COLLECTIONS = 10_000

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn


def main() -> NoReturn:
    """Run the command line. Whoever is interrupted while it is still being imported, or has ended, leaves at once."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # What is ignored (as by `nohup`, or in a script's background) stays ignored.
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _leave)
    # A run keeps nearly all that it makes: by default a tenth of its time goes into looking through that for garbage.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    # Imported once signals are caught: that takes a tenth of a second, in which people change their minds.
    from models_conformance.cli.main import main as command_line

    command_line()


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    if number == signal.SIGINT:
        try:
            os.write(2, b"models-conformance: interrupted\n")
        finally:
            # Also where nobody is there to be told.
            os._exit(128 + number)
    os._exit(128 + number)


if __name__ == "__main__":
    main()
