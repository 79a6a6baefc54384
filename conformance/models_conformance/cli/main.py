"""The command line: one file a command. Every command turns words into options, calls one function and prints.

Heavy modules are imported by the command that needs them, so that `--version` and `requirements` are instant.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import click
from click.shell_completion import shell_complete

from models_conformance.cli.client import client
from models_conformance.cli.completion import COMPLETE, completion
from models_conformance.cli.derive import derive
from models_conformance.cli.diff import diff
from models_conformance.cli.driver import driver
from models_conformance.cli.faults import faults_command
from models_conformance.cli.matrix import matrix
from models_conformance.cli.record import record
from models_conformance.cli.replay import replay
from models_conformance.cli.requirements import requirements
from models_conformance.cli.serve import INTERRUPTED, serve
from models_conformance.cli.server import server
from models_conformance.cli.shared import NAME, Invocation, example, silence_stdout
from models_conformance.errors import UsageError
from models_conformance.support.text import printable, printable_lines
from models_conformance.version import __version__

USAGE, BROKEN, BROKEN_PIPE = 2, 4, 141


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code: the entry point."""
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Whatever a subject is called, printing it must not be what fails.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_run(arguments))


def _terminated(number: int, _frame: FrameType | None) -> NoReturn:
    """End as by Ctrl-C, so that whatever was started is ended too: a driver in a loop would outlive its run."""
    sys.exit(128 + number)


def _run(arguments: Sequence[str] | None) -> int:
    if options := os.environ.get(COMPLETE):
        return shell_complete(cli, {}, NAME, COMPLETE, options)
    invocation = Invocation()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        # Not `cli.main`, which ends a broken pipe with 1: here that would mean violations.
        with cli.make_context(NAME, words, obj=invocation) as context:
            code = cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
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
    except BrokenPipeError:
        silence_stdout()
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the outermost front: the user gets a line and a code of its own
        return _failed(error, invocation)
    return code if isinstance(code, int) else 0


def _complain(message: str, code: int, invocation: Invocation) -> int:
    line = printable(" ".join(invocation.redacted(message).split()))
    click.echo(f"{NAME}: {line}", err=True)
    return code


def _failed(error: Exception, invocation: Invocation) -> int:
    what = f"the suite itself failed: {type(error).__name__}: {error}"
    if invocation.verbose:
        told = invocation.redacted("".join(traceback.format_exception(error)))
        click.echo(printable_lines(told), nl=False, err=True)
    else:
        what += " (run it again with -v for the traceback)"
    return _complain(what, BROKEN, invocation)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=example("server http://127.0.0.1:8000 --json result.json"),
)
@click.version_option(__version__, "--version", prog_name=NAME, message="%(prog)s %(version)s")
def cli() -> None:
    """Judge whether an endpoint or a client keeps the documented contract of the Models API.

    \b
    Exit codes: 0 conforms, 1 violations, 2 usage or unreachable, 3 incomplete,
    4 the suite itself failed, 130 interrupted.
    """


for _command in (
    *(server, client, replay, record, serve, derive, diff),
    *(requirements, faults_command, matrix, driver, completion),
):
    cli.add_command(_command)
