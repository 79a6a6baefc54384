"""Oddities of the transport: connections, codings, redirects and repetitions."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace
from random import Random

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


@CLIENTS.oddities_in(IdealClient.headers)
class _Headers(IdealClient):
    def closes_every_connection(self, call: Call) -> Headers:
        """Every request asks for the connection to be closed."""
        return (*super().headers(call), ("connection", "close"))

    def accepts_anything(self, call: Call) -> Headers:
        """Nothing is said about what the client accepts."""
        return tuple(pair for pair in super().headers(call) if not pair[0].startswith("accept"))


@CLIENTS.oddities_in(IdealClient.exchange)
class _Exchanges(IdealClient):
    def connects_anew_for_every_request(self, call: Call, outgoing: Outgoing) -> Incoming:
        """No connection is used twice, and no server is told so."""
        incoming = super().exchange(call, outgoing)
        self.wire.close()
        return incoming

    def writes_the_whole_url(self, call: Call, outgoing: Outgoing) -> Incoming:
        """The request line holds the absolute URL, as for a proxy."""
        return super().exchange(call, replace(outgoing, target=f"http://{outgoing.authority}{outgoing.target}"))

    def takes_its_time(self, call: Call, outgoing: Outgoing) -> Incoming:
        """Every request waits for five milliseconds before it goes out."""
        time.sleep(0.005)
        return super().exchange(call, outgoing)


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


@CLIENTS.oddities_in(IdealClient.redirected)
class _Redirects(IdealClient):
    def follows_no_redirect(self, call: Call, outgoing: Outgoing, incoming: Incoming) -> Outgoing | None:
        """A redirect is an error with its status."""
        return None

    def follows_redirects_on_its_host_only(self, call: Call, outgoing: Outgoing, incoming: Incoming) -> Outgoing | None:
        """A redirect to another host is an error with its status."""
        next_call = super().redirected(call, outgoing, incoming)
        return next_call if next_call is not None and next_call.authority == outgoing.authority else None


@CLIENTS.oddity_in(IdealClient.headers_elsewhere)
def takes_no_header_to_other_hosts(self: IdealClient, headers: Headers) -> Headers:
    """A redirect to another host is followed as by somebody who knows nothing."""
    return ()


@CLIENTS.oddity_in(IdealClient.most_retries)
def never_retries(self: IdealClient, call: Call) -> int:
    """Nothing is ever tried again, however often it may be."""
    return 0


@CLIENTS.oddity
class RetriesWithJitter(IdealClient):
    """Waits between attempts are of chance lengths, and never shorter than told."""

    backoff_seconds = 0.005

    def delay(self, attempt: int, outcome: Incoming | ClientError) -> float | None:
        drawn: Random = self.memory.setdefault("drawn", Random(4))
        delay = super().delay(attempt, outcome)
        return None if delay is None else delay * (1 + drawn.random() / 4)


@CLIENTS.oddity_in(IdealClient.is_worth_a_retry)
def retries_only_rate_limits(self: IdealClient, outcome: Incoming | ClientError) -> bool:
    """Only 429 is tried again."""
    return isinstance(outcome, Incoming) and outcome.status == 429
