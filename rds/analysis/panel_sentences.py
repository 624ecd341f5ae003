"""What a panel has to talk about, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from rds.settings import Settings

LISTED = 8
"""Statements that a sentence names; it counts the others."""


def panel_sentences(
    judgements: pd.DataFrame, sorting: pd.DataFrame, shares: pd.DataFrame, settings: Settings
) -> Iterator[str]:
    """Yield a sentence for each part on which agreement is lacking.

    Parameters
    ----------
    judgements, sorting, shares
        The tables of `rds.analysis.judgements_table`.
    settings
        The percentages declared.
    """
    section = settings.judgements
    least, relevant = f"{section.consensus_percent:g}", f"{section.relevant_percent:g}"
    what = f"statements that fewer than {relevant} percent call relevant"
    own = _of(judgements, "relevance")
    doubted = own[(own["choice"] != "relevant") | ~own["consensus"].astype(bool)]
    yield from _said("Relevance", _chosen(doubted), what, len(own))
    own = _of(judgements, "levels")
    what = f"tasks on whose level fewer than {least} percent agree"
    yield from _said("Cognitive levels", _chosen(_open(own)), what, len(own))
    moved = sorting[sorting["flagged"].astype(bool)]
    names = [
        f"{row.task_id} ({row.domain_id} → {row.sorted_into}: {row.share:.0%})"
        for row in moved.itertuples()
    ]
    what = "tasks that most SMEs sort into another domain than they stand in"
    yield from _said("Sorting", names, what, sorting["task_id"].nunique())
    own = _of(judgements, "links")
    names = [f"{row.statement_id} – {row.aspect}" for row in _open(own).itertuples()]
    yield from _said("Links", names, f"links on which fewer than {least} percent agree", len(own))
    own = _open(_of(judgements, "percents"))
    far = shares[shares["domain_id"].isin(own["statement_id"].tolist())]
    names = [f"{row.domain_id} ({row.minimum:g} to {row.maximum:g})" for row in far.itertuples()]
    yield from _said("Domain percents", names, "domains on which SMEs lie far apart", len(shares))


def _of(judgements: pd.DataFrame, part: str) -> pd.DataFrame:
    """Return the rows of a part."""
    return judgements[judgements["part"] == part]


def _open(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without consensus."""
    return rows[~rows["consensus"].astype(bool)]


def _chosen(rows: pd.DataFrame) -> list[str]:
    """Name statements with what most chose."""
    return [f"{row.statement_id} ({row.choice}: {row.share:.0%})" for row in rows.itertuples()]


def _said(title: str, names: Sequence[str], what: str, n: int) -> Iterator[str]:
    """Yield one sentence about the statements that lack agreement, if there are any."""
    if names:
        rest = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
        yield f"{title}: {len(names)} of {n} {what}: {', '.join(names[:LISTED])}{rest}."
