"""How those who were invited ended."""

from datetime import date

import pandas as pd
import pytest

from rds.ratings.dispositions import (
    INVITED,
    Mailing,
    answered_share,
    disposition_table,
    fielding_table,
    rates_table,
    respondent_dispositions,
)
from rds.ratings.ratings import Ratings
from rds.settings import SamplingSection

INVITATION = Mailing(date(2026, 5, 4), "invitation", 100, 10)
REMINDER = Mailing(date(2026, 5, 11), "reminder", 80, 0)
LISTED = SamplingSection(design="census")


def ratings(rows, *, group=None, **about):
    """Each row: how many of four statements were rated."""
    table = pd.DataFrame(
        [[3.0] * n + [float("nan")] * (4 - n) for n in rows],
        columns=["T1", "T2", "T3", "T4"],
        index=[f"R{k}" for k in range(len(rows))],
    )
    made = Ratings.from_frames(importance=table, group=group)
    return Ratings(made.scales, made.statements, made.codes, made.respondents.assign(**about))


def dispositions(answered, sent=(INVITATION,), *, left_out=None, sampling=LISTED):
    sources = {(name, ""): "survey" for name in answered.respondents.index}
    return disposition_table(
        answered, sources, left_out or {}, sent, sampling=sampling, fewest_percent=50
    )


def counts(table):
    return table.set_index("disposition")["n"].to_dict()


def test_the_platform_says_who_is_complete_and_few_ratings_are_a_break_off():
    answered = ratings(
        [4, 4, 3, 1, 0, 0],
        status=["complete", "partial", "partial", "partial", "complete", "screened out"],
    )
    found = respondent_dispositions(answered, fewest_percent=50)
    wanted = ["complete", "partial", "partial", "break-off", "break-off", "not eligible"]
    assert found.tolist() == wanted


def test_without_a_platform_four_in_five_ratings_make_an_answer_complete():
    found = respondent_dispositions(ratings([4, 3, 2, 1]), fewest_percent=50)
    assert found.tolist() == ["complete", "partial", "partial", "break-off"]


def test_the_share_answered_is_of_what_was_shown():
    shown = Ratings.from_frames(importance=pd.DataFrame({"T1": [3], "T2": [-3], "T3": [None]}))
    assert answered_share(shown).tolist() == [0.5]


def test_everybody_invited_is_accounted_for():
    table = dispositions(
        ratings([4] * 20 + [3] * 5),
        left_out={"survey": {"did not agree to take part": 4, "survey preview": 2}},
    )
    wanted = {"complete": 20, "partial": 5, "refused": 4, "bounced": 10, "unknown": 61}
    assert counts(table) == wanted
    assert table["n"].sum() == 100
    assert set(table.loc[table["source"] == INVITED, "disposition"]) == {"bounced", "unknown"}


@pytest.mark.parametrize(
    ("rules", "rr1", "rr5"),
    [
        ({}, 0.2, 1),
        ({"bounced_counts_as": "not eligible"}, 20 / 90, 1),
        ({"silent_counts_as": "not reached"}, 0.2, 20 / 90),
    ],
)
def test_declared_rules_say_what_silence_and_returned_messages_mean(rules, rr1, rr5):
    sampling = LISTED.model_copy(update=rules)
    table = dispositions(ratings([4] * 20), sampling=sampling)
    rates, notes = rates_table(table, [INVITATION], sampling)
    found = rates.set_index("rate")["value"]
    assert found[["RR1", "RR5"]].tolist() == pytest.approx([rr1, rr5])
    assert notes == []


@pytest.mark.parametrize(
    ("sampling", "sent", "reason"),
    [
        (SamplingSection(), [INVITATION], "an open link"),
        (LISTED, [], "no number of people invited"),
        (LISTED, [REMINDER], "no number of people invited"),
        (LISTED, [Mailing(date(2026, 5, 4), "invitation", 3, 0)], "20 answers or refusals, and"),
    ],
)
def test_rates_without_a_base_are_withheld_with_the_reason(sampling, sent, reason):
    table = dispositions(ratings([4] * 20), sent, sampling=sampling)
    rates, notes = rates_table(table, sent, sampling)
    assert rates["rate"].tolist() == ["completion"]
    assert [note.kind for note in notes] == ["withheld"]
    assert reason in notes[0].reason


def test_no_dispositions_are_a_note_and_an_empty_table():
    rates, notes = rates_table(dispositions(ratings([]), []), [], LISTED)
    assert len(rates) == 0
    assert "no dispositions" in notes[0].reason


def test_groups_that_invitations_name_have_rates_of_their_own():
    sent = [
        Mailing(date(2026, 5, 4), "invitation", n, 0, stratum=g) for g, n in (("a", 20), ("b", 40))
    ]
    answered = ratings([4] * 20, group=["a"] * 10 + ["b"] * 10)
    rates, _ = rates_table(dispositions(answered, sent), sent, LISTED)
    rr1 = rates[rates["rate"] == "RR1"].set_index("stratum")["value"]
    assert rr1.to_dict() == pytest.approx({"": 20 / 60, "a": 0.5, "b": 0.25})


def test_fielding_goes_day_by_day_with_reminders():
    days = ["2026-05-04"] * 3 + ["2026-05-12"] * 2 + [""]
    answered = ratings([4, 4, 2, 4, 4, 4], date=days)
    table, notes = fielding_table(answered, [INVITATION, REMINDER], fewest_percent=50)
    assert table["day"].tolist() == ["2026-05-04", "2026-05-11", "2026-05-12"]
    assert table["event"].tolist() == ["invitation", "reminder", ""]
    assert table[["sent", "answers", "complete", "complete_so_far"]].to_numpy().tolist() == [
        [100, 3, 2, 2],
        [80, 0, 0, 2],
        [0, 2, 2, 4],
    ]
    assert "not known of 1 of 6" in notes[0].reason


def test_invitations_of_which_some_name_no_group_are_taken_together():
    sent = [INVITATION, Mailing(date(2026, 5, 5), "invitation", 20, 0, stratum="a")]
    answered = ratings([4] * 20, group=["a"] * 20)
    table = dispositions(answered, sent)
    assert table["n"].sum() == 120
    assert set(rates_table(table, sent, LISTED)[0]["stratum"]) == {""}
