"""The committee's workbook: what it says, what may be changed in it, how it prints."""

import datetime
import io
import math
import re
import zipfile
from dataclasses import replace
from typing import get_args

import openpyxl
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl.cell import MergedCell

from rds.blueprint.apportion import allocate
from rds.documents.blueprint_workbook import words
from rds.documents.blueprint_workbook.hamilton import identifier_order, steps
from rds.documents.blueprint_workbook.inputs import FINGERPRINT, STUDY, VERSION, inputs
from rds.documents.blueprint_workbook.plan import read_plan
from rds.documents.blueprint_workbook.summary import ratings_sentence
from rds.documents.blueprint_workbook.workbook import blueprint_workbook, write_workbook
from rds.documents.version import Version
from rds.notes import NoteKind
from rds.outline.outline import Domain, Task
from rds.ratings.ratings import Nature
from tests.documents.examples import (
    LEVELS,
    RECONSTRUCTED,
    SIMULATED,
    TITLES,
    bounded_blueprint,
    built_blueprint,
    decided_blueprint,
    differing_blueprint,
    example_blueprint,
    example_tasks,
    many_tasks,
    parts_blueprint,
    tied_blueprint,
)
from tests.documents.libreoffice import formulas, values

SHEETS = [
    "Read me", "Summary", "Blueprint", "Tasks", "Weights", "Differences", "Comments", "Sign-off",
]  # fmt: skip
DAY = datetime.date(2026, 11, 21)
APPROVED = Version(2, "approved", fingerprint="0123456789abcdef" * 4, approved_on=DAY)

# performance.md, section 3: functions that recalculate alike in Excel and LibreOffice.
FUNCTIONS = {
    "SUM", "SUMPRODUCT", "INT", "ROUND", "IF", "ABS", "OR", "LEFT", "LEN", "TRIM", "COUNT", "INDEX",
    "MATCH",
}  # fmt: skip

EXAMPLES = {
    "plain": example_blueprint,
    "tied": tied_blueprint,
    "bounded": bounded_blueprint,
    "built": built_blueprint,
    "one level": lambda: example_blueprint(levels={"all": 100.0}),
    "dropped": lambda: example_blueprint(dropped=["T03", "T06"], pretest_items=20),
}


@pytest.fixture(scope="module")
def plain():
    return opened(example_blueprint())


@pytest.fixture(scope="module", params=EXAMPLES)
def content(request):
    return blueprint_workbook(EXAMPLES[request.param]())


def opened(blueprint, *, stored=True):
    return openpyxl.load_workbook(io.BytesIO(blueprint_workbook(blueprint)), data_only=stored)


def rows(sheet, first_header, which=0):
    """Return the rows of a table whose first header is given, as dicts, up to an empty row."""
    start = [c.row for c in sheet["A"] if c.value == first_header][which]
    headers = [cell.value for cell in sheet[start] if cell.value]
    found = []
    for row in sheet.iter_rows(start + 1, sheet.max_row, 1, len(headers), values_only=True):
        if row[0] is None:
            break
        found.append(dict(zip(headers, row, strict=True)))
    return found


def cell_of(workbook, own):
    """Return the cell of an input, found by what can be read: headers and identifiers."""
    sheet = workbook[own.sheet]
    if not own.identified_by:
        (label,) = [c for row in sheet.iter_rows() for c in row if c.value == own.header]
        return sheet.cell(label.row, label.column + 1)
    wanted = {*own.identified_by, own.header}
    for header in sheet.iter_rows():
        places = {cell.value: cell.column for cell in header if cell.value in wanted}
        if places.keys() != wanted:
            continue
        for row in range(header[0].row + 1, sheet.max_row + 1):
            texts = tuple(sheet.cell(row, places[name]).value for name in own.identified_by)
            if texts == own.row:
                return sheet.cell(row, places[own.header])
    return None


def text_of(workbook):
    return {
        sheet.title: "\n".join(
            str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell
        )
        for sheet in workbook
    }


# What it says


def test_the_sheets_come_in_the_order_in_which_they_are_read(plain):
    assert plain.sheetnames == SHEETS


def test_every_sheet_says_in_words_that_it_is_a_draft_and_restricted(plain):
    for text in text_of(plain).values():
        assert "DRAFT, not approved" in text
        assert "Restricted" in text


def test_read_me_names_credential_sponsor_and_date():
    blueprint = example_blueprint()
    workbook = openpyxl.load_workbook(io.BytesIO(blueprint_workbook(blueprint, date=DAY)))
    text = text_of(workbook)["Read me"]
    assert blueprint.settings.study.credential in text
    assert blueprint.settings.study.sponsor in text
    assert "2026-11-21" in text


def test_without_a_date_the_workbook_carries_the_day_the_study_was_opened(plain):
    assert "2026-03-01" in text_of(plain)["Summary"]


def test_read_me_claims_no_accreditation(plain):
    assert "only an accrediting body can say that" in text_of(plain)["Read me"]


def test_simulated_and_reconstructed_data_are_announced_on_every_sheet():
    text = text_of(opened(example_blueprint(notes=[SIMULATED, RECONSTRUCTED])))
    for sheet in SHEETS:
        assert "SIMULATED DATA" in text[sheet]
        assert "only n and means are real" in text[sheet]


def test_peoples_answers_need_no_announcement(plain):
    assert "SIMULATED" not in "".join(text_of(plain).values())


def test_summary_shows_the_blueprints_own_numbers(plain):
    blueprint = example_blueprint()
    table = rows(plain["Summary"], "Domain")
    weights = blueprint.domain_weights
    assert [row["Items"] for row in table] == [*weights["items"], 100]
    assert [row["Percent of exam"] for row in table[:-1]] == pytest.approx(
        list(100 * weights["adopted_weight"])
    )
    assert [row["Tasks"] for row in table] == [5, 3, 4, 12]
    assert [row["Items if all ratings were equal"] for row in table] == [42, 25, 33, 100]
    assert [row["Difference"] for row in table[:-1]] == [
        -moved for moved in blueprint.sensitivity["items_moved"]
    ]


def test_the_sentence_about_the_ratings_agrees_with_massachusetts():
    # methods.md 2.9: 44.8/31.4/23.8 against 44/32/24 from 11/8/6 tasks: 0.8 points, 1 item.
    tasks = [
        Task(f"T{i:02}", domain, "Do it.")
        for i, domain in enumerate(["D1"] * 11 + ["D2"] * 8 + ["D3"] * 6)
    ]
    shares = {"D1": 44.8 / 11, "D2": 31.4 / 8, "D3": 23.8 / 6}
    means = pd.DataFrame(
        {"importance": [shares[task.domain_id] for task in tasks], "frequency": 1.0},
        index=[task.task_id for task in tasks],
    )
    plan = read_plan(example_blueprint(tasks=tasks, means=means), date=DAY)
    assert "moved 0.8 percent of the exam, or 1 of 100 items" in ratings_sentence(plan)


def test_the_sentence_says_so_when_ratings_move_nothing():
    plan = read_plan(tied_blueprint(), date=DAY)
    assert "moved 0.0 percent of the exam, which is no whole item" in ratings_sentence(plan)


def test_without_a_baseline_nothing_is_said_about_it():
    blueprint = example_blueprint()
    workbook = opened(replace(blueprint, sensitivity=blueprint.sensitivity.head(0)))
    assert "Difference" not in text_of(workbook)["Summary"]
    assert "was not computed" in text_of(workbook)["Summary"]


def test_the_chart_puts_the_first_domain_on_top_and_has_a_text_for_those_who_cannot_see_it():
    with zipfile.ZipFile(io.BytesIO(blueprint_workbook(example_blueprint()))) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert '<c:orientation val="maxMin"/>' in chart
    assert '<c:showSerName val="1"/>' not in chart
    assert f"{TITLES[0]} 42" in drawing


def test_blueprint_shows_the_blueprints_own_cells(plain):
    blueprint = example_blueprint()
    table = rows(plain["Blueprint"], "Domain")
    for level in LEVELS:
        cells = blueprint.cells[blueprint.cells["cognitive_level"] == level]
        column = [row[level.capitalize()] for row in table]
        assert column == [*cells["items"], cells["items"].sum()]
    assert {row["Check"] for row in table} == {"OK"}
    assert table[-1]["Sum"] == 100


def test_levels_stand_beside_their_targets(plain):
    labels = {row[1].value: [cell.value for cell in row[5:8]] for row in plain["Blueprint"]}
    assert labels["Target of the level"] == pytest.approx([30, 50, 20])
    # 13 + 8 + 10 = 31 for recall, 21 + 13 + 16 = 50, 8 + 5 + 6 = 19
    assert labels["Difference from the target"] == [1, 0, -1]


def test_issued_cells_stand_and_add_up_both_ways_and_other_lengths_are_a_preview():
    blueprint = built_blueprint(50)
    formulas_, values_ = opened(blueprint, stored=False), opened(blueprint)
    table, issued = (rows(book["Blueprint"], "Domain") for book in (formulas_, values_))
    form = blueprint.cells[blueprint.cells["set"] == "form"]
    steps_ = [row for row in formulas_["Blueprint"].iter_rows() if row[1].value == "items"]
    for column, level in enumerate(LEVELS, start=2):
        own = form[form["cognitive_level"] == level]["items"].tolist()
        assert [row[level.capitalize()] for row in issued] == [*own, sum(own)]
        assert [row[level.capitalize()] for row in table[:-1]] == own
        for items, row in zip(own, steps_, strict=True):
            assert f"=50,{items}," in row[column].value
    assert [issued[-1][level.capitalize()] for level in LEVELS] == [15, 25, 10]
    assert {row["Check"] for row in issued} == {"OK"}
    assert "found for all domains and levels together" in text_of(values_)["Blueprint"]


def test_a_cell_total_that_misses_its_domain_is_named():
    blueprint = example_blueprint()
    blueprint.cells.loc[0, "items"] -= 3
    checks = [row["Check"] for row in rows(opened(blueprint)["Blueprint"], "Domain")]
    assert checks == ["3 short", "OK", "OK", "3 short"]


def test_a_domain_outside_its_bounds_is_named():
    domains = [Domain("D1", TITLES[0], maximum_items=40), Domain("D2", "", minimum_items=27)]
    blueprint = example_blueprint(domains=[*domains, Domain("D3", TITLES[2])])
    checks = [row["Check"] for row in rows(opened(blueprint)["Blueprint"], "Domain")]
    assert checks == ["2 above maximum", "1 below minimum", "OK", "OK"]


def test_pretest_items_stand_apart():
    sheet = opened(example_blueprint(pretest_items=20))["Blueprint"]
    (start,) = [cell.row for cell in sheet["A"] if cell.value == "Pretest items (not scored)"]
    assert [row[0].value for row in sheet.iter_rows(start + 2, start + 5)][-1] == "Total"
    assert sheet.cell(start + 5, 6).value == 20


def test_tasks_show_what_respondents_said_rank_and_percent(plain):
    blueprint = example_blueprint()
    table = rows(plain["Tasks"], "Task")[:-1]
    weights = blueprint.task_weights
    assert [row["Percent of exam"] for row in table] == pytest.approx(
        list(weights["percent_of_exam"])
    )
    assert [row["Rank"] for row in table] == list(
        weights["combined"].rank(ascending=False, method="min")
    )
    # The first task: 2.8 of importance, 1.5 of frequency; 61 performers rated, 64 said how often.
    assert table[0]["What respondents said"] == (
        "Importance 2.8, near “High”. Frequency 1.5, between “Monthly” and “Daily”. "
        "95 of 100 perform it. 64 ratings."
    )


def test_the_rule_and_what_it_found_stand_beside_every_task():
    table = rows(opened(built_blueprint())["Tasks"], "Task")
    rules = built_blueprint().analysis.retention
    declared = rules[rules["rule"] == "declared"].set_index("task_id")["verdict"]
    assert [row["The rule says"] for row in table[:-1]] == list(declared)
    assert all("needed" in row["Why"] or "too near" in row["Why"] for row in table[:-1])


def test_a_dropped_task_stays_on_the_list_without_rank_and_weight():
    table = rows(opened(example_blueprint(dropped=["T03"]))["Tasks"], "Task")
    dropped = {row["Task"]: row for row in table}["T03"]
    assert (dropped["Status"], dropped["Rank"], dropped["Percent of exam"]) == ("dropped", "–", 0)
    assert table[-1]["Status"] == "11 kept"
    assert table[-1]["Percent of exam"] == pytest.approx(100)


def test_a_recorded_decision_stands_in_its_cell_with_its_reason():
    table = {row["Task"]: row for row in rows(opened(decided_blueprint())["Tasks"], "Task")}
    decided = table["T05"]
    assert (decided["Decision"], decided["Reason"]) == ("drop", "too rare")
    assert decided["Status"] == "dropped by decision"
    assert decided["Check"] == "OK"
    assert {row["Check"] for row in table.values()} == {"OK", "to decide", None}


def test_tasks_with_equal_combined_ratings_share_a_rank():
    table = rows(opened(tied_blueprint())["Tasks"], "Task")
    assert [row["Rank"] for row in table[:-1]] == [1] * 6


def test_every_task_of_a_long_list_is_there():
    table = rows(opened(example_blueprint(tasks=many_tasks(60)))["Tasks"], "Task")
    assert [row["Task"] for row in table[:-1]] == [task.task_id for task in many_tasks(60)]


# What may be changed


def test_every_formula_carries_a_value(content):
    stored = values(content)
    assert formulas(content)
    assert [place for place in formulas(content) if stored.get(place) in {None, ""}] == []


def test_no_stored_value_is_an_error_or_no_number(content):
    for value in values(content).values():
        assert not re.match(r"#[A-Z]", str(value))
        assert not (isinstance(value, float) and math.isnan(value))


def test_formulas_use_only_functions_that_recalculate_alike_everywhere(content):
    used = {
        name for text in formulas(content).values() for name in re.findall(r"[A-Z]+(?=\()", text)
    }
    assert used <= FUNCTIONS


@pytest.mark.parametrize(
    "blueprint",
    [example_blueprint(), differing_blueprint(), parts_blueprint(), example_blueprint(levels={})],
    ids=["plain", "panel", "parts", "no levels"],
)
def test_the_cells_that_are_not_locked_are_the_inputs_with_what_was_issued(blueprint):
    workbook = opened(blueprint, stored=False)
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and not isinstance(cell, MergedCell)
    }
    known = {(own.sheet, cell_of(workbook, own).coordinate): own for own in inputs(blueprint)}
    assert known.keys() == unlocked
    for (sheet, place), own in known.items():
        assert workbook[sheet][place].value == own.value


@pytest.mark.parametrize("blueprint", [example_blueprint(pretest_items=9), parts_blueprint()])
def test_one_row_of_headers_alone_holds_those_of_an_input(blueprint):
    workbook = opened(blueprint)
    for own in {(own.sheet, own.identified_by, own.header) for own in inputs(blueprint)}:
        sheet, by, header = own
        wanted = {*by, header}
        found = [
            row
            for row in workbook[sheet].iter_rows(values_only=True)
            if wanted <= set(row) and (by or header in row)
        ]
        assert len(found) == 1, own


def test_inputs_have_unique_names():
    names = [(own.sheet, own.key, own.field) for own in inputs(differing_blueprint())]
    assert len(set(names)) == len(names)


def test_nothing_may_be_changed_in_an_approved_version():
    content = blueprint_workbook(example_blueprint(), version=APPROVED)
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert all(cell.protection.locked for cell in cells)
    assert "may be changed" not in text_of(workbook)["Blueprint"].replace("nothing may be", "")
    for text in text_of(workbook).values():
        assert "APPROVED on 2026-11-21" in text
        assert "DRAFT" not in text.replace("DRAFT or APPROVED", "")


def test_an_approved_version_shows_who_signed_it_and_when():
    version = replace(APPROVED, signed=(("panel chair", DAY), ("board", DAY)))
    content = blueprint_workbook(example_blueprint(), version=version)
    table = rows(openpyxl.load_workbook(io.BytesIO(content))["Sign-off"], "Role")
    assert [(row["Decision"], row["Date"], row["Check"]) for row in table] == [
        ("approve", "2026-11-21", "OK"),
        ("approve", "2026-11-21", "OK"),
    ]


@pytest.mark.parametrize(
    ("state", "day"), [("approved", None), ("draft", DAY)], ids=["no day", "a day"]
)
def test_a_version_that_cannot_be_is_refused(state, day):
    with pytest.raises(ValueError, match="wanted"):
        Version(1, state, approved_on=day)


def test_version_and_fingerprint_stand_in_cells_properties_and_footers():
    content = blueprint_workbook(example_blueprint(), version=APPROVED)
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    said = {row[0].value: row[1].value for row in workbook["Read me"].iter_rows() if row[1].value}
    assert (said[VERSION], said[FINGERPRINT]) == ("2", APPROVED.fingerprint)
    assert said[STUDY] == "–"
    properties = {own.name: own.value for own in workbook.custom_doc_props.props}
    assert properties["rds.version"] == "2"
    assert properties["rds.fingerprint"] == APPROVED.fingerprint
    assert properties["rds.state"] == "APPROVED"
    for sheet in workbook:
        assert "APPROVED version 2" in sheet.oddFooter.left.text
        assert APPROVED.short_fingerprint in sheet.oddFooter.left.text


def test_every_input_has_a_rule_with_a_message_of_its_own():
    workbook = opened(differing_blueprint(), stored=False)
    for own in inputs(differing_blueprint()):
        cell = cell_of(workbook, own)
        rules = workbook[own.sheet].data_validations.dataValidation
        (rule,) = [rule for rule in rules if cell.coordinate in rule.sqref]
        kinds = {"whole": "whole", "choice": "list", "text": "textLength", "date": "date"}
        assert (rule.type, bool(rule.error)) == (kinds[own.kind], True)
        if own.kind == "choice":
            assert rule.formula1 == f'"{",".join(own.choices)}"'


def test_every_input_area_and_the_totals_have_names():
    names = opened(differing_blueprint()).defined_names
    wanted = {
        "exam_length", "total_items", "domain_items", "domain_totals", "domain_percent",
        "blueprint_items", "blueprint_reasons", "task_decisions", "task_reasons",
        "difference_resolutions", "difference_reasons", "comments", "sign_off",
    }  # fmt: skip
    assert wanted <= set(names)


def test_weights_mark_the_declared_choice_and_offer_the_others_to_be_read_only():
    blueprint = built_blueprint()
    table = rows(opened(blueprint)["Weights"], "Choice")
    assert [row["Status"] for row in table].count("decided") == 1
    decided = table[0]
    assert decided["Choice"] == "Model: kane"
    own = blueprint.domain_weights.set_index("domain_id")["adopted_weight"]
    for name, title in zip(own.index, TITLES, strict=True):
        assert decided[f"{name} {title}"] == pytest.approx(100 * own[name])
    assert decided["Sum"] == pytest.approx(100)
    assert {"Model: product", "All tasks rated equal"} <= {row["Choice"] for row in table}


def test_a_percent_that_a_policy_fixes_stands_beside_the_models():
    domains = [
        Domain("D1", TITLES[0], fixed_percent=40.0),
        *example_blueprint().outline.domains[1:],
    ]
    table = rows(opened(example_blueprint(domains=domains))["Weights"], "Choice")
    policy = {row["Choice"]: row for row in table}["Policy: fixed percent"]
    assert (policy[f"D1 {TITLES[0]}"], policy[f"D2 {TITLES[1]}"]) == (40, "–")


def test_differences_show_panel_and_field_and_await_a_resolution():
    table = rows(opened(differing_blueprint())["Differences"], "Statement")
    (found,) = [row for row in table if row["Scale"] == "importance"]
    assert (found["Statement"], found["Panel mean"], found["Field mean"]) == ("T02", 3.8, 2.1)
    assert found["What was found"] == "The panel rates it 1.7 points higher than the field."
    assert (found["Resolution"], found["Check"]) == (None, "open")


def test_without_a_panel_the_sheet_says_that_nothing_is_to_be_resolved(plain):
    assert "no panel rated" in text_of(plain)["Differences"]


def test_roles_of_the_settings_sign_and_nobody_is_named(plain):
    table = rows(plain["Sign-off"], "Role")
    assert [row["Role"] for row in table] == ["panel chair", "board"]
    assert {row["Name (only if you wish)"] for row in table} == {None}
    assert {row["Check"] for row in table} == {"open"}


def test_an_earlier_blueprint_stands_on_the_summary():
    crosswalk = pd.DataFrame(
        {
            "unit": ["domain", "domain", "task"],
            "new_ids": ["D1", "D2, D3", "T01"],
            "old_weight": [0.4, 0.6, 0.1],
            "change": [0.0204, -0.0204, 0.0],
        }
    )
    content = blueprint_workbook(example_blueprint(), crosswalk=crosswalk)
    workbook = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    table = rows(workbook["Summary"], "Domain")
    assert table[0]["Previous percent"] == 40
    assert table[0]["Change in percent"] == pytest.approx(2.04)
    assert [row["Previous percent"] for row in table[1:3]] == ["60.0 with D3", "60.0 with D2"]


def test_stations_and_items_are_not_added_up():
    cells = parts_blueprint().cells
    unit = cells["part"].map({"written": "items", "practical": "stations"})
    blueprint = replace(parts_blueprint(), cells=cells.assign(unit=unit))
    sheet = opened(blueprint)["Blueprint"]
    whole, parts = rows(sheet, "Domain"), rows(sheet, "Domain", 1)
    assert {row["Sum"] for row in whole} == {None}
    assert {row["Check"] for row in whole} == {None}
    totals = [row["Part"] for row in parts if row["Domain"] == "Total"]
    assert totals == ["written (items)", "practical (stations)"]
    assert {row["Check"] for row in parts} == {"OK"}


def test_parts_stand_in_blocks_whose_cells_add_up_to_the_whole():
    blueprint = parts_blueprint()
    sheet = opened(blueprint)["Blueprint"]
    whole, parts = rows(sheet, "Domain"), rows(sheet, "Domain", 1)
    assert [row["Part"] for row in parts if row["Domain"] == "Total"] == ["written", "practical"]
    for level in LEVELS:
        name = level.capitalize()
        own = [row[name] for row in parts if row["Domain"] != "Total"]
        assert [a + b for a, b in zip(own[:3], own[3:], strict=True)] == [
            row[name] for row in whole[:3]
        ]
    assert {row["Check"] for row in [*whole, *parts]} == {"OK"}


def test_sheets_are_protected_without_a_password_and_filters_stay_usable(plain):
    for sheet in plain:
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert not sheet.protection.autoFilter
        assert not sheet.protection.formatColumns


@pytest.mark.parametrize(
    "blueprint",
    [bounded_blueprint(), example_blueprint(rounding="webster")],
    ids=["a bound binds", "another method"],
)
def test_items_that_formulas_cannot_find_are_fixed_and_the_sheet_says_so(blueprint):
    workbook = openpyxl.load_workbook(io.BytesIO(blueprint_workbook(blueprint)))
    table = rows(workbook["Blueprint"], "Domain")
    assert [row["Items by the ratings"] for row in table][:3] == list(
        blueprint.domain_weights["items"]
    )
    assert "“rds run”" in text_of(workbook)["Blueprint"]


def test_bounds_that_do_not_bind_leave_the_items_live():
    domains = [Domain(f"D{i}", title, minimum_items=5) for i, title in enumerate(TITLES, start=1)]
    sheet = opened(example_blueprint(domains=domains), stored=False)["Blueprint"]
    assert all(str(row["Items by the ratings"]).startswith("=") for row in rows(sheet, "Domain"))


@pytest.mark.parametrize("text", ["=1+1", "+41", "-3 is text", "@here", '=HYPERLINK("x","y")'])
def test_text_that_looks_like_a_formula_stays_text(text):
    first, *others = example_tasks()
    tasks = [Task(first.task_id, first.domain_id, text), *others]
    blueprint = example_blueprint(
        tasks=tasks, study={"title": text, "credential": text, "sponsor": text}
    )
    sheet = opened(blueprint, stored=False)["Tasks"]
    (cell,) = [row[2] for row in sheet.iter_rows() if row[0].value == "T01"]
    assert cell.data_type == "s"
    assert cell.value == text
    assert not any(text in formula for formula in formulas(blueprint_workbook(blueprint)).values())


# How it prints


def test_sheets_print_in_landscape_one_page_wide(plain):
    for sheet in plain:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in {None, 1}
    assert plain["Summary"].page_setup.fitToHeight in {None, 1}
    assert plain["Tasks"].page_setup.fitToHeight == 0


def test_footers_say_restricted_draft_and_the_page():
    study = {"credential": "Care & Support"}
    for sheet in opened(example_blueprint(study=study)):
        footer = sheet.oddFooter
        assert "Restricted" in footer.left.text
        assert "DRAFT" in footer.left.text
        assert footer.center.text == "Care && Support"
        assert footer.right.text == "Page &P of &N"


def test_headers_of_the_task_list_stay_in_sight_and_repeat_in_print(plain):
    sheet = plain["Tasks"]
    header = next(cell.row for cell in sheet["A"] if cell.value == "Task")
    assert sheet.print_title_rows == f"${header}:${header}"
    assert sheet.freeze_panes == f"B{header + 1}"
    assert sheet.auto_filter.ref == f"A{header}:M{header + 12}"


def test_no_table_holds_merged_cells(plain):
    for sheet in plain:
        for merged in sheet.merged_cells.ranges:
            row = [cell.value for cell in sheet[merged.min_row] if cell.value is not None]
            assert len(row) <= 2, f"{sheet.title}!{merged}"


def test_rows_with_long_statements_are_tall_enough():
    sheet = opened(example_blueprint())["Tasks"]
    header = next(cell.row for cell in sheet["A"] if cell.value == "Task")
    for row in sheet.iter_rows(min_row=header):
        statement = str(row[2].value or "")
        lines = math.ceil(len(statement) / (1.35 * sheet.column_dimensions["C"].width))
        assert sheet.row_dimensions[row[0].row].height >= 12 * lines


# Files


def test_the_same_blueprint_gives_the_same_bytes():
    assert blueprint_workbook(example_blueprint()) == blueprint_workbook(example_blueprint())


def test_the_date_is_all_that_a_date_changes():
    first = values(blueprint_workbook(example_blueprint(), date=DAY))
    second = values(blueprint_workbook(example_blueprint()))
    changed = {
        place
        for place in first
        if str(first[place]).replace("2026-11-21", "2026-03-01") != str(second[place])
    }
    assert first != second
    assert changed == set()


def test_the_file_holds_the_bytes(tmp_path):
    path = write_workbook(example_blueprint(), tmp_path / "blueprint.xlsx")
    assert path == tmp_path / "blueprint.xlsx"
    assert path.read_bytes() == blueprint_workbook(example_blueprint())


# The steps of rounding


@given(
    st.lists(st.integers(1, 4000), min_size=1, max_size=8),
    st.integers(0, 400),
)
def test_the_steps_end_where_the_apportionment_ends(parts, items):
    names = [f"D{i}" for i in range(len(parts), 0, -1)]
    total = sum(parts)
    percents = [100 * part / total for part in parts]
    exact = [percent / 100 * items for percent in percents]
    found = steps(exact, items, weights=percents, order=identifier_order(names))
    expected = allocate(dict(zip(names, parts, strict=True)), items=items)
    assume(not any(1e-10 < abs(a - b) < 1e-8 for a in found.remainders for b in found.remainders))
    assert found.items == tuple(expected)
    assert sum(found.whole) + sum(p <= items - sum(found.whole) for p in found.places) == items


@pytest.mark.parametrize(
    ("weights", "items", "expected"),
    [
        # methods.md 9.1: O-A1 (the Alabama paradox), O-A2, O-A4
        ([56.7, 38.5, 4.2, 0.6], 323, (183, 124, 14, 2)),
        ([56.7, 38.5, 4.2, 0.6], 324, (184, 125, 13, 2)),
        ([5117, 4400, 162, 161, 160], 100, (51, 44, 2, 2, 1)),
        ([43, 33, 12, 8, 4], 10, (4, 3, 1, 1, 1)),
    ],
)
def test_the_steps_give_published_apportionments(weights, items, expected):
    exact = [items * weight / sum(weights) for weight in weights]
    order = range(1, len(weights) + 1)
    assert steps(exact, items, weights=weights, order=order).items == expected


def test_every_kind_of_note_and_of_data_has_its_words():
    assert set(get_args(NoteKind)) == set(words.NOTE_KINDS)
    assert set(words.NATURES) == {*get_args(Nature), "published"}


def test_the_workbook_carries_its_study_kind_and_format():
    with zipfile.ZipFile(io.BytesIO(blueprint_workbook(example_blueprint()))) as archive:
        properties = archive.read("docProps/custom.xml").decode()
    assert "blueprint workbook" in properties
    assert "rds.format" in properties
