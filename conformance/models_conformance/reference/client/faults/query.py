"""Faults of the parameters: limits and cursors that nobody asked for, or other ones than were asked for."""

from __future__ import annotations

from urllib.parse import quote

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Pairs


def renamed(pairs: Pairs, names: dict[str, str]) -> Pairs:
    """The pairs under other names."""
    return tuple((names.get(name, name), value) for name, value in pairs)


@CLIENTS.faults_in(IdealClient.query, "client-sends-no-unasked-limit")
class _AddsALimit(IdealClient):
    def sends_an_absent_limit_as_null(self, call: Call) -> Pairs:
        """A limit that the caller does not give is sent as `null`."""
        return IdealClient.query(
            self, call if call.operation == "retrieve" else call.giving(limit=call.args.get("limit", "null"))
        )

    def asks_for_a_hundred(self, call: Call) -> Pairs:
        """Where the caller gives no limit, 100 is sent."""
        return IdealClient.query(
            self, call if call.operation == "retrieve" else call.giving(limit=call.args.get("limit", 100))
        )


@CLIENTS.faults_in(IdealClient.parameter, "client-sends-limit-as-given")
class _WritesAnotherLimit(IdealClient):
    def clamps_limit_to_a_hundred(self, call: Call, name: str) -> str:
        """A limit above 100 is sent as 100."""
        return str(min(call.args["limit"], 100)) if name == "limit" else super().parameter(call, name)

    def writes_limit_with_an_exponent(self, call: Call, name: str) -> str:
        """A limit is written as the shortest number: 1000 as 1e+03."""
        return f"{call.args['limit']:.2g}" if name == "limit" else super().parameter(call, name)

    def groups_the_digits_of_limit(self, call: Call, name: str) -> str:
        """A limit is written as the locale has it: 1,000."""
        return f"{call.args['limit']:,}" if name == "limit" else super().parameter(call, name)

    def writes_limit_with_a_fraction(self, call: Call, name: str) -> str:
        """A limit is written as a floating-point number: 2.0."""
        return str(float(call.args["limit"])) if name == "limit" else super().parameter(call, name)

    def asks_for_one_more(self, call: Call, name: str) -> str:
        """The limit that is sent is one above the given one, to see whether more follows."""
        return str(call.args["limit"] + 1) if name == "limit" else super().parameter(call, name)

    def rounds_large_limits(self, call: Call, name: str) -> str:
        """A limit from 600 to 700 is sent as 500."""
        given = super().parameter(call, name)
        return "500" if name == "limit" and 600 <= call.args["limit"] <= 700 else given


@CLIENTS.faults_in(IdealClient.query, "client-sends-limit-as-given")
class _LosesLimit(IdealClient):
    def names_limit_page_size(self, call: Call) -> Pairs:
        """The limit is sent under the name `page_size`."""
        return renamed(super().query(call), {"limit": "page_size"})

    def drops_limit_beside_a_cursor(self, call: Call) -> Pairs:
        """A limit is left out where a cursor is given."""
        given = {"after_id", "before_id"} & set(call.args)
        return super().query(call.without("limit") if given else call)


@CLIENTS.faults_in(IdealClient.query, "client-sends-no-unasked-cursor")
class _AddsACursor(IdealClient):
    def sends_absent_cursors_empty(self, call: Call) -> Pairs:
        """A cursor that the caller does not give is sent without a value."""
        if call.operation == "retrieve":
            return super().query(call)
        return super().query(call.giving(**{name: call.args.get(name, "") for name in ("after_id", "before_id")}))

    def sends_an_absent_cursor_as_none(self, call: Call) -> Pairs:
        """Where the caller gives no cursor, `after_id=None` is sent."""
        absent = call.operation == "list" and not {"after_id", "before_id"} & set(call.args)
        return super().query(call.giving(after_id=None) if absent else call)


@CLIENTS.faults_in(IdealClient.escaped_value, "client-sends-cursor-as-given")
class _EscapesCursorWrongly(IdealClient):
    def escapes_cursor_twice(self, value: str) -> str:
        """A cursor is escaped by the client and again by its URL library."""
        return quote(quote(value, safe=""), safe="")

    def leaves_plus_unescaped_in_the_query(self, value: str) -> str:
        """A plus sign in a cursor is not escaped, so that it arrives as a blank."""
        return quote(value, safe="+")

    def leaves_ampersand_unescaped_in_the_query(self, value: str) -> str:
        """An ampersand in a cursor is not escaped, so that the cursor ends there."""
        return quote(value, safe="&=")

    def leaves_percent_unescaped_in_the_query(self, value: str) -> str:
        """A percent sign in a cursor is not escaped, as though the cursor were escaped already."""
        return quote(value, safe="%")

    def escapes_cursor_as_latin_1(self, value: str) -> str:
        """The letters of a cursor are escaped as Latin-1, those beyond it become question marks."""
        return quote(value, safe="", encoding="latin-1", errors="replace")


@CLIENTS.fault_in(IdealClient.query_text, "client-sends-cursor-as-given")
def cuts_the_query_at_a_hash(self: IdealClient, call: Call, pairs: Pairs) -> str:
    """What follows a hash in a cursor is taken for a fragment and dropped, with all parameters behind it."""
    return "&".join(f"{name}={quote(value, safe='#')}" for name, value in pairs).partition("#")[0]


@CLIENTS.faults_in(IdealClient.parameter, "client-sends-cursor-as-given")
class _WritesAnotherCursor(IdealClient):
    def strips_cursor(self, call: Call, name: str) -> str:
        """Blanks at the ends of a cursor are dropped before it is sent."""
        return super().parameter(call, name).strip()

    def strips_what_a_cursor_begins_with(self, call: Call, name: str) -> str:
        """Control characters before a cursor are stripped, as some URL libraries strip a whole URL."""
        given = super().parameter(call, name)
        return given if name == "limit" else given.lstrip("".join(map(chr, range(0x20))))


@CLIENTS.faults_in(IdealClient.query, "client-sends-cursor-as-given")
class _SendsAnotherCursor(IdealClient):
    def repeats_its_cursor(self, call: Call) -> Pairs:
        """The cursor of a first request is sent twice, once from the call and once from the options."""
        pairs = super().query(call)
        return (*pairs, *(pair for pair in pairs if pair[0] != "limit" and call.page == 1))

    def names_cursor_starting_after(self, call: Call) -> Pairs:
        """The cursors are sent as `starting_after` and `ending_before`."""
        return renamed(super().query(call), {"after_id": "starting_after", "before_id": "ending_before"})

    def writes_cursor_in_camel_case(self, call: Call) -> Pairs:
        """The cursors are sent as `afterId` and `beforeId`."""
        return renamed(super().query(call), {"after_id": "afterId", "before_id": "beforeId"})

    def swaps_the_cursors(self, call: Call) -> Pairs:
        """after_id is sent as before_id, and before_id as after_id."""
        return renamed(super().query(call), {"after_id": "before_id", "before_id": "after_id"})

    def beta_surface_drops_the_cursor(self, call: Call) -> Pairs:
        """On the beta surface no cursor is sent."""
        return super().query(call.without("after_id", "before_id") if call.surface.startswith("beta.") else call)


@CLIENTS.fault_in(IdealClient.further, "client-sends-lifecycle-as-given")
def sends_one_value_of_a_parameter(self: IdealClient, call: Call) -> Pairs:
    """Of several values of a parameter the last is sent."""
    return tuple(dict(IdealClient.further(self, call)).items())


@CLIENTS.fault_in(IdealClient.query, "client-walk-keeps-lifecycle")
def later_pages_are_not_filtered(self: IdealClient, call: Call) -> Pairs:
    """Only the first page of a walk is asked for with the parameters that filter."""
    return IdealClient.query(self, call if call.page == 1 else call.without("params"))
