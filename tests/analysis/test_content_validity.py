"""Content validity ratio, content validity index and modified kappa."""

from __future__ import annotations

import json
from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.analysis.content_validity import (
    CONTENT_VALIDITY,
    content_validity,
    critical_count,
    scale_content_validity,
)
from rds.errors import WithheldError

FOLDER = Path(__file__).parents[1] / "oracles"
# Published examples; sources stand in the file.
PUBLISHED = json.loads((FOLDER / "agreement.json").read_text("utf-8"))
# qbinom of R, by tests/oracles/agreement.R.
QBINOM = json.loads((FOLDER / "agreement_R.json").read_text("utf-8"))["critical_counts"]
RELEVANCE = {"options": [1, 2, 3, 4], "agreeing": [3, 4]}


def judged(*statements):
    """One column per statement, of which (n, agreeing) SMEs judged and agreed."""
    longest = max(n for n, _ in statements)
    columns = {
        f"T{place}": [4] * agreeing + [1] * (n - agreeing) + [np.nan] * (longest - n)
        for place, (n, agreeing) in enumerate(statements, start=1)
    }
    return pd.DataFrame(columns, dtype=float)


@pytest.mark.parametrize(("n", "agreeing", "chance", "kappa"), PUBLISHED["O-C2"]["expected"])
def test_published_modified_kappas_come_out(n, agreeing, chance, kappa):
    row = content_validity(judged((n, agreeing)), **RELEVANCE).iloc[0]
    assert row["p_chance"] == pytest.approx(chance, abs=0.00051)
    assert row["modified_kappa"] == pytest.approx(kappa, abs=0.0051)
    assert row["i_cvi"] == agreeing / n


@pytest.mark.parametrize(("n", "count"), PUBLISHED["critical_counts"]["expected"].items())
def test_critical_counts_follow_the_rule_of_ayre_and_scally(n, count):
    assert critical_count(int(n)) == count


def test_critical_counts_are_the_binomial_quantiles_of_r():
    assert [critical_count(row["n"]) for row in QBINOM] == [row["critical"] for row in QBINOM]


def test_the_share_needed_may_rise_with_the_panel():
    assert critical_count(8) / 8 < critical_count(9) / 9


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_four_smes_are_too_few_for_any_count(n):
    assert critical_count(n) is None


def test_a_count_exactly_as_rare_as_allowed_is_enough():
    assert critical_count(5, significance=1 / 32) == 5
    assert critical_count(4, significance=1 / 16) == 4


def test_lawshe_s_ratio_runs_from_minus_one_to_one():
    rows = content_validity(judged((10, 0), (10, 5), (10, 9), (10, 10)), **RELEVANCE)
    assert rows["cvr"].tolist() == pytest.approx([-1, 0, 0.8, 1])
    assert rows["reaches_critical"].tolist() == [False, False, True, True]
    assert rows["critical_cvr"].tolist() == pytest.approx([0.8] * 4)


def test_every_statement_is_held_against_those_who_judged_it():
    rows = content_validity(judged((9, 7), (8, 7), (7, 7)), **RELEVANCE)
    assert rows["n"].tolist() == [9, 8, 7]
    assert rows["critical_count"].tolist() == [8, 7, 7]
    assert rows["reaches_critical"].tolist() == [False, True, True]
    # P(8 or 9 of 9) = 10/512, P(7 or 8 of 8) = 9/256, P(7 of 7) = 1/128.
    assert rows["attained_p"].tolist() == pytest.approx([10 / 512, 9 / 256, 1 / 128])


def test_words_are_judgements_too():
    lawshe = {"options": ["essential", "useful", "not necessary"], "agreeing": ["essential"]}
    table = pd.DataFrame(
        {"T1": ["essential"] * 5 + [None], "T2": ["useful"] * 3 + ["essential"] * 3}
    )
    rows = content_validity(table, **lawshe)
    assert rows["cvr"].tolist() == [1, 0]
    assert rows["n"].tolist() == [5, 6]


def test_unanimous_smes_have_kappa_one():
    rows = content_validity(judged((1, 1), (6, 6)), **RELEVANCE)
    assert rows["modified_kappa"].tolist() == [1, 1]
    assert rows["kappa_band"].tolist() == ["excellent", "excellent"]


def test_bands_are_those_of_polit_beck_and_owen():
    rows = content_validity(judged((9, 7), (9, 6), (10, 6), (10, 4)), **RELEVANCE)
    assert rows["modified_kappa"].round(2).tolist() == [0.76, 0.6, 0.5, 0.25]
    assert rows["kappa_band"].tolist() == ["excellent", "good", "fair", "poor"]


def test_empty_cells_have_a_reason():
    rows = content_validity(judged((6, 6), (4, 4), (0, 0)), **RELEVANCE)
    assert list(rows.columns) == list(CONTENT_VALIDITY)
    assert rows["reason"].tolist() == [
        "",
        "with 4 SMEs no count is rarer by chance than 0.05",
        "judged by nobody",
    ]
    assert rows.loc[1, "i_cvi"] == 1
    assert rows.loc[2, ["cvr", "i_cvi", "modified_kappa", "critical_count"]].isna().all()
    assert not rows["reaches_critical"].iloc[1:].any()


def test_values_on_too_few_judgements_are_withheld_on_request():
    rows = content_validity(judged((6, 5), (4, 4)), **RELEVANCE, minimum_n=5)
    assert rows["i_cvi"].notna().tolist() == [True, False]
    assert rows["reason"].tolist() == ["", "judged by 4 SMEs only"]
    assert rows["n_agreeing"].tolist() == [5, 4]


def test_the_scale_is_summed_up_over_judged_statements():
    rows = content_validity(judged((6, 6), (6, 5), (6, 3), (0, 0)), **RELEVANCE)
    whole = scale_content_validity(rows)
    assert whole.average == pytest.approx((1 + 5 / 6 + 1 / 2) / 3)
    assert whole.universal == pytest.approx(1 / 3)
    assert whole.cvi == 1
    assert (whole.n_statements, whole.n_reaching) == (3, 1)


def test_no_statement_reaching_leaves_lawshe_s_index_empty():
    assert scale_content_validity(content_validity(judged((6, 2)), **RELEVANCE)).cvi is None


def test_nobody_s_judgement_gives_no_index():
    with pytest.raises(WithheldError, match="not defined"):
        scale_content_validity(content_validity(judged((0, 0)), **RELEVANCE))


@pytest.mark.parametrize("agreeing", [[], [5], [1, 2, 3, 4]])
def test_agreeing_judgements_must_be_some_of_the_options(agreeing):
    with pytest.raises(ValueError, match="some, but not all"):
        content_validity(judged((6, 5)), options=[1, 2, 3, 4], agreeing=agreeing)


def test_a_judgement_outside_the_options_is_named():
    with pytest.raises(ValueError, match="“5”; wanted one of"):
        content_validity(pd.DataFrame({"T1": [4, 5]}), **RELEVANCE)


@pytest.mark.parametrize(("n", "significance"), [(-1, 0.05), (6, 0), (6, 1)])
def test_critical_counts_refuse_what_is_no_count_and_no_share(n, significance):
    with pytest.raises(ValueError, match="wanted"):
        critical_count(n, significance=significance)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.sampled_from([0.01, 0.05, 0.1]))
def test_critical_counts_are_the_smallest_rare_ones(n, significance):
    def tail(count):
        return Fraction(sum(comb(n, k) for k in range(count, n + 1)), 2**n)

    count = critical_count(n, significance=significance)
    if count is None:
        assert tail(n) > significance
    else:
        assert tail(count) <= significance < tail(count - 1)
