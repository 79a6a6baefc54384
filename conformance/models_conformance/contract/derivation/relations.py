"""What pages say of how things hang together: which parameter filters by which member, and when a member is null.

Recognised by the words that carry the meaning and by names and values that the page itself documents, so a parameter
or a member of another name is read as well. Every gap in a pattern is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from models_conformance.contract.derivation.items import wire_name
from models_conformance.contract.derivation.objects import ITEM, ObjectReading
from models_conformance.contract.derivation.page_reading import Member, PageReading, Prose
from models_conformance.contract.model import FILTERS_BY, GIVEN_WHILE, NULL_WHILE, OMITTED_MEANS, Scalar

Claim = Callable[[str, Scalar, int], None]

_FILTER = re.compile(r"\bfilters?\b[^.]{0,80}", re.IGNORECASE)
_OMITTED = re.compile(
    r"\b(?:when|if|where)\s+(?:it\s+is\s+)?(?:omitted|absent|not\s+(?:given|set|provided|specified))\b[^.;]{0,160}",
    re.IGNORECASE,
)
_NULL_WHILE = re.compile(r"\bnull\b[`\"']?\s+(?:while|when|where|unless|for)\b([^.;]{0,120})", re.IGNORECASE)
_UNLESS = re.compile(r"\bunless\b", re.IGNORECASE)
_GIVEN_FOR = re.compile(r"\b(?:populated|given|set|present)\s+(?:for|while|when|where)\b([^.;]{0,120})", re.IGNORECASE)


@dataclass(frozen=True)
class _Enumeration:
    member: str
    values: tuple[str, ...]


def claim_relations(reading: PageReading, objects: Iterable[ObjectReading], claim: Claim) -> None:
    """Tell `claim` every relation that one page speaks of, with the line of each."""
    items = (found.fields.values() for found in objects if found.path == ITEM)
    members = {member.name: member for member in chain.from_iterable(items)}
    enumerations = [
        _Enumeration(member.name, tuple(member.values)) for member in members.values() if len(member.values) > 1
    ]
    operation = reading.operations.get("list")
    for parameter in operation.parameters if operation is not None else ():
        _claim_filter(parameter, members.keys(), claim)
    for name, member in members.items():
        for about, pattern in ((NULL_WHILE, _NULL_WHILE), (GIVEN_WHILE, _GIVEN_FOR)):
            found = _search(pattern, member.prose)
            if found is not None and not _UNLESS.search(found[1]):
                stage = _stage(found[1], [other for other in enumerations if other.member != name])
                if stage is not None:
                    claim(f"model.{name}.{about}", stage, found[0])


def _claim_filter(parameter: Member, members: Iterable[str], claim: Claim) -> None:
    found = _search(_FILTER, parameter.prose)
    if found is None or parameter.location == "header":
        return
    name = wire_name(parameter.name)
    bare = name.removesuffix("[]")
    named = [member for member in members if member == bare or re.search(rf"\b{re.escape(member)}\b", found[1])]
    if not named:
        return
    about = f"list.{bare}"
    claim(f"{about}.{FILTERS_BY}", bare if bare in named else named[0], found[0])
    omitted = _search(_OMITTED, parameter.prose)
    if omitted is not None:
        default = _values_in(omitted[1], parameter.values)
        if default and len(default) < len(parameter.values):
            claim(f"{about}.{OMITTED_MEANS}", ",".join(default), omitted[0])


def _stage(text: str, enumerations: Sequence[_Enumeration]) -> str | None:
    """The values that prose names, as `member=value,value`; None where it names those of no single member."""
    found = [(enumeration.member, _values_in(text, enumeration.values)) for enumeration in enumerations]
    named = [(member, values) for member, values in found if values]
    if len(named) != 1:
        return None
    member, values = named[0]
    return f"{member}={','.join(values)}"


def _values_in(text: str, values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value in values if re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", text))


def _search(pattern: re.Pattern[str], prose: Sequence[Prose]) -> tuple[int, str] | None:
    """The line and the text of the first match in pieces of prose, each read by itself."""
    for line, piece in prose:
        match = pattern.search(piece)
        if match is not None:
            return line, match[0]
    return None
