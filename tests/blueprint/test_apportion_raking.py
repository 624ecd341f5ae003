"""Targets fitted to totals."""

from fractions import Fraction

import numpy as np
import pytest

from rds.blueprint.apportion_raking import rake


def test_raking_reaches_both_totals():
    pattern = np.array([[Fraction(v) for v in row] for row in [[1, 2], [3, 5]]])
    totals = {0: [Fraction(4), Fraction(6)], 1: [Fraction(3), Fraction(7)]}
    table = rake(pattern, totals).astype(float)
    assert table.sum(axis=1).tolist() == pytest.approx([4, 6])
    assert table.sum(axis=0).tolist() == pytest.approx([3, 7])
    # Proportional fitting keeps the odds ratio (Deming and Stephan, 1940).
    assert table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]) == pytest.approx(5 / 6)
