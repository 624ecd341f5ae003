"""How far groups of respondents agree about the role as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from rds.analysis.chance_corrected import chance_corrected_agreement
from rds.analysis.comparison import DECLARED, Comparison, ComparisonPlan, counts_of
from rds.analysis.descriptives import Group, moments
from rds.analysis.intraclass import icc
from rds.analysis.subgroups import shown_groups
from rds.analysis.verdicts import point_verdicts
from rds.errors import WithheldError
from rds.notes import Note
from rds.ratings.ratings import Ratings
from rds.scales import Scale

GROUP_AGREEMENT = (
    "variable", "group_a", "group_b", "scale", "coefficient", "value", "n_statements",
)  # fmt: skip

MINIMUM_STATEMENTS = 10
"""Statements that a correlation of profiles, or a coefficient corrected for chance, needs."""

Rows = list[tuple[str, float | None, int]]


def group_agreement(
    ratings: Ratings,
    *,
    by: str | Mapping[str, Sequence[str]] = "group",
    kinds: Mapping[str, str] | None = None,
    plan: ComparisonPlan = DECLARED,
) -> Comparison:
    """Say how far groups agree on what belongs to the role, and on the profile of means.

    Parameters
    ----------
    ratings, by, kinds, plan
        As for `rds.analysis.subgroups.compare_groups`.

    Returns
    -------
    Comparison
        Columns `GROUP_AGREEMENT`; per two groups the rows ``index of agreement`` (share of tasks
        with the same verdict) and ``AC1`` (the same, corrected for chance), and per scale
        ``Pearson``, ``Spearman`` and ``ICC(A,1)`` of the groups' mean ratings; the last also falls
        where one group rates everything higher.

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high
    agreement. McGraw, K. O. and Wong, S. P. (1996). Forming inferences about some intraclass
    correlation coefficients.

    Examples
    --------
    >>> day = pd.DataFrame([[4, 3, 1]] * 6, columns=["T1", "T2", "T3"])
    >>> night = pd.DataFrame([[4, 2, 1]] * 6, columns=["T1", "T2", "T3"])
    >>> both = pd.concat([day, night], ignore_index=True)
    >>> ratings = Ratings.from_frames(importance=both, group=["day"] * 6 + ["night"] * 6)
    >>> found = group_agreement(ratings).table
    >>> found.loc[found["coefficient"] == "index of agreement", "value"].round(3).tolist()
    [0.667]
    """
    variables = {by: ()} if isinstance(by, str) else by
    rows: list[tuple[object, ...]] = []
    notes: list[Note] = []
    for variable, wanted in variables.items():
        groups = shown_groups(ratings, variable, wanted, minimum=plan.minimum)[0]
        verdicts = {g.name: point_verdicts(g.ratings, plan.retention, kinds) for g in groups}
        for a, b in combinations(groups, 2):
            found = [("", verdict_agreement(verdicts[a.name], verdicts[b.name]))]
            found += [(s.name, _profiles(a, b, s, plan.minimum)) for s in ratings.scales]
            for scale, coefficients in found:
                pair = (variable, a.name, b.name, scale)
                rows += [(*pair, *row) for row in coefficients]
                notes += _withheld(pair, coefficients)
    table = pd.DataFrame(rows, columns=list(GROUP_AGREEMENT))
    return Comparison("Agreement between groups", table.astype({"value": float}), tuple(notes))


def verdict_agreement(a: Mapping[str, str], b: Mapping[str, str]) -> Rows:
    """Return the share of tasks with the same verdict in both groups, and AC1.

    Parameters
    ----------
    a, b
        ``"keep"`` or ``"drop"`` by task; tasks without a verdict in both are left out.

    Examples
    --------
    >>> same = {f"T{k}": "keep" for k in range(10)}
    >>> verdict_agreement(same, {**same, "T0": "drop"})[0]
    ('index of agreement', 0.9, 10)
    """
    shared = [task for task in a if task in b]
    if not shared:
        return [("index of agreement", None, 0), ("AC1", None, 0)]
    told = pd.DataFrame([[side[task] for task in shared] for side in (a, b)])
    found = chance_corrected_agreement(told, categories=["drop", "keep"])
    values = found.set_index("coefficient")["value"]
    enough = len(shared) >= MINIMUM_STATEMENTS
    return [
        ("index of agreement", float(values["percent agreement"]), len(shared)),
        ("AC1", float(values["AC1"]) if enough else None, len(shared)),
    ]


def profile_agreement(a: pd.Series[float], b: pd.Series[float]) -> Rows:
    """Return how alike two profiles of means are: Pearson, Spearman, ICC(A,1).

    Parameters
    ----------
    a, b
        Mean by statement; statements without a mean in both are left out. A coefficient that is
        not defined is None.

    Examples
    --------
    >>> a = pd.Series({"T1": 4.0, "T2": 3.0, "T3": 1.0})
    >>> [(name, round(value, 3)) for name, value, _ in profile_agreement(a, a - 0.5)]
    [('Pearson', 1.0), ('Spearman', 1.0), ('ICC(A,1)', 0.949)]
    """
    both = pd.concat([a, b], axis=1, join="inner").dropna().astype(float)
    n = len(both)
    spread = n > 1 and bool((both.max() > both.min()).all())
    x, y = both.iloc[:, 0], both.iloc[:, 1]
    return [
        ("Pearson", float(stats.pearsonr(x, y).statistic) if spread else None, n),
        ("Spearman", float(stats.spearmanr(x, y).statistic) if spread else None, n),
        ("ICC(A,1)", _absolute(both), n),
    ]


def _absolute(both: pd.DataFrame) -> float | None:
    """Return the intraclass correlation of single profiles for absolute agreement."""
    try:
        return float(icc(both.T.to_numpy())["value"]["ICC2"])
    except WithheldError:
        return None


def _profiles(a: Group, b: Group, scale: Scale, minimum: int) -> Rows:
    """Compare the profiles of means of two groups on a scale, where statements are enough."""
    found = profile_agreement(*(mean_profile(group.ratings, scale, minimum) for group in (a, b)))
    enough = found[0][2] >= MINIMUM_STATEMENTS
    return found if enough else [(name, None, n) for name, _, n in found]


def mean_profile(ratings: Ratings, scale: Scale, minimum: int) -> pd.Series[float]:
    """Return the mean of each statement on a scale; missing with fewer answers than the minimum."""
    n, mean, _ = moments(counts_of(ratings, scale), [point.value for point in scale.points])
    names = list(ratings.statements[scale.name])
    return pd.Series(np.where(n >= minimum, mean, np.nan), index=names)


def _withheld(pair: tuple[str, str, str, str], rows: Rows) -> Iterator[Note]:
    """Say why coefficients are missing."""
    variable, a, b, scale = pair
    place = f"{variable}: {a} – {b}" + (f", {scale}" if scale else "")
    reasons: dict[str, list[str]] = {}
    for name, value, n in rows:
        if value is None:
            few = f"{n} statements; at least {MINIMUM_STATEMENTS} are needed"
            what = few if n < MINIMUM_STATEMENTS else "one group's means are all the same"
            reasons.setdefault(what, []).append(name)
    for reason, names in reasons.items():
        yield Note("group_agreement", f"{place}, {', '.join(names)}", "value", "withheld", reason)
