"""Results in which every text that a subject or a user could have set is a stranger's."""

from __future__ import annotations

import re
from dataclasses import replace

from models_conformance.evidence.exchange import Exchange, Failure, Request, Response
from models_conformance.result import Finding, Observation, Result, Subject
from tests.reports.result_strategies import sample

PLANTED = (
    "</pre></code></style></script></title><script>window.planted = 1</script>"
    '<img src="x" onerror="window.planted = 2"><svg onload="window.planted = 3"></svg>'
    "\"'><a href=\"javascript:window.planted = 4\" autofocus onfocus='window.planted = 5'>planted</a>"
    "<iframe srcdoc='<script>parent.planted = 6</script>'></iframe><base href='http://planted.invalid/'>"
    "<style>* { display: none }</style><!-- {{ 7 * 7 }} {% raw %} &lt;b&gt; ]]>"
)
# Escape, bell, an override of direction, isolates, zero width, a blank that is none, a lone surrogate, a line end.
UNSEEN = "a\x1b[31m\x07\u202eb\u2066\u200b\ufeff\u00a0\u3164\ud800\u2028z"


def hostile(text: str = PLANTED + UNSEEN) -> Result:
    """A result with `text` in every such field, and exchanges of every form a body can have."""
    as_header = ((text, text), ("content-type", "text/html"))
    request = Request(text, f"javascript:{text}", as_header)
    body = text.encode("utf-8", "surrogatepass")
    as_json = ('{"data": [{"id": ' + _json(text) + "}], " + _json(text) + ": true}").encode()
    exchanges = (
        Exchange(2, request, Response(200, as_header, body)),
        Exchange(3, Request("GET", f"http://a.test/{text}", as_header), Response(500, as_header, as_json)),
        Exchange(4, request, Response(200, as_header, b"\x00\xff" * 50 + body), Failure("decoding", text)),
        Exchange(5, request, None, Failure("timeout", text)),
    )
    finding = Finding(f'it held "{text}" {text}', f'"{text}"', (2, 3, 4, 5, 99), text, text)
    unkept = Finding(text, text, (), text, "")
    result = sample(list_after_id_is_exclusive="fail", model_id_is_unique="inconclusive", model_is_complete="waived")
    entries = tuple(
        replace(entry, findings=(finding, unkept) if entry.findings else (), reason=text)
        for entry in result.requirements
    )
    return replace(
        result,
        subject=Subject("client", text, text, f"javascript:{text}"),
        requirements=entries,
        observations=(Observation(text, text),),
        exchanges={exchange.number: exchange for exchange in exchanges},
        notes=(text,),
    )


def _json(text: str) -> str:
    """A JSON string that spells as an escape only what JSON and UTF-8 cannot hold as it is."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    needs_escape = re.compile("[\x00-\x1f\ud800]")
    return '"' + needs_escape.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped) + '"'
