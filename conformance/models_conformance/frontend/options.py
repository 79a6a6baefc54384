"""Every option of every command, declared once.

The command line, the options of the pytest plugin, the tables of docs/options.md and the notes of the action are made
from this table, and `frontend.values` reads what a user gave for an option. Every frontend starts with it, so it
imports next to nothing. The defaults are the engine's.
"""

from __future__ import annotations

from pathlib import Path

from models_conformance.contract.shipped import SHIPPED
from models_conformance.drivers.builtin.fetcher import DEFAULT_TOOL_SECONDS
from models_conformance.drivers.timeouts import DEFAULT_HELLO_SECONDS
from models_conformance.engine.options import (
    DEFAULT_EXAMPLES,
    DEFAULT_FAIL_ON,
    DEFAULT_MAX_CLIENT_REQUESTS,
    DEFAULT_MAX_CLIENT_SECONDS,
    DEFAULT_MAX_REQUESTS,
    DEFAULT_MAX_SECONDS,
    DEFAULT_SCENARIOS,
    DEFAULT_SEED,
    DEFAULT_SHELL,
    DEFAULT_TIMEOUT_SECONDS,
)
from models_conformance.frontend.option import Command, Option

_FLEET_FOLDER = Path("fleet-results")
JUDGING: tuple[Command, ...] = ("server", "client", "replay", "record", "pytest")
_ENDPOINT: tuple[Command, ...] = ("server", "record", "pytest")
_LINE: tuple[Command, ...] = (
    *("server", "client", "replay", "record", "serve", "derive", "diff"),
    *("requirements", "faults", "matrix", "fleet", "driver check"),
)
REPORTS = (
    Option("--json", "F", "Write the result as JSON.", JUDGING, "output"),
    Option("--junit", "F", "Write the result as JUnit XML, one case per requirement.", JUDGING, "output"),
    Option("--sarif", "F", "Write the result as SARIF 2.1.0, for code scanning.", JUDGING, "output"),
    Option("--html", "F", "Write the result as one HTML file that needs no network.", JUDGING, "output"),
    Option("--markdown", "F", "Write the result as Markdown, for a pull request or a job summary.", JUDGING, "output"),
    Option("--badge", "F", "Write the verdict as a badge: the JSON of a shields endpoint.", JUDGING, "output"),
)
"""The files that can be made of a result."""

OPTIONS: tuple[Option, ...] = (
    Option("--target", "URL", "The endpoint to judge; without it, the built-in reference server.", ("pytest",)),
    Option(
        "--client",
        "NAME",
        "The client to judge: NAME[@VERSION], NAME@installed, MODULE:NAME, or '-- CMD...' for a driver program.",
        ("pytest",),
    ),
    Option(
        "--api-key",
        "KEY",
        "The API key of the endpoint; @FILE or $NAME is read from that file or variable.",
        _ENDPOINT,
        "key",
        variable="ANTHROPIC_API_KEY",
    ),
    Option(
        "--alias",
        "NAME[=ID]",
        "An alias that the server resolves, and the id it must answer with.",
        _ENDPOINT,
        "alias",
        repeatable=True,
        called="aliases",
    ),
    Option(
        "--header",
        "'K: V'",
        "Send this with each request, such as a gateway's own credentials; never shown. A V of @FILE or $NAME is read "
        "from that file or variable, and is in no list of processes; @@ and $$ begin a V that begins with @ or $.",
        _ENDPOINT,
        "header",
        repeatable=True,
        called="headers",
    ),
    Option(
        "--contract",
        "CONTRACT",
        "What the subject is held to, or the reference server keeps: auto (the newest that it shows), "
        f"{', '.join(SHIPPED)}, a contract.json, a "
        "folder, or pages, one an option (default: auto).",
        (*JUDGING, "serve", "requirements", "faults"),
        repeatable=True,
    ),
    Option(
        "--api-version",
        "DATE",
        "The API version to ask a server with, that a client has to send, or that recordings are judged by; without "
        "it each documented one, and each later one, is judged.",
        JUDGING,
        "version",
    ),
    Option(
        "--ca",
        "FILE",
        "Trust the CAs of this PEM file alone, as curl's --cacert does. Without it those of $SSL_CERT_FILE, "
        "$SSL_CERT_DIR, $CURL_CA_BUNDLE and $REQUESTS_CA_BUNDLE, or of the system where none is set.",
        _ENDPOINT,
        "file",
    ),
    Option("--insecure", "", "Verify no certificate; every report says so.", _ENDPOINT, "flag"),
    Option(
        "--client-cert",
        "FILE[:KEY]",
        "Show the server this certificate; KEY is the file of its key where FILE does not hold it. Both are PEM.",
        _ENDPOINT,
        "certificate",
    ),
    Option(
        "--timeout",
        "SECONDS",
        "How long one answer may take.",
        _ENDPOINT,
        "number",
        least=0.001,
        most=3600.0,
        default=DEFAULT_TIMEOUT_SECONDS,
    ),
    Option(
        "--concurrency",
        "N",
        "How many requests that do not depend on each other may be under way at once; without it up to 8, by the "
        "measured round trip. One by one from the first answer that is not as expected.",
        _ENDPOINT,
        "integer",
        least=1,
        most=64,
    ),
    Option(
        "--models", "N", "How many models the reference server has.", ("server", "serve", "pytest"), "integer", least=0
    ),
    Option(
        "--fault",
        "NAME",
        "What is wrong with the reference server, see `faults`.",
        ("server", "serve", "pytest"),
        repeatable=True,
    ),
    Option(
        "--catalogue",
        "F",
        "The models that it has: a JSON file with a list of ids or of models, or an answer of the list.",
        ("serve",),
        "file",
    ),
    Option(
        "--alias",
        "NAME[=ID]",
        "An alias that it resolves, to the newest model where no id is given.",
        ("serve",),
        "alias",
        repeatable=True,
        called="aliases",
    ),
    Option("--key", "KEY", "The API key that it takes; any at all with *.", ("serve",), default="reference-key"),
    Option("--host", "HOST", "The address where it listens.", ("serve",), default="127.0.0.1"),
    Option(
        "--port", "P", "Where it listens; 0 is any free one.", ("serve",), "integer", least=0, most=65535, default=0
    ),
    Option(
        "--trace",
        "F",
        "Keep every exchange there, without secrets; `replay F` judges it again.",
        ("server", "pytest"),
        "output",
    ),
    Option("--output", "DIR", "Where the cassettes go.", ("record",), "folder", required=True, short="-o"),
    Option("--har", "F", "Write the run as HAR, too.", ("record",), "output"),
    Option("--overwrite", "", "Replace the cassettes that DIR holds.", ("record",), "flag"),
    Option(
        "--cassettes",
        "DIR",
        "Play and record there, as --record-mode says (none where it is not given: what is not recorded is "
        "not sent). Default with --record-mode: cassettes/HOST_PORT, or cassettes/reference without --target, "
        "or cassettes where that holds recordings itself.",
        ("pytest",),
        "folder",
    ),
    Option(
        "--from",
        "PATH",
        "Judge the library of this checkout, built where it has to be, in place of a release.",
        ("client", "driver check", "pytest"),
        called="checkout",
    ),
    Option(
        "--fetch-timeout",
        "SECONDS",
        "How long a package manager or compiler may take that makes a client ready.",
        ("client", "driver check", "pytest"),
        "number",
        least=1.0,
        most=86400.0,
        default=DEFAULT_TOOL_SECONDS,
    ),
    Option(
        "--hello-timeout",
        "SECONDS",
        "How long a driver may take to start and to send its hello.",
        ("client", "driver check", "pytest"),
        "number",
        least=0.1,
        most=86400.0,
        default=DEFAULT_HELLO_SECONDS,
    ),
    Option("--scenario", "F", "Play this scenario alone; - reads it from standard input.", ("client", "pytest")),
    Option(
        "--keep-scenarios", "DIR", "Write the smallest scenario of each finding there.", ("client", "pytest"), "folder"
    ),
    *REPORTS,
    Option("--waivers", "F", "Excuse the findings that this TOML file names.", JUDGING),
    Option("--write-waivers", "F", "Propose the smallest waiver file for the findings of this run.", JUDGING, "output"),
    Option(
        "--fail-on",
        "LEVEL",
        "The lowest level whose findings fail the run: must or should.",
        JUDGING,
        "choice",
        choices=("must", "should"),
        default=DEFAULT_FAIL_ON,
    ),
    Option(
        "--seed",
        "N",
        "Seed of what is generated; of recordings that is nothing.",
        JUDGING,
        "integer",
        default=DEFAULT_SEED,
    ),
    Option(
        "--max-requests",
        "N",
        "Send no more requests than this; recordings are read whole.",
        JUDGING,
        "integer",
        least=1,
        default={"server": DEFAULT_MAX_REQUESTS, "client": DEFAULT_MAX_CLIENT_REQUESTS},
    ),
    Option(
        "--max-seconds",
        "S",
        "End within this time, judging and reports included; what was not reached by then is not judged.",
        JUDGING,
        "number",
        least=1.0,
        most=86400.0,
        default={"server": DEFAULT_MAX_SECONDS, "client": DEFAULT_MAX_CLIENT_SECONDS},
    ),
    Option(
        "--examples",
        "N",
        "How many requests (server) or scenarios (client) are generated beyond the systematic ones; for recordings "
        "none.",
        JUDGING,
        "integer",
        least=0,
        default={"server": DEFAULT_EXAMPLES, "client": DEFAULT_SCENARIOS},
    ),
    Option(
        "--only",
        "GLOB",
        "Judge only requirements or areas that match, such as list-after-* or cursor.",
        JUDGING,
        repeatable=True,
    ),
    Option(
        "--again", "F", "Judge only what failed in that result, which --json wrote, with its seed.", JUDGING, "result"
    ),
    Option(
        "--shell",
        "NAME",
        "What the lines that reproduce a finding are written for: bash or powershell (7.3 and later).",
        JUDGING,
        "choice",
        choices=("bash", "powershell"),
        default=DEFAULT_SHELL,
    ),
    Option("--strict", "", "A requirement that could not be judged is red (exit code 3).", JUDGING, "flag"),
    Option(
        "--gate-added",
        "",
        "Let requirements gate too that the suite learned after the contract was released, not only report them.",
        JUDGING,
        "flag",
    ),
    Option(
        "--untestable", "", "List the facts that no requirement judges, with the reason.", ("requirements",), "flag"
    ),
    Option(
        "--quiet",
        "",
        "Only the findings' headlines and the verdict.",
        ("server", "client", "replay", "record"),
        "flag",
        short="-q",
    ),
    Option("--output", "DIR", "Write contract.json and the schemas there.", ("derive",), "folder", short="-o"),
    Option(
        "--history",
        "",
        "The pages are of several dates, by their front matter or file name: the newest wins, and each fact gets "
        "the dates since and until when it is documented.",
        ("derive",),
        "flag",
    ),
    Option(
        "--as-of", "DATE", "The date, YYYY-MM-DD or YYYY-MM, of pages that have none of their own.", ("derive",), "date"
    ),
    Option("--json", "", "Print them as JSON.", ("requirements",), "flag"),
    Option("--json", "F", "Write what changed as JSON.", ("diff",), "output"),
    Option("--markdown", "F", "Write what changed as Markdown.", ("diff",), "output"),
    Option(
        "--fail-on",
        "KIND",
        "Exit 1 where anything breaking changed, or where any change was found.",
        ("diff",),
        "choice",
        choices=("breaking", "any"),
    ),
    Option("--html", "F", "Write the table as one HTML file that needs no network.", ("matrix",), "output"),
    Option("--markdown", "F", "Write the table as Markdown.", ("matrix",), "output"),
    Option("--since", "OLD.json", "Say what got worse since that result; exit 1 where anything did.", ("matrix",)),
    Option(
        "--output",
        "DIR",
        "Where results, matrix and badge go; what is there of the same subjects is kept.",
        ("fleet",),
        "folder",
        default=_FLEET_FOLDER,
        short="-o",
    ),
    Option(
        "--workers",
        "N",
        "How many subjects are judged at once, by pytest-xdist.",
        ("fleet",),
        "integer",
        least=1,
        most=64,
        default=1,
        short="-n",
    ),
    Option(
        "--since",
        "DIR",
        "Exit 1 only where anything got worse since the results of that earlier fleet.",
        ("fleet",),
        "folder",
    ),
    Option(
        "--models-fleet",
        "FILE",
        "The fleet that `models_conformance.suites.fleet` judges.",
        ("pytest",),
        "file",
        called="fleet",
    ),
    Option(
        "--models-fleet-results",
        "DIR",
        "Where its results go and are kept.",
        ("pytest",),
        "folder",
        default=_FLEET_FOLDER,
        called="fleet_results",
    ),
    Option("--matrix", "", "Run the suite against each (or NAME) and print what it trips.", ("faults",), "flag"),
    Option(
        "--write",
        "F",
        "With --matrix: write what every fault trips, as the tests compare it; with NAME, the other rows as recorded.",
        ("faults",),
        "output",
    ),
    Option("--verbose", "", "Say more; a traceback if the suite itself fails.", _LINE, "flag", short="-v"),
)


def options_of(command: Command) -> tuple[Option, ...]:
    """The options that a command has, in the order in which its help shows them."""
    return tuple(option for option in OPTIONS if command in option.commands)


def by_bare_name(command: Command) -> dict[str, Option]:
    """The options that a command has, as a file names them."""
    return {option.bare_name: option for option in options_of(command)}
