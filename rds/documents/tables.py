"""The tables in ``out/tables/``: CSV that looks the same on every machine."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rds.analysis.analysis import Analysis
from rds.analysis.linkage import linkage_gaps
from rds.analysis.panel import PanelJudgements
from rds.blueprint.plan import Blueprint
from rds.notes import notes_table
from rds.ratings.screening import (
    EXCLUSIONS,
    RESPONDENTS,
    SCREENING,
    SCREENING_RULES,
    Screening,
    respondents_table,
)

SIGNIFICANT_DIGITS = 12


def csv_bytes(table: pd.DataFrame) -> bytes:
    r"""Return a table as CSV: UTF-8 without byte-order mark, LF, 12 significant digits.

    Missing values are empty, yes and no are words, whole numbers have no decimals.

    Examples
    --------
    >>> csv_bytes(pd.DataFrame({"id": ["D1"], "weight": [1 / 3], "items": [33.0]})).decode()
    'id,weight,items\nD1,0.333333333333,33\n'
    """
    text = table.apply(lambda column: column.map(_cell))
    content: str = text.to_csv(index=False, lineterminator="\n")
    return content.encode()


def analysis_tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Return the tables of an analysis by file name without ending."""
    return {
        "statement_ratings": analysis.statement_ratings,
        "distributions": analysis.distributions,
        "reliability": analysis.reliability,
        "variance_components": analysis.variance_components,
        "dstudy": analysis.dstudy,
        "agreement": analysis.agreement,
        "retention": analysis.retention,
        **analysis.participation.tables(),
        "coverage": analysis.coverage,
        **screening_tables(analysis.screening),
        "subgroups": analysis.comparisons.subgroups,
        "group_agreement": analysis.comparisons.group_agreement,
        "waves": analysis.comparisons.waves,
        "gaps": analysis.comparisons.gaps,
        "panel_vs_field": analysis.comparisons.panel_vs_field,
        **analysis.panel.tables(),
    }


def panel_tables(panel: PanelJudgements) -> dict[str, pd.DataFrame]:
    """Return what a panel judged, before anybody else has answered."""
    return {
        "agreement": panel.agreement,
        **panel.tables(),
        "notes": notes_table(panel.notes),
    }


def screening_tables(screening: Screening | None) -> dict[str, pd.DataFrame]:
    """Return who was left out and by which rules, as tables for everybody."""
    if screening is None:
        return {
            "exclusions": pd.DataFrame(columns=list(EXCLUSIONS)),
            "screening_rules": pd.DataFrame(columns=list(SCREENING_RULES)),
        }
    return {"exclusions": screening.exclusions, "screening_rules": screening.rules}


def restricted_tables(
    screening: Screening | None, survey_weights: pd.Series[float] | None = None
) -> dict[str, pd.DataFrame]:
    """Return the tables with a row for each respondent, which are not for everybody."""
    if screening is None:
        return {
            "screening": pd.DataFrame(columns=list(SCREENING)),
            "respondents": pd.DataFrame(columns=list(RESPONDENTS)),
        }
    own = None
    if survey_weights is not None and len(survey_weights):
        own = survey_weights.reindex(screening.respondents.index).to_numpy(np.float64)
    return {
        "screening": screening.table,
        "respondents": respondents_table(screening, survey_weight=own),
    }


def blueprint_tables(blueprint: Blueprint) -> dict[str, pd.DataFrame]:
    """Return all tables of a blueprint, its analysis included, by file name without ending."""
    return {
        **analysis_tables(blueprint.analysis),
        "task_weights": blueprint.task_weights,
        "domain_weights": blueprint.domain_weights,
        "ksa_weights": blueprint.ksa_weights,
        "linkage": blueprint.linkage,
        "linkage_gaps": linkage_gaps(blueprint.outline, blueprint.linkage),
        "linkage_coverage": blueprint.linkage_coverage,
        "assessed_by": blueprint.assessed_by,
        "precision": blueprint.precision,
        "effective_weights": blueprint.effective_weights,
        "sensitivity": blueprint.sensitivity,
        "subgroup_blueprints": blueprint.subgroup_blueprints,
        "item_distribution": blueprint.item_distribution,
        "plan_halves": blueprint.plan_halves,
        "blueprint": blueprint.cells,
        "ties": blueprint.ties,
        "notes": notes_table(blueprint.notes),
    }


def table_files(tables: Mapping[str, pd.DataFrame], *, folder: str = "tables") -> dict[str, bytes]:
    """Return the content of each table's file, by its path below ``out/``."""
    return {f"{folder}/{name}.csv": csv_bytes(table) for name, table in tables.items()}


def _cell(value: object) -> str:
    """Return one cell as text."""
    if value is None or bool(pd.isna(value)):  # type: ignore[call-overload]
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.{SIGNIFICANT_DIGITS}g}"
    return str(value)
