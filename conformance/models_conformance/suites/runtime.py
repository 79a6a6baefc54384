"""What happens during a pytest run of the suites: the engine runs once, the tests tell its verdicts.

A plugin of its own, which the plugin registers in runs that speak of the suites and in no others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest

from models_conformance.errors import UsageError
from models_conformance.frontend import inputs as fronts
from models_conformance.reports.words import explanation, is_judged, verdict_line, why
from models_conformance.requirements.register import Requirement, select
from models_conformance.result import Result, gates
from models_conformance.suites.settings import Settings, read_settings
from models_conformance.suites.shared import forget, once

CONFORMS, VIOLATIONS, USAGE, INCOMPLETE, BROKEN = range(5)
# Which of two codes a run ends with: workers of one run can come to different ones.
_WORST_FIRST = (BROKEN, USAGE, VIOLATIONS, INCOMPLETE, CONFORMS)
# The key under which a pytest-xdist worker hands over what it has to say.
_WORKER_OUTPUT = "models_conformance"
_CLIENT_SUITE = "models_conformance.suites.client"
_CLIENTS = Path(__file__).resolve().parent / "client"
_NO_CLIENT = "the suite for clients needs --client NAME[@VERSION], or --client '-- CMD...'"


@dataclass
class _State:
    """What is known so far. `code` and `summary` come from this process or from one of its workers."""

    settings: Settings
    code: int | None = None
    summary: list[str] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)


_STATE = pytest.StashKey[_State]()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Check every option before anything is sent or collected."""
    try:
        settings = read_settings(session.config)
    except UsageError as error:
        _stop(str(error), USAGE)
    # Found out during collection, it would be a failed collection with a traceback.
    if settings.client is None and _addresses_clients(session.config):
        _stop(_NO_CLIENT, USAGE)
    session.config.stash[_STATE] = _State(settings)


def _addresses_clients(config: pytest.Config) -> bool:
    """Whether the command line names the suite for clients, as a package or by its place."""
    names = [argument.partition("::")[0] for argument in config.args]
    return any(
        name.startswith(_CLIENT_SUITE) or Path(config.invocation_params.dir, name).resolve().is_relative_to(_CLIENTS)
        for name in names
    )


def selected(config: pytest.Config, subject: str) -> list[Requirement]:
    """The requirements on that kind of subject that `--only` leaves.

    Raises UsageError of pytest where a client is to be judged and none is named.
    """
    settings = config.stash[_STATE].settings
    if subject == "client" and settings.client is None:
        raise pytest.UsageError(_NO_CLIENT)
    return select(subject, settings.run.only)


def _result(request: pytest.FixtureRequest, subject: str) -> Result:
    """The result of the one run about that kind of subject, for the requirements whose tests were selected."""
    state = request.config.stash[_STATE]
    if subject in state.results:
        return state.results[subject]
    made = once(request.config, subject, lambda: _made(request, subject, state.settings))
    if isinstance(made, Result):
        if state.code is None or _worse(made.exit_code, state.code):
            state.code = made.exit_code
        state.summary += _summary(made)
        state.results[subject] = made
        return made
    state.code, message = made
    state.summary = [message]
    # A worker may stop with no other code, or pytest-xdist takes it for crashed. The summary tells its own.
    in_worker = hasattr(request.config, "workeroutput")
    return _stop(message, USAGE if in_worker else state.code)


def _made(request: pytest.FixtureRequest, subject: str, settings: Settings) -> Result | tuple[int, str]:
    """The result of the run with its reports written; or the code and the line that it ended with instead."""
    judge = _judge_client if subject == "client" else _judge_server
    try:
        return settings.outputs.reached(judge(settings, _narrowed(request.session, subject)))
    except UsageError as error:
        return USAGE, str(error)
    except Exception as error:  # noqa: BLE001 - a front of its own: one line, not the same traceback per test
        # The type only: the message of an unforeseen error might quote a request with its key.
        return BROKEN, f"the suite itself failed: {type(error).__name__} (`{subject} -v` has the traceback)"


def _judge_server(settings: Settings, only: tuple[str, ...]) -> Result:
    from models_conformance.engine.server import judge_server

    with fronts.endpoint(settings.target, settings.api_key) as place:
        options = settings.server(place, only)
        if settings.cassettes is None:
            return judge_server(options)
        return fronts.judge_on_tape(options, settings.cassettes)[0]


def _judge_client(settings: Settings, only: tuple[str, ...]) -> Result:
    from models_conformance.engine.client import judge_client
    from models_conformance.frontend import clients

    assert settings.client is not None
    client = clients.from_words(settings.client, lambda doing: None)
    return judge_client(settings.client_options(client, only))


def _narrowed(session: pytest.Session, subject: str) -> tuple[str, ...]:
    """The ids to judge, where `-k` or a node id left out some; else the globs as they were given."""
    parameters = (_parameter(item) for item in session.items)
    chosen = {parameter.id for parameter in parameters if isinstance(parameter, Requirement)}
    everything = selected(session.config, subject)
    if len(chosen & {each.id for each in everything}) == len(everything):
        return session.config.stash[_STATE].settings.run.only
    return tuple(each.id for each in everything if each.id in chosen)


def _parameter(item: pytest.Item) -> Any:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("requirement") if callspec else None


@pytest.fixture(scope="session")
def models_conformance_settle(request: pytest.FixtureRequest) -> Callable[[Requirement], None]:
    """A function that passes, fails or skips as the result has it for a requirement."""

    def settle(requirement: Requirement) -> None:
        result = _result(request, "client" if "client" in requirement.subjects else "server")
        entries = {entry.requirement.id: entry for entry in result.requirements}
        entry = entries.get(requirement.id)
        if entry is None:
            pytest.fail("the run has no verdict on it: the suite itself failed", pytrace=False)
        if entry.verdict == "error" or gates(entry, result.run.fail_on):
            pytest.fail(explanation(result, entry), pytrace=False)
        if not is_judged(entry):
            pytest.skip(f"observed: {why(entry)}")
        if entry.verdict not in ("pass", "fail"):
            pytest.skip(f"{entry.verdict}: {why(entry)}")

    return settle


def _summary(result: Result) -> list[str]:
    lines = []
    for entry in result.requirements:
        if entry.verdict == "fail" and not gates(entry, result.run.fail_on):
            lines += ["does not fail this run (--fail-on should makes it): ", explanation(result, entry), ""]
    lines += [f"note: {note}" for note in result.notes]
    lines += [f"observed: {observation.about}: {observation.did}" for observation in result.observations]
    return [*lines, verdict_line(result)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The verdict, the notes, and the findings that fail no test."""
    state = config.stash.get(_STATE, None)
    if state and state.summary:
        terminalreporter.section("models-conformance")
        for line in state.summary:
            terminalreporter.write_line(line)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """End with the command line's exit code, unless pytest has worse to say; or tell the controller."""
    state = session.config.stash.get(_STATE, None)
    if state is None or state.code is None:
        return
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_WORKER_OUTPUT] = {"code": state.code, "summary": state.summary}
    # 0 to 2 are what pytest says of passed, failed and interrupted tests; the rest is trouble of its own.
    if exitstatus in (0, 1, 2) and _worse(state.code, int(exitstatus)):
        session.exitstatus = state.code


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over what a pytest-xdist worker found. On one machine they all have the same to say."""
    told = getattr(node, "workeroutput", {}).get(_WORKER_OUTPUT)
    state = node.config.stash[_STATE]
    state.shared.add(node.workerinput["testrunuid"])
    if told and (state.code is None or _worse(told["code"], state.code)):
        state.code, state.summary = told["code"], told["summary"]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what workers shared, once all of them are done."""
    state = config.stash.get(_STATE, None)
    for run in state.shared if state is not None else ():
        forget(run)


def _worse(code: int, other: int) -> bool:
    return _WORST_FIRST.index(code) < _WORST_FIRST.index(other)


def _stop(message: str, code: int) -> NoReturn:
    pytest.exit(message, returncode=code)
