"""Requirements that faults of several areas may trip beside those they name."""

from __future__ import annotations

from models_conformance.reference.client.messages import Model

# A path that is wrong may be told from the documented one in more than one place.
PATHS = (
    "client-requests-documented-path",
    "client-escapes-model-id-once",
    "client-keeps-base-url-prefix",
    "client-dot-segments-never-climb",
)
# A walk that goes astray loses models, repeats them, ends early or never. Where ids look alike, a model in the place of
# another one may be taken for that one, misspelt.
WALKS = (
    "client-id-is-untouched",
    "client-walk-yields-every-model-once",
    "client-walk-keeps-order",
    "client-walk-stops-at-the-end",
    "client-walk-goes-on-while-has-more",
    "client-walk-ends-where-the-cursor-stands-still",
)
CURSORS = (
    "client-walk-forward-follows-last-id",
    "client-walk-backward-follows-first-id",
    "client-walk-sends-one-cursor",
    "client-sends-no-unasked-cursor",
    "client-sends-cursor-as-given",
)
# Who accepts one answer that is none mostly accepts others.
UNREADABLE = (
    "client-unreadable-answer-is-never-a-list",
    "client-unreadable-answer-is-an-error",
    "client-cut-answer-is-an-error",
    "client-error-is-never-a-value",
    "client-walk-fails-with-a-failing-page",
)

ZERO_MODEL = Model("", "", "", "0001-01-01T00:00:00Z")
"""What a language without null makes of an object whose members are all missing."""
