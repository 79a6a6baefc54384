"""What fresh cookies cost. `python -m benchmarks.cookies LENGTH` serves the ideal with some in each answer."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

from models_conformance.evidence.exchange import Headers
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Reply
from models_conformance.reference.server.serving import serve_forever

KEY = "reference-key"
LENGTHS = (32, 128, 4096)
MOST_TIMES = 1.3


class SetsFreshCookies(Behaviour):
    """Each answer sets two cookies that nobody has seen before, as balancers with sticky targets do."""

    length = 0

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        """The headers of the ideal, and the cookies."""
        if not self.length:
            return super().headers(parsed, reply)
        value = secrets.token_urlsafe(self.length)[: self.length]
        cookies = (("set-cookie", f"LB={value}; Path=/"), ("set-cookie", f"LBCORS={value}; Path=/; Secure"))
        return (*super().headers(parsed, reply), *cookies)


def cpu_seconds(length: int) -> float:
    """Processor seconds of a whole run against a server with fresh cookies of that many characters."""
    command = [sys.executable, "-m", "benchmarks.cookies", str(length)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[0]
        try:
            run = [sys.executable, "-m", "models_conformance", "server", url, "--api-key", KEY, "-q"]
            process = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            server.terminate()
    if process.returncode != 0:
        raise SystemExit(f"the run with cookies of {length} characters ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def ratios(runs: int) -> dict[int, float]:
    """For each length, the processor time as a multiple of that without cookies; the least of several runs each."""
    none, *others = (min(cpu_seconds(length) for _ in range(runs)) for length in (0, *LENGTHS))
    return {length: seconds / none for length, seconds in zip(LENGTHS, others, strict=True)}


if __name__ == "__main__":
    SetsFreshCookies.length = int(sys.argv[1])
    serve_forever(SetsFreshCookies())
