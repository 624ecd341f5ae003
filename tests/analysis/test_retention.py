"""Rules that say which tasks stay."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.analysis.descriptives import groups_of, statement_ratings
from rds.analysis.retention import RETENTION, retention_table
from rds.analysis.retention_rules import (
    bayesian,
    bimodal,
    combine_verdicts,
    mean_cut,
    onet_core,
    percent_performing,
    probability_above,
    probability_performing,
    three_zone,
    top_box,
)
from rds.ratings.frames import NOT_APPLICABLE
from rds.ratings.ratings import Ratings
from rds.scales import PROPOSED_SCALES, ordinal
from rds.settings import RetentionSection

# Worked examples and R's t intervals; sources stand in the file.
ORACLES = json.loads((Path(__file__).parents[1] / "oracles" / "retention.json").read_text("utf-8"))
EXAMPLE = ORACLES["O-D1"]
CASES = ORACLES["intervals"]["cases"]
IMPORTANCE, FREQUENCY = PROPOSED_SCALES
VERDICTS = ("keep", "review", "drop")


def statement(task="T1", *, mean=2.62, sd=0.9, n=60, **cells):
    row = {"statement_id": task, "kind": "task", "scale": "importance", "base": "all"}
    row |= {"n": n, "n_eff": float(n), "mean": mean, "sd": sd, "se": sd / n**0.5}
    row |= {"n_not_performed": 0, "n_not_applicable": 0, "percent_performing": np.nan}
    return row | {"performing_ci_low": np.nan, "performing_ci_high": np.nan} | cells


def statements(*rows):
    return pd.DataFrame(rows)


def described(importance, frequency=None, scales=PROPOSED_SCALES):
    """Describe answers as a study does: lists of answers by task."""
    frames = {"importance": pd.DataFrame(importance)}
    if frequency is not None:
        frames["frequency"] = pd.DataFrame(frequency)
    ratings = Ratings.from_frames(scales=[s for s in scales if s.name in frames], **frames)
    kinds = dict.fromkeys(importance, "task")
    return statement_ratings(groups_of(ratings, pooled=True), kinds=kinds, domains={})[0]


def retained(table, *, scale=IMPORTANCE, decisions=None, combination="all", others=(), **said):
    section = RetentionSection(**said)
    found, notes = retention_table(
        table, scale, section, decisions=decisions, combination=combination, others=others
    )
    return found.set_index(["task_id", "rule"]), notes


def answers(counts):
    return np.repeat(range(1, len(counts) + 1), counts)


def test_the_worked_example_is_reviewed_by_its_interval():
    row = three_zone(statements(statement()), cut=EXAMPLE["cut"]).iloc[0]
    assert row[["ci_low", "ci_high"]].tolist() == pytest.approx(EXAMPLE["expected"]["ci"], abs=1e-9)
    assert (row["rule"], row["verdict"], row["remark"]) == ("three_zone", "review", "")


def test_the_worked_example_is_reviewed_by_its_probability():
    row = bayesian(statements(statement()), cut=EXAMPLE["cut"]).iloc[0]
    assert row["value"] == pytest.approx(EXAMPLE["expected"]["p_mu_gt"], abs=1e-9)
    assert (row["rule"], row["cut"], row["verdict"]) == ("bayesian", 0.9, "review")


@pytest.mark.parametrize(("fraction", "expected"), EXAMPLE["expected"]["beta"].items())
def test_the_probability_of_performing_is_that_of_the_worked_example(fraction, expected):
    count, n = map(int, fraction.split("/"))
    assert probability_performing(count, n) == pytest.approx(expected, abs=1e-9)


def test_more_performers_than_answers_are_refused():
    with pytest.raises(ValueError, match="from 0 to n"):
        probability_performing(7, 6)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["counts"]))
def test_from_answers_to_verdicts_intervals_and_probabilities_are_those_of_r(case):
    table = described({"T1": answers(case["counts"])})
    zones, _ = retained(table, confidence_percent=case["confidence"])
    row = zones.loc["T1", "three_zone"]
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(case["ci"])
    assert (row["cut"], row["n"]) == (2.5, sum(case["counts"]))
    assert row["verdict"] == zones.loc["T1", "declared"]["verdict"] == case["three_zone"]
    probable, _ = retained(table, rule="bayesian")
    assert probable.loc["T1", "bayesian"]["value"] == pytest.approx(case["p"])
    assert probable.loc["T1", "declared"]["verdict"] == case["bayesian"]


@pytest.mark.parametrize(
    ("labels", "not_performed", "midpoint"),
    [(range(1, 5), None, 2.5), (range(1, 6), None, 3), (range(6), 0, 3), (range(5), None, 2)],
)
def test_the_midpoint_is_half_way_between_the_rated_points(labels, not_performed, midpoint):
    labels = {point: str(point) for point in labels}
    scale = ordinal("importance", labels, role="importance", not_performed=not_performed)
    table, _ = retained(statements(statement()), scale=scale)
    assert table.loc["T1", "three_zone"]["cut"] == midpoint


def test_a_mean_at_the_cut_is_kept_and_one_below_is_dropped():
    rows = mean_cut(statements(statement("T1", mean=2.5), statement("T2", mean=2.499)), cut=2.5)
    assert rows["verdict"].tolist() == ["keep", "drop"]


def test_a_mean_that_only_floating_point_puts_below_the_cut_is_kept():
    mean = 0.1 + 0.2 + 2.1 - 1e-15
    assert mean < 2.4
    assert mean_cut(statements(statement(mean=mean)), cut=2.4)["verdict"].tolist() == ["keep"]


def test_an_interval_that_starts_at_the_cut_keeps_and_one_that_ends_there_is_reviewed():
    low, high = EXAMPLE["expected"]["ci"]
    row = statements(statement())
    assert three_zone(row, cut=low)["verdict"].tolist() == ["keep"]
    assert three_zone(row, cut=high - 1e-6)["verdict"].tolist() == ["review"]
    assert three_zone(row, cut=high + 1e-6)["verdict"].tolist() == ["drop"]


def test_the_interval_stays_on_the_scale():
    table, _ = retained(statements(statement(mean=3.9, sd=0.9, n=12)))
    assert table.loc["T1", "three_zone"]["ci_high"] == 4


@pytest.mark.parametrize("rule", [three_zone, bayesian])
@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"n": 9}, "9 answers; at least 10 are needed: the mean decides"),
        ({"sd": 0.0}, "all 60 gave 2.62: the mean decides"),
        ({"sd": np.nan}, "no SD is known: the mean decides"),
    ],
)
def test_without_an_interval_the_mean_decides_and_the_row_says_so(rule, cells, reason):
    row = rule(statements(statement(**cells)), cut=2.5).iloc[0]
    assert (row["rule"], row["value"], row["cut"], row["verdict"]) == ("point", 2.62, 2.5, "keep")
    assert np.isnan(row["ci_low"])
    assert np.isnan(row["ci_high"])
    assert row["remark"] == reason


def test_ten_answers_that_differ_are_enough_for_an_interval():
    assert three_zone(statements(statement(n=10)), cut=2.5)["rule"].tolist() == ["three_zone"]


def test_a_task_whose_mean_is_withheld_is_reviewed():
    table, notes = retained(described({"T1": [4, 4, 4], "T2": [4, 4, 4]}))
    assert table["verdict"].tolist() == ["review"] * 4
    assert ("value", "3 answers; at least 5 are needed") in [(n.column, n.reason) for n in notes]


def test_survey_weights_count_by_their_effective_n():
    weighted = statement(n=60, n_eff=20.0)
    row = three_zone(statements(weighted), cut=2.5).iloc[0]
    # t(19) at .975 is 2.093024 in every table.
    assert row["ci_high"] - row["value"] == pytest.approx(2.093024 * weighted["se"], rel=1e-6)


def test_exactly_half_performing_is_not_enough():
    rows = [statement(f"T{p}", percent_performing=p) for p in (49, 50, 51)]
    found = percent_performing(statements(*rows))
    assert found["verdict"].tolist() == ["drop", "drop", "keep"]


def test_who_performs_is_judged_by_everybody_and_importance_by_performers():
    # 20 of 40 answer 0 = “I do not do this”; those rate the importance 1, the others 4 or 3.
    table, _ = retained(
        described(
            {"T1": [1] * 20 + [4, 3] * 10},
            {"T1": [0] * 20 + [2] * 20},
        )
    )
    assert table.loc["T1", "three_zone"][["value", "n", "verdict"]].tolist() == [3.5, 20, "keep"]
    performing = table.loc["T1", "percent_performing"]
    assert performing[["value", "cut", "n", "verdict"]].tolist() == [50, 50, 40, "drop"]
    assert table.loc["T1", "declared"][["verdict", "retained"]].tolist() == ["drop", "no"]


def test_not_applicable_counts_against_a_task():
    table, _ = retained(
        described({"T1": [3] * 30}, {"T1": [0] * 5 + [2] * 15 + [NOT_APPLICABLE] * 10})
    )
    performing = table.loc["T1", "percent_performing"]
    assert performing[["value", "n", "verdict"]].tolist() == [50, 30, "drop"]


def test_the_mean_frequency_is_that_of_everybody():
    answered = described({"T1": [3] * 20}, {"T1": [0] * 10 + [5] * 10})
    table, _ = retained(answered, scale=FREQUENCY)
    row = table.loc["T1", "three_zone"]
    assert row[["scale", "value", "cut", "n"]].tolist() == ["frequency", 2.5, 3, 20]


def test_where_the_study_did_not_ask_who_performs_the_rule_is_left_out_with_a_note():
    table, notes = retained(described({"T1": [3, 4] * 20}))
    assert table.index.tolist() == [("T1", "three_zone"), ("T1", "declared")]
    assert [note.row for note in notes] == ["percent_performing"]


def test_means_alone_are_judged_by_the_point_cut_and_noted_once():
    published = statements(
        statement("T1", mean=3.1, sd=np.nan), statement("T2", mean=2.1, sd=np.nan)
    )
    table, notes = retained(published)
    assert table.xs("point", level="rule")["verdict"].tolist() == ["keep", "drop"]
    assert [note.row for note in notes if "no SD" in note.reason] == ["point"]


def test_the_declared_point_rule_needs_no_remark():
    table, notes = retained(statements(statement(n=8)), rule="point", cut="2.7")
    assert table.loc["T1", "point"][["cut", "verdict"]].tolist() == [2.7, "drop"]
    assert [note.row for note in notes] == ["percent_performing"]


@pytest.mark.parametrize(("counts_as", "stays"), [("keep", "yes"), ("drop", "no")])
def test_a_task_under_review_counts_as_the_study_says(counts_as, stays):
    table, notes = retained(statements(statement()), review_counts_as=counts_as)
    assert table.loc["T1", "declared"]["retained"] == stays
    assert any(note.column == "retained" for note in notes)


@pytest.mark.parametrize("mean", [1.2, 2.62, 3.8])
@pytest.mark.parametrize(("value", "stays"), [("keep", "yes"), ("drop", "no")])
def test_a_decision_wins_over_every_verdict_and_leaves_it_standing(mean, value, stays):
    rows = statements(statement(mean=mean))
    table, notes = retained(rows, decisions={"T1": (value, "Rare, but vital.", "panel chair")})
    row = table.loc["T1", "declared"]
    told = row[["decision", "reason", "decided_by", "retained"]].tolist()
    assert told == [value, "Rare, but vital.", "panel chair", stays]
    assert row["verdict"] == retained(rows)[0].loc["T1", "declared"]["verdict"]
    assert not any(note.column == "retained" for note in notes)


def test_a_decision_about_a_task_that_nobody_rated_is_noted():
    _, notes = retained(statements(statement()), decisions={"T9": ("keep", "New.", "board")})
    assert "T9, declared" in [note.row for note in notes]


def test_columns_are_those_promised_and_what_does_not_apply_is_empty():
    table, _ = retention_table(statements(statement()), IMPORTANCE, RetentionSection())
    assert tuple(table) == RETENTION
    declared = table[table["rule"] == "declared"].iloc[0]
    assert declared[["value", "cut", "ci_low", "ci_high", "n"]].isna().all()
    rule = table[table["rule"] != "declared"].iloc[0]
    assert rule[["decision", "reason", "decided_by", "retained"]].isna().all()


def test_statements_that_are_no_tasks_are_left_alone():
    table, _ = retained(statements(statement(), statement("K1", kind="knowledge")))
    assert set(table.index.get_level_values("task_id")) == {"T1"}


def test_rows_of_further_rules_join_the_verdict():
    rows = statements(statement("T1", mean=3.5), statement("T2", mean=3.5))
    counts = pd.DataFrame([[9, 9, 1, 1], [1, 1, 9, 9]], index=["T1", "T2"])
    others = [top_box(counts, scale="importance")]
    both, _ = retained(rows, others=others)
    assert both.xs("declared", level="rule")["verdict"].tolist() == ["drop", "keep"]
    either, _ = retained(rows, others=others, combination="any")
    assert either.xs("declared", level="rule")["verdict"].tolist() == ["keep", "keep"]


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([statement(), statement()], {}, "found T1 twice"),
        ([statement(scale="risk")], {}, "no ratings of tasks on the scale “importance”"),
        ([statement()], {"cut": "4.5"}, "found the cut 4.5 for “importance”; wanted 1 to 4"),
        ([statement()], {"decisions": {"T1": ("yes", "", "")}}, "found the decision “yes”"),
    ],
)
def test_what_cannot_be_judged_is_refused(rows, options, message):
    with pytest.raises(ValueError, match=message):
        retained(statements(*rows), **options)


def test_half_in_the_top_box_is_enough_and_nobody_is_reviewed():
    counts = pd.DataFrame([[5, 5, 5, 5], [6, 5, 5, 4], [0, 0, 0, 0]], index=["T1", "T2", "T3"])
    rows = top_box(counts, scale="importance")
    assert rows["verdict"].tolist() == ["keep", "drop", "review"]
    assert rows["value"].tolist() == pytest.approx([50, 45, np.nan], nan_ok=True)
    assert top_box(counts, scale="importance", k=3)["value"].iloc[1] == 70


@pytest.mark.parametrize("k", [0, 4])
def test_a_top_box_is_a_part_of_the_scale(k):
    with pytest.raises(ValueError, match="wanted 1 to 3 points"):
        top_box(pd.DataFrame([[1, 1, 1, 1]]), scale="importance", k=k)


@pytest.mark.parametrize(
    ("relevance", "mean", "verdict"),
    [
        (67, 3.0, "keep"),
        (66.9, 5.0, "drop"),
        (100, 2.99, "drop"),
        (np.nan, 3.0, "review"),
        (np.nan, 2.0, "drop"),
    ],
)
def test_a_core_task_is_both_relevant_and_important(relevance, mean, verdict):
    row = onet_core(statements(statement(mean=mean, percent_performing=relevance))).iloc[0]
    assert (row["rule"], row["verdict"]) == ("onet_core", verdict)
    assert bool(row["remark"]) == np.isnan(relevance)


@pytest.mark.parametrize("verdicts", [v for k in (1, 2, 3) for v in product(VERDICTS, repeat=k)])
def test_verdicts_combine_as_the_specification_says(verdicts):
    keeps, drops = ([verdict == name for verdict in verdicts] for name in ("keep", "drop"))
    strict = "keep" if all(keeps) else "drop" if any(drops) else "review"
    lenient = "keep" if any(keeps) else "drop" if all(drops) else "review"
    assert combine_verdicts(verdicts) == strict
    assert combine_verdicts(verdicts, "any") == lenient


@pytest.mark.parametrize("verdicts", [[], ["keep", "retain"]])
def test_only_known_verdicts_combine(verdicts):
    with pytest.raises(ValueError, match="wanted verdicts that are keep, review or drop"):
        combine_verdicts(verdicts)


@pytest.mark.parametrize(
    ("counts", "flagged"),
    [
        ([15, 0, 0, 15], True),
        ([6, 3, 21, 0], True),  # the smaller camp is a fifth, the valley half of it
        ([5, 3, 21, 1], False),  # less than a fifth
        ([6, 4, 20, 0], False),  # the valley is too shallow
        ([14, 14, 0, 0], False),
        ([16, 16, 0, 0], False),  # neighbouring points are no camps
        ([10, 9, 1, 10], True),  # one point between them is enough
        ([2, 8, 14, 6], False),
        ([15, 0, 0, 14], False),  # 29 answers
    ],
)
def test_two_camps_with_a_valley_between_them_are_flagged(counts, flagged):
    assert bimodal(counts) == flagged
    assert bimodal(counts[::-1]) == flagged


means = st.lists(st.floats(1, 4), min_size=1, max_size=8)
rules = st.sampled_from(["three_zone", "point", "bayesian"])


@settings(max_examples=25)
@given(means, rules, st.randoms())
def test_the_order_of_tasks_changes_no_verdict(values, rule, random):
    rows = [statement(f"T{k}", mean=mean, n=8 + k) for k, mean in enumerate(values)]
    before, _ = retained(statements(*rows), rule=rule)
    random.shuffle(rows)
    after, _ = retained(statements(*rows), rule=rule)
    assert list(dict.fromkeys(after.index.get_level_values(0))) == [r["statement_id"] for r in rows]
    pd.testing.assert_frame_equal(before.sort_index(), after.sort_index())


@settings(max_examples=25)
@given(st.floats(1, 4), st.floats(0.05, 1.4), st.integers(2, 400))
def test_three_zones_never_contradict_the_point_cut(mean, sd, n):
    row = statements(statement(mean=mean, sd=sd, n=n))
    zone, point = three_zone(row, cut=2.5)["verdict"][0], mean_cut(row, cut=2.5)["verdict"][0]
    assert zone in ("review", point)


@settings(max_examples=25)
@given(st.floats(1, 4), st.floats(0.05, 1.4), st.integers(10, 400))
def test_at_80_percent_confidence_zones_and_probabilities_agree(mean, sd, n):
    # An 80 % interval leaves 10 % on either side, the probabilities at which tasks go.
    row = statements(statement(mean=mean, sd=sd, n=n))
    p = probability_above(mean, sd / n**0.5, n - 1, 2.5)
    if min(abs(p - 0.1), abs(p - 0.9)) > 1e-6:
        zone = three_zone(row, cut=2.5, confidence=0.8)["verdict"][0]
        assert zone == bayesian(row, cut=2.5)["verdict"][0]


@settings(max_examples=25)
@given(st.integers(0, 200), st.integers(1, 200))
def test_performing_and_not_performing_are_mirror_images(count, more):
    n = count + more
    both = probability_performing(count, n) + probability_performing(more, n)
    assert both == pytest.approx(1)
