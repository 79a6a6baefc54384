"""Faults of credentials and of the version header."""

from __future__ import annotations

from dataclasses import replace

from models_conformance.contract.points import BETAS, optional_headers
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import Behaviour, RawFraming, with_header
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Reply, Request, Response


@SERVERS.fault_in(Behaviour.check_credential, "credentials-api-key-is-accepted")
def api_key_is_refused_by_retrieve(self: Behaviour, parsed: ParsedRequest) -> None:
    """A retrieval reads the bearer token only: a valid key in x-api-key is answered 401."""
    Behaviour.check_credential(self, parsed)
    if parsed.operation == "retrieve" and parsed.request.line("x-api-key") is not None:
        raise Refusal(401, "a bearer token is required")


class _NewerVersion(Behaviour):
    """Speaks the version whose SDKs send the key as a bearer token, and no other."""

    def check_version(self, parsed: ParsedRequest) -> None:
        super().check_version(parsed)
        if parsed.request.line("anthropic-version") != "2026-10-21":
            raise Refusal(400, "anthropic-version: only 2026-10-21 is supported")


@SERVERS.faults_in(_NewerVersion.credential, "credentials-bearer-is-accepted")
class _MisreadsBearerTokens(_NewerVersion):
    def bearer_token_is_refused(self, parsed: ParsedRequest) -> str | None:
        """Speaks 2026-10-21 and reads x-api-key only: a bearer token is answered 401."""
        return parsed.request.line("x-api-key")

    def bearer_token_is_compared_with_its_scheme(self, parsed: ParsedRequest) -> str | None:
        """Speaks 2026-10-21, and the whole authorization header is compared with the key: `Bearer key` is wrong."""
        return parsed.request.line("x-api-key") or parsed.request.line("authorization")


@SERVERS.fault_in(_NewerVersion.check_credential, "credentials-bearer-is-accepted")
def bearer_token_is_forbidden(self: _NewerVersion, parsed: ParsedRequest) -> None:
    """Speaks 2026-10-21, where a bearer token is answered 403."""
    if parsed.request.line("x-api-key") is None and parsed.request.line("authorization") is not None:
        raise Refusal(403, "bearer tokens are not enabled")
    _NewerVersion.check_credential(self, parsed)


@SERVERS.faults_in(Behaviour.check_credential, "credentials-missing-is-401")
class _NeedsNoCredential(Behaviour):
    def missing_credential_is_accepted(self, parsed: ParsedRequest) -> None:
        """A request without a credential is answered as any other; a wrong one is refused."""
        if self.credential(parsed):
            super().check_credential(parsed)

    def missing_credential_is_accepted_by_retrieve(self, parsed: ParsedRequest) -> None:
        """A retrieval without a credential is answered as any other."""
        if self.credential(parsed) or parsed.operation == "list":
            super().check_credential(parsed)

    def nothing_is_asked_of_the_caller(self, parsed: ParsedRequest) -> None:
        """Credentials are not read at all."""
        return


@SERVERS.faults_in(Behaviour.check_credential, "credentials-wrong-is-401")
class _TakesWrongCredentials(Behaviour):
    def any_credential_is_accepted(self, parsed: ParsedRequest) -> None:
        """Any credential that is not empty is accepted."""
        if not self.credential(parsed):
            super().check_credential(parsed)

    def any_bearer_token_is_accepted(self, parsed: ParsedRequest) -> None:
        """Any bearer token is accepted; a key in x-api-key is compared."""
        if not self.credential(parsed) or parsed.request.line("x-api-key") is not None:
            super().check_credential(parsed)


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


@SERVERS.faults_in(_Answered.instead, "credentials-wrong-is-401")
class _RefusesCredentialsOddly(_Answered):
    def bad_credential_is_forbidden(self, parsed: ParsedRequest) -> Refusal:
        """A missing or wrong credential is answered 403."""
        return Refusal(403, "forbidden")

    def wrong_credential_is_forbidden(self, parsed: ParsedRequest) -> Refusal:
        """A wrong credential is answered 403 and a missing one 401."""
        if not self.credential(parsed):
            return Refusal(401, "a credential is required")
        return Refusal(403, "forbidden")

    def bad_credential_is_a_bad_request(self, parsed: ParsedRequest) -> Refusal:
        """A missing or wrong credential is answered 400."""
        return Refusal(400, "invalid x-api-key")


@SERVERS.fault_in(_Answered.instead, "error-type-matches-status")
def bad_credential_has_another_error_type(self: _Answered, parsed: ParsedRequest) -> Refusal:
    """A missing or wrong credential is answered 401 invalid_request_error."""
    return Refusal(401, "invalid x-api-key", kind="invalid_request_error")


@SERVERS.fault_in(_Answered.instead, "no-input-is-answered-5xx")
def wrong_credential_crashes(self: _Answered, parsed: ParsedRequest) -> Refusal:
    """A wrong credential is answered 500."""
    if not self.credential(parsed):
        return Refusal(401, "a credential is required")
    return Refusal(500, "internal server error")


@SERVERS.faults_in(Behaviour.check_version, "version-missing-is-400")
class _NeedsNoVersion(Behaviour):
    def missing_version_is_accepted(self, parsed: ParsedRequest) -> None:
        """A request without anthropic-version is answered as any other."""
        return

    def missing_version_is_accepted_by_retrieve(self, parsed: ParsedRequest) -> None:
        """A retrieval without anthropic-version is answered as any other."""
        if parsed.operation == "list":
            super().check_version(parsed)

    def missing_version_is_forbidden(self, parsed: ParsedRequest) -> None:
        """A request without anthropic-version is answered 403."""
        if parsed.request.line("anthropic-version") is None:
            raise Refusal(403, "anthropic-version is required")
        super().check_version(parsed)


@SERVERS.fault_in(Behaviour.check_version, "error-type-matches-status")
def missing_version_has_another_error_type(self: Behaviour, parsed: ParsedRequest) -> None:
    """A request without anthropic-version is answered 400 api_error."""
    if parsed.request.line("anthropic-version") is None:
        raise Refusal(400, "anthropic-version is required", kind="api_error")
    Behaviour.check_version(self, parsed)


@SERVERS.fault_in(RawFraming.read, "header-names-ignore-case")
def header_names_are_read_in_small_letters_only(self: RawFraming, request: Request, number: int) -> ParsedRequest:
    """A header whose name holds a capital letter is not seen."""
    # An ASGI server would have lowered the names already.
    seen = tuple((name, value) for name, value in request.headers if name == name.lower())
    return RawFraming.read(self, replace(request, headers=seen), number)


@SERVERS.fault_in(Behaviour.credential, "credentials-wrong-is-401")
def keys_are_compared_by_their_beginning(self: Behaviour, parsed: ParsedRequest) -> str | None:
    """A key that begins as the right one does is taken for it."""
    given, right = Behaviour.credential(self, parsed), self.api_key
    return right if given and right and given[:8] == right[:8] else given


@SERVERS.fault_in(Behaviour.respond, "credentials-missing-is-401")
def bad_credential_is_a_login_page(self: Behaviour, parsed: ParsedRequest, reply: Reply) -> Response:
    """A missing or wrong credential is answered 200 with a web page to log in."""
    right = Behaviour.respond(self, parsed, reply)
    if reply.status != 401:
        return right
    headers = with_header(right.headers, "content-type", "text/html")
    return Response(200, headers, b"<!doctype html><title>Log in</title>")


@SERVERS.fault_in(Behaviour.refused, "credentials-missing-is-401")
def bad_credential_is_an_empty_list(self: Behaviour, parsed: ParsedRequest, refusal: Refusal) -> Reply:
    """A missing or wrong credential is answered 200 with a list of no models, by list and retrieve."""
    if refusal.status != 401:
        return Behaviour.refused(self, parsed, refusal)
    return Reply(200, {"data": [], "has_more": False, "first_id": None, "last_id": None})


@SERVERS.fault_in(Behaviour.check_version, "version-2026-10-21-is-accepted")
def newest_version_is_refused(self: Behaviour, parsed: ParsedRequest) -> None:
    """The newest documented API version is answered 400."""
    Behaviour.check_version(self, parsed)
    if parsed.request.line("anthropic-version") == self.contract.versions[-1]:
        raise Refusal(400, "anthropic-version: unknown")


@SERVERS.fault_in(Behaviour.check_version, "header-anthropic-workspace-id-is-optional")
def workspace_is_demanded(self: Behaviour, parsed: ParsedRequest) -> None:
    """A request without an optional header that is documented beside the betas is answered 403."""
    Behaviour.check_version(self, parsed)
    if any(parsed.request.line(name) is None for name in optional_headers(self.contract) if name != BETAS):
        raise Refusal(403, "a header is missing")
