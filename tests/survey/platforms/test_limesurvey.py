"""LimeSurvey exports of every style read alike, or are refused in a sentence.

The samples come from LimeSurvey 6.10.2 itself; see tests/data/limesurvey/README.md. Other files are
put together here by the rules that those samples show.
"""

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from rds.errors import InputError
from rds.survey.export import NOT_SHOWN_TEXT
from rds.survey.platforms.limesurvey import PLATFORM
from rds.survey.platforms.opening import open_file

SAMPLES = Path(__file__).parents[2] / "data" / "limesurvey"
STRUCTURES = [SAMPLES / "survey_structure.lss", SAMPLES / "survey_structure.txt"]
EXPORTS = sorted(path for path in SAMPLES.iterdir() if path.name.startswith(("e", "v", "w")))
SHORT = [path for path in EXPORTS if "long" not in path.name]
CODED = [path for path in EXPORTS if "_full" not in path.name and "_abbr" not in path.name]

META = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp"]
STARS = ("T01", "T02")
CODES = [
    *(("D1freq", row, "") for row in STARS),
    *((f"D1dual[{scale}]", row, "") for row in STARS for scale in (1, 2)),
    ("role", "", ""),
    ("role", "other", ""),
    ("certs", "", "C1"),
    ("certs", "", "C2"),
    ("years", "", ""),
    ("missing", "", ""),
]
RISK = 'Assess risk, "red" & amber'
TEXTS = [
    *(("How often?", row) for row in (RISK, "Document findings")),
    *(
        (f"Rate [{scale}]", row)
        for row in (RISK, "Document findings")
        for scale in ("Scale 1", "Scale 2")
    ),
    ("Primary role", ""),
    ("Primary role", "Other"),
    ("Certifications held", "CISSP"),
    ("Certifications held", "PMP"),
    ("Years of experience", ""),
    ("Tasks missing?", ""),
]


def read(path, codebook=None, **options):
    file = open_file(path, codebook=codebook, **options)
    assert PLATFORM.recognise(file)
    return PLATFORM.read(file)


def frame_of(export):
    frame = pd.concat(export.blocks())
    assert tuple(frame.columns) == export.columns == tuple(c.name for c in export.described)
    assert all(isinstance(cell, str) for cell in frame.to_numpy().ravel())
    return frame


def answers(export):
    return [column for column in export.described if column.role == "answer"]


def saved(folder, content, name="export.csv", encoding="utf-8-sig"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def written(headers, rows, separator=","):
    """Return a CSV as LimeSurvey writes it: None is nothing between separators."""

    def cell(value):
        return "" if value is None else '"{}"'.format(str(value).replace('"', '""'))

    lines = [separator.join(map(cell, line)) for line in [headers, *rows]]
    return "\r\n".join([*lines, "", ""])


def survey(folder, headers, *rows, separator=",", finished=True):
    """Save an export with the usual columns before the answers; return its answers as text."""
    when = "2026-05-04 10:20:31" if finished else None
    full = [[n, when, 2, "en", *row] for n, row in enumerate(rows, 1)]
    content = written(["id", "submitdate", "lastpage", "startlanguage", *headers], full, separator)
    export = read(saved(folder, content))
    frame = frame_of(export)
    return frame[[column.name for column in answers(export)]].to_numpy().tolist()


def refusal(path, codebook=None):
    file = open_file(path, codebook=codebook)
    assert PLATFORM.recognise(file)
    with pytest.raises(InputError) as error:
        list(PLATFORM.read(file).blocks())
    (problem,) = error.value.problems
    return str(problem)


# The samples.


@pytest.mark.parametrize("codebook", [None, *STRUCTURES], ids=["alone", "lss", "txt"])
@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
def test_every_column_of_every_sample_has_its_role(path, codebook):
    roles = [column.role for column in read(path, codebook).described]
    assert roles == [
        *("respondent", "submitted", "technical", "language", "personal", "started", "technical"),
        *["answer"] * len(CODES),
        "status",
    ]


@pytest.mark.parametrize("path", CODED, ids=lambda path: path.name)
@pytest.mark.parametrize("codebook", STRUCTURES, ids=["lss", "txt"])
def test_with_the_structure_every_style_of_codes_gives_codes_and_texts(path, codebook):
    columns = answers(read(path, codebook))
    assert [(c.question, c.row, c.option) for c in columns] == CODES
    texts = [
        (text.replace("Scale 1", "Frequency").replace("Scale 2", "Importance"), row)
        for text, row in TEXTS
    ]
    said = [(c.question_text, c.row_text or c.option_text) for c in columns]
    assert said[:7] + said[8:] == texts[:7] + texts[8:]


@pytest.mark.parametrize("path", CODED, ids=lambda path: path.name)
def test_without_the_structure_headers_with_codes_give_the_codes(path):
    columns = answers(read(path))
    found = [(c.question, c.row + c.option) for c in columns]
    if path.name.startswith("vv"):
        numbers = {"D1freq": "13", "D1dual": "14", "role": "15", "certs": "16"}
        assert found[0] == ("145153X3X13", "T01")
        assert [row for _, row in found] == [row + option for _, row, option in CODES]
        assert numbers["D1dual"] in found[2][0]
    else:
        assert found == [(question, row + option) for question, row, option in CODES]


@pytest.mark.parametrize(
    "name", ["export_full_short.csv", "export_full_long.json", "web_codetext_short_comma.csv"]
)
def test_headers_with_full_texts_give_the_texts(name):
    columns = answers(read(SAMPLES / name))
    assert [(c.question_text, c.row_text or c.option_text) for c in columns] == TEXTS
    assert [c.position for c in columns] == [1, 2, 1, 1, 2, 2, 0, 0, 1, 2, 0, 0]
    assert [c.is_open_text for c in columns] == [text == "Other" for _, text in TEXTS]


@pytest.mark.parametrize("codebook", STRUCTURES, ids=["lss", "txt"])
def test_full_texts_get_their_codes_from_the_structure(codebook):
    columns = answers(read(SAMPLES / "export_full_long.json", codebook))
    assert [(c.question, c.row, c.option) for c in columns] == CODES


def test_texts_that_were_cut_off_fit_no_text_of_the_survey():
    columns = answers(read(SAMPLES / "export_abbreviated_short.csv"))
    assert columns[0].row_text == 'Assess risk, "r (cut off)'
    assert columns[8].question_text == "Certifications (cut off)"
    assert columns[10].question_text == "Years of experi (cut off)"
    assert columns[1].row_text == "Document findings"


@pytest.mark.parametrize("path", SHORT, ids=lambda path: path.name)
def test_short_answers_read_alike_in_every_style(path):
    frame = frame_of(read(path, STRUCTURES[0]))
    cells = frame.iloc[:, len(META) : -1].to_numpy().tolist()
    cells = [[cell.removesuffix("000000000").removesuffix(".0") for cell in row] for row in cells]
    said = 'He said "risk", then;\nnew line — ü'
    hidden = NOT_SHOWN_TEXT
    abbreviated = "_abbreviated" in path.name
    assert cells[0] == ["3", "NA", "4", "2", "0", "1", "A1", "", "1", "0", "12.5", said]
    assert cells[1] == [
        *("0", "1"),
        *[hidden] * 4,
        *("-oth-", "Auditor, senior", "0", "1", "3", hidden),
    ]
    assert cells[2] == ["2", *[hidden] * 11]
    assert abbreviated or frame.iloc[:, 1].tolist()[0] == "2026-03-01T10:00:00"
    assert frame.iloc[:, -1].tolist() == ["complete"] * 3


def test_long_answers_say_that_arrays_lost_what_was_not_shown():
    export = read(SAMPLES / "export_code_long.csv")
    assert any("in arrays" in sentence for sentence in export.assumed)
    frame = frame_of(export)
    assert frame["D1freq[T02]"].tolist() == ["Not part of my role", "Rarely", ""]
    assert frame[["certs[C1]", "certs[C2]"]].to_numpy().tolist()[:2] == [["1", "0"], ["0", "1"]]


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
def test_labels_come_from_the_structure_for_codes_and_not_for_words(path):
    columns = {c.question + c.row: c for c in answers(read(path, STRUCTURES[0]))}
    labels = columns["D1freqT02"].labels
    if "long" in path.name:
        assert labels == {}
    else:
        assert (labels["0"], labels["NA"]) == ("Never", "Not part of my role")
    if "abbreviated" not in path.name and "long" not in path.name:
        assert columns["D1dual[2]T01"].labels["3"] == "Very"
        assert columns["role"].labels == {"A1": "Analyst", "A2": "Manager"}
        assert columns["roleother"].labels == {}


def test_labels_stay_where_a_code_is_unknown_and_go_where_words_are_of_another_language(tmp_path):
    columns = ["id", "lastpage", "D1freq[T01]", "D1freq[T02]"]
    content = written(columns, [["1", "2", "7", "Nie"], ["2", "2", "3", "Manchmal"]])
    codes, words = answers(read(saved(tmp_path, content), STRUCTURES[0]))
    assert codes.labels["3"] == "Often"
    assert words.labels == {}


# Styles of headers.


@pytest.mark.parametrize("separator", [". ", ": ", " - ", " | ", "; "])
def test_codes_and_texts_may_be_joined_by_anything(tmp_path, separator):
    headers = ["id", "submitdate", "D1[T01]", "Q1"]
    texts = ["Response ID", "Date submitted", "How often - now? [Do: this]", "Set. ting"]
    joined = [separator.join(pair) for pair in zip(headers, texts, strict=True)]
    row = ["1", "2026-05-04 10:20:31", "3", "x"]
    columns = answers(read(saved(tmp_path, written(joined, [row]))))
    assert [(c.question, c.row) for c in columns] == [("D1", "T01"), ("Q1", "")]
    assert columns[0].question_text == "How often - now?"
    assert columns[0].row_text == "Do: this"


@pytest.mark.parametrize(
    "headers",
    [
        ["Response ID", "Date submitted", "Last page"],
        ["Antwort ID", "Datum Abgeschickt", "Letzte Seite"],
        ["ID de la réponse", "Date de soumission", "Dernière page"],
        ["Response_ID", "Date_submitted", "Last_page"],
    ],
)
def test_texts_of_other_languages_and_with_underscores_are_known(tmp_path, headers):
    blank = "_" if "_" in headers[0] else " "
    text = f"How{blank}often?{blank}[Assess{blank}risk]"
    content = written([*headers, text], [["1", "2026-05-04 10:20:31", "2", "3"]])
    export = read(saved(tmp_path, content))
    assert [c.role for c in export.described[:3]] == ["respondent", "submitted", "technical"]
    (column,) = answers(export)
    assert (column.question_text, column.row_text) == ("How often?", "Assess risk")


def test_brackets_inside_texts_stay_there(tmp_path):
    headers = ["Response ID", "Last page", "Rate [1-4] [Plan [weekly] [[tags]]]", "A ] b [ c"]
    columns = answers(read(saved(tmp_path, written(headers, [["1", "2", "3", "4"]]))))
    assert (columns[0].question_text, columns[0].row_text) == (
        "Rate [1-4]",
        "Plan [weekly] [[tags]]",
    )
    assert (columns[1].question_text, columns[1].row_text) == ("A ] b [ c", "")


def test_a_header_that_stands_there_twice_is_told_by_its_place(tmp_path):
    headers = ["Response ID", "Last page", "Rate [Assess clien.. ]", "Rate [Assess clien.. ]"]
    export = read(saved(tmp_path, written(headers, [["1", "2", "3", "4"]])))
    assert export.columns[2:] == (
        "Rate [Assess clien.. ] (column 3)",
        "Rate [Assess clien.. ] (column 4)",
    )


def test_the_second_vv_version_has_expression_codes(tmp_path):
    rows = [
        ["Response ID", "Date submitted", "How often?", "How often?", "Tasks?"],
        ["id", "submitdate", "D1_T01", "D1_T02", "missing"],
        ["4", "{question_not_shown}", "3", "", "{quote}a{tab}b{lbrace}c{newline}d"],
    ]
    content = "\n".join("\t".join(row) for row in rows) + "\n"
    export = read(saved(tmp_path, content, encoding="utf-8"))
    assert [(c.question, c.row) for c in answers(export)] == [
        ("D1", "T01"),
        ("D1", "T02"),
        ("missing", ""),
    ]
    assert frame_of(export).loc[3].tolist() == ["4", "", "3", "", '"a\tb{c\nd', "partial"]


def test_comments_and_other_answers_are_open_text(tmp_path):
    headers = ["id", "lastpage", "Q1", "Q1[comment]", "Q2[A]", "Q2[Acomment]", "Q2[other]"]
    columns = answers(read(saved(tmp_path, written(headers, [["1", "2", *["x"] * 5]]))))
    assert [c.is_open_text for c in columns] == [False, True, False, True, True]


def test_counts_of_uploaded_files_are_no_answers(tmp_path):
    headers = ["id", "lastpage", "file", "file[filecount]"]
    export = read(saved(tmp_path, written(headers, [["1", "2", "[]", "0"]])))
    assert [c.role for c in export.described[2:]] == ["answer", "technical"]


def test_texts_shown_and_not_asked_are_no_answers(tmp_path):
    rows = [
        ["class", "type/scale", "name", "text", "language"],
        ["S", "", "language", "en", ""],
        ["Q", "X", "intro", "Hello", "en"],
        ["Q", "N", "years", "Years", "en"],
        ["Q", "S", "note", "Note", "en"],
    ]
    structure = saved(tmp_path, "\n".join("\t".join(row) for row in rows), "structure.txt")
    answer = ["1", "2026-05-04 10:20:31", None, None, ""]
    content = written(["id", "submitdate", "intro", "years", "note"], [answer])
    export = read(saved(tmp_path, content), structure)
    assert [c.role for c in export.described] == [
        *("respondent", "submitted", "technical", "answer", "answer", "status")
    ]
    assert frame_of(export)["years"].tolist() == [""]


def test_the_same_text_twice_is_told_by_the_order_of_the_survey(tmp_path):
    rows = [
        ["class", "type/scale", "name", "text", "language"],
        *(["Q", "S", code, text, "en"] for code, text in [("a", "Why?"), ("b", "How?")]),
        ["Q", "S", "c", "Why?", "en"],
    ]
    structure = saved(tmp_path, "\n".join("\t".join(row) for row in rows), "structure.txt")

    def codes(*texts):
        headers = ["Response ID", "Last page", *texts]
        content = written(headers, [["1", "2", *texts]])
        return [c.question for c in answers(read(saved(tmp_path, content), structure))]

    assert codes("Why?", "How?", "Why?") == ["a", "b", "c"]
    assert codes("Why?", "How?") == ["", "b"]
    assert codes("Why?", "How?", "Why?", "Why?") == ["", "b", "", ""]
    assert codes("Why?", "How?", "How?", "Why?") == ["a", "", "", "c"]


# Who answered.


def test_what_is_personal_is_known_by_code_and_by_text(tmp_path):
    codes = ["id", "lastpage", "seed", "token", "ipaddr", "refurl", "firstname", "lastname"]
    headers = [*codes, "email", "attribute_1", "interviewtime", "groupTime12", "145153X3X13time"]
    export = read(saved(tmp_path, written([*headers, "Q1"], [["1", *"x" * len(headers)]])))
    roles = dict(zip(headers, (c.role for c in export.described), strict=False))
    assert roles["token"] == "contact"
    personal = {"seed", "ipaddr", "refurl", "firstname", "lastname", "email", "attribute_1"}
    assert {name for name, role in roles.items() if role == "personal"} == personal
    assert roles["interviewtime"] == "seconds"
    assert {roles["groupTime12"], roles["145153X3X13time"]} == {"technical"}


def test_without_tokens_the_address_shows_who_answered_twice(tmp_path):
    headers = ["Response ID", "Last page", "Email address", "IP address", "Group time: About you"]
    export = read(saved(tmp_path, written(headers, [["1", "2", "a@b.c", "1.1.1.1", "3"]])))
    roles = [c.role for c in export.described]
    assert roles == ["respondent", "technical", "contact", "personal", "technical"]


def test_surveys_without_times_have_a_date_that_means_none(tmp_path):
    content = written(["id", "submitdate", "Q1"], [["1", "1980-01-01 00:00:00", "x"]])
    frame = frame_of(read(saved(tmp_path, content)))
    assert frame.iloc[0].tolist() == ["1", "", "x", "complete"]


# What was not shown, and what was left empty.


def test_what_was_left_empty_is_told_from_what_was_not_shown(tmp_path):
    headers = ["Q1", "D1[T01]", "D1[T02]", "last"]
    seen, hidden = ["1", "", "2", ""], ["1", None, None, "x"]
    assert survey(tmp_path, headers, seen, hidden) == [
        ["1", "", "2", ""],
        ["1", NOT_SHOWN_TEXT, NOT_SHOWN_TEXT, "x"],
    ]


def test_pages_that_were_not_reached_count_as_not_answered(tmp_path):
    rows = (["1", None, "2", None, None], ["1", "3", "2", "x", ""])
    assert survey(tmp_path, ["Q1", "Q2", "Q3", "Q4", "Q5"], *rows, finished=False) == [
        ["1", NOT_SHOWN_TEXT, "2", "", ""],
        ["1", "3", "2", "x", ""],
    ]


def test_after_a_screening_question_nothing_was_shown(tmp_path):
    headers = ["consent", "D1[T01]", "D1[T02]", "years", "certs[C1]", "certs[C2]", "note"]
    rows = (["1", "4", "", "12", "Y", "", ""], ["2", *[None] * 6])
    assert survey(tmp_path, headers, *rows) == [
        ["1", "4", "", "12", "1", "0", ""],
        ["2", *[NOT_SHOWN_TEXT] * 6],
    ]


def test_long_answers_after_a_screening_question_were_not_shown_either(tmp_path):
    headers = ["consent", "role", "D1[T01]", "D1[T02]", "certs[C1]", "certs[C2]", "note"]
    rows = (
        ["Yes", "Analyst", "Often", "", "Yes", "N/A", ""],
        ["No", None, "", "", "N/A", "N/A", None],
    )
    assert survey(tmp_path, headers, *rows) == [
        ["Yes", "Analyst", "Often", "", "1", "0", ""],
        ["No", *[NOT_SHOWN_TEXT] * 6],
    ]


def test_an_unanswered_number_is_stored_as_nothing_and_yet_was_shown(tmp_path):
    headers = ["Q1", "share[D1]", "share[D2]", "note"]
    rows = (["1", "60", "40", "x"], ["1", None, None, ""], [None, None, None, None])
    assert survey(tmp_path, headers, *rows) == [
        ["1", "60", "40", "x"],
        ["1", "", "", ""],
        [NOT_SHOWN_TEXT] * 4,
    ]


def test_options_that_were_not_ticked_are_told_from_questions_left_out(tmp_path):
    rows = (["Y", "", ""], ["", "", ""], [None, None, "x"])
    assert survey(tmp_path, ["Q2[1]", "Q2[2]", "note"], *rows) == [
        ["1", "0", ""],
        ["", "", ""],
        [NOT_SHOWN_TEXT, NOT_SHOWN_TEXT, "x"],
    ]


def test_a_grid_that_holds_one_value_only_is_not_taken_for_ticks(tmp_path):
    assert survey(tmp_path, ["D1[T01]", "D1[T02]"], ["1", ""]) == [["1", ""]]
    assert survey(tmp_path, ["D1[T01]", "D1[T02]"], ["N/A", "N/A"]) == [["N/A", "N/A"]]
    assert survey(tmp_path, ["D1[T01]", "D1[T02]"], ["Yes", ""]) == [["Yes", ""]]


def test_the_structure_tells_ticks_whatever_they_are_called():
    frame = frame_of(read(SAMPLES / "web_code_short_convertYN.csv", STRUCTURES[1]))
    ticks = frame[["certs[C1]", "certs[C2]"]].to_numpy().tolist()
    assert ticks[:2] == [["1", "0"], ["0", "1"]]


def test_cells_that_were_masked_for_spreadsheets_are_themselves_again(tmp_path):
    assert survey(tmp_path, ["Q1", "Q2"], ["'=1+1", "'quoted'"]) == [["=1+1", "'quoted'"]]


# Files that other programs saved.


def test_a_workbook_reads_like_the_csv_but_cannot_tell_what_was_not_shown(tmp_path):
    with (SAMPLES / "web_codetext_short_comma.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    book = Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    book.save(tmp_path / "export.xlsx")
    export = read(tmp_path / "export.xlsx", STRUCTURES[0])
    assert any("does not tell questions" in sentence for sentence in export.assumed)
    assert [(c.question, c.row, c.option) for c in answers(export)] == CODES
    assert frame_of(export).iloc[1].tolist()[7:] == [
        *("0", "1", "", "", "", "", "-oth-", "Auditor, senior", "0", "1", "3", "", "complete")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_saved_again_by_a_spreadsheet_program_says_what_it_lost(tmp_path, encoding):
    with (SAMPLES / "web_code_short_convertYN.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    table = io.StringIO(newline="")
    csv.writer(table, delimiter=";").writerows(rows)
    export = read(saved(tmp_path, table.getvalue(), encoding=encoding), STRUCTURES[0])
    assert any("does not tell questions" in sentence for sentence in export.assumed)
    assert frame_of(export)["D1dual[T01][1]"].tolist() == ["4", "", ""]


def test_dates_that_a_spreadsheet_program_changed_stay_as_they_are(tmp_path):
    content = "id;submitdate;lastpage;Q1\n1;03.04.2026 10:20;2;x\n2;2026-04-03 10:20;2;y\n"
    frame = frame_of(read(saved(tmp_path, content)))
    assert frame["submitdate"].tolist() == ["03.04.2026 10:20", "2026-04-03T10:20:00"]


def test_rows_carry_the_numbers_that_a_spreadsheet_shows(tmp_path):
    content = written(["id", "lastpage", "Q1"], [["1", "2", "a\nb"], ["2", "2", "c"]])
    assert frame_of(read(saved(tmp_path, content))).index.tolist() == [2, 3]


def test_json_of_older_versions_has_every_response_under_its_number(tmp_path):
    responses = [{str(n): {"id": str(n), "submitdate": None, "Q1": "x"}} for n in (1, 2)]
    path = saved(tmp_path, json.dumps({"responses": responses}), "export.json")
    assert frame_of(read(path)).to_numpy().tolist() == [
        ["1", "", "x", "partial"],
        ["2", "", "x", "partial"],
    ]


# Files that cannot be used, and files of others.


def test_a_file_cut_off_anywhere_is_refused_or_whole_up_to_there(tmp_path):
    whole = (SAMPLES / "web_code_short_convertYN.csv").read_bytes().rstrip()
    start = whole.index(b"\r\n") + 40
    for length in range(start, len(whole) - 12, 41):
        message = refusal(saved(tmp_path, whole[:length]))
        assert "cells than the header row" in message or "quotation mark" in message


def test_json_that_breaks_off_is_refused(tmp_path):
    whole = (SAMPLES / "export_code_short.json").read_text(encoding="utf-8")
    for length in (200, 700, len(whole) - 1):
        path = saved(tmp_path, whole[:length], "export.json", "utf-8")
        assert "JSON that breaks off" in refusal(path)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], "headers only"),
        ([["id", "lastpage", "Q1"], ["1", "2", "x"]], "row 2: found “id” instead of the number"),
        ([["1", "2", "x"], ["Response ID", "Last page", "y"]], "row 3: found “Response ID”"),
        ([["1", "2", "x"], ["", "2", "y"]], "row 3: found “” instead of the number"),
        ([["1", "2", "x"], ["2", "2"]], "row 3: found a row with fewer"),
    ],
)
def test_damaged_tables_are_refused_with_the_reason(tmp_path, rows, found):
    assert found in refusal(saved(tmp_path, written(["id", "lastpage", "Q1"], rows)))


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["id", "lastpage", "id"], "several columns “id”"),
        (["Our survey", "", ""], "no column “id” in the first row"),
    ],
)
def test_headers_that_were_changed_are_refused(tmp_path, headers, found):
    rows = [["id", "lastpage", "Q1"], ["1", "2", "x"]]
    assert found in refusal(saved(tmp_path, written(headers, rows)))


def test_responses_with_different_questions_are_refused(tmp_path):
    responses = [{"id": 1, "lastpage": 1, "Q1": "x"}, {"id": 2, "lastpage": 1, "Q2": "x"}]
    path = saved(tmp_path, json.dumps({"responses": responses}), "export.json")
    assert "response 2: found responses with different questions" in refusal(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "a,b\n1,2\n",
        "<document>",
        "<survey><rows/></survey>",
        "class\tname\nQ\tx\n",
        b"\x00\xff",
    ],
)
def test_a_codebook_that_is_no_structure_is_refused(tmp_path, content):
    codebook = saved(tmp_path, content, "structure.lss", "utf-8")
    message = refusal(SAMPLES / "export_code_long.csv", codebook)
    assert message.startswith("structure.lss: found no whole survey structure")


def test_a_structure_cut_off_is_refused(tmp_path):
    half = STRUCTURES[0].read_bytes()[:20000]
    message = refusal(SAMPLES / "export_code_long.csv", saved(tmp_path, half, "half.lss"))
    assert "no whole survey structure" in message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", "respondent,T01_importance\nA,4\n"),
        ("plain.csv", "id,T01_importance,seed\n1,4,2\n"),
        ("alchemer.csv", '"Response ID","Time Started","Date Submitted","Status"\n1,2,3,4\n'),
        ("monkey.csv", "Respondent ID,Collector ID,Start Date,End Date\n,,,\n1,2,3,4\n"),
        ("redcap.csv", "record_id,redcap_survey_identifier,q1___1\n1,,0\n"),
        ("google.csv", "Timestamp,Rate [Assess],Rate [Plan]\n1,2,3\n"),
        ("qualtrics.csv", "StartDate,ResponseId,Q1\nStart Date,Response ID,x\n1,2,3\n"),
        ("surveyjs.json", '[{"id": 1, "lastpage": 2}]'),
        ("qualtrics.json", '{"responses": [{"responseId": "R_1", "values": {}}]}'),
        ("other.json", '{"id": 1, "submitdate": 2}'),
    ],
)
def test_files_of_others_are_not_taken(tmp_path, name, content):
    assert not PLATFORM.recognise(open_file(saved(tmp_path, content, name, "utf-8")))
