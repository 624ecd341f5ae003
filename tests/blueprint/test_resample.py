"""Resampled plans against exact apportionment, running the model, closed-form errors, and laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from rds.analysis.analysis import analyze_ratings
from rds.blueprint import models
from rds.blueprint.apportion import allocate
from rds.blueprint.apportion_rows import allocate_rows
from rds.blueprint.build import build
from rds.blueprint.errors_of_weights import weight_errors
from rds.blueprint.models import register_model
from rds.blueprint.resample import resample_items
from rds.errors import InfeasibleError, WithheldError
from rds.outline.outline import Domain
from rds.ratings.ratings import Ratings
from tests.blueprint import examples

OUTLINE = examples.outline()
RATINGS = examples.ratings(OUTLINE)
MODELS = ["importance_only", "product", "product_of_means", "additive", "kane"]


def resample(ratings=RATINGS, **options):
    given = {"domains": OUTLINE.task_domains, "model": "product", "items": 60, "replicates": 200}
    return resample_items(ratings, **{**given, **options})


def importance(table):
    frame = pd.DataFrame(table, columns=[f"T{k + 1}" for k in range(np.shape(table)[1])])
    ratings = Ratings.from_frames(importance=frame)
    return {
        "ratings": ratings,
        "domains": {name: f"D{name}" for name in frame},
        "model": "importance_only",
    }


def exactly(method):
    """Return `allocate` for rows whose columns are named in order."""

    def run(weights, items):
        names = [f"D{k}" for k in range(len(weights))]
        return allocate(weights, items=items, method=method, identifiers=names).items

    return run


def refuse(weights, items):
    raise AssertionError(f"{weights} is far from a tie and should not need exact arithmetic")


@pytest.mark.parametrize("method", ["hamilton", "webster", "dhondt"])
@given(
    rows=st.lists(
        st.lists(st.integers(0, 30), min_size=4, max_size=4).filter(any), min_size=1, max_size=6
    ),
    items=st.integers(0, 80),
)
def test_rows_with_many_ties_are_apportioned_exactly(method, rows, items):
    # Small whole numbers make ties and whole quotas common.
    weights = np.array([np.array(row) / sum(row) for row in rows])
    totals = np.full(len(rows), items)
    found = allocate_rows(weights, items=totals, method=method, exact=exactly(method))
    assert found.tolist() == [list(exactly(method)(row, items)) for row in weights.tolist()]


@pytest.mark.parametrize("method", ["hamilton", "webster"])
def test_rows_far_from_ties_are_apportioned_all_at_once_and_alike(method):
    rng = np.random.default_rng(1)
    weights = rng.dirichlet([8, 4, 3, 2, 2], 300)
    items = rng.integers(5, 200, 300)
    expected = [exactly(method)(w.tolist(), int(n)) for w, n in zip(weights, items, strict=True)]
    found = allocate_rows(weights, items=items, method=method, exact=refuse)
    assert_array_equal(found, expected)


@pytest.mark.parametrize("model", MODELS)
def test_sums_by_resample_equal_running_the_model_on_every_resample(model, monkeypatch):
    monkeypatch.setattr(models, "_MODELS", dict(models.models()))
    original = models.find_model(model)

    @register_model("own", scales=original.scales, description="The same.", source="test")
    def own(ratings, scales):
        return original.combine(ratings, scales)

    bounds = [Domain("D1", "", maximum_items=25), Domain("D3", "", minimum_items=15)]
    options = {"bounds": bounds, "replicates": 50}
    quick, slow = resample(model=model, **options), resample(model="own", **options)
    assert_array_equal(quick.domain_items, slow.domain_items)
    pd.testing.assert_frame_equal(quick.tasks, slow.tasks)


@pytest.mark.parametrize("rounding", ["hamilton", "webster", "huntington_hill"])
def test_the_printed_plan_is_the_blueprints(rounding):
    outline = examples.outline(D2={"minimum_items": 22}, D3={"maximum_items": 13})
    settings = examples.settings(blueprint={"items": 60, "rounding": rounding})
    analysis = analyze_ratings(RATINGS, outline, settings)
    blueprint = build(outline, RATINGS, settings, analysis)
    found = resample(model="kane", method=rounding, bounds=outline.domains, replicates=20)
    assert found.domains["items"].tolist() == blueprint.domain_weights["items"].tolist()
    assert found.tasks["items"].tolist() == blueprint.task_weights["items"].tolist()


def test_a_domain_without_tasks_gets_its_minimum_in_every_resample():
    bounds = [Domain("D0", "", minimum_items=4)]
    found = resample(bounds=bounds, order=["D0", "D1", "D2", "D3"])
    assert found.domains.loc["D0", ["items", "items_low", "items_high"]].tolist() == [4, 4, 4]


def test_every_resample_keeps_total_and_bounds():
    bounds = [Domain("D1", "", minimum_items=20), Domain("D2", "", maximum_items=19)]
    found = resample(bounds=bounds)
    assert (found.domain_items.sum(axis=1) == 60).all()
    assert found.domain_items[:, 0].min() >= 20
    assert found.domain_items[:, 1].max() <= 19


@pytest.mark.parametrize("method", ["hamilton", "webster"])
def test_bounds_that_do_not_bind_change_nothing(method):
    bounds = [Domain(name, "", minimum_items=1, maximum_items=59) for name in ("D1", "D2", "D3")]
    found, free = resample(method=method, bounds=bounds), resample(method=method)
    assert_array_equal(found.domain_items, free.domain_items)


@pytest.mark.parametrize("model", MODELS)
def test_weights_vary_between_resamples_as_their_standard_errors_say(model):
    # With very many items the plan is the weights, whose spread has the closed form or jackknife.
    found = resample(model=model, items=10**6, replicates=2000)
    spread = found.domain_items.std(axis=0, ddof=1) / 10**6
    errors = weight_errors(RATINGS, domains=OUTLINE.task_domains, model=model).domains["se"]
    # The relative error of a standard deviation from 2000 resamples is 1.6 %.
    assert_allclose(spread, errors, rtol=0.1)


def test_the_same_seed_gives_the_same_result_and_another_seed_another():
    first, again, other = resample(seed=3), resample(seed=3), resample(seed=4)
    assert_array_equal(first.domain_items, again.domain_items)
    assert (first.domain_items != other.domain_items).any()


def test_respondents_who_agree_always_give_the_printed_plan():
    found = resample_items(**importance([[5, 3, 2]] * 20), items=33, replicates=50)
    assert found.share_same_plan == 1.0
    assert found.domains["items"].tolist() == [16, 10, 7]
    for limit in ("items_low", "items_high"):
        assert found.domains[limit].tolist() == found.domains["items"].tolist()


def test_the_distribution_holds_what_the_summary_says():
    found = resample()
    shares = found.distribution.groupby("domain_id")["share_of_resamples"].sum()
    assert_allclose(shares, 1)
    printed = found.distribution["domain_id"].map(found.domains["items"])
    near = found.distribution[(found.distribution["items"] - printed).abs() <= 1]
    within = near.groupby("domain_id")["share_of_resamples"].sum()
    assert_allclose(within, found.domains["p_within_1"])
    same = (found.domain_items == found.domains["items"].to_numpy()).all(axis=1)
    assert found.share_same_plan == same.mean()


def test_limits_are_whole_numbers_that_resamples_gave():
    found = resample(replicates=200, confidence=0.95)
    ordered = np.sort(found.domain_items, axis=0)
    # Of 200 resamples the inverted distribution function takes the 5th and the 195th.
    assert_array_equal(found.domains["items_low"], ordered[4])
    assert_array_equal(found.domains["items_high"], ordered[194])


def test_tasks_of_a_domain_share_its_items():
    found = resample()
    by_domain = found.tasks["items"].groupby(OUTLINE.task_domains).sum()
    assert by_domain.tolist() == found.domains["items"].tolist()
    assert (found.tasks["items_low"] <= found.tasks["items_high"]).all()


def split_answers(*rated_by_few):
    """Return answers of 200 respondents to a task all rate, and tasks that five each rate."""
    table = np.full((200, 1 + len(rated_by_few)), np.nan)
    table[:, 0] = np.tile([3, 4], 100)
    for column, start in enumerate(rated_by_few, start=1):
        table[start : start + 5, column] = [1, 2, 3, 4, 5]
    return importance(table)


def test_resamples_without_an_answer_to_a_task_are_left_out_and_counted():
    # All five are missed with probability (195/200)^199 = 0.65 %.
    found = resample_items(**split_answers(0), items=30, replicates=2000)
    assert 0 < found.n_dropped <= 20
    assert len(found.domain_items) == 2000 - found.n_dropped


def test_more_than_one_percent_left_out_withholds_the_intervals():
    with pytest.raises(WithheldError, match="of 2000 resamples had a task without answers"):
        resample_items(**split_answers(0, 10, 20, 30), items=30, replicates=2000)


def test_fourteen_respondents_are_too_few():
    with pytest.raises(WithheldError, match="needs 15 respondents"):
        resample_items(**importance([[5, 3]] * 14), items=30)


def test_bounds_that_cannot_be_met_are_refused():
    with pytest.raises(InfeasibleError):
        resample(bounds=[Domain("D1", "", minimum_items=61)])


def test_an_order_that_forgets_a_domain_is_refused():
    with pytest.raises(ValueError, match="leaves out domains with tasks: D2"):
        resample(order=["D1", "D3"])


def test_no_resamples_are_refused():
    with pytest.raises(ValueError, match="wanted at least 1"):
        resample(replicates=0)
