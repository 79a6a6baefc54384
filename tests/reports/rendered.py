"""Markdown as a reader renders it, to see what became of what a subject sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt

# Words that would act in Markdown, in HTML, or on GitHub, were they not shown as text.
PLANTED = (
    "@octocat</code></pre></details><script>alert(1)</script><img src=x onerror=alert(1)>"
    "[link](https://evil.example) ![i](https://evil.example/i.png) https://evil.example www.evil.example a@evil.example"
    " `code` ```\n\n# heading\n\n- item | cell | \\| **bold** <!-- --> &lt; &#64;octocat #1 \u202e\x1b[31m ::error::x"
)
_VOID = frozenset({"br", "hr", "img", "wbr", "input"})


@dataclass
class Rendered(HTMLParser):
    """`loose` is the text that stands in no code element, `code` that which does."""

    tags: list[str] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)
    loose: str = ""
    code: str = ""
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "code" in self.open:
            self.code += data
        else:
            self.loose += data


def rendered(markdown: str) -> Rendered:
    """What a reader of GitHub's kind makes of it: HTML is kept, tables are tables."""
    page = Rendered()
    page.feed(MarkdownIt("commonmark").enable("table").render(markdown))
    page.close()
    assert page.open == []
    return page
