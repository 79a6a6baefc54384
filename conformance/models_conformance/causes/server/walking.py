"""Patterns of lists that cannot be walked: cursors that lead by date, lists without an end, walks that are cut off."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.causes.case import Case
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.causes.server.pages import Asked, asked, head, pages
from models_conformance.evidence.instants import instant
from models_conformance.evidence.particulars import Words

PATTERNS = Patterns()

_PAST_THE_END = "list-page-past-the-end-is-empty"
# Of pages that a rule is about, so many must keep it: one cursor may lead there by chance.
_MOST = 0.8


def _by_date(case: Case, parameter: str) -> Iterator[tuple[Asked, bool, bool]]:
    """Pages with that cursor; whether each begins where the dates alone lead, and whether that is beside the cursor."""
    moments = {}
    for _, listed in pages(case):
        moments.update({item.id: instant(item.created_at) for item in listed.items})
    dates = [moments.get(model) for model in head(case)]
    if not dates or None in dates:
        return
    known = [date for date in dates if date is not None]
    for page in asked(case, parameter):
        if page.reading.call.betas:
            continue
        date = known[page.at]
        if parameter == "after_id":
            start = next((at for at, other in enumerate(known) if other < date), None)
            yield page, page.places[0] == start, start == page.at + 1
        else:
            end = next((at for at in range(len(known) - 1, -1, -1) if known[at] > date), None)
            yield page, page.places[-1] == end, end == page.at - 1


@PATTERNS(
    "cursor-is-compared-by-date",
    "list-after-id-is-immediate",
    "list-before-id-is-immediate",
    statement="{cursors} leads by date: the page begins at the next other date, wherever the named model stands",
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


@PATTERNS(
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
    behind = [page for page in asked(case, "after_id") if page.at == last]
    holding = [page.reading.page for page in asked(case, "after_id") if last in page.places]
    ends = any(page and page.has_more is False for page in holding)
    return bool(behind) and not ends and not any(page.places[0] for page in behind)


def _walked(case: Case, backward: bool) -> Iterator[tuple[int, int, bool]]:
    """Pages behind which more models follow: their limit, how many models a walk has seen there, what has_more says."""
    count = len(head(case))
    for page in asked(case, "before_id" if backward else "after_id"):
        seen = count - page.places[0] if backward else page.places[-1] + 1
        limit, told = page.reading.call.limit, page.reading.page
        if limit is not None and seen < count and told is not None and isinstance(told.has_more, bool):
            yield limit, seen, told.has_more


@PATTERNS(
    "walk-is-cut-off",
    "walk-forward-yields-every-model-once",
    "walk-backward-yields-every-model-once",
    statement="a walk {direction} ends with page {count}, whatever its limit: has_more is false there, and more follow",
    advice="Let has_more tell whether models remain, not how many pages were read.",
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
