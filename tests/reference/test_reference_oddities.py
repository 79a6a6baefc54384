"""Every oddity answers as it should, but for what is odd about it."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest

from models_conformance.evidence.instants import instant, is_unknown
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Response
from models_conformance.reference.server.serving import behaviour_named
from tests.reference.probe import HEADERS, asked_again, broad_requests, listing, retrieval

each_oddity = pytest.mark.parametrize("oddity", SERVERS.oddities())


def value_of(response: Response) -> Any:
    coding = response.header("content-encoding")
    body = response.body
    if coding is not None:
        body = zlib.decompress(body, wbits=31 if coding == "gzip" else 15)
    return json.loads(body)


@each_oddity
def test_an_oddity_is_newest_first(oddity: str) -> None:
    moments = [instant(model.created_at) for model in behaviour_named(oddity, 47).catalogue.models]
    known = [moment for moment in moments if moment is not None and not is_unknown(moment)]
    assert None not in moments
    assert known == sorted(known, reverse=True)


@each_oddity
def test_walking_an_oddity_yields_its_catalogue(oddity: str) -> None:
    behaviour = behaviour_named(oddity, 47)
    headers = (*HEADERS, ("accept-encoding", "gzip, deflate"))
    size = max(len(behaviour.catalogue) // 6, 2)
    seen: list[str] = []
    pairs: list[tuple[str, object]] = [("limit", size)]
    for _ in range(20):
        response = asked_again(behaviour, listing(*pairs, headers=headers, base=behaviour.base_path))
        assert response.status == 200
        page = value_of(response)
        seen += [item["id"] for item in page["data"]]
        if not page["has_more"]:
            break
        pairs = [("limit", size), ("after_id", page["last_id"])]
    # Models that were released on the way stand before those seen.
    assert seen == [model.id for model in behaviour.catalogue.models][-len(seen) or None :]
    assert len(behaviour.catalogue) - len(seen) <= 2


@each_oddity
def test_an_oddity_answers_its_ids_and_aliases(oddity: str) -> None:
    behaviour = behaviour_named(oddity, 47)
    catalogue = behaviour.catalogue
    # The oldest first: an oddity that withdraws it in the middle of a run does so later.
    ids = [model.id for model in (*catalogue.models[:50], *catalogue.retired)][::-1]
    for name, model_id in [*((model_id, model_id) for model_id in ids), *catalogue.aliases.items()]:
        response = asked_again(behaviour, retrieval(name, base=behaviour.base_path))
        assert response.status == 200
        assert value_of(response)["id"] == model_id


@each_oddity
def test_an_oddity_never_fails_but_for_load(oddity: str) -> None:
    behaviour = behaviour_named(oddity, 30)
    for request in broad_requests(Behaviour(behaviour.catalogue)):
        assert behaviour.answer(request).status in {*range(200, 500), 503, 529}
