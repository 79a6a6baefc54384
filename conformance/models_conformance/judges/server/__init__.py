"""Judgments about servers and recordings, one file an area. Importing this package registers all of them."""

from __future__ import annotations

from models_conformance.judges.server import (
    beta,
    compatibility,
    credentials,
    cursor,
    envelope,
    errors,
    has_more,
    limit,
    order,
    repeat,
    retrieve,
    transport,
    walk,
)
from models_conformance.judges.server.registry import SERVER_JUDGES as SERVER_JUDGES

AREAS = (
    transport,
    envelope,
    order,
    limit,
    cursor,
    has_more,
    walk,
    repeat,
    retrieve,
    beta,
    credentials,
    errors,
    compatibility,
)
