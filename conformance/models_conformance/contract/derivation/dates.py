"""When a page was as it is: by what its reader says, its front matter, or its file name."""

from __future__ import annotations

import re

from models_conformance.contract.derivation.pages import Page

_DATE = re.compile(r"(?<![0-9])(20[0-9]{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)(?![0-9-])")
# The keys of a front matter that say when a page was read or changed.
_DATED_KEY = re.compile(r"^(?:fetched_at|fetched|date|retrieved|accessed|last_modified|updated)\s*:", re.IGNORECASE)
_MOST_FRONT_MATTER = 40


def date_of(page: Page) -> str | None:
    """The date of a page, `YYYY-MM-DD` or `YYYY-MM`; None where neither front matter nor file name has one."""
    if page.lines and page.lines[0] == "---":
        for line in page.lines[1:_MOST_FRONT_MATTER]:
            if line == "---":
                break
            found = _DATE.search(line.replace("T", " ")) if _DATED_KEY.match(line) else None
            if found is not None:
                return found[1]
    found = _DATE.search(page.name.rpartition("/")[2].replace("_", " "))
    return found[1] if found is not None else None


def last_day(date: str) -> str:
    """The date itself, or the end of the month that it is: a page of a month may have any of its days."""
    return date if len(date) == len("YYYY-MM-DD") else f"{date}-31"
