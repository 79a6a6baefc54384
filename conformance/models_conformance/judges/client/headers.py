"""Which headers a client sends: betas, its credential, the version; and to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models_conformance.contract.shipped import documented_version
from models_conformance.evidence.exchange import API_KEY
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent
from models_conformance.judges.client.registry import exercised, judges_calls, judges_client, violation
from models_conformance.judges.judgement import Judgement, NotApplicable, Observed, quoted

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BEARER = re.compile(r"bearer +(?P<token>.*)", re.IGNORECASE)


def _asked_betas(call: CallRead) -> tuple[str, ...]:
    return tuple(call.spec.args.get("betas", ()))


@judges_client("client-sends-betas-as-given")
def sends_betas_as_given(evidence: ClientEvidence) -> Iterator[Judgement]:
    if not any(evidence.hello.takes_betas(surface) for surface in evidence.hello.surfaces):
        yield NotApplicable("the library takes no betas")
        return
    for call in evidence.made():
        spec = _asked_betas(call)
        if not spec or call.first is None:
            continue
        missing = [beta for beta in spec if beta not in call.first.betas]
        if missing:
            yield violation(
                call,
                f"of {len(spec)} betas {len(missing)} are not sent: {', '.join(map(quoted, missing[:3]))}; "
                f"anthropic-beta is {_lines(call.first)}",
                "every beta that was asked for, in one comma-separated line or in several",
                call.first,
            )
        else:
            yield exercised(call, call.first)


def _lines(sent: Sent) -> str:
    return " and ".join(quoted(line) for line in sent.header_lines("anthropic-beta")) or "not sent"


@judges_calls("client-sends-no-unasked-beta")
def sends_no_unasked_beta(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    spec = _asked_betas(call)
    for sent in call.sent:
        unasked = [beta for beta in sent.betas if beta not in spec]
        if unasked:
            yield violation(
                call,
                f"the beta {quoted(unasked[0])} is sent and was not asked for",
                "the betas that were asked for and no other",
                sent,
            )
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
        if API_KEY in credentials:
            yield exercised(call, sent)
        else:
            seen = "another credential than it was given" if credentials else "no credential"
            yield violation(
                call, f"the request carries {seen}", "the given key in x-api-key, or as a bearer token", sent
            )


@judges_calls("client-sends-one-credential")
def sends_one_credential(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for sent in call.sent:
        keys, bearers = sent.header_lines("x-api-key"), sent.header_lines("authorization")
        elsewhere = [
            name
            for name, value in sent.exchange.request.headers
            if API_KEY in value and name.lower() not in ("x-api-key", "authorization")
        ]
        if elsewhere:
            yield violation(
                call, f"the API key is in the header {quoted(elsewhere[0])} too", "the key in one header alone", sent
            )
        elif len(keys) + len(bearers) > 1:
            yield violation(
                call,
                f"the request carries {len(keys)} x-api-key and {len(bearers)} authorization lines",
                "one credential",
                sent,
            )
        elif keys or bearers:
            yield exercised(call, sent)


@judges_calls("client-keeps-its-credential-out-of-the-url")
def keeps_credential_out_of_url(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for sent in call.requests:
        if API_KEY in sent.exchange.request.url:
            yield violation(
                call, "the API key is in the request's URL, where logs keep it", "a credential in a header only", sent
            )
        else:
            yield exercised(call, sent)


@judges_calls("client-keeps-its-credential-from-other-hosts")
def keeps_credential_from_other_hosts(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    sent_away = [request for request in call.sent if request.kind == "redirect"]
    if not call.sent_elsewhere:
        # A redirect that stays here says nothing about other hosts.
        if sent_away and not call.got_home:
            yield exercised(call)
        return
    for sent in call.sent_elsewhere:
        leaks = [name for name, value in sent.exchange.request.headers if API_KEY in value]
        if leaks:
            yield violation(
                call,
                f"redirected to another host, the client sends its credential there in {', '.join(leaks)}",
                "no credential to a host that the base URL does not name",
                *sent_away[-1:],
                sent,
            )
        else:
            yield exercised(call, sent)


@judges_calls("client-sends-version-header")
def sends_version_header(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for sent in call.sent:
        lines = sent.header_lines("anthropic-version")
        # Newer versions are newer dates; one older than the documented one is none the pages speak of.
        if len(lines) == 1 and _DATE.fullmatch(lines[0]) and lines[0] >= documented_version():
            yield exercised(call, sent)
        else:
            yield violation(
                call,
                f"anthropic-version is {' and '.join(map(quoted, lines)) or 'not sent'}",
                f"one line with a documented version, such as {documented_version()}",
                sent,
            )


@judges_client("client-redirect-to-another-host")
def redirect_to_another_host(evidence: ClientEvidence) -> Iterator[Judgement]:
    for call in evidence.made():
        if call.told and any(request.kind == "redirect" for request in call.sent) and not call.got_home:
            yield exercised(call)
            yield Observed("a redirect to another host", "is followed" if call.sent_elsewhere else "is not followed")
