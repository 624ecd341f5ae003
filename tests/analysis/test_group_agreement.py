"""How far groups agree about the role as a whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rds.analysis.chance_corrected import chance_corrected_agreement
from rds.analysis.group_agreement import (
    GROUP_AGREEMENT,
    group_agreement,
    profile_agreement,
    verdict_agreement,
)
from rds.ratings.ratings import Ratings
from rds.scales import ordinal
from tests.oracles import oracle

# cor and psych::ICC of R, by tests/oracles/comparisons.R.
R = oracle("comparisons_R")
IMPORTANCE = ordinal("importance", {k: str(k) for k in range(1, 6)}, role="importance")


def two_groups(a, b):
    frame = pd.DataFrame(np.vstack([a, b]), dtype=float).add_prefix("T")
    group = ["a"] * len(a) + ["b"] * len(b)
    return Ratings.from_frames(importance=frame, scales=[IMPORTANCE], group=group)


def values(ratings):
    return group_agreement(ratings).table.set_index("coefficient")["value"].to_dict()


def test_profile_correlations_are_those_of_r_and_psych():
    a, b = (np.array(R[name], dtype=float) for name in ("a", "b"))
    found = values(two_groups(a, b))
    assert found["Pearson"] == pytest.approx(R["profiles"]["pearson"], abs=1e-12)
    assert found["Spearman"] == pytest.approx(R["profiles"]["spearman"], abs=1e-12)
    assert found["ICC(A,1)"] == pytest.approx(R["profiles"]["icc_a1"], abs=1e-9)


def test_a_group_that_rates_everything_higher_lowers_the_absolute_agreement_alone():
    a = pd.Series([1.0, 2, 3, 4], index=list("wxyz"))
    found = {name: value for name, value, _ in profile_agreement(a, a + 1)}
    assert found["Pearson"] == pytest.approx(1)
    assert found["Spearman"] == pytest.approx(1)
    # ICC(A,1) by hand: MSR = 10/3, MSC = 2, MSE = 0, so 10/3 / (10/3 + 2·2/4).
    assert found["ICC(A,1)"] == pytest.approx(10 / 13)


def test_the_index_of_agreement_is_a_share_of_verdicts_and_ac1_corrects_it():
    a = {f"T{k}": "keep" for k in range(12)}
    b = {**a, "T0": "drop", "T1": "drop", "T99": "keep"}
    (_, index, n), (_, ac1, _) = verdict_agreement(a, b)
    assert (index, n) == (pytest.approx(10 / 12), 12)
    # Gwet (2008): pi = 1/12 of the judgements are drop, p_e = 2·pi·(1 − pi).
    chance = 2 * (1 / 12) * (11 / 12)
    assert ac1 == pytest.approx((10 / 12 - chance) / (1 - chance))
    told = pd.DataFrame([[side[task] for task in a] for side in (a, b)])
    table = chance_corrected_agreement(told, categories=["drop", "keep"]).set_index("coefficient")
    assert table.loc["Fleiss", "value"] < ac1


def test_groups_that_agree_perfectly_have_one_everywhere():
    rng = np.random.default_rng(2)
    rows = rng.integers(1, 6, (8, 12))
    found = values(two_groups(rows, rows))
    assert found == pytest.approx(dict.fromkeys(found, 1.0))
    assert set(found) == {"index of agreement", "AC1", "Pearson", "Spearman", "ICC(A,1)"}


def test_profiles_need_ten_statements_and_say_so():
    rng = np.random.default_rng(2)
    found = group_agreement(two_groups(rng.integers(1, 6, (8, 9)), rng.integers(1, 6, (8, 9))))
    known = found.table[found.table["value"].notna()]
    assert known["coefficient"].tolist() == ["index of agreement"]
    assert {note.reason for note in found.notes} == {"9 statements; at least 10 are needed"}
    assert tuple(found.table) == GROUP_AGREEMENT


def test_profiles_without_any_difference_are_withheld():
    rng = np.random.default_rng(2)
    found = group_agreement(two_groups(np.full((8, 12), 4), rng.integers(1, 6, (8, 12))))
    table = found.table.set_index("coefficient")
    assert table.loc[["Pearson", "Spearman"], "value"].isna().all()
    assert {note.reason for note in found.notes} == {"one group's means are all the same"}


def test_nothing_is_shared_where_no_task_has_a_verdict_in_both():
    assert verdict_agreement({"T1": "keep"}, {"T2": "keep"}) == [
        ("index of agreement", None, 0),
        ("AC1", None, 0),
    ]


def test_a_group_below_the_minimum_agrees_with_nobody():
    rng = np.random.default_rng(2)
    assert group_agreement(two_groups(rng.integers(1, 6, (8, 12)), [[4] * 12] * 2)).table.empty
