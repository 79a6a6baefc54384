"""Exploring a server: which requests are sent, in which order, to exercise every requirement.

Nothing is judged here. What is asked next depends only on what a client can know: the ids it was told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from random import Random
from typing import Any

from models_conformance.contract.model import Contract
from models_conformance.contract.points import ANY_PAGE, BETAS, betas_of, limits_of, optional_headers
from models_conformance.contract.versions import LISTED
from models_conformance.evidence.exchange_reading import Item, Page, Reading
from models_conformance.probing.coverage import Coverage, limits_to_try, positions_to_try
from models_conformance.probing.filtering import ask_filtered, ask_in_version
from models_conformance.probing.forecast import Forecast
from models_conformance.probing.generated import run_examples, run_machine
from models_conformance.probing.looks import CloserLook, SecondLook
from models_conformance.probing.opening import Opening
from models_conformance.probing.overlapping import Overlapping
from models_conformance.probing.plan import Plan
from models_conformance.probing.probes import Part, PlannedRequest, Probes, special_positions
from models_conformance.probing.request_specs import RequestSpec, is_too_long, list_request, page_request
from models_conformance.probing.session import SessionOver

# A default run over a list of ordinary length; what a long list costs to read comes on top.
_PLANNED_REQUESTS = 200
# Without those that go to each position of the list in both directions.
_REQUESTS_BESIDE_POSITIONS = 103
# What answers leave open is asked on top of the plan. Beyond so many, each takes the place of a page of that part.
_MOST_ON_TOP, _GIVES_WAY = 16, "limits and cursors"
# Of the requests that a run may send, these are left for making findings small.
_KEPT_FOR_FINDINGS = 20
# And these for a last look at the list, where a run is cut short: what is there once only is not news.
_KEPT_FOR_NEWS = 2
# No catalogue of models is as long as this many full pages (100,000 models are 100).
_DISCOVERY_PAGES = 128
_WALK_PAGES = 12
# Of a walk there and back: the first pages may be right where later ones are not.
_PAGES_OF_A_WALK = 4

# Ties between equally telling requests are broken by chance, and always in the same way.
_SYSTEMATIC = 0


class Exploration:
    """One run against one server. `announce` is told each phase's name.

    `contract` holds until the list was read; then the one that the server shows, which `shown_contract` gives.
    Where the server refuses the version of the session, it is asked for `other_versions`, and where it demands one of
    the `optional` headers, that is sent. Only `parts` of the run are gone through, all of them where it is None.
    """

    def __init__(
        self,
        asking: Overlapping,
        contract: Contract,
        seed: int,
        examples: int,
        announce: Callable[[str], None],
        *,
        shown_contract: Callable[[], Contract],
        other_versions: Sequence[str] = (),
        optional: Sequence[str] = (),
        parts: frozenset[Part] | None = None,
    ) -> None:
        self._asking = asking
        self._session = asking.session
        self._second_look = SecondLook(asking.session)
        self._seed = seed
        self._examples = examples
        self._announce = announce
        self.opening = Opening(asking.session, self._send, other_versions, optional)
        self._parts = parts
        # What is systematic is the same at every seed: two runs differ in what Hypothesis draws, and in nothing else.
        self._random = Random(_SYSTEMATIC)
        self._shown_contract = shown_contract
        self._hold_to(contract)
        self._coverage: Coverage | None = None
        self._index: dict[str, int] = {}
        self._discovery_requests = 0
        self._items: dict[str, Item] = {}
        self.ids: list[str] = []
        self.readable = False
        self.stopped: SessionOver | None = None
        self._special: list[int] = []
        self._tied: frozenset[int] = frozenset()
        self._sent: dict[RequestSpec, Page | None] = {}
        self._on_top = 0

    def _hold_to(self, contract: Contract) -> None:
        """Ask from here on what this contract speaks of."""
        self.contract = contract
        self._limits = limits_of(contract) or ANY_PAGE
        self._betas = betas_of(contract)

    @cached_property
    def _probes(self) -> Probes:
        aliases = list(self._session.trace.origin.aliases or {})
        ordinary = self._session.api_version
        return Probes(
            self.ids,
            self._special,
            self._tied,
            self._betas,
            aliases,
            [version for version in LISTED if version != ordinary],
            [name for name in optional_headers(self.contract) if name != BETAS],
            self._limits,
            self._random,
        )

    @property
    def phases(self) -> Mapping[str, Callable[[], None]]:
        """What a run goes through, in order."""
        return {
            "opening": self._open,
            "reading the list": self._discover,
            "walks": self._walks,
            "one question of each kind": lambda: self._ask(self._plan.first),
            "documented questions": lambda: self._ask(self._plan.documented),
            "generated requests": self._generate,
            "undocumented questions": lambda: self._ask(self._plan.undocumented),
            "asking again": self._again,
            "filters": self._filters,
            "malformed requests": lambda: self._ask(self._plan.malformed),
        }

    def run(self) -> None:
        """Send everything; `stopped` says why it ended early, if it did. Raises Unreachable."""
        try:
            for name, phase in self.phases.items():
                # Also where nothing of it is asked: a tape has the same phases, whatever is judged.
                self._announce(name)
                phase()
        except SessionOver as over:
            self.stopped = over
        self._close()

    def _close(self) -> None:
        """Ask whether the list is still the same: what a run saw last before it was cut short may be news."""
        held_back, self._session.held_back = self._session.held_back, 0
        if self.stopped is None or not self.stopped.by_limit:
            return
        whole = list_request(limit=self._limits.maximum)
        with suppress(SessionOver):
            for _ in range(held_back):
                if self._session.send(whole).page == self._sent.get(whole):
                    break

    def _needs(self, part: Part) -> bool:
        return self._parts is None or part in self._parts

    @cached_property
    def _closer_look(self) -> CloserLook:
        return CloserLook(self._send, self._probes, self._items)

    @cached_property
    def _plan(self) -> Plan:
        """What is asked beside reading the list and walking along it."""
        probes = self._probes
        spent = self._spent - self._discovery_requests
        # A longer list has more positions. Otherwise a run that is cut short asks what a whole one begins with.
        longer = _REQUESTS_BESIDE_POSITIONS + 2 * len(self.ids) - spent
        left = max(_PLANNED_REQUESTS - spent, min(longer, self._session.remaining - _KEPT_FOR_FINDINGS))
        most = left - self._examples - len(probes.again())
        coverage = self._coverage if self.readable else None
        return Plan(probes, self._session.trace.origin.credential, self._sent, coverage, most)

    def _ask(self, questions: Iterable[PlannedRequest]) -> None:
        """Ask what is needed of these, and what an answer that is not as it should be leaves open."""
        for spec, answered in self._answers(self._needed(questions)):
            if spec.path or self.readable:
                self._closer_look.at(spec, answered)

    def _needed(self, questions: Iterable[PlannedRequest]) -> Iterator[RequestSpec]:
        """Those of the parts that are gone through, without pages that give way to what was asked on top."""
        for part, spec in questions:
            if not self._needs(part):
                continue
            if self._on_top > _MOST_ON_TOP and part == _GIVES_WAY:
                self._on_top -= 1
                continue
            before = self._spent
            yield spec
            self._on_top += max(0, self._spent - before - 1)

    @property
    def _spent(self) -> int:
        """How many requests were sent, without those that only came at a bad moment."""
        return self._session.sent - self._session.pauses - self._asking.again

    def _send(self, spec: RequestSpec) -> Reading:
        """Ask one question while no other is under way."""
        self._asking.settle()
        reading = self._session.send(spec)
        self._cover(spec, reading)
        return reading

    def _answers(self, specs: Iterable[RequestSpec]) -> Iterator[tuple[RequestSpec, Reading]]:
        """Each of these questions with its answer, in order; they depend on no answer, so some may go out together."""
        for spec, reading in self._asking.answers(specs):
            self._cover(spec, reading)
            yield spec, reading

    def _again(self) -> None:
        """What was asked before: one by one, or an answer that changes could be the doing of another question."""
        if self._needs("asking again"):
            for spec in self._probes.again():
                self._send(spec)

    def _page(self, spec: RequestSpec) -> Page | None:
        return self._send(spec).page

    def _cover(self, spec: RequestSpec, reading: Reading) -> None:
        """Note that it was asked, and look again at an answer that is not as told."""
        if is_too_long(spec):
            # Nobody was asked.
            return
        self._sent[spec] = reading.page
        self._second_look.at(spec, reading)

    def _open(self) -> None:
        """The plainest question. A server that does not answer it, or refuses the key, cannot be judged."""
        self.readable = self.opening.first_answer().page is not None

    def _discover(self) -> None:
        """Read the whole list in the largest pages, so that every id is known."""
        before = self._session.sent
        models, is_whole = self._read_list()
        self._hold_to(self._shown_contract())
        self.ids = list(dict.fromkeys(model["id"] for model in models))
        self._index = {model: index for index, model in enumerate(self.ids)}
        dates = [self._items[model].created_at for model in self.ids]
        self._tied = frozenset(at for at in range(1, len(dates)) if dates[at] == dates[at - 1])
        self._special = special_positions(self.ids, self._tied)
        self._discovery_requests = self._session.sent - before
        if is_whole and len(models) == len(self.ids):
            forecast = Forecast(models, self._limits, self._betas)
            self._asking.begin(forecast)
            self._second_look.begin(forecast)
            self._session.held_back = _KEPT_FOR_NEWS
        limits = limits_to_try(len(self.ids), self._limits, self._random)
        positions = positions_to_try(len(self.ids), self._special, self._random)
        self._coverage = Coverage(
            len(self.ids), limits, positions, default=self._limits.default, betas=len(self._betas), seed=_SYSTEMATIC
        )

    def _read_list(self) -> tuple[list[Mapping[str, Any]], bool]:
        """Every model of every page, in order, and whether the list came to its end."""
        models: list[Mapping[str, Any]] = []
        is_whole = False
        for limit in (self._limits.maximum, None):
            cursor, used = None, set()
            for _ in range(_DISCOVERY_PAGES if limit else _WALK_PAGES):
                reading = self._send(list_request(limit=limit, after=cursor))
                page = reading.page
                if page is None or not page.ids:
                    break
                models += reading.parse().value["data"]
                self._items.update((item.id, item) for item in page.items)
                cursor = page.last_id if isinstance(page.last_id, str) and page.last_id else page.ids[-1]
                is_whole = page.has_more is False
                if not page.has_more or cursor in used:
                    break
                used.add(cursor)
            if models or not self.readable:
                break
        return models, is_whole

    def _walks(self) -> None:
        """Forward and back at several page sizes, following what the server says."""
        count = len(self.ids)
        if not count or not self._needs("walks"):
            return
        for backward in (False, True):
            limit = min(self._limits.maximum, max(1, -(-count // _PAGES_OF_A_WALK)))
            self._walk(limit, backward)
        if count <= _WALK_PAGES * self._limits.default:
            self._walk(None, backward=False)

    def _walk(self, limit: int | None, backward: bool) -> None:
        # A list too long to be walked back whole is walked back from where the head is within reach.
        start = min(len(self.ids) - 1, (_WALK_PAGES - 1) * (limit or self._limits.default)) if backward else 0
        cursor = self.ids[start] if backward else None
        if self._asking.forecast is None or not self._is_walk_foretold(limit, cursor, backward):
            self._walk_page_by_page(limit, cursor, backward)

    def _walk_page_by_page(self, limit: int | None, cursor: str | None, backward: bool) -> None:
        used: set[str] = set()
        # The plainest question was asked already: where nothing is chosen, the walk goes on from its answer.
        page = self._sent.get(list_request()) if limit is None and not backward else None
        for _ in range(_WALK_PAGES):
            page = page or self._page(page_request(limit, cursor, backward=backward))
            if page is None or not page.items or not page.has_more:
                return
            edge = page.first_id if backward else page.last_id
            if not isinstance(edge, str) or not edge or edge in used:
                return
            used.add(edge)
            cursor, page = edge, None

    def _is_walk_foretold(self, limit: int | None, cursor: str | None, backward: bool) -> bool:
        """Ask for all pages of a walk at once; whether each is the one that a walk would have come to."""
        assert self._asking.forecast is not None
        questions = self._asking.forecast.walk(limit, cursor, backward, _WALK_PAGES)
        for _ in self._answers([question for question in questions if question != list_request()]):
            if self._asking.forecast is None:
                return False
        return True

    def _filters(self) -> None:
        if self.readable and self._needs("filters"):
            ask_filtered(self.contract, self._index, self._limits.maximum, self._page)
            for version in self.contract.versions:
                if version != self._session.api_version:
                    ask_in_version(version, self.contract, self.ids, self._page)

    def _generate(self) -> None:
        if not self.readable or not self._examples or not self._needs("generated requests"):
            return
        # Hypothesis draws from at most that many ids; the sweep has been to the others.
        ids = self.ids[:200] + self.ids[200:][-50:]
        examples = max(0, self._examples - max(0, self._on_top - _MOST_ON_TOP))
        walked = examples // 3
        drawn: list[RequestSpec] = []

        def send(spec: RequestSpec) -> Page | None:
            """The answer; where it is known beforehand, the question is only put down, to be asked with others."""
            if spec in self._sent:
                return self._sent[spec]
            forecast = self._asking.forecast
            if forecast is None:
                return self._page(spec)
            drawn.append(spec)
            self._sent[spec] = forecast.page(spec)
            return self._sent[spec]

        run_examples(self.contract, ids, examples - walked, self._seed, send)
        run_machine(self.contract, ids, walked, self._seed, send)
        for _ in self._answers(drawn):
            pass
