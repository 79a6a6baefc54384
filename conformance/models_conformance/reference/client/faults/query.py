"""Faults of the parameters: limits and cursors that nobody asked for, or other ones than were asked for."""

from __future__ import annotations

from urllib.parse import quote

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Pairs


def renamed(pairs: Pairs, names: dict[str, str]) -> Pairs:
    """The pairs under other names."""
    return tuple((names.get(name, name), value) for name, value in pairs)


@CLIENTS.fault("client-sends-no-unasked-limit")
class SendsAnAbsentLimitAsNull(IdealClient):
    """A limit that the caller does not give is sent as `null`."""

    def query(self, call: Call) -> Pairs:
        return super().query(
            call if call.operation == "retrieve" else call.giving(limit=call.args.get("limit", "null"))
        )


@CLIENTS.fault("client-sends-no-unasked-limit")
class AsksForAHundred(IdealClient):
    """Where the caller gives no limit, 100 is sent."""

    def query(self, call: Call) -> Pairs:
        return super().query(call if call.operation == "retrieve" else call.giving(limit=call.args.get("limit", 100)))


@CLIENTS.fault("client-sends-limit-as-given")
class ClampsLimitToAHundred(IdealClient):
    """A limit above 100 is sent as 100."""

    def parameter(self, call: Call, name: str) -> str:
        return str(min(call.args["limit"], 100)) if name == "limit" else super().parameter(call, name)


@CLIENTS.fault("client-sends-limit-as-given")
class WritesLimitWithAnExponent(IdealClient):
    """A limit is written as the shortest number: 1000 as 1e+03."""

    def parameter(self, call: Call, name: str) -> str:
        return f"{call.args['limit']:.2g}" if name == "limit" else super().parameter(call, name)


@CLIENTS.fault("client-sends-limit-as-given")
class GroupsTheDigitsOfLimit(IdealClient):
    """A limit is written as the locale has it: 1,000."""

    def parameter(self, call: Call, name: str) -> str:
        return f"{call.args['limit']:,}" if name == "limit" else super().parameter(call, name)


@CLIENTS.fault("client-sends-limit-as-given")
class WritesLimitWithAFraction(IdealClient):
    """A limit is written as a floating-point number: 2.0."""

    def parameter(self, call: Call, name: str) -> str:
        return str(float(call.args["limit"])) if name == "limit" else super().parameter(call, name)


@CLIENTS.fault("client-sends-limit-as-given")
class AsksForOneMore(IdealClient):
    """The limit that is sent is one above the given one, to see whether more follows."""

    def parameter(self, call: Call, name: str) -> str:
        return str(call.args["limit"] + 1) if name == "limit" else super().parameter(call, name)


@CLIENTS.fault("client-sends-limit-as-given")
class NamesLimitPageSize(IdealClient):
    """The limit is sent under the name `page_size`."""

    def query(self, call: Call) -> Pairs:
        return renamed(super().query(call), {"limit": "page_size"})


@CLIENTS.fault("client-sends-limit-as-given")
class DropsLimitBesideACursor(IdealClient):
    """A limit is left out where a cursor is given."""

    def query(self, call: Call) -> Pairs:
        given = {"after_id", "before_id"} & set(call.args)
        return super().query(call.without("limit") if given else call)


@CLIENTS.fault("client-sends-no-unasked-cursor")
class SendsAbsentCursorsEmpty(IdealClient):
    """A cursor that the caller does not give is sent without a value."""

    def query(self, call: Call) -> Pairs:
        if call.operation == "retrieve":
            return super().query(call)
        return super().query(call.giving(**{name: call.args.get(name, "") for name in ("after_id", "before_id")}))


@CLIENTS.fault("client-sends-no-unasked-cursor")
class SendsAnAbsentCursorAsNone(IdealClient):
    """Where the caller gives no cursor, `after_id=None` is sent."""

    def query(self, call: Call) -> Pairs:
        absent = call.operation == "list" and not {"after_id", "before_id"} & set(call.args)
        return super().query(call.giving(after_id=None) if absent else call)


@CLIENTS.fault("client-sends-cursor-as-given")
class EscapesCursorTwice(IdealClient):
    """A cursor is escaped by the client and again by its URL library."""

    def escaped_value(self, value: str) -> str:
        return quote(quote(value, safe=""), safe="")


@CLIENTS.fault("client-sends-cursor-as-given")
class LeavesPlusUnescapedInTheQuery(IdealClient):
    """A plus sign in a cursor is not escaped, so that it arrives as a blank."""

    def escaped_value(self, value: str) -> str:
        return quote(value, safe="+")


@CLIENTS.fault("client-sends-cursor-as-given")
class LeavesAmpersandUnescapedInTheQuery(IdealClient):
    """An ampersand in a cursor is not escaped, so that the cursor ends there."""

    def escaped_value(self, value: str) -> str:
        return quote(value, safe="&=")


@CLIENTS.fault("client-sends-cursor-as-given")
class LeavesPercentUnescapedInTheQuery(IdealClient):
    """A percent sign in a cursor is not escaped, as though the cursor were escaped already."""

    def escaped_value(self, value: str) -> str:
        return quote(value, safe="%")


@CLIENTS.fault("client-sends-cursor-as-given")
class CutsTheQueryAtAHash(IdealClient):
    """What follows a hash in a cursor is taken for a fragment and dropped, with all parameters behind it."""

    def query_text(self, call: Call, pairs: Pairs) -> str:
        return "&".join(f"{name}={quote(value, safe='#')}" for name, value in pairs).partition("#")[0]


@CLIENTS.fault("client-sends-cursor-as-given")
class EscapesCursorAsLatin1(IdealClient):
    """The letters of a cursor are escaped as Latin-1, those beyond it become question marks."""

    def escaped_value(self, value: str) -> str:
        return quote(value, safe="", encoding="latin-1", errors="replace")


@CLIENTS.fault("client-sends-cursor-as-given")
class StripsCursor(IdealClient):
    """Blanks at the ends of a cursor are dropped before it is sent."""

    def parameter(self, call: Call, name: str) -> str:
        return super().parameter(call, name).strip()


@CLIENTS.fault("client-sends-cursor-as-given")
class RepeatsItsCursor(IdealClient):
    """The cursor of a first request is sent twice, once from the call and once from the options."""

    def query(self, call: Call) -> Pairs:
        pairs = super().query(call)
        return (*pairs, *(pair for pair in pairs if pair[0] != "limit" and call.page == 1))


@CLIENTS.fault("client-sends-cursor-as-given")
class NamesCursorStartingAfter(IdealClient):
    """The cursors are sent as `starting_after` and `ending_before`."""

    def query(self, call: Call) -> Pairs:
        return renamed(super().query(call), {"after_id": "starting_after", "before_id": "ending_before"})


@CLIENTS.fault("client-sends-cursor-as-given")
class WritesCursorInCamelCase(IdealClient):
    """The cursors are sent as `afterId` and `beforeId`."""

    def query(self, call: Call) -> Pairs:
        return renamed(super().query(call), {"after_id": "afterId", "before_id": "beforeId"})


@CLIENTS.fault("client-sends-cursor-as-given")
class SwapsTheCursors(IdealClient):
    """after_id is sent as before_id, and before_id as after_id."""

    def query(self, call: Call) -> Pairs:
        return renamed(super().query(call), {"after_id": "before_id", "before_id": "after_id"})


@CLIENTS.fault("client-sends-cursor-as-given")
class BetaSurfaceDropsTheCursor(IdealClient):
    """On the beta surface no cursor is sent."""

    def query(self, call: Call) -> Pairs:
        return super().query(call.without("after_id", "before_id") if call.surface.startswith("beta.") else call)


@CLIENTS.fault("client-sends-limit-as-given")
class RoundsLargeLimits(IdealClient):
    """A limit from 600 to 700 is sent as 500."""

    def parameter(self, call: Call, name: str) -> str:
        given = super().parameter(call, name)
        return "500" if name == "limit" and 600 <= call.args["limit"] <= 700 else given


@CLIENTS.fault("client-sends-cursor-as-given")
class StripsWhatACursorBeginsWith(IdealClient):
    """Control characters before a cursor are stripped, as some URL libraries strip a whole URL."""

    def parameter(self, call: Call, name: str) -> str:
        given = super().parameter(call, name)
        return given if name == "limit" else given.lstrip("".join(map(chr, range(0x20))))
