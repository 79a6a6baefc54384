"""The fixtures that the plugin gives to everybody's tests, and the reference server as they can ask for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.test_cli import refused


def test_fixtures_mock_the_api_and_judge_a_target(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_mock="""
        import httpx
        import pytest

        def ids(api, **params):
            headers = {"x-api-key": api.api_key, "anthropic-version": "2023-06-01"}
            page = httpx.get(f"{api.url}/v1/models", headers=headers, params=params).json()
            return [model["id"] for model in page["data"]]

        def test_plain(models_api):
            assert ids(models_api, limit=1000) == list(models_api.ids)

        @pytest.mark.models_api(fault="after-id-is-inclusive", models=["b", "a"], key="k", aliases=["latest"])
        def test_broken(models_api):
            assert (models_api.api_key, models_api.ids) == ("k", ("b", "a"))
            assert ids(models_api, after_id="b")[0] == "b"
            assert "b" in httpx.get(f"{models_api.url}/v1/models/latest", headers={"x-api-key": "k",
                "anthropic-version": "2023-06-01"}).text

        @pytest.mark.models_api(contract="2026-10", models=[{"id": "x", "created_at": "2026-01-01T00:00:00Z",
            "display_name": "X", "max_tokens": 7}])
        def test_newer(models_api):
            assert ids(models_api) == ["x"]
        """,
        test_target="""
        import pytest

        @pytest.fixture
        def models_settings():
            return {"only": "cursor", "examples": 0}

        def test_reference(models_result):
            models_result.assert_conforms()

        @pytest.mark.models_api(fault="after-id-is-inclusive")
        def test_broken(models_result):
            assert models_result.violations
            models_result.assert_conforms()

        @pytest.mark.models_api(faults="after-id-is-inclusive")
        def test_misspelt(models_api):
            pass

        @pytest.mark.models_api("after-id-is-inclusive")
        def test_positional(models_api):
            pass

        class TestApplication:
            @pytest.fixture
            def models_target(self):
                from models_conformance.reference.server.app import application
                from models_conformance.reference.server.serving import behaviour_named
                return application(behaviour_named("ideal", api_key=None))

            def test_it(self, models_result):
                models_result.assert_conforms()
        """,
    )
    result = pytester.runpytest("--strict-markers")
    result.assert_outcomes(passed=5, failed=1, errors=2)
    for name in ("faults", "'after-id-is-inclusive'"):
        result.stdout.fnmatch_lines([f"*the marker models_api has no argument {name}; it takes fault, *"])
    result.stdout.fnmatch_lines(["*FAILED list-after-id-is-exclusive (must)*", "*reproduce curl *"])
    result.stdout.no_fnmatch_line("*models_conformance/api.py*")


def test_serve_takes_host_key_catalogue_aliases_and_several_faults(tmp_path: Path) -> None:
    catalogue = tmp_path / "models.json"
    catalogue.write_text(json.dumps({"data": ["c", "b", "a"]}))
    words = ["--host", "127.0.0.2", "--key", "my-key", "--catalogue", str(catalogue), "--alias", "model_id=b"]
    words += ["--fault", "after-id-is-inclusive", "--fault", "default-limit-is-ten"]
    command = [sys.executable, "-m", "models_conformance", "serve", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url, _, key = process.stdout.readline().strip().partition(" api-key=")
            assert url.startswith("http://127.0.0.2:")
            assert key == "my-key"
            client = httpx.Client(base_url=url, headers={"x-api-key": key, "anthropic-version": "2023-06-01"})
            assert client.get("/v1/models/model_id").json()["id"] == "b"
            page = client.get("/v1/models?after_id=b").json()
            assert page["data"][0]["id"] == "b"
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--catalogue", "FILE", "--models", "3"), "both say which models"),
        (("--catalogue", "FILE"), "expected a list of ids or models"),
        (("--alias", "a=nobody"), "names no model"),
        (("--fault", "ideel"), "no fault or oddity"),
    ],
)
def test_serve_refuses_in_one_line(
    words: tuple[str, ...], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f.json").write_text("{}")
    assert why in refused(capsys, "serve", *(str(tmp_path / "f.json") if word == "FILE" else word for word in words))


def test_again_asks_only_what_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    command = [sys.executable, "-m", "models_conformance", "server", "--examples", "0"]
    fault = ["--fault", "after-id-is-inclusive", "--fault", "default-limit-is-ten"]
    ran = subprocess.run([*command, *fault, "--json", str(first)], check=False, capture_output=True, text=True)
    assert ran.returncode == 1
    assert "the built-in reference server was judged, with after-id-is-inclusive, default-limit-is-ten." in " ".join(
        ran.stdout.split()
    )
    again = [*command, "--again", str(first), "--json", str(second)]
    assert subprocess.run([*again, *fault], check=False, capture_output=True).returncode == 1
    whole, part = json.loads(first.read_text()), json.loads(second.read_text())
    failed = {entry["id"] for entry in whole["requirements"] if entry["verdict"] == "fail"}
    assert {entry["id"] for entry in part["requirements"]} == failed
    assert part["run"]["requests"] < whole["run"]["requests"]
    assert subprocess.run(again, check=False, capture_output=True).returncode == 0
    assert "nothing failed in" in refused(capsys, "server", "--again", str(second))
    assert "both say what is judged" in refused(capsys, "server", "--again", str(first), "--only", "cursor")
