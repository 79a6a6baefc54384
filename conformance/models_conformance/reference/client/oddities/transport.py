"""Oddities of the transport: connections, codings, redirects and repetitions."""

from __future__ import annotations

import gzip
import random
import time
from dataclasses import replace

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, ClientError, Headers, Incoming, Outgoing, unreadable


@CLIENTS.oddity
class SpeaksHttp10(IdealClient):
    """Requests are of HTTP/1.0, one a connection."""

    def outgoing(self, call: Call, attempt: int) -> Outgoing:
        return replace(super().outgoing(call, attempt), protocol="HTTP/1.0")

    def exchange(self, call: Call, outgoing: Outgoing) -> Incoming:
        incoming = super().exchange(call, outgoing)
        self.wire.close()
        return incoming


@CLIENTS.oddity
class ClosesEveryConnection(IdealClient):
    """Every request asks for the connection to be closed."""

    def headers(self, call: Call) -> Headers:
        return (*super().headers(call), ("connection", "close"))


@CLIENTS.oddity
class ConnectsAnewForEveryRequest(IdealClient):
    """No connection is used twice, and no server is told so."""

    def exchange(self, call: Call, outgoing: Outgoing) -> Incoming:
        incoming = super().exchange(call, outgoing)
        self.wire.close()
        return incoming


@CLIENTS.oddity
class WritesTheWholeUrl(IdealClient):
    """The request line holds the absolute URL, as for a proxy."""

    def exchange(self, call: Call, outgoing: Outgoing) -> Incoming:
        return super().exchange(call, replace(outgoing, target=f"http://{outgoing.authority}{outgoing.target}"))


@CLIENTS.oddity
class AcceptsGzip(IdealClient):
    """Answers may come compressed."""

    def headers(self, call: Call) -> Headers:
        return tuple(
            (name, "gzip, deflate;q=0" if name == "accept-encoding" else value) for name, value in super().headers(call)
        )

    def body(self, incoming: Incoming) -> bytes:
        if incoming.header("content-encoding") != "gzip":
            return incoming.body
        try:
            return gzip.decompress(incoming.body)
        except (OSError, EOFError) as problem:
            raise unreadable("the compressed body is broken") from problem

    def error(self, incoming: Incoming) -> ClientError:
        return super().error(replace(incoming, body=self.body(incoming)))


@CLIENTS.oddity
class AcceptsAnything(IdealClient):
    """Nothing is said about what the client accepts."""

    def headers(self, call: Call) -> Headers:
        return tuple(pair for pair in super().headers(call) if not pair[0].startswith("accept"))


@CLIENTS.oddity
class FollowsNoRedirect(IdealClient):
    """A redirect is an error with its status."""

    def redirected(self, call: Call, outgoing: Outgoing, incoming: Incoming) -> Outgoing | None:
        return None


@CLIENTS.oddity
class FollowsRedirectsOnItsHostOnly(IdealClient):
    """A redirect to another host is an error with its status."""

    def redirected(self, call: Call, outgoing: Outgoing, incoming: Incoming) -> Outgoing | None:
        next_call = super().redirected(call, outgoing, incoming)
        return next_call if next_call is not None and next_call.authority == outgoing.authority else None


@CLIENTS.oddity
class TakesNoHeaderToOtherHosts(IdealClient):
    """A redirect to another host is followed as by somebody who knows nothing."""

    def headers_elsewhere(self, headers: Headers) -> Headers:
        return ()


@CLIENTS.oddity
class NeverRetries(IdealClient):
    """Nothing is ever tried again, however often it may be."""

    def most_retries(self, call: Call) -> int:
        return 0


@CLIENTS.oddity
class RetriesWithJitter(IdealClient):
    """Waits between attempts are of chance lengths, and never shorter than told."""

    backoff_seconds = 0.005

    def __init__(self) -> None:
        super().__init__()
        self._random = random.Random(4)

    def delay(self, attempt: int, outcome: Incoming | ClientError) -> float | None:
        delay = super().delay(attempt, outcome)
        return None if delay is None else delay * (1 + self._random.random() / 4)


@CLIENTS.oddity
class RetriesOnlyRateLimits(IdealClient):
    """Only 429 is tried again."""

    def is_worth_a_retry(self, outcome: Incoming | ClientError) -> bool:
        return isinstance(outcome, Incoming) and outcome.status == 429


@CLIENTS.oddity
class TakesItsTime(IdealClient):
    """Every request waits for five milliseconds before it goes out."""

    def exchange(self, call: Call, outgoing: Outgoing) -> Incoming:
        time.sleep(0.005)
        return super().exchange(call, outgoing)
