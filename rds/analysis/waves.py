"""Two waves of a survey: the same respondents twice, or others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from rds.analysis.comparison import (
    DECLARED,
    Columns,
    Comparison,
    ComparisonPlan,
    counts_of,
    frame_of,
    rank_texts,
    spread_is_known,
    stacked,
    too_thin,
    withhold,
)
from rds.analysis.multiplicity import family_q
from rds.analysis.paired import paired_tests
from rds.analysis.two_samples import compare_counts
from rds.notes import Note
from rds.ratings.ratings import Ratings
from rds.scales import Scale

WAVES = (
    "statement_id", "scale", "wave_a", "wave_b", "design", "n_a", "n_b", "mean_a", "mean_b",
    "change", "ci_low", "ci_high", "test", "statistic", "df", "p", "q", "effect_kind", "effect",
    "effect_low", "effect_high", "rank_a", "rank_b",
)  # fmt: skip

_COLUMNS = Columns(
    means=("mean_a", "mean_b"),
    differences=("change",),
    effects=("ci_low", "ci_high", "effect", "effect_low", "effect_high"),
)
_TURNED = {"n_a": "n_b", "n_b": "n_a", "mean_a": "mean_b", "mean_b": "mean_a"}


def compare_waves(
    ratings: Ratings, *, waves: Sequence[str] = (), plan: ComparisonPlan = DECLARED
) -> Comparison:
    """Compare each wave with the next, statement by statement.

    Parameters
    ----------
    ratings
        The answers; a respondent who answered in two waves stands in both under one identifier.
    waves
        The waves in order; without them, all waves by name.
    plan
        How they are compared.

    Returns
    -------
    Comparison
        Columns `WAVES`. Respondents of both waves are compared with themselves (``design`` is
        ``"paired"``, ``effect`` d_z: the mean change in SDs of the changes), all others as
        independent groups (``"independent"``, ``effect`` Hedges' g); the two never mix. ``change``
        is mean b − mean a in points; ``q`` is p adjusted by Benjamini and Hochberg (1995) over
        all statements, scales and waves of a design. Ranks show ties (``"2–3"``).

    Raises
    ------
    ValueError
        When nobody answered in a wave that is named.

    Examples
    --------
    >>> first = pd.DataFrame({"T1": [2, 3, 2, 3, 1]}, index=list("ABCDE"))
    >>> again = pd.DataFrame({"T1": [3, 3, 4, 4, 3]}, index=list("ABCDE"))
    >>> both = pd.concat([first, again])
    >>> ratings = Ratings.from_frames(importance=both, wave=["1"] * 5 + ["2"] * 5)
    >>> compare_waves(ratings).table[["design", "n_a", "change"]].values.tolist()
    [['paired', 5, 1.2]]
    """
    found = ratings.respondents["wave"]
    names = list(waves) or sorted(set(found) - {""})
    missing = [name for name in names if name not in set(found)]
    if missing:
        raise ValueError(f"nobody answered in the wave “{missing[0]}”")
    parts: list[pd.DataFrame] = []
    notes: list[Note] = []
    for earlier, later in pairwise(names):
        a, b = ratings.select(found == earlier), ratings.select(found == later)
        for scale in ratings.scales:
            for rows, thin in (_paired(a, b, scale, plan), _independent(a, b, scale, plan)):
                parts.append(rows.assign(scale=scale.name, wave_a=earlier, wave_b=later))
                notes += thin
    table = stacked(parts, WAVES)
    adjusted = table.assign(q=family_q(table, ["design"]))
    return Comparison("Waves compared (points of the scale)", adjusted, tuple(notes))


def _paired(
    a: Ratings, b: Ratings, scale: Scale, plan: ComparisonPlan
) -> tuple[pd.DataFrame, list[Note]]:
    """Compare respondents of both waves with themselves, the later wave less the earlier."""
    shared = a.respondents.index.intersection(b.respondents.index)
    frames = [frame_of(wave, scale).loc[shared] for wave in (b, a)]
    found = paired_tests(*frames, test=plan.paired_test, confidence=plan.confidence)
    effects = {"d_z": "effect", "d_low": "effect_low", "d_high": "effect_high"}
    table = found.rename(columns=_TURNED | effects | {"difference": "change"})
    told = table.assign(n_a=table["n"], n_b=table["n"], effect_kind="d_z")
    return _shown(told, (a, b), scale, plan, design="paired")


def _independent(
    a: Ratings, b: Ratings, scale: Scale, plan: ComparisonPlan
) -> tuple[pd.DataFrame, list[Note]]:
    """Compare the respondents who answered in one of the waves only, later less earlier."""
    shared = a.respondents.index.intersection(b.respondents.index)
    only = [wave.select(~wave.respondents.index.isin(shared)) for wave in (b, a)]
    later, earlier = (counts_of(wave, scale) for wave in only)
    points = [point.value for point in scale.points]
    found = compare_counts(later, earlier, points, test=plan.test, confidence=plan.confidence)
    effects = {"hedges_g": "effect", "g_low": "effect_low", "g_high": "effect_high"}
    table = found.rename(columns=_TURNED | effects | {"difference": "change"})
    told = table.assign(effect_kind="hedges_g").set_axis(pd.Index(a.statements[scale.name]))
    return _shown(told, (a, b), scale, plan, design="independent")


def _shown(
    table: pd.DataFrame,
    waves: tuple[Ratings, Ratings],
    scale: Scale,
    plan: ComparisonPlan,
    *,
    design: str,
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the statements that both waves rated, with ranks, and why numbers are withheld."""
    rows = table.rename_axis("statement_id").reset_index()
    rows = rows[(rows["n_a"] > 0) & (rows["n_b"] > 0)].reset_index(drop=True)
    known = spread_is_known(*waves)
    thin = too_thin(rows, _COLUMNS, minimum=plan.minimum, spread_known=known)
    place = f"{' – '.join(_names(waves))}, {scale.name}, {design}"
    told, notes = withhold(rows, thin, name="waves", place=place)
    ranks = {f"rank_{side}": rank_texts(told, f"mean_{side}") for side in ("a", "b")}
    return told.assign(**ranks, design=design), notes


def _names(waves: Sequence[Ratings]) -> list[str]:
    """Return the names of waves that somebody answered in."""
    return [str(wave.respondents["wave"].iloc[0]) for wave in waves]
