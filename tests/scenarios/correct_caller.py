"""A correct client without a transport: it asks a scenario's server and keeps what it is told."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from models_conformance.reference.server.messages import Request
from models_conformance.scenarios.fixture.http_messages import Outgoing
from models_conformance.scenarios.fixture.scripted_server import ScriptedServer
from models_conformance.scenarios.scenario import Scenario

_KEY = "key"
_HEADERS = (("x-api-key", _KEY), ("anthropic-version", "2023-06-01"))


class Refused(Exception):
    """The server answered with anything but 200; the argument is the status."""


def pages(scenario: Scenario) -> list[list[Any]]:
    """The models of each page that the call gets. Raises Refused."""
    spec, scripted, got = scenario.call, ScriptedServer(scenario, _KEY), list[list[Any]]()
    args = {name: value for name, value in spec.args.items() if name != "betas"}
    while True:
        page = _spec(scripted, f"{scenario.server.prefix}/v1/models", urlencode(args))
        got.append(page["data"])
        if not (spec.walk and page["has_more"] and page["data"]) or sum(map(len, got)) >= spec.max_items:
            return got
        if "before_id" in args:
            args["before_id"] = page["first_id"]
        else:
            args["after_id"] = page["last_id"]


def retrieved(scenario: Scenario) -> Any:
    """The model that the call gets. Raises Refused."""
    path = f"{scenario.server.prefix}/v1/models/{quote(scenario.call.args['model_id'], safe='')}"
    return _spec(ScriptedServer(scenario, _KEY), path, "")


def _spec(scripted: ScriptedServer, path: str, query: str) -> Any:
    outgoing = scripted.answer(Request("GET", path, query, _HEADERS))
    assert isinstance(outgoing, Outgoing)
    if outgoing.status != 200:
        raise Refused(outgoing.status)
    return json.loads(outgoing.body)
