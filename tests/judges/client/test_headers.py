"""Which headers a client sends and to whom: every documented form is innocent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models_conformance.evidence.driver_calls import Raised
from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Headers
from tests.judges.client.builders import (
    CONNECTION,
    HEADERS,
    HELLO,
    LIST,
    Run,
    Wire,
    asked_list,
    dropped,
    error,
    judged_call,
    models,
    page,
    saw_page,
    served,
    status_error,
)

PAGE = page(models("a", "b"))
AS_GIVEN = "client-sends-betas-as-given"
UNASKED = "client-sends-no-unasked-beta"
CREDENTIAL = "client-sends-its-credential"
ONE = "client-sends-one-credential"
ELSEWHERE = "client-keeps-its-credential-from-other-hosts"
VERSION = ("anthropic-version", "2023-06-01")
KEY = ("x-api-key", API_KEY)
BEARER = ("authorization", f"Bearer {API_KEY}")
OTHER_HOST = "http://localhost:9000/v1/models"


def sent_with(*headers: tuple[str, str], **args: object) -> Run:
    return judged_call(asked_list(**args), saw_page(PAGE), served("/v1/models", PAGE, headers=headers))


def with_betas(*lines: str, spec: tuple[str, ...] = ("a-1", "b-2")) -> Run:
    return sent_with(*HEADERS, *(("Anthropic-Beta", line) for line in lines), betas=list(spec))


@pytest.mark.parametrize(
    "lines", [("a-1,b-2",), ("a-1, b-2",), ("b-2 ,a-1",), ("a-1", "b-2"), ("a-1,a-1", "b-2"), (",a-1,,b-2,",)]
)
def test_betas_may_stand_in_one_line_or_in_several(lines: tuple[str, ...]) -> None:
    run = with_betas(*lines)
    assert run.failed == set()
    assert (run.verdict(AS_GIVEN), run.verdict(UNASKED)) == ("pass", "pass")


@pytest.mark.parametrize("lines", [(), ("a-1",), ("a-1;b-2",), ("a-1 b-2",), ('["a-1","b-2"]',), ("A-1,B-2",)])
def test_a_beta_that_does_not_arrive_is_found(lines: tuple[str, ...]) -> None:
    run = with_betas(*lines)
    assert run.failed >= {AS_GIVEN}
    assert run.failed <= {AS_GIVEN, UNASKED}
    assert run.blamed(AS_GIVEN) == (1,)


def test_a_beta_that_nobody_asked_for_is_found() -> None:
    assert with_betas("a-1,b-2,c-3").failed == {UNASKED}
    assert with_betas("c-3", spec=()).failed == {UNASKED}


def test_an_empty_list_of_betas_asks_for_none() -> None:
    run = with_betas(spec=())
    assert (run.verdict(AS_GIVEN), run.verdict(UNASKED)) == ("inconclusive", "pass")


@pytest.mark.parametrize(
    "hello",
    [
        replace(HELLO, capabilities=frozenset({"walk"})),
        replace(HELLO, betas_on=()),
    ],
)
def test_a_library_without_betas_is_not_judged_by_them(hello: object) -> None:
    run = judged_call(LIST, saw_page(PAGE), served("/v1/models", PAGE), hello=hello)  # type: ignore[arg-type]
    assert run.verdict(AS_GIVEN) == "not-applicable"
    assert run.judged[AS_GIVEN].reason == "the library takes no betas"


@pytest.mark.parametrize(
    "credential",
    [
        KEY,
        ("X-API-Key", API_KEY),
        BEARER,
        ("Authorization", f"bearer {API_KEY}"),
        ("AUTHORIZATION", f"BEARER  {API_KEY} "),
    ],
)
def test_a_key_and_a_bearer_token_are_both_right(credential: tuple[str, str]) -> None:
    run = sent_with(credential, VERSION, ("x-stainless-lang", "python"), ("user-agent", "x"))
    assert run.failed == set()
    assert (run.verdict(CREDENTIAL), run.verdict(ONE)) == ("pass", "pass")


@pytest.mark.parametrize(
    ("credentials", "failed"),
    [
        ((), {CREDENTIAL}),
        ((("x-api-key", ""),), {CREDENTIAL}),
        ((("x-api-key", WRONG_KEY),), {CREDENTIAL}),
        ((("x-api-key", f"Bearer {API_KEY}"),), {CREDENTIAL}),
        ((("authorization", API_KEY),), {CREDENTIAL}),
        ((("authorization", f"Basic {API_KEY}"),), {CREDENTIAL}),
        ((KEY, BEARER), {ONE}),
        ((KEY, KEY), {ONE}),
        ((KEY, ("x-old-key", API_KEY)), {ONE}),
        ((KEY, ("authorization", "Bearer ")), {ONE}),
    ],
)
def test_any_other_credential_is_found(credentials: Headers, failed: set[str]) -> None:
    run = sent_with(*credentials, VERSION)
    assert run.failed == failed
    assert all(run.blamed(call) == (1,) for call in failed)


def test_a_key_in_the_url_is_found_beside_a_right_one() -> None:
    run = judged_call(LIST, saw_page(PAGE), served(f"/v1/models?api_key={API_KEY}", PAGE))
    assert run.failed == {"client-keeps-its-credential-out-of-the-url"}


@pytest.mark.parametrize("version", ["2023-06-01", "2026-10-21"])
def test_the_documented_version_and_a_newer_one_pass(version: str) -> None:
    assert sent_with(KEY, ("Anthropic-Version", version)).failed == set()


@pytest.mark.parametrize("versions", [(), ("",), ("2023-01-01",), ("v1",), ("latest",), ("2023-06-01", "2023-06-01")])
def test_any_other_version_is_found(versions: tuple[str, ...]) -> None:
    run = sent_with(KEY, *(("anthropic-version", version) for version in versions))
    assert run.failed == {"client-sends-version-header"}


def test_every_request_of_a_call_is_judged_and_not_the_first_alone() -> None:
    again = served("/v1/models", PAGE, headers=(VERSION,))
    spec = replace(LIST, max_retries=2)
    run = judged_call(spec, saw_page(PAGE), served("/v1/models", error(), 500), again)
    assert run.failed == {CREDENTIAL}
    assert run.blamed(CREDENTIAL) == (2,)


def redirected(*then: Wire, raised: Raised | None = None) -> Run:
    answer = raised or saw_page(PAGE)
    to_there = served("/v1/models", "", 307, (("location", OTHER_HOST),))
    return judged_call(LIST, answer, to_there, *then)


def test_a_redirect_to_another_host_may_be_followed_without_the_credential() -> None:
    run = redirected(served(OTHER_HOST, PAGE, headers=(VERSION,)))
    assert run.failed == set()
    assert run.verdict(ELSEWHERE) == "pass"
    assert run.judged["client-redirect-to-another-host"].notes[0].did == "is followed"


def test_a_redirect_to_another_host_may_be_refused() -> None:
    run = redirected(raised=status_error(307))
    assert run.failed == set()
    assert run.verdict(ELSEWHERE) == "pass"
    assert run.judged["client-redirect-to-another-host"].notes[0].did == "is not followed"


@pytest.mark.parametrize("leak", [KEY, BEARER, ("cookie", f"key={API_KEY}"), ("x-old-key", API_KEY)])
def test_a_credential_that_reaches_another_host_is_found_with_both_requests(leak: tuple[str, str]) -> None:
    run = redirected(served(OTHER_HOST, PAGE, headers=(VERSION, leak)))
    assert run.failed == {ELSEWHERE}
    assert run.blamed(ELSEWHERE) == (1, 2)
    assert leak[0] in run.text(ELSEWHERE)


def test_a_redirect_that_stays_says_nothing_about_other_hosts() -> None:
    run = redirected(served("/v1/models", PAGE))
    assert run.failed == set()
    assert run.verdict(ELSEWHERE) == "inconclusive"


def test_a_call_that_is_never_redirected_says_nothing_about_other_hosts() -> None:
    run = judged_call(LIST, CONNECTION, dropped("/v1/models"))
    assert run.verdict(ELSEWHERE) == "inconclusive"
