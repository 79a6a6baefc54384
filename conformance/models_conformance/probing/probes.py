"""Fixed questions beside the sweep: ends of the list, retrievals, credentials, betas, odd values, old usage.

Which requests these are depends only on the contract and on the ids the server has shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from random import Random
from typing import Literal

from models_conformance.contract.points import Limits
from models_conformance.evidence.exchange_reading import NO_SUCH
from models_conformance.probing.request_specs import (
    CredentialKind,
    RequestSpec,
    encode,
    list_request,
    literal,
    octets,
    retrieve_request,
)

Part = Literal[
    "opening",
    "reading the list",
    "ends of the list",
    "walks",
    "retrieve",
    "credentials",
    "betas",
    "limits outside the range",
    "compatibility",
    "limits and cursors",
    "generated requests",
    "odd cursors",
    "asking again",
    "filters",
    "malformed requests",
]
"""What questions of a run are for. Which of them an area of requirements needs: with `--only`, no others are sent."""

_ALWAYS: frozenset[Part] = frozenset({"opening", "reading the list"})
_PAGES: frozenset[Part] = frozenset(
    {"ends of the list", "walks", "limits and cursors", "generated requests", "asking again"}
)
# What is judged by whatever comes back (transport, envelope, errors, repeat), and betas, which are judged by what comes
# without one, are not here: they need all of it.
_NEEDS: Mapping[str, frozenset[Part]] = {
    "order": _PAGES,
    "has-more": _PAGES,
    "walk": _PAGES,
    "limit": _PAGES | {"limits outside the range"},
    "cursor": _PAGES | {"odd cursors", "malformed requests"},
    "retrieve": frozenset({"retrieve", "generated requests", "asking again", "malformed requests"}),
    "credentials": frozenset({"credentials"}),
    "compatibility": frozenset({"compatibility"}),
    "filter": frozenset({"filters"}),
}

UNKNOWN_ID = f"{NO_SUCH}-model"
UNKNOWN_BETA = f"{NO_SUCH}-beta-2020-01-01"
_RETRIEVED = 18
# Of a list this short, every id is retrieved.
_ALL_RETRIEVED = 30
# Shorter ids, cut by a character, may well be somebody's alias.
_SHORT_ID = 4
# Longer ones may not fit where others do.
_LONG_ID = 32
# Two that are found are not an accident.
_PARTS = 2
_FIRST_SPECIAL = 2
_CREDENTIALS: tuple[CredentialKind, ...] = ("none", "wrong", "wrong-bearer", "bearer", "key")
# How often an alias is asked for in all: enough to see one that answers otherwise every fourth time.
_ALIAS_AGAIN = 2
_ALIASES = 6
_DATED = re.compile(r"(?P<base>.+)-\d{8}")
# What ids may hold and careless servers trip over: separators, escapes, other scripts, quoting of every kind.
_ODD_ENDINGS = ("/x", " ü✓😀", "?x=1&y#z%2F:@+", "'\";--\\<>{}()|`$*")
_UNDECODABLE = "\udcff\udcfe"
_LONG = "a" * 4000
_SDK_HEADERS = (
    ("x-stainless-lang", "python"),
    ("x-stainless-package-version", "0.0.0"),
    ("x-stainless-retry-count", "0"),
    ("anthropic-dangerous-direct-browser-access", "true"),
    (f"x-{NO_SUCH}-header", "1"),
)
_OLD_QUERY = (("beta", "true"),)
_FOREIGN_QUERY = (("page", "2"), ("offset", "3"), ("order", "asc"), ("sort", "id"), ("q", "x"), ("cursor", "x"))


PlannedRequest = tuple[Part, RequestSpec]
"""A request, and the part of a run that it is for."""


def parts_for(areas: Iterable[str]) -> frozenset[Part] | None:
    """The parts that these areas need; None where they need the whole run."""
    needed = _ALWAYS
    for area in areas:
        if area not in _NEEDS:
            return None
        needed |= _NEEDS[area]
    return needed


def _for(part: Part, *specs: RequestSpec) -> Iterator[PlannedRequest]:
    return ((part, spec) for spec in specs)


@dataclass(frozen=True)
class Probes:
    """Questions about a list with these ids. `special` are positions of unusual ids, `tied` those that are as old as
    the one before them, `aliases` declared ones.

    `other_versions` are documented versions beside the one that ordinary questions name, `headers` optional ones.
    """

    ids: Sequence[str]
    special: Sequence[int]
    tied: frozenset[int]
    betas: Sequence[str]
    aliases: Sequence[str]
    other_versions: Sequence[str]
    headers: Sequence[str]
    limits: Limits
    random: Random

    @property
    def _middle(self) -> str:
        return self.ids[len(self.ids) // 2]

    @property
    def _unusual(self) -> list[int]:
        # The first model differs from none before it.
        return [at for at in self.special if at]

    def first_of_each_kind(self, ordinary: str) -> Iterator[PlannedRequest]:
        """One question of each kind that is documented: what tells most while little was asked yet.

        Most pages carry a beta of their own: they are known without.
        """
        betas = iter(self.betas)

        def riding(spec: RequestSpec) -> RequestSpec:
            beta = next(betas, None)
            return spec if beta is None else spec.with_betas(beta)

        ids, plain = self.ids, list_request()
        if ids:
            count, first, last = len(ids), ids[0], ids[-1]
            yield from _for("ends of the list", list_request(after=last), list_request(before=first))
            yield "limits and cursors", riding(list_request(limit=self.limits.minimum))
            yield "retrieve", retrieve_request(first)
            yield "retrieve", retrieve_request(UNKNOWN_ID)
            yield "limits and cursors", riding(list_request(limit=self.limits.minimum + 1))
            yield "limits and cursors", riding(list_request(limit=self.limits.minimum, after=ids[count // 3]))
            yield "limits and cursors", riding(list_request(limit=self.limits.minimum, before=ids[-1 - count // 3]))
            if count > 1:
                yield "limits and cursors", riding(list_request(limit=self.limits.minimum + 1, before=ids[1]))
            yield "credentials", replace(plain, title_case=True)
            yield "compatibility", list_request(limit=3, after=self._middle)
            yield "compatibility", list_request(limit=3, before=self._middle)
            if self.limits.default < count:
                yield "ends of the list", riding(list_request(after=ids[count - 1 - self.limits.default]))
                yield "ends of the list", riding(list_request(before=ids[self.limits.default]))
            yield from _for("limits and cursors", *(riding(list_request(limit=limit)) for limit in (100, count)))
            yield from _for("limits and cursors", *map(riding, self._around_special()))
            yield "retrieve", riding(retrieve_request(last))
            yield from _for("retrieve", *map(retrieve_request, islice(self._oddly_spelt(), 1)))
            yield from _for("retrieve", *map(retrieve_request, self.alias_names()[:2]))
        yield "betas", plain.with_betas(*self.betas)
        # Where nothing is listed, it was not asked yet.
        yield from _for("credentials", replace(plain, title_case=True), replace(plain, version=None))
        yield from _for("credentials", *(replace(plain, credential=kind) for kind in _CREDENTIALS if kind != ordinary))
        yield from _for(
            "limits outside the range",
            list_request(limit=self.limits.minimum - 1),
            list_request(limit=self.limits.maximum + 1),
        )
        yield "compatibility", RequestSpec(_OLD_QUERY)
        yield "compatibility", replace(plain, headers=_SDK_HEADERS)

    def _oddly_spelt(self) -> Iterator[str]:
        """The unusual ids: equal dates are nothing to a retrieval."""
        pairs = ((self.ids[0], self.ids[at]) for at in self._unusual)
        return (model for first, model in pairs if 1 in special_positions((first, model), ()))

    def _around_special(self) -> Iterator[RequestSpec]:
        """Pages on both sides of the first unusual models, and from one to the other of two that are as old."""
        for at in self._unusual[:_FIRST_SPECIAL]:
            yield list_request(limit=2, before=self.ids[at])
            yield list_request(limit=2, after=self.ids[at - 1 if at in self.tied else at])

    def documented(self, ordinary: str) -> list[Iterable[PlannedRequest]]:
        """What else is asked beside pages and is documented, by kinds: some of each is asked in turn."""
        return [
            _for("retrieve", *self.retrievals()),
            _for("retrieve", *self.unknown_ids()),
            _for("betas", *self.beta_lists()),
            _for("credentials", *self.credentials(ordinary)),
            _for("compatibility", *self.compatibility()),
        ]

    def undocumented(self) -> Iterator[PlannedRequest]:
        """What is undocumented."""
        yield from _for("limits outside the range", *self.odd_limits())
        yield from _for("odd cursors", *self.odd_cursors())
        yield from _for("compatibility", *self.other_methods(), *self.of_browsers_and_caches())
        yield "credentials", replace(list_request(), credential="bearer-in-small-letters")

    def ends(self) -> Iterator[RequestSpec]:
        """Next to either end, and past it; pages without a limit that end one before the end of the list."""
        if not self.ids:
            return
        count, first, last = len(self.ids), self.ids[0], self.ids[-1]
        if self.betas:
            yield list_request(limit=3, after=last).with_betas(self.betas[0])
            yield list_request(limit=3, before=first).with_betas(self.betas[0])
        yield list_request(after=first)
        yield list_request(before=last)
        yield list_request(limit=self.limits.maximum, after=first)
        yield list_request(limit=self.limits.maximum, before=last)
        if self.limits.default + 1 < count:
            yield list_request(after=self.ids[count - 2 - self.limits.default])
            yield list_request(before=self.ids[self.limits.default + 1])

    def retrievals(self) -> Iterator[RequestSpec]:
        """Listed ids: all of a short list, else both ends, unusual ones and some between.

        The first few go out plain, the others each with further betas; the caller asks again without them where the
        answer is not what the list says.
        """
        count = len(self.ids)
        most = count if count <= _ALL_RETRIEVED else _RETRIEVED
        drawn = self.random.sample(range(count), most)
        plain = [0, count - 1, *self.special[: _RETRIEVED // 2]] if count else []
        wanted = list(dict.fromkeys([*plain, 1 % count, *drawn] if count else []))
        wanted = wanted[: max(most, len(set(plain)))]
        pairs = [self.betas[at : at + 2] for at in range(0, len(self.betas), 2)]
        for place, index in enumerate(wanted):
            spec = retrieve_request(self.ids[index])
            alone = place >= min(4, count) and pairs and index not in self.special
            yield spec.with_betas(*pairs.pop(0)) if alone else spec
            if literal(self.ids[index]) != encode(self.ids[index]):
                yield RequestSpec(path="/" + literal(self.ids[index]))
        if count:
            yield from (retrieve_request(self.ids[-1]).with_betas(*pair) for pair in pairs)
            escapes = octets(self.ids[0]).hex("%").upper()
            yield RequestSpec(path=f"/%{escapes}" if escapes else "/")
            yield retrieve_request(self.ids[0]).with_betas(UNKNOWN_BETA)
            yield retrieve_request(self.ids[-1]).with_betas(*self.betas)
            yield from map(retrieve_request, self.alias_names())

    def unknown_ids(self) -> Iterator[RequestSpec]:
        """Invented ids, and listed ones made longer or shorter."""
        if self.ids:
            # Servers that match a prefix, or the last part of a path, find these.
            yield retrieve_request(f"{self.ids[0]}-{UNKNOWN_ID}")
            yield retrieve_request(f"{UNKNOWN_ID}/{self.ids[-1]}")
        for cut in (slice(None, -1), slice(1, None)):
            known = {*self.ids}
            parts = (model[cut] for model in [*self.ids[-1:], *self.ids[:-1]] if len(model) > _SHORT_ID)
            # A part that another id is says nothing.
            yield from map(retrieve_request, islice(dict.fromkeys(part for part in parts if part not in known), _PARTS))
        yield from (retrieve_request(UNKNOWN_ID + odd) for odd in _ODD_ENDINGS)

    def alias_names(self) -> list[str]:
        """Declared aliases, else names of the shape that aliases usually have."""
        if self.aliases:
            return list(self.aliases[:_ALIASES])
        bases = [match["base"] for match in map(_DATED.fullmatch, self.ids) if match]
        guesses = [name for base in bases[:2] for name in (base, f"{base}-latest")]
        return [name for name in dict.fromkeys(guesses) if name not in self.ids]

    def credentials(self, ordinary: str) -> Iterator[RequestSpec]:
        """Every credential but the ordinary one, and versions, of what was not asked for in all of these ways."""
        if self.ids:
            spec = retrieve_request(self.ids[0])
            yield from (replace(spec, credential=kind) for kind in _CREDENTIALS if kind != ordinary)
            yield replace(spec, version=None)
        yield replace(list_request(), credential="foreign")
        yield replace(list_request(), credential="empty")
        yield from (replace(list_request(), version=version) for version in self.other_versions)
        yield replace(list_request(), version="not-a-date")
        yield from (replace(list_request(), headers=((name, f"{NO_SUCH}-value"),)) for name in self.headers)

    def beta_lists(self) -> Iterator[RequestSpec]:
        """All betas in each form, unknown and empty ones; single ones ride on pages."""
        betas, plain = self.betas, list_request()
        yield plain.with_betas(*reversed(betas))
        yield plain.with_betas(UNKNOWN_BETA)
        yield plain.with_betas(*betas, form="lines")
        yield plain.with_betas(*betas, form="comma-blank")
        yield plain.with_betas(*betas[:2])
        yield plain.with_betas(*betas[:2], form="lines")
        yield list_request(limit=self.limits.maximum).with_betas(*betas[-1:])
        yield plain.with_betas(*betas[:1], UNKNOWN_BETA)
        yield plain.with_betas("")

    def odd_limits(self) -> Iterator[RequestSpec]:
        """Outside the range, words, and spellings that mean different things to different servers."""
        yield from (list_request(limit=limit) for limit in (-1, 10**20, "abc", "", "1.5", "NaN", "５"))
        if self.ids:
            yield list_request(limit=self.limits.minimum - 1, after=self.ids[0])
            # With a beta, too: what a server reads otherwise then is known without by now.
            beyond = list_request(limit=self.limits.maximum + 1, before=self.ids[-1])
            yield beyond.with_betas(self.betas[0]) if self.betas else beyond
        yield RequestSpec((("limit", "2"), ("limit", "3")))

    def odd_cursors(self) -> Iterator[RequestSpec]:
        """Cursors that no list holds, and more than one."""
        for cursor in (UNKNOWN_ID, "", "ü✓😀 /?&#%2F+", _ODD_ENDINGS[-1]):
            yield list_request(limit=2, after=cursor)
        yield list_request(limit=2, before=UNKNOWN_ID)
        yield list_request(limit=2, before="")
        if len(self.ids) > 2:
            first, last = self.ids[0], self.ids[-1]
            yield list_request(after=first, before=last)
            yield list_request(limit=2, after=last, before=first)
            yield RequestSpec((("after_id", first), ("after_id", last)))

    def other_methods(self) -> Iterator[RequestSpec]:
        """Reading and writing in other ways than GET."""
        if self.ids:
            yield replace(retrieve_request(self.ids[0]), method="HEAD")
        yield from (replace(list_request(), method=method) for method in ("HEAD", "POST"))

    def of_browsers_and_caches(self) -> Iterator[RequestSpec]:
        """A validator that no answer had, and a page of another origin: its question, and what it asks before."""
        plain, origin = list_request(), ("origin", f"https://{NO_SUCH}.example")
        yield replace(plain, headers=(("if-none-match", f'"{NO_SUCH}-validator"'),))
        yield replace(plain, headers=(origin,))
        preflight = (("access-control-request-method", "GET"), ("access-control-request-headers", "x-api-key"))
        yield replace(plain, method="OPTIONS", credential="none", version=None, headers=(origin, *preflight))

    def malformed(self) -> Iterator[RequestSpec]:
        """What a server, or what stands in front of it, may break on: nothing that comes after it proves anything."""
        yield list_request().with_betas(f"{UNKNOWN_BETA}-{_LONG}")
        yield from (list_request(limit=2, after=cursor) for cursor in (_LONG, _UNDECODABLE, "\x00"))
        yield from (RequestSpec(path=path) for path in ("/", f"/{_LONG}", "/%zz", "/%00", "/%FF%FE"))

    def compatibility(self) -> Iterator[RequestSpec]:
        """What older SDKs and other APIs' clients send, of questions that are asked without as well."""
        yield RequestSpec((*_FOREIGN_QUERY, ("limit", str(self.limits.maximum))))
        if self.ids:
            for spec in (list_request(limit=3, after=self._middle), list_request(limit=3, before=self._middle)):
                yield replace(spec, query=(*spec.query, *_OLD_QUERY, (f"{NO_SUCH}-parameter", "1")))
            yield replace(retrieve_request(self.ids[0]), query=_OLD_QUERY)
            yield replace(retrieve_request(self.ids[0]), headers=_SDK_HEADERS)

    def again(self) -> list[RequestSpec]:
        """Questions asked before, one of each kind."""
        specs = [list_request(), list_request(limit=self.limits.maximum), retrieve_request(UNKNOWN_ID)]
        if self.ids:
            specs += [list_request(limit=3, after=self._middle), list_request(limit=3, before=self._middle)]
            specs += [retrieve_request(self.ids[0]), list_request(after=self.ids[-1])]
        if self.aliases:
            specs += [retrieve_request(self.aliases[0])] * _ALIAS_AGAIN
        # Last of all whether the list is still the same.
        return [*specs, list_request(limit=self.limits.maximum)]


def special_positions(ids: Sequence[str], tied: Collection[int]) -> list[int]:
    """Positions where servers go wrong first: ids with characters that others lack, the longest one, equal dates."""
    seen: set[str] = set()
    found = []
    longest = max(ids, key=len, default="")
    for index, model in enumerate(ids):
        kinds = {character for character in model if not character.isalnum() or not character.isascii()}
        kinds |= {"upper"} if model != model.lower() else set()
        if model == longest and len(model) > _LONG_ID:
            kinds.add("longest")
        if index in tied:
            kinds.add("tie")
        if kinds - seen:
            seen |= kinds
            found.append(index)
    return found
