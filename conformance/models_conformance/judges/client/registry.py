"""What a judge of clients is: a pure function from the evidence of a client run to judgements."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent
from models_conformance.judges.judgement import Exercised, Judgement, Violation, quoted

ClientJudge = Callable[[ClientEvidence], Iterator[Judgement]]
CallJudge = Callable[[ClientEvidence, CallRead], Iterator[Judgement]]

CLIENT_JUDGES: dict[str, ClientJudge] = {}


def judges_client(requirement: str) -> Callable[[ClientJudge], ClientJudge]:
    """Register a judge of whole runs. Raises ValueError where the requirement has one already."""

    def add(judge: ClientJudge) -> ClientJudge:
        if requirement in CLIENT_JUDGES:
            raise ValueError(f"{requirement} has two judges")
        CLIENT_JUDGES[requirement] = judge
        return judge

    return add


def judges_calls(requirement: str) -> Callable[[CallJudge], CallJudge]:
    """Register a judge that looks at one call at a time."""

    def add(judge: CallJudge) -> CallJudge:
        @judges_client(requirement)
        def over_calls(evidence: ClientEvidence) -> Iterator[Judgement]:
            for call in evidence.made():
                yield from judge(evidence, call)

        return judge

    return add


def exercised(call: CallRead, sent: Sent | None = None) -> Exercised:
    """This request, or the last of the call, tested the requirement; the call itself where nothing was sent."""
    one = sent or call.last
    return Exercised(one.number) if one is not None else Exercised(0, call.number)


def shown(value: object) -> str:
    """A value as a message shows it, in words that every language has for null, true and false."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else quoted(value)


def violation(call: CallRead, observed: str, expected: str, *proof: Sent) -> Violation:
    """A violation by this call; without proof, every request of the call is it."""
    numbers = tuple(one.number for one in proof) or call.numbers
    return Violation(observed, expected, numbers, call.number)
