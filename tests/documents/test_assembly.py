"""Constraints for test assembly."""

import json

from rds.documents.assembly import ASSEMBLY, assembly_constraints, assembly_json
from tests.documents.examples import example_blueprint


def test_every_scope_of_every_set_adds_up_to_its_total():
    table = assembly_constraints(example_blueprint(pretest_items=11))
    assert tuple(table) == ASSEMBLY
    assert (table["minimum"] == table["maximum"]).all()
    sums = table.groupby(["set", "scope"])["minimum"].sum().to_dict()
    scopes = ("total", "domain", "level", "cell")
    assert sums == {
        **{("form", scope): 100 for scope in scopes},
        **{("pretest", scope): 11 for scope in scopes},
    }


def test_whatever_keeps_the_cells_keeps_domains_and_levels():
    blueprint = example_blueprint()
    table = assembly_constraints(blueprint)
    cells = table[table["scope"] == "cell"]
    for scope, key in (("domain", "domain_id"), ("level", "cognitive_level")):
        own = table[table["scope"] == scope].set_index(key)["minimum"]
        assert cells.groupby(key)["minimum"].sum().to_dict() == own.to_dict()
    assert len(cells) == len(blueprint.cells)


def test_constraints_have_identifiers_of_their_own():
    table = assembly_constraints(example_blueprint(pretest_items=11))
    assert table["constraint_id"].is_unique


def test_json_says_the_same_as_the_table():
    blueprint = example_blueprint()
    content = json.loads(assembly_json(blueprint))
    assert content["items"] == 100
    table = assembly_constraints(blueprint)
    assert [row["minimum"] for row in content["constraints"]] == table["minimum"].tolist()
    assert "domain_id" not in content["constraints"][0]
