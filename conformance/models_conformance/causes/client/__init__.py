"""Patterns of clients, in the order in which they are looked for: each explains what is left to it."""

from models_conformance.causes.patterns import CLIENT_PATTERNS

__all__ = ["CLIENT_PATTERNS"]
