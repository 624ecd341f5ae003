"""Weight models against worked examples, limiting cases and laws."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.blueprint import models
from rds.blueprint.effective import effective_weights
from rds.blueprint.models import combine, combined_ratings, find_model, register_model
from rds.blueprint.weights import task_shares
from rds.errors import WithheldError
from rds.ratings.ratings import Ratings
from tests.oracles import oracle

EXAMPLE = oracle("weights")["combination"]
TASKS = ["T1", "T2", "T3"]


def example() -> Ratings:
    return Ratings.from_frames(
        importance=pd.DataFrame(EXAMPLE["importance"], columns=TASKS),
        frequency=pd.DataFrame(EXAMPLE["frequency"], columns=TASKS),
    )


def two_scales(importance, frequency) -> Ratings:
    return Ratings.from_frames(
        importance=pd.DataFrame(importance),
        frequency=pd.DataFrame(frequency),
        not_performed={"frequency": 0},
    )


@pytest.mark.parametrize("model", EXAMPLE["weights"])
def test_models_agree_with_the_worked_example(model):
    assert_allclose(
        task_shares(combined_ratings(example(), model=model)), EXAMPLE["weights"][model], atol=5e-9
    )


def test_mean_of_products_is_product_of_means_plus_the_population_covariance():
    product = combined_ratings(example(), model="product")
    means = combined_ratings(example(), model="product_of_means")
    # Population covariances of the example, exact arithmetic: 2, 0.5, 0.5.
    assert_allclose(product - means, [2.0, 0.5, 0.5])


def test_a_task_nobody_performs_has_no_product_even_when_its_importance_was_not_asked():
    ratings = two_scales({"A": [np.nan, 4], "B": [3, 3]}, {"A": [0, 2], "B": [1, 1]})
    assert combined_ratings(ratings, model="product")["A"] == 4.0


def test_a_product_needs_every_rating_of_a_performer():
    ratings = two_scales({"A": [4, np.nan]}, {"A": [2, 5]})
    assert combined_ratings(ratings, model="product")["A"] == 8.0


def test_importance_is_averaged_over_performers_and_frequency_over_all():
    ratings = two_scales({"A": [4, 1]}, {"A": [2, 0]})
    means = combine(ratings, model="product_of_means").means
    assert means.loc["A", "importance"] == 4.0
    assert means.loc["A", "frequency"] == 1.0


def test_zero_inclusive_product_is_share_performing_times_mean_product_of_performers():
    rng = np.random.default_rng(5)
    frequency = rng.integers(0, 6, (200, 4)).astype(float)
    importance = rng.integers(1, 5, (200, 4)).astype(float)
    performed = frequency > 0
    expected = performed.mean(0) * [
        (importance[p, t] * frequency[p, t]).mean() for t, p in enumerate(performed.T)
    ]
    assert_allclose(combined_ratings(two_scales(importance, frequency), model="product"), expected)


def test_kane_gives_both_scales_the_same_correlation_with_the_logarithm_of_the_weight():
    rng = np.random.default_rng(2)
    ratings = two_scales(rng.integers(1, 5, (40, 15)), rng.integers(0, 6, (40, 15)))
    combined = combine(ratings, model="kane")
    logs = np.log(combined.means.assign(weight=combined.rating))
    correlations = logs.corr()["weight"]
    assert correlations["importance"] == pytest.approx(correlations["frequency"], abs=1e-12)


def test_kane_leaves_tasks_never_performed_without_weight_and_says_so():
    rng = np.random.default_rng(3)
    frequency = rng.integers(1, 6, (30, 6)).astype(float)
    frequency[:, 0] = 0
    importance = rng.integers(1, 5, (30, 6)).astype(float)
    importance[0, 0] = 3
    scaled = Ratings.from_frames(
        importance=pd.DataFrame(importance), frequency=pd.DataFrame(frequency)
    )
    combined = combine(scaled, model="kane")
    assert combined.rating.iloc[0] == 0
    assert any("mean of zero" in note for note in combined.notes)


def test_kane_holds_an_extreme_exponent_and_says_so():
    importance = pd.DataFrame({f"T{k}": [1 + k, 1 + k] for k in range(6)})
    frequency = pd.DataFrame({f"T{k}": [4, 4] for k in range(6)})
    frequency.loc[0, "T0"] = 3
    combined = combine(
        Ratings.from_frames(importance=importance, frequency=frequency), model="kane"
    )
    assert combined.exponents["frequency"] == 10.0
    assert "held at 10" in combined.notes[0]


def test_kane_refuses_scales_that_do_not_differ_between_tasks():
    constant = pd.DataFrame({"A": [3, 3], "B": [3, 3]})
    with pytest.raises(WithheldError, match="differ on both scales"):
        combine(Ratings.from_frames(importance=constant, frequency=constant), model="kane")


def test_an_unknown_model_is_refused_with_the_nearest_name():
    with pytest.raises(ValueError, match="did you mean “kane”"):
        find_model("kanee")


def test_a_model_for_two_scales_or_more_refuses_one():
    ratings = Ratings.from_frames(importance=pd.DataFrame({"A": [1, 2]}))
    with pytest.raises(ValueError, match="takes 2 to 9 scales, not 1"):
        combine(ratings, model="kane")


def test_a_task_without_answers_has_no_combined_rating():
    ratings = Ratings.from_frames(importance=pd.DataFrame({"A": [1, 2], "B": [np.nan, np.nan]}))
    assert combined_ratings(ratings, model="importance_only").isna().tolist() == [False, True]


def test_users_register_their_own_models(monkeypatch):
    monkeypatch.setattr(models, "_MODELS", dict(models.models()))

    @register_model("half", scales=(1, 1), description="Half.", source="test")
    def half(ratings, scales):
        whole = models.importance_only(ratings, scales)
        return models.replace(whole, rating=whole.rating / 2)

    ratings = Ratings.from_frames(importance=pd.DataFrame({"A": [2, 4]}))
    assert combined_ratings(ratings, model="half")["A"] == 1.5


answers = st.lists(
    st.tuples(*[st.integers(1, 5)] * 3, *[st.integers(0, 5)] * 3), min_size=3, max_size=12
)


@given(answers, st.randoms(use_true_random=False))
@pytest.mark.parametrize(
    "model",
    [
        "product", "product_of_means", "additive", "importance_only", "geometric", "hierarchical",
        "tie_breaker", "importance_time", "opm_filter", "midpoint_filter",
    ],
)  # fmt: skip
def test_the_order_of_respondents_changes_nothing(model, rows, random):
    shuffled = random.sample(rows, len(rows))
    scales = ["importance", "frequency"][: find_model(model).scales[1]]

    def combined(table):
        values = np.array(table)
        ratings = two_scales(values[:, :3], values[:, 3:])
        return combined_ratings(ratings, model=model, scales=scales)

    assert_allclose(combined(rows), combined(shuffled), rtol=1e-12)


@given(answers, st.integers(2, 4))
@pytest.mark.parametrize("model", ["product", "product_of_means", "geometric", "importance_time"])
def test_multiplicative_weights_do_not_depend_on_the_unit_of_a_scale(model, rows, factor):
    values = np.array(rows)
    if values[:, 3:].sum() == 0:
        return
    plain = combined_ratings(two_scales(values[:, :3], values[:, 3:]), model=model)
    scaled = combined_ratings(two_scales(factor * values[:, :3], values[:, 3:]), model=model)
    if plain.isna().any() or plain.sum() == 0:
        return
    assert_allclose(task_shares(plain), task_shares(scaled), rtol=1e-9)


@pytest.mark.parametrize("model", ["product", "additive"])
def test_the_origin_of_a_scale_changes_weights_as_the_worked_example_shows(model):
    origin = oracle("weights")["origin"]
    # Two respondents whose means are those of the example: 4.5, 3, 2 and 2, 4, 3.
    importance = pd.DataFrame([[4, 3, 2], [5, 3, 2]], columns=TASKS)
    frequency = pd.DataFrame([[2, 4, 3], [2, 4, 3]], columns=TASKS)

    def weights(lower_by):
        ratings = Ratings.from_frames(
            importance=importance - lower_by, frequency=frequency - lower_by
        )
        return task_shares(combined_ratings(ratings, model=model))

    assert_allclose(weights(0), origin[f"{model}_from_1"], atol=5e-9)
    assert_allclose(weights(1), origin[f"{model}_from_0"], atol=5e-9)


@given(st.permutations(range(3)))
@pytest.mark.parametrize("model", ["kane", "geometric", "within_person_shares", "hierarchical"])
def test_the_order_of_tasks_changes_nothing(model, order):
    rows = example()
    turned = Ratings.from_frames(
        importance=rows.frame("importance").iloc[:, list(order)],
        frequency=rows.frame("frequency").iloc[:, list(order)],
    )
    found = combined_ratings(turned, model=model)
    assert_allclose(found[TASKS], combined_ratings(rows, model=model), rtol=1e-12)


def test_averages_of_scales_depend_on_the_unit_of_a_scale_and_are_not_said_not_to():
    # Importance in half points: 1 to 5 becomes 2 to 10, which only a product does not notice.
    doubled = Ratings.from_frames(
        importance=2 * example().frame("importance"), frequency=example().frame("frequency")
    )
    for model in ("additive", "hierarchical", "tie_breaker"):
        before = task_shares(combined_ratings(example(), model=model))
        after = task_shares(combined_ratings(doubled, model=model))
        assert abs(after - before).max() > 1e-3


def test_kane_gives_three_scales_the_say_that_was_declared():
    rng = np.random.default_rng(4)
    spread = rng.normal(0, 1, (12, 3)) @ np.array([[0.8, 0.3, 0.1], [0, 0.5, 0.1], [0, 0, 0.9]])
    frames = {
        name: pd.DataFrame(np.clip(np.round(3 + column + rng.normal(0, 1, (50, 12))), 1, 5))
        for name, column in zip(("importance", "frequency", "criticality"), spread.T, strict=True)
    }
    combined = combine(
        Ratings.from_frames(**frames), model="kane", options={"scale_shares": [0.5, 0.3, 0.2]}
    )
    table = effective_weights(combined, model="kane")
    assert_allclose(table["effective"], [0.5, 0.3, 0.2], atol=1e-9)
    assert combined.exponents["importance"] == 1


@pytest.mark.parametrize("shares", [[0.5], [0.5, 0.6], [1.2, -0.2]])
def test_shares_that_are_not_one_positive_number_per_scale_are_refused(shares):
    with pytest.raises(ValueError, match="one positive share for each"):
        combine(example(), model="kane", options={"scale_shares": shares})


def test_an_option_that_a_model_does_not_take_is_refused():
    with pytest.raises(ValueError, match="has no option “threshold”"):
        combine(example(), model="additive", options={"threshold": 3})


def test_a_scale_for_domains_alone_is_no_scale_of_a_model():
    ratings = example()
    of_domains = models.replace(ratings.scales[1], applies_to=("domains",))
    changed = models.replace(ratings, scales=(ratings.scales[0], of_domains))
    with pytest.raises(ValueError, match="not 1"):
        combine(changed, model="kane")


def test_models_of_installed_packages_come_with_name_and_version(monkeypatch):
    class Installed:
        name, value = "borrowed", "elsewhere:borrowed"
        dist = SimpleNamespace(name="elsewhere", version="1.2")

        def load(self):
            register_model("borrowed", scales=(1, 1), description="Mean.", source="test")(
                models.importance_only
            )

    monkeypatch.setattr(models, "_MODELS", dict(models.models()))
    monkeypatch.setattr(models, "installed", lambda: (Installed(),))
    assert find_model("borrowed").origin == "elsewhere 1.2"
    assert find_model("kane").origin == ""


def test_an_entry_point_that_registers_nothing_is_named(monkeypatch):
    empty = SimpleNamespace(name="none", value="elsewhere:none", dist=None, load=lambda: None)
    monkeypatch.setattr(models, "installed", lambda: (empty,))
    with pytest.raises(ValueError, match="elsewhere:none"):
        models.models()
