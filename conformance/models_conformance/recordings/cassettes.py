"""Cassettes: what vcrpy, Ruby VCR, go-vcr, R vcr, OkReplay, PHP-VCR, ExVCR and httpretty write, as YAML or JSON.

They share one shape, a list of interactions with a request and a response, and differ in spelling; so one
lenient reader serves them all, and the dialects that people filter and hand-edit as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from models_conformance.recordings.bodies import kept_answer, recorded_bytes
from models_conformance.recordings.entries import Entry, moment_of, read_headers, read_models_call, read_status
from models_conformance.recordings.plain import Members, Value
from models_conformance.recordings.problems import Location

NAMES = ("http_interactions", "interactions")
# The settings of a run, which this suite writes into each file of the run's folder. Ruby VCR and R vcr name themselves
# there, in a text.
RECORDED_WITH = "recorded_with"
# Go writes durations as 51ms, 1.2s, 1m3.5s; longer ones, and nothing, are not worth reading.
_GO_DURATION = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>ns|us|µs|ms|s)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0}


def is_cassette(document: Value) -> bool:
    """Whether a document is a cassette of any of these tools."""
    if isinstance(document, list):
        # One that is damaged is refused by its place.
        return any(map(_is_interaction, document))
    # A pact has interactions, too: what a client expects, and no recording.
    is_pact = isinstance(document, Members) and {"consumer", "provider"} <= set(document)
    return isinstance(document, Members) and any(name in document for name in NAMES) and not is_pact


def is_of_a_run(document: Value) -> bool:
    """Whether it is one of the files that a run of this suite was recorded in: they show one catalogue together."""
    return isinstance(document, Members) and isinstance(document.get(RECORDED_WITH), Members)


def _is_interaction(pair: Value) -> bool:
    """Of a list that is nothing else: as the first vcrpy wrote, and PHP-VCR, ExVCR and the recorder of httpretty do."""
    if not isinstance(pair, Members) or not isinstance(pair.get("response"), Members):
        return False
    request = pair.get("request")
    return isinstance(request, Members) and str(request.get("uri", request.get("url"))).startswith("http")


def read_cassette(document: Members | list[Value], where: Location) -> Iterator[Entry | None]:
    """Each interaction, in order; None for one that is not a Models API call. Raises RecordingError."""
    interactions, name = document, ""
    if isinstance(document, Members):
        name = next(name for name in NAMES if name in document)
        if document.is_repeated(name):
            raise where.refused(f"{name} is there twice")
        interactions = document[name]
    # An empty cassette; and R writes an empty list as an empty mapping.
    if interactions is None or interactions == {}:
        return
    if not isinstance(interactions, list):
        raise where.refused(f"{name} is not a list")
    for number, interaction in enumerate(interactions, 1):
        yield _interaction(interaction, where.within(f"interaction {number}"))


def _interaction(interaction: Value, where: Location) -> Entry | None:
    if not isinstance(interaction, Members):
        raise where.refused("is not a mapping with a request and a response")
    request = _member(interaction, "request", where)
    if not isinstance(request, Members):
        raise where.refused("has no request")
    url_name = "uri" if "uri" in request else "url"
    call = read_models_call(_member(request, "method", where), _member(request, url_name, where), where)
    if call is None:
        return None
    call = replace(call, headers=read_headers(_member(request, "headers", where), where))
    response = _member(interaction, "response", where)
    if response is None:
        return Entry(where.position, call, None)
    if not isinstance(response, Members):
        raise where.refused("the response is not a mapping")
    headers = read_headers(_member(response, "headers", where), where)
    for _, value in (*call.headers, *headers):
        where.spend(len(value))
    # vcrpy wrote `content` for httpx before it wrote `body`.
    stored = _member(response, "body" if "body" in response else "content", where)
    body = recorded_bytes(stored, where)
    return Entry(
        where.position,
        call,
        kept_answer(read_status(_status(response, where), where), headers, body, where),
        _go_seconds(response.get("duration")),
        moment_of(interaction.get("recorded_at", interaction.get("recorded")), headers),
    )


def _member(members: Members, name: str, where: Location) -> Value:
    if members.is_repeated(name):
        raise where.refused(f"{name} is there twice")
    return members.get(name)


def _status(response: Members, where: Location) -> Value:
    """`status: {code}` (vcrpy, Ruby), `{status_code}` or a number (R), `code` beside `status` (Go)."""
    status = _member(response, "status", where)
    if isinstance(status, Members):
        return status.get("code", status.get("status_code"))
    for name in ("code", "status_code"):
        if response.get(name) is not None:
            return response[name]
    # go-vcr writes "200 OK" here; where that is all there is, it says enough.
    return status.partition(" ")[0] if isinstance(status, str) else status


def _go_seconds(value: Value) -> float:
    match = _GO_DURATION.fullmatch(value) if isinstance(value, str) and len(value) < 40 else None
    return float(match["number"]) * _UNITS[match["unit"]] if match else 0.0
