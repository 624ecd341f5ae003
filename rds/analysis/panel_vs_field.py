"""The panel's ratings against the field's, flagged by size and said in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.analysis.comparison import (
    DECLARED,
    Columns,
    Comparison,
    ComparisonPlan,
    counts_of,
    cut_of,
    rank_texts,
    spread_is_known,
    stacked,
    too_thin,
    withhold,
)
from rds.analysis.descriptives import MINIMUM_N_INTERVAL
from rds.analysis.retention import Decision
from rds.analysis.two_samples import compare_counts
from rds.analysis.verdicts import point_verdicts
from rds.notes import Note
from rds.ratings.ratings import Ratings
from rds.scales import Scale, find_scale

PANEL_VS_FIELD = (
    "statement_id", "scale", "n_panel", "n_field", "panel_mean", "field_mean", "difference",
    "ci_low", "ci_high", "panel_rank", "field_rank", "rank_difference", "percent_performing",
    "verdict_panel", "verdict_field", "flagged", "finding", "resolution",
)  # fmt: skip

NOT_ASSESSED = "not assessed"
OPEN = "open"

FAR = 2.0
"""How many thresholds above the field the panel has to be for a topic to look fashionable."""

_COLUMNS = Columns(
    means=("panel_mean", "field_mean"),
    differences=("difference",),
    effects=("ci_low", "ci_high"),
    tests=(),
    sizes=("n_panel", "n_field"),
)
_NAMES = {
    "n_a": "n_panel",
    "n_b": "n_field",
    "mean_a": "panel_mean",
    "mean_b": "field_mean",
    "sd_b": "field_sd",
}
_VERDICTS = {
    "keep": "by the panel's ratings it stays, by the field's it does not",
    "drop": "by the field's ratings it stays, by the panel's it does not",
}
_EXACT = 1e-9

Floats = NDArray[np.float64]


def panel_against_field(
    panel: Ratings,
    field: Ratings,
    *,
    plan: ComparisonPlan = DECLARED,
    kinds: Mapping[str, str] | None = None,
    decisions: Mapping[str, Decision] | None = None,
) -> Comparison:
    """Set the panel's ratings beside the field's, and flag where they lie far apart.

    Parameters
    ----------
    panel, field
        Answers on the same scales.
    plan
        The difference that is flagged (``threshold`` in points, or in SDs of the field's ratings),
        the minimum number of answers, and the retention rules. A panel is small, so the size of a
        difference decides and not its p.
    kinds
        Kind of each statement; verdicts are about tasks. Without it, all are tasks.
    decisions
        What was decided about statements: value, reason, role.

    Returns
    -------
    Comparison
        Columns `PANEL_VS_FIELD`, one row per scale and statement that either rated.
        ``difference`` is panel − field with Welch's interval; ``panel_rank`` and ``field_rank``
        show ties, ``rank_difference`` is how many places higher the panel ranks it;
        ``percent_performing`` is of the field. ``flagged`` is ``"yes"``, ``"no"`` or
        ``"not assessed"``, ``finding`` why in words, ``resolution`` what was decided, or
        ``"open"``.

    Raises
    ------
    ValueError
        When panel and field share no scale.

    Examples
    --------
    >>> panel = pd.DataFrame({"T1": [4, 4, 4, 3, 4, 4], "T2": [2, 2, 3, 2, 2, 2]})
    >>> field = pd.DataFrame({"T1": [2, 2, 3, 1, 2, 2] * 2, "T2": [2, 2, 3, 2, 2, 2] * 2})
    >>> found = panel_against_field(
    ...     Ratings.from_frames(importance=panel), Ratings.from_frames(importance=field)
    ... )
    >>> found.table[["statement_id", "difference", "flagged"]].round(2).values.tolist()
    [['T1', 1.83, 'yes'], ['T2', 0.0, 'no']]
    """
    shared = [(s, f) for f in field.scales if (s := find_scale(panel.scales, f.name)) is not None]
    if not shared:
        raise ValueError("panel and field were asked on different scales; wanted the same")
    verdicts = [point_verdicts(side, plan.retention, kinds) for side in (panel, field)]
    parts: list[pd.DataFrame] = []
    notes: list[Note] = []
    for own, scale in shared:
        rows, thin = _compared(panel, field, own, scale, plan)
        is_main = scale.name.casefold() == plan.retention.scale.casefold()
        parts.append(_flagged(rows, scale, plan, verdicts if is_main else None))
        notes += thin
    table = stacked(parts, PANEL_VS_FIELD)
    resolved = table.assign(resolution=list(_resolutions(table, decisions or {})))
    return Comparison("Panel against field (points of the scale)", resolved, tuple(notes))


def open_differences(table: pd.DataFrame) -> dict[str, str]:
    """Return what was found, by statement, where a flagged difference awaits a decision.

    Parameters
    ----------
    table
        Columns `PANEL_VS_FIELD`.
    """
    rows = table[table["resolution"] == OPEN]
    found: dict[str, list[str]] = {}
    for row in rows.itertuples():
        found.setdefault(str(row.statement_id), []).append(f"{row.scale}: {row.finding}")
    return {statement: "; ".join(reasons) for statement, reasons in found.items()}


def _compared(
    panel: Ratings, field: Ratings, own: Scale, scale: Scale, plan: ComparisonPlan
) -> tuple[pd.DataFrame, list[Note]]:
    """Compare the means of panel and field on one scale, for all that either rated."""
    counts = [_counts(field, scale), _counts(panel, own)]
    statements = list(dict.fromkeys(name for part in counts for name in part.index))
    values = sorted({point.value for asked in (own, scale) for point in asked.points})
    of_field, of_panel = (
        part.reindex(index=statements, columns=values, fill_value=0).to_numpy() for part in counts
    )
    found = compare_counts(of_panel, of_field, values, confidence=plan.confidence)
    table = found.rename(columns=_NAMES).assign(statement_id=statements, scale=scale.name)
    table["percent_performing"] = _performing(field, statements, plan.minimum)
    table = table[table["n_panel"] + table["n_field"] > 0].reset_index(drop=True)
    known = spread_is_known(panel, field)
    table["limit"] = _limits(table, plan, spread_known=known)
    thin = too_thin(table, _COLUMNS, minimum=plan.minimum, spread_known=known)
    return withhold(table, thin, name="panel_vs_field", place=scale.name)


def _counts(ratings: Ratings, scale: Scale) -> pd.DataFrame:
    """Return how often each point was chosen: statements × points."""
    points = [point.value for point in scale.points]
    names = list(ratings.statements[scale.name])
    return pd.DataFrame(counts_of(ratings, scale), index=names, columns=points)


def _limits(table: pd.DataFrame, plan: ComparisonPlan, *, spread_known: bool) -> pd.Series[float]:
    """Return the difference in points from which each statement is flagged."""
    if plan.unit == "points":
        return pd.Series(plan.threshold, index=table.index)
    enough = (table["n_field"] >= MINIMUM_N_INTERVAL) & spread_known
    return plan.threshold * table["field_sd"].where(enough)


def _performing(field: Ratings, statements: Sequence[str], minimum: int) -> Floats:
    """Return the percentage of the field that performs each statement, where enough said so."""
    performs, answered = field.performance(statements)
    n = answered.sum(axis=1).astype(float)
    percent: Floats = 100 * performs.sum(axis=1) / np.where(n >= minimum, n, np.nan)
    return percent


def _flagged(
    table: pd.DataFrame,
    scale: Scale,
    plan: ComparisonPlan,
    verdicts: Sequence[Mapping[str, str]] | None,
) -> pd.DataFrame:
    """Say which statements lie far apart, and why; of the scale of retention also verdicts."""
    told = _ranked(table).assign(verdict_panel="", verdict_field="")
    if verdicts is not None:
        for side, known in zip(("panel", "field"), verdicts, strict=True):
            told[f"verdict_{side}"] = [known.get(name, "") for name in told["statement_id"]]
    findings = [
        [*_differs(row, scale), *(_unperformed(row, scale, plan) if verdicts else ())]
        for row in told.itertuples()
    ]
    missing = [_missing(row, plan) for row in told.itertuples()]
    states = zip(findings, missing, strict=True)
    return told.assign(
        flagged=["yes" if found else NOT_ASSESSED if why else "no" for found, why in states],
        finding=["; ".join(f) or why for f, why in zip(findings, missing, strict=True)],
    )


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Add the ranks of what both rated, and how many places higher the panel ranks it."""
    means = table[[*_COLUMNS.means]].where(table["difference"].notna())
    both = means.assign(statement_id=table["statement_id"])
    panel, field = (means[name].rank(method="min", ascending=False) for name in _COLUMNS.means)
    return table.assign(
        panel_rank=rank_texts(both, "panel_mean"),
        field_rank=rank_texts(both, "field_mean"),
        rank_difference=field - panel,
    )


def _differs(row: Any, scale: Scale) -> Iterator[str]:
    """Say how the ratings differ, if by as much as the study declared."""
    size = abs(row.difference)
    if not size >= row.limit - _EXACT or size == 0:
        return
    if row.difference < 0:
        yield f"the field rates it {size:.1f} points higher than the panel"
    elif size >= FAR * row.limit - _EXACT and scale.role != "frequency":
        yield f"the panel rates it {size:.1f} points higher than the field: a fashionable topic?"
    else:
        yield f"the panel rates it {size:.1f} points higher than the field"
    if row.verdict_panel and row.verdict_field and row.verdict_panel != row.verdict_field:
        yield _VERDICTS[row.verdict_panel]


def _unperformed(row: Any, scale: Scale, plan: ComparisonPlan) -> Iterator[str]:
    """Say where the panel holds important what the field does not perform."""
    percent, rules = row.percent_performing, plan.retention
    if row.panel_mean >= cut_of(scale, rules) and percent <= rules.percent_performing:
        yield f"the panel holds it important, and {percent:.0f} % of the field perform it"


def _missing(row: Any, plan: ComparisonPlan) -> str:
    """Say why a statement could not be compared; empty if it could."""
    for who, n in (("panel", row.n_panel), ("field", row.n_field)):
        if n == 0:
            return f"the {who} did not rate it"
        if n < plan.minimum:
            return f"{n} ratings of the {who}; at least {plan.minimum} are needed"
    return "the SD of the field's ratings is not known" if np.isnan(row.limit) else ""


def _resolutions(table: pd.DataFrame, decisions: Mapping[str, Decision]) -> Iterator[str]:
    """Say what was decided about each flagged statement."""
    for row in table.itertuples():
        decided = decisions.get(str(row.statement_id))
        if row.flagged != "yes":
            yield ""
        elif decided is None:
            yield OPEN
        else:
            value, reason, role = decided
            yield f"{value}: {reason} ({role})"
