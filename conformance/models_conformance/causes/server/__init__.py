"""Patterns of servers and recordings, in the order in which they are looked for: each explains what is left to it."""

from models_conformance.causes.patterns import SERVER_PATTERNS
from models_conformance.causes.server import answers, nothing_works, paging

__all__ = ["SERVER_PATTERNS", "answers", "nothing_works", "paging"]
