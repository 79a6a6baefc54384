"""What the first requests of a run tell: `python -m benchmarks.first_requests` prints how many named faults a run finds
that is cut short by `--max-requests`.

A fault is found where the requirement that names it fails. Each figure is a run of its own, since a run that is cut
short judges what it has, and not what it would have had.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product

import click

from models_conformance.engine.fault_matrix import MATRIX_MODELS, run_against
from models_conformance.engine.options import DEFAULT_MAX_REQUESTS
from models_conformance.reference.server import SERVERS
from models_conformance.requirements.register import every_requirement

BOUNDS = (20, 40, 60, 100, 150, 200, DEFAULT_MAX_REQUESTS)
LEVELS = ("must", "should")


@dataclass(frozen=True, slots=True)
class Cut:
    """A run against one variant with at most so many requests: those it sent, and the requirements that failed."""

    name: str
    most: int
    requests: int
    failed: frozenset[str]


def cut_run(name_and_bound: tuple[str, int]) -> Cut:
    """Run the suite against the reference server with that fault or oddity, with at most so many requests."""
    name, most = name_and_bound
    result = run_against(name, max_requests=most)
    failed = frozenset(entry.requirement.id for entry in result.requirements if entry.verdict == "fail")
    return Cut(name, most, result.run.requests, failed)


def cut_runs(names: Iterable[str], bounds: Iterable[int], processes: int | None = None) -> Iterator[Cut]:
    """All these runs, by so many processes."""
    with ProcessPoolExecutor(processes or os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(cut_run, product(names, bounds), chunksize=4)


def roots() -> dict[str, str]:
    """The requirement that names each fault of the reference server."""
    return {name: fault.root for name, fault in SERVERS.faults().items() if fault.root is not None}


def missed(cuts: Iterable[Cut], level: str) -> dict[int, list[str]]:
    """For each bound, the faults in requirements of that level that the runs did not find."""
    root = roots()
    found: dict[int, list[str]] = {}
    for cut in cuts:
        if cut.name in root and every_requirement()[root[cut.name]].level == level:
            names = found.setdefault(cut.most, [])
            if root[cut.name] not in cut.failed:
                names.append(cut.name)
    return found


@click.command()
@click.option("--most", multiple=True, type=int, default=BOUNDS, show_default=True, help="Bounds of the runs.")
@click.option("--every", default=1, show_default=True, help="Of the faults, only every so many-th.")
@click.option("--processes", default=None, type=int, help="Runs at the same time; as many as there are processors.")
@click.option("--oddities", is_flag=True, help="Run against what conforms instead, and print whom a run blames.")
def main(
    most: Sequence[int],
    every: int,
    processes: int | None,
    oddities: bool,
) -> None:
    """Print how many faults of the reference server are found by runs of at most so many requests."""
    if oddities:
        for cut in cut_runs(list(SERVERS.oddities())[::every], most, processes):
            if cut.failed:
                click.echo(f"{cut.name}, at most {cut.most}: blames {', '.join(sorted(cut.failed))}")
        return
    names = list(roots())[::every]
    cuts = list(cut_runs(names, most, processes))
    conforming = max(cut.requests for cut in cut_runs(["ideal"], [DEFAULT_MAX_REQUESTS], 1))
    click.echo(f"{MATRIX_MODELS} models; a whole run against the ideal sends {conforming} requests")
    by_level = {level: missed(cuts, level) for level in LEVELS}
    counts = {level: sum(every_requirement()[roots()[name]].level == level for name in names) for level in LEVELS}
    click.echo("| at most | " + " | ".join(f"{level} faults found" for level in LEVELS) + " |\n|---|" + "---|" * 2)
    for bound in most:
        told = (_share(counts[level], by_level[level].get(bound, [])) for level in LEVELS)
        click.echo(f"| {bound} | " + " | ".join(told) + " |")
    for level, bound in product(LEVELS, most):
        click.echo(f"{level}, not found by at most {bound}: {', '.join(by_level[level].get(bound, [])) or 'none'}")


def _share(number: int, not_found: Sequence[str]) -> str:
    found = number - len(not_found)
    return f"{found} of {number} ({100 * found / number:.1f} %)" if number else "–"


if __name__ == "__main__":
    main()
