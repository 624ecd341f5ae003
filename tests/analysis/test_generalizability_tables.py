"""The tables of variance components and of the curve over respondents."""

import numpy as np
import pandas as pd
import pytest

from rds.analysis.components import variance_components
from rds.analysis.generalizability import CURVE, dstudy, respondents_needed
from rds.analysis.generalizability_tables import (
    DSTUDY_TABLE,
    VARIANCE_COMPONENTS,
    generalizability_tables,
    reliability_sentences,
)
from rds.analysis.intraclass import icc

LABELS = {"scale": "importance", "base": "performers", "group": "all"}
NO_LIMITS = pd.DataFrame(columns=["domain_id", "coefficient", "scale", "base", "group", "ci_low"])


def simulated(seed=1, respondents=40, tasks=12, spread=1.0, missing=0.0):
    random = np.random.default_rng(seed)
    table = random.normal(size=(respondents, 1)) + spread * random.normal(size=tasks)
    table = table + 2 * random.normal(size=(respondents, tasks))
    table[random.random(table.shape) < missing] = np.nan
    return pd.DataFrame(table, columns=[f"T{task:02d}" for task in range(tasks)])


def tables_of(frame, domains=3, target=0.9):
    names = {name: f"D{place % domains}" for place, name in enumerate(frame.columns)}
    return generalizability_tables(frame, domains=names, labels=LABELS, target=target), names


def row_of(table, profile, row):
    found = table[(table["profile"] == profile) & (table["row"] == row)]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_components_are_those_of_both_designs(missing):
    frame = simulated(missing=missing)
    tables, domains = tables_of(frame)
    found = tables.variance_components
    assert tuple(found.columns) == VARIANCE_COMPONENTS
    crossed = variance_components(frame).estimates()
    nested = variance_components(frame, domains=domains).estimates()
    assert found["component"].tolist() == [*crossed, *nested]
    assert found["estimate"].tolist() == [*crossed.values(), *nested.values()]
    assert set(found["estimator"]) == {"reml" if missing else "anova"}
    assert found.groupby("design")["percent"].sum().tolist() == pytest.approx([100, 100])
    assert tables.notes == []


def test_the_curve_is_that_of_dstudy_and_the_target_that_of_respondents_needed():
    frame = simulated()
    tables, domains = tables_of(frame, target=0.85)
    found = tables.dstudy
    assert tuple(found.columns) == DSTUDY_TABLE
    nested = variance_components(frame, domains=domains)
    for profile, ratings in (("tasks", variance_components(frame)), ("domains", nested)):
        curve = found[(found["profile"] == profile) & (found["row"] == "curve")]
        expected = dstudy(ratings, profile=profile)
        pd.testing.assert_frame_equal(
            curve[list(expected.columns)].reset_index(drop=True), expected
        )
        assert tuple(curve["n_respondents"]) == CURVE
        for error in ("relative", "absolute"):
            n = respondents_needed(ratings, coefficient=0.85, error=error, profile=profile)
            assert row_of(found, profile, f"{error} target")["n_respondents"] == n


@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_this_study_has_the_coefficients_of_its_intraclass_correlations(missing):
    frame = simulated(seed=2, missing=missing)
    own = row_of(tables_of(frame)[0].dstudy, "tasks", "this study")
    expected = icc(frame)["value"]
    assert own["relative"] == pytest.approx(expected["ICC3k"])
    assert own["absolute"] == pytest.approx(expected["ICC2k"])
    assert own["n_respondents"] == 40


def test_split_forms_are_planned_gaps_whose_leniency_enters_the_relative_error():
    forms = simulated(seed=3, respondents=60)
    forms.iloc[:30, :4] = np.nan
    forms.iloc[30:, 8:] = np.nan
    own = row_of(tables_of(forms)[0].dstudy, "tasks", "this study")
    parts = variance_components(forms)
    assert own["relative"] == pytest.approx(icc(forms).at["ICC3k", "value"])
    assert own["sem_relative"] ** 2 > parts.residual * (1 / 30 * 8 + 1 / 60 * 4) / 12


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (simulated(respondents=9), "found 9 and 12"),
        (simulated(tasks=9), "found 40 and 9"),
        (simulated() * np.nan, "found 0 and 0"),
        (simulated().iloc[:1], "found 1 and 12"),
        (simulated().iloc[:, :1], "found 40 and 1"),
    ],
)
def test_too_few_respondents_or_statements_leave_the_row_empty_and_say_why(frame, reason):
    tables, _ = tables_of(frame)
    assert tables.variance_components["estimate"].isna().all()
    assert tables.dstudy["row"].tolist() == ["this study"] * 2
    assert tables.dstudy[["relative", "absolute"]].isna().all(axis=None)
    assert [note.table for note in tables.notes] == ["variance_components", "dstudy"]
    assert all(reason in note.reason for note in tables.notes)


def test_one_domain_has_the_crossed_design_only():
    tables, _ = tables_of(simulated(), domains=1)
    assert tables.variance_components["estimate"].notna().tolist() == [True] * 3 + [False]
    assert {note.reason for note in tables.notes} == {
        "All tasks are in one domain; at least 2 domains are needed."
    }


def test_no_variance_is_said_and_never_a_number():
    tables, _ = tables_of(simulated() * 0 + 3)
    assert tables.variance_components["estimate"].eq(0).all()
    assert tables.dstudy[["relative", "absolute"]].isna().all(axis=None)
    assert {note.reason.partition(";")[0] for note in tables.notes} == {
        "Neither the means nor residuals vary",
        "The means differ no more than chance makes them",
    }


def test_a_reliable_profile_is_called_so_in_plain_words():
    tables, _ = tables_of(simulated(spread=3, respondents=80))
    (said,) = reliability_sentences(tables.dstudy, NO_LIMITS, target=0.9)
    assert said.startswith(
        "Ratings of importance by those who perform the task are reliable enough to set "
        "proportions: had 80 others like them answered, tasks would have come out much the same"
    )
    assert "the study asks for .90, which takes about" in said


def test_an_interval_that_reaches_below_the_target_makes_it_likely_only():
    tables, _ = tables_of(simulated(spread=3, respondents=80))
    limits = pd.DataFrame(
        [{**LABELS, "domain_id": "all", "coefficient": "ICC3k (relative G)", "ci_low": 0.874}]
    )
    (said,) = reliability_sentences(tables.dstudy, limits, target=0.9)
    assert said.endswith("With an interval from .87 on, this is likely but not certain.")


def test_a_profile_short_of_the_target_names_the_respondents_needed():
    frame = simulated(seed=4, spread=0.5, respondents=12)
    tables, _ = tables_of(frame, target=0.95)
    (said,) = reliability_sentences(tables.dstudy, NO_LIMITS, target=0.95)
    n = respondents_needed(frame, coefficient=0.95)
    assert "are not reliable enough to set proportions by themselves" in said
    assert f"takes about {n} respondents who rate every task" in said


def test_a_profile_that_chance_explains_says_that_no_number_is_enough():
    table = simulated(seed=5, spread=0.0).to_numpy().copy()
    table -= 0.9 * table.mean(axis=0)
    tables, _ = tables_of(pd.DataFrame(table).add_prefix("T"))
    (said,) = reliability_sentences(tables.dstudy, NO_LIMITS, target=0.9)
    assert "which no number of respondents would reach" in said


def test_a_coefficient_just_short_of_the_target_is_never_rounded_up_to_it():
    row = ("importance", "all", "managers", "tasks", "this study", 20, 0.8996, 0.8, 0.1, 0.2)
    table = pd.DataFrame([row], columns=list(DSTUDY_TABLE))
    (said,) = reliability_sentences(table, NO_LIMITS, target=0.9)
    assert "by everybody who rated, group managers, are not reliable enough" in said
    assert "relative coefficient .89; the study asks for .90" in said
