"""Faults of the betas: some lost, some changed, some that nobody asked for."""

from __future__ import annotations

import json
import re

from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Headers, Pairs
from models_conformance.reference.client.registry import area

fault = area("wire")

KEPT = ("client-walk-keeps-betas", "client-sends-no-unasked-beta", "client-sends-betas-as-given")
# What this client of a certain age knows of.
_KNOWN = re.compile("message-batches|prompt-caching|computer-use|pdfs|token-counting|output-128k")


class _SendsOtherBetas(IdealClient):
    def betas(self, call: Call) -> tuple[str, ...]:
        """The betas that are sent."""
        raise NotImplementedError

    def beta_headers(self, call: Call) -> Headers:
        betas = self.betas(call)
        return (("anthropic-beta", ",".join(betas)),) if betas else ()


@fault("client-sends-betas-as-given", may=KEPT)
class SendsTheFirstBetaOnly(_SendsOtherBetas):
    """Of several betas only the first is sent."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return call.betas[:1]


@fault("client-sends-betas-as-given", may=KEPT)
class SendsTheLastBetaOnly(_SendsOtherBetas):
    """Each beta overwrites the header of the one before."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return call.betas[-1:]


@fault("client-sends-betas-as-given", may=KEPT)
class UpperCasesBetas(_SendsOtherBetas):
    """Betas are sent as the names of an enumeration: in capitals, with underscores."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return tuple(beta.upper().replace("-", "_") for beta in call.betas)


@fault("client-sends-betas-as-given", may=KEPT)
class FiltersUnknownBetas(_SendsOtherBetas):
    """Betas that the client was not built with are left out."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return tuple(beta for beta in call.betas if _KNOWN.match(beta))


@fault("client-sends-betas-as-given", may=KEPT)
class KeepsOneBetaAFamily(_SendsOtherBetas):
    """Betas whose names begin with the same word are taken for one, the last."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return tuple({beta.partition("-")[0]: beta for beta in call.betas}.values())


@fault("client-sends-betas-as-given", may=KEPT)
class CutsTheDateOffBetas(_SendsOtherBetas):
    """Betas are sent without their date."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return tuple(re.sub("-[0-9]{4}-[0-9]{2}-[0-9]{2}$", "", beta) for beta in call.betas)


@fault("client-sends-betas-as-given", may=KEPT)
class SendsTenBetasAtMost(_SendsOtherBetas):
    """Betas beyond the tenth are left out."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return call.betas[:10]


@fault("client-sends-betas-as-given", may=KEPT)
class DropsBetasOnRetrieve(_SendsOtherBetas):
    """No beta goes with the request for a model."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return () if call.operation == "retrieve" else call.betas


@fault("client-sends-betas-as-given", may=KEPT)
class DropsBetasOnList(_SendsOtherBetas):
    """No beta goes with the request for a list."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return () if call.operation == "list" else call.betas


@fault("client-sends-betas-as-given", may=KEPT)
class JoinsBetasWithBlanks(IdealClient):
    """Several betas are sent with blanks between them."""

    def beta_headers(self, call: Call) -> Headers:
        return (("anthropic-beta", " ".join(call.betas)),) if call.betas else ()


@fault("client-sends-betas-as-given", may=KEPT)
class JoinsBetasWithSemicolons(IdealClient):
    """Several betas are sent with semicolons between them."""

    def beta_headers(self, call: Call) -> Headers:
        return (("anthropic-beta", "; ".join(call.betas)),) if call.betas else ()


@fault("client-sends-betas-as-given", may=KEPT)
class WritesBetasAsJson(IdealClient):
    """Betas are sent as a JSON array."""

    def beta_headers(self, call: Call) -> Headers:
        return (("anthropic-beta", json.dumps(call.betas)),) if call.betas else ()


@fault("client-sends-betas-as-given", may=KEPT)
class NamesTheBetaHeaderWrongly(IdealClient):
    """Betas are sent in a header of another name."""

    def beta_headers(self, call: Call) -> Headers:
        return tuple((f"x-{name}", value) for name, value in super().beta_headers(call))


@fault("client-sends-betas-as-given", may=KEPT)
class SendsBetasInTheQuery(IdealClient):
    """Betas are sent as parameters of the query, as the other arguments are."""

    def query(self, call: Call) -> Pairs:
        return (*super().query(call), *(("betas", beta) for beta in call.betas))

    def beta_headers(self, call: Call) -> Headers:
        return ()


@fault("client-sends-no-unasked-beta", may=KEPT)
class AddsABetaOfItsOwn(_SendsOtherBetas):
    """A beta of the client's choice goes with every request of the beta surface."""

    def betas(self, call: Call) -> tuple[str, ...]:
        own = ("message-batches-2024-09-24",) if call.surface.startswith("beta.") else ()
        return tuple(dict.fromkeys((*own, *call.betas)))


@fault("client-sends-no-unasked-beta", may=KEPT)
class SendsADefaultBeta(_SendsOtherBetas):
    """Where the caller asks for no beta, one is sent."""

    def betas(self, call: Call) -> tuple[str, ...]:
        return call.betas or ("prompt-caching-2024-07-31",)
