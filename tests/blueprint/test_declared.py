"""What a study declares of its weights, from settings and outline to the plan."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from rds.analysis.analysis import analyze_ratings
from rds.blueprint.build import build
from rds.errors import InputError
from rds.ratings.ratings import Ratings
from tests.blueprint.examples import outline, ratings, settings

QUICK = {"replicates": 100}
PANEL = {"D1": 50, "D2": 30, "D3": 20}


def built(study=None, answers=None, decisions=None, **sections):
    study = study or outline()
    answers = answers or ratings(study)
    chosen = settings(**{"resampling": QUICK, **sections})
    analysis = analyze_ratings(answers, study, chosen)
    return build(study, answers, chosen, analysis, task_decisions=decisions)


def by_domain(blueprint, column):
    return blueprint.domain_weights.set_index("domain_id")[column].astype(float)


def test_the_mean_rule_weighs_domains_by_their_mean_combined_rating():
    tasks = built(weights={"domain_rule": "mean"}).task_weights
    means = tasks.groupby("domain_id")["combined"].mean()
    found = built(weights={"domain_rule": "mean"})
    assert_allclose(by_domain(found, "weight"), means / means.sum())
    assert set(found.domain_weights["domain_rule"]) == {"mean"}
    assert_allclose(tasks.groupby("domain_id")["weight"].sum(), by_domain(found, "weight"))


@pytest.mark.parametrize(
    "section",
    [
        {"domain_rule": "mean"},
        {"domain_rule": "blend", "blend_exponent": 0.3},
        {"panel_share_percent": 40},
    ],
)
def test_totals_stay_exact_and_items_follow_the_adopted_weights(section):
    panel = {name: {"panel_percent": p} for name, p in PANEL.items()}
    found = built(outline(**panel), weights=section)
    table = found.domain_weights
    assert table["items"].sum() == 100
    assert_allclose(table["quota"], 100 * table["adopted_weight"])
    assert (abs(table["items"] - table["quota"]) < 1).all()
    assert table[["se", "items_low", "p_within_1"]].notna().all(axis=None)


def test_panel_weight_and_adopted_weight_stand_beside_the_ratings():
    panel = {name: {"panel_percent": p} for name, p in PANEL.items()}
    found = built(outline(**panel), weights={"panel_share_percent": 25})
    weight, adopted = by_domain(found, "weight"), by_domain(found, "adopted_weight")
    assert_allclose(by_domain(found, "panel_weight"), [0.5, 0.3, 0.2])
    assert_allclose(adopted, 0.75 * weight + 0.25 * np.array([0.5, 0.3, 0.2]))
    # Errors beside the ratings' weight are the ratings'; in precision they are the adopted one's.
    errors = found.precision.set_index("id").loc[["D1", "D2", "D3"], "se"]
    assert_allclose(errors, 0.75 * by_domain(found, "se"), rtol=1e-9)


def test_panel_percentages_without_a_share_are_shown_and_change_nothing():
    panel = {name: {"panel_percent": p} for name, p in PANEL.items()}
    found = built(outline(**panel))
    assert_allclose(by_domain(found, "panel_weight"), [0.5, 0.3, 0.2])
    assert_allclose(by_domain(found, "adopted_weight"), by_domain(found, "weight"))
    assert by_domain(built(), "panel_weight").isna().all()


def test_a_fixed_percentage_holds_and_the_rest_is_shared():
    found = built(outline(D2={"fixed_percent": 50}))
    assert by_domain(found, "items")["D2"] == 50
    weight, adopted = by_domain(found, "weight"), by_domain(found, "adopted_weight")
    assert adopted["D1"] / adopted["D3"] == pytest.approx(weight["D1"] / weight["D3"])
    assert found.precision.set_index("id").loc["D2", "se"] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("bounds", "section", "reason"),
    [
        ({"D1": {"fixed_percent": 70}, "D2": {"fixed_percent": 40}}, {}, "make 110 of 100"),
        ({"D1": {"panel_percent": 70}}, {"panel_share_percent": 10}, "no panel percent for D2"),
        ({}, {"domain_rule": "direct"}, "needs the scale"),
        ({}, {"domain_rule": "direct", "domain_scale": "risk"}, "there is no scale “risk”"),
    ],
)
def test_declarations_that_cannot_be_met_are_refused_with_the_reason(bounds, section, reason):
    with pytest.raises(InputError, match=reason):
        built(outline(**bounds), weights=section)


def with_domain_scale(study):
    rng = np.random.default_rng(3)
    base = ratings(study)
    points = rng.dirichlet([5, 3, 2], len(base))
    table = pd.DataFrame(np.round(98 * points), columns=["D1", "D2", "D3"])
    made = Ratings.from_frames(
        importance=base.frame("importance").set_axis(table.index),
        frequency=base.frame("frequency").set_axis(table.index),
        percent=table,
        not_performed={"frequency": 0},
    )
    scale = replace(made.scales[2], kind="allocation of 100", applies_to=("domains",))
    return replace(made, scales=(*made.scales[:2], scale)), table


def test_domains_weigh_what_respondents_gave_them_directly():
    answers, table = with_domain_scale(outline())
    found = built(answers=answers, weights={"domain_rule": "direct", "domain_scale": "percent"})
    fits = table[table.sum(axis=1) >= 95]
    expected = fits.div(fits.sum(axis=1), axis=0).mean()
    assert_allclose(by_domain(found, "weight"), expected)
    assert found.domain_weights[["se", "items_low"]].notna().all(axis=None)
    left_out = [note for note in found.notes if "do not sum to" in note.reason]
    assert bool(left_out) == (len(fits) < len(table))


def test_subdomains_are_planned_and_their_parent_is_not():
    base = outline()
    nested = replace(
        base, domains=(*base.domains[:1], replace(base.domains[1], parent_id="D1"), base.domains[2])
    )
    plain, found = built(), built(nested)
    assert_allclose(by_domain(found, "weight"), by_domain(plain, "weight"))
    mean = built(nested, weights={"domain_rule": "mean"})
    tasks = mean.task_weights.set_index("task_id")["combined"]
    top = tasks.iloc[:9].mean() / (tasks.iloc[:9].mean() + tasks.iloc[9:].mean())
    assert by_domain(mean, "weight")[["D1", "D2"]].sum() == pytest.approx(top)


def without_ratings_of(task):
    answers = ratings(outline())
    return answers.of_statements([t.task_id for t in outline().tasks if t.task_id != task])


def test_a_task_without_ratings_is_weighed_by_the_declared_rule_and_flagged():
    found = built(answers=without_ratings_of("T01"), weights={"unrated_rule": "mean of the domain"})
    tasks = found.task_weights.set_index("task_id")
    assert tasks.loc["T01", "combined"] == pytest.approx(
        tasks.loc[["T02", "T03", "T04", "T05"], "combined"].mean()
    )
    (note,) = (n for n in found.notes if n.row == "T01" and n.column == "combined")
    assert note.reason.endswith("it gets the mean of the domain")
    without = found.sensitivity.query("dimension == 'unrated tasks'")
    assert without["items"].sum() == 100
    assert without["items_moved"].iloc[0] < 0


def test_a_task_reworded_after_the_survey_does_not_count_with_its_ratings():
    section = {"unrated_rule": "lowest of the domain", "unrated_tasks": ["t01"]}
    tasks = built(weights=section).task_weights.set_index("task_id")["combined"]
    assert tasks["T01"] == pytest.approx(tasks[["T02", "T03", "T04", "T05"]].min())


def test_a_model_of_an_installed_package_is_named_with_its_version(monkeypatch):
    from rds.blueprint import models

    own = replace(models.find_model("additive"), name="theirs", origin="elsewhere 1.2")
    monkeypatch.setattr(models, "_MODELS", {**models.models(), "theirs": own})
    found = built(weights={"model": "theirs"})
    assert "the model “theirs” comes from elsewhere 1.2" in {note.reason for note in found.notes}


def test_declared_shares_of_scales_reach_the_model():
    found = built(weights={"scale_percents": "80; 20"})
    table = found.effective_weights.query("model == 'kane'")
    assert_allclose(table["nominal"], [0.8, 0.2])
    assert_allclose(table["effective"], [0.8, 0.2], atol=1e-9)


def test_shares_of_scales_that_do_not_sum_to_100_are_refused():
    with pytest.raises(InputError, match="100 percent together"):
        built(weights={"scale_percents": "80, 30"})


def test_a_threshold_reaches_the_model_and_what_it_takes_out_is_named():
    found = built(weights={"model": "critical_tasks", "threshold": 6})
    tasks = found.task_weights
    zero = tasks.loc[tasks["weight"] == 0, "task_id"].tolist()
    assert 0 < len(zero) < 12
    (note,) = (n for n in found.notes if "below the threshold of 6" in n.reason)
    assert note.reason.endswith(", ".join(zero))


@pytest.mark.parametrize("model", ["within_person_shares", "rasch"])
def test_effective_weights_that_have_no_meaning_are_withheld_with_the_reason(model):
    found = built(
        weights={"model": model, "scales": ["importance"]}, sensitivity={"models": ["additive"]}
    )
    assert found.effective_weights["effective"].isna().all()
    (note,) = (n for n in found.notes if n.table == "effective_weights")
    assert "does not make combined ratings" in note.reason


def test_with_few_tasks_effective_weights_are_withheld_with_the_reason():
    found = built(outline((3, 3)), weights={"model": "additive"})
    (note,) = (n for n in found.notes if n.table == "effective_weights")
    assert note.reason == "they need 10 tasks of positive mean, and there are 6"
