"""The rows of the reliability table."""

import numpy as np
import pandas as pd
import pytest

from rds.analysis.intraclass import icc
from rds.analysis.reliability import cronbach_alpha
from rds.analysis.reliability_table import RELIABILITY_COLUMNS, reliability_rows
from rds.analysis.split_half import split_half
from tests.analysis.test_reliability import simulated


def rows_of(frame, domains=None, **options):
    domains = domains or dict.fromkeys(frame.columns, "D1")
    labels = {"scale": "importance", "base": "all", "group": "all", "replicates": 100}
    return reliability_rows(frame, domains=domains, **{**labels, **options})


def test_rows_follow_the_outline_and_carry_every_column():
    frame = pd.DataFrame(simulated(7, respondents=35), columns=["T1", "T2", "T3", "T4", "T5", "T6"])
    domains = dict(zip(frame.columns, ["D2", "D2", "D2", "D1", "D1", "D1"], strict=True))
    rows, _ = rows_of(frame, domains, scale="frequency", base="performers", group="managers")
    assert tuple(rows.columns) == RELIABILITY_COLUMNS
    assert rows["domain_id"].tolist() == ["D2"] * 7 + ["D1"] * 7 + ["all"] * 7
    named = list(zip(rows["coefficient"], rows["orientation"], strict=True))
    assert named[:7] == [
        ("alpha", "respondents as cases"),
        ("alpha", "tasks as cases"),
        ("ICC2", "tasks as cases (one respondent)"),
        ("ICC3", "tasks as cases (one respondent)"),
        ("ICC2k (absolute G)", "tasks as cases (all respondents)"),
        ("ICC3k (relative G)", "tasks as cases (all respondents)"),
        ("split-half", "tasks as cases (halves of respondents)"),
    ]
    assert set(zip(rows["scale"], rows["base"], rows["group"], strict=True)) == {
        ("frequency", "performers", "managers")
    }
    assert rows["n_statements"].tolist() == [3] * 14 + [6] * 7


def test_values_are_those_of_alpha_within_the_domain():
    frame = pd.DataFrame(simulated(8, missing=0.1), columns=list("abcdef"))
    domains = dict(zip(frame.columns, ["D1"] * 3 + ["D2"] * 3, strict=True))
    rows, _ = rows_of(frame, domains)
    expected = cronbach_alpha(frame[["d", "e", "f"]], replicates=100)
    found = rows[rows["domain_id"] == "D2"].iloc[0]
    assert found["estimator"] == "reml"
    assert found[["value", "ci_low", "ci_high"]].tolist() == [
        expected.value,
        expected.ci_low,
        expected.ci_high,
    ]


def test_tasks_are_cases_from_thirty_tasks():
    frame = pd.DataFrame(simulated(9, respondents=40, tasks=30, missing=0.05)).add_prefix("T")
    rows, notes = rows_of(frame)
    assert rows["value"].notna().all()
    assert rows["ci_low"].isna().tolist() == [False] * 6 + [True] + [False] * 6 + [True]
    assert notes == []
    assert rows["value"][1] == cronbach_alpha(frame, cases="tasks", replicates=0).value


def test_too_few_cases_leave_the_cell_empty_and_say_why():
    frame = pd.DataFrame(simulated(10, respondents=29), columns=list("abcdef"))
    rows, notes = rows_of(frame)
    assert rows[["value", "ci_low", "ci_high"]].isna().all(axis=None)
    assert set(rows["estimator"]) == {""}
    assert rows["n_respondents"].tolist() == [29] * 14
    assert notes[0] == (
        "D1, importance, all, all, alpha, respondents as cases",
        "value",
        "withheld",
        "Alpha with respondents as cases needs at least 30 respondents; found 29.",
    )
    assert len(notes) == 4


def test_two_statements_have_their_correlation_in_the_note():
    frame = pd.DataFrame(simulated(11, tasks=2), columns=["a", "b"])
    rows, notes = rows_of(frame)
    assert rows["value"].isna().all()
    expected = frame.corr().loc["a", "b"]
    assert notes[0][3].endswith(f"found 2. Their correlation is {expected:.2f}.")
    assert "correlation" not in notes[1][3]


def test_two_statements_that_do_not_vary_have_no_correlation():
    _, notes = rows_of(pd.DataFrame({"a": [3.0] * 40, "b": [1.0, 2.0] * 20}))
    assert notes[0][3].endswith("found 2.")


def test_respondents_without_a_rating_in_the_domain_are_left_out_of_it():
    frame = pd.DataFrame(simulated(12, respondents=45), columns=list("abcdef"))
    frame.loc[:9, ["a", "b", "c"]] = np.nan
    domains = dict(zip(frame.columns, ["D1"] * 3 + ["D2"] * 3, strict=True))
    rows, _ = rows_of(frame, domains)
    assert rows["n_respondents"].tolist() == [35] * 7 + [45] * 14
    assert rows["estimator"][0] == "exact"


def test_undefined_alpha_leaves_the_cell_empty_and_says_why():
    constant, notes = rows_of(pd.DataFrame(np.full((40, 3), 4.0), columns=list("abc")))
    assert constant["value"].isna().all()
    assert notes[0][3] == "All respondents have the same mean rating; alpha is not defined."
    sparse = np.full((60, 3), np.nan)
    sparse[np.arange(60), np.arange(60) % 3] = 2.0
    rows, notes = rows_of(pd.DataFrame(sparse, columns=list("abc")))
    assert rows["value"].isna().all()
    assert "too few to tell" in notes[0][3]


def test_a_missing_interval_is_explained():
    frame = pd.DataFrame(simulated(13, missing=0.1), columns=list("abcdef"))
    rows, notes = rows_of(frame, replicates=0)
    assert rows["value"].notna().tolist() == ([True] + [False] * 6) * 2
    assert rows["ci_low"].isna().all()
    assert notes[0][1:] == (
        "ci_low, ci_high",
        "withheld",
        "With gaps, an interval needs at least 10 respondents, and resamples with a finite "
        "coefficient.",
    )


def test_a_statement_without_a_domain_is_refused():
    with pytest.raises(ValueError, match="found no domain for b"):
        rows_of(pd.DataFrame({"a": [1, 2], "b": [2, 3]}), {"a": "D1"})


def test_a_domain_called_all_is_refused():
    with pytest.raises(ValueError, match="means every domain"):
        rows_of(pd.DataFrame({"a": [1, 2], "b": [2, 3]}), {"a": "D1", "b": "all"})


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_intraclass_correlations_and_split_half_are_those_of_all_tasks(missing):
    frame = pd.DataFrame(simulated(14, respondents=60, tasks=12, missing=missing)).add_prefix("T")
    rows, notes = rows_of(frame)
    found = rows[rows["domain_id"] == "all"].set_index("coefficient")
    expected = icc(frame)
    names = ["ICC2", "ICC3", "ICC2k (absolute G)", "ICC3k (relative G)"]
    wanted = expected.loc[["ICC2", "ICC3", "ICC2k", "ICC3k"], ["value", "ci_low", "ci_high"]]
    values = found.loc[names, ["value", "ci_low", "ci_high"]].to_numpy()
    if missing:
        np.testing.assert_array_equal(values[:, 0], wanted["value"])
        assert (values[:, 1] < values[:, 0]).all()
        assert (values[:, 0] < values[:, 2]).all()
    else:
        np.testing.assert_array_equal(values, wanted)
    assert found.at["split-half", "value"] == split_half(frame).value
    assert notes == []


def test_split_half_is_withheld_below_twenty_respondents():
    rows, notes = rows_of(pd.DataFrame(simulated(15, respondents=19, tasks=12)).add_prefix("T"))
    assert rows.loc[rows["coefficient"] == "split-half", "value"].isna().all()
    assert rows.loc[rows["coefficient"] == "ICC3", "value"].notna().all()
    assert "Split-half needs at least 20 respondents; found 19." in {note[3] for note in notes}


def test_identical_task_means_have_no_intraclass_correlation():
    table = np.tile([[1.0, 3], [3, 1]], (10, 6))
    rows, notes = rows_of(pd.DataFrame(table).add_prefix("T"))
    assert rows["value"].isna().all()
    assert any("All tasks have the same mean rating" in note[3] for note in notes)


def test_task_means_that_differ_less_than_by_chance_have_no_absolute_coefficient():
    table = np.random.default_rng(16).normal(size=(40, 12))
    table -= 0.99 * table.mean(axis=0)
    table -= 0.99 * table.mean(axis=1, keepdims=True)
    rows, notes = rows_of(pd.DataFrame(table).add_prefix("T"))
    named = rows.set_index("coefficient")["value"]
    assert named["ICC2k (absolute G)"].isna().all()
    assert named["ICC3"].notna().all()
    assert "It does not exist: task means differ too little." in {note[3] for note in notes}
