"""What is said of the answers beside every result: how they were read, and who counts."""

import pandas as pd
import pytest

from rds.study.accounts import source_notes
from rds.study.building import analyze
from rds.study.receive import receive
from rds.study.study import Study
from tests.study.examples import answers, make_study


@pytest.fixture
def folder(tmp_path):
    made = make_study(tmp_path / "study")
    table = answers(n=30).assign(email="x@example.org", scratch="-")
    path = tmp_path / "a.csv"
    table.drop(columns="respondent").to_csv(path, index=False)
    receive(Study.open(made), path)
    return made


def test_what_was_assumed_and_dropped_at_the_door_stands_among_the_notes(folder):
    notes = list(source_notes(Study.open(folder)))
    assert {note.row for note in notes} == {"a"}
    said = {(note.kind, note.reason) for note in notes}
    assert ("assumed", "each row is another respondent, since no column says who answered") in said
    dropped = " ".join(reason for kind, reason in said if kind == "dropped")
    assert dropped == "columns not stored: email, scratch"
    assert set(notes) <= set(analyze(Study.open(folder)).notes)


def test_exclusions_are_said_in_a_sentence(folder, tmp_path):
    table = answers(n=30)
    ratings = [name for name in table if "_" in name]
    table.loc[:2, ratings] = pd.NA
    path = tmp_path / "b.csv"
    table.to_csv(path, index=False)
    receive(Study.open(folder), path, name="a")
    (sentence,) = [s for s in analyze(Study.open(folder)).sentences if "Screening" in s]
    assert sentence.startswith("Screening left out 3 of 30 respondents")
