"""Errors that a caller can expect; each message is one line for people."""

from __future__ import annotations


class UsageError(ValueError):
    """The user asked for something that cannot be done; the message is one line for them. Exit code 2."""


class Unreachable(UsageError):
    """The subject cannot be reached, does not speak HTTP, or refuses the credentials. Exit code 2."""
