"""Oddities where it is undocumented: other answers than the ideal's to what nobody specified."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from models_conformance.contract.points import betas_of
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Cursor, Headers, ParsedRequest, Refusal, Reply, Request, Window
from models_conformance.reference.server.oddities.stock import IdsNeedEscaping


@SERVERS.oddities_in(Behaviour.check_betas)
class _RefusesBetas(Behaviour):
    def unknown_betas_are_refused(self, parsed: ParsedRequest) -> None:
        """A beta that is not documented is answered 400."""
        if not set(parsed.betas) <= set(betas_of(self.contract)):
            raise Refusal(400, "anthropic-beta: unexpected value")

    def empty_beta_is_refused(self, parsed: ParsedRequest) -> None:
        """An anthropic-beta line with nothing in it, or with an empty place, is answered 400."""
        lines = parsed.request.lines("anthropic-beta")
        if any(not part.strip() for line in lines for part in line.split(",")):
            raise Refusal(400, "anthropic-beta: empty value")


@SERVERS.oddities_in(Behaviour.unknown_cursor)
class _UnknownCursors(Behaviour):
    def unknown_cursor_is_an_empty_page(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        """An unknown cursor is answered with an empty page."""
        if parsed.values("before_id"):
            return Cursor(0, backward=True)
        return Cursor(len(self.catalogue) - 1, backward=False)

    def unknown_cursor_is_not_found(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        """An unknown cursor is answered 404."""
        raise Refusal(404, "no model has this id")

    def unknown_cursor_is_ignored(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        """An unknown cursor is answered with the first page."""
        return None


@SERVERS.oddity_in(Behaviour.locate)
def cursor_may_be_an_alias(self: Behaviour, parsed: ParsedRequest, name: str) -> int | None:
    """An alias is a cursor, too."""
    return Behaviour.locate(self, parsed, self.catalogue.aliases.get(name, name))


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


@SERVERS.oddity_in(Behaviour.two_cursors)
def second_cursor_is_ignored(self: Behaviour, parsed: ParsedRequest) -> Cursor | None:
    """With both cursors, before_id is not read."""
    position = self.locate(parsed, parsed.value("after_id") or "")
    return None if position is None else Cursor(position, backward=False)


@SERVERS.oddities_in(Behaviour.bad_limit)
class _BadLimits(Behaviour):
    def bad_limit_is_unprocessable(self, parsed: ParsedRequest, text: str) -> int:
        """A limit out of range is answered 422 invalid_request_error."""
        raise Refusal(422, "limit: out of range")

    def limit_may_be_oddly_spelt(self, parsed: ParsedRequest, text: str) -> int:
        """A limit with a plus, leading zeros or blanks is read as the number it is, and an empty one as none."""
        digits = text.strip().removeprefix("+")
        if not digits:
            return self.limits.default
        limit = int(digits) if digits.isdecimal() and len(digits) < 19 else 0
        if self.limits.minimum <= limit <= self.limits.maximum:
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


@SERVERS.oddity_in(Behaviour.check_method)
def other_methods_are_not_found(self: Behaviour, parsed: ParsedRequest) -> None:
    """Any method but GET is answered 404."""
    if parsed.request.method != "GET":
        raise Refusal(404, "there is nothing at this path")


@SERVERS.oddity_in(Behaviour.route)
def empty_id_is_the_list(self: Behaviour, request: Request) -> tuple[Literal["list", "retrieve"] | None, str]:
    """The path of a model with an empty id is answered with the list."""
    operation, model_id = Behaviour.route(self, request)
    return ("list", "") if operation == "retrieve" and not model_id else (operation, model_id)


@SERVERS.oddity_in(IdsNeedEscaping.route)
def slashes_must_be_escaped(self: IdsNeedEscaping, request: Request) -> tuple[Literal["list", "retrieve"] | None, str]:
    """An id with a slash answers to its escaped form only."""
    operation, model_id = IdsNeedEscaping.route(self, request)
    plain = request.path.removeprefix("/v1/models/")
    return (None, "") if operation == "retrieve" and "/" in plain else (operation, model_id)


@SERVERS.oddity_in(Behaviour.find)
def undecodable_id_is_a_bad_request(self: Behaviour, parsed: ParsedRequest) -> Model | None:
    """An id that is empty, very long, or no UTF-8 is answered 400."""
    name = parsed.model_id
    if not name or len(name) > 2000 or any("\udc80" <= sign <= "\udcff" or sign == "\0" for sign in name):
        raise Refusal(400, "model_id: malformed")
    return Behaviour.find(self, parsed)


@SERVERS.oddities_in(Behaviour.check_version)
class _Versions(Behaviour):
    def only_known_versions_are_accepted(self, parsed: ParsedRequest) -> None:
        """A version other than the documented ones is answered 400."""
        super().check_version(parsed)
        if parsed.request.line("anthropic-version") not in {"2023-06-01", "2026-10-21"}:
            raise Refusal(400, "anthropic-version: not supported")

    def every_version_is_accepted(self, parsed: ParsedRequest) -> None:
        """Any version is accepted that is not missing."""
        if parsed.request.line("anthropic-version") is None:
            super().check_version(parsed)


@SERVERS.oddity_in(Behaviour.check_credential)
def credentials_are_checked_last(self: Behaviour, parsed: ParsedRequest) -> None:
    """The version is checked before the credential."""
    self.check_version(parsed)
    Behaviour.check_credential(self, parsed)


@SERVERS.oddity_in(Behaviour.headers)
def unauthorized_names_a_scheme(self: Behaviour, parsed: ParsedRequest, reply: Reply) -> Headers:
    """401 carries www-authenticate, as HTTP asks for."""
    headers = Behaviour.headers(self, parsed, reply)
    return (*headers, ("www-authenticate", "Bearer")) if reply.status == 401 else headers
