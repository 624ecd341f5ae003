"""What changed from one outline to another: each edit found as that edit, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rds.outline.changes import (
    OUTLINE_CHANGES,
    Change,
    Requirement,
    compare_outlines,
)
from rds.outline.outline import KSA, Domain, Link, Outline, Task

OUTLINE = Outline(
    domains=(
        Domain("D1", "Providing peer support"),
        Domain("D2", "Working ethically"),
        Domain("D3", "Documentation and law"),
    ),
    tasks=(
        Task("T01", "D1", "Help people set goals of their own."),
        Task("T02", "D1", "Lead groups in which members learn from each other."),
        Task("T03", "D2", "Explain the limits of confidentiality at the first meeting."),
        Task("T04", "D2", "Seek supervision when boundaries become unclear."),
        Task("T05", "D3", "Write brief and truthful notes of every contact."),
        Task("T06", "D3", "Report suspected abuse as the law demands."),
    ),
    ksas=(
        KSA("K01", "knowledge", "Knowledge of the rights of people who use services."),
        KSA("K02", "skill", "Skill in listening without giving advice."),
        KSA("K03", "ability", "Ability to bear strong feelings."),
    ),
    links=(Link("T01", "K02", 3), Link("T03", "K01", 2), Link("T04", "K03", 1)),
)
REQUIREMENTS = (
    Requirement("R1", "training", "Complete an approved course.", ("T01", "T02")),
    Requirement("R2", "supervision", "Work under a supervisor for a year.", ("T04",)),
)


def with_task(name, **values):
    tasks = tuple(replace(t, **values) if t.task_id == name else t for t in OUTLINE.tasks)
    return replace(OUTLINE, tasks=tasks)


def only(old, new, **requirements):
    [change] = compare_outlines(old, new, **requirements)
    return change


def told(changes):
    return [(c.unit, c.kind, c.old_ids, c.new_ids) for c in changes]


def test_an_outline_does_not_differ_from_itself():
    same = {"old_requirements": REQUIREMENTS, "new_requirements": REQUIREMENTS}
    assert compare_outlines(OUTLINE, OUTLINE, **same) == ()


def test_sources_notes_and_who_accepted_are_no_change():
    assert compare_outlines(OUTLINE, with_task("T01", source="S1", note="x", accepted_by="p")) == ()


def test_a_reworded_statement_is_shown_word_by_word():
    change = only(OUTLINE, with_task("T01", statement="Help persons set goals of their own."))
    assert told([change]) == [("task", "reworded", ("T01",), ("T01",))]
    assert str(change) == "task T01 reworded: Help ~~people~~ → __persons__ set goals of their own."


def test_other_spaces_are_no_other_words():
    assert (
        compare_outlines(
            OUTLINE, with_task("T01", statement="Help  people set goals of their own. ")
        )
        == ()
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"domain_id": "D3"}, ("moved", "D1", "D3", "")),
        ({"status": "dropped"}, ("status changed", "active", "dropped", "")),
        ({"cognitive_level": "recall"}, ("changed", "", "recall", "cognitive_level")),
        (
            {"assessed_by": ("training", "exam")},
            ("changed", "exam", "exam, training", "assessed_by"),
        ),
    ],
)
def test_an_edit_of_a_task_is_found_as_that_edit_and_nothing_else(values, expected):
    change = only(OUTLINE, with_task("T01", **values))
    assert (change.kind, change.before, change.after, change.field) == expected


def test_a_task_that_is_added_or_removed_takes_its_links_along():
    smaller = replace(
        OUTLINE, tasks=OUTLINE.tasks[:-3] + OUTLINE.tasks[-2:], links=OUTLINE.links[:2]
    )
    assert told([only(OUTLINE, smaller)]) == [("task", "removed", ("T04",), ())]
    assert told([only(smaller, OUTLINE)]) == [("task", "added", (), ("T04",))]


def test_an_identifier_with_an_entirely_different_text_was_reused():
    changes = compare_outlines(OUTLINE, with_task("T06", statement="Bake bread for the market."))
    assert told(changes) == [("task", "removed", ("T06",), ()), ("task", "added", (), ("T06",))]
    assert all("T06 was reused" in change.warning for change in changes)


def test_the_same_text_under_another_identifier_is_the_same_statement():
    change = only(OUTLINE, with_task("T06", task_id="T99"))
    assert told([change]) == [("task", "renumbered", ("T06",), ("T99",))]
    assert not change.warning


def test_texts_that_change_places_are_recognised_and_warned_of():
    swapped = (
        replace(OUTLINE.tasks[1], task_id="T01"),
        replace(OUTLINE.tasks[0], task_id="T02"),
        *OUTLINE.tasks[2:],
    )
    changes = compare_outlines(OUTLINE, replace(OUTLINE, tasks=swapped, links=()))
    kinds = {(c.kind, c.old_ids, c.new_ids) for c in changes if c.unit == "task"}
    assert ("renumbered", ("T01",), ("T02",)) in kinds
    assert ("renumbered", ("T02",), ("T01",)) in kinds
    assert all("reused" in c.warning for c in changes if c.kind == "renumbered")


def test_links_follow_a_statement_to_its_new_identifier():
    renamed = tuple(replace(link, task_id="X3") if link.task_id == "T03" else link
                    for link in OUTLINE.links)  # fmt: skip
    new = replace(with_task("T03", task_id="X3"), links=renamed)
    assert told([only(OUTLINE, new)]) == [("task", "renumbered", ("T03",), ("X3",))]


def test_two_tasks_in_one_are_merged_and_one_in_two_is_split():
    both = "Write brief and truthful notes of every contact and report suspected abuse by law."
    merged = replace(OUTLINE, tasks=(*OUTLINE.tasks[:4], replace(OUTLINE.tasks[4], statement=both)))
    assert told([only(OUTLINE, merged)]) == [("task", "merged", ("T05", "T06"), ("T05",))]
    assert told([only(merged, OUTLINE)]) == [("task", "split", ("T05",), ("T05", "T06"))]


def test_a_removed_task_that_is_only_similar_to_a_reworded_one_is_not_merged():
    tasks = tuple(Task(f"T{k}", "D1", f"Do part {k} of the work well.") for k in range(1, 5))
    old = Outline((Domain("D1", "Work"),), tasks)
    reworded = replace(tasks[2], statement="Do part 3 of the work very well.")
    changes = compare_outlines(old, replace(old, tasks=(tasks[0], reworded, tasks[3])))
    assert told(changes) == [
        ("task", "removed", ("T2",), ()),
        ("task", "reworded", ("T3",), ("T3",)),
    ]


def test_a_domain_with_a_new_title_is_known_by_its_tasks():
    domains = (replace(OUTLINE.domains[0], title="Being with others"), *OUTLINE.domains[1:])
    change = only(OUTLINE, replace(OUTLINE, domains=domains))
    assert told([change]) == [("domain", "reworded", ("D1",), ("D1",))]


def test_a_renumbered_domain_moves_no_task():
    domains = (replace(OUTLINE.domains[0], domain_id="A"), *OUTLINE.domains[1:])
    tasks = tuple(replace(t, domain_id="A") if t.domain_id == "D1" else t for t in OUTLINE.tasks)
    change = only(OUTLINE, replace(OUTLINE, domains=domains, tasks=tasks))
    assert told([change]) == [("domain", "renumbered", ("D1",), ("A",))]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("panel_percent", 40.0, "40"), ("minimum_items", 5, "5"), ("parent_id", "D2", "D2")],
)
def test_what_is_said_of_a_domain_is_compared(field, value, said):
    domains = (replace(OUTLINE.domains[0], **{field: value}), *OUTLINE.domains[1:])
    change = only(OUTLINE, replace(OUTLINE, domains=domains))
    assert (change.field or change.kind, change.after) == (
        "moved" if field == "parent_id" else field, said,
    )  # fmt: skip


def test_links_are_added_removed_and_of_another_level():
    links = (Link("T01", "K02", 2), Link("T03", "K01", 2), Link("T05", "K01", 1))
    changes = compare_outlines(OUTLINE, replace(OUTLINE, links=links))
    assert [str(change) for change in changes] == [
        "link T01–K02 level changed: 3 → 2",
        "link T04–K03 removed: 1",
        "link T05–K01 added: 1",
    ]


def test_ksas_change_kind_and_status():
    ksas = (replace(OUTLINE.ksas[0], kind="skill", status="proposed"), *OUTLINE.ksas[1:])
    changes = compare_outlines(OUTLINE, replace(OUTLINE, ksas=ksas))
    assert [(c.unit, c.kind, c.after) for c in changes] == [
        ("KSA", "status changed", "proposed"),
        ("KSA", "changed", "skill"),
    ]


def test_requirements_are_compared_by_words_and_tasks():
    tied = replace(REQUIREMENTS[0], task_ids=("T01",))
    reworded = replace(REQUIREMENTS[1], statement="Work under a supervisor for two years.")
    changes = compare_outlines(
        OUTLINE, OUTLINE, old_requirements=REQUIREMENTS, new_requirements=(tied, reworded)
    )
    assert [(c.kind, c.field, c.after) for c in changes] == [
        ("reworded", "", "Work under a supervisor for two years."),
        ("changed", "task_ids", "T01"),
    ]


def test_a_row_has_a_cell_for_every_column():
    row = Change("task", "added", (), ("T1",), after="Listen.").as_row()
    assert dict(zip(OUTLINE_CHANGES, row, strict=True)) == {
        "unit": "task", "change": "added", "field": "", "old_ids": "", "new_ids": "T1",
        "before": "", "after": "Listen.", "words": "", "warning": "",
    }  # fmt: skip


MIRRORED = {"added": "removed", "removed": "added", "merged": "split", "split": "merged"}


def mirrored(change):
    return (
        change.unit, MIRRORED.get(change.kind, change.kind), change.field,
        change.new_ids, change.old_ids, change.after, change.before, change.warning,
    )  # fmt: skip


def as_tuple(change):
    return (
        change.unit, change.kind, change.field,
        change.old_ids, change.new_ids, change.before, change.after, change.warning,
    )  # fmt: skip


words = st.sampled_from(
    ["help", "people", "set", "goals", "lead", "groups", "write", "plan", "care", "law"]
)
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)
statuses = st.sampled_from(["active", "dropped", "proposed"])


@st.composite
def outlines(draw):
    domains = tuple(
        Domain(f"D{k}", t) for k, t in enumerate(draw(st.lists(texts, min_size=1, max_size=3)))
    )
    names = st.sampled_from([d.domain_id for d in domains])
    tasks = tuple(
        Task(f"T{k}", draw(names), text, status=draw(statuses))
        for k, text in enumerate(draw(st.lists(texts, max_size=5)))
    )
    ksas = tuple(KSA(f"K{k}", "skill", t) for k, t in enumerate(draw(st.lists(texts, max_size=3))))
    pairs = [(t.task_id, k.ksa_id) for t in tasks for k in ksas]
    links = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)) if pairs else []
    levels = st.integers(1, 3)
    return Outline(domains, tasks, ksas, tuple(Link(t, k, draw(levels)) for t, k in links))


@given(outlines())
def test_no_outline_differs_from_itself(outline):
    assert compare_outlines(outline, outline) == ()


@given(outlines(), outlines())
def test_looking_back_mirrors_looking_forward(old, new):
    there = {as_tuple(change) for change in compare_outlines(old, new)}
    back = {mirrored(change) for change in compare_outlines(new, old)}
    assert there == back


@given(
    st.permutations(OUTLINE.tasks), st.permutations(OUTLINE.ksas), st.permutations(OUTLINE.domains)
)
def test_another_order_changes_the_order_only(tasks, ksas, domains):
    new = replace(OUTLINE, tasks=tuple(tasks), ksas=tuple(ksas), domains=tuple(domains))
    changes = compare_outlines(OUTLINE, new)
    assert {change.kind for change in changes} <= {"reordered"}
    assert any(change.unit == "KSA" for change in changes) == (tuple(ksas) != OUTLINE.ksas)


@given(st.permutations(OUTLINE.links))
def test_links_have_no_order(links):
    assert compare_outlines(OUTLINE, replace(OUTLINE, links=tuple(links))) == ()


@given(outlines(), outlines())
def test_every_statement_is_accounted_for(old, new):
    changes = [c for c in compare_outlines(old, new) if c.unit == "task"]
    gone = {name for c in changes if c.kind == "removed" for name in c.old_ids}
    come = {name for c in changes if c.kind == "added" for name in c.new_ids}
    stayed = len(old.tasks) - len(gone), len(new.tasks) - len(come)
    assert (stayed[0] == 0) == (stayed[1] == 0)
