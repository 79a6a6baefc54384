"""What a client puts on the wire: method, path, parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote, unquote_plus, unquote_to_bytes

from models_conformance.contract.points import LIMIT, list_parameters
from models_conformance.evidence.driver_calls import PARAMS
from models_conformance.evidence.particulars import Words
from models_conformance.evidence.targets import CURSORS, NOT_UTF_8, Decoded, decoded
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent
from models_conformance.judges.client.registry import (
    CLIENT_JUDGES,
    CLIENT_TEMPLATES,
    exercised,
    judged,
    judges_calls,
    violation,
)
from models_conformance.judges.judgement import Judgement, NotApplicable, Observed
from models_conformance.requirements.templates import About
from models_conformance.support.text import quoted

# Escapes of a dot count: URL libraries undo them before they resolve dot segments (WHATWG URL, 4.4).
_DOT_SEGMENT = re.compile(r"(?:^|[/\\])(?:\.|%2[eE]){1,2}(?=[/\\]|$)")


@judges_calls("client-uses-get")
def uses_get(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for aside in call.asides[:1]:
        asked = f"{aside.exchange.request.method} {aside.target.path}"
        yield Observed("a request outside the Models API", asked)
    for sent in call.at_home:
        method = sent.exchange.request.method
        yield judged(None if method == "GET" else "another-method", call, sent, method=method)


def _keeps_prefix(call: CallRead, sent: Sent) -> bool:
    return sent.target.plain_path.startswith(call.prefix + "/")


@judges_calls("client-keeps-base-url-prefix")
def keeps_prefix(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if not call.prefix or _climbs_by_itself(call):
        return
    for sent in call.sent:
        kind = None if _keeps_prefix(call, sent) else "prefix-is-lost"
        yield judged(kind, call, sent, prefix=call.prefix, path=sent.target.path, start=call.prefix + "/")


@judges_calls("client-requests-documented-path")
def requests_documented_path(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if call.spec.operation == "retrieve" and (not call.model_id or _climbs_by_itself(call)):
        return
    wanted = Words(call.list_path if call.spec.operation == "list" else call.list_path + "/{model_id}")
    for sent in call.sent:
        if _keeps_prefix(call, sent):
            kind = None if call.is_documented(sent) else f"{call.spec.operation}-goes-elsewhere"
            yield judged(kind, call, sent, path=sent.target.path, wanted=wanted)


def _climbs_by_itself(call: CallRead) -> bool:
    """Whether the id of a retrieve call would leave its place in the path if it were not escaped."""
    return call.spec.operation == "retrieve" and bool(_DOT_SEGMENT.search(call.model_id))


@judges_calls("client-escapes-model-id-once")
def escapes_model_id_once(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if call.spec.operation != "retrieve" or not call.model_id or call.model_id in (".", ".."):
        return
    start = call.list_path + "/"
    for sent in call.sent:
        if not sent.target.plain_path.startswith(start):
            continue
        # Prefix and documented path hold no escape of their own, so the rest of the raw path is found by its end.
        raw = sent.target.path.split("/", start.count("/"))[-1]
        read = decoded(raw)
        if read.problem is None and read.text == call.model_id and "/" not in raw:
            yield exercised(call, sent)
        else:
            yield _another_id(call, sent, raw, read)


def _another_id(call: CallRead, sent: Sent, raw: str, read: Decoded) -> Judgement:
    query = f" with the query {quoted(sent.target.query or '')}" if "?" in call.model_id else ""
    if read.problem is None and read.text != call.model_id:
        why = f"which decodes to {quoted(read.text)}"
    else:
        why = read.problem or "a raw slash, which makes it several segments"
    kind = _spoilt(call.model_id, raw, read, "?#", unquote)
    if kind == "is-changed" and _climbs_by_itself(call) and len(read.text) < len(call.model_id):
        kind = "is-not-escaped"
    return violation(
        kind, call, sent, parameter="model_id", id=call.model_id, sent=raw, query=Words(query), why=Words(why)
    )


def _spoilt(wanted: str, raw: str, read: Decoded, delimiters: str, unescape: Callable[[str], str]) -> str:
    """How a value was escaped that does not arrive as it was given; unescaped, it may end at a delimiter."""
    if read.problem not in (None, NOT_UTF_8):
        return "is-not-escaped"
    if read.text != wanted and unescape(read.text) == wanted:
        return "is-escaped-twice"
    whole = [wanted, *(wanted.partition(mark)[0] for mark in delimiters)]
    whole.append(re.split(f"[{delimiters}]", wanted)[0])
    if read.problem == NOT_UTF_8:
        # What looks like escapes in the value itself may stand for any bytes.
        arrived = read.text.encode("latin-1")
        own = {unquote_to_bytes(spelling) for text in whole for spelling in (text, text.replace("+", " "))}
        return "is-not-escaped" if arrived in own else "is-changed"
    unescaped = {*whole, *map(unescape, whole)}
    return "is-not-escaped" if raw in unescaped or read.text in unescaped else "is-changed"


@judges_calls("client-empty-id-never-lists")
def empty_id_never_lists(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if call.spec.operation != "retrieve" or call.model_id or not call.has_outcome:
        return
    lists = [sent for sent in call.sent if sent.target.plain_path.rstrip("/") == call.list_path]
    if lists:
        yield violation("lists", call, *lists, parameter="model_id", path=lists[0].target.path)
    else:
        yield exercised(call)


@judges_calls("client-dot-segments-never-climb")
def dot_segments_never_climb(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if not _climbs_by_itself(call) or not call.has_outcome:
        return
    start = call.list_path + "/"
    climbing = [sent for sent in call.sent if _climbs(sent.target.path, start, call.model_id)]
    if climbing:
        path, start_shown = climbing[0].target.path, Words(start)
        yield violation("climbs", call, *climbing, parameter="model_id", id=call.model_id, path=path, start=start_shown)
    else:
        yield exercised(call)


def _climbs(path: str, start: str, model_id: str) -> bool:
    # Where the last segment is the id, what comes before it has been changed by something else.
    is_in_place = path.startswith(start) or decoded(path.rpartition("/")[2]).text == model_id
    return not is_in_place or not {".", ".."}.isdisjoint(path[len(start) :].split("/"))


def _may_be_its_own_query(call: CallRead) -> bool:
    """Whether the model id becomes a query where it is not escaped: the judge of escaping says so."""
    return call.spec.operation == "retrieve" and "?" in call.model_id


@judges_calls("client-sends-no-unasked-cursor")
def sends_no_unasked_cursor(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    first = call.first
    if first is None or _may_be_its_own_query(call):
        return
    unasked = [(name, text) for name in CURSORS if name not in call.cursors for text in first.target.values(name)]
    for name, text in unasked:
        yield violation("is-added", call, first, parameter=name, sent=text)
    if not unasked:
        yield exercised(call, first)


@judges_calls("client-sends-no-unasked-limit")
def sends_no_unasked_limit(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if "limit" in call.spec.args or _may_be_its_own_query(call):
        return
    for sent in call.sent:
        limits = sent.target.values("limit")
        if call.is_page_size_of_its_own(sent):
            yield exercised(call, sent)
            yield Observed(f"a {'walk' if call.is_walk else 'page'} without a limit", f"sent with limit={limits[0]}")
        elif limits:
            yield violation("is-added", call, sent, parameter="limit", sent=limits[0])
        else:
            yield exercised(call, sent)


def _changed(values: list[str]) -> str:
    """The kind of violation by a parameter that was given one value and does not go out with just that."""
    if not values:
        return "is-left-out"
    return "is-repeated" if len(values) > 1 else "is-changed"


@judges_calls("client-sends-cursor-as-given")
def sends_cursor_as_given(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if len(call.cursors) != 1:
        return
    ((name, wanted),) = call.cursors.items()
    for sent in call.openings:
        values = [value for key, value in sent.target.parameters if key == name]
        texts = [value.text for value in values]
        problem = next((value.problem for value in values if value.problem), None)
        kind = None if problem is None and texts == [wanted] else _changed(texts)
        if kind == "is-changed":
            kind = _spoilt(wanted, texts[0], values[0], "&#", unquote_plus)
        shown = Words(_shown(name, texts) + (f", with {problem}" if problem else ""))
        query = Words(quoted("?" + (sent.target.query or ""), 160))
        yield judged(kind, call, sent, parameter=name, cursor=wanted, sent=shown, query=query)


def _shown(name: str, values: list[str]) -> str:
    return " and ".join(f"{name}={quoted(value)}" for value in values) or "nothing"


@CLIENT_TEMPLATES("client-{slug}-outside-its-range")
def limit_outside_its_range(evidence: ClientEvidence, about: About) -> Iterator[Judgement]:
    seen = False
    for call in evidence.calls:
        limit = call.spec.args.get("limit")
        if isinstance(limit, int) and not call.is_in_range(limit) and call.has_outcome:
            seen = True
            yield exercised(call)
            yield Observed(f"limit={limit}", _became_of(limit, call))
    if not seen:
        yield NotApplicable("no limit outside the range was given")


def _became_of(limit: int, call: CallRead) -> str:
    if call.first is None:
        return f"refused by the client ({call.raised.name if call.raised else 'no error'})"
    values = call.first.target.values("limit")
    if values == [str(limit)]:
        return "sent"
    return f"sent as {_shown('limit', values)}" if values else "sent without a limit"


@CLIENT_JUDGES("client-two-cursors")
def two_cursors(evidence: ClientEvidence) -> Iterator[Judgement]:
    for call in evidence.calls:
        if len(call.cursors) == 2 and call.has_outcome:
            yield exercised(call)
            sent = [name for name in CURSORS if call.first is not None and call.first.target.values(name)]
            yield Observed("both cursors at once", f"sends {' and '.join(sent)}" if sent else "sends neither")


@CLIENT_TEMPLATES("client-sends-{slug}-as-given")
def sends_parameter_as_given(evidence: ClientEvidence, about: About) -> Iterator[Judgement]:
    """Query pairs or header lines of that name, on the first request of a call and where it is redirected to."""
    name, asked = about["parameter"], False
    for call in evidence.made:
        wanted = given(call, name)
        if wanted is not None:
            asked = asked or call.first is not None
            yield from (as_given(evidence, call, sent, name, wanted) for sent in call.openings)
    if not asked and name != LIMIT:
        yield NotApplicable("the driver takes no parameters by their names on the wire")


def given(call: CallRead, name: str) -> list[str] | None:
    """The texts that a call was given for a parameter; None where it was not, or with a limit outside its range.

    What a limit outside the range would be is undocumented: the observation says what became of it.
    """
    if name == LIMIT:
        limit = call.spec.args.get(LIMIT)
        return [str(limit)] if isinstance(limit, int) and call.is_in_range(limit) else None
    value = call.spec.args.get(PARAMS, {}).get(name)
    return None if value is None else [value] if isinstance(value, str) else list(value)


def as_given(evidence: ClientEvidence, call: CallRead, sent: Sent, name: str, wanted: list[str]) -> Judgement:
    """Whether a request carries a parameter as the call was given it: several values have no order."""
    found = _sent_as(evidence, sent, name)
    # The default asks the same whether it is said or not.
    if sorted(found) == sorted(wanted) or (name == LIMIT and not found and call.is_default_limit(int(wanted[0]))):
        return exercised(call, sent)
    kind = _changed(found) if len(wanted) == 1 else "is-changed" if found else "is-left-out"
    shown = [Words(" and ".join(map(quoted, texts))) for texts in (wanted, found)]
    return violation(kind, call, sent, parameter=name, wanted=shown[0], sent=shown[1], instead=_misnamed(sent, name))


def as_alone(key: str) -> str:
    """The name of a parameter without the brackets in which a builder of queries marks lists: after_id[0]."""
    return key.partition("[")[0]


def _misnamed(sent: Sent, name: str) -> Words:
    """What a request has in place of a parameter, its name written as a list's or not as a list's."""
    near = [(key, value) for key, value in sent.target.parameters if key != name and as_alone(key) == as_alone(name)]
    shown = " and ".join(f"{key}={quoted(value.text)}" for key, value in near)
    return Words(f", {shown} instead" if shown else "")


def _sent_as(evidence: ClientEvidence, sent: Sent, name: str) -> list[str]:
    """The values of a parameter as it went out, wherever the contract has it."""
    if list_parameters(evidence.contract)[name].location == "query":
        return sent.target.values(name)
    return [part.strip() for line in sent.header_lines(name) for part in line.split(",")]
