"""Real answers from end to end: ten hiring criteria, 1,634 people, real non-response.

Stack Overflow Developer Survey 2017, Open Database License; see tests/data/so-hiring-2017. It is
no task inventory: it tests labels, blanks and groups, not the method's sense.
"""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import rds
from rds.cli.app import app
from rds.study.study import Study
from tests.study.examples import make_study

DATA = Path(__file__).parents[1] / "data" / "so-hiring-2017"
LABELS = ["Not at all important", "Not very important", "Somewhat important", "Important",
          "Very important"]  # fmt: skip
CRITERIA = ["Algorithms", "TechExp", "Communication", "OpenSource", "PMExp", "Companies", "Titles",
            "Education", "Rep", "GettingThingsDone"]  # fmt: skip
COMPUTED = pd.read_csv(DATA / "computed_items.csv")


def sheets():
    scale = {"scale": "importance", "role": "importance", "applies_to": "tasks", "use": "weights"}
    domains = [("D1", "Skills"), ("D2", "Background")]
    return {
        "Scales": [{**scale, "point": k, "label": label} for k, label in enumerate(LABELS, 1)],
        "Domains": [{"domain_id": name, "title": title} for name, title in domains],
        "Tasks": [
            {"task_id": f"T{k:02d}", "domain_id": "D1" if k <= 5 else "D2", "statement": name}
            for k, name in enumerate(CRITERIA, 1)
        ],
        "Demographics": [
            {"question_id": "Q1", "question": "Are you a developer?", "kind": "choice"},
        ],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("so")
    made = make_study(
        scratch / "hiring",
        sheets=sheets(),
        weights__model="importance_only",
        weights__scales="importance",
        sensitivity__models="importance_only",
        # The witnesses count everybody, also those who answered nothing.
        screening__exclude="none",
    )
    columns = [("Respondent", "respondent"), ("Professional", "Q1"), ("CompanySize", "ignore")]
    columns += [(f"ImportantHiring{c}", f"T{k:02d}_importance") for k, c in enumerate(CRITERIA, 1)]
    pd.DataFrame(columns, columns=["column", "meaning"]).to_csv(scratch / "map.csv", index=False)
    for command in (
        ["receive", made, DATA / "responses_labels.csv", "--columns", scratch / "map.csv"],
        ["run", made],
    ):
        result = CliRunner().invoke(app, [str(part) for part in command])
        assert result.exit_code == 0, result.output
    return made


def table(folder, name):
    return pd.read_csv(folder / "out" / "tables" / f"{name}.csv")


def test_every_count_of_every_label_is_right(folder):
    # Counts computed for this project from the original data set's value counts.
    counts = table(folder, "distributions").pivot(index="statement_id", columns="point", values="n")
    assert counts.to_numpy().tolist() == COMPUTED[["n1", "n2", "n3", "n4", "n5"]].values.tolist()


def test_means_and_errors_are_right(folder):
    found = table(folder, "statement_ratings")
    for name in ("n", "mean", "sd", "se"):
        assert found[name].tolist() == pytest.approx(COMPUTED[name].tolist(), abs=1e-6)


def test_people_who_answered_nothing_are_counted_as_no_answer(folder):
    assert len(Study.open(folder).ratings) == 1634
    first = table(folder, "statement_ratings").iloc[0]
    assert first["n"] + first["n_no_answer"] == 1634


def test_reliability_tells_opposite_stories_in_its_two_directions(folder):
    # Complete rows: alpha .590231, ICC(2,1) .324063, ICC(2,k) .998153; computed for this project
    # and recomputed independently (see the data's README).
    complete = Study.open(folder).ratings.frame("importance").dropna()
    assert len(complete) == 1127
    assert rds.cronbach_alpha(complete).value == pytest.approx(0.590231, abs=1e-6)
    icc = rds.icc(complete)["value"]
    assert icc["ICC2"] == pytest.approx(0.324063, abs=1e-6)
    assert icc["ICC2k"] == pytest.approx(0.998153, abs=1e-6)


def test_the_plan_is_whole_and_stands_in_the_workbook(folder):
    assert table(folder, "domain_weights")["items"].sum() == 100
    book = load_workbook(folder / "out" / "restricted" / "blueprint.xlsx", data_only=True)
    assert book.sheetnames[:4] == ["Read me", "Summary", "Blueprint", "Tasks"]
    assert (folder / "out" / "restricted" / "details.xlsx").exists()


def test_no_identifier_of_the_source_is_stored(folder):
    stored = (folder / "responses" / "responses-labels.csv").read_text(encoding="utf-8")
    assert "S0001" not in stored
    assert "employees" not in stored
