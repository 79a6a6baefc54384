"""Letting Hypothesis ask: it draws and sends, and what comes back is judged with all other evidence.

The properties assert nothing by themselves, so nothing is shrunk here; a finding is made small afterwards,
whatever request it came from (`models_conformance.engine.smaller_requests`).
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from models_conformance.contract.model import Contract
from models_conformance.evidence.exchange_reading import Page
from models_conformance.probing.machine import cursor_walker
from models_conformance.probing.request_specs import RequestSpec
from models_conformance.probing.session import SessionOver
from models_conformance.probing.strategies import Known, list_request_specs, retrieve_request_specs
from models_conformance.support.generating import nothing_kept

Send = Callable[[RequestSpec], Page | None]


class _Outlet:
    """Sends until the session is over, and then nothing more: Hypothesis must not take that for a failure."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.over: SessionOver | None = None

    def __call__(self, spec: RequestSpec) -> Page | None:
        if self.over is None:
            try:
                return self._send(spec)
            except SessionOver as over:
                self.over = over
        return None

    def close(self) -> None:
        """Pass on why the session ended, if it did."""
        if self.over is not None:
            raise self.over


_STEPS_A_WALK = 6


def _settings(examples: int) -> settings:
    """Only generation, nothing remembered between runs, and no deadline: a live server is slow at times."""
    return settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )


def run_examples(contract: Contract, known: Known, examples: int, run_seed: int, send: Send) -> None:
    """Send that many generated list and retrieve requests. Raises SessionOver."""
    if examples <= 0:
        return
    outlet = _Outlet(send)

    @seed(run_seed)
    @_settings(examples)
    @given(
        st.one_of(
            list_request_specs(contract, known),
            list_request_specs(contract, known),
            retrieve_request_specs(contract, known),
        )
    )
    def send_example(spec: RequestSpec) -> None:
        outlet(spec)

    with nothing_kept():
        send_example()
    outlet.close()


def run_machine(contract: Contract, known: Known, requests: int, run_seed: int, send: Send) -> None:
    """Walk cursor chains in runs of a few steps, about that many requests in all. Raises SessionOver."""
    if requests <= 0 or not known.ids:
        return
    outlet = _Outlet(send)
    machine = seed(run_seed)(cursor_walker(contract, known, outlet))
    steps = settings(_settings(max(1, requests // _STEPS_A_WALK)), stateful_step_count=_STEPS_A_WALK)
    with nothing_kept():
        run_state_machine_as_test(machine, settings=steps)
    outlet.close()
