from __future__ import annotations

import re
from importlib.resources import files

import pytest

INKS = ("ink", "muted", "link", "bad", "good", "warn", "plain")
PAPERS = ("paper", "panel", "sunken")
# Lines that a control or a mark is recognised by need 3 to 1 (WCAG 1.4.11).
EDGES = ("edge", "bad", "good")


def schemes() -> dict[str, dict[str, str]]:
    style = files("models_conformance.reports.html").joinpath("assets", "base.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert len(blocks) == 3
    light, dark, print_out = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in blocks)
    return {"light": light, "dark": dark, "print": print_out}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, other: str) -> float:
    low, high = sorted((luminance(colour), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("name", ["light", "dark", "print"])
def test_every_ink_can_be_read_on_every_paper(name: str) -> None:
    scheme = schemes()[name]
    pairs = [(ink, paper) for ink in INKS for paper in PAPERS]
    pairs += [("on-mark", "observed"), ("on-mark", "expected"), ("paper", "ink")]
    assert [pair for pair in pairs if contrast(scheme[pair[0]], scheme[pair[1]]) < 4.5] == []
    assert [(edge, paper) for edge in EDGES for paper in PAPERS if contrast(scheme[edge], scheme[paper]) < 3] == []


def test_schemes_name_the_same_colours() -> None:
    light, dark, print_out = schemes().values()
    assert set(light) == set(dark) == set(print_out)
