"""Faults of errors: answers with an error status that become values, or errors that lost what the answer said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, ClassVar

from models_conformance.contract.derivation.companion import ERROR_TYPES
from models_conformance.evidence.strict_json import parse
from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.faults.swallowing import SwallowsErrorsOfLists, SwallowsErrorsOfModels
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import ZERO_MODEL, Call, ClientError, Incoming, Model, unreadable


class _EmptyAt(SwallowsErrorsOfLists):
    """Takes errors of some statuses for an empty list."""

    empty: ClassVar[range | tuple[int, ...]] = ()

    def is_swallowed(self, problem: ClientError) -> bool:
        return problem.status in self.empty


CLIENTS.faults_of(
    _EmptyAt,
    "client-error-is-never-a-value",
    ("errors-are-empty-lists", "A list that is answered with an error is an empty list.", {"empty": range(300, 1000)}),
    (
        "server-errors-are-empty-lists",
        "A list that the server fails to give is an empty list: only 4xx is checked for.",
        {"empty": range(500, 1000)},
    ),
    ("not-found-is-an-empty-list", "A list that is not found is an empty list.", {"empty": (404,)}),
    ("overloaded-is-an-empty-list", "529 is a status that the client does not know, and no error.", {"empty": (529,)}),
)


@CLIENTS.fault_in(SwallowsErrorsOfModels.is_swallowed, "client-error-is-never-a-value")
def not_found_is_a_nameless_model(self: SwallowsErrorsOfModels, problem: ClientError) -> bool:
    """A model that is not found is a model without a name."""
    return problem.status == 404


@CLIENTS.fault_in(IdealClient.retrieve, "client-error-is-never-a-value")
def error_bodies_are_read_as_models(self: IdealClient, call: Call) -> Model:
    """The status is not looked at: the error envelope becomes a model of the type error."""
    self.check_arguments(call)
    incoming = self.fetch(call)
    value = parse(incoming.body).value
    if incoming.status >= 400 and isinstance(value, dict):
        return replace(ZERO_MODEL, type=str(value.get("type")))
    return self.as_model(call, self.parsed(self.checked(incoming)))


class _MisreportedError(IdealClient):
    """Says something else of an error than the answer did."""

    def error(self, incoming: Incoming) -> ClientError:
        problem = super().error(incoming)
        self.misreport(incoming, problem)
        return problem

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        """Change the error."""
        raise NotImplementedError


@CLIENTS.faults_in(_MisreportedError.misreport, "client-error-carries-status")
class _OtherStatus(_MisreportedError):
    def status_is_lost(self, incoming: Incoming, problem: ClientError) -> None:
        """An error does not say which status the answer had."""
        problem.kind, problem.status = "other", None

    def status_is_that_of_its_class(self, incoming: Incoming, problem: ClientError) -> None:
        """An error carries 400 or 500 for whatever the status was."""
        problem.status = incoming.status // 100 * 100

    def unregistered_status_is_500(self, incoming: Incoming, problem: ClientError) -> None:
        """A status that HTTP has no name for is reported as 500."""
        problem.status = 500 if incoming.status > 511 else incoming.status

    def rate_limits_are_connection_errors(self, incoming: Incoming, problem: ClientError) -> None:
        """429 is reported as a connection that failed, when all retries are used up."""
        if incoming.status == 429:
            problem.kind, problem.name, problem.status = "connection", "RetriesExhausted", None


@CLIENTS.faults_in(_MisreportedError.misreport, "client-error-carries-type")
class _OtherType(_MisreportedError):
    def type_of_an_error_is_lost(self, incoming: Incoming, problem: ClientError) -> None:
        """An error does not say which type it has."""
        problem.error_type = None

    def type_is_guessed_from_the_status(self, incoming: Incoming, problem: ClientError) -> None:
        """The type of an error comes from a table of statuses; what is not in it is an api_error."""
        problem.error_type = ERROR_TYPES.get(incoming.status, "api_error")

    def type_is_that_of_the_error_envelope(self, incoming: Incoming, problem: ClientError) -> None:
        """The type of every error is error."""
        problem.error_type = "error"

    def unknown_types_are_api_errors(self, incoming: Incoming, problem: ClientError) -> None:
        """The type of an error is one of an enumeration; any other becomes api_error."""
        if problem.error_type not in ERROR_TYPES.values():
            problem.error_type = "api_error"


@CLIENTS.faults_in(_MisreportedError.misreport, "client-error-carries-request-id")
class _OtherRequestId(_MisreportedError):
    def request_id_is_lost(self, incoming: Incoming, problem: ClientError) -> None:
        """An error does not say which request failed."""
        problem.request_id = None

    def request_id_is_invented(self, incoming: Incoming, problem: ClientError) -> None:
        """An error carries an id that the client made up for the request."""
        problem.request_id = f"req_{sha256(incoming.body).hexdigest()[:24]}"

    def request_id_loses_its_prefix(self, incoming: Incoming, problem: ClientError) -> None:
        """The id of a request is cut after its underscore."""
        problem.request_id = (problem.request_id or "").rpartition("_")[2] or None


@CLIENTS.fault_in(IdealClient.request_id, "client-error-carries-request-id")
def request_id_is_sought_under_another_name(
    self: IdealClient, incoming: Incoming, envelope: Mapping[str, Any]
) -> str | None:
    """The id of a request is read from x-request-id, or from the body where there is one."""
    return IdealClient.request_id(self, replace(incoming, headers=()), envelope) or incoming.header("x-request-id")


@CLIENTS.faults_in(IdealClient.error, "client-error-without-envelope-is-a-status-error")
class _NeedsAnEnvelope(IdealClient):
    def errors_have_to_be_json(self, incoming: Incoming) -> ClientError:
        """An error with a body that is not JSON is an answer that cannot be read, whatever its status."""
        problem = parse(incoming.body).error
        return super().error(incoming) if problem is None else unreadable(problem)

    def errors_have_to_have_a_typed_envelope(self, incoming: Incoming) -> ClientError:
        """An error in other words than the documented ones makes the client stumble."""
        value = parse(incoming.body).value
        if not isinstance(value, dict) or value.get("type") != "error":
            return ClientError("other", "KeyError", "'type'")
        return super().error(incoming)
