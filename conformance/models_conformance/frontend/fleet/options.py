"""The options of fleets, a part of the table in `frontend.options`."""

from __future__ import annotations

from pathlib import Path

from models_conformance.frontend.option import Option

_FOLDER = Path("fleet-results")

FLEET_OPTIONS: tuple[Option, ...] = (
    Option(
        "--output",
        "DIR",
        "Where results, matrix and badge go; what is there of the same subjects is kept.",
        ("fleet",),
        "folder",
        default=_FOLDER,
        short="-o",
    ),
    Option(
        "--workers",
        "N",
        "How many subjects are judged at once, by pytest-xdist.",
        ("fleet",),
        "integer",
        least=1,
        most=64,
        default=1,
        short="-n",
    ),
    Option(
        "--since",
        "DIR",
        "Exit 1 only where anything got worse since the results of that earlier fleet.",
        ("fleet",),
        "folder",
    ),
    Option(
        "--models-fleet",
        "FILE",
        "The fleet that `models_conformance.suites.fleet` judges.",
        ("pytest",),
        "file",
        called="fleet",
    ),
    Option(
        "--models-fleet-results",
        "DIR",
        "Where its results go and are kept.",
        ("pytest",),
        "folder",
        default=_FOLDER,
        called="fleet_results",
    ),
)
