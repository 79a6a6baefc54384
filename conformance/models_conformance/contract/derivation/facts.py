"""Prose as facts in our own vocabulary. A sentence is recognised by the words that carry its meaning.

The patterns allow for other wording, for glued text, and for the opposite claim where one can be made: a page
that says so yields a disagreement, not a silent agreement. No pattern can run away: every gap is bounded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models_conformance.contract.derivation.items import wire_name
from models_conformance.contract.derivation.objects import ENVELOPE, ITEM, ObjectReading
from models_conformance.contract.derivation.page_reading import PageReading, Prose
from models_conformance.contract.derivation.relations import claim_relations
from models_conformance.contract.model import STATUS, Scalar, Source

Claims = dict[str, dict[Scalar, list[Source]]]


# Of the thing itself, not of a value that it lists: such a line begins with the value.
_DEPRECATED = re.compile(
    r"^[*_(\[ ]{0,4}Deprecated\b[*_)\] ]{0,4}(?:[.:!,;]|$|since\b|in favou?r\b|use\b)"
    r"|\b[Tt]h(?:is|e) (?:\w+ )?(?:parameter|field|member|property|endpoint|operation|header|method) "
    r"(?:is|was|has been) (?:now )?deprecated\b"
)


@dataclass(frozen=True)
class _Rule:
    """`about` = `says` where the prose of `of` (an operation, a parameter of one, a member) matches."""

    about: str
    says: Scalar
    of: str
    pattern: re.Pattern[str]


def _rule(about: str, says: Scalar, of: str, pattern: str) -> _Rule:
    return _Rule(about, says, of, re.compile(pattern, re.IGNORECASE))


def _ends(about: str, of: str) -> Iterator[_Rule]:
    """What is said of the two ids of an envelope."""
    for end in ("first", "last"):
        yield _rule(f"{about}.is", f"{end}-of-data", of, rf"\b{end}\b[^.]{{0,30}}\bids?\b[^.]{{0,40}}data")
        yield _rule(f"{about}.is", f"{end}-of-data", of, rf"\bids?\b[^.]{{0,30}}\b{end}\b[^.]{{0,40}}data")
    for cursor in ("before_id", "after_id"):
        yield _rule(f"{about}.usable_as", cursor, of, rf"\bus(?:ed|e|able)\b[^.]{{0,30}}\bas\b[^.]{{0,12}}?{cursor}")


_RULES: tuple[_Rule, ...] = (
    _rule("list.order", "newest-first", "list", r"\b(?:most|more) recent[^.]{0,80}\bfirst\b"),
    _rule("list.order", "newest-first", "list", r"\bnew(?:er|est)[^.]{0,80}\bfirst\b"),
    _rule("list.order", "newest-first", "list", r"\bnewest\s+to\s+oldest\b|\breverse[\s-]chronological"),
    _rule("list.order", "oldest-first", "list", r"\b(?:old(?:er|est)|(?:least|less) recent)[^.]{0,80}\bfirst\b"),
    _rule("list.order", "oldest-first", "list", r"\b(?:(?:most|more) recent|new(?:er|est))[^.]{0,80}\blast\b"),
    _rule("list.order", "oldest-first", "list", r"\boldest\s+to\s+newest\b"),
    *(
        _rule(
            f"list.{cursor}.page",
            f"immediately-{way}",
            f"list.{cursor}",
            rf"\b(?:immediately|directly|right|just)\s*(?:{spoken})\b",
        )
        for cursor in ("after_id", "before_id")
        for way, spoken in (("after", "after|following|behind"), ("before", "before|preceding|ahead of"))
    ),
    _rule("list.limit.counts", "items-per-page", "list.limit", r"\bitems?\b[^.]{0,60}\b(?:per|each|a)\s*page\b"),
    _rule(
        "list.has_more.speaks_of",
        "requested-direction",
        f"{ENVELOPE}.has_more",
        r"\brequested\b[^.]{0,40}\bdirection\b|\bdirection\b[^.]{0,40}\brequested\b",
    ),
    *_ends("list.first_id", f"{ENVELOPE}.first_id"),
    *_ends("list.last_id", f"{ENVELOPE}.last_id"),
    _rule("model.id.is", "unique", f"{ITEM}.id", r"\bunique"),
    _rule("model.created_at.format", "rfc3339", f"{ITEM}.created_at", r"\bRFC\s*-?3339"),
    _rule(
        "model.created_at.epoch_means",
        "unknown",
        f"{ITEM}.created_at",
        r"\bepoch\b[^.]{0,80}(?:unknown|not known)|(?:unknown|not known)[^.]{0,80}\bepoch\b",
    ),
    _rule("model.display_name.is", "human-readable", f"{ITEM}.display_name", r"\bhuman[\s-]*readable"),
    _rule(
        "retrieve.resolves",
        "alias-to-id",
        "retrieve",
        r"\bresol\w{1,6}[^.]{0,40}\balias\w{0,2}\b[^.]{0,40}\bids?\b",
    ),
    _rule(
        "retrieve.model_id.accepts",
        "id-or-alias",
        "retrieve.model_id",
        r"\b(?:ids?|identifiers?)\b[^.]{0,30}\balias|\balias\w{0,2}\b[^.]{0,30}\b(?:ids?|identifier)",
    ),
)


def claims_of(reading: PageReading, objects: Sequence[ObjectReading]) -> Claims:
    """What the prose, the constants and the example requests of one page claim, with the line of each."""
    prose = _prose_of(reading, objects)
    found: Claims = defaultdict(dict)

    def claim(about: str, says: Scalar, line: int) -> None:
        sources = found[about].setdefault(says, [])
        if not sources:
            sources.append(Source(reading.page, line, reading.sha256))

    for item in (object_reading for object_reading in objects if object_reading.path == ITEM):
        kind = item.fields.get("type")
        if kind is not None and len(kind.values) == 1 and not kind.open:
            claim("model.type.is", kind.values[0], kind.line)
    for rule in _RULES:
        line = _match(rule.pattern, prose[rule.of])
        if line is not None:
            claim(rule.about, rule.says, line)
    for of, line in _deprecated(prose):
        claim(f"{_public(of)}.{STATUS}", "deprecated", line)
    claim_relations(reading, objects, claim)
    for header, value, line in reading.headers:
        if header.endswith("-version"):
            if value is not None:
                claim(f"version.{header}", value, line)
        elif value is None:
            claim(f"auth.{header}", "with-every-request", line)
    return found


def _prose_of(reading: PageReading, objects: Sequence[ObjectReading]) -> defaultdict[str, list[Prose]]:
    """What is said of each operation (`list`), parameter (`list.limit`) and member (`model.id`)."""
    prose: defaultdict[str, list[Prose]] = defaultdict(list)
    for name, operation in reading.operations.items():
        prose[name] += operation.prose
        for parameter in operation.parameters:
            prose[f"{name}.{wire_name(parameter.name)}"] += parameter.prose
    for object_reading in objects:
        for member in object_reading.fields.values():
            prose[f"{object_reading.path}.{member.name}"] += member.prose
    return prose


def _deprecated(prose: Mapping[str, Sequence[Prose]]) -> Iterator[tuple[str, int]]:
    """What is said to be deprecated, and on which line."""
    for of, pieces in prose.items():
        line = next((line for line, piece in pieces if _DEPRECATED.search(piece)), None)
        if line is not None:
            yield of, line


def _public(path: str) -> str:
    """The path of an object's member as facts are named: the envelope is the list's."""
    return f"list.{path.removeprefix(f'{ENVELOPE}.')}" if path.startswith(f"{ENVELOPE}.") else path


def _match(pattern: re.Pattern[str], pieces: Sequence[Prose]) -> int | None:
    """The line on which a match begins, in pieces of prose read as one text."""
    starts, text = [], ""
    for line, piece in pieces:
        starts.append((len(text), line))
        text += piece + " "
    match = pattern.search(text)
    if match is None:
        return None
    return next(line for start, line in reversed(starts) if start <= match.start())
