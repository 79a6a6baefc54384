"""A session with a server: what is asked becomes requests, and what is answered evidence.

Here, and only here, the key is put into a request; the trace gets a placeholder, and nothing enters it before
the redactor has seen it. Requests, time, waiting after 429 and failures in a row are all bounded here.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlsplit

from models_conformance.contract.versions import OLDEST, VERSION_HEADER
from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import (
    API_KEY,
    NOT_RECORDED,
    WRONG_KEY,
    Exchange,
    Failure,
    Headers,
    Request,
    Response,
    Trace,
    header,
)
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.evidence.public_names import is_public_header
from models_conformance.evidence.redaction import FOREIGN_KEY, REDACTED, Redactor
from models_conformance.probing.request_specs import RequestSpec, is_too_long
from models_conformance.probing.tape import Tape
from models_conformance.probing.transport import Answered, Outgoing, ProxyRefuses, Sender
from models_conformance.support.deadline import Deadline
from models_conformance.version import __version__

# Somebody who asks for a longer pause than this wants us gone.
_LONGEST_PAUSE_SECONDS = 60.0
_PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0)
_TRIES = 1 + len(_PAUSES_SECONDS)
# After that many exchanges in a row without a whole response, nobody is there; waiting for each costs more.
_FAILED_IN_A_ROW = 24
_TIMED_OUT_IN_A_ROW = 5
# Questions in a row that the server was too busy for, however often they were repeated.
_BUSY_IN_A_ROW = 3
# A proxy that has served this run may refuse once; what it says again and again, it means.
_PROXY_PAUSES_SECONDS = (0.5, 1.0, 2.0)
# What a run keeps of requests and answers: a list of 100,000 models read whole is a fifth of it. What judges make of
# it is several times as much.
_MOST_KEPT_BYTES = 64 << 20


class SessionOver(Exception):
    """No further request is sent; the message says why. `by_limit` where a limit of the run was reached."""

    def __init__(self, why: str, by_limit: bool = False) -> None:
        super().__init__(why)
        self.by_limit = by_limit


class ProxyInTheWay(SessionOver):
    """The proxy, and not the server, refuses: nothing more can be asked."""


@dataclass
class Session:
    """Sends requests to one server and keeps the trace.

    `base` is scheme, host and port; `prefix` the path before `/v1/models`. Of `extra_headers`, those that the session
    sends too take the place of its own, but for betas, of which a request may have several lines. Where there is a
    `tape`, what it has recorded is not asked again; `transport` None asks nobody but the tape. `secrets` are what no
    trace may hold beside the key and the headers. Of the requests that may be sent, so many are `held_back`.
    """

    transport: Sender | None
    base: str
    prefix: str
    api_key: str
    extra_headers: Headers
    max_requests: int
    deadline: Deadline
    trace: Trace
    on_request: Callable[[int], None] = lambda _: None
    tape: Tape | None = None
    secrets: tuple[str, ...] = ()
    specs: dict[int, RequestSpec] = field(default_factory=dict)
    sent: int = 0
    pauses: int = 0
    held_back: int = 0
    missing: int = 0
    unsent: int = 0
    _bodies: dict[bytes, bytes] = field(default_factory=dict)
    _kept_bytes: int = 0
    _busy: int = 0
    _failed: int = 0
    _timed_out: int = 0
    _redactor: Redactor = field(init=False)

    def __post_init__(self) -> None:
        self._redactor = Redactor(self.api_key, wrong_key(self.api_key), self.extra_headers)
        for secret in self.secrets:
            self._redactor.add(secret)

    @property
    def api_version(self) -> str:
        """The version that an ordinary request names."""
        return self.trace.origin.version or OLDEST

    @property
    def remaining(self) -> int:
        """How many requests may still be sent."""
        return self.max_requests - self.sent - self.missing - self.unsent - self.held_back

    def send(self, spec: RequestSpec) -> Reading:
        """Send a request, again after a pause where the server is busy, once more where it failed.

        Every attempt enters the trace. What is too long to be sent, and what only a tape could have answered, and does
        not, is not evidence: it does not enter the trace, and its reading, numbered NOT_RECORDED, says nothing. Raises
        SessionOver.
        """
        if is_too_long(spec):
            self._check_limits()
            self.unsent += 1
            return Reading(
                Exchange(NOT_RECORDED, Request(spec.method, f"{self.base}{self.prefix}/v1/models", ()), None)
            )
        exchange = self._send(spec, None)
        if exchange is None:
            return Reading(Exchange(NOT_RECORDED, self.request(spec), None))
        for pause in _PAUSES_SECONDS:
            if not Reading(exchange).back_pressure:
                break
            self._pause(exchange, pause)
            exchange = self._send(spec, exchange.number) or exchange
        self._busy = self._busy + 1 if Reading(exchange).back_pressure else 0
        if self._busy >= _BUSY_IN_A_ROW:
            raise SessionOver(f"the server was still busy after {_TRIES} tries of each of {self._busy} questions")
        if exchange.failure is not None or (exchange.response is not None and exchange.response.status >= 500):
            too_large = exchange.failure is not None and exchange.failure.kind == "too-large"
            if not Reading(exchange).back_pressure and not too_large:
                exchange = self._send(spec, exchange.number) or exchange
        return Reading(exchange)

    def _send(self, spec: RequestSpec, retry_of: int | None) -> Exchange | None:
        """One attempt; None where the tape has no answer and nobody else may be asked."""
        self._check_limits()
        played = self.tape.answer(self.request(spec)) if self.tape is not None else None
        if played is None and self.transport is None:
            self.missing += 1
            return None
        outgoing = self.launch(spec)
        if played is not None:
            answered = Answered(played.response, played.failure, 0.0, time.monotonic())
        else:
            assert self.transport is not None
            answered = self._answered(self.transport, outgoing)
        if answered.failure is not None and self.deadline.left_for_asking <= 0:
            # Nobody knows whether more would have come: it was not waited for.
            raise SessionOver(self.deadline.reason, by_limit=True)
        return self.admit(spec, answered, retry_of, is_new=played is None)

    def launch(self, spec: RequestSpec) -> Outgoing:
        """Count a request that is about to be sent, and give it as it goes out. Raises SessionOver."""
        self._check_limits()
        self.sent += 1
        self.on_request(self.sent)
        return Outgoing(
            spec.method,
            f"{self.prefix}/v1/models{spec.target}",
            self._headers(spec, self.api_key, wrong_key(self.api_key), redact=False),
            self.deadline.left_for_asking,
        )

    def admit(
        self, spec: RequestSpec, answered: Answered, retry_of: int | None = None, *, is_new: bool = True
    ) -> Exchange:
        """Take an answer into the trace, redacted. Raises SessionOver where it is one too many that was lost."""
        response, failure = answered.response, answered.failure
        exchange = self.trace.add(
            self.request(spec),
            self._kept(self._redactor.response(response)) if response is not None else None,
            self._redactor.failure(failure) if failure is not None else None,
            answered.seconds,
            retry_of,
            at=answered.began - self.deadline.began,
        )
        headers = exchange.response.headers if exchange.response is not None else ()
        self._kept_bytes += len(exchange.request.url) + sum(len(name) + len(value) for name, value in headers)
        if self.tape is not None:
            self.tape.keep(exchange, is_new=is_new)
        self.specs[exchange.number] = spec
        self._count_failure(failure)
        return exchange

    def _check_limits(self) -> None:
        if self.remaining <= 0:
            raise SessionOver(f"the limit of {self.max_requests} requests was reached", by_limit=True)
        if self.deadline.left_for_asking <= 0:
            raise SessionOver(self.deadline.reason, by_limit=True)
        if self._kept_bytes > _MOST_KEPT_BYTES:
            raise SessionOver(f"requests and answers exceed {_MOST_KEPT_BYTES >> 20} MiB in all")

    def _answered(self, transport: Sender, outgoing: Outgoing) -> Answered:
        """What comes back from the server. Raises ProxyInTheWay where only the proxy answers."""
        pauses = iter(_PROXY_PAUSES_SECONDS if len(self.trace) else ())
        while True:
            try:
                return transport.send(replace(outgoing, at_most=self.deadline.left_for_asking))
            except ProxyRefuses as refusal:
                pause = next(pauses, None)
                if pause is None or pause >= self.deadline.left_for_asking:
                    raise ProxyInTheWay(self._redactor.text(str(refusal))) from None
                time.sleep(pause)

    def request(self, spec: RequestSpec) -> Request:
        """The request as the trace has it, with placeholders where secrets go out."""
        target = f"{self.prefix}/v1/models{spec.target}"
        shown = self._headers(spec, API_KEY, WRONG_KEY, redact=True)
        return self._redactor.request(Request(spec.method, self.base + target, shown))

    def _headers(self, spec: RequestSpec, key: str, wrong: str, redact: bool) -> Headers:
        kind = self.trace.origin.credential if spec.credential == "default" else spec.credential
        lines: list[tuple[str, str]] = [
            ("host", urlsplit(self.base).netloc),
            ("accept", "application/json"),
            ("accept-encoding", "gzip, deflate"),
            ("user-agent", f"models-conformance/{__version__}"),
        ]
        if spec.method != "GET":
            # Servers differ in whether they send a body here; what is left over must not meet the next request.
            lines.append(("connection", "close"))
        lines += _credential_lines(kind, key, wrong)
        version = self.api_version if spec.version == "default" else spec.version
        if version is not None:
            lines.append((VERSION_HEADER, version))
        lines.extend(("anthropic-beta", line) for line in spec.beta_lines)
        lines.extend(spec.headers)
        replaced = {name.lower() for name, _ in self.extra_headers} - {"anthropic-beta"}
        lines = [line for line in lines if line[0] not in replaced]
        lines.extend((name, self._shown(name, value) if redact else value) for name, value in self.extra_headers)
        return tuple((name.title(), value) for name, value in lines) if spec.title_case else tuple(lines)

    def _shown(self, name: str, value: str) -> str:
        """The value of a header of the user's, as a trace has it."""
        return value if is_public_header(name) and value not in self.secrets else REDACTED

    def _kept(self, response: Response) -> Response:
        """The response, its body shared with equal ones: a server that repeats itself costs no memory."""
        known = self._bodies.get(response.body)
        if known is not None:
            return Response(response.status, response.headers, known)
        self._bodies[response.body] = response.body
        self._kept_bytes += len(response.body)
        return response

    def wait_for(self, reading: Reading) -> None:
        """Pause as an answer asks for that says "later", though it is not evidence. Raises SessionOver."""
        if reading.back_pressure:
            self._pause(reading.exchange, _PAUSES_SECONDS[0])

    def _pause(self, exchange: Exchange, otherwise: float) -> None:
        self.pauses += 1
        text = header(exchange.response.headers, "retry-after") if exchange.response else None
        try:
            seconds = float(text) if text is not None else otherwise
        except ValueError:
            # An HTTP date is legal here; our own pause serves as well as parsing it.
            seconds = otherwise
        if not 0 <= seconds <= _LONGEST_PAUSE_SECONDS:
            raise SessionOver(f"the server demanded a pause of {text} s")
        if seconds > self.deadline.left_for_asking:
            raise SessionOver(f"{self.deadline.reason} while the server was busy", by_limit=True)
        if self.tape is None or not self.tape.has(exchange.request):
            time.sleep(seconds)

    def _count_failure(self, failure: Failure | None) -> None:
        kind = failure.kind if failure is not None else None
        self._failed = self._failed + 1 if kind in ("timeout", "disconnect", "connect", "protocol") else 0
        self._timed_out = self._timed_out + 1 if kind in ("timeout", "connect") else 0
        if self._failed >= _FAILED_IN_A_ROW or self._timed_out >= _TIMED_OUT_IN_A_ROW:
            raise SessionOver(f"{self._failed} exchanges in a row had no whole response")


def split_base(url: str) -> tuple[str, str]:
    """Scheme, host and port of a base URL, and its path prefix. Raises UsageError.

    People paste what they have: a trailing `/v1` or `/v1/models` is taken off.
    """
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise UsageError("the URL cannot be read") from None
    if split.scheme not in ("http", "https") or not split.hostname:
        raise UsageError("the URL is not an http or https URL")
    if split.username or split.password:
        raise UsageError("put no credentials into the URL; use --api-key or --header")
    if split.query or split.fragment:
        raise UsageError("the URL has a query or fragment; give the base URL only")
    host = f"[{split.hostname}]" if ":" in split.hostname else split.hostname
    # What people paste may hold blanks and letters that a request target cannot.
    path = quote(split.path.rstrip("/"), safe="/%:@!$&'()*+,;=~-._")
    return f"{split.scheme}://{host}" + (f":{port}" if port else ""), re.sub(r"/v1(?:/models)?\Z", "", path)


def wrong_key(key: str) -> str:
    """A key nobody has, as like the right one as can be: a server that compares only a part takes it for right."""
    return key[:-1] + ("_" if not key.endswith("_") else "-")


def _credential_lines(kind: str, key: str, wrong: str) -> list[tuple[str, str]]:
    """The header line by which a credential of that kind goes out; none for what is not a credential."""
    keys = {"key": key, "wrong": wrong, "empty": "", "foreign": FOREIGN_KEY}
    tokens = {"bearer": f"Bearer {key}", "wrong-bearer": f"Bearer {wrong}", "bearer-in-small-letters": f"bearer {key}"}
    if kind in keys:
        return [("x-api-key", keys[kind])]
    return [("authorization", tokens[kind])] if kind in tokens else []
