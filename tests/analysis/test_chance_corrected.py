"""Agreement on categories, plain and corrected for chance."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rds.analysis.chance_corrected import (
    CHANCE_CORRECTED,
    chance_corrected_agreement,
    judgement_counts,
    krippendorff_alpha,
)
from rds.errors import WithheldError

FOLDER = Path(__file__).parents[1] / "oracles"
# Published examples; sources stand in the file.
PUBLISHED = json.loads((FOLDER / "agreement.json").read_text("utf-8"))
# The R package irrCAC, by tests/oracles/agreement.R.
IRRCAC = json.loads((FOLDER / "agreement_R.json").read_text("utf-8"))
PANELS = ("published data of irrCAC", "panel without gaps", "panel with gaps")
WEIGHTS = ("identity", "linear", "quadratic", "ordinal")
LEVELS = ("nominal", "ordinal", "interval", "ratio")

panels = st.lists(
    st.lists(st.sampled_from([1, 2, 3, 4, None]), min_size=5, max_size=5), min_size=2, max_size=6
).map(lambda rows: pd.DataFrame(rows, dtype=float))


def table(rows):
    return pd.DataFrame(rows, dtype=float)


def values(judgements, categories=(1, 2, 3, 4), **options):
    rows = chance_corrected_agreement(judgements, categories=categories, **options)
    return rows.set_index("coefficient")["value"].to_dict()


def assume_pairs(judgements):
    assume((judgements.notna().sum() >= 2).any())


@pytest.mark.parametrize("level", LEVELS)
def test_krippendorff_s_own_example_has_his_alphas(level):
    data = table(PUBLISHED["krippendorff"]["data"])
    alpha = krippendorff_alpha(data, categories=[1, 2, 3, 4, 5], level=level)
    assert alpha.value == pytest.approx(PUBLISHED["krippendorff"]["expected"][level], abs=0.0005)
    assert (alpha.n_statements, alpha.n_judgements) == (11, 40)


def test_gwet_s_own_example_has_his_coefficients():
    data = table(IRRCAC["published data of irrCAC"]["data"])
    found = values(data, categories=[1, 2, 3, 4, 5])
    assert found.pop("Conger") == pytest.approx(PUBLISHED["irrCAC errors"]["conger"], abs=6e-6)
    assert found == pytest.approx(PUBLISHED["irrCAC"]["expected"], abs=6e-6)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("panel", PANELS)
def test_coefficients_agree_with_irrcac(panel, weights):
    oracle = IRRCAC[panel]
    expected = oracle["coefficients"][weights]
    found = values(table(oracle["data"]), categories=oracle["categories"], weights=weights)
    first = found.pop("AC1" if weights == "identity" else "AC2")
    assert first == pytest.approx(expected["AC"], abs=1e-9)
    found.pop("Conger")  # not in the file of irrCAC's values; its published example stands above
    assert found == pytest.approx({name: expected[name] for name in found}, abs=1e-9)


def test_standard_errors_are_those_that_irrcac_publishes():
    oracle = PUBLISHED["irrCAC errors"]
    data = table(IRRCAC["published data of irrCAC"]["data"])
    rows = chance_corrected_agreement(data, categories=[1, 2, 3, 4, 5]).set_index("coefficient")
    for name, ends in oracle["raw_intervals"].items():
        assert rows.loc[name, "se"] == pytest.approx(oracle["raw"][name], abs=6e-6)
        assert rows.loc[name, ["ci_low", "ci_high"]].tolist() == pytest.approx(ends, abs=6e-4)
    alpha = krippendorff_alpha(data, categories=[1, 2, 3, 4, 5])
    assert alpha.se == pytest.approx(oracle["raw"]["Krippendorff"], abs=2e-4)
    assert alpha.ci_low < alpha.value < alpha.ci_high == 1


def test_standard_errors_of_complete_data_are_those_that_irrcac_publishes():
    oracle = PUBLISHED["irrCAC errors"]
    units = [np.repeat([1, 2, 3, 4, 5], counts) for counts in oracle["counts"]]
    data = table(np.column_stack(units))
    rows = chance_corrected_agreement(data, categories=[1, 2, 3, 4, 5]).set_index("coefficient")
    for name in ("AC1", "Fleiss", "Brennan-Prediger"):
        assert rows.loc[name, ["value", "se"]].tolist() == pytest.approx(
            oracle["from_counts"][name], abs=5e-8
        )
    alpha = krippendorff_alpha(data, categories=[1, 2, 3, 4, 5])
    assert alpha.value == pytest.approx(oracle["from_counts"]["Krippendorff"][0], abs=5e-8)
    # Published with an older linearisation, which counts the term 1/N in.
    assert alpha.se == pytest.approx(oracle["from_counts"]["Krippendorff"][1], rel=0.02)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_standard_errors_are_near_those_of_leaving_out_statements_one_by_one(weights):
    panel = table(IRRCAC["panel with gaps"]["data"])
    rows = chance_corrected_agreement(panel, categories=[1, 2, 3, 4], weights=weights)
    names = list(panel.columns)
    without = [values(panel.drop(columns=name), weights=weights) for name in names]
    for row in rows.itertuples():
        spread = np.array([own[row.coefficient] for own in without])
        jackknife = np.sqrt((len(names) - 1) * spread.var())
        assert row.se == pytest.approx(jackknife, rel=0.12)


def test_conger_s_kappa_of_two_is_cohen_s():
    # 2 × 2 with 20 and 15 agreements, 5 and 10 disagreements: Cohen's kappa is 0.4.
    a = ["yes"] * 25 + ["no"] * 25
    b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert values(pd.DataFrame([a, b]), ["yes", "no"])["Conger"] == pytest.approx(0.4)


def test_one_statement_has_no_standard_error():
    rows = chance_corrected_agreement(table([[1], [2], [2]]), categories=[1, 2])
    assert rows["se"].isna().all()
    assert np.isnan(krippendorff_alpha(table([[1], [2]]), categories=[1, 2]).se)


@pytest.mark.parametrize(("level", "weights"), [("nominal", "identity"), ("interval", "quadratic")])
@pytest.mark.parametrize("panel", PANELS)
def test_alpha_agrees_with_irrcac_where_its_weights_are_distances(panel, level, weights):
    oracle = IRRCAC[panel]
    alpha = krippendorff_alpha(table(oracle["data"]), categories=oracle["categories"], level=level)
    expected = oracle["coefficients"][weights]["Krippendorff"]
    assert alpha.value == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("level", LEVELS)
def test_perfect_agreement_is_one_even_when_only_one_category_is_used(weights, level):
    for row in ([1, 2, 3, 4, 4], [4, 4, 4, 4, 4], [1, np.nan, np.nan, np.nan, np.nan]):
        unanimous = table([row] * 3)
        assert set(values(unanimous, weights=weights).values()) == {1.0}
        assert krippendorff_alpha(unanimous, categories=[1, 2, 3, 4], level=level).value == 1.0


def test_ac1_keeps_its_sense_where_nearly_everybody_says_retain():
    # Two SMEs, 20 statements, one disagreement: kappa is below zero (the kappa paradox).
    panel = pd.DataFrame([["retain"] * 19 + ["drop"], ["retain"] * 20])
    found = values(panel, categories=["drop", "retain"])
    assert found["percent agreement"] == 0.95
    assert found["Fleiss"] < 0
    assert found["AC1"] > 0.9


def test_percent_agreement_is_the_share_of_pairs_that_agree():
    panel = table(IRRCAC["panel with gaps"]["data"])
    shares = []
    for _, column in panel.items():
        pairs = list(combinations(column.dropna(), 2))
        if pairs:
            shares.append(np.mean([a == b for a, b in pairs]))
    assert values(panel)["percent agreement"] == pytest.approx(np.mean(shares), abs=1e-12)


def test_unused_categories_lower_chance_for_ac1_and_brennan_prediger_only():
    panel = table([[1, 2, 1, 2, 1], [1, 2, 2, 2, 1]])
    few, many = values(panel, categories=[1, 2]), values(panel)
    assert many["AC1"] > few["AC1"]
    assert many["Brennan-Prediger"] > few["Brennan-Prediger"]
    assert many["Fleiss"] == pytest.approx(few["Fleiss"])


@pytest.mark.parametrize(
    ("panel", "level"),
    [([[1, 2, 1, 2]], "nominal"), ([[1, None], [None, 2]], "ordinal"), ([[None], [None]], "ratio")],
)
def test_agreement_is_withheld_where_no_statement_has_two_judgements(panel, level):
    with pytest.raises(WithheldError, match="judged by two"):
        values(table(panel))
    with pytest.raises(WithheldError, match="judged by two"):
        krippendorff_alpha(table(panel), categories=[1, 2], level=level)


def test_a_judgement_that_is_no_category_is_named():
    with pytest.raises(ValueError, match=r"“5\.0”; wanted one of"):
        values(table([[1, 5], [1, 2]]))


@pytest.mark.parametrize("categories", [[], [1], [1, 1, 2]])
def test_categories_must_leave_a_choice_and_stand_once(categories):
    with pytest.raises(ValueError, match="two or more, each once"):
        judgement_counts(table([[1, 1]]), categories)


def test_unknown_options_are_refused():
    panel = table([[1, 2], [1, 2]])
    with pytest.raises(ValueError, match="wanted one of identity"):
        values(panel, weights="cubic")
    with pytest.raises(ValueError, match="wanted nominal"):
        krippendorff_alpha(panel, categories=[1, 2], level="metric")


@pytest.mark.parametrize(
    ("categories", "level"), [(["low", "high"], "interval"), ([-1, 1], "ratio")]
)
def test_distances_need_numbers_and_ratios_need_them_above_zero(categories, level):
    panel = pd.DataFrame([categories, categories])
    with pytest.raises(ValueError, match="wanted"):
        krippendorff_alpha(panel, categories=categories, level=level)


def test_text_in_order_has_the_ordinal_alpha_of_its_places():
    panel = table(IRRCAC["panel with gaps"]["data"])
    names = dict(enumerate(["remember", "understand", "apply", "analyse"], start=1))
    words = panel.apply(lambda column: column.map(names))
    numbered = krippendorff_alpha(panel, categories=[1, 2, 3, 4], level="ordinal")
    named = krippendorff_alpha(words, categories=list(names.values()), level="ordinal")
    assert named == numbered


def test_the_table_says_what_it_rests_on():
    rows = chance_corrected_agreement(
        table([[1, 2, None], [1, None, 3], [None, None, None]]), categories=[1, 2, 3]
    )
    assert list(rows.columns) == list(CHANCE_CORRECTED)
    assert rows.loc[0, ["n_judges", "n_statements", "n_judgements"]].tolist() == [2, 1, 4]


@settings(max_examples=40, deadline=None)
@given(panels, st.sampled_from(WEIGHTS), st.randoms(use_true_random=False))
def test_neither_the_order_of_smes_nor_of_statements_matters(panel, weights, random):
    assume_pairs(panel)
    rows, columns = list(panel.index), list(panel.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = panel.loc[rows, columns]
    assert values(shuffled, weights=weights) == pytest.approx(values(panel, weights=weights))


@settings(max_examples=40, deadline=None)
@given(panels, st.sampled_from(LEVELS))
def test_alpha_is_finite_and_never_above_one(panel, level):
    assume_pairs(panel)
    alpha = krippendorff_alpha(panel, categories=[1, 2, 3, 4], level=level)
    assert np.isfinite(alpha.value)
    assert alpha.value <= 1


@settings(max_examples=40, deadline=None)
@given(panels, st.floats(0.5, 20), st.floats(-5, 5))
def test_interval_alpha_does_not_depend_on_unit_and_origin(panel, unit, origin):
    assume_pairs(panel)
    points = [1, 2, 3, 4]
    moved = {point: unit * point + origin for point in points}
    alpha = krippendorff_alpha(panel, categories=points, level="interval")
    again = krippendorff_alpha(
        panel.apply(lambda column: column.map(moved)),
        categories=list(moved.values()),
        level="interval",
    )
    assert again.value == pytest.approx(alpha.value, abs=1e-9)
