"""The ideal server as a model without I/O: a request value goes in, a response value comes out.

`Behaviour` as it stands is the ideal. Its methods are the steps of an answer, small enough that a fault or an
oddity replaces one of them. Nothing here is random and nothing reads a clock: a server that is asked the same from
its start answers the same.

Where behaviour is undocumented, the ideal takes the strict reading: an unknown cursor, two cursors and a
repeated parameter are refused with 400 `invalid_request_error`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, ClassVar, Literal
from urllib.parse import unquote_to_bytes

from models_conformance.contract.model import Contract
from models_conformance.contract.points import Filter, Limits, error_type_of, filters_of, limits_of
from models_conformance.contract.shipped import load_contract
from models_conformance.evidence.targets import listed, models_path, query_pairs
from models_conformance.reference.server.catalogue import Catalogue, Model, default_catalogue
from models_conformance.reference.server.documenting import documented, left_in
from models_conformance.reference.server.messages import (
    Cursor,
    Headers,
    ParsedRequest,
    Refusal,
    Reply,
    Request,
    Response,
    Window,
)

REFERENCE_KEY = "reference-key"
"""The credential that a reference server accepts unless it is told another."""

# What the ideal keeps where a contract gives no bounds: those of the first revision.
FIRST_LIMITS = Limits(1, 20, 1000)

_CANONICAL_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}", re.ASCII)
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def decoded(text: str, plus_is_blank: bool = False) -> str:
    """Percent-decoded text. Bytes that are not UTF-8 become lone surrogates, which equal no id."""
    if plus_is_blank:
        text = text.replace("+", " ")
    return unquote_to_bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


class Behaviour:
    """A server over one catalogue. Instances count their requests and are not to be shared by servers."""

    base_path: ClassVar[str] = ""
    """Where the API is mounted: the list is at `base_path` + `/v1/models`."""

    raw_framing: ClassVar[bool] = False
    """Whether answers go out byte for byte, because an HTTP server library would refuse to send them."""

    catalogue: Catalogue

    def __init__(
        self,
        catalogue: Catalogue | None = None,
        *,
        api_key: str | None = REFERENCE_KEY,
        refused_betas: frozenset[str] = frozenset(),
        contract: Contract | None = None,
    ) -> None:
        """`contract` is the one that is kept, the first that ships unless given.

        `api_key` None accepts any credential that is not empty. `refused_betas` are answered with 400.
        """
        self.contract = load_contract() if contract is None else contract
        self.limits = limits_of(self.contract) or FIRST_LIMITS
        asked_for = default_catalogue() if catalogue is None else catalogue
        self.catalogue = documented(self.served_catalogue(asked_for), self.contract)
        self.api_key = api_key
        self.refused_betas = refused_betas
        self.requests = 0
        # What a fault keeps of one request for another; the ideal keeps nothing.
        self.memory: dict[Any, Any] = {}

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        """The catalogue that is served, given the one that was asked for."""
        return catalogue

    # From request to response

    def answer(self, request: Request) -> Response:
        """Answer one request. Never raises, whatever the request holds."""
        self.requests += 1
        parsed = self.read(request, self.requests)
        try:
            reply = self.reply(parsed)
        except Refusal as refusal:
            reply = self.refused(parsed, refusal)
        return self.respond(parsed, reply)

    def read(self, request: Request, number: int) -> ParsedRequest:
        """Read a request; nothing is judged yet."""
        operation, model_id = self.route(request)
        return ParsedRequest(request, number, operation, model_id, self.parameters(request), self.betas(request))

    def route(self, request: Request) -> tuple[Literal["list", "retrieve"] | None, str]:
        """The operation that the path names, and the model id it holds, decoded."""
        place = models_path(request.path)
        if place is None or place.prefix != self.base_path:
            return None, ""
        return ("list", "") if place.raw_id is None else ("retrieve", self.model_id(place.raw_id))

    def model_id(self, segment: str) -> str:
        """The id that the end of a path names. Its slashes may be escaped or not."""
        return decoded(segment)

    def parameters(self, request: Request) -> tuple[tuple[str, str], ...]:
        """The pairs of the query string, decoded, in order."""
        return tuple((decoded(name, True), decoded(value, True)) for name, value in query_pairs(request.query))

    def betas(self, request: Request) -> tuple[str, ...]:
        """The betas of all `anthropic-beta` lines."""
        return listed(request.lines("anthropic-beta"))

    def reply(self, parsed: ParsedRequest) -> Reply:
        """The answer to a request. Raises Refusal."""
        if parsed.operation is None:
            raise Refusal(404, "there is nothing at this path")
        self.check_method(parsed)
        self.check_credential(parsed)
        self.check_version(parsed)
        self.check_betas(parsed)
        return Reply(200, self.listing(parsed) if parsed.operation == "list" else self.retrieval(parsed))

    # Who asks, and for what

    def check_method(self, parsed: ParsedRequest) -> None:
        """Raises Refusal for any method but GET."""
        if parsed.request.method != "GET":
            raise Refusal(405, "this path answers GET only", headers=(("allow", "GET"),))

    def credential(self, parsed: ParsedRequest) -> str | None:
        """The key in `x-api-key`, else the bearer token."""
        key = parsed.request.line("x-api-key")
        if key is not None:
            return key
        scheme, _, token = (parsed.request.line("authorization") or "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def check_credential(self, parsed: ParsedRequest) -> None:
        """Raises Refusal where the credential is missing or not the one of this server."""
        credential = self.credential(parsed)
        if not credential or (self.api_key is not None and credential != self.api_key):
            raise Refusal(401, "the credential is missing or unknown")

    def check_version(self, parsed: ParsedRequest) -> None:
        """Raises Refusal where `anthropic-version` is missing or no date."""
        if not _VERSION.fullmatch(parsed.request.line("anthropic-version") or ""):
            raise Refusal(400, "anthropic-version: a date is required")

    def check_betas(self, parsed: ParsedRequest) -> None:
        """Raises Refusal for a beta that this server was told to refuse."""
        if not self.refused_betas.isdisjoint(parsed.betas):
            raise Refusal(400, "anthropic-beta: unexpected value")

    # List

    def listing(self, parsed: ParsedRequest) -> Any:
        """The body of a list answer. Raises Refusal."""
        filters = filters_of(self.contract)
        if not filters:
            return self.one_page(parsed)
        whole = self.catalogue
        try:
            for chosen in filters:
                self.catalogue = self.filtered(parsed, chosen)
            return self.one_page(parsed)
        finally:
            self.catalogue = whole

    def filtered(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """The catalogue that a filter leaves. Raises Refusal for values that do not exist, and for too many."""
        values = tuple(parsed.values(chosen.parameter)) or chosen.omitted
        if chosen.most is not None and len(values) > chosen.most:
            raise Refusal(400, f"{chosen.parameter}: at most {chosen.most} values")
        if chosen.closed and not set(values) <= set(chosen.values):
            raise Refusal(400, f"{chosen.parameter}: unknown value")
        return left_in(self.catalogue, chosen, values) if values else self.catalogue

    def one_page(self, parsed: ParsedRequest) -> Any:
        """The page of the models that are to be listed. Raises Refusal."""
        limit, cursor = self.limit(parsed), self.cursor(parsed)
        window = self.window(parsed, limit, cursor)
        return self.page(parsed, window, self.select(parsed, window))

    def limit(self, parsed: ParsedRequest) -> int:
        """The size of the page. Raises Refusal for a value that is not an integer in the documented range."""
        values = parsed.values("limit")
        if not values:
            return self.default_limit(parsed)
        if len(values) == 1 and _CANONICAL_INTEGER.fullmatch(values[0]):
            limit = int(values[0])
            if self.limits.minimum <= limit <= self.limits.maximum:
                return limit
        return self.bad_limit(parsed, values[0])

    def default_limit(self, parsed: ParsedRequest) -> int:
        """The size of a page that was asked for without one."""
        return self.limits.default

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        """What becomes of a limit that is out of range or no number. Raises Refusal."""
        raise Refusal(400, f"limit: an integer from {self.limits.minimum} to {self.limits.maximum} is required")

    def cursor(self, parsed: ParsedRequest) -> Cursor | None:
        """Where to go from. Raises Refusal for two cursors and for one that names no listed model."""
        after, before = parsed.values("after_id"), parsed.values("before_id")
        if not after and not before:
            return None
        if len(after) + len(before) > 1:
            return self.two_cursors(parsed)
        name = (after or before)[0]
        position = self.locate(parsed, name)
        if position is None:
            return self.unknown_cursor(parsed, name)
        return Cursor(position, backward=bool(before))

    def two_cursors(self, parsed: ParsedRequest) -> Cursor | None:
        """What becomes of two cursors in one request. Raises Refusal."""
        raise Refusal(400, "after_id, before_id: one cursor is allowed")

    def unknown_cursor(self, parsed: ParsedRequest, name: str) -> Cursor | None:
        """What becomes of a cursor that names no listed model. Raises Refusal."""
        raise Refusal(400, "after_id, before_id: no model has this id")

    def locate(self, parsed: ParsedRequest, name: str) -> int | None:
        """The position of the model that a cursor names; None where none does."""
        return self.catalogue.position(name)

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        """The page as positions: right after the cursor, right before it, or from the head."""
        total = len(self.catalogue)
        if cursor is None:
            start, stop = 0, min(limit, total)
        elif cursor.backward:
            start, stop = max(cursor.position - limit, 0), cursor.position
        else:
            start, stop = cursor.position + 1, min(cursor.position + 1 + limit, total)
        return Window(start, stop, total, limit, cursor)

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """The models of a page, in list order."""
        return self.catalogue.models[window.start : window.stop]

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        """Whether models remain beyond the page in the requested direction."""
        return window.start > 0 if window.backward else window.stop < window.total

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        """The list envelope around a page of models."""
        return {
            "data": [self.item(parsed, model) for model in models],
            "has_more": self.has_more(parsed, window),
            "first_id": models[0].id if models else None,
            "last_id": models[-1].id if models else None,
        }

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        """One model as it is shown, in lists and in retrievals."""
        return {
            "type": "model",
            "id": model.id,
            "display_name": model.display_name,
            "created_at": model.created_at,
            **model.extra,
        }

    # Retrieve

    def retrieval(self, parsed: ParsedRequest) -> Any:
        """The body of a retrieve answer. Raises Refusal."""
        model = self.find(parsed)
        return self.missing(parsed) if model is None else self.item(parsed, model)

    def find(self, parsed: ParsedRequest) -> Model | None:
        """The model that the path names, by id or alias."""
        return self.catalogue.find(parsed.model_id)

    def missing(self, parsed: ParsedRequest) -> Any:
        """What becomes of an id that names no model. Raises Refusal."""
        raise Refusal(404, "no model has this id")

    # Errors and bytes

    def request_id(self, parsed: ParsedRequest) -> str:
        """The name of the request, for the header and the error body."""
        return f"req_{sha256(str(parsed.number).encode()).hexdigest()[:24]}"

    def refused(self, parsed: ParsedRequest, refusal: Refusal) -> Reply:
        """The error answer to a refused request."""
        value = {
            "type": "error",
            "error": {"type": self.error_type(refusal), "message": refusal.message},
            "request_id": self.request_id(parsed),
        }
        return Reply(refusal.status, value, refusal.headers)

    def error_type(self, refusal: Refusal) -> str:
        """The type of the error: its own, or the documented one of its status."""
        return refusal.kind or error_type_of(self.contract, refusal.status)

    def encode(self, parsed: ParsedRequest, value: Any) -> bytes:
        """A JSON value as bytes."""
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        """The headers of an answer."""
        return (
            ("content-type", "application/json"),
            ("request-id", self.request_id(parsed)),
            *reply.headers,
        )

    def respond(self, parsed: ParsedRequest, reply: Reply) -> Response:
        """An answer as bytes and headers."""
        return Response(reply.status, self.headers(parsed, reply), self.encode(parsed, reply.value))


class RawFraming(Behaviour):
    """The ideal, byte for byte as it says: what variants of the framing are made of."""

    raw_framing = True


def with_header(headers: Headers, name: str, value: str) -> Headers:
    """`headers` where the header `name` has exactly this one line."""
    return (*(pair for pair in headers if pair[0].lower() != name), (name, value))
