"""Whether what is drawn decides what is found: `python -m benchmarks.seeds [NAME...]` plays faults at six seeds.

Each run is compared with the committed matrix, which is of seed 0. Without names the faults are played that only
certain questions show. Ends with 1 where a seed shows another kind than is recorded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from models_conformance.engine.fault_matrix import Row, client_row, server_row
from models_conformance.reference.variants import sides_of

SEEDS = range(6)
# Beside the systematic scenarios, which have to show every kind alone.
_GENERATED_SCENARIOS = 30
HANG_ON_A_QUESTION = (
    "limit-cursor-and-beta-together-ignore-the-cursor",
    "before-id-skips-equal-dates",
    "last-id-is-wrong-on-pages-of-one",
    "before-id-under-betas-is-the-head",
    "before-id-page-is-reversed",
    "betas-reverse-the-page",
    "escapes-cursor-twice",
)


def rows(name: str) -> Iterator[tuple[int, Row]]:
    """The rows of a fault, of either reference that has it, with the seed of each. Raises UnknownVariant."""
    for side in sides_of(name):
        for seed in SEEDS:
            yield seed, server_row(name, seed) if side == "server" else client_row(name, seed, _GENERATED_SCENARIOS)


def main(names: list[str]) -> int:
    """Print a line for each run; return the exit code."""
    differ = False
    for name in names or HANG_ON_A_QUESTION:
        for seed, row in rows(name):
            unlike = row.unlike_recorded()
            differ |= bool(unlike)
            print(f"{name}, seed {seed}, {row.requests} requests: {'; '.join(unlike) or 'as recorded'}")  # noqa: T201
    return int(differ)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
