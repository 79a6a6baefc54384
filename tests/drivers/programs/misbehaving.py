"""A driver that is fine until it is not: `misbehaving.py HABIT [FILE]`. Standard library only, started as a program.

The habit shows at each call, or where its name says so at the start or the end. A started child notes its process id
in FILE.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HELLO = {
    "protocol": 1,
    "client": "misbehaving",
    "version": "1.0",
    "language": "python",
    "surfaces": ["models"],
    "capabilities": ["walk"],
}
MODEL = {"id": "m", "created_at": "2025-01-01T00:00:00Z", "display_name": "M", "type": "model", "extra": {}}
Question = dict[str, Any]


def say(line: Any) -> None:
    write(json.dumps(line) + "\n")


def write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def right(question: Question) -> dict[str, Any]:
    if question["op"] == "hello":
        return {"id": 0, "ok": HELLO}
    if question["op"] == "retrieve":
        return {"id": question["id"], "ok": {"model": {**MODEL, "id": question["args"]["model_id"]}}}
    page = {"data": [MODEL], "first_id": "m", "has_more": False, "last_id": "m"}
    return {"id": question["id"], "ok": {"items": [MODEL], "truncated": False} if question["walk"] else {"page": page}}


def hang(_: Question) -> None:
    time.sleep(600)


def hang_halfway(question: Question) -> None:
    write(json.dumps(right(question))[:10])
    time.sleep(600)


def kill_itself(_: Question) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def exit_3(_: Question) -> None:
    sys.stderr.write("Traceback: \x1b[31mno such thing\x1b[0m\n")
    sys.exit(3)


def exit_0(_: Question) -> None:
    sys.exit(0)


def answer_and_exit(question: Question) -> None:
    say(right(question))
    sys.exit(4)


def chatter_before(question: Question) -> None:
    write("connecting\n")
    say(right(question))


def chatter_after(question: Question) -> None:
    say(right(question))
    write("done")


def answer_twice(question: Question) -> None:
    say(right(question))
    say(right(question))


def answer_ahead(question: Question) -> None:
    ahead = {**question, "id": question["id"] + 1}
    write(json.dumps(right(question)) + "\n" + json.dumps(right(ahead)) + "\n")


def wrong_id(question: Question) -> None:
    say({**right(question), "id": question["id"] + 1})


def page_for_all(question: Question) -> None:
    say({"id": question["id"], "ok": {"page": {"data": []}}})


def endless_line(_: Question) -> None:
    while True:
        write("x" * 65536)


def deep(question: Question) -> None:
    write(f'{{"id": {question["id"]}, "ok": ' + "[" * 100_000 + "]" * 100_000 + "}\n")


def flood_of_errors(question: Question) -> None:
    for number in range(20_000):
        sys.stderr.write(f"still working, step {number} of many, nothing to see here\n")
    say(right(question))


def close_output(_: Question) -> None:
    os.close(1)
    time.sleep(600)


def close_input(question: Question) -> None:
    os.close(0)
    say(right(question))
    time.sleep(600)


def leave_a_child(question: Question) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(sys.argv[2]).write_text(str(child.pid))
    say(right(question))


def die_and_leave_a_child(question: Question) -> None:
    leave_a_child(question)
    time.sleep(0.05)
    sys.exit(5)


def daemon(env: dict[str, str] | None = None) -> None:
    """What forks twice and leads a session of its own has no tie to what started it."""
    code = (
        "import os, sys, time\nif os.fork(): os._exit(0)\nprint(os.getpid(), flush=True)\nos.close(1)\ntime.sleep(600)"
    )
    command = [sys.executable, "-S", "-E", "-c", code]
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as child:
        assert child.stdout is not None
        with Path(sys.argv[2]).open("ab") as note:
            note.write(child.stdout.readline())


def leave_a_daemon(question: Question) -> None:
    daemon()
    say(right(question))


def leave_a_bare_daemon(question: Question) -> None:
    daemon({})
    say(right(question))


def die_and_leave_a_daemon(_: Question) -> None:
    daemon()
    sys.exit(5)


def orphan_the_output(_: Question) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(sys.argv[2]).write_text(str(child.pid))
    sys.exit(6)


def ignore_sigterm(_: Question) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(sys.argv[2]).write_text(str(os.getpid()))
    time.sleep(600)


def fine(question: Question) -> None:
    say(right(question))


def slow(question: Question) -> None:
    time.sleep(0.3)
    say(right(question))


def fault(question: Question) -> None:
    say({"id": question["id"], "fault": "no idea"})


CALLS: dict[str, Callable[[Question], None]] = {
    habit.__name__.replace("_", "-"): habit
    for habit in (
        hang,
        hang_halfway,
        kill_itself,
        exit_3,
        exit_0,
        answer_and_exit,
        chatter_before,
        chatter_after,
        answer_twice,
        answer_ahead,
        wrong_id,
        page_for_all,
        endless_line,
        deep,
        flood_of_errors,
        close_output,
        close_input,
        leave_a_child,
        die_and_leave_a_child,
        leave_a_daemon,
        leave_a_bare_daemon,
        die_and_leave_a_daemon,
        orphan_the_output,
        ignore_sigterm,
        fine,
        slow,
        fault,
    )
}


def start(habit: str) -> None:
    if habit == "banner":
        write("Listening for questions\n")
    elif habit == "exit-at-start":
        sys.stderr.write("cannot find the library\n")
        sys.exit(7)
    elif habit == "hang-at-start":
        time.sleep(600)
    elif habit == "another-protocol":
        HELLO["protocol"] = 2
    elif habit == "another-hello" and Path(sys.argv[2]).exists():
        HELLO["version"] = "2.0"
    elif habit == "slow-start":
        time.sleep(0.4)


def main() -> int:
    habit = sys.argv[1]
    start(habit)
    for line in sys.stdin:
        question = json.loads(line)
        if question["op"] == "hello":
            say(right(question))
        elif habit == "another-hello":
            Path(sys.argv[2]).touch()
            sys.exit(8)
        else:
            CALLS.get(habit, fine)(question)
    if habit == "hang-at-the-end":
        time.sleep(600)
    elif habit == "last-words":
        write("goodbye\n")
    return 9 if habit == "status-at-the-end" else 0


if __name__ == "__main__":
    sys.exit(main())
