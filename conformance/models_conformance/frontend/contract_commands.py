"""What `derive` prints, and how a contract is loaded: free of any command-line library."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from models_conformance.contract.derivation.derive import derive, write_schemas
from models_conformance.contract.derivation.history import derive_history, derive_newest
from models_conformance.contract.derivation.pages import (
    LARGEST_PAGE,
    NoPageError,
    PageError,
    date_of,
    read_page,
    read_pages,
)
from models_conformance.contract.document import from_document
from models_conformance.contract.model import Contract, Source
from models_conformance.support.reading import UnreadableError, has_too_many_nodes, read_bounded
from models_conformance.support.text import printable

CONTRACT_FILE = "contract.json"
_LARGEST_CONTRACT = 4 * LARGEST_PAGE


def derive_command(
    pages: Sequence[Path], out: Path | None, *, history: bool = False, as_of: str | None = None
) -> list[str]:
    """Derive from `pages` (a folder stands for those in it), write into `out` when given, say what came.

    With `history` the newest page wins, and each fact has its dates; `as_of` dates pages that have none.
    Raises PageError for a page that cannot be derived from, before anything is written, and OSError when
    `out` cannot be written.
    """
    notes: list[str] = []
    found = _expanded(pages, notes)
    contract = derive_history(found, as_of) if history else derive(found, as_of)
    if not history and len(dates := {date for page in read_pages(found) if (date := date_of(page))}) > 1:
        notes.append(f"pages of {len(dates)} dates are merged by what most say: with --history the newest win")
    written = write_schemas(contract, out) if out is not None else []
    lines = [f"contract {contract.revision}"]
    lines += [
        f"  {page}  {contract.renditions.get(page, '')}  sha256 {digest}" for page, digest in contract.pages.items()
    ]
    lines += [f"  {note}" for note in notes]
    lines += ["", *_counts(contract), *_spans(contract)]
    lines += ["", f"{len(contract.disagreements) or 'no'} disagreements"]
    for disagreement in contract.disagreements:
        lines.append(f"- {disagreement.about}")
        lines += [f"    {claim.says}  [{places(claim.sources)}]" for claim in disagreement.claims]
        lines.append(f"    taken: {disagreement.decision} ({disagreement.reason})")
    if written:
        lines += ["", *(f"wrote {path}" for path in written)]
    return [printable(line) for line in lines]


def load(paths: Sequence[Path], notes: list[str] | None = None) -> Contract:
    """The contract of `paths`: of one `contract.json`, of a folder that holds one or holds pages, or of pages together.

    Of dated pages the newest win: an old page does not outvote what the documentation says now.

    `notes`, where given, is told of each file of a folder that was passed over.

    Raises PageError when it is none of these.
    """
    if len(paths) > 1:
        return derive_newest(_expanded(paths, notes))
    (path,) = paths
    if path.is_dir() and (path / CONTRACT_FILE).is_file():
        path = path / CONTRACT_FILE
    if path.suffix != ".json":
        return derive_newest(_expanded([path], notes))
    try:
        text = read_bounded(path, _LARGEST_CONTRACT).decode("utf-8")
        if has_too_many_nodes(text):
            raise PageError(path.name, None, "holds too many values for a contract document")
        document = json.loads(text)
    except UnreadableError as failure:
        raise PageError(path.name, None, str(failure)) from None
    except (ValueError, RecursionError) as failure:
        if isinstance(failure, PageError):
            raise
        raise PageError(path.name, None, "not JSON") from failure
    if not isinstance(document, dict):
        raise PageError(path.name, None, "not a contract document")
    if "paths" in document:
        # An OpenAPI description, which may be JSON as well.
        return derive([path])
    try:
        return from_document(document)
    except ValueError as failure:
        raise PageError(path.name, None, str(failure)) from failure


def _expanded(paths: Iterable[Path], notes: list[str] | None = None) -> list[Path]:
    """Folders replaced by the pages in them. A file there that is not a page is passed over, and noted."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
        pages = []
        for file in inside:
            try:
                read_page(file)
            except NoPageError as failure:
                if notes is not None:
                    notes.append(f"passed over {failure}")
                continue
            pages.append(file)
        if not pages:
            raise PageError(str(path), None, "a folder without pages")
        found += pages
    return found


def _counts(contract: Contract) -> list[str]:
    lines = []
    for name, operation in contract.operations.items():
        lines.append(f"{name}: {operation.method} {operation.path}, returns {operation.returns}")
        for parameter in operation.parameters.values():
            kind = f"array of {parameter.items}" if parameter.type == "array" and parameter.items else parameter.type
            about = [parameter.location, kind, "required" if parameter.required else "optional"]
            if parameter.minimum is not None or parameter.maximum is not None:
                about.append(f"{parameter.minimum} to {parameter.maximum}")
            if parameter.default is not None:
                about.append(f"default {parameter.default}")
            if parameter.values:
                about.append(f"{len(parameter.values)} values" + (" and others" if parameter.open else ""))
            lines.append(f"  {parameter.name}: {', '.join(about)}")
    lines += [f"{name}: {', '.join(members) or 'not described'}" for name, members in contract.objects.items()]
    lines.append(f"{len(contract.facts)} facts, {len(contract.errors)} error types")
    return lines


def _spans(contract: Contract) -> list[str]:
    """The points that came, went or changed between dates: all but those of the first date that are still there."""
    if not contract.spans:
        return []
    first = min(span.since for span in contract.spans.values())
    lines = ["", f"documented since {first}, but for"]
    for about, span in contract.spans.items():
        if span.since != first or span.until is not None:
            lines.append(f"  {about}: since {span.since}" + (f", until {span.until}" if span.until else ""))
    return lines if len(lines) > 2 else ["", f"all documented since {first}"]


def places(sources: Iterable[Source]) -> str:
    """Page and line of each source, in words."""
    return ", ".join(source.page if source.line is None else f"{source.page}:{source.line}" for source in sources)
