"""What `driver check` has to say, and its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from models_conformance.evidence.driver_calls import Hello
from models_conformance.support.text import printable

Weight = Literal["complaint", "remark"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """`about` names the check, `says` is one sentence: what was seen and what is wanted.

    A `complaint` is a breach of the protocol. A `remark` is worth a look, but may be the library's doing.
    """

    about: str
    says: str
    weight: Weight = "complaint"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """`hello` is None where the driver did not get as far. `checks` are the names of all checks made, in order."""

    hello: Hello | None
    checks: tuple[str, ...]
    complaints: tuple[Complaint, ...]

    @property
    def keeps_protocol(self) -> bool:
        """Whether there is nothing beyond remarks."""
        return not any(complaint.weight == "complaint" for complaint in self.complaints)


def check_report(report: CheckReport) -> Iterator[str]:
    """The report as lines of text, without line ends."""
    if report.hello is not None:
        hello = report.hello
        yield printable(f"{hello.client} {hello.version} ({hello.language}), surfaces: {', '.join(hello.surfaces)}")
    for check in report.checks:
        complaints = [complaint for complaint in report.complaints if complaint.about == check]
        bad = any(complaint.weight == "complaint" for complaint in complaints)
        yield printable(f"{'WRONG' if bad else 'ok':5}  {check}")
        for complaint in complaints:
            label = "" if complaint.weight == "complaint" else "remark: "
            yield printable(f"       {label}{complaint.says}")
    wrong = len({complaint.about for complaint in report.complaints if complaint.weight == "complaint"})
    if wrong:
        yield f"The driver breaks the protocol in {wrong} of {len(report.checks)} checks."
    else:
        yield f"The driver keeps the protocol in all {len(report.checks)} checks."
