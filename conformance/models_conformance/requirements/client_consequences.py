"""The rules of consequence for requirements of clients."""

from __future__ import annotations

from models_conformance.requirements.consequence import Consequence

_PATHS = (
    "client-requests-documented-path",
    "client-escapes-model-id-once",
    "client-keeps-base-url-prefix",
    "client-dot-segments-never-climb",
)
_WALK_REQUESTS = (
    "client-walk-forward-follows-last-id",
    "client-walk-backward-follows-first-id",
    "client-walk-sends-one-cursor",
    "client-walk-ends-where-the-cursor-stands-still",
)
_WALK_LENGTH = (
    "client-walk-yields-every-model-once",
    "client-walk-goes-on-while-has-more",
    "client-walk-stops-at-the-end",
)
# Every parameter of the query but cursors, which name it better; betas are a header.
_PARAMETERS = "client-sends-[!bc]*-as-given"
_UNREADABLE = ("client-unreadable-answer-*", "client-cut-answer-is-an-error", "client-error-is-never-a-value")

CLIENT_CONSEQUENCES = (
    Consequence(
        "query-of-a-walk",
        ("client-sends-*-as-given", "client-sends-no-unasked-cursor", "client-call-is-independent"),
        (*_WALK_REQUESTS, "client-walk-keeps-*", "client-sends-no-unasked-*", _PARAMETERS),
        "One query string carries cursor, limit and betas, of the first page and of those that follow.",
    ),
    Consequence(
        "next-page",
        _WALK_REQUESTS,
        _WALK_REQUESTS,
        "Each next page is asked for with one cursor, which is right, alone and moves on, or is not.",
    ),
    Consequence(
        "behind-the-end",
        _WALK_REQUESTS,
        ("client-walk-stops-at-the-end",),
        "What a wrong cursor asks for may lie behind the end; who asks there with the right one ignores has_more.",
        kinds=("goes-on-elsewhere",),
    ),
    Consequence(
        "wait-is-misread",
        ("client-honours-retry-after",),
        ("client-retries-come-to-an-end",),
        "Who takes what retry-after says for a number of any size waits as long.",
        kinds=("never-ends",),
        where=("breaks-the-call",),
    ),
    Consequence(
        "walk-hands-out-pages",
        (
            "client-page-holds-*",
            "client-page-keeps-has-more",
            "client-walk-*-order",
            "client-call-is-independent",
            "client-id-is-untouched",
            "client-retrieve-returns-the-model",
            *_WALK_LENGTH,
        ),
        (*_WALK_LENGTH, "client-page-holds-every-model"),
        "A walk yields what its pages hold, model by model, and goes on as their has_more says.",
    ),
    Consequence(
        "model-under-another-id",
        ("client-id-is-untouched", "client-page-holds-every-model"),
        ("client-created-at-*", "client-display-name-*", "client-extra-fields-*", "client-retrieve-returns-the-model"),
        "A model that stands in the place of another one, or under its id, has the other's members.",
    ),
    Consequence(
        "kept-answer",
        ("client-call-is-independent",),
        ("client-answer-is-accepted",),
        "What is kept of an earlier call leads nowhere in this one.",
    ),
    Consequence(
        "text-is-altered",
        ("client-id-is-untouched",),
        (*_WALK_REQUESTS, "client-page-keeps-first-and-last-id"),
        "The ids of an envelope are read as those of its models, and lead to the next page.",
    ),
    Consequence(
        "content-type-to-the-letter",
        ("client-reads-any-json-spelling",),
        ("client-reads-a-content-type-in-any-case",),
        "A content type that is compared to the letter is so in its capitals too.",
    ),
    Consequence(
        "failing-page",
        (*_UNREADABLE, "client-timeout-ends-a-stalled-answer"),
        (*_UNREADABLE, "client-walk-fails-with-a-failing-page"),
        "Who takes one failed answer for a page takes others so, in a walk as well.",
    ),
    Consequence(
        "no-status-is-looked-at",
        ("client-error-is-never-a-value",),
        ("client-other-status-is-no-success", "client-unreadable-answer-is-an-error"),
        "Who takes an error for a value looks at no status, not at that of a redirect either.",
    ),
    Consequence(
        "status-is-all-there-is",
        ("client-error-carries-status",),
        ("client-error-without-envelope-is-a-status-error",),
        "An error without an envelope has nothing but its status.",
    ),
    Consequence(
        "path",
        _PATHS,
        (*_PATHS, "client-sends-no-unasked-limit"),
        "Prefix, operation and id make one path; the path of the list in place of a model's brings a query along.",
    ),
    Consequence(
        "key-in-the-url",
        ("client-keeps-its-credential-out-of-the-url",),
        ("client-sends-its-credential",),
        "A key in the URL is not in the header.",
    ),
    Consequence(
        "headers-of-a-request",
        ("client-sends-its-credential",),
        ("client-sends-version-header",),
        "A request that is made anew, as for a redirect, may lack all that the first one carried.",
    ),
    Consequence(
        "key-under-another-name",
        ("client-sends-one-credential",),
        ("client-keeps-its-credential-from-other-hosts",),
        "Who takes the documented header away before another host is asked forgets one of its own.",
        where=("key-in-another-header",),
    ),
    Consequence(
        "retried-request",
        ("client-retry-repeats-the-request",),
        ("client-sends-version-header", "client-requests-documented-path", "client-uses-get"),
        "A retry is a request like any other.",
    ),
    Consequence(
        "more-requests-than-asked",
        ("client-retries-come-to-an-end", "client-retry-repeats-the-request"),
        ("client-*retries-*", "client-retry-repeats-the-request"),
        "A request too many looks like a retry too many.",
    ),
)
