"""The proposed file is the smallest that makes the run pass, and it reads back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from models_conformance.engine.fault_matrix import run_against
from models_conformance.result import Result, Subject, gates
from models_conformance.waivers.applying import apply
from models_conformance.waivers.fingerprint import fingerprint
from models_conformance.waivers.proposing import proposed
from models_conformance.waivers.waiver_files import parse_waivers
from tests.reports.result_strategies import results
from tests.waivers.samples import EXCLUSIVE, ITSELF, OTHER_SIDE, TODAY, failed, judged, result, waiver, waivers


@pytest.mark.parametrize("fault", ["after-id-is-inclusive", "default-limit-is-ten"])
def test_the_proposal_of_a_real_run_makes_another_run_pass(fault: str) -> None:
    first = run_against(fault)
    assert first.run.verdict == "failed"
    read = parse_waivers(proposed(first, TODAY), "w.toml")
    again = apply(run_against(fault, seed=1), read, TODAY)
    assert again.notes == ()
    assert again.run.verdict == "passed"


def test_nothing_is_proposed_for_what_conforms() -> None:
    assert proposed(result(judged(EXCLUSIVE)), TODAY) == ""


def test_each_kind_is_one_entry_and_each_entry_is_needed() -> None:
    again = replace(ITSELF, observed='the page after "z" holds that model itself', exchanges=(9,))
    found = result(failed("walk-ends", ITSELF), failed(EXCLUSIVE, OTHER_SIDE, ITSELF, again))
    read = parse_waivers(proposed(found, TODAY), "w.toml")
    assert [entry.requirement for entry in read.entries] == [EXCLUSIVE, EXCLUSIVE, "walk-ends"]
    assert [entry.finding for entry in read.entries[:2]] == sorted(str(entry.finding) for entry in read.entries[:2])
    for left in range(len(read.entries)):
        fewer = waivers(*(entry for at, entry in enumerate(read.entries) if at != left))
        assert apply(found, fewer, TODAY).run.verdict == "failed"


def test_an_entry_says_what_was_seen_when_and_ends_in_ninety_days() -> None:
    text = proposed(result(failed(EXCLUSIVE, ITSELF)), date(2026, 8, 17))
    assert text == (
        "[[waiver]]\n"
        '# seen on 2026-08-17: the page after "b" holds that model itself\n'
        'requirement = "list-after-id-is-exclusive"\n'
        f'finding = "{fingerprint(EXCLUSIVE, ITSELF)}"\n'
        'reason = "TODO: say why"\n'
        "expires = 2026-11-15\n"
    )


def test_a_client_is_named_because_a_fleet_shares_a_file() -> None:
    found = result(failed(EXCLUSIVE, ITSELF), subject=Subject("client", 'a "b" \\ \x7f\n', "1.0"))
    (entry,) = parse_waivers(proposed(found, TODAY), "w.toml").entries
    assert entry.subject == 'a "b" \\ \x7f\n'


def test_entries_still_in_use_are_kept_as_they_are_and_the_others_left_out() -> None:
    found = result(failed(EXCLUSIVE, ITSELF, OTHER_SIDE), failed("walk-ends", ITSELF))
    present = waivers(
        waiver("walk-*", link="https://example.com/1"), waiver("list-limit-*"), waiver(expires=date(2020, 1, 1))
    )
    text = proposed(found, TODAY, present)
    read = parse_waivers(text, "w.toml")
    assert [entry.requirement for entry in read.entries] == [EXCLUSIVE, EXCLUSIVE, "walk-*"]
    assert (read.entries[2].reason, read.entries[2].link) == ("fixed upstream", "https://example.com/1")
    after = apply(found, read, TODAY)
    assert (after.run.verdict, after.notes) == ("passed", ())


@given(results())
def test_any_proposal_reads_back_and_leaves_nothing_that_gates(found: Result) -> None:
    read = parse_waivers(proposed(found, TODAY), "w.toml")
    after = apply(found, read, TODAY)
    assert not any(gates(entry, found.run.fail_on) for entry in after.requirements)
    assert after.notes == found.notes
