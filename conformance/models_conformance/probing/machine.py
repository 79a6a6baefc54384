"""A state machine that walks cursor chains in both directions, changing limit and betas on the way."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from models_conformance.contract.model import Contract
from models_conformance.evidence.exchange_reading import Page
from models_conformance.probing.request_specs import RequestSpec, list_request
from models_conformance.probing.strategies import Known, beta_lists, limits

Send = Callable[[RequestSpec], Page | None]


def cursor_walker(contract: Contract, known: Known, send: Send) -> type[RuleBasedStateMachine]:
    """A machine class bound to one server; `send` answers with the page, None where none came.

    It asserts nothing: what it makes the server say enters the trace and is judged with everything else.
    """
    some_limit = st.none() | limits(contract)
    some_betas = beta_lists(contract, known)

    class CursorWalker(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.page: Page | None = None

        def follow(self, spec: RequestSpec) -> None:
            page = send(spec)
            if page is not None and page.items:
                self.page = page

        @initialize(limit=some_limit, start=st.sampled_from([None, *known.ids]))
        def begin(self, limit: int | None, start: str | None) -> None:
            self.follow(list_request(limit=limit, after=start))

        @rule(limit=some_limit)
        def start_over(self, limit: int | None) -> None:
            self.follow(list_request(limit=limit))

        @rule(limit=some_limit, betas=some_betas)
        @precondition(lambda self: self.page is not None)
        def on(self, limit: int | None, betas: tuple[str, ...] | None) -> None:
            self.follow(list_request(limit=limit, after=self.page.ids[-1] if self.page else None, betas=betas))

        @rule(limit=some_limit, betas=some_betas)
        @precondition(lambda self: self.page is not None)
        def back(self, limit: int | None, betas: tuple[str, ...] | None) -> None:
            self.follow(list_request(limit=limit, before=self.page.ids[0] if self.page else None, betas=betas))

        @rule(limit=some_limit, index=st.integers(0, 999))
        @precondition(lambda self: self.page is not None)
        def turn_inside(self, limit: int | None, index: int) -> None:
            ids = self.page.ids if self.page else ()
            self.follow(list_request(limit=limit, before=ids[index % len(ids)]))

    return CursorWalker
