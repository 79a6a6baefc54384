"""A contract as a JSON document and back: the one place that knows the layout of `contract.json`.

Imports nothing beyond the standard library, so that loading a shipped contract stays fast.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from models_conformance.contract.model import (
    Claim,
    Contract,
    Disagreement,
    Fact,
    Field,
    Operation,
    Parameter,
    Source,
    Span,
)

FORMAT = 1
REVISION_DIGITS = 16
# What they are called stands before them.
_KEYS = {Operation: ("name",), Parameter: ("name",), Field: ("name",), Fact: ("about",)}


def canonical_text(document: Any) -> str:
    """`document` as JSON text with sorted keys, two spaces of indent and a newline at its end."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def to_document(contract: Contract) -> dict[str, Any]:
    """`contract` as plain JSON values; equal contracts give equal documents."""
    return {
        "format": FORMAT,
        "revision": contract.revision,
        "pages": {
            page: {"sha256": digest, "rendition": contract.renditions.get(page, "")}
            for page, digest in contract.pages.items()
        },
        "operations": _plain(contract.operations),
        "objects": _plain(contract.objects),
        # A JSON object would lose the order of members to the sorted keys.
        "members": {name: list(members) for name, members in contract.objects.items()},
        "facts": _plain(contract.facts),
        "errors": {str(status): kind for status, kind in contract.errors.items()},
        "disagreements": _plain(contract.disagreements),
        **({"spans": _plain(contract.spans)} if contract.spans else {}),
    }


def _plain(value: Any) -> Any:
    """A part of a contract as plain values: attributes that differ from their defaults, but for those that are keys."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if not is_dataclass(value):
        return value
    return {
        field.name: _plain(held)
        for field in fields(value)
        if field.name not in _KEYS.get(type(value), ())
        and ((held := getattr(value, field.name)) != field.default or field.default is MISSING)
    }


def from_document(document: Mapping[str, Any]) -> Contract:
    """The contract that `to_document` wrote.

    Raises ValueError when `document` is not such a document, naming what is missing or of the wrong kind.
    """
    try:
        if document["format"] != FORMAT:
            raise ValueError(f"contract.json has format {document['format']!r}; this suite reads {FORMAT}")
        return Contract(
            revision=str(document["revision"]),
            pages={page: str(about["sha256"]) for page, about in document["pages"].items()},
            renditions={page: str(about["rendition"]) for page, about in document["pages"].items()},
            operations={name: _operation_in(name, operation) for name, operation in document["operations"].items()},
            objects={
                name: {member: Field(name=member, **_held(document["objects"][name][member])) for member in order}
                for name, order in document["members"].items()
            },
            facts={
                about: Fact(about, fact["says"], _sources_in(fact["sources"]))
                for about, fact in document["facts"].items()
            },
            errors={int(status): str(kind) for status, kind in document["errors"].items()},
            disagreements=tuple(
                Disagreement(
                    about=entry["about"],
                    claims=tuple(Claim(entry["says"], _sources_in(entry["sources"])) for entry in entry["claims"]),
                    decision=entry["decision"],
                    reason=entry["reason"],
                )
                for entry in document["disagreements"]
            ),
            spans={
                about: Span(str(span["since"]), span.get("until")) for about, span in document.get("spans", {}).items()
            },
        )
    except KeyError as missing:
        raise ValueError(f"not a contract document: {missing} is missing") from missing
    except (TypeError, AttributeError) as wrong:
        raise ValueError(f"not a contract document: {wrong}") from wrong


def revision_of(contract: Contract) -> str:
    """The digest of what `contract` promises: its content without the sources, pages or disagreements.

    Two sets of pages that promise the same have the same revision.
    """
    document = to_document(contract)
    content = {key: _without_sources(document[key]) for key in ("operations", "objects", "members", "facts", "errors")}
    return hashlib.sha256(canonical_text(content).encode()).hexdigest()[:REVISION_DIGITS]


def _without_sources(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_sources(part) for key, part in value.items() if key != "sources"}
    return value


def _sources_in(sources: list[dict[str, Any]]) -> tuple[Source, ...]:
    return tuple(Source(source["page"], source["line"], source["sha256"]) for source in sources)


def _operation_in(name: str, document: Mapping[str, Any]) -> Operation:
    return Operation(
        name=name,
        method=document["method"],
        path=document["path"],
        parameters={key: Parameter(name=key, **_held(parameter)) for key, parameter in document["parameters"].items()},
        returns=document["returns"],
        sources=_sources_in(document["sources"]),
    )


def _held(document: Mapping[str, Any]) -> dict[str, Any]:
    held = {key: tuple(entry) if isinstance(entry, list) else entry for key, entry in document.items()}
    held["sources"] = _sources_in(document["sources"])
    return held
