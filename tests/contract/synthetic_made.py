"""A small made-up contract, and the words that pages tell it in.

The wording is ours: it carries the meaning that derivation looks for, and no sentence of a real page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

NEWEST_FIRST = "Newer models come first in the answer."
RESOLVES = "Resolves an alias to the id that it stands for."


@dataclass(frozen=True)
class Made:
    """What the pages promise. `extra` are further members of a model: name -> `string` or `boolean`."""

    betas: tuple[str, ...] = ("apples-2030-01-01", "pears-2030-02-02", "plums-2030-03-03", "figs-2030-04-04")
    minimum: int = 1
    default: int = 20
    maximum: int = 1000
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def limit_prose(self) -> str:
        return f"How many items a page holds. Default: `{self.default}`. Between `{self.minimum}` and `{self.maximum}`."

    @property
    def members(self) -> list[tuple[str, str, str]]:
        """Name, kind and prose of each member of a model, `type` being the last."""
        return [
            ("id", "string", "A unique name."),
            ("created_at", "time", "RFC 3339 time of release; the epoch when that is unknown."),
            ("display_name", "string", "A human-readable name."),
            *((name, kind, f"About {name}.") for name, kind in self.extra),
            ("type", "const", "Says what it is."),
        ]

    def union(self, word: str = "or") -> str:
        """The line that shows three values and counts the rest."""
        shown = [f'"{beta}"' for beta in self.betas[:3]]
        more = [f"{len(self.betas) - 3} more"] if len(self.betas) > 3 else []
        return f" {word} ".join([*shown, *more])


ENVELOPE = (
    ("first_id", "string", "The first id in `data`; use it as `before_id`."),
    ("has_more", "boolean", "Whether the requested direction holds more."),
    ("last_id", "string", "The last id in `data`; use it as `after_id`."),
)
CURSORS = (
    ("after_id", "A cursor: gives the page directly after this model."),
    ("before_id", "A cursor: gives the page directly before this model."),
)
BETA_PROSE = "Header that turns betas on."
MODEL_ID_PROSE = "An id or an alias."
CURL = """curl https://api.example.com{path} \\
    -H 'anthropic-version: 2023-06-01' \\
    -H "X-Api-Key: $KEY"
"""


def example(made: Made) -> str:
    """An answer with one model."""
    shown: dict[str, object] = {
        name: {"string": "x", "time": "2030-01-01T00:00:00Z", "boolean": True, "const": "model"}[kind]
        for name, kind, _ in made.members
    }
    return json.dumps({"data": [shown], "first_id": "x", "has_more": False, "last_id": "x"}, indent=2)
