"""Which headers a client sends: betas, its credential, the version; and to whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from models_conformance.contract.versions import LISTED, OLDEST, VERSION_HEADER, is_judged
from models_conformance.evidence.exchange import API_KEY
from models_conformance.evidence.particulars import Words
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent
from models_conformance.judges.client.registry import CLIENT_JUDGES, LACKS, exercised, judged, judges_calls, violation
from models_conformance.judges.judgement import Judgement, NotApplicable, Observed
from models_conformance.support.text import quoted

_CREDENTIAL_HEADERS = ("x-api-key", "authorization")
_BEARER = re.compile(r"bearer +(?P<token>.*)", re.IGNORECASE)


def _betas_given(call: CallRead) -> tuple[str, ...]:
    return tuple(call.spec.args.get("betas", ()))


@CLIENT_JUDGES("client-sends-betas-as-given")
def sends_betas_as_given(evidence: ClientEvidence) -> Iterator[Judgement]:
    if not any(evidence.hello.takes_betas(surface) for surface in evidence.hello.surfaces):
        yield NotApplicable(LACKS["betas"])
        return
    for call in evidence.made:
        spec = _betas_given(call)
        if not spec or call.first is None:
            continue
        missing = tuple(beta for beta in spec if beta not in call.first.betas)
        lines = " and ".join(map(quoted, call.first.header_lines("anthropic-beta"))) or "not sent"
        yield judged(
            "is-left-out" if missing else None,
            call,
            call.first,
            parameter="anthropic-beta",
            asked=len(spec),
            count=len(missing),
            missing=missing,
            sent=Words(lines),
        )


@judges_calls("client-sends-no-unasked-beta")
def sends_no_unasked_beta(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    spec = _betas_given(call)
    for sent in call.sent:
        unasked = [beta for beta in sent.betas if beta not in spec]
        # A list that names one twice asks the same; one that grows from request to request is refused some day.
        once_more = Counter(sent.betas) - Counter(call.sent[0].betas)
        if unasked:
            yield violation("is-added", call, sent, parameter="anthropic-beta", beta=unasked[0])
        elif repeated := [beta for beta in once_more if beta in call.sent[0].betas]:
            yield violation("is-repeated", call, sent, call.sent[0], parameter="anthropic-beta", beta=repeated[0])
        else:
            yield exercised(call, sent)


def _credentials(sent: Sent) -> list[str]:
    """What each credential header carries: the key or a bearer token, nothing for another scheme."""
    found = [value.strip() for value in sent.header_lines("x-api-key")]
    for value in sent.header_lines("authorization"):
        bearer = _BEARER.fullmatch(value.strip())
        found.append(bearer["token"].strip() if bearer else "")
    return found


@judges_calls("client-sends-its-credential")
def sends_its_credential(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for sent in call.sent:
        credentials = _credentials(sent)
        wrong = "another-credential" if credentials else "no-credential"
        yield judged(None if API_KEY in credentials else wrong, call, sent)


@judges_calls("client-sends-one-credential")
def sends_one_credential(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for sent in call.sent:
        keys, bearers = sent.header_lines("x-api-key"), sent.header_lines("authorization")
        elsewhere = [
            name
            for name, value in sent.exchange.request.headers
            if API_KEY in value and name.lower() not in _CREDENTIAL_HEADERS
        ]
        if elsewhere:
            yield violation("key-in-another-header", call, sent, header=elsewhere[0])
        elif len(keys) + len(bearers) > 1:
            yield violation(
                "both-headers" if keys and bearers else "repeated-header",
                call,
                sent,
                parameter="" if keys and bearers else "x-api-key" if keys else "authorization",
                keys=len(keys),
                bearers=len(bearers),
            )
        elif keys or bearers:
            yield exercised(call, sent)


@judges_calls("client-keeps-its-credential-out-of-the-url")
def keeps_credential_out_of_url(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for sent in call.requests:
        yield judged("key-in-the-url" if API_KEY in sent.exchange.request.url else None, call, sent)


@judges_calls("client-keeps-its-credential-from-other-hosts")
def keeps_credential_from_other_hosts(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    sent_away = [request for request in call.sent if request.kind == "redirect"]
    if not call.sent_elsewhere:
        # A redirect that stays here says nothing about other hosts.
        if sent_away and not call.was_served:
            yield exercised(call)
        return
    for sent in call.sent_elsewhere:
        leaks = [name for name, value in sent.exchange.request.headers if API_KEY in value]
        if leaks:
            yield violation(
                "credential-goes-along",
                call,
                *sent_away[-1:],
                sent,
                parameter=next((name for name in _CREDENTIAL_HEADERS if name in map(str.lower, leaks)), ""),
                headers=tuple(leaks),
            )
        else:
            yield exercised(call, sent)


@judges_calls("client-sends-version-header")
def sends_version_header(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for sent in call.sent:
        lines = sent.header_lines(VERSION_HEADER)
        kind = _wrong_version(lines, evidence.api_version)
        shown, wanted = Words(" and ".join(map(quoted, lines))), Words(evidence.api_version or OLDEST)
        yield judged(kind, call, sent, parameter=VERSION_HEADER, sent=shown, documented=wanted)
        if kind is None and lines[0] not in LISTED:
            yield Observed(VERSION_HEADER, f"{shown}, which no page lists yet")


def _wrong_version(lines: list[str], asked: str | None) -> str | None:
    """The kind of a violation by these lines; None for one line with the version asked for, or with one that is judged.

    Newer versions are newer dates; one older than every documented one is none the pages speak of.
    """
    if len(lines) != 1:
        return "is-repeated" if lines else "is-left-out"
    if asked is not None:
        return None if lines[0] == asked else "is-another-version"
    return None if is_judged(lines[0]) else "is-undocumented"


@CLIENT_JUDGES("client-redirect-to-another-host")
def redirect_to_another_host(evidence: ClientEvidence) -> Iterator[Judgement]:
    for call in evidence.made:
        if call.has_outcome and any(request.kind == "redirect" for request in call.sent) and not call.was_served:
            yield exercised(call)
            yield Observed("a redirect to another host", "is followed" if call.sent_elsewhere else "is not followed")
