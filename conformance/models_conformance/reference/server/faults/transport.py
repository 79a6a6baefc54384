"""Faults of the bytes: JSON that is none, and framing that is wrong."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.ideal import Behaviour, RawFraming, with_header
from models_conformance.reference.server.messages import Headers, ParsedRequest, Reply, Response

# Twice what a patient client takes for the largest page.
_BOMB_BYTES = 64 * 1024 * 1024
# More than a run waits for an answer unless it is told to.
_TOO_LATE_SECONDS = 15.0


class _Bytes(Behaviour):
    """Edits the bytes of successful answers; of retrieved models alone, where lists are spared."""

    spares_lists = False

    def respond(self, parsed: ParsedRequest, reply: Reply) -> Response:
        response = super().respond(parsed, reply)
        is_spared = reply.status != 200 or (self.spares_lists and parsed.operation == "list")
        return response if is_spared else self.edited(parsed, response)

    def edited(self, parsed: ParsedRequest, response: Response) -> Response:
        """The response that goes out, given the right one."""
        return replace(response, body=self.body(parsed, response.body))

    def body(self, parsed: ParsedRequest, body: bytes) -> bytes:
        """The body that goes out, given the right one."""
        raise NotImplementedError


class _Inserted(_Bytes):
    """Has something before a member, wherever it stands."""

    member = b'"type":"model"'
    inserted = b""

    def body(self, parsed: ParsedRequest, body: bytes) -> bytes:
        return body.replace(self.member, self.inserted + self.member)


class _Surrounded(_Bytes):
    """Has something before the JSON value, or behind it."""

    before = b""
    behind = b""

    def body(self, parsed: ParsedRequest, body: bytes) -> bytes:
        return self.before + body + self.behind


SERVERS.faults_of(
    _Inserted,
    "body-is-one-json-value",
    ("body-holds-nan", "Every object holds a member whose value is NaN.", {"inserted": b'"score":NaN,'}),
    (
        "retrieved-body-holds-infinity",
        "A retrieved model holds a member whose value is -Infinity.",
        {"spares_lists": True, "inserted": b'"rank":-Infinity,'},
    ),
    (
        "body-holds-half-a-surrogate-pair",
        "A text of each object was cut in the middle of an emoji.",
        {"inserted": b'"tagline":"so good \\ud83d",'},
    ),
)


@SERVERS.faults_in(_Bytes.body, "body-is-one-json-value")
class _OtherBody(_Bytes):
    def body_has_a_trailing_comma(self, parsed: ParsedRequest, body: bytes) -> bytes:
        """Arrays and objects end with a comma."""
        return body[:-1] + b",}"

    def body_is_utf_16(self, parsed: ParsedRequest, body: bytes) -> bytes:
        """The body is UTF-16."""
        return body.decode().encode("utf-16")

    def body_is_a_python_literal(self, parsed: ParsedRequest, body: bytes) -> bytes:
        """The body is the text of a Python value, with single quotes."""
        return repr(json.loads(body)).encode()

    def body_is_cut_in_half(self, parsed: ParsedRequest, body: bytes) -> bytes:
        """Half of the body goes out, with a content-length to match."""
        return body[: len(body) // 2]

    def large_body_is_cut(self, parsed: ParsedRequest, body: bytes) -> bytes:
        """A body of more than 4096 bytes is cut there, with a content-length to match."""
        return body[:4096]


SERVERS.faults_of(
    _Surrounded,
    "body-is-one-json-value",
    ("body-has-trailing-data", "A debug line follows the JSON value.", {"behind": b"\n<!-- served by pod 7 -->"}),
    ("body-is-two-json-values", "A second JSON value follows the first.", {"behind": b"\n{}"}),
    ("body-starts-with-a-byte-order-mark", "The body starts with a byte-order mark.", {"before": b"\xef\xbb\xbf"}),
    ("body-starts-with-a-guard", "The body starts with a guard against inclusion as a script.", {"before": b")]}',\n"}),
)


@SERVERS.fault("body-is-one-json-value")
class BodyIsLatin1(_Bytes):
    """The body is Latin-1, and the display name of the newest model is not ASCII."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        newest = Model("claude-brule", "2026-08-01T00:00:00Z", "Claude Brûlé")
        return catalogue.with_newest(newest)

    def body(self, parsed: ParsedRequest, body: bytes) -> bytes:
        return json.dumps(json.loads(body), ensure_ascii=False).encode("latin-1")


@SERVERS.fault("body-is-one-json-value")
class RetrievedBodyIsEmpty(_Bytes):
    """A retrieval is answered 200 without a body."""

    spares_lists = True

    def body(self, parsed: ParsedRequest, body: bytes) -> bytes:
        return b""


SERVERS.faults_of(
    _Inserted,
    "body-keys-are-unique",
    (
        "envelope-names-a-key-twice",
        "The envelope has has_more twice, first as null.",
        {"member": b'"has_more":', "inserted": b'"has_more":null,'},
    ),
    ("model-names-a-key-twice", "Every model has its type twice.", {"inserted": b'"type":"model",'}),
    (
        "retrieved-model-names-a-key-twice",
        "A retrieved model has its type twice.",
        {"spares_lists": True, "inserted": b'"type":"model",'},
    ),
)


class _ContentType(Behaviour):
    """Says that successful answers are something else."""

    kind = ""

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        headers = super().headers(parsed, reply)
        return with_header(headers, "content-type", self.kind) if reply.status == 200 else headers


SERVERS.faults_of(
    _ContentType,
    "body-content-type-is-json",
    ("content-type-is-html", "The content type of JSON is text/html.", {"kind": "text/html; charset=utf-8"}),
    ("content-type-is-plain-text", "The content type of JSON is text/plain.", {"kind": "text/plain"}),
    (
        "content-type-is-binary",
        "The content type of JSON is application/octet-stream.",
        {"kind": "application/octet-stream"},
    ),
)


@SERVERS.faults_in(Behaviour.headers, "body-content-type-is-json")
class _OtherContentType(Behaviour):
    def content_type_of_retrievals_is_html(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        """The content type of a retrieved model is text/html."""
        wrong = reply.status == 200 and parsed.operation == "retrieve"
        kind = "text/html" if wrong else "application/json"
        return with_header(super().headers(parsed, reply), "content-type", kind)

    def content_type_is_missing(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        """There is no content type."""
        return tuple(pair for pair in super().headers(parsed, reply) if pair[0] != "content-type")

    def error_is_json_said_to_be_text(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        """The envelope of an error is right and its content type is text/plain."""
        headers = super().headers(parsed, reply)
        return with_header(headers, "content-type", "text/plain") if reply.status >= 400 else headers


class _Framing(_Bytes):
    """Writes its own framing: an HTTP server library would not."""

    raw_framing = True

    def edited(self, parsed: ParsedRequest, response: Response) -> Response:
        if not self.concerns(parsed, response):
            return response
        headers, body = self.framed(response.body)
        return replace(response, headers=(*response.headers, *headers), body=body, framing="raw")

    def concerns(self, parsed: ParsedRequest, response: Response) -> bool:
        """Whether this answer is framed wrongly."""
        return True

    def framed(self, body: bytes) -> tuple[Headers, bytes]:
        """The framing headers and what follows the head."""
        raise NotImplementedError


@SERVERS.fault("response-arrives-whole")
class ContentLengthIsTooLong(_Framing):
    """content-length promises ten bytes more than the retrieved model has."""

    def concerns(self, parsed: ParsedRequest, response: Response) -> bool:
        return parsed.operation == "retrieve"

    def framed(self, body: bytes) -> tuple[Headers, bytes]:
        return (("content-length", str(len(body) + 10)),), body


@SERVERS.fault("response-arrives-whole")
class LargeAnswersBreakOff(_Framing):
    """The connection closes in the middle of a body of more than 4096 bytes."""

    def concerns(self, parsed: ParsedRequest, response: Response) -> bool:
        return len(response.body) > 4096

    def framed(self, body: bytes) -> tuple[Headers, bytes]:
        return (("content-length", str(len(body))),), body[:4000]


@SERVERS.fault_in(_Framing.framed, "body-is-one-json-value")
def content_length_is_too_short(self: _Framing, body: bytes) -> tuple[Headers, bytes]:
    """content-length is ten bytes less than the body has."""
    return (("content-length", str(len(body) - 10)),), body


@SERVERS.fault("response-arrives-whole")
class ChunksNeverEnd(_Framing):
    """A page asked for with before_id comes in chunks, and the connection closes before the last."""

    def concerns(self, parsed: ParsedRequest, response: Response) -> bool:
        return bool(parsed.values("before_id"))

    def framed(self, body: bytes) -> tuple[Headers, bytes]:
        return (("transfer-encoding", "chunked"),), b"%x\r\n%s\r\n" % (len(body), body)


@SERVERS.faults_in(_Bytes.edited, "response-arrives-whole")
class _CompressedWrongly(_Bytes):
    def gzip_is_said_and_not_done(self, parsed: ParsedRequest, response: Response) -> Response:
        """content-encoding says gzip of a body that is not compressed."""
        return replace(response, headers=(*response.headers, ("content-encoding", "gzip")))

    def gzip_checksum_is_wrong(self, parsed: ParsedRequest, response: Response) -> Response:
        """The body is compressed and its checksum is wrong."""
        compressor = zlib.compressobj(wbits=31)
        packed = compressor.compress(response.body) + compressor.flush()
        wrong = packed[:-8] + bytes(255 - byte for byte in packed[-8:-4]) + packed[-4:]
        return replace(response, headers=(*response.headers, ("content-encoding", "gzip")), body=wrong)

    def compressed_body_is_a_bomb(self, parsed: ParsedRequest, response: Response) -> Response:
        """The oldest model comes compressed, with more blanks behind it than anybody has room for."""
        if parsed.operation != "retrieve" or parsed.model_id != self.catalogue.models[-1].id:
            return response
        compressor = zlib.compressobj(level=1, wbits=31)
        packed = compressor.compress(response.body + b" " * _BOMB_BYTES) + compressor.flush()
        return replace(response, headers=(*response.headers, ("content-encoding", "gzip")), body=packed)


@SERVERS.faults_in(RawFraming.respond, "response-arrives-whole")
class _FramedWrongly(RawFraming):
    def connection_closes_on_unknown_models(self, parsed: ParsedRequest, reply: Reply) -> Response:
        """A retrieval of an unknown model is never answered: the connection closes."""
        response = super().respond(parsed, reply)
        return replace(response, framing="none") if reply.status == 404 else response

    def nothing_is_answered_from_the_hundredth_request_on(self, parsed: ParsedRequest, reply: Reply) -> Response:
        """Something runs out: from the hundredth request on every connection closes without an answer."""
        response = super().respond(parsed, reply)
        return replace(response, framing="none") if parsed.number >= 100 else response

    def status_of_unknown_models_has_four_digits(self, parsed: ParsedRequest, reply: Reply) -> Response:
        """A retrieval of an unknown model is answered with the status 4040, which is not HTTP."""
        response = super().respond(parsed, reply)
        return replace(response, status=4040) if reply.status == 404 else response

    def body_never_ends(self, parsed: ParsedRequest, reply: Reply) -> Response:
        """The answer to an unknown model is a stream of blanks without end."""
        response = super().respond(parsed, reply)
        if reply.status != 404:
            return response
        return replace(response, body=b" " * (1 << 20), framing="endless")


@SERVERS.fault_in(Behaviour.respond, "response-arrives-whole")
def largest_page_back_comes_too_late(self: Behaviour, parsed: ParsedRequest, reply: Reply) -> Response:
    """The page of up to a thousand models before the oldest takes longer than anybody waits."""
    response = Behaviour.respond(self, parsed, reply)
    oldest = [model.id for model in self.catalogue.models[-1:]]
    asked = parsed.value("before_id") in oldest and parsed.value("limit") == "1000"
    return replace(response, delay=_TOO_LATE_SECONDS) if asked else response
