import csv
import json

import numpy as np
import pytest

from rds.errors import FolderError, InputError
from rds.study.forms import issue_survey, issued_instruments, unrehearsed
from rds.study.locking import lock_study
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.status import status
from rds.study.study import Study
from rds.survey.asked import asked_by
from rds.survey.platforms.registry import find_platform, platforms
from tests.study.examples import make_study

SHEETS = {
    "Demographics": [
        {
            "question_id": "Q1",
            "question": "Where do you work?",
            "kind": "choice",
            "options": "Community; Hospital",
        },
        {
            "question_id": "Q2",
            "question": "Trainings?",
            "kind": "several",
            "options": "Basic; Advanced",
        },
    ]
}


@pytest.fixture
def study(tmp_path):
    return make_study(tmp_path / "s", sheets=SHEETS)


def issue(folder, platform="limesurvey"):
    return issue_survey(Study.open(folder), find_platform(platform))


def limesurvey_export(path, instrument, people, **about):
    """Write answers as LimeSurvey does with question codes and answer codes."""
    asked = [
        one
        for one in asked_by(instrument)
        if not one.joined and not (one.option and one.meaning.startswith("Q1"))
    ]
    codes = [
        f"{one.question}[{one.row or one.option}]" if one.row or one.option else one.question
        for one in asked
    ]
    rng = np.random.default_rng(7)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(["id", "submitdate", "lastpage", "startlanguage", "startdate", *codes])
        for person in people:
            submitted = "" if person in about.get("partial", ()) else "2026-05-04 10:20:00"
            answers = [_answer(one, rng) for one in asked]
            cells = [str(person), submitted, "3", "en", "2026-05-04 10:00:00", *answers]
            writer.writerow(cells)
    return path


def _answer(one, rng):
    if one.purpose == "consent":
        return "1"
    if one.option:
        return rng.choice(["Y", ""])
    return str(rng.choice([o.code for o in one.options])) if one.options else "text"


def test_a_survey_is_written_with_its_manifest_and_numbered(study):
    issued = issue(study)
    assert issued.version == 1
    names = {path.as_posix() for path in issued.written}
    assert "forms/survey-1/instrument.json" in names
    assert any(name.startswith("forms/survey-1/limesurvey/") for name in names)
    manifest = json.loads((study / "forms/survey-1/instrument.json").read_text())
    assert manifest["columns"]["T01_importance"]["limesurvey"] == "D2importance[T01]"


@pytest.mark.parametrize("platform", [p.name for p in platforms() if p.write is not None])
def test_every_platform_takes_the_survey(study, platform):
    issued = issue(study, platform)
    assert all((study / path).stat().st_size for path in issued.written)


def test_the_same_survey_keeps_its_number_and_another_gets_the_next(tmp_path, study):
    issue(study)
    assert issue(study, "redcap").version == 1
    make_study(study, sheets=SHEETS, survey__attention_checks=1)
    assert issue(study).version == 2
    assert [one.version for one in issued_instruments(Study.open(study).folder)] == [2, 1]


def test_an_issued_file_that_somebody_changed_is_not_written_over(study):
    path = study / next(p for p in issue(study).written if p.suffix == ".txt")
    path.write_text("mine")
    with pytest.raises(FolderError, match="were changed"):
        issue(study)
    assert path.read_text() == "mine"


def test_a_damaged_manifest_is_told(study):
    issue(study)
    (study / "forms/survey-1/instrument.json").write_text("{}")
    with pytest.raises(InputError, match="the instrument as issued"):
        issued_instruments(Study.open(study).folder)


def test_a_platform_without_a_form_says_which_have_one(study):
    with pytest.raises(InputError, match="one of"):
        find_platform("lime")


def test_split_forms_are_written_side_by_side(tmp_path):
    folder = make_study(tmp_path / "s", sheets=SHEETS, survey__forms=2)
    issue(folder)
    names = {path.name for path in (folder / "forms/survey-1").glob("*.json")}
    assert names == {"instrument-a.json", "instrument-b.json"}


def test_an_answer_comes_back_by_the_codes_of_the_survey(tmp_path, study):
    issue(study)
    instrument = issued_instruments(Study.open(study).folder)[0]
    path = limesurvey_export(tmp_path / "e.csv", instrument, range(1, 21))
    done = receive(Study.open(study), path)
    assert done.report.missing == ()
    assert {column.get("rule", "") for column in done.report.columns} == {"identifier", ""}
    people = Study.open(study).ratings.respondents
    assert set(people["Q1"]) == {"Community", "Hospital"}
    assert set(people["Q2"]) <= {"Basic", "Advanced", "Basic; Advanced", ""}
    assert set(people["seconds"]) == {"1200"}


def test_status_asks_for_the_dress_rehearsal_until_it_was_done(tmp_path, study):
    issue(study)
    assert "--dry-run" in status(Study.open(study)).next_command
    instrument = issued_instruments(Study.open(study).folder)[0]
    path = limesurvey_export(tmp_path / "preview.csv", instrument, [1])
    done = receive(Study.open(study), path, dry_run=True)
    assert done.rehearsed == "demo-test-survey-1"
    assert not done.stored
    assert unrehearsed(Study.open(study).folder) == ()
    assert status(Study.open(study)).next_command.startswith("rds lock")
    lock_study(Study.open(study), role="panel chair", reason="approved")
    assert status(Study.open(study)).next_step == "read the survey's answers in"


def test_a_rehearsal_names_what_is_misspelt(tmp_path, study):
    issue(study)
    instrument = issued_instruments(Study.open(study).folder)[0]
    path = limesurvey_export(tmp_path / "preview.csv", instrument, [1])
    path.write_text(path.read_text().replace("D2importance[T01]", "D2importanc[T01]"))
    with pytest.raises(
        InputError, match=r"“D2importanc.T01.”.*say in a column map: “T01_importance”"
    ):
        receive(Study.open(study), path, dry_run=True)


def test_suggestions_are_written_to_be_confirmed(tmp_path, study):
    issue(study)
    instrument = issued_instruments(Study.open(study).folder)[0]
    path = limesurvey_export(tmp_path / "preview.csv", instrument, [1])
    path.write_text(path.read_text().replace("D2importance[T01]", "D2importanc[T01]"))
    with pytest.raises(InputError):
        receive(Study.open(study), path, told=Told(suggest=tmp_path / "map.csv"))
    assert (tmp_path / "map.csv").read_text() == "column,meaning\nD2importanc[T01],T01_importance\n"
    done = receive(Study.open(study), path, told=Told(column_map=tmp_path / "map.csv"))
    assert done.report.missing == ()


def test_a_later_export_ends_partial_answers_and_counts_nobody_twice(tmp_path, study):
    issue(study)
    instrument = issued_instruments(Study.open(study).folder)[0]
    first = limesurvey_export(tmp_path / "may.csv", instrument, range(1, 6), partial={5})
    receive(Study.open(study), first)
    later = limesurvey_export(tmp_path / "june.csv", instrument, range(1, 9))
    done = receive(Study.open(study), later)
    assert "5 respondents' earlier answers are replaced by these." in done.remarks
    ratings = Study.open(study).ratings
    assert len(ratings) == 8
    assert set(ratings.respondents["status"]) == {"complete"}


def test_other_answers_of_the_same_people_are_refused(tmp_path, study):
    issue(study)
    instrument = issued_instruments(Study.open(study).folder)[0]
    first = limesurvey_export(tmp_path / "may.csv", instrument, range(1, 6))
    receive(Study.open(study), first)
    later = limesurvey_export(tmp_path / "june.csv", instrument, range(0, 9))
    with pytest.raises(InputError, match="5 respondents whose answers were received before"):
        receive(Study.open(study), later)


def test_the_same_numbers_on_two_split_forms_are_two_people(tmp_path):
    folder = make_study(tmp_path / "s", sheets=SHEETS, survey__forms=2)
    issue(folder)
    for instrument in issued_instruments(Study.open(folder).folder):
        path = limesurvey_export(tmp_path / f"{instrument.form}.csv", instrument, [1, 2])
        receive(Study.open(folder), path)
    ratings = Study.open(folder).ratings
    assert len(ratings) == 4
    assert (ratings.codes["importance"] == -3).any()
