"""Domain rules against worked examples, and the laws they keep."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.blueprint.domain_rules import DomainRule, share_tasks
from tests.oracles import oracle

SPLITTING = oracle("weights")["splitting"]
RATINGS = np.array([[*SPLITTING["A"], *SPLITTING["B"]]], dtype=float)
DOMAINS = list("AAAABB")


def weights(rule, *, ratings=RATINGS, domains=DOMAINS, direct=None):
    """Return adopted weights by domain, in the order of first appearance, for the first row."""
    said = {name: np.array([value], dtype=float) for name, value in (direct or {}).items()}
    shares = share_tasks(ratings[:1], domains=domains, rule=rule, direct=said).adopted[0]
    return [shares[np.array(domains) == name].sum() for name in dict.fromkeys(domains)]


def test_sum_and_mean_agree_with_the_worked_example():
    assert_allclose(weights(DomainRule("sum")), SPLITTING["sum_rule"], atol=5e-9)
    assert_allclose(weights(DomainRule("mean")), SPLITTING["mean_rule"], atol=5e-9)


def test_splitting_a_task_moves_the_sum_and_not_the_mean():
    split, domains = np.insert(RATINGS, 0, 10.0, axis=1), ["A", *DOMAINS]
    assert_allclose(
        weights(DomainRule("sum"), ratings=split, domains=domains),
        SPLITTING["split_one_A"],
        atol=5e-9,
    )
    assert_allclose(
        weights(DomainRule("mean"), ratings=split, domains=domains), weights(DomainRule("mean"))
    )


def test_a_blend_lies_between_mean_and_sum_and_reaches_both():
    assert_allclose(weights(DomainRule("blend", blend_exponent=0)), weights(DomainRule("mean")))
    assert_allclose(weights(DomainRule("blend", blend_exponent=1)), weights(DomainRule("sum")))
    # √4 · 10 : √2 · 12
    assert_allclose(weights(DomainRule("blend"))[0], 20 / (20 + 12 * np.sqrt(2)))


def test_direct_ratings_set_domains_and_tasks_share_within():
    shares = share_tasks(
        RATINGS,
        domains=DOMAINS,
        rule=DomainRule("direct"),
        direct={"A": np.array([30.0]), "B": np.array([70.0])},
    )
    assert_allclose(shares.adopted[0], [0.075] * 4 + [0.35] * 2)


def test_the_panel_gets_its_share_and_no_more():
    rule = DomainRule(panel={"A": 0.3, "B": 0.7}, panel_share=0.4)
    shares = share_tasks(RATINGS, domains=DOMAINS, rule=rule)
    assert_allclose(shares.by_ratings[0, :4].sum(), 0.625)
    assert_allclose(shares.by_panel[0, :4].sum(), 0.3)
    assert_allclose(shares.adopted[0, :4].sum(), 0.6 * 0.625 + 0.4 * 0.3)


def test_panel_percentages_are_shown_even_if_they_have_no_share():
    shares = share_tasks(RATINGS, domains=DOMAINS, rule=DomainRule(panel={"A": 0.3, "B": 0.7}))
    assert_allclose(shares.by_panel[0, 4:].sum(), 0.7)
    assert_allclose(shares.adopted, shares.by_ratings)
    incomplete = share_tasks(RATINGS, domains=DOMAINS, rule=DomainRule(panel={"A": 0.3}))
    assert incomplete.by_panel is None


def test_fixed_percentages_hold_and_the_others_share_the_rest():
    ratings, domains = np.array([[1.0, 1, 2, 4]]), list("ABCC")
    found = weights(DomainRule(fixed={"A": 0.5}), ratings=ratings, domains=domains)
    assert_allclose(found, [0.5, 0.5 / 7, 3 / 7])


def test_percentages_that_miss_100_by_less_than_one_are_scaled():
    found = weights(DomainRule(fixed={"A": 0.335, "B": 0.67}))
    assert_allclose(found, [1 / 3, 2 / 3])


PARENTS = {"A1": "A", "A2": "A"}
NESTED = ["A1", "A1", "A2", "A", "B", "B"]


def test_subdomains_share_what_their_parent_gets():
    ratings = np.array([[10.0, 10, 12, 8, 5, 5]])
    found = weights(DomainRule("mean", parents=PARENTS), ratings=ratings, domains=NESTED)
    # A: mean 10 of four tasks, B: 5. Within A: means 10, 12 and 8.
    assert_allclose(found, [2 / 3 * 10 / 30, 2 / 3 * 12 / 30, 2 / 3 * 8 / 30, 1 / 3])
    flat = weights(DomainRule("sum"), ratings=ratings, domains=NESTED)
    nested = weights(DomainRule("sum", parents=PARENTS), ratings=ratings, domains=NESTED)
    assert_allclose(nested, flat)


def test_percentages_may_stand_at_parent_and_part():
    rule = DomainRule(parents=PARENTS, fixed={"A": 0.6, "A1": 0.5})
    found = weights(rule, ratings=np.array([[1.0, 1, 1, 1, 1, 1]]), domains=NESTED)
    assert_allclose(found, [0.5, 0.05, 0.05, 0.4])


def test_a_parent_has_the_percentages_of_its_parts_when_all_have_one():
    domains, parents = ["A1", "A2", "B"], PARENTS
    rule = DomainRule(panel={"A1": 0.1, "A2": 0.2, "B": 0.7}, panel_share=1, parents=parents)
    found = weights(rule, ratings=np.ones((1, 3)), domains=domains)
    assert_allclose(found, [0.1, 0.2, 0.7])


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (DomainRule(fixed={"A": 0.5, "B": 0.6}), "make 110 of 100"),
        (DomainRule(fixed={"A": 0.5, "B": 0.4}), "make 90 of 100"),
        (DomainRule(fixed={"C": 0.5}), "C, where no task is kept"),
        (DomainRule(panel={"A": 0.5}, panel_share=0.2), "no panel percent for B"),
        (DomainRule(panel={"A": 0.2, "B": 0.3}, panel_share=0.2), "make 50 of 100"),
        (DomainRule("direct"), "not asked about A, B"),
    ],
)
def test_percentages_that_cannot_be_are_refused(rule, reason):
    with pytest.raises(ValueError, match=reason):
        weights(rule)


def test_parts_that_exceed_their_parent_are_refused():
    rule = DomainRule(parents=PARENTS, fixed={"A": 0.3, "A2": 0.4})
    with pytest.raises(ValueError, match="40 of A’s 30"):
        weights(rule, domains=NESTED)


def test_direct_ratings_of_some_domains_only_are_refused():
    with pytest.raises(ValueError, match="not asked about B"):
        weights(DomainRule("direct"), direct={"A": 3})


def test_tasks_without_any_combined_rating_share_a_fixed_domain_equally():
    found = share_tasks(
        np.array([[0.0, 0.0, 3.0]]), domains=list("AAB"), rule=DomainRule(fixed={"A": 0.4})
    )
    assert_allclose(found.adopted, [[0.2, 0.2, 0.6]])


rules = st.one_of(
    st.builds(DomainRule, st.sampled_from(["sum", "mean", "blend"])),
    st.builds(
        lambda share, a: DomainRule(panel={"A": a, "B": 1 - a}, panel_share=share),
        st.floats(0.05, 1),
        st.floats(0, 1),
    ),
    st.builds(lambda a: DomainRule("mean", fixed={"A": a}), st.floats(0, 1)),
)
combined = st.lists(st.floats(0, 100), min_size=6, max_size=6)


@given(rules, combined)
def test_weights_sum_to_one_and_none_is_negative(rule, values):
    assume(sum(values[:4]) > 1e-6 and sum(values[4:]) > 1e-6)
    found = share_tasks(np.array([values]), domains=DOMAINS, rule=rule).adopted
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()


@given(rules, combined, st.floats(0.01, 100))
def test_the_unit_of_combined_ratings_changes_nothing(rule, values, factor):
    assume(sum(values[:4]) > 1e-6 and sum(values[4:]) > 1e-6)
    rows = np.array([values, np.multiply(factor, values)])
    first, second = share_tasks(rows, domains=DOMAINS, rule=rule).adopted
    assert_allclose(first, second, rtol=1e-9, atol=1e-12)


@given(rules, combined, st.permutations(range(6)))
def test_the_order_of_tasks_changes_nothing(rule, values, order):
    assume(sum(values[:4]) > 1e-6 and sum(values[4:]) > 1e-6)
    row = np.array([values])
    first = share_tasks(row, domains=DOMAINS, rule=rule).adopted[0]
    turned = [DOMAINS[place] for place in order]
    second = share_tasks(row[:, list(order)], domains=turned, rule=rule).adopted[0]
    assert_allclose(first[list(order)], second, rtol=1e-9, atol=1e-12)
