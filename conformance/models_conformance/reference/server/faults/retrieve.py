"""Faults of retrieving one model by its id or alias."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Reply
from models_conformance.reference.server.oddities.stock import IdsBeginOtherIds, IdsDifferInLetterCase, IdsNeedEscaping
from models_conformance.reference.server.samples import dated


class _Found(Behaviour):
    """Edits the model that a retrieval finds."""

    def find(self, parsed: ParsedRequest) -> Model | None:
        model = super().find(parsed)
        return None if model is None else self.instead(parsed, model)

    def instead(self, parsed: ParsedRequest, model: Model) -> Model | None:
        """The model that is shown in place of the one that was found."""
        raise NotImplementedError


class _Retrieved(Behaviour):
    """Edits members of a retrieved model."""

    def retrieval(self, parsed: ParsedRequest) -> Any:
        item = super().retrieval(parsed)
        return {**item, **self.edited(parsed, item)}

    def edited(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        """The members that differ."""
        raise NotImplementedError


@SERVERS.faults_in(_Retrieved.edited, "retrieve-equals-listed-item")
class _OtherMembers(_Retrieved):
    def retrieved_display_name_differs(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        """A retrieved model has its id for a display name."""
        return {"display_name": item["id"]}

    def retrieved_created_at_is_the_epoch(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        """A retrieved model has an unknown date."""
        return {"created_at": "1970-01-01T00:00:00Z"}

    def retrieved_created_at_is_a_second_later(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        """A retrieved model that was released at midnight is dated one second later."""
        return {"created_at": item["created_at"].replace("T00:00:00Z", "T00:00:01Z")}


@SERVERS.fault_in(_Retrieved.edited, "model-type-is-model")
def retrieved_type_is_model_info(self: _Retrieved, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
    """The type of a retrieved model is `model_info`."""
    return {"type": "model_info"}


@SERVERS.faults_in(Behaviour.retrieval, "model-is-complete")
class _OtherShape(Behaviour):
    def retrieved_model_is_wrapped(self, parsed: ParsedRequest) -> Any:
        """A retrieved model is inside {"data": ...}."""
        return {"data": super().retrieval(parsed)}

    def retrieved_model_has_the_openai_shape(self, parsed: ParsedRequest) -> Any:
        """A retrieved model has id, object, created and owned_by."""
        item = super().retrieval(parsed)
        return {"id": item["id"], "object": "model", "created": 1700000000, "owned_by": "system"}

    def retrieval_answers_with_a_list(self, parsed: ParsedRequest) -> Any:
        """A retrieval is answered with a list of one model."""
        item = super().retrieval(parsed)
        return {"data": [item], "has_more": False, "first_id": item["id"], "last_id": item["id"]}


@SERVERS.faults_in(_Found.instead, "retrieve-equals-listed-item")
class _OtherModel(_Found):
    def retrieval_answers_the_next_model(self, parsed: ParsedRequest, model: Model) -> Model:
        """A retrieval is answered with the model after the one that was asked for."""
        position = self.catalogue.position(model.id) or 0
        return self.catalogue.models[(position + 1) % len(self.catalogue)]

    def oldest_retrieval_answers_the_newest_model(self, parsed: ParsedRequest, model: Model) -> Model | None:
        """The oldest model is answered with the newest."""
        return self.catalogue.models[0] if model == self.catalogue.models[-1] else model


@SERVERS.faults_in(_Found.instead, "retrieve-listed-id-succeeds")
class _NotFound(_Found):
    def newest_model_is_not_found(self, parsed: ParsedRequest, model: Model) -> Model | None:
        """The newest model is listed and answered 404."""
        return None if model == self.catalogue.models[0] else model

    def oldest_model_is_not_found(self, parsed: ParsedRequest, model: Model) -> Model | None:
        """The oldest model is listed and answered 404."""
        return None if model == self.catalogue.models[-1] else model

    def models_beyond_the_twentieth_are_not_found(self, parsed: ParsedRequest, model: Model) -> Model | None:
        """Only models of the default page can be retrieved."""
        return model if (self.catalogue.position(model.id) or 0) < 20 else None

    def models_with_a_dot_are_not_found(self, parsed: ParsedRequest, model: Model) -> Model | None:
        """An id with a dot is taken for a file name: the model is answered 404."""
        return None if "." in parsed.model_id else model


@SERVERS.fault_in(Behaviour.find, "retrieve-listed-id-succeeds")
def retrieval_is_not_implemented(self: Behaviour, parsed: ParsedRequest) -> Model | None:
    """Every retrieval is answered 404."""
    return None


@SERVERS.fault_in(IdsNeedEscaping.find, "retrieve-listed-id-succeeds")
def slash_in_an_id_is_a_path_separator(self: IdsNeedEscaping, parsed: ParsedRequest) -> Model | None:
    """An id with a slash, escaped or not, is taken for another path and answered 404."""
    return None if "/" in parsed.model_id else IdsNeedEscaping.find(self, parsed)


@SERVERS.faults_in(IdsNeedEscaping.model_id, "retrieve-listed-id-succeeds")
class _IdIsDecodedWrongly(IdsNeedEscaping):
    def retrieved_id_is_decoded_twice(self, segment: str) -> str:
        """The path is decoded twice: an id that holds a percent escape is another one."""
        return super().model_id(super().model_id(segment))

    def plus_in_a_path_is_a_blank(self, segment: str) -> str:
        """A plus in the path is read as a blank, as in a form, also where it came escaped."""
        return super().model_id(segment).replace("+", " ")


@SERVERS.faults_in(Behaviour.model_id, "retrieve-encoding-is-equivalent")
class _IdIsNotDecoded(Behaviour):
    def retrieved_id_is_not_decoded(self, segment: str) -> str:
        """The path is matched as it came, without percent-decoding."""
        return segment

    def encoded_letters_are_not_decoded(self, segment: str) -> str:
        """Escapes of letters and hyphens are left as they are; all others are decoded."""
        needless = any(f"%{ord(sign):02x}" in segment.lower() for sign in "abcdefghijklmnopqrstuvwxyz-")
        return segment if needless else super().model_id(segment)


@SERVERS.fault_in(IdsDifferInLetterCase.find, "retrieve-equals-listed-item")
def retrieval_ignores_letter_case(self: IdsDifferInLetterCase, parsed: ParsedRequest) -> Model | None:
    """An id is looked up without regard to letter case: of two such ids one answers for both."""
    wanted = parsed.model_id.lower()
    return next((model for model in self.catalogue.models if model.id.lower() == wanted), None)


@SERVERS.fault_in(IdsBeginOtherIds.find, "retrieve-equals-listed-item")
def retrieval_matches_a_prefix(self: IdsBeginOtherIds, parsed: ParsedRequest) -> Model | None:
    """A retrieval is answered with the first model whose id starts with what was asked for."""
    wanted = parsed.model_id
    return next((model for model in self.catalogue.models if model.id.startswith(wanted)), None)


@SERVERS.faults_in(Behaviour.missing, "retrieve-unknown-is-not-found")
class _OtherRefusal(Behaviour):
    def unknown_id_is_echoed(self, parsed: ParsedRequest) -> Any:
        """Every id is answered 200 with a model of that id."""
        # Bytes that are not UTF-8 would make the body no JSON text: another fault than this one.
        name = parsed.model_id.encode("utf-8", "replace").decode()
        return self.item(parsed, Model(name, "1970-01-01T00:00:00Z", name))

    def unknown_id_is_the_newest_model(self, parsed: ParsedRequest) -> Any:
        """An unknown id is answered with the newest model, as a default."""
        return self.item(parsed, self.catalogue.models[0]) if len(self.catalogue) else super().missing(parsed)

    def unknown_id_is_a_bad_request(self, parsed: ParsedRequest) -> Any:
        """An unknown id is answered 400 invalid_request_error."""
        raise Refusal(400, "model: unknown value")

    def unknown_id_has_another_error_type(self, parsed: ParsedRequest) -> Any:
        """An unknown id is answered 404 invalid_request_error."""
        raise Refusal(404, "no model has this id", kind="invalid_request_error")

    def unknown_id_is_null(self, parsed: ParsedRequest) -> Any:
        """An unknown id is answered 200 null."""
        return None


@SERVERS.faults_in(Behaviour.find, "retrieve-unknown-is-not-found")
class _FoundByLikeness(Behaviour):
    def longer_id_is_cut_to_a_listed_one(self, parsed: ParsedRequest) -> Model | None:
        """An id that starts with a listed one is answered with that model."""
        found = super().find(parsed)
        if found is not None:
            return found
        return next((model for model in self.catalogue.models if parsed.model_id.startswith(model.id)), None)

    def beginning_of_an_id_is_found(self, parsed: ParsedRequest) -> Model | None:
        """A name that no model has is answered with the oldest model whose id begins with it."""
        found = super().find(parsed)
        if found is not None or not parsed.model_id:
            return found
        models = reversed(self.catalogue.models)
        return next((model for model in models if model.id.startswith(parsed.model_id)), None)

    def id_without_its_last_letter_is_found(self, parsed: ParsedRequest) -> Model | None:
        """An id that lacks its last letter is found all the same."""
        lacking = (listed for listed in self.catalogue.models if listed.id[:-1] == parsed.model_id)
        return super().find(parsed) or next(lacking, None)


@SERVERS.faults_in(_Retrieved.edited, "retrieve-alias-answers-model-id")
class _AliasAnswersAnotherModel(_Retrieved):
    def alias_answers_the_alias(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        """An alias is answered with the alias for an id."""
        return {"id": parsed.model_id}

    def alias_answers_an_unlisted_id(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        """An alias is answered with an id that no list holds and that cannot be retrieved."""
        return {} if parsed.model_id == item["id"] else {"id": f"{item['id']}-v2"}

    def alias_answers_the_id_with_another_model(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        """An alias is answered with the right id and the name and the date of another model."""
        if parsed.model_id == item["id"]:
            return {}
        return {"display_name": "Claude Latest", "created_at": dated(0)}


@SERVERS.fault_in(Behaviour.find, "retrieve-alias-answers-model-id")
def alias_is_not_found(self: Behaviour, parsed: ParsedRequest) -> Model | None:
    """Aliases are answered 404."""
    return None if parsed.model_id in self.catalogue.aliases else Behaviour.find(self, parsed)


@SERVERS.faults_in(_Found.instead, "retrieve-alias-is-steady")
class _AliasMoves(_Found):
    def alias_alternates(self, parsed: ParsedRequest, model: Model) -> Model:
        """An alias resolves to one of two models by turns."""
        if parsed.model_id == model.id:
            return model
        turn = self.memory["turn"] = not self.memory.get("turn", False)
        position = self.catalogue.position(model.id) or 0
        return self.catalogue.models[position + 1] if turn else model

    def alias_moves_on_with_use(self, parsed: ParsedRequest, model: Model) -> Model:
        """An alias resolves to its model once, and from then on to the next older one."""
        if parsed.model_id == model.id or self.memory.setdefault(parsed.model_id, parsed.number) == parsed.number:
            return model
        position = self.catalogue.position(model.id) or 0
        return self.catalogue.models[min(position + 1, len(self.catalogue) - 1)]


@SERVERS.fault_in(_Found.instead, "beta-leaves-stable-body-unchanged")
def retrieval_under_betas_is_the_newest_model(self: _Found, parsed: ParsedRequest, model: Model) -> Model:
    """Where the request names a beta, a retrieval is answered with the newest model."""
    return self.catalogue.models[0] if parsed.betas else model


@SERVERS.faults_in(Behaviour.reply, "list-documented-request-succeeds")
class _OtherSuccess(Behaviour):
    def list_is_answered_created(self, parsed: ParsedRequest) -> Reply:
        """A list is answered 201."""
        reply = super().reply(parsed)
        return Reply(201, reply.value) if parsed.operation == "list" else reply

    def page_before_others_is_partial_content(self, parsed: ParsedRequest) -> Reply:
        """A page that more models follow is answered 206, as a part of a file would be."""
        reply = super().reply(parsed)
        is_part = parsed.operation == "list" and isinstance(reply.value, dict) and reply.value.get("has_more")
        return replace(reply, status=206) if is_part else reply


@SERVERS.fault_in(Behaviour.reply, "retrieve-listed-id-succeeds")
def retrieval_is_answered_accepted(self: Behaviour, parsed: ParsedRequest) -> Reply:
    """A retrieval is answered 202."""
    reply = Behaviour.reply(self, parsed)
    return Reply(202, reply.value) if parsed.operation == "retrieve" else reply
