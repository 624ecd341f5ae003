"""The exhibits of the notebook say what the numbers give."""

import pytest

from rds.demo import massachusetts_exhibits as exhibits
from rds.demo.massachusetts_report import read_report

BUILDERS = (
    exhibits.importance_by_group,
    exhibits.possible_means,
    exhibits.table_10_tests,
    exhibits.table_10_solutions,
    exhibits.table_9_contrasts,
    exhibits.focus_group,
    exhibits.changes_over_time,
    exhibits.importance_against_support,
    exhibits.support_extremes,
    exhibits.inconsistencies_found,
)


@pytest.fixture(scope="module")
def report():
    return read_report()


def by_statement(exhibit):
    return exhibit.as_frame().set_index("statement")


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
def test_every_exhibit_has_a_title_notes_and_no_hole(build, report):
    exhibit = build(report)
    view = exhibit
    assert view.title
    assert view.notes
    assert view.table.notna().all(axis=None)
    assert view.title in repr(exhibit)
    assert "<caption" in exhibit._repr_html_()


def test_the_two_impossible_means_are_named(report):
    view = exhibits.possible_means(report)
    assert view.title.endswith("231 of 233")
    assert view.notes[:2] == (
        "Appendix G: 15 answers cannot have the mean 3.79 of T20.",
        "Appendix G: 15 answers cannot have the mean 3.71 of T23.",
    )


def test_groups_are_compared_by_rank_with_ties(report):
    table = by_statement(exhibits.importance_by_group(report))
    assert table.index[0] == "T23"
    assert table["rank, participants"][["K15", "T08", "T17", "T25"]].tolist() == ["5–8"] * 4
    assert table.loc["T01", ["rank, participants", "rank, supervisors"]].tolist() == ["13–15", "2"]
    assert table["places lower"]["T01"] == 2 - 13


def test_table_9_says_why_it_cannot_be_tested_again(report):
    notes = exhibits.table_9_contrasts(report).notes
    assert notes[0].startswith("No test: the report prints no SD for T03, T04")
    assert "Below .05: 7 of 11" in notes[1]


def test_the_focus_group_is_worked_out(report):
    exhibit = exhibits.focus_group(report)
    assert exhibit.title.endswith("18 of 18 statements")
    # 43 × 3.88 gives 167, 28 × 3.82 gives 107: everybody in the focus group chose 4.
    assert by_statement(exhibit).loc[
        "T08", ["total, focus group", "mean, focus group"]
    ].tolist() == [60, 4]


def test_rises_and_falls_are_counted(report):
    note = exhibits.changes_over_time(report).notes[1]
    assert note == (
        "From T1 to T2 23 of 25 rose and 2 fell. From T2 to T3 5 of 25 rose and 19 fell (1 stayed)."
    )


def test_what_is_important_and_not_supported_comes_first(report):
    table = by_statement(exhibits.importance_against_support(report))
    assert table.index[:2].tolist() == ["T13", "T25"]
    assert table["places lower"].is_monotonic_decreasing


def test_lists_of_support_hold_what_the_report_left_out(report):
    table = exhibits.support_extremes(report).as_frame()
    left_out = table.loc[~table["in the report’s list"], ["group", "support", "statement"]]
    assert left_out.to_numpy().tolist() == [
        ["participants, T3", "lowest", "T06"],
        ["supervisors", "highest", "T08"],
        ["supervisors", "lowest", "T13"],
    ]
