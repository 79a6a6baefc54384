"""The contract that a user chooses: by the name of one that ships, by a file or folder, or by pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from models_conformance.contract.choosing import Candidates
from models_conformance.contract.shipped import SHIPPED, load_contract, shipped_contracts
from models_conformance.errors import UsageError
from models_conformance.support.suggestions import did_you_mean

if TYPE_CHECKING:
    from models_conformance.contract.model import Contract

AUTO = "auto"
"""The newest of the contracts that ship which the subject shows."""


def candidates(words: Sequence[str], name: str) -> Candidates:
    """The contracts that the words given for the option `name` stand for; none of them is `auto`.

    Raises UsageError for what is none, and for a page that cannot be derived from.
    """
    if not words or tuple(words) == (AUTO,):
        return Candidates(shipped_contracts())
    if len(words) == 1 and words[0] in SHIPPED:
        return Candidates((load_contract(words[0]),))
    return Candidates((_read(words, name),))


def kept_by_reference(words: Sequence[str], name: str) -> Contract | None:
    """The contract that these words have a reference keep; None, which is for its faults to say, for `auto`. Raises as
    `candidates` does."""
    chosen = candidates(words, name).contracts
    return chosen[0] if len(chosen) == 1 else None


def _read(words: Sequence[str], name: str) -> Contract:
    for word in words:
        if not Path(word).exists():
            known = (AUTO, *SHIPPED)
            hint = did_you_mean(word, known)
            raise UsageError(
                f"{name} {word!a}: expected {', '.join(known)}, or a contract.json, a folder or pages"
                + (f"; {hint}" if hint else "")
            )
    # The readers of pages: only who names some needs them.
    from models_conformance.contract.derivation.pages import PageError
    from models_conformance.frontend.contract_commands import load

    try:
        return replace(load([Path(word) for word in words]), name=" ".join(Path(word).name for word in words))
    except PageError as problem:
        raise UsageError(f"{name}: {problem}") from None
