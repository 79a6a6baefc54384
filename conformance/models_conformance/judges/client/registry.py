"""The judges of clients: of a whole run, or of one call at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from models_conformance.evidence.driver_calls import NO_ARGUMENTS, NO_RETRIEVE, WALKS_ONLY
from models_conformance.evidence.particulars import Value
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent
from models_conformance.judges.client.unusual_answers import may_be_misread
from models_conformance.judges.judgement import Exercised, Judgement, Judges, NotApplicable, Violation
from models_conformance.judges.judgement import violation as violation_of
from models_conformance.requirements.register import Requirement
from models_conformance.requirements.templates import About

ClientJudge = Callable[[ClientEvidence], Iterator[Judgement]]
CallJudge = Callable[[ClientEvidence, CallRead], Iterator[Judgement]]

CLIENT_JUDGES: Judges[ClientJudge] = Judges()
CLIENT_TEMPLATES: Judges[Callable[[ClientEvidence, About], Iterator[Judgement]]] = Judges()
"""The judges of templates, by the id of the template. Each is told what the template was filled with."""
LACKS = {"walk": "the library does not page by itself", "betas": "the library takes no betas"}
"""Why a requirement is not applicable to a library without a capability."""
_NO_RETRIEVE = (NO_RETRIEVE, "the library has no call for one model")
_WALKS_ONLY = (WALKS_ONLY, "the library has no call for one page")
_NO_ARGUMENTS = (NO_ARGUMENTS, "the library's list takes no arguments")
_OUT_OF_REACH = {
    "client-escapes-model-id-once": _NO_RETRIEVE,
    "client-empty-id-never-lists": _NO_RETRIEVE,
    "client-dot-segments-never-climb": _NO_RETRIEVE,
    "client-retrieve-returns-the-model": _NO_RETRIEVE,
    "client-page-holds-every-model": _WALKS_ONLY,
    "client-page-keeps-has-more": _WALKS_ONLY,
    "client-page-keeps-first-and-last-id": _WALKS_ONLY,
    "client-sends-limit-as-given": _NO_ARGUMENTS,
    "client-sends-cursor-as-given": _NO_ARGUMENTS,
    "client-walk-backward-follows-first-id": _NO_ARGUMENTS,
    "client-walk-keeps-limit": _NO_ARGUMENTS,
    "client-walk-keeps-betas": _NO_ARGUMENTS,
    "client-sends-betas-as-given": _NO_ARGUMENTS,
    "client-limit-outside-its-range": _NO_ARGUMENTS,
    "client-two-cursors": _NO_ARGUMENTS,
}


def judges_calls(requirement: str, *needs: str) -> Callable[[CallJudge], CallJudge]:
    """Register a judge that looks at one call at a time; one that needs `walk` looks at walks alone.

    Of those it leaves out what may be misread: where a page is, so may its end. It is not applicable to a library
    without the capabilities that it needs. Raises ValueError where the requirement has a judge already.
    """

    def add(judge: CallJudge) -> CallJudge:
        @CLIENT_JUDGES(requirement)
        def over_calls(evidence: ClientEvidence) -> Iterator[Judgement]:
            lacking = [need for need in needs if need not in evidence.hello.capabilities]
            if lacking:
                yield NotApplicable(LACKS[lacking[0]])
                return
            for call in evidence.made:
                if "walk" not in needs or (call.is_walk and not may_be_misread(evidence, call)):
                    yield from judge(evidence, call)

        return judge

    return add


def client_judgements(evidence: ClientEvidence, requirement: Requirement) -> Iterator[Judgement]:
    """What the judge of a requirement, or of its template, says; not applicable where the library has no such call."""
    lack, why = _OUT_OF_REACH.get(requirement.id, ("", ""))
    if lack in evidence.hello.capabilities:
        yield NotApplicable(why)
    elif requirement.template:
        yield from CLIENT_TEMPLATES.by_requirement[requirement.template](evidence, requirement.about)
    else:
        yield from CLIENT_JUDGES.by_requirement[requirement.id](evidence)


def exercised(call: CallRead, sent: Sent | None = None) -> Exercised:
    """This request, or the last of the call, tested the requirement; the call itself where nothing was sent."""
    request = sent or call.last
    return Exercised(request.number) if request is not None else Exercised(0, call.number)


def violation(
    kind: str, call: CallRead, *proof: Sent, parameter: str = "", member: str = "", **values: Value
) -> Violation:
    """A violation by this call, with its particulars by name; without proof, every request of the call is it."""
    numbers = tuple(sent.number for sent in proof or call.requests)
    return replace(violation_of(kind, *numbers, parameter=parameter, member=member, shared=values), call=call.number)


def judged(
    kind: str | None, call: CallRead, *proof: Sent, parameter: str = "", member: str = "", **values: Value
) -> Judgement:
    """A violation of that kind; where it is None, that the first request of the proof tested the requirement."""
    if kind is None:
        return exercised(call, *proof[:1])
    return violation(kind, call, *proof, parameter=parameter, member=member, **values)
