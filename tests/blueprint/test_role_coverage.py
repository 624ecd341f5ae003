"""How much of the exam links and requirements speak for."""

from dataclasses import replace

import pandas as pd
import pytest

from rds.analysis.analysis import analyze_ratings
from rds.analysis.linkage import LinkRule, linkage_table
from rds.blueprint.build import build
from rds.blueprint.role_coverage import (
    assessment_table,
    linkage_coverage,
    requirement_coverage,
)
from rds.outline.outline import KSA, Domain, Link, Outline, Task
from rds.outline.requirements import Requirement
from tests.blueprint.examples import outline, ratings, settings

OUTLINE = Outline(
    domains=(Domain("D1", "Support"), Domain("D2", "Change"), Domain("D3", "No tasks")),
    tasks=(
        Task("T1", "D1", "Listen."),
        Task("T2", "D1", "Write."),
        Task("T3", "D2", "Teach."),
        Task("T4", "D2", "Drive.", status="outside the role"),
    ),
    ksas=(KSA("K1", "skill", "Skill."), KSA("K2", "knowledge", "Knowledge.")),
    links=(Link("T1", "K1", 3), Link("T1", "K2", 2), Link("T2", "K1", 1), Link("T3", "K1", 2)),
)
WEIGHTS = pd.Series({"T1": 0.5, "T2": 0.3, "T3": 0.2})


def test_linked_and_unlinked_weight_add_up_by_domain_and_in_all():
    links = linkage_table(OUTLINE, LinkRule())
    table = linkage_coverage(OUTLINE, links, WEIGHTS).set_index("domain_id")
    assert list(table.index) == ["D1", "D2", "all"]
    assert table["percent_linked"].tolist() == pytest.approx([50, 100, 200 / 3])
    assert table["n_ksas"].tolist() == [2, 1, 2]
    assert table["linked_weight"].tolist() == pytest.approx([0.5, 0.2, 0.7])
    assert table["unlinked_weight"].tolist() == pytest.approx([0.3, 0, 0.3])


def test_a_task_without_weight_counts_as_a_task_only():
    links = linkage_table(OUTLINE, LinkRule())
    table = linkage_coverage(OUTLINE, links, WEIGHTS.drop("T2")).set_index("domain_id")
    assert table.loc["D1", ["n_tasks", "n_linked"]].tolist() == [2, 1]
    assert table.loc["D1", "unlinked_weight"] == 0


def test_weight_of_a_kind_counts_each_task_once():
    requirements = [
        Requirement("R1", "training", "A course.", ("T1", "T2")),
        Requirement("R2", "training", "A module.", ("T1", "T4")),
        Requirement("R3", "experience", "Hours.", ("T3",)),
        Requirement("R4", "ethics", "A code.", ("T2",)),
        Requirement("R5", "education", "A diploma."),
    ]
    table = requirement_coverage(OUTLINE, requirements, WEIGHTS).set_index("kind")
    assert table["weight"].to_dict() == pytest.approx(
        {
            "education": 0,
            "training": 0.8,
            "experience": 0.2,
            "supervision": 0,
            "ethics": 0.3,
            "continuing education": 0,
            "any that prepares": 1,
        }
    )
    assert table.loc["training", ["n_requirements", "n_tied", "n_tasks"]].tolist() == [2, 2, 2]
    assert table.loc["education", ["n_requirements", "n_tied"]].tolist() == [1, 0]


def test_without_ksas_or_requirements_there_is_nothing_to_cover():
    bare = Outline(OUTLINE.domains, OUTLINE.tasks)
    assert linkage_coverage(bare, linkage_table(bare, LinkRule()), WEIGHTS).empty
    assert requirement_coverage(OUTLINE, [], WEIGHTS).empty


def test_ways_of_assessing_are_told_apart_and_the_exam_comes_first():
    tasks = [
        replace(OUTLINE.tasks[0], assessed_by=("supervision",)),
        replace(OUTLINE.tasks[1], assessed_by=("exam", "training")),
        OUTLINE.tasks[2],
    ]
    table = assessment_table(OUTLINE, tasks, WEIGHTS)
    assert table["assessed_by"].tolist() == [
        "exam, training",
        "exam",
        "supervision",
        "outside the role",
    ]
    assert table["weight_if_examined"].tolist()[:3] == [0.3, 0.2, 0.5]
    assert table["weight_if_examined"].isna().tolist()[3]


def test_tasks_outside_the_exam_show_the_weight_they_would_have():
    everything = outline()
    answers = ratings(everything)
    first, *others = everything.tasks
    partly = replace(everything, tasks=(replace(first, assessed_by=("training",)), *others))
    found, whole = (
        build(own, answers, settings(), analyze_ratings(answers, own, settings()))
        for own in (partly, everything)
    )
    by_way = found.assessed_by.set_index("assessed_by")["weight_if_examined"]
    weights = whole.task_weights.set_index("task_id")["weight"]
    assert by_way["training"] == pytest.approx(weights["T01"])
    assert by_way["exam"] == pytest.approx(1 - weights["T01"])
    assert whole.assessed_by["weight_if_examined"].tolist() == pytest.approx([1])
