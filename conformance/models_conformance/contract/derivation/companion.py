"""What the companion pages (errors, versions, beta headers) say, kept as data.

The Models pages do not repeat it, and the companion pages are not read by derivation, so a source here names
the page and has neither a line nor a digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models_conformance.contract.model import ERROR, ERROR_ENVELOPE, LISTED_VERSION, Fact, Field, Source
from models_conformance.contract.versions import LISTED, OLDEST

ERRORS_PAGE = Source(page="companion: errors", line=None, sha256="")
VERSIONS_PAGE = Source(page="companion: versions", line=None, sha256="")
BETAS_PAGE = Source(page="companion: beta-headers", line=None, sha256="")
STABLE_PAGES = Source(page="companion: stable Models pages", line=None, sha256="")

BETA_MEMBERS = frozenset({"allowed_fallback_models"})
"""Members of a model that pages of the beta namespace have had since 2026-06-10, and the stable pages of 2026-08-14 to
2026-09-02 have not: an answer may be without them."""

ERROR_TYPES: Mapping[int, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def _member(name: str, *types: str, **more: Any) -> Field:
    return Field(name, types, (ERRORS_PAGE,), declared=types, **more)


ERROR_OBJECTS: Mapping[str, Mapping[str, Field]] = {
    ERROR_ENVELOPE: {
        "type": _member("type", "string", const="error", values=("error",)),
        "error": _member("error", "object", object=ERROR),
        # Absent from answers before 2025-08 and null in some since.
        "request_id": _member("request_id", "string", "null", required=False),
    },
    ERROR: {
        "type": _member("type", "string", values=tuple(sorted(set(ERROR_TYPES.values()))), open=True),
        "message": _member("message", "string"),
    },
}

FACTS: Mapping[str, Fact] = {
    fact.about: fact
    for fact in (
        Fact("companion.errors.envelope", "type-and-error-with-type-and-message", (ERRORS_PAGE,)),
        Fact("companion.errors.table", "status-names-type", (ERRORS_PAGE,)),
        Fact("companion.auth", "x-api-key-or-bearer-token", (VERSIONS_PAGE,)),
        Fact("companion.version", "anthropic-version-with-every-request", (VERSIONS_PAGE,)),
        Fact("companion.beta-header", "comma-separated-or-repeated", (BETAS_PAGE,)),
    )
}


def listed_versions(date: str) -> Mapping[str, Fact]:
    """The API versions beside the first that the companion page lists on that date, as facts."""
    return {
        f"{LISTED_VERSION}{version}": Fact(f"{LISTED_VERSION}{version}", "listed", (VERSIONS_PAGE,))
        for version, since in LISTED.items()
        if version != OLDEST and since <= date
    }
