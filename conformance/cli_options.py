"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal

import click

from conformance import fronts
from conformance.options import (
    DEFAULT_EXAMPLES,
    DEFAULT_MAX_REQUESTS,
    DEFAULT_TIMEOUT_SECONDS,
    RunOptions,
    ServerOptions,
    UsageError,
)

if TYPE_CHECKING:
    from conformance.result import Result

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

    json_path: str | None
    junit_path: str | None
    fail_on: Literal["must", "should"]
    seed: int
    max_requests: int
    examples: int
    only: tuple[str, ...]
    strict: bool
    quiet: bool
    verbose: bool

    def check(self, **more: str | None) -> None:
        """Raises UsageError for what must not be found out after a run. `more` are further files, by option."""
        if self.quiet and self.verbose:
            raise UsageError("-q and -v ask for opposite things")
        fronts.check_outputs(
            {"--json": self.json_path, "--junit": self.junit_path, **{f"--{name}": path for name, path in more.items()}}
        )
        fronts.check_only(self.only)

    def run(self, report: Callable[[str, int], None]) -> RunOptions:
        """The options of the run, which tells its progress to `report`."""
        return RunOptions(
            fail_on=self.fail_on,
            strict=self.strict,
            seed=self.seed,
            only=self.only,
            max_requests=self.max_requests,
            examples=self.examples,
            progress=report,
        )

    def tell(self, result: Result) -> int:
        """Print the result, write the reports that were asked for, and give the exit code."""
        from conformance.reports import terminal

        detail: terminal.Detail = "quiet" if self.quiet else "verbose" if self.verbose else "normal"
        try:
            terminal.show(result, terminal.Screen(highlight=False), detail)
            sys.stdout.flush()
        except BrokenPipeError:
            # Nobody reads on (`| head`). The verdict stands all the same.
            silence_stdout()
        fronts.write_outputs(result, self.json_path, self.junit_path)
        return result.exit_code


def judging(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the common options. It gets them as one argument, `asked`."""

    @wraps(command)
    def with_judging(*arguments: Any, **words: Any) -> int:
        common = {each.name: words.pop(each.name) for each in fields(Judging)}
        return command(*arguments, asked=Judging(**common), **words)

    wrapped: Callable[..., int] = with_judging
    for option in reversed(_JUDGING_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


_JUDGING_OPTIONS = (
    click.option("--json", "json_path", metavar="F", help="Write the result as JSON."),
    click.option("--junit", "junit_path", metavar="F", help="Write the result as JUnit XML."),
    click.option(
        "--fail-on",
        type=click.Choice(["must", "should"]),
        default="must",
        show_default=True,
        help="The lowest level whose findings fail the run.",
    ),
    click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Seed of what is generated."),
    click.option(
        "--max-requests",
        type=click.IntRange(min=1),
        default=DEFAULT_MAX_REQUESTS,
        show_default=True,
        metavar="N",
        help="Send no more requests than this.",
    ),
    click.option(
        "--examples",
        type=click.IntRange(min=0),
        default=DEFAULT_EXAMPLES,
        show_default=True,
        metavar="N",
        help="Generated requests beyond the systematic ones.",
    ),
    click.option(
        "--only",
        multiple=True,
        metavar="GLOB",
        help="Judge only requirements or areas that match. Repeatable.",
    ),
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
    timeout: float

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
            timeout_seconds=self.timeout,
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

    wrapped: Callable[..., int] = with_reached
    for option in reversed(_REACHED_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


_REACHED_OPTIONS = (
    click.option(
        "--api-key",
        envvar="ANTHROPIC_API_KEY",
        metavar="KEY",
        help="Default: $ANTHROPIC_API_KEY, which unlike this option shows in no process list.",
    ),
    click.option(
        "--alias",
        "aliases",
        multiple=True,
        metavar="NAME[=ID]",
        help="An alias, and the id it stands for. Repeatable.",
    ),
    click.option(
        "--header", "headers", multiple=True, metavar="'K: V'", help="Send this with each request. Repeatable."
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True, max=3600),
        default=DEFAULT_TIMEOUT_SECONDS,
        show_default=True,
        metavar="SECONDS",
        help="How long one answer may take.",
    ),
)
