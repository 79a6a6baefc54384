"""Faults of reading answers that are good: spellings of JSON and HTTP that some clients do not expect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.answer_reading import DOCUMENTED
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Headers, Incoming, Model, Page, unreadable


@CLIENTS.fault_in(IdealClient.parsed, "client-reads-any-json-spelling")
def reads_utf_8_as_latin_1(self: IdealClient, incoming: Incoming) -> Any:
    """A body without a charset is read as Latin-1, as HTTP/1.1 once had it for text."""
    if "utf-8" in (incoming.header("content-type") or "").lower():
        return IdealClient.parsed(self, incoming)
    return IdealClient.parsed(self, replace(incoming, body=incoming.body.decode("latin-1").encode()))


@CLIENTS.fault_in(IdealClient.parsed, "client-id-is-untouched")
def keeps_escapes_of_json(self: IdealClient, incoming: Incoming) -> Any:
    """Letters that JSON has in escapes stay escapes."""
    return IdealClient.parsed(self, replace(incoming, body=incoming.body.replace(rb"\u", rb"\\u")))


@CLIENTS.faults_in(IdealClient.parsed, "client-reads-any-json-spelling")
class _RefusesSpellings(IdealClient):
    def refuses_letters_beyond_ascii(self, incoming: Incoming) -> Any:
        """A body with a byte beyond ASCII is refused."""
        if not incoming.body.isascii():
            raise unreadable("'ascii' codec can't decode byte")
        return super().parsed(incoming)

    def reads_the_first_line_only(self, incoming: Incoming) -> Any:
        """A body is read as one line of JSON."""
        return super().parsed(replace(incoming, body=incoming.body.strip().partition(b"\n")[0]))

    def refuses_a_charset(self, incoming: Incoming) -> Any:
        """An answer whose content type is anything but `application/json` to the letter is refused."""
        if incoming.header("content-type") != "application/json":
            raise unreadable("the answer is not JSON")
        return super().parsed(incoming)

    def needs_a_content_length(self, incoming: Incoming) -> Any:
        """An answer that does not say how long it is counts as empty, and is refused."""
        if incoming.header("content-length") is None:
            raise unreadable("the body is empty")
        return super().parsed(incoming)


@CLIENTS.fault_in(IdealClient.as_model, "client-answer-is-accepted")
def refuses_empty_display_names(self: IdealClient, call: Call, value: Any) -> Model:
    """A model without a display name is refused."""
    model = IdealClient.as_model(self, call, value)
    if not model.display_name:
        raise unreadable("a model has a display name")
    return model


@CLIENTS.faults_in(IdealClient.as_model, "client-reads-any-json-spelling")
class _RelyOnTheOrderOfMembers(IdealClient):
    def needs_the_type_first(self, call: Call, value: Any) -> Model:
        """A model whose first member is not its type cannot be told from others and is refused."""
        if isinstance(value, dict) and next(iter(value), None) != "type":
            raise unreadable("a type was expected")
        return super().as_model(call, value)

    def takes_members_by_their_place(self, call: Call, value: Any) -> Model:
        """The documented members of a model are taken in the order in which they stand."""
        model = super().as_model(call, value)
        names = [name for name in value if name in DOCUMENTED]
        return model if names[:2] == ["type", "id"] else replace(model, id=model.type, type=model.id)


@CLIENTS.faults_in(IdealClient.parsed, "client-reads-a-content-type-in-any-case")
class _ReadsSmallLettersOnly(IdealClient):
    def refuses_a_content_type_in_capitals(self, incoming: Incoming) -> Any:
        """The type of an answer is looked for in lower case."""
        if "json" not in (incoming.header("content-type") or ""):
            raise unreadable("the answer is not JSON")
        return super().parsed(incoming)

    def a_content_type_in_capitals_holds_no_models(self, incoming: Incoming) -> Any:
        """A page whose content type is not written in lower case is a page without models."""
        value = super().parsed(incoming)
        is_small = "json" in (incoming.header("content-type") or "json")
        return value if is_small or "data" not in value else {**value, "data": []}


@CLIENTS.fault_in(IdealClient.headers, "client-reads-any-json-spelling")
def accepts_gzip_and_cannot_read_it(self: IdealClient, call: Call) -> Headers:
    """The client says that it accepts gzip, and takes what comes for plain text."""
    return tuple(
        (name, "gzip, deflate" if name == "accept-encoding" else value)
        for name, value in IdealClient.headers(self, call)
    )


@CLIENTS.faults_in(IdealClient.as_page, "client-answer-is-accepted")
class _RefusesPages(IdealClient):
    def refuses_null_ids(self, call: Call, value: Any) -> Page:
        """A page whose first or last id is null is refused."""
        page = super().as_page(call, value)
        if page.first_id is None or page.last_id is None:
            raise unreadable("first_id and last_id have to be text")
        return page

    def refuses_an_empty_catalogue(self, call: Call, value: Any) -> Page:
        """A first page without models is an error."""
        page = super().as_page(call, value)
        if not page.data and call.page == 1:
            raise unreadable("there are no models")
        return page


@CLIENTS.fault_in(IdealClient.parsed, "client-answer-is-accepted")
def refuses_long_pages(self: IdealClient, incoming: Incoming) -> Any:
    """An answer of more than 64 KiB is refused."""
    if len(incoming.body) > 65536:
        raise unreadable("the answer is too long")
    return IdealClient.parsed(self, incoming)


@CLIENTS.fault_in(IdealClient.retrieve, "client-answer-is-accepted")
def refuses_the_answer_to_an_alias(self: IdealClient, call: Call) -> Model:
    """A retrieved model has to carry the name that it was asked for by: aliases are refused."""
    model = IdealClient.retrieve(self, call)
    if model.id != call.args["model_id"]:
        raise unreadable("another model was asked for")
    return model
