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


@CLIENTS.faults_in(_SendsOtherBetas.betas, "client-sends-betas-as-given")
class _ChangesBetas(_SendsOtherBetas):
    def sends_the_first_beta_only(self, call: Call) -> tuple[str, ...]:
        """Of several betas only the first is sent."""
        return call.betas[:1]

    def sends_the_last_beta_only(self, call: Call) -> tuple[str, ...]:
        """Each beta overwrites the header of the one before."""
        return call.betas[-1:]

    def upper_cases_betas(self, call: Call) -> tuple[str, ...]:
        """Betas are sent as the names of an enumeration: in capitals, with underscores."""
        return tuple(beta.upper().replace("-", "_") for beta in call.betas)

    def filters_unknown_betas(self, call: Call) -> tuple[str, ...]:
        """Betas that the client was not built with are left out."""
        return tuple(beta for beta in call.betas if _KNOWN.match(beta))

    def keeps_one_beta_a_family(self, call: Call) -> tuple[str, ...]:
        """Betas whose names begin with the same word are taken for one, the last."""
        return tuple({beta.partition("-")[0]: beta for beta in call.betas}.values())

    def cuts_the_date_off_betas(self, call: Call) -> tuple[str, ...]:
        """Betas are sent without their date."""
        return tuple(re.sub("-[0-9]{4}-[0-9]{2}-[0-9]{2}$", "", beta) for beta in call.betas)

    def sends_ten_betas_at_most(self, call: Call) -> tuple[str, ...]:
        """Betas beyond the tenth are left out."""
        return call.betas[:10]

    def drops_betas_on_retrieve(self, call: Call) -> tuple[str, ...]:
        """No beta goes with the request for a model."""
        return () if call.operation == "retrieve" else call.betas

    def drops_betas_on_list(self, call: Call) -> tuple[str, ...]:
        """No beta goes with the request for a list."""
        return () if call.operation == "list" else call.betas


@CLIENTS.faults_in(IdealClient.beta_headers, "client-sends-betas-as-given")
class _WritesBetasWrongly(IdealClient):
    def joins_betas_with_blanks(self, call: Call) -> Headers:
        """Several betas are sent with blanks between them."""
        return (("anthropic-beta", " ".join(call.betas)),) if call.betas else ()

    def joins_betas_with_semicolons(self, call: Call) -> Headers:
        """Several betas are sent with semicolons between them."""
        return (("anthropic-beta", "; ".join(call.betas)),) if call.betas else ()

    def writes_betas_as_json(self, call: Call) -> Headers:
        """Betas are sent as a JSON array."""
        return (("anthropic-beta", json.dumps(call.betas)),) if call.betas else ()

    def names_the_beta_header_wrongly(self, call: Call) -> Headers:
        """Betas are sent in a header of another name."""
        return tuple((f"x-{name}", value) for name, value in super().beta_headers(call))


@CLIENTS.fault("client-sends-betas-as-given")
class SendsBetasInTheQuery(IdealClient):
    """Betas are sent as parameters of the query, as the other arguments are."""

    def query(self, call: Call) -> Pairs:
        return (*super().query(call), *(("betas", beta) for beta in call.betas))

    def beta_headers(self, call: Call) -> Headers:
        return ()


@CLIENTS.faults_in(_SendsOtherBetas.betas, "client-sends-no-unasked-beta")
class _AddsBetas(_SendsOtherBetas):
    def adds_a_beta_of_its_own(self, call: Call) -> tuple[str, ...]:
        """A beta of the client's choice goes with every request of the beta surface."""
        own = ("message-batches-2024-09-24",) if call.surface.startswith("beta.") else ()
        return tuple(dict.fromkeys((*own, *call.betas)))

    def sends_a_default_beta(self, call: Call) -> tuple[str, ...]:
        """Where the caller asks for no beta, one is sent."""
        return call.betas or ("prompt-caching-2024-07-31",)

    def adds_its_betas_again_for_each_page(self, call: Call) -> tuple[str, ...]:
        """The betas are added to the headers of the page before, which has them already."""
        return call.betas * call.page
