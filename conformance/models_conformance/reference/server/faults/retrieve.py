"""Faults of retrieving one model by its id or alias."""

from __future__ import annotations

from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Reply
from models_conformance.reference.server.samples import dated, escaped_ids, letter_case_ids, prefix_ids


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


@SERVERS.fault("retrieve-equals-listed-item")
class RetrievedDisplayNameDiffers(_Retrieved):
    """A retrieved model has its id for a display name."""

    def edited(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        return {"display_name": item["id"]}


@SERVERS.fault("retrieve-equals-listed-item")
class RetrievedCreatedAtIsTheEpoch(_Retrieved):
    """A retrieved model has an unknown date."""

    def edited(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        return {"created_at": "1970-01-01T00:00:00Z"}


@SERVERS.fault("retrieve-equals-listed-item")
class RetrievedCreatedAtIsASecondLater(_Retrieved):
    """A retrieved model that was released at midnight is dated one second later."""

    def edited(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        return {"created_at": item["created_at"].replace("T00:00:00Z", "T00:00:01Z")}


@SERVERS.fault("model-type-is-model")
class RetrievedTypeIsModelInfo(_Retrieved):
    """The type of a retrieved model is `model_info`."""

    def edited(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        return {"type": "model_info"}


@SERVERS.fault("model-is-complete")
class RetrievedModelIsWrapped(Behaviour):
    """A retrieved model is inside {"data": ...}."""

    def retrieval(self, parsed: ParsedRequest) -> Any:
        return {"data": super().retrieval(parsed)}


@SERVERS.fault("model-is-complete")
class RetrievedModelHasTheOpenaiShape(Behaviour):
    """A retrieved model has id, object, created and owned_by."""

    def retrieval(self, parsed: ParsedRequest) -> Any:
        item = super().retrieval(parsed)
        return {"id": item["id"], "object": "model", "created": 1700000000, "owned_by": "system"}


@SERVERS.fault("model-is-complete")
class RetrievalAnswersWithAList(Behaviour):
    """A retrieval is answered with a list of one model."""

    def retrieval(self, parsed: ParsedRequest) -> Any:
        item = super().retrieval(parsed)
        return {"data": [item], "has_more": False, "first_id": item["id"], "last_id": item["id"]}


@SERVERS.fault("retrieve-equals-listed-item")
class RetrievalAnswersTheNextModel(_Found):
    """A retrieval is answered with the model after the one that was asked for."""

    def instead(self, parsed: ParsedRequest, model: Model) -> Model:
        position = self.catalogue.position(model.id) or 0
        return self.catalogue.models[(position + 1) % len(self.catalogue)]


@SERVERS.fault("retrieve-equals-listed-item")
class OldestRetrievalAnswersTheNewestModel(_Found):
    """The oldest model is answered with the newest."""

    def instead(self, parsed: ParsedRequest, model: Model) -> Model | None:
        return self.catalogue.models[0] if model == self.catalogue.models[-1] else model


@SERVERS.fault("retrieve-listed-id-succeeds")
class NewestModelIsNotFound(_Found):
    """The newest model is listed and answered 404."""

    def instead(self, parsed: ParsedRequest, model: Model) -> Model | None:
        return None if model == self.catalogue.models[0] else model


@SERVERS.fault("retrieve-listed-id-succeeds")
class OldestModelIsNotFound(_Found):
    """The oldest model is listed and answered 404."""

    def instead(self, parsed: ParsedRequest, model: Model) -> Model | None:
        return None if model == self.catalogue.models[-1] else model


@SERVERS.fault("retrieve-listed-id-succeeds")
class ModelsBeyondTheTwentiethAreNotFound(_Found):
    """Only models of the default page can be retrieved."""

    def instead(self, parsed: ParsedRequest, model: Model) -> Model | None:
        return model if (self.catalogue.position(model.id) or 0) < 20 else None


@SERVERS.fault("retrieve-listed-id-succeeds")
class ModelsWithADotAreNotFound(_Found):
    """An id with a dot is taken for a file name: the model is answered 404."""

    def instead(self, parsed: ParsedRequest, model: Model) -> Model | None:
        return None if "." in parsed.model_id else model


@SERVERS.fault("retrieve-listed-id-succeeds")
class RetrievalIsNotImplemented(Behaviour):
    """Every retrieval is answered 404."""

    def find(self, parsed: ParsedRequest) -> Model | None:
        return None


@SERVERS.fault("retrieve-listed-id-succeeds")
class SlashInAnIdIsAPathSeparator(Behaviour):
    """An id with a slash, escaped or not, is taken for another path and answered 404."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return escaped_ids()

    def find(self, parsed: ParsedRequest) -> Model | None:
        return None if "/" in parsed.model_id else super().find(parsed)


@SERVERS.fault("retrieve-listed-id-succeeds")
class RetrievedIdIsDecodedTwice(Behaviour):
    """The path is decoded twice: an id that holds a percent escape is another one."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return escaped_ids()

    def model_id(self, segment: str) -> str:
        return super().model_id(super().model_id(segment))


@SERVERS.fault("retrieve-listed-id-succeeds")
class PlusInAPathIsABlank(Behaviour):
    """A plus in the path is read as a blank, as in a form, also where it came escaped."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return escaped_ids()

    def model_id(self, segment: str) -> str:
        return super().model_id(segment).replace("+", " ")


@SERVERS.fault("retrieve-encoding-is-equivalent")
class RetrievedIdIsNotDecoded(Behaviour):
    """The path is matched as it came, without percent-decoding."""

    def model_id(self, segment: str) -> str:
        return segment


@SERVERS.fault("retrieve-encoding-is-equivalent")
class EncodedLettersAreNotDecoded(Behaviour):
    """Escapes of letters and hyphens are left as they are; all others are decoded."""

    def model_id(self, segment: str) -> str:
        needless = any(f"%{ord(sign):02x}" in segment.lower() for sign in "abcdefghijklmnopqrstuvwxyz-")
        return segment if needless else super().model_id(segment)


@SERVERS.fault("retrieve-equals-listed-item")
class RetrievalIgnoresLetterCase(Behaviour):
    """An id is looked up without regard to letter case: of two such ids one answers for both."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return letter_case_ids()

    def find(self, parsed: ParsedRequest) -> Model | None:
        wanted = parsed.model_id.lower()
        return next((model for model in self.catalogue.models if model.id.lower() == wanted), None)


@SERVERS.fault("retrieve-equals-listed-item")
class RetrievalMatchesAPrefix(Behaviour):
    """A retrieval is answered with the first model whose id starts with what was asked for."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return prefix_ids()

    def find(self, parsed: ParsedRequest) -> Model | None:
        wanted = parsed.model_id
        return next((model for model in self.catalogue.models if model.id.startswith(wanted)), None)


@SERVERS.fault("retrieve-unknown-is-not-found")
class UnknownIdIsEchoed(Behaviour):
    """Every id is answered 200 with a model of that id."""

    def missing(self, parsed: ParsedRequest) -> Any:
        # Bytes that are not UTF-8 would make the body no JSON text: another fault than this one.
        name = parsed.model_id.encode("utf-8", "replace").decode()
        return self.item(parsed, Model(name, "1970-01-01T00:00:00Z", name))


@SERVERS.fault("retrieve-unknown-is-not-found")
class UnknownIdIsTheNewestModel(Behaviour):
    """An unknown id is answered with the newest model, as a default."""

    def missing(self, parsed: ParsedRequest) -> Any:
        return self.item(parsed, self.catalogue.models[0]) if len(self.catalogue) else super().missing(parsed)


@SERVERS.fault("retrieve-unknown-is-not-found")
class LongerIdIsCutToAListedOne(Behaviour):
    """An id that starts with a listed one is answered with that model."""

    def find(self, parsed: ParsedRequest) -> Model | None:
        found = super().find(parsed)
        if found is not None:
            return found
        return next((model for model in self.catalogue.models if parsed.model_id.startswith(model.id)), None)


@SERVERS.fault("retrieve-unknown-is-not-found")
class BeginningOfAnIdIsFound(Behaviour):
    """A name that no model has is answered with the oldest model whose id begins with it."""

    def find(self, parsed: ParsedRequest) -> Model | None:
        found = super().find(parsed)
        if found is not None or not parsed.model_id:
            return found
        models = reversed(self.catalogue.models)
        return next((model for model in models if model.id.startswith(parsed.model_id)), None)


@SERVERS.fault("retrieve-unknown-is-not-found")
class IdWithoutItsLastLetterIsFound(Behaviour):
    """An id that lacks its last letter is found all the same."""

    def find(self, parsed: ParsedRequest) -> Model | None:
        lacking = (listed for listed in self.catalogue.models if listed.id[:-1] == parsed.model_id)
        return super().find(parsed) or next(lacking, None)


@SERVERS.fault("retrieve-unknown-is-not-found")
class UnknownIdIsABadRequest(Behaviour):
    """An unknown id is answered 400 invalid_request_error."""

    def missing(self, parsed: ParsedRequest) -> Any:
        raise Refusal(400, "model: unknown value")


@SERVERS.fault("retrieve-unknown-is-not-found")
class UnknownIdHasAnotherErrorType(Behaviour):
    """An unknown id is answered 404 invalid_request_error."""

    def missing(self, parsed: ParsedRequest) -> Any:
        raise Refusal(404, "no model has this id", kind="invalid_request_error")


@SERVERS.fault("retrieve-unknown-is-not-found")
class UnknownIdIsNull(Behaviour):
    """An unknown id is answered 200 null."""

    def missing(self, parsed: ParsedRequest) -> Any:
        return None


@SERVERS.fault("retrieve-alias-answers-model-id")
class AliasAnswersTheAlias(_Retrieved):
    """An alias is answered with the alias for an id."""

    def edited(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        return {"id": parsed.model_id}


@SERVERS.fault("retrieve-alias-answers-model-id")
class AliasAnswersAnUnlistedId(_Retrieved):
    """An alias is answered with an id that no list holds and that cannot be retrieved."""

    def edited(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        return {} if parsed.model_id == item["id"] else {"id": f"{item['id']}-v2"}


@SERVERS.fault("retrieve-alias-answers-model-id")
class AliasAnswersTheIdWithAnotherModel(_Retrieved):
    """An alias is answered with the right id and the name and the date of another model."""

    def edited(self, parsed: ParsedRequest, item: dict[str, Any]) -> dict[str, Any]:
        if parsed.model_id == item["id"]:
            return {}
        return {"display_name": "Claude Latest", "created_at": dated(0)}


@SERVERS.fault("retrieve-alias-answers-model-id")
class AliasIsNotFound(Behaviour):
    """Aliases are answered 404."""

    def find(self, parsed: ParsedRequest) -> Model | None:
        return None if parsed.model_id in self.catalogue.aliases else super().find(parsed)


@SERVERS.fault("retrieve-alias-is-steady")
class AliasAlternates(_Found):
    """An alias resolves to one of two models by turns."""

    _turn = False

    def instead(self, parsed: ParsedRequest, model: Model) -> Model:
        if parsed.model_id == model.id:
            return model
        self._turn = not self._turn
        position = self.catalogue.position(model.id) or 0
        return self.catalogue.models[position + 1] if self._turn else model


@SERVERS.fault("retrieve-alias-is-steady")
class AliasMovesOnWithUse(_Found):
    """An alias resolves to its model once, and from then on to the next older one."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._resolved: set[str] = set()

    def instead(self, parsed: ParsedRequest, model: Model) -> Model:
        if parsed.model_id == model.id:
            return model
        if parsed.model_id not in self._resolved:
            self._resolved.add(parsed.model_id)
            return model
        position = self.catalogue.position(model.id) or 0
        return self.catalogue.models[min(position + 1, len(self.catalogue) - 1)]


@SERVERS.fault("beta-leaves-stable-body-unchanged")
class RetrievalUnderBetasIsTheNewestModel(_Found):
    """Where the request names a beta, a retrieval is answered with the newest model."""

    def instead(self, parsed: ParsedRequest, model: Model) -> Model:
        return self.catalogue.models[0] if parsed.betas else model


@SERVERS.fault("list-documented-request-succeeds")
class ListIsAnsweredCreated(Behaviour):
    """A list is answered 201."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        reply = super().reply(parsed)
        return Reply(201, reply.value) if parsed.operation == "list" else reply


@SERVERS.fault("retrieve-listed-id-succeeds")
class RetrievalIsAnsweredAccepted(Behaviour):
    """A retrieval is answered 202."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        reply = super().reply(parsed)
        return Reply(202, reply.value) if parsed.operation == "retrieve" else reply
