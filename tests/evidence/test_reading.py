"""Reading a request finds the call whatever base URL it went to, and never trips over what it is given."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Exchange, Failure, Request, Response
from models_conformance.evidence.exchange_reading import Reading, read_call, read_page

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


def exchange(
    url: str, *headers: tuple[str, str], method: str = "GET", body: bytes = b"{}", status: int = 200
) -> Exchange:
    return Exchange(1, Request(method, url, headers), Response(status, (), body))


@given(TEXT, st.sampled_from(["", "/gateway", "/a/b/c"]))
def test_an_escaped_id_is_read_whole_under_any_prefix(model: str, prefix: str) -> None:
    call = read_call(exchange(f"https://h{prefix}/v1/models/{quote(model, safe='')}"))
    assert (call.operation, call.model_id) == ("retrieve", model)


@given(TEXT, st.sampled_from([quote, quote_plus]), st.integers(-5, 2000))
def test_query_values_are_decoded_in_either_style(cursor: str, escape: object, limit: int) -> None:
    escaped = quote(cursor, safe="") if escape is quote else quote_plus(cursor)
    call = read_call(exchange(f"http://h/v1/models?after_id={escaped}&limit={limit}"))
    assert (call.operation, call.one("after_id"), call.limit) == ("list", cursor, limit)


def test_repeated_and_odd_limits_are_no_limit() -> None:
    for query in ("limit=1&limit=2", "limit=", "limit=1.0", "limit=+1", "limit=01", "limit=" + "9" * 30):
        assert read_call(exchange(f"http://h/v1/models?{query}")).limit is None


def test_beta_lists_are_one_list_in_each_form() -> None:
    for lines in (["a,b"], ["a, b"], ["a", "b"], [" a ,,b "]):
        call = read_call(exchange("http://h/v1/models", *(("Anthropic-Beta", line) for line in lines)))
        assert call.betas == ("a", "b")


def test_credentials_are_told_apart() -> None:
    kinds = {
        read_call(exchange("http://h/v1/models", *headers)).credential
        for headers in (
            [("X-Api-Key", API_KEY)],
            [("authorization", f"Bearer {API_KEY}")],
            [("x-api-key", WRONG_KEY)],
            [("authorization", f"Bearer {WRONG_KEY}")],
            [],
            [("x-api-key", "something else")],
        )
    }
    assert kinds == {"key", "bearer", "wrong", "none", "unknown"}
    assert read_call(exchange("http://h/v1/models"), headers_kept=False).credential == "unknown"


def test_other_paths_and_methods_are_no_operation() -> None:
    for url, method in (
        ("http://h/v1/messages", "GET"),
        ("http://h/v1/models/", "GET"),
        ("http://h/v1/models", "POST"),
    ):
        assert read_call(exchange(url, method=method)).operation is None


@given(st.text(max_size=60))
def test_no_url_makes_it_raise(path: str) -> None:
    read_call(exchange("http://h/" + quote(path, safe="/?&=%")))


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_no_value_makes_a_page_raise(value: object) -> None:
    read_page({"data": value, "has_more": value})
    read_page(value)


def test_a_cut_response_has_no_status() -> None:
    cut = Exchange(1, Request("GET", "http://h/v1/models", ()), Response(200, (), b"{"), Failure("disconnect", "cut"))
    assert Reading(cut).status is None
    assert Reading(cut).page is None
