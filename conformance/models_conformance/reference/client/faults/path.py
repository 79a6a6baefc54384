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


@CLIENTS.fault("client-escapes-model-id-once")
class EscapesModelIdTwice(IdealClient):
    """A model id is escaped by the client and again by its URL library."""

    def escaped_id(self, model_id: str) -> str:
        return quote(quote(model_id, safe=""), safe="")


@CLIENTS.fault("client-escapes-model-id-once")
class LeavesSlashesUnescaped(IdealClient):
    """A model id goes through `quote` with its default, which lets slashes stand."""

    def escaped_id(self, model_id: str) -> str:
        return quote(model_id)


@CLIENTS.fault("client-escapes-model-id-once")
class LeavesEscapingToTheUrlLibrary(IdealClient):
    """A model id is pasted into the path; the URL library escapes only what no URL may hold."""

    def escaped_id(self, model_id: str) -> str:
        return quote(model_id, safe="/?#%;:@&=+$,!'()*~[]").partition("#")[0]


@CLIENTS.fault("client-escapes-model-id-once")
class PastesModelIdIntoTheRequestLine(IdealClient):
    """A model id goes into the request line as it is, but for line breaks and blanks."""

    def escaped_id(self, model_id: str) -> str:
        return re.sub(r"[\x00-\x20]", lambda match: quote(match[0]), model_id)


@CLIENTS.fault("client-escapes-model-id-once")
class WritesBlanksAsPlus(IdealClient):
    """A model id is escaped as a form is: a blank becomes a plus sign."""

    def escaped_id(self, model_id: str) -> str:
        return quote_plus(model_id)


@CLIENTS.fault("client-escapes-model-id-once")
class EscapesModelIdAsLatin1(IdealClient):
    """The letters of a model id are escaped as Latin-1, those beyond it become question marks."""

    def escaped_id(self, model_id: str) -> str:
        return quote(model_id, safe="", encoding="latin-1", errors="replace")


@CLIENTS.fault("client-escapes-model-id-once")
class EscapesUtf16Units(IdealClient):
    """A character beyond the basic plane is escaped as two halves of three bytes each (CESU-8)."""

    def escaped_id(self, model_id: str) -> str:
        units = model_id.encode("utf-16-le", "surrogatepass")
        halves = "".join(chr(int.from_bytes(units[at : at + 2], "little")) for at in range(0, len(units), 2))
        return quote(halves, safe="", errors="surrogatepass")


@CLIENTS.fault("client-escapes-model-id-once")
class TakesEscapesForGranted(IdealClient):
    """What looks like an escape in a model id is left as it is, as though it were escaped already."""

    def escaped_id(self, model_id: str) -> str:
        return "".join(
            part if re.fullmatch("%[0-9A-Fa-f]{2}", part) else quote(part, safe="")
            for part in re.split("(%[0-9A-Fa-f]{2})", model_id)
        )


@CLIENTS.fault("client-escapes-model-id-once")
class LeavesPercentSignsUnescaped(IdealClient):
    """A percent sign in a model id is never escaped."""

    def escaped_id(self, model_id: str) -> str:
        return quote(model_id, safe="%")


@CLIENTS.fault("client-escapes-model-id-once")
class LeavesQuestionMarksUnescaped(IdealClient):
    """A question mark in a model id begins the query."""

    def escaped_id(self, model_id: str) -> str:
        return quote(model_id, safe="?")


@CLIENTS.fault("client-escapes-model-id-once")
class CutsModelIdAtAHash(IdealClient):
    """What follows a hash in a model id is taken for a fragment and dropped."""

    def escaped_id(self, model_id: str) -> str:
        return super().escaped_id(model_id.partition("#")[0])


@CLIENTS.fault("client-escapes-model-id-once")
class CutsModelIdAtASemicolon(IdealClient):
    """What follows a semicolon in a model id is taken for a path parameter and dropped."""

    def escaped_id(self, model_id: str) -> str:
        return super().escaped_id(model_id.partition(";")[0])


@CLIENTS.fault("client-escapes-model-id-once")
class StripsModelId(IdealClient):
    """Blanks at the ends of a model id are dropped before it is sent."""

    def escaped_id(self, model_id: str) -> str:
        return super().escaped_id(model_id.strip(" "))


@CLIENTS.fault("client-escapes-model-id-once")
class DecomposesModelId(IdealClient):
    """A model id is decomposed (NFD) before it is sent."""

    def escaped_id(self, model_id: str) -> str:
        return super().escaped_id(unicodedata.normalize("NFD", model_id))


@CLIENTS.fault("client-escapes-model-id-once")
class CutsModelIdAt128Characters(IdealClient):
    """A model id is cut after 128 characters."""

    def escaped_id(self, model_id: str) -> str:
        return super().escaped_id(model_id[:128])


@CLIENTS.fault("client-empty-id-never-lists")
class EmptyIdEndsThePathInASlash(IdealClient):
    """An empty model id is not refused: the path of the list is requested with a slash behind it."""

    def check_model_id(self, model_id: str) -> None:
        if model_id:
            super().check_model_id(model_id)


@CLIENTS.fault("client-empty-id-never-lists")
class EmptyIdIsTheFirstListedModel(IdealClient):
    """An empty model id requests the list, and its first model is the answer."""

    def retrieve(self, call: Call) -> Model:
        if call.args["model_id"]:
            return super().retrieve(call)
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


@CLIENTS.fault("client-dot-segments-never-climb")
class DotSegmentsWithinAnIdClimb(IdealClient):
    """A model id is joined to the path, and dot segments anywhere in it are resolved."""

    def path(self, call: Call) -> str:
        if call.operation == "list":
            return super().path(call)
        return posixpath.normpath(f"/v1/models/{quote(call.args['model_id'], safe='/')}")


@CLIENTS.fault("client-uses-get")
class ListsWithPost(IdealClient):
    """The list is requested with POST."""

    def method(self, call: Call) -> str:
        return "POST" if call.operation == "list" else super().method(call)


@CLIENTS.fault("client-uses-get")
class RetrievesWithPost(IdealClient):
    """A model is requested with POST."""

    def method(self, call: Call) -> str:
        return "POST" if call.operation == "retrieve" else super().method(call)


# Who sees two requests for one answer may take the second for a repetition of the first.
@CLIENTS.fault("client-uses-get")
class LooksBeforeItRetrieves(IdealClient):
    """A model is asked for with HEAD before it is requested."""

    def value(self, call: Call) -> Any:
        if call.operation == "retrieve":
            self.exchange(call, replace(self.outgoing(call, 0), method="HEAD"))
        return super().value(call)


@CLIENTS.fault("client-requests-documented-path")
class EndsTheListPathInASlash(IdealClient):
    """The list is requested at a path that ends in a slash."""

    def path(self, call: Call) -> str:
        return "/v1/models/" if call.operation == "list" else super().path(call)


@CLIENTS.fault("client-requests-documented-path")
class BetaSurfaceHasItsOwnPath(IdealClient):
    """The beta surface requests `/v1/beta/models`."""

    def path(self, call: Call) -> str:
        path = super().path(call)
        return path.replace("/v1/", "/v1/beta/", 1) if call.surface.startswith("beta.") else path


@CLIENTS.fault("client-requests-documented-path")
class RetrievesByListing(IdealClient):
    """A model is searched for in a list of a thousand: aliases and models that are not listed are not found."""

    def retrieve(self, call: Call) -> Model:
        self.check_arguments(call)
        page: Page = self.page(replace(call.without("model_id").giving(limit=1000), operation="list"))
        for model in page.data:
            if model.id == call.args["model_id"]:
                return model
        raise unreadable("the model is not listed")


@CLIENTS.fault("client-keeps-base-url-prefix")
class DropsThePrefix(IdealClient):
    """The path of the API replaces the path of the base URL, as joining URLs does."""

    def prefix(self, call: Call, path: str) -> str:
        return ""


@CLIENTS.fault("client-keeps-base-url-prefix")
class DropsTheLastSegmentOfThePrefix(IdealClient):
    """The path of the API replaces the last segment of the base URL's path."""

    def prefix(self, call: Call, path: str) -> str:
        return path.rpartition("/")[0]


@CLIENTS.fault("client-keeps-base-url-prefix")
class DropsThePrefixOnLaterPages(IdealClient):
    """The first page of a walk is requested below the base URL's path, further ones at the root."""

    def prefix(self, call: Call, path: str) -> str:
        return super().prefix(call, path) if call.page == 1 else ""


@CLIENTS.fault("client-requests-documented-path")
class TakesAVersionInThePrefixForItsOwn(IdealClient):
    """Where the base URL ends in `/v1`, the client leaves its own `/v1` out."""

    def prefix(self, call: Call, path: str) -> str:
        return super().prefix(call, path).removesuffix("/v1")


@CLIENTS.fault("client-requests-documented-path")
class DoublesTheSlashBehindThePrefix(IdealClient):
    """Base URL and path are joined by one slash too many."""

    def outgoing(self, call: Call, attempt: int) -> Outgoing:
        outgoing = super().outgoing(call, attempt)
        return replace(outgoing, target=outgoing.target.replace("/v1/", "//v1/", 1))


@CLIENTS.fault("client-escapes-model-id-once")
class ComposesModelId(IdealClient):
    """A model id is composed (NFC) before it is sent."""

    def escaped_id(self, model_id: str) -> str:
        return super().escaped_id(unicodedata.normalize("NFC", model_id))
