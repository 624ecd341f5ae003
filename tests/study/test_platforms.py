"""Every platform's export of the same answers gives the same answers, or is refused."""

from dataclasses import replace

import numpy as np
import pytest

from rds.ratings.export_mapping import Known, map_export
from rds.ratings.ingest import ingest
from rds.scales import Point, Scale, ordinal
from rds.survey.platforms.opening import open_file
from rds.survey.platforms.registry import recognise
from tests.survey import platform_exports as exports
from tests.survey.examples import FREQUENCY, IMPORTANCE, instrument

SURVEY = instrument()
TASKS = ("T01", "T02", "T03", "T04", "T05")
SCALES = (
    replace(
        ordinal("frequency", {**FREQUENCY, 98: "Not applicable"}, not_performed=0),
        points=(
            *ordinal("frequency", FREQUENCY, not_performed=0).points,
            Point(99, "Not applicable", "not applicable"),
        ),
    ),
    replace(
        ordinal("importance", IMPORTANCE),
        points=(
            *ordinal("importance", IMPORTANCE).points,
            Point(99, "Not applicable", "not applicable"),
        ),
    ),
    Scale(
        "share",
        "Share 100 points between the domains.",
        "other",
        tuple(Point(v, "") for v in range(101)),
        ("domains",),
        kind="allocation of 100",
    ),
)
EXPECTED = {"frequency": TASKS, "importance": TASKS, "share": ("D1", "D2")}
QUESTIONS = ["Q1", "Q2", "Q3", "Q4"]
PEOPLE = exports.answers(SURVEY, 30)

WITH_CODES = {
    "limesurvey codes": ("limesurvey", {}),
    "limesurvey code and text": ("limesurvey", {"style": "codetext"}),
    "limesurvey full text": ("limesurvey", {"style": "full"}),
    "limesurvey full text, labels": ("limesurvey", {"style": "full", "labels": True}),
    "limesurvey codes, labels": ("limesurvey", {"labels": True}),
    "qualtrics numbers": ("qualtrics", {}),
    "qualtrics text": ("qualtrics", {"labels": True}),
    "redcap raw": ("redcap", {}),
    "odk": ("odk", {}),
    "kobo": ("kobo", {}),
    "surveymonkey": ("surveymonkey", {}),
    "google_forms": ("google_forms", {}),
    "alchemer": ("alchemer", {}),
}


def read(tmp_path, name, content, *, issued=True):
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    file = open_file(path)
    platform = recognise(file)
    assert platform is not None, "not recognised"
    assert platform.name == name
    export = platform.read(file)
    known = Known((SURVEY,) if issued else (), None if issued else SURVEY, platform.column_name)
    mapped = map_export(export, known, expected=EXPECTED, questions=QUESTIONS)
    assert not mapped.problems, list(map(str, mapped.problems))
    return ingest(export, mapped.columns, scales=SCALES, key=b"key")


def profile(read):
    """Return each respondent's answers as one line, in an order of their own."""
    lines = [
        tuple(int(v) for name in EXPECTED for v in read.ratings.codes[name][:, at])
        + tuple(read.ratings.respondents.iloc[at][["Q1", "Q2", "Q3", "coverage", "check1"]])
        + (read.ratings.respondents.iloc[at]["again1 T01_importance"],)
        for at in range(len(read.ratings))
    ]
    return sorted(lines)


def expected_profile():
    labels = {q.code: {o.code: o.words["en"] for o in q.options} for q in SURVEY.questions}
    where = {
        (row.code, q.subject): q.code for q in SURVEY.questions for row in q.rows if row.statement
    }
    lines = []
    for person in PEOPLE:
        codes = [
            -2 if (value := person[where[s, scale], s, 0]) == 99 else value
            for scale in EXPECTED
            for s in EXPECTED[scale]
        ]
        ticked = "; ".join(t for c, t in labels["Q2"].items() if person["Q2", "", c])
        passed = "passed" if person["D1frequency", "check1", 0] == 2 else "failed"
        again = person["D2importance", "again1", 0]
        lines.append(
            (
                *codes,
                labels["Q1"][person["Q1", "", 0]],
                ticked,
                str(person["Q3", "", 0]),
                labels["coverage"][person["coverage", "", 0]],
                passed,
                "" if again == 99 else str(again),
            )
        )
    return sorted(lines)


@pytest.mark.parametrize("case", WITH_CODES)
def test_every_answer_of_every_person_comes_back(tmp_path, case):
    name, options = WITH_CODES[case]
    content = getattr(exports, name)(SURVEY, PEOPLE, **options)
    assert profile(read(tmp_path, name, content)) == expected_profile()


IN_WORDS = [c for c in WITH_CODES if c not in ("qualtrics numbers", "redcap raw", "odk", "kobo")]


@pytest.mark.parametrize("case", IN_WORDS)
def test_a_survey_that_was_built_by_hand_is_known_by_its_words(tmp_path, case):
    name, options = WITH_CODES[case]
    content = getattr(exports, name)(SURVEY, PEOPLE, **options)
    assert profile(read(tmp_path, name, content, issued=False)) == expected_profile()


@pytest.mark.parametrize("case", WITH_CODES)
def test_an_export_in_utf_16_gives_the_same_answers(tmp_path, case):
    name, options = WITH_CODES[case]
    content = getattr(exports, name)(SURVEY, PEOPLE, **options).decode("utf-8-sig")
    assert profile(read(tmp_path, name, content.encode("utf-16"))) == expected_profile()


def test_the_order_of_respondents_is_forgotten(tmp_path):
    content = exports.limesurvey(SURVEY, PEOPLE)
    ids = read(tmp_path, "limesurvey", content).ratings.respondents.index
    assert list(ids) == sorted(ids)
    assert np.unique(ids).size == len(PEOPLE)
