"""Traces out of recordings: which exchanges belong together, and which say nothing that can be judged.

Each base URL within a file has a trace of its own, because each has a catalogue of its own; so has each
recording session, because a cassette that was added to half a year later shows two catalogues.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from models_conformance.evidence.exchange import Exchange, Origin, Response, Trace
from models_conformance.evidence.exchange_reading import read_call
from models_conformance.evidence.redaction import Redactor
from models_conformance.evidence.strict_json import parse
from models_conformance.recordings.dialects import Recording
from models_conformance.recordings.entries import OTHER_CALLS, Answer, Entry, is_models_call
from models_conformance.recordings.problems import RecordingError

# Runs of a test suite take minutes; a model that is retired in between takes longer.
_SESSION_GAP = timedelta(days=1)

_MODELS = "/v1/models"
_ENVELOPE_MEMBERS = frozenset({"has_more", "first_id", "last_id"})

# Why exchanges are left out.
OTHER_API = "calls of another API that has the same path"
UNANSWERED = "without a recorded answer"
BODILESS = "without a recorded body that can be read"
FOR_FINDINGS = "sent after judging, to make findings small"
NOT_MODIFIED = "answered from the client's cache (304)"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A trace with the file it came from and the place of each exchange in it, by number."""

    path: str
    trace: Trace
    positions: Mapping[int, str]


@dataclass
class Collector:
    """Makes traces of recordings, numbering exchanges through all of them, and counts what it leaves out.

    `documented` are the parameters of a query that contracts name: their values are evidence, and no secrets.
    """

    documented: frozenset[str] = frozenset()
    judged: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def traces(self, recording: Recording) -> list[Recorded]:
        """The traces of one recording. Raises RecordingError for a trace with a URL that cannot be read."""
        self.left_out.update(recording.left_out)
        if recording.trace is not None:
            return [self._own(recording.trace, recording.path)]
        groups: dict[str, list[Entry]] = {}
        for entry in recording.entries:
            groups.setdefault(_base(entry), []).append(entry)
        made = []
        for base, entries in groups.items():
            for session in _sessions(_of_this_api(entries, base, self.left_out)):
                kept = [entry for entry in session if self._is_evidence(entry)]
                if kept:
                    made.append(self._recorded(kept, base, recording))
        return made

    def _is_evidence(self, entry: Entry) -> bool:
        why = None
        if entry.answer is None:
            why = UNANSWERED
        elif entry.answer.status == 304:
            why = NOT_MODIFIED
        elif entry.answer.status == 200 and entry.answer.body is None:
            why = BODILESS
        if why is not None:
            self.left_out[why] += 1
        return why is None

    def _recorded(self, entries: list[Entry], base: str, recording: Recording) -> Recorded:
        redactor = Redactor(documented=self.documented)
        redactor.learn([entry.request for entry in entries])
        exchanges: list[Exchange] = []
        positions: dict[int, str] = {}
        for entry in entries:
            self.judged += 1
            answer = entry.answer
            response = Response(answer.status, answer.headers, answer.body or b"") if answer is not None else None
            exchange = _redacted(Exchange(self.judged, entry.request, response, None, entry.seconds), redactor)
            if exchanges and _repeats(exchange, exchanges[-1]):
                exchange = replace(exchange, retry_of=self.judged - 1)
            exchanges.append(exchange)
            positions[self.judged] = entry.position
        origin = Origin(
            "recording",
            f"{recording.path} ({redactor.foreign_url(base)})",
            request_headers_kept=False,
            request_ids_kept=recording.is_archive,
        )
        return Recorded(recording.path, Trace(origin, tuple(exchanges)), positions)

    def _own(self, trace: Trace, path: str) -> Recorded:
        """A trace of this suite, which knows its requests whole: its own origin holds."""
        numbers: dict[int, int] = {}
        exchanges: list[Exchange] = []
        positions: dict[int, str] = {}
        # What this suite asked of a server is evidence whatever its method: it asks nothing in vain.
        is_run = trace.origin.kind == "server"
        # Nothing secret enters a trace of ours; this file may have been edited, or be none of ours.
        redactor = Redactor(documented=self.documented)
        redactor.learn([exchange.request for exchange in trace])
        for place, exchange in enumerate(trace, 1):
            if trace.explored is not None and place > trace.explored:
                self.left_out[FOR_FINDINGS] += 1
                continue
            try:
                is_ours = is_models_call(exchange.request)
            except ValueError:
                raise RecordingError(path, f"exchange {place}", "the URL of the request cannot be read") from None
            if not is_ours and not (is_run and _MODELS in exchange.request.url):
                self.left_out[OTHER_CALLS] += 1
                continue
            self.judged += 1
            numbers[exchange.number] = self.judged
            positions[self.judged] = f"exchange {exchange.number}"
            retry_of = numbers.get(exchange.retry_of) if exchange.retry_of is not None else None
            exchanges.append(replace(_redacted(exchange, redactor), number=self.judged, retry_of=retry_of))
        return Recorded(path, Trace(trace.origin, tuple(exchanges)), positions)


def _redacted(exchange: Exchange, redactor: Redactor) -> Exchange:
    response, failure = exchange.response, exchange.failure
    return replace(
        exchange,
        request=redactor.foreign(exchange.request),
        response=redactor.response(response) if response is not None else None,
        failure=redactor.failure(failure) if failure is not None else None,
    )


def _repeats(exchange: Exchange, last: Exchange) -> bool:
    """Whether it repeats the last, which recorders do not say: clients repeat what failed, and at once."""
    asked, before = exchange.request, last.request
    has_failed = last.response is None or last.response.status >= 500
    return has_failed and (asked.method, asked.url) == (before.method, before.url)


def _base(entry: Entry) -> str:
    """Scheme, host and the path before /v1/models: what a catalogue belongs to."""
    split = urlsplit(entry.request.url)
    call = read_call(Exchange(1, entry.request, None))
    own = "/v1/models" if call.raw_model_id is None else f"/v1/models/{call.raw_model_id}"
    host = split.netloc.rpartition("@")[2].lower()
    return f"{split.scheme.lower()}://{host}{split.path.removesuffix(own)}"


def _sessions(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Runs of entries with no day without any in between; what has no date belongs to what is before it."""
    session: list[Entry] = []
    last = None
    for entry in entries:
        if entry.moment is not None:
            if last is not None and abs(entry.moment - last) > _SESSION_GAP and session:
                yield session
                session = []
            last = entry.moment
        session.append(entry)
    if session:
        yield session


def _of_this_api(entries: list[Entry], base: str, left_out: Counter[str]) -> list[Entry]:
    """The entries without those of another vendor's API, many of which have a /v1/models of their own.

    An exchange is foreign where its answer is JSON of another shape and nothing in it or in its neighbours at
    that base URL speaks of the Models API. Gateways serve two APIs at one URL: there it is foreign where its
    request was recorded with headers, ours not among them, and its answer is of the other API's own shape.
    """
    if "anthropic" in base:
        return entries
    ours = [_speaks_of_us(entry) for entry in entries]
    answers = [_document(entry.answer) for entry in entries]
    known = any(ours)
    foreign = [
        not mine and document is not None and (not known or (bool(entry.request.headers) and _is_openai(document)))
        for entry, mine, document in zip(entries, ours, answers, strict=True)
    ]
    if not known and any(foreign):
        foreign = [True] * len(entries)
    left_out[OTHER_API] += sum(foreign)
    return [entry for entry, is_foreign in zip(entries, foreign, strict=True) if not is_foreign]


def _speaks_of_us(entry: Entry) -> bool:
    """Whether a header of the request or response, or the shape of the answer, is the Models API's."""
    sent = {name.lower() for name, _ in entry.request.headers}
    if "x-api-key" in sent or any(name.startswith("anthropic-") for name in sent):
        return True
    if entry.answer is None:
        return False
    if any(name.lower().startswith("anthropic-") for name, _ in entry.answer.headers):
        return True
    document = _document(entry.answer)
    if not isinstance(document, dict):
        return False
    if document.get("type") == "error" or not _ENVELOPE_MEMBERS.isdisjoint(document):
        return True
    data = document.get("data")
    return any(map(_is_model, [document, *(data if isinstance(data, list) else [])]))


def _is_model(document: Any) -> bool:
    return isinstance(document, dict) and ("display_name" in document or document.get("type") == "model")


def _is_openai(document: Any) -> bool:
    """The list, model and error objects of the API that most others imitate; ours has no `object`."""
    if not isinstance(document, dict) or "type" in document:
        return False
    error = document.get("error")
    return document.get("object") in ("list", "model") or (
        isinstance(error, dict) and bool({"param", "code"} & set(error))
    )


def _document(answer: Answer | None) -> Any:
    """The body as JSON; None where there is none."""
    return parse(answer.body).value if answer is not None and answer.body else None
