from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Exchange, Headers, Request
from models_conformance.reports.curl import line_for, reproduce, walk
from models_conformance.reports.shells import SHELLS
from models_conformance.result import Finding
from tests.reports.result_strategies import exchange, requests

NOISE = {
    "host",
    "accept-encoding",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept",
    "user-agent",
}


def words(line: str) -> list[str]:
    """What curl would get from a shell that runs `line`."""
    script = f"""curl() {{ printf '%s\\0' "$@"; }}\n{line}"""
    ran = subprocess.run(
        ["sh", "-c", script],
        env={"ANTHROPIC_API_KEY": "the-key", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
    )
    return ran.stdout.decode().split("\0")[:-1]


@given(requests)
def test_a_shell_gives_curl_the_url_and_the_headers_back(request: Request) -> None:
    got = words(reproduce(Exchange(1, request, None)))
    headers = [after for before, after in pairwise(got) if before == "-H"]
    expected = [
        f"{name}: {value}" if value.strip() else f"{name};"
        for name, value in request.headers
        if name.lower() not in NOISE
    ]
    assert headers == [line.replace(WRONG_KEY, "the-ke_").replace(API_KEY, "the-key") for line in expected]
    assert got.count(request.url) == 1
    assert "--path-as-is" in got


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(
    "target",
    ["/v1/models/a/../b", "/v1/models?limit=[1-3]", "/v1/models/%2F%zz", "/v1/models?a={b,c}&d='$x'"],
)
def test_curl_itself_sends_the_request_target_as_it_was(target: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen: list[bytes] = []

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                seen.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{target}"
        headers = (("x-api-key", API_KEY), ("anthropic-beta", ""))
        line = reproduce(Exchange(1, Request("GET", url, headers), None))
        subprocess.run(
            ["sh", "-c", f"{line} --max-time 5"], env={"ANTHROPIC_API_KEY": "k1"}, capture_output=True, check=True
        )
        thread.join()
    head = seen[0].decode().split("\r\n")
    assert head[0] == f"GET {target} HTTP/1.1"
    assert "x-api-key: k1" in head
    assert "anthropic-beta:" in [line.strip() for line in head]


@pytest.mark.parametrize(("method", "option"), [("GET", None), ("HEAD", "-I"), ("POST", "-X")])
def test_other_methods_are_named(method: str, option: str | None) -> None:
    request = replace(exchange(1).request, method=method)
    got = words(reproduce(Exchange(1, request, None)))
    assert (option in got) is (option is not None)
    assert ("POST" in got) is (method == "POST")


def test_noise_is_left_out_and_a_telling_header_is_kept() -> None:
    headers = (("Accept", "*/*"), ("User-Agent", "python-httpx/0.28"), ("accept", "text/html"), ("Host", "h"))
    line = reproduce(Exchange(1, Request("GET", "http://h/", headers), None))
    assert words(line)[-2:] == ["-H", "accept: text/html"]
    assert "httpx" not in line


@given(st.text(max_size=5))
def test_a_finding_has_its_own_line_or_that_of_its_culprit_or_none(own: str) -> None:
    kept = {3: exchange(3), 4: exchange(4, "/v1/models")}
    assert line_for(Finding("", "", (4, 3), own), kept) == (own or reproduce(kept[4]))
    assert line_for(Finding("", "", (9,)), kept) == ""
    assert line_for(Finding("", "", (3,)), None) == ""


@pytest.mark.parametrize(
    "url", ["-Kfile/v1/models", "file:///v1/models", "/v1/models", "http:///v1/models", "http://h/v1/models\n-o x"]
)
def test_what_is_no_web_address_has_no_line(url: str) -> None:
    assert reproduce(Exchange(1, Request("GET", url, ()), None)) == ""


def test_no_word_of_a_recording_is_read_as_an_option() -> None:
    headers = (("@file", "x"), ("x-a", "1\r\nx-b: 2"), ("x-c", "-o x"))
    line = reproduce(Exchange(1, Request("-Kfile", "http://-Kfile/v1/models;-o", headers), None))
    assert words(line) == [
        *("-sSi", "--path-as-is", "-X", "-Kfile", "--url", "http://-Kfile/v1/models;-o", "-H", "x-c: -o x")
    ]


def test_the_key_is_not_handed_to_a_host_that_only_a_recording_names() -> None:
    request = Request("GET", "https://gateway.example/v1/models", (("x-api-key", API_KEY), ("x-other", WRONG_KEY)))
    line = reproduce(Exchange(1, request, None), is_trusted=False)
    assert "ANTHROPIC_API_KEY" not in line
    assert words(line)[-3:] == ["x-api-key: YOUR-KEY-FOR-THIS-HOST", "-H", "x-other: A-WRONG-KEY"]
    own = replace(request, url="https://api.anthropic.com/v1/models")
    assert "$ANTHROPIC_API_KEY" in reproduce(Exchange(1, own, None), is_trusted=False)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((("x-api-key", API_KEY),), '-H "x-api-key: ${env:ANTHROPIC_API_KEY}"'),
        (
            (("x-api-key", WRONG_KEY),),
            '-H "x-api-key: $($env:ANTHROPIC_API_KEY.Substring(0, $env:ANTHROPIC_API_KEY.Length - 1))_"',
        ),
        ((("x-name", "it's ‘so’; $HOME"),), "-H 'x-name: it''s ‘‘so’’; $HOME'"),
        ((("x-api-key", f'{API_KEY} "$x` ”'),), '-H "x-api-key: ${env:ANTHROPIC_API_KEY} `"`$x`` `”"'),
        ((("anthropic-beta", ""),), "-H 'anthropic-beta;'"),
    ],
)
def test_a_line_for_powershell(headers: Headers, expected: str) -> None:
    request = Request("GET", "http://h/v1/models?limit=2&after_id=b", headers)
    line = reproduce(Exchange(1, request, None), shell=SHELLS["powershell"])
    assert line == f"curl.exe -sSi --path-as-is --url 'http://h/v1/models?limit=2&after_id=b' {expected}"


def test_several_requests_in_powershell() -> None:
    shell = SHELLS["powershell"]
    assert shell.again("x", 3) == "1..3 | ForEach-Object { x; '' }"
    assert shell.together(["x", "y"]) == "x; ''; y"
    assert shell.piped('{"a": "b"}', "y -") == '\'{"a": "b"}\' | y -'
    request = Request("GET", "http://h/v1/models?limit=2", ())
    assert walk(Exchange(1, request, None), "after_id", "last_id", 5, shell=shell) == (
        "$c = ''; foreach ($n in 1..5) { $q = @(if ($c) { '--data-urlencode'; \"after_id=$c\" }); "
        "$p = (curl.exe -sSG --path-as-is -g --url 'http://h/v1/models?limit=2' @q) -join \"`n\"; $p; "
        "$m = $p | ConvertFrom-Json; $c = $m.last_id; if (-not $m.has_more) { break } }"
    )
