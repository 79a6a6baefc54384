"""One redactor: no spelling of a known secret stays, and what is public and innocent does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Request, Response
from models_conformance.evidence.redaction import FOREIGN_KEY, Redactor

KEY = "gw-7Hq2Zp/9xKd+41Lm_83TvWc"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "capitals": str.upper,
    "percent": lambda text: quote(text, safe=""),
    "all percent": lambda text: "".join(f"%{ord(letter):02X}" for letter in text),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "json": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "percent in json": lambda text: quote(text, safe="").replace("%", "\\u0025"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 of capitals": lambda text: base64.b64encode(text.upper().encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(st.integers(0, len(KEY) - 12), st.integers(12, len(KEY)), st.sampled_from(["", "a", "id:", "Bearer "]))
def test_a_part_of_twelve_characters_is_found_in_every_spelling(
    spelling: str, start: int, length: int, before: str
) -> None:
    part = KEY[start : start + length]
    if len(part) < 12:
        part = KEY[-12:]
    if spelling.startswith("base64"):
        shown = SPELLINGS[spelling](before + part)
        # The ends of base64 hold bits of what is beside it.
        least = shown.rstrip("=")[len(before) * 4 // 3 + 3 : -3]
    else:
        shown = least = SPELLINGS[spelling](part)
    found = Redactor(KEY).text(f'{{"message": "not {shown} ."}}')
    assert least.lower() not in found.lower()
    assert found.startswith('{"message": "not ')
    assert found.endswith(' ."}')


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_document_stays_a_document(before: str, after: str) -> None:
    body = json.dumps({"text": f"{before}{KEY}{after}"})
    found = json.loads(Redactor(KEY).text(body))["text"]
    assert KEY not in found
    assert API_KEY in found


@pytest.mark.parametrize("text", ["gw-7Hq2Zp/", "claude-opus-4-1-20250805", '{"has_more": false, "limit": 1000}'])
def test_what_is_not_secret_stays(text: str) -> None:
    assert Redactor(KEY, KEY[:-1] + "_").text(text) == text


def test_the_public_beginning_of_a_key_is_not_secret() -> None:
    redactor = Redactor("sk-ant-api03-Zq7x3f9cA0xYdo88w2AA", "sk-ant-api03-Zq7x3f9cA0xYdo88w2A_")
    assert redactor.text("keys begin with sk-ant-api03-") == "keys begin with sk-ant-api03-"
    assert redactor.text(FOREIGN_KEY) == FOREIGN_KEY
    assert redactor.text("no sk-ant-api03-Zq7x3f9cA0xYdo88w2AA, sk-ant-api03-Zq7x3f9cA0xYdo88w2A_") == (
        f"no {API_KEY}, {WRONG_KEY}"
    )


@pytest.mark.parametrize("text", ["sk-ant-oat01-Ab3-x9Q_7", "SK-ANT-API03-AB3X9Q7", "sk%2Dant%2Dapi03%2DAb3x9Q7"])
def test_a_key_of_this_api_is_known_by_its_shape(text: str) -> None:
    assert Redactor().text(f"no {text}.") == "no <redacted>."
    encoded = base64.b64encode(f"x{text}-and-more-of-it".encode()).decode()
    assert encoded[12:24] not in Redactor().text(encoded) or not text.startswith("sk-ant")


@pytest.mark.parametrize("key", ["k1-9", "qwerty", "s3cret", "abc", "hunter2"])
def test_a_short_key_is_found_where_it_stands_alone(key: str) -> None:
    redactor = Redactor(key)
    assert redactor.text(f"bad key {key}") == f"bad key {API_KEY}"
    assert redactor.text(f'{{"message": "no {key.upper()}."}}') == f'{{"message": "no {API_KEY}."}}'
    assert redactor.text(f"key%3D{quote(key)}") == f"key%3D{API_KEY}"
    assert redactor.text(f"un{key}ed") == f"un{key}ed"


def test_a_key_of_digits_is_no_number_of_an_answer() -> None:
    redactor = Redactor("1000")
    text = '{"limit": 1000, "of": [1000,1000]}'
    assert redactor.text(text) == text
    assert redactor.text('"1000"') == f'"{API_KEY}"'


SECRET = "Zq7x3f9cA0xYdo88w2AA"
HEADERS = [
    "x-api-key",
    "api-key",
    "apikey",
    "api_key",
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-auth",
    "x-auth-token",
    "x-access-token",
    "x-token",
    "x-session",
    "x-session-id",
    "ocp-apim-subscription-key",
    "x-functions-key",
    "x-goog-api-key",
    "x-amz-security-token",
    "x-user-jwt",
    "x-gateway",
    "x-tenant",
    "x-forwarded-authorization",
    "cf-access-client-secret",
    "portkey-virtual-key",
    "helicone-auth",
    "x-litellm",
    "x-vault",
    "x-team",
    "referer",
    "origin",
    "x-custom",
    "x-signature",
    "idempotency-key",
    "x-openai-key",
    "x-id",
]


@pytest.mark.parametrize("name", HEADERS)
def test_request_headers_that_are_not_known_to_be_public_are_redacted(name: str) -> None:
    request = Request("GET", "https://h.example/v1/models", ((name, SECRET), ("accept", "application/json")))
    redactor = Redactor()
    redactor.learn([request])
    found = redactor.foreign(request)
    assert SECRET not in repr(found)
    assert found.headers[1] == ("accept", "application/json")
    echo = Response(400, (("x-echo", SECRET.upper()),), base64.b64encode(f"u:{SECRET}".encode()))
    assert SECRET[3:-3] not in repr(redactor.response(echo)).replace(SECRET.upper(), SECRET)


URLS = [
    "https://{0}@h.example/v1/models",
    "https://me:{0}@h.example/v1/models",
    "https://h.example/v1/models?key={0}",
    "https://h.example/v1/models?api%5Fkey={0}",
    "https://h.example/v1/models?limit=2&subscription-key={0}",
    "https://h.example/v1/models?limit=2;token={0}",
    "https://h.example/v1/models?x={0}",
    "https://h.example/v1/models?{0}",
    "https://h.example/v1/models?code={0}&limit=1",
    "https://h.example/v1/models?X-Amz-Signature={0}",
    "https://h.example/v1/models#access_token={0}",
    "https://h.example/{0}/v1/models",
    "https://h.example/key/{0}/v1/models",
    "https://h.example/v1/gateways/{0}/anthropic/v1/models/claude-a",
    "https://h.example/token={0}/v1/models",
    "https://h.example/v1/models/claude-a;key={0}",
    "https://h.example/v1/models/claude-a?auth={0}",
    "https://h.example/v1/models/key/{0}",
    "https://h.example/v1/models?after_id=claude-a&jwt={0}",
    "https://h.example/v1/models?before_id=sk-ant-api03-{0}",
]


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("secret", [SECRET, quote("Zq7x3f9c/A0xYdo88w2AA+", safe="")])
def test_secrets_in_urls_are_redacted(url: str, secret: str) -> None:
    found = Redactor().foreign_url(url.format(secret))
    assert secret not in found
    assert found.startswith("https://h.example/")
    assert "/v1/models" in found


@pytest.mark.parametrize(
    "url",
    [
        "https://h.example/anthropic/v1/models?limit=20&after_id=claude-opus-4-1-20250805&beta=true",
        "https://h.example/v1/models/claude-opus-4-1-20250805",
        "http://127.0.0.1:8080/v1/models/0b9f6a52-8f0e-4f57-9a39-0c8f7a1d2e3f",
        "https://h.example/v1/models?no-such-parameter=1&api-version=2024-10-21",
    ],
)
def test_urls_without_secrets_stay(url: str) -> None:
    assert Redactor().foreign_url(url) == url


def test_equal_values_stay_equal_and_different_ones_different() -> None:
    def request(*values: str) -> Request:
        return Request("GET", "http://h/v1/models", tuple((f"x-{place}", value) for place, value in enumerate(values)))

    redactor = Redactor()
    shown = [value for _, value in redactor.foreign(request("a", "b", "a")).headers]
    assert shown == ["<redacted>", "<redacted-2>", "<redacted>"]
    assert [value for _, value in redactor.foreign(request("b", "c")).headers] == ["<redacted-2>", "<redacted-3>"]


def test_a_credential_is_called_one_wherever_else_its_value_stands() -> None:
    requests = [
        Request("GET", f"http://h/v1/models?key={SECRET}", (("x-gateway", SECRET),)),
        Request("GET", "http://h/v1/models", (("x-gateway", SECRET), ("x-api-key", SECRET))),
    ]
    redactor = Redactor()
    redactor.learn(requests)
    assert redactor.foreign(requests[0]).headers == (("x-gateway", API_KEY),)
    assert redactor.foreign(requests[1]).headers == (("x-gateway", API_KEY), ("x-api-key", API_KEY))


def test_thousands_of_fresh_cookies_are_forgotten_in_the_end() -> None:
    redactor = Redactor(KEY)
    for number in range(1000):
        redactor.response(Response(200, (("set-cookie", f"sid=fresh-cookie-{number:05}; Path=/"),), b"{}"))
    assert redactor.text("fresh-cookie-00999") == "<redacted>"
    assert redactor.text("fresh-cookie-00001") == "fresh-cookie-00001"
    assert redactor.text(KEY) == API_KEY
