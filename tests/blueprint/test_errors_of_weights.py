"""Standard errors of weights against R's survey package, each other, limiting cases and laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from rds.blueprint import models
from rds.blueprint.errors_of_weights import influence_errors, jackknife_errors, weight_errors
from rds.blueprint.models import register_model
from rds.errors import WithheldError
from rds.ratings.ratings import Ratings
from tests.oracles import oracle

# Written by weight_errors.R: svyratio on complete data, svytotal and svycontrast on data with gaps,
# JK1 replicate weights for the jackknife.
ORACLE = oracle("weight_errors")
CASES = ORACLE["cases"]
DOMAINS = {"T1": "A", "T2": "A", "T3": "B", "T4": "B"}


def table_of(rows):
    return np.array(rows, dtype=float)


def two_scales(seed=1, respondents=30, tasks=4):
    rng = np.random.default_rng(seed)
    names = [f"T{k + 1}" for k in range(tasks)]
    importance = rng.integers(1, 6, (respondents, tasks)).astype(float)
    importance[rng.random(importance.shape) < 0.15] = np.nan
    frequency = rng.integers(0, 6, (respondents, tasks)).astype(float)
    frequency[rng.random(frequency.shape) < 0.1] = np.nan
    return Ratings.from_frames(
        importance=pd.DataFrame(importance, columns=names),
        frequency=pd.DataFrame(frequency, columns=names),
        not_performed={"frequency": 0},
    )


def importance_only(table, **options):
    table = table_of(table)
    names = [f"T{k + 1}" for k in range(table.shape[1])]
    ratings = Ratings.from_frames(importance=pd.DataFrame(table, columns=names))
    domains = options.pop("domains", {name: name for name in names})
    return weight_errors(ratings, domains=domains, model="importance_only", **options)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("function", "key"), [(influence_errors, "errors"), (jackknife_errors, "jackknife")]
)
def test_errors_agree_with_the_survey_package_of_r(function, key, case):
    example = CASES[case]
    found = function(
        table_of(example["ratings"]),
        groups=example["groups"],
        survey_weights=example["survey_weights"],
    )
    expected = pd.DataFrame(example[key]).T
    assert list(found.index) == list(expected.index)
    assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("case", "weight", "influence", "jackknife"),
    [("example", 0.537037, 0.025374, 0.027636), ("example_weighted", 0.540462, 0.034003, 0.038768)],
)
def test_the_worked_example_with_a_gap_gives_its_printed_numbers(
    case, weight, influence, jackknife
):
    # Five respondents, four tasks, three gaps; numbers worked out by hand to six digits.
    example = CASES[case]
    options = {"groups": example["groups"], "survey_weights": example["survey_weights"]}
    table = table_of(example["ratings"])
    found = influence_errors(table, **options).loc["A"]
    assert_allclose(found, [weight, influence], atol=5e-7)
    assert_allclose(jackknife_errors(table, **options).loc["A", "se"], jackknife, atol=5e-7)


def test_kane_redoes_its_exponent_without_each_respondent_as_r_does():
    example = ORACLE["kane"]
    names = [f"T{k}" for k in range(9)]
    ratings = Ratings.from_frames(
        importance=pd.DataFrame(table_of(example["importance"]), columns=names),
        frequency=pd.DataFrame(table_of(example["frequency"]), columns=names),
    )
    domains = dict(zip(names, example["groups"], strict=True))
    found = weight_errors(ratings, domains=domains, model="kane")
    assert found.method == "jackknife"
    expected = pd.DataFrame(example["jackknife"]).T
    assert_allclose(found.domains[["weight", "se"]], expected, rtol=1e-8)


@pytest.mark.parametrize("model", ["product_of_means", "additive", "kane"])
def test_sums_without_one_respondent_equal_running_the_model_without_them(model, monkeypatch):
    monkeypatch.setattr(models, "_MODELS", dict(models.models()))
    original = models.find_model(model).combine

    @register_model("own", scales=(2, 2), description="The same.", source="test")
    def own(ratings, scales):
        return original(ratings, scales)

    ratings = two_scales(tasks=6)
    domains = {f"T{k + 1}": "AB"[k % 2] for k in range(6)}
    quick = weight_errors(ratings, domains=domains, model=model)
    slow = weight_errors(ratings, domains=domains, model="own")
    pd.testing.assert_frame_equal(quick.tasks, slow.tasks, rtol=1e-9)
    pd.testing.assert_frame_equal(quick.domains, slow.domains, rtol=1e-9)


def test_a_product_counts_zero_for_tasks_not_performed():
    ratings = two_scales()
    importance, frequency = ratings.frame("importance"), ratings.frame("frequency")
    products = (importance * frequency).where(frequency != 0, 0.0)
    found = weight_errors(ratings, domains=DOMAINS, model="product")
    expected = influence_errors(products, groups=list(DOMAINS.values()))
    assert found.method == "influence"
    assert_allclose(found.domains[["weight", "se"]], expected, rtol=1e-12)


@pytest.mark.parametrize("model", ["product", "product_of_means", "additive"])
def test_weights_are_those_of_the_model(model):
    ratings = two_scales()
    combined = models.combined_ratings(ratings, model=model)
    found = weight_errors(ratings, domains=DOMAINS, model=model)
    assert_allclose(found.tasks["weight"], combined / combined.sum(), rtol=1e-12)


def test_the_interval_reaches_t_standard_errors_to_both_sides():
    found = importance_only(CASES["complete"]["ratings"], confidence=0.9)
    row = found.tasks.loc["T1"]
    reach = stats.t.ppf(0.95, 39) * row["se"]
    assert_allclose([row["ci_low"], row["ci_high"]], [row["weight"] - reach, row["weight"] + reach])
    assert not row["clipped"]


def test_with_survey_weights_the_effective_number_sets_the_degrees_of_freedom():
    example = CASES["gaps_weighted"]
    weights = np.array(example["survey_weights"])
    found = importance_only(example["ratings"], survey_weights=weights)
    assert found.n_eff == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    row = found.tasks.loc["T1"]
    reach = stats.t.ppf(0.975, found.n_eff - 1) * row["se"]
    assert row["ci_high"] - row["weight"] == pytest.approx(reach)


def test_a_limit_below_zero_is_cut_and_marked():
    # One in fifteen performs T1 at all, and rates it low: the interval would reach below zero.
    table = np.tile([0, 5, 4], (15, 1))
    table[0, 0] = 1
    found = importance_only(table)
    assert found.tasks["clipped"].tolist() == [True, False, False]
    assert found.tasks.loc["T1", "ci_low"] == 0.0


def test_a_single_domain_has_all_the_weight_without_error():
    names = dict.fromkeys(["T1", "T2", "T3", "T4"], "A")
    found = weight_errors(two_scales(), domains=names, model="product").domains.loc["A"]
    values = found[["weight", "se", "ci_low", "ci_high"]].astype(float)
    assert_allclose(values, [1, 0, 1, 1], atol=1e-12)
    assert not found["clipped"]


def test_tasks_without_a_domain_take_no_part():
    domains = {"T2": "A", "T4": "B"}
    found = weight_errors(two_scales(), domains=domains, model="product")
    assert found.tasks.index.tolist() == ["T2", "T4"]
    assert found.domains["weight"].sum() == pytest.approx(1)


def test_respondents_without_a_usable_rating_do_not_count():
    table = table_of(CASES["complete"]["ratings"])
    with_blank = np.vstack([table, np.full((5, table.shape[1]), np.nan)])
    found, expected = importance_only(with_blank), importance_only(table)
    assert found.n == 40
    pd.testing.assert_frame_equal(found.tasks, expected.tasks)


def test_fourteen_respondents_are_too_few_and_fifteen_are_enough():
    table = np.random.default_rng(1).integers(1, 6, (15, 3))
    assert importance_only(table).n == 15
    with pytest.raises(WithheldError, match="15 respondents with usable ratings, and there are 14"):
        importance_only(table[:14])


def test_a_task_with_four_answers_is_named():
    table = np.random.default_rng(1).integers(1, 6, (20, 3)).astype(float)
    table[4:, 1] = np.nan
    with pytest.raises(WithheldError, match="fewer of T2"):
        importance_only(table)


def test_a_task_nobody_was_asked_about_is_named():
    with pytest.raises(WithheldError, match="fewer of T9"):
        weight_errors(two_scales(), domains={**DOMAINS, "T9": "B"}, model="product_of_means")


@pytest.mark.parametrize("model", ["product", "product_of_means"])
def test_tasks_that_nobody_performs_have_no_weights(model):
    zeros = pd.DataFrame(0, index=range(20), columns=["T1", "T2"])
    ratings = Ratings.from_frames(importance=zeros + 3, frequency=zeros)
    with pytest.raises(WithheldError, match="all zero"):
        weight_errors(ratings, domains={"T1": "A", "T2": "B"}, model=model)


def test_a_registered_model_cannot_take_survey_weights(monkeypatch):
    monkeypatch.setattr(models, "_MODELS", dict(models.models()))

    @register_model("own", scales=(1, 1), description="Own.", source="test")
    def own(ratings, scales):
        return models.importance_only(ratings, scales)

    with pytest.raises(ValueError, match="“own” does not say that it counts respondents"):
        weight_errors(two_scales(), domains=DOMAINS, model="own", survey_weights=np.ones(30))


def test_beyond_2000_respondents_random_groups_give_nearly_the_closed_form():
    table = np.random.default_rng(4).integers(1, 6, (2400, 4))
    groups = ["A", "A", "B", "C"]
    grouped = jackknife_errors(table, groups=groups, seed=3)
    # The relative error of a standard error from 200 groups is about 1/√400 = 5 %.
    assert_allclose(grouped["se"], influence_errors(table, groups=groups)["se"], rtol=0.2)
    pd.testing.assert_frame_equal(grouped, jackknife_errors(table, groups=groups, seed=3))
    assert not np.allclose(grouped["se"], jackknife_errors(table, groups=groups, seed=4)["se"])


def test_the_jackknife_needs_a_second_answer_to_every_task():
    with pytest.raises(WithheldError, match="without any one respondent"):
        jackknife_errors([[1, np.nan], [2, 3], [4, np.nan]], groups=["A", "B"])


@pytest.mark.parametrize("function", [influence_errors, jackknife_errors])
@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ([[1, 2], [2, 1]], {"groups": ["A"]}, "one group for each task"),
        ([[1, 2]], {}, "wanted at least 2"),
        ([[1, np.nan], [2, np.nan]], {}, "a task without values"),
        ([[1, -2], [2, 1]], {}, "negative"),
        ([[0, 0], [0, 0]], {}, "all zero"),
        ([[1, 2], [2, 1]], {"survey_weights": [1, 0]}, "2 positive numbers"),
        ([[1, 2], [2, 1]], {"survey_weights": [1]}, "2 positive numbers"),
    ],
)
def test_arrays_that_define_no_weights_are_refused(function, values, options, message):
    with pytest.raises(ValueError, match=message):
        function(values, **{"groups": ["A", "B"], **options})


tables = st.lists(
    st.tuples(*[st.one_of(st.integers(1, 5), st.just(np.nan))] * 3, st.integers(1, 5)),
    min_size=3,
    max_size=12,
).filter(lambda rows: (~np.isnan(np.array(rows))).sum(axis=0).min() >= 2)
functions = pytest.mark.parametrize("function", [influence_errors, jackknife_errors])
GROUPS = ["A", "B", "B", "C"]


@functions
@given(rows=tables, random=st.randoms(use_true_random=False))
def test_the_order_of_respondents_changes_nothing(function, rows, random):
    shuffled = random.sample(rows, len(rows))
    found, other = function(rows, groups=GROUPS), function(shuffled, groups=GROUPS)
    assert_allclose(found, other, rtol=1e-9, atol=1e-12)


@functions
@given(rows=tables, unit=st.floats(0.1, 50), scale=st.floats(0.01, 100))
def test_units_of_ratings_and_of_survey_weights_change_nothing(function, rows, unit, scale):
    weights = scale * np.arange(1, len(rows) + 1)
    plain = function(rows, groups=GROUPS, survey_weights=np.arange(1, len(rows) + 1))
    other = function(unit * np.array(rows), groups=GROUPS, survey_weights=weights)
    assert_allclose(plain, other, rtol=1e-7, atol=1e-10)


@functions
@given(rows=tables)
def test_two_domains_have_the_same_error(function, rows):
    first, second = function(rows, groups=["A", "A", "B", "B"])["se"]
    assert first == pytest.approx(second, rel=1e-7, abs=1e-12)


@functions
@given(row=st.tuples(*[st.integers(1, 5)] * 4), n=st.integers(2, 9))
def test_respondents_who_agree_leave_no_error(function, row, n):
    assert_allclose(function([row] * n, groups=GROUPS)["se"], 0, atol=1e-12)
