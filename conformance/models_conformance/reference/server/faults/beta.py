"""Faults of the anthropic-beta header."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from models_conformance.contract.points import betas_of
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.faults.envelope import Envelope
from models_conformance.reference.server.faults.model import Item
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Window


class _Checked(Behaviour):
    """Refuses some lists of betas."""

    refusal: ClassVar[tuple[int, str]] = (400, "anthropic-beta: unexpected value")

    def check_betas(self, parsed: ParsedRequest) -> None:
        if self.refuses(parsed):
            raise Refusal(*self.refusal)
        super().check_betas(parsed)

    def refuses(self, parsed: ParsedRequest) -> bool:
        """Whether the betas of this request are refused."""
        raise NotImplementedError


@SERVERS.fault_in(Behaviour.check_version, "header-anthropic-beta-is-optional")
def betas_are_demanded(self: Behaviour, parsed: ParsedRequest) -> None:
    """A request without anthropic-beta is answered 400."""
    Behaviour.check_version(self, parsed)
    if parsed.request.line("anthropic-beta") is None:
        raise Refusal(400, "anthropic-beta: required")


@SERVERS.faults_in(_Checked.refuses, "beta-documented-is-accepted")
class _RefusesDocumentedBetas(_Checked):
    def betas_are_refused(self, parsed: ParsedRequest) -> bool:
        """Every request with a beta is answered 400."""
        return bool(parsed.betas)

    def one_documented_beta_is_refused(self, parsed: ParsedRequest) -> bool:
        """`pdfs-2024-09-25` is answered 400."""
        return "pdfs-2024-09-25" in parsed.betas

    def last_documented_beta_is_refused(self, parsed: ParsedRequest) -> bool:
        """The documented beta that was added last is answered 400: the table is a release behind."""
        return betas_of(self.contract)[-1] in parsed.betas

    def betas_of_other_endpoints_are_refused(self, parsed: ParsedRequest) -> bool:
        """Betas that are not about models are answered 400 by retrieve."""
        return parsed.operation == "retrieve" and bool(parsed.betas)

    def beta_with_a_digit_in_its_name_is_refused(self, parsed: ParsedRequest) -> bool:
        """A beta whose name holds a digit before its date is answered 400: the pattern is too narrow."""
        return any(any(sign.isdigit() for sign in beta[:-11]) for beta in parsed.betas)


@SERVERS.faults_in(_Checked.refuses, "beta-list-is-accepted")
class _RefusesListsOfBetas(_Checked):
    def several_betas_are_refused(self, parsed: ParsedRequest) -> bool:
        """Two betas or more are answered 400."""
        return len(parsed.betas) > 1

    def more_than_five_betas_are_refused(self, parsed: ParsedRequest) -> bool:
        """Six betas or more are answered 400."""
        return len(parsed.betas) > 5

    def long_beta_header_is_refused(self, parsed: ParsedRequest) -> bool:
        """An anthropic-beta line of more than 256 characters is answered 400."""
        return any(len(line) > 256 for line in parsed.request.lines("anthropic-beta"))

    def beta_header_is_not_split(self, parsed: ParsedRequest) -> bool:
        """A line is one beta: one with a comma is not a documented beta and answered 400."""
        return any("," in line for line in parsed.request.lines("anthropic-beta"))

    def unsorted_betas_are_refused(self, parsed: ParsedRequest) -> bool:
        """Betas that do not come in alphabetical order are answered 400."""
        return list(parsed.betas) != sorted(parsed.betas)


@SERVERS.faults_in(_Checked.refuses, "beta-header-forms-are-equal")
class _RefusesFormsOfTheHeader(_Checked):
    def blanks_between_betas_are_refused(self, parsed: ParsedRequest) -> bool:
        """A comma with a blank is answered 400: the parts are not stripped."""
        return any(", " in line or " ," in line for line in parsed.request.lines("anthropic-beta"))

    def repeated_beta_lines_are_refused(self, parsed: ParsedRequest) -> bool:
        """More than one anthropic-beta line is answered 400."""
        return len(parsed.request.lines("anthropic-beta")) > 1


@SERVERS.faults_in(_Checked.refuses, "no-input-is-answered-5xx")
class _CrashesAtBetas(_Checked):
    refusal = (500, "internal server error")

    def repeated_beta_lines_crash(self, parsed: ParsedRequest) -> bool:
        """More than one anthropic-beta line is answered 500."""
        return len(parsed.request.lines("anthropic-beta")) > 1

    def unknown_beta_crashes(self, parsed: ParsedRequest) -> bool:
        """An unknown beta is answered 500."""
        return not set(parsed.betas) <= set(betas_of(self.contract))

    def betas_crash_retrieve(self, parsed: ParsedRequest) -> bool:
        """A retrieval with a beta is answered 500."""
        return bool(parsed.betas) and parsed.operation == "retrieve"


@SERVERS.faults_in(Item.edited, "beta-leaves-stable-body-unchanged")
class _BetasChangeModels(Item):
    def betas_change_display_names(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """Where the request names a beta, display names end in `(beta)`."""
        return {"display_name": f"{model.display_name} (beta)"} if parsed.betas else {}

    def betas_change_the_type(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """Where the request names a beta, the type of a model is `beta_model`."""
        return {"type": "beta_model"} if parsed.betas else {}


@SERVERS.faults_in(Envelope.edited, "beta-leaves-stable-body-unchanged")
class _BetasChangeEnvelopes(Envelope):
    def betas_change_the_envelope(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """Where the request names a beta, the list has `next_page` in place of has_more."""
        if not parsed.betas:
            return {}
        return {"has_more": ..., "next_page": page["last_id"] if page["has_more"] else None}

    def betas_leave_out_the_ends(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """Where the request names a beta, the list has neither first_id nor last_id."""
        return {"first_id": ..., "last_id": ...} if parsed.betas else {}


@SERVERS.faults_in(Behaviour.select, "beta-leaves-stable-body-unchanged")
class _BetasChangePages(Behaviour):
    def betas_reverse_the_page(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """Where the request names a beta, pages run from older to newer."""
        models = super().select(parsed, window)
        return models[::-1] if parsed.betas else models

    def one_beta_hides_a_model(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """Under `context-1m-2025-08-07` the first model of each page is left out."""
        models = super().select(parsed, window)
        return models[1:] if "context-1m-2025-08-07" in parsed.betas else models


@SERVERS.fault_in(Behaviour.default_limit, "beta-leaves-stable-body-unchanged")
def betas_change_the_default_limit(self: Behaviour, parsed: ParsedRequest) -> int:
    """Where the request names a beta and no limit, a page holds 10 models."""
    return 10 if parsed.betas else self.limits.default


@SERVERS.fault_in(Behaviour.retrieval, "beta-leaves-stable-body-unchanged")
def betas_wrap_the_retrieved_model(self: Behaviour, parsed: ParsedRequest) -> Any:
    """Where the request names a beta, a retrieved model is inside {"model": ...}."""
    item = Behaviour.retrieval(self, parsed)
    return {"model": item} if parsed.betas else item


@SERVERS.faults_in(Behaviour.check_betas, "beta-unknown-is-accepted-or-refused")
class _RefusesUnknownBetasOddly(Behaviour):
    def unknown_beta_is_not_found(self, parsed: ParsedRequest) -> None:
        """An unknown beta is answered 404."""
        if not set(parsed.betas) <= set(betas_of(self.contract)):
            raise Refusal(404, "anthropic-beta: unknown value")

    def unknown_beta_is_forbidden(self, parsed: ParsedRequest) -> None:
        """An unknown beta is answered 403."""
        if not set(parsed.betas) <= set(betas_of(self.contract)):
            raise Refusal(403, "anthropic-beta: not enabled")
