"""Groups of respondents compared, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from rds.analysis.comparison import (
    DECLARED,
    MINIMUM_GROUP,
    Columns,
    Comparison,
    ComparisonPlan,
    Family,
    counts_of,
    spread_is_known,
    stacked,
    too_thin,
    withhold,
)
from rds.analysis.descriptives import Group
from rds.analysis.hypotheses import EXPLORATORY, outcomes, stated_for
from rds.analysis.multiplicity import family_q, holm_p
from rds.analysis.two_samples import compare_counts
from rds.analysis.verdicts import point_verdicts
from rds.notes import Note
from rds.ratings.ratings import Ratings
from rds.scales import Scale
from rds.settings import RetentionSection

SUBGROUPS = (
    "statement_id", "scale", "variable", "group_a", "group_b", "n_a", "n_b", "mean_a", "mean_b",
    "sd_a", "sd_b", "difference", "ci_low", "ci_high", "test", "statistic", "df", "p", "q",
    "hedges_g", "g_low", "g_high", "cliffs_delta", "detectable_g", "verdict_a", "verdict_b",
    "tier", "hypothesis", "outcome",
)  # fmt: skip

NOTED_G = 0.5
"""The size of Hedges' g from which a significant difference is noted."""

_FAMILIES: Mapping[Family, tuple[str, ...]] = {
    "all": (),
    "variable": ("variable",),
    "scale": ("variable", "scale"),
}
_COLUMNS = Columns(
    means=("mean_a", "mean_b"),
    differences=("difference",),
    effects=(
        "sd_a", "sd_b", "ci_low", "ci_high", "hedges_g", "g_low", "g_high", "cliffs_delta",
        "detectable_g",
    ),
)  # fmt: skip


def compare_groups(
    ratings: Ratings,
    *,
    by: str | Mapping[str, Sequence[str]] = "group",
    kinds: Mapping[str, str] | None = None,
    plan: ComparisonPlan = DECLARED,
) -> Comparison:
    """Compare groups of respondents on every statement and scale, two at a time.

    Parameters
    ----------
    ratings
        The answers; ``ratings.respondents`` has a column for each variable.
    by
        A variable; or several, each with its groups in the order to show them (none: as found).
    kinds
        Kind of each statement (``"task"``, ``"knowledge"``, …); verdicts are about tasks. Without
        it, all statements are tasks.
    plan
        How they are compared.

    Returns
    -------
    Comparison
        Columns `SUBGROUPS`. ``q`` is the p adjusted by Benjamini and Hochberg (1995) over its
        family; hypotheses stated in advance are a family of their own, adjusted by Holm (1979).
        ``verdict_a``, ``verdict_b`` are what the retention rules say of each group's ratings with
        the mean alone against the cut. ``tier`` is ``"review"`` where these verdicts differ
        (“within error” when the interval of the difference includes 0), ``"noted"`` where the
        difference is significant and |g| at least 0.5. Groups below the minimum are not shown.

    Raises
    ------
    ValueError
        When respondents have no such variable.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.integers(1, 5, (60, 3)), columns=["T1", "T2", "T3"])
    >>> ratings = Ratings.from_frames(importance=answers, group=["day"] * 30 + ["night"] * 30)
    >>> found = compare_groups(ratings).table
    >>> found[["statement_id", "group_a", "group_b", "n_a"]].values.tolist()[0]
    ['T1', 'day', 'night', 30]
    """
    variables = {by: ()} if isinstance(by, str) else by
    rows, notes = group_rows(ratings, by=variables, kinds=kinds, plan=plan)
    return Comparison("Groups compared (points of the scale)", judged(rows, plan), tuple(notes))


def group_rows(
    ratings: Ratings,
    *,
    by: Mapping[str, Sequence[str]],
    kinds: Mapping[str, str] | None,
    plan: ComparisonPlan,
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the comparisons of `compare_groups` before p is adjusted over its family.

    Parameters
    ----------
    ratings, kinds, plan
        As for `compare_groups`.
    by
        Variables, each with its groups in order.

    Returns
    -------
    table, notes
        Columns `SUBGROUPS`; what `judged` adds is missing.
    """
    parts: list[pd.DataFrame] = []
    notes: list[Note] = []
    for variable, wanted in by.items():
        groups, dropped = shown_groups(ratings, variable, wanted, minimum=plan.minimum)
        notes += dropped
        verdicts = {g.name: point_verdicts(g.ratings, plan.retention, kinds) for g in groups}
        for a, b in combinations(groups, 2):
            for scale in ratings.scales:
                rows, thin = _compare_pair(a, b, scale, plan)
                parts.append(_with_verdicts(rows, verdicts, plan.retention))
                notes += thin
    return stacked(parts, SUBGROUPS), notes


def shown_groups(
    ratings: Ratings, variable: str, wanted: Sequence[str] = (), *, minimum: int = MINIMUM_GROUP
) -> tuple[list[Group], list[Note]]:
    """Return the groups of a variable that are large enough to show, and what became of the rest.

    Parameters
    ----------
    ratings
        The answers.
    variable
        A column of ``ratings.respondents``; respondents without a value belong to no group.
    wanted
        The groups in the order to show them; others that are found follow by name, except where
        the variable is ``group``. None means all, by name.
    minimum
        Respondents below which a group is not shown.

    Raises
    ------
    ValueError
        When respondents have no such variable.
    """
    if variable not in ratings.respondents:
        raise ValueError(f"respondents have no variable “{variable}”")
    known = {name.casefold(): name for name in wanted}
    said = ratings.respondents[variable].fillna("").astype(str).str.strip()
    values = said.map(lambda text: known.get(text.casefold(), text))
    found = sorted(set(values) - {""} - set(wanted))
    names = [*wanted, *([] if wanted and variable == "group" else found)]
    groups = [Group(variable, name, "", ratings.select(values == name)) for name in names]
    shown = [group for group in groups if len(group.ratings) >= minimum]
    notes = list(_left_out(groups, variable, int((values == "").sum()), minimum))
    if len(shown) < 2:
        reason = f"fewer than two groups of {minimum} respondents or more: nothing is compared"
        notes.append(Note("subgroups", variable, "", "withheld", reason))
    return shown, notes


def _left_out(groups: Sequence[Group], variable: str, unknown: int, minimum: int) -> Iterator[Note]:
    """Say which groups are too small to show, and how many respondents belong to none."""
    for group in groups:
        if len(group.ratings) < minimum:
            reason = f"fewer than {minimum} respondents: not shown (comparison.minimum_group)"
            yield Note("subgroups", f"{variable}: {group.name}", "", "withheld", reason)
    if unknown and variable != "group":
        reason = f"{unknown} respondents did not say: they are in no group"
        yield Note("subgroups", variable, "", "dropped", reason)


def _compare_pair(
    a: Group, b: Group, scale: Scale, plan: ComparisonPlan
) -> tuple[pd.DataFrame, list[Note]]:
    """Compare two groups on one scale; statements that neither was asked about are left out."""
    counts = counts_of(a.ratings, scale), counts_of(b.ratings, scale)
    points = [point.value for point in scale.points]
    found = compare_counts(*counts, points, test=plan.test, confidence=plan.confidence)
    statements = a.ratings.statements[scale.name]
    table = found.assign(
        statement_id=list(statements),
        scale=scale.name,
        variable=a.variable,
        group_a=a.name,
        group_b=b.name,
    )
    table = table[found["n_a"] + found["n_b"] > 0].reset_index(drop=True)
    known = spread_is_known(a.ratings, b.ratings)
    thin = too_thin(table, _COLUMNS, minimum=plan.minimum, spread_known=known)
    place = f"{a.variable}: {a.name} – {b.name}, {scale.name}"
    return withhold(table, thin, name="subgroups", place=place)


def _with_verdicts(
    rows: pd.DataFrame, verdicts: Mapping[str, Mapping[str, str]], retention: RetentionSection
) -> pd.DataFrame:
    """Add what each group's ratings say of a task, on the scale that retention looks at."""
    told = rows.assign(verdict_a="", verdict_b="")
    if len(rows) and rows["scale"].iloc[0].casefold() == retention.scale.casefold():
        for side in ("a", "b"):
            known = verdicts[rows[f"group_{side}"].iloc[0]]
            told[f"verdict_{side}"] = [known.get(name, "") for name in rows["statement_id"]]
    return told


def judged(table: pd.DataFrame, plan: ComparisonPlan) -> pd.DataFrame:
    """Adjust p over its family, and say what each difference amounts to.

    Parameters
    ----------
    table
        Columns `SUBGROUPS`, from `group_rows`.
    plan
        How groups are compared.
    """
    alpha = 1 - plan.confidence
    stated = stated_for(table, plan.hypotheses)
    planned = np.array([one is not None for one in stated], dtype=bool)
    q = family_q(table[~planned], _FAMILIES[plan.family]).reindex(table.index)
    tested = table.index[planned & table["p"].notna().to_numpy(dtype=bool)]
    if len(tested):
        q[tested] = holm_p(table.loc[tested, "p"])
    adjusted = table.assign(q=q)
    return adjusted.assign(
        tier=_tiers(adjusted, alpha),
        hypothesis=[EXPLORATORY if one is None else str(one) for one in stated],
        outcome=outcomes(adjusted, stated, alpha=alpha),
    )


def _tiers(table: pd.DataFrame, alpha: float) -> list[str]:
    """Say which differences are to be reviewed, and which are to be noted."""
    numbers = table[["ci_low", "ci_high", "q", "hedges_g", "p"]].astype(float)
    told = (table["verdict_a"] != "") & (table["verdict_b"] != "")
    differ = told & (table["verdict_a"] != table["verdict_b"]) & numbers["p"].notna()
    within = (numbers["ci_low"] <= 0) & (numbers["ci_high"] >= 0)
    noted = (numbers["q"] < alpha) & (numbers["hedges_g"].abs() >= NOTED_G)
    tiers = np.select(
        [differ & within, differ, noted], ["review, within error", "review", "noted"], ""
    )
    return [str(tier) for tier in tiers]
