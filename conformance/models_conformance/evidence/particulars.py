"""The particulars of a judgement, typed by what they are, so that each report can show them in its own way."""

from __future__ import annotations

from dataclasses import dataclass


class Path(str):
    """The place of a member in an answer, such as `data[3].created_at`."""

    __slots__ = ()


class Words(str):
    """Plain words, of the suite's own or of a library's: shown without quotation marks."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Json:
    """An excerpt of a JSON text, as it was sent."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, in short. `status` None: no whole response, and `failure` says what went wrong.

    `models` is the number of models on a page, None where the answer is not a page. `is_model` marks a retrieved model,
    `is_error` a body that is an error envelope, whatever the status says.
    """

    status: int | None
    error_type: str | None = None
    models: int | None = None
    has_more: bool | None = None
    is_model: bool = False
    is_error: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A model's documented members, as it was listed or retrieved."""

    id: str
    created_at: str | None
    display_name: str | None
    type: str | None


Value = str | int | float | bool | None | Path | Words | Json | Answer | Model | tuple[str, ...]
"""A plain `str` is text that a subject sent, or was sent: it is shown in quotation marks."""


def status_class(status: int | None) -> str:
    """`2xx` to `5xx`, or `nothing`: the end of a kind's slug (`register.STATUS_CLASSES`)."""
    return "nothing" if status is None else f"{min(max(status // 100, 2), 5)}xx"
