"""Documentation pages to one contract, and the contract to files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from models_conformance.contract.derivation import companion
from models_conformance.contract.derivation.claims import Claimed, Ledger, one_per_page
from models_conformance.contract.derivation.facts import claims_of
from models_conformance.contract.derivation.items import wire_name
from models_conformance.contract.derivation.languages import refuse_unread_language
from models_conformance.contract.derivation.merge_errors import merge_errors
from models_conformance.contract.derivation.merge_objects import merge_objects
from models_conformance.contract.derivation.merge_parameters import ParameterReading, merge_parameters, parameter_of
from models_conformance.contract.derivation.objects import ENVELOPE, ObjectReading, objects_of
from models_conformance.contract.derivation.openapi import read_openapi
from models_conformance.contract.derivation.outline import read_outline
from models_conformance.contract.derivation.page_reading import PageReading
from models_conformance.contract.derivation.pages import Format, Page, PageError, date_of, last_day, read_pages
from models_conformance.contract.derivation.wholeness import refuse_half_read, refuse_impossible
from models_conformance.contract.document import canonical_text, revision_of, to_document
from models_conformance.contract.model import LIST_PAGE, MODEL_INFO, Contract, Fact, Operation, Scalar, Source
from models_conformance.contract.schemas import render_schemas
from models_conformance.support.files import replace_files

__all__ = ["PageError", "derive", "write_schemas"]


def derive(pages: Sequence[Path], as_of: str | None = None) -> Contract:
    """The contract that `pages` promise together, in whatever order they are given; `as_of` dates those without date.

    Raises PageError naming the page that cannot be derived from, and ValueError when `pages` is empty.
    """
    if not pages:
        raise ValueError("no page to derive from")
    return derive_from(read_pages(pages), as_of)


def derive_from(pages: Sequence[Page], as_of: str | None = None) -> Contract:
    """The contract that pages promise together. Raises PageError."""
    readings = [_read(page) for page in pages]
    dates = list(filter(None, (date_of(page) or as_of for page in pages)))
    ledger = Ledger()
    objects: list[ObjectReading] = []
    signatures: list[Source] = []
    claimed: dict[str, Claimed[Scalar]] = {}
    for reading in readings:
        found = objects_of(reading)
        refuse_half_read(reading, found)
        objects += found
        listing = reading.operations.get("list")
        if listing and listing.signature and not any(held.path == ENVELOPE for held in found):
            signatures.append(reading.source(listing.signature[0]))
        # Where the page says a thing first.
        lines: dict[tuple[str, Scalar], int | None] = {}
        for about, says, line in claims_of(reading, found):
            lines.setdefault((about, says), line)
        for (about, says), line in lines.items():
            claimed.setdefault(about, Claimed()).add(says, reading.source(line))
    facts = {about: _fact(about, claimed[about], ledger) for about in sorted(claimed)}
    merged = merge_objects(objects, signatures, facts, ledger)
    errors, error_objects = merge_errors(readings, ledger)
    contract = Contract(
        revision="",
        pages={reading.page: reading.sha256 for reading in readings},
        renditions={reading.page: reading.rendition for reading in readings},
        operations=_operations(readings, ledger),
        objects={**merged, **error_objects},
        facts={**facts, **companion.FACTS, **(companion.listed_versions(last_day(max(dates))) if dates else {})},
        errors=errors,
        disagreements=ledger.sorted(),
    )
    return replace(contract, revision=revision_of(contract))


def _read(page: Page) -> PageReading:
    if page.format is Format.OPENAPI:
        return read_openapi(page)
    refuse_unread_language(page)
    return read_outline(page)


def _fact(about: str, claimed: Claimed[Scalar], ledger: Ledger) -> Fact:
    says = claimed.most_common()
    ledger.note_claims(about, claimed, str(says), "most pages say so")
    return Fact(about, says, one_per_page(claimed.by_value[says]))


def _operations(readings: Iterable[PageReading], ledger: Ledger) -> dict[str, Operation]:
    names = sorted({name for reading in readings for name in reading.operations})
    result = {}
    for name in names:
        path = Claimed[str]()
        parameters: dict[Source, list[ParameterReading]] = {}
        having = [(reading, reading.operations[name]) for reading in readings if name in reading.operations]
        for reading, operation in having:
            place = reading.source(operation.line)
            path.add(_canonical_path(operation.path), place)
            parameters[place] = [parameter_of(reading, operation, member) for member in operation.parameters]
            refuse_impossible(parameters[place])
        chosen = path.most_common() or ""
        ledger.note_claims(f"{name} (path)", path, chosen, "most pages say so")
        result[name] = Operation(
            name=name,
            method=having[0][1].method,
            path=chosen,
            parameters=merge_parameters(name, parameters, ledger),
            returns={"list": LIST_PAGE, "retrieve": MODEL_INFO}.get(name, name),
            sources=one_per_page(parameters),
        )
    return result


def _canonical_path(path: str) -> str:
    """A path with its placeholder spelled as it is over the wire, without a slash at its end."""
    return "/".join(
        "{" + wire_name(part[1:-1]) + "}" if part.startswith("{") and part.endswith("}") else part
        for part in path.rstrip("/").split("/")
    )


def write_schemas(contract: Contract, directory: Path) -> list[Path]:
    """Write `contract.json` and the schemas into `directory`; returns what was written.

    Everything is rendered first and every file replaced as a whole, so a failure leaves no half-written set.
    Raises OSError when the directory cannot be written.
    """
    rendered = {name: canonical_text(schema) for name, schema in render_schemas(contract).items()}
    rendered["contract"] = canonical_text(to_document(contract))
    directory.mkdir(parents=True, exist_ok=True)
    texts = {directory / f"{name}.json": rendered[name] for name in sorted(rendered)}
    replace_files(texts)
    return list(texts)
