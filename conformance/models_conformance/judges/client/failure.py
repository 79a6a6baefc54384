"""What the caller gets where no value came: an error, with what the answer said about itself."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.driver_calls import ItemsSeen, PageSeen, Raised
from models_conformance.evidence.particulars import Words
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent
from models_conformance.judges.client.paging import ENDS_AT, described, fails_with_a_failing_page
from models_conformance.judges.client.registry import CLIENT_JUDGES, exercised, judged, judges_calls
from models_conformance.judges.client.retry import fails_for_its_wait
from models_conformance.judges.client.unusual_answers import oddities
from models_conformance.judges.client.value import reads_any_json_spelling
from models_conformance.judges.judgement import Judgement, Observed, Violation
from models_conformance.support.text import counted, quoted

# Never has a body that could be told from another.
_NOT_MODIFIED = 304


def _ended_with(call: CallRead, *kinds: str) -> Sent | None:
    """The last request of a call, where its answer was of that kind and no walk had got a page before."""
    last = call.last
    if last is None or last.kind not in kinds or call.pages or not call.has_outcome or call.sent_elsewhere:
        return None
    # An answer to another question than the caller's is the wire judges' business.
    if not call.is_documented(last):
        return None
    return last


def _got(call: CallRead) -> Words:
    if not call.got_value:
        return Words("no value")
    if isinstance(call.answer, PageSeen | ItemsSeen):
        return Words(f"a list of {counted(len(call.seen), 'model')}" if call.seen else "an empty list")
    named = call.seen[0].get("id")
    return Words("a model without an id" if named is None else f"a model with the id {quoted(named)}")


def _is_value(call: CallRead) -> str | None:
    """The kind of violation by a call that got a value where none can come of what was answered."""
    return "is-a-value" if call.got_value else None


@judges_calls("client-error-is-never-a-value")
def error_is_never_a_value(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    last = _ended_with(call, "refusal")
    if last is not None:
        yield judged(_is_value(call), call, last, status=last.status, got=_got(call))


def _raised_for_status(evidence: ClientEvidence, call: CallRead, enveloped: bool) -> tuple[Sent, Raised] | None:
    """The refusal that a call ended with, and what it raised; later pages of a walk too."""
    last = call.last
    if last is None or last.kind != "refusal" or call.raised is None or last.has_error_envelope is not enveloped:
        return None
    # What a wait broke is the business of the judge of waits.
    if fails_for_its_wait(evidence, call) is not None:
        return None
    return last, call.raised


def _missed(carried: object, served: object, what: str) -> str | None:
    """The kind of violation by an error that does not carry what the answer said of itself; None where it does."""
    if carried == served:
        return None
    return f"carries-no-{what}" if carried is None else f"carries-another-{what}"


def _judge_status(evidence: ClientEvidence, call: CallRead, enveloped: bool) -> Iterator[Judgement]:
    if found := _raised_for_status(evidence, call, enveloped):
        last, raised = found
        yield judged(
            _missed(raised.status, last.status, "status"),
            call,
            last,
            status=last.status,
            carried=raised.status,
            name=Words(raised.name),
            raised=Words(raised.kind),
        )


@judges_calls("client-error-carries-status")
def error_carries_status(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    yield from _judge_status(evidence, call, enveloped=True)


@judges_calls("client-error-without-envelope-is-a-status-error")
def error_without_envelope_is_a_status_error(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    yield from _judge_status(evidence, call, enveloped=False)


def _unread_spellings(evidence: ClientEvidence) -> frozenset[str]:
    """What is unusual about how those good answers are written that were refused, or lost, for that."""
    lost = {found.call for found in reads_any_json_spelling(evidence) if isinstance(found, Violation)}
    answers = (sent for call in evidence.made if call.number in lost for sent in call.sent if sent.succeeded)
    return frozenset(odd for sent in answers for odd in oddities(sent))


@judges_calls("client-error-carries-type")
def error_carries_type(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if found := _raised_for_status(evidence, call, enveloped=True):
        last, raised = found
        served = last.parsed.value["error"]["type"]
        carried = raised.error_type
        # Who cannot read what is written like that is blamed for it once.
        if carried != served and not evidence.remembered(_unread_spellings).isdisjoint(oddities(last)):
            return
        kind, name = _missed(carried, served, "type"), Words(raised.name)
        yield judged(kind, call, last, member="type", name=name, served=served, carried=carried)


@judges_calls("client-error-carries-request-id")
def error_carries_request_id(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if found := _raised_for_status(evidence, call, enveloped=True):
        last, raised = found
        served = last.answer_header("request-id")
        if served is None and last.parsed.value.get("request_id") is not None:
            return
        # A language without null has an empty text for it.
        carried = None if served is None and not raised.request_id else raised.request_id
        kind, name = _missed(carried, served, "request-id"), Words(raised.name)
        yield judged(kind, call, last, parameter="request-id", name=name, served=served, carried=carried)


@CLIENT_JUDGES("client-request-id-of-the-body")
def request_id_of_the_body(evidence: ClientEvidence) -> Iterator[Judgement]:
    for call in evidence.made:
        found = _raised_for_status(evidence, call, enveloped=True)
        if found is None or found[0].answer_header("request-id") is not None:
            continue
        served = found[0].parsed.value.get("request_id")
        if served is not None:
            yield exercised(call, found[0])
            did = "is carried by the error" if found[1].request_id == served else "is not carried by the error"
            yield Observed("a request id that only the body has", did)


@judges_calls("client-unreadable-answer-is-never-a-list")
def unreadable_answer_is_never_a_list(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    last = _ended_with(call, "unreadable")
    # A body that begins with JSON is for the next judge: this one holds nothing that a list could come from.
    if last is None or call.spec.operation != "list" or not last.is_not_json:
        return
    is_empty = call.got_value and not call.seen
    yield judged("is-an-empty-list" if is_empty else None, call, last, how=described(last))


@judges_calls("client-unreadable-answer-is-an-error")
def unreadable_answer_is_an_error(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    last = _ended_with(call, "unreadable", "redirect")
    # Whose walks end at a later page that is not JSON takes JSON of another shape for the end likewise.
    if last is None and not evidence.remembered(_ends_at_unreadable_pages):
        last = _later_page_of_another_shape(call)
    if last is None or last.would_succeed or last.status == _NOT_MODIFIED:
        return
    # An empty list from what is not JSON is for the judge before this one; a redirect is not.
    empty = call.spec.operation == "list" and call.got_value and not call.seen
    if empty and last.kind == "unreadable" and last.is_not_json:
        return
    yield judged(_is_value(call), call, last, got=_got(call), how=described(last))


@judges_calls("client-other-status-is-no-success")
def other_status_is_no_success(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    last = _ended_with(call, "unreadable", "redirect")
    if last is not None and (last.would_succeed or last.status == _NOT_MODIFIED):
        yield judged(_is_value(call), call, last, got=_got(call), status=last.status)


def _ends_at_unreadable_pages(evidence: ClientEvidence) -> bool:
    walks = [call for call in evidence.made if call.is_walk]
    judgements = (found for call in walks for found in fails_with_a_failing_page(evidence, call))
    return any(isinstance(found, Violation) and found.kind == ENDS_AT["unreadable"] for found in judgements)


def _later_page_of_another_shape(call: CallRead) -> Sent | None:
    """The last request of a walk that had got a page before, where it was answered with JSON that is not a page."""
    last = call.last
    if last is None or not call.pages or not call.has_outcome or len(call.seen) >= call.spec.max_items:
        return None
    return last if last.kind == "unreadable" and not last.is_not_json else None


@judges_calls("client-cut-answer-is-an-error")
def cut_answer_is_an_error(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    last = call.last if call.hung else _ended_with(call, "broken")
    if last is None or last.kind != "broken" or last.stalled:
        return
    kind = "never-ends" if call.hung else _is_value(call)
    yield judged(kind, call, last, got=_got(call), how=described(last))
