from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models_conformance.errors import UsageError
from models_conformance.scenarios.files import MOST_BYTES, read_scenario, scenario_text
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript
from tests.scenarios.fixture_samples import models, scenario, scenarios

LEAST: dict[str, Any] = {"scenario": 2, "name": "n", "call": {"operation": "list", "surface": "models"}, "server": {}}


@given(scenarios())
@settings(max_examples=60)
def test_what_is_written_is_read_again(scenario_read: Scenario) -> None:
    text = scenario_text(scenario_read)
    assert read_scenario(text, "file") == scenario_read
    assert scenario_text(read_scenario(text, "file")) == text
    assert "\n" not in text


def test_members_with_their_default_are_left_out() -> None:
    assert json.loads(scenario_text(read_scenario(json.dumps(LEAST), "file"))) == LEAST


def test_models_and_envelope_keep_the_order_of_their_members() -> None:
    script = ServerScript(({"z": 1, "id": "m", "a": {"y": 1, "b": 2}},), envelope={"q": 1, "c": 2})
    read = read_scenario(scenario_text(scenario(script)), "file").server
    assert json.dumps(read.models[0]) == json.dumps(script.models[0])
    assert list(read.envelope) == ["q", "c"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"scenario": 1}, "scenario"),
        ({"scenario": True}, "scenario"),
        ({"name": 1}, "name"),
        ({"extra": 1}, "extra"),
        ({"call": {"operation": "list"}}, "surface"),
        ({"call": {**LEAST["call"], "args": {"limit": 2.0}}}, "call.args.limit"),
        ({"call": {**LEAST["call"], "args": {"colour": 2}}}, "colour"),
        ({"server": {"models": [{"id": "a"}, {}]}}, "server.models[1]"),
        ({"server": {"models": [{"id": "a"}, {"id": "a"}]}}, "two things"),
        ({"server": {"aliases": {"a": "b"}}}, "'a'"),
        ({"server": {"page_sizes": [1, -1]}}, "server.page_sizes[1]"),
        ({"server": {"prefix": "v1"}}, "server.prefix"),
        ({"server": {"prefix": "/v1?x"}}, "server.prefix"),
        ({"server": {"spelling": {"content_type": "a\r\nb: c"}}}, "server.spelling.content_type"),
        ({"server": {"interventions": [{}, {"status": 100}]}}, "server.interventions[1].status"),
        ({"server": {"interventions": [{"headers": [["a b", "c"]]}]}}, "server.interventions[0].headers[0][0]"),
        ({"server": {"interventions": [{"headers": [["a", "c\n"]]}]}}, "server.interventions[0].headers[0][1]"),
        ({"server": {"interventions": [{"first": 3, "last": 2}]}}, "server.interventions[0]"),
        ({"server": {"interventions": [{"redirect": "away"}]}}, "server.interventions[0].redirect"),
    ],
)
def test_a_wrong_member_is_named_in_one_line(change: dict[str, Any], where: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_scenario(json.dumps({**LEAST, **change}), "some.json")
    assert str(caught.value).startswith("some.json: ")
    assert where in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "\ufeff{}",
        '{"scenario": 2',
        '{"a": 1, "a": 2}',
        "[" * 100_000,
        json.dumps(LEAST)[:-3] + '{"models": [{"id": "a", "x": 1e999}]}}',
        json.dumps(LEAST)[:-3] + '{"models": [{"id": "a", "x": NaN}]}}',
        '{"\x1b[31m": 1}',
        '{"a\\u001b[31m": 1}',
        "\ud800",
        " " * (MOST_BYTES + 1),
        '"' + "é" * (MOST_BYTES // 2) + '"',
    ],
)
def test_what_is_no_scenario_gets_one_printable_line(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_scenario(text, "some.json")
    assert str(caught.value).isprintable()


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_NAMES = st.sampled_from(
    [*Scenario.__dataclass_fields__, *ServerScript.__dataclass_fields__, *Intervention.__dataclass_fields__]
)
_GARBAGE = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES | st.text(max_size=4), inner, max_size=4),
)


@given(_GARBAGE)
def test_garbage_is_refused_and_never_crashes(value: Any) -> None:
    with pytest.raises(UsageError):
        read_scenario(json.dumps(value), "file")


@given(st.dictionaries(st.sampled_from([*ServerScript.__dataclass_fields__]), _GARBAGE))
def test_a_server_of_garbage_is_read_or_refused(script: dict[str, Any]) -> None:
    try:
        read = read_scenario(json.dumps({**LEAST, "server": script}), "file")
    except UsageError:
        return
    assert read_scenario(scenario_text(read), "file") == read


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_scenario(text, "file")


def test_a_thousand_models_are_read() -> None:
    scenario_read = scenario(ServerScript(models(1000)))
    assert read_scenario(scenario_text(scenario_read), "file") == scenario_read
