"""A driver object in this process keeps the same protocol under the same limits."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from models_conformance.drivers.inprocess import ObjectDriver, load_object
from models_conformance.drivers.interface import Driver, NoDriver
from models_conformance.drivers.timeouts import Timeouts
from models_conformance.errors import UsageError
from models_conformance.evidence.driver_calls import (
    Answer,
    CallSpec,
    DriverFailure,
    DriverFault,
    ItemsSeen,
    ModelRetrieved,
    PageSeen,
)
from tests.drivers.programs.objects import Odd, Right, Waiting, Whole
from tests.drivers.starting import CALM, CONNECT, OBJECTS, PAGE, RETRIEVE, WALK, looped

ODD = ("raise", "base", "none", "object", "nan", "surrogate")


def asked_for(model_id: str) -> CallSpec:
    return CallSpec("retrieve", "models", {"model_id": model_id})


def test_each_kind_of_call_is_answered() -> None:
    driver: Driver = ObjectDriver(Right())
    assert driver.hello().surfaces == ("models", "beta.models")
    page, walk = driver.call(PAGE, CONNECT), driver.call(WALK, CONNECT)
    driver.close()
    assert isinstance(page, PageSeen)
    assert len(page.data) == 20
    assert page.members == {"has_more": False}
    assert isinstance(walk, ItemsSeen)
    assert walk.truncated


@pytest.mark.parametrize(
    ("name", "thing", "model_ids"),
    [("Right", Right(), ("m",)), ("Whole", Whole(), ("model", "error", "fault")), ("Odd", Odd(), ODD)],
)
def test_an_object_answers_as_it_does_as_a_program(name: str, thing: Right, model_ids: tuple[str, ...]) -> None:
    here, there = ObjectDriver(thing), looped(name)
    answers: list[tuple[Answer, Answer]] = [
        (here.call(asked_for(model_id), CONNECT), there.call(asked_for(model_id), CONNECT)) for model_id in model_ids
    ]
    assert here.hello() == there.hello()
    here.close()
    there.close()
    assert [mine for mine, _ in answers] == [theirs for _, theirs in answers]


def test_coroutines_are_run_all_in_one_loop() -> None:
    driver = ObjectDriver(Waiting())
    answers = [driver.call(RETRIEVE, CONNECT) for _ in range(3)]
    driver.close()
    assert answers == [ModelRetrieved({"id": "loops: 1"})] * 3


class Stuck(Right):
    """Its calls for the model `hang` wait until they are released."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def retrieve(self, connect: Mapping[str, Any], args: Mapping[str, Any]) -> Any:
        if args["model_id"] == "hang":
            self.released.wait(60)
        return super().retrieve(connect, args)


def test_a_call_that_hangs_is_lost_and_the_next_one_is_answered() -> None:
    # Those that another test's object still holds up are not ours.
    before = set(threading.enumerate())
    stuck = Stuck()
    driver = ObjectDriver(stuck, Timeouts(call=0.5, first_call=0.0))
    try:
        assert driver.call(asked_for("hang"), CONNECT) == DriverFailure("hang", "gave no answer within 0.5015 s")
        assert isinstance(driver.call(asked_for("m"), CONNECT), ModelRetrieved)
    finally:
        stuck.released.set()
        driver.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()


def test_an_object_that_leaves_is_lost_and_the_next_call_is_answered() -> None:
    driver = ObjectDriver(Odd())
    assert driver.call(asked_for("exit"), CONNECT) == DriverFailure("exit", "raised SystemExit(3)")
    assert isinstance(driver.call(asked_for("none"), CONNECT), DriverFault)
    driver.close()


def test_after_too_many_losses_it_is_given_up() -> None:
    driver = ObjectDriver(Odd(), Timeouts(failure_budget=2))
    answers = [driver.call(asked_for(habit), CONNECT) for habit in ("exit", "exit", "none")]
    driver.close()
    assert answers[2] == DriverFailure(
        "exit", "was given up after 2 failed calls, in the last of which it raised SystemExit(3)"
    )


def test_a_breach_of_the_protocol_is_a_lost_call() -> None:
    class Liar(Right):
        def retrieve(self, connect: object, args: object) -> dict[str, object]:
            return {"page": {"data": []}}

    driver = ObjectDriver(Liar())
    answer = driver.call(RETRIEVE, CONNECT)
    driver.close()
    assert answer == DriverFailure(
        "protocol", "broke the protocol: ok holds page, the answer to a retrieve call holds model"
    )


@pytest.mark.parametrize("thing", [object(), Whole, 7])
def test_what_has_no_hello_is_no_driver(thing: object) -> None:
    driver = ObjectDriver(thing, CALM)
    with pytest.raises(NoDriver, match="is not a driver: it broke the protocol: hello was answered by fault") as caught:
        driver.hello()
    driver.close()
    assert "\n" not in str(caught.value)


def test_close_leaves_no_thread() -> None:
    before = threading.active_count()
    driver = ObjectDriver(Right())
    driver.hello()
    assert threading.active_count() == before + 1
    driver.close()
    driver.close()
    assert threading.active_count() == before


def test_an_object_is_loaded_by_file_or_by_module() -> None:
    assert ObjectDriver(load_object(f"{OBJECTS}:ready")).hello().client == "object"
    assert isinstance(load_object("tests.drivers.programs.objects:Odd"), Odd)


def test_what_cannot_be_loaded_is_a_usage_error_in_one_line() -> None:
    for spec in ("nonsense", "no.such.module:X", "no_such_file.py:X", f"{OBJECTS}:X", "a\nb:c"):
        with pytest.raises(UsageError) as caught:
            load_object(spec)
        assert str(caught.value).isprintable()
