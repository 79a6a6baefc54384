"""Texts that clients get wrong: model ids that cannot go into a URL as they are, names, spellings of an instant.

Each comes with the words that finish the sentence "… that …", so that a scenario can say what it shows.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import quote, unquote

# Longer than what a field of 255 characters holds.
LONG_ID = f"claude-{'long-' * 58}end"
# And longer than buffers of a thousand, and short enough for every URL.
_LONGER_ID = f"claude-{'Longer_' * 150}end"

AWKWARD_IDS: tuple[tuple[str, str], ...] = (
    ("holds a slash", "vendor/claude-next"),
    ("holds a question mark", "claude?limit=1"),
    ("holds a hash", "claude#next"),
    ("holds a percent sign", "100%-claude"),
    ("holds an escaped slash", "vendor%2Fclaude-next"),
    ("holds a slash escaped twice", "vendor%252Fclaude-next"),
    ("holds a blank", "claude next"),
    ("holds a plus sign", "claude+next"),
    ("holds a semicolon", "claude;next"),
    ("holds an ampersand and an equals sign", "claude&limit=1"),
    ("holds the marks that a path allows", "vendor:claude@20260101,~next!$*(1)'"),
    ("holds the marks that no URL allows", '"claude"\\next[0]{1}|<b>^`'),
    ("holds a Latin letter beyond ASCII", "clàude-né"),
    ("holds Chinese letters and an emoji", "claude-模型-🙂"),
    ("is written in capitals too", "Claude-NEXT"),
    ("ends with a date", "claude-next-20260101"),
    ("begins as a path of the API does", "models/claude-next"),
    ("begins with a vendor", "anthropic.claude-next-v1:0"),
    ("begins with a vendor and a slash", "anthropic/claude-next"),
    ("has a blank at both ends", " claude "),
    ("has blanks beyond ASCII at both ends", "\u00a0claude\u3000"),
    ("ends with a slash", "vendor/"),
    ("holds two slashes in a row", "vendor//claude"),
    ("is three hundred letters long", LONG_ID),
    ("is a thousand letters long", _LONGER_ID),
    ("is spelt otherwise where letters and accents are joined", "claude-e\u0301-\u212b"),
    ("is spelt otherwise where letters are made alike", "claude-\ufb01-\u2460"),
    ("begins with a mark of byte order", "\ufeffclaude"),
    ("holds marks of direction and of width none", "claude-\u202e\u200d-next"),
    ("is the number nought", "0"),
    ("is a word of JSON", "null"),
    ("ends with two equals signs", "claude=="),
    ("ends with a dot", "claude-next."),
    ("begins with noughts, as a number would not", "007"),
    ("holds lines, dashes in a row and an ending", "claude__next--v1_0.json"),
)
"""Ids that any server may list and any client must let through."""

WORD_IDS: tuple[tuple[str, str], ...] = (
    ("is the last word of the path", "models"),
    ("is how JavaScript names what is not there", "undefined"),
    ("is how Python names what is not there", "None"),
    ("is a truth value", "false"),
    ("is one letter", "a"),
)
"""Ids that some language, or the path itself, has another meaning for."""

# The host is reserved (RFC 2606): a client that takes the id for an address reaches nobody.
CLIMBING_IDS: tuple[tuple[str, str], ...] = (
    ("is two dots", ".."),
    ("is one dot", "."),
    ("climbs within itself", "a/../b"),
    ("climbs to the list", "../models"),
    ("climbs out of the API", "../../v1/models"),
    ("climbs out of itself", "a/../../b"),
    ("is two escaped dots", "%2e%2e"),
    ("is an address of its own", "http://claude.invalid/v1/models/a"),
    ("begins with two slashes", "//claude.invalid/a"),
)
"""Ids that must not change where the request goes. A client may refuse to send those made of dot segments."""

CONTROL_IDS: tuple[tuple[str, str], ...] = (
    ("holds a line break and a header", "claude\r\nx-injected: 1"),
    ("holds a tab", "claude\tnext"),
    ("begins with a control character", "\x01claude"),
    ("begins with a line break", "\nclaude"),
    ("begins with a tab", "\tclaude"),
    ("ends with a control character", "claude\x7f"),
    ("ends with a line break", "claude\n"),
    ("holds a null character", "claude\0next"),
)
"""Ids with control characters. A client may refuse to send them."""

ESCAPED_ALIKE: tuple[str, ...] = (
    *("a/b", "a%2Fb", "a%252Fb", "a b", "a+b", "a%20b", "a%2Bb"),
    *("A/B", "a/b ", "caf\u00e9", "cafe\u0301"),
)
"""Ids that one escape too many or too few, other letters or a normal form turn into each other."""


def look_alikes(model_id: str) -> tuple[str, ...]:
    """Other ids that a client asks for when it escapes `model_id` wrongly, normalises or strips it."""
    wrong = (
        quote(model_id, safe=""),
        unquote(model_id),
        model_id.replace("+", " "),
        model_id.replace(" ", "+"),
        *(unicodedata.normalize(form, model_id) for form in ("NFC", "NFD", "NFKC")),
        model_id.strip("".join(map(chr, range(0x21)))),
    )
    return tuple(dict.fromkeys(spelling for spelling in wrong if spelling and spelling != model_id))


DATES: tuple[tuple[str, str], ...] = (
    ("ends in Z", "2026-02-17T00:00:00Z"),
    ("has the offset +00:00", "2026-02-17T08:15:30+00:00"),
    ("has an eastern offset of half an hour", "2026-02-17T05:29:59+05:30"),
    ("has a western offset that crosses midnight", "2026-02-16T20:00:01-08:00"),
    ("has one fraction digit", "2026-02-17T08:15:30.5Z"),
    ("has milliseconds", "2026-02-17T08:15:30.123Z"),
    ("has microseconds", "2026-02-17T08:15:30.123456Z"),
    ("has two fraction digits", "2026-02-17T08:15:30.25Z"),
    ("has four fraction digits", "2026-02-17T08:15:30.1234Z"),
    ("has an eastern offset of more than twelve hours", "2026-02-17T21:00:30+13:45"),
    ("has fraction and offset", "2026-02-17T08:15:30.250000-03:45"),
    ("falls on a leap day", "2024-02-29T23:59:59Z"),
    ("lies in the last century", "1999-12-31T23:59:59Z"),
    ("lies before 1970", "1969-12-31T23:59:59Z"),
    ("lies before 1900", "1883-11-18T12:00:00Z"),
    ("lies beyond 2038", "2038-01-19T03:14:08Z"),
    ("lies beyond 2262", "2300-01-01T00:00:00Z"),
    ("is the last second of the calendar", "9999-12-31T23:59:59Z"),
    ("lies in the year 2100", "2100-02-28T12:00:00Z"),
    ("is the epoch", "1970-01-01T00:00:00Z"),
)
"""Spellings of `created_at` that every reader of RFC 3339 knows."""

RARE_DATES: tuple[tuple[str, str], ...] = (
    ("has the unknown offset -00:00", "2026-02-17T08:15:30-00:00"),
    ("has nanoseconds", "2026-02-17T08:15:30.123456789Z"),
    ("has small letters", "2026-02-17t08:15:30z"),
    ("is the epoch with an offset", "1970-01-01T01:00:00+01:00"),
)
"""Spellings of `created_at` that the standard allows and few people write.

A blank for the T is not among them: RFC 3339 mentions it in a note (5.6), its grammar has none.
"""

NAMES: tuple[tuple[str, str], ...] = (
    ("holds an emoji", "Claude 🙂 👩‍👩‍👧 🇨🇭"),
    ("holds a letter with a combining accent", "Claude Cafe\u0301"),
    ("holds a letter with its accent", "Claude Caf\u00e9"),
    ("holds marks of direction", "Claude \u202eevil\u202c \u05d0\u200f"),
    ("has blanks in a row, and at both ends", "  Claude   Next  "),
    ("has blanks beyond ASCII at both ends", "\u00a0\u3000Claude\u2003\u00a0"),
    ("is in quotes", '"Claude" “Next”'),
    ("looks escaped", "Claude &amp; Co%20+ \\u0041"),
    ("is empty", ""),
    ("holds quotes and backslashes", 'Claude "Next" \\ \\n \\u0041'),
    ("holds a newline and a tab", "Claude\n\tNext\r\n"),
    ("holds every control character", "Claude " + "".join(map(chr, range(0x20))) + "\x7f"),
    ("holds line separators", "Claude \u2028 \u2029 \u0085"),
    ("holds markup", "<b>Claude</b> &amp; <script>alert(1)</script>"),
    ("holds format directives", "Claude %s {0} ${HOME} %n"),
    ("looks like a date", "2026-02-17T00:00:00Z"),
    ("looks like a number", "1e3"),
    ("holds characters of width none", "Claude\u200b\ufeff\u2060"),
    # Of three bytes each, so that the blocks in which a body is read end within some.
    ("is seventy thousand letters long", "模型" * 35_000),
)
"""Display names that arrive as they were sent or not at all."""
