"""Exploring a server: which requests are sent, in which order, to exercise every requirement.

Nothing is judged here. What is asked next depends only on what a client can know: the ids it was told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from conformance.contract.model import Contract
from conformance.evidence.reading import NO_SUCH, Page, Reading
from conformance.generators.asks import Ask, encode, list_ask, literal, retrieve_ask
from conformance.generators.coverage import Cell, Coverage, limits_to_try, positions_to_try
from conformance.generators.strategies import Known
from conformance.options import Unreachable
from conformance.subjects.generated import run_examples, run_machine
from conformance.subjects.session import Session, SessionOver

# A default run over a list of ordinary length; what a long list costs to read comes on top.
_PLANNED_REQUESTS = 246
# No catalogue of models is as long as this many full pages (100,000 models are 100).
_DISCOVERY_PAGES = 128
_WALK_PAGES = 12
_RETRIEVED = 14
_DATED = re.compile(r"(?P<base>.+)-\d{8}")
_UNKNOWN_ID = f"{NO_SUCH}-model"
_UNKNOWN_BETA = f"{NO_SUCH}-beta-2020-01-01"
# What ids may hold and careless servers trip over: separators, escapes, other scripts, quoting of every kind.
_ODD_ENDINGS = ("/x", " x", "-ü✓", "?x=1&y#z", "%2F:@+", "'\";--\\<>{}()|`$*")
_SDK_HEADERS = (
    ("x-stainless-lang", "python"),
    ("x-stainless-package-version", "0.0.0"),
    ("x-stainless-retry-count", "0"),
    ("anthropic-dangerous-direct-browser-access", "true"),
    ("x-no-such-header", "1"),
)


class Exploration:
    """One run against one server. `announce` is told each phase's name."""

    def __init__(
        self, session: Session, contract: Contract, seed: int, examples: int, announce: Callable[[str], None]
    ) -> None:
        self._session = session
        self._contract = contract
        self._seed = seed
        self._examples = examples
        self._announce = announce
        self._random = Random(seed)
        limit = contract.operations["list"].parameters["limit"]
        self._minimum, self._maximum = limit.minimum or 1, limit.maximum or 1
        self._default = limit.default if isinstance(limit.default, int) else self._minimum
        self._betas = contract.operations["list"].parameters["anthropic-beta"].values
        self._coverage: Coverage | None = None
        self._index: dict[str, int] = {}
        self._special: list[int] = []
        self._discovery_requests = 0
        self.ids: list[str] = []
        self.readable = False

    def run(self) -> str | None:
        """Send everything. Returns why it stopped early, if it did. Raises Unreachable."""
        phases: tuple[tuple[str, Callable[[], None]], ...] = (
            ("opening", self._open),
            ("reading the list", self._discover),
            ("ends of the list", self._ends),
            ("walks", self._walks),
            ("retrieve", self._retrieve),
            ("credentials", self._credentials),
            ("betas", self._beta_header),
            ("limits outside the range", self._odd_limits),
            ("odd cursors", self._odd_cursors),
            ("compatibility", self._compatibility),
            ("limits and cursors", self._sweep),
            ("generated requests", self._generate),
            ("asking again", self._ask_again),
        )
        try:
            for name, phase in phases:
                self._announce(name)
                phase()
        except SessionOver as over:
            return str(over)
        return None

    def _ask(self, ask: Ask) -> Reading:
        reading = self._session.ask(ask)
        self._cover(ask)
        return reading

    def _page(self, ask: Ask) -> Page | None:
        return self._ask(ask).page

    def _cover(self, ask: Ask) -> None:
        """Tell the coverage what this request exercised."""
        query = dict(ask.query)
        if self._coverage is None or ask.path or len(query) != len(ask.query):
            return
        cursor = query.get("after_id", query.get("before_id"))
        if not set(query) <= {"limit", "after_id", "before_id"} or {"after_id", "before_id"} <= set(query):
            return
        if cursor is not None and cursor not in self._index:
            return
        limit = query.get("limit")
        if limit is not None and not limit.isdecimal():
            return
        self._coverage.add(
            Cell(
                "none" if cursor is None else "after" if "after_id" in query else "before",
                None if cursor is None else self._index[cursor],
                None if limit is None else int(limit),
                tuple(index for index, beta in enumerate(self._betas) if beta in (ask.betas or ())),
            )
        )

    def _open(self) -> None:
        """The plainest question. A server that does not answer it, or refuses the key, cannot be judged."""
        first = self._ask(list_ask())
        failure = first.exchange.failure
        if failure is not None and first.exchange.response is None:
            raise Unreachable(failure.detail)
        if first.exchange.response is not None and first.exchange.response.status in (401, 403):
            bearer = self._ask(replace(list_ask(), credential="bearer"))
            if bearer.status != 200:
                raise Unreachable(
                    f"the server refuses the credentials with {first.exchange.response.status}: "
                    "give a valid key with --api-key or in $ANTHROPIC_API_KEY"
                )
            self._session.trace.origin = replace(self._session.trace.origin, credential="bearer")
            first = bearer
        self.readable = first.page is not None

    def _discover(self) -> None:
        """Read the whole list in the largest pages, so that every id is known."""
        before = self._session.sent
        seen: dict[str, None] = {}
        dates: dict[str, str | None] = {}
        for limit in (self._maximum, None):
            cursor, used = None, set()
            for _ in range(_DISCOVERY_PAGES if limit else _WALK_PAGES):
                page = self._page(list_ask(limit=limit, after=cursor))
                if page is None or not page.ids:
                    break
                seen.update(dict.fromkeys(page.ids))
                dates.update((item.id, item.created_at) for item in page.items)
                cursor = page.last_id if isinstance(page.last_id, str) and page.last_id else page.ids[-1]
                if not page.has_more or cursor in used:
                    break
                used.add(cursor)
            if seen or not self.readable:
                break
        self.ids = list(seen)
        self._index = {model: index for index, model in enumerate(self.ids)}
        self._special = _special_positions(self.ids, dates)
        self._discovery_requests = self._session.sent - before
        limits = limits_to_try(len(self.ids), self._minimum, self._default, self._maximum, self._random)
        positions = positions_to_try(len(self.ids), self._special, self._random)
        self._coverage = Coverage(
            len(self.ids), limits, positions, default=self._default, betas=len(self._betas), seed=self._seed
        )

    def _ends(self) -> None:
        """Past either end, and pages without a limit that end exactly where the list does."""
        if not self.ids:
            return
        count = len(self.ids)
        self._ask(list_ask(after=self.ids[-1]))
        self._ask(list_ask(before=self.ids[0]))
        self._ask(list_ask(after=self.ids[0]))
        self._ask(list_ask(before=self.ids[-1]))
        for remaining in (self._default, self._default + 1):
            if remaining < count:
                self._ask(list_ask(after=self.ids[count - 1 - remaining]))
                self._ask(list_ask(before=self.ids[remaining]))

    def _walks(self) -> None:
        """Forward and back at several page sizes, following what the server says."""
        count = len(self.ids)
        if not count:
            return
        if count <= _WALK_PAGES * self._default:
            self._walk(None, backward=False)
        for pages, backward in ((4, False), (6, True), (7, False)):
            limit = min(self._maximum, max(1, -(-count // pages)))
            self._walk(limit, backward)

    def _walk(self, limit: int | None, backward: bool) -> None:
        # A list too long to be walked back whole is walked back from where the head is within reach.
        start = min(len(self.ids) - 1, (_WALK_PAGES - 1) * (limit or self._default)) if backward else 0
        cursor = self.ids[start] if backward else None
        used: set[str] = set()
        for _ in range(_WALK_PAGES):
            ask = list_ask(limit=limit, before=cursor) if backward else list_ask(limit=limit, after=cursor)
            page = self._page(ask)
            if page is None or not page.items or not page.has_more:
                return
            edge = page.first_id if backward else page.last_id
            if not isinstance(edge, str) or not edge or edge in used:
                return
            used.add(edge)
            cursor = edge

    def _retrieve(self) -> None:
        """Listed ids of every kind, invented ones, aliases, and names no server should have to understand."""
        for model in self._retrievable():
            self._ask(retrieve_ask(model))
            if literal(model) != encode(model):
                self._ask(Ask(path="/" + literal(model)))
        if self.ids:
            first, last = self.ids[0], self.ids[-1]
            self._ask(Ask(path="/" + "".join(f"%{byte:02X}" for byte in first.encode())))
            self._ask(retrieve_ask(first).with_betas(_UNKNOWN_BETA))
            for betas in (self._betas[:1], self._betas):
                self._ask(retrieve_ask(last).with_betas(*betas))
        for name in self._invented_ids():
            self._ask(retrieve_ask(name))
        for path in ("/", "/%00", "/%FF%FE", "/%zz", "/%2E%2E", "/" + "a" * 4000):
            self._ask(Ask(path=path))
        for alias in self._aliases():
            answered = self._ask(retrieve_ask(alias))
            if answered.model is not None:
                self._ask(retrieve_ask(alias))
                if answered.model.id not in self._index:
                    self._ask(retrieve_ask(answered.model.id))

    def _retrievable(self) -> list[str]:
        """The first, the last, those with unusual characters, and others spread over the list."""
        count = len(self.ids)
        if not count:
            return []
        spread = [round(step * (count - 1) / 5) for step in range(6)]
        drawn = self._random.sample(range(count), min(count, 2 * _RETRIEVED))
        wanted = [0, count - 1, min(1, count - 1), *self._special[:_RETRIEVED], *spread, *drawn]
        most = _RETRIEVED + min(len(self._special), _RETRIEVED // 2)
        return [self.ids[index] for index in list(dict.fromkeys(wanted))[:most]]

    def _invented_ids(self) -> Iterator[str]:
        yield _UNKNOWN_ID
        if self.ids:
            # Servers that match a prefix or a substring find these.
            yield f"{self.ids[0]}-{_UNKNOWN_ID}"
            yield f"{_UNKNOWN_ID}-{self.ids[-1]}"
        yield from (f"{_UNKNOWN_ID}{odd}" for odd in _ODD_ENDINGS)

    def _aliases(self) -> list[str]:
        """Declared aliases, else the shapes aliases usually have."""
        declared = list(self._session.trace.origin.aliases or {})
        if declared:
            return declared[:8]
        bases = [match["base"] for match in map(_DATED.fullmatch, self.ids) if match]
        guesses = [name for base in bases[:2] for name in (base, f"{base}-latest")]
        return [name for name in dict.fromkeys(guesses) if name not in self._index]

    def _credentials(self) -> None:
        plain = [list_ask()] + ([retrieve_ask(self.ids[0])] if self.ids else [])
        for ask in plain:
            for kind in ("none", "wrong", "wrong-bearer", "bearer", "key"):
                if kind != self._session.trace.origin.credential:
                    self._ask(replace(ask, credential=kind))
            self._ask(replace(ask, version=None))
        self._ask(replace(list_ask(), version="2026-10-21"))
        self._ask(replace(list_ask(), version="1999-01-01"))

    def _beta_header(self) -> None:
        """All betas in each form, unknown and empty ones; single ones ride on the sweep too."""
        betas, plain = self._betas, list_ask()
        self._ask(plain)
        self._ask(plain.with_betas(*betas))
        self._ask(plain.with_betas(*reversed(betas)))
        for form in ("comma-blank", "lines"):
            self._ask(plain.with_betas(*betas, form=form))
        self._ask(plain.with_betas(*betas[:2]))
        self._ask(plain.with_betas(*betas[:2], form="comma-blank"))
        self._ask(plain.with_betas(*betas[:2], form="lines"))
        self._ask(plain.with_betas(*betas[-1:]))
        self._ask(plain.with_betas(_UNKNOWN_BETA))
        self._ask(plain.with_betas(*betas[:1], _UNKNOWN_BETA))
        self._ask(replace(plain, betas=("",)))
        self._ask(replace(plain, betas=(",",)))

    def _odd_limits(self) -> None:
        """Outside the range, words, and spellings that mean different things to different servers."""
        outside = (self._minimum - 1, self._maximum + 1, -1, 10**20, "abc")
        odd = ("", "1.5", "+5", "007", "1e1")
        for limit in (*outside, *odd):
            self._ask(list_ask(limit=limit))
        if self.ids:
            self._ask(list_ask(limit=self._minimum - 1, after=self.ids[0]))
            self._ask(list_ask(limit=self._maximum + 1, before=self.ids[-1]))
        self._ask(Ask((("limit", "2"), ("limit", "3"))))

    def _odd_cursors(self) -> None:
        for cursor in (_UNKNOWN_ID, "", "\x00", "ü✓ /?&#%2F+", _ODD_ENDINGS[-1], "a" * 4000):
            self._ask(list_ask(limit=2, after=cursor))
        self._ask(list_ask(limit=2, before=_UNKNOWN_ID))
        if len(self.ids) > 2:
            self._ask(list_ask(after=self.ids[0], before=self.ids[-1]))
            self._ask(list_ask(limit=2, after=self.ids[-1], before=self.ids[0]))

    def _compatibility(self) -> None:
        self._ask(Ask((("beta", "true"),)))
        self._ask(Ask((("no-such-parameter", "1"),)))
        foreign = (
            ("page", "2"),
            ("offset", "3"),
            ("order", "asc"),
            ("sort", "id"),
            ("q", "x"),
            ("cursor", "x"),
        )
        self._ask(Ask((*foreign, ("limit", str(self._maximum)))))
        self._ask(replace(list_ask(), headers=_SDK_HEADERS))
        if self.ids:
            self._ask(replace(retrieve_ask(self.ids[0]), query=(("beta", "true"),)))
            self._ask(replace(retrieve_ask(self.ids[0]), headers=_SDK_HEADERS))
            self._ask(replace(retrieve_ask(self.ids[0]), method="HEAD"))
        for method in ("HEAD", "OPTIONS", "POST"):
            self._ask(replace(list_ask(), method=method))

    def _sweep(self) -> None:
        """Every limit, position and combination class, as far as the plan's number of requests goes."""
        if self._coverage is None or not self.readable:
            return
        spent = self._session.sent - self._discovery_requests - self._session.pauses
        most = min(_PLANNED_REQUESTS - spent, self._session.remaining) - self._examples - len(self._again())
        for cell in self._coverage.requests(most):
            self._ask(self._ask_of(cell))

    def _ask_of(self, cell: Cell) -> Ask:
        model = None if cell.position is None else self.ids[cell.position]
        return list_ask(
            limit=cell.limit,
            after=model if cell.direction == "after" else None,
            before=model if cell.direction == "before" else None,
            betas=tuple(self._betas[index] for index in cell.betas) or None,
        )

    def _generate(self) -> None:
        if not self.readable or not self._examples:
            return
        # Hypothesis draws from at most that many ids; the sweep has been to the others.
        known = Known(self.ids[:200] + self.ids[200:][-50:], _UNKNOWN_ID, _UNKNOWN_BETA)
        walked = self._examples // 3
        run_examples(self._contract, known, self._examples - walked, self._seed, self._page)
        run_machine(self._contract, known, walked, self._seed, self._page)

    def _again(self) -> list[Ask]:
        """Questions asked before, one of each kind."""
        asks = [list_ask(), list_ask(limit=self._maximum), retrieve_ask(_UNKNOWN_ID)]
        if self.ids:
            middle = self.ids[len(self.ids) // 2]
            asks += [
                retrieve_ask(self.ids[0]),
                list_ask(limit=3, after=middle),
                list_ask(limit=3, before=middle),
            ]
            asks += [
                list_ask(limit=3, after=middle),
                list_ask(limit=3, before=middle),
                list_ask(after=self.ids[-1]),
            ]
        return asks

    def _ask_again(self) -> None:
        for ask in self._again():
            self._ask(ask)


def _special_positions(ids: list[str], dates: dict[str, str | None]) -> list[int]:
    """Positions where servers go wrong first: ids with characters that others lack, equal and unknown dates."""
    seen: set[str] = set()
    found = []
    for index, model in enumerate(ids):
        kinds = {one for one in model if not one.isalnum() or not one.isascii()}
        kinds |= {"upper"} if model != model.lower() else set()
        tied = index > 0 and dates[model] == dates[ids[index - 1]] and "tie" not in seen
        if kinds - seen or tied:
            seen |= kinds | ({"tie"} if tied else set())
            found.append(index)
    return found
