"""Faults that answer a malformed or unusual request with a server error."""

from __future__ import annotations

from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Cursor, ParsedRequest, Refusal, Reply


def crash() -> Refusal:
    """The answer to an exception that nobody caught."""
    return Refusal(500, "internal server error")


class _Crashes(Behaviour):
    """Answers 500 where a condition holds."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        if self.crashes(parsed):
            raise crash()
        return super().reply(parsed)

    def crashes(self, parsed: ParsedRequest) -> bool:
        """Whether this request is the server's undoing."""
        raise NotImplementedError


@SERVERS.fault("no-input-is-answered-5xx")
class LimitZeroCrashes(_Crashes):
    """limit 0 is answered 500: a division by zero."""

    def crashes(self, parsed: ParsedRequest) -> bool:
        return parsed.value("limit") == "0"


@SERVERS.fault("no-input-is-answered-5xx")
class LimitThatIsNoNumberCrashes(Behaviour):
    """A limit that is no number is answered 500: the conversion is not guarded."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        if not text.removeprefix("-").isdecimal():
            raise crash()
        return super().bad_limit(parsed, text)


@SERVERS.fault("no-input-is-answered-5xx")
class NegativeLimitCrashes(Behaviour):
    """A limit below zero is answered 500: the database refuses it."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        if text.startswith("-"):
            raise crash()
        return super().bad_limit(parsed, text)


@SERVERS.fault("no-input-is-answered-5xx")
class HugeLimitCrashes(Behaviour):
    """A limit beyond 64 bits is answered 500."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        if text.isdecimal() and len(text) > 18:
            raise crash()
        return super().bad_limit(parsed, text)


@SERVERS.fault("no-input-is-answered-5xx")
class EmptyPageCrashes(Behaviour):
    """A page without models is answered 500: its first model is taken without a look."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Any:
        window = super().window(parsed, limit, cursor)
        if window.start == window.stop:
            raise crash()
        return window


@SERVERS.fault("no-input-is-answered-5xx")
class UnknownCursorCrashes(Behaviour):
    """An unknown cursor is answered 500."""

    def unknown_cursor(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        raise crash()


@SERVERS.fault("no-input-is-answered-5xx")
class UnknownCursorBackwardCrashes(Behaviour):
    """An unknown before_id is answered 500."""

    def unknown_cursor(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        if parsed.values("before_id"):
            raise crash()
        return super().unknown_cursor(parsed, name)


@SERVERS.fault("no-input-is-answered-5xx")
class TwoCursorsCrash(Behaviour):
    """Two cursors in one request are answered 500."""

    def two_cursors(self, parsed: ParsedRequest) -> Cursor | None:
        raise crash()


@SERVERS.fault("no-input-is-answered-5xx")
class UnknownModelCrashes(Behaviour):
    """An unknown model is answered 500."""

    def missing(self, parsed: ParsedRequest) -> Any:
        raise crash()


@SERVERS.fault("no-input-is-answered-5xx")
class LongIdCrashes(_Crashes):
    """An id of more than 255 characters is answered 500: the column is too narrow."""

    def crashes(self, parsed: ParsedRequest) -> bool:
        return max(len(parsed.model_id), *(len(value) for _, value in (*parsed.parameters, ("", "")))) > 255


@SERVERS.fault("no-input-is-answered-5xx")
class NulInAnIdCrashes(_Crashes):
    """An id with a NUL is answered 500: the database refuses it."""

    def crashes(self, parsed: ParsedRequest) -> bool:
        return "\0" in parsed.model_id or any("\0" in value for _, value in parsed.parameters)


@SERVERS.fault("no-input-is-answered-5xx")
class UndecodableIdCrashes(_Crashes):
    """An id that is no UTF-8 is answered 500."""

    def crashes(self, parsed: ParsedRequest) -> bool:
        text = parsed.model_id + "".join(value for _, value in parsed.parameters)
        return any("\udc80" <= sign <= "\udcff" for sign in text)


@SERVERS.fault("no-input-is-answered-5xx")
class NonAsciiIdCrashes(_Crashes):
    """An id with letters beyond ASCII is answered 500."""

    def crashes(self, parsed: ParsedRequest) -> bool:
        return not parsed.model_id.isascii() or not all(value.isascii() for _, value in parsed.parameters)


@SERVERS.fault("no-input-is-answered-5xx")
class QuoteInAnIdCrashes(_Crashes):
    """An id with a quote is answered 500: it ends up in a query."""

    def crashes(self, parsed: ParsedRequest) -> bool:
        return "'" in parsed.model_id or any("'" in value for _, value in parsed.parameters)


@SERVERS.fault("no-input-is-answered-5xx")
class MissingVersionCrashes(Behaviour):
    """A request without anthropic-version is answered 500."""

    def check_version(self, parsed: ParsedRequest) -> None:
        if parsed.request.line("anthropic-version") is None:
            raise crash()
        super().check_version(parsed)


@SERVERS.fault("no-input-is-answered-5xx")
class MissingCredentialCrashes(Behaviour):
    """A request without a credential is answered 500."""

    def check_credential(self, parsed: ParsedRequest) -> None:
        if not self.credential(parsed):
            raise crash()
        super().check_credential(parsed)


@SERVERS.fault("no-input-is-answered-5xx")
class OtherMethodsCrash(Behaviour):
    """Any method but GET is answered 500."""

    def check_method(self, parsed: ParsedRequest) -> None:
        if parsed.request.method != "GET":
            raise crash()


@SERVERS.fault("no-input-is-answered-5xx")
class EveryNinthRequestCrashes(_Crashes):
    """Every ninth request is answered 500, whatever it asks."""

    def crashes(self, parsed: ParsedRequest) -> bool:
        return parsed.number % 9 == 0
