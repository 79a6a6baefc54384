"""Faults of the anthropic-beta header."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models_conformance.contract.points import betas_of
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.ideal import DEFAULT_LIMIT, Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Window


class _Checked(Behaviour):
    """Refuses some lists of betas with 400."""

    def check_betas(self, parsed: ParsedRequest) -> None:
        if self.refuses(parsed):
            raise Refusal(400, "anthropic-beta: unexpected value")
        super().check_betas(parsed)

    def refuses(self, parsed: ParsedRequest) -> bool:
        """Whether the betas of this request are refused."""
        raise NotImplementedError


@SERVERS.fault("beta-documented-is-accepted")
class BetasAreRefused(_Checked):
    """Every request with a beta is answered 400."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return bool(parsed.betas)


@SERVERS.fault("beta-documented-is-accepted")
class OneDocumentedBetaIsRefused(_Checked):
    """`pdfs-2024-09-25` is answered 400."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return "pdfs-2024-09-25" in parsed.betas


@SERVERS.fault("beta-documented-is-accepted")
class LastDocumentedBetaIsRefused(_Checked):
    """The documented beta that was added last is answered 400: the table is a release behind."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return betas_of(self.contract)[-1] in parsed.betas


@SERVERS.fault("beta-documented-is-accepted")
class BetasOfOtherEndpointsAreRefused(_Checked):
    """Betas that are not about models are answered 400 by retrieve."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return parsed.operation == "retrieve" and bool(parsed.betas)


@SERVERS.fault("beta-documented-is-accepted")
class BetaWithADigitInItsNameIsRefused(_Checked):
    """A beta whose name holds a digit before its date is answered 400: the pattern is too narrow."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return any(any(sign.isdigit() for sign in beta[:-11]) for beta in parsed.betas)


@SERVERS.fault("beta-list-is-accepted")
class SeveralBetasAreRefused(_Checked):
    """Two betas or more are answered 400."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return len(parsed.betas) > 1


@SERVERS.fault("beta-list-is-accepted")
class MoreThanFiveBetasAreRefused(_Checked):
    """Six betas or more are answered 400."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return len(parsed.betas) > 5


@SERVERS.fault("beta-list-is-accepted")
class LongBetaHeaderIsRefused(_Checked):
    """An anthropic-beta line of more than 256 characters is answered 400."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return any(len(line) > 256 for line in parsed.request.lines("anthropic-beta"))


@SERVERS.fault("beta-list-is-accepted")
class BetaHeaderIsNotSplit(_Checked):
    """A line is one beta: one with a comma is no documented beta and answered 400."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return any("," in line for line in parsed.request.lines("anthropic-beta"))


@SERVERS.fault("beta-list-is-accepted")
class UnsortedBetasAreRefused(_Checked):
    """Betas that do not come in alphabetical order are answered 400."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return list(parsed.betas) != sorted(parsed.betas)


@SERVERS.fault("beta-header-forms-are-equal")
class BlanksBetweenBetasAreRefused(_Checked):
    """A comma with a blank is answered 400: the parts are not stripped."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return any(", " in line or " ," in line for line in parsed.request.lines("anthropic-beta"))


@SERVERS.fault("beta-header-forms-are-equal")
class RepeatedBetaLinesAreRefused(_Checked):
    """More than one anthropic-beta line is answered 400."""

    def refuses(self, parsed: ParsedRequest) -> bool:
        return len(parsed.request.lines("anthropic-beta")) > 1


@SERVERS.fault("no-input-is-answered-5xx")
class RepeatedBetaLinesCrash(Behaviour):
    """More than one anthropic-beta line is answered 500."""

    def check_betas(self, parsed: ParsedRequest) -> None:
        if len(parsed.request.lines("anthropic-beta")) > 1:
            raise Refusal(500, "internal server error")


@SERVERS.fault("beta-leaves-stable-body-unchanged")
class BetasChangeDisplayNames(Behaviour):
    """Where the request names a beta, display names end in `(beta)`."""

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        item = super().item(parsed, model)
        return {**item, "display_name": f"{model.display_name} (beta)"} if parsed.betas else item


@SERVERS.fault("beta-leaves-stable-body-unchanged")
class BetasChangeTheType(Behaviour):
    """Where the request names a beta, the type of a model is `beta_model`."""

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        item = super().item(parsed, model)
        return {**item, "type": "beta_model"} if parsed.betas else item


@SERVERS.fault("beta-leaves-stable-body-unchanged")
class BetasChangeTheEnvelope(Behaviour):
    """Where the request names a beta, the list has `next_page` in place of has_more."""

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        page = super().page(parsed, window, models)
        if parsed.betas:
            page["next_page"] = page["last_id"] if page.pop("has_more") else None
        return page


@SERVERS.fault("beta-leaves-stable-body-unchanged")
class BetasReverseThePage(Behaviour):
    """Where the request names a beta, pages run from older to newer."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        return models[::-1] if parsed.betas else models


@SERVERS.fault("beta-leaves-stable-body-unchanged")
class BetasChangeTheDefaultLimit(Behaviour):
    """Where the request names a beta and no limit, a page holds 10 models."""

    def default_limit(self, parsed: ParsedRequest) -> int:
        return 10 if parsed.betas else DEFAULT_LIMIT


@SERVERS.fault("beta-leaves-stable-body-unchanged")
class OneBetaHidesAModel(Behaviour):
    """Under `context-1m-2025-08-07` the first model of each page is left out."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        return models[1:] if "context-1m-2025-08-07" in parsed.betas else models


@SERVERS.fault("beta-leaves-stable-body-unchanged")
class BetasWrapTheRetrievedModel(Behaviour):
    """Where the request names a beta, a retrieved model is inside {"model": ...}."""

    def retrieval(self, parsed: ParsedRequest) -> Any:
        item = super().retrieval(parsed)
        return {"model": item} if parsed.betas else item


@SERVERS.fault("beta-unknown-is-accepted-or-refused")
class UnknownBetaIsNotFound(Behaviour):
    """An unknown beta is answered 404."""

    def check_betas(self, parsed: ParsedRequest) -> None:
        if not set(parsed.betas) <= set(betas_of(self.contract)):
            raise Refusal(404, "anthropic-beta: unknown value")


@SERVERS.fault("beta-unknown-is-accepted-or-refused")
class UnknownBetaIsForbidden(Behaviour):
    """An unknown beta is answered 403."""

    def check_betas(self, parsed: ParsedRequest) -> None:
        if not set(parsed.betas) <= set(betas_of(self.contract)):
            raise Refusal(403, "anthropic-beta: not enabled")


@SERVERS.fault("no-input-is-answered-5xx")
class UnknownBetaCrashes(Behaviour):
    """An unknown beta is answered 500."""

    def check_betas(self, parsed: ParsedRequest) -> None:
        if not set(parsed.betas) <= set(betas_of(self.contract)):
            raise Refusal(500, "internal server error")


@SERVERS.fault("no-input-is-answered-5xx")
class BetasCrashRetrieve(Behaviour):
    """A retrieval with a beta is answered 500."""

    def check_betas(self, parsed: ParsedRequest) -> None:
        if parsed.betas and parsed.operation == "retrieve":
            raise Refusal(500, "internal server error")
