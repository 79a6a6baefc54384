"""Calls to a driver of the reference client, and servers that answer them in ways of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from models_conformance.reference.client.driver import ReferenceDriver
from models_conformance.reference.server.catalogue import Catalogue
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Headers, Request, Response
from models_conformance.reference.server.serving import RunningServer
from models_conformance.scenarios.fixture.fixture_server import own_target

JSON: Headers = (("content-type", "application/json"),)
EVERYTHING = 100_000


def connect(server: RunningServer, **how: Any) -> dict[str, Any]:
    """Where and as whom to call; nothing is tried again unless `how` says so."""
    return {
        "surface": "models",
        "base_url": server.url,
        "api_key": server.api_key,
        "timeout_s": 5,
        "max_retries": 0,
        **how,
    }


def walked(driver: ReferenceDriver, server: RunningServer, max_items: int = EVERYTHING, **args: Any) -> dict[str, Any]:
    """The answer to a walk."""
    return driver.list(connect(server), args, True, max_items)


def paged(driver: ReferenceDriver, server: RunningServer, **args: Any) -> dict[str, Any]:
    """The page that a page call gives."""
    page: dict[str, Any] = driver.list(connect(server), args, False, EVERYTHING)["ok"]["page"]
    return page


def ids(models: list[dict[str, Any]]) -> list[str]:
    """The ids of models as a driver shows them."""
    return [model["id"] for model in models]


class Recording(Behaviour):
    """The ideal server, which keeps every request; `instead` may answer the n-th of them (from 1) in its stead."""

    def __init__(
        self, catalogue: Catalogue | None = None, instead: Callable[[int, Request], Response | None] | None = None
    ) -> None:
        super().__init__(catalogue)
        self.seen: list[Request] = []
        self._instead = instead

    def answer(self, request: Request) -> Response:
        # Any server takes the absolute form (RFC 9112, 3.2.2); the reference server has no use for it.
        request = replace(request, path=own_target(request.path))
        self.seen.append(request)
        response = self._instead(len(self.seen), request) if self._instead is not None else None
        return super().answer(request) if response is None else response


class RawRecording(Recording):
    """The same over raw sockets, for answers whose framing is broken."""

    raw_framing = True
