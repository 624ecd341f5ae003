"""The parts of an exam, and how weights spread over levels and parts."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from rds.blueprint.items import level_shares
from rds.blueprint.parts import exam_parts, spread_over_parts
from rds.outline.outline import Part, Task, has_own_units
from tests.oracles import oracle

LEVELS = {"recall": 30.0, "use": 50.0, "judge": 20.0}
PARTS = (
    Part("written", 65),
    Part("oral", 20, cognitive_levels=("use", "judge")),
    Part("practical", 15, cognitive_levels=("use", "judge")),
)
TASKS = (
    Task("T1", "D1", "x", parts=("written",)),
    Task("T2", "D1", "x", parts=("written", "oral")),
    Task("T3", "D2", "x"),
    Task("T4", "D2", "x", parts=("written", "oral")),
    Task("T5", "D3", "x"),
)
TWO = (Part("a", 60), Part("b", 40))
WEIGHTS = pd.Series([0.30, 0.22, 0.18, 0.16, 0.14], index=[task.task_id for task in TASKS])


def spread(tasks=TASKS, parts=PARTS, weights=WEIGHTS, empty=(), source="prescribed"):
    by_level = level_shares(tasks, weights, LEVELS, source=source)
    return spread_over_parts(
        tasks,
        weights,
        by_level,
        parts=parts,
        sizes=exam_parts(parts, items=100),
        prescribed=LEVELS if source == "prescribed" else None,
        empty=empty,
    )


def test_weights_spread_as_loglinear_fitting_with_structural_zeros_does():
    fit = np.array(oracle("parts")["fit"]).reshape(5, 3, 3)
    shares, conflict = spread()
    assert conflict == ""
    for name, own in (("D1", fit[:2]), ("D2", fit[2:4]), ("D3", fit[4:])):
        expected = own.sum(axis=0)
        assert_allclose(shares[name], (expected / expected.sum()).ravel(), atol=1e-9)


def test_an_exam_in_one_part_has_the_shares_of_the_levels():
    shares, conflict = spread(parts=())
    assert conflict == ""
    for own in shares.values():
        assert own.to_dict() == {("recall", ""): 0.3, ("use", ""): 0.5, ("judge", ""): 0.2}


def anywhere(levels=("",) * 5):
    pairs = zip(TASKS, levels, strict=True)
    return [Task(task.task_id, task.domain_id, "x", cognitive_level=own) for task, own in pairs]


def test_parts_that_may_examine_everything_have_the_same_split():
    shares, _ = spread(anywhere(), TWO)
    for own in shares.values():
        assert_allclose(own, np.outer([0.3, 0.5, 0.2], [0.6, 0.4]).ravel())


def test_the_order_of_the_tasks_changes_nothing():
    shares, _ = spread()
    turned, _ = spread(TASKS[::-1])
    for name, own in shares.items():
        assert_allclose(turned[name], own, atol=1e-12)


def test_levels_that_come_from_tasks_stay_with_their_tasks():
    tasks = anywhere(["recall", "use", "judge", "use", "use"])
    shares, _ = spread(tasks, TWO, source="tasks")
    assert shares["D1"].groupby(level=0).sum()["recall"] == pytest.approx(0.30 / 0.52)
    assert_allclose(shares["D3"], [0, 0, 0.6, 0.4, 0, 0])


def test_an_empty_cell_leaves_its_share_to_the_rest_of_its_domain():
    shares, _ = spread(parts=(), empty={("D3", "recall", "")})
    assert shares["D3"]["recall", ""] == 0
    assert shares["D3"].sum() == pytest.approx(1)
    whole = 0.52 * shares["D1"] + 0.34 * shares["D2"] + 0.14 * shares["D3"]
    assert_allclose(whole, [0.3, 0.5, 0.2])


def test_a_part_that_is_too_small_for_what_only_it_may_examine_is_named():
    tasks = [Task("T1", "D1", "x", parts=("oral",)), *TASKS[1:]]
    _, conflict = spread(tasks)
    assert conflict == "only “oral” may examine T1, 30.0 percent of the exam, but has 20.0"


def test_parts_too_small_for_their_levels_are_named():
    parts = [Part("written", 65, cognitive_levels=("recall",)), Part("oral", 35)]
    _, conflict = spread(anywhere(), parts)
    assert conflict == "only “oral” may examine use, judge, 70.0 percent of the exam, but has 35.0"


def test_a_task_that_no_part_may_examine_is_refused():
    parts = [Part("written", 80, domain_ids=("D1", "D2")), Part("oral", 20, domain_ids=("D1",))]
    with pytest.raises(ValueError, match="leave no place for T5"):
        spread(anywhere(), parts)


@pytest.mark.parametrize(
    ("parts", "units", "worth"),
    [
        ([Part("a", 75), Part("b", 25)], [38, 12], [1, 1]),
        ([Part("a", None, 40), Part("b", None, 10)], [40, 10], [1, 1]),
        ([Part("a", 70, 100), Part("b", 30, 6, "stations")], [100, 6], [0.35, 2.5]),
        ([Part("a", 74.5), Part("b", 25)], [37, 13], [1, 1]),
    ],
)
def test_parts_have_whole_units_and_units_their_worth_in_items(parts, units, worth):
    found = exam_parts(parts, items=50)
    assert [part.units for part in found] == units
    assert [part.worth for part in found] == pytest.approx(worth)
    assert sum(part.share for part in found) == pytest.approx(1)
    assert has_own_units(parts) == (worth != [1, 1])
