from dataclasses import replace

import pytest

from rds.errors import InputError
from rds.ratings.export_mapping import Known, map_export
from rds.ratings.ingest import ingest
from rds.scales import Scale, ordinal
from rds.survey.export import ExportColumn
from tests.survey.examples import FREQUENCY, IMPORTANCE, instrument
from tests.survey.exports import described, export

SURVEY = instrument()
TASKS = ("T01", "T02", "T03", "T04", "T05")
SCALES = (
    ordinal("frequency", FREQUENCY, not_performed=0),
    ordinal("importance", IMPORTANCE),
    Scale("share", "Share 100 points.", "other", (), ("domains",), kind="allocation of 100"),
)
EXPECTED = {"frequency": TASKS, "importance": TASKS, "share": ("D1", "D2")}
QUESTIONS = ["Q1", "Q2", "Q3", "Q4"]


def mapped(columns, *, issued=True, given=None, rows=(), **more):
    known = Known((SURVEY,) if issued else (), None if issued else SURVEY)
    file = export(columns, rows, **more)
    return file, map_export(file, known, expected=EXPECTED, questions=QUESTIONS, given=given)


def read(columns, rows, **more):
    file, result = mapped(columns, rows=rows, **more)
    assert not result.problems, list(map(str, result.problems))
    scales = [
        replace(scale, points=tuple(ordinal("x", {v: str(v) for v in range(101)}).points))
        if scale.is_allocation
        else scale
        for scale in SCALES
    ]
    return ingest(file, result.columns, scales=scales, key=b"key")


def told(problems):
    return [f"{p.place}: {p.found}" for p in problems]


COLUMNS = described(SURVEY)
CONSENT = "consent||"


def test_every_column_of_an_issued_survey_is_mapped_and_nothing_is_missing():
    _, result = mapped(COLUMNS)
    assert not result.problems
    assert not result.unmatched
    assert result.columns.missing == ()
    assert result.columns.dropped == ()
    assert result.instrument is SURVEY


def test_unknown_columns_do_no_harm_when_every_rating_is_there_and_are_listed():
    _, result = mapped([*COLUMNS, ExportColumn("extra", question_text="How was the coffee?")])
    assert result.columns.dropped == ("extra",)
    assert list(result.unmatched) == ["extra"]


def test_a_missing_rating_beside_an_unknown_column_is_refused_with_a_suggestion():
    first = next(c for c in COLUMNS if c.name == "D1importance|T01|")
    renamed = replace(
        first,
        name="x",
        question="zz",
        question_text="Importance: how would you rate each task?",
        row_text="Assess the risk & report findings",
    )
    _, result = mapped([renamed if c is first else c for c in COLUMNS])
    assert result.columns is None
    assert told(result.problems) == [
        "column “x”: an answer that nothing is known of: “Assess the risk & report findings”"
    ]
    assert result.problems[0].mend == "say in a column map: “T01_importance”"


def test_a_confirmed_suggestion_is_taken_from_the_column_map():
    first = next(c for c in COLUMNS if c.name == "D1importance|T01|")
    renamed = replace(first, name="x", question="zz", row_text="Assess the risk")
    columns = [renamed if c is first else c for c in COLUMNS]
    _, result = mapped(columns, given={"X": "t01_IMPORTANCE"})
    assert result.columns.ratings["x"] == ("T01", "importance")
    assert result.columns.rules["x"] == "column map"


def test_words_of_the_column_map_that_nothing_is_called_by_are_told():
    _, result = mapped(COLUMNS, given={"nothing": "T01_importance", "Q1||": "T99_importance"})
    assert told(result.problems) == [
        "column map: the column “nothing”",
        "column map: the meaning “T99_importance”",
    ]


def test_a_code_of_ours_with_other_words_is_refused():
    columns = [
        replace(c, question_text="How old are you?") if c.question == "Q1" else c for c in COLUMNS
    ]
    _, result = mapped(columns, issued=False)
    assert told(result.problems) == [
        "column “Q1||”: the code of “where do you work?” with other words"
    ]


def test_half_of_the_statements_missing_is_another_study():
    columns = [c for c in COLUMNS if not c.row.startswith("T0")]
    _, result = mapped(columns)
    assert "10 of 12 are missing" in told(result.problems)[0]


def test_two_columns_for_one_answer_are_refused():
    _, result = mapped([*COLUMNS, replace(COLUMNS[-1], name="again")])
    assert told(result.problems) == [": 2 columns for “missing”: “missing||”, “again”"]


ROW = {
    CONSENT: "1",
    "Q1||": "2",
    "Q2||1": "1",
    "Q2||2": "1",
    "Q2||3": "0",
    "Q3||": "7",
    "Q4||": "Coach; write to coach@example.org",
    "D1frequency|T01|": "0",
    "D1frequency|T02|": "3",
    "D1frequency|check1|": "2",
    "D1importance|T01|": "4",
    "D1importance|T02|": "-3",
    "D2importance|again1|": "3",
    "domainshare|D1|": "60",
    "domainshare|D2|": "40",
    "coverage||": "3",
    "missing||": "Call 617-555-0123",
}


def test_answers_come_back_in_the_words_of_the_study():
    people = read(COLUMNS, [ROW]).ratings.respondents.iloc[0]
    assert people[["Q1", "Q2", "Q3", "coverage", "check1"]].tolist() == [
        "Hospital; ward",
        "Basic, 40 hours; Advanced",
        "7",
        "Well",
        "passed",
    ]
    assert people["again1 T01_importance"] == "3"


def test_addresses_and_numbers_are_taken_out_of_free_text_and_counted():
    done = read(COLUMNS, [ROW])
    people = done.ratings.respondents.iloc[0]
    assert people["missing"] == "Call [removed]"
    assert people["Q4"] == "Coach; write to [removed]"
    assert done.report.n_texts_cleaned == 2


def test_ratings_keep_their_codes_and_states():
    ratings = read(COLUMNS, [ROW]).ratings
    assert ratings.codes["frequency"][:, 0].tolist() == [0, 3, -1, -1, -1]
    assert ratings.codes["importance"][:, 0].tolist() == [4, -3, -1, -1, -1]
    assert ratings.codes["share"][:, 0].tolist() == [60, 40]


def test_answers_in_any_language_of_the_survey_are_the_same_answers():
    in_german = {
        **ROW,
        CONSENT: "Yes (auf Deutsch)",
        "Q1||": "Hospital; ward (auf Deutsch)",
        "D1frequency|T01|": "Never; I do not do this (auf Deutsch)",
        "D1frequency|T02|": "Daily (auf Deutsch)",
        "D1frequency|check1|": "Monthly (auf Deutsch)",
        "D1importance|T01|": "Very important (auf Deutsch)",
        "D2importance|again1|": "Important (auf Deutsch)",
        "coverage||": "Well (auf Deutsch)",
    }
    ours, german = read(COLUMNS, [ROW]).ratings, read(COLUMNS, [in_german]).ratings
    assert all((ours.codes[name] == german.codes[name]).all() for name in ours.codes)
    assert ours.respondents.iloc[0].tolist() == german.respondents.iloc[0].tolist()


def test_a_codebook_says_what_a_platforms_own_numbers_mean():
    reversed_ = {"1": "Very important", "2": "Important", "7": "Not important"}
    columns = [replace(c, labels=reversed_) if c.question == "D1importance" else c for c in COLUMNS]
    ratings = read(columns, [{**ROW, "D1importance|T01|": "7"}], codes_are_ours=False).ratings
    assert ratings.codes["importance"][0, 0] == 1


def test_numbers_that_a_platform_may_have_chosen_are_refused_without_a_codebook():
    with pytest.raises(InputError) as error:
        read(described(SURVEY, by="words"), [], codes_are_ours=False)
    assert "no answers" in str(error.value)
    columns = described(SURVEY, by="words")
    row = {c.name: ROW.get(o.name, "") for c, o in zip(columns, COLUMNS, strict=True)}
    row[columns[0].name] = "Yes"
    with pytest.raises(InputError) as error:
        read(columns, [row], codes_are_ours=False)
    assert "which the platform may have chosen" in str(error.value)


def test_those_who_did_not_agree_are_left_out_and_counted():
    done = read(COLUMNS, [ROW, {**ROW, CONSENT: "2"}, {"Q1||": "1"}])
    assert len(done.ratings) == 1
    assert done.report.left_out == {
        "did not agree to take part": 1,
        "left before agreeing to take part": 1,
    }


def test_a_failed_attention_check_says_so():
    done = read(COLUMNS, [{**ROW, "D1frequency|check1|": "3"}])
    assert done.ratings.respondents["check1"].tolist() == ["failed"]


def test_points_that_do_not_add_up_to_100_are_no_answer():
    done = read(COLUMNS, [{**ROW, "domainshare|D1|": "60", "domainshare|D2|": "60"}])
    assert done.ratings.codes["share"][:, 0].tolist() == [-1, -1]
    assert done.report.n_off_total == 1


def test_several_answers_in_one_cell_are_taken_apart_by_the_known_options():
    columns = [c for c in COLUMNS if c.question != "Q2"]
    cell = "None, Basic, 40 hours, Other thing"
    joined = ExportColumn("Q2", question="Q2", separator=", ")
    done = read([*columns, joined], [{**ROW, "Q2": cell}])
    assert done.ratings.respondents["Q2"].tolist() == ["None; Basic, 40 hours; Other thing"]


def test_time_language_status_and_contact_are_kept_as_day_seconds_and_pseudonym():
    about = {
        "id": "respondent",
        "token": "contact",
        "begin": "started",
        "end": "submitted",
        "how": "status",
        "in": "language",
        "mail": "personal",
    }
    columns = [*COLUMNS, *(ExportColumn(name, role=role) for name, role in about.items())]
    row = {
        **ROW,
        "id": "17",
        "token": "abc",
        "begin": "2026-05-04T10:00:00",
        "end": "2026-05-04T10:12:30",
        "how": "partial",
        "in": "de",
        "mail": "somebody@example.org",
    }
    done = read(columns, [row])
    people = done.ratings.respondents.iloc[0]
    assert people[["date", "seconds", "status", "language"]].tolist() == [
        "2026-05-04",
        "750",
        "partial",
        "de",
    ]
    assert people["contact"].startswith("R")
    assert done.report.personal == ("mail",)
    assert not any("example.org" in str(value) for value in people)
