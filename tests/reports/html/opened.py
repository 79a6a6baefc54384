"""A report opened in a browser, and everything that went wrong or was asked for while it was open."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page


@dataclass(slots=True)
class Opened:
    """`complaints` are console messages and uncaught errors, `requests` every URL the page asked for."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, document: str, context: BrowserContext, folder: Path, fragment: str = "") -> Opened:
        file = folder / "report.html"
        file.write_text(document, encoding="utf-8")
        opened = cls(context.new_page(), file.as_uri())
        opened.page.on("console", lambda message: opened.complaints.append(message.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.goto(opened.url + fragment)
        return opened

    @property
    def shown(self) -> list[str]:
        """Ids of the requirements that can be seen, in order."""
        ids: list[str] = self.page.locator(".requirement:visible").evaluate_all("all => all.map(each => each.id)")
        return ids

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("search").get_by_role("button", name=name)
