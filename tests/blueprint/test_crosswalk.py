"""The crosswalk of old and new blueprints: words, changes, laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rds.blueprint.crosswalk import (
    BEYOND,
    CROSSWALK,
    LINKS,
    OPEN,
    WITHIN,
    compare_blueprints,
    similarity,
    suggest_crosswalk,
)

OLD = pd.Series(
    {
        "A": "Assess the risk of harm to self and others",
        "B": "Document contacts briefly and truthfully",
        "C": "Lead groups of peers",
        "D": "Operate a switchboard",
    }
)
texts = st.lists(st.sampled_from([*OLD, "Plan", "Plan care", "plan care!"]), max_size=5)


def relations(old, new):
    found = suggest_crosswalk(old, new)
    return {(row.old_id, row.new_id): row.relation for row in found.itertuples()}


def plan(weights, items=None, se=None):
    names = list(weights)
    return pd.DataFrame(
        {
            "weight": list(weights.values()),
            "se": np.nan if se is None else se,
            "items": np.nan if items is None else items,
        },
        index=names,
    )


def links(*rows):
    table = [("domain", old, new, np.nan, relation) for old, new, relation in rows]
    return pd.DataFrame(table, columns=list(LINKS)).assign(confirmed=True)


def test_similarity_is_the_cosine_of_runs_of_three_letters():
    # By hand: “_ab abc bc_” and “_ab abd bd_” share one run of three each.
    assert similarity(["abc"], ["abd"])[0, 0] == pytest.approx(1 / 3)
    assert similarity(["Assess risk"], ["ASSESS, risk.", "risk; assess"]).tolist() == [
        pytest.approx([1, 1])
    ]
    assert similarity(["", "?"], ["Assess risk"]).tolist() == [[0], [0]]


def test_statements_are_matched_by_words_and_never_by_identifier():
    new = pd.Series({"A": OLD["B"], "B": OLD["A"], "C": "Keep accounts", "D": OLD["C"]})
    assert relations(OLD, new) == {
        ("A", "B"): "same",
        ("B", "A"): "same",
        ("C", "D"): "same",
        ("D", ""): "dropped",
        ("", "C"): "new",
    }


def test_two_old_statements_in_one_new_are_suggested_as_merged():
    old = OLD.drop(["C", "D"])
    joined = "Assess the risk of harm to others, and document contacts briefly"
    assert relations(old, pd.Series({"N": joined})) == {("A", "N"): "merged", ("B", "N"): "merged"}


def test_one_old_statement_in_two_new_ones_is_suggested_as_split():
    new = pd.Series({"N1": "Assess the risk of harm to self", "N2": "Assess the risk to others"})
    found = relations(OLD[["A"]], new)
    assert found == {("A", "N1"): "split", ("A", "N2"): "split"}


def test_reworded_statements_stay_together():
    new = pd.Series({"N": "Document each contact briefly, truthfully and on time"})
    assert relations(OLD, new)["B", "N"] == "reworded"


@given(texts, texts)
def test_every_statement_stands_in_the_crosswalk(old, new):
    old_series = pd.Series(old, index=[f"A{k}" for k in range(len(old))], dtype=object)
    new_series = pd.Series(new, index=[f"B{k}" for k in range(len(new))], dtype=object)
    found = suggest_crosswalk(old_series, new_series)
    assert set(found["old_id"]) - {""} == set(old_series.index)
    assert set(found["new_id"]) - {""} == set(new_series.index)
    alone = found[found["relation"].isin(["same", "reworded"])]
    assert alone["old_id"].is_unique
    assert alone["new_id"].is_unique


def test_merged_and_split_domains_are_compared_as_a_whole():
    old = plan({"A": 0.3, "B": 0.2, "C": 0.4, "D": 0.1}, items=[30, 20, 40, 10])
    new = plan({"X": 0.45, "Y": 0.25, "Z": 0.2, "N": 0.1}, items=[45, 25, 20, 10])
    rows = [("A", "X", "merged"), ("B", "X", "merged"), ("C", "Y", "split"), ("C", "Z", "split")]
    found = compare_blueprints(old, new, links(*rows, ("D", "", "dropped"), ("", "N", "new")))
    assert tuple(found) == CROSSWALK
    assert found["old_ids"].tolist() == ["A, B", "C", "D", ""]
    assert found["new_ids"].tolist() == ["X", "Y, Z", "", "N"]
    assert found["relation"].tolist() == ["merged", "split", "dropped", "new"]
    assert_allclose(found["change"], [-0.05, 0.05, -0.1, 0.1])
    assert found["items_change"].tolist() == [-5, 5, -10, 10]
    assert_allclose(found[["old_weight", "new_weight"]].sum(), 1)


def test_the_verdict_is_that_of_two_one_sided_tests():
    # By hand: 1.6449 standard errors of √(.006² + .008²) = .01 reach .016449 to each side.
    old = plan({"A": 0.4, "B": 0.3, "C": 0.3}, se=0.006)
    new = plan({"A": 0.403, "B": 0.34, "C": 0.257}, se=0.008)
    rows = links(("A", "A", "same"), ("B", "B", "same"), ("C", "C", "same"))
    found = compare_blueprints(old, new, rows, margin=0.02)
    assert_allclose(found["se"], 0.01)
    assert_allclose(found["ci_high"] - found["change"], 0.0164485, rtol=1e-5)
    assert found["verdict"].tolist() == [WITHIN, BEYOND, BEYOND]
    narrow = compare_blueprints(old, new, rows, margin=0.01)
    assert narrow["verdict"].tolist()[0] == OPEN


def test_an_old_weight_without_error_is_taken_as_printed_and_an_unknown_new_error_withholds():
    rows = links(("A", "A", "same"), ("B", "B", "same"))
    old, new = plan({"A": 0.5, "B": 0.5}), plan({"A": 0.52, "B": 0.48}, se=[0.01, np.nan])
    found = compare_blueprints(old, new, rows)
    assert found["se"].iloc[0] == pytest.approx(0.01)
    assert found["verdict"].tolist() == [OPEN, ""]


def test_items_change_is_that_of_an_exam_of_todays_length():
    old = plan({"A": 0.5, "B": 0.5}, items=[100, 100])
    new = plan({"A": 0.6, "B": 0.4}, items=[60, 40])
    found = compare_blueprints(old, new, links(("A", "A", "same"), ("B", "B", "same")))
    assert found["old_items"].tolist() == [100, 100]
    assert found["items_change"].tolist() == [10, -10]


@given(st.lists(st.integers(1, 40), min_size=3, max_size=3), st.permutations(["X", "Y", "Z"]))
def test_changes_add_up_to_nothing_whatever_belongs_together(weights, names):
    old = plan({"A": 0.2, "B": 0.3, "C": 0.5})
    total = sum(weights)
    new = plan({n: w / total for n, w in zip(names, weights, strict=True)}, se=0.01)
    rows = links(("A", "X", "merged"), ("B", "X", "merged"), ("C", "Y", "same"), ("", "Z", "new"))
    assert compare_blueprints(old, new, rows)["change"].sum() == pytest.approx(0)
