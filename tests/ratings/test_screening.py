"""Screening: planted careless people are flagged, honest ones stay, only declared rules exclude."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rds.ratings import screening_rules as registry
from rds.ratings.ratings import Ratings
from rds.ratings.screening import (
    EXCLUSIONS,
    SCREENING,
    SCREENING_RULES,
    respondents_table,
    screen,
    screen_ratings,
)
from rds.ratings.screening_rules import register_rule
from rds.ratings.simulate import simulate_ratings
from rds.scales import PROPOSED_SCALES
from rds.settings import ScreeningSection

N, K = 300, 24
DOMAINS = {f"T{k:02d}": f"D{1 + k // 6}" for k in range(K)}
SCALES = ("importance", "frequency")


def honest(n=N, seed=1):
    """Ratings of people who answered as they work, without gaps."""
    ratings = simulate_ratings(
        tasks=DOMAINS,
        scales=PROPOSED_SCALES,
        n_respondents=n,
        seed=seed,
        missing_percent=0,
        break_off_percent=0,
    )
    return ratings.to_wide().drop(columns=["group", "wave", "nature"])


def columns(scale):
    return [f"{task}_{scale}" for task in DOMAINS]


def screened(wide, **options):
    ratings = Ratings.from_wide(wide[columns("importance") + columns("frequency")],
                                scales=PROPOSED_SCALES)  # fmt: skip
    known = wide.drop(columns=columns("importance") + columns("frequency"))
    known = None if known.empty else known
    return screen(ratings, respondents=known, domains=DOMAINS, **options)


def flagged(found, rule):
    return found.table.loc[(found.table["rule"] == rule) & found.table["flagged"], "respondent_id"]


def value(found, rule, respondent):
    table = found.table.set_index(["rule", "respondent_id"])["value"]
    return table.get((rule, respondent), np.nan)


def test_a_straight_liner_is_flagged_by_several_rules_and_excluded_by_none_of_them():
    wide = honest()
    who = wide.index[7]
    wide.loc[who] = 3
    found = screened(wide)
    for rule in ("long string", "no variability", "same on both scales"):
        assert who in set(flagged(found, rule)), rule
    assert value(found, "long string", who) == 100
    assert found.suspect[7]
    assert found.usable.all()


def test_a_straight_liner_is_excluded_where_the_settings_said_so_in_advance():
    wide = honest()
    wide.iloc[7] = 3
    found = screened(wide, exclude=["no variability"])
    assert np.flatnonzero(~found.usable).tolist() == [7]
    assert found.exclusions.values.tolist() == [
        [0, "received", 0, N],
        [1, "no variability", 1, N - 1],
    ]


def test_who_really_does_everything_daily_is_not_flagged_as_long_as_importance_differs():
    wide = honest()
    who = wide.index[3]
    wide.loc[who, columns("frequency")] = 5
    rules = ["long string", "no variability", "same on both scales", "same answers"]
    found = screened(wide, exclude=rules)
    assert not any(who in set(flagged(found, rule)) for rule in rules)
    assert found.usable[3]


def test_who_does_everything_and_finds_all_of_it_important_is_never_excluded_by_default():
    wide = honest()
    wide.iloc[3, :K], wide.iloc[3, K:] = 4, 5
    assert screened(wide).usable[3]


def test_zeros_of_work_that_is_not_done_make_no_long_string():
    wide = honest()
    who = wide.index[5]
    before = value(screened(wide), "long string", who)
    undone = [name for name in columns("frequency") if DOMAINS[name[:3]] in ("D2", "D3")]
    wide.loc[who, undone] = 0
    wide.loc[who, [name.replace("frequency", "importance") for name in undone]] = 1
    found = screened(wide)
    assert before < 50
    assert value(found, "long string", who) < 50
    assert who not in set(flagged(found, "no variability"))


def test_a_domain_that_nobody_performs_shows_no_pattern():
    wide = honest()
    undone = [name for name in columns("frequency") if DOMAINS[name[:3]] == "D2"]
    wide[undone] = 0
    wide[[name.replace("frequency", "importance") for name in undone]] = 1
    ratings = Ratings.from_wide(wide, scales=PROPOSED_SCALES)
    material = registry.Material(ratings, SCALES, DOMAINS, ScreeningSection())
    rows = [k for k, domain in enumerate(DOMAINS.values()) if domain == "D2"]
    assert np.isnan(material.patterns["importance"][rows]).all()
    assert not np.isnan(material.patterns["importance"][0]).all()


def test_short_domains_are_read_on_as_one_page():
    wide = pd.DataFrame([[1, 2, 3, 4] * 2 + [4] * 4], columns=[f"T{k}_harm" for k in range(12)])
    found = screen(wide, domains={f"T{k}": f"D{k // 4}" for k in range(12)})
    assert value(found, "long string", 0) == pytest.approx(100 * 5 / 12)


def test_speeders_are_flagged_by_seconds_per_rating_given():
    wide = honest().assign(seconds="600")
    wide.iloc[2, wide.columns.get_loc("seconds")] = "60"
    wide.iloc[4, wide.columns.get_loc("seconds")] = ""
    found = screened(wide)
    assert list(flagged(found, "too fast")) == [wide.index[2]]
    rated = int((wide.iloc[2][columns("importance") + columns("frequency")].fillna(-1) >= 0).sum())
    assert value(found, "too fast", wide.index[2]) == pytest.approx(60 / rated)
    assert np.isnan(value(found, "too fast", wide.index[4]))


def test_of_a_repeated_token_the_most_complete_answer_stays():
    wide = honest().assign(contact=[f"c{k}" for k in range(N)])
    place = wide.columns.get_loc("contact")
    wide.iloc[[10, 20, 30], place] = "again"
    wide.iloc[10, :5] = None
    wide.iloc[30, :9] = None
    found = screened(wide)
    assert np.flatnonzero(~found.usable).tolist() == [10, 30]
    assert set(found.respondents["excluded_as"].iloc[[10, 30]]) == {"repeated token"}
    assert value(found, "repeated token", wide.index[20]) == 3


def test_the_same_person_in_two_waves_is_no_repeated_token():
    ratings = Ratings.from_frames(
        importance=pd.DataFrame({f"T{k}": [1 + k % 4, 4 - k % 4] for k in range(12)}),
        wave=["1", "2"],
    )
    found = screen(ratings, respondents=pd.DataFrame({"contact": ["c", "c"]}))
    assert found.usable.all()


def test_equally_complete_doubles_keep_the_finished_then_the_earlier_one():
    answers = pd.DataFrame({f"T{k}_harm": [1 + k % 4] * 3 for k in range(12)})
    known = pd.DataFrame(
        {
            "contact": "c",
            "status": ["partial", "complete", "complete"],
            "date": ["2026-05-01", "2026-05-03", "2026-05-02"],
        }
    )
    assert screen(answers, respondents=known).usable.tolist() == [False, False, True]


def test_the_same_answers_of_two_respondents_are_flagged_for_both():
    wide = honest()
    wide.iloc[50] = wide.iloc[60]
    wide.iloc[70] = 3
    wide.iloc[71] = 3
    found = screened(wide)
    assert set(flagged(found, "same answers")) == set(wide.index[[50, 60]])
    assert found.usable.all()


def test_incomplete_counts_what_was_shown_and_takes_not_performed_for_an_answer():
    frequency = pd.DataFrame({f"T{k}": [0, 3, 3, None] for k in range(10)})
    importance = pd.DataFrame(
        {f"T{k}": [None, 2 if k < 4 else None, 2 if k < 4 else -3, None] for k in range(10)}
    )
    ratings = Ratings.from_frames(
        importance=importance, frequency=frequency, not_performed={"frequency": 0}
    )
    found = screen(ratings)
    assert [value(found, "incomplete", k) for k in range(4)] == [100, 40, 100, 0]
    assert found.usable.tolist() == [True, False, True, False]


def test_only_the_scales_of_the_weights_have_to_be_answered():
    ratings = Ratings.from_frames(
        importance=pd.DataFrame({"T1": [3], "T2": [4]}), harm=pd.DataFrame({"T1": [None], "T2": 1})
    )
    limits = ScreeningSection(minimum_answered_percent=80)
    assert not screen_ratings(ratings, limits).usable.any()
    assert screen_ratings(ratings, limits, scales=["importance"]).usable.all()


def test_attention_checks_and_repeated_statements():
    wide = honest().assign(
        check1="passed", check2="", **{"again1 T01_importance": honest()["T01_importance"]}
    )
    wide.iloc[0, wide.columns.get_loc("check1")] = "failed"
    wide.iloc[0, wide.columns.get_loc("check2")] = "failed"
    wide.iloc[1, wide.columns.get_loc("check1")] = ""
    wide.iloc[2, wide.columns.get_loc("T01_importance")] = 1
    wide.iloc[2, wide.columns.get_loc("again1 T01_importance")] = 3
    wide.iloc[3, wide.columns.get_loc("T01_importance")] = 2
    wide.iloc[3, wide.columns.get_loc("again1 T01_importance")] = 3
    found = screened(wide)
    assert list(flagged(found, "failed attention check")) == [wide.index[0]]
    assert value(found, "failed attention check", wide.index[0]) == 2
    assert np.isnan(value(found, "failed attention check", wide.index[1]))
    assert list(flagged(found, "repeated statement")) == [wide.index[2]]
    assert value(found, "repeated statement", wide.index[3]) == 1


def test_eligibility_takes_one_of_several_answers_and_the_platforms_status():
    wide = honest().assign(Q1="Yes", status="complete")
    place, status = wide.columns.get_loc("Q1"), wide.columns.get_loc("status")
    wide.iloc[0, place] = "No"
    wide.iloc[1, place] = "no; yes"
    wide.iloc[2, place] = ""
    wide.iloc[3, status] = "screened out"
    found = screened(wide, eligible_if={"Q1": ["yes"]})
    assert np.flatnonzero(~found.usable).tolist() == [0, 3]
    reasons = [note.reason for note in found.notes if note.row == "ineligible"]
    assert reasons == ["1 respondents did not answer Q1"]


def test_whose_ratings_do_not_count_is_the_last_step_without_being_named():
    wide = honest().assign(Q2="Practice")
    wide.iloc[:4, wide.columns.get_loc("Q2")] = "Teaching"
    wide.iloc[0, : 2 * K] = None
    found = screened(wide, counts_in_weights_if={"Q2": ["Practice"]})
    steps = found.exclusions.set_index("reason")["n_excluded"].to_dict()
    assert (steps["incomplete"], steps["not counted in weights"]) == (1, 3)
    assert list(steps)[-1] == "not counted in weights"


def test_panel_members_are_found_where_the_panels_contacts_are_known():
    wide = honest().assign(contact=[f"c{k}" for k in range(N)])
    found = screened(wide, panel_contacts=["c5", "somebody else"])
    assert list(flagged(found, "panel member")) == [wide.index[5]]
    unknown = [note.reason for note in screened(wide).notes if note.row == "panel member"]
    assert unknown == ["not assessed: no contacts of the panel are known"]


def test_random_answers_stand_out_from_people_who_agree():
    rng = np.random.default_rng(3)
    profile = rng.integers(1, 5, K)
    wide = pd.DataFrame(
        np.clip(profile + rng.integers(-1, 2, (200, K)), 1, 4),
        columns=[f"T{k}_harm" for k in range(K)],
    )
    wide.iloc[0] = 5 - wide.iloc[1]
    found = screen(wide)
    assert list(flagged(found, "unlike the others")) == [0]
    assert 0 in set(flagged(found, "outlying ratings"))


def test_one_reason_each_in_the_stated_order():
    wide = honest().assign(seconds="600", Q1="Yes")
    wide.iloc[0] = [3] * (2 * K) + ["10", "No"]
    one, other = (
        screened(wide, exclude=order, eligible_if={"Q1": ["Yes"]})
        for order in (["too fast", "ineligible"], ["ineligible", "too fast"])
    )
    assert one.respondents["excluded_as"].iloc[0] == "too fast"
    assert other.respondents["excluded_as"].iloc[0] == "ineligible"
    assert one.table["excluded"].sum() == other.table["excluded"].sum() == 1


def test_everybody_may_be_excluded_and_the_counts_stay_visible():
    found = screened(honest().assign(seconds="1"), exclude=["too fast"])
    assert not found.usable.any()
    assert found.n_received == N
    assert found.exclusions["n_remaining"].tolist() == [N, 0]


def test_what_cannot_be_assessed_is_said():
    notes = {note.row: note.reason for note in screened(honest()).notes}
    assert notes["too fast"] == "not assessed: the time taken is not known"
    assert notes["failed attention check"] == "not assessed: the survey had no attention checks"
    assert notes["repeated token"].startswith("not assessed: no contact")


def test_answers_reconstructed_from_published_means_are_not_screened():
    frame = pd.DataFrame({"T1": [4, 4], "T2": [None, 4]})
    found = screen(Ratings.from_frames(importance=frame, nature="reconstructed"))
    assert found.usable.all()
    assert not len(found.table)
    assert [note.kind for note in found.notes] == ["withheld"]


def test_one_respondent_and_none_give_a_result():
    frame = pd.DataFrame({f"T{k}": [1 + k % 4] for k in range(12)})
    for n in (1, 0):
        found = screen(Ratings.from_frames(importance=frame.head(n).astype(float)))
        assert found.exclusions["n_remaining"].tolist() == [n] * 4


def test_an_unknown_rule_is_refused_with_the_nearest_name():
    with pytest.raises(ValueError, match=r"there is no rule “to fast” .*did you mean “too fast”"):
        screened(honest(), exclude=["to fast"])


def test_limits_that_are_none_are_refused():
    with pytest.raises(ValueError, match="minimum_secs"):
        screened(honest(), minimum_secs=2)


def test_every_rule_names_its_source_and_threshold(monkeypatch):
    monkeypatch.setattr(registry, "_ADDED", {})
    rules = screened(honest()).rules
    assert tuple(rules) == SCREENING_RULES
    assert (rules[["description", "source", "flagged_if"]] != "").all(axis=None)


def test_a_rule_of_ones_own_is_recorded_with_its_version(monkeypatch):
    monkeypatch.setattr(registry, "_ADDED", {})

    @register_rule("first", description="The first.", source="ours", version="ours 2.1")
    def first(ratings):
        place = np.arange(len(ratings))
        return pd.DataFrame({"value": place, "flagged": place == 0})

    found = screened(honest(), exclude=["first"])
    assert np.flatnonzero(~found.usable).tolist() == [0]
    assert found.rules.set_index("rule").loc["first", "version"] == "ours 2.1"


def test_a_rule_of_ones_own_that_returns_something_else_is_refused(monkeypatch):
    monkeypatch.setattr(registry, "_ADDED", {})
    register_rule("odd", description="", source="", version="")(lambda _: pd.DataFrame({"a": [1]}))
    with pytest.raises(ValueError, match="“odd” returned 1 rows of a; wanted 300 rows"):
        screened(honest())


def test_the_table_of_respondents_hides_contacts_checks_and_texts():
    wide = honest().assign(contact="c", check1="passed", missing="a text", Q1="Yes")
    table = respondents_table(screened(wide, exclude=[]))
    assert list(table)[-1] == "Q1"
    assert not {"contact", "check1", "missing"} & set(table)


def test_a_screening_shows_the_steps_and_the_flags():
    wide = honest()
    wide.iloc[7] = 3
    found = screened(wide)
    assert tuple(found.table) == SCREENING
    assert tuple(found.exclusions) == EXCLUSIONS
    assert "no variability: 1 of 300" in repr(found)


@settings(deadline=None, max_examples=15)
@given(st.permutations(range(40)))
def test_the_order_of_respondents_changes_nothing(order):
    wide = honest(40, seed=2).assign(seconds="30")
    wide.iloc[3, :30] = None
    again = screened(wide.iloc[list(order)])
    pd.testing.assert_frame_equal(
        again.table.sort_values(["respondent_id", "rule"], ignore_index=True),
        screened(wide).table.sort_values(["respondent_id", "rule"], ignore_index=True),
    )
