"""Which names of headers and parameters are known to be public, and which say that their value is a secret.

What somebody else recorded may hold secrets under any name, so names of requests are listed, not those of secrets.
"""

from __future__ import annotations

import re

from models_conformance.evidence.exchange_reading import NO_SUCH

# fmt: off
_PUBLIC_HEADERS = frozenset(
    {
        "accept", "accept-charset", "accept-encoding", "accept-language", "anthropic-beta",
        "anthropic-dangerous-direct-browser-access", "anthropic-version", "cache-control", "connection",
        "content-encoding", "content-language", "content-length", "content-type", "date", "dnt", "expect",
        "host", "if-match", "if-modified-since", "if-none-match", "if-unmodified-since", "keep-alive",
        "max-forwards", "pragma", "priority", "range", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform",
        "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "sec-gpc", "te",
        "transfer-encoding", "upgrade-insecure-requests", "user-agent", "x-stainless-arch", "x-stainless-async",
        "x-stainless-helper-method", "x-stainless-lang", "x-stainless-os", "x-stainless-package-version",
        "x-stainless-read-timeout", "x-stainless-retry-count", "x-stainless-runtime",
        "x-stainless-runtime-version", "x-stainless-timeout"
    }
)
# fmt: on
# fmt: off
_PUBLIC_PARAMETERS = frozenset(
    {
        "after", "after_id", "api-version", "api_version", "before", "before_id", "beta", "created_after",
        "created_before", "deprecated", "family", "include", "include_deprecated", "include_retired", "limit",
        "offset", "order", "page", "page_size", "per_page", "provider", "retired", "sort", "status", "type"
    }
)
# fmt: on
# Values that open nothing, whatever they are called: flags, small numbers, dates.
_OPENS_NOTHING = re.compile(r"|true|false|null|none|yes|no|-?[0-9]{1,6}|20[0-9]{2}-[0-9]{2}-[0-9]{2}", re.I)
_INVENTED = re.compile(rf'"?(?:https://)?{NO_SUCH}[-.a-z]{{1,20}}"?')
_SECRET_NAME = re.compile(
    r"(?<![a-z])(?:api-?|access-?)?key(?:-?id)?(?![a-z])|apikey|token|secret|passw|pwd|passphrase|credential|authoriz"
    r"|(?<![a-z])auth(?![a-z])|cookie|signature|(?<![a-z])sig(?![a-z])|bearer|jwt|session|x-api",
    re.I,
)
_SECRET_RESPONSE_HEADER = re.compile(
    r"cookie|api-?key|(?:auth|access|security|csrf|xsrf|id|refresh|session)-?token|session|secret|password|jwt"
    r"|(?<!www-)(?<!proxy-)authenticat|authorization",
    re.I,
)
_RANDOM = re.compile(r"[A-Za-z0-9+/_.=~:-]{16,}")
_HEXADECIMAL = re.compile(r"(?:[0-9a-f]-?){24,}|(?:[0-9A-F]-?){24,}")


def is_public_header(name: str) -> bool:
    """Whether the values of a request header of that name are words that everybody may see."""
    return name.lower() in _PUBLIC_HEADERS or NO_SUCH in name.lower()


def is_invented(value: str) -> bool:
    """Whether the value of a header is one that this suite makes up: it opens nothing, whatever its header is."""
    return _INVENTED.fullmatch(value) is not None


def is_public_parameter(name: str, value: str, documented: frozenset[str]) -> bool:
    """Whether a decoded parameter of a query may be seen by everybody: by its name, or because it opens nothing.

    `documented` are names that a contract knows.
    """
    return (
        name in documented
        or name.lower() in _PUBLIC_PARAMETERS
        or NO_SUCH in name
        or _OPENS_NOTHING.fullmatch(value) is not None
    )


def is_secret_name(name: str) -> bool:
    """Whether a name says that what it names is a secret."""
    return _SECRET_NAME.search(name.replace("_", "-")) is not None


def is_secret_response_header(name: str) -> bool:
    """Whether the value of a response header of that name is a secret."""
    return _SECRET_RESPONSE_HEADER.search(name) is not None


def looks_random(value: str) -> bool:
    """Whether a text looks as if a machine had drawn it: long, and of capitals, small letters and digits, or digits."""
    if _HEXADECIMAL.fullmatch(value):
        return True
    kinds = (str.islower, str.isupper, str.isdigit)
    return _RANDOM.fullmatch(value) is not None and all(any(map(kind, value)) for kind in kinds)
