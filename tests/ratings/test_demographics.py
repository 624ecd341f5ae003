"""Who answered: counts, percentages, and what must not be printed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.ratings.demographics import DescribedQuestion, describe_respondents, suppressed_cells


def described(answers, **question):
    people = pd.DataFrame({"Q1": answers})
    return describe_respondents(people, [DescribedQuestion("Q1", **question)])


def cells(table):
    return dict(zip(table["category"], table["n"], strict=True))


def test_percentages_are_of_those_who_answered_and_silence_is_counted_apart():
    table, notes = described(["A"] * 6 + ["b"] * 6 + [None] * 8, options=("A", "B"))
    assert cells(table) == {"A": 6, "B": 6, "no answer": 8}
    assert table["percent"].tolist() == [50, 50, 40]
    assert notes == []


def test_an_option_that_nobody_chose_is_printed_as_zero():
    table, _ = described(["A"] * 6, options=("A", "B"))
    assert cells(table)["B"] == 0


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.integers(2, 12))
def test_no_suppressed_count_follows_from_the_total(counts, smallest):
    hidden = suppressed_cells(counts, smallest_cell=smallest)
    assert all(h for n, h in zip(counts, hidden, strict=True) if 0 < n < smallest)
    assert not any(h for n, h in zip(counts, hidden, strict=True) if n == 0)
    covered = [n for n, h in zip(counts, hidden, strict=True) if h]
    if covered and len(covered) < sum(n > 0 for n in counts):
        assert len(covered) >= 2
        assert sum(covered) >= smallest


def test_small_cells_are_empty_and_a_note_says_so():
    table, notes = described(["A"] * 20 + ["B"] * 9 + ["C"] * 2, options=("A", "B", "C"))
    assert table["suppressed"].tolist() == [False, True, True, False]
    assert table.loc[table["suppressed"], ["n", "percent"]].isna().all(axis=None)
    assert [note.kind for note in notes] == ["withheld"]


def test_words_of_their_own_are_counted_together_and_never_printed():
    own = [f"my secret {k}" for k in range(9)]
    table, _ = described(["A"] * 9 + own, options=("A",))
    assert cells(table) == {"A": 9, "other answers": 9, "no answer": 0}
    table, _ = described(own, kind="text")
    assert cells(table) == {"answered": 9, "no answer": 0}


def test_hundreds_of_categories_become_thirty_and_the_rest():
    answers = [f"place {k:03d}" for k in range(300) for _ in range(6)]
    table, notes = described(answers)
    assert len(table) == 32
    assert cells(table)["other answers"] == 270 * 6
    assert any("30 most frequent" in note.reason for note in notes)


def test_one_category_is_described():
    assert cells(described(["A"] * 8)[0]) == {"A": 8, "no answer": 0}


def test_several_answers_are_percentages_of_respondents():
    answers = ["A; B"] * 6 + ["A"] * 6 + [""] * 3
    table, _ = described(answers, kind="several", options=("A", "B", "C"))
    assert cells(table) == {"A": 12, "B": 6, "C": 0, "no answer": 3}
    assert table["percent"].tolist() == [100, 50, 0, 20]


def test_numbers_have_mean_spread_and_quartiles():
    values = list(range(1, 21))
    table, notes = described([*map(str, values), "many"], kind="number")
    found = dict(zip(table["category"], table["value"], strict=True))
    assert found["mean"] == np.mean(values)
    assert found["sd"] == pytest.approx(np.std(values, ddof=1))
    quartiles = ("lower quartile", "median", "upper quartile")
    assert [found[name] for name in quartiles] == np.quantile(values, [0.25, 0.5, 0.75]).tolist()
    assert [note.reason for note in notes] == ["1 answers are no numbers"]


@pytest.mark.parametrize(("n", "known"), [(0, 0), (3, 0), (7, 2), (10, 5)])
def test_few_numbers_give_few_statistics(n, known):
    table, _ = described([str(k) for k in range(n)] + [""], kind="number")
    assert table["value"].notna().sum() == known


def test_a_question_that_nobody_was_asked_is_noted():
    table, notes = describe_respondents(pd.DataFrame({"Q2": ["A"]}), [DescribedQuestion("Q1")])
    assert len(table) == 0
    assert [note.row for note in notes] == ["Q1"]
