"""The reference server as a user asks for it: its faults, its models, its aliases and its key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models_conformance.contract.model import Contract
from models_conformance.errors import UsageError
from models_conformance.frontend.values import Values, aliases_of
from models_conformance.reference.registry import IDEAL
from models_conformance.reference.server.catalogue import Catalogue, catalogue_of, default_catalogue, given_models
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.serving import behaviour_named
from models_conformance.support.reading import UnreadableError, has_too_many_nodes, read_bounded

ANY_KEY = "*"
_MOST_BYTES = 16 << 20


def served(values: Values, contract: Contract | None) -> Behaviour:
    """The server that the options of `serve` ask for. Raises UsageError."""
    models: Iterable[Any] | int | None = values["models"]
    if values["catalogue"] is not None:
        if models is not None:
            raise UsageError(f"{values.name('catalogue')} and {values.name('models')} both say which models it has")
        models = _read(values["catalogue"], values.name("catalogue"))
    aliases = aliases_of(values["aliases"], values.name("aliases"))
    return reference_server(values["fault"], models, aliases, values["key"], contract)


def reference_server(
    faults: Sequence[str],
    models: Iterable[str | Mapping[str, Any]] | int | None,
    aliases: Mapping[str, str | None],
    key: str,
    contract: Contract | None,
) -> Behaviour:
    """A reference server with these faults and oddities, over so many models or these; of an alias without an id the
    newest model is meant. Raises UsageError."""
    try:
        chosen = _catalogue(models, aliases)
    except ValueError as error:
        raise UsageError(str(error)) from None
    return behaviour_named(list(faults) or IDEAL, chosen, contract, None if key == ANY_KEY else key)


def _catalogue(models: Iterable[str | Mapping[str, Any]] | int | None, aliases: Mapping[str, str | None]) -> Catalogue:
    if models is None:
        known = default_catalogue()
    elif isinstance(models, int):
        known = catalogue_of(models)
    else:
        known = Catalogue(given_models(models))
    if not aliases:
        return known
    if not known.models:
        raise ValueError("an alias needs a model")
    named = {alias: model_id or known.models[0].id for alias, model_id in aliases.items()}
    return Catalogue(known.models, {**known.aliases, **named}, known.retired)


def _read(path: str, name: str) -> list[Any]:
    """The models of a JSON file. Raises UsageError."""
    try:
        text = read_bounded(path, _MOST_BYTES).decode("utf-8")
        document = None if has_too_many_nodes(text) else json.loads(text)
    except UnreadableError as error:
        raise UsageError(f"{name}: {path}: {error}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{name}: {path} is not JSON") from None
    models = document.get("data") if isinstance(document, dict) else document
    if not isinstance(models, list):
        raise UsageError(f"{name}: {path}: expected a list of ids or models, or an answer of the list")
    return models
