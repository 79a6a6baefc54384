"""Behind a proxy a server is judged as without one, and what the proxy refuses is told as the proxy's."""

from __future__ import annotations

import base64
import json
import re
import shlex
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from models_conformance.errors import UsageError
from models_conformance.probing.network import proxy_for
from models_conformance.reference.server.serving import behaviour_named, running
from tests.probing.raw_server import http, raw_server
from tests.test_cli import code_of, refused
from tests.tls_front import front, pass_on

# In capitals and not: what the machine that runs the tests says of proxies must not count.
VARIABLES = [
    name for scheme in ("http", "https", "all", "no") for name in (f"{scheme}_proxy", f"{scheme}_PROXY".upper())
]
PASSWORD = "s3cret:pa@ss"
FEW = ("--only", "repeat", "--examples", "0")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


# Says its port, and ends when nobody holds its standard input any more.
PROXY_PROGRAM = """
import proxy, sys
with proxy.Proxy(sys.argv[1:]) as opened:
    print(opened.flags.port, flush=True)
    sys.stdin.read()
"""


class RealProxy:
    """A forward and tunnelling proxy at `address`, with a log of what it served."""

    def __init__(self, address: str, log: Path) -> None:
        self.address = address
        self._log = log

    def served(self) -> list[str]:
        """What was asked of it, such as `GET 127.0.0.1:80/v1/models`. It is complete once the proxy has ended."""
        return re.findall(r"^\S+ - ([A-Z]+ \S+) - ", self._log.read_text(), re.MULTILINE)


@contextmanager
def real_proxy(folder: Path, *words: str) -> Iterator[RealProxy]:
    """proxy.py on a free port, while the context lasts."""
    few = ("--hostname", "127.0.0.1", "--port", "0", "--num-workers", "1", "--num-acceptors", "1", "--threaded")
    command = [sys.executable, "-c", PROXY_PROGRAM, *few, "--log-format", "%(message)s", *words]
    with (
        (folder / "proxy.log").open("w") as log,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port, (folder / "proxy.log").read_text()
        try:
            yield RealProxy(f"127.0.0.1:{port}", folder / "proxy.log")
        finally:
            process.stdin.close()
            process.wait()


def judged(tmp_path: Path, url: str, *words: str) -> dict[str, object]:
    """The JSON result of a run over that server."""
    path = tmp_path / "result.json"
    assert code_of("server", url, "--api-key", "reference-key", "--json", str(path), *words) in (0, 1)
    document: dict[str, object] = json.loads(path.read_text())
    return document


def test_a_forward_proxy_is_asked_in_absolute_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(behaviour_named("ideal", 3)) as server:
        plain = judged(tmp_path, server.url)
        with real_proxy(tmp_path) as between:
            monkeypatch.setenv("HTTP_PROXY", f"http://{between.address}")
            proxied = judged(tmp_path, server.url)
        served = between.served()
    assert [entry["verdict"] for entry in proxied["requirements"]] == [  # type: ignore[attr-defined]
        entry["verdict"]
        for entry in plain["requirements"]  # type: ignore[attr-defined]
    ]
    assert f"The requests went through the proxy {between.address} ($HTTP_PROXY)." in proxied["notes"]  # type: ignore[operator]
    assert served
    assert all(server.url.removeprefix("http://") + "/v1/models" in line for line in served)


def certificate_for(host: str, folder: Path) -> tuple[ssl.SSLContext, str]:
    """What a server of that name needs, and the file of the CA that signed it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    return context, str(folder / "ca.pem")


def test_a_tunnel_is_asked_for_by_host_and_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, ca = certificate_for("localhost", tmp_path)
    with running(behaviour_named("ideal", 3)) as server, front(server.url, context) as port:
        with real_proxy(tmp_path) as between:
            monkeypatch.setenv("https_proxy", between.address)
            found = judged(tmp_path, f"https://localhost:{port}", "--ca", ca, *FEW)
        assert found["run"]["verdict"] == "passed"  # type: ignore[index]
        # One connection, and one more after each request that closes it.
        assert set(between.served()) == {f"CONNECT localhost:{port}"}


def test_an_address_of_the_other_family_stands_in_brackets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def tunnel(connection: socket.socket, request: bytes) -> None:
        method, target, _ = request.split(b" ", 2)
        asked.append(request.partition(b"\r\n\r\n")[0])
        assert method == b"CONNECT"
        with socket.create_connection(("::1", int(target.rpartition(b":")[2]))) as server:
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            threading.Thread(target=pass_on, args=(server, connection), daemon=True).start()
            pass_on(connection, server)

    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as problem:
        pytest.skip(f"this machine has no ::1: {problem}")
    context, ca = certificate_for("::1", tmp_path)
    with (
        running(behaviour_named("ideal", 3)) as server,
        front(server.url, context, "::1") as port,
        raw_server(tunnel) as url,
    ):
        monkeypatch.setenv("HTTPS_PROXY", url.replace("http://", "http://alice:x@"))
        found = judged(tmp_path, f"https://[::1]:{port}", "--ca", ca, *FEW)
    assert found["run"]["verdict"] == "passed"  # type: ignore[index]
    token = base64.b64encode(b"alice:x").decode()
    target = f"[::1]:{port}"
    line = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nProxy-Authorization: Basic {token}"
    assert set(asked) == {line.encode()}


def test_credentials_go_to_the_proxy_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        running(behaviour_named("after-id-is-inclusive", 3)) as server,
        real_proxy(tmp_path, "--basic-auth", f"alice:{PASSWORD}") as between,
    ):
        monkeypatch.setenv("HTTP_PROXY", f"http://alice:s3cret%3Apa%40ss@{between.address}/")
        trace = tmp_path / "trace.jsonl"
        found = judged(tmp_path, server.url, "--only", "cursor", "--trace", str(trace), "-v")
        assert found["run"]["verdict"] == "failed"  # type: ignore[index]
        told = capsys.readouterr().out
        monkeypatch.setenv("HTTP_PROXY", f"http://alice:wrong-{PASSWORD}@{between.address}")
        line = refused(capsys, "server", server.url, "--api-key", "reference-key")
        assert f"the proxy {between.address} ($HTTP_PROXY) refuses the credentials of $HTTP_PROXY" in line
        assert "407" in line
    for text in (told, line, json.dumps(found), trace.read_text()):
        assert "alice" not in text
        assert "pa@ss" not in text
        assert "proxy-authorization" not in text.lower()


def test_the_line_that_repeats_a_request_goes_through_the_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(behaviour_named("after-id-is-inclusive", 3)) as server, real_proxy(tmp_path) as between:
        for name, words in (("HTTP_PROXY", ["-x", "$HTTP_PROXY"]), ("http_proxy", [])):
            with monkeypatch.context() as patch:
                patch.setenv(name, f"http://{between.address}")
                patch.setenv("ANTHROPIC_API_KEY", "reference-key")
                found = judged(tmp_path, server.url, "--only", "cursor")
                entries: list[dict[str, list[dict[str, str]]]] = found["requirements"]  # type: ignore[assignment]
                line = next(finding["reproduce"] for entry in entries for finding in entry["findings"])
                assert shlex.split(line)[3:5] == (words or ["--url", shlex.split(line)[4]])
                ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
                assert ran.stdout.startswith("HTTP/1.1 200")


def test_the_reference_server_is_never_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "127.0.0.1:9")
    assert code_of("server", "--models", "2", *FEW) == 0


def test_what_no_proxy_names_is_asked_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "gateway.example, 127.0.0.0/8")
    with running(behaviour_named("ideal", 2)) as server:
        assert code_of("server", server.url, "--api-key", "reference-key", *FEW) == 0


def test_an_address_of_the_other_family_is_forwarded_in_brackets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[bytes] = []

    def refusing(connection: socket.socket, request: bytes) -> None:
        asked.append(request.partition(b"\r\n")[0])
        connection.sendall(http(b"no", status="503 Service Unavailable"))

    with raw_server(refusing) as url:
        monkeypatch.setenv("http_proxy", url)
        line = refused(capsys, "server", "http://[2001:db8::1]:8080/gw")
    assert set(asked) == {b"GET http://[2001:db8::1]:8080/gw/v1/models HTTP/1.1"}
    assert "503 came through the proxy" in line


def answering(answer: bytes) -> Callable[[socket.socket, bytes], None]:
    return lambda connection, _: connection.sendall(answer)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("407 Proxy Authentication Required", "asks for credentials in"),
        ("502 Bad Gateway", "502"),
        ("403 Forbidden", "403"),
    ],
)
def test_what_a_proxy_refuses_is_told_as_its_own(
    scheme: str, status: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = http(b"<html>no</html>", "content-type: text/html", status=status)
    with raw_server(answering(page)) as url:
        monkeypatch.setenv("ALL_PROXY", url)
        line = refused(capsys, "server", f"{scheme}://gateway.example")
    assert f"the proxy {url.removeprefix('http://')} ($ALL_PROXY)" in line
    assert said in line


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named(
    scheme: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALL_PROXY", "alice:pass-word@127.0.0.1:9")
    line = refused(capsys, "server", f"{scheme}://gateway.example")
    assert "the proxy 127.0.0.1:9 ($ALL_PROXY)" in line
    assert "pass-word" not in line


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_never_answers_is_named(
    scheme: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = threading.Event()

    def silent(_connection: socket.socket, _request: bytes) -> None:
        ended.wait()

    with raw_server(silent) as url:
        monkeypatch.setenv("ALL_PROXY", url)
        line = refused(capsys, "server", f"{scheme}://gateway.example", "--timeout", "0.2")
        ended.set()
    assert f"the proxy {url.removeprefix('http://')} ($ALL_PROXY)" in line


@pytest.mark.parametrize("inner", ["http", "https"])
def test_a_proxy_may_be_spoken_to_in_tls(
    inner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    context, ca = certificate_for("localhost", tmp_path)
    with (
        real_proxy(tmp_path) as between,
        running(behaviour_named("ideal", 3)) as server,
        front(server.url, context) as port,
        front(f"http://{between.address}", context) as proxy_port,
    ):
        url = server.url if inner == "http" else f"https://localhost:{port}"
        monkeypatch.setenv("ALL_PROXY", f"https://localhost:{proxy_port}")
        line = refused(capsys, "server", url, "--api-key", "reference-key", *FEW)
        assert f"the proxy localhost:{proxy_port} ($ALL_PROXY): its certificate" in line
        monkeypatch.setenv("SSL_CERT_FILE", ca)
        found = judged(tmp_path, url, *FEW)
    assert found["run"]["verdict"] == "passed"  # type: ignore[index]
    assert between.served()


def test_a_proxy_that_refuses_in_the_middle_ends_the_run_and_blames_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[bytes] = []

    def half(connection: socket.socket, request: bytes) -> None:
        served.append(request)
        if len(served) > 2:
            connection.sendall(http(b"no", "content-type: text/plain", status="407 Proxy Authentication Required"))
            return
        page = b'{"data": [], "first_id": null, "last_id": null, "has_more": false}'
        connection.sendall(http(page))

    monkeypatch.setattr("models_conformance.probing.session._PROXY_PAUSES_SECONDS", (0.0,))
    with raw_server(half) as url:
        monkeypatch.setenv("http_proxy", url)
        path = tmp_path / "result.json"
        assert code_of("server", "http://gateway.example", "--api-key", "k", "--json", str(path)) == 3
    document = json.loads(path.read_text())
    assert all(exchange["response"]["status"] != 407 for exchange in document["exchanges"].values())
    assert [entry["id"] for entry in document["requirements"] if entry["verdict"] == "fail"] == []
    assert any("stopped early: the proxy" in note for note in document["notes"])


@pytest.mark.parametrize(
    ("environment", "url", "variable"),
    [
        ({"http_proxy": "p:1", "HTTP_PROXY": "q:1"}, "http://h", "http_proxy"),
        ({"http_proxy": "", "HTTP_PROXY": "q:1"}, "http://h", "HTTP_PROXY"),
        ({"HTTP_PROXY": "q:1", "REQUEST_METHOD": "GET"}, "http://h", None),
        ({"HTTPS_PROXY": "q:1"}, "http://h", None),
        ({"HTTPS_PROXY": "q:1"}, "https://h", "HTTPS_PROXY"),
        ({"ALL_PROXY": "q:1", "HTTPS_PROXY": "r:1"}, "https://h", "HTTPS_PROXY"),
        ({"ALL_PROXY": "q:1", "all_proxy": "r:1"}, "https://h", "all_proxy"),
        ({"all_proxy": "q:1", "no_proxy": "*"}, "https://h", None),
        ({"all_proxy": "q:1", "no_proxy": "x.org,h"}, "https://h", None),
        ({"all_proxy": "q:1", "NO_PROXY": "example.com"}, "https://api.Example.com.", None),
        ({"all_proxy": "q:1", "NO_PROXY": ".example.com"}, "https://example.com", None),
        ({"all_proxy": "q:1", "NO_PROXY": "example.com"}, "https://badexample.com", "all_proxy"),
        ({"all_proxy": "q:1", "no_proxy": "x", "NO_PROXY": "h"}, "https://h", "all_proxy"),
        ({"all_proxy": "q:1", "NO_PROXY": "127.0.0.1"}, "http://127.0.0.1:8080", None),
        ({"all_proxy": "q:1", "NO_PROXY": "127.0.0.1:8080"}, "http://127.0.0.1:8080", None),
        ({"all_proxy": "q:1", "NO_PROXY": "127.0.0.1:8081"}, "http://127.0.0.1:8080", "all_proxy"),
        ({"all_proxy": "q:1", "NO_PROXY": "10.0.0.0/8"}, "http://10.2.3.4", None),
        ({"all_proxy": "q:1", "NO_PROXY": "0.0.1"}, "http://127.0.0.1", "all_proxy"),
        ({"all_proxy": "q:1", "NO_PROXY": "::1 , localhost"}, "http://[::1]:80", None),
        ({"all_proxy": "q:1", "NO_PROXY": "[::1]:443"}, "https://[::1]", None),
        ({"all_proxy": "q:1", "NO_PROXY": "fd00::/8"}, "http://[fd12::1]", None),
        ({}, "http://h", None),
    ],
)
def test_the_variables_are_read_as_curl_reads_them(environment: dict[str, str], url: str, variable: str | None) -> None:
    found = proxy_for(url, environment)
    assert (found.variable if found is not None else None) == variable


@pytest.mark.parametrize(
    ("value", "scheme", "host", "port", "credentials"),
    [
        ("127.0.0.1:9", "http", "127.0.0.1", 9, ("", "")),
        ("proxy.example", "http", "proxy.example", 1080, ("", "")),
        ("HTTPS://proxy.example/", "https", "proxy.example", 443, ("", "")),
        ("alice:pass-word@127.0.0.1:9", "http", "127.0.0.1", 9, ("alice", "pass-word")),
        ("http://a%40b:p@ss:w%3Ard@[::1]:3128", "http", "::1", 3128, ("a@b", "p@ss:w:rd")),
    ],
)
def test_the_forms_of_a_proxys_address(
    value: str, scheme: str, host: str, port: int, credentials: tuple[str, str]
) -> None:
    found = proxy_for("http://h", {"http_proxy": value})
    assert found is not None
    assert (found.scheme, found.host, found.port, (found.user, found.password)) == (scheme, host, port, credentials)
    assert not credentials[1] or credentials[1] not in repr(found) + found.name


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize(
    "value",
    [
        "socks5://alice:pass-word@127.0.0.1:1080",
        "SOCKS5H://pass-word@h",
        "ftp://pass-word@h",
        "pass-word://",
        "http://",
        "alice:pass-word@",
        "http://alice:pass-word@h:99999",
        "http://pass word@h",
        "http://[pass-word]:1",
        "%%pass-word%%",
    ],
)
def test_what_is_no_proxy_is_refused_in_one_line_that_names_the_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    line = refused(capsys, "server", "http://127.0.0.1:9", "-v")
    assert f"${name} " in line
    assert "pass" not in line.replace("http://user:password@", "")


def test_what_is_no_proxy_is_no_proxys_of_another_server() -> None:
    assert proxy_for("https://h", {"http_proxy": "socks5://x"}) is None
    assert proxy_for("http://h", {"http_proxy": "socks5://x", "no_proxy": "h"}) is None
    with pytest.raises(UsageError):
        proxy_for("http://h", {"http_proxy": "socks5://x"})
