"""Rules for an outline as a whole: orphans, sizes, duplicates, style, abbreviations."""

from hypothesis import given
from hypothesis import strategies as st

from rds.outline.outline import KSA, Domain, Link, Outline, Task
from rds.outline.outline_rules import domain_sizes, outline_findings

DOMAINS = (Domain("D1", "Support"), Domain("D2", "Ethics"))
GOOD = ("Lead groups", "Teach people their rights", "Write notes", "Assess the risk of harm",
        "Explain the plan to families")  # fmt: skip


def outline(*statements, ksas=(), links=(), domains=DOMAINS):
    tasks = [
        Task(f"T{k}", domains[k % len(domains)].domain_id, text)
        for k, text in enumerate([*statements, *GOOD])
    ]
    return Outline(domains, tuple(tasks), tuple(ksas), tuple(links))


def found(*arguments, **options):
    names = ("jargon", "abbreviations", "english")
    told = {name: options.pop(name) for name in names if name in options}
    return [(f.subject, f.rule) for f in outline_findings(outline(*arguments, **options), **told)]


def test_a_good_outline_raises_nothing():
    assert found() == []


def test_near_duplicates_are_found_across_domains_and_named():
    (one,) = outline_findings(outline("Lead the groups!"))
    assert (one.subject, one.rule) == ("T1", "near-duplicate")
    assert one.found.startswith("100% like T0 in D1")


def test_tasks_and_ksas_are_not_each_others_duplicates():
    assert found(ksas=[KSA("K1", "attitude", "Lead groups")]) == []


def test_domains_without_tasks_are_named_and_parents_are_not():
    more = (*DOMAINS, Domain("D3", "Empty"))
    tasks = outline().tasks
    empty = Outline(more, tasks)
    assert [f.subject for f in outline_findings(empty)] == ["D3"]
    parent = Outline((*DOMAINS, Domain("D3", "All")), tasks)
    below = Outline((Domain("D1", "Support", parent_id="D3"), DOMAINS[1], parent.domains[2]), tasks)
    assert outline_findings(below) == ()


def test_one_task_is_too_few_for_a_domain():
    lonely = Outline((*DOMAINS, Domain("D3", "Small")), (*outline().tasks, Task("X", "D3", "Sing")))
    assert ("D3", "few-tasks") in [(f.subject, f.rule) for f in outline_findings(lonely)]


def test_orphans_are_looked_for_only_where_there_is_linkage():
    ksas = [KSA("K1", "knowledge", "Knowledge of law"), KSA("K2", "skill", "Skill in talking")]
    assert found(ksas=ksas) == []
    assert found(ksas=ksas, links=[Link("T0", "K1", 3)]) == [
        ("T2", "task-without-ksa"),
        ("T4", "task-without-ksa"),
        ("T1", "task-without-ksa"),
        ("T3", "task-without-ksa"),
        ("K2", "ksa-without-task"),
    ]


def test_statements_in_another_form_than_most_are_named():
    assert found("Refer people to others", "Meeting families") == [("T1", "parallel")]
    assert found("Meeting families", "Referring people", "Hearing staff out") == []


def test_bare_topics_are_a_style_that_is_said_once():
    topics = [KSA(f"K{k}", "knowledge", text) for k, text in enumerate("abcde")]
    assert found(ksas=topics) == [("KSAs", "ksa-form")]
    mostly = [KSA(f"K{k}", "knowledge", f"Knowledge of {text}") for k, text in enumerate("abcde")]
    assert found(ksas=[*mostly, KSA("K9", "knowledge", "Ethics")]) == [("K9", "ksa-form")]


def test_an_abbreviation_is_named_where_it_comes_first_unless_explained_anywhere():
    assert found("Open the EHR", "Close the EHR daily") == [("T0", "abbreviation")]
    assert found("Open the EHR", "Keep the electronic health record (EHR)") == []
    assert found("Open the EHR (electronic health record)") == []
    assert found("Open the EHR", abbreviations=["EHR"]) == []


def test_the_studys_own_jargon_is_found_in_tasks_and_ksas():
    ksas = [KSA("K1", "knowledge", "Knowledge of consumers")]
    assert found("Greet the consumer", ksas=ksas, jargon={"consumer": "person"}) == [
        ("T0", "jargon"),
        ("K1", "jargon"),
    ]


def test_in_other_languages_only_what_does_not_depend_on_them_is_looked_at():
    more = (*DOMAINS, Domain("D3", "Leer"))
    tasks = tuple(Task(f"T{k}", DOMAINS[k % 2].domain_id, "Kenntnis der EHR") for k in range(4))
    assert [f.rule for f in outline_findings(Outline(more, tasks), english=False)] == [
        "domain-without-tasks"
    ]
    assert domain_sizes(Outline(more, tasks), english=False)[0].reading_grade is None


def test_dropped_statements_are_not_looked_at():
    dropped = Task("X", "D1", "Understand it all", status="dropped")
    assert outline_findings(Outline(DOMAINS, (*outline().tasks, dropped))) == ()


def test_sizes_count_each_ksa_of_a_domain_once():
    ksas = [KSA("K1", "knowledge", "Knowledge of law")]
    links = [Link("T0", "K1", 3), Link("T2", "K1", 2)]
    first, second = domain_sizes(outline(ksas=ksas, links=links))
    assert (first.n_tasks, first.n_ksas, second.n_tasks, second.n_ksas) == (3, 1, 2, 0)
    assert first.n_words == 2 + 2 + 5


@given(st.permutations([*GOOD, "Lead the groups!", "Know the law", "Meeting people"]))
def test_the_order_of_tasks_changes_no_advice_but_which_duplicate_is_named(texts):
    tasks = tuple(Task(f"T{k}", DOMAINS[k % 2].domain_id, text) for k, text in enumerate(texts))
    rules = sorted(f.rule for f in outline_findings(Outline(DOMAINS, tasks)))
    assert rules == ["near-duplicate", "observable", "parallel"]
