"""The table has the rows that matter, and nothing that a subject is called is interpreted."""

from __future__ import annotations

from dataclasses import replace

from models_conformance.matrix.comparing import compare
from models_conformance.matrix.markdown import markdown
from models_conformance.reports.markdown import LONGEST
from models_conformance.result import Finding
from tests.matrix.samples import ITSELF, report, with_findings
from tests.reports.rendered import PLANTED, rendered

NAME = "list-after-id-is-exclusive"


def test_only_what_differs_or_fails_is_a_row() -> None:
    text = markdown(compare([report("1.9"), report("1.10", list_after_id_is_exclusive="fail"), report("1.11")]))
    assert "| requirement | `acme` `1.9` | `acme` `1.10` | `acme` `1.11` |" in text
    assert f"| `{NAME}` | ✓ | ✗ **broke** | ✓ **fixed** |" in text
    assert text.count("\n| `") == 1
    assert "further requirements passed or not applicable in every column." in text
    assert "✗ failed" in text
    assert "~ waived" not in text


def test_where_all_is_well_there_is_no_table() -> None:
    text = markdown(compare([report("1"), report("2")]))
    assert "|" not in text
    assert len(text.splitlines()) <= 4


def test_a_broken_cell_tells_its_finding() -> None:
    page = rendered(markdown(compare([with_findings(report("1"), NAME, ITSELF)])))
    assert ITSELF.observed in page.code


def test_a_column_of_another_suite_is_marked_and_said() -> None:
    text = markdown(compare([report("1", suite="0.0.1"), report("2"), report("3", walk_ends="fail")]))
    assert "| `acme` `1`† | `acme` `2` | `acme` `3` |" in text
    assert "† judged with another suite or contract than most" in text
    assert "Judged with different versions of the suite" in text


def test_nothing_a_subject_sent_is_interpreted() -> None:
    finding = Finding(PLANTED, PLANTED, (1,), PLANTED, PLANTED)
    hostile = [with_findings(report(f"{at}{PLANTED}", name=PLANTED, path=PLANTED), NAME, finding) for at in (1, 2)]
    page = rendered(markdown(compare([*hostile, hostile[0]])))
    assert set(page.tags) <= {
        *("h3", "p", "br", "code", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"),
        *("details", "summary", "b", "strong"),
    }
    assert page.tags.count("th") == 3
    assert "@" not in page.loose
    assert "evil" not in page.loose


def test_findings_beyond_the_size_are_cut_and_that_is_said() -> None:
    column = report("1")
    entries = tuple(
        replace(entry, verdict="fail", findings=(Finding("x" * 900, "y", (1,)),))
        for entry in column.result.requirements
    )
    broken = replace(column, result=replace(column.result, requirements=entries))
    versions = [
        replace(broken, result=replace(broken.result, subject=replace(broken.result.subject, version=str(at))))
        for at in range(5)
    ]
    text = markdown(compare(versions))
    assert len(text) <= LONGEST
    assert "are cut to keep this short" in text
