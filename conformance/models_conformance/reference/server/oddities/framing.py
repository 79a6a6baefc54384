"""Oddities of HTTP: content codings, framing, headers and the path."""

from __future__ import annotations

import zlib
from dataclasses import replace

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import Behaviour, RawFraming, with_header
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


@SERVERS.oddities_in(Behaviour.respond)
class _Responses(Behaviour):
    def answers_come_in_chunks(self, parsed: ParsedRequest, reply: Reply) -> Response:
        """Answers have no content-length and come in many small chunks."""
        return replace(super().respond(parsed, reply), framing="chunked")

    def answers_are_slow(self, parsed: ParsedRequest, reply: Reply) -> Response:
        """Answers take a few milliseconds, some more than others."""
        return replace(super().respond(parsed, reply), delay=0.001 * (1 + parsed.number % 4))


@SERVERS.oddities_in(Behaviour.headers)
class _Headers(Behaviour):
    def connections_are_not_kept(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        """Every answer closes the connection."""
        return (*super().headers(parsed, reply), ("connection", "close"))

    def headers_are_many(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        """Answers carry cookies, rate limits, tracing and caching headers, some repeated, some empty."""
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

    def content_type_has_a_charset(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        """The content type names its charset."""
        return with_header(super().headers(parsed, reply), "content-type", "application/json; charset=utf-8")

    def content_type_is_in_capitals(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        """The content type is in capitals, with a quoted charset and no blank."""
        return with_header(super().headers(parsed, reply), "content-type", 'APPLICATION/JSON;CHARSET="UTF-8"')

    def content_type_has_a_json_suffix(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        """Errors are application/problem+json, which is JSON (RFC 6839)."""
        headers = super().headers(parsed, reply)
        kind = "application/json" if reply.status < 400 else "application/problem+json"
        return with_header(headers, "content-type", kind)


@SERVERS.oddity_in(RawFraming.respond)
def answers_end_with_the_connection(self: RawFraming, parsed: ParsedRequest, reply: Reply) -> Response:
    """Answers have neither a content-length nor chunks: they end where the connection does."""
    return replace(RawFraming.respond(self, parsed, reply), framing="raw")


@SERVERS.oddity_in(RawFraming.headers)
def header_names_are_in_capitals(self: RawFraming, parsed: ParsedRequest, reply: Reply) -> Headers:
    """Header names come in capitals, and the request id under both of its usual names."""
    headers = (*RawFraming.headers(self, parsed, reply), ("x-request-id", self.request_id(parsed)))
    return tuple((name.upper(), value) for name, value in headers)


@SERVERS.oddity
class ApiIsUnderAPrefix(Behaviour):
    """The API is mounted under a path."""

    base_path = "/gateway/anthropic"


@SERVERS.oddities_in(Behaviour.answer)
class _Answers(Behaviour):
    def trailing_slash_redirects(self, request: Request) -> Response:
        """A path that ends in a slash is redirected to the one without."""
        if not request.path.endswith("/") or request.path == "/":
            return super().answer(request)
        target = request.path.rstrip("/") + (f"?{request.query}" if request.query else "")
        return Response(307, (("location", target),), b"")

    def head_and_options_are_supported(self, request: Request) -> Response:
        """HEAD is answered as GET without a body, and OPTIONS with the methods there are."""
        if request.method == "OPTIONS":
            return Response(204, (("allow", "GET, HEAD, OPTIONS"),), b"")
        method = "GET" if request.method == "HEAD" else request.method
        return super().answer(replace(request, method=method))
