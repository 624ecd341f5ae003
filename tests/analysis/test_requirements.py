"""Requirements that tie to nothing, and tasks that nothing prepares for."""

import pytest

from rds.analysis.requirements import PREPARATION, preparation_table, requirements_table
from rds.outline.outline import Domain, Outline, Task
from rds.outline.requirements import PREPARING_KINDS, REQUIREMENT_KINDS, Requirement

OUTLINE = Outline(
    domains=(Domain("D1", "Support"),),
    tasks=(
        Task("T1", "D1", "Listen."),
        Task("T2", "D1", "Write.", assessed_by=("exam", "supervision")),
        Task("T3", "D1", "Drive.", status="outside the role"),
    ),
)


def required(kind, *tasks, name="R1"):
    return Requirement(name, kind, "Do so.", tasks)


def test_a_requirement_ties_to_tasks_in_force_only():
    table = requirements_table(
        [
            required("training", "T1", "T3"),
            required("training", "T3", name="R2"),
            required("ethics", name="R3"),
        ],
        OUTLINE,
    )
    assert table["tie"].tolist() == ["tied", "only tasks not in force", "nothing"]
    assert table["n_tasks"].tolist() == [1, 0, 0]
    assert table["task_ids"].tolist() == ["T1, T3", "T3", ""]


@pytest.mark.parametrize("kind", REQUIREMENT_KINDS)
def test_ethics_and_continuing_education_do_not_prepare_for_a_task(kind):
    table = preparation_table([required(kind, "T1")], OUTLINE).set_index("task_id")
    assert table.loc["T1", "prepared"] == (kind in PREPARING_KINDS)
    assert table.loc["T1", kind.replace(" ", "_")] == 1
    assert not table.loc["T2", "prepared"]


def test_only_active_tasks_need_preparation():
    table = preparation_table([required("training", "T3")], OUTLINE)
    assert tuple(table) == PREPARATION
    assert table["task_id"].tolist() == ["T1", "T2"]
    assert table["assessed_by"].tolist() == ["exam", "exam, supervision"]


def test_without_requirements_nothing_is_found_missing():
    assert preparation_table([], OUTLINE).empty
    assert requirements_table([], OUTLINE).empty
