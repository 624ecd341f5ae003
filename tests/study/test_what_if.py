"""Asking what other choices would give."""

import pytest

from rds.errors import InputError
from rds.study.building import build_blueprint
from rds.study.decide import decide
from rds.study.receive import receive
from rds.study.study import Study
from tests.study.examples import make_study, write_answers


@pytest.fixture
def study(tmp_path):
    folder = make_study(tmp_path / "study")
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"))
    return Study.open(folder)


def test_another_length_and_model_give_another_plan_and_save_nothing(study):
    before = {p: p.stat().st_mtime_ns for p in study.folder.root.rglob("*")}
    other = study.what_if(model="additive", items=120)
    assert other.domain_weights["items"].sum() == 120
    assert set(other.domain_weights["model"]) == {"additive"}
    assert {p: p.stat().st_mtime_ns for p in study.folder.root.rglob("*")} == before


def test_the_result_says_that_it_is_not_the_studys_blueprint(study):
    text = repr(study.what_if(items=60, drop=["T01"]))
    assert text.startswith("WHAT IF blueprint.items = 60, T01 is dropped")


def test_without_changes_it_is_the_studys_blueprint(study):
    same, own = study.what_if(), build_blueprint(study)
    assert same.domain_weights.equals(own.domain_weights)


def test_a_dropped_task_has_no_weight(study):
    weights = study.what_if(drop=["T01"]).task_weights.set_index("task_id")
    assert weights.loc["T01", "weight"] == 0


@pytest.mark.parametrize(
    "choice",
    [
        {"model": "kanee"},
        {"items": 0},
        {"drop": ["T99"]},
        {"settings": {"blueprint.rounding": "up"}},
        {"scales": ["importance", "harm"]},
    ],
)
def test_an_impossible_choice_is_refused(study, choice):
    with pytest.raises(InputError):
        study.what_if(**choice)


def test_what_was_decided_holds_in_every_what_if(study):
    decide(study, "blueprint.items", "60", role="board", reason="Time is short.")
    other = Study.open(study.folder.root).what_if(model="additive")
    assert other.domain_weights["items"].sum() == 60
