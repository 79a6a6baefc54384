"""The scenario file as a JSON Schema: every member, its type and its bounds.

The bounds keep what a file can ask for within what HTTP can carry and a fixture server can show.
"""

from __future__ import annotations

from typing import Any

FORMAT = 2

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_NUMBER_FROM_1 = {"type": "integer", "minimum": 1}
_FLAG = {"type": "boolean"}
# Printable latin-1, blanks within: anything else would end the header it stands in.
_HEADER_VALUE = {"type": "string", "pattern": r"^(?:[!-~\u00a0-\u00ff](?:[\t -~\u00a0-\u00ff]*[!-~\u00a0-\u00ff])?)?\Z"}
_HEADER_NAME = {"type": "string", "pattern": r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z"}


def _object(required: tuple[str, ...] = (), **members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": list(required), "additionalProperties": False}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


_PARAMS = {"type": "object", "additionalProperties": {"type": ["string", "array"], "items": _TEXT}}
_ARGS = _object(
    limit={"type": "integer"}, after_id=_TEXT, before_id=_TEXT, model_id=_TEXT, betas=_list(_TEXT), params=_PARAMS
)

_CALL = _object(
    ("operation", "surface"),
    operation={"enum": ["list", "retrieve"]},
    surface=_TEXT,
    args=_ARGS,
    walk=_FLAG,
    max_items=_COUNT,
    timeout_seconds={"type": "number", "exclusiveMinimum": 0, "maximum": 3600},
    max_retries={"type": ["integer", "null"], "minimum": 0},
)

_HEADER = {"type": "array", "prefixItems": [_HEADER_NAME, _HEADER_VALUE], "minItems": 2, "maxItems": 2}

_INTERVENTION = _object(
    first=_NUMBER_FROM_1,
    last={"type": ["integer", "null"], "minimum": 1},
    status={"type": ["integer", "null"], "minimum": 200, "maximum": 599},
    headers=_list(_HEADER),
    body={"type": ["string", "null"]},
    keep={"type": "number", "minimum": 0, "maximum": 1},
    framing={"enum": ["whole", "cut-body", "cut-chunk", "no-answer", "stall-before", "stall-within"]},
    redirect={"enum": [None, "same-host", "other-host"]},
    retry_at={"type": ["integer", "null"], "minimum": 1, "maximum": 10**9},
)

_SPELLING = _object(
    ascii_only=_FLAG,
    indent=_FLAG,
    reversed_keys=_FLAG,
    gzip=_FLAG,
    chunked=_FLAG,
    close=_FLAG,
    content_type=_HEADER_VALUE,
)

_SERVER = _object(
    models=_list({"type": "object", "properties": {"id": _TEXT}, "required": ["id"]}),
    aliases={"type": "object", "additionalProperties": _TEXT},
    page_sizes=_list(_COUNT),
    envelope={"type": "object"},
    # A path: what a URL may hold before its query.
    prefix={"type": "string", "pattern": r"^(?:/[!\"$-.0->@-~]*)*\Z"},
    stuck=_FLAG,
    request_id={"enum": ["both", "header", "body", "none"]},
    spelling=_SPELLING,
    interventions=_list(_INTERVENTION),
)

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A scenario: one call, and the server that answers it",
    **_object(
        ("scenario", "name", "call", "server"),
        scenario={"const": FORMAT},
        name=_TEXT,
        call=_CALL,
        server=_SERVER,
        slow=_FLAG,
    ),
}
