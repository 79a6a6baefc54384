"""Generated scenarios are drawn once: contract, seed, number, and what the client offers decide all of them.

They are kept in the cache under a digest of that, of what draws them, and of what it draws with. A file that somebody
else may have written, or that is not as it was written, is not read; where nothing can be kept they are drawn again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
import unicodedata
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from models_conformance.contract import points
from models_conformance.contract.model import Contract
from models_conformance.evidence.driver_calls import Hello
from models_conformance.scenarios.files import members_of, scenario_of
from models_conformance.scenarios.scenario import Scenario
from models_conformance.support.cache import OWN_ALONE, cache_folder, written_by_others
from models_conformance.support.deadline import NO_LIMIT, Deadline
from models_conformance.support.files import replace_files

_FOLDER = "drawn"
# About a megabyte each; seeds are many where they are counted up from night to night.
_MOST_FILES = 20
_MOST_BYTES = 64 << 20


def generated(
    hello: Hello, contract: Contract, seed: int, examples: int, deadline: Deadline = NO_LIMIT
) -> list[Scenario]:
    """Exactly `examples` scenarios, no two alike: the same ones for the same seed. Fewer where the time is up."""
    if examples == 0:
        return []
    path = cache_folder() / _FOLDER / f"{_key(hello, contract, seed, examples)}.jsonl"
    if (text := _read(path)) is None:
        # Takes a quarter of a second, which is saved where nothing has to be drawn.
        from models_conformance.scenarios.strategies import drawn_scenarios

        drawn = drawn_scenarios(hello, contract, seed, examples, deadline)
        text = "".join(json.dumps(members_of(scenario, keep_order=True)) + "\n" for scenario in drawn)
        if len(drawn) == examples:
            _keep(path, text)
    # Read also where it was just drawn: what is played is the same, to the order of members.
    return [scenario_of(json.loads(line)) for line in text.splitlines()]


def _key(hello: Hello, contract: Contract, seed: int, examples: int) -> str:
    decides = (
        (contract.revision, seed, examples, hello.surfaces, sorted(hello.capabilities), hello.betas_on),
        (version("hypothesis"), platform.python_version(), unicodedata.unidata_version),
    )
    digest = hashlib.sha256(repr(decides).encode())
    for source in sorted((*Path(__file__).parent.glob("*.py"), Path(points.__file__))):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:40]


def _read(path: Path) -> str | None:
    """What was kept there, whole and by nobody else; None where there is no such thing."""
    try:
        if any(written_by_others(found) for found in (path.parent.parent, path.parent, path)):
            return None
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        digest, _, text = path.read_text("ascii").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if digest == _digest(text) else None


def _keep(path: Path, text: str) -> None:
    # A cache saves time. Where it cannot, nobody is kept from judging.
    with contextlib.suppress(OSError):
        path.parent.parent.mkdir(parents=True, exist_ok=True, mode=OWN_ALONE)
        path.parent.mkdir(exist_ok=True, mode=OWN_ALONE)
        if written_by_others(path.parent.parent) or written_by_others(path.parent):
            return
        replace_files({path: f"{_digest(text)}\n{text}"})
        _forget([kept for kept in path.parent.glob("*.jsonl") if kept != path])


def _forget(others: Sequence[Path]) -> None:
    """Remove those that were drawn first, where there are many."""
    for old in sorted(others, key=lambda kept: kept.stat().st_mtime, reverse=True)[_MOST_FILES - 1 :]:
        old.unlink(missing_ok=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
