"""Outcome rates, against published ones (tests/oracles/response_rates.json)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.ratings.response_rates import response_rates
from tests.oracles import oracle

ORACLE = oracle("response_rates")


def values(counts, **options):
    return response_rates(counts, **options).set_index("rate")["value"]


def test_all_rates_of_the_published_example_are_found():
    found = values(ORACLE["aapor"]["counts"])
    assert {name: round(found[name], 3) for name in ORACLE["aapor"]["rates"]} == pytest.approx(
        ORACLE["aapor"]["rates"]
    )
    assert found["e"] == pytest.approx(0.9)


@pytest.mark.parametrize("case", ORACLE["published"], ids=lambda case: case["source"][:4])
def test_printed_rates_are_recomputed_and_wrong_ones_found(case):
    counts = {"complete": case["responses"], "unknown": case["invited"] - case["responses"]}
    percent = 100 * values(counts)["RR1"]
    assert percent == pytest.approx(case["recomputed_percent"], abs=1e-4)
    assert (abs(percent - case["printed_percent"]) < 0.5) == case["printed_is_right"]


@given(st.lists(st.integers(0, 500), min_size=7, max_size=7).filter(lambda n: sum(n[:2]) > 0))
def test_rates_are_shares_in_the_order_of_their_bases(counts):
    found = values(dict(zip(("I", "P", "R", "NC", "O", "U", "NE"), counts, strict=True)))
    assert found.between(0, 1).all()
    assert found["RR1"] <= found["RR3"] + 1e-12 <= found["RR5"] + 2e-12
    assert found["RR1"] <= found["RR2"]
    assert found["COOP2"] + 1e-12 >= found["COOP1"]


def test_numerator_and_denominator_stand_beside_the_formula():
    row = response_rates({"complete": 3, "not reached": 1, "bounced": 4}).iloc[0]
    assert row[["rate", "numerator", "denominator"]].tolist() == ["RR1", 3, 8]
    assert row["formula"] == "(I) / (I+P + R+NC+O + U)"


def test_e_can_be_given():
    assert values({"I": 5, "U": 10}, eligible_share=0.5)["RR3"] == 0.5


def test_an_open_link_has_a_completion_rate_only():
    found = response_rates({"complete": 3, "break-off": 1}, invited=False)
    assert found[["rate", "value"]].to_numpy().tolist() == [["completion", 0.75]]


@pytest.mark.parametrize(
    ("counts", "options", "words"),
    [
        ({}, {}, "no dispositions"),
        ({"complete": 0}, {}, "no dispositions"),
        ({"completed": 3}, {}, "found the disposition “completed”"),
        ({"complete": -1}, {}, "wanted 0 or more"),
        ({"complete": 3}, {"eligible_share": 1.2}, "wanted 0 to 1"),
    ],
)
def test_counts_that_are_none_are_refused(counts, options, words):
    with pytest.raises(ValueError, match=words):
        response_rates(counts, **options)
