"""Percentages on a form of judgements: they add up to 100, or nearly, or are refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from rds.documents.judgement_sheets import PERCENTS, rating_sheets
from rds.errors import Problem
from rds.outline.judgements import Ask, Judged
from rds.sheets import Row

NEARLY = (95.0, 105.0)
"""Sums that are brought to 100, and said; others are refused."""

_EXACT = 1e-6

Rows = Mapping[str, Sequence[Row]]


def percents(rows: Rows) -> tuple[dict[Judged, str], list[str], list[Problem]]:
    """Return the domain percentages, what was put right, and what cannot be.

    A domain left empty counts as 0 where the others nearly make 100. Whoever gave none at all is
    only said to have left them open.
    """
    own = {row.text("domain_id"): row for row in rows.get(PERCENTS, ())}
    given = {
        name: cast(float, row.values["percent"])
        for name, row in own.items()
        if isinstance(row.values.get("percent"), (int, float))
    }
    total = sum(given.values())
    if not given:
        return {}, [], []
    if not NEARLY[0] - _EXACT <= total <= NEARLY[1] + _EXACT:
        row = next(iter(own.values()))
        wanted, mend = "100, or 95 to 105, which is brought to 100", "make them add up to 100"
        place = row.places.get("percent", PERCENTS).partition("!")[0]
        found = f"percentages that add up to {total:g}"
        return {}, [], [Problem(row.file, place, found, wanted, mend)]
    remarks = []
    if abs(total - 100) > _EXACT:
        remarks.append(f"The domain percentages add up to {total:g}; they were brought to 100.")
    empty = [name for name in own if name not in given]
    if empty:
        remarks.append(f"Domains without a percentage count as 0: {', '.join(empty)}.")
    shares = {name: 100 * given.get(name, 0.0) / total for name in own}
    return {("percents", n, ""): f"{share:.12g}" for n, share in shares.items()}, remarks, []


def allocated(rows: Rows, ask: Ask) -> tuple[list[str], list[Problem]]:
    """Return what has to be said of points shared out of 100, and what cannot be used."""
    remarks, problems = [], []
    for sheet, (_, scales) in rating_sheets(ask).items():
        for scale in (scale for scale in scales if scale.is_allocation):
            own = [row for row in rows.get(sheet, ()) if row.text(scale.name)]
            total = sum(cast(int, row.values[scale.name]) for row in own)
            if own and not NEARLY[0] <= total <= NEARLY[1]:
                found = f"points for {scale.name} that add up to {total}"
                problems.append(Problem(own[0].file, sheet, found, "100", "share out 100 points"))
            elif own and total != 100:
                remarks.append(f"The points for {scale.name} add up to {total}, and stay so.")
    return remarks, problems
