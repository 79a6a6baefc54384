"""Every wrong server trips what the committed matrix says; no odd one trips anything. Computed, by real runs."""

from __future__ import annotations

from fnmatch import fnmatchcase
from importlib.resources import files

import pytest

from models_conformance.engine.fault_matrix import (
    Row,
    figures,
    matrix_text,
    rows,
    run_against,
    server_row,
    table_row,
)
from models_conformance.reference.registry import IDEAL
from models_conformance.reference.server import SERVERS
from models_conformance.reference.variants import REGISTRIES, Side, recorded_causes, recorded_rows
from models_conformance.requirements.consequences import CONSEQUENCES, explained, unexplained
from models_conformance.requirements.register import every_requirement
from tests import sweeps

PAIRS = [
    (side, name, str(variant.root), recorded_rows()[side].get(name, {}))
    for side, registry in REGISTRIES.items()
    for name, variant in registry.faults().items()
]
# Kinds that no deterministic reference can show in a run of the matrix, each with the reason.
UNSHOWN = {
    ("list-envelope-is-complete", "has-another-value"): "the shipped contract fixes no value of the envelope",
    ("list-envelope-is-complete", "breaks-its-schema"): "the shipped contract says no more of the envelope than types",
    ("model-is-complete", "has-another-value"): "the one fixed value, that of type, has a requirement of its own",
    ("client-sends-version-header", "is-another-version"): "the matrix asks clients for no version",
    ("client-{slug}-is-untouched", "mistakes-an-empty"): "no scenario serves a documented member empty",
    ("model-{slug}-is-as-documented", "has-another-value"): "no shipped contract fixes the value of a further member",
    ("model-{slug}-is-as-documented", "breaks-its-schema"): "shipped contracts say no more of those than their types",
    ("response-arrives-whole", "fails-by-connect"): "a server that is gone in the middle of a run is not a server",
}
# What these show hangs on which models stand where, on equal dates, and on which pages the plan has room for.
SHOWN_BY_PLACE = frozenset(
    {
        "after-id-repeats-equal-dates",
        "after-id-skips-equal-dates",
        "after-one-particular-id-is-inclusive",
        "before-id-skips-equal-dates",
        "before-one-particular-id-is-inclusive",
        "cursor-is-compared-by-date",
        "first-page-is-cached-for-every-cursor",
        "forward-pages-lack-one-model",
        "has-more-is-true-at-the-end-with-limit-three",
        "limit-cursor-and-beta-together-ignore-the-cursor",
        "model-is-gone-for-a-while",
        "one-beta-hides-a-model",
        "page-is-filtered-after-slicing",
        "page-lists-a-model-twice",
        "pages-are-sorted-one-by-one",
        "second-answer-is-in-another-order",
        "second-page-is-reversed",
        "ties-depend-on-the-direction",
        "ties-depend-on-the-limit",
    }
)
ANOTHER_SIZE = 63
CAN_FAIL = {name: entry for name, entry in every_requirement().items() if entry.level != "observe"}


def claim(requirement: str) -> str:
    """The template that a requirement was expanded from, or itself: an instance of a template stands for all."""
    return CAN_FAIL[requirement].template or requirement


@pytest.mark.parametrize(("name", "seed"), sweeps.rows("server"))
def test_a_fault_trips_what_is_recorded_at_any_seed(name: str, seed: int) -> None:
    assert server_row(name, seed).problems() == []


@pytest.mark.parametrize("name", sweeps.sample(sorted({*SERVERS.faults()} - SHOWN_BY_PLACE)))
def test_a_fault_trips_the_same_over_another_catalogue(name: str) -> None:
    assert server_row(name, models=ANOTHER_SIZE).unlike_recorded() == []


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("limit-above-hundred-is-refused", 1),
        ("limit-is-ignored-under-betas", 3),
        ("limit-is-ignored-under-betas", 4),
        ("repeated-beta-lines-crash", 4),
    ],
)
def test_a_fault_trips_the_same_where_chance_draws_a_question_that_the_plan_has_not(name: str, seed: int) -> None:
    assert server_row(name, seed).unlike_recorded() == []


@pytest.mark.parametrize("name", sweeps.sample(SERVERS.oddities()))
def test_a_conforming_oddity_trips_nothing(name: str) -> None:
    result = run_against(name)
    findings = [
        (entry.requirement.id, finding.observed, finding.expected)
        for entry in result.requirements
        for finding in entry.findings
    ]
    assert findings == []
    assert result.run.verdict == "passed"


@pytest.mark.parametrize(
    ("name", "seed"),
    sweeps.crossed(
        [
            (IDEAL,),
            ("has-more-is-true-at-the-end-with-limit-three",),
            ("before-id-with-limit-one-is-the-head",),
            ("before-id-under-betas-is-the-head",),
        ],
        [1, 2, 3],
    ),
)
def test_no_verdict_hangs_on_the_seed(name: str, seed: int) -> None:
    row = server_row(name, seed)
    assert row.root is None or row.root in row.trips
    assert not unexplained(row.root or "", row.trips)


def test_the_recorded_matrix_has_a_sorted_row_for_each_fault_and_no_other() -> None:
    recorded = [
        Row(side, name, root, trips, 0, recorded_causes().get((side, name), (root,)))
        for side, name, root, trips in PAIRS
    ]
    committed = files("models_conformance.reference").joinpath("fault_matrix.json").read_text("utf-8")
    assert committed == matrix_text(recorded, is_whole=True)
    # Rows that are computed alone stand among the others as they were.
    assert committed == matrix_text(recorded[:3], is_whole=False)
    assert all(list(trips) == sorted(trips) for _, _, _, trips in PAIRS)
    assert all(kinds and list(kinds) == sorted(set(kinds)) for *_, trips in PAIRS for kinds in trips.values())


def test_every_recorded_pair_is_a_root_or_follows_from_it_by_a_rule() -> None:
    assert [(name, root) for _, name, root, trips in PAIRS if root not in trips] == []
    assert [(name, blamed) for _, name, root, trips in PAIRS if (blamed := unexplained(root, trips))] == []


def test_every_rule_of_consequence_explains_a_pair() -> None:
    explaining = {rule for _, _, root, trips in PAIRS for rule in explained(root, trips).values()}
    assert explaining == {rule.name for rule in CONSEQUENCES}


@pytest.mark.parametrize("side", list(REGISTRIES))
def test_every_requirement_that_can_fail_is_the_root_of_a_fault(side: Side) -> None:
    judged = {claim(name) for name, entry in CAN_FAIL.items() if ("client" in entry.subjects) is (side == "client")}
    assert judged == {claim(str(fault.root)) for fault in REGISTRIES[side].faults().values()}


def test_every_declared_kind_is_shown_by_a_fault() -> None:
    shown = {
        (claim(requirement), kind.partition(" ")[0])
        for *_, trips in PAIRS
        for requirement in trips
        for kind in trips[requirement]
    }
    unshown = {
        (claim(name), slug)
        for name, entry in CAN_FAIL.items()
        for slug in entry.kinds
        if not any(requirement == claim(name) and fnmatchcase(kind, slug) for requirement, kind in shown)
    }
    assert unshown == UNSHOWN.keys()


def test_a_false_blame_is_unexplained() -> None:
    trips = {"list-after-id-is-exclusive": ["holds-the-cursor"], "body-keys-are-unique": ["names-a-key-twice"]}
    assert unexplained("list-after-id-is-exclusive", trips) == ["body-keys-are-unique"]


def test_a_row_names_what_is_wrong_with_it() -> None:
    name, trips = "after-id-is-inclusive", recorded_rows()["server"]["after-id-is-inclusive"]
    root = SERVERS.faults()[name].root
    assert Row("server", name, root, trips, 1, (str(root),)).problems() == []
    assert Row("server", name, root, trips, 1, ("walk-ends", str(root))).problems() == [
        "causes: walk-ends, list-after-id-is-exclusive"
    ]
    survivor = table_row(Row("server", name, root, {"body-keys-are-unique": ("names-a-key-twice",)}, 1))
    assert "survives list-after-id-is-exclusive" in survivor
    assert "unexplained: body-keys-are-unique; appeared: body-keys-are-unique names-a-key-twice; vanished: " in survivor
    blamed = Row("server", "answers-are-gzipped", None, {"walk-ends": ("never-ends",)}, 1)
    assert blamed.problems() == ["falsely blamed: walk-ends"]


@pytest.mark.parametrize("side", list(REGISTRIES))
def test_nearly_every_fault_is_told_as_one_cause_by_its_own_root(side: Side) -> None:
    total = len(REGISTRIES[side].faults())
    deviating = {name: roots for (of, name), roots in recorded_causes().items() if of == side}
    assert deviating.keys() <= REGISTRIES[side].faults().keys()
    not_first = [name for name, roots in deviating.items() if roots[:1] != (REGISTRIES[side].faults()[name].root,)]
    assert len(not_first) <= total * 0.02
    assert sum(len(roots) != 1 for roots in deviating.values()) <= total * 0.05


def test_the_figures_count_what_is_named_first_and_what_is_one_cause() -> None:
    right = Row("server", "a", "walk-ends", {}, 1, ("walk-ends",))
    late = Row("server", "b", "walk-ends", {}, 1, ("list-page-is-full", "walk-ends"))
    oddity = Row("server", "c", None, {}, 1)
    assert list(figures([right, late, oddity])) == [
        "server faults: root first 1 of 2 (50.0 %), one cause 1 of 2 (50.0 %)"
    ]


def test_a_name_that_both_references_have_has_a_row_on_either_side() -> None:
    assert [(row.side, row.problems()) for row in rows("first-id-is-the-cursor")] == [("server", []), ("client", [])]
    assert all(name.startswith("client-") for name in recorded_rows()["client"]["first-id-is-the-cursor"])
