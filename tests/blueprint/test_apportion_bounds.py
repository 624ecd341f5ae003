"""Minima and maxima in items, and weights of zero."""

from __future__ import annotations

from typing import get_args

import pytest

from rds.blueprint.apportion import AllocationMethod, BindingBound, Tie, allocate
from rds.errors import InfeasibleError

METHODS = get_args(AllocationMethod)
SIX_DOMAINS = [0.40, 0.25, 0.15, 0.10, 0.06, 0.04]


def test_a_minimum_takes_from_others_only_what_it_needs():
    # By hand: 94 items over .96 are 39.17, 24.48, 14.69, 9.79 and 5.88.
    plan = allocate(SIX_DOMAINS, items=100, minimum=6)
    assert list(plan) == [39, 24, 15, 10, 6, 6]
    assert plan.bounds == (BindingBound("6", "minimum", 6, without=4),)


def test_a_minimum_that_all_exceed_moves_nothing():
    assert list(allocate(SIX_DOMAINS, items=100, minimum=1)) == [40, 25, 15, 10, 6, 4]


def test_a_maximum_hands_the_rest_on_in_proportion():
    # By hand: 6 items over .3 and .2 are 3.6 and 2.4.
    plan = allocate({"D1": 0.5, "D2": 0.3, "D3": 0.2}, items=10, maximum={"D1": 4})
    assert list(plan) == [4, 4, 2]
    assert plan.bounds == (BindingBound("D1", "maximum", 4, without=5),)


def test_equal_excess_and_shortfall_are_fixed_together():
    plan = allocate([0.6, 0.3, 0.1], items=10, minimum=[0, 0, 2], maximum=[5, None, None])
    assert list(plan) == [5, 3, 2]
    assert [bound.kind for bound in plan.bounds] == ["maximum", "minimum"]


def test_larger_shortfall_is_fixed_first_and_may_settle_the_rest():
    # The minimum leaves 7 items over .6 and .3, 4.67 and 2.33: the maximum is kept anyway.
    plan = allocate([0.6, 0.3, 0.1], items=10, minimum=[0, 0, 3], maximum=[5, None, None])
    assert list(plan) == [5, 2, 3]
    assert plan.bounds == (BindingBound("3", "minimum", 3, without=1),)


def test_larger_excess_is_fixed_first_and_may_settle_the_rest():
    # The maximum leaves 8 items over .3 and .1, which are 6 and 2: the minimum is kept anyway.
    plan = allocate([0.6, 0.3, 0.1], items=10, minimum=[0, 0, 2], maximum=[2, None, None])
    assert list(plan) == [2, 6, 2]
    assert plan.bounds == (BindingBound("1", "maximum", 2, without=6),)


def test_a_bound_met_only_after_others_were_fixed_binds_too():
    # First 6, 3, 1; the third at 3 leaves 5 and 2; the second at 3 leaves 4.
    plan = allocate([0.6, 0.3, 0.1], items=10, minimum=[0, 3, 3])
    assert list(plan) == [4, 3, 3]
    assert plan.bounds == (
        BindingBound("2", "minimum", 3, without=3),
        BindingBound("3", "minimum", 3, without=1),
    )


@pytest.mark.parametrize(
    ("bounds", "sentence"),
    [
        ({"minimum": 4}, "minima add up to 12 items, 2 more than the 10"),
        ({"maximum": 3}, "maxima add up to 9 items, 1 fewer than the 10"),
        (
            {"minimum": {"D2": 5}, "maximum": {"D2": 4}},
            "minimum exceeds the maximum of “D2” (5 > 4)",
        ),
    ],
)
def test_impossible_bounds_are_refused_with_the_number_of_items(bounds, sentence):
    with pytest.raises(InfeasibleError) as refusal:
        allocate({"D1": 5, "D2": 3, "D3": 2}, items=10, **bounds)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("method", METHODS)
def test_zero_weight_receives_its_minimum_and_no_more(method):
    assert list(allocate([3, 0, 1], items=8, method=method)) == [6, 0, 2]
    plan = allocate([3, 0, 1], items=9, method=method, minimum=[0, 1, 0])
    assert list(plan) == [6, 1, 2]
    assert plan.bounds == (BindingBound("2", "minimum", 1, without=0),)


@pytest.mark.parametrize("method", METHODS)
def test_items_that_only_zero_weights_could_take_are_refused_by_name(method):
    with pytest.raises(InfeasibleError, match=r"2 of 10 items could only go to “D2” and “D3”"):
        allocate({"D1": 1, "D2": 0, "D3": 0}, items=10, method=method, maximum={"D1": 8})


@pytest.mark.parametrize("method", ["adams", "dean", "huntington_hill"])
def test_every_positive_weight_comes_first_once_under_adams_dean_and_hill(method):
    assert list(allocate([1000, 1, 1], items=4, method=method)) == [2, 1, 1]
    few = allocate({"D1": 2, "D2": 9, "D3": 5}, items=2, method=method)
    assert (list(few), few.ties) == ([0, 1, 1], ())
    tied = allocate({"D1": 5, "D2": 9, "D3": 5}, items=2, method=method)
    assert (list(tied), tied.ties) == ([1, 1, 0], (Tie(("D1", "D3"), "identifier"),))
