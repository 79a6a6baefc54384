"""A driver that is a program: started, asked, timed, and started again when it is lost."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from models_conformance.drivers.environment import inherited_environment
from models_conformance.drivers.interface import Driver, DriverExited, NoDriver
from models_conformance.drivers.program import Program
from models_conformance.drivers.protocol import ProtocolBreach, encoded, hello_question, read_answer, read_hello
from models_conformance.drivers.schema import brief
from models_conformance.drivers.timeouts import Timeouts, within
from models_conformance.evidence.driver_calls import Answer, CallSpec, Connect, DriverFailure, Hello
from models_conformance.support import signals
from models_conformance.support.text import printable


class ProgramDriver(Driver):
    """A driver behind `argv`. `env` is its whole environment: the user's without a client's settings, unless given."""

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str] | None = None, *, timeouts: Timeouts | None = None
    ) -> None:
        super().__init__(timeouts)
        self._argv = list(argv)
        self._env = inherited_environment() if env is None else dict(env)
        self._program: Program | None = None

    def hello(self) -> Hello:
        if self._hello is not None:
            return self._hello
        try:
            return self._start()
        except DriverExited as ended:
            longer = " (is each line flushed? --hello-timeout gives it longer)" if ended.failure.kind == "hang" else ""
            raise NoDriver(
                f"'{printable(shlex.join(self._argv))}' is not a driver: it {ended.failure.detail}{longer}"
            ) from None

    def close(self) -> None:
        """End its input, wait for its end, and kill what is left."""
        program, self._program = self._program, None
        if program is not None:
            program.finish(within(self._timeouts.ending, self._deadline))

    def _answer(self, line: bytes, spec: CallSpec, connect: Connect) -> Answer:
        with ExitStack() as lost:
            # A KeyboardInterrupt, too, leaves an answer behind that the next question would be given.
            lost.callback(self._discard)
            if self._program is None:
                self._start()
            program = self._program
            assert program is not None
            if unasked := program.unasked():
                seen = brief(unasked.decode("utf-8", "replace"))
                raise program.exited("protocol", f"wrote {seen} that was not requested")
            program.send(line)
            line = program.receive(self._limit(spec, connect))
            try:
                answer = read_answer(line, self._number, spec, has_one_empty=self.hello().has_one_empty)
            except ProtocolBreach as breach:
                raise program.exited("protocol", f"broke the protocol: {breach}") from None
            lost.pop_all()
        return answer

    def _start(self) -> Hello:
        """Start it and say hello. Raises DriverExited, and leaves nothing running then."""
        try:
            with signals.deferred():
                self._program = program = Program(self._argv, self._env, self._timeouts.dying)
        except OSError as problem:
            why = f"cannot be started: {problem.strerror}: {problem.filename}"
            raise DriverExited(DriverFailure("exit", why)) from None
        except (ValueError, IndexError) as problem:
            raise DriverExited(DriverFailure("exit", f"cannot be started: {problem}")) from None
        with ExitStack() as lost:
            lost.callback(self._discard)
            self._hello = hello = self._greeting(program)
            lost.pop_all()
        return hello

    def _greeting(self, program: Program) -> Hello:
        program.send(encoded(hello_question()))
        try:
            hello = read_hello(program.receive(within(self._timeouts.hello, self._deadline)))
        except ProtocolBreach as breach:
            raise program.exited("protocol", f"broke the protocol: {breach}") from None
        if self._hello not in (None, hello):
            raise program.exited("protocol", "broke the protocol: started again, its hello is another than before")
        return hello

    def _discard(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            program.kill(within(self._timeouts.dying, self._deadline))
