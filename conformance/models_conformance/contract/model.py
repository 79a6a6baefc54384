"""The contract as data: what the documentation pages promise, each fact with where it says so.

Nothing here holds a sentence of a page. Descriptions are turned into `Fact`s: short claims in our own
vocabulary (`list.order` = `newest-first`), each backed by the page, line and SHA-256 it was read from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models_conformance.contract.versions import VERSION_HEADER, is_api_version

Scalar = str | int | bool | None

LIST_PAGE = "ListPage"
MODEL_INFO = "ModelInfo"
ERROR_ENVELOPE = "ErrorEnvelope"
ERROR = "Error"
"""Names of the returned objects that every contract has, whatever a page calls them."""


@dataclass(frozen=True, order=True)
class Source:
    """Where a fact was read.

    `page` is the page's file name, `line` counts from 1, `sha256` is of the page's bytes.
    A companion page is named but was not read by derivation: its `line` is None and its `sha256` is empty.
    """

    page: str
    line: int | None
    sha256: str


@dataclass(frozen=True)
class Parameter:
    """One request parameter of an operation.

    `name` is the wire name (`after_id`, `anthropic-beta`), whatever an SDK page calls it.
    `location` is `query`, `header` or `path`; `type` is a JSON Schema type.
    `values` are documented members of an enumeration and `open` says that others are allowed too.
    `items` is the JSON Schema type of an array's items; `named` is the documented name of the type, whose
    members a page may leave unlisted; `max_items` bounds an array.
    """

    name: str
    location: str
    type: str
    required: bool
    sources: tuple[Source, ...]
    default: Scalar = None
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[str, ...] = ()
    open: bool = True
    items: str | None = None
    named: str | None = None
    max_items: int | None = None


@dataclass(frozen=True)
class Field:
    """One member of a returned object. `types` are JSON Schema types, `null` among them where allowed.

    `object` names the documented object that this member, or each item of this array, is.
    `declared` are the types as the pages spell them, before any decision of ours added to them.
    `described` is False for a member that pages only show in an example; `required` is False for one that
    may be absent; `open` says that the enumeration `values` may grow.
    """

    name: str
    types: tuple[str, ...]
    sources: tuple[Source, ...]
    format: str | None = None
    const: str | None = None
    values: tuple[str, ...] = ()
    items: str | None = None
    object: str | None = None
    declared: tuple[str, ...] = ()
    described: bool = True
    required: bool = True
    open: bool = False


@dataclass(frozen=True)
class Operation:
    """`list` or `retrieve`: its method, path template, parameters by wire name, and what it returns."""

    name: str
    method: str
    path: str
    parameters: Mapping[str, Parameter]
    returns: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Fact:
    """A claim read from prose, in our vocabulary: `about` = `says`."""

    about: str
    says: Scalar
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Span:
    """Since when something is documented, and the date of the first page that no longer does; None where all do."""

    since: str
    until: str | None = None


@dataclass(frozen=True, order=True)
class Claim:
    """One side of a disagreement."""

    says: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Disagreement:
    """Pages that say different things about one point, what the contract takes, and why."""

    about: str
    claims: tuple[Claim, ...]
    decision: str
    reason: str


@dataclass(frozen=True)
class Contract:
    """Everything derived from a set of pages. `revision` is a digest of the content, not of a date.

    `pages` maps a page's name to its SHA-256 and `renditions` to the language it speaks (`http`, `python`,
    `csharp`, `cli`, `openapi`, ...). `errors` maps a status to the documented type of its error. `spans` has, of a
    contract that was derived from pages of several dates, since and until when each point is documented: an operation,
    a parameter of one, a member by its path, a fact. `name` is what a reader calls the contract, such as `2026-10`.
    """

    revision: str
    pages: Mapping[str, str]
    operations: Mapping[str, Operation]
    objects: Mapping[str, Mapping[str, Field]]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()
    renditions: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[int, str] = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict)
    name: str = field(default="", compare=False)

    def __hash__(self) -> int:
        return hash(self.revision)

    @property
    def dated(self) -> str:
        """The day or the month up to which its pages were read; empty where they have no dates."""
        return max((max(span.since, span.until or "") for span in self.spans.values()), default="")

    @property
    def versions(self) -> tuple[str, ...]:
        """The API versions that the pages document, oldest first: each is a date. Empty where they name none."""
        named = {str(fact.says) for about, fact in self.facts.items() if about == VERSION_FACT}
        listed = {about.removeprefix(LISTED_VERSION) for about in self.facts if about.startswith(LISTED_VERSION)}
        return tuple(sorted(version for version in named | listed if is_api_version(version)))


VERSION_FACT = f"version.{VERSION_HEADER}"
"""The version that the pages' examples send."""
FILTERS_BY, OMITTED_MEANS, NULL_WHILE, GIVEN_WHILE = "filters_by", "omitted_means", "null_while", "given_while"
"""Ends of the names of facts: `list.PARAMETER.filters_by` = a member of the model, `list.PARAMETER.omitted_means` = the
values that it stands for where it is absent; `model.MEMBER.null_while` and `.given_while` = `MEMBER=VALUE,VALUE`."""

STATUS = "status"
"""End of the name of a fact: `list.PARAMETER.status` = `deprecated`, and so of an operation or a member."""

LISTED_VERSION = "companion.version."
"""Before a version that the companion page lists: the name of that fact."""
