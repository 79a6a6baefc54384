"""Every option of a judging run, once: the command line and the pytest plugin are built from this table.

Both fronts start with it, so it imports next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from models_conformance.engine.options import (
    DEFAULT_EXAMPLES,
    DEFAULT_MAX_CLIENT_REQUESTS,
    DEFAULT_MAX_REQUESTS,
    DEFAULT_SCENARIOS,
    DEFAULT_TIMEOUT_SECONDS,
)


@dataclass(frozen=True, slots=True)
class Option:
    """`name` with its dashes. `attribute` is what it is called in Python; `many` options are repeatable.

    `integer` options take whole numbers; `least` and `most` bound a number.
    """

    name: str
    attribute: str
    metavar: str
    help: str
    many: bool = False
    choices: tuple[str, ...] = ()
    integer: bool = False
    least: float | None = None
    most: float | None = None
    variable: str | None = None


REPORTS = (
    Option("--json", "json", "F", "Write the result as JSON."),
    Option("--junit", "junit", "F", "Write the result as JUnit XML, one case per requirement."),
    Option("--html", "html", "F", "Write the result as one HTML file that needs no network."),
    Option("--markdown", "markdown", "F", "Write the result as Markdown, for a pull request or a job summary."),
    Option("--badge", "badge", "F", "Write the verdict as a badge: the JSON of a shields endpoint."),
)
GATE = (
    Option("--waivers", "waivers", "F", "Excuse the findings that this TOML file names, and hold it to its word."),
    Option("--write-waivers", "write_waivers", "F", "Propose the smallest waiver file for the findings of this run."),
    Option(
        "--fail-on",
        "fail_on",
        "LEVEL",
        "The lowest level whose findings fail the run: must (default) or should.",
        choices=("must", "should"),
    ),
)
RUN = (
    Option("--seed", "seed", "N", "Seed of what is generated (default 0).", integer=True),
    Option(
        "--max-requests",
        "max_requests",
        "N",
        f"Send no more requests than this (server: {DEFAULT_MAX_REQUESTS}, client: {DEFAULT_MAX_CLIENT_REQUESTS}).",
        integer=True,
        least=1,
    ),
    Option(
        "--examples",
        "examples",
        "N",
        "How much is generated beyond what is systematic "
        f"(server: {DEFAULT_EXAMPLES} requests, client: {DEFAULT_SCENARIOS} calls).",
        integer=True,
        least=0,
    ),
    Option("--only", "only", "GLOB", "Judge only requirements or areas that match. Repeatable.", many=True),
)
ENDPOINT = (
    Option(
        "--api-key",
        "api_key",
        "KEY",
        "Default: $ANTHROPIC_API_KEY, which unlike this option shows in no process list.",
        variable="ANTHROPIC_API_KEY",
    ),
    Option("--alias", "aliases", "NAME[=ID]", "An alias, and the id it stands for. Repeatable.", many=True),
    Option("--header", "headers", "'K: V'", "Send this with each request. Repeatable.", many=True),
    Option(
        "--timeout",
        "timeout",
        "SECONDS",
        f"How long one answer may take (default {DEFAULT_TIMEOUT_SECONDS:g}).",
        least=0.001,
        most=3600.0,
    ),
)
COMMON = (*REPORTS, *GATE, *RUN)
# A pytest run has no arguments of ours, so the subject is an option. `--strict` is pytest's own since always.
_TARGET = Option("--target", "target", "URL", "The endpoint to judge; default: the built-in reference server.")
_CLIENT = Option(
    "--client",
    "client",
    "NAME",
    "The client to judge: NAME[@VERSION], NAME@installed, MODULE:NAME, or '-- CMD...' for a driver program.",
)
_CASSETTES = Option(
    "--cassettes",
    "cassettes",
    "DIR",
    "Play and record there, as --record-mode says (none where it is not given: what is not recorded is "
    "not sent). Default with --record-mode: cassettes/HOST_PORT, or cassettes/reference without --target, "
    "or cassettes where that holds recordings itself.",
)
PYTEST = (_TARGET, _CLIENT, *COMMON, *ENDPOINT, _CASSETTES)
