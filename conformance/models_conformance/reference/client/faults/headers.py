"""Faults of the headers: the credential, the version and the betas that go out, and what goes to another host."""

from __future__ import annotations

import json
import re
from base64 import b64encode

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import CREDENTIAL_HEADERS, IdealClient
from models_conformance.reference.client.messages import Call, Headers, Pairs

# The betas that a client of a certain age knows of.
_KNOWN = re.compile("message-batches|prompt-caching|computer-use|pdfs|token-counting|output-128k")


@CLIENTS.faults_in(IdealClient.credential, "client-sends-its-credential")
class _SendsNoGoodCredential(IdealClient):
    def sends_no_credential(self, call: Call) -> Headers:
        """No key goes with any request."""
        return ()

    def sends_its_key_as_basic(self, call: Call) -> Headers:
        """The key goes out as the user name of basic authentication."""
        return (("authorization", f"Basic {b64encode(f'{call.api_key}:'.encode()).decode()}"),)

    def writes_bearer_into_the_key(self, call: Call) -> Headers:
        """The header `x-api-key` holds the word Bearer before the key."""
        return (("x-api-key", f"Bearer {call.api_key}"),)

    def sends_a_bare_authorization(self, call: Call) -> Headers:
        """The header `authorization` holds the key without a scheme."""
        return (("authorization", call.api_key),)

    def writes_its_key_in_small_letters(self, call: Call) -> Headers:
        """The key goes out in lower case."""
        return (("x-api-key", call.api_key.lower()),)

    def sends_its_key_on_the_first_page_only(self, call: Call) -> Headers:
        """Later pages of a walk are asked for without the key."""
        return super().credential(call) if call.page == 1 else ()

    def retrieves_without_its_key(self, call: Call) -> Headers:
        """A model is asked for without the key."""
        return super().credential(call) if call.operation == "list" else ()


@CLIENTS.faults_in(IdealClient.credential, "client-sends-one-credential")
class _SendsMoreThanOneCredential(IdealClient):
    def sends_key_and_bearer(self, call: Call) -> Headers:
        """The key goes out twice: as a key and as a bearer token."""
        return (*super().credential(call), ("authorization", f"Bearer {call.api_key}"))

    def sends_an_empty_bearer_beside_the_key(self, call: Call) -> Headers:
        """Beside the key goes a bearer token that is not set."""
        return (*super().credential(call), ("authorization", "Bearer None"))

    def repeats_its_key(self, call: Call) -> Headers:
        """The header with the key is sent twice, once from the defaults and once from the options."""
        return (*super().credential(call), *super().credential(call))

    def sends_its_key_as_api_key_too(self, call: Call) -> Headers:
        """The key also goes out in the header `api-key`, which other vendors read, and which no redirect takes away."""
        return (*super().credential(call), ("api-key", call.api_key))


@CLIENTS.fault_in(IdealClient.query, "client-keeps-its-credential-out-of-the-url")
def sends_its_key_in_the_query_too(self: IdealClient, call: Call) -> Pairs:
    """The key also stands in the query."""
    return (*IdealClient.query(self, call), ("key", call.api_key))


@CLIENTS.fault("client-keeps-its-credential-out-of-the-url")
class SendsItsKeyInTheQuery(IdealClient):
    """The key stands in the query and in no header."""

    def query(self, call: Call) -> Pairs:
        return (*super().query(call), ("api_key", call.api_key))

    def credential(self, call: Call) -> Headers:
        return ()


@CLIENTS.faults_in(IdealClient.version, "client-sends-version-header")
class _SendsNoGoodVersion(IdealClient):
    def repeats_the_version(self, call: Call) -> Headers:
        """The version of the API is sent twice, once from the defaults and once from the options."""
        return (*super().version(call), *super().version(call))

    def sends_no_version(self, call: Call) -> Headers:
        """No version of the API goes with any request."""
        return ()

    def sends_a_version_that_is_no_date(self, call: Call) -> Headers:
        """The version that goes out is that of the path."""
        return (("anthropic-version", "v1"),)

    def names_the_version_header_wrongly(self, call: Call) -> Headers:
        """The version goes out in a header of another name."""
        return tuple(("api-version", value) for _, value in super().version(call))

    def beta_surface_sends_no_version(self, call: Call) -> Headers:
        """On the beta surface no version goes out."""
        return () if call.surface.startswith("beta.") else super().version(call)

    def sends_the_version_on_the_first_page_only(self, call: Call) -> Headers:
        """Later pages of a walk are asked for without a version."""
        return super().version(call) if call.page == 1 else ()


@CLIENTS.faults_in(IdealClient.headers_elsewhere, "client-keeps-its-credential-from-other-hosts")
class _TakesItsCredentialElsewhere(IdealClient):
    def takes_its_key_to_other_hosts(self, headers: Headers) -> Headers:
        """A redirect to another host is followed with the key: only `authorization` is taken out."""
        return tuple(pair for pair in headers if pair[0].lower() != "authorization")

    def renames_its_key_for_other_hosts(self, headers: Headers) -> Headers:
        """What is redirected to another host carries the key as the one it was asked with by a proxy."""
        keys = tuple(value for name, value in headers if name.lower() in CREDENTIAL_HEADERS)
        return (*super().headers_elsewhere(headers), *(("proxy-authorization", f"Bearer {key}") for key in keys))


@CLIENTS.fault("client-keeps-its-credential-from-other-hosts")
class TakesItsTokenToOtherHosts(IdealClient):
    """A redirect to another host is followed with the bearer token."""

    def credential(self, call: Call) -> Headers:
        return (("authorization", f"Bearer {call.api_key}"),)

    def headers_elsewhere(self, headers: Headers) -> Headers:
        return headers


# Betas


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


@CLIENTS.faults_in(IdealClient.headers, "client-sends-anthropic-workspace-id-as-given")
class _ChangesGivenHeaders(IdealClient):
    def optional_headers_are_dropped(self, call: Call) -> Headers:
        """Headers that the caller gives by their names are not sent."""
        return super().headers(call.without("params"))

    def optional_headers_are_sent_in_small_letters(self, call: Call) -> Headers:
        """The values of headers that the caller gives by their names are sent in lower case."""
        given = {name for name, _ in self.further(call)}
        return tuple((name, value.lower() if name in given else value) for name, value in super().headers(call))
