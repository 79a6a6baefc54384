"""The judges of servers and recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from models_conformance.judges.judgement import Judgement, Judges
from models_conformance.judges.server.server_evidence import Evidence

SERVER_JUDGES: Judges[Callable[[Evidence], Iterator[Judgement]]] = Judges()

SERVER_TEMPLATES: Judges[Callable[[Evidence, Mapping[str, str]], Iterator[Judgement]]] = Judges()
"""The judges of templates, by the id of the template. Each is told what the template was filled with."""

DirectedJudge = Callable[[Evidence, bool], Iterator[Judgement]]


def judges_both_ways(forward: str, backward: str) -> Callable[[DirectedJudge], DirectedJudge]:
    """Register a judge of two requirements, one for each direction of paging, which it gets as `backward`.

    Raises ValueError where a requirement has a judge already.
    """

    def add(judge: DirectedJudge) -> DirectedJudge:
        SERVER_JUDGES(forward)(lambda evidence: judge(evidence, False))
        SERVER_JUDGES(backward)(lambda evidence: judge(evidence, True))
        return judge

    return add
