"""The page of the matrix: a cell leads to its finding, without a network, and a planted script does not run."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, Request, sync_playwright

from models_conformance.matrix.comparing import Matrix, compare
from models_conformance.matrix.markdown import markdown
from models_conformance.matrix.page import html
from models_conformance.matrix.words import summaries
from models_conformance.requirements.pages import page_url
from models_conformance.result import Clause, Finding
from tests.matrix.samples import ITSELF, report, with_findings, without
from tests.reports.rendered import PLANTED

NAME = "list-after-id-is-exclusive"


@dataclass
class Parsed(HTMLParser):
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")


def parsed(text: str) -> Parsed:
    page = Parsed()
    page.feed(text)
    page.close()
    return page


def releases() -> str:
    broken = with_findings(report("1.10"), NAME, ITSELF)
    return html(compare([report("1.9"), broken, report("1.11"), report("1.12", walk_ends="inconclusive")]))


def hostile() -> str:
    finding = Finding(PLANTED, PLANTED, (1,), PLANTED, PLANTED)
    return html(compare([with_findings(report(PLANTED, name=PLANTED, path=PLANTED), NAME, finding)]))


def test_every_link_leads_to_a_place_on_the_page() -> None:
    page = parsed(releases())
    elsewhere = {page_url(NAME), page_url("walk-ends")}
    assert {link for link in page.links if not link.startswith("#")} <= elsewhere
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_a_finding_names_the_public_page_of_its_clause_and_leads_to_no_other_kind_of_url() -> None:
    told = {"https://docs.example/models#:~:text=limit": True, "javascript:alert(1)": False}
    for url, is_link in told.items():
        read = with_findings(report("1"), NAME, ITSELF)
        entries = [
            replace(entry, source=Clause("003_0a1b.txt", 18, title="Models", url=url))
            for entry in read.result.requirements
        ]
        page = html(compare([replace(read, result=replace(read.result, requirements=tuple(entries)))]))
        assert (url in parsed(page).links, "003_0a1b.txt:18" not in page) == (is_link, is_link)


def test_a_broken_cell_leads_to_its_finding_and_back() -> None:
    text = releases()
    (anchor,) = re.findall(r'href="#(cell-\d+)" title="failed', text)
    block = text[text.index(f'<article id="{anchor}"') :]
    assert "holds that model itself" in block[: block.index("</article>")]
    assert f'href="#to-{anchor}"' in block[: block.index("</article>")]


def test_what_is_hostile_adds_no_element_and_no_attribute() -> None:
    plain, planted = parsed(releases()), parsed(hostile())
    assert set(planted.tags) <= {*plain.tags, "section", "li", "span"}
    assert planted.attributes <= plain.attributes
    assert planted.tags.count("script") == 1


def test_the_same_matrix_gives_the_same_page() -> None:
    assert releases() == releases()


def test_the_table_is_a_table_to_a_screen_reader() -> None:
    text = releases()
    assert text.count('scope="rowgroup"') > 1
    assert '<th scope="colgroup" colspan="4"><bdi>acme</bdi></th>' in text
    assert '<span class="hidden">failed, broke here, 1 finding</span>' in text


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def opened(page: Page, path: Path, text: str) -> list[str]:
    """The page opened from disk; what it complained about or tried to load is added to the list."""
    troubles: list[str] = []

    def dialog(box: Dialog) -> None:
        troubles.append(box.message)
        box.dismiss()

    def request(request: Request) -> None:
        if not request.url.startswith("file:"):
            troubles.append(request.url)

    path.write_text(text, encoding="utf-8")
    page.on("console", lambda message: troubles.append(message.text))
    page.on("dialog", dialog)
    page.on("request", request)
    page.goto(path.as_uri())
    return troubles


def test_it_filters_searches_and_opens_a_finding(browser_page: Page, tmp_path: Path) -> None:
    troubles = opened(browser_page, tmp_path / "m.html", releases())
    rows = browser_page.locator("tr.row:visible")
    assert rows.count() == 2
    browser_page.select_option("#which", "changed")
    assert rows.count() == 1
    browser_page.select_option("#which", "all")
    everything = rows.count()
    assert everything > 50
    browser_page.fill("#query", "walk ends")
    assert 0 < rows.count() < everything
    browser_page.fill("#query", "")
    browser_page.locator("td.is-fail a").press("Enter")
    assert browser_page.locator("article:target").inner_text().count("holds that model itself") == 1
    browser_page.select_option("#which", "all")
    browser_page.fill("#query", "no such requirement")
    browser_page.locator("article:target .back").click()
    assert browser_page.locator("td.is-fail a").is_visible()
    assert troubles == []


def test_a_planted_script_does_not_run_and_nothing_is_loaded(browser_page: Page, tmp_path: Path) -> None:
    troubles = opened(browser_page, tmp_path / "h.html", hostile())
    assert browser_page.locator("tr.row:visible").count() == 1
    assert troubles == []


def mixed() -> Matrix:
    """Two clients and a server, whose requirements are others, with the longest words that a phone has to show."""
    server = report(None, name="https://gateway.example.internal/a-prefix/that-is-long", walk_ends="fail")
    only = [entry for entry in server.result.requirements if entry.requirement.area in ("walk", "cursor")]
    subject = replace(server.result.subject, kind="server")
    alone = replace(server, result=replace(server.result, subject=subject, requirements=tuple(only)))
    rest = [without(report(version), "walk-ends") for version in ("1.9", "1.10")]
    return compare([with_findings(rest[0], NAME, replace(ITSELF, reproduce="curl " + "x" * 900)), rest[1], alone])


def test_each_kind_of_subject_has_a_table_and_a_count_of_its_own() -> None:
    matrix = mixed()
    clients, server = matrix.by_kind
    told = f"2 clients: {clients.alike} of {clients.applicable} requirements kept in all 2 columns, 1 broken somewhere"
    of_clients, of_server = summaries(matrix)
    assert of_clients.startswith(told)
    assert of_server == f"server: {server.alike} of {server.applicable} requirements kept, 1 broken somewhere"
    assert "walk-ends" not in {row.requirement.id for row in clients.rows}
    assert clients.alike == len(clients.rows) - 1
    tags = parsed(html(matrix)).tags
    assert tags.count("table") == 2 + sum(1 for part in matrix.by_kind if part.undocumented)
    assert markdown(matrix).count("| requirement |") == 2


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_the_table_scrolls_in_its_box_and_words_stay_whole(
    browser_page: Page, tmp_path: Path, width: int
) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    opened(browser_page, tmp_path / "m.html", html(mixed()))
    browser_page.select_option("#which", "all")
    assert browser_page.evaluate("document.documentElement.scrollWidth") == width
    boxes = browser_page.locator(".scroll").evaluate_all("all => all.map(each => each.clientHeight)")
    assert max(boxes) <= 800
    cells = browser_page.locator("th, td").evaluate_all("all => all.map(e => e.getBoundingClientRect().width)")
    assert min(width for width in cells if width) >= 60
    # The name of a row stays where it is.
    box, name = browser_page.locator(".scroll").first, browser_page.locator("th[scope=row]").first
    before = name.bounding_box()
    box.evaluate("each => { each.scrollLeft = 200 }")
    assert before is not None
    assert name.bounding_box() == before
    browser_page.set_viewport_size({"width": 1280, "height": 900})


def test_findings_are_folded_until_they_are_asked_for(browser_page: Page, tmp_path: Path) -> None:
    opened(browser_page, tmp_path / "m.html", html(mixed()))
    finding = browser_page.locator("article").first
    assert not finding.is_visible()
    browser_page.locator("td.is-fail a").first.click()
    assert finding.is_visible()
    assert "x" * 900 not in finding.inner_text()
    finding.locator(".command summary").click()
    assert "x" * 900 in finding.inner_text()
