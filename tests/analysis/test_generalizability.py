"""Generalizability of the profile over the number of respondents."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.analysis.components import VarianceComponents, variance_components
from rds.analysis.generalizability import DSTUDY, dstudy, respondents_needed
from rds.analysis.intraclass import icc
from rds.errors import WithheldError
from tests.oracles import oracle

JUDGES = np.array(oracle("reliability")["O-R1"]["data"], dtype=float).T
BRENNAN = oracle("brennan")["synthetic_1"]


def components(respondent=0.5, task=1.0, residual=2.0, **others):
    return VarianceComponents(respondent, task, residual, 50, 20, 1000, 0, 0, "reml", **others)


def test_brennan_synthetic_data_set_1_has_its_published_coefficients():
    # Brennan's persons are what is told apart, as tasks are here; his items are the respondents.
    found = dstudy(np.array(BRENNAN["data"]).T, n_respondents=[12]).iloc[0]
    assert found["relative"] == pytest.approx(BRENNAN["relative"], abs=5e-4)
    assert found["absolute"] == pytest.approx(BRENNAN["absolute"], abs=5e-4)
    parts = variance_components(np.array(BRENNAN["data"]).T)
    assert [parts.task, parts.respondent, parts.residual] == pytest.approx(
        [BRENNAN["p"], BRENNAN["i"], BRENNAN["pi"]], abs=5e-5
    )


def test_coefficients_of_the_study_itself_are_its_intraclass_correlations():
    expected = icc(JUDGES)["value"]
    found = dstudy(JUDGES, n_respondents=[1, 4])
    assert found["relative"].tolist() == pytest.approx(expected[["ICC3", "ICC3k"]].tolist())
    assert found["absolute"].tolist() == pytest.approx(expected[["ICC2", "ICC2k"]].tolist())


def test_standard_errors_are_in_points_of_the_scale():
    row = dstudy(components(), n_respondents=[8]).iloc[0]
    assert list(row.index) == list(DSTUDY)
    assert row["sem_relative"] == pytest.approx((2.0 / 8) ** 0.5)
    assert row["sem_absolute"] == pytest.approx((2.5 / 8) ** 0.5)


@pytest.mark.parametrize(
    ("single", "expected"),
    [(0.10, [21, 36, 81, 171]), (0.15, [14, 23, 51, 108]), (0.20, [10, 16, 36, 76]),
     (0.30, [6, 10, 21, 45])],
)  # fmt: skip
def test_respondents_needed_are_those_of_the_spearman_brown_formula(single, expected):
    # k = R(1 − ρ)/(ρ(1 − R)), by hand, for R = .70, .80, .90, .95.
    ratings = components(task=single, residual=1 - single)
    found = [respondents_needed(ratings, coefficient=r) for r in (0.7, 0.8, 0.9, 0.95)]
    assert found == expected


@given(
    task=st.floats(0.05, 5),
    residual=st.floats(0.05, 20),
    respondent=st.floats(0, 5),
    coefficient=st.floats(0.3, 0.98),
    error=st.sampled_from(["relative", "absolute"]),
)
def test_the_needed_number_reaches_the_coefficient_and_one_less_does_not(
    task, residual, respondent, coefficient, error
):
    ratings = components(respondent, task, residual)
    n = respondents_needed(ratings, coefficient=coefficient, error=error)
    reached = dstudy(ratings, n_respondents=[n])[error][0]
    assert reached >= coefficient - 1e-9
    if n > 1:
        assert dstudy(ratings, n_respondents=[n - 1])[error][0] < coefficient


@given(st.floats(0, 3), st.floats(0, 3), st.floats(0.1, 3))
def test_more_respondents_never_harm_and_absolute_never_exceeds_relative(
    task, respondent, residual
):
    curve = dstudy(components(respondent, task, residual))
    assert (curve["absolute"] <= curve["relative"]).all()
    assert (curve[["relative", "absolute"]].diff().iloc[1:] >= 0).all(axis=None)


def test_domains_take_their_tasks_as_given():
    nested = components(domain=0.3, respondent_domain=0.4, n_domains=5, tasks_per_domain=4.0)
    row = dstudy(nested, n_respondents=[10], profile="domains").iloc[0]
    signal, error = 0.3 + 1.0 / 4, (0.4 + 2.0 / 4) / 10
    assert row["relative"] == pytest.approx(signal / (signal + error))
    assert row["absolute"] == pytest.approx(signal / (signal + error + 0.5 / 10))
    tasks = dstudy(nested, n_respondents=[10]).iloc[0]
    assert tasks["relative"] == pytest.approx(1.3 / (1.3 + 2.4 / 10))


def test_negative_components_count_as_zero():
    found = dstudy(components(respondent=-0.2, task=1.0, residual=2.0), n_respondents=[5]).iloc[0]
    assert found["relative"] == found["absolute"]
    assert dstudy(components(task=-0.1), n_respondents=[5])["relative"][0] == 0


def test_a_profile_that_chance_explains_has_no_number_of_respondents():
    with pytest.raises(WithheldError, match="no number of respondents is enough"):
        respondents_needed(components(task=0.0))
    with pytest.raises(WithheldError, match="Neither the means nor residuals vary"):
        dstudy(components(task=0.0, residual=0.0))


def test_options_that_cannot_be_used_are_refused():
    with pytest.raises(ValueError, match="found 0 respondents"):
        dstudy(components(), n_respondents=[0])
    with pytest.raises(ValueError, match="wanted tasks or domains"):
        dstudy(components(), profile="items")
    with pytest.raises(ValueError, match="components without domains"):
        dstudy(components(), profile="domains")
    with pytest.raises(ValueError, match="between 0 and 1"):
        respondents_needed(components(), coefficient=90)
    with pytest.raises(ValueError, match="relative or absolute"):
        respondents_needed(components(), error="both")
