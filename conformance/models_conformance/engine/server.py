"""Running a suite: obtain evidence, judge it, and put the verdicts together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from typing import Literal
from urllib.parse import urljoin, urlsplit

from models_conformance.contract.choosing import Candidates
from models_conformance.contract.points import BETAS, optional_headers
from models_conformance.contract.versions import LISTED, OLDEST, VERSION_HEADER
from models_conformance.engine.findings import Proceedings, concluded
from models_conformance.engine.judging import in_force, judge, shown_in
from models_conformance.engine.options import ServerOptions
from models_conformance.engine.reproducing import Reproducing
from models_conformance.engine.smaller_requests import minimised
from models_conformance.errors import Unreachable, UsageError
from models_conformance.evidence.exchange import Exchange, Headers, Origin, Trace, header
from models_conformance.evidence.exchange_reading import read_call
from models_conformance.probing.certificates import private
from models_conformance.probing.exploration import Exploration
from models_conformance.probing.network import DIRECT, Network, Route, route_to
from models_conformance.probing.overlapping import MOST_AT_ONCE, Lanes, Overlapping
from models_conformance.probing.probes import parts_for
from models_conformance.probing.session import Session, SessionOver, split_base
from models_conformance.probing.transport import Sender, Transport
from models_conformance.reports.curl import Connection
from models_conformance.reports.shells import SHELLS
from models_conformance.requirements.register import select
from models_conformance.result import Result, Subject
from models_conformance.support.deadline import Deadline

# Sent where the user gave no key: servers that ask for none take it, the others refuse it by name.
_NO_KEY = "no-key-was-given"
_AFTER_ASKING = ("judging", "making findings small")


def judge_server(options: ServerOptions) -> Result:
    """Judge the endpoint at `options.url`.

    Raises Unreachable where it cannot be reached, does not speak HTTP or refuses the credentials, and
    UsageError (UnknownRequirement) where the options make no sense.
    """
    requirements = select("server", options.run.only, options.run.contracts.contracts)
    base, prefix = split_base(options.url)
    key, credential, extra = _credentials(options)
    api_version, contracts = options.run.api_version, options.run.contracts
    trace = Trace(
        Origin(
            "server",
            base + prefix,
            aliases=dict(options.aliases),
            credential=credential,
            version=api_version or OLDEST,
        )
    )
    deadline = Deadline(options.run.max_seconds)
    phases: list[str] = []

    def progress(sent: int) -> None:
        if options.run.progress is not None:
            options.run.progress(f"{phases[-1]}, step {len(phases)} of {steps}", sent)

    def announce(name: str) -> None:
        phases.append(name)
        if options.tape is not None:
            options.tape.enter(name)
        progress(session.sent)

    network = options.network or Network()
    route = _route(base, options)
    with _transport(base, options, route) as opened, _lanes(base, options, route) as lanes:
        session = Session(
            opened,
            base,
            prefix,
            key,
            extra,
            options.run.max_requests,
            deadline,
            trace,
            progress,
            options.tape,
            (*options.secrets, *([route.proxy.password] if route.proxy is not None else ())),
        )
        asking = Overlapping(session, lanes, options.concurrency)
        exploration = Exploration(
            asking,
            contracts.first,
            options.run.seed,
            options.run.examples,
            announce,
            shown_contract=lambda: contracts.shown_by(shown_in(trace)),
            parts=parts_for(requirement.area for requirement in requirements),
            other_versions=_versions_but(api_version),
            optional=_headers_of(contracts),
        )
        steps = len(exploration.phases) + len(_AFTER_ASKING)
        try:
            exploration.run()
        except Unreachable as problem:
            remedy = problem.remedy or (opened.remedy if opened is not None else "")
            raise Unreachable(f"{options.url}: {problem}", remedy) from None
        announce(_AFTER_ASKING[0])
        contract = exploration.contract
        requirements = in_force(requirements, contract)
        judged = judge(trace, requirements, contract, deadline)
        trace.explored = len(trace)
        announce(_AFTER_ASKING[1])
        judged = minimised(session, judged, contract)
        stopped = exploration.stopped
        if stopped is None and deadline.is_over:
            stopped = SessionOver(deadline.reason, by_limit=True)
    if options.keep_trace is not None:
        options.keep_trace(trace)
    connection = _connection(base, route, network)
    numbered = {exchange.number: exchange for exchange in trace}
    return concluded(
        Subject("server", options.application.name if options.application else base + prefix, url=base + prefix),
        options.run,
        judged,
        Proceedings(
            deadline,
            session.sent,
            str(stopped or ""),
            stopped is not None and not stopped.by_limit,
            notes=(
                *_notes_on_route(options, route),
                *_notes(session, exploration, stopped, asking.again),
            ),
            insecure=route.is_unverified,
        ),
        contract=contract,
        api_version=session.api_version,
        exchanges=numbered,
        reproduce=Reproducing(numbered, SHELLS[options.run.shell], connection=connection),
    )


def _versions_but(api_version: str | None) -> list[str]:
    """The versions that are asked for in turn; who asks for one wants to know of that one."""
    return [] if api_version else [version for version in LISTED if version != OLDEST]


def _headers_of(contracts: Candidates) -> list[str]:
    """The headers that a list may have by one of these contracts; of betas there is no value that says nothing."""
    known = (name for contract in contracts.contracts for name in optional_headers(contract))
    return [name for name in dict.fromkeys(known) if name != BETAS]


def _route(base: str, options: ServerOptions) -> Route:
    """The way to the server. Where the tape alone answers, or what is in this process, there is nothing in between."""
    if options.application is not None or (options.tape is not None and not options.tape.sends):
        return DIRECT
    return route_to(base, options.network or Network())


def _transport(base: str, options: ServerOptions, route: Route) -> AbstractContextManager[Sender | None]:
    """The way to the server; None where the tape alone answers, so that not even a socket is opened."""
    if options.application is not None:
        return options.application.open()
    if options.tape is not None and not options.tape.sends:
        return nullcontext()
    return closing(Transport(base, options.timeout_seconds, options.max_body_bytes, route))


def _lanes(base: str, options: ServerOptions, route: Route) -> AbstractContextManager[Lanes | None]:
    """Further ways to the server, opened when they are needed; None where a tape answers, which has its order, and
    where an application is called, which takes no time on the way."""
    plays = options.tape is not None and (options.tape.recorded or not options.tape.sends)
    if plays or options.application is not None:
        return nullcontext()
    most = MOST_AT_ONCE if options.concurrency is None else options.concurrency
    # What is larger than its share is asked for again alone.
    return closing(Lanes(lambda: Transport(base, options.timeout_seconds, options.max_body_bytes // most, route), most))


def _connection(base: str, route: Route, network: Network) -> Connection:
    """What a line that repeats a request has to say of the way to the server."""
    # curl reads most variables of proxies by itself.
    variable = route.proxy.variable if route.proxy is not None and not route.proxy.is_known_to_curl else ""
    if not base.startswith("https:"):
        return Connection(proxy_variable=variable)
    believed, shown = [*private(route.believed)], network.certificate
    return Connection(
        proxy_variable=variable,
        ca_file=next((source.path for source in believed if not source.is_folder), ""),
        ca_folder=next((source.path for source in believed if source.is_folder), ""),
        insecure=network.insecure,
        certificate=shown.certificate if shown is not None else "",
        key=(shown.key or "") if shown is not None else "",
    )


def _credentials(options: ServerOptions) -> tuple[str, Literal["key", "bearer"], Headers]:
    """The key, how it is carried, and the other headers: a credential among them is the key."""
    key = options.api_key
    carried: Literal["key", "bearer"] = "key"
    extra = []
    for name, value in options.headers:
        if name.lower() == "x-api-key":
            key, carried = value, "key"
        elif name.lower() == "authorization" and value.lower().startswith("bearer "):
            key, carried = value[len("bearer ") :].strip(), "bearer"
        else:
            extra.append((name, value))
    if key == options.api_key and options.tape is not None and options.tape.recorded_with is not None:
        carried = options.tape.recorded_with.credential
    return key or _NO_KEY, carried, tuple(extra)


def _notes_on_route(options: ServerOptions, route: Route) -> Iterator[str]:
    if route.is_unverified:
        yield ("No certificate was verified (--insecure): another server than that of the URL may have answered.")
    if route.proxy is not None:
        yield f"The requests went through the proxy {route.proxy.name}."
    if options.application is not None:
        yield f"The application was called in this process; to repeat a line, serve it at {options.url}."


def _notes(session: Session, exploration: Exploration, stopped: SessionOver | None, again: int) -> Iterator[str]:
    yield from exploration.opening.notes()
    if session.api_version not in LISTED:
        yield f"No page lists {VERSION_HEADER} {session.api_version} yet: judged as the newest that one does."
    if stopped is not None:
        yield f"The run stopped early: {stopped}. What it did not reach could not be judged."
    if again:
        yield (
            f"{again} requests that went out together with others were repeated, and all after them sent one by one: "
            "one of their answers was not as the list had been before."
        )
    if session.unsent:
        yield (
            f"{session.unsent} requests were not sent, since the ids that they would name make them longer than "
            "servers have to take; what depends on them could not be judged."
        )
    if session.missing:
        yield (
            f"{session.missing} requests have no recorded answer: they are not evidence, and what depends on "
            "them could not be judged. Another seed or another number of examples sends other requests."
        )
    if session.pauses:
        yield f"The server was busy {session.pauses} times (429, 529 or 503); the request was repeated each time."
    for exchange in session.trace:
        response = exchange.response
        # 304 leads nowhere: it is an answer to a condition.
        redirects = response is not None and 300 <= response.status < 400 and response.status != 304
        if response is not None and redirects and read_call(exchange).operation is not None:
            where = header(response.headers, "location") or "nowhere"
            yield f"The server redirects (to {where!a}). Redirects are not followed: {_of_redirect(session, exchange)}."
            break


def _of_redirect(session: Session, exchange: Exchange) -> str:
    """What to do about a redirect: judge where it leads, where that is another place to ask."""
    location = header(exchange.response.headers, "location") if exchange.response is not None else None
    target = urljoin(exchange.request.url, location or "")
    try:
        leads_elsewhere = split_base(target) != (session.base, session.prefix)
    except UsageError:
        leads_elsewhere = False
    if leads_elsewhere and urlsplit(target).path.rstrip("/").endswith("/v1/models"):
        return "judge that URL instead"
    if leads_elsewhere:
        return "it leads to no path of the Models API; is the base URL right?"
    return "clients ask for /v1/models as it is written here, so answer there without a redirect"
