"""Patterns of clients, in the order in which they are looked for: each explains what is left to it."""

from models_conformance.causes.client import errors, requests, retries
from models_conformance.causes.patterns import Pattern

CLIENT_PATTERNS: tuple[Pattern, ...] = (*retries.PATTERNS, *requests.PATTERNS, *errors.PATTERNS)
