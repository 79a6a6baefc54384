"""Area beta: the anthropic-beta header is an optional, open list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from models_conformance.contract.points import CURSORS, LIMIT
from models_conformance.evidence.exchange_reading import NO_SUCH, Call, Item, Reading
from models_conformance.evidence.particulars import Words
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Observed
from models_conformance.judges.server.comparison import (
    Difference,
    differing_member,
    is_unsteady,
    moving_members,
    page_difference,
)
from models_conformance.judges.server.registry import SERVER_JUDGES
from models_conformance.judges.server.server_evidence import Evidence, is_malformed
from models_conformance.support.text import quoted

_ONE_LINE = "comma"
# What a web server in front says of a header that is too long for it (RFC 6585, 5).
_HEADERS_TOO_LARGE = 431
_PARAMETERS = (*CURSORS, LIMIT)


def _form(reading: Reading) -> str:
    """How several betas were written."""
    lines = reading.call.beta_lines
    if len(lines) > 1:
        return "repeated lines"
    return "comma and blank" if ", " in lines[0] or " ," in lines[0] else _ONE_LINE


def _given(call: Call) -> list[tuple[str, str | None]]:
    """Parameters that a request gives, each with its value; None where it is given more than once."""
    return [(name, call.one(name)) for name in _PARAMETERS if call.values(name)]


def _names(call: Call) -> frozenset[str]:
    return frozenset(name for name, _ in _given(call))


class _WithoutBetas:
    """What the same run shows without betas: models retrieved, and parameters by whether a list passed with them."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        plain = [reading for reading in evidence.judged() if not reading.call.beta_lines]
        plain = [reading for reading in plain if reading.call.operation and evidence.is_authorised(reading.call)]
        listed = [reading.call for reading in plain if reading.page is not None]
        unlisted = [reading.call for reading in plain if reading.page is None]
        refused = [_names(call) for call in filter(evidence.is_documented_list, unlisted)]
        self._retrieved = {reading.call.model_id for reading in plain if reading.model is not None}
        self._has_listed = bool(listed)
        self._passed = set(chain.from_iterable(map(_given, listed)))
        self._failed = set(chain.from_iterable(refused))
        self._failed_together = set(refused).difference(map(_names, listed))

    def blames_betas_alone(self, call: Call) -> bool:
        """Whether only its betas can be to blame for a refusal: the same operation succeeds without.

        For a list, so must its cursor and its limit, and both together; what fails without betas and never passed may
        be to blame.
        """
        if not self._evidence.is_documented_list(call):
            return self._evidence.is_documented_retrieve(call) and call.model_id in self._retrieved
        suspects = [(name, value) for name, value in _given(call) if name in self._failed]
        is_alone = _names(call) not in self._failed_together and self._passed.issuperset(suspects)
        return self._has_listed and is_alone


def _steady(evidence: Evidence) -> Iterator[Reading]:
    """Exchanges of an operation that answers one question in one way: elsewhere betas explain no difference."""
    return (reading for reading in evidence.judged() if not is_unsteady(evidence, reading.call.operation))


def _with_betas(evidence: Evidence) -> Iterator[Reading]:
    """Documented calls with at least one documented beta, where the betas alone can be to blame."""
    plain = _WithoutBetas(evidence)
    for reading in _steady(evidence):
        # What broke off on the way was not refused.
        if reading.call.betas and reading.status is not None and plain.blames_betas_alone(reading.call):
            yield reading


def _judge_acceptance(evidence: Evidence, readings: Iterable[Reading]) -> Iterator[Judgement]:
    for reading in readings:
        yield Exercised(reading.number)
        if reading.status != 200:
            operation, betas = Words(str(reading.call.operation)), ",".join(reading.call.betas)
            yield evidence.judged_by_status(reading, parameter="anthropic-beta", operation=operation, betas=betas)


@SERVER_JUDGES("beta-documented-is-accepted")
def beta_documented_is_accepted(evidence: Evidence) -> Iterator[Judgement]:
    """One documented beta."""
    single = (reading for reading in _with_betas(evidence) if len(reading.call.betas) == 1)
    yield from _judge_acceptance(evidence, single)
    yield NotExercised("no documented request with a beta was made, or nothing succeeded without")


@SERVER_JUDGES("beta-list-is-accepted")
def beta_list_is_accepted(evidence: Evidence) -> Iterator[Judgement]:
    """Several documented betas on one line, separated by commas."""
    several = (reading for reading in _with_betas(evidence) if len(reading.call.betas) > 1)
    yield from _judge_acceptance(evidence, (reading for reading in several if _form(reading) == _ONE_LINE))
    yield NotExercised("no documented request with several betas was made, or nothing succeeded without")


@SERVER_JUDGES("beta-header-forms-are-equal")
def beta_header_forms_are_equal(evidence: Evidence) -> Iterator[Judgement]:
    """Blanks and repeated lines, where plain commas are accepted."""
    readings = [reading for reading in _with_betas(evidence) if len(reading.call.betas) > 1]
    accepted = {
        _operation_and_betas(reading.call)
        for reading in readings
        if _form(reading) == _ONE_LINE and reading.status == 200
    }
    for reading in readings:
        form = _form(reading)
        if form == _ONE_LINE or _operation_and_betas(reading.call) not in accepted:
            continue
        yield Exercised(reading.number)
        if reading.status != 200:
            yield evidence.judged_by_status(reading, parameter="anthropic-beta", form=Words(form))
    yield NotExercised("no list of betas was written in two ways")


def _operation_and_betas(call: Call) -> tuple[str | None, frozenset[str]]:
    """The betas and what they were asked of: an operation that takes them says nothing of the other."""
    return call.operation, frozenset(call.betas)


@SERVER_JUDGES("beta-leaves-stable-body-unchanged")
def beta_leaves_stable_body_unchanged(evidence: Evidence) -> Iterator[Judgement]:
    """Answers with betas against the same question without, and their models against those listed without."""
    plain: dict[tuple[str, object], Reading] = {}
    for reading in evidence.judged():
        if reading.status == 200 and not reading.call.beta_lines and evidence.is_authorised(reading.call):
            plain.setdefault((reading.exchange.request.url, reading.call.credential), reading)
    for reading in _steady(evidence):
        call = reading.call
        if not call.beta_lines or reading.status != 200 or not evidence.is_authorised(call):
            continue
        twin = plain.get((reading.exchange.request.url, call.credential))
        comparison = (
            _against_listed(evidence, reading, twin)
            or (twin and _against_twin(evidence, reading, twin))
            or _as_listed(evidence, reading, twin)
        )
        if comparison is not None:
            yield Exercised(reading.number)
            witness, difference = comparison
            if difference is not None:
                yield difference.as_violation(reading.number, witness)
    yield NotExercised("no answer with betas could be compared with one without")


# The exchange without betas that an answer with betas was compared with, and in what the two differ.
_Comparison = tuple[int, Difference | None]


def _models(evidence: Evidence, reading: Reading, twin: Reading | None) -> tuple[Item, ...]:
    """The models to compare with those listed without betas; a retrieved one that has a twin is compared with that.

    A question that goes beyond the documented ones has more than its betas to explain a difference.
    """
    if reading.call.operation == "retrieve":
        return (reading.model,) if reading.model and twin is None else ()
    documented = evidence.is_documented_list(reading.call, any_beta=True)
    return reading.page.items if reading.page and documented else ()


def _against_listed(evidence: Evidence, reading: Reading, twin: Reading | None) -> _Comparison | None:
    """The first model that differs from what was listed without betas."""
    for model in _models(evidence, reading, twin):
        # An id that one page lists twice has two items to be compared with.
        if model.id in evidence.order.ambiguous:
            continue
        item, witness = evidence.items.get(model.id, (model, 0))
        member = differing_member(evidence, model, item)
        if member is not None and (reading.page is not None or _is_retrieved_as_listed(evidence, member)):
            what = Words(f"{quoted(model.id)} has another {member}")
            return witness, Difference("has-another-member", what, member)
    return None


def _is_retrieved_as_listed(evidence: Evidence, member: str) -> bool:
    """Whether models that are retrieved without betas have that member as the list has it: a server on which they
    have not would differ under betas too."""
    plain = [
        (reading.model, evidence.items[reading.model.id][0])
        for reading in evidence.judged()
        if reading.model is not None and not reading.call.beta_lines and reading.model.id in evidence.items
    ]
    return bool(plain) and all(differing_member(evidence, model, item) != member for model, item in plain)


def _against_twin(evidence: Evidence, reading: Reading, twin: Reading) -> _Comparison | None:
    """The answer against that to the same question without betas; None where they cannot be compared."""
    if reading.model is not None and twin.model is not None:
        member = differing_member(evidence, reading.model, twin.model)
        what = Words(f"{quoted(twin.model.id)} is answered with another {member}")
        return twin.number, Difference("has-another-member", what, member) if member else None
    if reading.page is not None and twin.page is not None:
        pages = (twin.page, reading.page) if twin.number < reading.number else (reading.page, twin.page)
        first, moving = min(twin.number, reading.number), evidence.remembered(moving_members)
        return twin.number, page_difference(evidence, *pages, first, moving)
    if not reading.succeeded and twin.succeeded:
        return twin.number, Difference("has-another-shape", Words("the answer has another shape"))
    return None


def _as_listed(evidence: Evidence, reading: Reading, twin: Reading | None) -> _Comparison | None:
    """Models that all were listed without betas, where none differs."""
    models = _models(evidence, reading, twin)
    listed = [evidence.items.get(model.id, (None, 0))[0] for model in models]
    pairs = zip(models, listed, strict=True)
    if models and all(item and differing_member(evidence, model, item) is None for model, item in pairs):
        return twin.number if twin else 0, None
    return None


def _but_for_betas(call: Call) -> tuple[object, ...]:
    """What a call asks, betas aside."""
    return call.operation, call.path, call.parameters, call.credential, call.version


def _failing_forms(evidence: Evidence) -> frozenset[str]:
    """The ways to write several betas in which not even documented ones are answered."""
    several = [reading for reading in _with_betas(evidence) if len(reading.call.betas) > 1]
    passing = {_form(reading) for reading in several if reading.status == 200}
    return frozenset(_form(reading) for reading in several) - passing


def _with_unknown_betas(evidence: Evidence) -> Iterator[Reading]:
    """Questions with a beta that this suite invented, which succeed without, in ways to write it that succeed."""
    succeeded = [reading for reading in evidence.judged() if reading.succeeded]
    plain = {_but_for_betas(reading.call) for reading in succeeded if not reading.call.beta_lines}
    for reading in _steady(evidence):
        call = reading.call
        if not any(NO_SUCH in beta for beta in call.betas) or not evidence.is_authorised(call):
            continue
        is_told_by_form = len(call.betas) > 1 and _form(reading) in evidence.remembered(_failing_forms)
        if reading.status is not None and _but_for_betas(call) in plain and not is_told_by_form:
            yield reading


@SERVER_JUDGES("beta-unknown-is-accepted-or-refused")
def beta_unknown_is_accepted_or_refused(evidence: Evidence) -> Iterator[Judgement]:
    """Betas that this suite invented."""
    for reading in _with_unknown_betas(evidence):
        yield Exercised(reading.number)
        if reading.status == 400 or (reading.status == _HEADERS_TOO_LARGE and is_malformed(reading.call)):
            yield Observed("an unknown beta", f"refused with {reading.status}")
        elif reading.status == 200:
            yield Observed("an unknown beta", "accepted")
        else:
            yield evidence.judged_by_status(reading, parameter="anthropic-beta")
    yield NotExercised("no unknown beta was tried")


@SERVER_JUDGES("beta-empty-header")
def beta_empty_header(evidence: Evidence) -> Iterator[Judgement]:
    for reading in evidence.judged():
        call = reading.call
        if call.operation and call.beta_lines and not call.betas and evidence.is_authorised(call):
            yield Exercised(reading.number)
            yield evidence.observed("an empty anthropic-beta header", reading)
    yield NotExercised("no empty anthropic-beta header was tried")
