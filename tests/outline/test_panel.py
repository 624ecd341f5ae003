"""Panel, meetings and requirements as people type them."""

from datetime import date

from rds.outline.outline import Domain, Outline, Task
from rds.outline.panel import Member, meetings_of, members_of, serving
from rds.outline.requirements import requirements_of
from rds.sheets import Row

OUTLINE = Outline((Domain("D1", "Support"),), (Task("T01", "D1", "Listen."),))


def row(**values):
    return Row("study.xlsx", values, {})


def test_a_member_is_read_once_and_gaps_stay_open():
    (member,) = members_of([row(sme_id="SME01", setting=None), row(sme_id="sme01"), row()])
    assert member == Member("SME01")
    assert serving([member]) == (member,)


def test_attendance_is_read_in_any_capitals_and_what_it_cannot_be_is_kept_apart():
    members = [Member("SME01"), Member("SME02")]
    rows = [
        row(date=date(2026, 3, 15), attendance="SME01"),
        row(date=date(2026, 3, 14), attendance="sme02; SME01, sme01\nMary"),
        row(attendance="SME01"),
    ]
    first, second = meetings_of(rows, members)
    assert (first.date, first.attendance, first.unknown) == (
        date(2026, 3, 14),
        ("SME02", "SME01"),
        ("Mary",),
    )
    assert second.attendance == ("SME01",)


def test_requirements_spell_tasks_as_the_outline_does_and_name_each_once():
    rows = [
        row(requirement_id="R1", kind="training", statement="A course.", task_ids=("t01", "T01")),
        row(requirement_id="R2", kind="training"),
    ]
    (own,) = requirements_of(rows, OUTLINE)
    assert own.task_ids == ("T01",)
