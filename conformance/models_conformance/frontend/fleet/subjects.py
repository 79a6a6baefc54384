"""From the entries of a fleet file to subjects: ranges become releases, and each is fetched once."""

from __future__ import annotations

import hashlib
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from models_conformance.errors import UsageError
from models_conformance.frontend.fleet.fleet_file import Each, Entry
from models_conformance.matrix.versions import version_key
from models_conformance.version import __version__

_CLAUSE = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*v?([0-9][0-9A-Za-z.+-]*)\s*")
_COMPARES: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_PARTS: Mapping[Each, int | None] = {"release": None, "minor": 2, "major": 1}


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject: its `title`, the `name` that it has in all releases, and the words that judge it.

    `slug` names its files. `program` stands behind the words, after the options of the report.
    """

    slug: str
    title: str
    name: str
    words: tuple[str, ...]
    program: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Changes with all that a result depends on, as far as it is known before a run."""
        return hashlib.sha256(repr((__version__, self.words, self.program)).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def from_json(value: Mapping[str, Any]) -> Subject:
    """What `as_json` made."""
    return Subject(value["slug"], value["title"], value["name"], tuple(value["words"]), tuple(value["program"]))


def subjects_of(entries: Iterable[Entry], progress: Callable[[str], None]) -> list[Subject]:
    """Every subject, in the order of the file, releases oldest first. `progress` is told of what is asked and fetched.

    Raises UsageError: an unknown client, a range without a release, two subjects of one name, what cannot be fetched.
    """
    found: list[Subject] = []
    for entry in entries:
        if entry.versions:
            found += _releases(entry, progress)
        else:
            words = (entry.command, *entry.arguments)
            found.append(Subject(_slug(entry.name), entry.name, entry.name, words, entry.program))
    slugs = [subject.slug for subject in found]
    twice = next((slug for slug in slugs if slugs.count(slug) > 1), None)
    if twice is not None:
        raise UsageError(f"{twice}: two subjects of the fleet have this name")
    return found


def _releases(entry: Entry, progress: Callable[[str], None]) -> list[Subject]:
    # The drivers that ship: a fleet of servers does without.
    from models_conformance.drivers.builtin.catalogue import BUILTIN, prepare, read_name

    name, given = read_name(entry.name)
    if given is not None:
        raise UsageError(f"{entry.name}: the version stands on the right: {name} = {given!r}")
    fetcher = BUILTIN[name]
    found = []
    for version in wanted(name, entry.versions, entry.each, fetcher.newest, fetcher.versions):
        prepare(name, version, progress)
        title = f"{name} {version}"
        words = ("client", f"{name}@{version}", *entry.arguments)
        found.append(Subject(_slug(title), title, name, words))
    return found


def wanted(
    name: str,
    versions: Sequence[str],
    each: Each,
    newest: Callable[[], str],
    released: Callable[[], Sequence[str]],
) -> list[str]:
    """The releases that are meant, oldest first. Raises UsageError where that is none."""
    chosen: set[str] = set()
    for text in versions:
        clauses = [_CLAUSE.fullmatch(part) for part in text.split(",")]
        if text == "newest":
            chosen.add(newest())
        elif text == "all":
            chosen.update(released())
        elif all(clauses):
            read = [(_COMPARES[clause[1]], version_key(clause[2])) for clause in clauses if clause is not None]
            chosen.update(
                version
                for version in released()
                if all(compares(version_key(version), bound) for compares, bound in read)
            )
        elif re.fullmatch(r"v?[0-9][0-9A-Za-z.+-]*", text):
            chosen.add(text.removeprefix("v"))
        else:
            raise UsageError(f"{name}: {text!a}: expected newest, all, a version, or a range such as >=1.2, <2")
    if not chosen:
        raise UsageError(f"{name}: no release is {' or '.join(versions)}")
    last: dict[tuple[int, ...], str] = {}
    for version in sorted(chosen, key=version_key):
        numbers = tuple(int(number) for number in re.findall(r"[0-9]+", version))
        last[numbers[: _PARTS[each]]] = version
    return list(last.values())


def _slug(title: str) -> str:
    return re.sub(r"[^0-9A-Za-z.]+", "-", title).strip("-")
