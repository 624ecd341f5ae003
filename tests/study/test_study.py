"""Opening a study folder."""

import pytest

from rds.errors import InputError, RecordError
from rds.record import append
from rds.study.study import Study
from tests.study.examples import make_study, rows


def problems_of(folder):
    return [str(problem) for problem in Study.open(folder, strict=False).problems]


def test_a_study_opens_with_outline_scales_and_settings(tmp_path):
    study = Study.open(make_study(tmp_path / "s"))
    assert len(study.outline.active_tasks) == 12
    assert [scale.name for scale in study.scales] == ["importance", "frequency"]
    assert study.settings.weights.model == "kane"


def test_a_folder_that_is_no_study_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no study\.xlsx in it"):
        Study.open(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        Study.open(tmp_path / "nowhere")


def test_a_study_of_a_newer_format_is_refused_in_a_sentence(tmp_path):
    folder = make_study(tmp_path / "s", study__format=99)
    with pytest.raises(InputError, match="install a newer version of rds"):
        Study.open(folder)


def test_all_problems_come_at_once_and_strict_opening_refuses_them(tmp_path):
    tasks = [*rows()["Tasks"], {"task_id": "1bad", "domain_id": "D9", "statement": "x"}]
    folder = make_study(
        tmp_path / "s", sheets={"Tasks": tasks}, blueprint__items="many", weights__scales="harm"
    )
    found = problems_of(folder)
    assert len(found) == 3
    with pytest.raises(InputError) as error:
        Study.open(folder)
    assert len(error.value.problems) == 3


def test_settings_in_the_workbook_and_in_text_are_refused(tmp_path):
    folder = make_study(tmp_path / "s")
    (folder / "study.toml").write_text('[study]\nid = "x"\n', encoding="utf-8")
    assert any("one of the two" in problem for problem in problems_of(folder))


def test_a_conflicting_copy_is_a_problem(tmp_path):
    folder = make_study(tmp_path / "s")
    (folder / "study (1).xlsx").write_bytes((folder / "study.xlsx").read_bytes())
    assert any("second copy" in problem for problem in problems_of(folder))


def test_an_altered_record_is_refused(tmp_path):
    folder = make_study(tmp_path / "s")
    record = folder / "record.jsonl"
    append(record, study="demo-test", role="panel chair", kind="decision", subject="T01",
           value="drop", reason="rare")  # fmt: skip
    record.write_bytes(record.read_bytes().replace(b"drop", b"keep"))
    with pytest.raises(RecordError, match="line 1"):
        Study.open(folder)


def test_a_decision_wins_over_the_workbook(tmp_path):
    folder = make_study(tmp_path / "s")
    for subject, value in (("blueprint.items", "75"), ("D1.minimum_items", 20)):
        append(folder / "record.jsonl", study="demo-test", role="board", kind="decision",
               subject=subject, value=value, reason="budget")  # fmt: skip
    study = Study.open(folder)
    assert study.settings.blueprint.items == 75
    assert study.outline.domains[0].minimum_items == 20


def test_a_decision_cut_off_by_a_crash_is_reported_and_the_others_hold(tmp_path):
    folder = make_study(tmp_path / "s")
    append(folder / "record.jsonl", study="demo-test", role="board", kind="decision",
           subject="T01", value="drop", reason="rare")  # fmt: skip
    with (folder / "record.jsonl").open("ab") as file:
        file.write(b'{"sequence": 2, "ti')
    study = Study.open(folder)
    assert study.decisions["T01"].value == "drop"
    assert any("incomplete" in line for line in study.assumed)
