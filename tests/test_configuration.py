"""What a project always says: options in pyproject.toml or models-conformance.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from models_conformance.errors import UsageError
from models_conformance.frontend.values import read_values


def test_the_file_holds_where_neither_line_nor_environment_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(
        "[tool.models-conformance]\nfail-on = 'should'\nonly = ['cursor']\nseed = 7\nstrict = true\n"
        "header = 'x-gateway: $TOKEN'\napi-key = 'filed'\nscenario = 's'\n"
        "[tool.models-conformance.server]\nseed = 8\n"
    )
    values = read_values("server", {"fail_on": "must"}, {"TOKEN": "t", "ANTHROPIC_API_KEY": "known"})
    assert (values["fail_on"], values["only"], values["seed"], values["strict"]) == ("must", ("cursor",), 8, True)
    assert values["api_key"] == "known"
    assert values["headers"][0].value == "t"
    assert read_values("client", {}, {})["seed"] == 7
    assert read_values("server", {}, None)["seed"] == 0
    Path("models-conformance.toml").write_text("seed = 9\n")
    assert read_values("server", {}, {})["seed"] == 9


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("fail_on = 'should'", "there is no option 'fail_on'; did you mean fail-on"),
        ("[server]\ncassettes = 'x'", "server has no option 'cassettes'"),
        ("seed = 'x'", "models-conformance.toml: --seed x: expected a whole number"),
        ("strict = 'yes'", "strict: expected true or false"),
        ("only = [1]", "only: expected text"),
        ("= 1", "is not TOML"),
    ],
)
def test_what_is_wrong_in_it_is_one_line(text: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("models-conformance.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        read_values("server", {}, {})
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)
