"""Patterns of servers and recordings, in the order in which they are looked for: each explains what is left to it."""

from models_conformance.causes.patterns import Pattern
from models_conformance.causes.server import additions, answers, headers, nothing_works, paging, statuses, walking

SERVER_PATTERNS: tuple[Pattern, ...] = (
    *nothing_works.PATTERNS,
    *answers.PATTERNS,
    *statuses.PATTERNS,
    *additions.PATTERNS,
    *paging.PATTERNS,
    *additions.OF_BETAS,
    *walking.PATTERNS,
    *headers.PATTERNS,
)
