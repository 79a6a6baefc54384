"""Judgments about servers and recordings, one file an area. Importing this package registers all of them."""

from __future__ import annotations

from models_conformance.judges.server import (  # noqa: F401 - to register their judges
    beta,
    compatibility,
    credentials,
    cursor,
    envelope,
    errors,
    filter,
    has_more,
    limit,
    member,
    order,
    repeat,
    retrieve,
    transport,
    walk,
)
from models_conformance.judges.server.registry import SERVER_JUDGES as SERVER_JUDGES
from models_conformance.judges.server.registry import SERVER_TEMPLATES as SERVER_TEMPLATES
from models_conformance.judges.server.registry import server_judgements as server_judgements
