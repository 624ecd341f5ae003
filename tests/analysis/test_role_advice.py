"""Advice about what the panel's work leaves open."""

from datetime import date

import pandas as pd
import pytest

from rds.analysis.linkage import LINKAGE_GAPS
from rds.analysis.panel_composition import PANEL_COMPOSITION, first_work
from rds.analysis.role_advice import composition_advice, linkage_advice, panel_advice
from rds.outline.panel import Meeting, Member

DAY, LATER = date(2026, 3, 14), date(2026, 3, 16)


def panel(n, **changes):
    signed = {"nda_signed": DAY, "conflict_declared": DAY}
    return [Member(f"SME{k:02d}", **{**signed, **changes}) for k in range(1, n + 1)]


def advice(members, *meetings, judged=None):
    began = first_work(meetings, judged)
    return [problem.found for problem in panel_advice(members, meetings, began)]


@pytest.mark.parametrize(("size", "said"), [(11, 1), (12, 0), (15, 0), (16, 1)])
def test_twelve_to_fifteen_experts_are_a_panel(size, said):
    assert len(advice(panel(size))) == said


def test_no_panel_at_all_is_no_finding():
    assert advice([]) == []


def test_statements_that_are_missing_or_late_are_named_with_their_days():
    members = [*panel(12), Member("SME13", nda_signed=LATER)]
    found = advice(members, Meeting(DAY, attendance=tuple(one.sme_id for one in members)))
    assert found == [
        "work before a non-disclosure statement: SME13 (worked 2026-03-14, signed 2026-03-16)",
        "no conflict statement of SME13",
    ]


def test_judging_before_signing_is_found_without_any_meeting():
    members = panel(12, nda_signed=LATER)
    found = advice(members, judged={"SME02": DAY})
    assert found == [
        "work before a non-disclosure statement: SME02 (worked 2026-03-14, signed 2026-03-16)"
    ]


def test_attendance_is_of_numbers_on_the_panel():
    everybody = tuple(one.sme_id for one in panel(12))
    met = Meeting(DAY, attendance=everybody[:-1], unknown=("Mary",))
    assert advice(panel(12), met) == [
        "“Mary” at the meeting of 2026-03-14",
        "no meeting attended by SME12",
    ]


def test_larger_groups_of_the_population_without_a_member_are_named():
    rows = [
        ("setting", "Hospital", 0, 0.0, "Q1", 20.0, None),
        ("setting", "Other", 0, 0.0, "Q1", 5.0, None),
        ("setting", "School", 0, 0.0, "Q1", None, None),
        ("setting", "Community", 3, 100.0, "Q1", 75.0, None),
    ]
    table = pd.DataFrame(rows, columns=list(PANEL_COMPOSITION))
    (problem,) = composition_advice(table)
    assert problem.found == "nobody on the panel for setting “Hospital”"
    assert problem.severity == "advice"


def test_gaps_are_gathered_in_a_line_for_each_finding():
    rows = [
        ("task", "T1", "D1", 0, 0, "no link"),
        ("task", "T2", "D1", 0, 0, "no link"),
        ("KSA", "K1", "", 1, 0, "no link that counts"),
    ]
    found = [
        problem.found
        for problem in linkage_advice(
            pd.DataFrame(rows, columns=list(LINKAGE_GAPS)), minimum_level=2
        )
    ]
    assert found == ["2 tasks without any link: T1, T2", "1 KSA without a link that counts: K1"]
