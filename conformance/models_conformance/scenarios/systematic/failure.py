"""Answers that are not success, or look like one: each has to reach the caller as an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models_conformance.scenarios.answers import (
    ODD_SUCCESSES,
    OPENAI_ERROR,
    OPENAI_LIST,
    OPENAI_MODEL,
    broken,
    error,
    error_body,
    gateway_page,
    json_text,
    plain_text,
)
from models_conformance.scenarios.scenario import Framing, Intervention, Scenario, Spelling
from models_conformance.scenarios.systematic.tour import Tour, intervening

_ID = "claude-3"
_LONG = "shown to a client " * 4000
_FOREIGN = "没有 \U0001f642\nné"
_ON_EACH_SURFACE = (404, 429)
_NO_PLAIN_SUCCESS = (203, 201, 206, 300, 304)
_BREAKS: tuple[tuple[str, Framing], ...] = (
    ("an answer cut short", "cut-body"),
    ("an answer cut within its chunks", "cut-chunk"),
    ("no answer", "no-answer"),
)


def failure(tour: Tour) -> Iterator[Scenario]:
    """Documented errors, errors in other words, successes that hold no answer, and broken transports."""
    yield from _documented(tour)
    if tour.full:
        yield from _request_ids(tour)
    yield from _other_words(tour)
    yield from _odd_successes(tour)
    yield from _other_statuses(tour)
    yield from _broken(tour)


def _documented(tour: Tour) -> Iterator[Scenario]:
    for status, kind in sorted(tour.contract.errors.items()):
        if tour.full or status in _ON_EACH_SURFACE:
            yield tour.page(f"a list refused with {status} {kind}", intervening(error(status)))
            yield tour.retrieve(f"a model refused with {status} {kind}", intervening(error(status)), _ID)
    if tour.walks:
        yield tour.walk("a walk whose first page fails with 500", intervening(error(500)), {"limit": 2})


def _request_ids(tour: Tour) -> Iterator[Scenario]:
    refused = intervening(error(400))
    yield tour.page("an error with its request id in the header alone", replace(refused, request_id="header"))
    yield tour.page("an error with its request id in the body alone", replace(refused, request_id="body"))
    yield tour.retrieve("an error without a request id", replace(refused, request_id="none"), _ID)


def _other_words(tour: Tour) -> Iterator[Scenario]:
    cases: tuple[tuple[str, Intervention], ...] = (
        ("502 and a web page", gateway_page(502)),
        ("404 in OpenAI's words", json_text(404, OPENAI_ERROR)),
        ("503 and nothing", json_text(503, "")),
        ("404 and a line of text", plain_text(404, "404 page not found")),
        ("400 in OpenAI's words", json_text(400, OPENAI_ERROR)),
        ("500 in OpenAI's words", json_text(500, OPENAI_ERROR)),
        ("500 and an array", json_text(500, '["failed"]')),
        ("500 and a string", json_text(500, '"failed"')),
        ("400 and an error without a type", json_text(400, error_body(None))),
        ("400 and an error that is a string", json_text(400, '{"type": "error", "error": "bad"}')),
        ("400 and an unknown error type", error(400, "unheard_of_error")),
        ("418 and an error type of its own", error(418, "teapot_error")),
        ("500 and JSON that ends in its middle", json_text(500, error_body("api_error")[:40])),
        ("400 and an error of seventy thousand letters", json_text(400, error_body("invalid_request_error", _LONG))),
        ("404 and an error in other letters", json_text(404, error_body("not_found_error", _FOREIGN))),
    )
    for number, (what, intervention) in enumerate(cases if tour.full else cases[:2]):
        if number % 2:
            yield tour.retrieve(f"a model answered with {what}", intervening(intervention), _ID)
        else:
            yield tour.page(f"a list answered with {what}", intervening(intervention))
    if tour.full:
        yield tour.retrieve("a model answered with 502 and a web page", intervening(gateway_page(502)), _ID)
        yield tour.page(
            "a list refused with 400, compressed", replace(intervening(error(400)), spelling=Spelling(gzip=True))
        )


def _odd_successes(tour: Tour) -> Iterator[Scenario]:
    openai_list = ("OpenAI's list", json_text(200, OPENAI_LIST))
    openai_model = ("OpenAI's model", json_text(200, OPENAI_MODEL))
    lists = (*ODD_SUCCESSES, openai_list) if tour.full else ODD_SUCCESSES[1:2]
    models = (*ODD_SUCCESSES, openai_model) if tour.full else ODD_SUCCESSES[:1]
    # A walk reads its pages as page calls do; what is left to see is that it does not end early.
    walks = (*ODD_SUCCESSES[::4], openai_list) if tour.full else ODD_SUCCESSES[7:8]
    for what, intervention in lists:
        yield tour.page(f"a list that is {what}", intervening(intervention))
    for what, intervention in models:
        yield tour.retrieve(f"a model that is {what}", intervening(intervention), _ID)
    for what, intervention in walks if tour.walks else ():
        yield tour.walk(f"a walk whose first page is {what}", intervening(intervention), {"limit": 2})


def _other_statuses(tour: Tour) -> Iterator[Scenario]:
    """What was asked for, under another status than the one that promises it."""
    for status in _NO_PLAIN_SUCCESS if tour.full else _NO_PLAIN_SUCCESS[:1]:
        script = intervening(Intervention(status=status))
        yield tour.page(f"a list under status {status}", script)
        yield tour.retrieve(f"a model under status {status}", script, _ID)


def _broken(tour: Tour) -> Iterator[Scenario]:
    for what, framing in _BREAKS if tour.full else _BREAKS[:1]:
        yield tour.page(f"a list with {what}", intervening(broken(framing)))
        yield tour.retrieve(f"a model with {what}", intervening(broken(framing)), _ID)
