"""What whole totals allow behind printed means and t."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rds.analysis.totals import (
    PairedDifferences,
    attainable_sizes,
    paired_solutions,
    pooled_remainder,
    possible_differences,
)

SCALE = {"lowest": 1, "highest": 4}
people = st.lists(st.integers(1, 4), min_size=1, max_size=60)
steps = st.lists(st.integers(-3, 3), min_size=2, max_size=40).filter(
    lambda some: len(set(some)) > 1
)


def printed(answers):
    """The mean as a report prints it."""
    return str((Decimal(sum(answers)) / len(answers)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def pairs(solutions):
    return [(solution.total, solution.squares) for solution in solutions]


def test_the_n_that_fit_a_mean_are_found():
    # 53/14 = 3.7857; no whole total over 10, 11, 12, 13 or 15 rounds to 3.79.
    assert attainable_sizes("3.79", range(10, 16), **SCALE) == (14,)
    assert attainable_sizes("4.01", range(1, 30), **SCALE) == ()


@given(people)
def test_the_true_n_is_always_among_those_that_fit(answers):
    assert len(answers) in attainable_sizes(printed(answers), range(1, 61), **SCALE)


@given(people, people)
def test_the_true_total_of_the_rest_is_always_among_the_remainders(part, rest):
    whole = [*part, *rest]
    found = pooled_remainder((printed(whole), len(whole)), (printed(part), len(part)), **SCALE)
    assert sum(rest) in found
    assert all(len(rest) <= total <= 4 * len(rest) for total in found)


def test_a_remainder_outside_the_scale_is_no_solution():
    # 2 of 3 people have a total of 8, all 3 one of 6: nobody can answer −2.
    assert pooled_remainder(("2.00", 3), ("4.00", 2), **SCALE) == ()


def test_a_part_that_is_no_part_is_refused():
    with pytest.raises(ValueError, match="the part has n = 28 of 28; wanted a smaller part"):
        pooled_remainder(("3.88", 28), ("3.82", 28), **SCALE)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=60))
def test_the_true_sum_of_differences_is_always_possible(both):
    before, after = zip(*both, strict=True)
    found = possible_differences(printed(before), printed(after), len(both), **SCALE)
    assert sum(after) - sum(before) in found


@given(steps)
def test_differences_known_by_their_sums_have_the_t_of_the_differences(differences):
    known = PairedDifferences(
        len(differences), sum(differences), sum(step**2 for step in differences)
    )
    described = stats.describe(differences)
    assert known.mean == pytest.approx(described.mean)
    assert known.sd == pytest.approx(described.variance**0.5)
    assert known.t == pytest.approx(stats.ttest_1samp(differences, 0).statistic, abs=1e-9)


@given(steps)
def test_the_true_sums_are_always_among_the_solutions_and_all_solutions_print_the_same_t(
    differences,
):
    known = PairedDifferences(
        len(differences), sum(differences), sum(step**2 for step in differences)
    )
    solutions = paired_solutions(f"{known.t:.3f}", known.n, largest_step=3, totals=[known.total])
    assert known in solutions
    assert all(abs(solution.t - known.t) <= 0.001 + 1e-9 for solution in solutions)


def test_solutions_are_those_that_people_can_really_have():
    # All 5⁴ ways in which four people can change by at most two points.
    every = {
        (sum(steps), sum(step**2 for step in steps))
        for steps in product(range(-2, 3), repeat=4)
        if len(set(steps)) > 1
    }
    ts = {f"{PairedDifferences(4, *pair).t:.3f}" for pair in every}
    found = {pair for t in ts for pair in pairs(paired_solutions(t, 4, largest_step=2))}
    assert found == every


def test_five_rises_by_one_point_are_the_only_way_to_statement_23():
    # Table 10 of the Massachusetts report: n 37, means 3.73 and 3.86, t −2.372 of T1 − T2.
    totals = possible_differences("3.73", "3.86", 37, **SCALE)
    assert pairs(paired_solutions("2.372", 37, largest_step=3, totals=totals)) == [(5, 5)]
    assert pairs(paired_solutions("-2.372", 37, largest_step=3, totals=[-5])) == [(-5, 5)]


def test_without_the_means_several_sums_give_the_same_t():
    # Multiplying every difference by a number leaves t as it is.
    solutions = pairs(paired_solutions("2.372", 37, largest_step=3))
    assert {(5, 5), (10, 20), (15, 45)} <= set(solutions)
    assert solutions == sorted(solutions)


def test_a_t_that_no_whole_differences_have_has_no_solution():
    assert paired_solutions("2.372", 37, largest_step=3, totals=[6]) == ()


def test_no_pairs_or_no_steps_are_refused():
    with pytest.raises(ValueError, match="found n = 1 and a largest step of 3"):
        paired_solutions("2.372", 1, largest_step=3)
    with pytest.raises(ValueError, match="a largest step of 0"):
        paired_solutions("2.372", 37, largest_step=0)
