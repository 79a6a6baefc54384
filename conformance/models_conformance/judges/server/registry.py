"""The judges of servers and recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from models_conformance.judges.judgement import Judgement, Judges
from models_conformance.judges.server.server_evidence import Evidence

SERVER_JUDGES: Judges[Callable[[Evidence], Iterator[Judgement]]] = Judges()
