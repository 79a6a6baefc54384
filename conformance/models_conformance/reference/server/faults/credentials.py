"""Faults of credentials and of the version header."""

from __future__ import annotations

from dataclasses import replace

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Request


@SERVERS.fault("credentials-api-key-is-accepted")
class ApiKeyIsRefusedByRetrieve(Behaviour):
    """A retrieval reads the bearer token only: a valid key in x-api-key is answered 401."""

    def check_credential(self, parsed: ParsedRequest) -> None:
        super().check_credential(parsed)
        if parsed.operation == "retrieve" and parsed.request.line("x-api-key") is not None:
            raise Refusal(401, "a bearer token is required")


class _NewerVersion(Behaviour):
    """Speaks the version whose SDKs send the key as a bearer token, and no other."""

    def check_version(self, parsed: ParsedRequest) -> None:
        super().check_version(parsed)
        if parsed.request.line("anthropic-version") != "2026-10-21":
            raise Refusal(400, "anthropic-version: only 2026-10-21 is supported")


@SERVERS.fault("credentials-bearer-is-accepted")
class BearerTokenIsRefused(_NewerVersion):
    """Speaks 2026-10-21 and reads x-api-key only: a bearer token is answered 401."""

    def credential(self, parsed: ParsedRequest) -> str | None:
        return parsed.request.line("x-api-key")


@SERVERS.fault("credentials-bearer-is-accepted")
class BearerTokenIsForbidden(_NewerVersion):
    """Speaks 2026-10-21, where a bearer token is answered 403."""

    def check_credential(self, parsed: ParsedRequest) -> None:
        if parsed.request.line("x-api-key") is None and parsed.request.line("authorization") is not None:
            raise Refusal(403, "bearer tokens are not enabled")
        super().check_credential(parsed)


@SERVERS.fault("credentials-bearer-is-accepted")
class BearerTokenIsComparedWithItsScheme(_NewerVersion):
    """Speaks 2026-10-21, and the whole authorization header is compared with the key: `Bearer key` is wrong."""

    def credential(self, parsed: ParsedRequest) -> str | None:
        return parsed.request.line("x-api-key") or parsed.request.line("authorization")


@SERVERS.fault("credentials-missing-is-401")
class MissingCredentialIsAccepted(Behaviour):
    """A request without a credential is answered as any other; a wrong one is refused."""

    def check_credential(self, parsed: ParsedRequest) -> None:
        if self.credential(parsed):
            super().check_credential(parsed)


@SERVERS.fault("credentials-missing-is-401")
class MissingCredentialIsAcceptedByRetrieve(Behaviour):
    """A retrieval without a credential is answered as any other."""

    def check_credential(self, parsed: ParsedRequest) -> None:
        if self.credential(parsed) or parsed.operation == "list":
            super().check_credential(parsed)


@SERVERS.fault("credentials-wrong-is-401")
class AnyCredentialIsAccepted(Behaviour):
    """Any credential that is not empty is accepted."""

    def check_credential(self, parsed: ParsedRequest) -> None:
        if not self.credential(parsed):
            super().check_credential(parsed)


@SERVERS.fault("credentials-wrong-is-401")
class AnyBearerTokenIsAccepted(Behaviour):
    """Any bearer token is accepted; a key in x-api-key is compared."""

    def check_credential(self, parsed: ParsedRequest) -> None:
        if not self.credential(parsed) or parsed.request.line("x-api-key") is not None:
            super().check_credential(parsed)


@SERVERS.fault("credentials-missing-is-401")
class NothingIsAskedOfTheCaller(Behaviour):
    """Credentials are not read at all."""

    def check_credential(self, parsed: ParsedRequest) -> None:
        return


class _Answered(Behaviour):
    """Refuses credentials in its own way."""

    def check_credential(self, parsed: ParsedRequest) -> None:
        try:
            super().check_credential(parsed)
        except Refusal as refusal:
            raise self.instead(parsed) from refusal

    def instead(self, parsed: ParsedRequest) -> Refusal:
        """The refusal in place of 401 authentication_error."""
        raise NotImplementedError


@SERVERS.fault("credentials-wrong-is-401")
class BadCredentialIsForbidden(_Answered):
    """A missing or wrong credential is answered 403."""

    def instead(self, parsed: ParsedRequest) -> Refusal:
        return Refusal(403, "forbidden")


@SERVERS.fault("credentials-wrong-is-401")
class WrongCredentialIsForbidden(_Answered):
    """A wrong credential is answered 403 and a missing one 401."""

    def instead(self, parsed: ParsedRequest) -> Refusal:
        if not self.credential(parsed):
            return Refusal(401, "a credential is required")
        return Refusal(403, "forbidden")


@SERVERS.fault("error-type-matches-status")
class BadCredentialHasAnotherErrorType(_Answered):
    """A missing or wrong credential is answered 401 invalid_request_error."""

    def instead(self, parsed: ParsedRequest) -> Refusal:
        return Refusal(401, "invalid x-api-key", kind="invalid_request_error")


@SERVERS.fault("credentials-wrong-is-401")
class BadCredentialIsABadRequest(_Answered):
    """A missing or wrong credential is answered 400."""

    def instead(self, parsed: ParsedRequest) -> Refusal:
        return Refusal(400, "invalid x-api-key")


@SERVERS.fault("no-input-is-answered-5xx")
class WrongCredentialCrashes(_Answered):
    """A wrong credential is answered 500."""

    def instead(self, parsed: ParsedRequest) -> Refusal:
        if not self.credential(parsed):
            return Refusal(401, "a credential is required")
        return Refusal(500, "internal server error")


@SERVERS.fault("version-missing-is-400")
class MissingVersionIsAccepted(Behaviour):
    """A request without anthropic-version is answered as any other."""

    def check_version(self, parsed: ParsedRequest) -> None:
        return


@SERVERS.fault("version-missing-is-400")
class MissingVersionIsAcceptedByRetrieve(Behaviour):
    """A retrieval without anthropic-version is answered as any other."""

    def check_version(self, parsed: ParsedRequest) -> None:
        if parsed.operation == "list":
            super().check_version(parsed)


@SERVERS.fault("error-type-matches-status")
class MissingVersionHasAnotherErrorType(Behaviour):
    """A request without anthropic-version is answered 400 api_error."""

    def check_version(self, parsed: ParsedRequest) -> None:
        if parsed.request.line("anthropic-version") is None:
            raise Refusal(400, "anthropic-version is required", kind="api_error")
        super().check_version(parsed)


@SERVERS.fault("version-missing-is-400")
class MissingVersionIsForbidden(Behaviour):
    """A request without anthropic-version is answered 403."""

    def check_version(self, parsed: ParsedRequest) -> None:
        if parsed.request.line("anthropic-version") is None:
            raise Refusal(403, "anthropic-version is required")
        super().check_version(parsed)


@SERVERS.fault("header-names-ignore-case")
class HeaderNamesAreReadInSmallLettersOnly(Behaviour):
    """A header whose name holds a capital letter is not seen."""

    # An ASGI server would have lowered the names already.
    raw_framing = True

    def read(self, request: Request, number: int) -> ParsedRequest:
        seen = tuple((name, value) for name, value in request.headers if name == name.lower())
        return super().read(replace(request, headers=seen), number)


@SERVERS.fault("credentials-wrong-is-401")
class KeysAreComparedByTheirBeginning(Behaviour):
    """A key that begins as the right one does is taken for it."""

    def credential(self, parsed: ParsedRequest) -> str | None:
        given, right = super().credential(parsed), self.api_key
        return right if given and right and given[:8] == right[:8] else given
