"""What a subject shows of the contract that it keeps, read from its trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models_conformance.contract.choosing import Shown
from models_conformance.evidence.exchange import Trace
from models_conformance.evidence.exchange_reading import Reading

_DEEPEST = 6
# Models of one list have the same members: more of them show nothing new.
_MODELS_READ = 50
_ANSWERS_READ = 200


def shown_in(trace: Trace) -> Shown:
    """The members that models of a trace have, and the versions of what was asked.

    Of a run against a server the one version counts that it is judged with; of a recording all that were answered.
    """
    members: set[str] = set()
    versions: set[str] = set()
    read = 0
    for exchange in trace:
        reading = Reading(exchange, trace.origin.request_headers_kept)
        if reading.call.operation is None or reading.status != 200 or read >= _ANSWERS_READ:
            continue
        read += 1
        if reading.call.version is not None:
            versions.add(reading.call.version)
        for model in _models(reading.parse().value):
            members.update(_paths(model, "", 0))
    ordinary = trace.origin.version
    return Shown(frozenset(members), frozenset(versions if ordinary is None else {ordinary}))


def _models(value: Any) -> list[Any]:
    if not isinstance(value, dict):
        return []
    data = value.get("data")
    return data[:_MODELS_READ] if isinstance(data, list) else [value]


def _paths(value: Any, above: str, depth: int) -> Iterator[str]:
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    for name, part in value.items():
        yield above + name
        yield from _paths(part, f"{above}{name}.", depth + 1)
