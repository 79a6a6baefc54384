"""A signal that comes while a program is started ends it, too: nothing is lost between its start and its name."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from models_conformance.drivers import process, program
from models_conformance.support import signals
from tests.drivers.starting import ends


class Ended(BaseException):
    """What the handler raises."""


@pytest.fixture(autouse=True)
def _raising() -> Iterator[None]:
    def end(number: int, frame: object) -> None:
        raise Ended

    before = signal.signal(signal.SIGTERM, end)
    yield
    signal.signal(signal.SIGTERM, before)


def test_a_signal_waits_for_the_end_of_what_it_must_not_break() -> None:
    reached: list[str] = []

    def start() -> None:
        with signals.deferred():
            signal.raise_signal(signal.SIGTERM)
            reached.append("the end")

    with pytest.raises(Ended):
        start()
    assert reached
    with pytest.raises(Ended):
        signal.raise_signal(signal.SIGTERM)


def test_a_program_that_is_started_under_a_signal_is_known_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    class Signalled(program.Program):
        def __init__(self, *given: object) -> None:
            super().__init__(*given)  # type: ignore[arg-type]
            started.append(self._process.pid)
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(process, "Program", Signalled)
    driver = process.ProgramDriver(["sleep", "1000"], {})
    with pytest.raises(Ended):
        driver.hello()
    driver.close()
    assert ends(*started)
