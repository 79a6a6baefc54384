"""Taking secrets out of evidence before it becomes evidence: what a trace never held, no file can leak.

The one redactor, of live runs, tapes, recordings, traces, clients and error messages. A secret is looked for in any
letter case, percent-encoded, in JSON or HTML escapes, in hexadecimal and in base64 wherever it begins, and a part of a
key is as secret as the whole. What takes its place says what it was.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import unquote, unquote_plus

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Failure, Headers, Request, Response
from models_conformance.evidence.exchange_reading import NO_SUCH
from models_conformance.evidence.needles import (
    SHORTEST,
    Needle,
    Needles,
    Span,
    escaped_spans,
    in_base64,
    replaced,
    unescaped,
)
from models_conformance.evidence.public_names import (
    is_invented,
    is_public_header,
    is_public_parameter,
    is_secret_name,
    is_secret_response_header,
    looks_random,
)

REDACTED = "<redacted>"
ORGANIZATION = "<organization-id>"
WORKSPACE = "<workspace-id>"

# Well-formed, and nobody's: the suite sends it, and so it is not a secret.
FOREIGN_KEY = f"sk-ant-api03-{NO_SUCH}-key"

# So many characters of a key, a third of them beyond its public beginning, are a part of it that says too much.
_SHORTEST_PART = 12
_PUBLIC_BEGINNING = re.compile(r"sk-ant-(?:[a-z]+[0-9]*-)?")
# A shorter text of letters alone may be a word, and is a secret only where it stands alone.
_SHORTEST_WORD = 12
# How much is kept ready to be found: of all secrets that are found by their parts, of one in its encodings, and how
# many short ones. A recording may hold a fresh token in each of thousands of requests.
_MOST_IN_PARTS = 1 << 14
_LONGEST_ENCODED = 4096
_MOST_SHORT = 32
# How dumps of memory, quoted-printable and listings of code part octets.
_BETWEEN_OCTETS = (b"", b":", b" ", b"-", b"=", b" 0x", b",0x", b", 0x")
# Base64 keeps of each end of a text only what does not depend on its neighbours.
_BASE64_LOST = 2
_NAMED_IDS = {"anthropic-organization-id": ORGANIZATION, "anthropic-workspace-id": WORKSPACE}
# By a sign that most texts do not hold and their shape, in lower case: organisations, workspaces, keys, users of a URL.
_SHAPES = (
    (b"org_", re.compile(rb"(?<![a-z0-9])org_[a-z0-9]{6,}"), ORGANIZATION.encode()),
    (b"wrkspc_", re.compile(rb"(?<![a-z0-9])wrkspc_[a-z0-9]{6,}"), WORKSPACE.encode()),
    (b"sk-ant-", re.compile(rb"sk-ant-(?!api03-no-such|[a-z]+[0-9]*-(?![a-z0-9_-]))[a-z0-9_-]{6,}"), REDACTED.encode()),
    (b"@", re.compile(rb"(?<=://)[^/?#@\s\"'<>\\]{1,1024}(?=@[a-z0-9\[])"), REDACTED.encode()),
)
# The first characters of such a key in base64, at each of the three places where it can begin.
_ENCODED_KEY = re.compile(rb"(?:c2stYW50L|NrLWFudC|zay1hbnQt)[A-Za-z0-9+/_-]{12,}={0,2}")
# Servers set a cookie anew with each answer; so many are remembered, half of them are forgotten when it is more.
_MOST_LEARNED = 256
_LAYERS = 3  # of encodings within encodings
# A text with more secrets in it than this is taken for one: to tell where each stands would cost more than any text.
_MOST_SPANS = 50_000
_TOKEN = rb"[A-Za-z0-9_\-]"
_LITERALS = re.compile(rb"-?[0-9.]+|true|false|null", re.IGNORECASE)
# Words of any answer of this API: a key that is one of them is known to everybody.
_WORDS = frozenset({"data", "error", "id", "message", "model", "models", "type", "v1"})
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9-]* +)?(?P<secret>.*)", re.DOTALL)
_KEY_NAMES = frozenset({"x-api-key", "authorization", "proxy-authorization"})
# Whole values that stand for one somebody took out: <API_KEY>, [FILTERED], ***, REDACTED.
_PLACEHOLDER = re.compile(
    r"<+[^<>]*>+|\[[^\[\]]*\]|\{\{?[^{}]*\}?\}|[*xX.]{3,}|(?:redacted|filtered|removed|scrubbed|hidden|masked)\b.*",
    re.I,
)
_USER = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<user>[^/?#]*)@")
# Within the class, `bytes` is a method.
_Octets = bytes
_MODELS_PATH = re.compile(r"(?P<prefix>.*?)(?P<models>/v1/models)(?P<rest>(?:/.*)?)", re.DOTALL)


def is_placeholder(value: str) -> bool:
    """Whether a whole value stands for one that somebody took out."""
    return _PLACEHOLDER.fullmatch(value.strip()) is not None


class Redactor:
    """Knows the secrets of a run or recording. `api_key` and `headers` are a user's; URLs keep `documented` parameters.

    Sources of the rule: the safety section of the design (no key, cookie or organisation reaches a file).
    """

    def __init__(
        self, api_key: str = "", wrong_key: str = "", headers: Headers = (), documented: frozenset[str] = frozenset()
    ) -> None:
        self._documented = documented
        self._known: dict[str, tuple[str, bool]] = {}
        self._learned: dict[str, str] = {}
        self._in_parts = 0
        self._any_case, self._exact = Needles(), Needles()
        self._short: list[tuple[re.Pattern[bytes], bytes]] = []
        self.add(api_key, API_KEY)
        self.add(wrong_key, WRONG_KEY)
        for name, value in headers:
            if not is_public_header(name):
                self.add(value, REDACTED, parts=False)
                for text in _parts(name, value):
                    self.add(text, REDACTED)

    def add(self, secret: str, placeholder: str = REDACTED, *, parts: bool = True) -> None:
        """Know one secret more. With `parts`, a long enough part of it is as secret as the whole."""
        if secret and secret not in self._known:
            self._known[secret] = (placeholder, parts)
            self._index(secret, placeholder, parts)

    def request(self, request: Request) -> Request:
        """A request whose credentials are placeholders already, without secrets elsewhere in it."""
        headers = tuple((self._name(name), self.text(value)) for name, value in request.headers)
        return Request(request.method, self.text(request.url), headers)

    def learn(self, requests: Sequence[Request]) -> None:
        """Know the secrets of requests that somebody else made, so that they are found wherever they stand.

        The credentials first: what is one in any request is called one in all.
        """
        for only_keys in (True, False):
            for request in requests:
                for name, value in request.headers:
                    if (name.lower() in _KEY_NAMES) is only_keys:
                        self._foreign_value(name, value)
        for request in requests:
            self.foreign_url(request.url)

    def foreign(self, request: Request) -> Request:
        """A request that somebody else made: of its headers and parameters, only what is known to be public is kept.

        Equal values get equal placeholders, different ones different placeholders. What stands elsewhere is found
        where the request was learned before.
        """
        headers = tuple((self._name(name), self._foreign_value(name, value)) for name, value in request.headers)
        return Request(request.method, self.foreign_url(request.url), headers)

    def foreign_url(self, url: str) -> str:
        """A URL that somebody else made, without its user and with placeholders for what may be a secret."""
        if user := _USER.match(url):
            for part in (user["user"], *user["user"].split(":", 1)):
                self._remember(unquote(part))
            url = user["scheme"] + url[user.end() :]
        url, hash_mark, fragment = url.partition("#")
        path, question_mark, query = url.partition("?")
        models = _MODELS_PATH.fullmatch(path)
        prefix, rest = (models["prefix"], models["rest"]) if models else (path, "")
        path = self._foreign_path(prefix, is_prefix=True) + (models["models"] if models else "")
        url = path + self._foreign_path(rest, is_prefix=False) + question_mark + self._foreign_query(query)
        return self.text(url + (hash_mark + self._foreign_query(fragment) if hash_mark else ""))

    def response(self, response: Response) -> Response:
        """A response without secrets; what its headers say of cookies and organisations is learned first."""
        for name, value in response.headers:
            self._learn(name.lower(), value)
        headers = tuple((self._name(name), self._value(name.lower(), value)) for name, value in response.headers)
        return Response(response.status, headers, self.bytes(response.body))

    def failure(self, failure: Failure) -> Failure:
        """A failure whose text for people holds no secret."""
        return Failure(failure.kind, self.text(failure.detail))

    def values(self, value: Any) -> Any:
        """Mappings, sequences and dataclasses, their texts redacted; the same object where none held a secret."""
        return value if self.text(shown := repr(value)) is shown else self._values(value)

    def text(self, text: str) -> str:
        """A text without secrets."""
        data = text.encode("utf-8", "surrogatepass")
        found = self.bytes(data)
        if found is data:
            return text
        try:
            return found.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            # A part of a secret may end within a character.
            return found.decode("utf-8", "replace")

    def bytes(self, data: bytes) -> bytes:
        """Bytes without secrets; the same object where they held none."""
        spans = self._spans(data, _LAYERS) if data else []
        return replaced(data, spans) if spans else data

    def _spans(self, data: _Octets, layers: int) -> list[Span]:
        found = (span for span in self._found(data, layers) if data[span.start : span.end] != span.placeholder)
        spans = list(islice(found, _MOST_SPANS + 1))
        return spans if len(spans) <= _MOST_SPANS else [Span(0, len(data), REDACTED.encode())]

    def _found(self, data: _Octets, layers: int) -> Iterator[Span]:
        lower = data.lower()
        yield from self._any_case.find(lower)
        yield from self._exact.find(data)
        for sign, shape, placeholder in _SHAPES:
            if sign in lower:
                yield from (Span(*match.span(), placeholder) for match in shape.finditer(lower))
        yield from (Span(*match.span(), REDACTED.encode()) for match in _ENCODED_KEY.finditer(data))
        for pattern, placeholder in self._short:
            matches = pattern.finditer(data)
            yield from (Span(*match.span(), placeholder) for match in matches if not _is_literal(match, data))
        plain = unescaped(data) if layers else data
        if plain is not data and plain != data and (inner := self._spans(plain, layers - 1)):
            yield from escaped_spans(data, inner)

    def _index(self, secret: str, placeholder: str, parts: bool) -> None:
        text, mark = secret.encode("utf-8", "surrogatepass"), placeholder.encode()
        beginning = _PUBLIC_BEGINNING.match(secret)
        public = len(beginning[0]) if beginning and parts else 0
        shortest = len(text)
        if parts and len(text) - public > _SHORTEST_PART and self._in_parts + len(text) <= _MOST_IN_PARTS:
            self._in_parts += len(text)
            shortest = _SHORTEST_PART
        if len(text) >= _SHORTEST_WORD or (len(text) >= SHORTEST and any(map(str.isdigit, secret))):
            self._any_case.add(Needle(text.lower(), mark, shortest, public))
        elif secret.lower() not in _WORDS and len(self._short) < _MOST_SHORT:
            self._short.append((_alone(text), mark))
        if len(text) <= _LONGEST_ENCODED:
            # Cookies are new in each answer, and their servers' own: the rarest encodings are looked for in keys alone.
            self._index_encoded(text, mark, shortest, public, _BETWEEN_OCTETS if parts else _BETWEEN_OCTETS[:1])

    def _index_encoded(
        self, text: _Octets, mark: _Octets, shortest: int, public: int, separators: Sequence[_Octets]
    ) -> None:
        """Find a secret in a form body, in hexadecimal and in base64."""
        whole = shortest == len(text)
        if b" " in text and len(text) >= SHORTEST:
            self._any_case.add(Needle(text.lower().replace(b" ", b"+"), mark, shortest, public))
        for separator in separators:
            hexadecimal = separator.join(b"%02x" % octet for octet in text)
            size = 2 + len(separator)
            if len(hexadecimal) >= SHORTEST:
                part = len(hexadecimal) if whole else size * shortest - len(separator)
                self._any_case.add(Needle(hexadecimal, mark, part, size * public))
        for case in dict.fromkeys((text, text.lower(), text.upper())):
            for encoded, lost in in_base64(case):
                part = len(encoded) if whole else min(shortest * 4 // 3 - _BASE64_LOST, len(encoded))
                if len(encoded) >= SHORTEST:
                    self._exact.add(Needle(encoded, mark, part, max(0, public * 4 // 3 - lost) if public else 0))

    def _learn(self, name: str, value: str) -> None:
        if name in ("set-cookie", "cookie"):
            secret, placeholder = value.partition(";")[0].partition("=")[2].strip().strip('"'), REDACTED
        elif name in _NAMED_IDS:
            secret, placeholder = value.strip(), _NAMED_IDS[name]
        else:
            return
        if len(secret.encode("utf-8", "surrogatepass")) < SHORTEST or secret in self._known or secret in self._learned:
            return
        self._learned[secret] = placeholder
        if len(self._learned) > _MOST_LEARNED:
            self._forget()
        else:
            self._index(secret, placeholder, parts=False)

    def _forget(self) -> None:
        """Forget the older half of what was learned."""
        self._learned = dict(list(self._learned.items())[_MOST_LEARNED // 2 :])
        self._any_case, self._exact, self._short, self._in_parts = Needles(), Needles(), [], 0
        for secret, (placeholder, parts) in self._known.items():
            self._index(secret, placeholder, parts)
        for secret, placeholder in self._learned.items():
            self._index(secret, placeholder, parts=False)

    def _name(self, name: str) -> str:
        return name if is_public_header(name) else self.text(name)

    def _value(self, name: str, value: str) -> str:
        if name in _NAMED_IDS:
            return _NAMED_IDS[name]
        return REDACTED if is_secret_response_header(name) and value else self.text(value)

    def _foreign_value(self, name: str, value: str) -> str:
        lower = name.lower()
        if not value or ((is_placeholder(value) or is_invented(value)) and lower not in _KEY_NAMES):
            return value
        if is_public_header(lower):
            return self.text(value)
        if lower in _KEY_NAMES:
            match = _SCHEME.fullmatch(value)
            scheme, secret = (match["scheme"] or "", match["secret"]) if match else ("", value)
            if secret in (API_KEY, WRONG_KEY, FOREIGN_KEY):
                return value
            for part in _parts(name, value):
                if part != secret:
                    self._remember(part)
            return scheme + self._stand_in(secret, API_KEY)
        for part in _parts(name, value):
            self._remember(part)
        return self._stand_in(value, REDACTED, everywhere=is_secret_name(lower) or looks_random(value))

    def _stand_in(self, secret: str, placeholder: str, everywhere: bool = True) -> str:
        """The placeholder of a secret, numbered where there are several; with `everywhere` it is looked for, too."""
        if not secret:
            return secret
        if secret not in self._known:
            number = 1 + sum(shown.startswith(placeholder[:-1]) for shown, _ in self._known.values())
            shown = placeholder if number == 1 else f"{placeholder[:-1]}-{number}>"
            self._known[secret] = (shown, True)
            if everywhere and not is_placeholder(secret):
                self._index(secret, shown, parts=True)
        return self._known[secret][0]

    def _remember(self, secret: str) -> None:
        """Look for a secret whose place is not kept."""
        if len(secret) >= SHORTEST and not is_placeholder(secret):
            self._stand_in(secret, REDACTED)

    def _foreign_path(self, path: str, is_prefix: bool) -> str:
        """A path with placeholders for parts that are named like secrets, follow a name of one, or look random."""
        origin, slashes, path = path.rpartition("://") if is_prefix and "://" in path else ("", "", path)
        parts: list[str] = []
        before = ""
        for number, part in enumerate(path.split("/")):
            is_host = bool(slashes) and number == 0
            name, mark, value = part.rpartition("=")
            if mark and is_secret_name(unquote(name)):
                parts.append(name + mark + self._secret_in_url(value))
            elif not is_host and (is_secret_name(before) or (is_prefix and looks_random(unquote(part)))):
                parts.append(self._secret_in_url(part))
            else:
                parts.append(part)
            # The name of a secret is a word; a model whose id speaks of keys or tokens is none.
            before = "" if is_host or len(part) > len("authorization") else unquote(part)
        return origin + slashes + "/".join(parts)

    def _foreign_query(self, query: str) -> str:
        # Some write a semicolon for an ampersand; a separator is kept as it was.
        pieces = re.split(r"([&;])", query)
        for number in range(0, len(pieces), 2):
            name, mark, value = pieces[number].partition("=")
            if mark and not is_public_parameter(unquote_plus(name), unquote_plus(value), self._documented):
                pieces[number] = name + mark + self._secret_in_url(value)
            elif not mark and looks_random(unquote_plus(name)):
                pieces[number] = self._secret_in_url(name)
        return "".join(pieces)

    def _secret_in_url(self, raw: str) -> str:
        plain = unquote_plus(raw)
        if not plain or is_placeholder(plain):
            return raw
        return self._stand_in(plain, REDACTED, everywhere=len(plain) >= SHORTEST)

    def _values(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self._values(name): self._values(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(map(self._values, value))
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{field.name: self._values(getattr(value, field.name)) for field in fields(value)})
        return value


def _parts(name: str, value: str) -> Iterator[str]:
    """The pieces of a header that servers quote: what follows the scheme, user and password, single cookies."""
    name = name.lower()
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


def _alone(secret: bytes) -> re.Pattern[bytes]:
    """A short secret where it stands alone: elsewhere its letters are part of innocent words."""
    itself = re.escape(secret)
    if len(secret) <= 2:
        # An article or a number is one only where somebody quotes it.
        return re.compile(rb"(?:(?<=[\"'`=])|\A)" + itself + rb"(?:(?=[\"'`&;])|\Z)(?!\"\s*:)", re.IGNORECASE)
    return re.compile(rb"(?<!" + _TOKEN + rb")" + itself + rb"(?!" + _TOKEN + rb")(?!\"\s*:)", re.IGNORECASE)


def _is_literal(match: re.Match[bytes], data: bytes) -> bool:
    """Whether it stands where JSON has a number or a literal name: there it is not text, and no echo."""
    if not _LITERALS.fullmatch(match[0]):
        return False
    before, after = data[max(0, match.start() - 2) : match.start()].strip(), data[match.end() : match.end() + 2].strip()
    return before[-1:] in (b":", b",", b"[") or after[:1] in (b",", b"}", b"]")
