"""No secret that a run knows or learns reaches the disk, however a server writes it back."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Failure, Headers, Origin, Response, Trace
from models_conformance.evidence.redaction import Redactor
from models_conformance.probing.request_specs import RequestSpec, list_request
from models_conformance.probing.session import Session, wrong_key
from models_conformance.probing.tape import RecordedWith, Tape, key_of
from models_conformance.probing.transport import Answered, Outgoing
from models_conformance.recordings.taping import read_cassettes, write_cassettes
from models_conformance.support.deadline import Deadline
from tests.recordings.writers import write_trace

KEY, VALUE, COOKIE, ORGANIZATION = "sk-ant-Ab1/+c_d", "tenant secret=5", "c00kie-Value", "5e6f7a8b-0c1d"
TOLD = RecordedWith(0, 0, 10, {})


def percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "upper": str.upper,
    "lower": str.lower,
    "quoted": lambda text: quote(text, safe=""),
    "percent": percent,
    "twice": lambda text: quote(percent(text), safe=""),
    "form": lambda text: quote(text, safe=" ").replace(" ", "+"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64-1": lambda text: base64.b64encode(f"u{text}!!".encode()).decode(),
    "base64-2": lambda text: base64.urlsafe_b64encode(f"u:{text}!".encode()).decode(),
    "base64-quoted": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "base64-lower": lambda text: base64.b64encode(text.lower().encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "json": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "slashes": lambda text: text.replace("/", "\\/"),
    "html": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text),
}


class Echo:
    """A server that answers each request with what it was told to say."""

    def __init__(self, headers: Headers, body: bytes, failure: Failure | None) -> None:
        self.answer = Answered(Response(400, headers, body), failure, 0.0, 0.0)
        self.sent: list[Headers] = []

    def send(self, outgoing: Outgoing) -> Answered:
        self.sent.append(outgoing.headers)
        return self.answer


def recorded(folder: Path, echo: Echo, specs: list[RequestSpec], key: str = KEY) -> str:
    """Everything that a run with these answers leaves on disk."""
    tape = Tape()
    session = Session(
        echo,  # type: ignore[arg-type]
        "http://127.0.0.1:1",
        f"/{KEY}",
        key,
        (("X-Tenant", VALUE), ("accept", "application/json")),
        100,
        Deadline(60.0),
        Trace(Origin("server", "x")),
        tape=tape,
    )
    tape.enter("opening")
    for spec in specs:
        session.send(spec)
    write_trace(session.trace, folder / "trace")
    write_cassettes(tape.kept, TOLD, folder / "cassettes", "-o")
    files = [folder / "trace", *(folder / "cassettes").iterdir()]
    return "\n".join(path.read_text("utf-8") for path in files)


def leaks(text: str) -> list[str]:
    """The secrets that a text holds in some form."""
    # YAML and JSON have escapes of their own around what was written.
    texts = [text, text.replace("\\\\", "\\"), text.replace("\\\\", "\\").replace("\\/", "/")]
    return [
        f"{secret} {name}"
        for secret in (KEY, wrong_key(KEY), VALUE, COOKIE, ORGANIZATION)
        for name, form in FORMS.items()
        for text in texts
        # Base64 of a secret inside a longer text begins and ends with bits of its neighbours.
        if (form(secret)[3:-5] if name.startswith("base64-") else form(secret)).lower() in text.lower()
    ]


PLACES = st.sampled_from(["header", "name", "query", "json", "text", "error", "cookie"])
PLANTS = st.lists(
    st.tuples(
        PLACES, st.sampled_from([KEY, wrong_key(KEY), VALUE, COOKIE, ORGANIZATION]), st.sampled_from(list(FORMS))
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(PLANTS, st.booleans())
@example(
    [("json", secret, form) for secret in (KEY, wrong_key(KEY), VALUE, COOKIE, ORGANIZATION) for form in FORMS], True
)
def test_no_planted_secret_reaches_the_disk(plants: list[tuple[str, str, str]], fails: bool) -> None:
    headers = [("Set-Cookie", f"session={COOKIE}; Path=/"), ("Anthropic-Organization-Id", ORGANIZATION)]
    specs, detail = [list_request()], ""
    body: dict[str, list[str]] = {"message": []}
    texts: list[str] = []
    for place, secret, form in plants:
        text = FORMS[form](secret)
        if place == "header":
            headers.append(("x-echo", f"a {text} b"))
        elif place == "name" and text.isalnum():
            headers.append((f"x-{text}", "1"))
        elif place == "query":
            specs.append(RequestSpec((("q", text),)) if secret not in (COOKIE, ORGANIZATION) else list_request())
        elif place == "json":
            body["message"].append(f"no {text}, sorry")
        elif place == "cookie":
            headers.append(("SET-COOKIE", f"x={text}"))
        elif place == "error":
            detail += f" {text}"
        else:
            texts.append(text)
    data = json.dumps(body).encode() + " ".join(texts).encode()
    with TemporaryDirectory() as folder:
        failure = Failure("protocol", f"not HTTP: {detail}") if fails else None
        assert leaks(recorded(Path(folder), Echo(tuple(headers), data, failure), specs)) == []


def test_what_is_sent_is_the_key_and_what_is_kept_tells_its_kind(tmp_path: Path) -> None:
    echo = Echo((), f'{{"a": "{KEY}", "b": "{wrong_key(KEY)}"}}'.encode(), None)
    recorded(
        tmp_path, echo, [RequestSpec(credential=kind) for kind in ("key", "wrong", "bearer", "wrong-bearer", "none")]
    )
    assert [value for lines in echo.sent for name, value in lines if name in ("x-api-key", "authorization")] == [
        KEY,
        wrong_key(KEY),
        f"Bearer {KEY}",
        f"Bearer {wrong_key(KEY)}",
    ]
    taped, _ = read_cassettes(tmp_path / "cassettes")
    assert len({key_of(exchange.request) for exchange in taped}) == 5
    response = taped[0].response
    assert response is not None
    assert json.loads(response.body) == {"a": API_KEY, "b": WRONG_KEY}


def test_public_header_values_and_short_ones_stay_in_answers() -> None:
    redactor = Redactor(
        "k", "_", (("accept", "application/json"), ("x-env", "true"), ("authorization", "Basic dTpwYXNz"))
    )
    response = Response(200, (("content-type", "application/json"),), b'{"has_more": true, "k": 1}')
    assert redactor.response(response) == response
    assert redactor.text("Basic dTpwYXNz u:pass") == "<redacted> <redacted>"


@pytest.mark.parametrize("shape", ["org_01Ab23Cd45", "wrkspc_01Ab23Cd45", "ORG%5f01Ab23Cd45"])
def test_organisations_and_workspaces_are_known_by_their_shape(shape: str) -> None:
    found = Redactor("", "").bytes(f'{{"by": "{shape}"}}'.encode())
    assert shape.encode() not in found
    assert json.loads(found)["by"] in ("<organization-id>", "<workspace-id>")


def test_large_answers_cost_little() -> None:
    redactor = Redactor(KEY, wrong_key(KEY), (("x-tenant", VALUE),))
    page = json.dumps({"data": [{"id": f"claude-{n}", "display_name": "x" * 60} for n in range(10_000)]}).encode()
    assert redactor.bytes(page) is page
