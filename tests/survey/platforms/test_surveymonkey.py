"""Exports of SurveyMonkey in every layout; the samples' sources stand in tests/data."""

import csv
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rds.errors import InputError
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.surveymonkey import PLATFORM
from rds.survey.platforms.words import comparable, plain_text
from tests.survey import examples
from tests.survey.platforms.header_examples import (
    DATA,
    LOOK_ALIKES,
    answers,
    expected,
    label,
    opened,
    read_rows,
    refusal,
    roles,
    saved,
)

SAMPLES = DATA / "surveymonkey"
OWN = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address"]
OWN_CELLS = ["11805221906", "446", "06/10/2026 07:48:07 AM", "06/10/2026 08:09 AM", "", ""]
LIKELY = {"Never": "1", "Often": "2", "Daily": "3"}


def grid(rows, cells, question="How often?"):
    """Return a file with one grid: its header rows, then a line a respondent."""
    header = [*OWN, question, *[""] * (len(rows) - 1)]
    return [header, [""] * len(OWN) + rows, *([*OWN_CELLS, *line] for line in cells)]


def test_the_star_wars_export_is_told_apart_into_options_ranks_and_grid():
    export, frame = opened(PLATFORM, SAMPLES / "538_StarWars_head12.csv")
    assert roles(export) == {"RespondentID": "respondent"}
    assert "Windows-1252" in export.assumed[0]
    films = [column for column in export.described if column.option_text]
    assert [column.option_text[:23] for column in films][:2] == [
        "Star Wars: Episode I Th",
        "Star Wars: Episode II A",
    ]
    assert frame[films[5].name].tolist()[:4] == ["1", "", "0", "1"]
    favour = [c for c in export.described if c.question_text.startswith("Please state whether")]
    assert [(c.row_text, c.position) for c in favour][:2] == [
        ("Han Solo", 1),
        ("Luke Skywalker", 2),
    ]
    assert len(favour) == 14
    assert frame[favour[5].name].tolist()[:3] == ["Very favorably", "", "Unfamiliar (N/A)"]
    ranks = [c for c in export.described if c.question_text.startswith("Please rank")]
    assert [c.position for c in ranks] == [1, 2, 3, 4, 5, 6]
    assert frame.index.tolist()[:2] == [3, 4]
    assert len(export.columns) == 38


def test_the_thanksgiving_export_with_joined_headers_is_split_where_that_is_certain():
    export, frame = opened(PLATFORM, SAMPLES / "538_thanksgiving-2015-poll-data_head8.csv")
    texts = [column for column in export.described if column.is_open_text]
    assert len(texts) == 7
    assert {column.option_text for column in texts} == {"Other (please specify)"}
    pies = [
        column
        for column in export.described
        if column.question_text.startswith("Which type of pie") and not column.is_open_text
    ]
    assert [column.option_text for column in pies][-3:] == [
        "Sweet Potato",
        "None",
        "Other (please specify)",
    ]
    assert frame[pies[0].name].tolist()[:4] == ["1", "1", "1", "0"]
    assert frame.index[0] == 2
    assert all(column.question_text for column in export.described[1:])


def test_every_column_of_the_full_headers_has_its_role_and_its_texts():
    export, frame = opened(PLATFORM, SAMPLES / "SYNTHETIC_full_headers.csv")
    assert list(roles(export).values()) == [
        "respondent",
        "technical",
        "started",
        "submitted",
        "personal",
        "contact",
        *["personal"] * 3,
    ]
    assert answers(PLATFORM, SAMPLES / "SYNTHETIC_full_headers.csv")[:2] == [
        (
            "How often do you perform each task?",
            "Assess risk & report findings",
            "",
            1,
            ["Often", "Daily"],
        ),
        ("How often do you perform each task?", "Document findings", "", 2, ["N/A", ""]),
    ]
    held = [c for c in export.described if c.question_text == "Certifications held"]
    assert [(c.option_text, c.is_open_text) for c in held] == [
        ("CISSP", False),
        ("PMP", False),
        ("Other (please specify)", True),
    ]
    assert frame[held[0].name].tolist() == ["1", "0"]


@pytest.mark.parametrize(
    ("name", "encoding", "options"),
    [
        ("a.csv", "utf-8-sig", {}),
        ("a.csv", "utf-16", {"delimiter": "\t"}),
        ("a.csv", "cp1252", {"delimiter": ";"}),
        ("a.xlsx", "", {}),
    ],
)
def test_files_saved_again_by_a_spreadsheet_program_read_alike(tmp_path, name, encoding, options):
    rows = grid(["Café – night", "Ward"], [["Often", "N/A"], ["", "Daily"]])
    assert answers(PLATFORM, saved(tmp_path, rows, name, encoding, **options)) == [
        ("How often?", "Café – night", "", 1, ["Often", ""]),
        ("How often?", "Ward", "", 2, ["N/A", "Daily"]),
    ]


def test_dates_are_read_where_the_column_shows_the_order_of_day_and_month(tmp_path):
    rows = grid(["A", "B"], [["Often", ""], ["", "Often"]])
    rows[2][2:4] = "06/25/2026 07:48:07 PM", "06/10/2026 07:48"
    _, frame = opened(PLATFORM, saved(tmp_path, rows))
    assert frame["Start Date"].tolist() == ["2026-06-25T19:48:07", "2026-06-10T07:48:07"]
    assert frame["End Date"].tolist() == ["06/10/2026 07:48", "06/10/2026 08:09 AM"]


def test_two_questions_of_the_same_words_stay_two(tmp_path):
    rows = grid(["A", "B", "A"], [["Often", "Often", "Daily"]])
    rows[0][len(OWN) + 2] = "How often?"
    assert [found[:4] for found in answers(PLATFORM, saved(tmp_path, rows))] == [
        ("How often?", "A", "", 1),
        ("How often?", "B", "", 2),
        ("How often?", "A", "", 1),
    ]


def test_a_question_named_over_each_of_its_columns_is_one_question():
    rows = grid(["A", "B"], [["Often", "Daily"]])
    rows[0][-1] = "How often?"
    assert [found[3] for found in read_rows(PLATFORM, rows)] == [1, 2]


@pytest.mark.parametrize("as_number", [False, True])
@pytest.mark.parametrize("is_named", [False, True])
def test_expanded_grids_become_one_column_a_row(as_number, is_named):
    tasks = ["Plan - short", "Review"]
    chosen = [("Often", "Daily"), ("Never", ""), ("Daily", "Often")]
    labels = [f"{task} - {name}" if is_named else task for task in tasks for name in LIKELY]
    cells = [
        [
            (LIKELY[name] if as_number else name) if name == choice else ""
            for choice in pair
            for name in LIKELY
        ]
        for pair in chosen
    ]
    shown = {**LIKELY, "": ""} if as_number else {name: name for name in (*LIKELY, "")}
    assert read_rows(PLATFORM, grid(labels, cells)) == [
        ("How often?", "Plan - short", "", 1, [shown[first] for first, _ in chosen]),
        ("How often?", "Review", "", 2, [shown[second] for _, second in chosen]),
    ]


@pytest.mark.parametrize(
    ("labels", "cells"),
    [
        (["A", "A", "B", "B"], [["Never", "Often", "", "Often"]]),
        (["A", "A", "B", "B"], [["Never", "", "Often", ""], ["Often", "", "", ""]]),
        (["A - Never", "A - Often", "B - Never", "B - Often"], [["Never", "Often", "", "Often"]]),
    ],
)
def test_expanded_grids_that_do_not_say_what_was_answered_are_refused(tmp_path, labels, cells):
    said = refusal(PLATFORM, saved(tmp_path, grid(labels, cells)))
    assert "the grid “How often?”" in said
    assert "with the columns “condensed”" in said


def test_rows_that_only_look_expanded_stay_as_they_are():
    rows = grid(["A - day", "A - night", "B - day", "B - night"], [["Often", "", "Never", "Daily"]])
    assert [found[1] for found in read_rows(PLATFORM, rows)] == [
        "A - day",
        "A - night",
        "B - day",
        "B - night",
    ]


def test_options_exported_as_numbers_are_ticked_and_lines_of_a_grid_are_not():
    options = read_rows(PLATFORM, grid(["Basic", "Advanced"], [["1", "2"], ["1", ""], ["", ""]]))
    assert [(found[2], found[4]) for found in options] == [
        ("Basic", ["1", "1", ""]),
        ("Advanced", ["1", "0", ""]),
    ]
    lines = read_rows(PLATFORM, grid(["Basic", "Advanced"], [["1", "2"], ["2", ""]]))
    assert [(found[1], found[4]) for found in lines] == [
        ("Basic", ["1", "2"]),
        ("Advanced", ["2", ""]),
    ]
    diagonal = read_rows(PLATFORM, grid(["Listen", "Ask", "Plan"], [["1", "2", "3"]]))
    assert [found[1] for found in diagonal] == ["Listen", "Ask", "Plan"]


def test_one_header_row_of_questions_with_one_column_each_is_read(tmp_path):
    asked = "Please rate how much you like the traditional cuisine of Algeria:"
    rows = [["RespondentID", asked, "Gender"], ["3308895255", "N/A", "Male"]]
    assert answers(PLATFORM, saved(tmp_path, rows)) == [
        (asked, "", "", 0, ["N/A"]),
        ("Gender", "", "", 0, ["Male"]),
    ]
    rows = [["RespondentID", "T01_importance"], ["3308895255", "3"]]
    assert not PLATFORM.recognise(open_file(saved(tmp_path, rows)))


def test_a_blank_second_header_row_means_questions_of_one_column(tmp_path):
    rows = [[*OWN, "How often?", "Age"], [""] * 8, [*OWN_CELLS, "Often", "28"]]
    export, _ = opened(PLATFORM, saved(tmp_path, rows))
    asked = [c.question_text for c in export.described if c.role == "answer"]
    assert asked == ["How often?", "Age"]


def test_names_and_addresses_that_people_typed_are_personal(tmp_path):
    rows = [
        [*OWN, "Segment", "Contact Information", "", "Where may we write?"],
        [*[""] * len(OWN), "", "Name", "City/Town", "Open-Ended Response"],
        [*OWN_CELLS, "x7", "Ada", "Boston", "ada@example.org"],
    ]
    export, _ = opened(PLATFORM, saved(tmp_path, rows))
    assert list(roles(export).values())[6:] == ["personal"] * 4


@pytest.mark.parametrize("name", ["SYNTHETIC_full_headers.csv", "538_StarWars_head12.csv"])
def test_a_file_cut_off_in_a_row_is_refused(tmp_path, name):
    content = (SAMPLES / name).read_bytes().rstrip()
    cut = content[: content.rindex(b",", 0, -20)].rsplit(b",", 3)[0]
    assert "export.csv" in refusal(PLATFORM, saved(tmp_path, cut))


def test_a_file_cut_off_anywhere_is_refused_or_holds_whole_rows(tmp_path):
    content = (SAMPLES / "SYNTHETIC_full_headers.csv").read_bytes()
    _, whole = opened(PLATFORM, SAMPLES / "SYNTHETIC_full_headers.csv")
    for length in range(400, len(content), 9):
        path = saved(tmp_path, content[:length])
        with suppress(InputError):
            export, frame = opened(PLATFORM, path)
            assert len(export.columns) == whole.shape[1]
            rated = [column.name for column in export.described if column.row_text]
            assert frame[rated].equals(whole[rated].iloc[: len(frame)])


def test_damaged_headers_are_refused_with_the_reason(tmp_path):
    rows = grid(["A", "B"], [["Often", "Daily"]])
    refused = {
        "no second header row": [rows[0], rows[2]],
        "the header row a second time": [*rows, rows[0]],
        "headers only": rows[:2],
        "a table whose first column is “Collector ID”": [row[1:] for row in rows],
        "of which the last digits are lost": [*rows[:2], ["1.18052E+11", *rows[2][1:]]],
    }
    for reason, damaged in refused.items():
        assert reason in refusal(PLATFORM, saved(tmp_path, damaged))


@pytest.mark.parametrize("rows", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_look_alikes_are_not_taken(tmp_path, rows):
    assert not PLATFORM.recognise(open_file(saved(tmp_path, rows)))


def test_other_files_are_not_taken(tmp_path):
    (tmp_path / "a.json").write_text('{"Respondent ID": 1}')
    assert not PLATFORM.recognise(open_file(tmp_path / "a.json"))


def export_of(instrument, respondents):
    """Return what SurveyMonkey exports of a survey pasted into it."""
    header, labels, cells = (
        list(OWN),
        [""] * len(OWN),
        [list(OWN_CELLS) for _ in range(respondents)],
    )
    for question in instrument.questions:
        rows = question.rows
        if question.kind == "several":
            options = [option.words["en"] for option in question.options]
            header += [question.words["en"], *[""] * (len(options) - 1)]
            labels += options
            for number, line in enumerate(cells):
                line.extend(text if at <= number else "" for at, text in enumerate(options))
        elif question.kind != "information":
            header += [question.words["en"], *[""] * (len(rows) - 1)]
            labels += [row.words["en"] for row in rows] or ["Response"]
            for number, line in enumerate(cells):
                line.extend([label(question, row, number) for row in rows] or ["typed"])
    return [header, labels, *cells]


def test_every_statement_of_the_example_comes_back_by_question_and_row(tmp_path):
    instrument = examples.instrument()
    rows = export_of(instrument, 3)
    for name in ("export.csv", "export.xlsx"):
        found = answers(PLATFORM, saved(tmp_path, rows, name))
        rated = [(question, row, cells) for question, row, _, _, cells in found if row]
        assert rated == expected(instrument, 3, cell=label)


WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=20
).filter(lambda text: len(comparable(text)) > 1)


@given(st.lists(WORDS, min_size=2, max_size=5, unique_by=comparable))
@example(["=1+1", "a - b", "a - c", '"quoted"', "<b>"])
def test_any_statements_come_back_word_for_word(statements):
    statements = [f"T {text}" for text in statements]
    cells = [[f"{number} x{at}" for at in range(len(statements))] for number in range(2)]
    found = read_rows(PLATFORM, grid(statements, cells, question="Rate, each; - [task]:"))
    assert [row for _, row, *_ in found] == [plain_text(text) for text in statements]
    assert [line for *_, line in found] == [list(column) for column in zip(*cells, strict=True)]


def test_the_samples_are_csv_that_python_reads():
    with (SAMPLES / "SYNTHETIC_full_headers.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == 4
