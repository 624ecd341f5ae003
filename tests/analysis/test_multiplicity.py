"""p values of many tests together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.analysis.multiplicity import family_q, holm_p
from tests.oracles import oracle

# p.adjust of R, by tests/oracles/comparisons.R.
R = oracle("comparisons_R")


def test_benjamini_hochberg_and_holm_are_those_of_r():
    assert family_q(pd.DataFrame({"p": R["p"]})).tolist() == pytest.approx(R["bh"], abs=1e-12)
    assert holm_p(R["p"]).tolist() == pytest.approx(R["holm"], abs=1e-12)


def test_both_are_those_of_pingouin():
    assert pingouin.multicomp(R["p"], method="fdr_bh")[1] == pytest.approx(
        family_q(pd.DataFrame({"p": R["p"]})).to_numpy(), abs=1e-12
    )
    assert pingouin.multicomp(R["p"], method="holm")[1] == pytest.approx(holm_p(R["p"]), abs=1e-12)


def test_what_was_not_tested_is_in_no_family():
    table = pd.DataFrame({"p": [0.01, np.nan, 0.04]}, index=[7, 8, 9])
    assert family_q(table).tolist() == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    assert family_q(table[table["p"].isna()]).isna().all()
    assert family_q(table.iloc[:0]).empty


def test_a_p_that_is_none_is_refused():
    with pytest.raises(ValueError, match="wanted values from 0 to 1"):
        holm_p([0.2, 1.2])


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_lies_between_p_and_bonferroni_and_keeps_the_order(p):
    found = holm_p(p)
    assert np.all(found >= np.array(p) - 1e-15)
    assert np.all(found <= np.minimum(np.array(p) * len(p), 1) + 1e-12)
    assert np.all(np.diff(found[np.argsort(p, kind="stable")]) >= 0)
