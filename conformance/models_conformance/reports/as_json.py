"""A result as the JSON document that `--json` writes. Its schema is `schemas/result.json`."""

from __future__ import annotations

import base64
import codecs
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models_conformance.contract.public_pages import PUBLIC_PAGES
from models_conformance.evidence.exchange import Exchange, Response
from models_conformance.reports.curl import line_for
from models_conformance.result import RequirementResult, Result
from models_conformance.support.text import well_formed
from models_conformance.version import __version__
from models_conformance.waivers.fingerprint import fingerprint

FORMAT = 1
# A page of 1000 models is larger, but what proves a finding about it is rarely further in than this.
LONGEST_BODY = 64 * 1024


def to_document(result: Result) -> dict[str, Any]:
    """The document of a result, of plain JSON values only. The same result gives the same document.

    Text that is not valid Unicode has its lone surrogates escaped. A requirement whose point no page of the
    contract names has a null source.
    """
    run = result.run
    document = {
        "format": FORMAT,
        "suite": {"name": "models-conformance", "version": __version__},
        "contract": {
            "name": result.contract.name,
            "revision": result.contract.revision,
            "api_version": result.contract.api_version,
            "sources": [{"page": page, "sha256": digest, **_public(digest)} for page, digest in result.contract.pages],
        },
        "subject": asdict(result.subject),
        "run": {
            "started_at": run.started_at,
            "seconds": run.seconds,
            "requests": run.requests,
            "seed": run.seed,
            "verdict": run.verdict,
            **_present(insecure=run.insecure, stopped=run.stopped, flaky=run.flaky),
        },
        "causes": [asdict(cause) for cause in result.causes],
        "requirements": [_requirement(entry, result.exchanges) for entry in result.requirements],
        "observations": [
            {"about": seen.about, "did": seen.did, **_present(key=seen.key, answers=seen.answers)}
            for seen in result.observations
        ],
        "exchanges": {
            str(number): _exchange(exchange) for number, exchange in sorted((result.exchanges or {}).items())
        },
        "notes": result.notes,
    }
    cleaned: dict[str, Any] = _well_formed(document)
    return cleaned


def render(result: Result) -> str:
    """The document as text: keys sorted, indented, ASCII only, ending in a newline."""
    text = json.dumps(to_document(result), indent=2, sort_keys=True, allow_nan=False)
    # The same value: a build system that prints the file finds no ##command[ of its own in it.
    return text.replace("##", "#\\u0023") + "\n"


def _requirement(entry: RequirementResult, exchanges: Mapping[int, Exchange] | None) -> dict[str, Any]:
    requirement, source = entry.requirement, entry.source
    public = {"title": source.title, "url": source.url} if source is not None and source.url else {}
    return {
        "id": requirement.id,
        "level": requirement.level,
        "area": requirement.area,
        "statement": requirement.statement,
        "source": {"page": source.page, "line": source.line, **public} if source else None,
        "verdict": entry.verdict,
        "exercised": entry.exercised,
        "reason": entry.reason,
        **_present(not_scored=entry.not_scored),
        "findings": [
            {
                "observed": finding.observed,
                "expected": finding.expected,
                "exchanges": finding.exchanges,
                "reproduce": line_for(finding, exchanges),
                "advice": finding.advice,
                "kind": finding.kind,
                **_present(
                    cause=finding.cause, parameter=finding.parameter, member=finding.member, place=finding.place
                ),
                "fingerprint": fingerprint(requirement.id, finding),
            }
            for finding in entry.findings
        ],
    }


def _present(**members: object) -> dict[str, object]:
    """The members that have something in them."""
    return {name: value for name, value in members.items() if value}


def _public(digest: str) -> dict[str, str]:
    """Title and URL of a page, where it is a public one that is known."""
    page = PUBLIC_PAGES.get(digest)
    return {} if page is None else {"title": page.title, "url": page.url}


def _exchange(exchange: Exchange) -> dict[str, Any]:
    request = exchange.request
    # Header lines as pairs: a JSON object would lose repeated names and their order.
    document: dict[str, Any] = {
        "request": {"method": request.method, "url": request.url, "headers": request.headers},
        "response": _response(exchange.response) if exchange.response else None,
    }
    if exchange.failure:
        document["failure"] = {"kind": exchange.failure.kind, "detail": exchange.failure.detail}
    return document


def _response(response: Response) -> dict[str, Any]:
    text, encoding = _body(response.body)
    return {
        "status": response.status,
        "headers": response.headers,
        "body": text,
        "body_encoding": encoding,
        "body_bytes": len(response.body),
        "body_is_cut": len(response.body) > LONGEST_BODY,
    }


def _body(body: bytes) -> tuple[str, str]:
    """The beginning of a body, as text where it is UTF-8 and in base64 where not, and which of the two."""
    kept = body[:LONGEST_BODY]
    try:
        # Not final where cut: the cut may go through a character, whose bytes are then left out.
        return codecs.getincrementaldecoder("utf-8")().decode(kept, final=len(kept) == len(body)), "utf-8"
    except UnicodeDecodeError:
        return base64.b64encode(kept).decode("ascii"), "base64"


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, list | tuple):
        return [_well_formed(item) for item in value]
    if isinstance(value, dict):
        return {key: _well_formed(member) for key, member in value.items()}
    return value
