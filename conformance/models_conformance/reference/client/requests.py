"""The ideal client's requests: what is asked, as path, query and headers."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from models_conformance.reference.client.messages import Call, Headers, Outgoing, Pairs, refused

API_VERSION = "2023-06-01"
# Parameters whose names begin like this are headers.
_HEADERS = "anthropic-"


class Requests:
    """The steps from a call to an HTTP request."""

    def check_arguments(self, call: Call) -> None:
        """Raises ClientError for arguments that cannot be sent."""
        if call.operation == "retrieve":
            self.check_model_id(call.args["model_id"])
        for value in (call.args.get(name, "") for name in ("model_id", "after_id", "before_id")):
            if any("\ud800" <= character <= "\udfff" for character in value):
                raise refused("text with half a surrogate pair cannot be sent")
        if any(set(beta) & set("\r\n\0") for beta in call.betas):
            raise refused("a beta is one line")

    def check_model_id(self, model_id: str) -> None:
        """Raises ClientError for ids that would make the path another one."""
        if not model_id:
            raise refused("an empty model id would request the list")
        if model_id in {".", ".."}:
            # Escaping does not help: %2E is a dot to anything that resolves paths (RFC 3986, 6.2.2.2).
            raise refused("a dot segment would request another path")

    def outgoing(self, call: Call, attempt: int) -> Outgoing:
        """The HTTP request for an attempt, counted from 0."""
        base = urlsplit(call.base_url)
        target = self.target(call, base.path)
        return Outgoing(base.hostname or "", base.port or 80, target, self.headers(call), self.method(call))

    def method(self, call: Call) -> str:
        """The HTTP method."""
        return "GET"

    def target(self, call: Call, prefix: str) -> str:
        """The request target. `prefix` is the path that the base URL carries."""
        query = self.query_text(call, self.query(call))
        return f"{self.prefix(call, prefix)}{self.path(call)}{f'?{query}' if query else ''}"

    def prefix(self, call: Call, path: str) -> str:
        """What the path of the request begins with, given the path of the base URL."""
        return path.rstrip("/")

    def path(self, call: Call) -> str:
        """The documented path."""
        if call.operation == "list":
            return "/v1/models"
        return f"/v1/models/{self.escaped_id(call.args['model_id'])}"

    def escaped_id(self, model_id: str) -> str:
        """A model id as one segment of a path."""
        return quote(model_id, safe="")

    def query(self, call: Call) -> Pairs:
        """The parameters as names and values, not escaped."""
        names = ("limit", "after_id", "before_id") if call.operation == "list" else ()
        further = [(name, value) for name, value in self.further(call) if not name.startswith(_HEADERS)]
        return (*((name, self.parameter(call, name)) for name in names if name in call.args), *further)

    def further(self, call: Call) -> Pairs:
        """The parameters that were given by their names on the wire, a pair for each value."""
        given = call.args.get("params", {}).items()
        return tuple((name, text) for name, value in given for text in ([value] if isinstance(value, str) else value))

    def parameter(self, call: Call, name: str) -> str:
        """The value of a parameter that the caller gave, as text."""
        return str(call.args[name])

    def query_text(self, call: Call, pairs: Pairs) -> str:
        """The query string."""
        return "&".join(f"{name}={self.escaped_value(value)}" for name, value in pairs)

    def escaped_value(self, value: str) -> str:
        """The value of a parameter as it stands in the query."""
        return quote(value, safe="")

    def headers(self, call: Call) -> Headers:
        """Every header but `host`."""
        return (
            ("accept", "application/json"),
            ("accept-encoding", "identity"),
            ("user-agent", "reference-client"),
            *self.credential(call),
            *self.version(call),
            *self.beta_headers(call),
            *((name, value) for name, value in self.further(call) if name.startswith(_HEADERS)),
        )

    def credential(self, call: Call) -> Headers:
        """The header that says who asks."""
        return (("x-api-key", call.api_key),)

    def version(self, call: Call) -> Headers:
        """The header that names the version of the API."""
        return (("anthropic-version", API_VERSION),)

    def beta_headers(self, call: Call) -> Headers:
        """The headers that ask for betas."""
        return (("anthropic-beta", ",".join(call.betas)),) if call.betas else ()
