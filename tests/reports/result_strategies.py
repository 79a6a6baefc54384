"""Results: one made by hand that has something of everything, and generated ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from hypothesis import strategies as st

from models_conformance.evidence.exchange import (
    API_KEY,
    WRONG_KEY,
    Exchange,
    Failure,
    FailureKind,
    Request,
    Response,
)
from models_conformance.requirements.register import register
from models_conformance.result import (
    Cause,
    Clause,
    ContractUsed,
    Finding,
    Observation,
    RequirementResult,
    Result,
    Run,
    Subject,
    Verdict,
    run_verdict,
)

BASE = "http://127.0.0.1:9999"


def exchange(number: int, target: str = "/v1/models?after_id=b%2Fc", body: bytes = b'{"data": []}') -> Exchange:
    headers = (("host", "127.0.0.1:9999"), ("x-api-key", API_KEY), ("anthropic-version", "2023-06-01"))
    return Exchange(
        number,
        Request("GET", BASE + target, headers),
        Response(200, (("content-type", "application/json"),), body),
    )


def sample(*, strict: bool = False, **verdicts: str) -> Result:
    """Everything passes, but what `verdicts` says of ids written with underscores."""
    entries = []
    for requirement in register().values():
        verdict = verdicts.get(requirement.id.replace("-", "_"), "pass")
        findings = (Finding("it held b", "it starts after b", (2,), "", requirement.advice, kind="holds-the-cursor"),)
        entries.append(
            RequirementResult(
                requirement,
                verdict,  # type: ignore[arg-type]
                0 if verdict == "inconclusive" else 4,
                findings if verdict == "fail" else (),
                "only one model is listed" if verdict == "inconclusive" else "",
                Clause("models.txt", 12),
            )
        )
    return Result(
        Subject("server", "127.0.0.1:9999", None, BASE),
        Run("2026-08-17T10:00:00Z", 1.9, 118, 7, run_verdict(tuple(entries), "must", strict), "must", strict),
        tuple(entries),
        (Observation("limit=0", "400 invalid_request_error"),),
        {2: exchange(2)},
        ("waited 2 s after a 429",),
        contract=ContractUsed("first", "0123456789abcdef", "2023-06-01", (("models.txt", "0" * 64),)),
    )


# Every code point, lone surrogates too; and text made of those that do harm alone, or they would be rare.
harmful = "\x00\x1b\x07\r\n\t\x85\u200b\u202e\u2066\u2028\ufeff\ufffe\ud800\U000e0041<>&\"']][[/]"
nasty = st.text(st.sampled_from(harmful), max_size=20) | st.text(st.characters(), max_size=20)
tokens = st.text(st.sampled_from("abcXYZ019-_.!#$&'*+^`|~%"), min_size=1, max_size=12)
values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30) | st.sampled_from(
    [API_KEY, f"Bearer {API_KEY}", WRONG_KEY, f'a "$b" `c` \\ ! {API_KEY}', "", " "]
)
targets = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=30)
requests = st.builds(
    Request,
    st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "DELETE"]),
    targets.map(lambda target: f"{BASE}/{target}"),
    st.lists(st.tuples(tokens, values), max_size=5).map(tuple),
)
responses = st.builds(
    Response,
    st.integers(100, 599),
    st.lists(st.tuples(nasty, nasty), max_size=3).map(tuple),
    st.binary(max_size=60) | nasty.map(lambda text: text.encode("utf-8", "surrogatepass")),
)
failures = st.builds(Failure, st.sampled_from(get_args(FailureKind)), nasty)


verdicts: st.SearchStrategy[Verdict] = st.sampled_from(get_args(Verdict))
thresholds: st.SearchStrategy[Literal["must", "should"]] = st.sampled_from(["must", "should"])


@st.composite
def exchanges(draw: st.DrawFn, number: int) -> Exchange:
    response = draw(st.none() | responses)
    failure = draw(failures) if response is None else draw(st.none() | failures)
    return Exchange(number, draw(requests), response, failure)


@st.composite
def results(draw: st.DrawFn) -> Result:
    numbers = draw(st.lists(st.integers(1, 40), unique=True, max_size=4))
    findings = st.builds(
        Finding,
        nasty,
        nasty,
        st.lists(st.sampled_from(numbers or [1]), max_size=2).map(tuple),
        st.just("") | nasty,
        nasty,
        kind=st.sampled_from(["is-missing", "answered-4xx"]),
        # Documented names: a subject has no say in them.
        parameter=st.sampled_from(["", "limit", "anthropic-beta"]),
        member=st.sampled_from(["", "created_at", "error.type"]),
        place=st.just("") | nasty,
        file=st.just("") | nasty,
        cause=st.sampled_from(["cursor-is-ignored", "answers-differ"]),
    )
    requirements = st.sampled_from(list(register()))
    causes = st.builds(
        Cause,
        st.sampled_from(["cursor-is-ignored", "answers-differ"]),
        nasty.filter(bool),
        requirements,
        st.lists(requirements, max_size=3).map(tuple),
        st.lists(st.sampled_from(numbers or [1]), max_size=2).map(tuple),
        st.just("") | nasty,
        nasty,
    )
    entries = []
    for requirement in draw(st.lists(st.sampled_from(list(register().values())), unique=True, max_size=8)):
        verdict = draw(verdicts)
        held = draw(st.lists(findings, min_size=1, max_size=5)) if verdict == "fail" else []
        exercised = draw(st.integers(1, 500)) if verdict in ("pass", "fail") else 0
        entries.append(RequirementResult(requirement, verdict, exercised, tuple(held), draw(nasty)))
    fail_on = draw(thresholds)
    strict = draw(st.booleans())
    run = Run(
        "2026-08-17T10:00:00Z",
        draw(st.floats(0, 1000)),
        draw(st.integers(0, 1000)),
        draw(st.integers()),
        run_verdict(tuple(entries), fail_on, strict),
        fail_on,
        strict,
    )
    return Result(
        Subject("server", draw(nasty), draw(st.none() | nasty), draw(st.none() | nasty)),
        run,
        tuple(entries),
        tuple(draw(st.lists(st.builds(Observation, nasty, nasty), max_size=3))),
        {number: draw(exchanges(number)) for number in numbers},
        tuple(draw(st.lists(nasty, max_size=2))),
        causes=tuple(draw(st.lists(causes, max_size=2))),
        contract=ContractUsed("first", "0123456789abcdef", "2023-06-01", (("models.txt", "0" * 64),)),
    )


def with_fail_on_should(result: Result) -> Result:
    """The same findings, judged with --fail-on should."""
    verdict = run_verdict(result.requirements, "should", result.run.strict)
    return replace(result, run=replace(result.run, fail_on="should", verdict=verdict))
