"""What the caller gets: every model, once, in order, with its members as they were sent."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import unquote

from models_conformance.evidence.driver_calls import ItemsSeen, ModelRetrieved, PageSeen
from models_conformance.evidence.exchange import TOKEN
from models_conformance.evidence.instants import instant
from models_conformance.evidence.particulars import Json, Words
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent
from models_conformance.judges.client.registry import CLIENT_JUDGES, exercised, judged, judges_calls, violation
from models_conformance.judges.client.unusual_answers import (
    UnusualFeature,
    blames_writing,
    ids,
    is_unusual_by_writing_alone,
    loses_models,
    loses_to_writing,
    spelling_of,
    unusual_features,
)
from models_conformance.judges.judgement import Judgement, NotExercised, Observed
from models_conformance.support.text import quoted

# Ids that every client must let through: nothing in them needs an escape (RFC 3986, 2.3).
# A client may find longer ones too long.
_PLAIN_ID = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{,511}")
_JSON_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}")

# Longer lists than any server is known to hold are walked here in so many pages.
_MANY_PAGES = 10
# How languages name a call stack that has no room left.
_EXHAUSTED = frozenset({"RecursionError", "StackOverflowError", "SystemStackError", "RangeError", "InternalError"})


def as_value(value: object) -> str | bool | Json | None:
    """What a driver showed as a particular: text, null and truth as they are, anything else as JSON."""
    return value if isinstance(value, str | bool | None) else Json(json.dumps(value, default=str))


def _answered_well(call: CallRead) -> bool:
    """Whether every question of the call was answered as the contract has it in the end."""
    return bool(call.steps) and all(step[-1].succeeded for step in call.steps)


def _refused_by_itself(call: CallRead) -> bool:
    """Whether the client refused an ordinary call without sending anything."""
    args = call.spec.args
    return (
        not call.requests
        and bool(_PLAIN_ID.fullmatch(str(args.get("model_id", "x"))))
        and ("limit" not in args or call.is_in_range(args["limit"]))
        and all(_PLAIN_ID.fullmatch(cursor) for cursor in call.cursors.values())
        and all(TOKEN.fullmatch(beta) for beta in args.get("betas", ()))
        and args.get("betas") != []
        and len(call.cursors) < 2
    )


class Acceptance:
    """Which answers a client takes and which it refuses, so that a refusal is blamed on what explains it.

    An answer is often unusual in several ways. What is refused where nothing else is unusual explains the refusal of
    an answer that has other features too; and a client that refuses ordinary answers refuses unusual ones for the
    same reason, unless it accepts none that has the feature.
    """

    def __init__(self, evidence: ClientEvidence) -> None:
        self._alone: set[UnusualFeature] = set()
        self._accepted: set[UnusualFeature] = set()
        self._refuses_ordinary = False
        self.documented = frozenset(filter(_is_answered_as_documented, evidence.made))
        """The calls whose answers a correct client accepts."""
        for call in self.documented:
            features = unusual_features(call)
            if call.raised is None:
                self._accepted.update(features)
            elif len(features) == 1:
                self._alone.update(features)
            elif not features:
                self._refuses_ordinary = True

    def blamed(self, call: CallRead) -> UnusualFeature | None:
        """What explains that an answer was refused; None where it is nothing unusual."""
        features = unusual_features(call)
        explaining = [feature for feature in features if feature in self._alone] or list(features)
        if self._refuses_ordinary:
            explaining = [feature for feature in explaining if feature not in self._accepted]
        return next(iter(explaining), None)


def _ended_at_a_cap(call: CallRead) -> bool:
    """Whether a walk was given up after many pages by an error of the client's own: no page names a number.

    A call stack that is exhausted is not a decision.
    """
    raised = call.raised
    if not call.is_walk or raised is None or raised.kind not in ("other", "argument"):
        return False
    return len(call.pages) >= _MANY_PAGES and raised.name not in _EXHAUSTED


def _is_answered_as_documented(call: CallRead) -> bool:
    """Whether a correct client accepts the answers of a call."""
    first = call.first
    if first is None or not call.has_outcome or not _answered_well(call):
        return False
    if call.stands_still or call.asks_behind_the_end or _ended_at_a_cap(call):
        return False
    # Where another page was asked for than the caller's, what came back may well be refused.
    if any(first.target.values(name) != [value] for name, value in call.cursors.items()):
        return False
    # JSON Schema's `format` only annotates: what is not a date at all may be refused as well as kept.
    return all(instant(model["created_at"]) is not None for request in call.sent for model in request.models)


def judge_acceptance(evidence: ClientEvidence, call: CallRead, wanted: UnusualFeature | None) -> Iterator[Judgement]:
    """Whether a call whose answers are all as documented returns, where their unusual feature is `wanted`."""
    if call.has_outcome and not call.stands_still and _refused_by_itself(call):
        if wanted is None:
            yield from _returned(call, "is-refused-unsent")
    elif call in (acceptance := evidence.remembered(Acceptance)).documented:
        feature = next(iter(unusual_features(call)), None) if call.raised is None else acceptance.blamed(call)
        if feature == wanted:
            yield from _returned(call, "is-refused")


def _returned(call: CallRead, otherwise: str) -> Iterator[Judgement]:
    """That the call returned; `otherwise` is the kind of the violation that it raised."""
    raised = call.raised
    if raised is None:
        yield exercised(call)
    else:
        message = Words(f": {quoted(raised.message, 160)}" if raised.message else "")
        yield violation(otherwise, call, name=Words(raised.name), raised=Words(raised.kind), message=message)


@judges_calls("client-answer-is-accepted")
def answer_is_accepted(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    yield from judge_acceptance(evidence, call, None)
    if _ended_at_a_cap(call) and call.raised is not None and call.last is not None and call.last.succeeded:
        yield Observed(
            "a walk over many pages", f"ended by the client after {len(call.pages)} pages: {call.raised.name}"
        )


@judges_calls("client-tolerates-unknown-fields")
def tolerates_unknown_fields(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    yield from judge_acceptance(evidence, call, "unknown fields")


@CLIENT_JUDGES("client-reads-any-json-spelling")
def reads_any_json_spelling(evidence: ClientEvidence) -> Iterator[Judgement]:
    yield from _judge_spelling(evidence, "spelling")


@CLIENT_JUDGES("client-reads-a-content-type-in-any-case")
def reads_a_content_type_in_any_case(evidence: ClientEvidence) -> Iterator[Judgement]:
    yield from _judge_spelling(evidence, "media type")


def _judge_spelling(evidence: ClientEvidence, wanted: UnusualFeature) -> Iterator[Judgement]:
    for call in evidence.made:
        yield from judge_acceptance(evidence, call, wanted)
        blamed = is_unusual_by_writing_alone(call) and unusual_features(call)[0] == wanted
        if blamed and loses_models(call) and evidence.remembered(loses_to_writing):
            yield violation(
                "loses-models", call, seen=len(call.seen), served=len(call.served), spelling=Words(spelling_of(call))
            )


def folded(text: str) -> str:
    """A text without its case, the blanks at its ends and its normal form."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _altered(seen: Any, served: Any) -> bool:
    """Whether one id is the other but for case, blanks, escapes or Unicode form: the same model, misspelt."""
    return isinstance(seen, str) and seen != served and folded(unquote(seen)) == folded(unquote(str(served)))


def _lost_letters(seen: Any, served: str) -> bool:
    """Whether the letters beyond ASCII are all that differs: JSON's escapes that were kept, question marks, nothing."""

    def plain(text: str) -> str:
        return "".join(letter for letter in _JSON_ESCAPE.sub("", text) if letter.isascii() and letter != "?")

    return isinstance(seen, str) and seen != served and not served.isascii() and plain(seen) == plain(served)


def _is_an_end_of(seen: Any, served: str) -> bool:
    """Whether an id begins or ends another: one of a letter is somewhere within many a long one."""
    return isinstance(seen, str) and seen != "" and (served.startswith(seen) or served.endswith(seen))


def _misspelt(evidence: ClientEvidence, call: CallRead) -> list[tuple[Any, Any]]:
    seen, served = ids(call.seen), ids(call.served)
    if len(seen) != len(served):
        return []
    # Another model of the answers than the one that belongs there is no id that was misspelt.
    known = {model["id"] for sent in call.sent for model in sent.models}
    unknown = [(got, sent) for got, sent in zip(seen, served, strict=True) if got not in known]
    # Letters that were sent as they are may be lost for the spelling.
    escaped = not blames_writing(evidence, call)
    altered = [pair for pair in unknown if _altered(*pair) or (escaped and _lost_letters(*pair))]
    # Where every unknown id is an end of the one that was sent, the rest of it was lost. An alias was asked for.
    is_cut = all(_is_an_end_of(got, str(sent)) and got != call.model_id for got, sent in unknown)
    return altered or (unknown if is_cut else [])


def _can_be_compared(evidence: ClientEvidence, call: CallRead) -> bool:
    """Whether models were served, and none of them is lost to the writing of its answer or misspelt."""
    return call.was_served and not blames_writing(evidence, call) and not _misspelt(evidence, call)


@judges_calls("client-id-is-untouched")
def id_is_untouched(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if not call.got_value or not _answered_well(call):
        return
    misspelt = _misspelt(evidence, call)
    if misspelt:
        seen, served = misspelt[0]
        yield violation("is-changed", call, member="id", served=served, seen=as_value(seen))
    elif call.seen:
        yield exercised(call)


@judges_calls("client-page-holds-every-model")
def page_holds_every_model(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if not isinstance(call.answer, PageSeen) or not _can_be_compared(evidence, call):
        return
    seen, served = ids(call.answer.data), ids(call.served)
    if seen == served:
        yield exercised(call)
    else:
        yield violation("differs", call, served=len(served), seen=len(seen), difference=Words(_differing(seen, served)))


def _named(model_id: Any) -> str:
    return quoted(model_id) if isinstance(model_id, str) else json.dumps(model_id, default=str)


def _differing(seen: list[Any], served: list[Any]) -> str:
    missing, extra = Counter(served) - Counter(seen), Counter(seen) - Counter(served)
    if missing:
        return f"{_named(next(iter(missing)))} is missing"
    if extra:
        return f"{_named(next(iter(extra)))} is there too often"
    place = next(index for index, (got, sent) in enumerate(zip(seen, served, strict=True)) if got != sent)
    return f"{_named(seen[place])} stands where {_named(served[place])} was sent"


@judges_calls("client-walk-yields-every-model-once", "walk")
def walk_yields_every_model_once(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if not isinstance(call.answer, ItemsSeen) or call.stands_still or not _can_be_compared(evidence, call):
        return
    seen, served = ids(call.answer.items), ids(call.served)
    # A page that was asked for twice is the paging judges' business.
    if len(set(served)) < len(served):
        return
    # So are pages behind the end: who asks for them and hands them out has lost nothing.
    behind = tuple(model for sent in call.sent[len(call.to_the_end) :] for model in sent.models)
    in_full = Counter(seen) == Counter(served) or seen == [*served, *ids(behind)][: max(len(seen), len(served))]
    if in_full or (call.backward and call.answer.truncated and _is_some_order(seen, call)):
        yield exercised(call)
    else:
        yield violation("differs", call, served=len(served), seen=len(seen), difference=Words(_differing(seen, served)))


def _is_some_order(seen: list[Any], call: CallRead) -> bool:
    """Whether a backward walk may yield these: pages as they came, each turned round, or the whole in list order.

    The pages say in which order models stand in a page, not in which a walk towards newer ones yields them.
    """
    pages = [ids(answer.models) for answer in call.pages]
    turned = [page[::-1] for page in pages]
    return any(seen == list(chain(*order))[: len(seen)] for order in (pages, turned, pages[::-1]))


@judges_calls("client-walk-keeps-order", "walk")
def walk_keeps_order(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if not isinstance(call.answer, ItemsSeen) or not call.was_served or len(call.answer.items) < 2:
        return
    seen, served = ids(call.answer.items), ids(call.served)
    if Counter(seen) != Counter(served) or len(set(served)) < len(served):
        return
    if seen == served or (call.backward and _is_some_order(seen, call)):
        yield exercised(call)
    else:
        yield violation("is-in-another-order", call, difference=Words(_differing(seen, served)))


@judges_calls("client-retrieve-returns-the-model")
def retrieve_returns_the_model(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if not isinstance(call.answer, ModelRetrieved) or not _can_be_compared(evidence, call):
        return
    seen, served = call.answer.model.get("id"), call.served[0]["id"]
    kind = None if seen == served else "is-another-model"
    which = Words(" (the id that was asked for)" if seen == call.model_id else "")
    yield judged(kind, call, member="id", served=served, seen=as_value(seen), which=which)


def _page_as_seen(evidence: ClientEvidence, call: CallRead) -> tuple[Sent, Mapping[str, Any]] | None:
    """A page and its members as the caller has them; None where nothing says how they were read."""
    last = call.last
    if not isinstance(call.answer, PageSeen) or last is None or last.kind != "page" or blames_writing(evidence, call):
        return None
    return last, call.answer.members


@judges_calls("client-page-keeps-has-more")
def page_keeps_has_more(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if (found := _page_as_seen(evidence, call)) is None:
        return
    page, members = found
    if "has_more" not in members:
        yield NotExercised("the library does not show has_more")
        return
    kind = None if members["has_more"] is page.has_more else "is-changed"
    yield judged(kind, call, member="has_more", served=page.has_more, seen=as_value(members["has_more"]))


@judges_calls("client-page-keeps-first-and-last-id")
def page_keeps_first_and_last_id(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if (found := _page_as_seen(evidence, call)) is None:
        return
    page, members = found
    for name, served in (("first_id", page.end("first_id")), ("last_id", page.end("last_id"))):
        if name in members:
            # A language without null has an empty text for it.
            is_right = members[name] == served or (served is None and members[name] == "")
            seen = as_value(members[name])
            yield judged(None if is_right else "is-changed", call, member=name, served=as_value(served), seen=seen)
    if not {"first_id", "last_id"} & members.keys():
        yield NotExercised("the library shows neither first_id nor last_id")


@judges_calls("client-call-is-independent")
def call_is_independent(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if call.got_value and not call.requests:
        yield violation("is-kept-from-earlier", call, operation=Words(call.spec.operation), count=len(call.seen))
    elif call.got_value:
        yield exercised(call)
