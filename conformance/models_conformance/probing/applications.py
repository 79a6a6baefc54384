"""Asking an application in this process: ASGI, WSGI, or a transport of httpx, without a socket.

What a server would make of it is made here: an exception is answered 500, an answer that is not as long as it says
ends early, and HEAD has no body. So judges see what a client behind a socket would have seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal
from urllib.parse import unquote_to_bytes

from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import Failure, Headers, Response, header
from models_conformance.probing.application_loop import ASGI, LOG, Loop, Message, lifespan
from models_conformance.probing.certificates import Remedy
from models_conformance.probing.decoding import NotAsCoded, decoded
from models_conformance.probing.transport import Answered, Outgoing, Sender

BASE = "http://localhost"
"""What an application is asked by: a host that frameworks let in while they are tested."""

Kind = Literal["asgi", "wsgi", "httpx"]
_BODILESS = (204, 304)


def kind_of(app: object) -> Kind:
    """What an application is spoken to by. Raises UsageError for what is none."""
    if callable(getattr(app, "handle_request", None)) or callable(getattr(app, "handle_async_request", None)):
        return "httpx"
    if inspect.isclass(app) or not callable(app):
        raise UsageError(
            f"{type(app).__name__} is not an application: give an ASGI 3 or WSGI application, or a transport of httpx"
        )
    is_async = inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(getattr(app, "__call__", None))  # noqa: B004
    kind: Kind = "asgi" if is_async else "wsgi"
    taken = ("scope", "receive", "send") if is_async else ("environ", "start_response")
    if not _takes(app, len(taken)):
        raise UsageError(
            f"{getattr(app, '__qualname__', type(app).__name__)} cannot be called with {', '.join(taken)}: "
            "if it makes the application, give what it returns"
        )
    return kind


def _takes(app: Callable[..., object], arguments: int) -> bool:
    """Whether it can be called with so many; what hides its signature is taken at its word."""
    try:
        inspect.signature(app).bind(*range(arguments))
    except ValueError:
        return True
    except TypeError:
        return False
    return True


@contextlib.contextmanager
def asking(app: Any, timeout: float, max_body: int) -> Iterator[Sender]:
    """A way to ask the application. `timeout` in seconds bounds each answer, `max_body` in bytes its body.

    The lifespan of an ASGI application lasts as long as the context. What is called in this thread (WSGI, transports)
    cannot be broken off: its answer counts as none where it took longer. Raises Unreachable where it does not start,
    and UsageError for what is not an application.
    """
    kind = kind_of(app)
    loop = Loop()
    try:
        if kind == "asgi":
            with lifespan(app, loop, timeout) as state:
                yield _Application(lambda call, limit: loop.run(_asgi(app, state, call), limit), timeout, max_body)
        elif kind == "wsgi":
            yield _Application(lambda call, _: _wsgi(app, call), timeout, max_body)
        else:
            yield _Application(partial(_httpx, app, loop), timeout, max_body)
    finally:
        loop.close()


@dataclass(slots=True)
class _Answer:
    """What an application has said so far. `is_plain` where its content coding is undone."""

    status: int = 0
    headers: Headers = ()
    body: list[bytes] = field(default_factory=list)
    is_whole: bool = False
    is_plain: bool = False


class _Broke(Exception):
    """The application raised; `answer` is what it had said before."""

    def __init__(self, answer: _Answer) -> None:
        super().__init__()
        self.answer = answer


_Handler = Callable[[Outgoing, float], _Answer]
"""Asks within so many seconds. Raises _Broke, TimeoutError, and ConnectionError whose message says how it broke."""


class _Application:
    """One application as a way to a server."""

    def __init__(self, handle: _Handler, timeout: float, max_body: int) -> None:
        self._handle = handle
        self._timeout = timeout
        self._max_body = max_body
        self._reported: set[tuple[str, str]] = set()
        self.remedy: Remedy = ""
        self.forwarding = None

    def send(self, outgoing: Outgoing) -> Answered:
        """Ask it one request."""
        began = time.monotonic()
        limit = min(self._timeout, outgoing.at_most)
        late = Failure("timeout", f"no whole response within {limit:g} s")
        answer, failure, broke = _Answer(), None, False
        try:
            answer = self._handle(outgoing, limit)
        except _Broke as problem:
            answer, broke = problem.answer, True
            self._report(outgoing, problem.__cause__)
        except TimeoutError:
            failure = late
        except ConnectionError as problem:
            failure = Failure("disconnect", str(problem))
        seconds = time.monotonic() - began
        if failure is None and seconds > limit:
            failure = late
        if failure is not None:
            return Answered(None, failure, seconds, began)
        if not answer.status:
            # As servers do, whether it raised or returned without a word.
            plain = (("content-type", "text/plain; charset=utf-8"),)
            answer = _Answer(500, plain, [b"Internal Server Error"], is_whole=True)
        response, failure = self._received(outgoing.method, answer)
        if failure is None and broke and not answer.is_whole:
            failure = Failure("disconnect", "the body ends early: the application raised in the middle of it")
        return Answered(response, failure, seconds, began)

    def _report(self, outgoing: Outgoing, cause: BaseException | None) -> None:
        """Each kind of exception once, with its traceback: a run asks hundreds of times."""
        if cause is not None and (type(cause).__name__, str(cause)) not in self._reported:
            self._reported.add((type(cause).__name__, str(cause)))
            LOG.error("%s %s: the application raised", outgoing.method, outgoing.target, exc_info=cause)

    def _received(self, method: str, answer: _Answer) -> tuple[Response, Failure | None]:
        """What a client reads of an answer."""
        announced, raw = header(answer.headers, "content-length"), b"".join(answer.body)
        if method == "HEAD" or answer.status in _BODILESS:
            return Response(answer.status, answer.headers, b""), None
        body, failure = raw, None
        try:
            if not answer.is_plain:
                body = b"".join(decoded(iter([raw]), header(answer.headers, "content-encoding")))
        except NotAsCoded as problem:
            failure = Failure("decoding", str(problem))
        if announced is not None and not answer.is_plain and (not announced.isdigit() or int(announced) != len(raw)):
            how = "ends early" if announced.isdigit() and int(announced) > len(raw) else "is longer than it says"
            failure = Failure(
                "disconnect", f"the body {how}: content-length is {announced[:20]}, and it has {len(raw)} bytes"
            )
        if len(body) > self._max_body:
            body = body[: self._max_body]
            failure = Failure("too-large", f"the body is larger than {self._max_body} bytes")
        return Response(answer.status, answer.headers, body), failure


async def _asgi(app: Any, state: Message, call: Outgoing) -> _Answer:
    """Ask an ASGI application."""
    answer, requested, over = _Answer(), False, asyncio.Event()

    async def receive() -> Message:
        nonlocal requested
        if not requested:
            requested = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = _lines(message.get("headers", ()))
        elif message["type"] == "http.response.body" and not answer.is_whole:
            answer.body.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                answer.is_whole = True
                over.set()

    try:
        await app(_scope(call, state), receive, send)
    except Exception as problem:
        raise _Broke(answer) from problem
    return answer


def _scope(call: Outgoing, state: Message) -> Message:
    path, _, query = call.target.partition("?")
    return {
        "type": "http",
        "asgi": ASGI,
        "http_version": "1.1",
        "method": call.method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": [(name.lower().encode("ascii"), value.encode("utf-8")) for name, value in call.headers],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 80),
        "state": dict(state),
    }


def _lines(headers: Iterable[Sequence[bytes]]) -> Headers:
    return tuple((bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in headers)


def _wsgi(app: Any, call: Outgoing) -> _Answer:
    """Ask a WSGI application (PEP 3333), in this thread: databases and contexts that belong to it stay reachable."""
    answer = _Answer()

    def start_response(status: str, headers: list[tuple[str, str]], _problem: Any = None) -> Callable[[bytes], None]:
        answer.status, answer.headers = int(status[:3]), tuple((str(name), str(value)) for name, value in headers)
        return answer.body.append

    try:
        pieces = app(_environ(call), start_response)
        try:
            answer.body.extend(pieces)
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()
        answer.is_whole = True
    except Exception as problem:
        raise _Broke(answer) from problem
    return answer


def _environ(call: Outgoing) -> dict[str, Any]:
    path, _, query = call.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": call.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "RAW_URI": call.target,
        "REQUEST_URI": call.target,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in call.headers:
        key = f"HTTP_{name.upper().replace('-', '_')}"
        text = value.encode("utf-8").decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


def _httpx(transport: Any, loop: Loop, call: Outgoing, timeout: float) -> _Answer:
    """Ask a transport of httpx, such as a MockTransport: the whole of a mock is judged."""
    # Only who holds a transport of httpx has to have it.
    import httpx

    request = httpx.Request(call.method, BASE + call.target, headers=list(call.headers))

    async def awaited() -> httpx.Response:
        response: httpx.Response = await transport.handle_async_request(request)
        await response.aread()
        return response

    try:
        if callable(getattr(transport, "handle_request", None)):
            response = transport.handle_request(request)
            response.read()
        else:
            response = loop.run(awaited(), timeout)
    except (httpx.TimeoutException, TimeoutError):
        raise TimeoutError from None
    except httpx.TransportError as problem:
        raise ConnectionError(f"no response: {type(problem).__name__}: {problem}") from None
    except Exception as problem:
        raise _Broke(_Answer()) from problem
    return _Answer(response.status_code, _lines(response.headers.raw), [response.content], is_whole=True, is_plain=True)
