"""The workbook of details: every table, in words for people."""

import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from rds.blueprint.plan import Blueprint
from rds.documents.committee import committee_files
from rds.documents.details_workbook.reasons import Reasons
from rds.documents.details_workbook.table_texts import read_texts, table_texts, title_of
from rds.documents.details_workbook.workbook import details_workbook
from rds.documents.tables import blueprint_tables
from rds.documents.version import Version
from rds.notes import Note
from rds.outline.outline import KSA, Link
from tests.documents.examples import DAY_OPENED, built_blueprint, example_blueprint

BUILT = built_blueprint()
TABLES = blueprint_tables(BUILT)


def opened(blueprint: Blueprint, tables=None):
    content = details_workbook(blueprint, tables or blueprint_tables(blueprint))
    return openpyxl.load_workbook(io.BytesIO(content))


def header_row(sheet, first):
    return next(row for row in sheet.iter_rows() if row[0].value == first)


def frame_of(sheet, first):
    """Return the rows below the header whose first cell is given."""
    header = header_row(sheet, first)
    names = [cell.value for cell in header]
    rows = sheet.iter_rows(min_row=header[0].row + 1, values_only=True)
    return pd.DataFrame([row for row in rows if row[0] is not None], columns=names)


def text_of(sheet):
    return "\n".join(str(c) for row in sheet.iter_rows(values_only=True) for c in row if c)


@pytest.fixture(scope="module")
def built():
    return opened(BUILT)


def test_every_table_has_a_sheet_and_a_link_in_the_index(built):
    assert set(TABLES) <= set(built.sheetnames)
    assert built.sheetnames[:3] == ["Index", "Method", "How to read"]
    links = {cell.value: cell.hyperlink.location for cell in built["Index"]["A"] if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in built.sheetnames[1:]}


def test_a_table_shows_its_numbers_and_the_wording_of_its_tasks(built):
    own, table = BUILT, frame_of(built["task_weights"], "task_id")
    assert table["task_id"].tolist() == own.task_weights["task_id"].tolist()
    assert table["wording"].tolist() == [task.statement for task in own.outline.tasks]
    kept = own.task_weights["retained"]
    assert table["weight"][kept.to_numpy()].tolist() == pytest.approx(
        own.task_weights["weight"][kept].tolist()
    )


def test_every_table_begins_with_a_title_and_what_a_row_is(built):
    for name in TABLES:
        sheet = built[name]
        assert sheet["A1"].value == title_of(name)
        assert f"One row is {table_texts().one_row(name)}." in text_of(sheet)


def test_above_every_column_stands_what_it_means(built):
    for name, table in TABLES.items():
        header = header_row(built[name], str(table.columns[0]))
        above = built[name][header[0].row - 1]
        assert all(cell.value for cell, own in zip(above, header, strict=True) if own.value), name


def test_headers_are_frozen_filtered_and_repeated_in_print(built):
    for name, table in TABLES.items():
        sheet = built[name]
        row = header_row(sheet, str(table.columns[0]))[0].row
        assert sheet.freeze_panes.endswith(str(row + 1))
        assert sheet.auto_filter.ref.startswith(f"A{row}:")
        assert sheet.print_title_rows == f"${row}:${row}"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.protection.sheet
        assert not sheet.protection.password


def test_an_empty_cell_shows_a_dash_and_the_reason_that_was_noted():
    note = Note("ties", "domains", "rule", "withheld", "two answers only")
    blueprint = replace(BUILT, notes=(note,))
    ties = pd.DataFrame({"where": ["domains", "cells"], "identifiers": "D1", "rule": [None, "id"]})
    table = frame_of(opened(blueprint, {"ties": ties})["ties"], "where")
    assert table["rule"].tolist() == ["–", "id"]
    assert table["noted"].tolist() == ["rule: two answers only (withheld)", ""]


def test_a_note_about_a_whole_table_stands_above_it_once():
    note = Note("ties", "", "rule", "assumed", "all weights are equal")
    sheet = opened(replace(BUILT, notes=(note, note)))["ties"]
    assert text_of(sheet).count("all weights are equal (assumed).") == 1


def test_a_note_is_for_the_row_that_all_its_words_name():
    reasons = Reasons.of([Note("retention", "T1, declared", "", "assumed", "open")])
    rows = [{"task_id": "T1", "rule": rule} for rule in ("declared", "mean")]
    assert [reasons.of_row("retention", row) for row in rows] == ["open (assumed)", ""]


def test_many_notes_about_a_table_are_counted_and_not_all_shown():
    notes = [Note("ties", "", "rule", "assumed", f"reason {k}") for k in range(9)]
    assert Reasons.of(notes).of_table("ties")[-1] == "and 4 more notes, on the sheet notes."


def test_a_table_without_rows_says_so(built):
    assert "Nothing: this study has no such rows." in text_of(built["waves"])


def test_the_links_of_tasks_and_ksas_have_a_sheet_with_their_wording():
    blueprint = example_blueprint()
    ksas = (KSA("K1", "knowledge", "Rights of people who use services"),)
    outline = replace(blueprint.outline, ksas=ksas, links=(Link("T01", "K1", 3),))
    linked = replace(blueprint, outline=outline)
    table = frame_of(opened(linked, {"ties": blueprint.ties})["linkage"], "task_id")
    assert table[["task_id", "ksa_id", "level"]].values.tolist() == [["T01", "K1", 3]]
    assert table["wording of ksa_id"].tolist() == ["Rights of people who use services"]


def test_numbers_that_are_whole_have_no_decimals_and_small_ones_four(built):
    sheet = built["domain_weights"]
    header = header_row(sheet, "domain_id")
    formats = {own.value: sheet.cell(own.row + 1, own.column).number_format for own in header}
    assert formats["items"] == "0_)"
    assert formats["weight"] == "0.0000_)"
    assert formats["quota"] == "0.00_)"


@pytest.mark.parametrize("text", ["=1+1", "+41", "-3 is text", "@here"])
def test_text_that_looks_like_a_formula_stays_text(text):
    ties = pd.DataFrame({"where": [text], "identifiers": [text], "rule": [text]})
    sheet = opened(BUILT, {"ties": ties})["ties"]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert [cell.data_type for cell in found] == ["s"] * 3


def test_the_method_names_the_tie_the_notes_and_the_rationale():
    notes = [Note("reliability", "D1", "value", "withheld", "2 tasks only")]
    blueprint = example_blueprint(notes=notes, ties=[("domains", "D1, D2", "larger weight")])
    text = text_of(opened(blueprint, {"ties": blueprint.ties})["Method"])
    for said in ("D1, D2", "larger weight", "2 tasks only", blueprint.settings.weights.rationale):
        assert said.casefold() in text.casefold()


def test_notes_that_differ_only_in_their_row_stand_together_in_the_method():
    notes = [
        Note("statement_ratings", f"T{i:02}", "mean", "withheld", "4 answers") for i in range(50)
    ]
    blueprint = example_blueprint(notes=notes)
    table = frame_of(opened(blueprint, {"ties": blueprint.ties})["Method"], "Kind")
    (rows,) = table["Rows"][table["Kind"] == "withheld"]
    assert rows.startswith("T00; T01;")
    assert rows.endswith("T19; and 30 more")


def test_both_workbooks_come_with_the_same_version_and_the_same_bytes_each_time():
    blueprint = BUILT
    version = Version(4, fingerprint="abc123")
    made = [committee_files(blueprint, TABLES, date=DAY_OPENED, version=version) for _ in "ab"]
    assert made[0] == made[1]
    assert set(made[0]) == {"restricted/blueprint.xlsx", "restricted/details.xlsx"}
    for content in made[0].values():
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        assert "version 4" in str(workbook.worksheets[0]["A2"].value)


def test_the_words_about_tables_are_read_from_the_documentation():
    text = (
        "| table | one row is | columns |\n|---|---|---|\n| ties | a `tie` | where, rule |\n\n"
        "## How to read them\n\n* **where**: the\n  place.\n* **rule** in `ties`: what decided.\n\n"
        "## The columns in words\n\n| column | meaning |\n|---|---|\n| rule | the rule |\n"
        "| ties.rule | what decided |\n"
    )
    found = read_texts(text)
    assert found.one_row("ties") == "a tie"
    assert (found.meaning("ties", "rule"), found.meaning("waves", "rule")) == (
        "what decided", "the rule",
    )  # fmt: skip
    assert found.remarks == (("where", "the place."), ("rule", "in ties: what decided."))
