"""Which language a textual page is written for, where that is one whose pages are not read.

Half a page is worse than none: a page of another language looks enough like those that are read to lose its types,
its optional marks or its parameters on the way. So it is refused by the name that it gives itself, in its address, in
the fences of its code, in its language switch, or in how its declarations are spelled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models_conformance.contract.derivation.pages import READ, Page, PageError

_READ = {
    **dict.fromkeys(("http", "curl", "bash", "sh", "shell", "console", "cli"), "HTTP"),
    **dict.fromkeys(("python", "py"), "Python"),
    **dict.fromkeys(("typescript", "ts", "javascript", "js", "node", "node.js"), "TypeScript"),
    **dict.fromkeys(("csharp", "cs", "c#", "dotnet"), "C#"),
}
_NOT_READ = {
    **dict.fromkeys(("go", "golang"), "Go"),
    "java": "Java",
    **dict.fromkeys(("kotlin", "kt"), "Kotlin"),
    **dict.fromkeys(("ruby", "rb"), "Ruby"),
    "php": "PHP",
    "swift": "Swift",
    **dict.fromkeys(("rust", "rs"), "Rust"),
    **{name.lower(): name for name in ("Scala", "Dart", "Elixir", "Terraform")},
    **dict.fromkeys(("hcl", "tf"), "Terraform"),
}
_FENCE = re.compile(r"^ *(?:`{3,}|~{3,})\s*([\w#+.]*)")
_ADDRESS = re.compile(r"^[\w\-]{1,40}:\s*[\"']?https?://[^\s\"']{1,400}")
_SEGMENT = re.compile(r"/([a-z#]{1,20})(?=/|$|\.md)")
_ENDPOINT = re.compile(r"^\W{0,6}(?:get|post|put|patch|delete)\W{0,6}/v\d", re.IGNORECASE)
_LONGEST_DECLARATION = 300
# How no language that is read spells a declaration or a signature; each matches a line without its marks.
_SPELLINGS = (
    ("Go", r"\bparam\.(?:Field|Opt)\[|\(ctx\b[^)]*\)|, error\)|^type [A-Z]\w* (?:struct|string|interface)\b"),
    ("Go", r"^const [A-Z]\w* [A-Z]\w* = "),
    ("Kotlin", r"\bsuspend fun\b|^(?:fun|val|var) \w|\.none\(\).*\)\s*:"),
    ("Java", r"\.none\(\)|^Optional<|\b(?:Local|Offset)DateTime \w|^JsonValue;"),
    ("Kotlin", r"^\w+: (?:Optional<|\w+\? ?=)|^\w+: (?:Local|Offset)DateTime\b"),
    (
        "PHP",
        r"^\$\w+\s?->|^\w+\??: ?\??optional (?:int|list<|\?)|^\w+\?:optional |^\?\w+ [a-z]\w*$|^\\?Datetime \w|<\?php",
    ),
    (
        "Swift",
        r"\bthrows ->|\basync throws\b|^func \w|^(?:let|var) \w+:|^\w+: (?:\[String\]|(?:String|Int|Bool|Date)\?)$",
    ),
    ("Ruby", r"^:(?:\"[^\"]*\"|[a-z]\w*)(?: \||$)|: :[a-z\"]|^\w+: (?:Array|Hash)\["),
    ("Ruby", r"\(\*\*\w*\) -> \w[\w:]*<"),
    # Last: more than one language spells a value or a type so.
    ("Java or Kotlin", r"^[A-Z][A-Z0-9_]*\(\"[^\"]*\"\)$"),
    ("Ruby, Kotlin or Swift", r"^\w+: (?:String|Integer|Int|Float|Bool|Boolean|Time|Date)$"),
)


def refuse_unread_language(page: Page) -> None:
    """Raise PageError, with line and the formats that are read, where the page is of a language that is not."""
    for line, language, why in _named(page):
        raise PageError(page.name, line, f"a page for {language} ({why}) is not read; read are {READ}")


def _named(page: Page) -> Iterator[tuple[int, str, str]]:
    yield from _by_address_or_switch(page)
    yield from _by_fences(page)
    declared = list(_declarations(page))
    for language, spelling in _SPELLINGS:
        for number, text in declared:
            if re.search(spelling, text):
                yield number, language, f"it declares `{text[:60]}`"


def _declarations(page: Page) -> Iterator[tuple[int, str]]:
    """The lines outside of code that are short enough to declare something, without their marks."""
    fenced = False
    for number, line in enumerate(page.lines, start=1):
        if _FENCE.match(line):
            fenced = not fenced
        # Without what its format sets it in.
        text = re.sub(r"^(?:[-*+•] )?`?|`?$|\\(?=[_*\[\]])", "", line.strip()).strip()
        if text and not fenced and len(text) <= _LONGEST_DECLARATION:
            yield number, text


def _by_address_or_switch(page: Page) -> Iterator[tuple[int, str, str]]:
    """By what stands before the first endpoint: where the page is from, and the one language that is chosen."""
    chosen: list[tuple[int, str]] = []
    for number, line in enumerate(page.lines, start=1):
        text = line.strip()
        if _ENDPOINT.match(text):
            break
        if _ADDRESS.match(text):
            for segment in _SEGMENT.findall(text):
                if segment in _NOT_READ:
                    yield number, _NOT_READ[segment], f"its address names {segment}"
        elif text.lower() in _READ or text.lower() in _NOT_READ:
            chosen.append((number, text.lower()))
    if len(chosen) == 1 and chosen[0][1] in _NOT_READ:
        number, name = chosen[0]
        yield number, _NOT_READ[name], "it is the language chosen there"


def _by_fences(page: Page) -> Iterator[tuple[int, str, str]]:
    """By its code, unless that is shown in a language that is read as well, or in several."""
    fences = [(number, match[1].lower()) for number, line in enumerate(page.lines, 1) if (match := _FENCE.match(line))]
    if any(name in _READ for _, name in fences) or len({_NOT_READ.get(name) for _, name in fences} - {None}) > 1:
        return
    for number, name in fences:
        if name in _NOT_READ:
            yield number, _NOT_READ[name], f"its code is {name}"
