"""Judgments about clients, one file an area or a part of one. Importing this package registers all of them."""

from __future__ import annotations

from models_conformance.judges.client import failure, fields, headers, paging, retry, value, wire
from models_conformance.judges.client.registry import CLIENT_JUDGES as CLIENT_JUDGES
from models_conformance.judges.client.registry import CLIENT_TEMPLATES as CLIENT_TEMPLATES

AREAS = (wire, headers, paging, value, fields, failure, retry)
