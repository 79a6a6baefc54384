"""What `diff` found between two contracts, as text, JSON or Markdown, and whether that fails a gate."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from models_conformance.contract.changes import GROUPS, Change, Changes, Group
from models_conformance.contract.differences import diff
from models_conformance.contract.model import Contract, Source
from models_conformance.contract.shipped import SHIPPED, load_contract
from models_conformance.errors import UsageError
from models_conformance.frontend.contract_commands import load, places
from models_conformance.reports.markdown import code
from models_conformance.support.text import printable

FORMAT = 1
FailOn = Literal["breaking", "any"]
_TITLES: dict[Group, str] = {
    "versions": "API version",
    "breaking": "breaking",
    "additive": "additive",
    "open_sets": "open sets, where other values are allowed as well",
    "documentation": "documentation only",
}


@dataclass(frozen=True)
class Differences:
    """The changes between two contracts, named by their revisions; `fail_on` is what fails a gate, None for nothing,
    and `notes` name the files of folders that were passed over."""

    old: str
    new: str
    changes: Changes
    fail_on: FailOn | None = None
    notes: tuple[str, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether anything changed that the gate was to fail on."""
        found = {None: (), "breaking": self.changes.breaking, "any": self.changes}
        return bool(found[self.fail_on])

    def as_text(self) -> list[str]:
        """Lines for a terminal, every group with its number. What is new of the API's version stands first."""
        lines = [f"{self.old} -> {self.new}", *self.notes]
        for group, found in self._groups():
            lines += ["", f"{_TITLES[group]}: {len(found)}"]
            for change in found:
                lines.append(f"- {change.says}")
                lines += [f"    old: {places(change.old)}"] if change.old else []
                lines += [f"    new: {places(change.new)}"] if change.new else []
        if not self.changes:
            lines += ["", "no changes"]
        return [printable(line) for line in lines]

    def as_json(self) -> str:
        """A document: `format`, `old`, `new`, `failed`, and `changes` by group, each with its sources."""
        document = {
            "format": FORMAT,
            "old": self.old,
            "new": self.new,
            "fail_on": self.fail_on,
            "failed": self.fails,
            "notes": list(self.notes),
            "changes": {group: [_as_data(change) for change in self.changes.of(group)] for group in GROUPS},
        }
        return json.dumps(document, indent=2) + "\n"

    def as_markdown(self) -> str:
        """A page for a pull request or a job summary; the groups without a change are left out."""
        lines = [f"# Contract {code(self.old)} → {code(self.new)}"]
        for group, found in self._groups():
            if not found:
                continue
            title = _TITLES[group]
            lines += ["", f"## {title[0].upper()}{title[1:]}: {len(found)}", ""]
            for change in found:
                sides = [f"{side}: {code(places(held))}" for side, held in _sides(change) if held]
                lines.append(f"- {code(change.says)}" + (f" ({'; '.join(sides)})" if sides else ""))
        if not self.changes:
            lines += ["", "No changes."]
        return "\n".join(lines) + "\n"

    def _groups(self) -> Iterator[tuple[Group, Sequence[Change]]]:
        """The groups in their order. That of the API's version stands only where there is one."""
        for group in GROUPS:
            found = self.changes.of(group)
            if found or group != "versions":
                yield group, found


def compare(old: Path, new: Path, fail_on: FailOn | None = None) -> Differences:
    """What changed from `old` to `new`, each the name of a contract that ships, a page, a folder of pages, an OpenAPI
    description or a `contract.json`.

    Raises PageError for one that cannot be read as any of these.
    """
    notes: list[str] = []
    before, after = _contract(old, notes), _contract(new, notes)
    return Differences(before.revision, after.revision, diff(before, after), fail_on, tuple(notes))


def _contract(path: Path, notes: list[str]) -> Contract:
    if path.exists():
        return load([path], notes)
    if str(path) not in SHIPPED:
        raise UsageError(f"{path}: there is no such file, and no contract of that name; {', '.join(SHIPPED)} ship")
    return load_contract(str(path))


def _sides(change: Change) -> tuple[tuple[str, tuple[Source, ...]], tuple[str, tuple[Source, ...]]]:
    return ("old", change.old), ("new", change.new)


def _as_data(change: Change) -> dict[str, Any]:
    sides = {side: [{"page": source.page, "line": source.line} for source in held] for side, held in _sides(change)}
    return {"about": change.about, "says": change.says, **sides}
