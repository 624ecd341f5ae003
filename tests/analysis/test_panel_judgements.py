"""What a panel's judgements come to: consensus, agreement, plain sentences."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from rds.analysis.agreement_table import AGREEMENT
from rds.analysis.chance_corrected import chance_corrected_agreement, krippendorff_alpha
from rds.analysis.judgements_table import (
    JUDGEMENTS,
    POINTS,
    ConsensusRules,
    judgements_table,
    numbers_of,
    percents_table,
    sorting_table,
)
from rds.analysis.panel import PanelJudgements, panel_judgements
from rds.analysis.panel_agreement import panel_agreement
from rds.outline.outline import KSA, Domain, Outline, Task
from rds.ratings.ratings import Ratings
from rds.settings import Settings

LEVELS = ("recall", "application", "analysis")
CHOICES = {**POINTS, "levels": LEVELS, "sorting": ("D1", "D2", "none")}


def said(part, by_statement, *, aspect="", round_=1):
    """Judgements of one part: the values that SME01, SME02, … gave each statement."""
    rows = [
        (round_, f"SME{number:02d}", part, name, aspect, str(value))
        for name, values in by_statement.items()
        for number, value in enumerate(values, start=1)
        if value is not None
    ]
    columns = ["round", "sme_id", "part", "statement_id", "aspect", "value"]
    return pd.DataFrame(rows, columns=columns)


def outline():
    tasks = tuple(Task(f"T{k}", "D1" if k < 7 else "D2", f"Do {k}.") for k in range(1, 13))
    return Outline(
        (Domain("D1", "One", panel_percent=60.0), Domain("D2", "Two")),
        tasks,
        (KSA("K1", "skill", "Skill."),),
    )


def test_relevance_is_held_against_the_declared_percentage():
    table = judgements_table(
        said("relevance", {"T1": [4, 3, 4, 3, 4], "T2": [4, 3, 4, 1, 2], "T3": [1, 2, 1, 2, None]}),
        categories=CHOICES,
    )
    assert list(table.columns) == list(JUDGEMENTS)
    assert table["choice"].tolist() == ["relevant", "relevant", "not relevant"]
    assert table["share"].tolist() == pytest.approx([1, 0.6, 1])
    assert table["consensus"].tolist() == [True, False, True]
    assert table["n"].tolist() == [5, 5, 4]
    assert table["distribution"].iloc[1] == "1: 1; 2: 1; 3: 1; 4: 2"


def test_a_link_counts_by_level_and_share():
    rules = ConsensusRules(link_level=2, link_share=0.5, consensus=0.7)
    judged = {"T1": [3, 2, 0, 1], "T2": [1, 1, 1, 1], "T3": [3, 3, 2, 0]}
    table = judgements_table(said("links", judged, aspect="K1"), categories=CHOICES, rules=rules)
    assert table["choice"].tolist() == ["linked", "not linked", "linked"]
    assert table["consensus"].tolist() == [False, True, True]
    assert table["median"].tolist() == [1.5, 1.0, 2.5]


def test_levels_need_one_choice_that_enough_make():
    table = judgements_table(
        said("levels", {"T1": ["recall"] * 3 + ["analysis"], "T2": ["recall", "analysis"]}),
        categories=CHOICES,
    )
    assert table["choice"].tolist() == ["recall", "recall / analysis"]
    assert table["consensus"].tolist() == [True, False]


def test_percentages_come_with_their_spread():
    given = said("percents", {"D1": [50, 60, 70, 80], "D2": [50, 40, 30, 20]})
    table = percents_table(given, {"D1": 60.0, "D2": None, "D3": None})
    assert table["domain_id"].tolist() == ["D1", "D2"]
    row = table.iloc[0]
    assert (row["mean"], row["median"], row["minimum"], row["maximum"]) == (65, 65, 50, 80)
    assert row["sd"] == pytest.approx(np.std([50, 60, 70, 80], ddof=1))
    assert np.isnan(table["panel_percent"].iloc[1])
    assert not judgements_table(given, categories={})["consensus"].any()


def test_tasks_sorted_elsewhere_by_most_are_flagged():
    given = said("sorting", {"T1": ["D1", "D1", "D2"], "T2": ["D2", "D2", "none"]})
    table = sorting_table(given, {"T1": "D1", "T2": "D1"}, CHOICES["sorting"])
    assert table.groupby("task_id")["share"].sum().tolist() == pytest.approx([1, 1])
    assert table.loc[table["flagged"], ["task_id", "sorted_into"]].values.tolist() == [["T2", "D2"]]


def panel(n_statements=12, n=7, seed=1):
    rng = np.random.default_rng(seed)
    return {f"T{k}": rng.choice([2, 3, 4, 4], n).tolist() for k in range(1, n_statements + 1)}


def rows_of(table, **wanted):
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table.set_index("coefficient")["value"]


def test_agreement_over_all_is_that_of_the_functions_on_the_table_of_judgements():
    given = said("relevance", panel())
    table, notes = panel_agreement(given, categories=CHOICES)
    numbers = numbers_of(given, "relevance")
    plain = chance_corrected_agreement(numbers, categories=[1.0, 2.0, 3.0, 4.0])
    plain = plain.set_index("coefficient")["value"]
    found = rows_of(table, statement_id="all")
    assert found["AC1"] == pytest.approx(plain["AC1"])
    assert found["Conger"] == pytest.approx(plain["Conger"])
    alpha = krippendorff_alpha(numbers, categories=[1.0, 2.0, 3.0, 4.0], level="ordinal")
    assert found["Krippendorff"] == pytest.approx(alpha.value)
    friedman = stats.friedmanchisquare(*numbers.T.to_numpy())
    assert found["Kendall's W"] == pytest.approx(friedman.statistic / (7 * 11))
    shares = (numbers >= 3).mean()
    assert found["S-CVI/Ave"] == pytest.approx(shares.mean())
    assert found["S-CVI/UA"] == pytest.approx((shares == 1).mean())
    assert list(table.columns) == list(AGREEMENT)
    assert set(table["source"]) == {"panel"}
    assert notes == []


def test_critical_values_are_those_of_the_number_who_judged():
    # Seven of seven, and six of six (Ayre and Scally 2014): all have to agree.
    given = said("relevance", {"T1": [4] * 7, "T2": [4, 4, 4, 4, 4, 4, None]})
    table, _ = panel_agreement(given, categories=CHOICES)
    cvr = table[table["coefficient"] == "CVR"]
    assert cvr["n"].tolist() == [7, 6]
    assert cvr["critical_value"].tolist() == [1, 1]
    assert cvr["attained_p"].tolist() == pytest.approx([1 / 128, 1 / 64])
    cvi = table[table["coefficient"] == "I-CVI"]
    assert cvi["attained_p"].tolist() == cvr["attained_p"].tolist()


def test_what_rests_on_too_little_is_withheld_and_said():
    given = said("relevance", {"T1": [4, 4, 3], "T2": [4, 3, 3]})
    table, notes = panel_agreement(given, categories=CHOICES)
    assert rows_of(table, statement_id="T1").isna().all()
    assert rows_of(table, statement_id="all").index.tolist() == ["percent agreement"]
    reasons = " ".join(note.reason for note in notes)
    assert "fewer than 5 SMEs" in reasons
    assert "2 statements with two judgements; 10 are needed" in reasons
    assert "3 SMEs and 5 statements are needed" in reasons


def test_one_sme_alone_agrees_with_nobody():
    table, notes = panel_agreement(said("levels", {"T1": ["recall"]}), categories=CHOICES)
    assert table.empty
    assert "judged by two" in notes[0].reason


def test_perfect_agreement_is_one_without_a_standard_error():
    given = said("sorting", {f"T{k}": ["D1"] * 5 for k in range(12)})
    table, _ = panel_agreement(given, categories=CHOICES)
    assert set(table["value"]) == {1.0}


def test_the_panel_s_answers_on_the_survey_s_scales_have_agreement_too():
    frame = pd.DataFrame({f"T{k}": [3, 4, 4, 3, 4] for k in range(6)})
    ratings = Ratings.from_frames(importance=frame, group=["panel"] * 5)
    empty = said("levels", {})
    table, _ = panel_agreement(empty, categories=CHOICES, ratings=ratings)
    assert set(table["scale"]) == {"importance"}
    assert set(table["source"]) == {"panel"}


def test_sentences_say_where_agreement_is_lacking():
    parts = [
        said("relevance", {"T1": [4] * 5, "T2": [1, 1, 4, 4, 4]}),
        said("levels", {"T1": ["recall"] * 5, "T2": ["recall", "analysis"] * 2}),
        said("sorting", {"T1": ["D2"] * 4 + ["D1"], "T2": ["D1"] * 5}),
        said("links", {"T1": [3, 3, 0, 0, 2]}, aspect="K1"),
        said("percents", {"D1": [20, 50, 80, 50, 90], "D2": [80, 50, 20, 50, 10]}),
    ]
    found = panel_judgements(pd.concat(parts, ignore_index=True), outline(), Settings())
    assert found.sentences == (
        "Relevance: 1 of 2 statements that fewer than 78 percent call relevant: "
        "T2 (relevant: 60%).",
        "Cognitive levels: 1 of 2 tasks on whose level fewer than 70 percent agree: "
        "T2 (recall / analysis: 50%).",
        "Sorting: 1 of 2 tasks that most SMEs sort into another domain than they stand in: "
        "T1 (D1 → D2: 80%).",
        "Links: 1 of 1 links on which fewer than 70 percent agree: T1 – K1.",
        "Domain percents: 2 of 2 domains on which SMEs lie far apart: D1 (20 to 90), "
        "D2 (10 to 80).",
    )
    assert found.links.values.tolist()[0] == ["SME01", "T1", "K1", 3.0]
    assert set(found.tables()) == {"judgements", "sorting", "domain_percents"}


def test_no_judgements_are_no_tables_rows():
    found = panel_judgements(said("levels", {}), outline(), Settings())
    assert all(table.empty for table in found.tables().values())
    assert PanelJudgements().agreement.empty
