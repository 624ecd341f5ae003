"""What the documents say is what the code does."""

import re
from dataclasses import fields
from pathlib import Path

import rds
from rds.analysis.agreement_table import AGREEMENT
from rds.analysis.coverage import COVERAGE
from rds.analysis.descriptives import DISTRIBUTIONS, STATEMENT_RATINGS
from rds.analysis.evidence import EVIDENCE, SOURCES, THEMES
from rds.analysis.gaps import GAPS
from rds.analysis.generalizability_tables import DSTUDY_TABLE, VARIANCE_COMPONENTS
from rds.analysis.group_agreement import GROUP_AGREEMENT
from rds.analysis.judgements_table import DOMAIN_PERCENTS, JUDGEMENTS, SORTING
from rds.analysis.linkage import LINKAGE, LINKAGE_GAPS
from rds.analysis.panel_composition import (
    MEETINGS,
    PANEL,
    PANEL_COMPOSITION,
    PANEL_SELECTION,
)
from rds.analysis.panel_vs_field import PANEL_VS_FIELD
from rds.analysis.participation import Participation
from rds.analysis.reliability_table import RELIABILITY_COLUMNS
from rds.analysis.requirements import PREPARATION, REQUIREMENTS
from rds.analysis.retention import RETENTION
from rds.analysis.subgroups import SUBGROUPS
from rds.analysis.two_coders import TWO_CODERS
from rds.analysis.waves import WAVES
from rds.blueprint.cells import CELLS
from rds.blueprint.consequences import SUBGROUP_BLUEPRINTS
from rds.blueprint.crosswalk import CROSSWALK
from rds.blueprint.decided_cells import DECIDED
from rds.blueprint.effective import EFFECTIVE_WEIGHTS
from rds.blueprint.items import TIES
from rds.blueprint.linkage import KSA_WEIGHTS
from rds.blueprint.plan_errors import ITEM_DISTRIBUTION
from rds.blueprint.plan_halves import PLAN_HALVES
from rds.blueprint.plan_tables import DOMAIN_WEIGHTS, TASK_WEIGHTS
from rds.blueprint.precision import PRECISION
from rds.blueprint.role_coverage import ASSESSED_BY, LINKAGE_COVERAGE, REQUIREMENT_COVERAGE
from rds.blueprint.sensitivity import SENSITIVITY
from rds.documents.details_workbook.table_texts import table_texts
from rds.documents.tables import blueprint_tables, restricted_tables
from rds.documents.trace import TRACE, trace_table
from rds.notes import Note
from rds.outline.changes import OUTLINE_CHANGES
from rds.ratings.screening import EXCLUSIONS, RESPONDENTS, SCREENING, SCREENING_RULES
from rds.record import Record
from rds.study.drafted import DRAFTED, drafted_table
from rds.study.phase_one import phase_one
from rds.study.revisions import REVISIONS, revisions_table
from tests.blueprint.test_build import built

DOCS = Path(__file__).parents[1] / "docs"
CODE = {
    "linkage": LINKAGE,
    "linkage_gaps": LINKAGE_GAPS,
    "linkage_coverage": LINKAGE_COVERAGE,
    "assessed_by": ASSESSED_BY,
    "requirements": REQUIREMENTS,
    "preparation": PREPARATION,
    "requirement_coverage": REQUIREMENT_COVERAGE,
    "panel_selection": PANEL_SELECTION,
    "panel_composition": PANEL_COMPOSITION,
    "meetings": MEETINGS,
    "panel": PANEL,
    "evidence": EVIDENCE,
    "sources": SOURCES,
    "themes": THEMES,
    "theme_agreement": TWO_CODERS,
    **{name: tuple(table) for name, table in Participation().tables().items()},
    "statement_ratings": STATEMENT_RATINGS,
    "distributions": DISTRIBUTIONS,
    "reliability": RELIABILITY_COLUMNS,
    "variance_components": VARIANCE_COMPONENTS,
    "dstudy": DSTUDY_TABLE,
    "agreement": AGREEMENT,
    "retention": RETENTION,
    "subgroups": SUBGROUPS,
    "group_agreement": GROUP_AGREEMENT,
    "waves": WAVES,
    "gaps": GAPS,
    "panel_vs_field": PANEL_VS_FIELD,
    "judgements": JUDGEMENTS,
    "sorting": SORTING,
    "domain_percents": DOMAIN_PERCENTS,
    "task_weights": TASK_WEIGHTS,
    "domain_weights": DOMAIN_WEIGHTS,
    "ksa_weights": KSA_WEIGHTS,
    "precision": PRECISION,
    "effective_weights": EFFECTIVE_WEIGHTS,
    "blueprint": (*CELLS, *DECIDED),
    "sensitivity": SENSITIVITY,
    "subgroup_blueprints": SUBGROUP_BLUEPRINTS,
    "plan_halves": PLAN_HALVES,
    "item_distribution": ITEM_DISTRIBUTION,
    "ties": TIES,
    "coverage": COVERAGE,
    "exclusions": EXCLUSIONS,
    "screening_rules": SCREENING_RULES,
    "screening": SCREENING,
    "respondents": RESPONDENTS,
    "trace": TRACE,
    "drafted": DRAFTED,
    "revisions": REVISIONS,
    "notes": tuple(field.name for field in fields(Note)),
}


def documented_tables():
    text = (DOCS / "tables.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| .+? \| (.+?) \|$", text, re.MULTILINE)
    return {name: tuple(columns.split(", ")) for name, columns in rows if name != "table"}


def test_the_tables_have_the_columns_that_are_documented():
    assert documented_tables() == CODE


def test_a_run_writes_the_tables_that_are_documented():
    blueprint = built()
    before = phase_one({}, blueprint)
    tables = {
        **blueprint_tables(blueprint),
        **restricted_tables(blueprint.analysis.screening),
        **before.tables,
        **before.restricted,
        "trace": trace_table(blueprint),
        "drafted": drafted_table(Record((), "", 0, None)),
        "revisions": revisions_table(()),
    }
    assert {name: tuple(table) for name, table in tables.items()} == CODE


def test_every_column_of_every_table_is_said_in_words():
    texts = table_texts()
    silent = [
        (name, c) for name, columns in CODE.items() for c in columns if not texts.meaning(name, c)
    ]
    assert silent == []
    more = {"crosswalk": CROSSWALK, "outline_changes": OUTLINE_CHANGES}
    assert [(n, c) for n, own in more.items() for c in own if not texts.meaning(n, c)] == []


def test_the_tables_of_changes_and_drafts_have_the_columns_that_are_documented():
    text = " ".join((DOCS / "tables.md").read_text(encoding="utf-8").split())
    for table in (REVISIONS, OUTLINE_CHANGES, DRAFTED):
        assert f"with the columns {', '.join(table)}:" in text


def test_every_public_name_is_documented():
    text = (DOCS / "python.md").read_text(encoding="utf-8")
    assert [name for name in rds.__all__ if f"`rds.{name}`" not in text] == []
