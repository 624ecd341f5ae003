"""Whole items for domains, tasks and cells."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.blueprint.apportion import allocate
from rds.blueprint.cells import CellRules, allocate_cells
from rds.blueprint.items import (
    Allocations,
    allocate_domains,
    allocate_within,
    level_shares,
)
from rds.errors import InfeasibleError
from rds.outline.outline import Domain, Task

DOMAINS = [Domain("A", "A"), Domain("B", "B", minimum_items=30), Domain("C", "C", maximum_items=5)]


def test_minima_and_maxima_of_the_outline_hold():
    weights = pd.Series({"A": 0.5, "B": 0.2, "C": 0.3})
    assert list(allocate_domains(weights, DOMAINS, items=100)) == [65, 30, 5]


def test_minima_that_cannot_be_met_are_refused():
    with pytest.raises(InfeasibleError):
        allocate_domains(pd.Series({"A": 0.5, "B": 0.5}), DOMAINS, items=20)


def test_tasks_share_the_items_of_their_domain_exactly():
    weights = pd.Series({"T1": 0.3, "T2": 0.2, "T3": 0.5})
    groups = {"T1": "A", "T2": "A", "T3": "B"}
    within = allocate_within(weights, groups, {"A": 7, "B": 5})
    assert list(within["A"]) == [4, 3]
    assert list(within["B"]) == [5]


def test_a_domain_whose_tasks_have_no_weight_gets_no_allocation():
    within = allocate_within(pd.Series({"T1": 0.0, "T2": 1.0}), {"T1": "A", "T2": "B"}, {"B": 3})
    assert set(within) == {"B"}


@st.composite
def plans(draw):
    """Domains with whole items, and a prescribed split over levels."""
    raw_weights = draw(st.lists(st.integers(1, 1000), min_size=2, max_size=6))
    raw_levels = draw(st.lists(st.integers(1, 100), min_size=2, max_size=4))
    names = [f"D{k}" for k in range(len(raw_weights))]
    weights = pd.Series(raw_weights, index=names) / sum(raw_weights)
    levels = pd.Series(raw_levels, index=[f"L{k}" for k in range(len(raw_levels))])
    items = draw(st.integers(0, 200))
    form = allocate_domains(weights, [Domain(name, name) for name in names], items=items)
    return form, levels


@settings(deadline=None)
@given(plans(), st.sampled_from(["controlled", "biproportional"]))
def test_domains_levels_and_the_grand_total_are_exact(plan, method):
    form, levels = plan
    shares = dict.fromkeys(form.identifiers, levels / levels.sum())
    cells = allocate_cells(form, shares, CellRules(levels.to_dict(), method=method)).frame
    rows = cells.groupby("domain_id")["items"].sum()
    assert rows.to_dict() == dict(zip(form.identifiers, form.items, strict=True))
    columns = cells.groupby("cognitive_level")["items"].sum()
    wanted = allocate(levels.to_dict(), items=sum(form))
    assert columns.to_dict() == dict(zip(wanted.identifiers, wanted, strict=True))
    assert cells["target"].sum() == pytest.approx(sum(form))


def test_levels_that_come_from_tasks_leave_cells_without_tasks_empty():
    form = allocate_domains(
        pd.Series({"A": 0.5, "B": 0.5}), [Domain("A", "A"), Domain("B", "B")], items=10
    )
    shares = {
        "A": pd.Series({"recall": 1.0, "analysis": 0.0}),
        "B": pd.Series({"recall": 0.5, "analysis": 0.5}),
    }
    cells = allocate_cells(form, shares)
    assert cells.frame["items"].tolist() == [5, 0, 3, 2]
    assert cells.levels is None
    # B's 2.5 and 2.5 could change places; of levels, the one with the larger target wins.
    assert [tie.rule for tie in cells.tables["cells"].ties] == ["identifier"]


def test_a_cell_beyond_its_rounded_target_is_named():
    # Levels prescribed as 50:50 while domain A asks for 90:10: 5 analysis items are left to A.
    form = allocate_domains(
        pd.Series({"A": 0.9, "B": 0.1}), [Domain("A", "A"), Domain("B", "B")], items=10
    )
    shares = {name: pd.Series({"recall": 0.9, "analysis": 0.1}) for name in "AB"}
    cells = allocate_cells(form, shares, CellRules({"recall": 50, "analysis": 50}))
    beyond = cells.beyond_rounding()
    assert beyond[["domain_id", "cognitive_level"]].values.tolist() == [
        ["A", "recall"],
        ["A", "analysis"],
    ]


def test_levels_can_come_from_the_tasks_by_weight():
    tasks = [
        Task("T1", "A", "x", cognitive_level="recall"),
        Task("T2", "A", "x", cognitive_level="analysis"),
    ]
    weights = pd.Series({"T1": 0.3, "T2": 0.1})
    shares = level_shares(tasks, weights, {"recall": 50, "analysis": 50}, source="tasks")
    assert shares["A"].to_dict() == pytest.approx({"recall": 0.75, "analysis": 0.25})


def test_a_task_without_level_is_named_when_levels_come_from_tasks():
    with pytest.raises(ValueError, match="T1"):
        level_shares([Task("T1", "A", "x")], pd.Series({"T1": 1.0}), {}, source="tasks")


def test_ties_say_where_and_between_whom():
    form = allocate_domains(
        pd.Series({"A": 0.5, "B": 0.5}), [Domain("A", "A"), Domain("B", "B")], items=3
    )
    assert list(form) == [2, 1]
    ties = Allocations({"domains": form}).ties()
    assert ties["where"].tolist() == ["domains"]
    assert ties["identifiers"].tolist() == ["A, B"]
