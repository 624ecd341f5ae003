"""Weighing by any model and rule, with errors and ranges of items."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from rds.blueprint.domain_rules import DomainRule
from rds.blueprint.errors_of_weights import errors_of_weighing, weight_errors
from rds.blueprint.models import models
from rds.blueprint.resample import resample_items, resample_weighing
from rds.blueprint.weighing import Weighing, weigh
from rds.errors import WithheldError
from rds.ratings.ratings import Ratings
from tests.oracles import oracle

EXPECTED = oracle("domain_rules")
TABLE = np.array(EXPECTED["ratings"], dtype=float)
TASKS = [f"T{k}" for k in range(1, 7)]
DOMAINS = dict(zip(TASKS, EXPECTED["groups"], strict=True))
BOTH = ["importance", "frequency"]
RATINGS = Ratings.from_frames(
    importance=pd.DataFrame(TABLE[:, :6], columns=TASKS),
    frequency=pd.DataFrame(TABLE[:, 6:12], columns=TASKS),
    domains=pd.DataFrame(TABLE[:, 12:], columns=["A", "B"]),
)
ONE = Weighing(DOMAINS, "importance_only", ["importance"])
CASES = {
    "weighted": Weighing(DOMAINS, "weighted", BOTH, {"scale_shares": [0.7, 0.3]}),
    "geometric": Weighing(DOMAINS, "geometric", BOTH),
    "mean": replace(ONE, rule=DomainRule("mean")),
    "blend": replace(ONE, rule=DomainRule("blend")),
    "direct": replace(ONE, rule=DomainRule("direct"), domain_scale="domains"),
    "panel": replace(ONE, rule=DomainRule(panel={"A": 0.5, "B": 0.5}, panel_share=0.4)),
}


@pytest.mark.parametrize("case", CASES)
def test_weights_and_jackknife_errors_are_those_of_the_survey_package(case):
    """See tests/oracles/domain_rules.R."""
    found = errors_of_weighing(RATINGS, CASES[case])
    assert found.method == "jackknife"
    assert_allclose(found.domains["weight"], EXPECTED[case]["weight"], atol=1e-10)
    assert_allclose(found.domains["se"], EXPECTED[case]["se"], rtol=1e-8)
    assert_allclose(weigh(RATINGS, CASES[case]).adopted, EXPECTED[case]["weight"], atol=1e-10)


@pytest.mark.parametrize("case", CASES)
def test_resamples_spread_as_far_as_the_errors_say(case):
    found = resample_weighing(RATINGS, CASES[case], items=50, replicates=2000)
    own = np.array([name == "A" for name in DOMAINS.values()])
    spread = found.task_weights[:, own].sum(axis=1).std(ddof=1)
    assert spread == pytest.approx(EXPECTED[case]["se"][0], rel=0.08)
    assert_allclose(found.task_weights.sum(axis=1), 1)


@pytest.mark.parametrize("model", ["geometric", "kane", "hierarchical", "tie_breaker"])
def test_a_model_run_on_arrays_is_the_model_run_on_ratings(model, monkeypatch):
    scales = BOTH
    quick = weight_errors(RATINGS, domains=DOMAINS, model=model, scales=scales)
    from rds.blueprint import answers

    monkeypatch.setattr(answers, "_merge", lambda model, combined: None)
    slow = weight_errors(RATINGS, domains=DOMAINS, model=model, scales=scales)
    assert_allclose(quick.tasks["se"], slow.tasks["se"], rtol=1e-7)


def test_three_scales_of_kane_run_on_arrays_as_on_ratings(monkeypatch):
    third = RATINGS.frame("importance").iloc[::-1].set_axis(RATINGS.respondents.index)
    ratings = Ratings.from_frames(
        importance=RATINGS.frame("importance"),
        frequency=RATINGS.frame("frequency"),
        criticality=third.iloc[:, ::-1].set_axis(TASKS, axis=1),
    )
    names = [*BOTH, "criticality"]
    given = {"scale_shares": [0.5, 0.25, 0.25]}
    quick = weight_errors(ratings, domains=DOMAINS, model="kane", scales=names, options=given)
    from rds.blueprint import answers

    monkeypatch.setattr(answers, "_merge", lambda model, combined: None)
    slow = weight_errors(ratings, domains=DOMAINS, model="kane", scales=names, options=given)
    assert_allclose(quick.tasks["se"], slow.tasks["se"], rtol=1e-6)


@pytest.mark.parametrize("model", sorted(models()))
def test_every_model_has_weights_errors_and_ranges(model):
    known = models()[model]
    rng = np.random.default_rng(7)
    level = rng.normal(0, 0.6, (60, 1)) + np.array([2.2, 3.6, 3.8, 4.0, 3.7, 3.9])
    frames = {
        name: pd.DataFrame(
            np.clip(np.round(level + rng.normal(0, 0.8, (60, 6))), 1, 5), columns=TASKS
        )
        for name in [*BOTH, "criticality"]
    }
    ratings = Ratings.from_frames(**frames)
    options = {"scale_shares": None, "threshold": 1.0}
    scales = list(frames)[: known.scales[1]]
    options["scale_shares"] = [1 / len(scales)] * len(scales)
    given = {
        "domains": DOMAINS,
        "model": model,
        "scales": scales,
        "options": {name: options[name] for name in known.options},
    }
    errors = weight_errors(ratings, **given)
    assert errors.domains["weight"].sum() == pytest.approx(1)
    assert errors.tasks["weight"].sum() == pytest.approx(1)
    assert (errors.domains["se"] > 0).all()
    plan = resample_items(ratings, items=50, replicates=100, **given)
    assert plan.domains["items"].sum() == 50
    # 100 resamples tell a standard error to within about 7 %; a filter makes it less smooth.
    spread = plan.task_weights[:, [DOMAINS[task] == "A" for task in TASKS]].sum(axis=1).std()
    assert 0.5 < spread / errors.domains["se"].iloc[0] < 2


def test_tasks_without_ratings_take_them_from_their_domain():
    fewer = RATINGS.of_statements([*TASKS[1:], "A", "B"])
    weighing = replace(ONE, unrated=("T1",))
    means = weigh(fewer, replace(ONE, domains={t: DOMAINS[t] for t in TASKS[1:]})).ratings
    expected = {
        "mean of the domain": means[["T2", "T3", "T4"]].mean(),
        "lowest of the domain": means[["T2", "T3", "T4"]].min(),
        "mean of all": means.mean(),
    }
    for rule, value in expected.items():
        found = weigh(fewer, replace(weighing, unrated_rule=rule))
        assert found.ratings["T1"] == pytest.approx(value)
        assert found.tasks.sum() == pytest.approx(1)
        assert list(found.tasks.index) == TASKS


def test_tasks_without_ratings_have_errors_too():
    weighing = replace(ONE, unrated=("T1",), unrated_rule="mean of the domain")
    errors = errors_of_weighing(RATINGS, weighing)
    assert errors.method == "jackknife"
    assert (errors.tasks["se"] > 0).all()


def test_tasks_without_ratings_and_without_a_rule_are_refused_by_name():
    with pytest.raises(ValueError, match="no usable ratings for T1"):
        weigh(RATINGS, replace(ONE, unrated=("T1",)))


def test_a_domain_that_has_unrated_tasks_only_needs_the_mean_of_all():
    weighing = replace(ONE, unrated=("T5", "T6"), unrated_rule="mean of the domain")
    with pytest.raises(ValueError, match="domain B has no rated task"):
        weigh(RATINGS, weighing)
    assert weigh(RATINGS, replace(weighing, unrated_rule="mean of all")).tasks.min() > 0


def test_a_study_may_rate_domains_alone():
    weighing = replace(CASES["direct"], unrated=tuple(TASKS), unrated_rule="mean of all")
    found = weigh(RATINGS, weighing)
    assert_allclose(found.adopted, EXPECTED["direct"]["weight"], atol=1e-10)
    assert found.tasks.iloc[:4].nunique() == 1
    errors = errors_of_weighing(RATINGS, weighing)
    assert_allclose(errors.domains["se"], EXPECTED["direct"]["se"], rtol=1e-8)


def test_the_rule_direct_needs_a_scale():
    with pytest.raises(ValueError, match="needs the scale"):
        weigh(RATINGS, replace(ONE, rule=DomainRule("direct")))


def test_fixed_parts_that_exceed_what_their_parent_gets_are_refused():
    rule = DomainRule(parents={"A": "P"}, fixed={"A": 0.5})
    nested = replace(ONE, domains={**DOMAINS, "T1": "P"}, rule=rule)
    weigh(RATINGS, nested)
    with pytest.raises(ValueError, match="exceed what their parent gets"):
        weigh(RATINGS, replace(nested, rule=replace(rule, fixed={"A": 0.95})))


def test_a_fixed_domain_has_no_error_and_always_its_items():
    weighing = replace(ONE, rule=DomainRule(fixed={"A": 0.6}))
    errors = errors_of_weighing(RATINGS, weighing)
    assert_allclose(errors.domains["se"], 0, atol=1e-12)
    plan = resample_weighing(RATINGS, weighing, items=50, replicates=100)
    assert plan.domains["items_low"].tolist() == [30, 20]


def test_too_few_respondents_have_no_rasch_weights():
    few = RATINGS.select(np.arange(len(RATINGS)) < 20)
    with pytest.raises(WithheldError, match="30 respondents"):
        weigh(few, Weighing(DOMAINS, "rasch", ["importance"]))
