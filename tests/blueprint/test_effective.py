"""Effective weights: what each scale really contributes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.blueprint.effective import effective_weights
from rds.blueprint.models import combine
from rds.ratings.ratings import Ratings


def ratings(seed=1, tasks=12, respondents=40):
    rng = np.random.default_rng(seed)
    return Ratings.from_frames(
        importance=pd.DataFrame(rng.integers(2, 5, (respondents, tasks))),
        frequency=pd.DataFrame(rng.integers(0, 6, (respondents, tasks))),
        not_performed={"frequency": 0},
    )


@given(st.integers(0, 50))
@pytest.mark.parametrize("model", ["product", "product_of_means", "additive", "kane"])
def test_effective_weights_sum_to_one(model, seed):
    table = effective_weights(combine(ratings(seed), model=model), model=model)
    assert table["effective"].sum() == pytest.approx(1)


def test_kane_makes_effective_weights_equal():
    table = effective_weights(combine(ratings(), model="kane"), model="kane")
    assert table["effective"].tolist() == pytest.approx([0.5, 0.5])


def test_the_scale_that_varies_more_rules_an_unadjusted_product():
    # Means by hand: ln importance varies over {ln 3, ln 4}, ln frequency over {ln 1, ln 5}.
    table = effective_weights(
        combine(
            Ratings.from_frames(
                importance=pd.DataFrame({"A": [3], "B": [4], "C": [3], "D": [4]}),
                frequency=pd.DataFrame({"A": [1], "B": [1], "C": [5], "D": [5]}),
            ),
            model="product_of_means",
        ),
        model="product_of_means",
    ).set_index("component")
    # Orthogonal by design, so shares are the shares of variance: (ln 5)² / ((ln 5)² + (ln 4/3)²).
    expected = np.log(5) ** 2 / (np.log(5) ** 2 + np.log(4 / 3) ** 2)
    assert table.loc["frequency", "effective"] == pytest.approx(expected)


def test_a_product_averaged_after_multiplying_has_a_remainder():
    table = effective_weights(combine(ratings(), model="product"), model="product")
    assert table["component"].tolist() == ["importance", "frequency", "remainder"]


def test_with_too_few_tasks_nothing_is_claimed():
    combined = combine(ratings(tasks=5), model="additive")
    table = effective_weights(combined, model="additive", minimum_tasks=10)
    assert table["effective"].isna().all()
    assert table["nominal"].tolist() == [0.5, 0.5]
