"""Several credentials from one survey."""

import json

import pandas as pd
import pytest

from rds.errors import InfeasibleError, InputError
from rds.study.building import build_blueprint, build_blueprints
from rds.study.credentials import credentials
from rds.study.export import export
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.run import run
from rds.study.study import Study
from tests.study.examples import make_study, rows, write_answers
from tests.test_cli import rds

CREDENTIALS = [
    {"credential": "Entry", "respondents": "practitioners", "items": 60},
    {
        "credential": "Supervisor",
        "respondents": "supervisors",
        "items": 90,
        "pretest_items": 10,
        "cognitive_levels": "recall 20, application 40, analysis 40 %",
    },
]


def sheets(**others):
    tasks = rows()["Tasks"]
    tasks[0]["credentials"] = "supervisor"
    tasks[1]["credentials"] = "Entry"
    return {"Tasks": tasks, "Credentials": CREDENTIALS, **others}


def received(folder, tmp_path):
    for seed, group in enumerate(("practitioners", "supervisors"), start=1):
        path = write_answers(tmp_path / f"{group}.csv", seed=seed, prefix=group[0])
        receive(Study.open(folder), path, name=group, told=Told(group=group))
    return folder


@pytest.fixture
def folder(tmp_path):
    return received(make_study(tmp_path / "study", sheets=sheets()), tmp_path)


def test_each_credential_has_its_length_levels_tasks_and_respondents(folder):
    entry, supervisor = build_blueprints(Study.open(folder)).values()
    assert entry.cells["items"].sum() == 60
    assert supervisor.cells.groupby("set")["items"].sum().to_dict() == {"form": 90, "pretest": 10}
    levels = supervisor.cells.query("set == 'form'").groupby("cognitive_level")["items"].sum()
    assert levels.to_dict() == {"analysis": 36, "application": 36, "recall": 18}
    kept = [own.task_weights.set_index("task_id")["retained"] for own in (entry, supervisor)]
    assert [(own["T01"], own["T02"], own["T03"]) for own in kept] == [
        (False, True, True), (True, False, True),
    ]  # fmt: skip
    said = [note.reason for note in entry.notes if (note.row, note.kind) == ("T01", "dropped")]
    assert said == ["belongs to another credential"]


def test_a_credential_is_what_a_study_of_its_own_would_be(folder, tmp_path):
    tasks = [task for task in rows()["Tasks"] if task["task_id"] != "T02"]
    alone = make_study(
        tmp_path / "alone",
        sheets={"Tasks": tasks},
        study__credential="Supervisor",
        blueprint__items=90,
        respondents__weight_from="supervisors",
    )
    own = build_blueprint(Study.open(received(alone, tmp_path)))
    one = build_blueprints(Study.open(folder))["Supervisor"]
    weights = one.task_weights[one.task_weights["retained"]].reset_index(drop=True)
    pd.testing.assert_series_equal(weights["weight"], own.task_weights["weight"])
    assert one.domain_weights["items"].tolist() == own.domain_weights["items"].tolist()


def test_the_first_credential_is_the_main_one(folder):
    study = Study.open(folder)
    assert list(credentials(study)) == ["Entry", "Supervisor"]
    main = build_blueprint(study)
    assert main.settings.study.credential == "Entry"
    assert study.what_if(items=30).cells["items"].sum() == 30
    assert len(study.outline.active_tasks) == 12


def test_a_run_writes_each_credential_to_its_own_folder(folder):
    made = run(Study.open(folder))
    assert list(made.others) == ["Supervisor"]
    out = folder / "out"
    names = {path.name for path in (out / "tables").glob("*.csv")}
    own = {path.name for path in (out / "tables" / "supervisor").glob("*.csv")}
    assert {"task_weights.csv", "precision.csv", "notes.csv"} <= own <= names
    assert (out / "restricted" / "supervisor" / "blueprint.xlsx").exists()
    cells = pd.read_csv(out / "tables" / "blueprint.csv")
    totals = cells[cells["set"] == "form"].groupby("credential")["items"].sum()
    assert totals.to_dict() == {"Entry": 60, "Supervisor": 90}
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["credentials"]["Supervisor"]["blueprint"]["items"] == 90
    shown = rds("run", folder)
    assert shown.exit_code == 0
    assert "60 items" in shown.output
    assert "\nSupervisor\nDRAFT blueprint: 90 items" in shown.output


def test_exports_come_for_each_credential(folder):
    paths = export(Study.open(folder), "assembly")
    places = [path.relative_to(folder / "export" / "assembly").as_posix() for path in paths]
    assert places == [
        "constraints.csv", "constraints.json", "supervisor/constraints.csv",
        "supervisor/constraints.json",
    ]  # fmt: skip
    assert set(pd.read_csv(paths[2])["credential"]) == {"Supervisor"}


def test_parts_and_bounds_may_concern_one_credential(tmp_path):
    parts = [
        {"part": "written", "percent": 80, "credential": "Supervisor"},
        {"part": "oral", "percent": 20, "credential": "Supervisor"},
    ]
    cells = [{"domain_id": "D1", "minimum_items": 40, "credential": "Entry"}]
    made = make_study(tmp_path / "study", sheets=sheets(Parts=parts, Cells=cells))
    entry, supervisor = build_blueprints(Study.open(received(made, tmp_path))).values()
    assert set(entry.cells["part"]) == {""}
    assert set(supervisor.cells["part"]) == {"written", "oral"}
    assert entry.domain_weights.set_index("domain_id").loc["D1", "items"] == 40
    assert supervisor.domain_weights["minimum"].isna().all()


def test_a_credential_whose_group_nobody_belongs_to_is_refused(tmp_path):
    wrong = [{**CREDENTIALS[0], "respondents": "nobody"}]
    folder = make_study(tmp_path / "study", sheets={"Credentials": wrong})
    study = Study.open(received(folder, tmp_path))
    with pytest.raises(InputError, match="nobody in the group “nobody”"):
        build_blueprint(study)


def test_what_one_credential_cannot_have_is_said_of_it(tmp_path):
    cells = [{"domain_id": "D1", "minimum_items": 61, "credential": "Entry"}]
    folder = make_study(tmp_path / "study", sheets=sheets(Cells=cells))
    with pytest.raises(InfeasibleError, match=r"Entry: .* 60"):
        build_blueprints(Study.open(received(folder, tmp_path)))


def test_tasks_of_credentials_that_are_not_there_are_reported(tmp_path):
    tasks = rows()["Tasks"]
    tasks[0]["credentials"] = "Entri"
    folder = make_study(tmp_path / "s", sheets={"Tasks": tasks, "Credentials": CREDENTIALS})
    (problem,) = Study.open(folder, strict=False).problems
    assert problem.mend == "write “Entry”"
