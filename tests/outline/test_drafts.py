"""Drafts brought together: nothing lost, nothing merged but the very same words."""

from hypothesis import given
from hypothesis import strategies as st

from rds.outline.drafts import Drafted, find_domain, merge_drafts
from rds.outline.proposal import Decided, accepted_rows, decision_faults
from rds.outline.words import split_words

STATEMENTS = [
    "Help people set goals.",
    "help people set goals",
    "Assist people in setting goals.",
    "Lead a support group.",
    "Lead support groups.",
    "Keep what people say private.",
    "Do not keep what people say private.",
    "???",
]


def task(statement, by="SME01", **more):
    return Drafted("task", statement, by, **more)


def test_the_very_same_words_are_one_statement_with_all_who_wrote_them():
    (one,) = merge_drafts([task("Set goals."), task("set goals", "SME02")])
    assert (one.by, one.statement, one.remarks) == (
        ("SME01", "SME02"),
        "Set goals.",
        ("also written “set goals”",),
    )


def test_statements_alike_stand_together_and_say_in_what():
    words = ["Help people set goals.", "Lead a support group.", "Assist people in setting goals."]
    merged = merge_drafts([task(text) for text in words])
    assert [(one.statement, one.group) for one in merged] == [
        (words[0], 1),
        (words[2], 1),
        (words[1], 0),
    ]
    assert merged[0].alike[0].startswith("T03: ")


def test_a_statement_of_the_outline_is_named_where_a_draft_repeats_it():
    (one,) = merge_drafts([task("Set goals.")], known={"task": {"T01": "Set goals!"}})
    assert one.name == "T02"
    assert one.alike == ("T01: the same words",)


def test_identifiers_once_given_are_not_given_again():
    names = [one.name for one in merge_drafts([task("A b."), task("C d.")], taken=["t01", "T03"])]
    assert names == ["T04", "T05"]


def test_tasks_stand_by_domain_and_domains_named_only_there_are_proposed():
    drafts = [
        task("Lead a group.", domain="Leading"),
        task("Keep secrets.", domain="ethics"),
        task("Write notes.", domain=""),
        Drafted("domain", "Ethics", "SME02"),
    ]
    merged = merge_drafts(drafts)
    assert [(one.name, one.statement, one.domain) for one in merged] == [
        ("D1", "Ethics", ""),
        ("D2", "Leading", ""),
        ("T01", "Keep secrets.", "D1"),
        ("T02", "Lead a group.", "D2"),
        ("T03", "Write notes.", ""),
    ]


def test_authors_who_put_a_task_in_different_domains_leave_it_open():
    titles = [Drafted("domain", "Ethics", "SME01"), Drafted("domain", "Support", "SME01")]
    tasks = [task("Listen.", domain="Ethics"), task("Listen.", "SME02", domain="Support")]
    one = merge_drafts([*titles, *tasks])[-1]
    assert one.domain == ""
    assert one.remarks == ("put in D1, D2",)


def test_ksas_of_different_kinds_stay_apart():
    kinds = ["knowledge", "skill"]
    merged = merge_drafts([Drafted("KSA", "Listening", "SME01", kind=kind) for kind in kinds])
    assert [one.kind for one in merged] == kinds


def test_domains_are_found_by_identifier_title_or_nearly_the_title():
    titles = {"D1": "Providing peer support", "D2": "Ethics and self-care"}
    assert find_domain("Provide peer support", titles) == "D1"
    assert find_domain("D2", titles) == "D2"
    assert find_domain("Finance", titles) == ""
    assert find_domain("?", titles) == ""


people = st.sampled_from(["SME01", "SME02", "group 1"])
drafts = st.lists(
    st.builds(
        Drafted,
        unit=st.sampled_from(["domain", "task", "KSA", "requirement"]),
        statement=st.sampled_from(STATEMENTS),
        by=people,
        domain=st.sampled_from(["", "Support", "Ethics"]),
    ),
    max_size=12,
)


@given(drafts)
def test_no_line_and_no_author_is_ever_lost(drafted):
    merged = merge_drafts(drafted, taken=["T01", "D1"])
    assert len({one.name.casefold() for one in merged}) == len(merged)
    assert not {"T01", "D1"} & {one.name for one in merged}
    for line in drafted:
        words = split_words(line.statement)
        (home,) = [
            one for one in merged if one.unit == line.unit and split_words(one.statement) == words
        ]
        assert line.by in home.by


@given(drafts, st.randoms())
def test_the_order_of_drafts_makes_no_difference_to_what_is_proposed(drafted, random):
    def content(lines):
        merged = merge_drafts(lines)
        return {(one.unit, tuple(split_words(one.statement)), frozenset(one.by)) for one in merged}

    shuffled = random.sample(drafted, len(drafted))
    assert content(drafted) == content(shuffled)


def decided(name="T01", decision="keep", unit="task", **more):
    given = {"domain": "D1" if unit == "task" else "", "by": "SME01, SME02", **more}
    return Decided(name, unit, "Lead groups.", "Lead groups.", decision, **given)


def test_kept_statements_make_rows_and_others_none():
    lines = [decided(), decided("T02", "drop", reason="rare")]
    (row,) = accepted_rows(lines, source="drafts, round 1", accepted_by="panel chair")
    assert row == (
        "Tasks",
        {
            "task_id": "T01",
            "domain_id": "D1",
            "statement": "Lead groups.",
            "status": "active",
            "source": "drafts, round 1: SME01, SME02",
            "accepted_by": "panel chair",
        },
    )


def test_every_fault_of_a_decision_is_named():
    lines = [
        decided("T01", domain="Nowhere"),
        decided("T02", "merge into", into="T03", reason="same"),
        decided("T03", "drop"),
        decided("T04", into="T01"),
        decided("T05", "merge into", into="t05", reason="same"),
        decided("K01", unit="KSA"),
    ]
    faults = [(name, column) for name, column, *_ in decision_faults(lines, {"D1": "Support"}, {})]
    assert faults == [
        ("T01", "domain"),
        ("T02", "into"),
        ("T03", "reason"),
        ("T04", "into"),
        ("T05", "into"),
        ("K01", "kind"),
    ]


def test_a_merge_into_a_statement_of_the_outline_is_sound():
    line = decided("T02", "merge into", into="t01", reason="same")
    assert list(decision_faults([line], {"D1": "Support"}, {"task": {"T01": "Lead."}})) == []
