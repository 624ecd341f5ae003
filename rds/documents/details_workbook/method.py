"""The sheet “Method”: how ratings became items, in words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd

from rds.blueprint.models import models
from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.cells import DASH, Cell, number
from rds.documents.blueprint_workbook.page import BODY, Column, Page, begin, print_as
from rds.documents.blueprint_workbook.plan import Plan
from rds.documents.blueprint_workbook.ratings import scale_ratings
from rds.documents.blueprint_workbook.theme import Styles
from rds.documents.blueprint_workbook.words import (
    BASES,
    CELL_ROUNDING,
    DOMAIN_RULES,
    GLOSSARY,
    NATURES,
    NOTE_KINDS,
    ROUNDING,
    TASK_WEIGHT,
    TASK_WEIGHT_WITHIN,
    TIES,
    title_case,
)
from rds.notes import Note
from rds.settings import setting_keys

SHEET = "Method"
_WIDTHS = (31.0, 66.0, 20.0, 19.0, 20.0, 14.0)
_MOST_LETTERS = 60
_ON_A_NEW_PAGE = "Ties"
_SETTINGS = (
    "respondents.weight_from",
    "screening.exclude",
    "weighting.method",
    "reliability.coefficient",
    "weights.model",
    "weights.scales",
    "weights.scale_percents",
    "weights.threshold",
    "weights.domain_rule",
    "weights.blend_exponent",
    "weights.domain_scale",
    "weights.panel_share_percent",
    "weights.unrated_rule",
    "weights.unrated_tasks",
    "weights.panel_share_percent",
    "blueprint.items",
    "blueprint.pretest_items",
    "blueprint.rounding",
    "blueprint.cell_rounding",
    "blueprint.cognitive_source",
    "blueprint.cognitive_levels",
)

_CONTRIBUTIONS = (
    "Nominal percent: how much a scale is meant to count. Effective percent: its share in how "
    "combined ratings differ between tasks. Correlation: of its means with combined ratings."
)

_RECEIVED = "Everybody whose answers were received."
_LEFT_OUT = (
    "Only rules named in advance leave respondents out, one reason each, in this order. All other "
    "rules raise flags; they stand in screening_rules.csv."
)

_NOTES = "What is withheld, assumed, simulated or left out. The whole list stands in notes.csv."

Table = tuple[list[Column], list[list[Cell]]]


def write_method(workbook: Any, blueprint: Blueprint, plan: Plan, style: Styles) -> None:
    """Write the sheet."""
    page = begin(workbook, SHEET, plan, style, title="Method", widths=_WIDTHS)
    row = _write_words(page, blueprint, BODY)
    for heading, words, (columns, rows) in _sections(blueprint):
        if heading == _ON_A_NEW_PAGE:
            page.sheet.set_h_pagebreaks([row])
        row = page.line(row + 1, heading, "heading", height=22)
        row = page.paragraph(row, words) if words else row
        row = page.table(row, columns, rows)
    page.sheet.freeze_panes(BODY, 0)
    print_as(page, plan, row - 1)


def _write_words(page: Page, blueprint: Blueprint, row: int) -> int:
    """Write the method in words: a label and a paragraph each."""
    for label, text in _words(blueprint):
        page.paragraph(row, text, "paragraph", first=1)
        page.put(row, 0, label, "bold", "paragraph")
        row += 1
    return row


def _words(blueprint: Blueprint) -> list[tuple[str, str]]:
    """Return the method in words."""
    weights, exam = blueprint.settings.weights, blueprint.settings.blueprint
    known = models().get(weights.model)
    described = f"{known.description} Source: {known.source}." if known else "A model of your own."
    return [
        ("Model", f"{weights.model}, of {', '.join(weights.scales)}"),
        ("Why this model", weights.rationale or DASH),
        ("Combined rating", described),
        ("Weight of a task", _task_weight(blueprint)),
        ("Weight of a domain", _domain_rule(blueprint)),
        ("Whole items", ROUNDING.get(exam.rounding, exam.rounding)),
        ("Cells", CELL_ROUNDING[exam.cell_rounding]),
        ("Ties", TIES),
        *(("What is said of the ratings", said) for said in blueprint.analysis.sentences),
        ("Software", software()),
    ]


def _domain_rule(blueprint: Blueprint) -> str:
    """Say how domains got their weights."""
    section = blueprint.settings.weights
    said = [DOMAIN_RULES[section.domain_rule]]
    if section.panel_share_percent:
        said.append(f"{section.panel_share_percent:g} percent of it are the panel’s own weights.")
    if fixed := [d for d in blueprint.outline.domains if d.fixed_percent is not None]:
        names = ", ".join(f"{d.domain_id} {d.fixed_percent:g} percent" for d in fixed)
        said.append(f"Fixed by policy: {names}; the other domains share the rest.")
    return " ".join(said)


def _task_weight(blueprint: Blueprint) -> str:
    """Say how tasks got their weights."""
    by_sum = blueprint.settings.weights.domain_rule == "sum"
    domains = blueprint.domain_weights
    adopted = np.allclose(domains["weight"], domains["adopted_weight"], rtol=0, atol=1e-12)
    return TASK_WEIGHT if by_sum and adopted else TASK_WEIGHT_WITHIN


def software() -> str:
    """Name the software and its version."""
    try:
        return f"rds (role-delineation) {version('role-delineation')}"
    except PackageNotFoundError:
        return "rds (role-delineation), version not known: not installed as a package"


def _sections(blueprint: Blueprint) -> list[tuple[str, str, Table]]:
    """Return the tables of the sheet, each with its heading and words before it."""
    return [
        ("What each scale contributes", _CONTRIBUTIONS, _effective(blueprint)),
        ("Respondents", "", _respondents(blueprint.analysis.respondents)),
        *_left_out(blueprint),
        ("Settings that matter", "", _settings(blueprint)),
        ("Ties", "", _ties(blueprint.ties)),
        ("Notes", _NOTES, _notes(blueprint.notes)),
        ("Words", "", _glossary()),
    ]


def _effective(blueprint: Blueprint) -> Table:
    """Return nominal and effective weights; both as percent."""
    columns = [
        Column("Model", ("bold",)),
        Column("Scale, and what of it enters the model", ("wrap",)),
        Column("Exponent or factor", ("two decimals",)),
        Column("Nominal percent", ("one decimal",)),
        Column("Effective percent", ("one decimal",)),
        Column("Correlation", ("two decimals",)),
    ]
    bases = {scale.scale: scale.base for scale in scale_ratings(blueprint)}
    rows: list[list[Cell]] = [
        [
            str(row["model"]),
            _entering(str(row["component"]), bases),
            number(row["exponent"]),
            _percent(row["nominal"]),
            _percent(row["effective"]),
            number(row["correlation"]),
        ]
        for row in blueprint.effective_weights.to_dict("records")
    ]
    return columns, rows


def _entering(component: str, bases: Mapping[str, str]) -> str:
    """Say which scale it is, and whose ratings on it enter the model."""
    base = bases.get(component, "")
    words = f"ratings {BASES[base]}" if base in BASES else "what the scales’ means do not explain"
    return f"{title_case(component)}: {words}"


def _percent(share: object) -> Cell:
    """Return a share as percent, a dash where there is none."""
    return number(share, lambda found: 100 * found)


def _respondents(table: pd.DataFrame) -> Table:
    """Return how many respondents there are in each group, and what their answers are."""
    columns = [
        Column("Group", ("bold",)),
        Column("What their ratings are", ("wrap",)),
        Column("Wave"),
        Column("Respondents", ("whole",)),
    ]
    rows: list[list[Cell]] = [
        [
            str(row["group"]) or "all",
            title_case(NATURES.get(str(row["nature"]), str(row["nature"]))),
            str(row["wave"]) or DASH,
            number(row["n"], int),
        ]
        for row in table.to_dict("records")
    ]
    return columns, rows


def _left_out(blueprint: Blueprint) -> list[tuple[str, str, Table]]:
    """Return how many respondents were left out by which rule, if anybody was screened."""
    screening = blueprint.analysis.screening
    if screening is None:
        return []
    columns = [
        Column("Step", ("bold",)),
        Column("What the rule looks at", ("wrap",)),
        Column("Left out", ("whole",)),
        Column("Respondents left", ("whole",)),
    ]
    described = dict(zip(screening.rules["rule"], screening.rules["description"], strict=True))
    rows: list[list[Cell]] = [
        [
            title_case(str(row["reason"])),
            str(described.get(row["reason"], _RECEIVED)),
            number(row["n_excluded"], int),
            number(row["n_remaining"], int),
        ]
        for row in screening.exclusions.to_dict("records")
    ]
    return [("Who was left out", _LEFT_OUT, (columns, rows))]


def _settings(blueprint: Blueprint) -> Table:
    """Return the settings that decide items."""
    columns = [Column("Setting", ("bold", "wrap")), Column("Meaning", ("wrap",))]
    columns.append(Column("Value", ("wrap",)))
    meanings = setting_keys()
    rows: list[list[Cell]] = []
    for key in _SETTINGS:
        section, name = key.split(".")
        value = getattr(getattr(blueprint.settings, section), name)
        rows.append([key, _meaning(key, meanings), _said(value)])
    return columns, rows


def _meaning(key: str, meanings: dict[str, tuple[object, str]]) -> str:
    """Return what a setting means."""
    return meanings[key][1] if key in meanings else "Percent of items per cognitive level."


def _said(value: object) -> str:
    """Return a setting's value as people write it."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {percent:g}" for name, percent in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or DASH
    return f"{value:g}" if isinstance(value, float) else str(value)


def _ties(table: pd.DataFrame) -> Table:
    """Return the ties that decided items, or that there were none."""
    columns = [
        Column("Where", ("bold", "wrap")),
        Column("Equal claims, served first to last", ("wrap",)),
    ]
    columns.append(Column("What decided", ("wrap",)))
    rows: list[list[Cell]] = [
        [str(row["where"]), str(row["identifiers"]), str(row["rule"])]
        for row in table.to_dict("records")
    ]
    return columns, rows or [["none", "No two had equal claims to an item.", DASH]]


def _notes(notes: Sequence[Note]) -> Table:
    """Return the notes, those that differ only in their row together."""
    columns = [
        Column("Kind", ("bold", "wrap")),
        Column("Reason", ("wrap",)),
        Column("Rows", ("wrap",)),
        Column("Columns", ("wrap",)),
        Column("Table", ("wrap",)),
    ]
    together: dict[tuple[str, str, str, str], list[str]] = {}
    for note in dict.fromkeys(notes):
        key = (note.kind, note.reason, note.column, note.table)
        together.setdefault(key, []).append(note.row)
    rows: list[list[Cell]] = [
        [kind, title_case(reason), _rows_named(names), column or "all", table]
        for (kind, reason, column, table), names in together.items()
    ]
    return columns, rows or [["none", "Nothing to note.", DASH, DASH, DASH]]


def _rows_named(names: Sequence[str]) -> str:
    """Name the rows a note is about, the first few of many."""
    if not any(names):
        return "all"
    lengths = accumulate(len(name) for name in names)
    n_named = max(sum(length <= _MOST_LETTERS for length in lengths), 1)
    more = len(names) - n_named
    return "; ".join(names[:n_named]) + (f"; and {more} more" if more else "")


def _glossary() -> Table:
    """Return the words used, with their meaning."""
    columns = [Column("Word", ("bold",)), Column("Meaning", ("wrap",))]
    kinds = {f"note: {kind}": title_case(meaning) + "." for kind, meaning in NOTE_KINDS.items()}
    return columns, [[word, meaning] for word, meaning in {**GLOSSARY, **kinds}.items()]
