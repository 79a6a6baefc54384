"""A driver that is a program: started, asked, timed, and started again when it is lost."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from models_conformance.drivers.environment import inherited_environment
from models_conformance.drivers.interface import NoDriver
from models_conformance.drivers.program import DriverExited, Program
from models_conformance.drivers.protocol import (
    ProtocolBreach,
    encoded,
    hello_question,
    question,
    read_answer,
    read_hello,
)
from models_conformance.drivers.schema import brief
from models_conformance.drivers.timeouts import FailureBudget, Timeouts, within
from models_conformance.evidence.driver_calls import Answer, CallSpec, Connect, DriverFailure, Hello
from models_conformance.support.deadline import NO_LIMIT, Deadline
from models_conformance.support.text import printable


class ProgramDriver:
    """A driver behind `argv`. `env` is its whole environment: the user's without a client's settings, unless given."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._argv = list(argv)
        self._env = inherited_environment() if env is None else dict(env)
        self._cwd = cwd
        self._timeouts = timeouts or Timeouts()
        self._program: Program | None = None
        self._hello: Hello | None = None
        self._number = 0
        self._fresh = True
        self._failure_budget = FailureBudget(self._timeouts)
        self._deadline = NO_LIMIT

    def until(self, deadline: Deadline) -> None:
        """From now on nothing is waited for beyond the time in which a subject may be asked."""
        self._deadline = deadline

    def hello(self) -> Hello:
        """Who it is. It is started and asked once. Raises NoDriver."""
        if self._hello is not None:
            return self._hello
        try:
            return self._start()
        except DriverExited as ended:
            longer = " (is each line flushed? --hello-timeout gives it longer)" if ended.failure.kind == "hang" else ""
            raise NoDriver(
                f"'{printable(shlex.join(self._argv))}' is not a driver: it {ended.failure.detail}{longer}"
            ) from None

    def call(self, spec: CallSpec, connect: Connect) -> Answer:
        """Make one call. A program that is lost is ended; the next call starts another.

        Raises ValueError where the protocol has no such question.
        """
        self._number += 1
        line = encoded(question(self._number, spec, connect))
        if given_up := self._failure_budget.given_up():
            return given_up
        answered = False
        try:
            answer = self._answer(line, spec, connect)
            answered = True
        except DriverExited as ended:
            return self._failure_budget.add(ended.failure)
        finally:
            # A KeyboardInterrupt leaves an answer behind that the next question would be given.
            if not answered:
                self._discard()
        self._failure_budget.answered()
        return answer

    def close(self) -> None:
        """End its input, wait for its end, and kill what is left."""
        program, self._program = self._program, None
        if program is not None:
            program.finish(within(self._timeouts.ending, self._deadline))

    def _answer(self, line: bytes, spec: CallSpec, connect: Connect) -> Answer:
        if self._program is None:
            self._start()
        program = self._program
        assert program is not None
        if unasked := program.unasked():
            raise program.exited("protocol", f"wrote {brief(unasked.decode('utf-8', 'replace'))} that nobody asked for")
        program.send(line)
        limit = self._timeouts.limit(connect, self._fresh, self._deadline, spec.max_items if spec.walk else 0)
        self._fresh = False
        line = program.receive(limit)
        try:
            return read_answer(line, self._number, spec, has_one_empty=self.hello().has_one_empty)
        except ProtocolBreach as breach:
            raise program.exited("protocol", f"broke the protocol: {breach}") from None

    def _start(self) -> Hello:
        """Start it and say hello. Raises DriverExited, and leaves nothing running then."""
        try:
            self._program = program = Program(self._argv, self._env, self._cwd, self._timeouts.dying)
        except OSError as problem:
            raise DriverExited(
                DriverFailure("exit", f"cannot be started: {problem.strerror}: {problem.filename}")
            ) from None
        except (ValueError, IndexError) as problem:
            raise DriverExited(DriverFailure("exit", f"cannot be started: {problem}")) from None
        greeted = False
        try:
            hello = self._greeting(program)
            greeted = True
        finally:
            if not greeted:
                self._discard()
        self._hello = hello
        return hello

    def _greeting(self, program: Program) -> Hello:
        program.send(encoded(hello_question()))
        try:
            hello = read_hello(program.receive(within(self._timeouts.hello, self._deadline)))
        except ProtocolBreach as breach:
            raise program.exited("protocol", f"broke the protocol: {breach}") from None
        if self._hello not in (None, hello):
            raise program.exited("protocol", "broke the protocol: started again, it says another hello than before")
        return hello

    def _discard(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            program.kill(within(self._timeouts.dying, self._deadline))
