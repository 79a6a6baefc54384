"""The page itself: one template, one style sheet, one script, and a policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from models_conformance.reports.html.model import page_of
from models_conformance.result import Result


def render(result: Result) -> str:
    """One HTML document that needs no network: styles and script are in it, and a policy forbids any other.

    Whatever the subject sent is text in it, every invisible character shown as its escape. Evidence is cut to
    `evidence.MOST_EVIDENCE`, and the page says so. The same result gives the same document, valid UTF-8.
    """
    style, script = _asset("report.css"), _asset("report.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    template = _environment().get_template("report.html.j2")
    return template.render(page=page_of(result), policy=policy, style=style, script=script)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("models_conformance.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _asset(name: str) -> Markup:
    """A file of our own, put into the page as it is: escaping would change what the policy's hash is of."""
    return Markup(files("models_conformance.reports.html").joinpath("assets", name).read_text("utf-8"))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
