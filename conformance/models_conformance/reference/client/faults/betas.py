"""Faults of the betas: some lost, some changed, some that nobody asked for."""

from __future__ import annotations

import json
import re

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Headers, Pairs

# What this client of a certain age knows of.
_KNOWN = re.compile("message-batches|prompt-caching|computer-use|pdfs|token-counting|output-128k")


class _SendsOtherBetas(IdealClient):
    def betas(self, call: Call) -> tuple[str, ...]:
        """The betas that are sent."""
        raise NotImplementedError

    def beta_headers(self, call: Call) -> Headers:
        betas = self.betas(call)
        return (("anthropic-beta", ",".join(betas)),) if betas else ()


@CLIENTS.fault("client-sends-betas-as-given")
class SendsTheFirstBetaOnly(_SendsOtherBetas):
    """Of several betas only the first is sent."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return call.betas[:1]


@CLIENTS.fault("client-sends-betas-as-given")
class SendsTheLastBetaOnly(_SendsOtherBetas):
    """Each beta overwrites the header of the one before."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return call.betas[-1:]


@CLIENTS.fault("client-sends-betas-as-given")
class UpperCasesBetas(_SendsOtherBetas):
    """Betas are sent as the names of an enumeration: in capitals, with underscores."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return tuple(beta.upper().replace("-", "_") for beta in call.betas)


@CLIENTS.fault("client-sends-betas-as-given")
class FiltersUnknownBetas(_SendsOtherBetas):
    """Betas that the client was not built with are left out."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return tuple(beta for beta in call.betas if _KNOWN.match(beta))


@CLIENTS.fault("client-sends-betas-as-given")
class KeepsOneBetaAFamily(_SendsOtherBetas):
    """Betas whose names begin with the same word are taken for one, the last."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return tuple({beta.partition("-")[0]: beta for beta in call.betas}.values())


@CLIENTS.fault("client-sends-betas-as-given")
class CutsTheDateOffBetas(_SendsOtherBetas):
    """Betas are sent without their date."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return tuple(re.sub("-[0-9]{4}-[0-9]{2}-[0-9]{2}$", "", beta) for beta in call.betas)


@CLIENTS.fault("client-sends-betas-as-given")
class SendsTenBetasAtMost(_SendsOtherBetas):
    """Betas beyond the tenth are left out."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return call.betas[:10]


@CLIENTS.fault("client-sends-betas-as-given")
class DropsBetasOnRetrieve(_SendsOtherBetas):
    """No beta goes with the request for a model."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return () if call.operation == "retrieve" else call.betas


@CLIENTS.fault("client-sends-betas-as-given")
class DropsBetasOnList(_SendsOtherBetas):
    """No beta goes with the request for a list."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return () if call.operation == "list" else call.betas


@CLIENTS.fault("client-sends-betas-as-given")
class JoinsBetasWithBlanks(IdealClient):
    """Several betas are sent with blanks between them."""

    def beta_headers(self, call: Call) -> Headers:
        return (("anthropic-beta", " ".join(call.betas)),) if call.betas else ()


@CLIENTS.fault("client-sends-betas-as-given")
class JoinsBetasWithSemicolons(IdealClient):
    """Several betas are sent with semicolons between them."""

    def beta_headers(self, call: Call) -> Headers:
        return (("anthropic-beta", "; ".join(call.betas)),) if call.betas else ()


@CLIENTS.fault("client-sends-betas-as-given")
class WritesBetasAsJson(IdealClient):
    """Betas are sent as a JSON array."""

    def beta_headers(self, call: Call) -> Headers:
        return (("anthropic-beta", json.dumps(call.betas)),) if call.betas else ()


@CLIENTS.fault("client-sends-betas-as-given")
class NamesTheBetaHeaderWrongly(IdealClient):
    """Betas are sent in a header of another name."""

    def beta_headers(self, call: Call) -> Headers:
        return tuple((f"x-{name}", value) for name, value in super().beta_headers(call))


@CLIENTS.fault("client-sends-betas-as-given")
class SendsBetasInTheQuery(IdealClient):
    """Betas are sent as parameters of the query, as the other arguments are."""

    def query(self, call: Call) -> Pairs:
        return (*super().query(call), *(("betas", beta) for beta in call.betas))

    def beta_headers(self, call: Call) -> Headers:
        return ()


@CLIENTS.fault("client-sends-no-unasked-beta")
class AddsABetaOfItsOwn(_SendsOtherBetas):
    """A beta of the client's choice goes with every request of the beta surface."""

    def betas(self, call: Call) -> tuple[str, ...]:
        own = ("message-batches-2024-09-24",) if call.surface.startswith("beta.") else ()
        return tuple(dict.fromkeys((*own, *call.betas)))


@CLIENTS.fault("client-sends-no-unasked-beta")
class SendsADefaultBeta(_SendsOtherBetas):
    """Where the caller asks for no beta, one is sent."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return call.betas or ("prompt-caching-2024-07-31",)
