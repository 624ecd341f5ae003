"""Agreement of two coders against R, and at its limits."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.analysis.two_coders import FEWEST_CODED, two_coder_agreement
from rds.errors import WithheldError

# irrCAC 1.4 of R, by tests/oracles/two_coders.R; its AC1 comes with five decimals.
IRRCAC = json.loads(
    (Path(__file__).parents[1] / "oracles" / "two_coders_R.json").read_text("utf-8")
)
codes = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=10, max_size=25
)


def found(first, second):
    return two_coder_agreement(first, second).set_index("coefficient")


@pytest.mark.parametrize("name", IRRCAC)
def test_kappa_and_ac1_have_the_values_and_errors_of_irrcac(name):
    case = IRRCAC[name]
    table = found(case["first"], case["second"])
    kappa, ac1 = table.loc["Cohen's kappa"], table.loc["AC1"]
    assert kappa["value"] == pytest.approx(case["kappa"]["value"], abs=1e-9)
    assert kappa["se"] == pytest.approx(case["kappa"]["se"], abs=1e-9)
    assert ac1["value"] == pytest.approx(case["ac1"]["value"], abs=6e-6)
    assert ac1["se"] == pytest.approx(case["ac1"]["se"], abs=6e-6)


def test_the_interval_of_percent_agreement_is_wilson_s():
    # Wilson's score interval for 8 of 10: Newcombe (1998) gives the method; by hand .4902 to .9433.
    row = found(list("aaaaabbbbb"), list("aaaaabbbaa")).loc["percent agreement"]
    assert row["value"] == 0.8
    assert [row["ci_low"], row["ci_high"]] == pytest.approx([0.4902, 0.9433], abs=5e-5)


def test_few_things_give_a_percentage_and_no_coefficient():
    table = found(list("aab"), list("abb"))
    assert table.loc["percent agreement", "value"] == pytest.approx(2 / 3)
    assert table.loc[["Cohen's kappa", "AC1"], ["value", "ci_low", "ci_high"]].isna().all(axis=None)


def test_coders_who_use_one_code_agree_wholly_and_have_no_kappa():
    table = found(["a"] * FEWEST_CODED, ["a"] * FEWEST_CODED)
    assert table.loc["AC1", "value"] == 1
    assert np.isnan(table.loc["Cohen's kappa", "value"])


def test_things_that_one_of_them_left_out_do_not_count():
    table = found(["a", "b", None, ""], ["a", "a", "b", "b"])
    assert set(table["n_coded"]) == {2}


def test_without_anything_in_common_agreement_is_withheld():
    with pytest.raises(WithheldError, match="nothing in common"):
        two_coder_agreement(["a", None], [None, "b"])


def test_codes_must_stand_for_the_same_things():
    with pytest.raises(ValueError, match="same things"):
        two_coder_agreement(["a"], ["a", "b"])


@given(codes)
def test_it_makes_no_difference_who_is_first(pairs):
    first, second = zip(*pairs, strict=True)
    one, other = found(first, second), found(second, first)
    np.testing.assert_allclose(one.to_numpy(float), other.to_numpy(float), atol=1e-12)


@given(codes)
def test_no_coefficient_goes_beyond_1_and_its_interval_holds_it(pairs):
    table = found(*zip(*pairs, strict=True)).dropna(subset="value")
    assert (table["value"] <= 1 + 1e-12).all()
    assert (table["ci_low"] <= table["value"] + 1e-9).all()
    assert (table["value"] <= table["ci_high"] + 1e-9).all()
