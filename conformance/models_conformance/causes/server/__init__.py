"""Patterns of servers and recordings, in the order in which they are looked for: each explains what is left to it."""

from models_conformance.causes.patterns import Pattern
from models_conformance.causes.server import answers, nothing_works, paging, request_parts

SERVER_PATTERNS: tuple[Pattern, ...] = (
    *nothing_works.PATTERNS,
    *answers.PATTERNS,
    *request_parts.PATTERNS,
    *paging.PATTERNS,
    *request_parts.OF_BETAS,
    *paging.OF_WALKS,
    *request_parts.OF_CREDENTIALS,
)
