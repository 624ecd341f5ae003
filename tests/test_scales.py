"""Scales are built from one row a point, and every problem is told at its cell."""

from __future__ import annotations

import pytest

from rds.scales import (
    HIGHEST_POINT,
    PROPOSED_SCALES,
    Point,
    Scale,
    build_scales,
    find_scale,
    ordinal,
    scale_rows,
)
from rds.sheets import read_tables
from tests.workbooks import messages, write_study

HEADERS = ("scale", "question", "role", "applies_to", "point", "label", "meaning", "use")


@pytest.fixture
def build(tmp_path):
    """Build scales from rows of their sheet; return them and all problems as messages."""

    def built(*rows, headers=("scale", "point", "label")):
        sheet = {"Scales": [list(headers), *map(list, rows)]}
        tables = read_tables(write_study(tmp_path / "study.xlsx", sheet))
        scales, problems = build_scales(tables.rows["Scales"])
        return scales, messages([*tables.problems, *problems])

    return built


def test_a_scale_is_built_from_its_points(build):
    scales, problems = build(
        ("importance", "How important?", "importance", "tasks, ksas", 2, "High", None, None),
        ("Importance", None, None, None, 1, "Low", "Rated", None),
        ("importance", None, None, None, 0, "Never", "not performed", None),
        headers=HEADERS,
    )
    assert problems == []
    points = (Point(0, "Never", "not performed"), Point(1, "Low"), Point(2, "High"))
    assert scales == (
        Scale("importance", "How important?", "importance", points, ("tasks", "KSAs")),
    )


def test_scales_stand_in_the_order_in_which_they_first_appear(build):
    rows = [("b", 1, "x"), ("a", 1, "x"), ("b", 2, "y"), ("a", 2, "y")]
    scales, problems = build(*rows)
    assert ([scale.name for scale in scales], problems) == (["b", "a"], [])


def test_what_is_said_of_the_whole_scale_may_stand_in_any_of_its_rows(build):
    rows = [("a", None, 1, "x"), ("a", "How often?", 2, "y"), ("a", "How often?", 3, "z")]
    (scale,), problems = build(*rows, headers=("scale", "question", "point", "label"))
    assert (scale.question, problems) == ("How often?", [])


def test_a_row_that_contradicts_its_scale_is_told(build):
    rows = [("a", "How often?", "weights", 1, "x"), ("a", "How much?", "filter", 2, "y")]
    scales, problems = build(*rows, headers=("scale", "question", "use", "point", "label"))
    wanted = "wanted the same as in the scale's other rows. To mend: repeat what the first row says"
    assert scales == ()
    assert problems == [
        f"study.xlsx, Scales!B3: found “How much?”; {wanted}, or leave the cell empty.",
        f"study.xlsx, Scales!C3: found “filter”; {wanted}, or leave the cell empty.",
    ]


def test_points_and_labels_that_are_there_twice_are_told_each_once(build):
    scales, problems = build(("a", 1, "Low"), ("a", 1, "High"), ("a", 2, "low"), ("b", 1, "Low"))
    assert scales == ()
    assert problems == [
        "study.xlsx, Scales!B3: found “1”; wanted each point once in a scale. To mend: "
        "renumber it.",
        "study.xlsx, Scales!C4: found “low”; wanted each label once in a scale. To mend: "
        "reword it.",
        "study.xlsx, Scales!A5: found “b”; wanted at least two rated points. To mend: add a row "
        "for each point of the scale.",
    ]


def test_a_scale_needs_two_points_that_are_ratings(build):
    rows = [("a", 0, "Never", "not performed"), ("a", 1, "Yes", None)]
    _, problems = build(*rows, headers=("scale", "point", "label", "meaning"))
    assert problems == [
        "study.xlsx, Scales!A2: found “a”; wanted at least two rated points. To mend: add a row "
        "for each point of the scale."
    ]


def test_a_meaning_other_than_rated_belongs_to_one_point(build):
    rows = [("a", n, f"{n}", "not performed" if n < 2 else None) for n in range(4)]
    _, problems = build(*rows, headers=("scale", "point", "label", "meaning"))
    assert problems == [
        "study.xlsx, Scales!D3: found “not performed”; wanted one point in a scale that means "
        "this. To mend: keep the one point and remove the other."
    ]


def test_a_point_above_98_is_told_since_99_is_not_applicable_everywhere(build):
    rows = [("a", 1, "x"), ("a", HIGHEST_POINT, "y"), ("a", 99, "z")]
    assert build(*rows)[1] == [
        "study.xlsx, Scales!B4: found “99”; wanted a whole number from 0 to 98. To mend: number "
        "the points from 0 or 1 upwards."
    ]


@pytest.mark.parametrize("point", ["three", -1, 2.5, None, "=A1"])
def test_a_point_that_cannot_be_read_is_told_once_and_its_scale_left_out(build, point):
    scales, problems = build(("a", point, "x"), ("a", 2, "y"), ("b", 1, "x"), ("b", 2, "y"))
    assert [scale.name for scale in scales] == ["b"]
    assert len(problems) == 1
    assert problems[0].startswith("study.xlsx, Scales!B2: found ")


def test_a_row_without_a_scale_or_label_is_told_once(build):
    scales, problems = build((None, 1, "x"), (None, 2, "y"), ("a", 1, None), ("a", 2, "y"))
    assert scales == ()
    assert [problem.partition(":")[0] for problem in problems] == [
        "study.xlsx, Scales!A2",
        "study.xlsx, Scales!A3",
        "study.xlsx, Scales!C4",
    ]


def test_the_proposed_scales_are_importance_1_to_4_and_frequency_0_to_5():
    importance, frequency = PROPOSED_SCALES
    assert (importance.role, importance.rated_values) == ("importance", (1, 2, 3, 4))
    assert (frequency.role, frequency.rated_values) == ("frequency", (1, 2, 3, 4, 5))
    assert (importance.not_performed, frequency.not_performed) == (None, 0)


def test_scales_are_built_again_from_their_rows(build):
    scales = (*PROPOSED_SCALES, ordinal("risk", {1: "Low", 98: "High"}))
    names = ("scale", "question", "role", "applies_to", "kind", "point", "label", "meaning", "use")
    rows = [
        [", ".join(v) if isinstance(v := row.get(name), tuple) else v for name in names]
        for row in scale_rows(scales)
    ]
    assert build(*rows, headers=names) == (scales, [])


def test_a_scale_is_found_by_its_name_without_regard_to_capitals():
    assert find_scale(PROPOSED_SCALES, "Frequency") is PROPOSED_SCALES[1]
    assert find_scale(PROPOSED_SCALES, "risk") is None


def test_the_midpoint_lies_between_the_lowest_and_the_highest_rating():
    assert [scale.midpoint for scale in PROPOSED_SCALES] == [2.5, 3]
