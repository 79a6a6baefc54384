"""What happens during a pytest run of the suites: the engine runs once, the tests tell its verdicts.

The engine runs before the first test and outside of any, so that what watches single tests (time limits, reruns,
durations) does not see it. A plugin of its own, which the plugin registers in runs of the suites and in no others.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest
from filelock import FileLock

from models_conformance.errors import UsageError
from models_conformance.frontend import clients, runs
from models_conformance.frontend.contracts import candidates
from models_conformance.frontend.outputs import Outputs
from models_conformance.reports.words import (
    LONGEST_SENTENCE,
    cause_lines,
    explanation,
    is_judged,
    open_causes,
    verdict_line,
    why,
)
from models_conformance.requirements.register import Requirement, select
from models_conformance.result import Result, gates
from models_conformance.suites.settings import Settings, read_settings
from models_conformance.support.text import printable

_Made = TypeVar("_Made")
CONFORMS, VIOLATIONS, USAGE, INCOMPLETE, BROKEN = range(5)
# Which of two codes a run ends with: workers of one run can come to different ones.
_WORST_FIRST = (BROKEN, USAGE, VIOLATIONS, INCOMPLETE, CONFORMS)
# The key under which a pytest-xdist worker hands over what it has to say.
_WORKER_OUTPUT = "models_conformance"
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
        _register_fleet(session.config, settings)
    except UsageError as error:
        _stop(str(error), USAGE)
    # Found out during collection, it would be a failed collection with a traceback.
    if settings.values["client"] is None and _addresses(session.config, "client"):
        _stop(_NO_CLIENT, USAGE)
    session.config.stash[_STATE] = _State(settings)


def _register_fleet(config: pytest.Config, settings: Settings) -> None:
    """Make the fleet of the run known, before pytest-xdist starts its workers. Raises UsageError."""
    is_addressed = _addresses(config, "fleet")
    if is_addressed or settings.values["fleet"] is not None or hasattr(config, "workerinput"):
        # Fleets and what resolves them: most runs have none.
        from models_conformance.frontend.fleet.pytest_run import fleet_of, register

        register(config, settings.values["fleet"], settings.values["fleet_results"])
        if is_addressed:
            fleet_of(config)


def _addresses(config: pytest.Config, suite: str) -> bool:
    """Whether the command line names that suite, as a package or by its place."""
    package, folder = f"models_conformance.suites.{suite}", Path(__file__).resolve().parent / suite
    return any(
        name.startswith(package) or Path(config.invocation_params.dir, name).resolve().is_relative_to(folder)
        for name in (argument.partition("::")[0] for argument in config.args)
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each requirement on the subject of a suite, in the register's order, which keeps areas together."""
    if "models_conformance_settle" in metafunc.fixturenames:
        chosen = _selected(metafunc.config, metafunc.module.SUBJECT)
        names = [f"{requirement.area}/{requirement.id}" for requirement in chosen]
        metafunc.parametrize("requirement", chosen, ids=names)


def _selected(config: pytest.Config, subject: str) -> list[Requirement]:
    """The requirements on that kind of subject that `--only` leaves, of all contracts that it may be held to.

    Raises UsageError of pytest where a client is to be judged and none is named.
    """
    values = config.stash[_STATE].settings.values
    if subject == "client" and values["client"] is None:
        raise pytest.UsageError(_NO_CLIENT)
    return select(subject, values["only"], candidates(values["contract"], values.name("contract")).contracts)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Run the engine, once about each kind of subject that tests were collected for."""
    option = session.config.option
    if option.collectonly or (session.testsfailed and not option.continue_on_collection_errors):
        return
    # A controller of pytest-xdist has no items: its workers run the engine, once for all of them.
    for subject, chosen in _chosen(session).items():
        _run(session, subject, chosen)


def _chosen(session: pytest.Session) -> dict[str, set[str]]:
    """The ids of the requirements whose tests were selected, by kind of subject."""
    chosen: dict[str, set[str]] = {}
    for item in session.items:
        callspec = getattr(item, "callspec", None)
        requirement = callspec.params.get("requirement") if callspec else None
        if isinstance(requirement, Requirement):
            chosen.setdefault(_subject_of(requirement), set()).add(requirement.id)
    return chosen


def _subject_of(requirement: Requirement) -> str:
    return "client" if "client" in requirement.subjects else "server"


def _run(session: pytest.Session, subject: str, chosen: set[str]) -> None:
    """Keep the result of the run about that kind of subject, for the requirements whose tests were selected."""
    config = session.config
    state = config.stash[_STATE]
    everything = _selected(config, subject)
    # The ids, where `-k` or a node id left out some; else the globs as they were given.
    only = (
        None
        if len(chosen) == len(everything)
        else tuple(requirement.id for requirement in everything if requirement.id in chosen)
    )
    outcome = _once(config, subject, lambda: _outcome(config, subject, only))
    if isinstance(outcome, Result):
        if state.code is None or _worse(outcome.exit_code, state.code):
            state.code = outcome.exit_code
        state.summary += _summary(outcome)
        state.results[subject] = outcome
        return
    state.code, message = outcome
    state.summary = [message]
    # What pytest-xdist takes for a reason of a worker to stop all of them, and not for a crash: it would start others
    # in their place. The summary tells the code.
    session.shouldstop = message
    _stop(message, CONFORMS if hasattr(config, "workeroutput") else state.code)


def _outcome(config: pytest.Config, subject: str, only: tuple[str, ...] | None) -> Result | tuple[int, str]:
    """The result of the run with its reports written; or the code and the line that it ended with instead."""
    settings = config.stash[_STATE].settings
    values = settings.values
    complaints: list[str] = []
    try:
        with _network(config, settings):
            if subject == "server":
                cassettes = settings.cassettes
                found = runs.judge_server(
                    values, values["target"], None, only, cassettes=cassettes, complain=complaints.append
                )
            else:
                client = clients.from_words(values["client"], lambda doing: None, clients.Starting.of(values))
                found = runs.judge_client(values, client, settings.scenario, None, only, complain=complaints.append)
        result = Outputs(values).write(found, complaints.append)
        return replace(result, notes=(*result.notes, *complaints))
    except UsageError as error:
        return USAGE, str(error)
    except Exception as error:  # noqa: BLE001 - an outermost frontend: one line, not the same traceback per test
        # The type only: the message of an unforeseen error might quote a request with its key.
        return BROKEN, f"the suite itself failed: {type(error).__name__} (`{subject} -v` has the traceback)"


def _network(config: pytest.Config, settings: Settings) -> AbstractContextManager[None]:
    """Blocked where --block-network asks for that, except for a recording, as pytest-recording does for a test."""
    records = settings.cassettes is not None and settings.cassettes.mode != "none"
    if records or not config.getoption("--block-network", False):
        return nullcontext()
    # It is installed where its option is known, and nowhere else needed.
    from pytest_recording.network import blocking_context

    hosts = config.getoption("--allowed-hosts", None)
    blocked: AbstractContextManager[None] = blocking_context(hosts.split(",") if hosts else None)
    return blocked


@pytest.fixture(scope="session")
def models_conformance_settle(request: pytest.FixtureRequest) -> Callable[[Requirement], None]:
    """A function that passes, fails or skips as the result has it for a requirement."""

    def settle(requirement: Requirement) -> None:
        result = request.config.stash[_STATE].results[_subject_of(requirement)]
        entries = {entry.requirement.id: entry for entry in result.requirements}
        entry = entries.get(requirement.id)
        if entry is None and requirement.template:
            pytest.skip("not-applicable: the contract in force has no such fact")
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
    for number, cause in enumerate(open_causes(result), 1):
        lines.append(f"to fix, {number}: {printable(cause.statement, LONGEST_SENTENCE)}")
        lines += [f"  {label:<9}  {text}" for label, text in cause_lines(result, cause)]
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
    output = getattr(node, "workeroutput", {}).get(_WORKER_OUTPUT)
    state = node.config.stash[_STATE]
    state.shared.add(node.workerinput["testrunuid"])
    if output and (state.code is None or _worse(output["code"], state.code)):
        state.code, state.summary = output["code"], output["summary"]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what workers shared, once all of them are done."""
    state = config.stash.get(_STATE, None)
    for run in state.shared if state is not None else ():
        shutil.rmtree(_shared_folder(run), ignore_errors=True)


def _worse(code: int, other: int) -> bool:
    return _WORST_FIRST.index(code) < _WORST_FIRST.index(other)


def _stop(message: str, code: int) -> NoReturn:
    pytest.exit(message, returncode=code)


def _once(config: pytest.Config, subject: str, make: Callable[[], _Made]) -> _Made:
    """What `make` returns, made once for all workers of this run on a machine: the first that needs it makes it, the
    others read it. Outside a worker it is simply made.

    Every worker collects every test, so each would otherwise send all requests again, and a server that moves on
    between them could give them different results. Workers on other machines share no folder and make their own.
    """
    run = getattr(config, "workerinput", {}).get("testrunuid")
    if run is None:
        return make()
    folder = _shared_folder(run)
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / subject
    with FileLock(folder / f"{subject}.lock"):
        if kept.exists():
            # Written by a worker of this very run, into a folder that only its user can write to.
            outcome: _Made = pickle.loads(kept.read_bytes())
            return outcome
        outcome = make()
        kept.write_bytes(pickle.dumps(outcome))
        return outcome


def _shared_folder(run: str) -> Path:
    return Path(tempfile.gettempdir(), f"models-conformance-{run}")
