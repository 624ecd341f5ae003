"""The rule in repeats of a survey against the table `retention` of each repeat."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.analysis.analysis import analyze_ratings
from rds.analysis.retention_repeats import judged_tasks
from tests.blueprint import examples

OUTLINE = examples.outline()
TASKS = [task.task_id for task in OUTLINE.tasks]
RULES = ["three_zone", "point", "bayesian"]


def declared(rule="three_zone", held="keep", **sections):
    section = {"rule": rule, "cut": "2.5", "percent_performing": 80, "review_counts_as": held}
    return examples.settings(retention=section, **sections)


def survey(seed=1, n=40):
    """Return ratings around the cut, with gaps, so that verdicts of all kinds occur."""
    rng = np.random.default_rng(seed)
    level = np.linspace(1.8, 3.2, len(TASKS))
    importance = np.clip(np.round(rng.normal(level, 0.9, (n, len(TASKS)))), 1, 4)
    importance[rng.random(importance.shape) < 0.1] = np.nan
    # One task with too few answers for an interval, and one on which all agree.
    importance[8:, 0] = np.nan
    importance[:, 1] = 3
    frequency = rng.integers(0, 6, (n, len(TASKS)))
    frames = {"importance": importance, "frequency": frequency}
    return examples.Ratings.from_frames(
        **{name: pd.DataFrame(table, columns=TASKS) for name, table in frames.items()},
        not_performed={"frequency": 0},
    )


def drawn(ratings, times):
    """Return ratings in which respondents stand so often as they were drawn."""
    rows = np.repeat(np.arange(len(ratings)), times)
    codes = {name: own[:, rows].copy() for name, own in ratings.codes.items()}
    return replace(ratings, codes=codes, respondents=ratings.respondents.iloc[rows])


def retained(ratings, chosen):
    """Return what the table `retention` keeps."""
    weighted = ratings if ratings.survey_weights is not None else None
    table = analyze_ratings(ratings, OUTLINE, chosen, weighted=weighted).retention
    rows = table[table["rule"] == "declared"].set_index("task_id")
    return (rows.loc[TASKS, "retained"] == "yes").tolist()


def once(ratings):
    return np.ones((1, len(ratings)), dtype=np.intp)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("held", ["keep", "drop"])
def test_the_survey_itself_keeps_what_the_table_keeps(rule, held):
    for seed in range(3):
        ratings, chosen = survey(seed), declared(rule, held)
        judged = judged_tasks(ratings, chosen, TASKS)
        found = judged.kept(once(ratings))[0].tolist()
        assert found == retained(ratings, chosen)
        assert len(set(found)) == 2


@pytest.mark.parametrize("rule", RULES)
def test_every_repeat_keeps_what_the_table_of_that_repeat_keeps(rule):
    ratings, chosen = survey(n=30), declared(rule)
    times = np.random.default_rng(3).multinomial(29, [1 / 30] * 30, size=5)
    found = judged_tasks(ratings, chosen, TASKS).kept(times)
    for row, own in zip(found, times, strict=True):
        assert row.tolist() == retained(drawn(ratings, own), chosen)


def test_survey_weights_reach_the_rule_in_every_repeat():
    weights = np.random.default_rng(5).lognormal(0, 0.8, 30)
    ratings, chosen = survey(n=30).with_survey_weights(weights), declared()
    times = np.random.default_rng(4).multinomial(29, [1 / 30] * 30, size=5)
    found = judged_tasks(ratings, chosen, TASKS).kept(times, times * weights)
    for row, own in zip(found, times, strict=True):
        assert row.tolist() == retained(drawn(ratings, own), chosen)


def test_a_declared_frame_narrows_the_intervals_in_repeats_too():
    plain, narrow = [], []
    for seed in range(6):
        ratings = survey(seed, n=30)
        chosen = declared(held="drop", sampling={"design": "srs", "frame_size": 33})
        found = judged_tasks(ratings, chosen, TASKS).kept(once(ratings))[0].tolist()
        assert found == retained(ratings, chosen)
        narrow.append(sum(found))
        plain.append(sum(retained(ratings, declared(held="drop"))))
    # With nearly everybody asked, fewer tasks are under review, and so more are kept.
    assert sum(narrow) > sum(plain)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_respondents_does_not_matter(seed):
    ratings, chosen = survey(n=30), declared()
    order = np.random.default_rng(seed).permutation(30)
    times = np.random.default_rng(seed).multinomial(29, [1 / 30] * 30, size=3)
    turned = drawn(ratings, np.ones(30, dtype=int))
    codes = {name: own[:, order].copy() for name, own in turned.codes.items()}
    turned = replace(turned, codes=codes, respondents=turned.respondents.iloc[order])
    one = judged_tasks(ratings, chosen, TASKS).kept(times)
    assert (one == judged_tasks(turned, chosen, TASKS).kept(times[:, order])).all()


def test_a_survey_that_does_not_ask_who_performs_has_no_rule_on_it():
    answers = survey().frame("importance").fillna(2)
    ratings = examples.Ratings.from_frames(importance=answers)
    judged = judged_tasks(ratings, declared(), TASKS)
    assert not judged.by_performing
    assert judged.kept(once(ratings))[0].tolist() == retained(ratings, declared())
