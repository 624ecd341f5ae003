"""Weights of domains that respondents gave directly."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from rds.blueprint.direct import direct_weights, n_left_out
from rds.ratings.published import PUBLISHED_COLUMNS, Published
from rds.ratings.ratings import Ratings
from rds.scales import ordinal


def allocation(table, names=("D1", "D2", "D3")):
    made = Ratings.from_frames(points=pd.DataFrame(table, columns=list(names)))
    return replace(made, scales=(replace(made.scales[0], kind="allocation of 100"),))


def test_points_become_shares_of_their_sum():
    ratings = allocation([[50, 30, 20], [40, 40, 25]])
    expected = (np.array([50, 30, 20]) / 100 + np.array([40, 40, 25]) / 105) / 2
    assert_allclose(direct_weights(ratings, scale="points"), expected)


def test_points_that_do_not_sum_to_about_100_are_left_out_and_counted():
    ratings = allocation([[50, 30, 20], [50, 30, 40], [5, 3, 2]])
    assert_allclose(direct_weights(ratings, scale="points"), [0.5, 0.3, 0.2])
    assert n_left_out(ratings, scale="points", parents={}) == 2


def test_a_blank_beside_points_is_no_point_and_a_blank_row_is_nobody():
    blank = np.nan
    ratings = allocation([[60, 40, blank], [blank, blank, blank], [40, 40, 20]])
    assert_allclose(direct_weights(ratings, scale="points"), [0.5, 0.4, 0.1])
    assert n_left_out(ratings, scale="points", parents={}) == 0


def test_an_ordinal_scale_gives_weights_in_proportion_to_means():
    ratings = Ratings.from_frames(
        importance=pd.DataFrame({"D1": [4, 2], "D2": [5, 1], "D3": [6, np.nan]})
    )
    assert_allclose(direct_weights(ratings, scale="importance"), [0.25, 0.25, 0.5])


def test_subdomains_share_within_their_parent():
    names = ("D1", "D2", "D1a", "D1b")
    found = direct_weights(
        allocation([[60, 40, 45, 15]], names), scale="points", parents={"D1a": "D1", "D1b": "D1"}
    )
    assert found.to_dict() == pytest.approx({"D1": 0.6, "D2": 0.4, "D1a": 0.75, "D1b": 0.25})


def test_published_means_of_domains_give_weights():
    scale = ordinal("importance", {1: "Low", 4: "High"}, role="importance")
    rows = [(d, "importance", "", "", 20, m, None, str(m)) for d, m in {"D1": 3, "D2": 1}.items()]
    published = Published((scale,), pd.DataFrame(rows, columns=list(PUBLISHED_COLUMNS)))
    assert direct_weights(published, scale="importance").to_dict() == {"D1": 0.75, "D2": 0.25}


def test_a_domain_without_usable_ratings_is_named():
    with pytest.raises(ValueError, match="for D1, D2, D3"):
        direct_weights(allocation([[10, 10, 10]]), scale="points")


def test_ratings_that_are_all_zero_are_refused():
    ratings = Ratings.from_frames(interest=pd.DataFrame({"D1": [0, 0], "D2": [0, 0]}))
    with pytest.raises(ValueError, match="all zero"):
        direct_weights(ratings, scale="interest")
