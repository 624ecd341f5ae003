"""Recording decisions."""

import pytest

from rds.errors import InputError
from rds.study.decide import decide, withdraw_decision
from rds.study.study import Study
from tests.study.examples import make_study

WHO = {"role": "panel chair", "reason": "rarely done"}


@pytest.fixture
def folder(tmp_path):
    return make_study(tmp_path / "study")


@pytest.mark.parametrize(
    ("subject", "value", "stored"),
    [
        ("t01", "Drop", ("T01", "drop")),
        ("blueprint.items", "80", ("blueprint.items", "80")),
        ("d2.maximum_items", "30", ("D2.maximum_items", 30)),
    ],
)
def test_a_decision_is_recorded_in_the_studys_spelling(folder, subject, value, stored):
    decide(Study.open(folder), subject, value, **WHO)
    entry = Study.open(folder).decisions[stored[0]]
    assert (entry.subject, entry.value, entry.role) == (*stored, "panel chair")


@pytest.mark.parametrize(
    ("subject", "value", "message"),
    [
        ("T99", "drop", "a task, a KSA, a setting, a domain's bound"),
        ("T01", "maybe", "keep or drop"),
        ("blueprint.items", "none", "a whole number"),
        ("blueprint.itms", "80", "blueprint.items"),
        ("D1.minimum_items", "-3", "a whole number of items"),
        ("study.id", "other", "it never changes"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_recorded(folder, subject, value, message):
    with pytest.raises(InputError, match=message):
        decide(Study.open(folder), subject, value, **WHO)
    assert not (folder / "record.jsonl").exists()


@pytest.mark.parametrize("missing", ["role", "reason"])
def test_a_decision_needs_role_and_reason(folder, missing):
    with pytest.raises(InputError, match=missing):
        decide(Study.open(folder), "T01", "drop", **{**WHO, missing: " "})


def test_a_dry_run_records_nothing(folder):
    assert decide(Study.open(folder), "T01", "drop", **WHO, dry_run=True) is None
    assert not (folder / "record.jsonl").exists()


def test_a_withdrawn_decision_holds_no_longer(folder):
    entry = decide(Study.open(folder), "T01", "drop", **WHO)
    withdraw_decision(Study.open(folder), entry.sequence, role="panel chair", reason="an error")
    assert Study.open(folder).decisions == {}


def test_nothing_is_recorded_while_a_conflicting_copy_lies_about(folder):
    study = Study.open(folder)
    (folder / "record (conflicted copy).jsonl").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="second copy"):
        decide(study, "T01", "drop", **WHO)
