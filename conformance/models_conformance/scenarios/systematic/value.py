"""What the caller gets back: every field as it was sent, however it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from models_conformance.evidence.instants import instant
from models_conformance.scenarios.models import LATER_MEMBERS, NULLABLE_MEMBERS, model, plain_models
from models_conformance.scenarios.scenario import Scenario, ServerScript, Spelling
from models_conformance.scenarios.systematic.tour import Tour
from models_conformance.scenarios.texts import DATES, NAMES, RARE_DATES

_EXTRAS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("of later revisions", LATER_MEMBERS),
    ("of later revisions, all null", dict.fromkeys(NULLABLE_MEMBERS)),
    (
        "that are undocumented",
        {
            # First, since one value that was changed hides the next.
            "empty": {},
            "owner": "vendor",
            "nested": {"list": [1, [2, {"deep": None}]]},
            "none": None,
            "flag": False,
            "nought": 0,
        },
    ),
    (
        "with integers beyond 53 bits",
        {
            "max_tokens": 2**53 + 1,
            "total": 2**63 - 1,
            "below": -(2**63),
            "nested": {"odd": 2**53 + 1},
            "listed": [2**53 + 1],
        },
    ),
    ("named like the words of a language", {"class": "large", "self": 1, "object": "model", "constructor": "x"}),
    (
        "named in other letters",
        {"größe": 3, "": "empty", "a.b": 1, "with blank": 2, "模型": "m", " padded ": 4, "e\u0301tat": 5},
    ),
    ("named in capitals", {"maxContext": 1, "X-Kind": "a", "PLAN": {"Seats": 2}, "rows": [{"Id": 3}]}),
    (
        "of numbers with fractions",
        {"score": 0.1234567890123, "share": 1.5e-9, "whole": 1.0, "most": 1.5e300, "nested": [0.30000000000000004]},
    ),
    (
        "of texts that look like something else",
        {
            "part": "007",
            "count": "12",
            "yes": "true",
            "nothing": "null",
            "none": "",
            "padded": "  x\n",
            "markup": '<b>&amp; "b"</b>',
            "day": "2026-02",
        },
    ),
    (
        "of lists and objects",
        {
            "words": ["b", "a", "a", "Cafe\u0301"],
            "holes": [None, 1, None],
            "nothing": [],
            "deep": [[[[[[["x"]]]]]]],
            "rows": [{"b": 1, "a": []}, {}],
        },
    ),
)
_ENVELOPE: Mapping[str, Any] = {"object": "list", "total": 3, "next_page": None, "links": {"self": "/v1/models"}}
_SPELLINGS: tuple[tuple[str, Spelling], ...] = (
    ("in plain UTF-8", Spelling(ascii_only=False)),
    ("over many lines", Spelling(indent=True)),
    ("with its members in reverse order", Spelling(reversed_keys=True)),
    ("compressed", Spelling(gzip=True)),
    ("in chunks", Spelling(chunked=True)),
    ("on a connection that closes", Spelling(close=True)),
    ("compressed and in chunks", Spelling(gzip=True, chunked=True, ascii_only=False)),
    ("with a charset, in plain UTF-8", Spelling(ascii_only=False, content_type="application/json; charset=utf-8")),
    ("with a content type in capitals", Spelling(content_type="Application/JSON")),
)


def value(tour: Tour) -> Iterator[Scenario]:
    """Dates, names, members, spellings of JSON and HTTP, aliases, and a page as long as pages get."""
    yield from _dates(tour)
    yield from _names(tour)
    yield from _members(tour)
    yield from _walked(tour)
    yield from _spellings(tour)
    yield from _aliases(tour)
    if tour.full:
        yield tour.page("a page of a thousand models", ServerScript(plain_models(1000)), {"limit": 1000})
        # As much as a thousand models with all that later revisions tell of each, and one more behind them.
        long = tuple({**plain, "display_name": "Claude " * 130} for plain in plain_models(1001))
        yield tour.page("a megabyte of a thousand models", ServerScript(long), {"limit": 1000})


def _dates(tour: Tour) -> Iterator[Scenario]:
    dated = sorted((text for _, text in DATES), key=lambda text: instant(text) or 0, reverse=True)
    models = tuple(model(f"claude-dated-{number}", text) for number, text in enumerate(dated))
    yield tour.page("dates in common spellings", ServerScript(models))
    if not tour.full:
        return
    # One a call: a client that cannot read one of them would hide what it makes of the others.
    for what, text in (*RARE_DATES, *DATES[1:]):
        script = ServerScript((model("claude-dated", text),))
        yield tour.retrieve(f"a model with a date that {what}", script, "claude-dated")
        if (what, text) in RARE_DATES:
            yield tour.page(f"a list with a date that {what}", script)


def _names(tour: Tour) -> Iterator[Scenario]:
    script = ServerScript(
        tuple(model(f"claude-named-{number}", display_name=text) for number, (_, text) in enumerate(NAMES))
    )
    yield tour.page("names that are hard to keep", script)
    if tour.full:
        plain = Spelling(ascii_only=False)
        yield tour.page("names that are hard to keep, in plain UTF-8", replace(script, spelling=plain))
        for number, (what, text) in enumerate(NAMES):
            spelling = plain if number % 2 else Spelling()
            alone = ServerScript((model("claude-named", display_name=text),), spelling=spelling)
            yield tour.retrieve(f"a name that {what}", alone, "claude-named")


def _members(tour: Tour) -> Iterator[Scenario]:
    for what, extra in _EXTRAS if tour.full else _EXTRAS[:1]:
        script = ServerScript((model("claude-rich", **extra), *plain_models(1)))
        yield tour.page(f"a list with members {what}", script)
        yield tour.retrieve(f"a model with members {what}", script, "claude-rich")
    if tour.full:
        yield tour.page("an envelope with members of its own", ServerScript(plain_models(3), envelope=_ENVELOPE))
        if tour.walks:
            script = ServerScript(plain_models(3), envelope=_ENVELOPE)
            yield tour.walk("a walk over envelopes with members of their own", script, {"limit": 1})


def _walked(tour: Tour) -> Iterator[Scenario]:
    """All of it once more, page after page."""
    rich = (model(f"claude-rich-{number}", **extra) for number, (_, extra) in enumerate(_EXTRAS))
    named = (model(f"claude-named-{number}", display_name=text) for number, (_, text) in enumerate(NAMES))
    dated = (model(f"claude-dated-{number}", text) for number, (_, text) in enumerate(DATES))
    models = sorted((*rich, *named, *dated), key=lambda one: instant(one["created_at"]) or 0, reverse=True)
    if tour.full and tour.walks:
        yield tour.walk("a walk over all that is hard to keep", ServerScript(tuple(models)), {"limit": 7})


def _spellings(tour: Tour) -> Iterator[Scenario]:
    models = (model("claude-模型", display_name="Claude é 🙂"), *plain_models(3))
    for what, spelling in _SPELLINGS if tour.full else _SPELLINGS[3:5]:
        yield tour.page(f"a list {what}", ServerScript(models, spelling=spelling))
    if tour.full and tour.walks:
        for what, spelling in _SPELLINGS[5:7]:
            yield tour.walk(f"a walk over pages {what}", ServerScript(models, spelling=spelling), {"limit": 2})


def _aliases(tour: Tour) -> Iterator[Scenario]:
    aliases = {"claude-latest": "claude-2", "vendor/latest": "claude-3"}
    script = ServerScript(plain_models(3), aliases=aliases)
    for alias in aliases if tour.full else ("claude-latest",):
        yield tour.retrieve(f"the alias {alias}", script, alias)
