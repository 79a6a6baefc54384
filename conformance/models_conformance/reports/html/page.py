"""A page: one template, style sheets, one script, and a policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from models_conformance.reports.html.model import page_of
from models_conformance.result import Result

_HERE = "models_conformance.reports.html"


def render(result: Result) -> str:
    """One HTML document that needs no network. Evidence is cut to `evidence.MOST_EVIDENCE`, and the page says so. The
    same result gives the same document, valid UTF-8."""
    return document(_HERE, "report", page=page_of(result))


def document(package: str, name: str, filters: Mapping[str, Callable[..., Any]] | None = None, **values: object) -> str:
    """The template of that name of a package with its style sheet and its script in it, and those that all pages
    share: a policy forbids any other. Whatever a subject sent is text in it, every invisible character shown as its
    escape."""
    style = _asset(_HERE, "base.css") + _asset(package, f"{name}.css")
    script = _asset(_HERE, "base.js") + _asset(package, f"{name}.js")
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
    environment = _environment(package)
    environment.filters.update(filters or {})
    return environment.get_template(f"{name}.html.j2").render(policy=policy, style=style, script=script, **values)


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(_HERE)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _asset(package: str, name: str) -> Markup:
    """A file of our own, put into the page as it is: escaping would change what the policy's hash is of."""
    return Markup(files(package).joinpath("assets", name).read_text("utf-8"))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
