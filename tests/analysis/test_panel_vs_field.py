"""The panel's ratings beside the field's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rds.analysis.comparison import ComparisonPlan
from rds.analysis.panel_vs_field import (
    PANEL_VS_FIELD,
    open_differences,
    panel_against_field,
)
from rds.ratings.ratings import Ratings
from rds.scales import ordinal
from rds.settings import RetentionSection
from tests.oracles import oracle

# t.test of R, by tests/oracles/comparisons.R.
R = oracle("comparisons_R")
IMPORTANCE = ordinal("importance", {k: str(k) for k in range(1, 6)}, role="importance")
FREQUENCY = ordinal("frequency", {k: str(k) for k in range(6)}, role="frequency", not_performed=0)
POINTS = ComparisonPlan(threshold=0.5, unit="points")


def rated(*columns, frequency=None):
    frame = pd.DataFrame(dict(zip(("T1", "T2", "T3"), columns, strict=False)), dtype=float)
    if frequency is None:
        return Ratings.from_frames(importance=frame, scales=[IMPORTANCE])
    often = pd.DataFrame({"T1": frequency}, dtype=float)
    return Ratings.from_frames(importance=frame, frequency=often, scales=[IMPORTANCE, FREQUENCY])


def first(panel, field, plan=POINTS, **options):
    return panel_against_field(panel, field, plan=plan, **options).table.iloc[0]


def test_means_difference_and_interval_are_those_of_r():
    panel, field = (
        Ratings.from_frames(
            importance=pd.DataFrame(R[name], dtype=float).add_prefix("T"), scales=[IMPORTANCE]
        )
        for name in ("a", "b")
    )
    found = panel_against_field(panel, field).table
    assert tuple(found) == PANEL_VS_FIELD
    for own, name in {
        "n_panel": "n_a",
        "n_field": "n_b",
        "panel_mean": "mean_a",
        "field_mean": "mean_b",
    }.items():
        assert found[own].tolist() == pytest.approx([g[name] for g in R["groups"]])
    for name in ("ci_low", "ci_high"):
        assert found[name].tolist() == pytest.approx([g["welch"][name] for g in R["groups"]])
    sds = np.array([g["sd_b"] for g in R["groups"]])
    flagged = (found["difference"].abs() >= sds / 2).map({True: "yes", False: "no"})
    assert found["flagged"].tolist() == flagged.tolist()
    assert set(flagged) == {"yes", "no"}


@pytest.mark.parametrize(
    ("panel", "flagged", "finding"),
    [
        ([3] * 10, "no", ""),
        ([3] * 6 + [4] * 4, "no", ""),
        ([3] * 5 + [4] * 5, "yes", "the panel rates it 0.5 points higher than the field"),
        (
            [4] * 10,
            "yes",
            "the panel rates it 1.0 points higher than the field: a fashionable topic?",
        ),
        ([3] * 4 + [2] * 6, "yes", "the field rates it 0.6 points higher than the panel"),
    ],
)
def test_a_difference_is_flagged_by_its_size_and_said_in_words(panel, flagged, finding):
    found = first(
        rated(panel),
        rated([2, 3, 4] * 10),
        ComparisonPlan(unit="points", retention=RetentionSection(cut="1")),
    )
    assert (found["flagged"], found["finding"]) == (flagged, finding)


def test_a_large_p_hides_no_difference_and_a_small_one_raises_none():
    wide = first(rated([1, 5, 5, 5, 1, 5]), rated([1, 5, 3, 3, 3, 1] * 2))
    assert wide["ci_low"] != wide["ci_low"]  # six SMEs are too few for an interval
    assert wide["flagged"] == "yes"
    sure = first(rated([3, 3, 3, 4] * 50), rated([3] * 399 + [4]))
    assert sure["ci_low"] > 0
    assert sure["flagged"] == "no"


def test_a_verdict_that_differs_is_told_beside_the_size():
    found = first(rated([4] * 8), rated([2, 3] * 10))
    assert found[["verdict_panel", "verdict_field"]].tolist() == ["keep", "drop"]
    assert "by the panel's ratings it stays, by the field's it does not" in found["finding"]
    turned = first(rated([2] * 8), rated([4, 3] * 10))
    assert turned[["verdict_panel", "verdict_field"]].tolist() == ["drop", "keep"]
    assert "by the field's ratings it stays, by the panel's it does not" in turned["finding"]


def test_what_the_panel_holds_important_and_the_field_does_not_perform_is_flagged():
    panel = rated([4] * 8, frequency=[3] * 8)
    field = rated([4] * 30, frequency=[0] * 24 + [4] * 6)
    found = first(panel, field)
    assert found["percent_performing"] == pytest.approx(20)
    assert found["difference"] == 0
    assert found["flagged"] == "yes"
    assert found["finding"] == "the panel holds it important, and 20 % of the field perform it"


def test_it_is_flagged_also_where_so_few_perform_it_that_the_field_has_no_mean():
    found = first(rated([4] * 8, frequency=[3] * 8), rated([4] * 30, frequency=[0] * 28 + [4] * 2))
    assert np.isnan(found["field_mean"])
    assert found["flagged"] == "yes"
    assert "7 % of the field perform it" in found["finding"]


@pytest.mark.parametrize(
    ("panel", "field", "finding"),
    [
        ([np.nan] * 8, [3] * 30, "the panel did not rate it"),
        ([4] * 8, [np.nan] * 30, "the field did not rate it"),
        ([4] * 4 + [np.nan] * 4, [3] * 30, "4 ratings of the panel; at least 5 are needed"),
        ([4] * 8, [3] * 4 + [np.nan] * 30, "4 ratings of the field; at least 5 are needed"),
    ],
)
def test_what_one_side_did_not_rate_is_not_assessed(panel, field, finding):
    found = first(rated(panel), rated(field))
    assert (found["flagged"], found["finding"]) == ("not assessed", finding)
    assert found[["difference", "rank_difference"]].isna().all()
    assert found["resolution"] == ""


def test_statements_that_only_one_side_was_asked_about_stand_in_the_table():
    panel, field = rated([4] * 8, [4] * 8), rated([4] * 30)
    only = Ratings.from_frames(importance=pd.DataFrame({"T3": [3.0] * 30}), scales=[IMPORTANCE])
    table = panel_against_field(panel, only).table.set_index("statement_id")
    assert table["finding"].to_dict() == {
        "T3": "the panel did not rate it",
        "T1": "the field did not rate it",
        "T2": "the field did not rate it",
    }
    both = panel_against_field(panel, field).table.set_index("statement_id")
    assert both.loc["T2", "flagged"] == "not assessed"


def test_without_an_sd_of_the_field_a_threshold_in_sds_cannot_be_applied():
    few = first(rated([4] * 8), rated([2, 3] * 4), ComparisonPlan())
    assert (few["flagged"], few["finding"]) == (
        "not assessed",
        "the SD of the field's ratings is not known",
    )
    assert first(rated([4] * 8), rated([2, 3] * 5), ComparisonPlan())["flagged"] == "yes"
    alike = first(rated([4] * 8), rated([3] * 30), ComparisonPlan())
    assert alike["flagged"] == "yes"


def test_reconstructed_answers_have_no_sd_and_no_interval():
    field = rated([2, 3] * 10)
    field.respondents["nature"] = "reconstructed"
    assert first(rated([4] * 12), field, ComparisonPlan())["flagged"] == "not assessed"
    found = first(rated([4, 3] * 6), field)
    assert found["flagged"] == "yes"
    assert np.isnan(found["ci_low"])


def test_rank_differences_are_places_that_the_panel_ranks_higher():
    table = panel_against_field(
        rated([5] * 8, [3] * 8, [1] * 8), rated([1] * 30, [3] * 30, [5] * 30)
    ).table
    assert table["rank_difference"].tolist() == [2, 0, -2]
    tied = panel_against_field(rated([5] * 8, [5] * 8), rated([1] * 30, [3] * 30)).table
    assert tied["panel_rank"].tolist() == ["1–2", "1–2"]
    assert tied["field_rank"].tolist() == ["2", "1"]
    assert tied["rank_difference"].tolist() == [1, 0]


def test_a_flagged_difference_stays_open_until_something_is_decided():
    panel, field = rated([5] * 8, [3] * 8), rated([2, 3] * 15, [3, 4, 2] * 10)
    decided = {"T2": ("drop", "rare", "board")}
    table = panel_against_field(panel, field, decisions=decided).table
    assert table["resolution"].tolist() == ["open", ""]
    assert list(open_differences(table)) == ["T1"]
    assert open_differences(table)["T1"].startswith("importance: the panel rates it 2.5 points")
    resolved = panel_against_field(panel, field, decisions={"T1": ("keep", "new", "board")}).table
    assert resolved["resolution"].tolist() == ["keep: new (board)", ""]
    assert open_differences(resolved) == {}


def test_panel_and_field_need_a_scale_in_common():
    other = Ratings.from_frames(risk=pd.DataFrame({"T1": [1, 2]}))
    with pytest.raises(ValueError, match="wanted the same"):
        panel_against_field(other, rated([3] * 8))


def test_the_note_names_the_columns_as_they_stand_in_the_table():
    found = panel_against_field(rated([4] * 3), rated([3] * 30))
    assert found.notes[1].column == "difference, ci_low, ci_high"
    assert found.notes[0].column == "panel_mean"
