"""Cronbach's alpha in both orientations, and the rows of the reliability table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rds.analysis import reliability
from rds.analysis.components import variance_components
from rds.analysis.intraclass import icc
from rds.analysis.reliability import RELIABILITY_COLUMNS, cronbach_alpha, reliability_rows
from rds.errors import WithheldError

FOLDER = Path(__file__).parents[1] / "oracles"
# Published examples; sources stand in the file.
ORACLES = json.loads((FOLDER / "reliability.json").read_text("utf-8"))
# psych::alpha and psych::alpha.ci, by tests/oracles/reliability.R.
PSYCH = json.loads((FOLDER / "reliability_R.json").read_text("utf-8"))["complete"]


def simulated(seed, respondents=40, tasks=6, missing=0.0):
    random = np.random.default_rng(seed)
    noise = random.normal(size=(respondents, tasks))
    table = 3 + random.normal(size=(respondents, 1)) + random.normal(size=tasks) + noise
    table[random.random(table.shape) < missing] = np.nan
    return table


def rows_of(frame, domains=None, **options):
    domains = domains or dict.fromkeys(frame.columns, "D1")
    labels = {"scale": "importance", "base": "all", "group": "all", "replicates": 100}
    return reliability_rows(frame, domains=domains, **{**labels, **options})


def test_shrout_and_fleiss_data_have_their_alpha():
    judges = pd.DataFrame(ORACLES["O-R1"]["data"]).T
    assert cronbach_alpha(judges, cases="tasks").value == pytest.approx(
        ORACLES["O-R1"]["expected"]["alpha"], abs=1e-8
    )


def test_the_two_orientations_answer_different_questions():
    profile = ORACLES["O-R3"]["data"]
    expected = ORACLES["O-R3"]["expected"]
    assert cronbach_alpha(profile).value == pytest.approx(
        expected["alpha_respondents_as_cases"], abs=1e-12
    )
    assert cronbach_alpha(profile, cases="tasks").value == pytest.approx(
        expected["alpha_tasks_as_cases"], abs=1e-8
    )


def test_rajaratnam_subtests_have_their_alphas():
    oracle = ORACLES["O-R4"]
    persons = pd.DataFrame(oracle["data"]["data"], columns=range(1, 9))
    found = [cronbach_alpha(persons[members]).value for members in oracle["data"]["subtests"]]
    assert found == pytest.approx(oracle["expected"]["alpha_subtests"], abs=1e-7)
    assert cronbach_alpha(persons).value == pytest.approx(oracle["expected"]["alpha_all"], abs=1e-7)


@pytest.mark.parametrize("cases", ["respondents", "tasks"])
@pytest.mark.parametrize("name", PSYCH)
def test_alpha_and_its_limits_agree_with_psych(name, cases):
    expected = PSYCH[name][f"alpha_{cases}"]
    found = cronbach_alpha(PSYCH[name]["ratings"], cases=cases)
    assert [found.value, found.ci_low, found.ci_high] == pytest.approx(
        [expected["value"], expected["ci_low"], expected["ci_high"]], abs=1e-9
    )
    assert (found.estimator, found.interval, found.replicates) == ("exact", "F", 0)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(3, 8), k=st.integers(2, 6), seed=st.integers(0, 10**6))
def test_alpha_equals_its_textbook_formula_and_icc3k(n, k, seed):
    table = np.random.default_rng(seed).integers(1, 6, (n, k)).astype(float)
    total = table.sum(axis=1).var(ddof=1)
    assume(total > 0)
    textbook = k / (k - 1) * (1 - table.var(axis=0, ddof=1).sum() / total)
    found = cronbach_alpha(table)
    turned = icc(table.T).loc["ICC3k"]
    assert found.value == pytest.approx(textbook, abs=1e-9)
    assert [found.value, found.ci_low, found.ci_high] == pytest.approx(
        turned[["value", "ci_low", "ci_high"]].tolist(), abs=1e-9
    )
    assert cronbach_alpha(table.T, cases="tasks").value == pytest.approx(textbook, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), cases=st.sampled_from(["respondents", "tasks"]))
def test_order_constants_factors_and_empty_respondents_are_irrelevant(seed, cases):
    table = simulated(seed, respondents=12, missing=0.1)
    order = np.random.default_rng(seed).permutation(12)
    changed = np.vstack([np.full(6, np.nan), 10 - 3 * table[order]])
    options = {"cases": cases, "replicates": 0}
    assert cronbach_alpha(changed, **options).value == pytest.approx(
        cronbach_alpha(table, **options).value, abs=1e-6
    )


def test_negative_alpha_is_not_clipped():
    opposed = [[1, 2, 3], [3, 2, 1], [1, 2, 3], [3, 2, 2]]
    found = cronbach_alpha(opposed)
    assert found.value == pytest.approx(3 / 2 * (1 - (4 / 3 + 0 + 11 / 12) / (1 / 4)))
    assert found.ci_low < found.value < found.ci_high


@pytest.mark.parametrize("cases", ["respondents", "tasks"])
def test_with_gaps_alpha_rests_on_reml_components_and_all_tasks_or_respondents(cases):
    table = simulated(1, missing=0.15)
    parts = variance_components(table)
    between, k = {"respondents": (parts.respondent, 6), "tasks": (parts.task, 40)}[cases]
    found = cronbach_alpha(table, cases=cases, replicates=200)
    assert found.value == pytest.approx(between / (between + parts.residual / k))
    assert found.ci_low < found.value < found.ci_high
    assert (found.estimator, found.interval, found.replicates) == ("reml", "bootstrap", 200)
    assert found.share_missing == np.isnan(table).mean()


def test_one_gap_hardly_moves_alpha_and_its_interval():
    table = simulated(2, respondents=150)
    before = cronbach_alpha(table)
    table[3, 2] = np.nan
    after = cronbach_alpha(table, replicates=1000)
    assert after.value == pytest.approx(before.value, abs=0.003)
    assert after.ci_low == pytest.approx(before.ci_low, abs=0.02)
    assert after.ci_high == pytest.approx(before.ci_high, abs=0.02)


def test_a_seed_repeats_the_interval_and_leaves_the_value_alone():
    table = simulated(3, missing=0.1)
    first = cronbach_alpha(table, replicates=60, seed=1)
    assert cronbach_alpha(table, replicates=60, seed=1) == first
    other = cronbach_alpha(table, replicates=60, seed=2)
    assert other.value == first.value
    assert other.ci_low != first.ci_low


def test_few_respondents_or_no_resamples_give_no_interval():
    few = cronbach_alpha(simulated(4, respondents=9, missing=0.1))
    unwanted = cronbach_alpha(simulated(4, missing=0.1), replicates=0)
    for found in (few, unwanted):
        assert (found.ci_low, found.ci_high) == (None, None)
        assert (found.interval, found.replicates) == ("none", 0)


def test_large_tables_take_fewer_resamples_unless_told_otherwise(monkeypatch):
    table = simulated(5, missing=0.1)
    monkeypatch.setattr(reliability, "_LARGEST_WORK", 300 * table.size * 6)
    assert cronbach_alpha(table).replicates == 300
    assert cronbach_alpha(table, replicates=310).replicates == 310
    monkeypatch.setattr(reliability, "_LARGEST_WORK", 1)
    assert cronbach_alpha(table).replicates == 200


def test_an_interval_without_a_lower_end_is_withheld():
    noise = np.random.default_rng(6).normal(size=(12, 4))
    noise[0, 0] = np.nan
    noise -= np.nanmean(noise, axis=0)
    found = cronbach_alpha(noise, cases="tasks", replicates=200)
    assert found.value == 0
    assert found.interval == "none"


@pytest.mark.parametrize(
    ("table", "cases", "reason"),
    [
        ([[1, 2, 3]], "respondents", "at least 2 of each"),
        ([[1], [3]], "respondents", "at least 2 of each"),
        ([[2, 2], [2, 2]], "respondents", "All respondents have the same mean rating"),
        ([[1, 3], [3, 1]], "respondents", "All respondents have the same mean rating"),
        ([[1, 3], [3, 1]], "tasks", "All tasks have the same mean rating"),
        ([[2, 2, 2], [2, 2, 2], [2, 2, np.nan]], "tasks", "Neither tasks nor residuals vary"),
        ([[1, np.nan, 2], [np.nan, 2, 3]], "respondents", "too few"),
    ],
)
def test_undefined_alpha_is_withheld_with_a_reason(table, cases, reason):
    with pytest.raises(WithheldError, match=reason):
        cronbach_alpha(table, cases=cases)


def test_unknown_options_are_refused():
    with pytest.raises(ValueError, match="wanted respondents or tasks"):
        cronbach_alpha(simulated(1), cases="items")
    with pytest.raises(ValueError, match="wanted a share between 0 and 1"):
        cronbach_alpha(simulated(1), confidence=95)


def test_rows_follow_the_outline_and_carry_every_column():
    frame = pd.DataFrame(simulated(7, respondents=35), columns=["T1", "T2", "T3", "T4", "T5", "T6"])
    domains = dict(zip(frame.columns, ["D2", "D2", "D2", "D1", "D1", "D1"], strict=True))
    rows, _ = rows_of(frame, domains, scale="frequency", base="performers", group="managers")
    assert tuple(rows.columns) == RELIABILITY_COLUMNS
    assert rows["domain_id"].tolist() == ["D2", "D2", "D1", "D1", "all", "all"]
    assert rows["orientation"].tolist() == ["respondents as cases", "tasks as cases"] * 3
    assert set(rows["coefficient"]) == {"alpha"}
    assert set(zip(rows["scale"], rows["base"], rows["group"], strict=True)) == {
        ("frequency", "performers", "managers")
    }
    assert rows["n_statements"].tolist() == [3, 3, 3, 3, 6, 6]


def test_values_are_those_of_alpha_within_the_domain():
    frame = pd.DataFrame(simulated(8, missing=0.1), columns=list("abcdef"))
    domains = dict(zip(frame.columns, ["D1"] * 3 + ["D2"] * 3, strict=True))
    rows, _ = rows_of(frame, domains)
    expected = cronbach_alpha(frame[["d", "e", "f"]], replicates=100)
    found = rows[rows["domain_id"] == "D2"].iloc[0]
    assert found["estimator"] == "reml"
    assert found[["value", "ci_low", "ci_high"]].tolist() == [
        expected.value,
        expected.ci_low,
        expected.ci_high,
    ]


def test_tasks_are_cases_from_thirty_tasks():
    frame = pd.DataFrame(simulated(9, respondents=40, tasks=30, missing=0.05)).add_prefix("T")
    rows, notes = rows_of(frame)
    assert rows["value"].notna().all()
    assert rows["ci_low"].notna().all()
    assert notes == []
    assert rows["value"][1] == cronbach_alpha(frame, cases="tasks", replicates=0).value


def test_too_few_cases_leave_the_cell_empty_and_say_why():
    frame = pd.DataFrame(simulated(10, respondents=29), columns=list("abcdef"))
    rows, notes = rows_of(frame)
    assert rows[["value", "ci_low", "ci_high"]].isna().all(axis=None)
    assert set(rows["estimator"]) == {""}
    assert rows["n_respondents"].tolist() == [29] * 4
    assert notes[0] == (
        "D1, importance, all, all, alpha, respondents as cases",
        "value",
        "withheld",
        "Alpha with respondents as cases needs at least 30 respondents; found 29.",
    )
    assert len(notes) == 4


def test_two_statements_have_their_correlation_in_the_note():
    frame = pd.DataFrame(simulated(11, tasks=2), columns=["a", "b"])
    rows, notes = rows_of(frame)
    assert rows["value"].isna().all()
    expected = frame.corr().loc["a", "b"]
    assert notes[0][3].endswith(f"found 2. Their correlation is {expected:.2f}.")
    assert "correlation" not in notes[1][3]


def test_two_statements_that_do_not_vary_have_no_correlation():
    _, notes = rows_of(pd.DataFrame({"a": [3.0] * 40, "b": [1.0, 2.0] * 20}))
    assert notes[0][3].endswith("found 2.")


def test_respondents_without_a_rating_in_the_domain_are_left_out_of_it():
    frame = pd.DataFrame(simulated(12, respondents=45), columns=list("abcdef"))
    frame.loc[:9, ["a", "b", "c"]] = np.nan
    domains = dict(zip(frame.columns, ["D1"] * 3 + ["D2"] * 3, strict=True))
    rows, _ = rows_of(frame, domains)
    assert rows["n_respondents"].tolist() == [35, 35, 45, 45, 45, 45]
    assert rows["estimator"][0] == "exact"


def test_undefined_alpha_leaves_the_cell_empty_and_says_why():
    constant, notes = rows_of(pd.DataFrame(np.full((40, 3), 4.0), columns=list("abc")))
    assert constant["value"].isna().all()
    assert notes[0][3] == "All respondents have the same mean rating; alpha is not defined."
    sparse = np.full((60, 3), np.nan)
    sparse[np.arange(60), np.arange(60) % 3] = 2.0
    rows, notes = rows_of(pd.DataFrame(sparse, columns=list("abc")))
    assert rows["value"].isna().all()
    assert "too few to tell" in notes[0][3]


def test_a_missing_interval_is_explained():
    frame = pd.DataFrame(simulated(13, missing=0.1), columns=list("abcdef"))
    rows, notes = rows_of(frame, replicates=0)
    assert rows["value"].notna().tolist() == [True, False, True, False]
    assert rows["ci_low"].isna().all()
    assert notes[0][1:] == (
        "ci_low, ci_high",
        "withheld",
        "With gaps, an interval needs at least 10 respondents, and resamples with a finite alpha.",
    )


def test_a_statement_without_a_domain_is_refused():
    with pytest.raises(ValueError, match="found no domain for b"):
        rows_of(pd.DataFrame({"a": [1, 2], "b": [2, 3]}), {"a": "D1"})


def test_a_domain_called_all_is_refused():
    with pytest.raises(ValueError, match="means every domain"):
        rows_of(pd.DataFrame({"a": [1, 2], "b": [2, 3]}), {"a": "D1", "b": "all"})
