"""The flag for ratings in two camps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.analysis.bimodality import bimodal


@pytest.mark.parametrize(
    ("counts", "flagged"),
    [
        ([50, 0, 0, 50], True),
        ([20, 10, 20, 50], True),  # the valley at exactly half of the smaller camp
        ([20, 11, 20, 49], False),
        ([19, 0, 0, 81], False),  # one camp too small
        ([50, 50, 0, 0], False),  # neighbours are no camps
        ([20, 9, 30, 41], True),
        ([0, 10, 80, 10, 0], False),
        ([0, 0, 0, 0], False),
        ([50, 50], False),
    ],
)
def test_two_camps_need_distance_size_and_a_valley(counts, flagged):
    assert bimodal(counts).tolist() == [flagged]


@given(st.lists(st.integers(0, 50), min_size=3, max_size=7), st.integers(1, 9))
def test_neither_the_direction_of_the_scale_nor_the_number_of_answers_matters(counts, times):
    expected = bimodal(counts).tolist()
    assert bimodal(counts[::-1]).tolist() == expected
    assert bimodal([times * count for count in counts]).tolist() == expected


def test_false_flags_are_rare_and_two_camps_are_found():
    random = np.random.default_rng(1)

    def share(probabilities):
        return bimodal(random.multinomial(30, probabilities, size=4000)).mean()

    # methods of rds: at most .002 bell-shaped, .07 J-shaped, .97 of a true U, at n = 30.
    assert share([0.05, 0.2, 0.5, 0.2, 0.05]) <= 0.004
    assert share([0.05, 0.08, 0.12, 0.25, 0.5]) <= 0.07
    assert share([0.4, 0.08, 0.04, 0.08, 0.4]) >= 0.95


def test_what_are_no_counts_is_refused():
    with pytest.raises(ValueError, match="negative or no numbers"):
        bimodal([1, -1, 2])
