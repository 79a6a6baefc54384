"""Oddities of spelling: requests that say the same in other characters."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from urllib.parse import quote, quote_plus

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Headers, Outgoing, Pairs


@CLIENTS.oddity
class WritesHeadersInCapitals(IdealClient):
    """Header names are in capitals."""

    def headers(self, call: Call) -> Headers:
        return tuple((name.upper(), value) for name, value in super().headers(call))


@CLIENTS.oddity
class WritesHeadersInTitleCase(IdealClient):
    """Header names begin each word with a capital."""

    def headers(self, call: Call) -> Headers:
        return tuple((name.title(), value) for name, value in super().headers(call))


@CLIENTS.oddity
class MixesLettersAndOrderOfHeaders(IdealClient):
    """Header names are in any case and in another order with each request."""

    def __init__(self) -> None:
        super().__init__()
        self._random = random.Random(4)

    def headers(self, call: Call) -> Headers:
        headers = [(self._mixed(name), value) for name, value in super().headers(call)]
        self._random.shuffle(headers)
        return tuple(headers)

    def _mixed(self, name: str) -> str:
        return "".join(self._random.choice((letter.upper(), letter)) for letter in name)


@CLIENTS.oddity
class SendsABearerToken(IdealClient):
    """The key goes out as a bearer token."""

    def credential(self, call: Call) -> Headers:
        return (("authorization", f"Bearer {call.api_key}"),)


@CLIENTS.oddity
class WritesBearerInSmallLetters(IdealClient):
    """The key goes out as a bearer token, the scheme in small letters."""

    def credential(self, call: Call) -> Headers:
        return (("Authorization", f"bearer {call.api_key}"),)


@CLIENTS.oddity
class SendsANewerVersion(IdealClient):
    """The client is of a newer version of the API."""

    def version(self, call: Call) -> Headers:
        return (("anthropic-version", "2026-10-21"),)


@CLIENTS.oddity
class SendsABetaALine(IdealClient):
    """Every beta has a header line of its own."""

    def beta_headers(self, call: Call) -> Headers:
        return tuple(("anthropic-beta", beta) for beta in call.betas)


@CLIENTS.oddity
class JoinsBetasWithCommaAndBlank(IdealClient):
    """Betas are sent with a comma and a blank between them, in reverse order."""

    def beta_headers(self, call: Call) -> Headers:
        return (("anthropic-beta", ", ".join(reversed(call.betas))),) if call.betas else ()


@CLIENTS.oddity
class SendsEachBetaOnce(IdealClient):
    """Betas are sorted, and one that is given twice is sent once."""

    def beta_headers(self, call: Call) -> Headers:
        return (("anthropic-beta", ",".join(sorted(set(call.betas)))),) if call.betas else ()


@CLIENTS.oddity
class WritesBlanksInTheQueryAsPlus(IdealClient):
    """The query is written as a form is: a blank is a plus sign."""

    def escaped_value(self, value: str) -> str:
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
    """The digits of an escape are in small letters."""

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


@CLIENTS.oddity
class SaysThatItIsBeta(IdealClient):
    """Every request of the beta surface carries `beta=true`."""

    def query(self, call: Call) -> Pairs:
        return (*((("beta", "true"),) if call.surface.startswith("beta.") else ()), *super().query(call))


@CLIENTS.oddity
class WritesParametersInReverse(IdealClient):
    """Parameters stand in reverse order, behind an empty one."""

    def query_text(self, call: Call, pairs: Pairs) -> str:
        return f"&{super().query_text(call, pairs[::-1])}" if pairs else ""


@CLIENTS.oddity
class EndsEveryPathInAQuestionMark(IdealClient):
    """A request without parameters has an empty query."""

    def target(self, call: Call, prefix: str) -> str:
        target = super().target(call, prefix)
        return target if "?" in target else f"{target}?"


@CLIENTS.oddity
class SaysMuchAboutItself(IdealClient):
    """Every request tells of the client, its language and its attempts."""

    def outgoing(self, call: Call, attempt: int) -> Outgoing:
        outgoing = super().outgoing(call, attempt)
        identification = (
            ("x-stainless-lang", "python"),
            ("x-stainless-package-version", "9.9.9"),
            ("x-stainless-retry-count", str(attempt)),
            ("x-stainless-read-timeout", f"{call.timeout:g}"),
            ("idempotency-key", f"call-{attempt}"),
            ("cookie", "session=0"),
        )
        return replace(outgoing, headers=(*identification, *outgoing.headers))


@CLIENTS.oddity
class SaysWhatABodyWouldBe(IdealClient):
    """Requests without a body say that it is JSON and empty."""

    def headers(self, call: Call) -> Headers:
        return (*super().headers(call), ("content-type", "application/json"), ("content-length", "0"))
