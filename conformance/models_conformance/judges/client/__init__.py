"""Judgments about clients, one file an area or a part of one. Importing this package registers all of them."""

from __future__ import annotations

from models_conformance.judges.client import failure, fields, headers, paging, retry, value, wire  # noqa: F401 - to register
from models_conformance.judges.client.registry import CLIENT_JUDGES as CLIENT_JUDGES
from models_conformance.judges.client.registry import CLIENT_TEMPLATES as CLIENT_TEMPLATES
from models_conformance.judges.client.registry import client_judgements as client_judgements
