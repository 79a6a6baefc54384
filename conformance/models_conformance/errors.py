"""Errors that a caller can expect; each message is one line for people."""

from __future__ import annotations


class UsageError(ValueError):
    """The user asked for something that cannot be done; the message is one line for them. Exit code 2."""


class Unreachable(UsageError):
    """The subject cannot be reached, does not speak HTTP, or refuses the credentials. Exit code 2.

    `remedy` names what would help where an option would, which a frontend puts into words: it knows how it is spelled.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
