"""Traces can be computed again from what they print."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rds.blueprint.models import models
from rds.documents.trace import TRACE, trace_blueprint, trace_table
from rds.documents.trace_step import LineFact, Provenance, SourceFact
from rds.outline.outline import KSA, Link
from tests.blueprint.examples import outline, ratings
from tests.blueprint.test_build import built

OUTLINE, RATINGS = outline(), ratings(outline(), 1)


def values(trace, what):
    table = trace.table
    return table.loc[table["what"] == what, "value"].tolist()


def evaluated(formula):
    """Compute the middle part of “names = numbers = result” as a reader with a calculator does."""
    _, numbers, result = formula.split(" = ")
    return eval(numbers.replace("^", "**").replace("×", "*")), float(result)


@pytest.fixture(scope="module")
def blueprint():
    return built()


def test_every_domain_and_task_has_a_trace_with_the_documented_columns(blueprint):
    table = trace_table(blueprint)
    assert tuple(table) == TRACE
    named = {*blueprint.domain_weights["domain_id"], *blueprint.task_weights["task_id"]}
    assert set(table["subject"]) == named
    assert table["value"].map(type).eq(str).all()


def test_the_formula_gives_the_combined_rating_and_the_share_the_weight(blueprint):
    for row in blueprint.task_weights[blueprint.task_weights["retained"]].to_dict("records"):
        trace = trace_blueprint(blueprint, row["task_id"])
        numbers, result = evaluated(values(trace, "formula")[0])
        assert numbers == pytest.approx(row["combined"], rel=1e-6)
        assert result == pytest.approx(row["combined"], rel=1e-7)
        share = values(trace, "share of all combined ratings")[0]
        combined, total = map(float, re.findall(r"[\d.]+", share)[:2])
        assert combined / total == pytest.approx(row["weight"], rel=1e-7)


@pytest.mark.parametrize("method", ["hamilton", "webster"])
@pytest.mark.parametrize("bound", [None, 10])
def test_the_steps_of_rounding_end_in_the_items(method, bound):
    first, *others = OUTLINE.domains
    own = replace(OUTLINE, domains=(replace(first, maximum_items=bound), *others))
    found = built(own, blueprint={"items": 50, "rounding": method})
    for row in found.domain_weights.to_dict("records"):
        trace = trace_blueprint(found, row["domain_id"])
        gets = values(trace, f"{row['domain_id']} gets")
        assert gets[0] == f"{row['items']} of 50 scored items"
        assert all(str(row["items"]) in text for text in gets)
        if method == "webster":
            assert (values(trace, "to compute it again") == []) == (row["items"] == bound)


def test_a_cell_is_traced_by_its_name_however_it_is_typed(blueprint):
    cell = blueprint.cells[blueprint.cells["set"] == "form"].iloc[0]
    asked = f"{cell['domain_id'].lower()}|{cell['cognitive_level'].upper()}"
    trace = trace_blueprint(blueprint, asked)
    assert trace.subject == f"{cell['domain_id']} | {cell['cognitive_level']}"
    assert trace.table["value"].iloc[0].startswith(f"{cell['items']} of the ")
    assert float(values(trace, "exact share")[0]) == pytest.approx(cell["target"], rel=1e-7)


@pytest.mark.parametrize("name", ["product", "additive", "importance_only", "rasch", "geometric"])
def test_every_kind_of_model_is_traced_by_formula_or_says_what_else_it_needs(name):
    scales = ("importance", "frequency")[: models()[name].scales[1]]
    found = built(weights={"model": name, "rationale": "why", "scales": scales})
    trace = trace_blueprint(found, found.task_weights["task_id"].iloc[0])
    formula, other = values(trace, "formula"), values(trace, "combined rating")
    assert len(formula) + len(other) == 1
    if other:
        assert f"model=“{name}”" in other[0]


def test_a_ksas_weight_is_the_sum_of_what_tasks_hand_to_it():
    tasks = [task.task_id for task in OUTLINE.active_tasks]
    own = replace(
        OUTLINE,
        ksas=(KSA("K1", "knowledge", "Law."), KSA("K2", "skill", "Tact.")),
        links=(Link(tasks[0], "K1", 3), Link(tasks[0], "K2", 2), Link(tasks[1], "K1", 1)),
    )
    found = built(own)
    trace = trace_blueprint(found, "k1")
    given = [text for what, text in trace.table[["what", "value"]].to_numpy() if "from " in what]
    assert sum(float(text.split(" = ")[1]) for text in given) == pytest.approx(
        found.ksa_weights.set_index("ksa_id").loc["K1", "weight"], rel=1e-7
    )


def test_files_and_lines_of_the_record_are_part_of_a_trace(blueprint):
    task = blueprint.task_weights["task_id"].iloc[0]
    known = Provenance(
        sources=(SourceFact("a", "a.csv", "ab" * 32, "2026-06-01", "answers", "30 respondents"),),
        lines=(
            LineFact(1, "2026-06-02", "decision", "chair", task, "drop", "rare", False),
            LineFact(2, "2026-06-03", "decision", "chair", task, "keep", "vital", True),
            LineFact(3, "2026-06-03", "decision", "chair", "T999", "keep", "other", True),
        ),
        places={"weights.model": "record.jsonl, line 4"},
    )
    trace = trace_blueprint(blueprint, task, provenance=known)
    text = " ".join(trace.as_text().split())
    assert "SHA-256 abab" in text
    assert "drop, by chair, 2026-06-02: rare (holds no longer)" in text
    assert "T999" not in text
    assert trace.table.loc[trace.table["what"] == "weights.model", "where"].tolist() == [
        "record.jsonl, line 4"
    ]


def test_a_task_that_is_not_retained_says_so_and_why():
    tasks = [task.task_id for task in OUTLINE.active_tasks]
    found = built(decisions={tasks[0]: "drop"})
    assert "not retained" in values(trace_blueprint(found, tasks[0]), tasks[0])[0]


def test_an_unknown_name_is_refused_with_the_nearest(blueprint):
    with pytest.raises(ValueError, match="did you mean “D1”"):
        trace_blueprint(blueprint, "D01")
    with pytest.raises(ValueError, match="wanted a domain, a cell, a task or a KSA"):
        trace_blueprint(blueprint, "everything")


def test_ratings_show_mean_spread_and_counts(blueprint):
    task = blueprint.task_weights["task_id"].iloc[0]
    table = trace_blueprint(blueprint, task).table
    rows = table[table["step"] == "Ratings"]
    importance = rows[rows["what"].str.startswith("importance")]["value"].iloc[0]
    mean, n = re.search(r"mean ([\d.]+).* n (\d+)", importance).groups()
    values_ = pd.DataFrame(RATINGS.values("importance", base="performers"))
    own = values_.iloc[list(RATINGS.statements["importance"]).index(task)].dropna()
    assert float(mean) == pytest.approx(np.mean(own), rel=1e-7)
    assert int(n) == len(own)
