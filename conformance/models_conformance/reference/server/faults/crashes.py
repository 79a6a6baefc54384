"""Faults that answer a malformed or unusual request with a server error."""

from __future__ import annotations

import re
from typing import Any, ClassVar

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


@SERVERS.faults_in(_Crashes.crashes, "no-input-is-answered-5xx")
class _CrashesAtRequests(_Crashes):
    def limit_zero_crashes(self, parsed: ParsedRequest) -> bool:
        """limit 0 is answered 500: a division by zero."""
        return parsed.value("limit") == "0"

    def every_ninth_request_crashes(self, parsed: ParsedRequest) -> bool:
        """Every ninth request is answered 500, whatever it asks."""
        return parsed.number % 9 == 0


@SERVERS.faults_in(Behaviour.bad_limit, "no-input-is-answered-5xx")
class _CrashesAtLimits(Behaviour):
    def limit_that_is_no_number_crashes(self, parsed: ParsedRequest, text: str) -> int:
        """A limit that is not a number is answered 500: the conversion is not guarded."""
        if not text.removeprefix("-").isdecimal():
            raise crash()
        return super().bad_limit(parsed, text)

    def negative_limit_crashes(self, parsed: ParsedRequest, text: str) -> int:
        """A limit below zero is answered 500: the database refuses it."""
        if text.startswith("-"):
            raise crash()
        return super().bad_limit(parsed, text)

    def huge_limit_crashes(self, parsed: ParsedRequest, text: str) -> int:
        """A limit beyond 64 bits is answered 500."""
        if text.isdecimal() and len(text) > 18:
            raise crash()
        return super().bad_limit(parsed, text)


@SERVERS.fault_in(Behaviour.window, "no-input-is-answered-5xx")
def empty_page_crashes(self: Behaviour, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Any:
    """A page without models is answered 500: its first model is taken without a look."""
    window = Behaviour.window(self, parsed, limit, cursor)
    if window.start == window.stop:
        raise crash()
    return window


@SERVERS.faults_in(Behaviour.unknown_cursor, "no-input-is-answered-5xx")
class _CrashesAtUnknownCursors(Behaviour):
    def unknown_cursor_crashes(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        """An unknown cursor is answered 500."""
        raise crash()

    def unknown_cursor_backward_crashes(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        """An unknown before_id is answered 500."""
        if parsed.values("before_id"):
            raise crash()
        return super().unknown_cursor(parsed, name)


@SERVERS.fault_in(Behaviour.two_cursors, "no-input-is-answered-5xx")
def two_cursors_crash(self: Behaviour, parsed: ParsedRequest) -> Cursor | None:
    """Two cursors in one request are answered 500."""
    raise crash()


@SERVERS.fault_in(Behaviour.missing, "no-input-is-answered-5xx")
def unknown_model_crashes(self: Behaviour, parsed: ParsedRequest) -> Any:
    """An unknown model is answered 500."""
    raise crash()


class _CrashesOnATextOf(_Crashes):
    """Answers 500 where a model id or a value in the query has something in it."""

    pattern: ClassVar[str] = ""

    def crashes(self, parsed: ParsedRequest) -> bool:
        texts = (parsed.model_id, *(value for _, value in parsed.parameters))
        return any(re.search(self.pattern, text, re.DOTALL) for text in texts)


SERVERS.faults_of(
    _CrashesOnATextOf,
    "no-input-is-answered-5xx",
    (
        "long-id-crashes",
        "An id of more than 255 characters is answered 500: the column is too narrow.",
        {"pattern": ".{256}"},
    ),
    ("nul-in-an-id-crashes", "An id with a NUL is answered 500: the database refuses it.", {"pattern": "\0"}),
    ("undecodable-id-crashes", "An id that is not UTF-8 is answered 500.", {"pattern": "[\udc80-\udcff]"}),
    ("non-ascii-id-crashes", "An id with letters beyond ASCII is answered 500.", {"pattern": "[^\0-\x7f]"}),
    ("quote-in-an-id-crashes", "An id with a quote is answered 500: it ends up in a query.", {"pattern": "'"}),
)


@SERVERS.fault_in(Behaviour.check_version, "no-input-is-answered-5xx")
def missing_version_crashes(self: Behaviour, parsed: ParsedRequest) -> None:
    """A request without anthropic-version is answered 500."""
    if parsed.request.line("anthropic-version") is None:
        raise crash()
    Behaviour.check_version(self, parsed)


@SERVERS.fault_in(Behaviour.check_credential, "no-input-is-answered-5xx")
def missing_credential_crashes(self: Behaviour, parsed: ParsedRequest) -> None:
    """A request without a credential is answered 500."""
    if not self.credential(parsed):
        raise crash()
    Behaviour.check_credential(self, parsed)


@SERVERS.fault_in(Behaviour.check_method, "no-input-is-answered-5xx")
def other_methods_crash(self: Behaviour, parsed: ParsedRequest) -> None:
    """Any method but GET is answered 500."""
    if parsed.request.method != "GET":
        raise crash()
