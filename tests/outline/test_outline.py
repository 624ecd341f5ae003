"""The outline says which statements are in force, and in which order."""

from __future__ import annotations

import pytest

from rds.outline.outline import KSA, Domain, Outline, Task

OUTLINE = Outline(
    domains=(Domain("D2", "Support"), Domain("D1", "Change")),
    tasks=(
        Task("T02", "D1", "Listen."),
        Task("T01", "D2", "Write.", status="dropped"),
        Task("T03", "D2", "Speak.", status="proposed"),
        Task("T04", "D2", "Lead."),
    ),
    ksas=(
        KSA("K02", "skill", "Listening."),
        KSA("K01", "knowledge", "Rights.", status="outside the role"),
    ),
)


def test_only_active_statements_are_in_force():
    assert [task.task_id for task in OUTLINE.active_tasks] == ["T02", "T04"]
    assert [ksa.ksa_id for ksa in OUTLINE.active_ksas] == ["K02"]
    assert OUTLINE.task_domains == {"T02": "D1", "T04": "D2"}


def test_statements_stand_in_the_panels_order_tasks_first():
    assert OUTLINE.statements == {"T02": "Listen.", "T04": "Lead.", "K02": "Listening."}
    assert OUTLINE.statement_kinds == {"T02": "task", "T04": "task", "K02": "skill"}


@pytest.mark.parametrize(
    ("applies_to", "names"),
    [
        (("tasks",), ("T02", "T04")),
        (("KSAs", "tasks"), ("T02", "T04", "K02")),
        (("domains",), ("D2", "D1")),
        ((), ()),
    ],
)
def test_a_scale_asks_about_the_statements_it_applies_to(applies_to, names):
    assert OUTLINE.statements_rated_on(applies_to) == names
