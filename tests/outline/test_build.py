"""From rows to an outline: identifiers, references and content, every problem once."""

from __future__ import annotations

import pytest

from rds.outline.build import build_outline
from rds.outline.outline import KSA, Domain, Link, Outline, Task
from rds.sheets import read_tables
from tests.workbooks import LEAST, messages, write_study

FORM = "a letter followed by letters and digits, at most 10 characters"
ONCE = "an identifier used once (capitals make no difference)"


@pytest.fixture
def build(tmp_path):
    """Build an outline from sheets; return it and all problems as messages."""

    def built(**sheets):
        tables = read_tables(write_study(tmp_path / "study.xlsx", sheets))
        outline, problems = build_outline(tables.rows)
        return outline, messages([*tables.problems, *problems])

    return built


def domains(*rows, headers=("domain_id", "title")):
    return [list(headers), *map(list, rows)]


def tasks(*rows):
    return [["task_id", "domain_id", "statement"], *([*row, "x"] for row in rows)]


def ksas(*names):
    return [["ksa_id", "kind", "statement"], *([name, "skill", "x"] for name in names)]


def links(*rows):
    return [["task_id", "ksa_id", "level"], *map(list, rows)]


def test_the_least_that_makes_an_outline(build):
    assert build() == (
        Outline((Domain("D1", "Support"),), (Task("T01", "D1", "Listen to people."),)),
        [],
    )


def test_everything_that_is_filled_in_is_in_the_outline(build):
    outline, problems = build(
        Domains=domains(
            ("D1", None, "Support", "Being with people", "40 %", None, 10, 20),
            ("D2", "d1", "Groups", None, None, 0.25, None, None),
            headers=[
                "domain_id",
                "parent_id",
                "title",
                "description",
                "panel_percent",
                "fixed_percent",
                "minimum_items",
                "maximum_items",
            ],
        ),
        Tasks=[
            ["task_id", "domain_id", "statement", "status", "assessed_by", "cognitive_level"],
            ["T01", "d2", "Listen.", "Proposed", "exam; training", "recall"],
        ],
        KSAs=ksas("K01"),
        Linkage=links(("t01", "k01", 3)),
    )
    assert problems == []
    assert outline == Outline(
        domains=(
            Domain("D1", "Support", "", "Being with people", 40, None, 10, 20),
            Domain("D2", "Groups", "D1", fixed_percent=25),
        ),
        tasks=(Task("T01", "D2", "Listen.", "proposed", ("exam", "training"), "recall"),),
        ksas=(KSA("K01", "skill", "x"),),
        links=(Link("T01", "K01", 3),),
    )


@pytest.mark.parametrize("name", ["1D", "D 1", "D-1", "TooLongByOne", "Dé", "7", "D1, D2"])
def test_a_malformed_identifier_is_one_problem_and_not_one_more_for_each_reference(build, name):
    outline, problems = build(
        Domains=domains((name, "a")), Tasks=tasks(("T01", name), ("T02", name))
    )
    assert outline is None
    assert problems == [
        f"study.xlsx, Domains!A2: found “{name}”; wanted {FORM}. To mend: shorten it or remove "
        "other characters."
    ]


def test_ten_characters_are_not_too_many(build):
    outline, problems = build(
        Domains=domains(("D123456789", "a")), Tasks=tasks(("T01", "D123456789"))
    )
    assert (outline.domains[0].domain_id, problems) == ("D123456789", [])


def test_an_identifier_is_used_once_whatever_its_capitals_and_its_sheet(build):
    _, problems = build(
        Domains=domains(("D1", "a"), ("d1", "b")),
        Tasks=tasks(("T01", "D1"), ("T01", "D1")),
        KSAs=ksas("t01"),
    )
    assert problems == [
        f"study.xlsx, {place}: found “{name}”; wanted {ONCE}. To mend: change this one or the one "
        f"at {first}."
        for place, name, first in [
            ("Domains!A3", "d1", "Domains!A2"),
            ("Tasks!A3", "T01", "Tasks!A2"),
            ("KSAs!A2", "t01", "Tasks!A2"),
        ]
    ]


def test_a_task_in_an_unknown_domain_is_told_with_the_nearest_domain(build):
    _, problems = build(
        Domains=domains(("Support", "a"), ("Change", "b")),
        Tasks=tasks(("T01", "Suport"), ("T02", "D9")),
    )
    assert problems == [
        "study.xlsx, Tasks!B2: found “Suport”; wanted one of Support, Change. To mend: write "
        "“Support”.",
        "study.xlsx, Tasks!B3: found “D9”; wanted one of Support, Change. To mend: add “D9” to the "
        "sheet Domains, or change it.",
    ]


def test_every_reference_to_nothing_is_told_by_its_own_name(build):
    _, problems = build(
        KSAs=ksas("K01"),
        Linkage=links(("T01", "K01", 1), ("T09", "K01", 1), ("T01", "K77", 1)),
        Requirements=[
            ["requirement_id", "kind", "statement", "task_ids"],
            ["R1", "training", "x", "T01, Z1, Z2"],
        ],
        Demographics=[["question_id", "question"], ["Q1", "Where?"]],
        Population=[["variable", "category", "percent"], ["q1", "a", 60], ["Q2", "b", 40]],
        Translations=[["statement_id", "language", "text"], ["K01", "es", "x"], ["K9", "es", "y"]],
    )
    assert [problem.partition("; wanted")[0] for problem in problems] == [
        "study.xlsx, Population!A3: found “Q2”",
        "study.xlsx, Linkage!A3: found “T09”",
        "study.xlsx, Linkage!B4: found “K77”",
        "study.xlsx, Requirements!D2: found “Z1”",
        "study.xlsx, Requirements!D2: found “Z2”",
    ]


def test_an_unknown_ksa_across_a_grid_is_one_problem_at_its_header(build):
    grid = [["task_id", "K01", "K09"], ["T01", 1, 2], ["T02", 1, 3]]
    _, problems = build(Tasks=tasks(("T01", "D1"), ("T02", "D1")), KSAs=ksas("K01"), Linkage=grid)
    assert problems == [
        "study.xlsx, Linkage!C1: found “K09”; wanted one of K01. To mend: add “K09” to the sheet "
        "KSAs, or change it."
    ]


def test_links_to_ksas_of_a_study_without_ksas_are_one_problem(build):
    _, problems = build(Linkage=links(("T01", "K01", 1), ("T01", "K02", 2)))
    assert problems == [
        "study.xlsx, Linkage!B2: found “K01”; wanted an identifier of the sheet KSAs, which has "
        "none. To mend: add “K01” to the sheet KSAs, or change it."
    ]


@pytest.mark.parametrize(
    ("sheet", "problem"),
    [
        ([["domain id", "title"], ["D1", "a"]], "Domains!A1: found a column “domain id”"),
        ([["title"], ["a"]], "Domains, row 1: found no column “domain_id”"),
        ([["domain_id", "title"], [None, "a"]], "Domains!A2: found nothing"),
        ([["domain_id", "title"], ["#REF!", "a"]], "Domains!A2: found the error #REF!"),
        ([["domain_id", "title"], ["e.g. D1", "a"]], "Domains: found no rows"),
    ],
)
def test_domains_that_cannot_be_read_do_not_make_problems_of_their_tasks(build, sheet, problem):
    _, problems = build(Domains=sheet)
    assert len(problems) == 1
    assert problems[0].startswith(f"study.xlsx, {problem}")


def test_there_is_no_outline_while_a_sheet_or_a_cell_that_it_needs_is_missing(tmp_path, build):
    assert build(Tasks=[["task_id", "domain_id", "statement"], ["T01", "D1", None]])[0] is None
    path = write_study(tmp_path / "tasks-only.xlsx")
    rows = {name: rows for name, rows in read_tables(path).rows.items() if name != "Domains"}
    assert build_outline(rows) == (None, [])


def test_a_minimum_above_its_maximum_is_told(build):
    headers = ("domain_id", "title", "minimum_items", "maximum_items")
    _, problems = build(Domains=domains(("D1", "a", 12, 10), headers=headers))
    assert problems == [
        "study.xlsx, Domains!C2: found “12”; wanted at most the maximum of 10. To mend: lower the "
        "minimum or raise the maximum."
    ]


def test_a_task_and_ksa_that_are_linked_twice_are_told(build):
    rows = [("T01", "K01", 1), ("t01", "k01", 2)]
    _, problems = build(KSAs=ksas("K01"), Linkage=links(*rows))
    assert problems == [
        "study.xlsx, Linkage!B3: found “k01”; wanted each task and KSA once. To mend: remove one "
        "row."
    ]


def test_domains_in_a_circle_are_one_problem_and_those_below_it_none(build):
    rows = [
        ("D1", "D2", "a"),
        ("D2", "D3", "b"),
        ("D3", "D2", "c"),
        ("D4", "D4", "d"),
        ("D5", "D1", "e"),
    ]
    headers = ("domain_id", "parent_id", "title")
    _, problems = build(Domains=domains(*rows, headers=headers))
    assert problems == [
        f"study.xlsx, {place}; wanted a domain that is not below this one. To mend: change or "
        "remove the parent."
        for place in ("Domains!B3: found “D3”", "Domains!B5: found “D4”")
    ]


def test_a_study_without_a_task_is_told(build):
    assert build(Tasks=LEAST["Tasks"][:1])[1] == [
        "study.xlsx, Tasks: found no rows; wanted at least one row in Tasks. To mend: replace the "
        "example row with your own."
    ]
