"""Patterns of clients, in the order in which they are looked for: each explains what is left to it."""

from models_conformance.causes.client import errors, redirects, requests, retries, values
from models_conformance.causes.patterns import Pattern

CLIENT_PATTERNS: tuple[Pattern, ...] = (
    *retries.PATTERNS,
    *redirects.PATTERNS,
    *requests.PATTERNS,
    *errors.PATTERNS,
    *values.PATTERNS,
)
