"""What a panel is asked, what differs between versions, and how the work is shared."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.outline.judgements import (
    PARTS,
    Ask,
    ask_from_dict,
    ask_of,
    differences,
    empty_parts,
    gaps,
    still_holds,
)
from rds.outline.judging_work import minutes, people_per_task, share_work, shuffled
from rds.outline.outline import KSA, Domain, Outline, Task
from rds.scales import PROPOSED_SCALES

OUTLINE = Outline(
    domains=(Domain("D1", "Support"), Domain("D2", "Rights"), Domain("D3", "Empty")),
    tasks=(
        Task("T1", "D1", "Listen."),
        Task("T2", "D2", "Speak.", status="proposed"),
        Task("T3", "D2", "Write.", status="dropped"),
    ),
    ksas=(KSA("K1", "skill", "Skill in listening."),),
)
LEVELS = ("recall", "use")
WHOLE = ask_of(OUTLINE, PROPOSED_SCALES, LEVELS)


def test_active_and_proposed_statements_are_judged_in_domains_that_have_tasks():
    assert WHOLE.parts == PARTS
    assert list(WHOLE.tasks) == ["T1", "T2"]
    assert list(WHOLE.domains) == ["D1", "D2"]
    assert list(WHOLE.statements("relevance")) == ["T1", "T2", "K1"]


def test_a_round_holds_only_what_its_parts_need():
    ask = ask_of(OUTLINE, PROPOSED_SCALES, LEVELS, ["levels"])
    assert (ask.domains, ask.ksas, ask.scales) == ({}, {}, ())
    moved = replace(OUTLINE, domains=(Domain("D1", "Other"), Domain("D2", "Names")))
    assert ask_of(moved, PROPOSED_SCALES, LEVELS, ["levels"]).version == ask.version
    assert ask_of(moved, PROPOSED_SCALES, LEVELS, ["sorting"]).version != ask.version


def test_parts_without_statements_are_left_out_or_named():
    bare = replace(OUTLINE, ksas=(), domains=(Domain("D1", "All"),), tasks=OUTLINE.tasks[:1])
    assert ask_of(bare, (), LEVELS).parts == ("relevance", "levels")
    assert empty_parts(ask_of(bare, (), LEVELS, ["links", "relevance"])) == ("links",)


def test_what_is_asked_comes_back_from_json_as_it_was():
    again = ask_from_dict(json.loads(json.dumps(WHOLE.as_dict())))
    assert again == WHOLE
    assert again.version == WHOLE.version


def test_the_order_of_statements_makes_no_other_version():
    turned = replace(OUTLINE, tasks=OUTLINE.tasks[::-1])
    assert ask_of(turned, PROPOSED_SCALES, LEVELS).version == WHOLE.version


def test_differences_name_everything_that_changed():
    new = ask_of(
        Outline(
            domains=(Domain("D1", "Support"), Domain("D2", "Duties")),
            tasks=(Task("T1", "D1", "Listen well."), Task("T4", "D2", "Sing.")),
            ksas=(KSA("K1", "ability", "Skill in listening."),),
        ),
        (replace(PROPOSED_SCALES[0], question="How much?"),),
        ("recall", "analysis"),
    )
    assert differences(WHOLE, new) == (
        "D2 was reworded: “Rights” became “Duties”",
        "T1 was reworded: “Listen.” became “Listen well.”",
        "T2 was removed: “Speak.”",
        "T4 was added: “Sing.”",
        "K1 was of the kind skill, and is now ability",
        "the levels were recall, use: now recall, analysis",
        "the scale importance was changed",
        "the scale frequency was removed",
    )
    assert differences(WHOLE, WHOLE) == ()


@pytest.mark.parametrize(
    ("place", "value", "holds"),
    [
        (("relevance", "T1", ""), "4", False),
        (("relevance", "K1", ""), "4", True),
        (("links", "T2", "K1"), "3", True),
        (("links", "T1", "K1"), "3", False),
        (("levels", "T2", ""), "use", False),
        (("levels", "T2", ""), "recall", True),
        (("sorting", "T2", ""), "D9", False),
        (("sorting", "T2", ""), "none", True),
        (("ratings", "T2", "importance"), "3", False),
        (("ratings", "T2", "frequency"), "3", True),
    ],
)
def test_judgements_hold_while_the_words_do(place, value, holds):
    scales = (replace(PROPOSED_SCALES[0], question="How much?"), PROPOSED_SCALES[1])
    new = replace(WHOLE, tasks={"T1": "Listen well.", "T2": "Speak."}, scales=scales)
    new = replace(new, levels=("recall",))
    assert still_holds(place, value, old=WHOLE, new=new) is holds


def test_gaps_are_named_part_by_part():
    judged = {("relevance", "T1", ""), ("links", "T1", "K1"), ("ratings", "T1", "importance")}
    left = gaps(WHOLE, judged, tasks=["T1", "T2"])
    assert left["relevance"] == ["T2", "K1"]
    assert left["links"] == ["T2"]
    assert left["ratings"] == ["T2 importance", "T1 frequency", "T2 frequency"]
    assert gaps(WHOLE, judged, tasks=["T1"]).get("links") is None


TASKS = [f"T{k}" for k in range(25)]


@given(st.integers(1, 15), st.integers(1, 15))
def test_work_is_shared_evenly_and_every_task_has_its_people(n, per_task):
    people = [f"SME{k}" for k in range(n)]
    shares = share_work(TASKS, people, per_task=per_task)
    sizes = [len(own) for own in shares.values()]
    assert max(sizes) - min(sizes) <= 1
    assert {sum(task in own for own in shares.values()) for task in TASKS} == {min(n, per_task)}
    assert shares == share_work(TASKS, people, per_task=per_task)


def test_the_same_people_do_not_always_meet():
    shares = share_work(TASKS, [f"SME{k}" for k in range(14)], per_task=7)
    groups = {frozenset(n for n, own in shares.items() if task in own) for task in TASKS}
    assert len(groups) > 10


def test_whoever_joins_takes_the_tasks_that_fewest_have():
    given_ = {"A": ("T0", "T1"), "B": ("T0", "T2")}
    assert share_work(["T0", "T1", "T2", "T3"], ["C"], per_task=9, given=given_)["C"][-1] == "T3"


def test_at_least_so_many_judge_each_link_however_large_the_grid():
    large = {"fewest": 5, "largest_share": 500}
    assert people_per_task(100, 100, 12, **large) == 5
    assert people_per_task(100, 100, 3, **large) == 3
    assert people_per_task(5, 5, 12, **large) == 12


def test_the_order_of_sorting_is_one_s_own_and_always_the_same():
    assert shuffled(TASKS, "SME01") != shuffled(TASKS, "SME02")
    assert sorted(shuffled(TASKS, "SME01")) == sorted(TASKS)
    assert shuffled(TASKS, "SME01") != TASKS


def test_minutes_grow_with_the_links():
    ask = Ask(("links",), tasks=dict.fromkeys(TASKS, "x"), ksas=dict.fromkeys(TASKS, "y"))
    assert minutes(ask, TASKS)["links"] > minutes(ask, TASKS[:5])["links"] > 1
