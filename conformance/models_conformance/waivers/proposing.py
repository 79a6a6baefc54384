"""The smallest waiver file for a result: what `--write-waivers` writes."""

from __future__ import annotations

import json
from datetime import date, timedelta

from models_conformance.result import Finding, Result, gates
from models_conformance.support.text import printable, well_formed
from models_conformance.waivers.applying import excusing
from models_conformance.waivers.fingerprint import fingerprint
from models_conformance.waivers.waiver_files import Waiver, Waivers

# A quarter: long enough for a release to carry the fix, short enough to be looked at again.
DAYS = 90
REASON = "TODO: say why"
_LONGEST_COMMENT = 100


def proposed(result: Result, today: date, present: Waivers | None = None) -> str:
    """TOML that waives exactly the findings that gate the run, one entry for each kind of finding.

    `result` is as the run found it, before any waiver was applied. Entries of `present` that excuse one of its
    findings are kept as they are, the others left out. Sorted by requirement and fingerprint; empty where
    nothing is to be waived. Of a client the name is written down, because files are shared by a fleet of them.
    """
    kept: dict[Waiver, None] = {}
    needed: dict[tuple[str, str], Finding] = {}
    for entry in result.requirements:
        for finding in entry.findings if entry.verdict == "fail" else ():
            waiver = excusing(result, entry.requirement.id, finding, present, today) if present else None
            if waiver is not None:
                kept[waiver] = None
            elif gates(entry, result.run.fail_on):
                needed.setdefault((entry.requirement.id, fingerprint(entry.requirement.id, finding)), finding)
    subject = result.subject.name if result.subject.kind == "client" and result.subject.name.strip() else None
    expires = today + timedelta(days=DAYS)
    written = [(waiver, "") for waiver in kept]
    for (requirement, kind), finding in needed.items():
        written.append((Waiver(requirement, REASON, expires, subject, kind), printable(finding.observed)))
    written.sort(key=lambda entry: (entry[0].requirement, entry[0].finding or "", entry[0].entry))
    return "\n".join(_entry(waiver, observed, today) for waiver, observed in written)


def _entry(waiver: Waiver, observed: str, today: date) -> str:
    lines = ["[[waiver]]"]
    if observed:
        # Dated, because it stays in the file when the subject has moved on.
        lines.append(f"# seen on {today}: {printable(observed, _LONGEST_COMMENT)}")
    for key in ("requirement", "subject", "finding", "reason", "link"):
        value = getattr(waiver, key)
        if value is not None:
            lines.append(f"{key} = {_string(value)}")
    lines.append(f"expires = {waiver.expires.isoformat()}")
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """A TOML basic string. JSON's escapes are among TOML's, which wants DEL escaped as well."""
    return json.dumps(well_formed(text), ensure_ascii=False).replace("\x7f", "\\u007f")
