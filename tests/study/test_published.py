"""A study known only from a printed report: the Massachusetts evaluation of 2011, both groups."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from rds.cli.app import app
from rds.demo import massachusetts
from rds.demo.write import write_demonstration
from rds.errors import InputError
from rds.study.building import build_blueprint
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.study import Study
from tests.study.examples import make_study, write_answers

DATA = Path(__file__).parents[1] / "data" / "ma-cps-2011"


def published_means(corrected=True):
    """The means of Appendix F (Time 3) and Appendix G as the report prints them."""
    means = massachusetts.published_means()
    if not corrected:
        supervisors = means["group"] == "supervisors"
        means.loc[supervisors, "n"] = 15
    return means.rename(columns={"statement_id": "statement"})


@pytest.fixture
def folder(tmp_path):
    rows = massachusetts.study_rows()
    settings = {row["setting"].replace(".", "__"): row["value"] for row in rows.pop("Settings")}
    return make_study(tmp_path / "report", sheets=rows, **settings)


def received(folder, tmp_path, means=None):
    path = tmp_path / "report.csv"
    (published_means() if means is None else means).to_csv(path, index=False)
    receive(Study.open(folder), path)
    return Study.open(folder)


def test_a_reports_means_give_the_same_plan_as_answers_with_these_means(folder, tmp_path):
    from_report = build_blueprint(received(folder, tmp_path))
    from_answers = write_demonstration(tmp_path / "demo").blueprint
    assert from_report.domain_weights["items"].tolist() == (
        from_answers.domain_weights["items"].tolist()
    )
    # Printed means are rounded, so weights agree to about the rounding.
    difference = from_report.task_weights["weight"] - from_answers.task_weights["weight"]
    assert difference.abs().max() < 1e-4


def test_practitioners_and_supervisors_stand_side_by_side(folder, tmp_path):
    table = build_blueprint(received(folder, tmp_path)).analysis.statement_ratings
    means = table.pivot(index="statement_id", columns="group", values="mean")
    assert len(means) == 25
    # Competency 8, role modelling recovery, as printed in the appendices.
    printed = published_means().set_index(["group", "statement"])["mean"].astype(float)
    for group in ("practitioners", "supervisors"):
        assert means.loc["T08", group] == printed[group, "T08"]


def test_what_a_report_cannot_tell_is_withheld_with_the_reason(folder, tmp_path):
    blueprint = build_blueprint(received(folder, tmp_path))
    assert blueprint.analysis.statement_ratings[["sd", "ci_low", "median"]].isna().all(axis=None)
    assert blueprint.analysis.distributions.empty
    assert blueprint.analysis.reliability.empty
    reasons = {note.reason for note in blueprint.notes if note.kind == "withheld"}
    assert {"the report prints no SD", "printed means do not tell single answers"} <= reasons


def test_the_two_impossible_means_of_the_report_are_found(folder, tmp_path):
    study = received(folder, tmp_path, published_means(corrected=False))
    impossible = [note for note in build_blueprint(study).notes if note.kind == "impossible"]
    assert [note.row for note in impossible] == [
        "T20, importance of supervisors",
        "T23, importance of supervisors",
    ]


def test_a_model_that_needs_answers_is_refused_with_the_one_to_use(tmp_path):
    folder = make_study(tmp_path / "s", weights__model="product")
    rows = [
        {"statement": f"T{k:02d}", "scale": scale, "n": 30, "mean": 2 + k / 10}
        for k in range(1, 13)
        for scale in ("importance", "frequency")
    ]
    study = received(folder, tmp_path, pd.DataFrame(rows))
    with pytest.raises(InputError, match="use “product_of_means”"):
        build_blueprint(study)


def test_a_printed_sd_gives_an_interval(tmp_path):
    folder = make_study(tmp_path / "s", weights__model="importance_only",
                        weights__scales="importance")  # fmt: skip
    rows = [
        {"statement": f"T{k:02d}", "scale": "importance", "n": 60, "mean": 2.62, "sd": 0.9}
        for k in range(1, 13)
    ]
    row = build_blueprint(received(folder, tmp_path, pd.DataFrame(rows))).analysis
    found = row.statement_ratings.iloc[0][["ci_low", "ci_high"]].tolist()
    # Mean 2.62, SD .9, n 60: t interval 2.387505 to 2.852495 (recomputed independently).
    assert found == pytest.approx([2.387505347, 2.852494653])


def test_answers_of_one_group_and_means_of_another_are_compared(folder, tmp_path):
    answers = massachusetts.responses()["practitioners"]
    path = tmp_path / "practitioners.csv"
    answers.to_csv(path, index=False)
    receive(Study.open(folder), path, told=Told(group="practitioners", nature="reconstructed"))
    means = published_means().query("group == 'supervisors'")
    table = build_blueprint(received(folder, tmp_path, means)).analysis.respondents
    assert table.set_index("group")["nature"].to_dict() == {
        "practitioners": "reconstructed",
        "supervisors": "published",
    }


def test_answers_and_means_cannot_set_the_weights_together(tmp_path):
    folder = make_study(tmp_path / "s", weights__model="additive")
    receive(Study.open(folder), write_answers(tmp_path / "a.csv"), told=Told(group="a"))
    rows = [
        {"statement": f"T{k:02d}", "scale": scale, "n": 30, "mean": 2.0}
        for k in range(1, 13)
        for scale in ("importance", "frequency")
    ]
    study = received(folder, tmp_path, pd.DataFrame(rows).assign(group="b"))
    with pytest.raises(InputError, match="one kind"):
        build_blueprint(study)


def test_the_command_line_says_what_the_report_can_support(folder, tmp_path):
    path = tmp_path / "report.csv"
    published_means(corrected=False).to_csv(path, index=False)
    result = CliRunner().invoke(app, ["receive", str(folder), str(path)])
    assert result.exit_code == 0, result.output
    assert "48 of 50 can come from whole answers" in result.output
    ran = CliRunner().invoke(app, ["run", str(folder)])
    assert ran.exit_code == 0, ran.output
    assert "PUBLISHED DATA" in ran.output
    assert "IMPOSSIBLE DATA" in ran.output


def test_means_received_before_are_refused_unless_their_source_is_replaced(folder, tmp_path):
    received(folder, tmp_path)
    other = tmp_path / "again.csv"
    published_means(corrected=False).to_csv(other, index=False)
    with pytest.raises(InputError, match="50 means that were received before"):
        receive(Study.open(folder), other)
    receive(Study.open(folder), other, name="report")
    assert len(Study.open(folder).sources) == 1
