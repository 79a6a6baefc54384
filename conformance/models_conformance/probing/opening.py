"""The first question of a run: in which version, and with which credential and headers, a server can be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from models_conformance.contract.versions import VERSION_HEADER
from models_conformance.errors import Unreachable
from models_conformance.evidence.exchange_reading import NO_SUCH, Reading
from models_conformance.probing.request_specs import RequestSpec, list_request
from models_conformance.probing.session import ProxyInTheWay, Session

# What a server answers to a version that it does not speak.
_REFUSALS_OF_A_VERSION = frozenset({400, 406, 415, 422})
# And to a request that lacks a header, which may be taken for its credentials.
_REFUSALS_FOR_A_HEADER = _REFUSALS_OF_A_VERSION | {401, 403, 404, 428}
# What a proxy answers by itself where it refuses to forward, or reaches nobody.
_OF_PROXIES = (403, 500, 502, 503, 504)


@dataclass
class Opening:
    """Asks by `send` until the list is answered, and lets the session ask so from there on.

    `other_versions` are asked for where the session's is refused, and `headers`, which are optional, are sent where
    nothing else helps.
    """

    session: Session
    send: Callable[[RequestSpec], Reading]
    other_versions: Sequence[str]
    headers: Sequence[str]
    refused_version: str | None = field(default=None, init=False)
    demanded_header: str | None = field(default=None, init=False)

    def first_answer(self) -> Reading:
        """The answer to the plainest question. Raises Unreachable for a server that cannot be judged: it does not
        answer, or refuses the key."""
        try:
            first = self._in_a_version_it_takes(list_request())
        except ProxyInTheWay as refusal:
            raise Unreachable(f"{refusal}; $NO_PROXY names what is reached directly") from None
        failure = first.exchange.failure
        if failure is not None and first.exchange.response is None:
            raise Unreachable(failure.detail)
        proxy = self.session.transport.forwarding if self.session.transport is not None else None
        if proxy is not None and first.status in _OF_PROXIES and not isinstance(first.parse().value, dict):
            raise Unreachable(
                f"{first.status} came through the proxy {proxy.name}, and not in the API's form: the proxy may refuse "
                "to forward the request, or not reach the server"
            )
        if first.status in (401, 403):
            bearer = self._in_a_version_it_takes(replace(list_request(), credential="bearer"))
            if bearer.status == 200:
                self.session.trace.origin = replace(self.session.trace.origin, credential="bearer")
                return bearer
        if first.status in _REFUSALS_FOR_A_HEADER:
            first = self._with_a_header_it_demands(first)
        if first.status in (401, 403):
            raise Unreachable(f"the server refuses the credentials with {first.status}", "another-key")
        return first

    def notes(self) -> Iterator[str]:
        """What a reader has to know of how the server was asked."""
        if self.demanded_header is not None:
            yield f"The server refuses a list without {self.demanded_header}, which is optional; the rest names it."
        if self.refused_version is not None:
            yield (
                f"The server refuses {VERSION_HEADER} {self.refused_version}, which is documented; it was judged with "
                f"{self.session.api_version}, which it takes."
            )

    def _in_a_version_it_takes(self, spec: RequestSpec) -> Reading:
        """The answer; where the server refuses the version, in another documented one, which the run then speaks."""
        first = self.send(spec)
        if first.status not in _REFUSALS_OF_A_VERSION or self.refused_version is not None:
            return first
        for version in self.other_versions:
            answered = self.send(replace(spec, version=version))
            if answered.status in (200, 401, 403):
                self.refused_version = self.session.api_version
                self.session.trace.origin = replace(self.session.trace.origin, version=version)
                return answered
        return first

    def _with_a_header_it_demands(self, refusal: Reading) -> Reading:
        """The page that the list is answered with once an optional header is there, which the run then sends."""
        for name in self.headers:
            line = (name, f"{NO_SUCH}-value")
            answered = self.send(replace(list_request(), headers=(line,)))
            if answered.page is not None:
                self.demanded_header = name
                self.session.extra_headers = (*self.session.extra_headers, line)
                return answered
        return refusal
