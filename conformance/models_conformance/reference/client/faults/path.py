"""Faults of the method and the path: model ids escaped wrongly, prefixes lost, other paths."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Model, Outgoing, Page, unreadable


@CLIENTS.faults_in(IdealClient.escaped_id, "client-escapes-model-id-once")
class _EscapesModelIdWrongly(IdealClient):
    def escapes_model_id_twice(self, model_id: str) -> str:
        """A model id is escaped by the client and again by its URL library."""
        return quote(quote(model_id, safe=""), safe="")

    def leaves_slashes_unescaped(self, model_id: str) -> str:
        """A model id goes through `quote` with its default, which lets slashes stand."""
        return quote(model_id)

    def leaves_escaping_to_the_url_library(self, model_id: str) -> str:
        """A model id is pasted into the path; the URL library escapes only what no URL may hold."""
        return quote(model_id, safe="/?#%;:@&=+$,!'()*~[]").partition("#")[0]

    def pastes_model_id_into_the_request_line(self, model_id: str) -> str:
        """A model id goes into the request line as it is, but for line breaks and blanks."""
        return re.sub(r"[\x00-\x20]", lambda match: quote(match[0]), model_id)

    def writes_blanks_as_plus(self, model_id: str) -> str:
        """A model id is escaped as a form is: a blank becomes a plus sign."""
        return quote_plus(model_id)

    def escapes_model_id_as_latin_1(self, model_id: str) -> str:
        """The letters of a model id are escaped as Latin-1, those beyond it become question marks."""
        return quote(model_id, safe="", encoding="latin-1", errors="replace")

    def escapes_utf_16_units(self, model_id: str) -> str:
        """A character beyond the basic plane is escaped as two halves of three bytes each (CESU-8)."""
        units = model_id.encode("utf-16-le", "surrogatepass")
        halves = "".join(chr(int.from_bytes(units[at : at + 2], "little")) for at in range(0, len(units), 2))
        return quote(halves, safe="", errors="surrogatepass")

    def takes_escapes_for_granted(self, model_id: str) -> str:
        """What looks like an escape in a model id is left as it is, as though it were escaped already."""
        return "".join(
            part if re.fullmatch("%[0-9A-Fa-f]{2}", part) else quote(part, safe="")
            for part in re.split("(%[0-9A-Fa-f]{2})", model_id)
        )

    def leaves_percent_signs_unescaped(self, model_id: str) -> str:
        """A percent sign in a model id is never escaped."""
        return quote(model_id, safe="%")

    def leaves_question_marks_unescaped(self, model_id: str) -> str:
        """A question mark in a model id begins the query."""
        return quote(model_id, safe="?")

    def cuts_model_id_at_a_hash(self, model_id: str) -> str:
        """What follows a hash in a model id is taken for a fragment and dropped."""
        return super().escaped_id(model_id.partition("#")[0])

    def cuts_model_id_at_a_semicolon(self, model_id: str) -> str:
        """What follows a semicolon in a model id is taken for a path parameter and dropped."""
        return super().escaped_id(model_id.partition(";")[0])

    def strips_model_id(self, model_id: str) -> str:
        """Blanks at the ends of a model id are dropped before it is sent."""
        return super().escaped_id(model_id.strip(" "))

    def decomposes_model_id(self, model_id: str) -> str:
        """A model id is decomposed (NFD) before it is sent."""
        return super().escaped_id(unicodedata.normalize("NFD", model_id))

    def cuts_model_id_at_128_characters(self, model_id: str) -> str:
        """A model id is cut after 128 characters."""
        return super().escaped_id(model_id[:128])

    def composes_model_id(self, model_id: str) -> str:
        """A model id is composed (NFC) before it is sent."""
        return super().escaped_id(unicodedata.normalize("NFC", model_id))


@CLIENTS.fault_in(IdealClient.check_model_id, "client-empty-id-never-lists")
def empty_id_ends_the_path_in_a_slash(self: IdealClient, model_id: str) -> None:
    """An empty model id is not refused: the path of the list is requested with a slash behind it."""
    if model_id:
        IdealClient.check_model_id(self, model_id)


@CLIENTS.fault_in(IdealClient.retrieve, "client-empty-id-never-lists")
def empty_id_is_the_first_listed_model(self: IdealClient, call: Call) -> Model:
    """An empty model id requests the list, and its first model is the answer."""
    if call.args["model_id"]:
        return IdealClient.retrieve(self, call)
    models = self.page(replace(call, operation="list", args={})).data
    if not models:
        raise unreadable("there are no models")
    return models[0]


@CLIENTS.fault("client-dot-segments-never-climb")
class DotSegmentsClimb(IdealClient):
    """A model id of one or two dots is resolved as the dot segment of a path."""

    def check_model_id(self, model_id: str) -> None:
        if model_id not in {".", ".."}:
            super().check_model_id(model_id)

    def path(self, call: Call) -> str:
        return {".": "/v1/models/", "..": "/v1/"}.get(call.args.get("model_id", ""), super().path(call))


@CLIENTS.fault_in(IdealClient.path, "client-escapes-model-id-once")
def dot_segments_within_an_id_climb(self: IdealClient, call: Call) -> str:
    """A model id is joined to the path, and dot segments anywhere in it are resolved."""
    if call.operation == "list":
        return IdealClient.path(self, call)
    return posixpath.normpath(f"/v1/models/{quote(call.args['model_id'], safe='/')}")


@CLIENTS.faults_in(IdealClient.method, "client-uses-get")
class _Posts(IdealClient):
    def lists_with_post(self, call: Call) -> str:
        """The list is requested with POST."""
        return "POST" if call.operation == "list" else super().method(call)

    def retrieves_with_post(self, call: Call) -> str:
        """A model is requested with POST."""
        return "POST" if call.operation == "retrieve" else super().method(call)


@CLIENTS.fault_in(IdealClient.value, "client-uses-get")
def looks_before_it_retrieves(self: IdealClient, call: Call) -> Any:
    """A model is asked for with HEAD before it is requested."""
    if call.operation == "retrieve":
        self.exchange(call, replace(self.outgoing(call, 0), method="HEAD"))
    return IdealClient.value(self, call)


@CLIENTS.faults_in(IdealClient.path, "client-requests-documented-path")
class _OtherPath(IdealClient):
    def ends_the_list_path_in_a_slash(self, call: Call) -> str:
        """The list is requested at a path that ends in a slash."""
        return "/v1/models/" if call.operation == "list" else super().path(call)

    def beta_surface_has_its_own_path(self, call: Call) -> str:
        """The beta surface requests `/v1/beta/models`."""
        path = super().path(call)
        return path.replace("/v1/", "/v1/beta/", 1) if call.surface.startswith("beta.") else path


@CLIENTS.fault_in(IdealClient.retrieve, "client-requests-documented-path")
def retrieves_by_listing(self: IdealClient, call: Call) -> Model:
    """A model is searched for in a list of a thousand: aliases and models that are not listed are not found."""
    self.check_arguments(call)
    page: Page = self.page(replace(call.without("model_id").giving(limit=1000), operation="list"))
    for model in page.data:
        if model.id == call.args["model_id"]:
            return model
    raise unreadable("the model is not listed")


@CLIENTS.faults_in(IdealClient.prefix, "client-keeps-base-url-prefix")
class _DropsPrefix(IdealClient):
    def drops_the_prefix(self, call: Call, path: str) -> str:
        """The path of the API replaces the path of the base URL, as joining URLs does."""
        return ""

    def drops_the_last_segment_of_the_prefix(self, call: Call, path: str) -> str:
        """The path of the API replaces the last segment of the base URL's path."""
        return path.rpartition("/")[0]

    def drops_the_prefix_on_later_pages(self, call: Call, path: str) -> str:
        """The first page of a walk is requested below the base URL's path, further ones at the root."""
        return super().prefix(call, path) if call.page == 1 else ""


@CLIENTS.fault_in(IdealClient.prefix, "client-requests-documented-path")
def takes_a_version_in_the_prefix_for_its_own(self: IdealClient, call: Call, path: str) -> str:
    """Where the base URL ends in `/v1`, the client leaves its own `/v1` out."""
    return IdealClient.prefix(self, call, path).removesuffix("/v1")


@CLIENTS.fault_in(IdealClient.outgoing, "client-requests-documented-path")
def doubles_the_slash_behind_the_prefix(self: IdealClient, call: Call, attempt: int) -> Outgoing:
    """Base URL and path are joined by one slash too many."""
    outgoing = IdealClient.outgoing(self, call, attempt)
    return replace(outgoing, target=outgoing.target.replace("/v1/", "//v1/", 1))
