"""Sentences from judgements: the templates of the register, filled with a judgement's values.

`{name}` shows a value as what it is: text in quotation marks, a number, null, the short form of an answer.
`{name:models}` counts: `1 model`, `2 models`. `{name:40}` cuts text after so many characters. `{name:bare}` leaves the
quotation marks out. Nothing ever reads such a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from models_conformance.evidence.particulars import Answer, Json, Model, Path, Value, Words
from models_conformance.judges.judgement import Violation
from models_conformance.requirements.register import Requirement
from models_conformance.support.text import counted, quoted

_LONGEST_LISTED = 3


class _Sentence(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return shown(value, format_spec)


_SENTENCE = _Sentence()


@dataclass(frozen=True, slots=True)
class Sentences:
    """What was observed and what was expected, in words, and which of the values each of the two names."""

    observed: str
    expected: str
    observed_values: Mapping[str, Value]
    expected_values: Mapping[str, Value]


def sentences(requirement: Requirement, violation: Violation) -> Sentences:
    """The sentences of a violation of that requirement. `{subject}` in a template is its parameter or member.

    Raises KeyError for a kind that the register does not declare, or a template that names a missing value.
    """
    declared = requirement.kind(violation.kind)
    filled = {"subject": Words(violation.parameter or violation.member), **violation.values}
    return Sentences(
        _SENTENCE.vformat(declared.observed, (), filled),
        _SENTENCE.vformat(declared.expected, (), filled),
        _named(declared.observed, violation.values),
        _named(declared.expected, violation.values),
    )


def sentence(template: str, values: Mapping[str, Value]) -> str:
    """A template of the suite's own, filled with these values. Raises KeyError for a value it names and they lack."""
    return _SENTENCE.vformat(template, (), values)


# What to do about an answer that says more by its status than by the requirement that it breaks.
_ADVICE = {
    "3xx": "Answer here, without a redirect: clients do not follow one with a key.",
    "5xx": "Look into the server's log: it broke on this request, which deserves an answer or a refusal.",
    "nothing": "See why no whole response came: a timeout, a connection that closed, a body that was cut short.",
}
_REFUSED = "The credential that other requests show is refused here: check it in the same way on every route."
_OF_CREDENTIALS = frozenset({401, 403})


def advice(requirement: Requirement, violation: Violation) -> str:
    """The line of advice for a violation: the requirement's, or one that fits the status of the answer better."""
    # The requirement has one kind for all statuses: what it advises was written for the commonest.
    if not violation.kind.startswith("answered-") or "answered-*" not in requirement.kinds:
        return requirement.advice
    answered = violation.values.get("answer")
    if isinstance(answered, Answer) and answered.status in _OF_CREDENTIALS and requirement.area != "credentials":
        return _REFUSED
    return _ADVICE.get(violation.kind.removeprefix("answered-"), requirement.advice)


def _named(template: str, values: Mapping[str, Value]) -> dict[str, Value]:
    names = {name for _, name, _, _ in _SENTENCE.parse(template) if name}
    return {name: value for name, value in values.items() if name in names}


def shown(value: Value, spec: str = "") -> str:
    """One value as a sentence shows it; `spec` is what follows the colon in a template."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() if spec.endswith("s"):
            return counted(value, spec[:-1])
        case int() | float():
            return str(value)
        case Words() | Path():
            return str(value)
        case Json(text):
            return text
        case str():
            return value if spec == "bare" else quoted(value, int(spec) if spec.isdecimal() else 80)
        case tuple():
            return _listed(value)
        case Answer():
            return _answer(value)
        case Model():
            return (
                f"{shown(value.display_name, '40')} of {shown(value.created_at, '40')} (type {shown(value.type, '20')})"
            )


def _listed(values: tuple[str, ...]) -> str:
    if not values:
        return "none"
    first = ", ".join(quoted(value, 40) for value in values[:_LONGEST_LISTED])
    rest = len(values) - _LONGEST_LISTED
    return f"{first} and {rest} more" if rest > 0 else first


def _answer(answer: Answer) -> str:
    if answer.status is None:
        return f"by no whole response ({answer.failure})" if answer.failure else "by no response"
    if answer.models is not None:
        more = {True: ", more to come", False: ", no more", None: ""}[answer.has_more]
        return f"{answer.status} with {counted(answer.models, 'model')}{more}"
    if answer.is_model:
        return f"{answer.status} with a model"
    if answer.is_error and answer.status == 200:
        return f"200 with an error envelope, {answer.error_type or 'without a type'}"
    return f"{answer.status} {answer.error_type}" if answer.error_type else str(answer.status)
