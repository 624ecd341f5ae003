"""study.xlsx holds what was given, reads back the same, and helps people to fill it in."""

from __future__ import annotations

import datetime
import io
import subprocess
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rds.columns import EXAMPLE_MARK, READ_ME, SHEETS, Column
from rds.documents.study_read_me import STAGES
from rds.documents.study_workbook import study_workbook
from rds.scales import PROPOSED_SCALES, build_scales
from rds.settings import PROPOSED_SETTINGS, list_settings, setting_keys
from rds.settings_reader import settings_from_rows, validate_settings
from rds.sheets import read_tables
from rds.values import read_text
from tests.workbooks import save_again

DAY = datetime.date(2026, 3, 1)
TABLES = [sheet for sheet in SHEETS if sheet.name != "Settings"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "study.xlsx"


def written(path, rows=None, **options):
    path.write_bytes(study_workbook(rows, **options, date=DAY))
    return path


def opened(path):
    return openpyxl.load_workbook(path)


def read_rows(path):
    """Return what is read from a workbook in the form that the writer takes."""
    tables = read_tables(path)
    assert tables.problems == ()
    return {name: [dict(row.values) for row in rows] for name, rows in tables.rows.items()}


TEXTS = (
    st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Cn"), include_characters="\n"), min_size=1
    )
    .map(read_text)
    .filter(lambda text: text and not text.casefold().startswith(EXAMPLE_MARK))
    .filter(lambda text: read_text(text) == text)
)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,9}", fullmatch=True)


def value_of(column: Column):
    """Draw a value as `read_tables` returns it."""
    if column.kind in ("names", "identifiers"):
        part = st.sampled_from(column.choices) if column.choices else NAMES
        return st.lists(part, min_size=1, max_size=3).map(tuple)
    if column.kind == "whole" and column.choices:
        return st.sampled_from(column.choices).map(int)
    if column.choices and column.kind != "yes/no":
        return st.sampled_from(column.choices)
    return {
        "text": TEXTS,
        "identifier": NAMES,
        "whole": st.integers(0, 10**9),
        "percent": st.integers(0, 1_000_000).map(lambda number: number / 10_000),
        "date": st.dates(datetime.date(1950, 1, 1), datetime.date(2150, 1, 1)),
        "yes/no": st.booleans(),
    }[column.kind]


def row_of(sheet):
    """Draw a row of a sheet; cells that may be empty sometimes are, but not all of a row."""
    return st.fixed_dictionaries(
        {c.name: value_of(c) if c.required else st.none() | value_of(c) for c in sheet.columns}
    ).filter(lambda row: any(cell is not None for cell in row.values()))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {sheet.name: st.lists(row_of(sheet), min_size=1, max_size=2) for sheet in TABLES}
    )
)
def test_every_row_that_is_written_is_read_back(tmp_path_factory, rows):
    path = written(tmp_path_factory.mktemp("rows") / "study.xlsx", rows)
    assert {name: table for name, table in read_rows(path).items() if name != "Settings"} == rows


def test_a_workbook_written_from_what_was_read_is_the_same_to_the_byte(path):
    domains = [{"domain_id": "D1", "title": "Support", "panel_percent": 0.5}]
    written(path, {"Domains": domains}, settings={"blueprint.items": 120, "study.title": "=1+1"})
    assert study_workbook(read_rows(path), date=DAY) == path.read_bytes()


def test_what_people_type_is_written_as_what_it_is(path):
    typed = {"domain_id": "D1", "title": "=A1", "panel_percent": "62 %", "minimum_items": "10"}
    meeting = {"date": "1 March 2026", "decisions": "a\rb\x0bc"}
    written(path, {"Domains": [typed], "Meetings": [meeting]})
    sheet = opened(path)["Domains"]
    assert [sheet[cell].value for cell in ("C2", "E2", "G2")] == ["=A1", 62, 10]
    assert sheet["C2"].data_type == "s"
    rows = read_rows(path)
    assert rows["Domains"][0]["title"] == "=A1"
    assert rows["Meetings"][0]["date"] == DAY
    assert rows["Meetings"][0]["decisions"] == "a\nb\nc"


def test_what_cannot_be_read_is_kept_as_it_was_typed(path):
    written(path, {"Meetings": [{"date": "03/04/2026"}]})
    assert opened(path)["Meetings"]["A2"].value == "03/04/2026"


def test_a_percentage_below_1_is_not_taken_for_a_share(path):
    written(path, {"Domains": [{"domain_id": "D1", "title": "a", "panel_percent": 0.5}]})
    tables = read_tables(path)
    assert tables.rows["Domains"][0].values["panel_percent"] == 0.5
    assert tables.assumed == ()


def test_settings_are_written_from_rows_and_from_values_and_the_values_win(path):
    rows = [
        {"setting": "blueprint.items", "value": 90},
        {"setting": "study.title", "value": "A"},
        {"setting": "sampling.margin", "value": 0.04},
    ]
    written(path, {"Settings": rows}, settings={"blueprint.items": 120, "study.opened": DAY})
    given, problems = settings_from_rows(read_tables(path).rows["Settings"])
    read, more = validate_settings(given)
    assert [*problems, *more] == []
    assert (read.blueprint.items, read.study.title, read.study.opened) == (120, "A", DAY)
    assert read.sampling.margin == 4


def test_levels_of_the_study_take_the_place_of_the_defaults(path):
    levels = {"recall": 60, "judging": 40}
    said = {f"blueprint.cognitive_levels.{name}": value for name, value in levels.items()}
    written(path, settings=said)
    read, problems = validate_settings(settings_from_rows(read_tables(path).rows["Settings"])[0])
    assert problems == []
    assert read.blueprint.cognitive_levels == levels


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"Task": []}, "“Task” is no sheet of study.xlsx; wanted “Tasks”."),
        ({"Mine": []}, "“Mine” is no sheet of study.xlsx."),
        ({"Tasks": [{"statment": "x"}]}, "“statment” is no column of the sheet Tasks; wanted “sta"),
        ({"Settings": [{"setting": "blueprint.itmes"}]}, "“blueprint.itmes” is no setting; wanted"),
        ({"Sources": [{"source_id": "S1", "citation": "x" * 32_768}]}, "A text of 32768 char"),
    ],
)
def test_what_nobody_would_read_cannot_be_written(rows, message):
    with pytest.raises(ValueError, match=r"wanted|is no|too long") as refused:
        study_workbook(rows, date=DAY)
    assert str(refused.value).startswith(message)


def test_the_same_content_and_date_give_the_same_bytes():
    assert study_workbook(date=DAY) == study_workbook(date=DAY)
    with zipfile.ZipFile(io.BytesIO(study_workbook(date=DAY))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 3, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2026-03-01T00:00:00Z") == 2


def test_sheets_stand_in_order_behind_the_guidance_and_none_is_ignored(path):
    names = [sheet.name for sheet in SHEETS]
    assert opened(written(path)).sheetnames == [READ_ME, *names]
    tables = read_tables(path)
    assert (list(tables.rows), tables.ignored, tables.assumed) == (names, (), ())


def test_the_guidance_names_every_sheet_once_and_the_next_command(path):
    named = [name for names in STAGES.values() for name in names]
    assert sorted(named) == sorted(sheet.name for sheet in SHEETS)
    sheet = opened(written(path))[READ_ME]
    text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert "rds check" in text
    assert all(known.purpose in text for known in SHEETS)
    assert {cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink} == {
        f"'{name}'!A1" for name in named
    }


def test_headers_are_bold_explained_frozen_and_filtered(path):
    workbook = opened(written(path))
    for sheet in SHEETS:
        page = workbook[sheet.name]
        headers = page[1]
        assert [cell.value for cell in headers] == [column.name for column in sheet.columns]
        assert all(cell.font.bold for cell in headers)
        for cell, column in zip(headers, sheet.columns, strict=True):
            assert column.meaning in cell.comment.text
        assert page.freeze_panes == "B2"
        assert page.auto_filter.ref.startswith("A1:")
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage


def test_an_empty_sheet_has_one_example_and_a_filled_one_none(path):
    workbook = opened(written(path, {"Domains": [{"domain_id": "D1", "title": "Support"}]}))
    for sheet in TABLES:
        example = workbook[sheet.name]["A2"]
        is_example = str(example.value).startswith(f"{EXAMPLE_MARK} ")
        assert is_example is (sheet.name not in ("Domains", "Scales"))
        assert example.font.italic is is_example
        assert workbook[sheet.name].max_row == 2 or sheet.name == "Scales"


def test_a_new_study_starts_with_the_proposed_scales_and_settings(path):
    rows = read_tables(written(path)).rows
    assert build_scales(rows["Scales"]) == (PROPOSED_SCALES, [])
    given, _ = settings_from_rows(rows["Settings"])
    assert {key: given[key][0] for key in PROPOSED_SETTINGS} == PROPOSED_SETTINGS


def test_every_setting_stands_there_with_default_and_meaning(path):
    sheet = opened(written(path))["Settings"]
    listed = {
        row[0].value: (row[2].value or "", row[3].value) for row in sheet.iter_rows(min_row=2)
    }
    assert list(listed) == list(setting_keys())
    assert listed["blueprint.items"] == ("100", "Scored items on a form.")
    assert listed["study.opened"][0] == "2026-03-01"
    assert listed["approval.roles"][0] == "panel chair, board"
    fills = {cell.fill.fgColor.rgb for cell in sheet["A"][1:] + sheet["C"][1:]}
    assert len(fills) == 1
    assert fills.isdisjoint(cell.fill.fgColor.rgb for cell in sheet["B"][1:])


def rules(page):
    """Return the checks of a page while people type, by their first cell."""
    return {
        str(rule.sqref).partition(":")[0]: rule for rule in page.data_validations.dataValidation
    }


def test_closed_values_are_offered_in_lists(path):
    workbook = opened(written(path))
    assert rules(workbook["KSAs"])["B2"].formula1 == '"knowledge,skill,ability,attitude"'
    assert rules(workbook["Linkage"])["C2"].formula1 == '"1,2,3"'
    rows = {row[0].value: row[0].row for row in workbook["Settings"].iter_rows(min_row=2)}
    for setting in list_settings():
        if setting.column.choices:
            rule = rules(workbook["Settings"])[f"B{rows[setting.key]}"]
            assert rule.formula1 == f'"{",".join(setting.column.choices)}"'


def test_references_are_offered_from_the_sheet_they_refer_to(path):
    rule = rules(opened(written(path))["Tasks"])["B2"]
    assert rule.type == "list"
    assert rule.formula1.startswith("Domains!$A$2:INDEX(")


def test_nothing_that_people_type_is_refused_while_they_type(path):
    workbook = opened(written(path))
    found = [rule for page in workbook for rule in page.data_validations.dataValidation]
    assert {rule.type for rule in found} == {"list", "whole", "decimal", "date"}
    assert {rule.errorStyle for rule in found} == {"warning"}


def test_a_long_statement_gets_a_row_that_is_tall_enough(path):
    task = {"task_id": "T01", "domain_id": "D1", "statement": "Listen to people. " * 12}
    page = opened(written(path, {"Tasks": [task]}))["Tasks"]
    assert page["C2"].alignment.wrap_text
    assert page.row_dimensions[2].height > 30


def test_another_program_may_save_the_workbook_and_it_reads_the_same(path):
    rows = {
        "Domains": [{"domain_id": "D1", "title": "Support", "panel_percent": 0.5}],
        "Meetings": [{"date": DAY, "decisions": "one\ntwo"}],
        "Panel": [{"sme_id": "SME01", "served": True, "nominated": DAY}],
    }
    assert read_rows(save_again(written(path, rows))) == read_rows(path)


@pytest.mark.libreoffice
def test_libreoffice_may_save_the_workbook_and_it_reads_the_same(path):
    domains = [{"domain_id": "D1", "title": "Support", "panel_percent": 0.5, "minimum_items": 3}]
    written(path, {"Domains": domains, "Meetings": [{"date": DAY, "decisions": "one\ntwo"}]})
    command = ["soffice", f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"]
    command += ["--headless", "--convert-to", "xlsx", "--outdir", str(path.parent / "saved")]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=180)
    saved = path.parent / "saved" / path.name
    assert read_rows(saved) == read_rows(path)
    assert rules(opened(saved)["Tasks"])["B2"].formula1.startswith("Domains!$A$2:INDEX(")


def test_what_was_written_before_changes_no_byte():
    first = study_workbook(date=DAY)
    study_workbook({"Domains": [{"domain_id": "D1", "title": "One"}]}, date=DAY)
    assert study_workbook(date=DAY) == first


def test_the_workbook_carries_its_study_kind_and_format():
    content = study_workbook(settings={"study.id": "cps-2026"}, date=DAY)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        properties = archive.read("docProps/custom.xml").decode()
    assert "cps-2026" in properties
    assert "study workbook" in properties
