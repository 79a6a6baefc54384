"""Faults of error answers: their envelope, their types and the name of the request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import Behaviour, with_header
from models_conformance.reference.server.messages import Headers, ParsedRequest, Refusal, Reply, Response


class _Error(Behaviour):
    """Edits the body of every error."""

    def refused(self, parsed: ParsedRequest, refusal: Refusal) -> Reply:
        reply = super().refused(parsed, refusal)
        return Reply(reply.status, self.edited(parsed, refusal, dict(reply.value)), reply.headers)

    def edited(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """The body of the error, given the right one."""
        raise NotImplementedError


@SERVERS.faults_in(_Error.edited, "error-envelope-is-complete")
class _OtherEnvelope(_Error):
    def error_has_no_envelope(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """An error is its inner object alone."""
        return value["error"]

    def error_has_the_openai_shape(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """An error is {"error": {message, type, param, code}}."""
        return {"error": {**value["error"], "param": None, "code": None}}

    def error_is_a_detail(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """An error is {"detail": ...}, as the framework makes them."""
        return {"detail": refusal.message}

    def error_is_in_an_array(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """An error is an array of one envelope."""
        return [value]

    def error_is_a_string(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """error is a string."""
        return {**value, "error": refusal.message}

    def error_type_of_the_envelope_is_missing(
        self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]
    ) -> Any:
        """The envelope of an error has no type."""
        return {name: member for name, member in value.items() if name != "type"}

    def error_type_of_the_envelope_is_the_kind(
        self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]
    ) -> Any:
        """The type of the envelope is the kind of the error."""
        return {**value, "type": self.error_type(refusal)}

    def error_type_is_missing(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """error has no type."""
        return {**value, "error": {"message": refusal.message}}

    def error_type_is_a_number(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """The type of error is the status."""
        return {**value, "error": {**value["error"], "type": refusal.status}}

    def error_message_is_missing(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """error has no message."""
        return {**value, "error": {"type": self.error_type(refusal)}}

    def error_message_is_a_list(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """The message of an error is a list of validation problems."""
        return {**value, "error": {"type": self.error_type(refusal), "message": [refusal.message]}}

    def error_request_id_is_a_number(self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]) -> Any:
        """request_id of an error is a number."""
        return {**value, "request_id": parsed.number}


@SERVERS.faults_in(_Error.edited, "error-request-id-agrees-with-header")
class _OtherRequestId(_Error):
    def error_request_id_differs_from_the_header(
        self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]
    ) -> Any:
        """request_id of an error is another than the one in the header."""
        return {**value, "request_id": f"req_{parsed.number:024d}"}

    def error_request_id_is_of_the_request_before(
        self, parsed: ParsedRequest, refusal: Refusal, value: dict[str, Any]
    ) -> Any:
        """request_id of an error names the request before."""
        before = ParsedRequest(parsed.request, parsed.number - 1, parsed.operation, parsed.model_id, (), ())
        return {**value, "request_id": self.request_id(before)}


class _Text(Behaviour):
    """Errors whose body is not JSON."""

    kind = "text/plain; charset=utf-8"

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        headers = super().headers(parsed, reply)
        return with_header(headers, "content-type", self.kind) if self.plain(parsed, reply.status) else headers

    def respond(self, parsed: ParsedRequest, reply: Reply) -> Response:
        response = super().respond(parsed, reply)
        return replace(response, body=self.text(reply).encode()) if self.plain(parsed, reply.status) else response

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


@SERVERS.fault_in(_Text.text, "error-envelope-is-complete")
def error_is_empty(self: _Text, reply: Reply) -> str:
    """Every error has an empty body."""
    return ""


@SERVERS.faults_in(_Text.plain, "error-envelope-is-complete")
class _SomeArePlain(_Text):
    def not_found_is_plain_text(self, parsed: ParsedRequest, status: int) -> bool:
        """404 is answered in plain text, by the framework; every other error is right."""
        return status == 404

    def validation_error_is_plain_text(self, parsed: ParsedRequest, status: int) -> bool:
        """A refused limit is answered 400 in plain text."""
        return status == 400 and bool(parsed.values("limit"))


@SERVERS.fault_in(Behaviour.refused, "retrieve-unknown-is-not-found")
def error_is_answered_ok(self: Behaviour, parsed: ParsedRequest, refusal: Refusal) -> Reply:
    """The error envelope goes out with status 200."""
    return Reply(200, Behaviour.refused(self, parsed, refusal).value)


@SERVERS.faults_in(Behaviour.refused, "error-type-matches-status")
class _OtherType(Behaviour):
    def every_error_is_an_api_error(self, parsed: ParsedRequest, refusal: Refusal) -> Reply:
        """The type of every error is api_error, whatever the status."""
        return super().refused(parsed, Refusal(refusal.status, refusal.message, kind="api_error"))

    def every_error_is_a_bad_request(self, parsed: ParsedRequest, refusal: Refusal) -> Reply:
        """The status of every error is 400, whatever its type."""
        reply = super().refused(parsed, refusal)
        return Reply(400, reply.value, reply.headers)


@SERVERS.fault_in(Behaviour.bad_limit, "error-type-matches-status")
def bad_limit_is_a_not_found_error(self: Behaviour, parsed: ParsedRequest, text: str) -> int:
    """A limit out of range is answered 400 not_found_error."""
    raise Refusal(400, "limit: out of range", kind="not_found_error")


@SERVERS.fault_in(Behaviour.refused, "error-envelope-is-complete")
def bad_input_is_a_detail(self: Behaviour, parsed: ParsedRequest, refusal: Refusal) -> Reply:
    """What would be 400 is answered 422 with {"detail": [...]}: the framework validates before the API sees it."""
    reply = Behaviour.refused(self, parsed, refusal)
    detail = {"detail": [{"loc": ["query"], "msg": refusal.message, "type": "value_error"}]}
    return Reply(422, detail) if refusal.status == 400 else reply
