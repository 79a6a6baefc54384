"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import wraps
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Literal

import click

from models_conformance.cli.completers import complete_requirements
from models_conformance.engine.options import (
    DEFAULT_EXAMPLES,
    DEFAULT_MAX_REQUESTS,
    DEFAULT_TIMEOUT_SECONDS,
    RunOptions,
    ServerOptions,
)
from models_conformance.errors import UsageError
from models_conformance.frontend import inputs as fronts
from models_conformance.frontend.options import COMMON, ENDPOINT, REPORTS, Option
from models_conformance.frontend.outputs import Outputs

if TYPE_CHECKING:
    from models_conformance.result import Result

NAME = "models-conformance"
_SHORTEST_SECRET = 6


@dataclass
class Front:
    """What the outermost handler needs to know about the command that failed."""

    verbose: bool = False
    secrets: list[str] = field(default_factory=list)

    def redacted(self, text: str) -> str:
        """`text` without the secrets. Very short ones are left: they would hit innocent words."""
        for secret in self.secrets:
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, "<secret>")
        return text


def silence_stdout() -> None:
    """After a broken pipe: Python would complain again when it closes the stream at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _verbose(context: click.Context, _parameter: click.Parameter, value: bool) -> bool:
    context.ensure_object(Front).verbose = value
    return value


verbosity = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    callback=_verbose,
    help="Say more; a traceback if the suite itself fails.",
)


def example(command: str) -> str:
    """The epilog of a help text. click would fill the lines of a plain paragraph."""
    return f"\b\nExample:\n  {NAME} {command}"


@dataclass(frozen=True, slots=True)
class Judging:
    """The options that every judging command has, as click read them."""

    json: str | None
    junit: str | None
    html: str | None
    markdown: str | None
    badge: str | None
    waivers: str | None
    write_waivers: str | None
    fail_on: Literal["must", "should"] | None
    seed: int | None
    max_requests: int | None
    examples: int | None
    only: tuple[str, ...]
    strict: bool
    quiet: bool
    verbose: bool

    @property
    def outputs(self) -> Outputs:
        """What is to be made of the result."""
        reports: dict[str, str | None] = {each.attribute: getattr(self, each.attribute) for each in REPORTS}
        return Outputs(reports, self.waivers, self.write_waivers)

    def check(self, subject: str = "server", **more: str | None) -> None:
        """Raises UsageError for what must not be found out after a run. `more` are further files, by option."""
        if self.quiet and self.verbose:
            raise UsageError("-q and -v ask for opposite things")
        self.outputs.check(**more)
        fronts.check_only(self.only, subject)

    def run(
        self,
        report: Callable[[str, int], None],
        max_requests: int = DEFAULT_MAX_REQUESTS,
        examples: int = DEFAULT_EXAMPLES,
    ) -> RunOptions:
        """The options of the run, which tells its progress to `report`, with these defaults."""
        return RunOptions(
            fail_on=self.fail_on or "must",
            strict=self.strict,
            seed=self.seed or 0,
            only=self.only,
            max_requests=max_requests if self.max_requests is None else self.max_requests,
            examples=examples if self.examples is None else self.examples,
            progress=report,
        )

    def tell(self, found: Result) -> int:
        """Conclude the run, print its result, and give the exit code."""
        from models_conformance.reports import annotations, terminal

        result = self.outputs.reached(found)
        before, after = annotations.guard(os.environ, token_hex(16))
        detail: terminal.Detail = "quiet" if self.quiet else "verbose" if self.verbose else "normal"
        try:
            click.echo(before, nl=False)
            terminal.show(result, terminal.Screen(highlight=False), detail)
            click.echo(after + annotations.render(result, os.environ), nl=False)
            sys.stdout.flush()
        except BrokenPipeError:
            # Nobody reads on (`| head`). The verdict stands all the same.
            silence_stdout()
        return result.exit_code


def judging(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the common options. It gets them as one argument, `asked`."""

    @wraps(command)
    def with_judging(*arguments: Any, **words: Any) -> int:
        common = {each.name: words.pop(each.name) for each in fields(Judging)}
        return command(*arguments, options=Judging(**common), **words)

    return _with_options(with_judging, (*map(as_click, COMMON), *_JUDGING_FLAGS))


Decorator = Callable[[Callable[..., int]], Callable[..., int]]


def _with_options(command: Callable[..., int], options: tuple[Decorator, ...]) -> Callable[..., int]:
    """The command with these options, which its help shows in this order."""
    for option in reversed(options):
        command = option(command)
    return command


def as_click(option: Option) -> Decorator:
    """The click option of an entry of the table."""
    kind: click.ParamType[Any] = click.STRING
    if option.choices:
        kind = click.Choice(option.choices)
    elif option.integer:
        kind = click.INT if option.least is None else click.IntRange(int(option.least))
    elif option.least is not None:
        kind = click.FloatRange(option.least, option.most)
    return click.option(
        option.name,
        option.attribute,
        type=kind,
        metavar=option.metavar,
        help=option.help,
        multiple=option.many,
        envvar=option.variable,
        shell_complete=_completes(option),
    )


def _completes(option: Option) -> Callable[[click.Context, click.Parameter, str], list[str]] | None:
    """What completes the value of an option; click itself knows choices."""
    return complete_requirements if option.attribute == "only" else None


_JUDGING_FLAGS = (
    click.option("--strict", is_flag=True, help="A requirement that could not be judged is red (exit code 3)."),
    click.option("-q", "--quiet", is_flag=True, help="Only the findings' headlines and the verdict."),
    verbosity,
)


@dataclass(frozen=True, slots=True)
class Reached:
    """How an endpoint is reached, as click read it."""

    api_key: str | None
    aliases: tuple[str, ...]
    headers: tuple[str, ...]
    timeout: float | None

    @property
    def secrets(self) -> list[str]:
        """What must not show in a message."""
        return [self.api_key or "", *(line.partition(":")[2].strip() for line in self.headers)]

    def options(self, place: fronts.Endpoint, run: RunOptions) -> ServerOptions:
        """The options to judge `place` by. Raises UsageError for aliases and headers that cannot be read."""
        return ServerOptions(
            url=place.url,
            api_key=place.api_key,
            aliases={**place.aliases, **fronts.read_aliases(self.aliases)},
            headers=fronts.read_headers(self.headers),
            timeout_seconds=self.timeout or DEFAULT_TIMEOUT_SECONDS,
            run=run,
        )

    def check(self) -> str | None:
        """The key, checked with everything else before anything is sent. Raises UsageError."""
        fronts.read_aliases(self.aliases)
        fronts.read_headers(self.headers)
        return fronts.check_key(self.api_key)


def reached(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of an endpoint. It gets them as one argument, `at`."""

    @wraps(command)
    def with_reached(*arguments: Any, **words: Any) -> int:
        at = Reached(**{each.name: words.pop(each.name) for each in fields(Reached)})
        # First of all: whatever goes wrong from here on, no message may show them.
        click.get_current_context().ensure_object(Front).secrets += at.secrets
        return command(*arguments, at=at, **words)

    return _with_options(with_reached, tuple(map(as_click, ENDPOINT)))
