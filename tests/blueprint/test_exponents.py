"""Exponents that give scales their declared say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.blueprint.exponents import equal_say


def effective(covariance, exponents):
    return exponents * (covariance @ exponents) / (exponents @ covariance @ exponents)


@given(st.integers(2, 5), st.integers(0, 1000))
def test_effective_weights_are_the_shares(scales, seed):
    rng = np.random.default_rng(seed)
    spread = rng.normal(size=(scales, scales + 3))
    covariance, shares = spread @ spread.T, rng.dirichlet(np.full(scales, 4.0))
    (found,) = equal_say(covariance[None], shares)
    assert found[0] == 1
    assert_allclose(effective(covariance, found), shares, atol=1e-8)


@pytest.mark.parametrize("covariance", [-0.5, 0.0, 0.7])
def test_two_scales_of_equal_say_need_the_ratio_of_standard_deviations(covariance):
    table = np.array([[4.0, covariance], [covariance, 0.25]])
    assert_allclose(equal_say(table[None], np.array([0.5, 0.5])), [[1, 4]])


def test_more_scales_are_found_as_two_are():
    # A third scale without any share to speak of leaves the two others as they are alone.
    table = np.diag([4.0, 0.25, 1.0])
    (found,) = equal_say(table[None], np.array([1, 1, 1]) / 3)
    assert_allclose(found, [1, 4, 2])


def test_a_scale_that_does_not_differ_has_no_exponent():
    table = np.array([[1.0, 0.0], [0.0, 0.0]])
    assert np.isnan(equal_say(table[None], np.array([0.5, 0.5]))).all()
