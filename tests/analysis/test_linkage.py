"""Links as adopted and as judged, and what is left alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.analysis.linkage import (
    LINKAGE,
    LINKAGE_GAPS,
    LinkRule,
    link_judgements,
    linkage_gaps,
    linkage_table,
    pooled_links,
)
from rds.outline.outline import KSA, Domain, Link, Outline, Task
from tests.oracles import oracle

# Written by linkage.R in base R: experts × tasks × KSAs, and the shares that follow.
ORACLE = oracle("linkage")

OUTLINE = Outline(
    domains=(Domain("D1", "Support"), Domain("D2", "Change")),
    tasks=(
        Task("T1", "D1", "Listen."),
        Task("T2", "D1", "Write."),
        Task("T3", "D2", "Teach."),
        Task("T4", "D2", "Drive.", status="dropped"),
    ),
    ksas=(
        KSA("K1", "skill", "Skill in listening."),
        KSA("K2", "knowledge", "Knowledge of law."),
        KSA("K3", "knowledge", "Knowledge of traffic."),
    ),
    links=(Link("T2", "K1", 1), Link("T1", "K1", 3), Link("T4", "K3", 3)),
)

levels = st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, np.nan]), min_size=12, max_size=12).filter(
    lambda row: not all(np.isnan(row))
)


def judgements(*rows):
    return pd.DataFrame(rows, columns=["sme_id", "task_id", "ksa_id", "level"])


def by_pair(table, column):
    pairs = zip(table["task_id"], table["ksa_id"], strict=True)
    return dict(zip(pairs, table[column], strict=True))


def test_links_of_the_sheet_count_from_the_level_and_stand_in_outline_order():
    table = linkage_table(OUTLINE, LinkRule())
    assert tuple(table) == LINKAGE
    assert by_pair(table, "retained") == {("T1", "K1"): True, ("T2", "K1"): False}
    assert list(by_pair(table, "retained")) == [("T1", "K1"), ("T2", "K1")]
    assert set(table["basis"]) == {"sheet"}
    assert table[["n_sme", "share"]].isna().all(axis=None)


def test_what_experts_judged_goes_before_the_sheet():
    # T1–K1: 3, 1, 1: one of three reaches 2. T1–K2: 2, 2 and 0 by leaving the row out.
    said = [("S1", "T1", "K1", 3), ("S2", "T1", "K1", 1), ("S3", "T1", "K1", 1)]
    said += [("S1", "T1", "K2", 2), ("S2", "T1", "K2", 2)]
    table = linkage_table(OUTLINE, LinkRule(), judgements=judgements(*said))
    assert by_pair(table, "level") == pytest.approx(
        {("T1", "K1"): 5 / 3, ("T1", "K2"): 4 / 3, ("T2", "K1"): 1}
    )
    shares = by_pair(table, "share")
    assert (shares["T1", "K1"], shares["T1", "K2"]) == pytest.approx((1 / 3, 2 / 3))
    assert by_pair(table, "retained") == {
        ("T1", "K1"): False, ("T1", "K2"): True, ("T2", "K1"): False,
    }  # fmt: skip
    assert by_pair(table, "n_sme")["T1", "K1"] == 3
    assert by_pair(table, "basis")["T2", "K1"] == "sheet"


def test_a_pair_that_nobody_linked_has_no_row():
    table = linkage_table(
        OUTLINE, LinkRule(), judgements=judgements(("S1", "T3", "K2", 0), ("S1", "T3", "K1", 2))
    )
    assert ("T3", "K2") not in by_pair(table, "level")


def test_a_level_that_was_not_judged_counts_nobody():
    said = judgements(("S1", "T1", "K1", 3), ("S2", "T1", "K1", None), ("S2", "T1", "K2", 1))
    pooled = pooled_links(link_judgements(said), minimum_level=2)
    assert by_pair(pooled, "n_sme") == {("T1", "K1"): 1, ("T1", "K2"): 2}
    assert by_pair(pooled, "share") == {("T1", "K1"): 1, ("T1", "K2"): 0}


def test_shares_of_experts_agree_with_r():
    judged = np.array(ORACLE["judged"], dtype=float)
    rows = [
        (f"S{s}", f"T{t + 1}", f"K{k + 1}", judged[s, t, k]) for s, t, k in np.ndindex(judged.shape)
    ]
    pooled = pooled_links(link_judgements(judgements(*rows)), minimum_level=2)
    retained = pooled[LinkRule(2, 0.5).counts(pooled)]
    shares = np.array(ORACLE["shares"])[:, : judged.shape[2]]
    found = {(task, ksa) for task, ksa in zip(retained["task_id"], retained["ksa_id"], strict=True)}
    assert found == {(f"T{t + 1}", f"K{k + 1}") for t, k in zip(*np.nonzero(shares), strict=True)}


def test_gaps_name_tasks_and_ksas_both_ways_and_say_which_kind():
    table = linkage_gaps(OUTLINE, linkage_table(OUTLINE, LinkRule()))
    assert tuple(table) == LINKAGE_GAPS
    assert table[["unit", "id", "finding"]].values.tolist() == [
        ["task", "T2", "no link that counts"],
        ["task", "T3", "no link"],
        ["KSA", "K2", "no link"],
        ["KSA", "K3", "no link"],
    ]


def test_without_ksas_there_are_no_gaps():
    bare = Outline(OUTLINE.domains, OUTLINE.tasks)
    assert linkage_gaps(bare, linkage_table(bare, LinkRule())).empty


def test_links_by_judgement_alone_need_no_sheet():
    bare = Outline(OUTLINE.domains, OUTLINE.tasks, OUTLINE.ksas)
    table = linkage_table(bare, LinkRule(), judgements=judgements(("S1", "T1", "K1", 2)))
    assert table["retained"].tolist() == [True]


@given(levels, st.permutations(range(12)))
def test_the_order_of_judgements_makes_no_difference(row, order):
    pairs = [(f"S{s}", f"T{t}", f"K{k}") for s in (1, 2, 3) for t in (1, 2) for k in (1, 2)]
    said = judgements(*((*pair, level) for pair, level in zip(pairs, row, strict=True)))
    one = pooled_links(link_judgements(said), minimum_level=2)
    other = pooled_links(link_judgements(said.iloc[list(order)]), minimum_level=2)
    pd.testing.assert_frame_equal(one, other)
    assert one["share"].between(0, 1).all()
    assert one["n_sme"].between(1, 3).all()
