"""Scenarios as far as a library can make their calls: what has no page call walks, what takes no arguments walks bare.

The server scripts stay as they are: a page size that cannot be asked for is one that the server chooses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from models_conformance.evidence.driver_calls import NO_ARGUMENTS, NO_RETRIEVE, WALKS_ONLY, CallSpec, Hello
from models_conformance.scenarios.models import plain_models
from models_conformance.scenarios.scenario import Scenario, ServerScript
from models_conformance.scenarios.systematic.tour import ALL_ITEMS


def narrowed(scenarios: Iterable[Scenario], hello: Hello) -> list[Scenario]:
    """The scenarios in calls that the client offers, none of them twice; the same ones where it offers everything."""
    if not hello.is_narrow:
        return list(scenarios)
    found: dict[str, Scenario] = {}
    for scenario in scenarios:
        if (offered := as_offered(scenario, hello)) is not None:
            found.setdefault(repr((offered.call, offered.server)), offered)
    return list(found.values())


def as_offered(scenario: Scenario, hello: Hello) -> Scenario | None:
    """The scenario in a call that the client offers; None where its subject is what the client lacks."""
    spec, script = scenario.call, scenario.server
    if spec.operation == "retrieve":
        if NO_RETRIEVE in hello.capabilities:
            return None
        kept = {"model_id": spec.args["model_id"]}
    else:
        kept = {}
    if WALKS_ONLY in hello.capabilities and spec.operation == "list" and not spec.walk:
        spec = replace(spec, walk=True, max_items=ALL_ITEMS)
    if NO_ARGUMENTS in hello.capabilities and spec.args != kept:
        limit = spec.args.get("limit")
        if isinstance(limit, int) and 0 < limit < len(script.models) and not script.page_sizes:
            script = replace(script, page_sizes=(limit,))
        spec = replace(spec, args=kept)
    if spec == scenario.call:
        return scenario
    return replace(scenario, name=f"{scenario.name}, as far as it can be asked for", call=spec, server=script)


def trials(hello: Hello) -> list[tuple[str, Scenario]]:
    """Calls that show what a library lacks, each with the capability that says so; none that its driver names itself.

    The last needs to know what came of those before it: it is a walk where there is no page call.
    """
    surface, script = hello.surfaces[0], ServerScript(plain_models(3))
    specs = [(NO_RETRIEVE, CallSpec("retrieve", surface, {"model_id": "claude-1"}))]
    if "walk" in hello.capabilities:
        specs.append((WALKS_ONLY, CallSpec("list", surface)))
    specs.append((NO_ARGUMENTS, CallSpec("list", surface, {"limit": 2})))
    return [
        (capability, Scenario("a trial of what the library offers", spec, script))
        for capability, spec in specs
        if capability not in hello.capabilities
    ]
