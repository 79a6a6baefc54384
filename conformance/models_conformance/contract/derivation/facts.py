"""Prose as facts in our own vocabulary. A sentence is recognised by the words that carry its meaning.

The patterns allow for other wording, for glued text, and for the opposite claim where one can be made: a page
that says so yields a disagreement, not a silent agreement. No pattern can run away: every gap is bounded.

How things hang together (which parameter filters by which member, when a member is null) is recognised by names and
values that the page itself documents, so that a parameter or a member of another name is read as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from models_conformance.contract.derivation.items import wire_name
from models_conformance.contract.derivation.objects import ENVELOPE, ITEM, ObjectReading
from models_conformance.contract.derivation.page_reading import Member, PageReading, Prose
from models_conformance.contract.model import FILTERS_BY, GIVEN_WHILE, NULL_WHILE, OMITTED_MEANS, STATUS, Scalar

Claim = tuple[str, Scalar, int | None]
"""What a fact is about, what is said of it, and on which line."""
_Rule = tuple[str, str, str, str]

# Of the thing itself, not of a value that it lists: such a line begins with the value.
_DEPRECATED = re.compile(
    r"^[*_(\[ ]{0,4}Deprecated\b[*_)\] ]{0,4}(?:[.:!,;]|$|since\b|in favou?r\b|use\b)"
    r"|\b[Tt]h(?:is|e) (?:\w+ )?(?:parameter|field|member|property|endpoint|operation|header|method) "
    r"(?:is|was|has been) (?:now )?deprecated\b"
)


_FILTER = re.compile(r"\bfilters?\b[^.]{0,80}", re.IGNORECASE)
_OMITTED = re.compile(
    r"\b(?:when|if|where)\s+(?:it\s+is\s+)?(?:omitted|absent|not\s+(?:given|set|provided|specified))\b[^.;]{0,160}",
    re.IGNORECASE,
)
_NULL_WHILE = re.compile(r"\bnull\b[`\"']?\s+(?:while|when|where|unless|for)\b([^.;]{0,120})", re.IGNORECASE)
_UNLESS = re.compile(r"\bunless\b", re.IGNORECASE)
_GIVEN_FOR = re.compile(r"\b(?:populated|given|set|present)\s+(?:for|while|when|where)\b([^.;]{0,120})", re.IGNORECASE)


def _ends(about: str, of: str) -> Iterator[_Rule]:
    """What is said of the two ids of an envelope."""
    for end in ("first", "last"):
        yield (f"{about}.is", f"{end}-of-data", of, rf"\b{end}\b[^.]{{0,30}}\bids?\b[^.]{{0,40}}data")
        yield (f"{about}.is", f"{end}-of-data", of, rf"\bids?\b[^.]{{0,30}}\b{end}\b[^.]{{0,40}}data")
    for cursor in ("before_id", "after_id"):
        yield (f"{about}.usable_as", cursor, of, rf"\bus(?:ed|e|able)\b[^.]{{0,30}}\bas\b[^.]{{0,12}}?{cursor}")


_RULES: tuple[_Rule, ...] = (
    ("list.order", "newest-first", "list", r"\b(?:most|more) recent[^.]{0,80}\bfirst\b"),
    ("list.order", "newest-first", "list", r"\bnew(?:er|est)[^.]{0,80}\bfirst\b"),
    ("list.order", "newest-first", "list", r"\bnewest\s+to\s+oldest\b|\breverse[\s-]chronological"),
    ("list.order", "oldest-first", "list", r"\b(?:old(?:er|est)|(?:least|less) recent)[^.]{0,80}\bfirst\b"),
    ("list.order", "oldest-first", "list", r"\b(?:(?:most|more) recent|new(?:er|est))[^.]{0,80}\blast\b"),
    ("list.order", "oldest-first", "list", r"\boldest\s+to\s+newest\b"),
    *(
        (
            f"list.{cursor}.page",
            f"immediately-{way}",
            f"list.{cursor}",
            rf"\b(?:immediately|directly|right|just)\s*(?:{words})\b",
        )
        for cursor in ("after_id", "before_id")
        for way, words in (("after", "after|following|behind"), ("before", "before|preceding|ahead of"))
    ),
    ("list.limit.counts", "items-per-page", "list.limit", r"\bitems?\b[^.]{0,60}\b(?:per|each|a)\s*page\b"),
    (
        "list.has_more.speaks_of",
        "requested-direction",
        f"{ENVELOPE}.has_more",
        r"\brequested\b[^.]{0,40}\bdirection\b|\bdirection\b[^.]{0,40}\brequested\b",
    ),
    *_ends("list.first_id", f"{ENVELOPE}.first_id"),
    *_ends("list.last_id", f"{ENVELOPE}.last_id"),
    ("model.id.is", "unique", f"{ITEM}.id", r"\bunique"),
    ("model.created_at.format", "rfc3339", f"{ITEM}.created_at", r"\bRFC\s*-?3339"),
    (
        "model.created_at.epoch_means",
        "unknown",
        f"{ITEM}.created_at",
        r"\bepoch\b[^.]{0,80}(?:unknown|not known)|(?:unknown|not known)[^.]{0,80}\bepoch\b",
    ),
    ("model.display_name.is", "human-readable", f"{ITEM}.display_name", r"\bhuman[\s-]*readable"),
    (
        "retrieve.resolves",
        "alias-to-id",
        "retrieve",
        r"\bresol\w{1,6}[^.]{0,40}\balias\w{0,2}\b[^.]{0,40}\bids?\b",
    ),
    (
        "retrieve.model_id.accepts",
        "id-or-alias",
        "retrieve.model_id",
        r"\b(?:ids?|identifiers?)\b[^.]{0,30}\balias|\balias\w{0,2}\b[^.]{0,30}\b(?:ids?|identifier)",
    ),
)


def claims_of(reading: PageReading, objects: Sequence[ObjectReading]) -> Iterator[Claim]:
    """What the prose, the constants and the example requests of one page claim; the same thing perhaps twice."""
    prose = _prose_of(reading, objects)
    for item in objects:
        kind = item.fields.get("type") if item.path == ITEM else None
        if kind is not None and len(kind.values) == 1 and not kind.open:
            yield "model.type.is", kind.values[0], kind.source.line
    for about, says, of, pattern in _RULES:
        begins = _match(pattern, prose[of])
        if begins is not None:
            yield about, says, begins
    for of, pieces in prose.items():
        deprecated = _search(_DEPRECATED, pieces)
        if deprecated is not None:
            # The envelope's members are named as the list's.
            bare = of.removeprefix(f"{ENVELOPE}.")
            yield f"{of if bare == of else f'list.{bare}'}.{STATUS}", "deprecated", deprecated[0]
    yield from _relations(reading, objects)
    for header, value, line in reading.headers:
        if header.endswith("-version"):
            if value is not None:
                yield f"version.{header}", value, line
        elif value is None:
            yield f"auth.{header}", "with-every-request", line


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


def _match(pattern: str, pieces: Sequence[Prose]) -> int | None:
    """The line on which a match begins, in pieces of prose read as one text."""
    starts, text = [], ""
    for line, piece in pieces:
        starts.append((len(text), line))
        text += piece + " "
    match = re.search(pattern, text, re.IGNORECASE)
    return next(line for start, line in reversed(starts) if start <= match.start()) if match else None


def _relations(reading: PageReading, objects: Iterable[ObjectReading]) -> Iterator[Claim]:
    """Every relation that one page speaks of."""
    members = {name: member for held in objects if held.path == ITEM for name, member in held.fields.items()}
    operation = reading.operations.get("list")
    for parameter in operation.parameters if operation is not None else ():
        yield from _filters(parameter, members)
    for name, member in members.items():
        others = {other: of.values for other, of in members.items() if other != name and len(of.values) > 1}
        for about, pattern in ((NULL_WHILE, _NULL_WHILE), (GIVEN_WHILE, _GIVEN_FOR)):
            found = _search(pattern, member.prose)
            if found is not None and not _UNLESS.search(found[1]):
                stage = _stage(found[1], others)
                if stage is not None:
                    yield f"model.{name}.{about}", stage, found[0]


def _filters(parameter: Member, members: Iterable[str]) -> Iterator[Claim]:
    found = _search(_FILTER, parameter.prose)
    if found is None or parameter.location == "header":
        return
    bare = wire_name(parameter.name).removesuffix("[]")
    named = [member for member in members if member == bare or re.search(rf"\b{re.escape(member)}\b", found[1])]
    if not named:
        return
    yield f"list.{bare}.{FILTERS_BY}", bare if bare in named else named[0], found[0]
    omitted = _search(_OMITTED, parameter.prose)
    if omitted is not None:
        default = _values_in(omitted[1], parameter.values)
        if default and len(default) < len(parameter.values):
            yield f"list.{bare}.{OMITTED_MEANS}", ",".join(default), omitted[0]


def _stage(text: str, enumerations: Mapping[str, Sequence[str]]) -> str | None:
    """The values that prose names, as `member=value,value`; None where it names those of no single member."""
    found = {member: _values_in(text, values) for member, values in enumerations.items()}
    named = [f"{member}={','.join(values)}" for member, values in found.items() if values]
    return named[0] if len(named) == 1 else None


def _values_in(text: str, values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value in values if re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", text))


def _search(pattern: re.Pattern[str], prose: Sequence[Prose]) -> tuple[int, str] | None:
    """The line and the text of the first match in pieces of prose, each read by itself."""
    for line, piece in prose:
        match = pattern.search(piece)
        if match is not None:
            return line, match[0]
    return None
