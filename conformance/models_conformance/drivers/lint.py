"""What `driver check` says of a driver's answers from themselves, where a well-behaved server answered the client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from models_conformance.drivers.schema import brief
from models_conformance.evidence.driver_calls import (
    Answer,
    CallSpec,
    DriverFailure,
    DriverFault,
    Hello,
    ItemsSeen,
    ModelRetrieved,
    ModelSeen,
    PageSeen,
    Raised,
    Unsupported,
)
from models_conformance.evidence.exchange import Request
from models_conformance.evidence.instants import instant
from models_conformance.support.text import printable

Weight = Literal["complaint", "remark"]
Statement = tuple[str, Weight]
_MEMBERS = frozenset({"id", "created_at", "display_name", "type", "extra"})
_UTC = ("Z", "z", "+00:00", "-00:00")
REFUSED = (
    "the library's request was answered {status}, which it raised as {name}: what it sends does not depend on its "
    "driver, and models-conformance client says what is wrong with it"
)
"""A request that the library spelt so that the server refused it."""

_ARGUMENTS = ("limit", "after_id", "before_id")


@dataclass(frozen=True, slots=True)
class Complaint:
    """`about` names the check, `says` is one sentence: what was seen and what is wanted.

    A `complaint` is a breach of the protocol. A `remark` is worth a look, but may be the library's doing.
    """

    about: str
    says: str
    weight: Weight = "complaint"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """`hello` is None where the driver did not get as far. `checks` are the names of all checks made, in order."""

    hello: Hello | None
    checks: tuple[str, ...]
    complaints: tuple[Complaint, ...]

    @property
    def keeps_protocol(self) -> bool:
        """Whether there is nothing beyond remarks."""
        return not any(complaint.weight == "complaint" for complaint in self.complaints)


def check_report(report: CheckReport) -> Iterator[str]:
    """The report as lines of text, without line ends."""
    if report.hello is not None:
        hello = report.hello
        yield printable(f"{hello.client} {hello.version} ({hello.language}), surfaces: {', '.join(hello.surfaces)}")
    for check in report.checks:
        complaints = [complaint for complaint in report.complaints if complaint.about == check]
        bad = any(complaint.weight == "complaint" for complaint in complaints)
        yield printable(f"{'WRONG' if bad else 'ok':5}  {check}")
        for complaint in complaints:
            label = "" if complaint.weight == "complaint" else "remark: "
            yield printable(f"       {label}{complaint.says}")
    wrong = len({complaint.about for complaint in report.complaints if complaint.weight == "complaint"})
    if wrong:
        yield f"The driver breaks the protocol in {wrong} of {len(report.checks)} checks."
    else:
        yield f"The driver keeps the protocol in all {len(report.checks)} checks."


def of_hello(hello: Hello) -> Iterator[Statement]:
    """Members that contradict each other."""
    if hello.betas_on is not None:
        if "betas" not in hello.capabilities:
            yield "betas_on is given, and capabilities lacks betas", "complaint"
        for surface in hello.betas_on:
            if surface not in hello.surfaces:
                yield f"betas_on names {brief(surface)}, which surfaces lacks", "complaint"


def of_success(spec: CallSpec, answer: Answer, sent: Mapping[str, Mapping[str, Any]]) -> Iterator[Statement]:
    """An answer to a call that the server answered as documented. `sent` holds the models it has, by id."""
    if isinstance(answer, Unsupported | DriverFailure):
        yield from _of_no_outcome(answer)
    elif isinstance(answer, DriverFault):
        yield f"the driver answered fault: {brief(answer.reason)}", "complaint"
    elif isinstance(answer, Raised):
        error = f"{answer.kind}, {brief(answer.name)}: {brief(answer.message)}"
        whose = "the driver, or the library behind it,"
        yield f"the server answered as documented, and {whose} raises {error}", "complaint"
    else:
        models = _models(answer)
        for model in models[:1]:
            yield from _of_model(model, sent)
        if isinstance(answer, ItemsSeen):
            yield from _of_walk(spec, answer, len(sent))


def of_failure(answer: Answer, kind: str, what: str) -> Iterator[Statement]:
    """An answer to a call that had to fail by `what`, which a library most likely raises as `kind`."""
    if isinstance(answer, Unsupported | DriverFailure):
        yield from _of_no_outcome(answer)
    elif isinstance(answer, DriverFault):
        yield f"{what} belongs in raised, the driver answered fault: {brief(answer.reason)}", "complaint"
    elif not isinstance(answer, Raised):
        yield f"{what} belongs in raised, the driver answered ok", "complaint"
    else:
        if not answer.name:
            yield "raised has no name: what is the library's error called?", "complaint"
        if answer.kind == "status" and answer.status is None:
            yield "raised is of kind status and has no status", "remark"
        if answer.kind != kind:
            yield f"{what} is raised as {answer.kind}, most libraries raise it as {kind}", "remark"


def of_unusual_values(sent: Mapping[str, Any], empty: str, answer: Answer, hello: Hello) -> Iterator[Statement]:
    """An answer that holds that one model: an empty object under the name `empty`, and a fraction of a second."""
    for model in _models(answer):
        if not hello.has_one_empty and (model.get("extra") or {}).get(empty) == []:
            yield (
                "an empty object comes back as an empty list: where the two are one value to the language, "
                'declare that in hello with "same": ["{}", "[]"]',
                "remark",
            )
        was, now = instant(sent["created_at"]), instant(model.get("created_at"))
        if was is not None and now == was // 1:
            yield "created_at loses its fraction: by the library, or by how the driver writes a date?", "remark"


def of_request(spec: CallSpec, request: Request) -> Iterator[Statement]:
    """Whether the arguments that were asked for, and no others, reached the server."""
    query = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
    for name in _ARGUMENTS:
        if name in spec.args and query.get(name) != str(spec.args[name]):
            yield f"{name} was given and did not reach the server: is it passed to the library?", "remark"
        if name not in spec.args and name in query:
            yield (
                f"{name}={brief(query[name])} was sent although it was not given: an absent argument is not passed on",
                "remark",
            )


def _of_no_outcome(answer: Unsupported | DriverFailure) -> Iterator[Statement]:
    if isinstance(answer, DriverFailure):
        yield f"the driver {answer.detail}", "complaint"
    elif answer.reason.strip():
        yield f"unsupported: {brief(answer.reason)}", "remark"
    else:
        yield "unsupported gives no reason", "complaint"


def _models(answer: Answer) -> Sequence[ModelSeen]:
    if isinstance(answer, PageSeen):
        return answer.data
    if isinstance(answer, ItemsSeen):
        return answer.items
    return (answer.model,) if isinstance(answer, ModelRetrieved) else ()


def _of_model(model: ModelSeen, sent: Mapping[str, Mapping[str, Any]]) -> Iterator[Statement]:
    beyond = sorted(set(model) - _MEMBERS)
    if beyond:
        yield f"a model has the member {brief(beyond[0])}: what goes beyond the four belongs in extra", "complaint"
    created = model.get("created_at")
    if created is not None and (instant(created) is None or not created.endswith(_UTC)):
        yield f"created_at is {brief(created)}, the protocol wants RFC 3339 in UTC", "complaint"
    original = sent.get(str(model.get("id")))
    if original is None:
        yield f"a model has the id {brief(model.get('id'))}, which the server has not", "remark"
    elif "display_name" in model and model["display_name"] != original["display_name"]:
        seen, wanted = brief(model["display_name"]), brief(original["display_name"])
        yield f"display_name is {seen}, sent was {wanted}: is standard output written as UTF-8?", "remark"


def _of_walk(spec: CallSpec, answer: ItemsSeen, held: int) -> Iterator[Statement]:
    if answer.truncated and len(answer.items) < spec.max_items:
        yield f"truncated is true after {len(answer.items)} items, max_items was {spec.max_items}", "complaint"
    if not answer.truncated and len(answer.items) == spec.max_items < held:
        yield f"truncated is false, though the walk stopped at max_items with {held} models to be had", "complaint"
    if not answer.truncated and len(answer.items) < min(spec.max_items, held):
        yield f"the walk found {len(answer.items)} of {held} models, which the server gave on one page", "remark"
