"""Receiving answers into a study."""

import pytest

from rds.errors import InputError
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.study import Study
from tests.study.examples import answers, make_study, write_answers


@pytest.fixture
def folder(tmp_path):
    return make_study(tmp_path / "study")


def everything(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != ".rds.lock"}


def test_answers_are_stored_under_pseudonyms_and_counted(folder, tmp_path):
    done = receive(Study.open(folder), write_answers(tmp_path / "Answers May.csv"))
    assert (done.source, done.stored, done.already) == ("answers-may", True, False)
    ratings = Study.open(folder).ratings
    assert len(ratings) == 30
    assert all(name.startswith("R") for name in ratings.respondents.index)
    stored = (folder / "responses" / "answers-may.csv").read_text(encoding="utf-8")
    assert "P1" not in stored.split("\n")[1]
    assert "example.org" not in stored


def test_what_was_dropped_is_reported(folder, tmp_path):
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    assert "email" in Study.open(folder).sources[0].report["dropped"]


def test_the_same_file_twice_changes_nothing(folder, tmp_path):
    path = write_answers(tmp_path / "a.csv")
    receive(Study.open(folder), path)
    before = everything(folder)
    again = receive(Study.open(folder), path)
    assert (again.already, again.stored) == (True, False)
    assert everything(folder) == before


def test_a_dry_run_stores_nothing_and_says_what_would_happen(folder, tmp_path):
    before = everything(folder)
    done = receive(Study.open(folder), write_answers(tmp_path / "a.csv"), dry_run=True)
    assert everything(folder) == before
    assert any("30" in line for line in done.as_lines())
    assert done.as_lines()[-1] == "Nothing was stored."


def test_a_second_file_adds_its_respondents(folder, tmp_path):
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"), told=Told(group="practitioners"))
    second = write_answers(tmp_path / "b.csv", prefix="S", n=12)
    receive(Study.open(folder), second, told=Told(group="supervisors"))
    groups = Study.open(folder).ratings.respondents["group"].value_counts()
    assert groups.to_dict() == {"practitioners": 30, "supervisors": 12}


def test_respondents_received_before_are_refused_unless_their_file_is_replaced(folder, tmp_path):
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    newer = write_answers(tmp_path / "newer.csv", n=35, seed=2)
    with pytest.raises(InputError, match="30 respondents whose answers were received before"):
        receive(Study.open(folder), newer)
    receive(Study.open(folder), newer, name="a")
    assert len(Study.open(folder).ratings) == 35


def test_a_problem_leaves_everything_as_it_was(folder, tmp_path):
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    before = everything(folder)
    bad = answers(prefix="B").assign(T01_importance=9)
    with pytest.raises(InputError, match="T01_importance"):
        receive(Study.open(folder), write_answers(tmp_path / "b.csv", bad))
    assert everything(folder) == before


def test_a_stored_file_that_was_edited_is_a_problem(folder, tmp_path):
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    stored = folder / "responses" / "a.csv"
    stored.write_text(stored.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="changed after it was received"):
        Study.open(folder)


def test_the_file_as_it_came_is_kept_only_when_asked(folder, tmp_path):
    path = write_answers(tmp_path / "a.csv")
    receive(Study.open(folder), path)
    assert not (folder / "received").exists()
    other = write_answers(tmp_path / "b.csv", prefix="X")
    receive(Study.open(folder), other, keep=True)
    assert (folder / "received" / "b.csv").read_bytes() == other.read_bytes()


def test_scales_changed_after_answers_came_are_noticed(folder, tmp_path):
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    shorter = [
        {"scale": name, "role": name, "applies_to": "tasks", "kind": "ordinal", "point": point,
         "label": f"{name} {point}", "meaning": "rated", "use": "weights"}
        for name in ("importance", "frequency") for point in (1, 2)
    ]  # fmt: skip
    make_study(folder, sheets={"Scales": shorter})
    with pytest.raises(InputError, match="importance"):
        _ = Study.open(folder).ratings


def test_a_study_of_its_own_keeps_its_key_outside_the_folder(tmp_path, monkeypatch):
    folder = make_study(tmp_path / "study", study__id="cps-1")
    key = tmp_path / "keys" / "cps.key"
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"), told=Told(key=key))
    assert key.exists()
    later = write_answers(tmp_path / "b.csv", prefix="X")
    with pytest.raises(InputError, match="the key that earlier answers were received with"):
        receive(Study.open(folder), later, told=Told(key=tmp_path / "other.key"))
    receive(Study.open(folder), later, told=Told(key=key))
    assert len(Study.open(folder).sources) == 2


def test_another_file_of_the_same_name_is_never_taken_for_the_first(folder, tmp_path):
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    (tmp_path / "june").mkdir()
    newer = write_answers(tmp_path / "june" / "a.csv", n=35, seed=2)
    with pytest.raises(InputError, match="add --source a to replace"):
        receive(Study.open(folder), newer)
    receive(Study.open(folder), newer, name="a")
    assert len(Study.open(folder).sources[0].replaced) == 1
