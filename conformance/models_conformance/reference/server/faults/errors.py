"""Faults of error answers: their envelope, their types and the name of the request."""

from __future__ import annotations

from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import Behaviour, with_header
from models_conformance.reference.server.messages import Headers, ParsedRequest, Refusal, Reply


class _Error(Behaviour):
    """Edits the body of every error."""

    def refused(self, parsed: ParsedRequest, refusal: Refusal) -> Reply:
        reply = super().refused(parsed, refusal)
        return Reply(reply.status, self.edited(parsed, refusal, dict(reply.value)), reply.headers)

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """The body of the error, given the right one."""
        raise NotImplementedError


@SERVERS.fault("error-envelope-is-complete")
class ErrorHasNoEnvelope(_Error):
    """An error is its inner object alone."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return value["error"]


@SERVERS.fault("error-envelope-is-complete")
class ErrorHasTheOpenaiShape(_Error):
    """An error is {"error": {message, type, param, code}}."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {"error": {**value["error"], "param": None, "code": None}}


@SERVERS.fault("error-envelope-is-complete")
class ErrorIsADetail(_Error):
    """An error is {"detail": ...}, as the framework makes them."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {"detail": refusal.message}


@SERVERS.fault("error-envelope-is-complete")
class ErrorIsInAnArray(_Error):
    """An error is an array of one envelope."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return [value]


@SERVERS.fault("error-envelope-is-complete")
class ErrorIsAString(_Error):
    """error is a string."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {**value, "error": refusal.message}


@SERVERS.fault("error-envelope-is-complete")
class ErrorTypeOfTheEnvelopeIsMissing(_Error):
    """The envelope of an error has no type."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {name: member for name, member in value.items() if name != "type"}


@SERVERS.fault("error-envelope-is-complete")
class ErrorTypeOfTheEnvelopeIsTheKind(_Error):
    """The type of the envelope is the kind of the error."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {**value, "type": self.error_type(refusal)}


@SERVERS.fault("error-envelope-is-complete")
class ErrorTypeIsMissing(_Error):
    """error has no type."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {**value, "error": {"message": refusal.message}}


@SERVERS.fault("error-envelope-is-complete")
class ErrorTypeIsANumber(_Error):
    """The type of error is the status."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {**value, "error": {**value["error"], "type": refusal.status}}


@SERVERS.fault("error-envelope-is-complete")
class ErrorMessageIsMissing(_Error):
    """error has no message."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {**value, "error": {"type": self.error_type(refusal)}}


@SERVERS.fault("error-envelope-is-complete")
class ErrorMessageIsAList(_Error):
    """The message of an error is a list of validation problems."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {**value, "error": {"type": self.error_type(refusal), "message": [refusal.message]}}


@SERVERS.fault("error-envelope-is-complete")
class ErrorRequestIdIsANumber(_Error):
    """request_id of an error is a number."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {**value, "request_id": parsed.number}


@SERVERS.fault("error-request-id-agrees-with-header")
class ErrorRequestIdDiffersFromTheHeader(_Error):
    """request_id of an error is another than the one in the header."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        return {**value, "request_id": f"req_{parsed.number:024d}"}


@SERVERS.fault("error-request-id-agrees-with-header")
class ErrorRequestIdIsOfTheRequestBefore(_Error):
    """request_id of an error names the request before."""

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        before = ParsedRequest(parsed.request, parsed.number - 1, parsed.operation, parsed.model_id, (), ())
        return {**value, "request_id": self.request_id(before)}


class _Text(Behaviour):
    """Errors whose body is not JSON."""

    kind = "text/plain; charset=utf-8"

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        headers = super().headers(parsed, reply)
        return with_header(headers, "content-type", self.kind) if self.plain(parsed, reply.status) else headers

    def respond(self, parsed: ParsedRequest, reply: Reply) -> Any:
        response = super().respond(parsed, reply)
        if not self.plain(parsed, reply.status):
            return response
        return type(response)(response.status, response.headers, self.text(reply).encode())

    def plain(self, parsed: ParsedRequest, status: int) -> bool:
        """Whether this answer is an error without JSON."""
        return status >= 400

    def text(self, reply: Reply) -> str:
        """The body."""
        return str(reply.value["error"]["message"])


@SERVERS.fault("error-envelope-is-complete")
class ErrorIsPlainText(_Text):
    """Every error is plain text."""


@SERVERS.fault("error-envelope-is-complete")
class ErrorIsHtml(_Text):
    """Every error is an HTML page."""

    kind = "text/html"

    def text(self, reply: Reply) -> str:
        return f"<html><body><h1>{reply.status}</h1></body></html>"


@SERVERS.fault("error-envelope-is-complete")
class ErrorIsEmpty(_Text):
    """Every error has an empty body."""

    def text(self, reply: Reply) -> str:
        return ""


@SERVERS.fault("error-envelope-is-complete")
class NotFoundIsPlainText(_Text):
    """404 is answered in plain text, by the framework; every other error is right."""

    def plain(self, parsed: ParsedRequest, status: int) -> bool:
        return status == 404


@SERVERS.fault("error-envelope-is-complete")
class ValidationErrorIsPlainText(_Text):
    """A refused limit is answered 400 in plain text."""

    def plain(self, parsed: ParsedRequest, status: int) -> bool:
        return status == 400 and bool(parsed.values("limit"))


@SERVERS.fault("body-content-type-is-json")
class ErrorIsJsonSaidToBeText(Behaviour):
    """The envelope of an error is right and its content type is text/plain."""

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        headers = super().headers(parsed, reply)
        return with_header(headers, "content-type", "text/plain") if reply.status >= 400 else headers


@SERVERS.fault("retrieve-unknown-is-not-found")
class ErrorIsAnsweredOk(Behaviour):
    """The error envelope goes out with status 200."""

    def refused(self, parsed: ParsedRequest, refusal: Refusal) -> Reply:
        return Reply(200, super().refused(parsed, refusal).value)


@SERVERS.fault("error-type-matches-status")
class EveryErrorIsAnApiError(Behaviour):
    """The type of every error is api_error, whatever the status."""

    def refused(self, parsed: ParsedRequest, refusal: Refusal) -> Reply:
        return super().refused(parsed, Refusal(refusal.status, refusal.message, kind="api_error"))


@SERVERS.fault("error-type-matches-status")
class BadLimitIsANotFoundError(Behaviour):
    """A limit out of range is answered 400 not_found_error."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        raise Refusal(400, "limit: out of range", kind="not_found_error")
