"""A page read back by the parser of the standard library: its elements, attributes and text."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """`elements` are tags with their attributes in order; `text` is everything outside style and script."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.others: list[str] = []
        self.sources: dict[str, str] = {}
        self._texts: list[str] = []
        self._in: list[str] = []
        self.feed(document)
        self.close()

    @property
    def text(self) -> str:
        return "".join(self._texts)

    def of_class(self, name: str) -> int:
        return sum(1 for _, attributes in self.elements if name in (attributes.get("class") or "").split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("style", "script"):
            self._in.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._in and tag == self._in[-1]:
            self._in.pop()

    def handle_data(self, data: str) -> None:
        if self._in:
            self.sources[self._in[-1]] = self.sources.get(self._in[-1], "") + data
        else:
            self._texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)
