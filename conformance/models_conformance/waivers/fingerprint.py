"""What deviation a finding is, as twelve hex digits that outlive the run.

Made of the requirement, the kind that its judge named, and the parameter or member concerned: data that the register
declares. Another seed, catalogue, path of a recording or wording of a sentence gives the same.
"""

from __future__ import annotations

import hashlib

from models_conformance.result import Finding

LENGTH = 12
# The recipe may change; a fingerprint made by an older one must then match nothing, not something else.
_RECIPE = 2


def fingerprint(requirement_id: str, finding: Finding) -> str:
    """Twelve hex digits that name the deviation that a finding of this requirement shows."""
    text = f"{_RECIPE}\n{requirement_id}\n{finding.kind}\n{finding.parameter or finding.member}"
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:LENGTH]
