"""Whole items from weights: published results, optima by enumeration, ties, bounds and laws.

Optimality of the methods: Balinski & Young (2001), Fair Representation, appendix A.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import product
from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rds.blueprint.apportion import AllocationMethod, Tie, allocate
from tests.oracles import oracle

METHODS = get_args(AllocationMethod)
ROUND_BY_ROUND = ("hamilton", "quota")
DIVISOR_METHODS = tuple(method for method in METHODS if method not in ROUND_BY_ROUND)
# Published examples; each source stands in the file.
EXAMPLES = oracle("apportionment")
CENSUS = EXAMPLES.pop("US-2020")

law = settings(deadline=None)
methods = st.sampled_from(METHODS)
weight_lists = st.lists(st.integers(0, 40), min_size=1, max_size=6).filter(any)
few_weights = st.lists(st.integers(1, 12), min_size=2, max_size=4)


@st.composite
def bounded_cases(draw):
    """Weights, bounds and a number of items that can keep them."""
    weights = draw(weight_lists)
    lower = [draw(st.integers(0, 4)) for _ in weights]
    upper = [draw(st.one_of(st.none(), st.integers(low, low + 8))) for low in lower]
    rows = zip(weights, lower, upper, strict=True)
    room = sum(low if not weight else 30 if high is None else high for weight, low, high in rows)
    items = draw(st.integers(sum(lower), room))
    return {"weights": weights, "items": items, "minimum": lower, "maximum": upper}


def reordered(case, order):
    """Return the same case with its weights and bounds in another order."""
    moved = {key: [case[key][i] for i in order] for key in ("weights", "minimum", "maximum")}
    return {**moved, "items": case["items"]}


def all_counts(cells, items):
    """Yield every way to give out the items."""
    for counts in product(range(items + 1), repeat=cells - 1):
        if sum(counts) <= items:
            yield [*counts, items - sum(counts)]


def shared_out(weights, items):
    return [Fraction(items * weight, sum(weights)) for weight in weights]


# --- published results -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "method"),
    [(name, method) for name in EXAMPLES for method in EXAMPLES[name]["expected"]],
)
def test_published_example(name, method):
    example = EXAMPLES[name]
    allocation = allocate(example["weights"], items=example["items"], method=method)
    assert list(allocation) == example["expected"][method]


def test_hamilton_shows_the_alabama_paradox():
    weights = EXAMPLES["O-A1a"]["weights"]
    assert allocate(weights, items=323)[2] > allocate(weights, items=324)[2]


def test_house_of_representatives_of_the_2020_census():
    populations = {name: state["population"] for name, state in CENSUS["states"].items()}
    assert sum(populations.values()) == CENSUS["population"]
    allocation = allocate(populations, items=CENSUS["items"], method=CENSUS["method"])
    seats = dict(zip(allocation.identifiers, allocation, strict=True))
    assert seats == {name: state["seats"] for name, state in CENSUS["states"].items()}


@pytest.mark.parametrize(
    ("side", "change", "key"), [("state", 1, "short_by"), ("last_seat", -1, "ahead_by")]
)
def test_last_seat_of_the_2020_census_hangs_on_single_persons(side, change, key):
    runner_up = CENSUS["runner_up"]
    populations = {name: state["population"] for name, state in CENSUS["states"].items()}
    before = allocate(populations, items=435, method="huntington_hill")
    for persons, moved in (
        (runner_up[key] - 1, {}),
        (runner_up[key], {"New York": 1, "Minnesota": -1}),
    ):
        recount = populations | {runner_up[side]: populations[runner_up[side]] + change * persons}
        after = allocate(recount, items=435, method="huntington_hill")
        gains = dict(zip(after.identifiers, np.subtract(after, before).tolist(), strict=True))
        assert {name: gain for name, gain in gains.items() if gain} == moved


# --- what each method optimises, by enumeration ------------------------------------------------


def squares(counts, weights, divisors):
    """Sum of squared distances from the quotas, each over its divisor."""
    quotas = shared_out(weights, sum(counts))
    rows = zip(counts, quotas, divisors(counts, quotas), strict=True)
    return sum((a - q) ** 2 / d if d else math.inf for a, q, d in rows)


OPTIMISED = {
    "hamilton": lambda a, w: squares(a, w, lambda counts, quotas: [1] * len(counts)),
    "webster": lambda a, w: squares(a, w, lambda counts, quotas: quotas),
    "huntington_hill": lambda a, w: squares(a, w, lambda counts, quotas: counts),
    "dhondt": lambda a, w: max(Fraction(x, y) for x, y in zip(a, w, strict=True)),
    "adams": lambda a, w: max(Fraction(y, x) if x else math.inf for x, y in zip(a, w, strict=True)),
}


@pytest.mark.parametrize("method", OPTIMISED)
@settings(law, max_examples=40)
@given(weights=few_weights, items=st.integers(4, 9))
def test_method_finds_its_optimum(method, weights, items):
    found = list(allocate(weights, items=items, method=method))
    cost = OPTIMISED[method]
    assert cost(found, weights) == min(cost(a, weights) for a in all_counts(len(weights), items))


@settings(law, max_examples=60)
@given(weights=few_weights, items=st.integers(4, 30))
def test_no_transfer_makes_dean_fairer_in_weight_per_item(weights, items):
    def gap(i, j, a, b):
        return abs(Fraction(weights[i], a) - Fraction(weights[j], b)) if a and b else math.inf

    found = allocate(weights, items=items, method="dean")
    pairs = product(range(len(weights)), repeat=2)
    for i, j in ((i, j) for i, j in pairs if i != j and found[i]):
        assert gap(i, j, found[i], found[j]) <= gap(i, j, found[i] - 1, found[j] + 1)


# Each divisor method rounds at its own mean of two neighbouring whole numbers.
MEANS = {
    "adams": min,
    "dean": lambda a, b: 2 * a * b / (a + b),
    "huntington_hill": lambda a, b: math.sqrt(a * b),
    "webster": lambda a, b: (a + b) / 2,
    "dhondt": max,
}


@pytest.mark.parametrize("method", MEANS)
@law
@given(weights=weight_lists, items=st.integers(1, 60))
def test_nobody_has_a_better_claim_than_the_last_that_was_met(method, weights, items):
    def priority(weight, count):
        mean = MEANS[method](count, count + 1)
        return weight / mean if mean else math.inf

    plan = allocate(weights, items=items, method=method)
    rows = [(weight, count) for weight, count in zip(weights, plan, strict=True) if weight]
    worst_met = min(priority(weight, count - 1) for weight, count in rows if count)
    best_unmet = max(priority(weight, count) for weight, count in rows)
    assert best_unmet <= worst_met * (1 + 1e-12)


@settings(law, max_examples=60)
@given(case=bounded_cases())
def test_bounded_webster_is_the_optimum_within_the_bounds(case):
    weights, items = case["weights"], case["items"]
    assume(all(weights) and len(weights) <= 4 and items <= 12)
    ceilings = [items if high is None else high for high in case["maximum"]]
    allowed = [
        counts
        for counts in all_counts(len(weights), items)
        if all(np.less_equal(case["minimum"], counts) & np.less_equal(counts, ceilings))
    ]
    cost = OPTIMISED["webster"]
    found = list(allocate(**case, method="webster"))
    assert cost(found, weights) == min(cost(a, weights) for a in allowed)


# --- laws --------------------------------------------------------------------------------------


@law
@given(case=bounded_cases(), method=methods)
def test_total_is_exact_and_bounds_are_kept(case, method):
    allocation = allocate(**case, method=method)
    assert sum(allocation) == case["items"]
    for low, count, high in zip(allocation.minimum, allocation, allocation.maximum, strict=True):
        assert low <= count <= (case["items"] if high is None else high)


@law
@given(weights=weight_lists, items=st.integers(0, 60), method=st.sampled_from(ROUND_BY_ROUND))
def test_hamilton_and_quota_stay_within_quota(weights, items, method):
    allocation = allocate(weights, items=items, method=method)
    for count, quota in zip(allocation, shared_out(weights, items), strict=True):
        assert abs(count - quota) < 1


@law
@given(weights=weight_lists, items=st.integers(0, 60), method=methods.filter("hamilton".__ne__))
def test_one_more_item_takes_none_away(weights, items, method):
    fewer = allocate(weights, items=items, method=method)
    more = allocate(weights, items=items + 1, method=method)
    assert sorted(np.subtract(more, fewer)) == [0] * (len(weights) - 1) + [1]


@law
@given(weights=weight_lists, items=st.integers(0, 60), method=st.sampled_from(DIVISOR_METHODS))
def test_more_weight_takes_no_item_away_under_divisor_methods(weights, items, method):
    heavier = [weights[0] + 3, *weights[1:]]
    before = allocate(weights, items=items, method=method)
    assert allocate(heavier, items=items, method=method)[0] >= before[0]


@law
@given(case=bounded_cases(), method=methods, unit=st.fractions(Fraction(1, 50), 50))
def test_unit_of_the_weights_does_not_matter(case, method, unit):
    in_units = case | {"weights": [weight * unit for weight in case["weights"]]}
    assert allocate(**in_units, method=method) == allocate(**case, method=method)


@law
@given(case=bounded_cases(), method=methods, data=st.data())
def test_order_of_identifiers_changes_nothing(case, method, data):
    order = data.draw(st.permutations(range(len(case["weights"]))))
    names = [f"T{i}" for i in range(len(order))]
    plan = allocate(**case, method=method, identifiers=names)
    moved_names = [names[i] for i in order]
    moved = allocate(**reordered(case, order), method=method, identifiers=moved_names)
    assert dict(zip(names, plan, strict=True)) == dict(zip(moved_names, moved, strict=True))
    assert Counter(plan.ties) == Counter(moved.ties)
    assert set(plan.bounds) == set(moved.bounds)


@settings(law, max_examples=200)
@given(case=bounded_cases(), method=methods, data=st.data())
def test_order_of_a_plain_array_matters_only_where_a_tie_is_reported(case, method, data):
    order = data.draw(st.permutations(range(len(case["weights"]))))
    plan = allocate(**case, method=method)
    moved = allocate(**reordered(case, order), method=method)
    assert plan.ties or list(moved) == [plan[i] for i in order]


@law
@given(case=bounded_cases(), method=methods, slack=st.integers(0, 3))
def test_bounds_that_do_not_bind_change_nothing(case, method, slack):
    free = allocate(case["weights"], items=case["items"], method=method)
    minimum = [max(count - slack, 0) for count in free]
    maximum = [count + slack for count in free]
    kept = allocate(
        case["weights"], items=case["items"], method=method, minimum=minimum, maximum=maximum
    )
    assert list(kept) == list(free)
    assert kept.bounds == ()


@settings(law, max_examples=150)
@given(case=bounded_cases(), method=st.sampled_from(DIVISOR_METHODS))
def test_a_bound_is_reported_if_and_only_if_items_move_without_it(case, method):
    assume(all(case["weights"]))
    plan = allocate(**case, method=method)
    reported = {(bound.identifier, bound.kind) for bound in plan.bounds}
    for kind, absent in (("minimum", 0), ("maximum", None)):
        for i, name in enumerate(plan.identifiers):
            without = [absent if k == i else bound for k, bound in enumerate(case[kind])]
            moved = list(allocate(**case | {kind: without}, method=method)) != list(plan)
            assert moved == ((name, kind) in reported)


# --- ties --------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_equal_weights_go_by_identifier_whatever_their_order(method):
    plan = allocate({"T10": 1, "T9": 1, "T2": 1}, items=4, method=method)
    assert list(plan) == [1, 1, 2]
    assert plan.ties == (Tie(("T2", "T9", "T10"), "identifier"),)


@pytest.mark.parametrize("method", METHODS)
def test_equal_weights_of_a_plain_array_go_by_position(method):
    plan = allocate([1, 1, 1], items=5, method=method)
    assert list(plan) == [2, 2, 1]
    assert plan.ties == (Tie(("1", "2", "3"), "position"),)


# Held items and weights for which the next priorities are equal: w / d(a) on both sides.
EQUAL_PRIORITIES = {
    "hamilton": ([5, 15], [2, 8]),  # quotas 2.5 and 7.5
    "webster": ([5, 15], [2, 8]),  # 5 / 2.5 = 15 / 7.5
    "huntington_hill": ([1, 6], [1, 9]),  # 1 / √2 = 6 / √72
    "adams": ([1, 2], [1, 3]),  # 1 / 1 = 2 / 2
    "dean": ([5, 9], [1, 3]),  # 5 / (4 / 3) = 9 / (12 / 5)
    "dhondt": ([1, 2], [0, 2]),  # 1 / 1 = 2 / 2
    "quota": ([1, 2], [0, 2]),
}


@pytest.mark.parametrize("method", METHODS)
def test_larger_weight_wins_a_tie(method):
    weights, expected = EQUAL_PRIORITIES[method]
    plan = allocate(weights, items=sum(expected), method=method)
    assert list(plan) == expected
    assert plan.ties == (Tie(("2", "1"), "larger weight"),)


@pytest.mark.parametrize("method", METHODS)
def test_a_tie_whose_members_are_all_served_is_not_reported(method):
    assert allocate([1, 1, 2], items=8, method=method).ties == ()


def test_a_tie_that_bounds_make_irrelevant_is_not_reported():
    # Without the minimum, D1 and D2 tie at 2.5; with it, 4 items are 2 and 2.
    assert allocate({"D1": 1, "D2": 1, "D3": 2}, items=10).ties
    assert allocate({"D1": 1, "D2": 1, "D3": 2}, items=10, minimum={"D3": 6}).ties == ()


def test_a_tie_that_decided_which_bound_was_violated_is_reported():
    # Quotas .67, .67 and 2.67: as D1 wins, D2 must be raised to 1, which D3 pays for; had D2 won,
    # nothing would have to be raised and the items were 0, 1, 3.
    plan = allocate({"D1": 1, "D2": 1, "D3": 4}, items=4, minimum={"D2": 1})
    assert list(plan) == [1, 1, 2]
    assert plan.ties == (Tie(("D3", "D1", "D2"), "identifier"),)


@pytest.mark.parametrize("method", METHODS)
def test_noise_of_floating_point_decides_nothing(method):
    noisy = {"D2": 0.1 + 0.2, "D1": 0.3, "D3": 0.4}
    for items in range(100, 111):
        plan = allocate(noisy, items=items, method=method)
        exact = allocate({"D2": 3, "D1": 3, "D3": 4}, items=items, method=method)
        assert (list(plan), plan.ties) == (list(exact), exact.ties)
