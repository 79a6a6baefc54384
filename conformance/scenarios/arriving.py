"""A request on its way in: what the world is asked, and what of it becomes evidence."""

from __future__ import annotations

import re

from conformance.evidence.exchange import API_KEY, WRONG_KEY, Headers, Request
from conformance.reference.messages import Request as Question

STAGE_KEY = "sk-ant-api03-suite-0000000000000000000000000000-stage"
"""The key that both stages accept. It looks like a key, as some clients check, and opens nothing."""

OTHER_STAGE_KEY = "sk-ant-api03-suite-1111111111111111111111111111-stage"
"""Another one: a client that keeps the first key it was given sends a wrong one now."""

_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key"})
_WITH_SCHEME = frozenset({"authorization", "proxy-authorization"})
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*://[^/?]*", re.IGNORECASE)


def own_target(target: str) -> str:
    """The target from its path on: a client that takes the stage for a proxy puts scheme and host before it."""
    absolute = _ABSOLUTE.match(target)
    return target[absolute.end() :] if absolute else target


def question(method: str, target: str, headers: Headers) -> Question:
    """What the world is asked. `target` is as sent, each byte one character; bytes beyond ASCII are read as UTF-8."""
    path, _, query = own_target(target).encode("latin-1").decode("utf-8", "surrogateescape").partition("?")
    return Question(method, path, query, headers)


def url_of(authority: str, target: str) -> str:
    """The absolute URL of a request that the listener `authority` got.

    A target that starts with neither a path nor a query would run into the authority, so a slash parts them.
    """
    if _ABSOLUTE.match(target):
        return target
    return f"http://{authority}{'' if target[:1] in {'/', '?', ''} else '/'}{target}"


def evidence(method: str, url: str, headers: Headers, key: str) -> Request:
    """The request with a placeholder wherever the key stands: in its URL, in any header, alone or in other text.

    A credential that is another one may be a real secret of whoever runs the suite, and is replaced too.
    """
    return Request(
        method, url.replace(key, API_KEY), tuple((name, _value(name, value, key)) for name, value in headers)
    )


def without_key(headers: Headers, key: str) -> Headers:
    """Headers of an answer, which may repeat the target of its request."""
    return tuple((name, value.replace(key, API_KEY)) for name, value in headers)


def _value(name: str, value: str, key: str) -> str:
    if key in value:
        return value.replace(key, API_KEY)
    name = name.lower()
    if name not in _CREDENTIALS or not value:
        return value
    scheme, blank, _ = value.partition(" ")
    return f"{scheme} {WRONG_KEY}" if blank and name in _WITH_SCHEME else WRONG_KEY
