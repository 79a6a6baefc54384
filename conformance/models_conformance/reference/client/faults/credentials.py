"""Faults of the credential, of the version, and of what goes to another host."""

from __future__ import annotations

from base64 import b64encode

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import CREDENTIAL_HEADERS, IdealClient
from models_conformance.reference.client.messages import Call, Headers, Pairs


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
        """The key goes out in small letters."""
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
