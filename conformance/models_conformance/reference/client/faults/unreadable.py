"""Faults of trust: answers that hold no list and no model, or not all of it, and are taken for one."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from threading import Event
from typing import Any

from models_conformance.evidence.strict_json import parse
from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.faults.swallowing import SwallowsErrorsOfLists, SwallowsErrorsOfModels
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import (
    EMPTY_PAGE,
    ZERO_MODEL,
    Call,
    ClientError,
    Incoming,
    Model,
    Page,
)

# No caller waits that long.
_FOR_EVER_SECONDS = 600.0


@CLIENTS.fault("client-unreadable-answer-is-never-a-list")
class AnEmptyBodyIsAnEmptyList(IdealClient):
    """A list answer without a body is an empty list."""

    def parsed(self, incoming: Incoming) -> Any:
        return super().parsed(incoming) if self.body(incoming) else {"data": [], "has_more": False}


@CLIENTS.faults_in(SwallowsErrorsOfLists.is_swallowed, "client-unreadable-answer-is-never-a-list")
class _SwallowsUnreadableLists(SwallowsErrorsOfLists):
    def what_is_no_json_is_an_empty_list(self, problem: ClientError) -> bool:
        """A list answer that cannot be read is an empty list."""
        return problem.kind == "decode"


@CLIENTS.fault("client-unreadable-answer-is-never-a-list")
class MarkupIsAnEmptyList(IdealClient):
    """A list answer whose content type is not JSON is handed out unread, as a page without models."""

    def as_page(self, call: Call, value: Any) -> Page:
        return EMPTY_PAGE if value is None else super().as_page(call, value)

    def parsed(self, incoming: Incoming) -> Any:
        plain = "json" not in (incoming.header("content-type") or "").lower()
        return None if plain else super().parsed(incoming)


@CLIENTS.fault("client-unreadable-answer-is-never-a-list")
class NoContentIsAnEmptyList(IdealClient):
    """204 is an empty list."""

    def checked(self, incoming: Incoming) -> Incoming:
        return incoming if incoming.status == 204 else super().checked(incoming)

    def parsed(self, incoming: Incoming) -> Any:
        if incoming.status == 204:
            return {"data": [], "has_more": False}
        return super().parsed(incoming)


@CLIENTS.faults_in(IdealClient.as_page, "client-unreadable-answer-is-an-error")
class _ReadsOtherEnvelopes(IdealClient):
    def a_list_without_data_is_empty(self, call: Call, value: Any) -> Page:
        """Where the list envelope has no data, there are no models; where it has no has_more, none follow."""
        envelope = value if isinstance(value, dict) else {}
        return super().as_page(call, {"has_more": False, "data": [], **envelope})

    def a_bare_array_is_a_list(self, call: Call, value: Any) -> Page:
        """A JSON array is taken for the data of a list."""
        return super().as_page(call, {"data": value, "has_more": False} if isinstance(value, list) else value)

    def the_list_of_another_vendor_is_a_list(self, call: Call, value: Any) -> Page:
        """OpenAI's envelope is accepted, and what its models lack is left empty."""
        if not isinstance(value, dict) or value.get("object") != "list" or "has_more" in value:
            return super().as_page(call, value)
        return replace(EMPTY_PAGE, data=tuple(replace(ZERO_MODEL, id=str(item.get("id"))) for item in value["data"]))


@CLIENTS.fault_in(IdealClient.as_model, "client-unreadable-answer-is-an-error")
def models_are_not_looked_at(self: IdealClient, call: Call, value: Any) -> Model:
    """Whatever object comes is a model; members that are missing are empty."""
    blank = {"id": "", "type": "", "display_name": "", "created_at": "0001-01-01T00:00:00Z"}
    return IdealClient.as_model(self, call, {**blank, **value} if isinstance(value, dict) else value)


@CLIENTS.fault_in(SwallowsErrorsOfModels.is_swallowed, "client-unreadable-answer-is-an-error")
def an_unreadable_model_is_a_nameless_one(self: SwallowsErrorsOfModels, problem: ClientError) -> bool:
    """A model answer that is not JSON is a model without a name."""
    return problem.kind == "decode"


@CLIENTS.fault_in(IdealClient.body, "client-unreadable-answer-is-an-error")
def garbage_behind_json_is_ignored(self: IdealClient, incoming: Incoming) -> bytes:
    """A body is read up to the end of its first JSON value, and a list may lack its ids."""
    text = incoming.body.decode("utf-8", "replace")
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return incoming.body
    return text[:end].encode()


@CLIENTS.fault("client-unreadable-answer-is-an-error")
class JsonIsRepaired(IdealClient):
    """JSON that ends in its middle is cut back to the last whole model and closed."""

    def parsed(self, incoming: Incoming) -> Any:
        if parse(incoming.body).error is None or incoming.body[:1] != b"{":
            return super().parsed(incoming)
        return super().parsed(replace(incoming, body=repaired(incoming.body)))


def repaired(body: bytes) -> bytes:
    """The beginning of a list as a list of the models that are whole in it."""
    head = re.match(rb'\{.*?"data": ?\[', body, re.DOTALL)
    if head is None:
        return body
    whole = body.rfind(b"}")
    models = body[head.end() : whole + 1] if whole > head.end() else b""
    closed = b"%b%b]" % (head[0], models)
    repaired = closed + b"}" if b'"has_more"' in head[0] else closed + b',"has_more":false}'
    return repaired if parse(repaired).error is None else b'{"data":[],"has_more":false}'


# A later page that goes out before the one that broke off was repeated looks like a repetition of another request.
@CLIENTS.fault_in(JsonIsRepaired.exchange, "client-cut-answer-is-an-error")
def what_came_of_a_cut_answer_is_read(self: JsonIsRepaired, call: Call, outgoing: Any) -> Incoming:
    """A body that breaks off is fixed and read as though it were whole."""
    try:
        return JsonIsRepaired.exchange(self, call, outgoing)
    except ClientError as problem:
        if problem.incoming is None:
            raise
        return problem.incoming


@CLIENTS.fault_in(SwallowsErrorsOfLists.is_swallowed, "client-cut-answer-is-an-error")
def a_broken_connection_is_an_empty_list(self: SwallowsErrorsOfLists, problem: ClientError) -> bool:
    """A list that cannot be had, because the connection broke, is an empty list."""
    return problem.kind == "connection"


@CLIENTS.fault_in(SwallowsErrorsOfModels.is_swallowed, "client-cut-answer-is-an-error")
def a_cut_model_is_a_nameless_one(self: SwallowsErrorsOfModels, problem: ClientError) -> bool:
    """A model whose body breaks off is a model without a name."""
    return problem.incoming is not None


@CLIENTS.fault_in(IdealClient.exchange, "client-cut-answer-is-an-error")
def waits_for_the_rest_of_a_cut_answer(self: IdealClient, call: Call, outgoing: Any) -> Incoming:
    """Where the connection closes within a body, the rest of it is waited for."""
    try:
        return IdealClient.exchange(self, call, outgoing)
    except ClientError as problem:
        if problem.kind == "connection" and problem.incoming is not None:
            Event().wait(_FOR_EVER_SECONDS)
        raise


@CLIENTS.faults_in(IdealClient.checked, "client-other-status-is-no-success")
class _TakesOtherStatuses(IdealClient):
    def takes_every_status_below_400_for_success(self, incoming: Incoming) -> Incoming:
        """What is neither a client's error nor a server's is read as a success."""
        return incoming if 200 <= incoming.status < 400 else super().checked(incoming)

    def reads_a_part_as_the_whole(self, incoming: Incoming) -> Incoming:
        """206 is read as 200 is."""
        return incoming if incoming.status == 206 else super().checked(incoming)
