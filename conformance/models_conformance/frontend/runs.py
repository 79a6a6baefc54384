"""From the values of options to a run of the engine: the one place where the engine's options are made.

A run has three steps: check everything (nothing is sent before all input is known to be good), run, and write what
the user wanted of the result. The engine is imported when a run begins, so that bad input is refused at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from models_conformance.contract.versions import VERSION_HEADER
from models_conformance.engine.options import Application, ClientOptions, RunOptions, ServerOptions
from models_conformance.errors import Unreachable, UsageError
from models_conformance.frontend.contracts import candidates, kept_by_reference
from models_conformance.frontend.inputs import (
    check_only,
    check_url,
    endpoint,
    read_scenario,
    scenario_keeper,
    trace_keeper,
)
from models_conformance.frontend.outputs import Complain, Outputs, attempt, refuse
from models_conformance.frontend.values import Values, aliases_of, api_version
from models_conformance.support import files
from models_conformance.support.text import printable

if TYPE_CHECKING:
    from models_conformance.frontend.clients import Client
    from models_conformance.probing.network import Network
    from models_conformance.probing.tape import Tape
    from models_conformance.recordings.dialects import Recording
    from models_conformance.recordings.taping import Cassettes
    from models_conformance.result import Result
    from models_conformance.scenarios.scenario import Scenario

Progress = Callable[[str, int], None]
# What a user can do where TLS fails.
_REMEDIES = {
    "name-its-ca": "name the CA with {ca} FILE or in $SSL_CERT_FILE; {insecure} judges without verifying",
    "another-certificate": "renew or replace it; {insecure} judges without verifying",
    "another-name": "ask it by a name that its certificate has; {insecure} judges without verifying",
    "another-key": "give a valid key with {api_key}",
    "show-a-certificate": "show it one with {client_cert} FILE[:KEY]",
}


def check(values: Values, subject: str) -> None:
    """Raises UsageError for options that no run can be made of."""
    Outputs(values).check()
    contracts = candidates(values["contract"], values.name("contract")).contracts
    check_only(values["only"], subject, values.name("only"), contracts)
    api_version(values)


def check_endpoint(values: Values, url: str | None) -> None:
    """Raises UsageError for options of an endpoint, and a URL, that make no sense; None is the reference server."""
    if url is not None and _reference(values) != (None, ()):
        names = " and ".join(values.name(attribute) for attribute in ("models", "fault"))
        raise UsageError(f"{names} are for the reference server: give no URL with them")
    for attribute in ("ca", "insecure", "client_cert"):
        if url is None and values[attribute]:
            raise UsageError(f"{values.name(attribute)} goes with a URL: the reference server does not speak TLS")
    if values["ca"] is not None and values["insecure"]:
        raise UsageError(f"{values.name('ca')} and {values.name('insecure')} contradict each other")
    if url is None and "api_key" in values.given:
        raise UsageError(f"{values.name('api_key')} goes with a URL: the reference server has a key of its own")
    aliases_of(values["aliases"], values.name("aliases"))
    if url is not None:
        check_url(url, values["api_key"], f"{values.name('api_key')} or {values.name('headers')}")


def check_client(values: Values) -> Scenario | None:
    """The scenario that is to be played alone, if any. Raises UsageError for options that no run can be made of."""
    folder: Path | None = values["keep_scenarios"]
    if folder is not None and folder.exists() and not folder.is_dir():
        raise UsageError(f"{values.name('keep_scenarios')} {printable(str(folder))}: is there and is not a folder")
    source = values["scenario"]
    return read_scenario(source, values.name("scenario")) if source is not None else None


def judge_server(
    values: Values,
    url: str | None,
    progress: Progress | None = None,
    only: Sequence[str] | None = None,
    *,
    cassettes: Cassettes | None = None,
    application: Application | None = None,
    complain: Complain = refuse,
) -> Result:
    """Judge the endpoint at `url`, or the reference server, over `cassettes` where they are given, or an `application`
    that is asked by `url`.

    `only` narrows what the option of that name leaves, `complain` is told of a trace that cannot be kept.
    Raises UsageError, and Unreachable, which is one.
    """
    # Each kind of run starts with its own engine, and none of the others.
    from models_conformance.engine import server as engine

    with endpoint(
        url,
        values["api_key"],
        *_reference(values),
        contract=kept_by_reference(values["contract"], values.name("contract")),
    ) as place:
        tape = cassettes.tape() if cassettes is not None else None
        keep_trace = None
        if values.command in ("server", "pytest") and values["trace"] is not None:
            keep_trace = trace_keeper(values["trace"], values.name("trace"), complain)
        # The reference server is on this machine, whatever the environment says of proxies.
        network = None if url is None else _network(values)
        options = ServerOptions(
            url=place.url,
            api_key=place.api_key,
            aliases={**place.aliases, **aliases_of(values["aliases"], values.name("aliases"))},
            headers=tuple(line[:2] for line in values["headers"] if line.name.lower() != VERSION_HEADER),
            secrets=tuple(line.value for line in values["headers"] if line.is_secret),
            timeout_seconds=values["timeout"],
            concurrency=values["concurrency"],
            run=run_options(values, "server", progress, only),
            tape=tape,
            network=network,
            keep_trace=keep_trace,
            application=application,
        )
        try:
            result = engine.judge_server(options)
        except Unreachable as problem:
            raise _advised(problem, values) from None
    if url is None:
        result = _of_reference(values, result)
    if cassettes is not None and tape is not None:
        # Only a run that is recorded needs tapes.
        from models_conformance.probing.tape import RecordedWith

        run = options.run
        recorded_with = RecordedWith(run.seed, run.examples, run.max_requests, options.aliases, tape.credential)
        cassettes.save(tape, recorded_with)
        if values.command == "record" and values["har"] is not None:
            _write_har(values, tape, result.run.started_at, complain)
    return result


def _advised(problem: Unreachable, values: Values) -> Unreachable:
    """The problem with the advice that its remedy has, if any, in the names of the options in use."""
    advice = _REMEDIES.get(problem.remedy, "")
    names = {attribute: values.name(attribute) for attribute in ("api_key", "ca", "insecure", "client_cert")}
    if not values.is_library:
        names["api_key"] += " or in $ANTHROPIC_API_KEY"
    return Unreachable(f"{problem}: {advice.format_map(names)}") if advice else problem


def _write_har(values: Values, tape: Tape, started_at: str, complain: Complain) -> None:
    # Only a run that is recorded needs HAR.
    from models_conformance.recordings.har_writing import har_text

    text = har_text(tape.kept, started_at)
    attempt(lambda: files.write(values["har"], values.name("har"), text), complain)


def _network(values: Values) -> Network:
    """How the server is reached, by the options and the environment."""
    # Certificates and proxies: only a server is reached through them.
    from models_conformance.probing.certificates import ClientCertificate, Source
    from models_conformance.probing.network import Network

    ca, shown = values["ca"], values["client_cert"]
    return Network(
        Source(ca, values.name("ca")) if ca is not None else None,
        values["insecure"],
        ClientCertificate(shown[0], shown[1], values.name("client_cert")) if shown is not None else None,
        os.environ,
    )


def _reference(values: Values) -> tuple[int | None, tuple[str, ...]]:
    """How many models the reference server has, and what is wrong with it."""
    return (None, ()) if values.command == "record" else (values["models"], values["fault"])


def _of_reference(values: Values, result: Result) -> Result:
    """The result where no URL was given: whoever reads it may take it for that of their own server."""
    faults = _reference(values)[1]
    wrong = f", with {', '.join(faults)}" if faults else ""
    # The port, which is another in each run, stays in the URL alone.
    subject = replace(result.subject, name=f"built-in reference{wrong}")
    note = f"No URL was given: the built-in reference server was judged{wrong}."
    return replace(result, subject=subject, notes=(note, *result.notes))


def judge_client(
    values: Values,
    client: Client,
    scenario: Scenario | None = None,
    progress: Progress | None = None,
    only: Sequence[str] | None = None,
    *,
    complain: Complain = refuse,
) -> Result:
    """Judge a client, by one scenario alone where it is given.

    `only` narrows what the option of that name leaves, `complain` is told of a scenario that cannot be kept.
    Raises UsageError.
    """
    # Each kind of run starts with its own engine, and none of the others.
    from models_conformance.engine import client as engine

    folder = values["keep_scenarios"]
    name = values.name("keep_scenarios")
    return engine.judge_client(
        ClientOptions(
            driver=client.driver,
            fixture_server=client.fixture_server,
            command=client.command,
            has_parallel=client.has_parallel,
            scenario=scenario,
            keep_scenario=scenario_keeper(folder, name, complain) if folder is not None else None,
            run=run_options(values, "client", progress, only),
        )
    )


def judge_recording(values: Values, paths: Sequence[str | Path], progress: Progress | None = None) -> Result:
    """Judge recordings, files or folders. Raises UsageError."""
    # Each kind of run starts with its own engine, and none of the others.
    from models_conformance.engine import recording as engine

    return engine.judge_recording(paths, run_options(values, "server", progress))


def judge_exchanges(values: Values, held: Recording) -> Result:
    """Judge exchanges that somebody holds. Raises UsageError."""
    # As above.
    from models_conformance.engine import recording as engine

    return engine.judge_held(held, run_options(values, "server"))


def run_options(
    values: Values, subject: str, progress: Progress | None = None, only: Sequence[str] | None = None
) -> RunOptions:
    """The options of a run about that kind of subject."""
    return RunOptions(
        fail_on=values["fail_on"],
        strict=values["strict"],
        gate_added=values["gate_added"],
        only=tuple(values["only"] if only is None else only),
        **{name: values.get(name, subject) for name in ("max_seconds", "seed", "max_requests", "examples")},
        api_version=api_version(values),
        contracts=candidates(values["contract"], values.name("contract")),
        shell=values["shell"],
        progress=progress,
    )
