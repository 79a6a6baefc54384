"""The ideal client of the Models API.

`IdealClient` as it stands is the ideal. Its methods are the steps of a call, small enough that a fault or an oddity
replaces one of them. One client makes all calls of a driver, so that a fault can carry something from one call into
the next.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from models_conformance.reference.client.answer_reading import Reading
from models_conformance.reference.client.http_exchange import Wire
from models_conformance.reference.client.messages import Call, ClientError, Headers, Incoming, Model, Outgoing, Page
from models_conformance.reference.client.requests import Requests

CREDENTIAL_HEADERS = frozenset({"x-api-key", "authorization"})

# Nobody waits longer for a list of models; asking sooner than told is not a choice.
_LONGEST_WAIT_SECONDS = 60.0


class IdealClient(Requests, Reading):
    """A client over loopback HTTP. It makes one call at a time."""

    surfaces: ClassVar[tuple[str, ...]] = ("models", "beta.models")
    capabilities: ClassVar[tuple[str, ...]] = ("betas", "walk", "raw_ids", "params")
    betas_on: ClassVar[tuple[str, ...] | None] = None
    default_retries: ClassVar[int] = 2
    most_redirects: ClassVar[int] = 5
    # Released clients wait half a second; the reference client only has to wait at all.
    backoff_seconds: ClassVar[float] = 0.01

    def __init__(self) -> None:
        self.wire = Wire()
        # What a fault or an oddity keeps of one call for another; the ideal keeps nothing.
        self.memory: dict[Any, Any] = {}

    # What the caller calls

    def page(self, call: Call) -> Page:
        """One page. Raises ClientError."""
        self.check_arguments(call)
        return self.as_page(call, self.value(call))

    def walk(self, call: Call) -> Iterator[Model]:
        """Every model from where the call starts, page after page. Raises ClientError."""
        following: Call | None = call
        while following is not None:
            spec, page = following, self.page(following)
            # Before the models go out: a page that leads nowhere new is one the caller has had already.
            following = self.following(spec, page)
            yield from self.yielded(spec, page)

    def retrieve(self, call: Call) -> Model:
        """One model. Raises ClientError."""
        self.check_arguments(call)
        return self.as_model(call, self.value(call))

    def unsupported(self, call: Call, walk: bool) -> str | None:
        """Why this client offers no such call; None where it does."""
        return None if call.surface in self.surfaces else f"there is no surface {call.surface}"

    def close(self) -> None:
        """End a call. A connection that idles between calls may be closed under the next one."""
        self.wire.close()

    # Sending

    def value(self, call: Call) -> Any:
        """The JSON value of the answer. Raises ClientError."""
        return self.parsed(self.checked(self.fetch(call)))

    def fetch(self, call: Call) -> Incoming:
        """The last answer, after redirects and retries. Raises ClientError."""
        attempt = 0
        outcome = self.attempted(call, attempt)
        while self.retries(call, attempt, outcome) and (delay := self.delay(attempt, outcome)) is not None:
            time.sleep(delay)
            attempt += 1
            outcome = self.attempted(call, attempt)
        if isinstance(outcome, ClientError):
            raise outcome
        return outcome

    def attempted(self, call: Call, attempt: int) -> Incoming | ClientError:
        """What became of one attempt."""
        outgoing = self.outgoing(call, attempt)
        try:
            incoming = self.exchange(call, outgoing)
            for _ in range(self.most_redirects):
                redirected = self.redirected(call, outgoing, incoming)
                if redirected is None:
                    break
                outgoing, incoming = redirected, self.exchange(call, redirected)
        except ClientError as problem:
            return problem
        return incoming

    def exchange(self, call: Call, outgoing: Outgoing) -> Incoming:
        """One request and its answer. Raises ClientError."""
        return self.wire.exchange(outgoing, self.timeout(call))

    def timeout(self, call: Call) -> float:
        """How long a silence may last, in seconds."""
        return call.timeout

    def redirected(self, call: Call, outgoing: Outgoing, incoming: Incoming) -> Outgoing | None:
        """The request that a redirect asks for; None where there is no redirect."""
        location = incoming.header("location")
        if incoming.status not in {301, 302, 303, 307, 308} or location is None:
            return None
        try:
            url = urlsplit(urljoin(f"http://{outgoing.authority}{outgoing.target}", location))
            host, port = url.hostname, url.port or 80
        except ValueError:
            return None
        if url.scheme != "http" or host is None:
            return None
        target = f"{url.path or '/'}{f'?{url.query}' if url.query else ''}"
        redirected = replace(outgoing, host=host, port=port, target=target)
        if redirected.authority == outgoing.authority:
            return redirected
        return replace(redirected, headers=self.headers_elsewhere(outgoing.headers))

    def headers_elsewhere(self, headers: Headers) -> Headers:
        """The headers of a request that is redirected to another host."""
        return tuple(pair for pair in headers if pair[0].lower() not in CREDENTIAL_HEADERS)

    # Retrying

    def retries(self, call: Call, attempt: int, outcome: Incoming | ClientError) -> bool:
        """Whether to try again after an attempt, counted from 0."""
        return attempt < self.most_retries(call) and self.is_worth_a_retry(outcome)

    def most_retries(self, call: Call) -> int:
        """How many retries a request has."""
        return self.default_retries if call.max_retries is None else call.max_retries

    def is_worth_a_retry(self, outcome: Incoming | ClientError) -> bool:
        """Whether this is trouble that may be over at the next attempt."""
        if isinstance(outcome, ClientError):
            return True
        return outcome.status in {408, 409, 429} or outcome.status >= 500

    def delay(self, attempt: int, outcome: Incoming | ClientError) -> float | None:
        """How long to wait before the next attempt, in seconds; None where that is too long."""
        retry_after_seconds = None if isinstance(outcome, ClientError) else self.retry_after(outcome)
        if retry_after_seconds is None:
            # Ever longer, up to a quarter of a minute for a client that begins with half a second.
            return self.backoff_seconds * float(1 << min(attempt, 5))
        return retry_after_seconds if retry_after_seconds <= _LONGEST_WAIT_SECONDS else None

    def retry_after(self, incoming: Incoming) -> float | None:
        """What `retry-after` says, in seconds (RFC 9110, 10.2.3); None where without any output."""
        text = (incoming.header("retry-after") or "").strip()
        if text.isascii() and text.replace(".", "", 1).isdigit():
            return float(text)
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return max((moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)

    # Paging

    def following(self, call: Call, page: Page) -> Call | None:
        """The call for the page after this one; None at the end. Raises ClientError."""
        if not self.continues(call, page):
            return None
        next_call = self.next_call(call, page)
        self.check_progress(call, next_call)
        return next_call

    def continues(self, call: Call, page: Page) -> bool:
        """Whether a walk asks for another page after this one."""
        return bool(page.has_more and page.data)

    def next_call(self, call: Call, page: Page) -> Call:
        """The call for the next page in the direction of the walk."""
        return call.next_call("before_id", page.first_id) if call.backward else call.next_call("after_id", page.last_id)

    def check_progress(self, call: Call, next_call: Call) -> None:
        """Raises ClientError where the next page would be this one."""
        name = "before_id" if next_call.backward else "after_id"
        if next_call.args[name] is None or next_call.args[name] == call.args.get(name):
            raise ClientError("other", "StuckCursor", "the server says that more follows and leads nowhere")

    def yielded(self, call: Call, page: Page) -> Iterator[Model]:
        """What a walk hands out of a page."""
        return iter(page.data)
