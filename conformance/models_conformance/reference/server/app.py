"""A behaviour as an ASGI application: Starlette around `Behaviour.answer`, nothing decoded and nothing merged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.responses import Response as BodyResponse
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Request, Response

# Small enough that any page spans several chunks.
_CHUNK = 61


def application(behaviour: Behaviour) -> ASGIApp:
    """The ASGI application that answers as `behaviour` does, whatever the path."""

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        response = behaviour.answer(request_of(scope))
        if response.delay:
            await asyncio.sleep(response.delay)
        await _sendable(response)(scope, receive, send)

    app = Starlette()
    # No route: Starlette would match the decoded path, and redirect one that ends in a slash.
    app.router.default = endpoint
    app.router.redirect_slashes = False
    return app


def request_of(scope: Scope) -> Request:
    """The request of an ASGI scope, as it was on the wire. Raises KeyError where there is no raw path."""
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
    )


def _sendable(response: Response) -> BodyResponse:
    sendable: BodyResponse
    if response.framing == "chunked":
        sendable = StreamingResponse(_chunks(response.body), response.status)
    else:
        sendable = BodyResponse(response.body, response.status)
    computed = [pair for pair in sendable.raw_headers if pair[0] == b"content-length"]
    given = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    sendable.raw_headers = given + computed
    return sendable


async def _chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _CHUNK):
        yield body[start : start + _CHUNK]
