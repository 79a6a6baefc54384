"""Building traces by hand: a server is a function, a trace is what a session with it would have recorded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from models_conformance.contract.shipped import load_contract
from models_conformance.engine.judging import Judged, judge
from models_conformance.evidence.exchange import API_KEY, Exchange, Origin, Request, Response, Trace
from models_conformance.requirements.register import select

HEADERS = (("x-api-key", API_KEY), ("anthropic-version", "2023-06-01"))


@dataclass(frozen=True)
class Model:
    id: str
    created_at: str = "2025-01-01T00:00:00Z"

    def document(self) -> dict[str, str]:
        return {"type": "model", "id": self.id, "display_name": self.id.upper(), "created_at": self.created_at}


def page(models: Sequence[Model], has_more: bool) -> dict[str, object]:
    ids = [model.id for model in models]
    return {
        "data": [model.document() for model in models],
        "has_more": has_more,
        "first_id": ids[0] if ids else None,
        "last_id": ids[-1] if ids else None,
    }


def answer(catalogue: Sequence[Model], limit: int | None, after: str | None, before: str | None) -> dict[str, object]:
    """The page that the documentation promises."""
    size = 20 if limit is None else limit
    ids = [model.id for model in catalogue]
    if before is not None:
        end = ids.index(before)
        start = max(0, end - size)
        return page(catalogue[start:end], start > 0)
    start = ids.index(after) + 1 if after is not None else 0
    return page(catalogue[start : start + size], start + size < len(ids))


class Recorder:
    """Collects exchanges with an imagined server."""

    def __init__(self, **origin: object) -> None:
        self.trace = Trace(Origin("server", "test", **origin))  # type: ignore[arg-type]

    def list(
        self,
        body: object,
        limit: int | None = None,
        *,
        after: str | None = None,
        before: str | None = None,
        betas: str | None = None,
        status: int = 200,
    ) -> Exchange:
        pairs = (("after_id", after), ("before_id", before), ("limit", limit))
        query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in pairs if value is not None)
        headers = (*HEADERS, ("anthropic-beta", betas)) if betas is not None else HEADERS
        return self.add("/v1/models" + (f"?{query}" if query else ""), body, status, headers)

    def retrieve(self, model_id: str, body: object, status: int = 200) -> Exchange:
        return self.add(f"/v1/models/{quote(model_id, safe='')}", body, status, HEADERS)

    def add(self, target: str, body: object, status: int, headers: tuple[tuple[str, str], ...]) -> Exchange:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = Response(status, (("content-type", "application/json"),), raw)
        return self.trace.add(Request("GET", "http://test" + target, headers), response)

    def judged(self) -> dict[str, Judged]:
        return {entry.requirement.id: entry for entry in judge(self.trace, select("server"), load_contract())}

    def failed(self) -> set[str]:
        return {name for name, judged_requirement in self.judged().items() if judged_requirement.verdict == "fail"}
