"""The ideal client's answers: what of them is an error, a page, a model, and what the caller sees of these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from models_conformance.evidence.instants import instant
from models_conformance.evidence.strict_json import parse
from models_conformance.reference.client.messages import Call, ClientError, Incoming, Model, Page, unreadable

DOCUMENTED = ("id", "type", "display_name", "created_at")

# No page knows another.
_SUCCESS = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    409: "ConflictError",
    413: "RequestTooLargeError",
    429: "RateLimitError",
}


class Reading:
    """The steps from an HTTP answer to a value or an error."""

    def checked(self, incoming: Incoming) -> Incoming:
        """The answer, if it is not an error. Raises ClientError."""
        if incoming.status != _SUCCESS:
            raise self.error(incoming)
        return incoming

    def error(self, incoming: Incoming) -> ClientError:
        """The error that an answer is."""
        value = parse(incoming.body).value
        envelope = value if isinstance(value, dict) else {}
        detail = envelope.get("error")
        if not isinstance(detail, dict):
            detail = {}
        return ClientError(
            "status",
            _NAMES.get(incoming.status, "InternalServerError" if incoming.status >= 500 else "ApiStatusError"),
            _text(detail.get("message")) or f"the server answered {incoming.status}",
            status=incoming.status,
            error_type=_text(detail.get("type")),
            request_id=self.request_id(incoming, envelope),
        )

    def request_id(self, incoming: Incoming, envelope: Mapping[str, Any]) -> str | None:
        """The name of the request, from the header or else from the body."""
        return incoming.header("request-id") or _text(envelope.get("request_id"))

    def parsed(self, incoming: Incoming) -> Any:
        """The JSON value of a body. Raises ClientError."""
        result = parse(self.body(incoming))
        if result.error is not None:
            raise unreadable(result.error)
        return result.value

    def body(self, incoming: Incoming) -> bytes:
        """The body without its content coding."""
        return incoming.body

    def as_page(self, call: Call, value: Any) -> Page:
        """The documented list envelope as a page. Raises ClientError."""
        if not isinstance(value, dict) or not isinstance(value.get("data"), list):
            raise unreadable("a list answer holds an array named data")
        if not isinstance(value.get("has_more"), bool):
            raise unreadable("a list answer says whether it has_more")
        first, last = value.get("first_id"), value.get("last_id")
        if not isinstance(first, str | None) or not isinstance(last, str | None):
            raise unreadable("first_id and last_id are text or null")
        return Page(self.models(call, value["data"]), value["has_more"], first, last)

    def models(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        """The models of a page. Raises ClientError."""
        return tuple(self.as_model(call, value) for value in values)

    def as_model(self, call: Call, value: Any) -> Model:
        """The documented object as a model. Raises ClientError."""
        if not isinstance(value, dict):
            raise unreadable("a model is an object")
        for name in DOCUMENTED:
            if not isinstance(value.get(name), str):
                raise unreadable(f"a model holds {name} as text")
        extra = self.extra({name: member for name, member in value.items() if name not in DOCUMENTED})
        return Model(value["id"], value["type"], value["display_name"], self.moment(value["created_at"]), extra)

    def moment(self, text: str) -> datetime | str | None:
        """An RFC 3339 date-time to the microsecond; the text itself where no `datetime` can hold it."""
        seconds = instant(text)
        if seconds is None:
            return text
        try:
            return _EPOCH + timedelta(microseconds=seconds * 1_000_000 // 1)
        except OverflowError:
            return text

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        """The members beyond the documented ones."""
        return members

    # What the caller sees of the client's objects, in the words of the driver protocol

    def shown_model(self, model: Model) -> dict[str, Any]:
        """A model as its object shows it."""
        return {
            "id": model.id,
            "type": model.type,
            "display_name": model.display_name,
            "created_at": self.shown_moment(model.created_at),
            "extra": dict(model.extra),
        }

    def shown_moment(self, moment: datetime | str | None) -> str | None:
        """An instant as RFC 3339 in UTC."""
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(moment, datetime) else moment

    def shown_page(self, page: Page) -> dict[str, Any]:
        """A page as its object shows it."""
        return {
            "data": [self.shown_model(model) for model in page.data],
            "has_more": page.has_more,
            "first_id": page.first_id,
            "last_id": page.last_id,
        }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
