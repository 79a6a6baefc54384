"""A fingerprint outlives the run it was made in and tells one kind of deviation from another."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.judges.judgement import quoted
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.result import Finding
from models_conformance.waivers.fingerprint import fingerprint


def of(observed: str, expected: str = "another thing", requirement: str = "some-id") -> str:
    return fingerprint(requirement, Finding(observed, expected, (1,)))


def of_run(fault: str, seed: int, models: int) -> dict[str, set[str]]:
    """The fingerprints of a real run against the reference server with a fault, by requirement."""
    behaviour = behaviour_named(fault, models)
    aliases = dict.fromkeys(behaviour.catalogue.aliases)
    with running(behaviour) as server:
        result = judge_server(ServerOptions(server.url, server.api_key, aliases=aliases, run=RunOptions(seed=seed)))
    return {
        entry.requirement.id: {fingerprint(entry.requirement.id, finding) for finding in entry.findings}
        for entry in result.requirements
        if entry.findings
    }


@pytest.mark.parametrize(
    "fault",
    ["after-id-is-inclusive", "default-limit-is-ten", "error-request-id-is-a-number", "limit-zero-crashes"],
)
def test_another_seed_port_and_catalogue_give_the_same_fingerprints(fault: str) -> None:
    first = of_run(fault, 0, 47)
    assert first
    assert of_run(fault, 1, 47) == first
    assert of_run(fault, 2, 63) == first


def test_different_faults_under_one_requirement_give_different_fingerprints() -> None:
    name = "error-envelope-is-complete"
    kinds = [of_run(fault, 0, 30)[name] for fault in ("error-is-plain-text", "error-request-id-is-a-number")]
    assert not kinds[0] & kinds[1]


def test_it_is_twelve_hex_digits_that_hang_on_the_requirement() -> None:
    assert re.fullmatch("[0-9a-f]{12}", of("status 500"))
    assert of("status 500") != of("status 500", requirement="another-id")


@given(st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), min_size=1, max_size=70))
def test_what_a_model_is_called_takes_no_part(name: str) -> None:
    shown = quoted(f"m/{name}")
    assert of(f"the page after {shown} is empty") == of('the page after "claude-2.1" is empty')


@given(st.integers(0, 10**6), st.integers(1, 999), st.integers(0, 65535))
def test_counts_exchanges_and_ports_take_no_part(count: int, exchange: int, port: int) -> None:
    one = of(f"{count} models without a limit", f"the answer of exchange {exchange}")
    assert one == of("21 models without a limit", "the answer of exchange 7")
    assert of(f"it redirects to http://127.0.0.1:{port}/v1") == of("it redirects to http://127.0.0.1:80/v1")


@given(st.integers(0, 2000), st.sampled_from(["", ", more to come", ", no more"]))
def test_how_many_models_an_answer_held_takes_no_part(count: int, more: str) -> None:
    assert of(f'limit="0" is answered 200 with {count} models{more}') == of('limit="0" is answered 200 with 1 models')


@given(st.integers(2, 500).filter(lambda number: number not in (400, 404, 500)))
def test_an_exchange_whose_number_is_a_status_is_a_number(number: int) -> None:
    assert of(f"those of exchange {number}, without betas") == of("those of exchange 404, without betas")
    assert of(f"other than exchanges {number} and 404") == of("other than exchanges 400, 500 and 404")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('the page after "b" holds that model itself', 'the page after "b" holds "a", which stands on the other side'),
        ("the alias is answered 404 not_found_error", "the alias is answered 500 api_error"),
        ('status 404 carries type "not_found_error"', 'status 404 carries type "api_error"'),
        ('content-type is "text/html"', 'content-type is "text/plain; charset=utf-8"'),
        ("first_id is missing", "last_id is missing"),
        ("the 400 body is no JSON object", "the 404 body is no JSON object"),
        ('limit="0" is answered 200 with 2 models', 'limit="-1" is answered 200 with 2 models'),
        ('limit="0" is answered 200 with 2 models', 'limit="abc" is answered 200 with 2 models'),
        ('id is 7; the schema says type: "string"', 'id is null; the schema says type: "string"'),
        ('type is "x"; the schema says const: "model"', 'type is "x"; the schema says type: "string"'),
        ("has_more is true on a page that reaches the end", "has_more is false on a page that reaches the end"),
        ("list with a wrong key is answered 403", "retrieve with a wrong key is answered 403"),
        ('first_id is ""', 'first_id is "claude"'),
    ],
)
def test_another_deviation_has_another_fingerprint(one: str, other: str) -> None:
    assert of(one) != of(other)


def test_what_was_expected_takes_part_without_how_the_suite_knows() -> None:
    assert of('first_id is "b"', "null: the page is empty") != of('first_id is "b"', '"a", the id of the first model')
    assert of("has_more is true", "false") == of("has_more is true", "false: exchange 9 shows that nothing lies beyond")


@given(st.text(), st.text())
def test_any_text_has_a_fingerprint(observed: str, expected: str) -> None:
    assert re.fullmatch("[0-9a-f]{12}", of(observed, expected))
