"""A key that a server writes back, whole or cut, in whatever form and place: no output holds 12 characters of it."""

from __future__ import annotations

import base64
import html
import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from models_conformance.cli.main import main
from models_conformance.engine import server as engine
from tests.commanded import commanded
from tests.probing.raw_server import Script, http, raw_server

KEYS = ("planted-key-Zq7-3f9cA0xYdo-88w2AA", "sk-ant-api03-Zq7_3f9cA0xYdo-88w2AAbb14")
RUN = 12
# A run that holds no more of the secret than this is the beginning that all keys share.
LEAST_SECRET = 4


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.lower,
    lambda key: key[5:],
    lambda key: key[:-1],
    lambda key: key[4:-4],
    lambda key: key[10 : 10 + RUN],
    lambda key: f"{key[:14]}\n{key[14:]}",
    lambda key: f"<b>{key[:15]}</b><i>{key[15:]}</i>",
    lambda key: " ".join(key[at : at + 13] for at in range(0, len(key), 13)),
    lambda key: "".join(f"%{ord(letter):02X}" for letter in key),
    lambda key: quote("".join(f"%{ord(letter):02x}" for letter in key[3:-3])),
    b64,
    lambda key: base64.urlsafe_b64encode(key.encode()).decode(),
    lambda key: b64(key[2:-3]),
    lambda key: b64(f"user:{key}"),
    lambda key: b64(key.upper()),
    lambda key: key.encode().hex(),
    lambda key: key[1:-2].encode().hex().upper(),
    lambda key: key.encode().hex(":"),
    lambda key: "".join(f"={ord(letter):02X}" for letter in key),
    lambda key: " ".join(f"0x{ord(letter):02x}" for letter in key),
    lambda key: "".join(f"\\x{ord(letter):02x}" for letter in key),
    lambda key: "".join(f"\\u{ord(letter):04x}" for letter in key),
    lambda key: "".join(f"&#{ord(letter)};" for letter in key),
    lambda key: "".join(f"&#x{ord(letter):x};" for letter in key),
)


def refused(echo: str, kind: str = "invalid_request_error") -> bytes:
    error = {"type": "error", "error": {"type": kind, "message": f"bad key {echo} here"}}
    return http(json.dumps(error).encode(), status="400 Bad Request")


def paged(*headers: str, first: dict[str, Any] | None = None, **members: Any) -> bytes:
    model = {"type": "model", "id": "m1", "display_name": "M", "created_at": "2026-01-01T00:00:00Z", **(first or {})}
    page = {"data": [model], "has_more": False, "first_id": model["id"], "last_id": model["id"], **members}
    return http(json.dumps(page).encode(), "content-type: application/json", *headers)


PLACES: tuple[Callable[[str, str], bytes], ...] = (
    lambda echo, _: refused(echo),
    lambda echo, _: refused("", echo),
    lambda echo, _: paged(**{echo: {echo: echo}}),
    lambda echo, _: paged(first={"id": echo}),
    lambda echo, _: paged(first={"created_at": echo, "display_name": echo, echo: 1}),
    lambda echo, _: paged(has_more=True, last_id=echo),
    lambda _, line: paged(f"x-debug: {line}", f"request-id: {line}"),
    lambda _, line: paged(f"set-cookie: a={line}; Path=/", f"set-cookie: {line}=b"),
    lambda _, line: paged(f"{re.sub(r'[^A-Za-z0-9-]', '', line)}: b"),
    lambda _, line: http(b"{}", f"location: http://127.0.0.1:1/?k={line}", status="307 Temporary Redirect"),
    lambda echo, line: http(f"<p>{echo}".encode(), f"content-type: text/html; x={line}", status=f"502 {line}"),
)


def echoing() -> Script:
    """What each request carried comes back in the next form at the next place."""
    numbers = itertools.count()

    def script(connection: Any, request: bytes) -> None:
        sent = re.search(rb"(?im)^(?:x-api-key: |authorization: bearer )(.*?)\r", request)
        number = next(numbers)
        echo = FORMS[number % len(FORMS)](sent[1].decode() if sent else "no key at all")
        connection.sendall(PLACES[number // 3 % len(PLACES)](echo, echo.replace("\n", " ")))

    return script


def readings(text: str) -> Iterator[str]:
    """The text, and what is behind the encodings in it."""
    yield text
    plain = text
    for _ in range(3):
        plain = re.sub(r"\\+(?:u00|x)([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), unquote(plain))
        plain = html.unescape(plain)
        yield plain
    yield "".join(chr(int(octet, 16)) for octet in re.findall(r"(?:0x|[:=])([0-9a-fA-F]{2})(?![0-9a-fA-F])", text))
    for run in re.findall(r"[0-9a-fA-F]{24,}", text):
        yield bytes.fromhex(run[: len(run) // 2 * 2]).decode("latin-1")
    for run in re.findall(r"[A-Za-z0-9+/_-]{16,}", text):
        for start in range(4):
            part = run[start:].replace("-", "+").replace("_", "/")
            yield base64.b64decode(part[: len(part) // 4 * 4]).decode("latin-1")


def leaks(text: str, key: str) -> list[str]:
    """Parts of the key, in any letter case, in what somebody who wants them would find in the text."""
    beginning = re.match(r"(?:sk-ant-(?:[a-z]+[0-9]*-)?)?", key)
    public = len(beginning[0]) if beginning else 0
    starts = range(max(0, public + LEAST_SECRET - RUN), len(key) - RUN + 1)
    parts = {key[at : at + RUN].lower() for at in starts}
    return [part for reading in readings(text) for part in parts if part in reading.lower()]


@pytest.mark.parametrize("form", FORMS)
def test_a_leak_in_any_form_would_be_found(form: Callable[[str], str]) -> None:
    assert all(leaks(f'"{form(key)}"', key) for key in KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_no_output_of_a_run_a_record_or_a_replay_holds_a_part(key: str, tmp_path: Path) -> None:
    def run(name: str, command: str) -> None:
        done = commanded(*command.split(), folder=tmp_path, environment={"ANTHROPIC_API_KEY": key})
        (tmp_path / f"{name}.txt").write_text(done.stdout + done.stderr)
        assert done.returncode in (1, 3), done.stderr

    files = "--json {0}.json --junit {0}.xml --html {0}.html --markdown {0}.md --write-waivers {0}.toml --badge {0}.b"
    with raw_server(echoing()) as url:
        run("server", f"server {url} -v --max-requests 150 --trace t.jsonl {files.format('server')}")
        run("record", f"record {url} -o cassettes --max-requests 80")
    run("replay", f"replay t.jsonl -v {files.format('replay')}")
    run("cassettes", f"replay cassettes {files.format('cassettes')}")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 20
    for path in written:
        assert leaks(path.read_text("utf-8"), key) == [], path.name


@pytest.mark.parametrize("form", FORMS)
def test_a_crash_that_quotes_the_key_does_not_print_it(
    form: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = KEYS[0]

    def crash(_: object) -> None:
        raise KeyError(f"a defect, and {form(key)}", {"x-api-key": key.encode()})

    monkeypatch.setattr(engine, "judge_server", crash)
    monkeypatch.setenv("ANTHROPIC_API_KEY", key)
    with pytest.raises(SystemExit):
        main(["server", "http://127.0.0.1:1", "-v"])
    captured = capsys.readouterr()
    assert "Traceback" in captured.err
    assert leaks(captured.out + captured.err, key) == []
