"""Two scales of the same statement: what is important and, say, not supported."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rds.analysis.comparison import (
    DECLARED,
    Columns,
    Comparison,
    ComparisonPlan,
    Thin,
    cut_of,
    frame_of,
    rank_texts,
    spread_is_known,
    stacked,
    too_thin,
    withhold,
)
from rds.analysis.multiplicity import family_q
from rds.analysis.paired import paired_tests
from rds.notes import Note
from rds.ratings.ratings import Ratings
from rds.scales import Scale, find_scale, named_scale
from rds.settings import RetentionSection

GAPS = (
    "statement_id", "scale_a", "scale_b", "n", "mean_a", "mean_b", "difference", "ci_low",
    "ci_high", "test", "statistic", "df", "p", "q", "d_z", "d_low", "d_high", "rank_a", "rank_b",
    "finding",
)  # fmt: skip

_COLUMNS = Columns(
    means=("mean_a", "mean_b"),
    differences=("difference",),
    effects=("ci_low", "ci_high", "d_z", "d_low", "d_high"),
    sizes=("n", "n"),
)


def compare_scales(
    ratings: Ratings, a: str, b: str, *, plan: ComparisonPlan = DECLARED
) -> Comparison:
    """Compare two ratings of every statement by the same respondents, and find the gaps.

    Parameters
    ----------
    ratings
        The answers.
    a, b
        Names of the two scales, such as importance and support.
    plan
        How they are compared.

    Returns
    -------
    Comparison
        Columns `GAPS`: everything rests on the respondents who rated the statement on both
        scales. ``difference`` is mean a − mean b in points, with a t interval and the paired
        test; where the scales have other points it is withheld. ``rank_a``, ``rank_b`` show ties
        (``"2–3"``). ``finding`` names statements that lie on one side of the cut on scale a and on
        the other side of the midpoint on scale b; the cut is that of retention where a is its
        scale, else the midpoint. “Within error” is added when the interval of the difference
        includes 0.

    Raises
    ------
    ValueError
        When there is no scale of a name, or both are the same.

    References
    ----------
    Martilla, J. A. and James, J. C. (1977). Importance-performance analysis.

    Examples
    --------
    >>> rated = pd.DataFrame({"T1": [4, 4, 3, 4, 3], "T2": [3, 3, 3, 2, 4]})
    >>> given = pd.DataFrame({"T1": [1, 2, 2, 1, 2], "T2": [3, 3, 2, 3, 3]})
    >>> found = compare_scales(
    ...     Ratings.from_frames(importance=rated, support=given), "importance", "support"
    ... )
    >>> found.table[["statement_id", "mean_a", "mean_b", "finding"]].values.tolist()
    [['T1', 3.6, 1.6, 'important, but low on support'], ['T2', 3.0, 2.8, '']]
    """
    first, second = named_scale(ratings.scales, a), named_scale(ratings.scales, b)
    if first.name == second.name:
        raise ValueError(f"found the scale “{first.name}” twice; wanted two scales")
    table, notes = _pairs(ratings, first, second, plan)
    known = table.assign(
        q=family_q(table),
        rank_a=rank_texts(table, "mean_a"),
        rank_b=rank_texts(table, "mean_b"),
        finding=_findings(table, first, second, plan.retention),
    )
    title = f"{first.name.capitalize()} and {second.name} (points of the scale)"
    return Comparison(title, stacked([known], GAPS), tuple(notes))


def gap_tables(ratings: Ratings, *, plan: ComparisonPlan = DECLARED) -> Comparison:
    """Compare the scale that retention looks at with every scale that only describes.

    Parameters
    ----------
    ratings, plan
        As for `compare_scales`.
    """
    main = find_scale(ratings.scales, plan.retention.scale)
    others = [scale for scale in ratings.scales if scale.use == "describe" and scale != main]
    found = [compare_scales(ratings, main.name, s.name, plan=plan) for s in others if main]
    notes = tuple(note for one in found for note in one.notes)
    return Comparison("Gaps", stacked([one.table for one in found], GAPS), notes)


def _pairs(
    ratings: Ratings, a: Scale, b: Scale, plan: ComparisonPlan
) -> tuple[pd.DataFrame, list[Note]]:
    """Compare what the same respondents said on two scales; nothing that nobody rated on both."""
    shared = [name for name in ratings.statements[a.name] if name in ratings.statements[b.name]]
    frames = [frame_of(ratings, scale)[shared] for scale in (a, b)]
    found = paired_tests(*frames, test=plan.paired_test, confidence=plan.confidence)
    table = found.assign(statement_id=shared, scale_a=a.name, scale_b=b.name)
    table = table[table["n"] > 0].reset_index(drop=True)
    known = spread_is_known(ratings)
    thin = too_thin(table, _COLUMNS, minimum=plan.minimum, spread_known=known)
    if a.rated_values != b.rated_values:
        reason = "the scales have different points: their means have no difference"
        spread = ("difference", *_COLUMNS.effects, *_COLUMNS.tests)
        thin.insert(0, Thin(np.ones(len(table), dtype=bool), spread, reason))
    place = f"{a.name} – {b.name}"
    return withhold(table, thin, name="gaps", place=place)


def _findings(table: pd.DataFrame, a: Scale, b: Scale, retention: RetentionSection) -> list[str]:
    """Say in words which statements are high on one scale and low on the other."""
    cut = cut_of(a, retention)
    high_a, low_a = table["mean_a"] >= cut, table["mean_a"] < cut
    high_b, low_b = table["mean_b"] >= b.midpoint, table["mean_b"] < b.midpoint
    high = "important" if a.role == "importance" else f"high on {a.name}"
    low = "not important" if a.role == "importance" else f"low on {a.name}"
    words = [f"{high}, but low on {b.name}", f"{low}, but high on {b.name}"]
    found = np.select([high_a & low_b, low_a & high_b], words, "")
    unsure = (table["ci_low"] <= 0) & (table["ci_high"] >= 0)
    pairs = zip(found, unsure, strict=True)
    return [f"{text}, within error" if text and doubt else str(text) for text, doubt in pairs]
