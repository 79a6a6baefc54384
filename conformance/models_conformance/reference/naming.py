"""How faults and oddities come by their names: from the name and the docstring of their class."""

from __future__ import annotations

import re


def slug(class_name: str) -> str:
    """`AfterIdIsInclusive` as `after-id-is-inclusive`; a number is a word of its own."""
    return "-".join(re.findall(r"[A-Z][a-z]*|[0-9]+", class_name)).lower()


def about_of(behaviour: type) -> str:
    """The docstring on one line. Raises ValueError where there is none."""
    if not behaviour.__doc__:
        raise ValueError(f"{behaviour.__name__} has no docstring")
    return " ".join(behaviour.__doc__.split())
