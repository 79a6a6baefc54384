"""The ideal server against a naive model of the contract."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models_conformance.contract.points import limits_of
from models_conformance.contract.shipped import load_contract
from models_conformance.evidence.instants import instant, is_unknown
from models_conformance.evidence.strict_json import parse
from models_conformance.reference.server import ideal
from models_conformance.reference.server.catalogue import Catalogue, Model, catalogue_of, default_catalogue
from models_conformance.reference.server.ideal import REFERENCE_KEY, Behaviour
from models_conformance.reference.server.messages import Request
from tests.reference.probe import (
    HEADERS,
    KEY,
    VERSION,
    answered,
    broad_requests,
    listing,
    retrieval,
    with_betas,
)

ids = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), unique=True, max_size=30)
limits = st.one_of(st.none(), st.integers(1, 40), st.just(1000))


def stocked(names: list[str]) -> Behaviour:
    return Behaviour(Catalogue(Model(name, "2025-01-01T00:00:00Z", name) for name in names))


def naive_page(names: list[str], limit: int | None, after: str | None, before: str | None) -> tuple[list[str], bool]:
    """The page as a slice of a list of ids, and whether models remain."""
    size = 20 if limit is None else limit
    if before is not None:
        rest = names[: names.index(before)]
        return rest[-size:], len(rest) > size
    rest = names if after is None else names[names.index(after) + 1 :]
    return rest[:size], len(rest) > size


@given(names=ids, limit=limits, data=st.data())
def test_a_page_is_a_slice_of_the_list(names: list[str], limit: int | None, data: st.DataObject) -> None:
    direction = data.draw(st.sampled_from(["", "after_id", "before_id"])) if names else ""
    cursor = data.draw(st.sampled_from(names)) if direction else None
    pairs: list[tuple[str, object]] = [(direction, cursor)] if cursor is not None else []
    if limit is not None:
        pairs.append(("limit", limit))
    expected, more = naive_page(
        names,
        limit,
        cursor if direction == "after_id" else None,
        cursor if direction == "before_id" else None,
    )
    status, page = answered(stocked(names), listing(*pairs))
    assert status == 200
    assert [item["id"] for item in page["data"]] == expected
    assert page["has_more"] is more
    assert (page["first_id"], page["last_id"]) == ((expected[0], expected[-1]) if expected else (None, None))


def walked(behaviour: Behaviour, limit: int, cursor: str, backward: bool) -> list[str]:
    """The ids of a walk in list order, from one end to the other."""
    found: list[str] = []
    pairs: list[tuple[str, object]] = [("limit", limit)]
    if backward:
        pairs.append(("before_id", cursor))
    for _ in range(200):
        _, page = answered(behaviour, listing(*pairs))
        seen = [item["id"] for item in page["data"]]
        found = seen + found if backward else found + seen
        if not page["has_more"]:
            return found
        pairs = [("limit", limit), ("before_id", page["first_id"]) if backward else ("after_id", seen[-1])]
    raise AssertionError("the walk does not end")


@given(names=ids.filter(bool), limit=st.integers(1, 12))
@settings(max_examples=50)
def test_walks_yield_every_model_once(names: list[str], limit: int) -> None:
    behaviour = stocked(names)
    assert walked(behaviour, limit, "", backward=False) == names
    assert walked(behaviour, limit, names[-1], backward=True) == names[:-1]


@given(names=ids.filter(bool), data=st.data())
def test_a_listed_id_is_retrieved_however_it_is_escaped(names: list[str], data: st.DataObject) -> None:
    behaviour, name = stocked(names), data.draw(st.sampled_from(names))
    status, model = answered(behaviour, retrieval(name))
    assert (status, model["id"]) == (200, name)
    escaped = "".join(f"%{byte:02x}" for byte in name.encode())
    assert answered(behaviour, Request("GET", f"/v1/models/{escaped}", "", HEADERS)) == (200, model)


@given(
    path=st.text(st.characters(max_codepoint=255)),
    query=st.text(st.characters(max_codepoint=255)),
    value=st.text(st.characters(max_codepoint=255)),
    method=st.sampled_from(["GET", "POST", "BREW"]),
)
def test_no_request_is_a_server_error(path: str, query: str, value: str, method: str) -> None:
    behaviour = Behaviour()
    for target in (f"/v1/models/{path}", "/v1/models", path):
        response = behaviour.answer(
            Request(method, target, query, (*HEADERS, ("anthropic-beta", value), (value, value)))
        )
        assert response.status < 500
        assert parse(response.body).error is None


def test_every_answer_to_the_broad_set_is_documented() -> None:
    behaviour = Behaviour(catalogue_of(47))
    kinds = load_contract().errors
    for request in broad_requests(behaviour):
        response = behaviour.answer(request)
        body = parse(response.body)
        assert body.error is None
        assert not body.duplicates
        assert response.header("content-type") == "application/json"
        if response.status != 200:
            assert body.value["type"] == "error"
            assert body.value["request_id"] == response.header("request-id")
            assert kinds.get(response.status, "invalid_request_error") == body.value["error"]["type"]


@pytest.mark.parametrize("text", ["0", "-1", "1001", "abc", "", "1.5", "+3", "03", "9" * 40, "٣"])
def test_a_limit_outside_the_range_is_refused(text: str) -> None:
    status, error = answered(Behaviour(), listing(("limit", text)))
    assert (status, error["error"]["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize(
    ("pairs", "status"),
    [
        ([("after_id", "nobody")], 400),
        ([("before_id", "claude-opus-4-5")], 400),
        ([("after_id", "claude-2.0"), ("before_id", "claude-2.1")], 400),
        ([("after_id", "claude-2.0"), ("after_id", "claude-2.1")], 400),
        ([("limit", 2), ("limit", 2)], 400),
        ([("beta", "true"), ("unknown", "")], 200),
    ],
)
def test_cursors_and_unknown_parameters(pairs: list[tuple[str, object]], status: int) -> None:
    assert answered(Behaviour(), listing(*pairs))[0] == status


@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        (VERSION, 401, "authentication_error"),
        ((("x-api-key", "wrong"), *VERSION), 401, "authentication_error"),
        ((("x-api-key", ""), *VERSION), 401, "authentication_error"),
        ((("authorization", REFERENCE_KEY), *VERSION), 401, "authentication_error"),
        ((("Authorization", f"bearer {REFERENCE_KEY}"), *VERSION), 200, None),
        ((("X-Api-Key", REFERENCE_KEY), *VERSION), 200, None),
        (KEY, 400, "invalid_request_error"),
        (with_betas("nobody-knows-this-2030-01-01", "files-api-2025-04-14, x"), 200, None),
    ],
)
def test_credentials_version_and_betas(headers: tuple[tuple[str, str], ...], status: int, kind: str | None) -> None:
    for request in (listing(headers=headers), retrieval("claude-2.0", headers=headers)):
        answer, body = answered(Behaviour(), request)
        assert answer == status
        assert kind is None or body["error"]["type"] == kind


def test_a_server_without_a_key_accepts_any_but_not_none() -> None:
    anybody = Behaviour(api_key=None)
    assert answered(anybody, listing(headers=(("x-api-key", "x"), *VERSION)))[0] == 200
    assert answered(anybody, listing(headers=VERSION))[0] == 401


def test_betas_can_be_refused() -> None:
    strict = Behaviour(refused_betas=frozenset({"old-2020-01-01"}))
    assert answered(strict, listing(headers=with_betas("a, old-2020-01-01")))[0] == 400
    assert answered(strict, listing(headers=with_betas("a")))[0] == 200


def test_aliases_answer_the_model_they_name() -> None:
    behaviour = Behaviour()
    for alias, model_id in behaviour.catalogue.aliases.items():
        assert answered(behaviour, retrieval(alias)) == answered(behaviour, retrieval(model_id))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v1/models", 405),
        ("DELETE", "/v1/models/claude-2.0", 405),
        ("GET", "/v1/models/", 404),
        ("GET", "/v1/modelsx", 404),
        ("GET", "/", 404),
        ("GET", "/v2/models", 404),
    ],
)
def test_other_methods_and_paths(method: str, path: str, status: int) -> None:
    answer, body = answered(Behaviour(), Request(method, path, "", HEADERS))
    assert (answer, body["type"]) == (status, "error")


def test_the_limits_are_those_of_the_contract() -> None:
    assert limits_of(load_contract()) == ideal.FIRST_LIMITS


@pytest.mark.parametrize("count", [0, 1, 22, 23, 24, 47, 1003, 100_000])
def test_catalogues_are_newest_first_whatever_their_size(count: int) -> None:
    catalogue = catalogue_of(count)
    assert len(catalogue) == count
    assert set(catalogue.aliases.values()) <= {model.id for model in catalogue.models}
    if count > 2000:
        return
    moments = [instant(model.created_at) for model in catalogue.models]
    known = [moment for moment in moments if moment is not None and not is_unknown(moment)]
    assert None not in moments
    assert known == sorted(known, reverse=True)


def test_a_catalogue_of_47_has_ties_and_unknown_dates() -> None:
    dates = [model.created_at for model in catalogue_of(47).models]
    assert sum(earlier == later for earlier, later in pairwise(dates)) >= 5
    assert dates.count("1970-01-01T00:00:00Z") >= 2
    assert catalogue_of(47).models[: len(default_catalogue())] == default_catalogue().models


@pytest.mark.parametrize(
    ("models", "aliases"),
    [
        ([Model("a", "", ""), Model("a", "", "")], {}),
        ([Model("a", "", "")], {"a": "a"}),
        ([Model("a", "", "")], {"b": "c"}),
    ],
)
def test_a_catalogue_names_nothing_twice(models: list[Model], aliases: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"names"):
        Catalogue(models, aliases)


def test_answers_are_the_same_from_every_start() -> None:
    earlier, later = Behaviour(catalogue_of(30)), Behaviour(catalogue_of(30))
    requests: list[Any] = list(broad_requests(earlier))
    assert [earlier.answer(request) for request in requests] == [later.answer(request) for request in requests]
