"""What the fixtures of the plugin do: a reference server as a mock, and a target that is judged."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from models_conformance.api import Result, judge_app, judge_server
from models_conformance.errors import UsageError
from models_conformance.frontend.contracts import AUTO, kept_by_reference
from models_conformance.frontend.extras import require

_KEY = "reference-key"


@dataclass(frozen=True, slots=True)
class ModelsApi:
    """A reference server that runs: its base URL, the key that it takes, and the ids that it lists, newest first."""

    url: str
    api_key: str
    ids: tuple[str, ...]


@contextmanager
def serving(
    *,
    fault: str | Sequence[str] = (),
    contract: str = AUTO,
    models: int | Sequence[str | Mapping[str, Any]] | None = None,
    aliases: Sequence[str] | Mapping[str, str | None] = (),
    key: str = _KEY,
) -> Iterator[ModelsApi]:
    """A reference server while the context lasts.

    `fault` are names of `models-conformance faults`, `contract` is a name of `--contract`, `models` how many it has, or
    their ids, or whole models; `key` "*" takes any credential. Raises UsageError.
    """
    require("serve", "the reference server")
    # An extra: nothing of it is imported before it is known to be installed.
    from models_conformance.frontend.reference import ANY_KEY, reference_server
    from models_conformance.reference.server.serving import running

    named = aliases if isinstance(aliases, Mapping) else dict.fromkeys(aliases)
    behaviour = reference_server(
        [fault] if isinstance(fault, str) else fault, models, named, key, kept_by_reference([contract], "contract")
    )
    with running(behaviour) as server:
        ids = tuple(model.id for model in behaviour.catalogue.models)
        yield ModelsApi(server.url, _KEY if key == ANY_KEY else key, ids)


def served_by(marker: pytest.Mark | None) -> AbstractContextManager[ModelsApi]:
    """The server that the marker describes. Raises UsageError for an argument that it does not take."""
    arguments = marker.kwargs if marker is not None else {}
    known = list(inspect.signature(serving).parameters)
    unknown = [
        *map(repr, marker.args if marker is not None else ()),
        *(name for name in arguments if name not in known),
    ]
    if unknown:
        raise UsageError(f"the marker models_api has no argument {unknown[0]}; it takes {', '.join(known)}")
    return serving(**arguments)


def judged(target: Any, settings: Mapping[str, Any]) -> Result:
    """The result of judging a URL, an object with one (and perhaps an `api_key`), or an application."""
    __tracebackhide__ = True
    url = target if isinstance(target, str) else getattr(target, "url", None)
    if not isinstance(url, str):
        return judge_app(target, **settings)
    known = {"api_key": getattr(target, "api_key", None), **settings}
    return judge_server(url, **known)
