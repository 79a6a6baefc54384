"""The command line. Every command turns words into options, calls one function and prints.

Heavy modules are imported by the command that needs them, so that `--version` and `requirements` are instant.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

import click
from click.shell_completion import shell_complete

from models_conformance.cli.completion import COMPLETE, completion
from models_conformance.cli.contracts import derive, diff
from models_conformance.cli.driver import driver
from models_conformance.cli.faults import faults_command
from models_conformance.cli.fleet import fleet
from models_conformance.cli.help import InOrder
from models_conformance.cli.judging import client, record, replay, server
from models_conformance.cli.matrix import matrix
from models_conformance.cli.requirements import requirements
from models_conformance.cli.serve import INTERRUPTED, serve
from models_conformance.cli.shared import NAME, Invocation, example
from models_conformance.cli.streams import Output, standing_streams
from models_conformance.errors import UsageError
from models_conformance.support.text import printable, printable_lines
from models_conformance.version import __version__

USAGE, BROKEN, BROKEN_PIPE, SIGNALLED = 2, 4, 141, 128


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code."""
    with standing_streams() as output, _signals() as signals:
        code = _run(arguments, output)
        if signals.number is not None:
            # Also where somebody's code has taken the exception for an error of its own.
            code = SIGNALLED + signals.number
    sys.exit(code)


class Terminated(KeyboardInterrupt):
    """Somebody asked for the end. No library takes this for a failure, as some do with SystemExit."""


@dataclass
class _Signals:
    """Which signal has asked for the end."""

    number: int | None = None

    def end(self, number: int, _frame: FrameType | None) -> NoReturn:
        """End as by Ctrl-C, so that whatever was started is ended too: a driver in a loop would outlive its run."""
        self.number = number
        for caught in (signal.SIGINT, signal.SIGTERM):
            # Once is enough: a second one would stop the ending, which takes a bounded time.
            signal.signal(caught, signal.SIG_IGN)
        raise KeyboardInterrupt if number == signal.SIGINT else Terminated


@contextmanager
def _signals() -> Iterator[_Signals]:
    signals = _Signals()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, handler in before.items():
        # What is ignored stays ignored.
        if handler != signal.SIG_IGN:
            signal.signal(number, signals.end)
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(arguments: Sequence[str] | None, output: Output) -> int:
    if options := os.environ.get(COMPLETE):
        return shell_complete(cli, {}, NAME, COMPLETE, options)
    invocation = Invocation(owns_process=arguments is None)
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with cli.make_context(NAME, words, obj=invocation) as context:
            code = cli.invoke(context)
        return _exit_code(code, output, invocation)
    except click.exceptions.Exit as done:
        return _exit_code(done.exit_code, output, invocation)
    except Terminated:
        return _complain("terminated", SIGNALLED + signal.SIGTERM, invocation)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED, invocation)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else NAME
        return _complain(f"{error.format_message()} (see {path} --help)", USAGE, invocation)
    except (click.ClickException, UsageError) as error:
        return _complain(str(error), USAGE, invocation)
    except Exception as error:  # noqa: BLE001 - the outermost frontend: the user gets a line and a code of its own
        return _failed(error, invocation)


def _exit_code(code: object, output: Output, invocation: Invocation) -> int:
    """The code of a command that came to its end. A reader who leaves changes no verdict; a disk that is full does:
    nobody may go on as if they had been told."""
    if output.failure is not None:
        return _complain(f"standard output cannot be written: {output.failure}", USAGE, invocation)
    if isinstance(code, int):
        return code
    return BROKEN_PIPE if output.is_abandoned else 0


def _complain(message: str, code: int, invocation: Invocation) -> int:
    line = printable(" ".join(invocation.redacted(message).split()))
    click.echo(f"{NAME}: {line}", err=True)
    return code


def _failed(error: Exception, invocation: Invocation) -> int:
    what = f"the suite itself failed: {type(error).__name__}: {error}"
    if invocation.verbose:
        text = invocation.redacted("".join(traceback.format_exception(error)))
        click.echo(printable_lines(text), nl=False, err=True)
    else:
        what += " (run it again with -v for the traceback)"
    return _complain(what, BROKEN, invocation)


@click.group(
    cls=InOrder,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=example("server http://127.0.0.1:8000 --json result.json"),
)
@click.version_option(__version__, "--version", prog_name=NAME, message="%(prog)s %(version)s")
def cli() -> None:
    """Judge whether an endpoint or a client keeps the documented contract of the Models API.

    \b
    Exit codes: 0 conforms, 1 violations, 2 usage or unreachable, 3 incomplete,
    4 the suite itself failed, 130 interrupted,
    143 terminated.
    """


for _command in (
    *(server, client, replay, record, serve, derive, diff),
    *(requirements, faults_command, matrix, fleet, driver, completion),
):
    cli.add_command(_command)
