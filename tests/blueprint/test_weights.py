"""Task and domain weights."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.blueprint.declared import equal_weights
from rds.blueprint.domain_rules import DomainRule
from rds.blueprint.weighing import Weighing
from rds.blueprint.weights import domain_shares, task_shares, weights
from rds.ratings.ratings import Ratings
from tests.oracles import oracle

ORACLE = oracle("weights")


def shares_of(domain_a, domain_b):
    combined = pd.Series([*domain_a, *domain_b], dtype=float)
    combined.index = [f"T{k}" for k in range(len(combined))]
    domains = {t: "A" if k < len(domain_a) else "B" for k, t in enumerate(combined.index)}
    return domain_shares(task_shares(combined), domains)


def test_the_sum_rule_and_what_splitting_a_task_does_to_it():
    example = ORACLE["splitting"]
    assert_allclose(shares_of(example["A"], example["B"]), example["sum_rule"])
    assert_allclose(shares_of([*example["A"], 10], example["B"]), example["split_one_A"], atol=5e-9)


def test_where_a_scale_begins_changes_the_blueprint():
    example = ORACLE["anchoring"]
    assert_allclose(shares_of([3] * 10, [1.5] * 10), example["from_0"], atol=5e-9)
    assert_allclose(shares_of([4] * 10, [2.5] * 10), example["from_1"], atol=5e-9)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30).filter(lambda x: sum(x) > 0))
def test_task_weights_sum_to_one(combined):
    assert task_shares(pd.Series(combined)).sum() == pytest.approx(1)


@pytest.mark.parametrize("combined", [[1.0, None], [1.0, -1.0], [0.0, 0.0]])
def test_combined_ratings_that_give_no_shares_are_refused(combined):
    with pytest.raises(ValueError, match="combined rating"):
        task_shares(pd.Series(combined, dtype=float))


def test_domains_keep_the_order_that_is_asked_for_and_empty_ones_get_nothing():
    shares = domain_shares(pd.Series({"T1": 1.0}), {"T1": "B"}, order=["A", "B"])
    assert shares.to_dict() == {"A": 0.0, "B": 1.0}


def test_equal_ratings_weigh_domains_by_their_number_of_tasks():
    weighing = Weighing({"T1": "A", "T2": "B", "T3": "B"}, "product")
    assert_allclose(equal_weights(weighing), [1 / 3] * 3)
    by_mean = replace(weighing, rule=DomainRule("mean"))
    assert_allclose(equal_weights(by_mean), [1 / 2, 1 / 4, 1 / 4])
    direct = replace(weighing, rule=DomainRule("direct"))
    assert_allclose(equal_weights(direct), [1 / 2, 1 / 4, 1 / 4])


def test_weights_follow_the_domain_rule_that_is_given():
    ratings = Ratings.from_frames(
        importance=pd.DataFrame({"T1": [3], "T2": [1], "T3": [2]}),
        percent=pd.DataFrame({"A": [30], "B": [90]}),
    )
    given = {"domains": {"T1": "A", "T2": "B", "T3": "B"}, "model": "importance_only"}
    by_mean = weights(ratings, rule=DomainRule("mean"), **given)["weight"]
    assert by_mean.to_dict() == pytest.approx({"A": 3 / 4.5, "B": 1.5 / 4.5})
    direct = weights(ratings, rule=DomainRule("direct"), **given)["weight"]
    assert direct.to_dict() == {"A": 0.25, "B": 0.75}


def test_weights_from_ratings_leave_out_tasks_without_a_domain():
    ratings = Ratings.from_frames(importance=pd.DataFrame({"T1": [3], "T2": [1], "T3": [4]}))
    table = weights(ratings, domains={"T1": "A", "T2": "B"}, model="importance_only")
    assert table["weight"].to_dict() == {"A": 0.75, "B": 0.25}
    assert table["n_tasks"].tolist() == [1, 1]
