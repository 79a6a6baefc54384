"""What the tests of the fixture servers share: scenarios, drawn and made, and a client that does all of it right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import httpx
from hypothesis import strategies as st

from models_conformance.evidence.driver_calls import CallSpec
from models_conformance.evidence.exchange import header
from models_conformance.scenarios.fixture.fixture_server import FIXTURE_KEY, Arrived
from models_conformance.scenarios.scenario import Framing, Intervention, Redirect, Scenario, ServerScript, Spelling

CREDENTIALS = {"x-api-key": FIXTURE_KEY, "anthropic-version": "2023-06-01"}


def models(count: int) -> tuple[dict[str, Any], ...]:
    """Models `m-0` and on, newest first."""
    return tuple({"id": f"m-{number}", "type": "model", "display_name": f"Modèle {number}"} for number in range(count))


def scenario(script: ServerScript | None = None, *, slow: bool = False, **spec: Any) -> Scenario:
    """A call of a list, unless told otherwise."""
    call = {"operation": "list", "surface": "models", "walk": True, **spec}
    return Scenario("a sample", CallSpec(**call), ServerScript(models(5)) if script is None else script, slow)


def intervened(*interventions: Intervention, count: int = 5) -> Scenario:
    """A list of `count` models, with interventions."""
    return scenario(ServerScript(models(count), interventions=interventions))


def walked(client: httpx.Client, base_url: str, limit: int | None = None) -> Iterator[Any]:
    """All models of a server, as a correct client goes through them."""
    # Empty pages in the middle are passed over by a client that goes by `has_more`, with the cursor it had.
    cursor: str | None = None
    for _ in range(500):
        params = {name: value for name, value in (("limit", limit), ("after_id", cursor)) if value is not None}
        response = client.get(f"{base_url}/v1/models", params=params, headers=CREDENTIALS)
        response.raise_for_status()
        page = response.json()
        yield from page["data"]
        if not page["has_more"]:
            return
        cursor = page["last_id"] or cursor


def targets(arrived: list[Arrived]) -> list[str]:
    """The request targets, in order."""
    return [f"/{arrival.request.url.split('/', 3)[3]}" for arrival in arrived]


def failures(arrived: list[Arrived]) -> list[str | None]:
    """The kind of each failure, in order."""
    return [arrival.failure.kind if arrival.failure else None for arrival in arrived]


def answer_header(arrival: Arrived, name: str) -> str | None:
    """A header of an answer that went out."""
    assert arrival.response is not None
    return header(arrival.response.headers, name)


_TEXT = st.text(max_size=12)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_ENVELOPE_NAMES = {"data", "has_more", "first_id", "last_id"}


@st.composite
def _models(draw: st.DrawFn) -> tuple[dict[str, Any], ...]:
    ids = draw(st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=12))
    extras = st.dictionaries(_TEXT, _JSON, max_size=3)
    before = st.booleans()
    return tuple(
        {"id": model_id, **draw(extras), **{"id": model_id}} if draw(before) else {**draw(extras), "id": model_id}
        for model_id in ids
    )


_SPELLINGS = st.builds(
    Spelling,
    *[st.booleans()] * 6,
    content_type=st.sampled_from(["application/json", "application/json; charset=utf-8", "text/plain"]),
)


@st.composite
def scripts(draw: st.DrawFn) -> ServerScript:
    """Worlds without interventions, whose pages go on to the end."""
    held = draw(_models())
    taken = {model["id"] for model in held}
    aliases = (
        draw(st.dictionaries(_TEXT.filter(lambda name: name not in taken), st.sampled_from(sorted(taken)), max_size=2))
        if taken
        else {}
    )
    return ServerScript(
        models=held,
        aliases=aliases,
        page_sizes=tuple(draw(st.lists(st.integers(0, 4), max_size=3)))
        and (*draw(st.lists(st.integers(0, 4), max_size=3)), 2),
        envelope=draw(st.dictionaries(_TEXT.filter(lambda name: name not in _ENVELOPE_NAMES), _JSON, max_size=2)),
        prefix=draw(st.sampled_from(["", "/gateway", "/a/b%20c", "/v1"])),
        request_id=draw(st.sampled_from(["both", "header", "body", "none"])),
        spelling=draw(_SPELLINGS),
    )


_HEADERS = st.lists(
    st.tuples(st.from_regex(r"[a-zA-Z-]{1,10}", fullmatch=True), st.from_regex(r"[!-~]{0,8}", fullmatch=True)),
    max_size=2,
).map(tuple)


@st.composite
def interventions(draw: st.DrawFn) -> Intervention:
    """Any intervention."""
    first = draw(st.integers(1, 9))
    return Intervention(
        first=first,
        last=draw(st.none() | st.integers(first, 20)),
        status=draw(st.none() | st.integers(200, 599)),
        headers=draw(_HEADERS),
        body=draw(st.none() | _TEXT),
        keep=draw(st.floats(0, 1)),
        framing=draw(st.sampled_from(get_args(Framing))),
        redirect=draw(st.none() | st.sampled_from(get_args(Redirect))),
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Any scenario."""
    drawn = draw(scripts())
    script = ServerScript(
        **{
            name: getattr(drawn, name)
            for name in ServerScript.__dataclass_fields__
            if name not in {"interventions", "stuck"}
        },
        stuck=draw(st.booleans()),
        interventions=tuple(draw(st.lists(interventions(), max_size=3))),
    )
    optional: dict[str, Any] = {
        "limit": st.integers(),
        "after_id": _TEXT,
        "before_id": _TEXT,
        "model_id": _TEXT,
        "betas": st.lists(_TEXT, max_size=3),
    }
    spec = CallSpec(
        operation=draw(st.sampled_from(["list", "retrieve"])),
        surface=draw(_TEXT),
        args=draw(st.fixed_dictionaries({}, optional=optional)),
        walk=draw(st.booleans()),
        max_items=draw(st.integers(0, 1000)),
        timeout_seconds=draw(st.floats(0.1, 60)),
        max_retries=draw(st.none() | st.integers(0, 5)),
    )
    return Scenario(draw(_TEXT), spec, script, draw(st.booleans()))
