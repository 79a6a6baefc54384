"""One page of two models as each tool keeps it, made by hand after what the tools write."""

from __future__ import annotations

import base64
import gzip
import io
import json
import textwrap
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from tests.recordings.writers import as_yaml

MODELS: list[dict[str, Any]] = [
    {"type": "model", "id": "b", "display_name": "B", "created_at": "2026-01-02T00:00:00Z", "weight": 8192.50},
    {"type": "model", "id": "a", "display_name": "A", "created_at": "2026-01-01T00:00:00Z"},
]
VERSION = {"anthropic-version": "2023-06-01"}
JSON = {"content-type": "application/json"}
URL = "https://gateway.example/v1/models?limit=2"


def page(first_id: str) -> dict[str, Any]:
    return {"data": MODELS, "has_more": False, "first_id": first_id, "last_id": "a"}


def paired(body: dict[str, Any]) -> bytes:
    request = {"method": "GET", "uri": URL, "body": None, "headers": {k: [v] for k, v in VERSION.items()}}
    answer = {"status": {"code": 200, "message": "OK"}, "headers": JSON, "body": {"string": json.dumps(body)}}
    return gzip.compress(as_yaml({"requests": [request], "responses": [answer]}).encode())


def httpmock(body: dict[str, Any]) -> bytes:
    when = {"path": "/v1/models", "method": "GET", "query_param": [{"name": "limit", "value": "2"}]}
    then = {"status": 200, "header": [{"name": n, "value": v} for n, v in JSON.items()], "body": json.dumps(body)}
    return as_yaml({"when": when, "then": then}).encode() + b"---\n" + as_yaml({"when": {}, "then": {}}).encode()


def nock(body: dict[str, Any]) -> bytes:
    one = {"scope": "https://gateway.example:443", "method": "GET", "path": "/v1/models?limit=2", "body": ""}
    return json.dumps(
        [{**one, "status": 200, "response": body, "rawHeaders": ["Content-Type", "application/json"]}]
    ).encode()


def nock_compressed(body: dict[str, Any]) -> bytes:
    one = {"scope": "https://gateway.example:443", "method": "GET", "path": "/v1/models?limit=2", "status": 200}
    packed = gzip.compress(json.dumps(body).encode()).hex()
    coded = {"content-encoding": "gzip", **JSON}
    return json.dumps([{**one, "response": [packed[:40], packed[40:]], "rawHeaders": coded}]).encode()


def har(body: dict[str, Any]) -> dict[str, Any]:
    request = {"method": "GET", "url": URL, "headers": [{"name": n, "value": v} for n, v in VERSION.items()]}
    content = {"size": 1, "mimeType": "application/json", "text": json.dumps(body)}
    response = {"status": 200, "headers": [], "content": content, "bodySize": 1}
    return {"log": {"version": "1.2", "entries": [{"request": request, "response": response, "time": 1}]}}


def har_as_yaml(body: dict[str, Any]) -> bytes:
    return as_yaml(har(body)).encode()


def har_in_utf_16(body: dict[str, Any]) -> bytes:
    return json.dumps(har(body)).encode("utf-16")


def har_in_utf_16_without_a_mark(body: dict[str, Any]) -> bytes:
    return json.dumps(har(body)).encode("utf-16-le")


def har_in_a_zip(body: dict[str, Any]) -> bytes:
    """As Playwright writes it: bodies are files beside the archive."""
    document, packed = har(body), io.BytesIO()
    content = document["log"]["entries"][0]["response"]["content"]
    text, content["_file"] = content.pop("text"), "0123.json"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("har.har", json.dumps(document))
        archive.writestr("0123.json", text)
    return packed.getvalue()


def ruby_compressed(body: dict[str, Any]) -> bytes:
    request = {"method": "get", "uri": URL, "headers": {"Anthropic-Version": ["2023-06-01"]}}
    answer = {"status": {"code": 200, "message": "OK"}, "headers": JSON, "body": {"string": json.dumps(body)}}
    return zlib.compress(as_yaml({"http_interactions": [{"request": request, "response": answer}]}).encode())


def okreplay(body: dict[str, Any]) -> bytes:
    request = {"method": "GET", "uri": URL, "headers": VERSION}
    one = {"recorded": "2026-01-03T00:00:00.000Z", "request": request}
    answer = {"status": 200, "headers": JSON, "body": json.dumps(body)}
    return b"!tape\n" + as_yaml({"name": "tape", "interactions": [{**one, "response": answer}]}).encode()


def responses(body: dict[str, Any]) -> bytes:
    answer = {"method": "GET", "url": URL, "status": 200, "content_type": "application/json", "body": json.dumps(body)}
    return as_yaml({"responses": [{"response": {**answer, "auto_calculate_content_length": False}}]}).encode()


def wiremock(body: dict[str, Any]) -> bytes:
    request = {
        "method": "GET",
        "urlPath": "/v1/models",
        "queryParameters": {"limit": {"hasExactly": [{"equalTo": "2"}]}},
    }
    pattern = {"request": {"method": "ANY", "urlPattern": "/.*"}, "response": {"status": 404}}
    right = {"request": request, "response": {"status": 200, "jsonBody": body, "headers": JSON}}
    # Which limits they are asked with is not known, or they have no answer of their own.
    several = {**request, "queryParameters": {"limit": {"matches": "[0-9]+"}}}
    made = {"status": 200, "body": "{{request.url}}", "transformers": ["response-template"]}
    unread = {"method": "GET", "url": "/v1/models", "query": {"limit": "2"}}
    more = [
        (several, right["response"]),
        (unread, right["response"]),
        (request, made),
        (request, {"proxyBaseUrl": "http://x"}),
    ]
    others = [{"request": asked, "response": answer} for asked, answer in more]
    return json.dumps({"mappings": [right, pattern, *others]}).encode()


def hoverfly(body: dict[str, Any]) -> bytes:
    asked = {"method": "GET", "destination": "gateway.example", "scheme": "https", "path": "/v1/models"}
    request: dict[str, Any] = {name: [{"matcher": "exact", "value": value}] for name, value in asked.items()}
    request["query"] = {"limit": [{"matcher": "exact", "value": "2"}]}
    response = {
        "status": 200,
        "body": json.dumps(body),
        "encodedBody": False,
        "headers": {"Content-Type": [*JSON.values()]},
    }
    several = {**request, "query": {"limit": [{"matcher": "regex", "value": "[0-9]+"}]}}
    pairs = [{"request": asked, "response": response} for asked in (request, several)]
    return json.dumps({"data": {"pairs": pairs}, "meta": {}}).encode()


def httpretty(body: dict[str, Any]) -> bytes:
    request = {"uri": URL, "method": "GET", "headers": VERSION, "body": "", "querystring": {"limit": ["2"]}}
    return json.dumps(
        [{"request": request, "response": {"status": 200, "body": json.dumps(body), "headers": JSON}}]
    ).encode()


def postman(body: dict[str, Any]) -> bytes:
    request = {"method": "GET", "url": {"raw": "{{base}}/v1/models?limit=2"}, "header": [{"key": "a", "value": "b"}]}
    saved = {"originalRequest": request, "code": 200, "header": [], "body": json.dumps(body)}
    # What was asked with a variable that has no value is not known; it may be in the path.
    unknown = {"method": "GET", "url": "{{base}}/v1/models?limit={{limit}}"}
    one = {"raw": "{{base}}/v1/models/:id", "variable": [{"key": "id", "value": "b"}]}
    others = [
        {"originalRequest": unknown, "code": 200, "body": "{}"},
        {"originalRequest": {"method": "GET", "url": one}, "code": 200, "body": json.dumps(MODELS[0])},
        {"originalRequest": {"method": "GET", "url": {"raw": one["raw"]}}, "code": 200, "body": json.dumps(MODELS[0])},
    ]
    folder = {"name": "Models", "item": [{"name": "List", "request": request, "response": [saved, *others]}]}
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return json.dumps({"info": {"name": "c", "schema": schema}, "item": [folder]}).encode()


def wiremock_journal(body: dict[str, Any]) -> bytes:
    """What was really sent and answered, with the definition that was meant beside it."""
    text = base64.b64encode(gzip.compress(json.dumps(body).encode())).decode()
    answer = {"status": 200, "headers": {"Content-Encoding": "gzip"}, "bodyAsBase64": text, "body": "?"}
    request = {"url": "/v1/models?limit=2", "absoluteUrl": URL, "method": "GET", "headers": {"a": ["b", "c"]}}
    other = {"request": {**request, "absoluteUrl": "http://x/health"}, "response": answer, "wasMatched": False}
    one = {"request": request, "responseDefinition": {"body": "{}"}, "response": answer, "wasMatched": True}
    return json.dumps({"requests": [other, one], "meta": {"total": 2}}).encode()


def hoverfly_journal(body: dict[str, Any]) -> bytes:
    asked = {"path": "/v1/models", "method": "GET", "destination": "gateway.example", "query": "limit=2"}
    answer = {"status": 200, "body": json.dumps(body), "encodedBody": False, "headers": {}}
    return json.dumps({"journal": [{"request": asked, "response": answer, "mode": "capture"}]}).encode()


def hoverfly_3(body: dict[str, Any]) -> bytes:
    asked = {"path": "/v1/models", "method": "GET", "destination": "gateway.example", "query": "limit=2"}
    request = {name: {"exactMatch": value} for name, value in asked.items()}
    pair = {"request": request, "response": {"status": 200, "body": json.dumps(body), "headers": {}}}
    return json.dumps({"data": {"pairs": [pair]}, "meta": {"schemaVersion": "v3"}}).encode()


def postman_of_the_api(body: dict[str, Any]) -> bytes:
    """Wrapped, its URL in parts alone, its headers as one text."""
    query = [{"key": "limit", "value": "2"}, {"key": "after_id", "value": "{{cursor}}", "disabled": True}]
    url = {"host": ["{{base}}"], "path": ["v1", "models"], "query": query}
    saved = {"originalRequest": {"method": "GET", "url": url}, "code": 200, "header": "Vary: a\nVary: b\n"}
    item = {"name": "List", "response": [{**saved, "body": json.dumps(body)}]}
    return json.dumps({"collection": {"info": {"_postman_id": "1"}, "item": [item]}}).encode()


def bruno_example(body: dict[str, Any]) -> dict[str, Any]:
    request = {"url": "{{base}}/v1/models?limit=2", "method": "get", "headers": [{"name": "a", "value": "b"}]}
    headers = [{"name": name, "value": value} for name, value in JSON.items()]
    answer = {"status": 200, "headers": headers, "body": {"type": "json", "data": json.dumps(body, indent=2)}}
    return {"name": "ok", "request": request, "response": answer}


def bruno_yaml(body: dict[str, Any]) -> bytes:
    http = {"method": "GET", "url": "{{base}}/v1/models"}
    return as_yaml({"info": {"name": "List"}, "http": http, "examples": [bruno_example(body)]}).encode()


def bruno_json(body: dict[str, Any]) -> bytes:
    folder = {"type": "folder", "items": [{"type": "http", "examples": [bruno_example(body)]}]}
    return json.dumps({"name": "c", "version": "1", "items": [folder]}).encode()


def bru(body: dict[str, Any]) -> bytes:
    text = textwrap.indent(json.dumps(body, indent=2), " " * 8)
    return f"""meta {{
  name: List
}}

get {{
  url: {{{{base}}}}/v1/models?limit=5
}}

tests {{
  example {{
  }}
}}

example {{
  name: ok

  request: {{
    url: {{{{base}}}}/v1/models?limit=2
    method: get
    headers: {{
      ~off: b
      "a b": c
    }}
  }}

  response: {{
    headers: {{
      content-type: application/json
    }}

    status: {{
      code: 200
      text: OK
    }}

    body: {{
      type: json
      content: '''
{text}
      '''
    }}
  }}
}}
""".encode()


def php_vcr(body: dict[str, Any]) -> bytes:
    """A list without a name; its URL may be that of any host."""
    request = {"method": "GET", "url": URL, "headers": {"Host": "gateway.example"}}
    status = {"http_version": "1.1", "code": 200, "message": "OK"}
    entry = {"request": request, "response": {"status": status, "headers": JSON, "body": json.dumps(body)}}
    return b"\n-\n" + textwrap.indent(as_yaml(entry), "    ").encode()


def polly_compressed(body: dict[str, Any]) -> bytes:
    document, packed = har(body), gzip.compress(json.dumps(body).encode())
    pieces = json.dumps([base64.b64encode(piece).decode() for piece in (packed[:30], packed[30:])])
    document["log"]["entries"][0]["response"]["content"].update(text=pieces, encoding="base64")
    return json.dumps(document).encode()


def nock_binary(body: dict[str, Any]) -> bytes:
    one = {"scope": "https://gateway.example:443", "method": "GET", "path": "/v1/models?limit=2", "status": 200}
    return json.dumps([{**one, "response": json.dumps(body).encode().hex(), "responseIsBinary": True}]).encode()


def responses_in_toml(body: dict[str, Any]) -> bytes:
    lines = [f'url = "{URL}"', 'method = "GET"', "status = 200", f"body = {json.dumps(json.dumps(body))}"]
    return "\n".join(["[[responses]]", "", "[responses.response]", *lines]).encode()


def easyvcr(body: dict[str, Any]) -> bytes:
    request = {"Body": "", "ContentHeaders": {}, "Method": "GET", "RequestHeaders": VERSION, "Uri": URL}
    status = {"Code": 200, "Message": "OK"}
    answer = {"Body": json.dumps(body), "ContentHeaders": JSON, "HttpVersion": "1.1", "ResponseHeaders": {"Age": "1"}}
    when = {"Duration": 73, "RecordedAt": "2026-01-03T12:02:56.4564797-06:00"}
    return json.dumps([{**when, "Request": request, "Response": {**answer, "Status": status}}]).encode()


def dvr(body: dict[str, Any]) -> bytes:
    answer = {"body": body, "headers": JSON, "status": 200, "url": URL}
    one = {"recorded_at": 1434688721.44, "request": {"headers": VERSION, "method": "GET", "url": URL}}
    return json.dumps({"name": "models", "interactions": [{**one, "response": answer}]}).encode()


def newman(body: dict[str, Any]) -> bytes:
    """A report of a run, its URL in parts and its body as octets."""
    url = {"protocol": "https", "host": ["gateway", "example"], "port": "8443", "path": ["v1", "models"]}
    request = {"method": "GET", "header": [], "url": {**url, "query": [{"key": "limit", "value": "2"}]}}
    answer = {"code": 200, "header": [{"key": name, "value": value} for name, value in JSON.items()]}
    stream = {"type": "Buffer", "data": list(json.dumps(body).encode())}
    executions = [{"request": request}, {"request": request, "response": {**answer, "stream": stream}}]
    collection = {"info": {"_postman_id": "1", "name": "c"}, "item": []}
    return json.dumps({"collection": collection, "run": {"executions": executions}}).encode()


FORMS: list[Callable[[dict[str, Any]], bytes]] = [
    *(
        paired,
        httpmock,
        nock,
        nock_compressed,
        har_as_yaml,
        har_in_utf_16,
        har_in_utf_16_without_a_mark,
        har_in_a_zip,
        ruby_compressed,
    ),
    *(okreplay, responses, httpretty, wiremock, hoverfly, postman),
    *(wiremock_journal, hoverfly_journal, hoverfly_3, postman_of_the_api, bruno_yaml, bruno_json, bru),
    *(easyvcr, dvr, newman),
    *(php_vcr, polly_compressed, nock_binary, responses_in_toml),
]
