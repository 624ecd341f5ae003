"""Variance components with tasks nested in domains."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rds.analysis.components import difference_error, variance_components
from rds.analysis.nested import domain_errors
from rds.errors import WithheldError
from tests.oracles import oracle

BRENNAN = oracle("brennan")
# lme4, by tests/oracles/generalizability.R.
LME4 = oracle("generalizability_R")["nested"]
NAMES = ("respondent", "domain", "task", "respondent_domain", "residual")


def parts(table, domains, **options):
    found = variance_components(table, domains=[f"D{name}" for name in domains], **options)
    return np.array([getattr(found, name) for name in NAMES])


def simulated(seed, sizes=(2, 3, 4), respondents=12, gaps=0.0):
    random = np.random.default_rng(seed)
    domains = np.repeat(np.arange(len(sizes)), sizes)
    table = random.normal(size=(respondents, 1)) + random.normal(size=len(sizes))[domains]
    table = table + random.normal(size=len(domains))
    table = table + random.normal(size=(respondents, len(sizes)))[:, domains]
    table = table + random.normal(size=table.shape)
    table[random.random(table.shape) < gaps] = np.nan
    return table, domains


@pytest.mark.parametrize("estimator", ["anova", "reml"])
def test_brennan_synthetic_data_set_4_has_its_published_components(estimator):
    published = BRENNAN["synthetic_4"]
    found = parts(published["data"], published["domains"], estimator=estimator)
    expected = [published[name] for name in ("p", "t", "r:t", "pt", "pr:t")]
    assert found == pytest.approx(expected, abs=1e-4)


def test_brennan_unbalanced_example_has_its_published_components():
    published = BRENNAN["unbalanced"]
    found = parts(published["data"], published["domains"])
    expected = [published[name] for name in ("p", "h", "i:h", "ph", "pi:h")]
    # .9913 is printed where exact arithmetic gives .99143.
    assert found == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("name", LME4)
def test_reml_agrees_with_lme4_with_gaps_and_split_forms(name):
    case = LME4[name]
    found = parts(np.array(case["ratings"], dtype=float), case["domain"], estimator="reml")
    # lme4 stops near the optimum, not at it: compare at 1e-3.
    np.testing.assert_allclose(found, [case["reml"][part] for part in NAMES], rtol=1e-3, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), sizes=st.sampled_from([(2, 2), (3, 3, 3), (4, 4)]))
def test_reml_equals_anova_where_domains_are_of_one_size_and_no_component_is_negative(seed, sizes):
    table, domains = simulated(seed, sizes)
    exact = parts(table, domains, estimator="anova")
    assume((exact > 0.01).all())
    np.testing.assert_allclose(parts(table, domains, estimator="reml"), exact, rtol=2e-4)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), factor=st.sampled_from([-3.0, 0.5]))
def test_order_and_constants_change_nothing_and_factors_count_squared(seed, factor):
    table, domains = simulated(seed, gaps=0.15)
    random = np.random.default_rng(seed)
    columns = random.permutation(table.shape[1])
    changed = factor * random.permutation(table)[:, columns] + 7
    np.testing.assert_allclose(
        parts(changed, domains[columns]),
        factor**2 * parts(table, domains),
        rtol=1e-3,
        atol=1e-4 * factor**2,
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), gaps=st.sampled_from([0.1, 0.3]))
def test_no_component_of_a_table_with_gaps_is_negative(seed, gaps):
    table, domains = simulated(seed, gaps=gaps)
    assert (parts(table, domains) >= 0).all()


def test_domains_are_given_by_name_or_in_order_and_empty_tasks_are_left_out():
    table, domains = simulated(3)
    frame = pd.DataFrame(table).add_prefix("T").assign(T9=np.nan)
    by_name = {f"T{place}": f"D{domain}" for place, domain in enumerate([*domains, 7])}
    found = variance_components(frame, domains=by_name)
    assert found.n_domains == 3
    assert found.n_tasks_left_out == 1
    assert found.tasks_per_domain == pytest.approx(3 / (1 / 2 + 1 / 3 + 1 / 4))
    assert [getattr(found, name) for name in NAMES] == pytest.approx(parts(table, domains))


def test_components_show_their_shares_of_the_variance():
    shown = variance_components([[1, 2, 3], [3, 2, 1], [1, 2, 3], [3, 2, 1]]).as_frame()
    assert shown["component"].tolist() == ["respondent", "statement", "residual"]
    assert shown["percent"].tolist() == pytest.approx([0, 0, 100])
    assert (shown["estimate"][:2] < 0).all()


def test_constant_ratings_have_no_variance_and_no_shares():
    table = np.full((12, 6), 4.0)
    table[0, 0] = np.nan
    found = variance_components(table, domains=list("aabbcc"))
    assert set(found.estimates().values()) == {0}
    assert found.as_frame()["percent"].isna().all()


def test_perfect_agreement_with_gaps_has_no_components_and_complete_has():
    exact = np.tile(np.arange(9.0), (8, 1))
    domains = list("aaabbbccc")
    assert variance_components(exact, domains=domains).residual == 0
    exact[0, 0] = np.nan
    with pytest.raises(WithheldError, match="leave no residual"):
        variance_components(exact, domains=domains)


@pytest.mark.parametrize(
    ("table", "domains", "reason"),
    [
        (np.eye(4), "aaaa", "one domain"),
        (np.eye(4), "abcd", "no domain has two tasks"),
        ([[1, 2, np.nan, 3], [2, np.nan, 3, 1], [np.nan, 1, 2, np.nan]], "aabb", "too few tasks"),
        (
            [[1, 2, np.nan, np.nan], [2, 4, np.nan, np.nan], [np.nan, np.nan, 2, 1],
             [np.nan, np.nan, 2, 4]],
            "aabb",
            "too few domains",
        ),
    ],
)  # fmt: skip
def test_effects_that_cannot_be_told_apart_are_withheld(table, domains, reason):
    with pytest.raises(WithheldError, match=reason):
        variance_components(table, domains=list(domains))


@pytest.mark.parametrize(
    ("domains", "reason"),
    [
        (["a"], "found 1 domains for 4 columns"),
        ({"T1": "a"}, "columns without names"),
    ],
)
def test_domains_that_do_not_fit_the_columns_are_refused(domains, reason):
    with pytest.raises(ValueError, match=reason):
        variance_components(np.eye(4), domains=domains)
    with pytest.raises(ValueError, match="found no domain for T2"):
        variance_components(pd.DataFrame(np.eye(2), columns=["T1", "T2"]), domains={"T1": "a"})


def test_the_error_of_domain_means_follows_its_definition_rating_by_rating():
    table, domains = simulated(5, gaps=0.25)
    answered = ~np.isnan(table)
    members = np.eye(3)[domains]
    # Each mean as a sum over ratings; the covariance of all ratings from the model.
    rows, columns = np.nonzero(answered)
    weights = members[columns] / members.sum(axis=0) / answered.sum(axis=0)[columns, None]
    same = rows[:, None] == rows
    sigma = (
        0.7 * same
        + 0.4 * (same & (domains[columns][:, None] == domains[columns]))
        + 1.3 * np.eye(len(rows))
    )
    error = weights.T @ sigma @ weights
    pairs = [(error[d, d] + error[e, e] - 2 * error[d, e]) / 2 for d in range(3) for e in range(d)]
    relative, absolute = domain_errors(table, domains, np.array([0.7, 9, 9, 0.4, 1.3]))
    assert relative == pytest.approx(np.mean(pairs))
    assert absolute == pytest.approx(np.trace(error) / 3)


def test_the_error_of_task_differences_is_the_same_formula_with_a_domain_for_each_task():
    table, _ = simulated(6, gaps=0.25)
    each = np.arange(table.shape[1])
    relative, _ = domain_errors(table, each, np.array([0.7, 0, 0, 0, 1.3]))
    assert relative == pytest.approx(float(difference_error(table, 0.7, 1.3)))
