"""Keys and headers can be pointed to, so that they stand in no list of processes, and nothing ever shows them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import models_conformance
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.suites.settings import read_settings
from tests.probing.raw_server import http, raw_server
from tests.test_cli import code_of, refused

URL = "http://127.0.0.1:9"
SECRET = "Tr0ub4dor&3 correct"
FEW = ("--only", "cursor", "--examples", "0")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setenv("GATEWAY_TOKEN", SECRET)
    (tmp_path / "token").write_text(f"{SECRET}\n")
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")


def given(pytester: pytest.Pytester, *words: str) -> list[tuple[str, str]]:
    """The headers that pytest reads."""
    config = pytester.parseconfig("--target", URL, *(f"--models-header={word}" for word in words))
    return [header[:2] for header in read_settings(config).values["headers"]]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("x-token:@token", SECRET),
        ("x-token: @token", SECRET),
        ("x-token:$GATEWAY_TOKEN", SECRET),
        ("x-token: ${GATEWAY_TOKEN}", SECRET),
        ("x-token: @@token", "@token"),
        ("x-token: $$GATEWAY_TOKEN", "$GATEWAY_TOKEN"),
        ("x-token: $5.00", "$5.00"),
        ("x-token: a $GATEWAY_TOKEN", "a $GATEWAY_TOKEN"),
        ("Proxy-Authorization: Basic $GATEWAY_TOKEN", f"Basic {SECRET}"),
        ("Proxy-Authorization: Basic @token", f"Basic {SECRET}"),
    ],
)
def test_a_header_is_read_from_a_file_or_a_variable(word: str, value: str, pytester: pytest.Pytester) -> None:
    (pytester.path / "token").write_text(f"{SECRET}\n")
    assert given(pytester, word) == [(word.partition(":")[0], value)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--header", "x-a:@s3cret"], "--header x-a: the file that it names cannot be read"),
        (["--header", "x-a:@/dev/zero"], "--header x-a: the file that it names is a device"),
        (["--header", "x-a:@empty"], "--header x-a: the file that it names is empty"),
        (["--header", "x-a:@binary"], "--header x-a: the file that it names is not UTF-8"),
        (["--header", "x-a:$s3cret"], "--header x-a: the environment variable that it names is not set"),
        (
            ["--header", "Authorization: Bearer @s3cret"],
            "--header Authorization: the file that it names cannot be read",
        ),
        (["--header", "s3cret=1:2"], "is not a header name"),
        (["--api-key", "@s3cret"], "--api-key: the file that it names cannot be read"),
        (["--api-key", "$s3cret"], "--api-key: the environment variable that it names is not set"),
    ],
)
def test_what_points_nowhere_is_refused_and_not_shown(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(capsys, "server", URL, *words)
    assert said in line
    assert "s3cret" not in line


@pytest.mark.parametrize(
    "words",
    [
        ["--header", "x-token:@token"],
        ["--header", "x-token:$GATEWAY_TOKEN"],
        ["--header", "User-Agent:@token"],
        ["--header", f"x-token: {SECRET}"],
        ["--api-key", "@token"],
        ["--api-key", "${GATEWAY_TOKEN}"],
    ],
    ids=" ".join,
)
def test_what_was_pointed_to_is_shown_nowhere(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    requests: list[bytes] = []

    def echo(connection: object, request: bytes) -> None:
        requests.append(request)
        connection.sendall(http(json.dumps({"told": request.decode()}).encode(), f"x-echo: {SECRET}"))  # type: ignore[attr-defined]

    names = ("json", "junit", "html", "markdown", "trace")
    outputs = [word for name in names for word in (f"--{name}", str(tmp_path / f"result.{name}"))]
    key = [] if "--api-key" in words else ["--api-key", "k"]
    with raw_server(echo) as url:
        assert code_of("server", url, *words, *key, *outputs, "-v") == 1
    assert SECRET.encode() in b"".join(requests)
    captured = capsys.readouterr()
    for text in (captured.out, captured.err, *((tmp_path / f"result.{name}").read_text() for name in names)):
        assert "Tr0ub4dor" not in text
    document = json.loads((tmp_path / "result.json").read_text())
    lines = [finding["reproduce"] for entry in document["requirements"] for finding in entry["findings"]]
    placeholder = "$ANTHROPIC_API_KEY" if "--api-key" in words else "<redacted>"
    assert any(placeholder in line for line in lines)


def test_what_the_user_sends_takes_the_place_of_what_the_suite_sends(capsys: pytest.CaptureFixture[str]) -> None:
    requests: list[bytes] = []

    def keep(connection: object, request: bytes) -> None:
        requests.append(request.lower())
        connection.sendall(http(b"{}"))  # type: ignore[attr-defined]

    headers = ("User-Agent: mine/1", "Accept: */*", "Host: other.example", "anthropic-version: 2023-06-01")
    words = [word for header in headers for word in ("--header", header)]
    with raw_server(keep) as url:
        assert code_of("server", url, *words, "--api-key", "k") == 1
    for header in headers:
        name, _, value = header.lower().partition(": ")
        lines = [line for line in requests[0].decode().split("\r\n") if line.startswith(f"{name}:")]
        assert lines == [f"{name}: {value}"]
    # What is known to be public stands in the line that repeats a request.
    assert "-H 'User-Agent: mine/1'" in capsys.readouterr().out


def test_a_value_of_the_library_means_itself() -> None:
    requests: list[bytes] = []

    def keep(connection: object, request: bytes) -> None:
        requests.append(request)
        connection.sendall(http(b"{}"))  # type: ignore[attr-defined]

    with raw_server(keep) as url:
        models_conformance.judge_server(url, api_key="$GATEWAY_TOKEN", headers={"x-a": "@token"}, max_requests=3)
    assert b"x-api-key: $GATEWAY_TOKEN" in requests[0]
    assert b"x-a: @token" in requests[0]


def test_a_key_of_the_environment_means_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    requests: list[bytes] = []

    def keep(connection: object, request: bytes) -> None:
        requests.append(request)
        connection.sendall(http(b"{}"))  # type: ignore[attr-defined]

    monkeypatch.setenv("ANTHROPIC_API_KEY", "$GATEWAY_TOKEN")
    with raw_server(keep) as url:
        assert code_of("server", url, "--max-requests", "3") in (1, 3)
    assert b"x-api-key: $GATEWAY_TOKEN" in requests[0]


@pytest.mark.parametrize(
    "url",
    [
        "http://alice:s3cret-pass@gateway.example",
        "http://alice:s3cret-p\u00e4ss@gateway.example",
        "http://alice:s3cret/pass@gateway.example",
        "alice:s3cret-pass@gateway.example/v1",
        "https://gateway.example/v1?key=s3cret-pass",
        "https://gateway.example/v1/models#s3cret-pass",
        "https://gateway.example/s3cret-pass?x=1",
        "https://gateway.example/sk-ant-api03-s3cret-pass/v1",
        "https://gateway.example/s3cret%2Dpass-and-more/v1",
        "sk-ant-api03-s3cret-pass",
        "ftp://gateway.example/?s3cret-pass",
        "http://[s3cret-pass@::1",
    ],
)
def test_a_url_with_a_secret_is_refused_without_it(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(capsys, "server", url, "--api-key", "s3cret-pass-and-more")
    assert "URL" in line
    assert "s3cret" not in line


def test_a_key_pointed_to_judges_as_one_given(tmp_path: Path) -> None:
    with running(behaviour_named("ideal", 3)) as server:
        (tmp_path / "key").write_text(f"{server.api_key}\n")
        assert code_of("server", server.url, "--api-key", "@key", *FEW) == 0
        assert code_of("server", server.url, "--header", "Authorization: Bearer @key", *FEW) == 0
