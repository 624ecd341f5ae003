"""The outline for item banks."""

from dataclasses import replace

import pytest

from rds.analysis.linkage import LinkRule, linkage_table
from rds.documents.bank_outline import BANK_OUTLINE, CERTIVERSE, bank_outline, certiverse_topics
from rds.outline.outline import KSA, Link
from tests.documents.examples import example_blueprint, example_domains, example_tasks


def by_number(table, column, key="number"):
    return dict(zip(table[key], table[column], strict=True))


def test_domains_come_before_their_tasks_and_add_up_to_the_form():
    blueprint = example_blueprint()
    table = bank_outline(blueprint)
    assert tuple(table) == BANK_OUTLINE
    domains, tasks = (table[table["kind"] == kind] for kind in ("domain", "task"))
    assert domains["number"].tolist() == ["1", "2", "3"]
    assert domains["items"].sum() == tasks["items"].sum() == 100
    assert tasks["weight"].sum() == pytest.approx(1)
    own = tasks[tasks["number"].str.startswith("2.")]
    assert own["number"].tolist() == [f"2.{k}" for k in range(1, len(own) + 1)]
    assert own["items"].sum() == by_number(table, "items")["2"]


def test_a_dropped_task_leaves_no_gap_in_the_numbers():
    tasks = example_tasks()
    dropped = next(task for task in tasks if task.domain_id == "D1").task_id
    table = bank_outline(example_blueprint(dropped=[dropped]))
    assert dropped not in set(table["id"])
    assert "1.1" in set(table["number"])


def test_a_domain_that_holds_others_has_their_sums():
    first, second, third = example_domains()
    nested = [first, replace(second, parent_id="D1"), third]
    table = bank_outline(example_blueprint(domains=nested))
    plain = by_number(bank_outline(example_blueprint()), "items", "id")
    found = by_number(table, "items", "id")
    assert table["id"].tolist()[0] == "D1"
    assert found["D1"] == plain["D1"] + plain["D2"]
    assert found["D2"] == plain["D2"]
    count = sum(task.domain_id == "D1" for task in example_tasks())
    assert by_number(table, "number", "id")["D2"] == f"1.{count + 1}"
    assert by_number(table, "number", "id")["D3"] == "2"


def test_a_task_names_the_ksas_it_needs():
    blueprint = example_blueprint()
    ksas = (KSA("K1", "knowledge", "Law."), KSA("K2", "skill", "Ask."))
    links = (Link("T01", "K1", 3), Link("T01", "K2", 1))
    outline = replace(blueprint.outline, ksas=ksas, links=links)
    linked = replace(blueprint, outline=outline, linkage=linkage_table(outline, LinkRule()))
    assert by_number(bank_outline(linked), "ksa_ids", "id")["T01"] == "K1"


@pytest.mark.parametrize("items", [60, 100, 175])
def test_certiverse_weights_are_whole_and_add_up_at_every_level(items):
    table = certiverse_topics(example_blueprint(items=items))
    assert tuple(table) == CERTIVERSE
    weights = by_number(table, "Topic Weight", "Topic Number")
    assert sum(w for number, w in weights.items() if "." not in number) == 100
    for number in ("#1", "#2", "#3"):
        below = [w for name, w in weights.items() if name.startswith(f"{number}.")]
        assert sum(below) == weights[number]


def test_with_100_items_certiverse_weights_are_the_items():
    blueprint = example_blueprint(items=100)
    weights = by_number(certiverse_topics(blueprint), "Topic Weight", "Topic Number")
    items = by_number(bank_outline(blueprint), "items")
    assert weights == {f"#{number}": count for number, count in items.items()}


def test_a_long_name_is_cut_and_stands_whole_in_the_description():
    first, *others = example_tasks()
    statement = "Write " + "very " * 60 + "long statements."
    table = certiverse_topics(
        example_blueprint(tasks=[replace(first, statement=statement), *others])
    )
    row = table[table["Topic Number"] == "#1.1"].iloc[0]
    assert len(row["Topic Name"]) <= 225
    assert row["Topic Name"].endswith("…")
    assert row["Topic Description"] == f"T01. {statement}"


def test_a_description_is_never_longer_than_the_import_takes():
    first, *others = example_domains()
    long = replace(first, description="words " * 200)
    table = certiverse_topics(example_blueprint(domains=[long, *others]))
    assert table["Topic Description"].str.len().max() <= 500
    assert table["Topic Description"].iloc[0].startswith("D1. words")
