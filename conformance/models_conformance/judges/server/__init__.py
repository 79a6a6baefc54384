"""Judgments about servers and recordings, one file an area. Importing this package registers all of them."""

from __future__ import annotations

from models_conformance.judges.server import (
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

AREAS = (
    transport,
    envelope,
    member,
    order,
    limit,
    cursor,
    has_more,
    filter,
    walk,
    repeat,
    retrieve,
    beta,
    credentials,
    errors,
    compatibility,
)
