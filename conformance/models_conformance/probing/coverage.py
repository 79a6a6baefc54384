"""Which list requests to send when not all can be sent: every limit, every position, every combination class.

Random draws alone would rarely hit a fault that shows on one page size or one cursor. So what a page can
depend on is written down as targets, each with a weight, and requests are chosen greedily: each next one
covers the most weight that is still uncovered. Pages the run has made otherwise count as covered already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from models_conformance.contract.points import Limits

Direction = Literal["none", "after", "before"]
_DIRECTIONS: tuple[Direction, ...] = ("after", "before", "none")
Target = tuple[str | int, ...]

# Where hand-written servers put their own bounds, beside the documented ones.
_COMMON_BOUNDS = (49, 50, 51, 64, 99, 100, 101, 127, 128, 129, 200, 250, 255, 256, 257, 499, 500, 501, 512)
# Beyond the end of the list they all ask for the same; these are the bounds servers really have.
_BOUNDS_BEYOND = (50, 100, 200, 500)
_SMALL = 40
# Pages of up to that many models are tried in each direction: first, well inside, and exactly up to the end.
_SMALL_PAGE = 6
_MOST_POSITIONS = 64

_WEIGHTS = {
    "bound": 20,
    "limit": 20,
    "beta": 7,
    "exact": 5,
    "inside": 4,
    "combination": 6,
    "position": 12,
    "near": 2,
    "open": 2,
    "first": 25,
    "directed": 1,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One list request by its place in the list: a position to page from, a limit, and betas by index."""

    direction: Direction
    position: int | None
    limit: int | None
    betas: tuple[int, ...] = ()


def limits_to_try(count: int, bounds: Limits, random: Random) -> list[int]:
    """Limits worth trying on a list of `count` models: all small ones, edges, common bounds, a few others."""
    minimum, default, maximum = bounds.minimum, bounds.default, bounds.maximum
    edges = {minimum, minimum + 1, default - 1, default, default + 1, maximum - 1, maximum}
    small = set(range(minimum, min(count + 1, _SMALL) + 1))
    near = {value for value in (count - 1, count, count + 1, count // 2, count // 3) if value > 0}
    drawn = {random.randint(minimum, maximum) for _ in range(2)}
    common = {bound for bound in _COMMON_BOUNDS if bound <= count + 1} | set(_BOUNDS_BEYOND)
    return sorted(value for value in edges | small | near | drawn | common if minimum <= value <= maximum)


def positions_to_try(count: int, special: Sequence[int], random: Random) -> list[int]:
    """Positions worth paging from: all of a short list; ends, special, round and drawn ones of a long one."""
    if count <= _MOST_POSITIONS:
        return list(range(count))
    ends = [0, 1, 2, count - 3, count - 2, count - 1]
    rounds = [edge + shift for edge in (20, 50, 100, 200, 500, 1000) for shift in (-1, 0)]
    middle = [count // 4, count // 2, 3 * count // 4]
    wanted = [value for value in (*ends, *special[:16], *rounds, *middle) if 0 <= value < count]
    wanted += [random.randrange(count) for _ in range(_MOST_POSITIONS)]
    return sorted(dict.fromkeys(wanted[:_MOST_POSITIONS]))


class Coverage:
    """What list requests have covered so far, over a list of `count` models and `betas` documented betas.

    `default` is the page size without a limit.
    """

    def __init__(
        self, count: int, limits: Sequence[int], positions: Sequence[int], *, default: int, betas: int, seed: int
    ) -> None:
        self._count = count
        self._limits = list(limits)
        self._positions = list(positions)
        self._default = default
        self._betas = betas
        self._random = Random(seed)
        self._covered: set[Target] = set()
        # What a choice last gained: it never gains more later, for what is covered stays covered.
        self._at_most: dict[tuple[Direction, int], int] = {}
        self._turns = 0

    def add(self, cell: Cell) -> None:
        """Count a request that was made."""
        self._covered.update(self._targets(cell))

    def requests(self, most: int) -> Iterator[Cell]:
        """At most that many further requests, each the best of its moment; fewer when all is covered."""
        for _ in range(most):
            cell = self._next()
            if cell is None:
                return
            self.add(cell)
            yield cell

    def _next(self) -> Cell | None:
        # Among equals each direction has its turn; a fixed order would give one of them all the betas.
        self._turns += 1
        turn = self._turns % len(_DIRECTIONS)
        directions = _DIRECTIONS[turn:] + _DIRECTIONS[:turn] if self._count else ("none",)
        best, gained = None, 0
        for direction in directions:
            for limit in self._limits:
                if self._at_most.get((direction, limit), gained + 1) <= gained:
                    continue
                gain = self._at_most[direction, limit] = max(
                    self._gain(Cell(direction, position, limit))
                    for position in self._useful_positions(direction, limit)
                )
                if gain > gained:
                    best, gained = (direction, limit), gain
        if best is None:
            return self._next_position() or self._next_beta()
        direction, limit = best
        position = self._best_position(direction, limit) if direction != "none" else None
        return self._with_betas(Cell(direction, position, limit))

    def _useful_positions(self, direction: Direction, limit: int) -> list[int | None]:
        """Where a page of that size ends exactly at the end of the list, a default page from it, and far from it."""
        if direction == "none":
            return [None]
        fitting = self._count - 1 - limit if direction == "after" else limit
        closing = self._count - 1 - self._default if direction == "after" else self._default
        furthest = 0 if direction == "after" else self._count - 1
        return [*(place for place in (fitting, closing) if 0 <= place < self._count), furthest]

    def _next_position(self) -> Cell | None:
        """With all limits done, positions nobody has paged from."""
        sides: tuple[Direction, ...] = ("after", "before")
        for direction in sides:
            for position in self._positions:
                remaining = self._count - position - 1 if direction == "after" else position
                # A page of one model leaves more beyond it, and is not one off the end, from three on.
                kinds = ("position", "open") if remaining > 2 else ("position",)
                if not {(kind, direction, position) for kind in kinds} <= self._covered:
                    short = [limit for limit in self._limits if limit <= max(remaining - 2, 1)]
                    return self._with_betas(Cell(direction, position, self._random.choice(short or self._limits)))
        return None

    def _next_beta(self) -> Cell | None:
        """With all positions done, betas nobody has sent alone."""
        cell = self._with_betas(Cell("none", None, self._limits[0]))
        return cell if self._gain(cell) else None

    def _best_position(self, direction: Direction, limit: int) -> int:
        """The position that covers most; among equals a drawn one, so that limits and positions mix."""
        start = self._random.randrange(len(self._positions))
        turned = self._positions[start:] + self._positions[:start]
        fitting = [position for position in self._useful_positions(direction, limit)[:-1] if position is not None]
        return max([*fitting, *turned], key=lambda position: self._gain(Cell(direction, position, limit)))

    def _with_betas(self, cell: Cell) -> Cell:
        """Give the request the betas that cover most: none, a single one, two, or all."""
        if not self._betas:
            return cell
        two = tuple(sorted(self._random.sample(range(self._betas), 2))) if self._betas > 1 else ()
        choices = [(), *((index,) for index in range(self._betas)), two, tuple(range(self._betas))]
        return max((Cell(cell.direction, cell.position, cell.limit, betas) for betas in choices), key=self._gain)

    def _gain(self, cell: Cell) -> int:
        return sum(_WEIGHTS[str(target[0])] for target in self._targets(cell) - self._covered)

    def _place(self, limit: int | None, remaining: int) -> str:
        """How a page lies to the end: exactly up to it, one off, a default page from it, well inside, or past it."""
        if limit is None or remaining < limit - 1:
            return "past"
        if remaining == limit:
            return "exact"
        if abs(remaining - limit) == 1:
            return "near"
        return "closing" if remaining <= self._default else "inside"

    def _limit_class(self, limit: int | None) -> str:
        if limit is None or limit == self._default:
            return "absent" if limit is None else "default"
        return "one" if limit == 1 else "small" if limit < self._default else "large"

    def _targets(self, cell: Cell) -> set[Target]:
        targets: set[Target] = set()
        place = "whole"
        if cell.limit is not None:
            targets.update(self._targets_of_limit(cell.direction, cell.limit))
        if cell.position is not None:
            remaining = self._count - cell.position - 1 if cell.direction == "after" else cell.position
            place = self._place(cell.limit, remaining)
            targets.update(self._targets_of_position(cell, cell.position, place, remaining))
        if len(cell.betas) == 1:
            targets.add(("beta", cell.betas[0]))
        if cell.position is not None or cell.direction == "none":
            how_many = "none" if not cell.betas else "one" if len(cell.betas) == 1 else "several"
            targets.add(("combination", cell.direction, self._limit_class(cell.limit), how_many, place))
        return targets

    def _targets_of_limit(self, direction: Direction, limit: int) -> Iterator[Target]:
        yield ("limit", limit)
        if limit in _BOUNDS_BEYOND or limit == self._limits[-1]:
            yield ("bound", limit)
        yield ("directed", direction, limit)
        if direction == "none" and limit <= _SMALL_PAGE:
            yield ("first", limit)
        if direction == "none" and abs(limit - self._count) <= 1:
            yield ("exact", "none", limit - self._count)

    def _targets_of_position(self, cell: Cell, position: int, place: str, remaining: int) -> Iterator[Target]:
        # A page that runs past the end says little of what lies beyond its cursor.
        if place != "past" or remaining < 2:
            yield ("position", cell.direction, position)
        if place in ("inside", "closing"):
            yield ("open", cell.direction, position)
        is_useful = cell.limit is not None and (cell.limit <= _SMALL_PAGE or cell.limit == self._default)
        if is_useful and place in ("exact", "inside"):
            yield (place, cell.direction, str(cell.limit))
        elif place == "near":
            yield (place, cell.direction, remaining - (cell.limit or 0))
