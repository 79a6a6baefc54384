"""What kind of deviation a finding is, as twelve hex digits that outlive the run.

A waiver excuses one kind, so its fingerprint must survive another seed, port, catalogue and request id, and must
change where the subject does something else. What a judge observed is one sentence with the particulars put into
it: they are replaced by placeholders, and what stays of the sentence is hashed.
"""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus

from models_conformance.result import Finding

LENGTH = 12
# The recipe may change; a fingerprint made by an older one must then match nothing, not something else.
_RECIPE = 1

# A quoted value ends at a quote that the sentence goes on after, or at the mark of having been cut.
_QUOTED = re.compile(r"""(?<![^\s(\[{=,:])(["'])(.*?)(?:\1(?=[\s,:;).\]}]|$)|…)""", re.DOTALL)
_SCHEMA = re.compile(r"\bis (?P<value>\S.*); the schema says (?P<rule>.*)", re.DOTALL)
_URL = re.compile(r"\bhttps?://[^\s,;)]+")
# How many models a page holds, and whether that was all, hangs on the catalogue and on the limit that was asked.
_PAGE = re.compile(r"\b200 with \d+ models(?:, (?:more to come|no more))?")
_LIMIT = re.compile(r"\bno limit\b|\blimit=(?:None\b|\d+)")
# What an answer differs from depends on which of two was asked first.
_INSTEAD = re.compile(r"\binstead of \S+(?=\s|[,;]|$)")
_EXCHANGE = re.compile(r"\bexchanges? \d+(?:(?:,| and|, and) \d+)*")
# Whatever holds a digit: a count, an index, a date, an id, an address, an offset. A status is put back.
_PARTICULAR = re.compile(r"[^\s,;:()\[\]{}=]*\d[^\s,;()\[\]{}=]*")
_COUNTED = re.compile(r" (?:models?|pages?|bytes?|characters?|requests?|times|items?|calls?|ids?|seconds?|s|ms|more)\b")
_STATUSES = frozenset(str(int(status)) for status in HTTPStatus) | {"529"}

_ERROR_TYPE = re.compile(r"[a-z][a-z_]*_error")
_MEDIA_TYPE = re.compile(r"(?:application|text)/[a-z0-9.+-]+", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+")
_JSON_TYPES = {'"': "string", "[": "array", "{": "object", "t": "boolean", "f": "boolean", "n": "null"}


def fingerprint(requirement_id: str, finding: Finding) -> str:
    """Twelve hex digits that name the kind of a finding under a requirement.

    The same for findings that differ in ids, counts, dates, hosts, exchange numbers and the like; another for
    another status, error type, media type, member, direction or sentence.
    """
    # Only what the expectation begins with tells kinds apart: the rest of it says how the suite knows.
    expected = re.split(r"[:,;]| as ", shape(finding.expected), maxsplit=1)[0].strip()
    text = f"{_RECIPE}\n{requirement_id}\n{shape(finding.observed)}\n{expected}"
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:LENGTH]


def shape(sentence: str) -> str:
    """A judge's sentence with placeholders for its particulars."""
    by_schema = _SCHEMA.search(sentence)
    if by_schema is not None:
        kind = _JSON_TYPES.get(by_schema["value"][0], "number")
        before = _plain(sentence[: by_schema.start()])
        # The rule is the contract's own text, and says which of a member's promises was broken.
        return f"{before} is {kind}; the schema says {by_schema['rule']}"
    parts, end = [], 0
    for quoted in _QUOTED.finditer(sentence):
        before = sentence[end : quoted.start()]
        # What was asked of a parameter is half of the deviation; what a model is called is none of it.
        value = _spec(quoted[2]) if before.endswith("=") else _said(quoted[2])
        parts += [before, f"\0{value}\0"]
        end = quoted.end()
    return _plain("".join([*parts, sentence[end:]]))


def _spec(value: str) -> str:
    if not value.strip():
        return "empty"
    if _NUMBER.fullmatch(value):
        return "zero" if not value.strip("-0") else "negative" if value.startswith("-") else "number"
    return "word"


def _said(value: str) -> str:
    if _ERROR_TYPE.fullmatch(value):
        return value
    media_type = _MEDIA_TYPE.match(value.strip())
    if media_type is not None:
        return re.sub(r"\d", "#", media_type[0].lower())
    return "value" if value else "empty"


def _plain(text: str) -> str:
    """Text without quoted values, its particulars replaced and its blanks made single."""
    text = _URL.sub("#", text)
    text = _EXCHANGE.sub("exchange #", text)
    text = _PAGE.sub("200 with # models", text)
    text = _LIMIT.sub("limit=#", text)
    text = _INSTEAD.sub("instead of #", text)
    return " ".join(_PARTICULAR.sub(_particular, text).split())


def _particular(found: re.Match[str]) -> str:
    text, after = found[0], found.string[found.end() :]
    number = text.rstrip(".:")
    is_status = number in _STATUSES and not found.string[: found.start()].endswith("=") and not _COUNTED.match(after)
    return number if is_status else "#"
