"""Taking credentials out of what recorders kept: none may reach a trace, and so none reaches a report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from models_conformance.evidence.exchange import API_KEY, Headers, Request, Response

_REDACTED = "<redacted>"
_SECRET_NAME = re.compile(r"api-?key|token|secret|password|passwd|credential|authorization|cookie", re.I)
_KEY_NAMES = frozenset({"x-api-key", "authorization"})
_SECRET_PARAMETER = re.compile(r"(?<=[?&])((?:api[-_]?|access[-_]?)?(?:key|token)|sig|signature|password)=[^&#]*", re.I)
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z-]+ +)?(?P<secret>.*)", re.DOTALL)
# Shorter texts stand in innocent places too: taking them out of a body would change what it says.
_SHORTEST_ECHOED = 16


@dataclass
class Redactor:
    """Redacts the exchanges of one trace, so that equal credentials stay equal and different ones different."""

    _known: dict[str, str] = field(default_factory=dict)

    def request(self, request: Request) -> Request:
        """The request with a placeholder for each credential."""
        return Request(request.method, self._url(request.url), tuple(self._lines(request.headers)))

    def response(self, response: Response) -> Response:
        """The response without cookies, and without the credentials of the requests seen so far."""
        headers = tuple(
            (name, _REDACTED if name.lower() == "set-cookie" else self._echoed(value))
            for name, value in response.headers
        )
        body = response.body
        for secret, placeholder in self._long():
            body = body.replace(secret.encode("utf-8", "surrogatepass"), placeholder.encode())
        return Response(response.status, headers, body)

    def _lines(self, headers: Headers) -> Iterator[tuple[str, str]]:
        for name, value in headers:
            if name.lower() in _KEY_NAMES:
                match = _SCHEME.fullmatch(value)
                scheme, secret = (match["scheme"] or "", match["secret"]) if match else ("", value)
                yield name, scheme + self._placeholder(secret)
            else:
                yield name, _REDACTED if _SECRET_NAME.search(name) else value

    def _placeholder(self, secret: str) -> str:
        if not secret:
            return secret
        if secret not in self._known:
            number = len(self._known) + 1
            self._known[secret] = API_KEY if number == 1 else f"{API_KEY.removesuffix('>')}-{number}>"
        return self._known[secret]

    def _url(self, url: str) -> str:
        split = urlsplit(url)
        if "@" in split.netloc:
            url = urlunsplit(split._replace(netloc=split.netloc.rpartition("@")[2]))
        return _SECRET_PARAMETER.sub(rf"\1={_REDACTED}", url)

    def _echoed(self, value: str) -> str:
        for secret, placeholder in self._long():
            value = value.replace(secret, placeholder)
        return value

    def _long(self) -> list[tuple[str, str]]:
        return [(secret, placeholder) for secret, placeholder in self._known.items() if len(secret) >= _SHORTEST_ECHOED]
