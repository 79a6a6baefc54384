"""A tape: answers recorded in an earlier run, given again to the same questions, and what this run adds.

A question is the same whatever host and port it goes to: method, path with query, and the request headers that
the contract speaks of or that the suite varies. The n-th asking gets the n-th recorded answer.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from models_conformance.evidence.exchange import Exchange, Failure, Request, Response, header
from models_conformance.evidence.redaction import REDACTED

Mode = Literal["none", "once", "new_episodes", "all", "rewrite"]
MODES: tuple[Mode, ...] = ("none", "once", "new_episodes", "all", "rewrite")

Key = tuple[str, str, bool, tuple[tuple[str, str], ...]]

# What differs from run to run or host to host and asks for nothing else.
_UNMATCHED = frozenset({"host", "accept", "accept-encoding", "user-agent", "connection"})


@dataclass(frozen=True, slots=True)
class RecordedWith:
    """What a run has to be told to ask the same questions again. `credential` is how its key was carried."""

    seed: int
    examples: int
    max_requests: int
    aliases: Mapping[str, str | None]
    credential: Literal["key", "bearer"] = "key"


@dataclass(frozen=True, slots=True)
class Taped:
    """One recorded exchange; `phase` names the part of the run, and the file, that it belongs to."""

    phase: str
    request: Request
    response: Response | None
    failure: Failure | None = None


def key_of(request: Request) -> Key:
    """What two askings of the same question have in common."""
    split = urlsplit(request.url)
    target = split.path + (f"?{split.query}" if split.query else "")
    lines = [
        (name.lower(), value)
        for name, value in request.headers
        # A user's own header is shown without its value, and belongs to where they sent it.
        if name.lower() not in _UNMATCHED and value != REDACTED
    ]
    # Lines of one name keep their order, which means something; names have none (RFC 9110, 5.3).
    lines.sort(key=lambda line: line[0])
    capitalised = any(name == "Anthropic-Version" for name, _ in request.headers)
    return request.method.upper(), target, capitalised, tuple(lines)


@dataclass
class Tape:
    """Answers of an earlier run, and the exchanges of this one in their order. `phase` is the part it is in.

    `sends` says whether what is not there may be asked of a server; without it, nothing is ever sent.
    """

    recorded: tuple[Taped, ...] = ()
    recorded_with: RecordedWith | None = None
    sends: bool = True
    phase: str = ""
    kept: list[Taped] = field(default_factory=list)
    new: int = 0
    _phases: int = 0
    _answers: dict[Key, deque[Taped]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for taped in self.recorded:
            self._answers.setdefault(key_of(taped.request), deque()).append(taped)

    @property
    def credential(self) -> Literal["key", "bearer"]:
        """How this run's first question carried its key; what was tried after that is a matter of the answers."""
        first = self.kept[0].request.headers if self.kept else ()
        return "key" if header(first, "authorization") is None else "bearer"

    def enter(self, name: str) -> None:
        """Begin the part of the run that has this name; a run always has the same parts in the same order."""
        self._phases += 1
        self.phase = f"{self._phases:02d}-{re.sub('[^a-z0-9]+', '-', name.lower())}"

    def has(self, request: Request) -> bool:
        """Whether the next asking of this question has an answer here."""
        return bool(self._answers.get(key_of(request)))

    def answer(self, request: Request) -> Taped | None:
        """The next recorded answer to this question, None where there is none or no further one."""
        answers = self._answers.get(key_of(request))
        return answers.popleft() if answers else None

    def keep(self, exchange: Exchange, is_new: bool) -> None:
        """Take in an exchange of this run, redacted as it entered the trace."""
        self.new += is_new
        self.kept.append(Taped(self.phase, exchange.request, exchange.response, exchange.failure))

    def left(self) -> list[Taped]:
        """Recorded answers that nobody asked for."""
        return [taped for answers in self._answers.values() for taped in answers]


def merged(kept: Iterable[Taped], left: Iterable[Taped], replaced: bool) -> list[Taped]:
    """This run's exchanges with those of the earlier recording that it did not use.

    Where `replaced`, what this run asked anew takes the place of all answers to that question.
    """
    new = list(kept)
    spec = {key_of(taped.request) for taped in new} if replaced else set()
    return [*new, *(taped for taped in left if key_of(taped.request) not in spec)]
