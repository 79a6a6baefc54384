"""Oddities where the documentation is silent: other answers than the ideal's to what nobody specified."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from models_conformance.contract.points import betas_of
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.ideal import DEFAULT_LIMIT, MAXIMUM_LIMIT, MINIMUM_LIMIT, Behaviour
from models_conformance.reference.server.messages import Cursor, Headers, ParsedRequest, Refusal, Reply, Request, Window
from models_conformance.reference.server.samples import escaped_ids


@SERVERS.oddity
class UnknownBetasAreRefused(Behaviour):
    """A beta that is not documented is answered 400."""

    def check_betas(self, parsed: ParsedRequest) -> None:
        if not set(parsed.betas) <= set(betas_of(self.contract)):
            raise Refusal(400, "anthropic-beta: unexpected value")


@SERVERS.oddity
class UnknownCursorIsAnEmptyPage(Behaviour):
    """An unknown cursor is answered with an empty page."""

    def unknown_cursor(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        if parsed.values("before_id"):
            return Cursor(0, backward=True)
        return Cursor(len(self.catalogue) - 1, backward=False)


@SERVERS.oddity
class UnknownCursorIsNotFound(Behaviour):
    """An unknown cursor is answered 404."""

    def unknown_cursor(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        raise Refusal(404, "no model has this id")


@SERVERS.oddity
class UnknownCursorIsIgnored(Behaviour):
    """An unknown cursor is answered with the first page."""

    def unknown_cursor(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        return None


@SERVERS.oddity
class CursorMayBeAnAlias(Behaviour):
    """An alias is a cursor, too."""

    def locate(self, parsed: ParsedRequest, name: str) -> int | None:
        return super().locate(parsed, self.catalogue.aliases.get(name, name))


@SERVERS.oddity
class BothCursorsAreHonoured(Behaviour):
    """With both cursors the page is what lies between them, from the newer end."""

    def two_cursors(self, parsed: ParsedRequest) -> Cursor | None:
        position = self.locate(parsed, parsed.value("after_id") or "")
        return None if position is None else Cursor(position, backward=False)

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if not (parsed.values("after_id") and parsed.values("before_id")):
            return window
        end = self.locate(parsed, parsed.value("before_id") or "")
        stop = window.stop if end is None else max(min(window.stop, end), window.start)
        return replace(window, stop=stop)


@SERVERS.oddity
class SecondCursorIsIgnored(Behaviour):
    """With both cursors, before_id is not read."""

    def two_cursors(self, parsed: ParsedRequest) -> Cursor | None:
        position = self.locate(parsed, parsed.value("after_id") or "")
        return None if position is None else Cursor(position, backward=False)


@SERVERS.oddity
class BadLimitIsUnprocessable(Behaviour):
    """A limit out of range is answered 422 invalid_request_error."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        raise Refusal(422, "limit: out of range")


@SERVERS.oddity
class LimitMayBeOddlySpelt(Behaviour):
    """A limit with a plus, leading zeros or blanks is read as the number it is, and an empty one as none."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        digits = text.strip().removeprefix("+")
        if not digits:
            return DEFAULT_LIMIT
        limit = int(digits) if digits.isdecimal() and len(digits) < 19 else 0
        if MINIMUM_LIMIT <= limit <= MAXIMUM_LIMIT:
            return limit
        return super().bad_limit(parsed, text)


@SERVERS.oddity
class ErrorTypesAreNew(Behaviour):
    """Errors of undocumented kinds have types of their own."""

    def unknown_cursor(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        raise Refusal(410, "the cursor is gone", kind="cursor_expired_error")

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        raise Refusal(422, "limit: out of range", kind="validation_error")

    def check_method(self, parsed: ParsedRequest) -> None:
        if parsed.request.method != "GET":
            raise Refusal(405, "this path answers GET only", kind="method_not_allowed_error")


@SERVERS.oddity
class OtherMethodsAreNotFound(Behaviour):
    """Any method but GET is answered 404."""

    def check_method(self, parsed: ParsedRequest) -> None:
        if parsed.request.method != "GET":
            raise Refusal(404, "there is nothing at this path")


@SERVERS.oddity
class EmptyIdIsTheList(Behaviour):
    """The path of a model with an empty id is answered with the list."""

    def route(self, request: Request) -> tuple[Literal["list", "retrieve"] | None, str]:
        operation, model_id = super().route(request)
        return ("list", "") if operation == "retrieve" and not model_id else (operation, model_id)


@SERVERS.oddity
class SlashesMustBeEscaped(Behaviour):
    """An id with a slash answers to its escaped form only."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return escaped_ids()

    def route(self, request: Request) -> tuple[Literal["list", "retrieve"] | None, str]:
        operation, model_id = super().route(request)
        plain = request.path.removeprefix("/v1/models/")
        return (None, "") if operation == "retrieve" and "/" in plain else (operation, model_id)


@SERVERS.oddity
class UndecodableIdIsABadRequest(Behaviour):
    """An id that is empty, very long, or no UTF-8 is answered 400."""

    def find(self, parsed: ParsedRequest) -> Model | None:
        name = parsed.model_id
        if not name or len(name) > 2000 or any("\udc80" <= sign <= "\udcff" or sign == "\0" for sign in name):
            raise Refusal(400, "model_id: malformed")
        return super().find(parsed)


@SERVERS.oddity
class OnlyKnownVersionsAreAccepted(Behaviour):
    """A version other than the documented ones is answered 400."""

    def check_version(self, parsed: ParsedRequest) -> None:
        super().check_version(parsed)
        if parsed.request.line("anthropic-version") not in {"2023-06-01", "2026-10-21"}:
            raise Refusal(400, "anthropic-version: not supported")


@SERVERS.oddity
class EveryVersionIsAccepted(Behaviour):
    """Any version is accepted that is not missing."""

    def check_version(self, parsed: ParsedRequest) -> None:
        if parsed.request.line("anthropic-version") is None:
            super().check_version(parsed)


@SERVERS.oddity
class EmptyBetaIsRefused(Behaviour):
    """An anthropic-beta line with nothing in it, or with an empty place, is answered 400."""

    def check_betas(self, parsed: ParsedRequest) -> None:
        lines = parsed.request.lines("anthropic-beta")
        if any(not part.strip() for line in lines for part in line.split(",")):
            raise Refusal(400, "anthropic-beta: empty value")


@SERVERS.oddity
class CredentialsAreCheckedLast(Behaviour):
    """The version is checked before the credential."""

    def check_credential(self, parsed: ParsedRequest) -> None:
        self.check_version(parsed)
        super().check_credential(parsed)


@SERVERS.oddity
class UnauthorizedNamesAScheme(Behaviour):
    """401 carries www-authenticate, as HTTP asks for."""

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        headers = super().headers(parsed, reply)
        return (*headers, ("www-authenticate", "Bearer")) if reply.status == 401 else headers
