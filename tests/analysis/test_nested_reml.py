"""The restricted likelihood with tasks nested in domains, against the likelihood in full."""

import numpy as np
import pytest

from rds.analysis import nested_reml as module
from rds.analysis.nested_reml import nested_reml
from rds.errors import WithheldError
from tests.analysis.test_nested import simulated


def deviance_in_full(variances, table, domains):
    """Minus twice the restricted log-likelihood, from the covariance matrix of all ratings."""
    rows, columns = np.nonzero(~np.isnan(table))
    ratings, ones = table[rows, columns], np.ones(len(rows))
    person, task = rows[:, None] == rows, columns[:, None] == columns
    domain = domains[columns][:, None] == domains[columns]
    effects = (person, domain, task, person & domain, np.eye(len(rows)))
    covariance = sum(v * effect for v, effect in zip(variances, effects, strict=True))
    inverse = np.linalg.inv(covariance)
    information = ones @ inverse @ ones
    rest = ratings - ones @ inverse @ ratings / information
    return np.linalg.slogdet(covariance)[1] + np.log(information) + rest @ inverse @ rest


@pytest.mark.parametrize("seed", range(6))
def test_no_neighbour_is_more_likely_by_the_likelihood_written_out_in_full(seed):
    table, domains = simulated(seed, sizes=(2, 3, 2), respondents=8, gaps=0.2)
    found = nested_reml(table, domains)
    best = deviance_in_full(found, table, domains)
    random = np.random.default_rng(seed)
    for size in (0.001, 0.03, 0.3):
        for step in random.normal(scale=size, size=(40, 5)):
            neighbour = np.maximum(found * np.exp(step) + (found == 0) * np.abs(step), 0)
            assert deviance_in_full(neighbour, table, domains) > best - 1e-7


def test_a_search_that_does_not_end_is_withheld(monkeypatch):
    monkeypatch.setattr(module, "_ITERATIONS", 1)
    table, domains = simulated(1, gaps=0.2)
    with pytest.raises(WithheldError, match="no answer in 1 steps"):
        nested_reml(table, domains)


def test_many_respondents_with_gaps_are_fitted_in_seconds_to_the_components_they_came_from():
    random = np.random.default_rng(1)
    domains = np.repeat(np.arange(6), 5)
    true = np.array([0.5, 0.3, 0.2, 0.4, 0.8])
    table = (
        true[0] ** 0.5 * random.normal(size=(4000, 1))
        + true[1] ** 0.5 * random.normal(size=6) @ np.eye(6)[domains].T
    )
    table = table + true[2] ** 0.5 * random.normal(size=30)
    table = table + true[3] ** 0.5 * random.normal(size=(4000, 6))[:, domains]
    table = table + true[4] ** 0.5 * random.normal(size=table.shape)
    table[random.random(table.shape) < 0.05] = np.nan
    found = nested_reml(table, domains)
    # Thousands of respondents pin down what varies over them; six domains do not.
    assert found[[0, 3, 4]] == pytest.approx(true[[0, 3, 4]], rel=0.06)
