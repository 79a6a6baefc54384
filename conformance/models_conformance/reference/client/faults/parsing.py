"""Faults of reading answers that are good: spellings of JSON and HTTP that some clients do not expect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.answer_reading import DOCUMENTED
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Headers, Incoming, Model, Page, unreadable


@CLIENTS.fault("client-display-name-is-untouched")
class ReadsUtf8AsLatin1(IdealClient):
    """A body without a charset is read as Latin-1, as HTTP/1.1 once had it for text."""

    def parsed(self, incoming: Incoming) -> Any:
        if "utf-8" in (incoming.header("content-type") or "").lower():
            return super().parsed(incoming)
        return super().parsed(replace(incoming, body=incoming.body.decode("latin-1").encode()))


@CLIENTS.fault("client-reads-any-json-spelling")
class RefusesLettersBeyondAscii(IdealClient):
    """A body with a byte beyond ASCII is refused."""

    def parsed(self, incoming: Incoming) -> Any:
        if not incoming.body.isascii():
            raise unreadable("'ascii' codec can't decode byte")
        return super().parsed(incoming)


@CLIENTS.fault("client-reads-any-json-spelling")
class ReadsTheFirstLineOnly(IdealClient):
    """A body is read as one line of JSON."""

    def parsed(self, incoming: Incoming) -> Any:
        return super().parsed(replace(incoming, body=incoming.body.strip().partition(b"\n")[0]))


@CLIENTS.fault("client-answer-is-accepted")
class NeedsTheTypeFirst(IdealClient):
    """A model whose first member is not its type cannot be told from others and is refused."""

    def as_model(self, call: Call, value: Any) -> Model:
        if isinstance(value, dict) and next(iter(value), None) != "type":
            raise unreadable("a type was expected")
        return super().as_model(call, value)


@CLIENTS.fault("client-page-holds-every-model")
class TakesMembersByTheirPlace(IdealClient):
    """The documented members of a model are taken in the order in which they stand."""

    def as_model(self, call: Call, value: Any) -> Model:
        model = super().as_model(call, value)
        names = [name for name in value if name in DOCUMENTED]
        return model if names[:2] == ["type", "id"] else replace(model, id=model.type, type=model.id)


@CLIENTS.fault("client-reads-any-json-spelling")
class RefusesACharset(IdealClient):
    """An answer whose content type is anything but `application/json` to the letter is refused."""

    def parsed(self, incoming: Incoming) -> Any:
        if incoming.header("content-type") != "application/json":
            raise unreadable("the answer is not JSON")
        return super().parsed(incoming)


@CLIENTS.fault("client-reads-a-content-type-in-any-case")
class RefusesAContentTypeInCapitals(IdealClient):
    """The type of an answer is looked for in small letters."""

    def parsed(self, incoming: Incoming) -> Any:
        if "json" not in (incoming.header("content-type") or ""):
            raise unreadable("the answer is not JSON")
        return super().parsed(incoming)


@CLIENTS.fault("client-reads-a-content-type-in-any-case")
class AContentTypeInCapitalsHoldsNoModels(IdealClient):
    """A page whose content type is not written in small letters is a page without models."""

    def parsed(self, incoming: Incoming) -> Any:
        value = super().parsed(incoming)
        is_small = "json" in (incoming.header("content-type") or "json")
        return value if is_small or "data" not in value else {**value, "data": []}


@CLIENTS.fault("client-reads-any-json-spelling")
class NeedsAContentLength(IdealClient):
    """An answer that does not say how long it is counts as empty, and is refused."""

    def parsed(self, incoming: Incoming) -> Any:
        if incoming.header("content-length") is None:
            raise unreadable("the body is empty")
        return super().parsed(incoming)


@CLIENTS.fault("client-reads-any-json-spelling")
class AcceptsGzipAndCannotReadIt(IdealClient):
    """The client says that it accepts gzip, and takes what comes for plain text."""

    def headers(self, call: Call) -> Headers:
        return tuple(
            (name, "gzip, deflate" if name == "accept-encoding" else value) for name, value in super().headers(call)
        )


@CLIENTS.fault("client-answer-is-accepted")
class RefusesNullIds(IdealClient):
    """A page whose first or last id is null is refused."""

    def as_page(self, call: Call, value: Any) -> Page:
        page = super().as_page(call, value)
        if page.first_id is None or page.last_id is None:
            raise unreadable("first_id and last_id have to be text")
        return page


@CLIENTS.fault("client-answer-is-accepted")
class RefusesAnEmptyCatalogue(IdealClient):
    """A first page without models is an error."""

    def as_page(self, call: Call, value: Any) -> Page:
        page = super().as_page(call, value)
        if not page.data and call.page == 1:
            raise unreadable("there are no models")
        return page


@CLIENTS.fault("client-answer-is-accepted")
class RefusesLongPages(IdealClient):
    """An answer of more than 64 KiB is refused."""

    def parsed(self, incoming: Incoming) -> Any:
        if len(incoming.body) > 65536:
            raise unreadable("the answer is too long")
        return super().parsed(incoming)


@CLIENTS.fault("client-answer-is-accepted")
class RefusesEmptyDisplayNames(IdealClient):
    """A model without a display name is refused."""

    def as_model(self, call: Call, value: Any) -> Model:
        model = super().as_model(call, value)
        if not model.display_name:
            raise unreadable("a model has a display name")
        return model


@CLIENTS.fault("client-answer-is-accepted")
class RefusesTheAnswerToAnAlias(IdealClient):
    """A retrieved model has to carry the name that it was asked for by: aliases are refused."""

    def retrieve(self, call: Call) -> Model:
        model = super().retrieve(call)
        if model.id != call.args["model_id"]:
            raise unreadable("another model was asked for")
        return model
