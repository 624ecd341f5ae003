"""Who answered a study, from its sheets and sources to its tables."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rds.study.building import analyze
from rds.study.receive import receive
from rds.study.run import run
from rds.study.study import Study
from tests.study.examples import answers, make_study

QUESTIONS = [
    {
        "question_id": "Q1",
        "question": "Where do you work?",
        "kind": "choice",
        "options": "Community; Hospital; Clinic",
        "represent": "yes",
    },
    {"question_id": "Q2", "question": "Years?", "kind": "number"},
    {"question_id": "Q3", "question": "Your title?", "kind": "text"},
    {"question_id": "Q4", "question": "Not reported", "kind": "text", "describe": "no"},
]
POPULATION = [
    {"variable": "Q1", "category": name, "percent": percent}
    for name, percent in (("Community", 60), ("Hospital", 30), ("Clinic", 10))
]
FIELDING = [
    {"date": "2026-05-04", "event": "invitation", "sent": 300, "bounced": 10},
    {"date": "2026-05-11", "event": "reminder", "sent": 250},
]


def frame(n=60):
    table = answers(n=n)
    table["Q1"] = ["Community"] * (n - 12) + ["Hospital"] * 9 + ["Clinic"] * 3
    table["Q2"] = np.arange(n)
    table["Q3"] = "a title that only one person has"
    table["Q4"] = "never to be seen"
    return table


def study_of(tmp_path, table=None, **settings):
    chosen = {"sampling__design": "census", **settings}
    sheets = {"Demographics": QUESTIONS, "Population": POPULATION, "Fielding": FIELDING}
    folder = make_study(tmp_path / "study", sheets=sheets, **chosen)
    path = tmp_path / "a.csv"
    (frame() if table is None else table).to_csv(path, index=False)
    receive(Study.open(folder), path)
    return Study.open(folder)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return analyze(study_of(tmp_path_factory.mktemp("one"))).participation


def test_rates_stand_on_the_sheet_fielding(found):
    rates = found.response_rates.set_index("rate")
    assert rates.loc["RR1", ["numerator", "denominator"]].tolist() == [60, 300]
    assert found.dispositions["n"].sum() == 300


def test_an_open_link_withholds_its_rates(tmp_path):
    analysis = analyze(study_of(tmp_path, sampling__design="open link"))
    assert analysis.participation.response_rates["rate"].tolist() == ["completion"]
    assert any(
        note.table == "response_rates" and "open link" in note.reason for note in analysis.notes
    )


def test_the_same_small_cells_are_empty_in_every_table(found):
    demographics = found.demographics[found.demographics["variable"] == "Q1"]
    hidden = set(demographics.loc[demographics["suppressed"], "category"])
    assert hidden == {"Hospital", "Clinic"}
    beside = found.representativeness.set_index("category")
    assert set(beside.index[beside["percent_sample"].isna()]) == hidden
    assert beside.loc["Community", "percent_sample"] == 80


def test_the_smallest_cell_is_a_setting(tmp_path):
    analysis = analyze(study_of(tmp_path, respondents__smallest_cell=3))
    assert not analysis.participation.demographics["suppressed"].any()


def test_numbers_are_described_and_open_words_only_counted(found):
    table = found.demographics.set_index(["variable", "category"])
    assert table.loc[("Q2", "mean"), "value"] == 29.5
    assert table.loc[("Q3", "answered"), "n"] == 60
    assert "Q4" not in table.index.get_level_values("variable")


def test_no_open_answer_enters_the_outputs(tmp_path):
    study = study_of(tmp_path)
    run(study)
    tables = (study.folder.out / "tables").glob("*.csv")
    text = "".join(path.read_text(encoding="utf-8") for path in tables)
    assert "only one person" not in text
    assert "never to be seen" not in text


def test_answers_that_the_population_does_not_know_withhold_the_comparison(tmp_path):
    table = frame()
    table.loc[:9, "Q1"] = "Elsewhere"
    analysis = analyze(study_of(tmp_path, table))
    assert len(analysis.participation.representativeness) == 0
    assert any(note.table == "representativeness" for note in analysis.notes)


def test_late_respondents_stand_beside_early_ones(tmp_path):
    study = study_of(tmp_path)
    people = study.ratings.respondents
    days = ["2026-05-05"] * 40 + ["2026-05-12"] * 20
    dated = replace(study.ratings, respondents=people.assign(date=days, status="complete"))
    study.__dict__["ratings"] = dated
    found = analyze(study).participation
    table = found.early_late
    assert (table["n_early"].iloc[-1], table["n_late"].iloc[-1]) == (40, 20)
    assert {"importance", "frequency"} <= set(table["variable"])
    assert found.fielding["complete_so_far"].tolist() == [0, 40, 40, 60]


def test_reconstructed_respondents_are_nobody(tmp_path):
    study = study_of(tmp_path)
    people = study.ratings.respondents.assign(nature="reconstructed")
    study.__dict__["ratings"] = replace(study.ratings, respondents=people)
    analysis = analyze(study)
    assert len(analysis.participation.dispositions) == 0
    assert any(
        note.table == "dispositions" and "no people" in note.reason for note in analysis.notes
    )


def test_a_study_known_from_printed_means_has_empty_tables():
    from tests.blueprint.test_build import built

    tables = built().analysis.participation.tables()
    assert all(isinstance(table, pd.DataFrame) and not len(table) for table in tables.values())


def test_those_who_are_not_eligible_by_their_answers_are_no_completes(tmp_path):
    questions = [{**QUESTIONS[0], "eligible_if": "Community; Hospital"}, *QUESTIONS[1:]]
    folder = make_study(
        tmp_path / "study",
        sheets={"Demographics": questions, "Population": POPULATION, "Fielding": FIELDING},
        sampling__design="census",
    )
    path = tmp_path / "a.csv"
    frame().to_csv(path, index=False)
    receive(Study.open(folder), path)
    table = analyze(Study.open(folder)).participation.dispositions
    counts = table.groupby("disposition")["n"].sum()
    assert (counts["complete"], counts["not eligible"]) == (57, 3)
