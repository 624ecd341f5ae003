"""Qualtrics exports: every column is known, every row that is no answer is left out.

Samples: tests/data/qualtrics, all real exports and survey files (sources in its README).
"""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from rds.errors import InputError
from rds.survey.export import NOT_TICKED, TICKED
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.qualtrics import PLATFORM
from rds.survey.platforms.words import comparable

DATA = Path(__file__).parents[2] / "data" / "qualtrics"
PAIRS = [
    ("consumer_minimalism.csv", "consumer_minimalism.qsf"),
    ("default_eric.csv", "default_eric.qsf"),
    ("recommendation_algorithms.csv", "recommendation_algorithms.qsf"),
    ("single_answer_matrix_2016.csv", "single_answer_matrix.qsf"),
    ("single_answer_matrix_legacy.csv", "single_answer_matrix.qsf"),
    ("multiple_answer_2016.csv", "multiple_answer.qsf"),
    ("multiple_answer_legacy.csv", "multiple_answer.qsf"),
    ("multiple_answer_matrix_2016.csv", "multiple_answer_matrix.qsf"),
    ("text_entry_2016.csv", "text_entry.qsf"),
    ("side_by_side_2016.csv", "side_by_side.qsf"),
]
SAMPLES = sorted(path.name for path in DATA.glob("*.csv"))

IDS = [
    ("StartDate", "Start Date", "startDate"),
    ("EndDate", "End Date", "endDate"),
    ("Status", "Response Type", "status"),
    ("IPAddress", "IP Address", "ipAddress"),
    ("Progress", "Progress", "progress"),
    ("Duration (in seconds)", "Duration (in seconds)", "duration"),
    ("Finished", "Finished", "finished"),
    ("RecordedDate", "Recorded Date", "recordedDate"),
    ("ResponseId", "Response ID", "_recordId"),
    ("RecipientEmail", "Recipient Email", "recipientEmail"),
    ("ExternalReference", "External Data Reference", "externalDataReference"),
    ("DistributionChannel", "Distribution Channel", "distributionChannel"),
    ("UserLanguage", "User Language", "userLanguage"),
]
PERSON = {
    "StartDate": "2026-05-04 10:20:31",
    "EndDate": "2026-05-04 10:28:31",
    "Status": "0",
    "IPAddress": "192.0.2.7",
    "Progress": "100",
    "Duration (in seconds)": "480",
    "Finished": "1",
    "RecordedDate": "2026-05-04 10:28:32",
    "ResponseId": "R_2YPOQ602ER1jkf1",
    "DistributionChannel": "anonymous",
    "UserLanguage": "EN",
}
GRID = [
    ("D1_1", "How often? - for now - Plan - short", "QID2_1"),
    ("D1_2", "How often? - for now - Plan 1-2 goals", "QID2_4"),
    ("D1_3", "How often? - for now - Reports & notes", "QID2_5"),
]
SEVERAL = [
    ("Q2_1", "Which? - Selected Choice - Basic, 40 hours", "QID3 1"),
    ("Q2_2", "Which? - Selected Choice - Advanced", "QID3 2"),
    ("Q2_-1", "Which? - Selected Choice - Other", "QID3 3"),
    ("Q2_-1_TEXT", "Which? - Other - Text", "QID3_3_TEXT"),
]


def identifier(text):
    """Return a cell of the third row; “QID3 1” stands for an identifier with a choice."""
    import_id, _, choice = text.partition(" ")
    return json.dumps({"ImportId": import_id} | ({"choiceId": choice} if choice else {}))


def table(columns, *people):
    """Return the rows of a modern export."""
    columns = [*IDS, *columns]
    heads = [[column[place] for column in columns] for place in (0, 1)]
    third = [identifier(column[2]) for column in columns]
    cells = [[(PERSON | person).get(column[0], "") for column in columns] for person in people]
    return [*heads, third, *cells]


def saved(folder, rows, name="export.csv", encoding="utf-8", **style):
    text = io.StringIO(newline="")
    csv.writer(text, **style).writerows(rows)
    path = folder / name
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def workbook(folder, rows):
    book = Workbook()
    for row in rows:
        book.active.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    book.save(folder / "export.xlsx")
    return folder / "export.xlsx"


def read(path, codebook=None):
    file = open_file(path, codebook=codebook)
    assert PLATFORM.recognise(file)
    return PLATFORM.read(file)


def sample(name, codebook=None):
    return read(DATA / name, DATA / codebook if codebook else None)


def columns_of(export):
    return {column.name: column for column in export.described}


def answers(export):
    return {name: column for name, column in columns_of(export).items() if column.role == "answer"}


def cells(export):
    return pd.concat(export.blocks())


def refusal(path, codebook=None):
    with pytest.raises(InputError) as error:
        read(path, codebook)
    (problem,) = error.value.problems
    return str(problem)


def survey(*questions):
    """Return a survey file with these questions, none of them thrown away."""
    block = {"Type": "Default", "BlockElements": []}
    elements = [{"Element": "BL", "PrimaryAttribute": "Survey Blocks", "Payload": [block]}]
    for question in questions:
        elements.append(
            {"Element": "SQ", "PrimaryAttribute": question["QuestionID"], "Payload": question}
        )
    return {"SurveyEntry": {"SurveyName": "Example"}, "SurveyElements": elements}


def grid_question(**changes):
    return {
        "QuestionID": "QID2",
        "DataExportTag": "D1",
        "QuestionType": "Matrix",
        "Selector": "Likert",
        "SubSelector": "SingleAnswer",
        "QuestionText": "How often? - for now",
        "Choices": {
            "5": {"Display": "Reports &amp; notes"},
            "1": {"Display": "Plan - short"},
            "4": {"Display": "Plan 1-2 goals"},
        },
        "ChoiceOrder": ["1", 4, "5"],
        "Answers": {"2": {"Display": "Daily"}, "7": {"Display": "Never"}},
        "AnswerOrder": [7, 2],
    } | changes


def survey_file(folder, *questions):
    path = folder / "survey.qsf"
    path.write_text(json.dumps(survey(*questions)))
    return path


@pytest.mark.parametrize("name", SAMPLES)
def test_every_column_of_every_sample_is_described_once_and_in_order(name):
    export = sample(name)
    assert tuple(column.name for column in export.described) == export.columns
    assert len(set(export.columns)) == len(export.columns)
    assert tuple(cells(export).columns) == export.columns
    assert (export.platform, export.layout, export.codes_are_ours) == ("qualtrics", "wide", False)


@pytest.mark.parametrize(("name", "codebook"), PAIRS)
def test_every_answer_is_found_in_the_survey_file_under_its_own_name_and_text(name, codebook):
    with DATA.joinpath(codebook).open() as file:
        payloads = [e["Payload"] for e in json.load(file)["SurveyElements"] if e["Element"] == "SQ"]
    tags = {payload["DataExportTag"].strip() for payload in payloads}
    parts = [part for p in payloads for part in (p.get("AdditionalQuestions") or {}).values()]
    tags |= {part["DataExportTag"] for part in parts}
    export = sample(name, codebook)
    assert export.codes_are_ours
    headers = dict(zip(export.columns, open_file(DATA / name).head[1], strict=False))
    for column in answers(export).values():
        shown = comparable(headers[column.name])
        tag = column.question.split("_", 1)[1] if column.question[0].isdigit() else column.question
        assert tag in tags
        assert comparable(column.row_text) in shown
        assert "${" in column.option_text or comparable(column.option_text) in shown


@pytest.mark.parametrize(("name", "codebook"), PAIRS)
def test_every_number_of_a_rating_has_its_words_in_the_survey_file(name, codebook):
    export = sample(name, codebook)
    # The generated answers of Qualtrics are tests, which a reader leaves out: look at the file.
    file = open_file(DATA / name)
    rows = pd.DataFrame(list(file.rows())[3:]).iloc[:, : len(export.columns)]
    rows.columns = pd.Index(export.columns)
    rated = [column for column in export.described if column.labels and not column.separator]
    for column in rated:
        assert set(rows[column.name]) - {"", "-99"} <= set(column.labels)


def test_positions_and_texts_of_grid_rows_are_the_same_with_and_without_a_survey_file():
    with_survey = answers(sample("consumer_minimalism.csv", "consumer_minimalism.qsf"))
    without = answers(sample("consumer_minimalism.csv"))
    assert with_survey.keys() == without.keys()
    for name, column in with_survey.items():
        other = without[name]
        assert (column.question, column.position, column.row_text) == (
            other.question,
            other.position,
            other.row_text,
        )
    fifth = without["Q29_5"]
    assert (fifth.question, fifth.row, fifth.position) == ("Q29", "", 5)
    assert fifth.row_text == "I am drawn to visually sparse environments."
    assert fifth.question_text.endswith("the following statements about yourself:")


def test_display_order_timing_browser_scores_and_embedded_data_are_technical():
    described = columns_of(sample("default_eric.csv"))
    assert {name for name, column in described.items() if column.role == "answer"} == {
        "OPTOUT_Green",
        "OPTIN_Green",
        "OPTIN_Organ",
        "OPTOUT_Organ",
    }
    for name in ("t_intro _Page Submit", "meta_Browser", "Q_RecaptchaScore", "FL_344_DO_FL_345"):
        assert described[name].role == "technical"
    assert columns_of(sample("consumer_minimalism.csv"))["Q29_DO_1"].role == "technical"
    assert columns_of(sample("qualtRics_sample.csv"))["Q2 - Topics"].role == "technical"


def test_a_modern_export_with_labels_in_another_language_is_known_by_its_identifiers():
    export = sample("qualtRics_sample.csv")
    roles = {column.name: column.role for column in export.described}
    assert roles["ResponseId"] == "respondent"
    assert (roles["StartDate"], roles["EndDate"]) == ("started", "submitted")
    assert (roles["Finished"], roles["UserLanguage"]) == ("status", "language")
    assert roles["Duration (in seconds)"] == "seconds"
    personal = {name for name, role in roles.items() if role == "personal"}
    assert personal == {
        "IPAddress",
        "RecipientLastName",
        "RecipientFirstName",
        "RecipientEmail",
        "ExternalReference",
        "LocationLatitude",
        "LocationLongitude",
    }
    row = cells(export).loc[4]
    assert (row["Q1"], row["Q2"]) == ("2", "Hello World!")
    assert (row["StartDate"], row["Finished"]) == ("2017-07-18T08:28:09", "complete")


def test_a_legacy_export_is_known_by_its_labels():
    export = sample("qualtRics_sample_legacy.csv")
    roles = {column.name: column.role for column in export.described}
    assert (roles["V1"], roles["V3"], roles["V5"]) == ("respondent", "personal", "personal")
    assert (roles["V8"], roles["V9"], roles["V10"]) == ("started", "submitted", "status")
    assert answers(export)["Q1"].question_text == "This is a multiple choice question."
    assert len(export.columns) == 15
    assert cells(export).index.tolist() == [3]


def test_tests_that_qualtrics_generated_are_left_out_and_counted():
    export = sample("text_entry_2016.csv")
    assert export.left_out == {"survey test": 15}
    assert len(cells(export)) == 0


@pytest.mark.parametrize(
    "name", ["single_answer_matrix_legacy.csv", "single_answer_matrix_2016.csv"]
)
def test_rows_with_the_same_tag_in_several_questions_are_told_apart_by_their_texts(name):
    export = sample(name, "single_answer_matrix.qsf")
    tagged = [column for column in answers(export).values() if column.row == "question_two"]
    assert [column.question for column in tagged if not column.is_open_text] == [
        "Q3",
        "Q5",
        "matrix_question_five",
    ]
    assert {column.position for column in tagged} == {2}
    assert [column.labels["10"] for column in tagged[1:2]] == ["Click to write Scale point 1"]


def test_text_beside_an_option_is_open_text_and_no_rating():
    described = answers(sample("text_entry_2016.csv", "text_entry.qsf"))
    assert {name for name, column in described.items() if column.is_open_text} == {
        "MCSA_single_text_TEXT",
        "MSCA_multi_text_TEXT",
        "MCMA_text_1_TEXT",
        "MCMA_text_2_TEXT",
        "Matrix_text_1_TEXT",
        "Matrix_text_2_TEXT",
    }
    assert not described["Matrix_text_1_TEXT"].labels
    assert described["Matrix_text_1"].labels


def test_side_by_side_columns_are_questions_of_their_own():
    described = answers(sample("side_by_side_2016.csv", "side_by_side.qsf"))
    first = described["Q7#2_3"]
    assert (first.question, first.position) == ("Q7#2", 3)
    assert first.labels == {"1": "Answer 1", "13": "Answer 2"}
    tagged = described["Q8#1_statement_two_1"]
    assert (tagged.question, tagged.row, tagged.position) == ("Q8#1", "statement_two", 2)


def test_loops_keep_their_prefix_and_headers_that_stand_twice_get_a_name_of_their_own():
    export = sample("recommendation_algorithms.csv", "recommendation_algorithms.qsf")
    described = answers(export)
    assert described["1_Q15"].question == "1_Q15"
    twice = [column for name, column in described.items() if name.startswith("1_Q16_1 (column")]
    assert [column.option for column in twice] == ["1", "1"]
    assert len({column.question_text for column in twice}) == 2


def test_statements_are_split_where_the_columns_of_their_question_differ(tmp_path):
    export = read(saved(tmp_path, table(GRID, {"D1_1": "7"})))
    described = answers(export)
    assert {column.question_text for column in described.values()} == {"How often? - for now"}
    assert [column.row_text for column in described.values()] == [
        "Plan - short",
        "Plan 1-2 goals",
        "Reports & notes",
    ]
    assert [column.position for column in described.values()] == [1, 2, 3]
    assert {column.question for column in described.values()} == {"D1"}


def test_an_export_with_identifiers_for_names_needs_the_survey_file_for_its_positions(tmp_path):
    rows = table([(name, text, name) for _, text, name in GRID], {"QID2_4": "7"})
    assert {column.position for column in answers(read(saved(tmp_path, rows))).values()} == {0}
    described = answers(read(saved(tmp_path, rows), survey_file(tmp_path, grid_question())))
    assert [(c.question, c.position) for c in described.values()] == [("D1", n) for n in (1, 2, 3)]


def test_a_text_in_another_language_of_the_survey_agrees_with_the_survey_file(tmp_path):
    german = [(name, text.replace("How often", "Wie oft"), number) for name, text, number in GRID]
    path = saved(tmp_path, table(german, {"D1_1": "7"}))
    languages = {"DE": {"QuestionText": "Wie oft? - for now"}}
    export = read(path, survey_file(tmp_path, grid_question(Language=languages)))
    assert export.codes_are_ours
    assert answers(export)["D1_2"].labels == {"7": "Never", "2": "Daily"}


def test_row_numbers_in_the_identifier_are_no_positions_without_a_gapless_count(tmp_path):
    described = answers(read(saved(tmp_path, table(GRID[1:], {"D1_2": "7"}))))
    assert {column.position for column in described.values()} == {0}


def test_a_survey_file_gives_positions_words_and_codes_that_are_in_no_order(tmp_path):
    rows = table(GRID, {"D1_1": "7", "D1_2": "2"})
    export = read(saved(tmp_path, rows), survey_file(tmp_path, grid_question()))
    third = answers(export)["D1_3"]
    assert (third.position, third.row_text) == (3, "Reports & notes")
    assert third.labels == {"7": "Never", "2": "Daily"}
    recoded = grid_question(RecodeValues={"2": "0", "7": "99"}, ChoiceDataExportTags=False)
    export = read(saved(tmp_path, rows), survey_file(tmp_path, recoded))
    assert answers(export)["D1_1"].labels == {"99": "Never", "0": "Daily"}


def test_identifiers_that_stand_as_arrays_count_from_zero(tmp_path):
    question = grid_question(
        Answers=[{"Display": "Never"}, {"Display": "Daily"}], AnswerOrder=[0, 1], RecodeValues=[]
    )
    export = read(saved(tmp_path, table(GRID, {})), survey_file(tmp_path, question))
    assert answers(export)["D1_1"].labels == {"0": "Never", "1": "Daily"}


def test_thrown_away_questions_say_nothing(tmp_path):
    content = survey(grid_question(), grid_question(QuestionID="QID9", DataExportTag="other"))
    trash = {"Type": "Trash", "BlockElements": [{"Type": "Question", "QuestionID": "QID2"}]}
    content["SurveyElements"][0]["Payload"] = {"1": trash}
    path = tmp_path / "survey.qsf"
    path.write_text(json.dumps(content))
    rows = table([*GRID, ("other", "How often? - for now - Plan - short", "QID9_1")], {})
    export = read(saved(tmp_path, rows), path)
    assert not answers(export)["D1_1"].labels
    assert answers(export)["other"].labels
    assert not export.codes_are_ours


def test_two_answers_with_one_code_have_no_words(tmp_path):
    question = grid_question(RecodeValues={"2": "1", "7": "1"})
    export = read(saved(tmp_path, table(GRID, {})), survey_file(tmp_path, question))
    assert answers(export)["D1_1"].labels == {}


def test_previews_tests_spam_and_synthetic_answers_are_left_out_by_number_or_by_word(tmp_path):
    kinds = ["0", "1", "2", "8", "256", "IP Address", "Survey Preview", "Spam", "16", "4"]
    people = [{"Status": kind, "D1_1": str(n)} for n, kind in enumerate(kinds)]
    people.append({"DistributionChannel": "preview"})
    export = read(saved(tmp_path, table(GRID, *people)))
    assert Counter(export.left_out) == {
        "survey preview": 3,
        "survey test": 1,
        "spam": 2,
        "synthetic answers": 1,
    }
    assert cells(export)["D1_1"].tolist() == ["0", "5", "8", "9"]
    assert cells(export).index.tolist() == [4, 9, 12, 13]
    assert export.assumed == ()


def test_an_unknown_response_type_is_kept_and_said(tmp_path):
    export = read(saved(tmp_path, table(GRID, {"Status": "64"})))
    assert len(cells(export)) == 1
    assert export.assumed == (
        "answers of the response type “64” were kept as those of respondents",
    )


def test_several_answers_become_ticked_not_ticked_or_unknown(tmp_path):
    people = [
        {"Q2_1": "1", "Q2_2": "", "Q2_-1": "1", "Q2_-1_TEXT": "Night school"},
        {"Q2_1": "-99", "Q2_2": "1", "Q2_-1": "-99"},
        {"Q2_1": "-99", "Q2_2": "-99", "Q2_-1": "-99"},
        {},
        {"Q2_2": "Advanced"},
    ]
    export = read(saved(tmp_path, table(SEVERAL, *people)))
    described = answers(export)
    assert [column.option for column in described.values()] == ["1", "2", "-1", "-1"]
    assert [column.option_text for column in described.values()] == [
        "Basic, 40 hours",
        "Advanced",
        "Other",
        "Other",
    ]
    assert {column.question_text for column in described.values()} == {"Which?"}
    assert [column.is_open_text for column in described.values()] == [False, False, False, True]
    yes, no = TICKED, NOT_TICKED
    found = cells(export)[["Q2_1", "Q2_2", "Q2_-1"]].to_numpy().tolist()
    assert found == [[yes, no, yes], [no, yes, no], ["", "", ""], ["", "", ""], [no, yes, no]]
    assert cells(export)["Q2_-1_TEXT"].iloc[0] == "Night school"


def test_several_answers_in_one_cell_name_their_separator(tmp_path):
    rows = table([("Q2", "Which?", "QID3")], {"Q2": "1,3"}, {"Q2": "2"})
    export = read(saved(tmp_path, rows))
    assert answers(export)["Q2"].separator == ","
    assert cells(export)["Q2"].tolist() == ["1,3", "2"]
    choices = {"1": {"Display": "Basic"}, "2": {"Display": "Advanced"}}
    question = {
        "QuestionID": "QID3",
        "DataExportTag": "Q2",
        "QuestionType": "MC",
        "Selector": "MAVR",
        "QuestionText": "Which?",
        "Choices": choices,
        "RecodeValues": None,
    }
    rows = table([("Q2", "Which?", "QID3")], {"Q2": "2"})
    export = read(saved(tmp_path, rows), survey_file(tmp_path, question))
    assert answers(export)["Q2"].separator == ","


def test_seen_but_unanswered_is_no_answer_unless_an_option_has_that_code(tmp_path):
    rows = table(GRID, {"D1_1": "-99", "D1_2": "7"})
    assert cells(read(saved(tmp_path, rows)))["D1_1"].tolist() == [""]
    declared = survey_file(tmp_path, grid_question(RecodeValues={"2": "-99", "7": "1"}))
    assert cells(read(saved(tmp_path, rows), declared))["D1_1"].tolist() == ["-99"]


def test_the_contact_is_the_first_of_address_and_reference_that_holds_anything(tmp_path):
    rows = table([("PROLIFIC_PID", "PROLIFIC_PID", "PROLIFIC_PID")], {"ExternalReference": "M7"})
    described = columns_of(read(saved(tmp_path, rows)))
    assert described["ExternalReference"].role == "contact"
    assert described["RecipientEmail"].role == "personal"
    assert described["PROLIFIC_PID"].role == "personal"
    rows = table(GRID, {"RecipientEmail": "a@example.org", "ExternalReference": "M7"})
    described = columns_of(read(saved(tmp_path, rows)))
    assert described["RecipientEmail"].role == "contact"
    assert described["ExternalReference"].role == "personal"


def test_an_answer_that_is_an_address_is_personal(tmp_path):
    rows = table([("Q9", "Where can we reach you?", "QID9_TEXT")], {"Q9": "a@example.org"}, {})
    assert columns_of(read(saved(tmp_path, rows)))["Q9"].role == "personal"


def test_partial_and_screened_out_answers_stay_with_their_status(tmp_path):
    people = [
        {"Finished": "1"},
        {"Finished": "0", "Progress": "40"},
        {"Finished": "True", "Q_TerminateFlag": "Screened"},
        {"Finished": "False"},
    ]
    flag = ("Q_TerminateFlag", "Q_TerminateFlag", "Q_TerminateFlag")
    export = read(saved(tmp_path, table([flag], *people)))
    assert cells(export)["Finished"].tolist() == [
        "complete",
        "partial",
        "screened out",
        "partial",
    ]


def test_dates_saved_by_a_spreadsheet_are_read_only_if_their_order_shows(tmp_path):
    people = [{"StartDate": "5/30/2025 9:21"}, {"StartDate": "5/4/2025 9:21"}]
    shown = cells(read(saved(tmp_path, table(GRID, *people))))["StartDate"].tolist()
    assert shown == ["2025-05-30T09:21:00", "2025-05-04T09:21:00"]
    shown = cells(read(saved(tmp_path, table(GRID, people[1]))))["StartDate"].tolist()
    assert shown == ["5/4/2025 9:21"]
    german = table(GRID, {"StartDate": "04.05.2025 09:21"})
    assert cells(read(saved(tmp_path, german)))["StartDate"].tolist() == ["2025-05-04T09:21:00"]


@pytest.mark.parametrize(
    ("encoding", "style"),
    [
        ("utf-8-sig", {}),
        ("utf-16", {"delimiter": "\t"}),
        ("cp1252", {"delimiter": ";"}),
        ("utf-8", {"delimiter": "\t"}),
        ("utf-8", {"lineterminator": "\n", "quoting": csv.QUOTE_ALL}),
    ],
)
def test_exports_saved_again_in_other_forms_read_alike(tmp_path, encoding, style):
    rows = table([*GRID, *SEVERAL], {"D1_1": "7", "Q2_-1_TEXT": "Café,\nevening"})
    plain = read(saved(tmp_path, rows))
    again = read(saved(tmp_path, rows, "again.csv", encoding, **style))
    assert again.described == plain.described
    pd.testing.assert_frame_equal(cells(again), cells(plain))


def test_a_workbook_reads_like_the_text_file(tmp_path):
    rows = table(GRID, {"D1_1": "7"}, {"Status": "1"})
    text, book = read(saved(tmp_path, rows)), read(workbook(tmp_path, rows))
    assert book.described == text.described
    assert book.left_out == text.left_out
    pd.testing.assert_frame_equal(cells(book), cells(text))


def test_a_workbook_without_the_row_of_identifiers_is_known_by_names_and_texts(tmp_path):
    order = ("D1_DO_1", "How often? - for now - Display Order - Plan", "QID2_DO 1")
    columns = [*GRID, order, ("cond", "cond", "cond"), ("Q4", "Job title", "QID4_TEXT")]
    rows = table(columns, {"D1_1": "7", "cond": "B"})
    export = read(workbook(tmp_path, [*rows[:2], *rows[3:]]))
    described = answers(export)
    assert list(described) == ["D1_1", "D1_2", "D1_3", "Q4"]
    assert [column.position for column in described.values()] == [1, 2, 3, 0]
    assert described["D1_2"].row_text == "Plan 1-2 goals"
    assert columns_of(export)["ResponseId"].role == "respondent"
    book = workbook(tmp_path, [*rows[:2], *rows[3:]])
    export = read(book, survey_file(tmp_path, grid_question()))
    assert answers(export)["D1_3"].labels == {"7": "Never", "2": "Daily"}


def test_columns_in_another_order_are_described_alike(tmp_path):
    for name, codebook in PAIRS:
        rows = [list(reversed(row)) for row in open_file(DATA / name).rows()]
        plain, turned = sample(name, codebook), read(saved(tmp_path, rows), DATA / codebook)
        roles = {name.partition(" (column")[0]: c.role for name, c in columns_of(plain).items()}
        for column in turned.described:
            assert roles.get(column.name.partition(" (column")[0], "technical") == column.role
        known = Counter((c.question, c.row_text, c.position) for c in answers(plain).values())
        assert known == Counter(
            (c.question, c.row_text, c.position) for c in answers(turned).values()
        )


def test_a_column_that_stands_there_twice_has_its_role_once(tmp_path):
    rows = [[*row, row[8]] for row in table(GRID, {})]
    described = columns_of(read(saved(tmp_path, rows)))
    assert described["ResponseId (column 9)"].role == "respondent"
    assert described["ResponseId (column 17)"].role == "personal"


def test_a_column_added_by_hand_is_technical_and_one_at_the_end_without_header_is_ignored(tmp_path):
    extra = ["group", "group", "group", "B"]
    rows = [[*row, cell, ""] for row, cell in zip(table(GRID, {}), extra, strict=True)]
    described = columns_of(read(saved(tmp_path, rows)))
    assert described["group"].role == "technical"
    assert list(described)[-1] == "group"


def damaged(rows):
    """Return an export without some header rows, or with them twice."""
    return {
        "no texts": [rows[0], *rows[2:]],
        "no names": rows[1:],
        "no identifiers and texts": [rows[0], *rows[3:]],
        "a row too many": [rows[0], rows[1], ["x"] * len(rows[0]), *rows[2:]],
        "twice": [*rows[:3], *rows],
        "glued": [*rows, *rows],
        "headers only": rows[:3],
        "broken": [*rows[:2], [cell.replace('"}', "") for cell in rows[2]], *rows[3:]],
    }


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ("no texts", "1 header row is missing above them"),
        ("no names", "1 header row is missing above them"),
        ("no identifiers and texts", "one header row"),
        ("a row too many", "a row too many above them"),
        ("twice", "the header rows twice"),
        ("glued", "header rows"),
        ("headers only", "header rows only"),
        ("broken", "a damaged identifier"),
    ],
)
def test_damaged_header_rows_are_refused_with_the_true_reason(tmp_path, how, found):
    rows = damaged(table(GRID, {"D1_1": "7"}))[how]
    assert found in refusal(saved(tmp_path, rows))


def test_header_rows_far_down_are_refused_with_their_row(tmp_path):
    rows = table(GRID, *[{"D1_1": "7"}] * 40)
    message = refusal(saved(tmp_path, [*rows, *rows]))
    assert message.startswith("export.csv, row 44: found the header rows a second time")


@pytest.mark.parametrize("again", [0, 1])
def test_header_rows_of_a_legacy_export_are_refused_further_down(tmp_path, again):
    rows = [list(row) for row in open_file(DATA / "qualtRics_sample_legacy.csv").head]
    assert "row 4: found the header rows a second time" in refusal(
        saved(tmp_path, [*rows, rows[again]])
    )


@pytest.mark.parametrize(
    ("kept", "found"), [([0, 2], "one header row"), ([0, 0, 1, 2], "the header row twice")]
)
def test_a_legacy_export_without_labels_or_with_names_twice_is_refused(tmp_path, kept, found):
    rows = open_file(DATA / "qualtRics_sample_legacy.csv").head
    assert found in refusal(saved(tmp_path, [rows[number] for number in kept]))


def test_points_of_a_heat_map_are_no_answers(tmp_path):
    rows = table([("Q7_1_x", "Click", "QID7")], {"Q7_1_x": "12"})
    rows[2][-1] = json.dumps({"ImportId": "QID7", "point": 1, "coord": "x"})
    assert columns_of(read(saved(tmp_path, rows)))["Q7_1_x"].role == "technical"


def test_a_file_cut_off_in_the_middle_of_a_row_is_refused(tmp_path):
    path = saved(tmp_path, table(GRID, {"D1_1": "7"}, {"D1_1": "7"}))
    content = path.read_bytes()
    path.write_bytes(content[:-40])
    assert "the file was cut short" in refusal(path)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("{", "a file that is no Qualtrics survey, or a damaged one"),
        ("[]", "a file that is no Qualtrics survey"),
        ('{"SurveyElements": [{"Element": "SQ"}]}', "a file that is no Qualtrics survey"),
        (json.dumps(survey()), "other questions than in export.csv"),
        (
            json.dumps(survey(grid_question(DataExportTag="role"))),
            "other questions than in export.csv: “D1_1”, “D1_2”, “D1_3”",
        ),
    ],
)
def test_a_codebook_that_is_broken_or_of_another_survey_is_refused(tmp_path, content, found):
    codebook = tmp_path / "survey.qsf"
    codebook.write_text(content)
    message = refusal(saved(tmp_path, table(GRID, {"D1_1": "7"})), codebook)
    assert message.startswith("survey.qsf")
    assert found in message


def test_a_question_that_reads_otherwise_in_the_codebook_gets_no_words_from_it(tmp_path):
    question = grid_question(QuestionText="How important is it?")
    path = saved(tmp_path, table(GRID, {"D1_1": "7"}))
    export = read(path, survey_file(tmp_path, question))
    assert not answers(export)["D1_1"].labels
    assert answers(export)["D1_1"].question_text == "How often? - for now"
    assert not export.codes_are_ours
    assert "survey.qsf has another question text" in export.assumed[0]


@pytest.mark.parametrize(
    "content",
    [
        "respondent,T01_importance\nA,4\n",
        "RespondentID,CollectorID,StartDate,EndDate,IP Address\n,,,,\n1,2,3,4,5\n",
        "Response ID,Time Started,Date Submitted,Status\n1,2,3,Complete\n",
        "V1,V2,V3,V4,V5,V6,V7,V8,V9,V10\n1,2,3,4,5,1,2,3,4,5\n",
        "id,StartDate,EndDate,Status\n1,2,3,4\n",
        "note\nsays ImportId\n",
    ],
)
def test_tables_of_others_are_not_taken_for_qualtrics(tmp_path, content):
    path = tmp_path / "export.csv"
    path.write_text(content)
    assert not PLATFORM.recognise(open_file(path))


def test_json_and_binary_files_are_not_taken_for_qualtrics(tmp_path):
    assert not PLATFORM.recognise(open_file(survey_file(tmp_path, grid_question())))
