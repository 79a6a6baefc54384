"""The one loop that runs a Python driver object as a driver program.

A driver object has three methods; each may be a coroutine function. They return the answer's members
(`{"ok": …}`, `{"raised": …, "items_before": …}`, `{"unsupported": …}`, `{"fault": …}`) or just what stands in `ok`:

    hello() -> {"protocol": 1, "client": …, "version": …, "language": …, "surfaces": […], "capabilities": […]}
    list(connect, args, walk, max_items) -> {"page": …} or {"items": …, "truncated": …}
    retrieve(connect, args) -> {"model": …}

`connect` is the question's, with the surface in `connect["surface"]`.

This file imports the standard library alone and keeps to Python 3.9: it also runs, as it is, in the environments of
fetched SDK releases, where the suite is not installed: `python stdio.py FILE.py:NAME` or `python stdio.py MODULE:NAME`.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import inspect
import json
import os
import sys
import traceback
from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

_OUTCOMES = frozenset({"ok", "raised", "unsupported", "fault"})
_USAGE_STATUS = 2


class CannotLoad(ValueError):
    """There is no driver object of that name; the message is one line."""


class LineAnswerer:
    """Turns question lines into answer lines for one driver object. For one thread; `close` it at the end."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._loop: asyncio.AbstractEventLoop | None = None

    def line(self, question: bytes) -> bytes:
        """The answer to one question, both with their line end. What goes wrong on the way is a `fault`.

        Raises only what ends a program: SystemExit and KeyboardInterrupt.
        """
        number: object = None
        try:
            spec = json.loads(question)
            number = spec["id"]
            return _encoded({"id": number, **self._members(spec)})
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever the driver object raises is the driver's fault
            return _encoded({"id": number, "fault": _described(error)})

    def close(self) -> None:
        """Close the driver, if it has a `close`, and the event loop, if a coroutine ever needed one."""
        ending = getattr(self._driver, "close", None)
        if callable(ending):
            ending()
        if self._loop is not None:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()
            self._loop = None

    def _members(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        returned = self._finished(self._called(spec))
        if not isinstance(returned, Mapping):
            raise TypeError(f"{spec['op']} returned {type(returned).__name__}, where an object was wanted")
        return dict(returned) if _OUTCOMES & returned.keys() else {"ok": returned}

    def _called(self, spec: Mapping[str, Any]) -> Any:
        operation = spec["op"]
        if operation == "hello":
            return self._driver.hello()
        if operation not in ("list", "retrieve"):
            raise ValueError(f"there is no operation {operation!r}")
        connect = {**spec["connect"], "surface": spec["surface"]}
        if operation == "list":
            return self._driver.list(connect, spec["args"], spec["walk"], spec["max_items"])
        return self._driver.retrieve(connect, spec["args"])

    def _finished(self, value: Any) -> Any:
        if not inspect.isawaitable(value):
            return value
        # One loop for all calls, so that what a library ties to its loop outlives a call.
        if self._loop is None:
            # Only where an answer is awaited: few libraries need it, and each call of a program would wait for it.
            import asyncio

            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(value)


def serve(driver: Any) -> None:
    """Answer the questions on standard input on standard output, until the input ends.

    Takes both away from everybody else for good: what the library prints goes to standard error, and it reads nothing.
    """
    questions, answers = _own_pipes()
    answerer = LineAnswerer(driver)
    # The suite may be gone; then nobody is left to tell.
    with questions, contextlib.closing(answerer), contextlib.suppress(BrokenPipeError), answers:
        for question in questions:
            answers.write(answerer.line(question))
            answers.flush()


def load(spec: str) -> Any:
    """The driver object that `FILE.py:NAME` or `MODULE:NAME` names; a class is called without arguments.

    The file's folder, or the working directory, is searched for imports after all installed packages: a driver is
    easily called like the library it drives. Raises CannotLoad.
    """
    where, _, name = spec.rpartition(":")
    if not where or not name:
        raise CannotLoad(f"'{spec}' is neither FILE.py:NAME nor MODULE:NAME")
    try:
        found: Any = _module(where)
        for part in name.split("."):
            found = getattr(found, part)
        return found() if isinstance(found, type) else found
    except (CannotLoad, KeyboardInterrupt):
        raise
    except BaseException as error:
        # A stranger's module may raise anything while it is imported, and SystemExit is not a way to say so.
        raise CannotLoad(f"cannot load '{spec}': {_described(error)}") from error


def main(arguments: list[str]) -> int:
    """Serve the driver object that the only argument names. Returns the exit status."""
    # Python puts the folder of this file first, where its neighbours could be taken for what a library imports.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or os.curdir) != here]
    if len(arguments) != 1:
        sys.stderr.write("usage: stdio.py FILE.py:NAME | MODULE:NAME\n")
        return _USAGE_STATUS
    # What a library is made of lives as long as this program: looking for garbage in it costs a tenth of all time.
    gc.disable()
    try:
        driver = load(arguments[0])
    except CannotLoad as problem:
        sys.stderr.write(f"{problem}\n")
        return _USAGE_STATUS
    # PyPy has no such thing.
    if hasattr(gc, "freeze"):
        gc.freeze()
    gc.enable()
    serve(driver)
    return 0


def _module(where: str) -> ModuleType:
    if not where.endswith(".py"):
        _search_also(os.getcwd())
        return importlib.import_module(where)
    if not os.path.isfile(where):
        raise CannotLoad(f"there is no file '{where}'")
    _search_also(os.path.dirname(os.path.abspath(where)))
    # A name of its own: a file `anthropic.py` must not become the module `anthropic`.
    name = "driver_file_" + os.path.basename(where)[: -len(".py")]
    spec = importlib.util.spec_from_file_location(name, where)
    if spec is None or spec.loader is None:
        raise CannotLoad(f"'{where}' is not a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _search_also(folder: str) -> None:
    if folder not in sys.path:
        sys.path.append(folder)


def _own_pipes() -> tuple[Any, Any]:
    sys.stdout.flush()
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    try:
        os.dup2(2, 1)
    except OSError:
        # Started without a standard error.
        os.dup2(nothing, 1)
    os.close(nothing)
    return questions, answers


def _encoded(answer: dict[str, Any]) -> bytes:
    # ASCII carries lone surrogates as escapes, which UTF-8 cannot.
    return json.dumps(answer, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"


def _described(error: BaseException) -> str:
    """The error in one line, with the place in the driver or library that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return " ".join(f"{type(error).__name__}: {error}".split()) + place


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
