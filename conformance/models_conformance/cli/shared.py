"""What the commands share: their options, and what the outermost handler must know of the one that failed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import click

from models_conformance.cli.completers import completer_of
from models_conformance.errors import UsageError
from models_conformance.evidence.redaction import Redactor
from models_conformance.frontend.option import Command, Option
from models_conformance.frontend.options import options_of
from models_conformance.frontend.outputs import Outputs
from models_conformance.frontend.values import Values, read_values
from models_conformance.support.text import printable

if TYPE_CHECKING:
    from models_conformance.result import Result

NAME = "models-conformance"


@dataclass
class Invocation:
    """What the outermost handler needs to know about the command that failed.

    `owns_process` is whether the process does nothing but this command.
    """

    owns_process: bool = False
    verbose: bool = False
    secrets: list[str] = field(default_factory=list)

    def redacted(self, text: str) -> str:
        """`text` without the secrets."""
        redactor = Redactor()
        for secret in self.secrets:
            redactor.add(secret)
        return redactor.text(text)


def example(command: str) -> str:
    """The epilog of a help text. click would fill the lines of a plain paragraph."""
    return f"\b\nExample:\n  {NAME} {command}"


Function = Callable[..., Any]


def options(command: Command) -> Callable[[Function], Function]:
    """Give a command its options of the table. It gets what was given for them as one argument, `values`."""

    def decorate(function: Function) -> Function:
        @wraps(function)
        def with_values(*arguments: Any, **words: Any) -> Any:
            raw = {option.attribute: words.pop(option.attribute) for option in options_of(command)}
            invocation = click.get_current_context().ensure_object(Invocation)
            invocation.verbose = bool(raw["verbose"])
            values = read_values(command, raw, os.environ)
            # Before anything is done with them: whatever goes wrong from here on, no message may show them.
            if "api_key" in raw:
                invocation.secrets += [values["api_key"] or "", *(header.value for header in values["headers"])]
            if raw.get("quiet") and raw["verbose"]:
                raise UsageError("-q and -v contradict each other")
            return function(*arguments, values=values, **words)

        decorated: Function = with_values
        for option in reversed(options_of(command)):
            decorated = _as_click(option, command)(decorated)
        return decorated

    return decorate


def _as_click(option: Option, command: Command) -> Callable[[Function], Function]:
    """The click option of an entry of the table. It takes any text, which `read_values` reads."""
    names = [option.name] if option.short is None else [option.short, option.name]
    if option.kind == "flag":
        return click.option(*names, option.attribute, is_flag=True, help=option.explanation(command))
    return click.option(
        *names,
        option.attribute,
        type=click.STRING,
        metavar=option.metavar,
        help=option.explanation(command),
        multiple=option.repeatable,
        required=option.required,
        shell_complete=completer_of(option),
    )


@contextmanager
def page_problems() -> Iterator[None]:
    """A page that cannot be read is the user's to fix: one line, and the code of a usage error."""
    # The readers of pages: only the commands that read some start with them.
    from models_conformance.contract.derivation.pages import PageError

    try:
        yield
    except PageError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error


def complain(problem: str) -> None:
    """Say on standard error what went wrong without ending the run."""
    click.echo(f"{NAME}: {printable(problem)}", err=True)


def conclude(values: Values, found: Result) -> int:
    """Write the reports of a run, print its result, and give the exit code."""
    # After the run: nothing that prints is needed before.
    from rich.console import Console

    from models_conformance.reports import annotations, terminal

    outputs = Outputs(values)
    result = outputs.write(found, complain)
    before, after = annotations.guard(os.environ, token_hex(16))
    detail: terminal.Detail = "quiet" if values["quiet"] else "verbose" if values["verbose"] else "normal"
    click.echo(before, nl=False)
    terminal.show(result, Console(highlight=False), detail)
    click.echo(after + annotations.render(result, os.environ), nl=False)
    if outputs.written and not values["quiet"]:
        click.echo(f"{NAME}: wrote {printable(', '.join(outputs.written))}", err=True)
    return result.exit_code
