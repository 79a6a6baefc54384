"""Area beta: the anthropic-beta header is an optional, open list."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.exchange_reading import NO_SUCH, Call, Item, Reading
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Observed, Violation, judges, quoted
from models_conformance.judges.server.envelope import described
from models_conformance.judges.server.repeat import page_difference
from models_conformance.judges.server.retrieve import same_members
from models_conformance.judges.server.server_evidence import Evidence

_ONE_LINE = "comma"
_BLANKS = "comma and blank"
_LINES = "repeated lines"


_PARAMETERS = ("after_id", "before_id", "limit")


def _form(reading: Reading) -> str:
    """How several betas were written."""
    lines = reading.call.beta_lines
    if len(lines) > 1:
        return _LINES
    return _BLANKS if ", " in lines[0] or " ," in lines[0] else _ONE_LINE


def _with_betas(evidence: Evidence) -> Iterator[Reading]:
    """Documented calls with at least one documented beta, where the betas alone can be to blame.

    The same operation must succeed without betas; for a list, so must its cursor and its limit.
    """
    plain = [
        reading
        for reading in evidence.judged()
        if not reading.call.beta_lines and reading.call.operation and evidence.is_authorised(reading.call)
    ]
    retrieved = {reading.call.model_id for reading in plain if reading.model is not None}
    passed: set[tuple[str, str | None]] = set()
    failed: set[str] = set()
    any_page = False
    for reading in plain:
        if reading.page is not None:
            any_page = True
            passed.update((name, reading.call.one(name)) for name in _PARAMETERS)
        elif evidence.is_documented_list(reading.call):
            failed.update(name for name in _PARAMETERS if reading.call.values(name))
    for reading in evidence.judged():
        call = reading.call
        # What broke off on the way was not refused.
        if not call.betas or reading.status is None:
            continue
        if evidence.is_documented_list(call):
            # Where a parameter fails without betas too, and never passed with this value, it may be to blame.
            suspects = [name for name in _PARAMETERS if name in failed and call.values(name)]
            if any_page and all((name, call.one(name)) in passed for name in suspects):
                yield reading
        elif evidence.is_documented_retrieve(call) and call.model_id in retrieved:
            yield reading


def _refused(evidence: Evidence, reading: Reading) -> Violation:
    names = quoted(",".join(reading.call.betas), 60)
    return Violation(
        f"{reading.call.operation} with betas {names} is answered {evidence.summary(reading)}",
        "200, as without betas",
        (reading.number,),
    )


@judges("beta-documented-is-accepted")
def beta_documented_is_accepted(evidence: Evidence) -> Iterator[Judgement]:
    """One documented beta."""
    for reading in _with_betas(evidence):
        if len(reading.call.betas) == 1:
            yield Exercised(reading.number)
            if reading.status != 200:
                yield _refused(evidence, reading)
    yield NotExercised("no documented request with a beta was made, or nothing succeeded without")


@judges("beta-list-is-accepted")
def beta_list_is_accepted(evidence: Evidence) -> Iterator[Judgement]:
    """Several documented betas on one line, separated by commas."""
    for reading in _with_betas(evidence):
        if len(reading.call.betas) > 1 and _form(reading) == _ONE_LINE:
            yield Exercised(reading.number)
            if reading.status != 200:
                yield _refused(evidence, reading)
    yield NotExercised("no documented request with several betas was made, or nothing succeeded without")


@judges("beta-header-forms-are-equal")
def beta_header_forms_are_equal(evidence: Evidence) -> Iterator[Judgement]:
    """Blanks and repeated lines, where plain commas are accepted."""
    readings = [reading for reading in _with_betas(evidence) if len(reading.call.betas) > 1]
    accepted = {
        frozenset(reading.call.betas) for reading in readings if _form(reading) == _ONE_LINE and reading.status == 200
    }
    for reading in readings:
        form = _form(reading)
        if form == _ONE_LINE or frozenset(reading.call.betas) not in accepted:
            continue
        yield Exercised(reading.number)
        if reading.status != 200:
            yield Violation(
                f"betas written with {form} are answered {evidence.summary(reading)}",
                "200, as with plain commas",
                (reading.number,),
            )
    yield NotExercised("no list of betas was written in two ways")


@judges("beta-leaves-stable-body-unchanged")
def beta_leaves_stable_body_unchanged(evidence: Evidence) -> Iterator[Judgement]:
    """Answers with betas against the same question without, and their models against those listed without."""
    plain: dict[tuple[str, object], Reading] = {}
    for reading in evidence.judged():
        if reading.status == 200 and not reading.call.beta_lines and evidence.is_authorised(reading.call):
            plain.setdefault((reading.exchange.request.url, reading.call.credential), reading)
    for reading in evidence.judged():
        call = reading.call
        if not call.beta_lines or reading.status != 200 or not evidence.is_authorised(call):
            continue
        twin = plain.get((reading.exchange.request.url, call.credential))
        if call.operation == "retrieve":
            models: tuple[Item, ...] = (reading.model,) if reading.model and twin is None else ()
        else:
            models = reading.page.items if reading.page else ()
        changed = next(
            (
                model
                for model in models
                if model.id in evidence.items and not same_members(model, evidence.items[model.id][0])
            ),
            None,
        )
        if changed is not None:
            number = evidence.items[changed.id][1]
            yield Exercised(reading.number)
            yield Violation(
                f"with betas, {quoted(changed.id)} has other documented members",
                f"those of exchange {number}, without betas",
                (reading.number, number),
            )
        elif twin is not None and reading.model is not None and twin.model is not None:
            yield Exercised(reading.number)
            if not same_members(reading.model, twin.model):
                yield Violation(
                    f"with betas, {quoted(twin.model.id)} is answered with {described(reading.model)}",
                    f"{described(twin.model)}, as in exchange {twin.number}",
                    (reading.number, twin.number),
                )
        elif twin is not None and reading.page is not None and twin.page is not None:
            yield Exercised(reading.number)
            pages = (twin.page, reading.page) if twin.number < reading.number else (reading.page, twin.page)
            change = page_difference(evidence, *pages, min(twin.number, reading.number))
            if change is not None:
                yield Violation(
                    f"the page with betas is another than without: {change}",
                    f"the models and has_more of exchange {twin.number}",
                    (reading.number, twin.number),
                )
        elif models and all(model.id in evidence.items for model in models):
            yield Exercised(reading.number)
        elif reading.page is None and reading.model is None and twin is not None and (twin.page or twin.model):
            yield Exercised(reading.number)
            yield Violation(
                "with betas the answer has another shape",
                f"that of exchange {twin.number}",
                (reading.number, twin.number),
            )
    yield NotExercised("no answer with betas could be compared with one without")


def asks_the_same(call: Call, other: Call) -> bool:
    """Whether two calls are the same question, betas aside."""
    return (call.operation, call.path, call.parameters, call.credential, call.version) == (
        other.operation,
        other.path,
        other.parameters,
        other.credential,
        other.version,
    )


@judges("beta-unknown-is-accepted-or-refused")
def beta_unknown_is_accepted_or_refused(evidence: Evidence) -> Iterator[Judgement]:
    """Betas that this suite invented, on questions that succeed without."""
    plain = [
        judged_requirement.call
        for judged_requirement in evidence.judged()
        if judged_requirement.status == 200 and not judged_requirement.call.beta_lines
    ]
    for reading in evidence.judged():
        call = reading.call
        if not any(NO_SUCH in beta for beta in call.betas) or not evidence.is_authorised(call):
            continue
        if reading.status is None or not any(asks_the_same(call, one) for one in plain):
            continue
        yield Exercised(reading.number)
        if reading.status == 400:
            yield Observed("an unknown beta", "refused with 400")
        elif reading.status == 200:
            yield Observed("an unknown beta", "accepted")
        else:
            yield Violation(
                f"an unknown beta is answered {evidence.summary(reading)}", "200, or 400", (reading.number,)
            )
    yield NotExercised("no unknown beta was tried")


@judges("beta-empty-header")
def beta_empty_header(evidence: Evidence) -> Iterator[Judgement]:
    """Documented nowhere: noted."""
    for reading in evidence.judged():
        call = reading.call
        if call.operation and call.beta_lines and not call.betas and evidence.is_authorised(call):
            yield Exercised(reading.number)
            yield Observed("an empty anthropic-beta header", evidence.summary(reading))
    yield NotExercised("no empty anthropic-beta header was tried")
