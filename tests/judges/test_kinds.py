"""The kinds that judges of servers name are those that the register declares, and each can be worded."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import getsource
from itertools import islice
from types import ModuleType

import pytest

from models_conformance.contract.shipped import load_contract
from models_conformance.engine.judging import judge
from models_conformance.evidence.exchange import API_KEY, Exchange, Origin, Trace
from models_conformance.evidence.exchange import Request as Sent
from models_conformance.evidence.exchange import Response as Received
from models_conformance.judges.server import SERVER_JUDGES, SERVER_TEMPLATES, comparison
from models_conformance.judges.shapes import PROBLEM_KINDS
from models_conformance.judges.wording import sentences
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import REFERENCE_KEY, Behaviour
from models_conformance.reference.server.messages import Request
from models_conformance.reference.server.serving import behaviour_named
from models_conformance.requirements.register import STATUS_CLASSES, every_requirement, select
from tests import sweeps
from tests.reference.probe import broad_requests

AREAS = [
    import_module(name)
    for name in dict.fromkeys(
        judge.__module__ for judges in (SERVER_JUDGES, SERVER_TEMPLATES) for judge in judges.by_requirement.values()
    )
]
MODELS = 23
REQUESTS = 400


@cache
def named_kinds(module: ModuleType) -> frozenset[str]:
    """The kinds that a module's judgements can have, by its source; `answered-*` for a slug with a computed end."""
    return frozenset(slug for function in _functions(module) for slug in _named_in(function, module))


def _functions(module: ModuleType) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(ast.parse(getsource(module))) if isinstance(node, ast.FunctionDef))


def _named_in(function: ast.FunctionDef, module: ModuleType) -> Iterator[str]:
    assigned = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name("violation" | "Difference"), args=[kind, *_]):
                yield from _slugs(kind, assigned)
            case ast.Call(func=ast.Attribute(attr="judged_by_status")):
                yield "answered-*"
            case ast.Call(func=ast.Attribute(attr="as_violation")) if module is not comparison:
                yield from named_kinds(comparison)


def _slugs(kind: ast.expr, assigned: dict[str, ast.expr]) -> Iterator[str]:
    match kind:
        case ast.Constant(str() as slug):
            yield slug
        case ast.IfExp(body=first, orelse=second):
            yield from _slugs(first, assigned)
            yield from _slugs(second, assigned)
        case ast.JoinedStr(values=[ast.Constant(str() as stem), ast.FormattedValue()]):
            yield f"{stem}*"
        case ast.Name(name):
            yield from _slugs(assigned[name], assigned)
        case ast.Attribute(ast.Name("problem" | "deviation"), "kind"):
            yield from PROBLEM_KINDS
        case ast.Attribute(ast.Name("self"), "kind"):
            return
        case _:
            raise AssertionError(f"no kind can be read from {ast.unparse(kind)}")


def declared_kinds(area: str) -> dict[str, set[str]]:
    """The kinds that an area of the register declares, each with the requirements that do."""
    declared: dict[str, set[str]] = {}
    for requirement in every_requirement().values():
        if requirement.area == area:
            for slug in requirement.kinds:
                declared.setdefault("fails-by-*" if slug.startswith("fails-by-") else slug, set()).add(requirement.id)
    return declared


def area_of(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2].replace("_", "-")


@pytest.mark.parametrize("module", AREAS, ids=area_of)
def test_an_area_declares_the_kinds_that_its_judges_name(module: ModuleType) -> None:
    own = {slug for function in _functions(module) for slug in _named_in(function, comparison)}
    declared = set(declared_kinds(area_of(module)))
    assert own <= declared
    assert declared <= named_kinds(module)


def test_each_kind_of_difference_is_declared_somewhere() -> None:
    declared = {slug for module in AREAS for slug in declared_kinds(area_of(module))}
    assert named_kinds(comparison) <= declared


def test_whatever_can_be_violated_declares_its_kinds() -> None:
    assert [
        requirement.id
        for requirement in select("server")
        if bool(requirement.kinds) is (requirement.level == "observe")
    ] == []


def one_fault_a_root() -> list[str]:
    """The first fault of each requirement that faults are named for."""
    first: dict[str | None, str] = {}
    for name, fault in SERVERS.faults().items():
        first.setdefault(fault.root, name)
    return list(first.values())


def trace_of(behaviour: Behaviour) -> Trace:
    """What a client that asks broadly would record of a server."""
    trace = Trace(Origin("server", "test", aliases=dict.fromkeys(behaviour.catalogue.aliases)))
    questions = list(broad_requests(behaviour))
    for question in islice(questions, 0, None, max(1, len(questions) // REQUESTS)):
        _ask(trace, behaviour, question)
    return trace


def _ask(trace: Trace, behaviour: Behaviour, question: Request) -> Exchange:
    url = f"http://test{question.path}" + (f"?{question.query}" if question.query else "")
    headers = tuple((name, value.replace(REFERENCE_KEY, API_KEY)) for name, value in question.headers)
    answer = behaviour.answer(question)
    return trace.add(
        Sent(question.method, url, headers), Received(answer.status, tuple(answer.headers), bytes(answer.body))
    )


@pytest.mark.parametrize("name", sweeps.sample(one_fault_a_root()))
def test_each_violation_of_a_wrong_server_is_of_a_declared_kind_and_can_be_worded(name: str) -> None:
    for judged in judge(trace_of(behaviour_named(name, MODELS)), select("server"), load_contract()):
        for violation in judged.violations:
            worded = sentences(judged.requirement, violation)
            assert worded.observed
            assert worded.expected
            assert "None" not in f"{worded.observed} {worded.expected}"
            stem, _, end = violation.kind.rpartition("-")
            slug = stem if end in STATUS_CLASSES else violation.kind
            assert re.fullmatch(r"[a-z]+(-([a-z]+|rfc3339))*", slug)
