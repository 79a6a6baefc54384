"""Oddities of spelling: requests that say the same in other characters."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from urllib.parse import quote, quote_plus

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Headers, Outgoing, Pairs


@CLIENTS.oddities_in(IdealClient.headers)
class _Headers(IdealClient):
    def writes_headers_in_capitals(self, call: Call) -> Headers:
        """Header names are in capitals."""
        return tuple((name.upper(), value) for name, value in super().headers(call))

    def writes_headers_in_title_case(self, call: Call) -> Headers:
        """Header names begin each word with a capital."""
        return tuple((name.title(), value) for name, value in super().headers(call))

    def mixes_letters_and_order_of_headers(self, call: Call) -> Headers:
        """Header names are in any case and in another order with each request."""
        drawn: Random = self.memory.setdefault("drawn", Random(4))
        headers = [
            ("".join(drawn.choice((letter.upper(), letter)) for letter in name), value)
            for name, value in super().headers(call)
        ]
        drawn.shuffle(headers)
        return tuple(headers)

    def says_what_a_body_would_be(self, call: Call) -> Headers:
        """Requests without a body say that it is JSON and empty."""
        return (*super().headers(call), ("content-type", "application/json"), ("content-length", "0"))


@CLIENTS.oddities_in(IdealClient.credential)
class _Tokens(IdealClient):
    def sends_a_bearer_token(self, call: Call) -> Headers:
        """The key goes out as a bearer token."""
        return (("authorization", f"Bearer {call.api_key}"),)

    def writes_bearer_in_small_letters(self, call: Call) -> Headers:
        """The key goes out as a bearer token, the scheme in lower case."""
        return (("Authorization", f"bearer {call.api_key}"),)


@CLIENTS.oddity_in(IdealClient.version)
def sends_a_newer_version(self: IdealClient, call: Call) -> Headers:
    """The client is of a newer version of the API."""
    return (("anthropic-version", "2026-10-21"),)


@CLIENTS.oddities_in(IdealClient.beta_headers)
class _Betas(IdealClient):
    def sends_a_beta_a_line(self, call: Call) -> Headers:
        """Every beta has a header line of its own."""
        return tuple(("anthropic-beta", beta) for beta in call.betas)

    def joins_betas_with_comma_and_blank(self, call: Call) -> Headers:
        """Betas are sent with a comma and a blank between them, in reverse order."""
        return (("anthropic-beta", ", ".join(reversed(call.betas))),) if call.betas else ()

    def sends_each_beta_once(self, call: Call) -> Headers:
        """Betas are sorted, and one that is given twice is sent once."""
        return (("anthropic-beta", ",".join(sorted(set(call.betas)))),) if call.betas else ()


@CLIENTS.oddity_in(IdealClient.escaped_value)
def writes_blanks_in_the_query_as_plus(self: IdealClient, value: str) -> str:
    """The query is written as a form is: a blank is a plus sign."""
    return quote_plus(value)


@CLIENTS.oddity
class EscapesEveryCharacter(IdealClient):
    """Letters and digits are escaped too, in paths and in queries."""

    def escaped_id(self, model_id: str) -> str:
        return "".join(f"%{byte:02X}" for byte in model_id.encode())

    def escaped_value(self, value: str) -> str:
        return self.escaped_id(value)


@CLIENTS.oddity
class EscapesInSmallLetters(IdealClient):
    """The digits of an escape are in lower case."""

    def escaped_id(self, model_id: str) -> str:
        return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), super().escaped_id(model_id))

    def escaped_value(self, value: str) -> str:
        return self.escaped_id(value)


@CLIENTS.oddity
class LeavesWhatAPathAllows(IdealClient):
    """What RFC 3986 allows in a segment of a path or in a query stands there unescaped."""

    def escaped_id(self, model_id: str) -> str:
        return quote(model_id, safe="!$&'()*+,;=:@~")

    def escaped_value(self, value: str) -> str:
        return quote(value, safe="!$'()*,;=:@/?~")


@CLIENTS.oddity_in(IdealClient.query)
def says_that_it_is_beta(self: IdealClient, call: Call) -> Pairs:
    """Every request of the beta surface carries `beta=true`."""
    return (*((("beta", "true"),) if call.surface.startswith("beta.") else ()), *IdealClient.query(self, call))


@CLIENTS.oddity_in(IdealClient.query_text)
def writes_parameters_in_reverse(self: IdealClient, call: Call, pairs: Pairs) -> str:
    """Parameters stand in reverse order, behind an empty one."""
    return f"&{IdealClient.query_text(self, call, pairs[::-1])}" if pairs else ""


@CLIENTS.oddity_in(IdealClient.target)
def ends_every_path_in_a_question_mark(self: IdealClient, call: Call, prefix: str) -> str:
    """A request without parameters has an empty query."""
    target = IdealClient.target(self, call, prefix)
    return target if "?" in target else f"{target}?"


@CLIENTS.oddity_in(IdealClient.outgoing)
def says_much_about_itself(self: IdealClient, call: Call, attempt: int) -> Outgoing:
    """Every request tells of the client, its language and its attempts."""
    outgoing = IdealClient.outgoing(self, call, attempt)
    identification = (
        ("x-stainless-lang", "python"),
        ("x-stainless-package-version", "9.9.9"),
        ("x-stainless-retry-count", str(attempt)),
        ("x-stainless-read-timeout", f"{call.timeout:g}"),
        ("idempotency-key", f"call-{attempt}"),
        ("cookie", "session=0"),
    )
    return replace(outgoing, headers=(*identification, *outgoing.headers))
