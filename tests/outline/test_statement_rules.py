"""Rules for single statements: what deserves advice, and what must not raise any."""

import csv
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from rds.outline.statement_rules import (
    LONGEST,
    WHY,
    abbreviations_in,
    has_form,
    jargon_in,
    ksa_findings,
    task_findings,
)

ONET = Path(__file__).parents[1] / "data" / "onet" / "Task Statements.txt"
DEMO = files("rds.demo").joinpath("data")


def rules(statement):
    return [one.rule for one in task_findings("T01", statement)]


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("The practitioner assesses risk.", "verb"),
        ("Assessment of risk", "verb"),
        ("Crisis intervention", "verb"),
        ("Knowledge of the law", "verb"),
        ("Effective communication with clients", "verb"),
        ("Upon admission, assess risk", "verb"),
        ("Not telling others what to do", "verb"),
        ("Understand the rights of clients", "observable"),
        ("Understanding the rights of clients", "observable"),
        ("Be aware of the law", "observable"),
        ("Demonstrate a good understanding of ethics", "observable"),
        ("Know the code of ethics", "observable"),
        ("Recognize the importance of peers", "observable"),
        ("Responsible for the budget", "observable"),
        ("Listen actively.", "object"),
        ("Coordinate", "object"),
        ("Develop and maintain peer networks", "one-idea"),
        ("Developing and maintaining peer networks", "one-idea"),
        ("Plan, conduct, or evaluate groups", "one-idea"),
        ("Assess risk and develop a plan", "one-idea"),
        ("Write reports and review the records", "one-idea"),
        ("Refer people to clinics. Follow up with them.", "one-idea"),
        ("Contact families and/or friends", "and-or"),
        (f"Explain {'the rules ' * LONGEST}", "length"),
        (f"Explain {'inter' * 60} rules", "length"),
        (
            "Explain interdisciplinary organisational accountability methodologies facilitating "
            "institutional rehabilitation administration, environmental sustainability, regulatory "
            "interoperability, multidimensional epidemiological investigation",
            "reading",
        ),
    ],
)  # fmt: skip
def test_a_statement_with_one_fault_gets_that_advice_alone(statement, rule):
    assert rules(statement) == [rule]


@pytest.mark.parametrize(
    "statement",
    [
        "Inform people about services and benefits so that they can choose among them.",
        "Document contacts and hours so that the work can be accounted for.",
        "Report barriers to recovery so that those responsible can remove them.",
        "Prepare the budget and plan for the year",
        "Help people review and revise goals",
        "Teach people how to plan and conduct meetings",
        "Apply for funds, using forms and following rules",
        "Quickly assess the risk of harm",
        "Supply tools, parts and records",
        "Titrate doses",
        "Implement policies",
        "Comment on drafts",
    ],
)
def test_a_well_written_statement_raises_nothing(statement):
    assert rules(statement) == []


def test_the_simulated_study_raises_nothing():
    text = DEMO.joinpath("simulated_tasks.csv").read_text(encoding="utf-8")
    assert [
        rule for row in csv.DictReader(text.splitlines()) for rule in rules(row["statement"])
    ] == []
    ksas = csv.DictReader(DEMO.joinpath("simulated_ksas.csv").read_text("utf-8").splitlines())
    for row in ksas:
        assert list(ksa_findings("K1", row["kind"], row["statement"])) == []
        assert has_form(row["kind"], row["statement"])


def test_the_massachusetts_survey_raises_what_it_deserves():
    # Read by hand: 19 is a KSA, 15 says what people do not feel, 8 lacks a verb, 23 is a value.
    text = DEMO.joinpath("appendix_f_importance_participants.csv").read_text(encoding="utf-8")
    found = {row["item"]: rules(row["text"]) for row in csv.DictReader(text.splitlines())}
    assert {name: own for name, own in found.items() if own} == {
        "1": ["and-or"],
        "8": ["verb"],
        "15": ["verb"],
        "18": ["and-or"],
        "19": ["verb"],
        "23": ["observable"],
    }


def test_published_tasks_raise_next_to_nothing_but_joined_verbs():
    rows = list(csv.DictReader(ONET.read_text("utf-8").splitlines(), delimiter="\t"))
    found = Counter(rule for row in rows for rule in rules(row["Task"]))
    joined = found.pop("one-idea", 0)
    assert found.total() <= 0.02 * len(rows)
    assert joined <= 0.4 * len(rows)  # “Direct or coordinate …”: two verbs, and they are there


@pytest.mark.parametrize(
    ("kind", "statement", "found"),
    [
        ("knowledge", "Skill in listening", ["ksa-form"]),
        ("ability", "Knowledge of law", ["ksa-form"]),
        ("skill", "Skill in listening", []),
        ("attitude", "Willingness to learn", []),
        ("knowledge", "Knowledge of laws and/or rules", ["and-or"]),
        ("knowledge", "Knowledge of …", ["object"]),
    ],
)
def test_a_ksa_begins_as_its_kind_does(kind, statement, found):
    assert [one.rule for one in ksa_findings("K1", kind, statement)] == found


def test_jargon_is_found_in_its_forms_with_plain_words_for_it():
    assert jargon_in("Utilizing tools") == ("“Utilizing”", "write use")
    assert jargon_in("Meet peers prior to discharge") == ("“prior to”", "write before")
    assert jargon_in("Use tools") is None
    assert jargon_in("Meet each consumer", {"consumer": "person"}) == ("“consumer”", "write person")
    assert jargon_in("Meet consumers", {"consumer": ""}) == (
        "“consumers”",
        "write it in plain words",
    )


def test_abbreviations_are_found_and_known_ones_are_not():
    assert abbreviations_in("File SOAP notes, PTs and the EHR in the US, phase II") == [
        "SOAP", "PT", "EHR",
    ]  # fmt: skip
    assert abbreviations_in("ALL IN CAPITALS") == []


def test_every_rule_says_why():
    assert all(WHY.values())
