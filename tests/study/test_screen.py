"""Screening inside a study: what it declares applies to analysis, blueprint and outputs."""

import pandas as pd
import pytest

import rds
from rds.errors import InputError
from rds.study.export_data import export_data
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.run import run
from rds.study.study import Study
from tests.study.examples import answers, make_study, write_answers

QUESTION = {
    "question_id": "Q1",
    "question": "Where do you work?",
    "kind": "choice",
    "options": "Community; Hospital",
}


def study(tmp_path, frame=None, question=None, **settings):
    tmp_path.mkdir(exist_ok=True)
    folder = make_study(
        tmp_path / "study", sheets={"Demographics": [question or QUESTION]}, **settings
    )
    if frame is not None:
        path = write_answers(tmp_path / "a.csv", frame)
        receive(Study.open(folder), path, told=Told(group="practitioners"))
    return folder


def with_gaps():
    frame = answers(n=40)
    rated = [name for name in frame if "_" in name]
    frame[rated] = frame[rated].astype(float)
    frame.loc[:4, rated[:18]] = None
    return frame


def table(folder, name, below="tables"):
    return pd.read_csv(folder / "out" / below / f"{name}.csv", keep_default_na=False)


def test_who_is_excluded_enters_neither_analysis_nor_blueprint(tmp_path):
    folder = study(tmp_path, with_gaps())
    opened = Study.open(folder)
    blueprint = rds.build_blueprint(opened)
    assert len(opened.ratings) == 40
    assert len(opened.usable) == 35
    assert blueprint.analysis.respondents["n"].sum() == 35
    without = study(tmp_path / "other", with_gaps().loc[5:])
    expected = rds.build_blueprint(Study.open(without))
    pd.testing.assert_frame_equal(blueprint.task_weights, expected.task_weights)


def test_a_run_says_who_was_left_out_and_keeps_persons_out_of_the_public_tables(tmp_path):
    folder = study(tmp_path, with_gaps())
    run(Study.open(folder))
    steps = table(folder, "exclusions").set_index("reason")
    assert steps["n_remaining"].to_dict() == {
        "received": 40, "ineligible": 40, "repeated token": 40, "incomplete": 35,
    }  # fmt: skip
    assert "5 of 40 respondents are left out (5 as incomplete)" in " ".join(
        table(folder, "notes")["reason"]
    )
    people = table(folder, "respondents", "restricted")
    assert (people["excluded_as"] == "incomplete").sum() == 5
    assert len(people) == 40
    assert not list((folder / "out" / "tables").glob("screening.csv"))
    assert set(table(folder, "screening", "restricted")["excluded"]) == {"yes", "no"}


def test_eligibility_and_what_counts_come_from_the_demographics_sheet(tmp_path):
    frame = answers(n=60)
    question = {**QUESTION, "eligible_if": "Community"}
    opened = Study.open(study(tmp_path, frame, question))
    assert set(opened.usable.respondents["Q1"]) == {"Community"}
    question = {**QUESTION, "counts_in_weights_if": "Hospital"}
    opened = Study.open(study(tmp_path / "b", frame, question))
    assert set(opened.usable.respondents["Q1"]) == {"Hospital"}
    assert opened.screening.exclusions["reason"].iloc[-1] == "not counted in weights"


def test_everyone_excluded_is_a_problem_with_the_counts(tmp_path):
    frame = with_gaps()
    frame[[name for name in frame if "_" in name]] = None
    frame["T01_importance"] = 1
    frame["T01_importance"] = frame["T01_importance"].where(frame.index < 1)
    other = study(tmp_path, frame)
    with pytest.raises(InputError, match=r"nobody left in the study of 40 .*40 as incomplete"):
        run(Study.open(other))


def test_a_group_that_screening_empties_is_named(tmp_path):
    folder = study(tmp_path, answers(n=30), respondents__weight_from="supervisors")
    frame = with_gaps().loc[:4]
    frame["respondent"] = [f"S{k}" for k in range(5)]
    path = write_answers(tmp_path / "b.csv", frame)
    receive(Study.open(folder), path, told=Told(group="supervisors"))
    with pytest.raises(InputError, match=r"nobody left in the groups supervisors"):
        run(Study.open(folder))


def test_rules_and_answers_that_do_not_exist_are_found_by_check(tmp_path):
    question = {**QUESTION, "eligible_if": "Comunity"}
    folder = study(tmp_path, None, question, screening__exclude="ineligible; to fast")
    problems = [str(problem) for problem in Study.open(folder, strict=False).problems]
    assert any("“to fast” for screening.exclude" in one and "too fast" in one for one in problems)
    assert any("“Comunity”" in one and "Community; Hospital" in one for one in problems)


def test_a_what_if_screens_by_its_own_settings(tmp_path):
    opened = Study.open(study(tmp_path, with_gaps()))
    other = opened.what_if(settings={"screening.exclude": "ineligible"})
    assert other.analysis.respondents["n"].sum() == 40
    with pytest.raises(InputError, match=r"screening\.exclude"):
        opened.what_if(settings={"screening.exclude": "nonsense"})


def test_exported_data_hold_everybody_with_codes_and_a_codebook(tmp_path):
    folder = study(tmp_path, with_gaps())
    written = export_data(Study.open(folder), formats=["csv"])
    assert [path.name for path in written] == ["codebook.xlsx", "data.csv"]
    data = pd.read_csv(folder / "export" / "data.csv")
    assert len(data) == 40
    assert (data["excluded_as"] == "incomplete").sum() == 5
    ratings = Study.open(folder).ratings.to_wide()
    assert data["T01_importance"].tolist()[0] == ratings["T01_importance"].sort_index().iloc[0]
    book = pd.read_excel(folder / "export" / "codebook.xlsx", sheet_name=None, engine="calamine")
    assert book["Variables"]["variable"].tolist() == list(data)
    values = book["Values"].set_index(["variable", "code"])["label"]
    assert values["T01_frequency", 0] == "Never; I do not do this"
    assert values["T01_frequency", 99] == "Not applicable"
    assert export_data(Study.open(folder), formats=["csv"])[0].read_bytes() == (
        written[0].read_bytes()
    )


def test_exported_spss_data_read_back_with_labels_and_missing_codes(tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    folder = study(tmp_path, with_gaps())
    _, path = export_data(Study.open(folder), tmp_path / "there", formats=["spss"])
    data, meta = pyreadstat.read_sav(path, user_missing=True)
    assert len(data) == 40
    assert meta.variable_value_labels["T01_frequency"][0] == "Never; I do not do this"
    assert meta.missing_ranges["T01_frequency"]
    assert meta.column_names_to_labels["T01_importance"] == "importance: Do part 1 well."


def test_an_unknown_format_is_refused(tmp_path):
    folder = study(tmp_path, with_gaps())
    with pytest.raises(InputError, match="“stata”; wanted one of csv, spss"):
        export_data(Study.open(folder), formats=["stata"])


def test_where_no_rule_excludes_everybody_counts(tmp_path):
    opened = Study.open(study(tmp_path, with_gaps(), screening__exclude="none"))
    assert len(opened.usable) == 40
    assert opened.screening.exclusions["reason"].tolist() == ["received"]


def test_the_panels_own_answers_are_not_screened_and_tell_its_members(tmp_path):
    folder = study(tmp_path, answers(n=30), respondents__panel="panel")
    frame = with_gaps().loc[:4]
    frame["respondent"] = [f"S{k}" for k in range(5)]
    path = write_answers(tmp_path / "b.csv", frame)
    receive(Study.open(folder), path, told=Told(group="panel"))
    opened = Study.open(folder)
    assert len(opened.ratings) == 35
    assert opened.screening.n_received == len(opened.usable) == 30
