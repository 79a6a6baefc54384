"""Requirements from facts: the ideal server of each contract keeps them, and a fault in each fact trips its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from models_conformance import judge_exchanges, judge_server
from models_conformance.contract.points import Filter
from models_conformance.contract.shipped import SHIPPED, load_contract
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model, catalogue_of
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal
from models_conformance.reference.server.serving import running
from models_conformance.requirements.register import by_hand, register, register_of
from models_conformance.result import Result
from tests import sweeps

OCTOBER = load_contract("2026-10")
NEW = [entry for entry in register_of(OCTOBER).values() if entry.template]
FILTER = "list-lifecycle-"
AREAS = ("envelope", "filter", "member", "retrieve", "version-2*")


class Filtering(Behaviour):
    """A server of which a fault changes what one filter does."""

    def chosen(self, parsed: ParsedRequest) -> tuple[str, ...]:
        return tuple(parsed.values("lifecycle[]"))


class BreaksOnAWorkspace(Behaviour):
    def check_version(self, parsed: ParsedRequest) -> None:
        super().check_version(parsed)
        if parsed.request.line("anthropic-workspace-id"):
            raise Refusal(500, "no such column")


class FindsNoRetiredModel(Filtering):
    def find(self, parsed: ParsedRequest) -> Model | None:
        model = super().find(parsed)
        return None if model is not None and model.extra["lifecycle"] == "retired" else model


class HasANewStage(Filtering):
    """Right: new values of an answer are reserved, and no page says yet whether they are listed by default."""

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        right = super().item(parsed, model)
        return {**right, "lifecycle": "preview"} if self.is_new(model) else right

    def filtered(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        left = super().filtered(parsed, chosen)
        explicit = self.chosen(parsed)
        return Catalogue([model for model in left.models if not explicit or not self.is_new(model)])

    def is_new(self, model: Model) -> bool:
        return model.id.endswith("1")


def telling(**members: Any) -> type[Behaviour]:
    """A server that tells every model with these members; a function is given what right is."""

    class Telling(Behaviour):
        def item(self, parsed: ParsedRequest, model: Model) -> Any:
            right = super().item(parsed, model)
            told = {name: value(right) if callable(value) else value for name, value in members.items()}
            return {**right, **told}

    return Telling


def _without(told: Mapping[str, Any], member: str) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != member}


def without(member: str, on: Callable[[Model], bool] = lambda model: True) -> type[Behaviour]:
    """A server that leaves a member out of the models that `on` chooses."""

    class Without(Behaviour):
        def item(self, parsed: ParsedRequest, model: Model) -> Any:
            right = super().item(parsed, model)
            return _without(right, member) if on(model) else right

    return Without


class TellsItUnderABeta(Behaviour):
    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        right = super().item(parsed, model)
        return right if parsed.request.line("anthropic-beta") else _without(right, "allowed_fallback_models")


def judged(fault: type[Behaviour], contract: str = "auto", only: Sequence[str] = AREAS) -> Result:
    behaviour = fault(Catalogue(catalogue_of(15).models), contract=OCTOBER)
    with running(behaviour) as server:
        return judge_server(
            server.url,
            api_key=server.api_key,
            fail_on="should",
            examples=0,
            only=only if contract != "first" else ["envelope"],
            contract=contract,
        )


def failed(result: Result) -> set[str]:
    return {entry.requirement.id for entry in result.requirements if entry.verdict == "fail"}


@pytest.mark.parametrize(
    "name",
    sweeps.first(
        ["number-is-a-text", "newest-version-is-refused", "filter-is-ignored", "date-of-a-stage-is-not-told"], 2
    ),
)
def test_a_fault_in_a_fact_trips_its_requirement_wherever_the_fact_is_documented(name: str) -> None:
    fault = SERVERS.faults()[name]
    result = judged(fault.implementation)
    assert [cause.root for cause in result.causes] == [fault.root]
    assert failed(judged(fault.implementation, "first")) == set()


def test_a_retired_model_that_only_a_filter_lists_is_retrieved() -> None:
    assert failed(judged(FindsNoRetiredModel)) == {"retrieve-listed-id-succeeds"}


def test_a_server_that_demands_an_optional_header_is_told_so_and_judged_with_it() -> None:
    result = judged(SERVERS.faults()["workspace-is-demanded"].implementation, only=("header-*", "*-succeeds", "*-401"))
    assert [cause.root for cause in result.causes] == ["header-anthropic-workspace-id-is-optional"]
    assert {entry.requirement.id for entry in result.requirements if entry.verdict == "pass"} >= {
        "list-documented-request-succeeds",
        "retrieve-listed-id-succeeds",
        "credentials-wrong-is-401",
    }
    assert any("without anthropic-workspace-id" in note for note in result.notes)


class HasSmallPagesInTheNewestVersion(Behaviour):
    def default_limit(self, parsed: ParsedRequest) -> int:
        return 5 if parsed.request.line("anthropic-version") == "2026-10-21" else super().default_limit(parsed)


def test_pages_of_another_documented_version_are_judged() -> None:
    assert failed(judged(HasSmallPagesInTheNewestVersion, only=("limit", "version-*"))) == {"list-default-page-is-20"}


def test_a_header_that_breaks_a_server_is_told() -> None:
    assert failed(judged(BreaksOnAWorkspace, only=())) == {"no-input-is-answered-5xx"}


@pytest.mark.parametrize(
    "right",
    [
        Behaviour,
        telling(capabilities=None),
        telling(max_tokens=None),
        telling(line="newest"),
        HasANewStage,
        without("allowed_fallback_models"),
        TellsItUnderABeta,
    ],
)
def test_what_the_pages_allow_is_right(right: type[Behaviour]) -> None:
    result = judged(right)
    assert failed(result) == set()
    assert result.contract.name == "2026-10"


@pytest.mark.parametrize("name", SHIPPED)
def test_the_ideal_server_of_each_contract_conforms(name: str) -> None:
    with running(Behaviour(catalogue_of(47), contract=load_contract(name))) as server:
        result = judge_server(server.url, api_key=server.api_key, fail_on="should", contract=name)
    assert (result.run.verdict, failed(result)) == ("passed", set())
    assert result.run.requests <= (250 if name == "first" else 330)


def test_facts_give_requirements_without_code_of_their_own() -> None:
    assert len(NEW) == 58
    assert len([entry for entry in register().values() if entry.template]) == 22
    assert {entry.id for entry in NEW}.isdisjoint(by_hand())


@pytest.mark.parametrize("version", ["2023-06-01", "2026-10-21"])
@pytest.mark.parametrize(
    ("stages", "wrong"),
    [
        ([("retired", "retired")], set()),
        ([("retired", "active")], {f"{FILTER}filters-by-lifecycle"}),
        ([("deprecated", "deprecated"), (None, "active")], {f"{FILTER}default-is-its-explicit-form"}),
        ([("preview", "active")], {f"{FILTER}refuses-other-values"}),
        ([("retired&lifecycle%5B%5D=" * 3 + "retired", "retired")], {f"{FILTER}refuses-more-than-3"}),
    ],
)
def test_recorded_values_of_a_filter_are_evidence(
    version: str, stages: list[tuple[str | None, str]], wrong: set[str]
) -> None:
    server = Behaviour(Catalogue(catalogue_of(3).models), contract=OCTOBER)
    items = {model.extra["lifecycle"]: server.item(None, model) for model in server.catalogue.models}  # type: ignore[arg-type]
    recorded = []
    for wanted, answered in stages:
        item = items[answered]
        page = {"data": [item], "has_more": False, "first_id": item["id"], "last_id": item["id"]}
        query = f"?lifecycle%5B%5D={wanted}" if wanted else ""
        request = {
            "method": "GET",
            "url": f"https://a.test/v1/models{query}",
            "headers": {"anthropic-version": version},
        }
        response = {"status": 200, "headers": {"content-type": "application/json"}, "body": page}
        recorded.append({"request": request, "response": response})
    assert failed(judge_exchanges(recorded, fail_on="should")) == wrong
