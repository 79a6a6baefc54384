"""The Python examples printed on the documentation pages, read from the pages, work unchanged.

Each runs with a release of the library from the time of its page and with the newest, against the reference server.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from models_conformance.drivers.builtin.python import FETCHER
from models_conformance.drivers.environment import minimal_environment
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.ideal import REFERENCE_KEY, Behaviour
from models_conformance.reference.server.messages import Request, Response
from models_conformance.reference.server.serving import running
from tests.drivers.builtin.releases import released

PAGES = Path(__file__).resolve().parents[2] / "shared" / "docs"
# When the changelog in the source distribution says that they came out.
RELEASED = (("2025-10-16", "0.71.0"), ("2025-11-24", "0.75.0"))
NEWEST = "newest"

_FENCED = re.compile(r"^(?P<fence>`{3,})[^\n]*\n(?P<text>.*?)^(?P=fence)", re.DOTALL | re.MULTILINE)
_BETA = re.compile(r'"([a-z0-9-]+-(20\d\d-\d\d-\d\d))"')
# The examples ask for this id, which stands for any: here it is an alias.
PLACEHOLDER = "model_id"
MODELS = (
    Model("claude-first-20260101", "2026-01-01T00:00:00Z", "First"),
    Model("claude-second-20250101", "2025-01-01T00:00:00Z", "Second"),
)


class Listening(Behaviour):
    """The ideal server, which remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(Catalogue(MODELS, {PLACEHOLDER: MODELS[1].id}))
        self.spec: list[Request] = []

    def answer(self, request: Request) -> Response:
        self.spec.append(request)
        return super().answer(request)


def sources(text: str) -> Iterator[str]:
    """The code on a page: in fences, and in the code samples of OpenAPI in a fence."""
    for fence in _FENCED.finditer(text):
        if fence["text"].startswith("paths:"):
            samples = yaml.safe_load(fence["text"])["paths"]["request"]["codeSamples"]
            yield from (sample["source"] for sample in samples if sample["lang"] == "python")
        else:
            yield fence["text"]


def is_python_example(code: str) -> bool:
    """Whether it is Python that imports the library."""
    try:
        statements = ast.parse(code).body
    except SyntaxError:
        return False
    names = [statement.module for statement in statements if isinstance(statement, ast.ImportFrom)]
    names += [name.name for statement in statements if isinstance(statement, ast.Import) for name in statement.names]
    return "anthropic" in names


def examples() -> list[tuple[str, str]]:
    """(page, code) of each example."""
    pages = sorted([*PAGES.glob("00*.txt"), *PAGES.glob("later/*.md")])
    return [
        (page.relative_to(PAGES).as_posix(), code)
        for page in pages
        for code in sources(page.read_text("utf-8"))
        if is_python_example(code)
    ]


def betas_of(page: str) -> dict[str, str]:
    """The betas that a page names, each with its date."""
    return dict(_BETA.findall((PAGES / page).read_text("utf-8")))


def release_of(page: str) -> str:
    """The newest release before the date in the page's name; without one, the first that can name all its betas."""
    dated = re.match(r"\d{4}-\d\d-\d\d", Path(page).name)
    if dated:
        return [version for day, version in RELEASED if day < dated[0]][-1]
    newest_beta = max(betas_of(page).values())
    return next(version for day, version in RELEASED if day >= newest_beta)


FOUND = examples()
pytestmark = pytest.mark.skipif(not FOUND, reason="the documentation pages are not in ../shared/docs")


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Which Python has a release installed."""

    def fetched(release: str) -> str:
        version = None if release == NEWEST else release
        return released(FETCHER, tmp_path_factory, version).command[0]

    return fetched


# Starting a release takes longer than an example does, so one process runs all examples of a release.
ALL = """
import contextlib, io, json, sys
for code in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(code, "example", "exec"), {"__name__": "__main__"})
    print(json.dumps(out.getvalue()), flush=True)
"""


def run(python: str, code: str, given: str = "", **environment: str) -> list[str]:
    """What each line says in JSON. Isolated from the packages of this environment, and without a proxy."""
    variables = {**minimal_environment(), **environment}
    done = subprocess.run(
        [python, "-I", "-c", code], env=variables, input=given, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_pages_hold_examples_of_both_operations_and_surfaces() -> None:
    calls = {call for _, code in FOUND for call in re.findall(r"client\.(\S+)\(", code)}
    assert calls == {"models.list", "beta.models.list", "beta.models.retrieve"}
    assert {release_of(page) for page, _ in FOUND} == {version for _, version in RELEASED}


def runs() -> dict[str, list[str]]:
    """The codes that each release runs: one code on several pages runs once."""
    wanted: dict[str, list[str]] = {}
    for page, code in FOUND:
        for release in (release_of(page), NEWEST):
            if code not in wanted.setdefault(release, []):
                wanted[release].append(code)
    return wanted


@pytest.mark.parametrize("release", runs())
def test_examples_work_as_printed(release: str, interpreter: Callable[[str], str]) -> None:
    python, server, codes = interpreter(release), Listening(), runs()[release]
    with running(server) as place:
        where = {"ANTHROPIC_BASE_URL": place.url, "ANTHROPIC_API_KEY": REFERENCE_KEY}
        printed = run(python, ALL, json.dumps(codes), **where)
    # Each makes one request.
    for code, spec, out in zip(codes, server.spec, printed, strict=True):
        if "retrieve" in code:
            assert (spec.path, out) == (f"/v1/models/{PLACEHOLDER}", f"{MODELS[1].id}\n"), code
        elif "print" in code:
            assert (spec.path, out) == ("/v1/models", f"{MODELS[0].id}\n"), code
        else:
            # One page shows the call alone, with an argument.
            assert (spec.path, spec.query, out) == ("/v1/models", "limit=20", ""), code


def test_the_release_of_the_time_of_a_page_names_the_betas_of_the_page(interpreter: Callable[[str], str]) -> None:
    naming = (
        "import json, typing\n"
        "from anthropic.types import AnthropicBetaParam\n"
        "print(json.dumps(typing.get_args(typing.get_args(AnthropicBetaParam)[1])))\n"
    )
    pages = sorted({page for page, _ in FOUND if betas_of(page)})
    named: dict[str, set[str]] = {
        release: set(*run(interpreter(release), naming)) for release in map(release_of, pages)
    }
    assert len(pages) == 3
    assert all(named[release_of(page)] == betas_of(page).keys() for page in pages)
