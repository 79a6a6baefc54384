"""Faults of the credential, of the version, and of what goes to another host."""

from __future__ import annotations

from base64 import b64encode

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import CREDENTIAL_HEADERS, IdealClient
from models_conformance.reference.client.messages import Call, Headers, Pairs


@CLIENTS.fault_in(IdealClient.credential, "client-sends-its-credential")
def sends_no_credential(self: IdealClient, call: Call) -> Headers:
    """No key goes with any request."""
    return ()


@CLIENTS.fault_in(IdealClient.credential, "client-sends-its-credential")
def sends_its_key_as_basic(self: IdealClient, call: Call) -> Headers:
    """The key goes out as the user name of basic authentication."""
    return (("authorization", f"Basic {b64encode(f'{call.api_key}:'.encode()).decode()}"),)


@CLIENTS.fault_in(IdealClient.credential, "client-sends-its-credential")
def writes_bearer_into_the_key(self: IdealClient, call: Call) -> Headers:
    """The header `x-api-key` holds the word Bearer before the key."""
    return (("x-api-key", f"Bearer {call.api_key}"),)


@CLIENTS.fault_in(IdealClient.credential, "client-sends-its-credential")
def sends_a_bare_authorization(self: IdealClient, call: Call) -> Headers:
    """The header `authorization` holds the key without a scheme."""
    return (("authorization", call.api_key),)


@CLIENTS.fault_in(IdealClient.credential, "client-sends-its-credential")
def writes_its_key_in_small_letters(self: IdealClient, call: Call) -> Headers:
    """The key goes out in small letters."""
    return (("x-api-key", call.api_key.lower()),)


@CLIENTS.fault_in(IdealClient.credential, "client-sends-its-credential")
def sends_its_key_on_the_first_page_only(self: IdealClient, call: Call) -> Headers:
    """Later pages of a walk are asked for without the key."""
    return IdealClient.credential(self, call) if call.page == 1 else ()


@CLIENTS.fault_in(IdealClient.credential, "client-sends-its-credential")
def retrieves_without_its_key(self: IdealClient, call: Call) -> Headers:
    """A model is asked for without the key."""
    return IdealClient.credential(self, call) if call.operation == "list" else ()


@CLIENTS.fault_in(IdealClient.credential, "client-sends-one-credential")
def sends_key_and_bearer(self: IdealClient, call: Call) -> Headers:
    """The key goes out twice: as a key and as a bearer token."""
    return (*IdealClient.credential(self, call), ("authorization", f"Bearer {call.api_key}"))


@CLIENTS.fault_in(IdealClient.credential, "client-sends-one-credential")
def sends_an_empty_bearer_beside_the_key(self: IdealClient, call: Call) -> Headers:
    """Beside the key goes a bearer token that is not set."""
    return (*IdealClient.credential(self, call), ("authorization", "Bearer None"))


@CLIENTS.fault_in(IdealClient.credential, "client-sends-one-credential")
def repeats_its_key(self: IdealClient, call: Call) -> Headers:
    """The header with the key is sent twice, once from the defaults and once from the options."""
    return (*IdealClient.credential(self, call), *IdealClient.credential(self, call))


@CLIENTS.fault_in(IdealClient.credential, "client-sends-one-credential")
def sends_its_key_as_api_key_too(self: IdealClient, call: Call) -> Headers:
    """The key also goes out in the header `api-key`, which other vendors read, and which no redirect takes away."""
    return (*IdealClient.credential(self, call), ("api-key", call.api_key))


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


@CLIENTS.fault_in(IdealClient.version, "client-sends-version-header")
def repeats_the_version(self: IdealClient, call: Call) -> Headers:
    """The version of the API is sent twice, once from the defaults and once from the options."""
    return (*IdealClient.version(self, call), *IdealClient.version(self, call))


@CLIENTS.fault_in(IdealClient.version, "client-sends-version-header")
def sends_no_version(self: IdealClient, call: Call) -> Headers:
    """No version of the API goes with any request."""
    return ()


@CLIENTS.fault_in(IdealClient.version, "client-sends-version-header")
def sends_a_version_that_is_no_date(self: IdealClient, call: Call) -> Headers:
    """The version that goes out is that of the path."""
    return (("anthropic-version", "v1"),)


@CLIENTS.fault_in(IdealClient.version, "client-sends-version-header")
def names_the_version_header_wrongly(self: IdealClient, call: Call) -> Headers:
    """The version goes out in a header of another name."""
    return tuple(("api-version", value) for _, value in IdealClient.version(self, call))


@CLIENTS.fault_in(IdealClient.version, "client-sends-version-header")
def beta_surface_sends_no_version(self: IdealClient, call: Call) -> Headers:
    """On the beta surface no version goes out."""
    return () if call.surface.startswith("beta.") else IdealClient.version(self, call)


@CLIENTS.fault_in(IdealClient.version, "client-sends-version-header")
def sends_the_version_on_the_first_page_only(self: IdealClient, call: Call) -> Headers:
    """Later pages of a walk are asked for without a version."""
    return IdealClient.version(self, call) if call.page == 1 else ()


@CLIENTS.fault_in(IdealClient.headers_elsewhere, "client-keeps-its-credential-from-other-hosts")
def takes_its_key_to_other_hosts(self: IdealClient, headers: Headers) -> Headers:
    """A redirect to another host is followed with the key: only `authorization` is taken out."""
    return tuple(pair for pair in headers if pair[0].lower() != "authorization")


@CLIENTS.fault("client-keeps-its-credential-from-other-hosts")
class TakesItsTokenToOtherHosts(IdealClient):
    """A redirect to another host is followed with the bearer token."""

    def credential(self, call: Call) -> Headers:
        return (("authorization", f"Bearer {call.api_key}"),)

    def headers_elsewhere(self, headers: Headers) -> Headers:
        return headers


@CLIENTS.fault_in(IdealClient.headers_elsewhere, "client-keeps-its-credential-from-other-hosts")
def renames_its_key_for_other_hosts(self: IdealClient, headers: Headers) -> Headers:
    """What is redirected to another host carries the key as the one it was asked with by a proxy."""
    keys = tuple(value for name, value in headers if name.lower() in CREDENTIAL_HEADERS)
    return (*IdealClient.headers_elsewhere(self, headers), *(("proxy-authorization", f"Bearer {key}") for key in keys))
