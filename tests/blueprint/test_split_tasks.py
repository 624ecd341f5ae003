"""A task written as two: closed forms, laws by domain rule, a survey that asked it twice."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.blueprint.domain_rules import DomainRule
from rds.blueprint.sensitivity import SPLIT_TASK
from rds.blueprint.split_tasks import split_choices, split_weights
from rds.blueprint.weighing import Weighing, weigh
from rds.ratings.ratings import Ratings
from tests.blueprint.test_build import built

DOMAINS = {"T1": "A", "T2": "A", "T3": "B", "T4": "B", "T5": "B", "T6": "C"}
ratings_of_tasks = st.lists(st.floats(0.5, 25), min_size=6, max_size=6).map(
    lambda values: pd.Series(values, index=list(DOMAINS))
)
domains = st.sampled_from(["A", "B", "C"])


def by_domain(shares):
    return shares.groupby(DOMAINS).sum()


def weighing_by(kind):
    return Weighing(DOMAINS, "importance_only", rule=DomainRule(kind=kind))


@given(ratings_of_tasks, domains)
def test_under_sum_the_domain_grows_as_the_closed_form_has_it_and_others_share_the_rest(
    combined, domain
):
    before = by_domain(combined / combined.sum())
    after = by_domain(split_weights(combined, weighing_by("sum"), domain=domain))
    k = list(DOMAINS.values()).count(domain)
    own = before[domain]
    assert_allclose(after[domain], own * (k + 1) / (k + own))
    assert_allclose(after.sum(), 1)
    others = [name for name in before.index if name != domain]
    assert_allclose(after[others] / (1 - after[domain]), before[others] / (1 - own))


@given(ratings_of_tasks, domains)
def test_under_mean_nothing_moves(combined, domain):
    means = combined.groupby(DOMAINS).mean()
    after = by_domain(split_weights(combined, weighing_by("mean"), domain=domain))
    assert_allclose(after, means / means.sum())


@given(ratings_of_tasks, domains, st.floats(0, 1))
def test_a_blend_multiplies_the_odds_by_the_power_of_the_number_of_tasks(combined, domain, power):
    weighing = Weighing(DOMAINS, "x", rule=DomainRule(kind="blend", blend_exponent=power))
    counts = pd.Series(DOMAINS).value_counts()
    before = combined.groupby(DOMAINS).mean() * counts**power
    own = before[domain] / (before.sum() - before[domain])
    after = by_domain(split_weights(combined, weighing, domain=domain))[domain]
    k = counts[domain]
    assert_allclose(after / (1 - after), own * ((k + 1) / k) ** power)


@given(ratings_of_tasks, domains)
def test_what_respondents_said_of_domains_themselves_does_not_move(combined, domain):
    said = {"A": np.array([20.0]), "B": np.array([50.0]), "C": np.array([30.0])}
    after = split_weights(combined, weighing_by("direct"), domain=domain, direct=said)
    assert_allclose(by_domain(after), [0.2, 0.5, 0.3])


@given(ratings_of_tasks)
def test_a_fixed_percentage_does_not_move(combined):
    weighing = Weighing(DOMAINS, "importance_only", rule=DomainRule(fixed={"A": 0.25}))
    assert_allclose(by_domain(split_weights(combined, weighing, domain="A"))["A"], 0.25)


@pytest.mark.parametrize("model", ["product", "product_of_means", "additive"])
def test_a_survey_that_asked_the_only_task_of_a_domain_twice_has_these_weights(model):
    rng = np.random.default_rng(7)
    frames = {
        name: pd.DataFrame(rng.integers(1, 6, (20, 6)), columns=list(DOMAINS))
        for name in ("importance", "frequency")
    }
    weighing = Weighing(DOMAINS, model)
    split = {
        choice.variant: choice for choice in split_choices(Ratings.from_frames(**frames), weighing)
    }
    twice = Ratings.from_frames(**{n: f.assign(T7=f["T6"]) for n, f in frames.items()})
    asked = weigh(twice, replace(weighing, domains={**DOMAINS, "T7": "C"})).adopted
    assert_allclose(by_domain(split["C"].weights()), asked)


def test_a_domain_without_tasks_has_none_to_split():
    with pytest.raises(ValueError, match="D has no task to split"):
        split_weights(pd.Series(1.0, index=list(DOMAINS)), weighing_by("sum"), domain="D")


def of_splits(blueprint):
    return blueprint.sensitivity[blueprint.sensitivity["dimension"] == SPLIT_TASK]


def test_a_sum_that_moves_beyond_the_tolerance_is_said_in_a_sentence():
    blueprint = built(blueprint={"items": 120})
    own = of_splits(blueprint).query("variant == domain_id")
    assert own["variant"].tolist() == ["D1", "D2", "D3"]
    assert (own["items_moved"] > 0).all()
    assert (of_splits(blueprint).groupby("variant")["items"].sum() == 120).all()
    most = own.loc[own["items_moved"].idxmax()]
    assert f"average task of {most['variant']} been written as two" in blueprint.wording
    assert f"would have {most['items']} items instead of" in blueprint.wording
    assert blueprint.wording in repr(blueprint)
    assert SPLIT_TASK not in blueprint.consequences


def test_the_rule_mean_moves_no_item_and_has_nothing_to_say():
    blueprint = built(weights={"domain_rule": "mean"})
    assert (of_splits(blueprint)["items_moved"] == 0).all()
    assert blueprint.wording == ""


def test_within_a_wide_tolerance_nothing_is_said():
    assert built(sensitivity={"tolerance_items": 60}).wording == ""
