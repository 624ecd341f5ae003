"""Models of means: averages with declared shares, hierarchical composites, published practices."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from rds.blueprint.effective import effective_weights
from rds.blueprint.models import combine, combined_ratings, find_model
from rds.ratings.published import PUBLISHED_COLUMNS, Published
from rds.ratings.ratings import Ratings

# Two respondents; means of T1 are 4, 2, 3 and of T2 3, 5, 1.
RATINGS = Ratings.from_frames(
    importance=pd.DataFrame({"T1": [4, 4], "T2": [2, 4]}),
    frequency=pd.DataFrame({"T1": [1, 3], "T2": [5, 5]}),
    criticality=pd.DataFrame({"T1": [3, 3], "T2": [1, 1]}),
)


@pytest.mark.parametrize(
    ("model", "scales", "options", "expected"),
    [
        ("weighted", 2, {"scale_shares": [0.75, 0.25]}, [3.5, 3.5]),
        ("mean_of_three", 3, {}, [3, 3]),
        ("additive", 3, {}, [3, 3]),
        ("hierarchical", 2, {}, [10 / 3, 11 / 3]),
        ("hierarchical", 3, {}, [(16 + 4 + 3) / 7, (12 + 10 + 1) / 7]),
        ("tie_breaker", 2, {}, [4.2 / 1.1, 3.5 / 1.1]),
        ("geometric", 3, {}, [24 ** (1 / 3), 15 ** (1 / 3)]),
        ("geometric", 2, {"scale_shares": [0.75, 0.25]}, [4**0.75 * 2**0.25, 3**0.75 * 5**0.25]),
        ("importance_time", 2, {}, [8, 15]),
        ("product_of_means", 3, {}, [24, 15]),
    ],
)
def test_models_do_what_their_descriptions_say(model, scales, options, expected):
    names = ["importance", "frequency", "criticality"][:scales]
    found = combined_ratings(RATINGS, model=model, scales=names, options=options)
    assert_allclose(found, expected)


def test_a_weighted_average_without_shares_is_refused():
    with pytest.raises(ValueError, match="needs the share of each scale"):
        combine(RATINGS, model="weighted", scales=["importance", "frequency"])


def test_a_task_without_a_mean_on_one_scale_has_no_combined_rating():
    ratings = Ratings.from_frames(
        importance=pd.DataFrame({"T1": [4.0, 4], "T2": [2, 4]}),
        frequency=pd.DataFrame({"T1": [1, 3], "T2": [np.nan, np.nan]}),
    )
    for model in ("hierarchical", "geometric", "importance_time"):
        assert combined_ratings(ratings, model=model).isna().tolist() == [False, True]


def test_models_of_means_take_published_means():
    rows = [
        (task, scale, "", "", 10, mean, None, f"{mean}")
        for task, means in {"T1": (4.0, 2.0), "T2": (3.0, 5.0)}.items()
        for scale, mean in zip(("importance", "frequency"), means, strict=True)
    ]
    published = Published(RATINGS.scales, pd.DataFrame(rows, columns=list(PUBLISHED_COLUMNS)))
    names = ["importance", "frequency"]
    found = combined_ratings(published, model="hierarchical", scales=names)
    assert_allclose(found, [10 / 3, 11 / 3])


@pytest.mark.parametrize("model", ["weighted", "hierarchical", "tie_breaker", "geometric"])
def test_effective_weights_stand_beside_nominal_ones_and_sum_to_one(model):
    rng = np.random.default_rng(1)
    ratings = Ratings.from_frames(
        importance=pd.DataFrame(rng.integers(1, 6, (20, 8))),
        frequency=pd.DataFrame(rng.integers(1, 6, (20, 8))),
    )
    options = {"scale_shares": [0.6, 0.4]} if find_model(model).options else {}
    table = effective_weights(combine(ratings, model=model, options=options), model=model)
    assert_allclose([table["nominal"].sum(), table["effective"].sum()], [1, 1])
