"""Oddities of HTTP: content codings, framing, headers and the path."""

from __future__ import annotations

import zlib
from dataclasses import replace

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import Behaviour, with_header
from models_conformance.reference.server.messages import Headers, ParsedRequest, Reply, Request, Response


class _Coded(Behaviour):
    """Compresses answers for callers that accept the coding."""

    coding = ""
    window_bits = 0

    def respond(self, parsed: ParsedRequest, reply: Reply) -> Response:
        response = super().respond(parsed, reply)
        if self.coding not in (parsed.request.line("accept-encoding") or ""):
            return response
        compressor = zlib.compressobj(wbits=self.window_bits)
        body = compressor.compress(response.body) + compressor.flush()
        headers = (*response.headers, ("content-encoding", self.coding), ("vary", "accept-encoding"))
        return replace(response, headers=headers, body=body)


@SERVERS.oddity
class AnswersAreGzipped(_Coded):
    """Answers are compressed with gzip for callers that accept it."""

    coding = "gzip"
    window_bits = 31


@SERVERS.oddity
class AnswersAreDeflated(_Coded):
    """Answers are compressed with deflate for callers that accept it."""

    coding = "deflate"
    window_bits = 15


@SERVERS.oddity
class AnswersComeInChunks(Behaviour):
    """Answers have no content-length and come in many small chunks."""

    def respond(self, parsed: ParsedRequest, reply: Reply) -> Response:
        return replace(super().respond(parsed, reply), framing="chunked")


@SERVERS.oddity
class ConnectionsAreNotKept(Behaviour):
    """Every answer closes the connection."""

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        return (*super().headers(parsed, reply), ("connection", "close"))


@SERVERS.oddity
class AnswersEndWithTheConnection(Behaviour):
    """Answers have neither a content-length nor chunks: they end where the connection does."""

    raw_framing = True

    def respond(self, parsed: ParsedRequest, reply: Reply) -> Response:
        return replace(super().respond(parsed, reply), framing="raw")


@SERVERS.oddity
class HeaderNamesAreInCapitals(Behaviour):
    """Header names come in capitals, and the request id under both of its usual names."""

    raw_framing = True

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        headers = (*super().headers(parsed, reply), ("x-request-id", self.request_id(parsed)))
        return tuple((name.upper(), value) for name, value in headers)


@SERVERS.oddity
class HeadersAreMany(Behaviour):
    """Answers carry cookies, rate limits, tracing and caching headers, some repeated, some empty."""

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        return (
            *super().headers(parsed, reply),
            ("set-cookie", "session=1; Path=/; HttpOnly"),
            ("set-cookie", "region=eu; Path=/"),
            ("anthropic-ratelimit-requests-remaining", "0"),
            ("retry-after", "3600"),
            ("etag", '"abc"'),
            ("cache-control", "private, max-age=60"),
            ("x-empty", ""),
            ("x-long", "x" * 4000),
            ("location", "http://127.0.0.1:9/elsewhere"),
            ("server", "oddity/1.0"),
        )


@SERVERS.oddity
class ContentTypeHasACharset(Behaviour):
    """The content type names its charset."""

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        return with_header(super().headers(parsed, reply), "content-type", "application/json; charset=utf-8")


@SERVERS.oddity
class ContentTypeIsInCapitals(Behaviour):
    """The content type is in capitals, with a quoted charset and no blank."""

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        return with_header(super().headers(parsed, reply), "content-type", 'APPLICATION/JSON;CHARSET="UTF-8"')


@SERVERS.oddity
class ContentTypeHasAJsonSuffix(Behaviour):
    """Errors are application/problem+json, which is JSON (RFC 6839)."""

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        headers = super().headers(parsed, reply)
        kind = "application/json" if reply.status < 400 else "application/problem+json"
        return with_header(headers, "content-type", kind)


@SERVERS.oddity
class ApiIsUnderAPrefix(Behaviour):
    """The API is mounted under a path."""

    base_path = "/gateway/anthropic"


@SERVERS.oddity
class TrailingSlashRedirects(Behaviour):
    """A path that ends in a slash is redirected to the one without."""

    def answer(self, request: Request) -> Response:
        if not request.path.endswith("/") or request.path == "/":
            return super().answer(request)
        target = request.path.rstrip("/") + (f"?{request.query}" if request.query else "")
        return Response(307, (("location", target),), b"")


@SERVERS.oddity
class AnswersAreSlow(Behaviour):
    """Answers take a few milliseconds, some more than others."""

    def respond(self, parsed: ParsedRequest, reply: Reply) -> Response:
        return replace(super().respond(parsed, reply), delay=0.001 * (1 + parsed.number % 4))


@SERVERS.oddity
class HeadAndOptionsAreSupported(Behaviour):
    """HEAD is answered as GET without a body, and OPTIONS with the methods there are."""

    def answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(204, (("allow", "GET, HEAD, OPTIONS"),), b"")
        method = "GET" if request.method == "HEAD" else request.method
        return super().answer(replace(request, method=method))
