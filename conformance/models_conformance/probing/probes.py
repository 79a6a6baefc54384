"""Fixed questions beside the sweep: ends of the list, retrievals, credentials, betas, odd values, old usage.

Which requests these are depends only on the contract and on the ids the server has shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from random import Random

from models_conformance.evidence.exchange_reading import NO_SUCH
from models_conformance.probing.parts import Part
from models_conformance.probing.request_specs import (
    CredentialKind,
    RequestSpec,
    encode,
    list_request,
    literal,
    octets,
    retrieve_request,
)

UNKNOWN_ID = f"{NO_SUCH}-model"
UNKNOWN_BETA = f"{NO_SUCH}-beta-2020-01-01"
_RETRIEVED = 24
# Of a list this short, every id is retrieved.
_ALL_RETRIEVED = 30
# Shorter ids, cut by a character, may well be somebody's alias.
_SHORT_ID = 4
# Two that are found are no accident.
_PARTS = 2
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
_FOREIGN_QUERY = (("page", "2"), ("offset", "3"), ("order", "asc"), ("sort", "id"), ("q", "x"), ("cursor", "x"))


@dataclass(frozen=True)
class Probes:
    """Questions about a list with these ids. `special` are positions of unusual ids, `aliases` declared ones.

    `other_versions` are documented versions beside the one that ordinary questions name, `headers` optional ones.
    """

    ids: Sequence[str]
    special: Sequence[int]
    betas: Sequence[str]
    aliases: Sequence[str]
    other_versions: Sequence[str]
    headers: Sequence[str]
    minimum: int
    default: int
    maximum: int
    random: Random

    @property
    def _middle(self) -> str:
        return self.ids[len(self.ids) // 2]

    def of(self, part: Part, ordinary: str) -> Iterable[RequestSpec]:
        """What is certainly asked in a part, as far as it is known beforehand. `ordinary` is the usual credential."""
        match part:
            case "ends of the list":
                return self.ends()
            case "retrieve":
                return chain(self.retrievals(), self.unknown_ids())
            case "credentials":
                return self.credentials(ordinary)
            case "betas":
                return self.beta_lists()
            case "limits outside the range":
                return self.odd_limits()
            case "odd cursors":
                return self.odd_cursors()
            case "compatibility":
                return self.compatibility()
            case "malformed requests":
                return self.malformed()
            case _:
                return ()

    def ends(self) -> Iterator[RequestSpec]:
        """Past either end, next to it, and pages without a limit that end exactly where the list does."""
        if not self.ids:
            return
        count, first, last = len(self.ids), self.ids[0], self.ids[-1]
        yield from (
            list_request(after=last),
            list_request(before=first),
            list_request(after=first),
            list_request(before=last),
        )
        if self.betas:
            yield list_request(limit=3, after=last).with_betas(self.betas[0])
            yield list_request(limit=3, before=first).with_betas(self.betas[0])
        yield list_request(limit=self.maximum, before=last)
        yield list_request(limit=self.maximum, after=first)
        for remaining in (self.default, self.default + 1):
            if remaining < count:
                yield list_request(after=self.ids[count - 1 - remaining])
                yield list_request(before=self.ids[remaining])

    def retrievals(self) -> Iterator[RequestSpec]:
        """Listed ids: all of a short list, else both ends, unusual ones and some between.

        The first few go out plain, the others each with another single beta; the caller asks again without
        it where the answer is not what the list says.
        """
        count = len(self.ids)
        most = count if count <= _ALL_RETRIEVED else _RETRIEVED
        drawn = self.random.sample(range(count), most)
        plain = [0, count - 1, *self.special[: _RETRIEVED // 2]] if count else []
        wanted = list(dict.fromkeys([*plain, 1 % count, *drawn] if count else []))
        wanted = wanted[: max(most, len(set(plain)))]
        betas = list(self.betas)
        for place, index in enumerate(wanted):
            spec = retrieve_request(self.ids[index])
            alone = place >= min(4, count) and betas and index not in self.special
            yield spec.with_betas(betas.pop(0)) if alone else spec
            if literal(self.ids[index]) != encode(self.ids[index]):
                yield RequestSpec(path="/" + literal(self.ids[index]))
        if count:
            yield from (retrieve_request(self.ids[-1]).with_betas(beta) for beta in betas)
            escapes = octets(self.ids[0]).hex("%").upper()
            yield RequestSpec(path=f"/%{escapes}" if escapes else "/")
            yield retrieve_request(self.ids[0]).with_betas(UNKNOWN_BETA)
            yield retrieve_request(self.ids[-1]).with_betas(*self.betas)

    def each_beta(self, spec: RequestSpec) -> Iterator[RequestSpec]:
        """The same question with every documented beta alone."""
        return (spec.with_betas(beta) for beta in self.betas)

    def unknown_ids(self) -> Iterator[RequestSpec]:
        """Invented ids, and listed ones made longer or shorter."""
        yield retrieve_request(UNKNOWN_ID)
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
        """Every credential but the ordinary one, and versions, for both operations."""
        plain = [list_request()] + ([retrieve_request(self.ids[0])] if self.ids else [])
        for spec in plain:
            yield from (replace(spec, credential=kind) for kind in _CREDENTIALS if kind != ordinary)
            yield replace(spec, version=None)
        yield replace(list_request(), credential="foreign")
        yield replace(list_request(), credential="empty")
        yield from (replace(list_request(), version=version) for version in self.other_versions)
        yield replace(list_request(), version="not-a-date")
        yield from (replace(list_request(), headers=((name, f"{NO_SUCH}-value"),)) for name in self.headers)
        yield replace(plain[0], title_case=True)

    def beta_lists(self) -> Iterator[RequestSpec]:
        """All betas in each form, unknown and empty ones; single ones ride on the sweep and on retrievals."""
        betas, plain = self.betas, list_request()
        yield plain
        yield plain.with_betas(*betas)
        yield plain.with_betas(*reversed(betas))
        yield plain.with_betas(*betas, form="comma-blank")
        yield plain.with_betas(*betas, form="lines")
        yield plain.with_betas(*betas[:2])
        yield plain.with_betas(*betas[:2], form="lines")
        yield list_request(limit=self.maximum).with_betas(*betas[-1:])
        yield plain.with_betas(UNKNOWN_BETA)
        yield plain.with_betas(*betas[:1], UNKNOWN_BETA)
        yield plain.with_betas("")

    def odd_limits(self) -> Iterator[RequestSpec]:
        """Outside the range, words, and spellings that mean different things to different servers."""
        outside = (self.minimum - 1, self.maximum + 1, -1, 10**20, "abc")
        yield from (list_request(limit=limit) for limit in (*outside, "", "1.5", "NaN", "５"))
        if self.ids:
            yield list_request(limit=self.minimum - 1, after=self.ids[0])
            yield list_request(limit=self.maximum + 1, before=self.ids[-1])
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

    def malformed(self) -> Iterator[RequestSpec]:
        """What a server, or what stands in front of it, may break on: nothing that comes after it proves anything."""
        yield list_request().with_betas(f"{UNKNOWN_BETA}-{_LONG}")
        yield from (list_request(limit=2, after=cursor) for cursor in (_LONG, _UNDECODABLE, "\x00"))
        yield from (RequestSpec(path=path) for path in ("/", f"/{_LONG}", "/%zz", "/%00", "/%FF%FE"))

    def compatibility(self) -> Iterator[RequestSpec]:
        """What older SDKs and other APIs' clients send, next to the same questions without."""
        beta = (("beta", "true"),)
        yield RequestSpec(beta)
        yield RequestSpec((*_FOREIGN_QUERY, ("limit", str(self.maximum))))
        yield replace(list_request(), headers=_SDK_HEADERS)
        if self.ids:
            for spec in (list_request(limit=3, after=self._middle), list_request(limit=3, before=self._middle)):
                yield spec
                yield replace(spec, query=(*spec.query, *beta, (f"{NO_SUCH}-parameter", "1")))
            yield replace(retrieve_request(self.ids[0]), query=beta)
            yield replace(retrieve_request(self.ids[0]), headers=_SDK_HEADERS)
            yield replace(retrieve_request(self.ids[0]), method="HEAD")
        yield from (replace(list_request(), method=method) for method in ("HEAD", "POST"))

    def again(self) -> list[RequestSpec]:
        """Questions asked before, one of each kind."""
        specs = [list_request(), list_request(limit=self.maximum), retrieve_request(UNKNOWN_ID)]
        if self.ids:
            specs += [list_request(limit=3, after=self._middle), list_request(limit=3, before=self._middle)]
            specs += [retrieve_request(self.ids[0]), list_request(after=self.ids[-1])]
        if self.aliases:
            specs += [retrieve_request(self.aliases[0])] * _ALIAS_AGAIN
        # Last of all whether the list is still the same.
        return [*specs, list_request(limit=self.maximum)]


def special_positions(ids: Sequence[str], dates: dict[str, str | None]) -> list[int]:
    """Positions where servers go wrong first: ids with characters that others lack, equal and unknown dates."""
    seen: set[str] = set()
    found = []
    for index, model in enumerate(ids):
        kinds = {character for character in model if not character.isalnum() or not character.isascii()}
        kinds |= {"upper"} if model != model.lower() else set()
        tied = index > 0 and dates[model] == dates[ids[index - 1]] and "tie" not in seen
        if kinds - seen or tied:
            seen |= kinds | ({"tie"} if tied else set())
            found.append(index)
    return found
