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
from models_conformance.reference.client.messages import (
    ZERO_MODEL,
    Call,
    ClientError,
    Incoming,
    Model,
    unreadable,
)


class _EmptyAt(SwallowsErrorsOfLists):
    """Takes errors of some statuses for an empty list."""

    empty: ClassVar[range | tuple[int, ...]] = ()

    def is_swallowed(self, problem: ClientError) -> bool:
        return problem.status in self.empty


@CLIENTS.fault("client-error-is-never-a-value")
class ErrorsAreEmptyLists(_EmptyAt):
    """A list that is answered with an error is an empty list."""

    empty = range(300, 1000)


@CLIENTS.fault("client-error-is-never-a-value")
class ServerErrorsAreEmptyLists(_EmptyAt):
    """A list that the server fails to give is an empty list: only 4xx is checked for."""

    empty = range(500, 1000)


@CLIENTS.fault("client-error-is-never-a-value")
class NotFoundIsAnEmptyList(_EmptyAt):
    """A list that is not found is an empty list."""

    empty = (404,)


@CLIENTS.fault("client-error-is-never-a-value")
class OverloadedIsAnEmptyList(_EmptyAt):
    """529 is a status that the client does not know, and no error."""

    empty = (529,)


@CLIENTS.fault("client-error-is-never-a-value")
class NotFoundIsANamelessModel(SwallowsErrorsOfModels):
    """A model that is not found is a model without a name."""

    def is_swallowed(self, problem: ClientError) -> bool:
        return problem.status == 404


@CLIENTS.fault("client-error-is-never-a-value")
class ErrorBodiesAreReadAsModels(IdealClient):
    """The status is not looked at: the error envelope becomes a model of the type error."""

    def retrieve(self, call: Call) -> Model:
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


@CLIENTS.fault("client-error-carries-status")
class StatusIsLost(_MisreportedError):
    """An error does not say which status the answer had."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        problem.kind, problem.status = "other", None


@CLIENTS.fault("client-error-carries-status")
class StatusIsThatOfItsClass(_MisreportedError):
    """An error carries 400 or 500 for whatever the status was."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        problem.status = incoming.status // 100 * 100


@CLIENTS.fault("client-error-carries-status")
class UnregisteredStatusIs500(_MisreportedError):
    """A status that HTTP has no name for is reported as 500."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        problem.status = 500 if incoming.status > 511 else incoming.status


@CLIENTS.fault("client-error-carries-status")
class RateLimitsAreConnectionErrors(_MisreportedError):
    """429 is reported as a connection that failed, when all retries are used up."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        if incoming.status == 429:
            problem.kind, problem.name, problem.status = "connection", "RetriesExhausted", None


@CLIENTS.fault("client-error-carries-type")
class TypeOfAnErrorIsLost(_MisreportedError):
    """An error does not say which type it has."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        problem.error_type = None


@CLIENTS.fault("client-error-carries-type")
class TypeIsGuessedFromTheStatus(_MisreportedError):
    """The type of an error comes from a table of statuses; what is not in it is an api_error."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        problem.error_type = ERROR_TYPES.get(incoming.status, "api_error")


@CLIENTS.fault("client-error-carries-type")
class TypeIsThatOfTheErrorEnvelope(_MisreportedError):
    """The type of every error is error."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        problem.error_type = "error"


@CLIENTS.fault("client-error-carries-type")
class UnknownTypesAreApiErrors(_MisreportedError):
    """The type of an error is one of an enumeration; any other becomes api_error."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        if problem.error_type not in ERROR_TYPES.values():
            problem.error_type = "api_error"


@CLIENTS.fault("client-error-carries-request-id")
class RequestIdIsLost(_MisreportedError):
    """An error does not say which request failed."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        problem.request_id = None


@CLIENTS.fault("client-error-carries-request-id")
class RequestIdIsInvented(_MisreportedError):
    """An error carries an id that the client made up for the request."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        problem.request_id = f"req_{sha256(incoming.body).hexdigest()[:24]}"


@CLIENTS.fault("client-error-carries-request-id")
class RequestIdLosesItsPrefix(_MisreportedError):
    """The id of a request is cut after its underscore."""

    def misreport(self, incoming: Incoming, problem: ClientError) -> None:
        problem.request_id = (problem.request_id or "").rpartition("_")[2] or None


@CLIENTS.fault("client-error-carries-request-id")
class RequestIdIsSoughtUnderAnotherName(IdealClient):
    """The id of a request is read from x-request-id, or from the body where there is one."""

    def request_id(self, incoming: Incoming, envelope: Mapping[str, Any]) -> str | None:
        return super().request_id(replace(incoming, headers=()), envelope) or incoming.header("x-request-id")


@CLIENTS.fault("client-error-without-envelope-is-a-status-error")
class ErrorsHaveToBeJson(IdealClient):
    """An error with a body that is not JSON is an answer that cannot be read, whatever its status."""

    def error(self, incoming: Incoming) -> ClientError:
        problem = parse(incoming.body).error
        return super().error(incoming) if problem is None else unreadable(problem)


@CLIENTS.fault("client-error-without-envelope-is-a-status-error")
class ErrorsHaveToHaveATypedEnvelope(IdealClient):
    """An error in other words than the documented ones makes the client stumble."""

    def error(self, incoming: Incoming) -> ClientError:
        value = parse(incoming.body).value
        if not isinstance(value, dict) or value.get("type") != "error":
            return ClientError("other", "KeyError", "'type'")
        return super().error(incoming)
