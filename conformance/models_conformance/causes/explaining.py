"""From the findings of a run to its causes: patterns first, then what follows from each other, sorted by importance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache

from models_conformance.causes.case import Case, Deviation, deviations
from models_conformance.causes.client import CLIENT_PATTERNS
from models_conformance.causes.grouping import follow_from, grouped
from models_conformance.causes.patterns import Pattern
from models_conformance.causes.refusals import is_refused_by_another, only_shapes, refuses_what_is_foreign
from models_conformance.causes.server import SERVER_PATTERNS
from models_conformance.evidence.exchange import Exchange
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.judges.judgement import Violation
from models_conformance.judges.wording import advice, sentence, sentences
from models_conformance.requirements.register import Requirement, every_requirement

# A stage is everything whose repair shows the same about the next: patterns by their ids, requirements by globs.
_STAGES: tuple[tuple[str, ...], ...] = (
    ("route-ends-in-a-slash", "list-is-redirected", "a-web-page-is-answered", "base-url-is-wrong", "upstream-is-down"),
    ("catalogue-changed-in-the-run", "member-moves", "answers-differ", "same-question-same-answer"),
    ("response-arrives-whole", "body-is-*", "coding-without-its-header", "no-input-is-answered-5xx"),
    ("credentials-api-key-*", "list-documented-*", "list-limit-in-range-*"),
    ("openai-shape", "list-envelope-*", "model-*", "error-envelope-with-status-200", "list-ids-*", "listed-ids-*"),
    ("no-parameter-is-read", "limit-*", "list-page-is-*", "list-default-*"),
    ("list-is-newest-first", "list-order-*"),
    ("cursor*", "list-after-*", "list-before-*", "list-page-past-*", "list-without-*"),
    ("list-has-more-*",),
    ("walk-*",),
    ("no-retrieve-route", "retrieve-*"),
    ("body-*", "error-envelope-*", "error-type-*", "error-request-*"),
    ("credentials-*", "bad-credentials-*", "version-*", "header-*", "list-limit-outside-*"),
    ("beta*",),
    ("unknown-*",),
    ("client-uses-*", "client-requests-*", "client-keeps-*", "client-escapes-*", "client-dot-*", "client-empty-*"),
    ("query-begins-twice", "no-parameter-is-sent", "client-sends-*", "client-call-*"),
    ("client-answer-*", "client-reads-*", "client-page-*", "client-id-*", "client-retrieve-*"),
    ("client-created-at-*", "client-display-name-*", "client-extra-fields-*", "client-type-*"),
    ("client-tolerates-*",),
    ("client-walk-*",),
    (
        "client-unreadable-*",
        "client-cut-*",
        "client-error-*",
        "error-says-*",
        "client-timeout-*",
        "client-other-status-*",
    ),
    ("client-*retr*",),
)


# A server error on requests that nobody has to send, or that are to be refused, keeps no client from its list.
_SERVER_ERROR, _ON_ODD_REQUESTS = "no-input-is-answered-5xx", "bad-credentials-are-answered-5xx"


@dataclass(frozen=True, slots=True)
class Explained:
    """One cause: the deviation that names it best, and all that it explains, that one in front.

    `id` is a pattern's or, where none fits, that of the root.
    """

    id: str
    statement: str
    advice: str
    root: Deviation
    explains: tuple[Deviation, ...]

    @property
    def first(self) -> Violation:
        """The violation that shows it: the first of the root."""
        return self.root.violations[0]

    @property
    def breaks_must(self) -> bool:
        """Whether a requirement of level must is among what it explains."""
        return any(deviation.requirement.level == "must" for deviation in self.explains)

    @property
    def follow(self) -> tuple[str, ...]:
        """The requirements that it explains beside the root, in the order of the register."""
        ids = {deviation.id for deviation in self.explains} - {self.root.id}
        return tuple(sorted(ids, key=_place))


def _place(name: str) -> tuple[int, str]:
    """Where a requirement stands in the register; those of contracts that do not ship come last."""
    places = _places()
    return places.get(name, len(places)), name


@cache
def _places() -> dict[str, int]:
    return {name: at for at, name in enumerate(every_requirement())}


def causes_of(
    violations: Iterable[tuple[Requirement, Sequence[Violation]]], exchanges: Mapping[int, Exchange]
) -> tuple[Explained, ...]:
    """The causes of all violations of a run, what to fix first in front. Each violation has exactly one.

    `exchanges` are those of the run, or as many of them as are kept. Pure: the same findings have the same causes.
    """
    broken = [
        deviation
        for requirement, found in violations
        if requirement.level != "observe"
        for deviation in deviations(requirement, found)
    ]
    case = Case(broken, {number: Reading(exchange) for number, exchange in exchanges.items()} if broken else {})
    patterns = (
        CLIENT_PATTERNS if any("client" in deviation.requirement.subjects for deviation in broken) else SERVER_PATTERNS
    )
    found = list(_recognised(case, patterns))
    rest = case.without(deviation for cause in found for deviation in cause.explains)
    found += [_generic(group) for group in grouped(rest)]
    found = _with_foreign_errors(found, case)
    return tuple(
        sorted(
            found,
            key=lambda cause: (
                # Each call of a client is seen by itself: no cause has to be fixed for another to be seen.
                cause.root.requirement.subjects == ("client",) and not cause.breaks_must,
                stage(cause.id, cause.root.id, breaks_must=cause.breaks_must),
                -len(cause.explains),
                _place(cause.root.id),
            ),
        )
    )


def _recognised(case: Case, patterns: Sequence[Pattern]) -> Iterator[Explained]:
    for pattern in patterns:
        if not case.deviations:
            return
        cause = _by(pattern, case)
        if cause is not None:
            yield cause
            case = case.without(cause.explains)


def _by(pattern: Pattern, case: Case) -> Explained | None:
    recognised = pattern.recognise(case)
    root = pattern.root_among(recognised.explains) if recognised is not None else None
    if recognised is None or root is None:
        return None
    explains = [*recognised.explains, *(follow_from(root.id, case) if pattern.follows else ())]
    once = {id(deviation): deviation for deviation in explains}.values()
    in_front = sorted(once, key=lambda deviation: (deviation is not root, deviation.id != root.id))
    return Explained(pattern.id, sentence(pattern.statement, recognised.values), pattern.advice, root, tuple(in_front))


def _with_foreign_errors(found: Sequence[Explained], case: Case) -> list[Explained]:
    """The causes, one that is about the shape of errors put under the one whose refusals alone have that shape."""
    shapes = [cause for cause in found if only_shapes(cause.explains)]
    others = [cause for cause in found if cause not in shapes]
    if not shapes:
        return others
    refusing = next((cause for cause in others if refuses_what_is_foreign(cause.explains, case.readings)), None)
    if refusing is not None:
        wider = _wider(refusing, shapes)
        return [wider if cause is refusing else cause for cause in others]
    alike = [cause for cause in others if is_refused_by_another(cause.explains, case.readings)]
    return [_wider(shapes[0], [*shapes[1:], *alike]), *(cause for cause in others if cause not in alike)]


def _wider(cause: Explained, more: Sequence[Explained]) -> Explained:
    """The cause, with what these explain under it."""
    return replace(cause, explains=(*cause.explains, *(deviation for other in more for deviation in other.explains)))


def _generic(group: Sequence[Deviation]) -> Explained:
    """A cause that is named by its root: what the register states, and what was seen instead."""
    root = group[0]
    seen = sentences(root.requirement, root.violations[0]).observed
    others = [
        deviation.subject
        for deviation in group
        if deviation.id == root.id and deviation.kind == root.kind and deviation is not root
    ]
    also = f" (also {', '.join(others)})" if others else ""
    statement = f"{seen}{also}, against: {root.requirement.statement}"
    return Explained(root.id, statement, advice(root.requirement, root.violations[0]), root, tuple(group))


def stage(cause: str, root: str, *, breaks_must: bool = True) -> int:
    """The place of a cause with that id and root; what no stage names stands behind all that one does.

    `breaks_must`: whether it breaks a requirement of that level.
    """
    names = (cause, root) if breaks_must or root != _SERVER_ERROR else (_ON_ODD_REQUESTS,)
    for name in names:
        for at, patterns in enumerate(_STAGES):
            if any(fnmatchcase(name, pattern) for pattern in patterns):
                return at
    return len(_STAGES)
