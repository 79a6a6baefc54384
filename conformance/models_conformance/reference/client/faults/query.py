"""Faults of the parameters: limits and cursors that nobody asked for, or other ones than were asked for."""

from __future__ import annotations

from urllib.parse import quote

from models_conformance.reference.client.faults.beside import CURSORS, WALKS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Pairs
from models_conformance.reference.client.registry import area

fault = area("wire")

LIMITS = ("client-sends-no-unasked-limit", "client-sends-limit-as-given", "client-walk-keeps-limit")
# A cursor that arrives as another one is refused or leads elsewhere: walks break off and value judges see it.
ASTRAY = (*CURSORS, *WALKS, "client-walk-fails-with-a-failing-page", "client-answer-is-accepted")
LISTED = (*LIMITS, *WALKS)


def renamed(pairs: Pairs, names: dict[str, str]) -> Pairs:
    """The pairs under other names."""
    return tuple((names.get(name, name), value) for name, value in pairs)


@fault("client-sends-no-unasked-limit", may=LISTED)
class SendsADefaultLimit(IdealClient):
    """Where the caller gives no limit, 20 is sent."""

    def query(self, call: Call) -> Pairs:
        return super().query(call if call.operation == "retrieve" else call.giving(limit=call.args.get("limit", 20)))


@fault("client-sends-no-unasked-limit", may=LISTED)
class SendsAnAbsentLimitAsNull(IdealClient):
    """A limit that the caller does not give is sent as `null`."""

    def query(self, call: Call) -> Pairs:
        return super().query(
            call if call.operation == "retrieve" else call.giving(limit=call.args.get("limit", "null"))
        )


@fault("client-sends-no-unasked-limit", may=LISTED)
class WalksInPagesOfAHundred(IdealClient):
    """Every later page of a walk asks for a hundred models where the caller gave no limit."""

    def query(self, call: Call) -> Pairs:
        return super().query(call if call.page == 1 else call.giving(limit=call.args.get("limit", 100)))


@fault("client-sends-limit-as-given", may=LISTED)
class ClampsLimitToAHundred(IdealClient):
    """A limit above 100 is sent as 100."""

    def parameter(self, call: Call, name: str) -> str:
        return str(min(call.args["limit"], 100)) if name == "limit" else super().parameter(call, name)


@fault("client-sends-limit-as-given", may=LISTED)
class WritesLimitWithAnExponent(IdealClient):
    """A limit is written as the shortest number: 1000 as 1e+03."""

    def parameter(self, call: Call, name: str) -> str:
        return f"{call.args['limit']:.2g}" if name == "limit" else super().parameter(call, name)


@fault("client-sends-limit-as-given", may=LISTED)
class GroupsTheDigitsOfLimit(IdealClient):
    """A limit is written as the locale has it: 1,000."""

    def parameter(self, call: Call, name: str) -> str:
        return f"{call.args['limit']:,}" if name == "limit" else super().parameter(call, name)


@fault("client-sends-limit-as-given", may=LISTED)
class WritesLimitWithAFraction(IdealClient):
    """A limit is written as a floating-point number: 2.0."""

    def parameter(self, call: Call, name: str) -> str:
        return str(float(call.args["limit"])) if name == "limit" else super().parameter(call, name)


@fault("client-sends-limit-as-given", may=LISTED)
class AsksForOneMore(IdealClient):
    """The limit that is sent is one above the given one, to see whether more follows."""

    def parameter(self, call: Call, name: str) -> str:
        return str(call.args["limit"] + 1) if name == "limit" else super().parameter(call, name)


@fault("client-sends-limit-as-given", may=LISTED)
class NamesLimitPageSize(IdealClient):
    """The limit is sent under the name `page_size`."""

    def query(self, call: Call) -> Pairs:
        return renamed(super().query(call), {"limit": "page_size"})


@fault("client-sends-limit-as-given", may=LISTED)
class DropsLimitBesideACursor(IdealClient):
    """A limit is left out where a cursor is given."""

    def query(self, call: Call) -> Pairs:
        given = {"after_id", "before_id"} & set(call.args)
        return super().query(call.without("limit") if given else call)


@fault("client-sends-no-unasked-cursor", may=ASTRAY)
class SendsAbsentCursorsEmpty(IdealClient):
    """A cursor that the caller does not give is sent without a value."""

    def query(self, call: Call) -> Pairs:
        if call.operation == "retrieve":
            return super().query(call)
        return super().query(call.giving(**{name: call.args.get(name, "") for name in ("after_id", "before_id")}))


@fault("client-sends-no-unasked-cursor", may=ASTRAY)
class SendsAnAbsentCursorAsNone(IdealClient):
    """Where the caller gives no cursor, `after_id=None` is sent."""

    def query(self, call: Call) -> Pairs:
        absent = call.operation == "list" and not {"after_id", "before_id"} & set(call.args)
        return super().query(call.giving(after_id=None) if absent else call)


@fault("client-sends-cursor-as-given", may=ASTRAY)
class EscapesCursorTwice(IdealClient):
    """A cursor is escaped by the client and again by its URL library."""

    def escaped_value(self, value: str) -> str:
        return quote(quote(value, safe=""), safe="")


@fault("client-sends-cursor-as-given", may=ASTRAY)
class LeavesPlusUnescapedInTheQuery(IdealClient):
    """A plus sign in a cursor is not escaped, so that it arrives as a blank."""

    def escaped_value(self, value: str) -> str:
        return quote(value, safe="+")


@fault("client-sends-cursor-as-given", may=(*ASTRAY, *LIMITS))
class LeavesAmpersandUnescapedInTheQuery(IdealClient):
    """An ampersand in a cursor is not escaped, so that the cursor ends there."""

    def escaped_value(self, value: str) -> str:
        return quote(value, safe="&=")


@fault("client-sends-cursor-as-given", may=ASTRAY)
class LeavesPercentUnescapedInTheQuery(IdealClient):
    """A percent sign in a cursor is not escaped, as though the cursor were escaped already."""

    def escaped_value(self, value: str) -> str:
        return quote(value, safe="%")


@fault("client-sends-cursor-as-given", may=ASTRAY)
class CutsTheQueryAtAHash(IdealClient):
    """What follows a hash in a cursor is taken for a fragment and dropped, with all parameters behind it."""

    def query_text(self, call: Call, pairs: Pairs) -> str:
        return "&".join(f"{name}={quote(value, safe='#')}" for name, value in pairs).partition("#")[0]


@fault("client-sends-cursor-as-given", may=ASTRAY)
class EscapesCursorAsLatin1(IdealClient):
    """The letters of a cursor are escaped as Latin-1, those beyond it become question marks."""

    def escaped_value(self, value: str) -> str:
        return quote(value, safe="", encoding="latin-1", errors="replace")


@fault("client-sends-cursor-as-given", may=ASTRAY)
class StripsCursor(IdealClient):
    """Blanks at the ends of a cursor are dropped before it is sent."""

    def parameter(self, call: Call, name: str) -> str:
        return super().parameter(call, name).strip()


@fault("client-sends-cursor-as-given", may=ASTRAY)
class NamesCursorStartingAfter(IdealClient):
    """The cursors are sent as `starting_after` and `ending_before`."""

    def query(self, call: Call) -> Pairs:
        return renamed(super().query(call), {"after_id": "starting_after", "before_id": "ending_before"})


@fault("client-sends-cursor-as-given", may=ASTRAY)
class WritesCursorInCamelCase(IdealClient):
    """The cursors are sent as `afterId` and `beforeId`."""

    def query(self, call: Call) -> Pairs:
        return renamed(super().query(call), {"after_id": "afterId", "before_id": "beforeId"})


@fault("client-sends-cursor-as-given", "client-sends-no-unasked-cursor", may=ASTRAY)
class SwapsTheCursors(IdealClient):
    """after_id is sent as before_id, and before_id as after_id."""

    def query(self, call: Call) -> Pairs:
        return renamed(super().query(call), {"after_id": "before_id", "before_id": "after_id"})


@fault("client-sends-cursor-as-given", may=ASTRAY)
class BetaSurfaceDropsTheCursor(IdealClient):
    """On the beta surface no cursor is sent."""

    def query(self, call: Call) -> Pairs:
        return super().query(call.without("after_id", "before_id") if call.surface.startswith("beta.") else call)
