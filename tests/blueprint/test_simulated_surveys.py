"""Simulated surveys against the exact binomial, the normal approximation and the bootstrap."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rds.blueprint.apportion import allocate
from rds.blueprint.drawn import Form, domain_items, surveyed
from rds.blueprint.resample import resample_items
from rds.blueprint.simulated_surveys import (
    EVERY_DOMAIN,
    AssumedSpread,
    respondents_for_blueprint,
    surveys_of_weighing,
)
from rds.blueprint.weighing import Weighing, weigh
from rds.errors import WithheldError
from rds.outline.outline import Domain
from rds.ratings.ratings import Ratings
from rds.scales import PROPOSED_SCALES
from tests.blueprint import examples

TWO = {"T1": "A", "T2": "B"}
COIN = Ratings.from_frames(importance=pd.DataFrame({"T1": [2] * 20, "T2": [1, 3] * 10}))
OUTLINE = examples.outline()
RATINGS = examples.ratings(OUTLINE, respondents=60)


def simulated(ratings=COIN, **options):
    given = {"domains": TWO, "model": "importance_only", "items": 60, "surveys": 4000}
    return respondents_for_blueprint(ratings, **{**given, **options})


def share(found, size, domain=EVERY_DOMAIN):
    table = found.table.set_index(["n_respondents", "domain_id"])
    return table.loc[(size, domain), "share_within"]


@pytest.mark.parametrize("size", [20, 60, 200])
def test_shares_are_those_of_the_exact_binomial(size):
    # T1 is 2 for all; T2 is 1 or 3 with the same chance, and size·19/20 people are drawn of 20.
    draws = size * 19 // 20
    exact = 0.0
    for high in range(draws + 1):
        mean = (3 * high + draws - high) / draws
        items = allocate([2.0, mean], items=60, identifiers=["A", "B"]).items
        exact += stats.binom.pmf(high, draws, 0.5) * (abs(items[0] - 30) <= 1)
    found = simulated(sizes=[size])
    # 4000 surveys: four standard errors are 0.032 at most.
    assert share(found, size) == pytest.approx(exact, abs=0.032)


def test_shares_follow_the_normal_approximation_of_a_ratio():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"T1": rng.integers(1, 6, 400), "T2": rng.integers(1, 6, 400)})
    ratings = Ratings.from_frames(importance=frame)
    found = simulated(ratings, items=100, sizes=[100, 300, 900])
    weight = frame["T1"].sum() / frame.to_numpy().sum()
    residual = frame["T1"] - weight * frame.sum(axis=1)
    planned = allocate([weight, 1 - weight], items=100, identifiers=["A", "B"]).items[0]
    for size in (100, 300, 900):
        se = 100 * residual.std(ddof=1) / np.sqrt(size) / frame.sum(axis=1).mean()
        limits = (np.array([planned - 1.5, planned + 1.5]) - 100 * weight) / se
        expected = np.diff(stats.norm.cdf(limits))[0]
        assert share(found, size) == pytest.approx(expected, abs=0.035)


@pytest.mark.parametrize("model", ["kane", "product", "additive"])
def test_at_the_pilots_own_size_it_is_the_bootstrap_of_the_plan(model):
    options = {"domains": OUTLINE.task_domains, "model": model, "items": 100}
    found = respondents_for_blueprint(RATINGS, **options, sizes=[60], surveys=4000)
    drawn = resample_items(RATINGS, **options, replicates=4000)
    for domain in ("D1", "D2", "D3"):
        expected = drawn.domains.loc[domain, "p_within_1"]
        assert share(found, 60, domain) == pytest.approx(expected, abs=0.04)


def test_to_first_order_a_model_that_is_run_agrees_with_its_resamples():
    options = {"domains": OUTLINE.task_domains, "model": "within_person_shares", "items": 100}
    options["scales"] = ["importance"]
    found = respondents_for_blueprint(RATINGS, **options, sizes=[60], surveys=4000)
    drawn = resample_items(RATINGS, **options, replicates=4000)
    for domain in ("D1", "D2", "D3"):
        expected = drawn.domains.loc[domain, "p_within_1"]
        assert share(found, 60, domain) == pytest.approx(expected, abs=0.04)


@given(times=st.lists(st.integers(0, 3), min_size=60, max_size=60).filter(any))
def test_a_survey_drawn_weighs_as_those_respondents_themselves(times):
    weighing = Weighing(OUTLINE.task_domains, "additive", ["importance", "frequency"])
    rows = np.repeat(np.arange(60), times)
    codes = {name: np.ascontiguousarray(own[:, rows]) for name, own in RATINGS.codes.items()}
    again = Ratings(RATINGS.scales, RATINGS.statements, codes, RATINGS.respondents.iloc[rows])
    found = surveyed(RATINGS, weighing).task_weights(np.array([times], dtype=float))[0]
    try:
        expected = weigh(again, weighing).tasks
    except ValueError:
        assert np.isnan(found).any()
    else:
        np.testing.assert_allclose(found, expected)


def test_the_number_needed_is_the_first_from_which_on_the_items_hold():
    found = simulated(sizes=[50, 200, 800, 3000])
    needed = found.needed()
    own = found.table[found.table["domain_id"] == EVERY_DOMAIN].set_index("n_respondents")
    holds = own["share_within"] >= 0.95
    assert holds[needed:].all()
    assert not holds[own.index < needed].iloc[-1]
    assert str(needed) in found.sentence


def test_more_respondents_a_larger_tolerance_and_fewer_items_never_need_more():
    tight, wide = simulated(), simulated(tolerance_items=3)
    assert tight.needed() >= wide.needed()
    assert tight.needed() >= simulated(items=20).needed()
    assert tight.needed("A") <= tight.needed()


def test_where_no_size_is_enough_it_is_said():
    found = simulated(sizes=[15, 20], items=400)
    assert found.needed() is None
    assert found.sentence.startswith("Even 20 respondents are not enough")
    assert found.as_frame()["respondents needed"].isna().all()


def test_respondents_who_all_agree_need_no_number():
    same = Ratings.from_frames(importance=pd.DataFrame({"T1": [4] * 15, "T2": [2] * 15}))
    assert simulated(same).needed() == 15


def test_the_same_seed_gives_the_same_numbers():
    pd.testing.assert_frame_equal(simulated(sizes=[90]).table, simulated(sizes=[90]).table)
    assert simulated(sizes=[90], seed=1).table["share_within"].tolist() != (
        simulated(sizes=[90], seed=2).table["share_within"].tolist()
    )


def test_an_assumed_spread_stands_in_where_nobody_has_answered():
    assumed = AssumedSpread(PROPOSED_SCALES, roles=3, respondents=200)
    options = {"domains": OUTLINE.task_domains, "model": "kane", "items": 100}
    found = respondents_for_blueprint(assumed, **options, sizes=[30, 2000], surveys=90)
    assert share(found, 2000) > share(found, 30)
    assert "assumed spread" in found.sentence
    assert any("Nobody has answered yet" in note for note in found.notes)


def test_bounds_keep_items_in_place_and_so_need_fewer_respondents():
    weighing = Weighing(TWO, "importance_only")
    bounds = [Domain("A", "", minimum_items=30), Domain("B", "", minimum_items=30)]
    found = surveys_of_weighing(COIN, weighing, Form(60, bounds), sizes=[15, 100])
    assert found.needed() == 15


def test_a_survey_without_answers_to_a_task_does_not_hold():
    weighing = Weighing(TWO, "importance_only")
    shares = np.array([[0.5, 0.5], [np.nan, np.nan]])
    assert domain_items(shares, weighing, Form(10)).tolist() == [[5, 5], [-1, -1]]


def test_a_pilot_that_is_too_small_is_withheld():
    few = Ratings.from_frames(importance=pd.DataFrame({"T1": [4, 3], "T2": [2, 1]}))
    with pytest.raises(WithheldError, match="15 respondents"):
        simulated(few)


@pytest.mark.parametrize(
    "options", [{"surveys": 0}, {"sizes": []}, {"sizes": [0]}, {"confidence": 95}]
)
def test_what_cannot_be_simulated_is_refused(options):
    with pytest.raises(ValueError, match=r"wanted|confidence"):
        simulated(**options)
