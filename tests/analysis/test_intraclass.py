"""Intraclass correlations with tasks as targets and respondents as raters."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rds.analysis.components import difference_error, variance_components
from rds.analysis.intraclass import icc
from rds.errors import WithheldError

FOLDER = Path(__file__).parents[1] / "oracles"
# Published examples; sources stand in the file.
ORACLES = json.loads((FOLDER / "reliability.json").read_text("utf-8"))
# psych::ICC, by tests/oracles/reliability.R.
PSYCH = json.loads((FOLDER / "reliability_R.json").read_text("utf-8"))["complete"]
NAMES = ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"]
JUDGES = pd.DataFrame(ORACLES["O-R1"]["data"], dtype=float).T


def complete_tables():
    shapes = st.tuples(st.integers(2, 7), st.integers(2, 7))
    return st.builds(
        lambda shape, seed: np.random.default_rng(seed).integers(1, 6, shape).astype(float),
        shapes,
        st.integers(0, 10**6),
    )


def test_shrout_and_fleiss_data_have_their_published_coefficients_and_limits():
    expected = ORACLES["O-R1"]["expected"]
    found = icc(JUDGES)
    assert list(found.index) == NAMES
    for name in NAMES:
        assert found.loc[name, "value"] == pytest.approx(expected[name], abs=1e-7)
        assert list(found.loc[name, ["ci_low", "ci_high"]]) == pytest.approx(
            expected["ci95"][name], abs=1e-7
        )
    assert set(found["n_respondents"]) == {4}
    assert set(found["n_tasks"]) == {6}


def test_anxiety_data_have_the_absolute_agreement_of_irr():
    oracle = ORACLES["O-R10"]
    found = icc(pd.DataFrame(oracle["data"]).T).loc["ICC2"]
    assert found["value"] == pytest.approx(oracle["expected"]["ICC_A1"], abs=1e-8)
    assert [found["ci_low"], found["ci_high"]] == pytest.approx(
        oracle["expected"]["ICC_A1_ci"], abs=1e-8
    )


@pytest.mark.parametrize("name", PSYCH)
def test_all_coefficients_and_limits_agree_with_psych(name):
    expected = pd.DataFrame(PSYCH[name]["icc"]).set_index("name")
    found = icc(PSYCH[name]["ratings"])[["value", "ci_low", "ci_high"]]
    pd.testing.assert_frame_equal(found, expected, check_names=False, rtol=1e-9)


@pytest.mark.filterwarnings("ignore")  # pingouin's own, about pandas
def test_values_agree_with_pingouin():
    import pingouin

    table = np.random.default_rng(4).integers(1, 6, (9, 8))
    rows, columns = np.indices(table.shape)
    long = pd.DataFrame(
        {"task": columns.ravel(), "respondent": rows.ravel(), "rating": table.ravel()}
    )
    expected = pingouin.intraclass_corr(long, targets="task", raters="respondent", ratings="rating")
    np.testing.assert_allclose(icc(table)["value"], expected["ICC"], rtol=1e-9)


def test_a_wider_confidence_gives_wider_limits():
    narrow, wide = icc(JUDGES, confidence=0.8), icc(JUDGES, confidence=0.99)
    assert (wide["ci_low"] < narrow["ci_low"]).all()
    assert (wide["ci_high"] > narrow["ci_high"]).all()
    assert wide["value"].equals(narrow["value"])


def test_respondents_who_agree_in_everything_have_coefficients_of_one():
    found = icc([[1, 4, 2, 5]] * 3)
    np.testing.assert_allclose(found[["value", "ci_low", "ci_high"]], 1)


def test_leniency_lowers_absolute_coefficients_only():
    base = np.random.default_rng(6).normal(size=(5, 8)) + np.arange(8)
    lenient = base + np.arange(5)[:, None] * 2
    before, after = icc(base)["value"], icc(lenient)["value"]
    assert after["ICC3"] == pytest.approx(before["ICC3"])
    assert after["ICC2"] < before["ICC2"]
    assert after["ICC1k"] < before["ICC1k"]


@settings(max_examples=100, deadline=None)
@given(table=complete_tables())
def test_limits_enclose_values_and_none_exceeds_one(table):
    assume(np.ptp(table.mean(axis=0)) > 1e-9)
    found = icc(table)
    assert (found["value"] <= 1 + 1e-12).all()
    assert (found["ci_low"].fillna(-np.inf) <= found["value"] + 1e-9).all()
    assert (found["ci_high"] >= found["value"] - 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(table=complete_tables())
def test_averages_follow_from_single_coefficients_by_spearman_and_brown(table):
    assume(np.ptp(table.mean(axis=0)) > 1e-9)
    found, k = icc(table), len(table)
    for name in ("ICC1", "ICC3"):
        single = found.loc[name, ["value", "ci_low", "ci_high"]].astype(float)
        np.testing.assert_allclose(
            found.loc[f"{name}k", ["value", "ci_low", "ci_high"]].astype(float),
            k * single / (1 + (k - 1) * single),
            rtol=1e-6,
            atol=1e-9,
        )


def test_an_average_without_a_positive_variance_is_left_out():
    # MSR + (MSC − MSE)/n is below zero: 0.25 + (0.04 − 4.6)/2.
    found = icc([[1, 5], [5, 1], [1, 5], [5, 2]])
    assert list(found.index) == ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC3k"]


def test_coefficients_with_gaps_follow_from_reml_components():
    table = JUDGES.to_numpy().copy()
    table[0, 1] = table[2, 4] = np.nan
    parts = variance_components(table)
    found = icc(table)
    absolute = parts.respondent + parts.residual
    assert list(found.index) == ["ICC2", "ICC3", "ICC2k", "ICC3k"]
    assert found["value"].tolist() == pytest.approx(
        [
            parts.task / (parts.task + absolute),
            parts.task / (parts.task + parts.residual),
            parts.task / (parts.task + absolute * (4 / 4 + 2 / 3) / 6),
            parts.task / (parts.task + difference_error(table, parts.respondent, parts.residual)),
        ]
    )
    assert found[["ci_low", "ci_high"]].isna().all(axis=None)


def test_one_gap_in_a_large_table_hardly_matters():
    random = np.random.default_rng(3)
    table = random.normal(size=(200, 1)) + random.normal(size=30) + random.normal(size=(200, 30))
    complete = icc(table)["value"]
    table[17, 4] = np.nan
    with_gap = icc(table)["value"]
    np.testing.assert_allclose(with_gap, complete[with_gap.index], atol=1e-3)


def test_disjoint_forms_pay_for_leniency_in_the_relative_average():
    random = np.random.default_rng(9)
    table = random.normal(size=(40, 1)) + random.normal(size=10) + random.normal(size=(40, 10))
    forms = table.copy()
    forms[:20, :5], forms[20:, 5:] = np.nan, np.nan
    parts = variance_components(forms)
    naive = parts.task / (parts.task + parts.residual / 20)
    assert icc(forms).loc["ICC3k", "value"] < naive - 0.01


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[3, 3], [3, 3]], "All tasks have the same mean rating"),
        ([[1, 1], [3, 3]], "All tasks have the same mean rating"),
        ([[1, 2], [2, 1]], "All tasks have the same mean rating"),
        ([[1, 1, 1], [3, 3, 3], [np.nan, 2, 2]], "Tasks do not differ"),
        ([[1, 2, 3]], "at least 2 of each"),
        ([[1], [3]], "at least 2 of each"),
    ],
)
def test_undefined_coefficients_are_withheld_with_a_reason(table, reason):
    with pytest.raises(WithheldError, match=reason):
        icc(table)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_no_share_is_refused(confidence):
    with pytest.raises(ValueError, match="wanted a share between 0 and 1"):
        icc(JUDGES, confidence=confidence)
