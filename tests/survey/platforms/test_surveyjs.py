"""SurveyJS results in every shape they are kept in are read, or refused with the true reason.

The samples were given by SurveyJS 2.5.38 itself; see tests/data/surveyjs/README.md.
"""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from rds.errors import InputError
from rds.ratings.matching import match
from rds.survey.asked import asked_by
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.surveyjs import PLATFORM
from tests.survey.examples import instrument

DATA = Path(__file__).parents[2] / "data" / "surveyjs"
OTHERS = DATA.parent
MIN_SURVEY = DATA / "generated_min.json"
MIN_RESULT = json.loads((DATA / "result_rendered.json").read_text(encoding="utf-8"))
EXAMPLE_RESULTS = json.loads((DATA / "example_results.json").read_text(encoding="utf-8"))
EXAMPLE_SURVEY = PLATFORM.write(instrument())["example-2026-survey-1-surveyjs.json"]
GRIDS = {"D1": {"T01": 3, "T02": 99}, "D2": {"T01": 1}}


def saved(folder, content, name="results.json", encoding="utf-8"):
    path = folder / name
    if not isinstance(content, str | bytes):
        content = json.dumps(content, ensure_ascii=False)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path, **options):
    file = open_file(path, **options)
    assert PLATFORM.recognise(file)
    return PLATFORM.read(file)


def table(export):
    return pd.concat(export.blocks())


def rows(export):
    return table(export).to_dict("records")


def column(export, name):
    return next(one for one in export.described if one.name == name)


def roles(export):
    return {one.name: one.role for one in export.described}


def refusal(path, **options):
    file = open_file(path, **options)
    assert PLATFORM.recognise(file)
    with pytest.raises(InputError) as error:
        PLATFORM.read(file)
    (problem,) = error.value.problems
    assert "Traceback" not in str(problem)
    return str(problem)


def flattened(results):
    """Return results as the flattened table that converters make of them."""
    flat = []
    for result in results:
        row = {}
        for key, value in result.items():
            inside = value if isinstance(value, dict) else None
            if isinstance(value, list):
                inside = dict(enumerate(value))
            if inside is None:
                row[key] = value
            else:
                row |= {f"{key}.{inner}": cell for inner, cell in inside.items()}
        flat.append(row)
    headers = list(dict.fromkeys(name for row in flat for name in row))
    return [headers, *([row.get(name, "") for name in headers] for row in flat)]


def csv_text(lines, separator=","):
    content = io.StringIO(newline="")
    csv.writer(content, delimiter=separator).writerows(lines)
    return content.getvalue()


def test_a_single_result_is_described_by_the_names_that_stand_in_it():
    export = read(DATA / "result_rendered.json")
    described = {one.name: (one.question, one.row, one.is_open_text) for one in export.described}
    assert described == {
        "D1_freq.T01": ("D1_freq", "T01", False),
        "D1_freq.T02": ("D1_freq", "T02", False),
        "D1.T01.imp": ("D1.imp", "T01", False),
        "D1.T01.freq": ("D1.freq", "T01", False),
        "role": ("role", "", False),
        "role-Comment": ("role", "", True),
        "certs": ("certs", "", False),
        "years": ("years", "", False),
        "missing": ("missing", "", False),
    }
    assert export.columns == tuple(described)
    assert (export.platform, export.layout, export.codes_are_ours) == ("surveyjs", "wide", True)
    assert table(export).to_numpy().tolist() == [
        ["3", "NA", "3", "4", "other", "Auditor; senior", "C1;C2", "12.5", 'line1\nline2 "q"']
    ]
    assert column(export, "certs").separator == ";"


def test_the_survey_beside_the_results_tells_words_rows_and_options():
    export = read(DATA / "result_rendered.json", codebook=MIN_SURVEY)
    rated = column(export, "D1_freq.T02")
    assert (rated.question_text, rated.row_text) == ("How often?", "Document findings")
    assert (rated.position, rated.labels["NA"]) == (2, "Not part of my role")
    assert column(export, "D1.T02.imp").question_text == "Rate each task [Importance]"
    assert column(export, "D1.T02.imp").labels == {"1": "Low", "2": "Moderate", "3": "High"}
    assert column(export, "role").labels == {"A1": "Analyst", "A2": "Manager", "other": "Other"}
    ticks = [one for one in export.described if one.question == "certs"]
    assert [(one.option, one.option_text) for one in ticks] == [
        ("C1", "CISSP"),
        ("C2", "PMP"),
        ("none", "None"),
    ]
    (row,) = rows(export)
    assert [row[one.name] for one in ticks] == ["1", "1", "0"]
    assert (row["D1.T02.freq"], row["role-Comment"]) == ("", "Auditor; senior")


def test_plain_data_tells_titles_and_labels_beside_the_values():
    export = read(DATA / "plain_data.json")
    assert rows(export) == rows(read(DATA / "result_rendered.json"))
    rated = column(export, "D1_freq.T01")
    assert rated.question_text == "How often?"
    assert rated.row_text == 'Assess risk, "red" & amber'
    assert rated.labels == {"3": "Often"}
    assert column(export, "certs").labels == {"C1": "CISSP", "C2": "PMP"}
    assert column(export, "missing").labels == {}


def test_labels_of_plain_data_in_two_languages_are_not_used(tmp_path):
    nodes = json.loads((DATA / "plain_data.json").read_text(encoding="utf-8"))[0]
    german = json.loads(json.dumps(nodes).replace('"Often"', '"Oft"'))
    export = read(saved(tmp_path, [nodes, german]))
    assert [dict(one.labels) for one in export.described] == [{}] * len(export.described)


@pytest.mark.parametrize(
    "shape",
    [
        lambda results: results,
        lambda results: {"responses": results},
        lambda results: {"id": "survey", "data": [json.dumps(one) for one in results]},
        lambda results: [{"id": n, "json": one} for n, one in enumerate(results)],
        lambda results: [{"postId": "s", "surveyResult": json.dumps(one)} for one in results],
        lambda results: {"Data": [{"Id": "a", "Result": {"data": one}} for one in results]},
        lambda results: "\n".join(map(json.dumps, results)) + "\n",
        lambda results: "\n\n".join(json.dumps({"data": one}) for one in results),
    ],
)
def test_results_are_found_in_every_envelope(tmp_path, shape):
    export = read(saved(tmp_path, shape(EXAMPLE_RESULTS)))
    answers = [one.name for one in export.described if one.role == "answer"]
    plain = read(DATA / "example_results.json")
    assert answers == [one.name for one in plain.described if one.role == "answer"]
    assert table(export)[answers].equals(table(plain)[answers])
    assert table(export).index.tolist() == [1, 2]


@pytest.mark.parametrize("with_survey", [False, True])
def test_every_answer_to_our_own_survey_is_known_again(tmp_path, with_survey):
    codebook = saved(tmp_path, EXAMPLE_SURVEY, "survey.json") if with_survey else None
    export = read(DATA / "example_results.json", codebook=codebook)
    matches = match(export, asked_by(instrument()), column_name=PLATFORM.column_name, issued=True)
    answers = {one.name for one in export.described if one.role == "answer"}
    assert set(matches.found) == answers
    assert {found.rule for found in matches.found.values()} == {"identifier"}
    meanings = {found.asked.meaning for found in matches.found.values()}
    assert {"T05_importance", "again1 T01_importance", "check1", "D2_share", "Q3"} <= meanings
    assert roles(export)["survey_language"] == "language"
    assert roles(export)["screened_out"] == "status"


def test_questions_that_nobody_answered_have_columns_if_the_survey_is_there(tmp_path):
    results = saved(tmp_path, [{"D1frequency": {"T02": 0}, "survey_language": "en"}])
    assert read(results).columns == ("D1frequency.T02", "survey_language")
    export = read(results, codebook=saved(tmp_path, EXAMPLE_SURVEY, "survey.json"))
    assert "D2importance.again1" in export.columns
    (row,) = rows(export)
    assert (row["D1frequency.T02"], row["D1frequency.T01"]) == ("0", "")
    assert [row[f"Q2.{option}"] for option in (1, 2, 3)] == ["", "", ""]


def test_several_answers_stay_in_one_cell_if_one_of_them_is_unknown(tmp_path):
    survey = saved(tmp_path, EXAMPLE_SURVEY, "survey.json")
    results = saved(tmp_path, [{"Q2": [1, 7], **GRIDS, "D1frequency": {"T01": 1}}])
    export = PLATFORM.read(open_file(results))
    assert rows(export)[0]["Q2"] == "1;7"
    export = read(saved(tmp_path, [{"Q2": [1, 7], "D1frequency": {"T01": 1}}]), codebook=survey)
    assert rows(export)[0]["Q2"] == "1;7"
    assert column(export, "Q2").labels["1"] == "Basic, 40 hours"


def test_the_separator_of_several_answers_stands_in_none_of_them(tmp_path):
    export = read(saved(tmp_path, [{"Q2": ["a;b", "c|d"], **GRIDS}]))
    assert column(export, "Q2").separator == ","
    assert rows(export)[0]["Q2"] == "a;b,c|d"


def test_names_that_are_words_are_what_people_read(tmp_path):
    result = {"How often do you do this?": {"Assess risk": "Daily"}, "Where?": "Here"}
    export = read(saved(tmp_path, [result]))
    rated = column(export, "How often do you do this?.Assess risk")
    assert (rated.question_text, rated.row_text) == ("How often do you do this?", "Assess risk")
    assert column(export, "Where?").question_text == "Where?"


def test_what_stands_beside_the_answers_is_known_by_name(tmp_path):
    result = {
        "id": "r-1",
        "created": "2026-05-04T10:20:30.000Z",
        "startedAt": "2026-05-04T10:00:00+00:00",
        "endedAt": "2026-05-04T10:20:31.123Z",
        "timeSpent": 1231,
        "status": "completed",
        "locale": "de",
        "token": "abc",
        "email": "a@example.org",
        "ipAddress": "192.0.2.1",
        "user": {"name": "A", "agent": "Firefox"},
        "surveyVersion": 4,
        "data": {**GRIDS, "pageNo": 3, "your_email": "a@example.org", "status": "employed"},
    }
    export = read(saved(tmp_path, [result]))
    assert {name: role for name, role in roles(export).items() if role != "answer"} == {
        "id": "respondent",
        "created": "technical",
        "startedAt": "started",
        "endedAt": "submitted",
        "timeSpent": "seconds",
        "status (column 12)": "status",
        "locale": "language",
        "token": "contact",
        "email": "personal",
        "ipAddress": "personal",
        "user.name": "personal",
        "user.agent": "technical",
        "surveyVersion": "technical",
        "pageNo": "technical",
        "your_email": "personal",
    }
    (row,) = rows(export)
    assert (row["startedAt"], row["endedAt"]) == ("2026-05-04T10:00:00", "2026-05-04T10:20:31")
    assert (row["timeSpent"], row["status (column 12)"]) == ("1231", "complete")
    assert row["status (column 6)"] == "employed"


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ({"screened_out": True}, "screened out"),
        ({"screened_out": True, "status": "completed"}, "screened out"),
        ({"screened_out": False, "isComplete": False}, "partial"),
        ({"screened_out": False, "isCompleted": True}, "complete"),
        ({"screened_out": False}, ""),
        ({"status": "in progress"}, "partial"),
    ],
)
def test_the_status_is_what_all_of_a_result_says(tmp_path, result, status):
    export = read(saved(tmp_path, [{**GRIDS, "Q1": 1, **result}]))
    (name,) = [one.name for one in export.described if one.role == "status"]
    assert rows(export)[0][name] == status


def test_a_question_may_be_called_like_what_stands_beside_answers(tmp_path):
    result = {"state": "Bavaria", "status": "employed", "language": "I speak two", **GRIDS}
    assert set(roles(read(saved(tmp_path, [result]))).values()) == {"answer"}


def test_a_comment_or_a_nameless_row_is_an_answer_whatever_its_name(tmp_path):
    result = {"status-Comment": "none", "status": {"": {"x": 1}}, **GRIDS}
    assert set(roles(read(saved(tmp_path, [result]))).values()) == {"answer"}


def test_files_and_signatures_are_personal(tmp_path):
    result = {
        "cv": [{"name": "a.pdf", "type": "application/pdf", "content": "data:application/pdf;"}],
        "signed": "data:image/png;base64,AAAA",
        **GRIDS,
    }
    found = roles(read(saved(tmp_path, [result])))
    assert (found["cv"], found["signed"]) == ("personal", "personal")


def test_the_survey_says_which_questions_ask_for_personal_data(tmp_path):
    survey = {
        "elements": [
            {"type": "text", "name": "q1", "inputType": "email"},
            {"type": "text", "name": "q2", "title": {"default": "Your name"}},
            {"type": "panel", "name": "p", "elements": [{"type": "comment", "name": "q3"}]},
            {"type": "html", "name": "intro", "html": "Welcome"},
        ]
    }
    book = saved(tmp_path, survey, "survey.json")
    export = read(saved(tmp_path, [{"q1": "a", "q2": "b", "q3": "c", **GRIDS}]), codebook=None)
    assert roles(export)["q1"] == "answer"
    plain = PLATFORM.read(open_file(saved(tmp_path, {"q1": "a", "q3": "c"}), codebook=book))
    assert roles(plain) == {"q1": "personal", "q2": "personal", "q3": "answer"}


def test_previews_are_left_out_and_counted_unless_it_is_a_rehearsal(tmp_path):
    results = [{"isTest": True, "data": GRIDS}, {"isTest": False, "data": GRIDS}]
    path = saved(tmp_path, results)
    export = read(path)
    assert (export.left_out, table(export).index.tolist()) == ({"survey preview": 1}, [2])
    rehearsal = PLATFORM.read(replace(open_file(path), with_tests=True))
    assert (rehearsal.left_out, table(rehearsal).index.tolist()) == ({}, [1, 2])


def test_rows_that_people_add_and_totals_are_told_apart_from_ratings(tmp_path):
    result = {"jobs": [{"title": "Nurse"}, {"title": "Cook"}], "D1-total": {"x": 4}, **GRIDS}
    export = read(saved(tmp_path, [result]))
    assert (column(export, "jobs.2.title").question, rows(export)[0]["jobs.2.title"]) == (
        "jobs.title",
        "Cook",
    )
    assert roles(export)["D1-total.x"] == "technical"


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ";")],
)
def test_a_flattened_table_reads_like_the_results_it_was_made_of(tmp_path, encoding, separator):
    content = csv_text(flattened(EXAMPLE_RESULTS), separator)
    export = read(saved(tmp_path, content, "results.csv", encoding))
    told = [row | {"screened_out": ""} for row in rows(export)]
    assert told == rows(read(DATA / "example_results.json"))
    assert table(export).index.tolist() == [2, 3]


def test_a_workbook_reads_like_the_results_it_was_made_of(tmp_path):
    book = Workbook()
    for line in flattened(EXAMPLE_RESULTS):
        book.active.append(line)
    book.save(tmp_path / "results.xlsx")
    assert rows(read(tmp_path / "results.xlsx")) == rows(read(DATA / "example_results.json"))


def test_a_table_may_hold_whole_results_in_its_cells(tmp_path):
    lines = [["id", "json"], *([n, json.dumps(one)] for n, one in enumerate(EXAMPLE_RESULTS, 7))]
    export = read(saved(tmp_path, csv_text(lines), "results.csv"))
    assert [row["id"] for row in rows(export)] == ["7", "8"]
    assert [row["D2frequency.T05"] for row in rows(export)] == ["1", "1"]
    assert [row["Q2"] for row in rows(export)] == ["1;2", "1;2"]


def test_ticks_in_a_table_are_told_apart_if_the_survey_is_there(tmp_path):
    lines = [["Q2", "D1frequency.T01", "survey_language"], ["1, 3", "2", "en"], ["", "0", "de"]]
    path = saved(tmp_path, csv_text(lines), "results.csv")
    export = read(path, codebook=saved(tmp_path, EXAMPLE_SURVEY, "survey.json"))
    ticks = [[row[f"Q2.{option}"] for option in (1, 2, 3)] for row in rows(export)]
    assert ticks == [["1", "0", "1"], ["", "", ""]]


@pytest.mark.parametrize("pretty", [False, True])
def test_json_cut_off_at_any_point_is_refused(tmp_path, pretty):
    whole = json.dumps(EXAMPLE_RESULTS, indent=1 if pretty else None)
    for length in range(whole.index("T01") + 10, len(whole) - 1, 61):
        message = refusal(saved(tmp_path, whole[:length]))
        assert "found JSON that breaks off or is damaged; wanted the whole export" in message


def test_a_damaged_line_is_named(tmp_path):
    lines = [json.dumps(one) for one in EXAMPLE_RESULTS]
    message = refusal(saved(tmp_path, "\n".join([lines[0], lines[1][:-9], lines[0]])))
    assert message.startswith("results.json, line 2: found JSON that breaks off or is damaged")


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (EXAMPLE_SURVEY, "results.json", "a survey of SurveyJS, not the answers to it"),
        ("survey_language,D1.T01\n", "a.csv", "a header row without answers"),
        ("survey_language,D1.T01\nen,1\nsurvey_language,D1.T01\nen,2\n", "a.csv", "the header row"),
    ],
)
def test_files_without_results_are_refused_with_the_reason(tmp_path, content, name, found):
    assert f"found {found}" in refusal(saved(tmp_path, content, name))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("[]", "JSON without results"),
        ("[1, 2]", "something that is no result"),
        ("[[], [null]]", "something that is no result"),
        ("[{}]", "results without a single answer"),
    ],
)
def test_json_that_holds_no_results_is_not_taken_and_if_forced_refused(tmp_path, content, found):
    file = open_file(saved(tmp_path, content))
    assert not PLATFORM.recognise(file)
    with pytest.raises(InputError, match=found):
        PLATFORM.read(file)


@pytest.mark.parametrize(
    ("book", "found"),
    [
        ("{}", "a file that is no survey of SurveyJS"),
        ("<xml>", "a file that is no survey of SurveyJS"),
        (MIN_SURVEY.read_text(encoding="utf-8"), "5 of 5 grids that the survey survey.json does"),
    ],
)
def test_a_codebook_of_another_kind_or_study_is_refused(tmp_path, book, found):
    codebook = saved(tmp_path, book, "survey.json")
    assert f"found {found}" in refusal(DATA / "example_results.json", codebook=codebook)


@pytest.mark.parametrize(
    "content",
    [
        "respondent,T01_importance,T02_importance\nA,4,5\n",
        "respondent,T01.importance,T01.frequency\nA,4,5\n",
        "id,How.often,How.long\n1,2,3\n",
        '{"responses": [{"id": 1, "submitdate": null, "D1[T01]": "3"}]}',
        '{"responses": [{"responseId": "R_1", "values": {"QID1": 1}, "labels": {"QID1": "a"}}]}',
        '[{"record_id": "1", "d1frequency_t01": "3"}]',
        '[{"_id": 1, "group/q": {"a": 1}}]',
        '{"type": "FeatureCollection", "FeatureCollection": {"a": 1}}',
    ],
)
def test_look_alikes_are_not_taken(tmp_path, content):
    name = "a.json" if content[0] in "[{" else "a.csv"
    assert not PLATFORM.recognise(open_file(saved(tmp_path, content, name)))


def test_no_sample_of_another_platform_is_taken():
    suffixes = (".csv", ".json", ".qsf", ".txt", ".xlsx", ".sav")
    samples = [path for path in OTHERS.rglob("*") if path.suffix in suffixes]
    others = [path for path in samples if path.parent != DATA]
    assert len(others) > 20
    for path in others:
        try:
            file = open_file(path)
        except InputError:
            continue
        assert not PLATFORM.recognise(file), path


def test_columns_are_named_as_results_are_flattened():
    assert PLATFORM.column_name("D1frequency", "T01", 1, "") == "D1frequency.T01"
    assert PLATFORM.column_name("Q2", "", 0, "3") == "Q2.3"
    assert PLATFORM.column_name("Q4", "", 0, "") == "Q4"
