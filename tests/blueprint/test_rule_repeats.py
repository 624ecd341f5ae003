"""The retention rule applied anew in every resample, against running the study anew."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from rds.analysis.analysis import analyze_ratings
from rds.blueprint.answers import answers_of, weighted_means
from rds.blueprint.build import build, retained_tasks
from rds.blueprint.declared import declared_weighing
from rds.blueprint.drawn import Form
from rds.blueprint.plan_errors import AS_DECIDED
from rds.blueprint.resample import draws, resample_weighing, times_drawn
from rds.blueprint.rule_repeats import (
    RULE_APPLIED,
    rule_repeats,
    rule_sentence,
    undecided_tasks,
    weigh_lists,
)
from rds.blueprint.weighing import Weighing, weigh
from rds.errors import WithheldError
from rds.ratings.raking import rake
from tests.analysis.test_retention_repeats import OUTLINE, TASKS, drawn, survey
from tests.blueprint import examples

FORM = Form(60, order=("D1", "D2", "D3"))


def chosen(replicates=100, **sections):
    section = {"rule": "three_zone", "cut": "2.5", "percent_performing": 50}
    weights = {"model": "product_of_means", **sections.pop("weights", {})}
    return examples.settings(
        retention={**section, **sections.pop("retention", {})},
        weights=weights,
        resampling={"replicates": replicates},
        blueprint={"items": 60},
        **sections,
    )


def studied(ratings, settings, decisions=None):
    """Return analysis and weighing of a study."""
    decided = {task: (value, "so", "panel") for task, value in (decisions or {}).items()}
    analysis = analyze_ratings(ratings, OUTLINE, settings, decisions=decided)
    kept = retained_tasks(OUTLINE, decisions or {}, analysis)
    return analysis, declared_weighing(OUTLINE, settings, kept)


def repeats(ratings, settings, decisions=None, raking=None):
    analysis, weighing = studied(ratings, settings, decisions)
    undecided = undecided_tasks(analysis.retention)
    return rule_repeats(
        OUTLINE, ratings, settings, undecided, weighing=weighing, form=FORM, raking=raking
    )


@pytest.mark.parametrize("model", ["product_of_means", "product", "kane"])
@pytest.mark.parametrize("rule", ["sum", "mean"])
def test_every_resample_has_the_plan_of_a_study_with_these_answers(model, rule):
    ratings = survey(n=40)
    settings = chosen(weights={"model": model, "domain_rule": rule})
    found = repeats(ratings, settings)
    part = next(iter(draws(40, 100, settings.resampling.seed)))[:8]
    for row, own in zip(found.domain_items[:8], times_drawn(part, 40), strict=True):
        again = drawn(ratings, own)
        _, weighing = studied(again, settings)
        weights = weigh(again, weighing).adopted.reindex(FORM.order, fill_value=0.0)
        # Hamilton by hand: whole parts, then the largest remainders.
        quotas = 60 * weights.to_numpy()
        items = np.floor(quotas).astype(int)
        items[np.argsort(items - quotas, kind="stable")[: 60 - items.sum()]] += 1
        assert row.tolist() == items.tolist()


def test_with_every_task_decided_nothing_is_added():
    ratings, settings = survey(), chosen()
    decisions = dict.fromkeys(TASKS, "keep")
    analysis, _ = studied(ratings, settings, decisions)
    assert undecided_tasks(analysis.retention) == []
    blueprint = build(OUTLINE, ratings, settings, analysis, task_decisions=decisions)
    assert set(blueprint.item_distribution["task_list"]) == {AS_DECIDED}
    assert blueprint.undecided == ""


def test_a_rule_that_always_keeps_gives_the_printed_distribution():
    ratings = survey()
    settings = chosen(retention={"cut": "1", "percent_performing": 1})
    _, weighing = studied(ratings, settings)
    printed = resample_weighing(
        ratings, weighing, items=60, order=FORM.order, replicates=100, seed=settings.resampling.seed
    )
    found = repeats(ratings, settings)
    assert (found.kept == 1).all()
    assert (found.domain_items == printed.domain_items).all()


def test_decided_tasks_stay_as_decided_in_every_resample():
    found = repeats(survey(), chosen(), {"T12": "drop", "T06": "keep"})
    assert {"T12", "T06"}.isdisjoint(found.kept.index)


def test_tasks_that_other_respondents_would_have_turned_are_kept_in_some_resamples():
    found = repeats(survey(), chosen(retention={"review_counts_as": "drop"}))
    assert ((found.kept > 0.05) & (found.kept < 0.95)).any()
    assert (found.domain_items.sum(axis=1) == 60).all()


def test_the_range_is_reported_beside_the_printed_one_and_said_where_it_is_wider():
    ratings, settings = survey(), chosen(200, retention={"review_counts_as": "drop"})
    analysis, _ = studied(ratings, settings)
    blueprint = build(OUTLINE, ratings, settings, analysis)
    shares = blueprint.item_distribution.groupby(["task_list", "domain_id"])["share_of_resamples"]
    assert shares.sum().tolist() == pytest.approx([1] * 6)
    assert set(blueprint.item_distribution["task_list"]) == {AS_DECIDED, RULE_APPLIED}
    assert "applied anew in every repeat to the 12 tasks nobody decided" in blueprint.undecided
    assert blueprint.undecided in repr(blueprint)
    # The printed range is that of the table domain_weights, to the item.
    row = blueprint.domain_weights.set_index("domain_id")
    name = blueprint.undecided.split("decided about, ")[1].split(" ")[0]
    low, high = row.loc[name, "items_low"], row.loc[name, "items_high"]
    assert blueprint.undecided.endswith(f"instead of {low} to {high}.")


def test_a_range_that_is_no_wider_has_nothing_to_say():
    rows = [(kind, "D1", items, 0.5) for kind in (AS_DECIDED, RULE_APPLIED) for items in (3, 5)]
    table = pd.DataFrame(rows, columns=["task_list", "domain_id", "items", "share_of_resamples"])
    assert rule_sentence(table, ["T1"], confidence=0.95) == ""
    wider = table.assign(items=[3, 5, 2, 6])
    assert "to the 1 task nobody decided about, D1 would have 2 to 6 items" in rule_sentence(
        wider, ["T1"], confidence=0.95
    )


def test_raked_answers_are_raked_anew_before_the_rule_is_applied():
    ratings = survey()
    regions = pd.DataFrame({"region": ["n", "s"] * 20}, index=ratings.respondents.index)
    raked = rake(regions, margins={"region": {"n": 0.5, "s": 0.5}})
    plain = repeats(ratings, chosen())
    weighted = repeats(ratings.with_survey_weights(raked.weights), chosen(), raking=raked.plan)
    assert weighted.domain_items.shape == plain.domain_items.shape
    assert_allclose(weighted.kept, plain.kept, atol=0.25)


def test_a_model_that_has_to_be_run_is_withheld_with_the_reason():
    ratings, settings = survey(), chosen(weights={"model": "within_person_shares"})
    with pytest.raises(WithheldError, match="takes too long to run for every list"):
        repeats(ratings, settings)
    analysis, _ = studied(ratings, settings)
    notes = build(OUTLINE, ratings, settings, analysis).notes
    assert any(note.row == RULE_APPLIED and note.kind == "withheld" for note in notes)


def test_resamples_in_which_the_rule_keeps_nothing_give_no_plan():
    ratings = survey()
    settings = chosen(retention={"cut": "4", "rule": "point"})
    _, weighing = studied(ratings, chosen())
    with pytest.raises(WithheldError, match="of 100 resamples gave no plan"):
        rule_repeats(OUTLINE, ratings, settings, TASKS, weighing=weighing, form=FORM)


def test_each_list_is_weighed_as_if_there_were_no_other_tasks():
    ratings = survey()
    weighing = Weighing(OUTLINE.task_domains, "kane", ["importance", "frequency"])
    answers = answers_of(ratings, weighing)
    times = np.ones((3, len(ratings)))
    kept = np.ones((3, len(TASKS)), dtype=bool)
    kept[1, :4] = kept[2, 5] = False
    found = weigh_lists(answers, weighted_means(answers.all_tables, times), kept)
    for row, own in zip(found, kept, strict=True):
        tasks = {task: OUTLINE.task_domains[task] for task in np.array(TASKS)[own]}
        assert_allclose(row[own], weigh(ratings, replace(weighing, domains=tasks)).tasks)
        assert (row[~own] == 0).all()
