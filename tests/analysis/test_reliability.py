"""Cronbach's alpha in both orientations."""

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
from rds.analysis.reliability import cronbach_alpha
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
