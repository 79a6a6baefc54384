"""The evidence of one trace, prepared once for all judges: what was asked, what came back, what it claims."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

from models_conformance.contract.model import Contract
from models_conformance.contract.points import CURSORS, LIMIT, PAGING, Limits, betas_of, filters_of, limits_of
from models_conformance.contract.versions import OLDEST, is_judged
from models_conformance.evidence.exchange import Trace
from models_conformance.evidence.exchange_reading import Call, Item, Reading, is_error_envelope
from models_conformance.evidence.particulars import Answer, Value, status_class
from models_conformance.evidence.targets import BROKEN_ESCAPE
from models_conformance.judges.judgement import Observed, SharedEvidence, Violation, violation
from models_conformance.judges.server.exchanges import Exchanges
from models_conformance.judges.server.list_order import Listing, Order
from models_conformance.judges.shapes import Problem, Shapes, shapes_of
from models_conformance.judges.wording import shown
from models_conformance.support.deadline import NO_LIMIT, Deadline

# Longer than any model id, and where web servers start to answer by themselves (414, 431).
_LONGEST_ORDINARY_TEXT = 1000
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffd]")
_HOSTILE = re.compile(r"[\"'\\<>{}|`;$]")


@dataclass(frozen=True, slots=True)
class BodyReading:
    """What is kept of one body: deviations from its schema, and the error type where it is an error.

    `is_error` marks an error envelope with status 200: it is not a model, and breaks no schema of one.
    """

    json_error: str | None
    duplicate_keys: tuple[str, ...]
    envelope: tuple[Problem, ...] = ()
    models: tuple[Problem, ...] = ()
    undocumented: frozenset[str] = frozenset()
    error_type: str | None = None
    request_id: Any = None
    is_object: bool = False
    is_error: bool = False
    has_lone_surrogate: bool = False


class Evidence(Exchanges, SharedEvidence):
    """Readings of a trace and everything judges share. Built once; reading it changes nothing."""

    def __init__(
        self,
        trace: Trace,
        contract: Contract,
        deadline: Deadline = NO_LIMIT,
        whole: Evidence | None = None,
        flaky: int | None = None,
    ) -> None:
        """What was read of `whole`, where the trace is a part of it, is not read again. Raises TimeIsUp."""
        super().__init__(trace, whole, flaky)
        self.contract = contract
        self.limits: Limits | None = limits_of(contract)
        shapes = shapes_of(contract)
        self.answers: Mapping[int, BodyReading] = (
            whole.answers
            if whole is not None
            else {reading.number: _read_body(reading, shapes) for reading in deadline.within(self.readings)}
        )

    def speaks_judged_version(self, call: Call) -> bool:
        """Whether the request names an API version whose answers are judged: a documented one, or a later one.

        Where a recorder dropped the header it is taken to have named one.
        """
        if call.version is None:
            return not self.origin.request_headers_kept
        asked = self.origin.version
        return is_judged(call.version) and (self.origin.kind == "server" or asked in (None, call.version))

    def speaks_ordinary_version(self, call: Call) -> bool:
        """Whether the request names the version of this run, or another documented one that the server takes: it may
        refuse each of the others."""
        if call.version is None or self.origin.kind != "server":
            return self.speaks_judged_version(call)
        return call.version == (self.origin.version or OLDEST) or call.version in self._taken_versions

    @cached_property
    def _taken_versions(self) -> frozenset[str | None]:
        """The documented versions in which the server answered a plain list."""
        taken = (read.call.version for read in self.readings if read.page is not None and not read.call.parameters)
        return frozenset(taken) & frozenset(self.contract.versions)

    @cached_property
    def apart(self) -> list[str]:
        """The versions of the calls that are left out because of their version, one a call."""
        return [
            reading.call.version
            for reading in self.readings
            if reading.call.operation is not None
            and reading.call.version is not None
            and not self.speaks_judged_version(reading.call)
        ]

    @cached_property
    def listed(self) -> dict[str, int]:
        """Every id some page listed, with the number of the first exchange that did."""
        first: dict[str, int] = {}
        for reading in self.readings:
            if reading.page is None or not self.speaks_ordinary_version(reading.call):
                continue
            for item in reading.page.items:
                first.setdefault(item.id, reading.number)
        return first

    @cached_property
    def items(self) -> dict[str, tuple[Item, int]]:
        """The first list item of each id from a documented request without betas, with its exchange."""
        first: dict[str, tuple[Item, int]] = {}
        for reading in self.judged():
            if reading.page and not reading.call.beta_lines and self.is_documented_list(reading.call):
                for item in reading.page.items:
                    first.setdefault(item.id, (item, reading.number))
        return first

    @cached_property
    def items_anywhere(self) -> dict[str, tuple[Item, int]]:
        """As `items`, and models that only a filtered list has."""
        first = dict(self.items)
        for reading in self._filtered:
            for item in reading.page.items if reading.page is not None else ():
                first.setdefault(item.id, (item, reading.number))
        return first

    @cached_property
    def _filtered(self) -> list[Reading]:
        """Pages without betas that answered with what documented values of filters leave in."""
        return [
            reading
            for reading in self.judged()
            if reading.page is not None and not reading.call.beta_lines and self.is_filtered_list(reading.call)
        ]

    @cached_property
    def renditions(self) -> dict[str, list[tuple[Item, int]]]:
        """Every way in which documented requests without betas list a model, by id, each with its first exchange.

        What one page lists twice is told in two ways by itself.
        """
        renditions: dict[str, dict[Item, int]] = {}
        plain = [(listing.number, listing.page) for listing in self.listings if not listing.betas]
        filtered = [(reading.number, reading.page) for reading in self._filtered if reading.page is not None]
        for number, page in (*plain, *filtered):
            for item in page.items:
                if item.id not in self.order.ambiguous:
                    renditions.setdefault(item.id, {}).setdefault(item, number)
        return {model: list(items.items()) for model, items in renditions.items()}

    @cached_property
    def listings(self) -> list[Listing]:
        """Pages that answered a documented question, with known cursors: the claims about the order."""
        return [
            Listing(
                number=reading.number,
                page=reading.page,
                after=reading.call.after,
                before=reading.call.before,
                limit=reading.call.limit,
                betas=reading.call.betas,
            )
            for reading in self.judged()
            if reading.page is not None and self.is_documented_list(reading.call, any_beta=True)
        ]

    @cached_property
    def with_place(self) -> list[Listing]:
        """The listings that no id which is listed twice leaves without a place: cursors can be judged by them."""
        return [listing for listing in self.listings if listing.number not in self.order.placeless]

    @cached_property
    def placed(self) -> list[Listing]:
        """The listings that lie where they were asked for: what their place says of other things holds."""
        return [listing for listing in self.listings if self.order.places(listing)]

    @cached_property
    def with_true_ends(self) -> list[Listing]:
        """The listings whose ends are where the page ends: has_more can be judged by them."""
        return [listing for listing in self.listings if self.order.tells_what_follows(listing)]

    @cached_property
    def order(self) -> Order:
        """The one order that the listings speak of, as far as they tell."""
        return Order(self.listings, self.limits.default if self.limits is not None else None)

    def works(self, operation: str | None) -> bool:
        """Whether an ordinary request of that operation was answered as it should be, a page or a model.

        Where none was, a refusal shows nothing: neither of what was left out of a request, nor of what was put in. A
        recording may hold the refusal alone.
        """
        return self.origin.kind == "recording" or operation in self._working

    @cached_property
    def _working(self) -> frozenset[str | None]:
        return frozenset(
            reading.call.operation
            for reading in self.readings
            if reading.succeeded and self.is_authorised(reading.call)
        )

    def is_authorised(self, call: Call) -> bool:
        """Whether credential and version are as documented (or unknown, where a recorder dropped them)."""
        ordinary = call.credential in (self.origin.credential, "unknown")
        ordinary = ordinary and not (call.invented_header or call.invented_value)
        # A session writes names in lower case, and schemes not, but where it tries the others; recorders do as they
        # like.
        odd = (call.capitalised or call.small_scheme) and self.origin.kind == "server"
        return ordinary and not odd and self.speaks_ordinary_version(call)

    def is_in_range(self, limit: int | None) -> bool:
        """Whether a page size is one that the contract allows."""
        bounds = self.limits
        if limit is None or bounds is None:
            return limit is not None and limit > 0
        return bounds.minimum <= limit <= bounds.maximum

    def is_documented_list(self, call: Call, any_beta: bool = False) -> bool:
        """Whether a call asks for a list in documented terms only, from a cursor known to be listed and not empty."""
        if call.operation != "list" or not self.is_authorised(call):
            return False
        names = [name for name, _ in call.parameters]
        if len(set(names)) != len(names) or not PAGING.issuperset(names):
            return False
        if set(names) >= set(CURSORS):
            return False
        if LIMIT in names and not self.is_in_range(call.limit):
            return False
        cursor = call.before if call.backward else call.after
        if cursor is not None and (not cursor or cursor not in self.listed):
            return False
        return any_beta or self.has_documented_betas(call)

    def is_filtered_list(self, call: Call) -> bool:
        """Whether a call asks for a list with documented values of filters, in documented terms otherwise."""
        values = {chosen.parameter: chosen.values for chosen in filters_of(self.contract)}
        given = [(name, value) for name, value in call.parameters if name in values]
        paging = tuple(pair for pair in call.parameters if pair[0] not in values)
        are_documented = bool(given) and all(value in values[name] for name, value in given)
        return are_documented and self.is_documented_list(replace(call, parameters=paging))

    def is_documented_retrieve(self, call: Call) -> bool:
        """Whether a call retrieves by a well-formed name, in documented terms only."""
        return (
            call.operation == "retrieve"
            and self.is_authorised(call)
            and not call.parameters
            and not is_malformed(call)
            and self.has_documented_betas(call)
        )

    def answer(self, reading: Reading) -> Answer:
        """What came back, in short, as a particular of a judgement."""
        if reading.status is None:
            failure = reading.exchange.failure
            return Answer(None, failure=failure.kind if failure else "")
        if reading.page is not None:
            return Answer(reading.status, models=len(reading.page.items), has_more=reading.page.has_more)
        body = self.answers[reading.number]
        return Answer(reading.status, body.error_type, is_model=reading.model is not None, is_error=body.is_error)

    def judged_by_status(
        self, reading: Reading, *proof: int, parameter: str = "", witness: int | None = None, **values: Value
    ) -> Violation:
        """The violation that an answer is by its status alone, whose class is the kind."""
        kind, shared = f"answered-{status_class(reading.status)}", {**values, "answer": self.answer(reading)}
        return violation(kind, reading.number, *proof, parameter=parameter, witness=witness, shared=shared)

    def summary(self, reading: Reading) -> str:
        """What came back, in a few words: status, and error type or number of models."""
        return shown(self.answer(reading))

    def observed(self, about: str, reading: Reading, key: str = "") -> Observed:
        """What the subject answered to something undocumented. `key` names it where `about` holds a text of its own."""
        return Observed(about, self.summary(reading), key, self._kind_of_answer(reading))

    def _kind_of_answer(self, reading: Reading) -> str:
        if reading.status is None:
            return "no whole answer"
        if reading.page is not None:
            heads = (listing.ids[0] for listing in self.listings if listing.cursor is None and listing.ids)
            is_first = reading.page.ids[:1] == (next(heads, None),)
            return "empty page" if not reading.page.ids else "first page" if is_first else "another page"
        if reading.model is not None:
            return "a model"
        return f"{reading.status} {self.answers[reading.number].error_type or ''}".strip()

    def has_documented_betas(self, call: Call) -> bool:
        """Whether the beta header is absent or a non-empty list of documented betas."""
        if not call.beta_lines:
            return True
        return bool(call.betas) and set(call.betas) <= set(betas_of(self.contract))


def is_malformed(call: Call) -> bool:
    """Whether a request is so odd that a web server in front may answer it by itself, in its own words."""
    texts = [call.model_id or "", *(value for _, value in call.parameters), *call.beta_lines]
    return (
        call.operation is None
        or any(_CONTROL.search(text) or len(text) > _LONGEST_ORDINARY_TEXT for text in texts)
        or bool(BROKEN_ESCAPE.search(call.raw_model_id or ""))
        or ((call.model_id or "").strip("./") == "" and call.operation == "retrieve")
    )


def looks_hostile(call: Call) -> bool:
    """Whether a firewall in front of a server may refuse the request by itself: quoting, markup, shell signs."""
    return bool(_HOSTILE.search(" ".join([call.model_id or "", *(value for _, value in call.parameters)])))


def _read_body(reading: Reading, shapes: Shapes) -> BodyReading:
    if reading.status is None or reading.call.operation is None:
        return BodyReading(None, ())
    parsed = reading.parse()
    if parsed.error is not None:
        return BodyReading(parsed.error, ())
    members = parsed.value if isinstance(parsed.value, dict) else {}
    is_success = reading.status == 200
    is_error = is_success and is_error_envelope(parsed.value)
    envelope: tuple[Problem, ...] = ()
    models: Sequence[tuple[object, str]] = ()
    if not is_success:
        envelope = shapes.error.problems(parsed.value)
    elif reading.call.operation == "list":
        envelope, models = shapes.envelope.problems(parsed.value), _models_in(members.get("data"))
    elif not is_error:
        models = [(parsed.value, "")]
    undocumented = (shapes.undocumented_members(model, "model") for model, _ in models if isinstance(model, dict))
    return BodyReading(
        None,
        parsed.duplicates,
        envelope=envelope,
        models=tuple(chain.from_iterable(shapes.model.problems(*model) for model in models)),
        undocumented=frozenset(chain.from_iterable(undocumented)),
        error_type=None if is_success and not is_error else _error_type(members),
        request_id=members.get("request_id"),
        is_object=isinstance(parsed.value, dict),
        is_error=is_error,
        has_lone_surrogate=parsed.has_lone_surrogate,
    )


def _models_in(data: object) -> Sequence[tuple[object, str]]:
    """The entries of a list answer, each with its place in the answer."""
    return [(model, f".data[{at}]") for at, model in enumerate(data)] if isinstance(data, list) else ()


def _error_type(members: Mapping[str, Any]) -> str | None:
    error = members.get("error")
    name = error.get("type") if isinstance(error, dict) else None
    return name if isinstance(name, str) else None
