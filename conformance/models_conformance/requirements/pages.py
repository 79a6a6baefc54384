"""Where the pages of `docs/requirements/` stand for a reader of a report."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, metadata

from models_conformance.requirements.register import every_requirement


@cache
def documentation() -> str:
    """The address of the documentation by the project's metadata, ending in a slash; '' where it names none."""
    try:
        named = metadata("models-conformance").get_all("Project-URL") or ()
    except PackageNotFoundError:
        return ""
    urls = (url for label, _, url in (line.partition(", ") for line in named) if label == "Documentation")
    return next((url.rstrip("/") + "/" for url in urls), "")


def page_url(requirement: str) -> str:
    """The page that explains the requirement of that id; '' for one that only a user's own contract has."""
    base = documentation()
    return f"{base}requirements/{requirement}/" if base and requirement in every_requirement() else ""
