"""Faults of the credential, of the version, and of what goes to another host."""

from __future__ import annotations

from base64 import b64encode

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import CREDENTIAL_HEADERS, IdealClient
from models_conformance.reference.client.messages import Call, Headers, Pairs


@CLIENTS.fault("client-sends-its-credential")
class SendsNoCredential(IdealClient):
    """No key goes with any request."""

    def credential(self, call: Call) -> Headers:
        return ()


@CLIENTS.fault("client-sends-its-credential")
class SendsItsKeyAsBasic(IdealClient):
    """The key goes out as the user name of basic authentication."""

    def credential(self, call: Call) -> Headers:
        return (("authorization", f"Basic {b64encode(f'{call.api_key}:'.encode()).decode()}"),)


@CLIENTS.fault("client-sends-its-credential")
class WritesBearerIntoTheKey(IdealClient):
    """The header `x-api-key` holds the word Bearer before the key."""

    def credential(self, call: Call) -> Headers:
        return (("x-api-key", f"Bearer {call.api_key}"),)


@CLIENTS.fault("client-sends-its-credential")
class SendsABareAuthorization(IdealClient):
    """The header `authorization` holds the key without a scheme."""

    def credential(self, call: Call) -> Headers:
        return (("authorization", call.api_key),)


@CLIENTS.fault("client-sends-its-credential")
class SendsItsKeyOnTheFirstPageOnly(IdealClient):
    """Later pages of a walk are asked for without the key."""

    def credential(self, call: Call) -> Headers:
        return super().credential(call) if call.page == 1 else ()


@CLIENTS.fault("client-sends-its-credential")
class RetrievesWithoutItsKey(IdealClient):
    """A model is asked for without the key."""

    def credential(self, call: Call) -> Headers:
        return super().credential(call) if call.operation == "list" else ()


@CLIENTS.fault("client-sends-one-credential")
class SendsKeyAndBearer(IdealClient):
    """The key goes out twice: as a key and as a bearer token."""

    def credential(self, call: Call) -> Headers:
        return (*super().credential(call), ("authorization", f"Bearer {call.api_key}"))


@CLIENTS.fault("client-sends-one-credential")
class SendsAnEmptyBearerBesideTheKey(IdealClient):
    """Beside the key goes a bearer token that is not set."""

    def credential(self, call: Call) -> Headers:
        return (*super().credential(call), ("authorization", "Bearer None"))


@CLIENTS.fault("client-sends-one-credential")
class RepeatsItsKey(IdealClient):
    """The header with the key is sent twice, once from the defaults and once from the options."""

    def credential(self, call: Call) -> Headers:
        return (*super().credential(call), *super().credential(call))


@CLIENTS.fault("client-sends-one-credential")
class SendsItsKeyAsApiKeyToo(IdealClient):
    """The key also goes out in the header `api-key`, which other vendors read."""

    def credential(self, call: Call) -> Headers:
        return (*super().credential(call), ("api-key", call.api_key))

    def headers_elsewhere(self, headers: Headers) -> Headers:
        return super().headers_elsewhere(tuple(pair for pair in headers if pair[0] != "api-key"))


@CLIENTS.fault("client-keeps-its-credential-out-of-the-url")
class SendsItsKeyInTheQueryToo(IdealClient):
    """The key also stands in the query."""

    def query(self, call: Call) -> Pairs:
        return (*super().query(call), ("key", call.api_key))


@CLIENTS.fault("client-keeps-its-credential-out-of-the-url")
class SendsItsKeyInTheQuery(IdealClient):
    """The key stands in the query and in no header."""

    def query(self, call: Call) -> Pairs:
        return (*super().query(call), ("api_key", call.api_key))

    def credential(self, call: Call) -> Headers:
        return ()


@CLIENTS.fault("client-sends-version-header")
class RepeatsTheVersion(IdealClient):
    """The version of the API is sent twice, once from the defaults and once from the options."""

    def version(self, call: Call) -> Headers:
        return (*super().version(call), *super().version(call))


@CLIENTS.fault("client-sends-version-header")
class SendsNoVersion(IdealClient):
    """No version of the API goes with any request."""

    def version(self, call: Call) -> Headers:
        return ()


@CLIENTS.fault("client-sends-version-header")
class SendsAVersionThatIsNoDate(IdealClient):
    """The version that goes out is that of the path."""

    def version(self, call: Call) -> Headers:
        return (("anthropic-version", "v1"),)


@CLIENTS.fault("client-sends-version-header")
class NamesTheVersionHeaderWrongly(IdealClient):
    """The version goes out in a header of another name."""

    def version(self, call: Call) -> Headers:
        return tuple(("api-version", value) for _, value in super().version(call))


@CLIENTS.fault("client-sends-version-header")
class BetaSurfaceSendsNoVersion(IdealClient):
    """On the beta surface no version goes out."""

    def version(self, call: Call) -> Headers:
        return () if call.surface.startswith("beta.") else super().version(call)


@CLIENTS.fault("client-sends-version-header")
class SendsTheVersionOnTheFirstPageOnly(IdealClient):
    """Later pages of a walk are asked for without a version."""

    def version(self, call: Call) -> Headers:
        return super().version(call) if call.page == 1 else ()


@CLIENTS.fault("client-keeps-its-credential-from-other-hosts")
class TakesItsKeyToOtherHosts(IdealClient):
    """A redirect to another host is followed with the key: only `authorization` is taken out."""

    def headers_elsewhere(self, headers: Headers) -> Headers:
        return tuple(pair for pair in headers if pair[0].lower() != "authorization")


@CLIENTS.fault("client-keeps-its-credential-from-other-hosts")
class TakesItsTokenToOtherHosts(IdealClient):
    """A redirect to another host is followed with the bearer token."""

    def credential(self, call: Call) -> Headers:
        return (("authorization", f"Bearer {call.api_key}"),)

    def headers_elsewhere(self, headers: Headers) -> Headers:
        return headers


@CLIENTS.fault("client-keeps-its-credential-from-other-hosts")
class RenamesItsKeyForOtherHosts(IdealClient):
    """What is redirected to another host carries the key as the one it was asked with by a proxy."""

    def headers_elsewhere(self, headers: Headers) -> Headers:
        keys = tuple(value for name, value in headers if name.lower() in CREDENTIAL_HEADERS)
        return (*super().headers_elsewhere(headers), *(("proxy-authorization", f"Bearer {key}") for key in keys))
