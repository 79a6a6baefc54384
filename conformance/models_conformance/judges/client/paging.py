"""How a client walks: which page it asks for next, with what, and when it stops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from models_conformance.contract.points import LIMIT
from models_conformance.evidence.driver_calls import ItemsSeen
from models_conformance.evidence.particulars import Words
from models_conformance.evidence.targets import CURSORS, NOT_UTF_8
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent
from models_conformance.judges.client.registry import (
    CLIENT_TEMPLATES,
    LACKS,
    exercised,
    judged,
    judges_calls,
    violation,
)
from models_conformance.judges.client.wire import as_alone, as_given, given
from models_conformance.judges.judgement import Judgement, NotApplicable
from models_conformance.requirements.templates import About
from models_conformance.support.text import quoted

# The same page so often is a loop: no retry policy asks again for what was answered well.
_SAME_PAGE_TOO_OFTEN = 8
_BODY_SHOWN = 60
ENDS_AT = {
    "refusal": "ends-at-a-refusal",
    "redirect": "ends-at-a-redirect",
    "unreadable": "ends-at-an-unreadable-answer",
    "broken": "ends-at-a-broken-answer",
}


def _followed(call: CallRead) -> Iterator[tuple[Sent, Sent]]:
    """Each page with more behind it and the first request that came after it."""
    for before, after in pairwise(call.steps):
        page = before[-1]
        if page.has_more and page.models:
            yield page, after[0]


def _judge_follow(call: CallRead, name: str, end: Literal["first_id", "last_id"]) -> Iterator[Judgement]:
    for page, then in _followed(call):
        wanted = page.end(end)
        kind = None if _names(then, name) == [wanted] else _astray(page, then, name)
        yield judged(kind, call, then, page, parameter=name, wanted=wanted, asked=_cursors_of(then))


def _names(then: Sent, name: str) -> list[str]:
    return [value.text for key, value in then.target.parameters if key == name and value.problem != NOT_UTF_8]


def _astray(page: Sent, then: Sent, name: str) -> str:
    """In which way the next request does not follow a page.

    Going on with a misspelt cursor may name the model that the page was asked for with: that is another request.
    """
    asked = [as_alone(key) for key, _ in _cursors(then)]
    if then.target.query == page.target.query or not asked:
        return "does-not-go-on"
    return {0: "turns-round", 1: "follows-another-model"}.get(asked.count(name), "repeats-the-cursor")


def _cursors(sent: Sent) -> list[tuple[str, str]]:
    """The cursors of a request, also those that a builder of queries wrote as a list: after_id[]=a&after_id[]=b."""
    found = [(key, value.text) for key, value in sent.target.parameters if as_alone(key) in CURSORS]
    return sorted(found, key=lambda pair: CURSORS.index(as_alone(pair[0])))


def _cursors_of(sent: Sent) -> Words:
    return Words(" and ".join(f"{key}={quoted(value)}" for key, value in _cursors(sent)) or "the first page again")


@judges_calls("client-walk-forward-follows-last-id", "walk")
def forward_follows_last_id(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if not call.backward:
        yield from _judge_follow(call, CURSORS[0], "last_id")


@judges_calls("client-walk-backward-follows-first-id", "walk")
def backward_follows_first_id(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if call.backward:
        yield from _judge_follow(call, CURSORS[1], "first_id")


@judges_calls("client-walk-sends-one-cursor", "walk")
def sends_one_cursor(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if len(call.cursors) > 1:
        return
    for _, then in _followed(call):
        asked = [as_alone(key) for key, _ in _cursors(then)]
        after, before = (asked.count(name) for name in CURSORS)
        kind = "both-cursors" if after and before else "repeated-cursor" if after + before > 1 else None
        name = "" if after and before else CURSORS[bool(before)]
        yield judged(kind, call, then, parameter=name, count=after + before, asked=_cursors_of(then))


@CLIENT_TEMPLATES("client-walk-keeps-{slug}")
def keeps_parameter(evidence: ClientEvidence, about: About) -> Iterator[Judgement]:
    """A parameter of the call, on the first request for each later page."""
    name = about["parameter"]
    if "walk" not in evidence.hello.capabilities:
        yield NotApplicable(LACKS["walk"])
        return
    asked = False
    for call in evidence.made:
        wanted = given(call, name) if call.is_walk else None
        if wanted is not None:
            asked = True
            yield from (as_given(evidence, call, step[0], name, wanted) for step in call.steps[1:])
    if not asked and name != LIMIT:
        yield NotApplicable("the driver takes no parameters by their names on the wire")


@judges_calls("client-walk-keeps-betas", "walk", "betas")
def keeps_betas(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    wanted = set(call.spec.args.get("betas", ()))
    if not wanted:
        return
    for step in call.steps[1:]:
        missing = sorted(wanted - set(step[0].betas))
        if missing:
            yield violation("is-left-out", call, step[0], parameter="anthropic-beta", beta=missing[0])
        else:
            yield exercised(call, step[0])


@judges_calls("client-walk-stops-at-the-end", "walk")
def stops_at_the_end(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for position, sent in enumerate(call.sent):
        if sent.kind != "page" or sent.has_more:
            continue
        if position + 1 < len(call.sent):
            then = call.sent[position + 1]
            name, last = (CURSORS[1], sent.end("first_id")) if call.backward else (CURSORS[0], sent.end("last_id"))
            # A request that follows no page has a fault of its own, which may have led behind the end.
            kind = "goes-on" if _names(then, name) == [last] else "goes-on-elsewhere"
            yield violation(kind, call, then, sent, member="has_more", asked=_cursors_of(then))
        elif call.has_outcome:
            yield exercised(call, sent)
        return


@judges_calls("client-walk-goes-on-while-has-more", "walk")
def goes_on_while_has_more(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    last = call.last
    if not isinstance(call.answer, ItemsSeen) or last is None or last.kind != "page" or call.stands_still:
        return
    served = sum(len(page.models) for page in call.pages)
    if not last.has_more or not last.models or served >= call.spec.max_items:
        if len(call.pages) > 1:
            yield exercised(call)
        return
    yield violation(
        "stops-early",
        call,
        last,
        member="has_more",
        got=len(call.answer.items),
        requests=len(call.pages),
        held=len(last.models),
        limit=Words(f" of a limit of {call.spec.args['limit']}" if "limit" in call.spec.args else ""),
    )


@judges_calls("client-walk-fails-with-a-failing-page", "walk")
def fails_with_a_failing_page(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    last = call.last
    if last is None or last.succeeded or not call.pages or not call.has_outcome or call.sent_elsewhere:
        return
    # JSON of another shape with status 200 is for the judge of unreadable answers: no page says what becomes of it.
    if last.kind == "unreadable" and not last.is_not_json:
        return
    if call.raised is not None:
        yield exercised(call)
    elif isinstance(call.answer, ItemsSeen) and len(call.answer.items) < call.spec.max_items:
        yield violation(
            ENDS_AT[last.kind],
            call,
            last,
            page=len(call.pages) + 1,
            answer=described(last),
            got=len(call.answer.items),
        )


def described(sent: Sent) -> Words:
    """How a request was answered, in a few words."""
    if sent.stalled:
        return Words("the answer stalls")
    response = sent.exchange.response
    if sent.kind == "broken" or response is None:
        return Words("the answer is cut short" if response is not None else "the connection is closed")
    if sent.kind != "unreadable":
        return Words(f"status {sent.status}")
    if not response.body:
        return Words(f"status {sent.status} with an empty body")
    rest = "…" if len(response.body) > _BODY_SHOWN else ""
    shown = quoted(response.body[:_BODY_SHOWN].decode("utf-8", "replace")) + rest
    what = "is not JSON" if sent.is_not_json else "is not a documented answer"
    media_type = sent.answer_header("content-type") or "no content type"
    return Words(f"status {sent.status} ({media_type}) whose body {what}: {shown}")


@judges_calls("client-walk-ends-where-the-cursor-stands-still", "walk")
def ends_where_the_cursor_stands_still(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if not call.stands_still:
        return
    questions = Counter(
        (*(tuple(page.target.values(name)) for name in CURSORS), *(model["id"] for model in page.models))
        for page in call.pages
        if page.has_more
    )
    most = max(questions.values(), default=0)
    if most >= _SAME_PAGE_TOO_OFTEN or call.hung:
        yield violation("never-ends", call, *call.pages[:3], times=most)
    elif call.has_outcome:
        yield exercised(call)
