"""In which order causes are told: what to fix first stands first, however much or little it explains."""

from __future__ import annotations

from fnmatch import fnmatchcase

# A stage is everything whose mending tells the same about the next: patterns by their ids, requirements by globs.
_STAGES: tuple[tuple[str, ...], ...] = (
    ("route-ends-in-a-slash", "list-is-redirected", "a-web-page-is-answered", "base-url-is-wrong", "upstream-is-down"),
    ("catalogue-changed-in-the-run", "member-moves", "answers-differ", "same-question-same-answer"),
    ("response-arrives-whole", "body-is-*", "coding-without-its-header", "no-input-is-answered-5xx"),
    ("credentials-api-key-*", "list-documented-*", "list-limit-in-range-*"),
    ("openai-shape", "list-envelope-*", "model-*", "error-envelope-with-status-200", "list-ids-*", "listed-ids-*"),
    ("no-parameter-is-read", "limit-*", "list-page-is-*", "list-default-*"),
    ("list-is-newest-first", "list-order-*"),
    ("cursor*", "list-after-*", "list-before-*", "list-page-past-*", "list-without-*"),
    ("list-has-more-*",),
    ("walk-*",),
    ("no-retrieve-route", "retrieve-*"),
    ("body-*", "error-envelope-*", "error-type-*", "error-request-*"),
    ("credentials-*", "bad-credentials-*", "version-*", "header-*", "list-limit-outside-*"),
    ("beta*",),
    ("unknown-*",),
    ("client-uses-*", "client-requests-*", "client-keeps-*", "client-escapes-*", "client-dot-*", "client-empty-*"),
    ("query-begins-twice", "no-parameter-is-sent", "client-sends-*", "client-call-*"),
    ("client-answer-*", "client-reads-*", "client-page-*", "client-id-*", "client-retrieve-*"),
    ("client-created-at-*", "client-display-name-*", "client-extra-fields-*", "client-type-*"),
    ("client-tolerates-*",),
    ("client-walk-*",),
    (
        "client-unreadable-*",
        "client-cut-*",
        "client-error-*",
        "error-says-*",
        "client-timeout-*",
        "client-other-status-*",
    ),
    ("client-*retr*",),
)


# A server error on requests that nobody has to send, or that are to be refused, keeps no client from its list.
_SERVER_ERROR, _ON_ODD_REQUESTS = "no-input-is-answered-5xx", "bad-credentials-are-answered-5xx"


def stage(cause: str, root: str, *, breaks_must: bool = True) -> int:
    """The place of a cause with that id and root; what no stage names stands behind all that one does.

    `breaks_must`: whether it breaks a requirement of that level.
    """
    names = (cause, root) if breaks_must or root != _SERVER_ERROR else (_ON_ODD_REQUESTS,)
    for name in names:
        for at, patterns in enumerate(_STAGES):
            if any(fnmatchcase(name, pattern) for pattern in patterns):
                return at
    return len(_STAGES)
