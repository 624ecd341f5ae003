"""The choices a study could have made otherwise, by hand and against the plans themselves."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.analysis.analysis import analyze_ratings
from rds.blueprint.build import build
from rds.blueprint.scale_origin import with_origin
from rds.blueprint.sensitivity import DECIDED, with_range
from rds.blueprint.weights import weights
from rds.ratings.published import PUBLISHED_COLUMNS, Published
from rds.ratings.ratings import Ratings
from rds.scales import Point, Scale, ordinal
from tests.blueprint import examples
from tests.blueprint.test_build import built


def two_domains(a, b):
    return Ratings.from_frames(importance=pd.DataFrame({"T1": a, "T2": b}))


def share_of_a(ratings):
    return weights(ratings, domains={"T1": "A", "T2": "B"}, model="importance_only")["weight"]["A"]


def test_the_same_opinions_weigh_66_7_percent_from_0_and_61_5_from_1():
    # Means 3 and 1.5 on 0–4 are 4 and 2.5 on 1–5: 3/4.5 = 66.7 and 4/6.5 = 61.5 percent.
    from_0 = two_domains([4, 2], [0, 3])
    from_1 = with_origin(from_0, ["importance"], lowest=1)
    assert share_of_a(from_0) == pytest.approx(2 / 3)
    assert share_of_a(from_1) == pytest.approx(8 / 13)
    assert with_origin(from_0, ["importance"], lowest=0) is None


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=8))
def test_moving_the_points_there_and_back_changes_nothing(answers):
    scale = ordinal("importance", {k: str(k) for k in range(1, 6)})
    frame = pd.DataFrame(answers, columns=["T1", "T2"])
    before = Ratings.from_frames(importance=frame, scales=[scale])
    there = with_origin(before, ["importance"], lowest=0)
    back = with_origin(there, ["importance"], lowest=1)
    assert_allclose(there.frame("importance"), frame - 1)
    assert_allclose(back.frame("importance"), frame)
    assert back.scales == before.scales


def test_not_performed_moves_on_a_frequency_scale_and_stays_no_rating_elsewhere():
    labels = {0: "no", 1: "low", 2: "high"}
    scales = [
        ordinal("importance", labels, role="importance", not_performed=0),
        ordinal("frequency", labels, role="frequency", not_performed=0),
    ]
    frame = pd.DataFrame({"T1": [0, 1, 2, None]})
    ratings = Ratings.from_frames(importance=frame, frequency=frame, scales=scales)
    moved = with_origin(ratings, ["importance", "frequency"], lowest=1)
    assert moved.frame("frequency")["T1"].tolist()[:3] == [1, 2, 3]
    from_0 = with_origin(ratings, ["importance"], lowest=0)
    assert_allclose(from_0.frame("importance")["T1"], [np.nan, 0, 1, np.nan])
    assert from_0.state_counts("importance").loc["T1"].tolist() == [2, 1, 0, 1, 0]


def test_points_shared_out_and_scales_of_other_kinds_have_no_origin_to_move():
    points = (Point(1, "no"), Point(2, "yes"))
    scale = Scale("asked", "", "other", points, kind="yes/no")
    ratings = Ratings.from_frames(asked=pd.DataFrame({"T1": [1, 2]}), scales=[scale])
    assert with_origin(ratings, ["asked"], lowest=0) is None


def test_published_means_move_with_their_points():
    scale = ordinal("importance", {1: "low", 2: "mid", 3: "high"})
    rows = [("T1", "importance", "", "", 9, 2.5, None, "2.5")]
    published = Published((scale,), pd.DataFrame(rows, columns=PUBLISHED_COLUMNS))
    moved = with_origin(published, ["importance"], lowest=0)
    assert moved.means(["importance"]).loc["T1", "importance"] == 1.5


def test_the_declared_model_is_marked_as_decided_and_everything_else_as_what_if():
    blueprint = built()
    table = blueprint.sensitivity
    decided = table[table["status"] == DECIDED]
    assert decided["variant"].unique().tolist() == ["kane"]
    assert (decided["items_moved"] == 0).all()
    assert decided["items"].tolist() == blueprint.domain_weights["items"].tolist()
    assert set(table.loc[table["variant"] != "kane", "status"]) == {"what if"}


def test_every_choice_keeps_the_total_and_its_weights_sum_to_one():
    table = built(blueprint={"items": 73}).sensitivity
    by_choice = table.groupby(["dimension", "variant"])
    assert (by_choice["items"].sum() == 73).all()
    assert_allclose(by_choice["weight"].sum(), 1)
    assert {"scale origin", "domain rule", "model", "baseline"} <= set(table["dimension"])


@pytest.mark.parametrize("rule", ["sum", "mean", "blend"])
def test_another_domain_rule_gives_the_plan_that_a_study_with_that_rule_has(rule):
    table = built(weights={"domain_rule": "sum" if rule != "sum" else "mean"}).sensitivity
    rows = table[(table["dimension"] == "domain rule") & (table["variant"] == rule)]
    own = built(weights={"domain_rule": rule}).domain_weights
    assert rows["items"].tolist() == own["items"].tolist()
    assert_allclose(rows["weight"], own["adopted_weight"])


def test_panel_and_fixed_percentages_are_shown_without_and_alone():
    outline = examples.outline(
        D1={"panel_percent": 50}, D2={"panel_percent": 30}, D3={"panel_percent": 20}
    )
    blueprint = built(outline, weights={"panel_share_percent": 40})
    rows = blueprint.sensitivity.query("dimension == 'panel share'").set_index("variant")
    alone = rows.loc["panel's percentages alone", "weight"]
    assert_allclose(alone, [0.5, 0.3, 0.2])
    assert_allclose(rows.loc["ratings alone", "weight"], blueprint.domain_weights["weight"])


def test_all_tasks_kept_and_the_rule_without_decisions_stand_beside_a_decision():
    outline = examples.outline()
    answers, chosen = examples.ratings(outline), examples.settings()
    decisions = {"T01": ("drop", "rare", "panel")}
    analysis = analyze_ratings(answers, outline, chosen, decisions=decisions)
    blueprint = build(outline, answers, chosen, analysis, task_decisions={"T01": "drop"})
    rows = blueprint.sensitivity.query("dimension == 'retention'").set_index("variant")
    plain = built(outline).domain_weights["items"].tolist()
    assert rows.loc["all tasks kept", "items"].tolist() == plain
    assert rows.loc["rule without decisions", "items"].tolist() == plain


def test_a_model_with_a_threshold_has_no_other_origin():
    weights_section = {"model": "opm_filter", "scales": ["importance", "frequency"]}
    table = built(weights={**weights_section, "threshold": 1.0}).sensitivity
    assert "scale origin" not in set(table["dimension"])


def test_each_row_says_whether_other_respondents_alone_could_have_brought_its_items():
    ranges = pd.DataFrame({"items_low": [38], "items_high": [42]}, index=["A"])
    rows = pd.DataFrame({"domain_id": ["A"] * 3, "items": [37, 38, 42]})
    assert with_range(rows, ranges)["within_range"].tolist() == ["no", "yes", "yes"]
    unknown = ranges.assign(items_low=pd.NA)
    assert with_range(rows, unknown)["within_range"].isna().all()
    assert with_range(rows, None)["within_range"].isna().all()


def test_the_largest_of_all_other_movements_is_said_where_the_blueprint_shows_itself():
    blueprint = built()
    assert blueprint.consequences.startswith("Of the other choices that were looked at (")
    assert blueprint.consequences in repr(blueprint)
    nothing = blueprint.sensitivity.assign(items_moved=0)
    assert "would move any item" in replace(blueprint, sensitivity=nothing).consequences
    models_only = nothing[nothing["dimension"] == "model"]
    assert replace(blueprint, sensitivity=models_only).consequences == ""
