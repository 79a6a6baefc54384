"""A broad fixed set of requests, and helpers to ask a behaviour without a socket."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from models_conformance.contract.points import betas_of, filters_of
from models_conformance.contract.shipped import load_contract
from models_conformance.probing.filtering import filter_requests
from models_conformance.reference.server.ideal import REFERENCE_KEY, Behaviour
from models_conformance.reference.server.messages import Headers, Request, Response

KEY: Headers = (("x-api-key", REFERENCE_KEY),)
VERSION: Headers = (("anthropic-version", "2023-06-01"),)
HEADERS: Headers = (*KEY, *VERSION)


def listing(*pairs: tuple[str, object], headers: Headers = HEADERS, base: str = "") -> Request:
    """A request for a list with these query pairs."""
    query = urlencode([(name, str(value)) for name, value in pairs])
    return Request("GET", f"{base}/v1/models", query, headers)


def retrieval(model_id: str, headers: Headers = HEADERS, base: str = "", query: str = "") -> Request:
    """A request for one model, its id escaped where it needs to be."""
    return Request("GET", f"{base}/v1/models/{quote(model_id, safe='')}", query, headers)


def with_betas(*lines: str) -> Headers:
    """Good headers and these anthropic-beta lines."""
    return (*HEADERS, *(("anthropic-beta", line) for line in lines))


def answered(behaviour: Behaviour, request: Request) -> tuple[int, Any]:
    """The status and the JSON body of an answer."""
    response = behaviour.answer(request)
    return response.status, json.loads(response.body)


def asked_again(behaviour: Behaviour, request: Request, times: int = 4) -> Response:
    """The answer once the server is not too busy for it."""
    response = behaviour.answer(request)
    for _ in range(times):
        if response.status not in {429, 503, 529}:
            break
        response = behaviour.answer(request)
    return response


def broad_requests(behaviour: Behaviour) -> Iterator[Request]:
    """What a thorough client could ask of this catalogue: every operation, value and combination of note."""
    ids = [model.id for model in behaviour.catalogue.models]
    yield from _lists(ids)
    yield from _retrievals(ids, list(behaviour.catalogue.aliases))
    yield from _headers(ids)
    yield from _malformed(ids)
    for chosen in filters_of(behaviour.contract):
        for spec in filter_requests(chosen, 1000, ()):
            yield listing(*spec.query)
        newest = ("anthropic-version", behaviour.contract.versions[-1])
        yield listing((chosen.parameter, chosen.values[-1]), headers=(*KEY, newest))
        yield listing((chosen.parameter, chosen.values[-1]), ("limit", 2))
        yield from (
            listing((chosen.parameter, value), ("after_id", last)) for value in chosen.values for last in ids[-1:]
        )


def _lists(ids: Sequence[str]) -> Iterator[Request]:
    limits = (1, 2, 3, 5, 7, 13, 19, 20, 21, 46, 47, 50, 100, 101, 999, 1000)
    for _ in range(2):
        yield listing()
        yield from (listing(("limit", limit)) for limit in limits)
    sample = [*ids[:60], *ids[-3:]]
    for cursor in ("after_id", "before_id"):
        for model_id in sample:
            yield listing((cursor, model_id))
            yield from (listing((cursor, model_id), ("limit", limit)) for limit in (1, 2, 3, 7, 13, 50, 1000))
            yield listing((cursor, model_id), ("limit", 4), headers=with_betas("files-api-2025-04-14"))


def _retrievals(ids: Sequence[str], aliases: Sequence[str]) -> Iterator[Request]:
    for model_id in [*ids[:60], ids[-1], *aliases] if ids else aliases:
        yield retrieval(model_id)
        yield retrieval(model_id)
        yield retrieval(model_id, headers=with_betas("files-api-2025-04-14"))
        yield Request("GET", f"/v1/models/%{ord(model_id[0]) % 128:02X}{quote(model_id[1:])}", "", HEADERS)
        for other in (f"{model_id}-x", model_id[:-1], model_id.upper(), f" {model_id}"):
            yield retrieval(other)


def _headers(ids: Sequence[str]) -> Iterator[Request]:
    betas = betas_of(load_contract())
    lists = [
        *((beta,) for beta in betas),
        (",".join(betas),),
        (", ".join(betas[::-1]),),
        betas[:3],
        ("beta-of-nobody-2099-01-01",),
        ("",),
        (",",),
    ]
    bad: list[Headers] = [
        VERSION,
        KEY,
        (),
        (("x-api-key", "wrong"), *VERSION),
        (("x-api-key", REFERENCE_KEY[:-1] + "_"), *VERSION),
        tuple((name.title(), value) for name, value in HEADERS),
        (("authorization", f"Bearer {REFERENCE_KEY}"), *VERSION),
        (("authorization", "Bearer wrong"), *VERSION),
        (*KEY, ("anthropic-version", "2026-10-21")),
        (*KEY, ("anthropic-version", "soon")),
        (*HEADERS, ("x-stainless-lang", "python")),
        (*HEADERS, ("x-made-up", "1")),
    ]
    for headers in [*(with_betas(*lines) for lines in lists), *bad]:
        yield listing(headers=headers)
        yield listing(("limit", 3), headers=headers)
        if ids:
            yield retrieval(ids[0], headers=headers)


def _malformed(ids: Sequence[str]) -> Iterator[Request]:
    for limit in ("0", "-1", "1001", "abc", "", "1.5", "+3", "03", "9" * 30):
        yield listing(("limit", limit))
    odd = ("no-such-model", "x" * 3000, "a\0b", "it's", "naïve", "a/b", "")
    for name in odd:
        yield listing(("after_id", name))
        yield listing(("before_id", name))
        yield retrieval(name)
    yield Request("GET", "/v1/models", "after_id=%FF%FE", HEADERS)
    yield Request("GET", "/v1/models", "limit=2&limit=3&after_id=%zz&&=", HEADERS)
    yield Request("GET", "/v1/models/%FF%zz%", "", HEADERS)
    yield Request("GET", "/v1/elsewhere", "", HEADERS)
    for method in ("POST", "HEAD", "OPTIONS"):
        yield Request(method, "/v1/models", "", HEADERS)
    yield listing(("beta", "true"))
    yield listing(("made_up", "1"), ("limit", 2))
    if ids:
        yield retrieval(ids[0], query="beta=true")
        yield listing(("after_id", ids[0]), ("before_id", ids[-1]))
