"""The table `agreement`: how far respondents of the field agree on each statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from rds.analysis.descriptives import Group, reconstructed_note
from rds.analysis.within_group import within_group_agreement
from rds.notes import Note
from rds.ratings.ratings import Base
from rds.scales import Scale

AGREEMENT = (
    "statement_id", "source", "scale", "base", "group", "coefficient", "n", "value",
    "critical_value", "null", "attained_p", "ci_low", "ci_high",
)  # fmt: skip
"""Columns of the table `agreement`."""

MINIMUM_N_AGREEMENT = 5
"""Fewest ratings of a statement for agreement to be printed."""

_TOO_MANY = (
    "too many ratings for exact critical values; with so many respondents agreement only describes "
    "how much they differ"
)


def field_agreement(
    groups: Iterable[Group], *, significance: float = 0.05
) -> tuple[pd.DataFrame, list[Note]]:
    """Agreement of every group on every statement and scale: r_wg, AD_M and AD_Md.

    Frequency is judged over everybody who answered, “not performed” with its own point; other
    scales over those who perform the statement.

    Parameters
    ----------
    groups
        Whose ratings.
    significance
        Largest probability by chance at the critical value.

    Returns
    -------
    table, notes
        Columns `AGREEMENT`, with ``field`` as source. Below 5 ratings, and on scales whose points
        are not one apart, values are empty or left out, and a note says why.
    """
    notes: list[Note] = []
    parts: list[pd.DataFrame] = []
    for group in groups:
        if not group.spread_is_known:
            notes.append(reconstructed_note("agreement", group, "value"))
            continue
        for scale in group.ratings.scales:
            found, why = _of_scale(group, scale, significance)
            parts += [] if found is None else [found]
            notes += why
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return table.reindex(columns=list(AGREEMENT)), notes


def base_of(scale: Scale) -> Base:
    """Return whose ratings count on a scale: everybody's frequency, performers' anything else.

    Examples
    --------
    >>> from rds.scales import PROPOSED_SCALES
    >>> [base_of(scale) for scale in PROPOSED_SCALES]
    ['performers', 'all']
    """
    return "all" if scale.role == "frequency" else "performers"


def _of_scale(
    group: Group, scale: Scale, significance: float
) -> tuple[pd.DataFrame | None, list[Note]]:
    """Agreement of one group on one scale."""
    meanings = ("rated", "not performed") if scale.role == "frequency" else ("rated",)
    points = [point.value for point in scale.points if point.meaning in meanings]
    row, base = f"{scale.name}, {group.name}", base_of(scale)
    if len(points) < 2 or points[-1] - points[0] != len(points) - 1:
        reason = "agreement needs two or more points of the scale, one apart"
        return None, [Note("agreement", row, "", "withheld", reason)]
    found = within_group_agreement(
        group.ratings.frame(scale.name, base=base),
        points=len(points),
        significance=significance,
        minimum_n=MINIMUM_N_AGREEMENT,
    )
    asked = group.ratings.state_counts(scale.name).drop(columns="not shown").sum(axis=1) > 0
    found = found[found["statement_id"].map(asked)].reset_index(drop=True)
    labels = {"source": "field", "scale": scale.name, "base": base, "group": group.name}
    return found.assign(**labels), list(_notes(found, row))


def _notes(found: pd.DataFrame, row: str) -> Iterator[Note]:
    """Say why values and critical values are missing, each reason once with its statements."""
    few = found["n"] < MINIMUM_N_AGREEMENT
    uncounted = ~few & found["p"].isna()
    chance = ~few & found["p"].notna() & found["critical_value"].isna()
    reasons = {
        ("value", f"fewer than {MINIMUM_N_AGREEMENT} ratings"): few,
        ("critical_value", _TOO_MANY): uncounted,
    }
    for text in found.loc[chance, "reason"].unique():
        reasons["critical_value", str(text)] = chance & (found["reason"] == text)
    for (column, reason), where in reasons.items():
        names = found.loc[where, "statement_id"].unique()
        if len(names):
            listed = "all statements" if len(names) == found["statement_id"].nunique() else ""
            yield Note(
                "agreement", f"{row}: {listed or ', '.join(names)}", column, "withheld", reason
            )
