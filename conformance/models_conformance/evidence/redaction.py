"""Taking secrets out of evidence before it becomes evidence: what a trace never held, no file can leak.

A secret is looked for as it is, in any letter case, with any of its characters percent-encoded or written as
a JSON escape, and inside base64 and hexadecimal. What takes its place says what it was.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Failure, Headers, Request, Response

REDACTED = "<redacted>"
ORGANIZATION = "<organization-id>"
WORKSPACE = "<workspace-id>"

# Replacing shorter texts everywhere would garble what a server says of its models.
_SHORTEST = 8
_SHORTEST_WITH_OTHER_THAN_LETTERS = 6
# Base64 of fewer characters stands in innocent places.
_SHORTEST_ENCODED = 8
_NAMED_IDS = {"anthropic-organization-id": ORGANIZATION, "anthropic-workspace-id": WORKSPACE}
# The documentation's ids of organisations and workspaces, wherever they stand.
_SHAPES = (
    (re.compile(rb"(?<![A-Za-z0-9])org(?:_|%5f)[A-Za-z0-9]{6,}", re.I), ORGANIZATION.encode()),
    (re.compile(rb"(?<![A-Za-z0-9])wrkspc(?:_|%5f)[A-Za-z0-9]{6,}", re.I), WORKSPACE.encode()),
)
# Headers a user may well set whose values are public words: an answer that says "application/json" echoes none.
_PUBLIC = frozenset(
    {"accept", "accept-encoding", "accept-language", "anthropic-beta", "anthropic-version", "cache-control"}
    | {"connection", "content-type", "host", "pragma", "user-agent"}
)
# Servers set a cookie anew with each answer; these many are remembered, the oldest are forgotten first.
_MOST_LEARNED = 256
# With none of these in it, a text holds nothing that is encoded character by character.
_ESCAPES = (b"%", b"\\", b"&")


@dataclass(frozen=True, slots=True)
class _Secret:
    """One secret, ready to be looked for. `lower` are forms in lower case, `exact` those that have a case.

    `decoded` are all of them as `_decoded` has them. `pattern` finds every form in every spelling, slowly.
    """

    placeholder: bytes
    lower: tuple[bytes, ...]
    exact: tuple[bytes, ...]
    decoded: tuple[bytes, ...]
    pattern: re.Pattern[bytes]

    def out_of(self, text: bytes, lower: bytes, decoded: bytes | None) -> bytes:
        """`text` without the secret. `lower` is the text in lower case, `decoded` None where nothing is encoded."""
        if (
            any(needle in lower for needle in self.lower)
            or any(needle in text for needle in self.exact)
            or (decoded is not None and any(needle in decoded for needle in self.decoded))
        ):
            return self.pattern.sub(lambda _: self.placeholder, text)
        return text


@dataclass
class Redactor:
    """Knows the secrets of one run. `api_key` and `headers` are what the user gave.

    Sources of the rule: the safety section of the design (no key, cookie or organisation reaches a file).
    """

    api_key: str
    wrong_key: str
    headers: Headers = ()
    _given: list[_Secret] = field(default_factory=list)
    _learned: dict[str, _Secret] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = [(self.wrong_key, WRONG_KEY), (self.api_key, API_KEY)]
        found += [(text, REDACTED) for name, value in self.headers for text in _parts(name, value)]
        # The longest first: one secret may hold another.
        found.sort(key=lambda one: -len(one[0]))
        self._given = [_secret(text, placeholder) for text, placeholder in found if _is_long(text)]

    def request(self, request: Request) -> Request:
        """A request whose credentials are placeholders already, without secrets elsewhere in it."""
        headers = tuple((self.text(name), self.text(value)) for name, value in request.headers)
        return Request(request.method, self.text(request.url), headers)

    def response(self, response: Response) -> Response:
        """A response without secrets; what its headers say of cookies and organisations is learned first."""
        for name, value in response.headers:
            self._learn(name.lower(), value)
        headers = tuple((self.text(name), self._value(name.lower(), value)) for name, value in response.headers)
        return Response(response.status, headers, self.bytes(response.body))

    def failure(self, failure: Failure) -> Failure:
        """A failure whose text for people holds no secret."""
        return Failure(failure.kind, self.text(failure.detail))

    def text(self, text: str) -> str:
        """A text without secrets."""
        data = text.encode("utf-8", "surrogatepass")
        found = self.bytes(data)
        return text if found is data else found.decode("utf-8", "surrogatepass")

    def bytes(self, data: bytes) -> bytes:
        """Bytes without secrets; the same object where they held none."""
        if not data:
            return data
        lower = data.lower()
        decoded = _decoded(data) if any(mark in data for mark in _ESCAPES) else None
        found = data
        for secret in (*self._given, *self._learned.values()):
            changed = secret.out_of(found, lower, decoded)
            if changed is not found:
                found, lower = changed, changed.lower()
        for shape, placeholder in _SHAPES:
            found = shape.sub(placeholder, found)
        return data if found == data else found

    def _value(self, name: str, value: str) -> str:
        if name in ("set-cookie", "cookie"):
            return REDACTED
        return _NAMED_IDS[name] if name in _NAMED_IDS else self.text(value)

    def _learn(self, name: str, value: str) -> None:
        texts: Iterable[str] = ()
        if name in ("set-cookie", "cookie"):
            texts = (value.partition(";")[0].partition("=")[2].strip().strip('"'),)
        elif name in _NAMED_IDS:
            texts = (value.strip(),)
        for text in texts:
            if _is_long(text) and text not in self._learned:
                if len(self._learned) >= _MOST_LEARNED:
                    del self._learned[next(iter(self._learned))]
                self._learned[text] = _secret(text, _NAMED_IDS.get(name, REDACTED))


def _parts(name: str, value: str) -> Iterator[str]:
    """What is secret about a header that the user gave: its value, and the pieces that servers quote of it."""
    name = name.lower()
    if name in _PUBLIC:
        return
    yield value
    scheme, _, rest = value.partition(" ")
    if name.endswith("authorization") and rest:
        yield rest.strip()
        if scheme.lower() == "basic":
            try:
                user_password = base64.b64decode(rest, validate=True).decode("utf-8")
            except ValueError:
                return
            yield user_password
            yield user_password.partition(":")[2]
    elif name == "cookie":
        yield from (pair.partition("=")[2].strip() for pair in value.split(";"))


def _is_long(text: str) -> bool:
    return len(text) >= (_SHORTEST if text.isalpha() else _SHORTEST_WITH_OTHER_THAN_LETTERS)


def _secret(text: str, placeholder: str) -> _Secret:
    encoded = text.encode("utf-8", "surrogatepass")
    lower = tuple(dict.fromkeys((encoded.lower(), encoded.hex().encode())))
    exact = tuple(dict.fromkeys(one for case in (encoded, encoded.lower(), encoded.upper()) for one in _base64(case)))
    # The longest first, again: base64 with its last characters before base64 without.
    exact = tuple(sorted(exact, key=len, reverse=True))
    spellings = [b"".join(_any_spelling(byte, True) for byte in one) for one in lower]
    spellings += [b"".join(_any_spelling(byte, False) for byte in one) for one in exact]
    decoded = tuple(dict.fromkeys(map(_decoded, (*lower, *exact))))
    return _Secret(placeholder.encode(), lower, exact, decoded, re.compile(b"|".join(spellings)))


def _decoded(text: bytes) -> bytes:
    """A text whose characters are not encoded any more: a form that encoded secrets can be looked for in, fast."""
    return _ENCODED.sub(_character, text).replace(b"\\", b"").replace(b"+", b" ").lower()


_ENCODED = re.compile(rb"%(?:25)*([0-9a-f]{2})|\\{1,8}u00([0-9a-f]{2})|&#x0*([0-9a-f]{1,2});|&#0*([0-9]{1,3});", re.I)


def _character(match: re.Match[bytes]) -> bytes:
    *hexadecimal, decimal = match.groups()
    code = int(decimal) if decimal else int(next(filter(None, hexadecimal)), 16)
    return bytes([code]) if code < 256 else match[0]


def _base64(secret: bytes) -> Iterator[bytes]:
    """What base64 makes of the secret wherever it begins within a longer text, in both alphabets."""
    for before in range(3):
        padded = base64.b64encode(b"\0" * before + secret).rstrip(b"=")
        # The first and last characters hold bits of what is around it.
        core = padded[(0, 2, 3)[before] :]
        if (before + len(secret)) % 3:
            core = core[:-1]
        if len(core) >= _SHORTEST_ENCODED:
            yield core
            yield core.translate(bytes.maketrans(b"+/", b"-_"))


def _any_spelling(byte: int, any_case: bool) -> bytes:
    """A pattern for one byte: itself, percent-encoded, JSON-escaped, each however often, or an HTML reference."""
    cases = {byte}
    if any_case:
        cases |= {*bytes([byte]).lower(), *bytes([byte]).upper()}
    codes = b"|".join(b"%02x" % case for case in sorted(cases))
    numbers = b"|".join(b"%d" % case for case in sorted(cases))
    itself = b"|".join(rb"\\{0,8}" + re.escape(bytes([case])) for case in sorted(cases))
    if byte == ord(" "):
        # As forms write it in a query.
        itself += rb"|\+"
    # Most texts fail at the first byte, so the plain spelling comes first.
    spellings = [itself, rb"%(?:25)*(?i:" + codes + rb")", rb"\\{1,8}u00(?i:" + codes + rb")"]
    spellings.append(rb"&#(?:0*(?:" + numbers + rb")|[xX]0*(?i:" + codes + rb"));")
    return b"(?:" + b"|".join(spellings) + b")"
