"""Patterns of lists: parameters that are not read, or read otherwise than they are documented, and lists that cannot be
walked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator

from models_conformance.causes.case import Case, Deviation
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.causes.server.pages import CursorPage, cursor_pages, head, pages
from models_conformance.evidence.exchange_reading import Page, Reading
from models_conformance.evidence.instants import instant
from models_conformance.evidence.particulars import Words

PATTERNS = Patterns()
# Cursors that lead by date, lists without an end, walks that are cut off.
OF_WALKS = Patterns()

_CURSORS = {"after_id": "list-after-id-*", "before_id": "list-before-id-*"}
_PAST_THE_END = "list-page-past-the-end-is-empty"
# Of pages that a rule is about, so many must keep it: one cursor may lead there by chance.
_MOST = 0.8


def _repeats_the_head(page: CursorPage) -> bool:
    return page.places == tuple(range(len(page.places)))


def _is_ignored(case: Case, parameter: str) -> bool:
    """Whether pages with that cursor are the pages without, whichever model it names."""
    found = cursor_pages(case, parameter)
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
        same = case.numbers(lambda reading: reading.page is not None and _shown(reading.page) == only)
        broken += [deviation for deviation in case.of("*", kinds=("*-2xx",)) if deviation.culprits & same]
    return Recognised(broken, {"count": len(only[0])})


def _is_of_the_page(deviation: Deviation, case: Case) -> bool:
    """Whether the page would show it where parameters are read, too: its shape, and the order of its models."""
    if deviation.id == "list-is-newest-first":
        return case.is_shown_without_a_cursor(deviation)
    return deviation.is_from("list-envelope-*", "list-ids-*")


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
    after, before = cursor_pages(case, "after_id"), cursor_pages(case, "before_id")
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
    statement="the page for before_id is cut from the head of the list, not from the place of its model",
    advice="Of the models before the cursor take the last ones, as many as limit says, and keep their order.",
)
def _cursor_counts_from_the_head(case: Case) -> Recognised | None:
    found = cursor_pages(case, "before_id")
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
        found = cursor_pages(case, name)
        held = [page for page in found if page.places[edge] == page.at]
        broken = case.of(_CURSORS[name][:-1] + "is-exclusive")
        if broken and len({page.cursor for page in held}) > 1 and len(held) >= _MOST * len(found):
            inclusive.append(name)
    if not inclusive:
        return None
    return Recognised(_of_cursors(case, *inclusive), {"cursors": Words(" and ".join(inclusive))})


def _by_date(case: Case, parameter: str) -> Iterator[tuple[CursorPage, bool, bool]]:
    """Pages with that cursor; whether each begins where the dates alone lead, and whether that is beside the cursor."""
    moments = {}
    for _, listed in pages(case):
        moments.update({item.id: instant(item.created_at) for item in listed.items})
    dates = [moments.get(model) for model in head(case)]
    if not dates or None in dates:
        return
    known = [date for date in dates if date is not None]
    for page in cursor_pages(case, parameter):
        if page.reading.call.betas:
            continue
        date = known[page.at]
        if parameter == "after_id":
            start = next((at for at, other in enumerate(known) if other < date), None)
            yield page, page.places[0] == start, start == page.at + 1
        else:
            end = next((at for at in range(len(known) - 1, -1, -1) if known[at] > date), None)
            yield page, page.places[-1] == end, end == page.at - 1


@OF_WALKS(
    "cursor-is-compared-by-date",
    "list-after-id-is-immediate",
    "list-before-id-is-immediate",
    statement="{cursors} pages by date: the page begins at the next other date, wherever the named model is",
    advice="Find the cursor's model in the ordered list and start the page next to it; dates are equal, or unknown.",
)
def _cursor_is_compared_by_date(case: Case) -> Recognised | None:
    compared = []
    for parameter, broken in (("after_id", "list-after-id-*"), ("before_id", "list-before-id-*")):
        found = list(_by_date(case, parameter))
        led = [page for page, is_led, _ in found if is_led]
        astray = {page.cursor for page, is_led, is_beside in found if is_led and not is_beside}
        if case.of(broken) and len(astray) > 1 and len(led) >= _MOST * len(found):
            compared.append((parameter, broken))
    if not compared:
        return None
    parameters = [parameter for parameter, _ in compared]
    past = [deviation for deviation in case.of(_PAST_THE_END) if deviation.subject in parameters]
    explains = [*case.of(*(globs for _, globs in compared)), *past]
    return Recognised(explains, {"cursors": Words(" and ".join(parameters))})


@OF_WALKS(
    "list-is-a-ring",
    "walk-ends",
    statement="behind the last model the list begins again, and has_more is always true: a walk never ends",
    advice="Answer an empty page behind the last model, and has_more false on the page that holds it.",
)
def _list_is_a_ring(case: Case) -> Recognised | None:
    circles = [deviation for deviation in case.of("walk-ends") if deviation.subject == "after_id"]
    if not circles or not _begins_again(case):
        return None
    past = [deviation for deviation in case.of(_PAST_THE_END) if deviation.subject == "after_id"]
    return Recognised([*circles, *past, *case.of("list-after-id-*", "list-has-more-is-false-at-the-end")])


def _begins_again(case: Case) -> bool:
    """Whether the head stands behind the last model, and no page that holds the last one says that it ends there."""
    last = len(head(case)) - 1
    behind = [page for page in cursor_pages(case, "after_id") if page.at == last]
    holding = [page.reading.page for page in cursor_pages(case, "after_id") if last in page.places]
    ends = any(page and page.has_more is False for page in holding)
    return bool(behind) and not ends and not any(page.places[0] for page in behind)


def _walked(case: Case, backward: bool) -> Iterator[tuple[int, int, bool]]:
    """Pages behind which more models follow: their limit, how many models a walk has seen there, what has_more says."""
    count = len(head(case))
    for page in cursor_pages(case, "before_id" if backward else "after_id"):
        seen = count - page.places[0] if backward else page.places[-1] + 1
        limit, answer = page.reading.call.limit, page.reading.page
        if limit is not None and seen < count and answer is not None and isinstance(answer.has_more, bool):
            yield limit, seen, answer.has_more


@OF_WALKS(
    "walk-is-cut-off",
    "walk-forward-yields-every-model-once",
    "walk-backward-yields-every-model-once",
    statement="a walk {direction} ends with page {count}, whatever its limit: has_more is false there, and more follow",
    advice="Set has_more by whether models remain, not by how many pages were read.",
)
def _walk_is_cut_off(case: Case) -> Recognised | None:
    for direction, walk, more in (
        ("forward", "walk-forward-*", "list-has-more-is-true-*"),
        ("back", "walk-backward-*", "list-has-more-backward-is-true-*"),
    ):
        found = list(_walked(case, direction == "back"))
        cut = [(limit, seen) for limit, seen, has_more in found if not has_more]
        if not case.of(walk) or len({limit for limit, _ in cut}) < 2:
            continue
        count = min(seen // limit for limit, seen in cut)
        if count > 1 and all(seen < count * limit for limit, seen, has_more in found if has_more):
            return Recognised(case.of(walk, more), {"direction": Words(direction), "count": count})
    return None
