"""Copies of the committee's workbook, read whatever was done to rows, columns and formats."""

import copy
import io
import random

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rds.cells import Cell
from rds.documents.blueprint_workbook.inputs import BLUEPRINT, EXAM, EXAM_LENGTH, Input
from rds.documents.review_copy import read_copy, read_input
from rds.study.review_issue import issued_reviews
from rds.study.review_lines import edits
from rds.study.study import Study
from tests.study.reviews import column_of, issued_study

QUICK = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TABLES = {"Blueprint": "Domain", "Tasks": "Task", "Comments": "Row", "Sign-off": "Role"}


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    made = issued_study(tmp_path_factory.mktemp("copies"))
    return Issued(issued_reviews(Study.open(made).folder)[0])


class Issued:
    """A version that was issued; its representation is short, as Hypothesis wants it."""

    def __init__(self, review):
        self.inputs, self.workbook, self.values = review.inputs, review.workbook, review.values

    def __repr__(self):
        return "Issued(…)"


def differences(issued, path):
    read = read_copy(path, issued.inputs, issued.workbook)
    return read, edits(issued.values, read)


def opened(issued):
    return openpyxl.load_workbook(io.BytesIO(issued.workbook.read_bytes()))


def block(page, header, rows=None):
    """Return the place of a table: its header row, last row and last column."""
    top, _ = column_of(page, header)
    last = top
    while page.cell(last + 1, 1).value and page.cell(last + 1, 1).value != "Total":
        last += 1
    return top, last, page.max_column


def values(page, rows, width):
    return [[copy.copy(page.cell(row, c).value) for c in range(1, width + 1)] for row in rows]


def write(page, top, lines):
    for row, line in enumerate(lines, start=top):
        for column, value in enumerate(line, start=1):
            cell = page.cell(row, column)
            if not isinstance(cell, openpyxl.cell.cell.MergedCell):
                cell.value = value


def shuffle_rows(page, header, random_):
    top, last, width = block(page, header)
    lines = values(page, range(top + 1, last + 1), width)
    random_.shuffle(lines)
    write(page, top + 1, lines)


def move_columns(page, header, random_):
    for area in list(page.merged_cells.ranges):
        page.unmerge_cells(str(area))
    order = list(range(page.max_column))
    if page.title == "Blueprint":
        # The labels of the exam length and their values stand side by side above the table.
        order = [*order[:3], *random_.sample(order[3:], len(order) - 3)]
    else:
        random_.shuffle(order)
    top, _, width = block(page, header)
    lines = values(page, range(top, page.max_row + 1), width)
    write(page, top, [[line[at] for at in order] for line in lines])


def add_rows(page, _, random_):
    page.insert_rows(1, random_.randint(1, 3))
    page["A1"] = "seen by the panel"


def new_formats(page, *_):
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, (int, float)):
                cell.number_format = ["0 %", "0.000", "yyyy-mm-dd"][cell.row % 3]


CHANGES = {
    "shuffled": shuffle_rows,
    "moved": move_columns,
    "added": add_rows,
    "format": new_formats,
}


@QUICK
@given(
    seed=st.integers(0, 10**6),
    kinds=st.lists(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=3, unique=True),
    sheet=st.booleans(),
)
def test_a_copy_without_edits_gives_no_difference(issued, tmp_path, seed, kinds, sheet):
    random_ = random.Random(seed)
    workbook = opened(issued)
    for name, header in TABLES.items():
        # Rows go in last: they move what the others look for.
        for kind in sorted(kinds, key=lambda own: own == "added"):
            CHANGES[kind](workbook[name], header, random_)
    if sheet:
        workbook.create_sheet("Tasks of mine", 0)["A1"] = "Task"
    path = tmp_path / "copy.xlsx"
    workbook.save(path)
    read, found = differences(issued, path)
    assert found == ()
    assert read.locked == ()


@QUICK
@given(position=st.integers(0, 10**6), shuffled=st.booleans())
def test_every_single_edit_is_found_as_exactly_that(issued, tmp_path, position, shuffled):
    own = issued.inputs[position % len(issued.inputs)]
    new = {
        "whole": (own.value or 0) + 3 if own.kind == "whole" else 0,
        "choice": next((c for c in own.choices if c != own.value), ""),
        "text": "+1 for it",
        "date": "2026-11-21",
    }[own.kind]
    workbook = opened(issued)
    page = workbook[own.sheet]
    cell = _cell_of(page, own)
    cell.value = new
    cell.data_type = "s" if isinstance(new, str) else "n"
    if shuffled and own.sheet in TABLES:
        shuffle_rows(page, TABLES[own.sheet], random.Random(1))
    path = tmp_path / "copy.xlsx"
    workbook.save(path)
    read, found = differences(issued, path)
    assert [(e.sheet, e.key, e.field, e.found) for e in found] == [
        (own.sheet, own.key, own.field, new)
    ]
    assert read.locked == ()


def _cell_of(page, own):
    if not own.identified_by:
        row, column = column_of(page, own.header)
        return page.cell(row, column + 1)
    top, column = column_of(page, own.header)
    columns = [column_of(page, name)[1] for name in own.identified_by]
    for row in range(top + 1, page.max_row + 1):
        if tuple(str(page.cell(row, at).value) for at in columns) == own.row:
            return page.cell(row, column)
    raise LookupError(own.key)


def test_the_exam_length_is_found_where_its_column_went(issued, tmp_path):
    workbook = opened(issued)
    page = workbook["Blueprint"]
    for area in list(page.merged_cells.ranges):
        page.unmerge_cells(str(area))
    row, column = column_of(page, EXAM_LENGTH)
    page.cell(row, column + 12).value = 130
    page.cell(row, column + 1).value = None
    path = tmp_path / "copy.xlsx"
    workbook.save(path)
    assert differences(issued, path)[0].values[BLUEPRINT, EXAM, "items"] == 130


@pytest.mark.parametrize(
    ("value", "kind", "wanted"),
    [
        (12.0, "whole", 12),
        ("12", "whole", 12),
        ("1200 %", "whole", 12),
        ("KEEP ", "choice", "keep"),
        (46347, "date", "2026-11-21"),
        ("21 November 2026", "date", "2026-11-21"),
        (5, "text", "5"),
        ("", "text", None),
    ],
)
def test_inputs_are_read_whatever_their_format(value, kind, wanted):
    own = Input("Tasks", "T07", "x", "X", (), (), None, kind, ("keep", "drop"))
    assert read_input(Cell("Tasks!A1", value, str(value)), own) == wanted
