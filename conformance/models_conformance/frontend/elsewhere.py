"""Values that a command line only points to, so that no secret stands in a list of processes.

`@FILE` is what the file holds, `$NAME` or `${NAME}` what that variable of the environment does. `@@` and `$$` begin a
value that begins with `@` or `$`. Messages show neither: it may be a secret that begins like that by chance.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from models_conformance.errors import UsageError
from models_conformance.support.reading import UnreadableError, read_bounded

# No server takes a longer header line.
_MOST_BYTES = 1 << 16
_VARIABLE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
# RFC 9110, 11.4: credentials are a scheme and what follows it.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9-]*[ \t]+)([@$].*)", re.DOTALL)


def looked_up(text: str, what: str, environment: Mapping[str, str]) -> tuple[str, bool]:
    """What `text` stands for, and whether it stood elsewhere. `what` names it in a message. Raises UsageError."""
    if text.startswith(("@@", "$$")):
        return text[1:], False
    if text.startswith("@"):
        return _content(text[1:], what), True
    match = _VARIABLE.fullmatch(text)
    if match is None:
        return text, False
    value = environment.get(match[1] or match[2], "").strip()
    if not value:
        raise UsageError(f"{what}: the environment variable that it names is not set; $$ begins a value that begins so")
    return value, True


def credentials_looked_up(text: str, what: str, environment: Mapping[str, str]) -> tuple[str, bool]:
    """As `looked_up`, of credentials: a scheme may stand before it. Raises UsageError."""
    match = _SCHEME.fullmatch(text)
    if match is None:
        return looked_up(text, what, environment)
    value, was_elsewhere = looked_up(match[2], what, environment)
    return match[1] + value, was_elsewhere


def _content(path: str, what: str) -> str:
    try:
        value = read_bounded(path, _MOST_BYTES).decode("utf-8").strip()
    except UnreadableError as problem:
        raise UsageError(f"{what}: the file that it names {problem}; @@ begins a value that begins so") from None
    except UnicodeDecodeError:
        raise UsageError(f"{what}: the file that it names is not UTF-8") from None
    if not value:
        raise UsageError(f"{what}: the file that it names is empty")
    return value
