"""Whether ratings support the proportions, in words and items."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from rds.analysis.analysis import analyze_ratings
from rds.blueprint.build import build
from rds.blueprint.precision import (
    PRECISION,
    Tolerance,
    movement_sentence,
    support_sentence,
)
from tests.blueprint.examples import outline, ratings, settings

ONE = Tolerance(1, 95)


def built(respondents=60, study=None, **sections):
    study = study or outline()
    answers = ratings(study, respondents=respondents)
    chosen = settings(resampling={"replicates": 300}, **sections)
    return build(study, answers, chosen, analyze_ratings(answers, study, chosen))


def test_every_domain_kept_task_and_cell_has_a_row():
    table = built().precision
    assert tuple(table) == PRECISION
    assert table["unit"].value_counts().to_dict() == {"domain": 3, "task": 12, "cell": 9}
    for unit in ("domain", "task", "cell"):
        assert table.loc[table["unit"] == unit, "weight"].sum() == pytest.approx(1)


def test_errors_are_those_of_the_tables_of_weights():
    blueprint = built()
    rows = blueprint.precision.set_index("id")
    domains = blueprint.domain_weights.set_index("domain_id")
    assert_allclose(rows.loc[["D1", "D2", "D3"], "se"], domains["se"])
    assert_allclose(rows.loc[["D1", "D2", "D3"], "p_within_1"], domains["p_within_1"])
    assert_allclose(rows["cv"].dropna(), (rows["se"] / rows["weight"]).dropna())
    half = 100 * (domains["ci_high"] - domains["ci_low"]) / 2
    assert_allclose(rows.loc[["D1", "D2", "D3"], "items_margin"], half, rtol=1e-9)


def test_cells_with_prescribed_levels_have_their_share_of_the_domains_error():
    rows = built().precision.set_index("id")
    spread = rows.loc[["D1, recall", "D1, application", "D1, analysis"], "se"]
    assert_allclose(spread, rows.loc["D1", "se"] * np.array([0.3, 0.5, 0.2]))


def test_cells_of_a_bounded_domain_are_judged_by_the_items_it_gets():
    table = built(study=outline(D1={"maximum_items": 20})).precision.set_index("id")
    cell = table.loc["D1, application"]
    assert cell["verdict"] == "supported"
    assert "planned 10" in cell["reason"]


def test_levels_that_come_from_tasks_have_their_tasks_error():
    blueprint = built(blueprint={"cognitive_source": "tasks"})
    rows = blueprint.precision.set_index("id")
    # T01 to T05 lie in D1; T03 is the only task at the third level.
    assert rows.loc["D1, analysis", "weight"] == pytest.approx(rows.loc["T03", "weight"])
    assert rows.loc["D1, analysis", "se"] == pytest.approx(rows.loc["T03", "se"])


def test_a_wider_tolerance_supports_what_a_narrow_one_does_not():
    narrow = built(sensitivity={"tolerance_items": 0})
    wide = built(sensitivity={"tolerance_items": 30})
    assert "do not support these proportions to within 0 items" in narrow.support
    assert wide.support.startswith("The ratings support these proportions to within 30 items")
    assert set(wide.precision["verdict"]) == {"supported"}


def test_more_respondents_support_what_few_do_not():
    few, many = built(40), built(4000)
    assert "do not support" in few.support
    assert many.support.startswith("The ratings support")


def test_the_verdict_follows_from_the_range_of_items():
    blueprint = built()
    domains = blueprint.domain_weights.set_index("domain_id")
    within = (domains["items_low"] >= domains["items"] - 1) & (
        domains["items_high"] <= domains["items"] + 1
    )
    found = blueprint.precision.set_index("id").loc[domains.index, "verdict"] == "supported"
    assert found.tolist() == within.tolist()


def test_the_verdict_is_said_where_the_blueprint_shows_itself():
    blueprint = built()
    assert blueprint.support in repr(blueprint)
    assert blueprint.movement in repr(blueprint)


def test_too_few_respondents_leave_the_verdict_open_and_say_why():
    blueprint = built(12)
    assert set(blueprint.precision["verdict"]) == {"unknown"}
    assert blueprint.precision["se"].isna().all()
    assert blueprint.support == (
        "Whether the ratings support these proportions is not known: an interval needs 15 "
        "respondents with usable ratings, and there are 12."
    )


def domains(low, high, items=40):
    return pd.DataFrame(
        {"domain_id": ["A"], "items": [items], "items_low": [low], "items_high": [high]}
    )


def moved_to(items):
    rows = [("model", "product", "what if", "A", 0.5, items, items - 40)]
    columns = ["dimension", "variant", "status", "domain_id", "weight", "items", "items_moved"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("items", "low", "high", "words"),
    [
        (40, 38, 42, "would give the same items"),
        (41, 40, 40, "within the tolerance of 1 item"),
        (42, 37, 43, "no more than sampling error"),
        (45, 38, 42, "matters more than who answered"),
        (45, np.nan, np.nan, "is not known"),
    ],
)
def test_movement_is_set_against_sampling_error(items, low, high, words):
    assert words in movement_sentence(moved_to(items), domains(low, high), ONE)


def test_without_other_models_nothing_is_said_of_them():
    assert movement_sentence(moved_to(42).iloc[:0], domains(1, 2), ONE) == ""


def test_the_domains_that_fail_are_named_with_their_range():
    table = pd.DataFrame(
        {
            "unit": "domain",
            "id": ["A", "B"],
            "verdict": ["supported", "not supported"],
            "reason": ["", "in 95 of 100 repeats 24 to 30 items, planned 27"],
        }
    )
    assert support_sentence(table, ONE).endswith(
        "in 1 of 2 domains: B in 95 of 100 repeats 24 to 30 items, planned 27."
    )
