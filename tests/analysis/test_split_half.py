"""Split-half reliability of the profile of task means."""

from itertools import combinations

import numpy as np
import pytest

from rds.analysis import split_half as module
from rds.analysis.intraclass import icc
from rds.analysis.split_half import split_half
from rds.errors import WithheldError


def simulated(seed, respondents=40, tasks=20, spread=1.0, noise=3.0):
    random = np.random.default_rng(seed)
    leniency = random.normal(size=(respondents, 1))
    table = leniency + spread * random.normal(size=tasks)
    return table + noise * random.normal(size=(respondents, tasks))


def test_the_mean_over_random_splits_is_near_the_mean_over_all_splits():
    table = simulated(1, respondents=8, tasks=6, noise=1.0)
    z = [
        np.arctanh(
            np.corrcoef(
                table[list(half)].mean(axis=0), np.delete(table, list(half), axis=0).mean(axis=0)
            )[0, 1]
        )
        for half in combinations(range(8), 4)
    ]
    expected = np.tanh(np.mean(z))
    found = split_half(table, splits=4000)
    assert found.correlation == pytest.approx(expected, abs=0.003)
    assert found.value == pytest.approx(2 * expected / (1 + expected), abs=0.003)


def test_it_is_close_to_the_relative_coefficient():
    table = simulated(2, respondents=60, tasks=40)
    assert split_half(table).value == pytest.approx(icc(table).at["ICC3k", "value"], abs=0.03)


def test_with_gaps_means_are_over_those_who_rated():
    table = simulated(3, respondents=200, tasks=30)
    complete = split_half(table).value
    table[np.random.default_rng(3).random(table.shape) < 0.1] = np.nan
    assert split_half(table).value == pytest.approx(complete, abs=0.05)


def test_a_task_that_only_one_half_rated_is_left_out_of_that_split():
    table = simulated(4, respondents=10, tasks=6, noise=0.5)
    table[1:, 5] = np.nan
    assert split_half(table).value == pytest.approx(split_half(table[:, :5]).value, abs=0.01)


def test_identical_respondents_are_perfectly_reliable():
    assert split_half(np.tile([1.0, 4, 2, 5], (10, 1))).value == pytest.approx(1)


def test_level_and_scale_do_not_matter():
    table = simulated(5)
    assert split_half(10 - 2 * table).value == pytest.approx(split_half(table).value)


def test_a_seed_repeats_it_whatever_fits_into_memory(monkeypatch):
    table = simulated(6)
    first = split_half(table, seed=4)
    assert split_half(table, seed=4) == first
    assert split_half(table, seed=5) != first
    monkeypatch.setattr(module, "_NUMBERS_AT_ONCE", 1000)
    assert split_half(table, seed=4).value == pytest.approx(first.value, abs=1e-12)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (np.ones((3, 9)), "3 respondents of 9 tasks"),
        (np.ones((9, 2)), "9 respondents of 2 tasks"),
        (np.full((9, 9), 3.0), "do not differ"),
        (np.full((9, 9), np.nan), "0 respondents of 0 tasks"),
        (np.vstack([np.arange(4.0)] * 2 + [-np.arange(4.0)] * 2), "do not go together"),
    ],
)
def test_what_cannot_be_split_is_withheld(table, reason):
    with pytest.raises(WithheldError, match=reason):
        split_half(table)


def test_no_splits_are_refused():
    with pytest.raises(ValueError, match="found 0 splits"):
        split_half(simulated(7), splits=0)
