"""The command line: a thin front. Every command turns words into options, calls one function and prints.

Heavy modules are imported by the command that needs them, so that `--version` and `requirements` are instant.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click
from click.core import ParameterSource
from click.shell_completion import shell_complete

from models_conformance.cli.client import client, driver
from models_conformance.cli.completers import complete_faults, complete_requirements
from models_conformance.cli.completion import COMPLETE, completion
from models_conformance.cli.matrix import matrix
from models_conformance.cli.options import (
    NAME,
    Front,
    Judging,
    Reached,
    example,
    judging,
    reached,
    silence_stdout,
    verbosity,
)
from models_conformance.errors import UsageError
from models_conformance.frontend import inputs as fronts
from models_conformance.support.text import printable
from models_conformance.version import __version__

if TYPE_CHECKING:
    from models_conformance.engine.fault_matrix import Row

USAGE, BROKEN, INTERRUPTED, BROKEN_PIPE = 2, 4, 130, 141


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
    front = Front()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        # Not `cli.main`, which ends a broken pipe with 1: here that would mean violations.
        with cli.make_context(NAME, words, obj=front) as context:
            code = cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED, front)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else NAME
        return _complain(f"{error.format_message()} (see {path} --help)", USAGE, front)
    except (click.ClickException, UsageError) as error:
        return _complain(str(error), USAGE, front)
    except BrokenPipeError:
        silence_stdout()
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the outermost front: the user gets a line and a code of its own
        return _failed(error, front)
    return code if isinstance(code, int) else 0


def _complain(message: str, code: int, front: Front) -> int:
    line = printable(" ".join(front.redacted(message).split()))
    click.echo(f"{NAME}: {line}", err=True)
    return code


def _failed(error: Exception, front: Front) -> int:
    what = f"the suite itself failed: {type(error).__name__}: {error}"
    if front.verbose:
        click.echo(front.redacted("".join(traceback.format_exception(error))), nl=False, err=True)
    else:
        what += " (run it again with -v for the traceback)"
    return _complain(what, BROKEN, front)


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


cli.add_command(client)
cli.add_command(driver)
cli.add_command(matrix)
cli.add_command(completion)


@cli.command(epilog=example("server https://gateway.example --alias claude-sonnet-4-5 --only cursor"))
@click.argument("url", required=False)
@reached
@click.option("--models", type=click.IntRange(min=0), metavar="N", help="Without URL: how many models it has.")
@click.option(
    "--fault",
    metavar="NAME",
    shell_complete=complete_faults,
    help="Without URL: what is wrong with it, see `faults`.",
)
@click.option("--trace", metavar="F", help="Keep every exchange there, without secrets; `replay F` judges it again.")
@judging
@click.pass_context
def server(
    context: click.Context,
    *,
    url: str | None,
    at: Reached,
    models: int | None,
    fault: str | None,
    trace: str | None,
    options: Judging,
) -> int:
    """Judge the endpoint at URL; without URL, the reference server that is built in."""
    if url is not None and (models is not None or fault is not None):
        raise UsageError("--models and --fault are for the reference server: give no URL with them")
    if url is None and context.get_parameter_source("api_key") is ParameterSource.COMMANDLINE:
        raise UsageError("--api-key goes with a URL: the reference server has a key of its own")
    options.check(trace=trace)
    key = at.check()
    if url is not None:
        fronts.check_url(url)

    from models_conformance.frontend.progress import progress

    with fronts.endpoint(url, key, models, fault) as place, progress(options.quiet) as report:
        from models_conformance.engine.server import judge_server

        keep = fronts.trace_keeper(trace) if trace is not None else None
        result = judge_server(replace(at.options(place, options.run(report)), keep_trace=keep))
    return options.tell(result)


@cli.command(epilog=example("record http://127.0.0.1:8000 -o cassettes/gateway"))
@click.argument("url")
@reached
@click.option("-o", "--output", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Where they go.")
@click.option("--overwrite", is_flag=True, help="Replace the cassettes that DIR holds.")
@judging
def record(*, url: str, at: Reached, output: Path, overwrite: bool, options: Judging) -> int:
    """Judge the endpoint at URL as `server` does, and keep the exchanges as cassettes without secrets.

    They are in the format of vcrpy, a file for each part of the run. `replay DIR` judges them as evidence;
    `pytest --pyargs models_conformance.suites.server --record-mode=none --cassettes DIR` repeats the whole run."""
    options.check()
    key = at.check()
    fronts.check_url(url)

    from models_conformance.frontend.progress import progress
    from models_conformance.recordings.taping import Cassettes
    from models_conformance.recordings.writing import check_folder

    check_folder(output, "--output", overwrite)
    with progress(options.quiet) as report:
        result, files = fronts.judge_on_tape(
            at.options(fronts.Endpoint(url, key), options.run(report)),
            Cassettes(output, "rewrite", "--output", (), None),
        )
    if not options.quiet:
        click.echo(f"{NAME}: {len(files)} cassettes in {printable(str(output))}", err=True)
    return options.tell(result)


@cli.command(epilog=example("replay tests/cassettes --fail-on should --json result.json"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@judging
def replay(*, paths: tuple[Path, ...], options: Judging) -> int:
    """Judge recordings without a network: cassettes of vcrpy, Ruby VCR, go-vcr and R vcr, HAR archives and
    traces of this suite, in files or folders of any name. Each file, and each base URL in it, is a catalogue
    of its own."""
    options.check()

    from models_conformance.frontend.progress import progress

    with progress(options.quiet) as report:
        from models_conformance.engine.recording import judge_recording

        result = judge_recording(paths, options.run(report))
    return options.tell(result)


@cli.command(epilog=example("serve --models 25 --fault after-id-is-inclusive --port 8000"))
@click.option("--models", type=click.IntRange(min=0), metavar="N", help="How many models it has.")
@click.option("--fault", metavar="NAME", shell_complete=complete_faults, help="What is wrong with it, see `faults`.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="any free one",
    metavar="P",
    help="Where it listens.",
)
@verbosity
def serve(models: int | None, fault: str | None, port: int, verbose: bool) -> int:
    """Run the reference server until Ctrl-C. Its first line of output is its URL and its key."""
    from models_conformance.reference.server.serving import IDEAL, behaviour_named, serve_forever

    def announce(line: str) -> None:
        # Flushed: whoever starts this in the background reads the URL from a pipe.
        click.echo(line)
        sys.stdout.flush()

    serve_forever(behaviour_named(fault or IDEAL, models), port, announce)
    return INTERRUPTED


@cli.command(epilog=example("derive docs/001_models.md docs/003_models.txt -o derived"))
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write contract.json and the schemas there.",
)
@verbosity
def derive(pages: tuple[Path, ...], output: Path | None, verbose: bool) -> None:
    """Derive the contract from documentation pages, and print where they disagree."""
    from models_conformance.frontend.contract_commands import derive_command

    with _page_problems():
        lines = derive_command(pages, output)
    click.echo("\n".join(lines))


@cli.command(epilog=example("diff schemas/contract.json docs/later/models.md"))
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@verbosity
def diff(old: Path, new: Path, verbose: bool) -> None:
    """Say what changed between two contracts or pages, what breaks apart from what adds."""
    from models_conformance.frontend.contract_commands import diff_command

    with _page_problems():
        lines = diff_command(old, new)
    click.echo("\n".join(lines))


@contextmanager
def _page_problems() -> Iterator[None]:
    """A page that cannot be read is the user's to mend: one line, and the code of a usage error."""
    from models_conformance.contract.derivation.pages import PageError

    try:
        yield
    except PageError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error


@cli.command(epilog=example("requirements list-after-id-is-exclusive"))
@click.argument("name", required=False, metavar="[ID]", shell_complete=complete_requirements)
@verbosity
def requirements(name: str | None, verbose: bool) -> None:
    """List the requirements; with an ID, explain that one and say where the contract has it."""
    from models_conformance.requirements.register import areas, register

    if name is not None:
        _explain(name)
        return
    width = max(map(len, register()))
    for area in areas():
        click.secho(f"{area.name}: {area.about}", bold=True)
        for entry in register().values():
            if entry.area == area.name:
                click.echo(f"  {entry.id:<{width}}  {entry.level:<7}  {', '.join(entry.subjects)}")


def _explain(name: str) -> None:
    from models_conformance.contract.shipped import source_of
    from models_conformance.reports.words import clause

    entry = fronts.requirement_named(name)
    source = source_of(entry.source)
    click.secho(entry.id, bold=True)
    facts = {
        "claims": entry.statement,
        "level": f"{entry.level} ({_LEVELS[entry.level]})",
        "area": entry.area,
        "judged on": ", ".join(entry.subjects),
        "clause": f"{clause(entry)} (page sha256 {source.sha256[:12]})" if source else clause(entry),
        "advice": entry.advice,
    }
    for label, text in facts.items():
        if text:
            click.echo(f"  {label:<10} {text}")


_LEVELS = {
    "must": "the Models pages say so",
    "should": "companion pages or plain reading; fails a run only with --fail-on should",
    "observe": "nobody says; recorded, never judged",
}


@cli.command(name="faults", epilog=example("faults after-id-is-inclusive"))
@click.argument("name", required=False)
@click.option("--matrix", is_flag=True, help="Run the suite against each (or NAME) and print what it trips.")
@verbosity
def faults_command(name: str | None, matrix: bool, verbose: bool) -> None:
    """List what `serve --fault` and `server --fault` can do: faults, which break the contract, and
    oddities, which are unusual and keep it; and the same of the reference client, which runs as a driver by
    `python -m models_conformance.reference.client --fault NAME`. With a NAME, tell about that one.

    With --matrix, compute which requirements each one trips; exit 1 where one survives or trips more."""
    from models_conformance.reference.client import client_faults, client_oddities
    from models_conformance.reference.server.faults import faults
    from models_conformance.reference.server.oddities import oddities
    from models_conformance.reference.server.serving import behaviour_named

    if matrix:
        _print_matrix([name] if name else [])
        return
    if name is None:
        clients, odd_clients = client_faults(), client_oddities()
        width = max(map(len, [*faults(), *oddities(), *clients, *odd_clients]))
        for title, named in (
            ("Faults", faults()),
            ("Oddities, which conform", oddities()),
            ("Faults of the reference client", clients),
            ("Oddities of the reference client, which conform", odd_clients),
        ):
            click.secho(f"{title} ({len(named)})", bold=True)
            for key, entry in named.items():
                click.echo(f"  {key:<{width}}  {entry.about}")
        return
    if name not in client_faults() and name not in client_oddities():
        # For its error, which offers close names.
        behaviour_named(name)
    if fault := faults().get(name) or client_faults().get(name):
        click.echo(f"{name} (fault, {fault.area}): {fault.about}")
        click.echo(f"  must trip  {', '.join(sorted(fault.trips))}")
        if besides := fault.may_trip - fault.trips:
            click.echo(f"  may trip   {', '.join(sorted(besides))}")
    elif oddity := oddities().get(name) or client_oddities().get(name):
        click.echo(f"{name} (oddity, conforms): {oddity.about}")
    else:
        click.echo(f"{name}: the server without any fault")


def _print_matrix(names: list[str]) -> None:
    """The fault x requirement matrix as a Markdown table, row by row as it is computed."""
    from models_conformance.engine.fault_matrix import as_table, rows

    wrong = 0

    def computed() -> Iterator[Row]:
        nonlocal wrong
        for row in rows(names):
            wrong += bool(row.missed or row.unexpected)
            yield row

    for line in as_table(computed()):
        click.echo(line)
    click.echo(
        f"\n{wrong} behaviours trip something else than they name" if wrong else "\nevery behaviour trips what it names"
    )
    if wrong:
        sys.exit(1)
