"""Patterns of lists: parameters that are not read, or read otherwise than they are documented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from fnmatch import fnmatchcase

from models_conformance.causes.case import Case, Deviation
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.causes.server.pages import Asked, asked, pages
from models_conformance.evidence.exchange_reading import Page, Reading
from models_conformance.evidence.particulars import Words

PATTERNS = Patterns()

_CURSORS = {"after_id": "list-after-id-*", "before_id": "list-before-id-*"}
_PAST_THE_END = "list-page-past-the-end-is-empty"
# Of pages that a rule is about, so many must keep it: one cursor may lead there by chance.
_MOST = 0.8


def _repeats_the_head(page: Asked) -> bool:
    return page.places == tuple(range(len(page.places)))


def _is_ignored(case: Case, parameter: str) -> bool:
    """Whether pages with that cursor are the pages without, whichever model it names."""
    found = asked(case, parameter)
    if not case.of(_CURSORS[parameter]) or len({page.cursor for page in found}) < 2:
        return False
    heads = [page for page in found if _repeats_the_head(page)]
    # A page before a model near the head is the head, too; one that goes beyond its cursor is not.
    beyond = [page for page in heads if page.at <= page.places[-1]]
    return len(heads) >= _MOST * len(found) and bool(beyond)


def _of_cursors(case: Case, *parameters: str) -> list[Deviation]:
    """What is broken about these cursors, and about pages past the end that were asked for with them."""
    broken = [deviation for name in parameters for deviation in case.of(_CURSORS[name])]
    return broken + [deviation for deviation in case.of(_PAST_THE_END) if deviation.subject in parameters]


def _is_limit_honoured(case: Case) -> bool:
    return all(
        reading.call.limit is None or len(page.items) <= reading.call.limit
        for reading, page in pages(case)
        if not reading.call.betas
    )


def _sizes(case: Case) -> dict[int, set[int]]:
    """How many models came for each limit that was exceeded."""
    sizes: dict[int, set[int]] = {}
    exceeded = {reading.number for reading in case.culprits("list-page-is-within-limit")}
    for reading, page in pages(case):
        if reading.number in exceeded and reading.call.limit is not None:
            sizes.setdefault(reading.call.limit, set()).add(len(page.items))
    return sizes


def _limit_is_ignored(case: Case) -> bool:
    """Whether pages are of one size though their limits are not."""
    sizes = _sizes(case)
    common, times = Counter(size for found in sizes.values() for size in found).most_common(1)[0] if sizes else (0, 0)
    return common > 0 and times >= 2


@PATTERNS(
    "no-parameter-is-read",
    "list-page-is-within-limit",
    "list-page-is-full",
    "list-after-id-is-exclusive",
    "list-*",
    statement="limit, after_id and before_id change nothing: every list has the same {count:models}",
    advice="Read limit, after_id and before_id from the query; a cache must have the query in its key.",
)
def _no_parameter_is_read(case: Case) -> Recognised | None:
    only = _only_page(case)
    if only is None or not case.of("list-page-is-*", "list-after-*"):
        return None
    broken = [deviation for deviation in case.of("list-*", "walk-*") if not _is_of_the_page(deviation, case)]
    if not case.of("credentials-*"):
        # A cache that does not look at the query does not look at what else the request lacks either.
        same = {number for number, reading in case.readings.items() if reading.page and _shown(reading.page) == only}
        broken += [
            deviation
            for deviation in case.deviations
            if deviation.is_of("*-2xx") and deviation.culprits & same and deviation not in broken
        ]
    return Recognised(broken, {"count": len(only[0])})


def _is_of_the_page(deviation: Deviation, case: Case) -> bool:
    """Whether the page would show it where parameters are read, too: its shape, and the order of its models."""
    if deviation.id == "list-is-newest-first":
        return case.is_shown_without_a_cursor(deviation)
    return any(fnmatchcase(deviation.id, shape) for shape in ("list-envelope-*", "list-ids-*"))


def _shown(page: Page) -> tuple[tuple[str, ...], object]:
    return page.ids, page.has_more


def _only_page(case: Case) -> tuple[tuple[str, ...], object] | None:
    """The ids and has_more of the page that every list is, whatever was asked; None where lists differ or are empty,
    or hardly anything was asked."""
    found = list(pages(case))
    answers = {_shown(page) for _, page in found if isinstance(page.has_more, Hashable)}
    queries = {reading.call.parameters for reading, _ in found}
    names_a_cursor = any(name in _CURSORS for parameters in queries for name, _ in parameters)
    if len(answers) != 1 or len(queries) < 3 or not names_a_cursor:
        return None
    (only,) = answers
    return only if only[0] else None


# Where a parameter may be left unread, and the words for it.
_WHERE: tuple[tuple[str, Callable[[Reading], bool]], ...] = (
    (" with after_id", lambda reading: bool(reading.call.values("after_id"))),
    (" with before_id", lambda reading: bool(reading.call.values("before_id"))),
    (" where betas are named", lambda reading: bool(reading.call.betas)),
)


@PATTERNS(
    "limit-is-ignored",
    "list-page-is-within-limit",
    statement="limit changes nothing{where}: limit={least} is answered with {count:models}",
    advice="Apply limit to every page, with and without a cursor.",
)
def _ignored_limit(case: Case) -> Recognised | None:
    if not _limit_is_ignored(case):
        return None
    sizes = _sizes(case)
    least = min(sizes)
    culprits = case.culprits("list-page-is-within-limit")
    where = next((text for text, has in _WHERE if all(has(reading) for reading in culprits)), "")
    broken = case.of("list-page-is-within-limit", "list-page-is-full", "list-default-page-is-20")
    return Recognised(broken, {"where": Words(where), "least": least, "count": max(sizes[least])})


@PATTERNS(
    "cursors-are-swapped",
    "list-after-id-is-exclusive",
    "list-after-id-*",
    "list-before-id-*",
    statement="after_id and before_id are swapped: each leads to the models on the other side of its cursor",
    advice="after_id asks for the models that follow in the list, the older ones; before_id for those that precede.",
)
def _cursors_are_swapped(case: Case) -> Recognised | None:
    after, before = asked(case, "after_id"), asked(case, "before_id")
    precede = [page for page in after if page.places[-1] < page.at]
    follow = [page for page in before if page.places[0] > page.at]
    if not (precede and follow and len(precede) >= _MOST * len(after) and len(follow) >= _MOST * len(before)):
        return None
    return Recognised(_of_cursors(case, *_CURSORS))


@PATTERNS(
    "cursor-is-ignored",
    "list-after-id-is-exclusive",
    "list-before-id-is-immediate",
    "list-*-id-*",
    statement="{cursors} nothing: the page is the one without a cursor, whichever model is named{limit}",
    advice="Read the cursor from the query, find its model in the ordered list, and start the page next to it.",
)
def _cursor_is_ignored(case: Case) -> Recognised | None:
    ignored = [name for name in _CURSORS if _is_ignored(case, name)]
    if not ignored:
        return None
    honoured = "; limit is honoured" if _is_limit_honoured(case) else ""
    cursors = f"{' and '.join(ignored)} {'change' if len(ignored) > 1 else 'changes'}"
    return Recognised(_of_cursors(case, *ignored), {"cursors": Words(cursors), "limit": Words(honoured)})


@PATTERNS(
    "cursor-counts-from-the-head",
    "list-before-id-is-immediate",
    statement="the page for before_id is cut from the head of the list, not from where its model stands",
    advice="Of the models before the cursor take the last ones, as many as limit says, and keep their order.",
)
def _cursor_counts_from_the_head(case: Case) -> Recognised | None:
    found = asked(case, "before_id")
    heads = [page for page in found if _repeats_the_head(page) and page.places[-1] < page.at]
    away = {page.cursor for page in heads if page.places[-1] < page.at - 1}
    if not case.of("list-before-id-is-immediate") or len(away) < 2 or len(heads) < _MOST * len(found):
        return None
    return Recognised(_of_cursors(case, "before_id"))


@PATTERNS(
    "cursor-is-inclusive",
    "list-after-id-is-exclusive",
    "list-before-id-is-exclusive",
    statement="the page for {cursors} holds the model that the cursor names",
    advice="Leave the cursor's own model out: start behind it, or end before it.",
)
def _cursor_is_inclusive(case: Case) -> Recognised | None:
    edges = {"after_id": 0, "before_id": -1}
    inclusive = []
    for name, edge in edges.items():
        found = asked(case, name)
        held = [page for page in found if page.places[edge] == page.at]
        broken = case.of(_CURSORS[name][:-1] + "is-exclusive")
        if broken and len({page.cursor for page in held}) > 1 and len(held) >= _MOST * len(found):
            inclusive.append(name)
    if not inclusive:
        return None
    return Recognised(_of_cursors(case, *inclusive), {"cursors": Words(" and ".join(inclusive))})
