"""Faults of what later contracts document: further members of a model, and API versions."""

from __future__ import annotations

from typing import Any

from models_conformance.contract.points import BETAS, EVERYWHERE, given_while, members_of, null_while, optional_headers
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.faults.model import Item
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal


def _of_type(self: Behaviour, type_name: str) -> str:
    """The first further member of that type, which may be null beside."""
    further = {name: of for name, of in members_of(self.contract).items() if name not in EVERYWHERE}
    return next(name for name, of in further.items() if type_name in of.types)


@SERVERS.faults_in(Item.edited, "model-capabilities-is-as-documented")
class _OtherObject(Item):
    def object_is_a_list_of_names(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """Capabilities are a list of the names of those that are there."""
        name = _of_type(self, "object")
        return {name: list(model.extra[name])}

    def object_lacks_a_member(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """Capabilities lack the first of those that are documented."""
        name = _of_type(self, "object")
        return {name: dict(list(model.extra[name].items())[1:])}

    def object_holds_a_flag_for_an_object(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The first capability is true, in place of an object."""
        name = _of_type(self, "object")
        return {name: {**model.extra[name], next(iter(model.extra[name])): True}}


@SERVERS.fault_in(Item.edited, "model-max-input-tokens-is-as-documented")
def number_is_a_text(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """A number of tokens is written as text."""
    name = _of_type(self, "number")
    return {name: str(model.extra[name])}


@SERVERS.fault_in(Item.edited, "model-allowed-fallback-models-is-as-documented")
def list_is_missing_on_some_models(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """Every other model lacks the list of models that may take its place."""
    return {_of_type(self, "array"): ...} if model.id[-1] in "02468" else {}


@SERVERS.fault_in(Item.edited, "model-deprecated-at-is-null-while-active")
def date_of_a_stage_is_told_before(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """A date that is null in one stage has a value in it."""
    staged = [name for name in members_of(self.contract) if null_while(self.contract, name)]
    return {name: model.created_at for name in staged[:1] if model.extra[name] is None}


@SERVERS.fault_in(Item.edited, "model-deprecated-at-is-given-while-deprecated-or-retired")
def date_of_a_stage_is_not_told(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """A date that is given in some stages is always null."""
    return {name: None for name in members_of(self.contract) if given_while(self.contract, name)}


@SERVERS.faults_in(Item.edited, "model-retires-at-is-rfc3339")
class _OtherDate(Item):
    def last_date_is_a_day(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The date of the end of a model is a day without a time."""
        name = [name for name, of in members_of(self.contract).items() if of.format == "date-time"][-1]
        return {name: model.extra[name] and model.extra[name][:10]}

    def last_date_is_a_word(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The date of the end of each model is `soon`."""
        return {[name for name, of in members_of(self.contract).items() if of.format == "date-time"][-1]: "soon"}


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
