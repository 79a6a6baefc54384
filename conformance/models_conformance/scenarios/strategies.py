"""Hypothesis strategies for whole scenarios: a server, one call against it, and at times an answer that goes wrong.

Nothing waits: no retries, no stalls. Strategies are built once and choices among drawn values are made by number,
because building a strategy costs more than drawing from it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from hypothesis import given
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.strategies import SearchStrategy

from models_conformance.contract.model import Contract
from models_conformance.contract.points import betas_of, limits_of
from models_conformance.evidence.driver_calls import NO_RETRIEVE, CallSpec, Hello
from models_conformance.scenarios import answers
from models_conformance.scenarios.catalogues import catalogues, is_counted, json_members
from models_conformance.scenarios.models import ids_of
from models_conformance.scenarios.narrowing import as_offered
from models_conformance.scenarios.scenario import Framing, Intervention, Scenario, ServerScript, Spelling
from models_conformance.scenarios.texts import AWKWARD_IDS, CLIMBING_IDS
from models_conformance.support.deadline import NO_LIMIT, Deadline, TimeIsUp
from models_conformance.support.generating import nothing_kept, only_generating

_CONTENT_TYPES = ("application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8")
_BROKEN: tuple[Framing, ...] = ("cut-body", "cut-chunk", "no-answer")
_ALIASES = ("latest", "vendor/latest", "claude newest", "claude@stable", "claude-最新")
_SPARE_ITEMS = 10
_MOST_LETTERS_SHOWN = 40

_Drawn = TypeVar("_Drawn")
_BACKEND = "models-conformance"
# A few drawn twice are no reason for another run.
_SPARE_EXAMPLES = 10
_MOST_RUNS = 20

_PREFIX = st.lists(st.text("abv012-_~", min_size=1, max_size=8), min_size=1, max_size=3).map(
    lambda parts: "/" + "/".join(parts)
)
_PAGE_SIZES = st.lists(st.integers(1, 6), min_size=1, max_size=5).map(tuple)
_ENVELOPE = json_members(("object", "total", "links", "größe"))
_ABSENT_IDS = st.sampled_from(["claude-none", *(text for _, text in (*AWKWARD_IDS, *CLIMBING_IDS))])
_NUMBER = st.integers(0, 10**6)
_CATALOGUES = catalogues()
_SPELLING = st.builds(
    Spelling,
    ascii_only=st.booleans(),
    indent=st.booleans(),
    reversed_keys=st.booleans(),
    gzip=st.booleans(),
    chunked=st.booleans(),
    close=st.booleans(),
    content_type=st.sampled_from(_CONTENT_TYPES),
)


def scenario_strategy(hello: Hello, contract: Contract) -> SearchStrategy[Scenario]:
    """Scenarios for any surface of that client: walks and page calls in both directions, models by id and alias."""
    lacking = {"walk"} - hello.capabilities | ({"retrieve"} if NO_RETRIEVE in hello.capabilities else set())
    kinds = [kind for kind in ("page", "retrieve", "walk", "walk") if kind not in lacking]
    scenarios = _scenarios(hello, contract, st.sampled_from(kinds), st.sampled_from(hello.surfaces))
    return scenarios.map(lambda scenario: as_offered(scenario, hello) or scenario)


def drawn_scenarios(
    hello: Hello, contract: Contract, seed: int, examples: int, deadline: Deadline = NO_LIMIT
) -> list[Scenario]:
    """Exactly `examples` scenarios, no two alike: the same ones for the same seed. Fewer where the time is up.

    Raises RuntimeError where the strategy cannot draw that many.
    """
    strategy = scenario_strategy(hello, contract)
    found: dict[str, Scenario] = {}
    for run in range(_MOST_RUNS):
        if len(found) >= examples or deadline.left_for_asking <= 0:
            break
        # Runs of one seed share none with those of the next.
        for scenario in drawn(strategy, (run << 32) + seed, examples + _SPARE_EXAMPLES, deadline):
            found.setdefault(repr((scenario.call, scenario.server)), scenario)
    if len(found) < examples and deadline.left_for_asking > 0:
        raise RuntimeError(f"no more than {len(found)} different scenarios could be drawn")
    chosen = list(found.values())[:examples]
    return [replace(scenario, name=f"generated {number}: {scenario.name}") for number, scenario in enumerate(chosen, 1)]


class _SeedAlone(HypothesisProvider):
    """Hypothesis' own choices without the constants that it picks from whatever modules happen to be imported.

    With them a seed would draw one thing for a client in this process and another for a client in a process of its
    own. A backend that is not the default one is also not sent after mutants of what was drawn before, which are far
    too alike where nothing steers them to a failure.
    """

    def _maybe_draw_constant(self, *_: Any, **__: Any) -> None:
        return None


AVAILABLE_PROVIDERS[_BACKEND] = _SeedAlone


def drawn(strategy: SearchStrategy[_Drawn], seed: int, examples: int, deadline: Deadline = NO_LIMIT) -> list[_Drawn]:
    """At most `examples` values, the simplest first, as far as the time goes; two of them may be alike.

    Nothing is kept between calls.
    """
    values: list[_Drawn] = []

    @seeded(seed)
    @only_generating(examples, backend=_BACKEND)
    @given(strategy)
    def collect(value: _Drawn) -> None:
        if deadline.left_for_asking <= 0:
            # The only way to make Hypothesis stop.
            raise TimeIsUp
        values.append(value)

    with nothing_kept(), contextlib.suppress(TimeIsUp):
        collect()
    return values


@st.composite
def _scenarios(
    draw: st.DrawFn, hello: Hello, contract: Contract, kinds: SearchStrategy[str], surfaces: SearchStrategy[str]
) -> Scenario:
    kind, surface = draw(kinds), draw(surfaces)
    script = draw(_scripts(contract, failing_up_to=4 if kind == "walk" else 1))
    args: dict[str, Any] = {}
    if kind == "retrieve":
        script = replace(script, aliases=_drawn_aliases(draw, ids_of(script.models)))
        args["model_id"] = _drawn_name(draw, ids_of(script.models), script.aliases)
        spec = CallSpec("retrieve", surface, args)
    else:
        walk, total = kind == "walk", len(script.models)
        args |= draw(_limits(contract, small=walk)) | _drawn_cursor(draw, ids_of(script.models))
        # Mostly more than there are, so that the walk ends by itself.
        most = draw(_NUMBER) % max(total, 1) + 1 if _one_in(draw, 5) else total + _SPARE_ITEMS
        spec = CallSpec("list", surface, args, True, most) if walk else CallSpec("list", surface, args)
        if _one_in(draw, 4):
            script = replace(script, page_sizes=draw(_PAGE_SIZES))
    if hello.takes_betas(surface) and _one_in(draw, 4):
        args["betas"] = draw(_beta_lists(contract))
    scenario = Scenario("", spec, script)
    return replace(scenario, name=described(scenario))


def described(scenario: Scenario) -> str:
    """What a drawn scenario shows, in a few words."""
    spec, script = scenario.call, scenario.server
    if spec.operation == "retrieve":
        what = "the alias" if spec.args["model_id"] in script.aliases else "the model"
        name = f"{what} {_shortened(spec.args['model_id'])}"
    else:
        name = "a walk" if spec.walk else "a page"
        name += " back" if "before_id" in spec.args else ""
        name += f" over {len(script.models)} models"
    return f"{name}, with an answer replaced" if script.interventions else name


@cache
@st.composite
def _scripts(draw: st.DrawFn, contract: Contract, failing_up_to: int) -> ServerScript:
    """A server without aliases and page sizes; one in five has an answer replaced, up to that request at the latest."""
    interventions: tuple[Intervention, ...] = ()
    if _one_in(draw, 5):
        interventions = (replace(draw(_interventions(contract)), first=draw(_NUMBER) % failing_up_to + 1),)
    return ServerScript(
        models=draw(_CATALOGUES),
        envelope=draw(_ENVELOPE) if _one_in(draw, 5) else {},
        prefix=draw(_PREFIX) if _one_in(draw, 4) else "",
        spelling=draw(_SPELLING) if _one_in(draw, 2) else Spelling(),
        interventions=interventions,
    )


def _shortened(text: str) -> str:
    return f"{text!a}" if len(text) <= _MOST_LETTERS_SHOWN else f"{text[:_MOST_LETTERS_SHOWN]!a}…"


def _one_in(draw: st.DrawFn, number: int) -> bool:
    return draw(_NUMBER) % number == number - 1


def _drawn_cursor(draw: st.DrawFn, ids: Sequence[str]) -> dict[str, str]:
    """No cursor, or any id of the list in either direction."""
    way = draw(_DIRECTIONS)
    if way is None or not ids:
        return {}
    if _one_in(draw, 2):
        # As far from the end of the walk as can be: several pages, whatever the direction.
        return {way: ids[0 if way == "after_id" else -1]}
    return {way: ids[draw(_NUMBER) % len(ids)]}


_DIRECTIONS = st.sampled_from((None, "after_id", "before_id"))


def _drawn_aliases(draw: st.DrawFn, ids: Sequence[str]) -> dict[str, str]:
    if not ids or not _one_in(draw, 2):
        return {}
    return {name: ids[draw(_NUMBER) % len(ids)] for name in draw(_ALIAS_NAMES) if name not in ids}


_ALIAS_NAMES = st.lists(st.sampled_from(_ALIASES), min_size=1, max_size=3, unique=True)


def _drawn_name(draw: st.DrawFn, ids: Sequence[str], aliases: Mapping[str, str]) -> str:
    """An alias where there is one, often; else the id of a model, one with odd letters rather than a plain one; now
    and then an id that no model has."""
    if aliases and _one_in(draw, 2):
        return sorted(aliases)[draw(_NUMBER) % len(aliases)]
    if not ids or _one_in(draw, 6):
        return draw(_ABSENT_IDS)
    odd = [model_id for model_id in ids if not is_counted(model_id)]
    among = ids if not odd or _one_in(draw, 4) else odd
    return among[draw(_NUMBER) % len(among)]


@cache
def _limits(contract: Contract, small: bool) -> SearchStrategy[dict[str, int]]:
    """A limit or none; small ones make many pages of a small catalogue."""
    bounds = limits_of(contract)
    if bounds is None:
        return st.just({})
    low, default, high = bounds.minimum, bounds.default, bounds.maximum
    edges = st.sampled_from((low, low + 1, default - 1, default, default + 1, high - 1, high))
    few = st.integers(low, 6)
    given = (few, few, few, few, edges) if small else (few, edges, st.integers(low, high))
    return st.one_of(st.just({}), *(limits.map(lambda limit: {"limit": limit}) for limits in given))


@cache
def _beta_lists(contract: Contract) -> SearchStrategy[list[str]]:
    word = st.text("abcxyz0129-", min_size=1, max_size=20)
    return st.lists(
        st.one_of(st.sampled_from(betas_of(contract)), word) if betas_of(contract) else word, max_size=4, unique=True
    )


@cache
def _interventions(contract: Contract) -> SearchStrategy[Intervention]:
    """What the failing request of a call gets, and all after it."""
    refused = st.tuples(st.sampled_from((400, 404, 500)), st.just(answers.OPENAI_ERROR))
    foreign = st.sampled_from((answers.OPENAI_LIST, answers.OPENAI_MODEL))
    return st.one_of(
        st.sampled_from(sorted(contract.errors)).map(answers.error),
        st.sampled_from((502, 503, 504)).map(answers.gateway_page),
        refused.map(lambda status_and_text: answers.json_text(*status_and_text)),
        st.sampled_from([answer for _, answer in answers.ODD_SUCCESSES]),
        foreign.map(lambda text: answers.json_text(200, text)),
        st.integers(10, 90).map(lambda percent: answers.truncated(percent / 100)),
        st.sampled_from(_BROKEN).map(answers.broken),
    )
