"""What comparisons share: what is too thin, how it is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.analysis.comparison import (
    Columns,
    Comparison,
    ComparisonPlan,
    Thin,
    rank_texts,
    too_thin,
    withhold,
)
from rds.notes import Note

COLUMNS = Columns(means=("mean_a", "mean_b"), differences=("difference",), effects=("g",))


def table(n_a, n_b):
    rows = len(n_a)
    names = ("mean_a", "mean_b", "difference", "g", "statistic", "df", "p")
    return pd.DataFrame(
        {"statement_id": [f"T{k}" for k in range(rows)], "n_a": n_a, "n_b": n_b, "remark": ""}
        | {name: np.ones(rows) for name in names}
        | {"test": "welch"}
    )


def test_a_reason_is_given_once_with_the_statements_it_holds_for():
    rows = table([30] * 12, [30] * 12)
    some = np.array([True] * 3 + [False] * 9)
    many, everywhere = np.array([True] * 9 + [False] * 3), np.ones(12, dtype=bool)
    _, notes = withhold(
        rows,
        [Thin(some, ("p",), "few"), Thin(many, ("g",), "thin"), Thin(everywhere, ("df",), "none")],
        name="subgroups",
        place="a – b",
    )
    assert [(note.column, note.reason) for note in notes] == [
        ("p", "few: T0, T1, T2"),
        ("g", "thin: 9 of 12 statements"),
        ("df", "none"),
    ]


def test_a_cell_is_withheld_for_its_first_reason_alone():
    rows = table([3, 30], [30, 30])
    thin = too_thin(rows, COLUMNS, minimum=5, spread_known=True)
    emptied, notes = withhold(rows, thin, name="waves", place="1 – 2")
    assert emptied["mean_a"].isna().tolist() == [True, False]
    assert emptied["mean_b"].notna().all()
    assert emptied["test"].tolist() == ["", "welch"]
    assert {note.reason for note in notes} == {"fewer than 5 answers on one side: T0"}


def test_a_minimum_above_the_usual_ones_holds_for_everything():
    rows = table([25], [40])
    thin = too_thin(rows, COLUMNS, minimum=30, spread_known=True)
    emptied, notes = withhold(rows, thin, name="waves", place="1 – 2")
    assert emptied[["mean_a", "difference", "g", "p"]].isna().all(axis=None)
    assert {note.reason for note in notes} == {"fewer than 30 answers on one side"}


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=9))
def test_every_empty_cell_has_a_note_and_every_note_an_empty_cell(sizes):
    rows = table(*map(list, zip(*sizes, strict=True)))
    thin = too_thin(rows, COLUMNS, minimum=5, spread_known=True)
    emptied, notes = withhold(rows, thin, name="waves", place="1 – 2")
    missing = {name for name in emptied if emptied[name].isna().any()}
    named = {name for note in notes for name in note.column.split(", ")} - {"test"}
    assert missing == named


def test_ranks_of_withheld_means_are_empty():
    means = pd.DataFrame({"statement_id": ["T1", "T2", "T3"], "mean_a": [3.0, np.nan, 3.0]})
    assert rank_texts(means, "mean_a").tolist() == ["1–2", "", "1–2"]
    assert rank_texts(means.assign(mean_a=np.nan), "mean_a").tolist() == ["", "", ""]


def test_the_paired_form_follows_from_the_test():
    assert ComparisonPlan().paired_test == "paired_t"
    assert ComparisonPlan(test="mann_whitney").paired_test == "wilcoxon"


def test_a_comparison_hides_empty_columns_and_repeats_no_reason():
    rows = pd.DataFrame({"statement_id": ["T1"], "p": [np.nan], "tier": [""], "n_a": [3]})
    notes = (Note("waves", "1 – 2", "p", "withheld", "few"),) * 2
    view = Comparison("Waves", rows, notes).view()
    assert list(view.table) == ["statement_id", "n_a"]
    assert view.notes == ("1 – 2: few",)
