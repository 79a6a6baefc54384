"""Undocumented behaviour is reported and never judged: keys that come back, cursors that name no model."""

from __future__ import annotations

from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.evidence.exchange import header
from models_conformance.reference.server.catalogue import catalogue_of
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Reply
from models_conformance.reference.server.serving import running
from models_conformance.result import Result


class _RepeatsTheKey(Behaviour):
    """A key that is not known stands in the message of its refusal."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        key = header(parsed.request.headers, "x-api-key")
        if key is not None and key != self.api_key:
            raise Refusal(401, f"no such key: {key}")
        return super().reply(parsed)


def judged(behaviour: Behaviour) -> Result:
    with running(behaviour) as server:
        return judge_server(ServerOptions(server.url, server.api_key, run=RunOptions(fail_on="should", examples=0)))


def told(result: Result) -> dict[str, str]:
    return {observation.about: observation.did for observation in result.observations}


def test_a_key_that_an_error_repeats_is_told() -> None:
    result = judged(_RepeatsTheKey(catalogue_of(30), api_key="reference-key-0123456789"))
    assert told(result)["the message of a 401"] == "repeats the key, or a part of it, that was sent"
    assert result.run.verdict == "passed"


def test_an_empty_cursor_and_an_invented_one_are_told_apart() -> None:
    did = told(judged(Behaviour(catalogue_of(30))))
    cursors = (
        "after_id with an unknown",
        "after_id with an empty",
        "before_id with an unknown",
        "before_id with an empty",
    )
    assert {f"{cursor} cursor" for cursor in cursors} <= {*did}
    assert not any("the message of" in about for about in did)
