"""Makes the recordings in `cassettes/` anew: python -m tests.recording.make_cassettes

They are short runs against the reference server and some of its faults, at a made-up address: the port that the
server happens to get must not be in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.probing.tape import RecordedWith, Tape, Taped
from models_conformance.recordings.taping import rendered, write_cassettes
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.result import Result

FOLDER = Path(__file__).resolve().parents[2] / "cassettes"
ADDRESS = "http://reference.invalid"
MODELS = 4
WHOLE = RecordedWith(seed=0, examples=3, max_requests=210, aliases={})
SHORT = RecordedWith(seed=0, examples=3, max_requests=80, aliases={})
# What they break shows in one file alone, as readers of cassettes have it.
FAULTS = (
    "after-id-is-inclusive",
    "created-at-is-a-unix-timestamp",
    "first-and-last-id-are-swapped",
    "has-more-is-a-string",
)
NAMES = ("ideal", *FAULTS)


def settings_of(name: str) -> RecordedWith:
    """What the run is told that this recording is of: a whole run for the ideal, a short one for a fault."""
    return SHORT if name in FAULTS else WHOLE


def run(name: str, models: int = MODELS) -> tuple[Result, list[Taped]]:
    """Record a run against the reference server with that fault."""
    tape, spec = Tape(), settings_of(name)
    with running(behaviour_named(name, models)) as server:
        options = ServerOptions(
            server.url,
            server.api_key,
            aliases=spec.aliases,
            # Which request a limit cuts off must not depend on how quick the machine is.
            concurrency=1,
            run=RunOptions(seed=spec.seed, examples=spec.examples, max_requests=spec.max_requests),
            tape=tape,
        )
        return judge_server(options), list(_moved(tape.kept))


def _moved(taped: list[Taped]) -> Iterator[Taped]:
    for exchange in taped:
        split = urlsplit(exchange.request.url)
        url = exchange.request.url.replace(f"{split.scheme}://{split.netloc}", ADDRESS, 1)
        yield replace(exchange, request=replace(exchange.request, url=url))


def made(name: str) -> dict[str, str]:
    """The files of that recording, each as its text."""
    return rendered(run(name)[1], settings_of(name))


def main() -> None:
    """Write all recordings."""
    for name in NAMES:
        write_cassettes(run(name)[1], settings_of(name), FOLDER / name, "cassettes")


if __name__ == "__main__":
    main()
