"""Whether respondents are like the population, and late ones like early ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from rds.ratings.raking import NO_ANSWER_CATEGORY, Margins, answers_to, population_shares
from rds.show import Shown, View

Floats = NDArray[np.float64]

REPRESENTATIVENESS = (
    "variable", "category", "n", "percent_sample", "percent_weighted", "percent_population",
    "difference", "standardised", "flagged",
)  # fmt: skip
TESTS = ("variable", "n", "chi_square", "df", "p", "largest_difference", "merged")
EARLY_LATE = (
    "variable", "category", "n_early", "n_late", "early", "late", "difference", "standardised",
)  # fmt: skip

FLAG_POINTS = 10.0
"""Difference, in percentage points, from which a category is flagged."""

SMALLEST_EXPECTED = 5.0
FEWEST_EITHER = 10


@dataclass(frozen=True, eq=False, repr=False)
class Representativeness(Shown):
    """How far respondents differ from the population.

    Attributes
    ----------
    categories
        One row per variable and category (columns: `REPRESENTATIVENESS`), percentages of those who
        answered.
    tests
        One row per variable (columns: `TESTS`).
    """

    categories: pd.DataFrame
    tests: pd.DataFrame

    def view(self) -> View:
        """Return the differences by category."""
        flagged = int(self.categories["flagged"].sum())
        note = f"{flagged} categories differ by {FLAG_POINTS:g} points or more."
        return View("Respondents and population (percent)", self.categories, (note,))


def representativeness(
    respondents: pd.DataFrame,
    *,
    margins: Margins,
    survey_weights: ArrayLike | None = None,
) -> Representativeness:
    """Compare respondents with known margins of the population.

    Parameters
    ----------
    respondents
        One row a respondent, one column a variable; missing or empty for no answer, which is left
        out of the comparison.
    margins
        By variable, the share of each category in the population, as in `rds.rake`.
    survey_weights
        One per respondent, if there are any, for ``percent_weighted``.

    Returns
    -------
    Representativeness
        The standardised difference is (p − P)/√(P(1 − P)): in standard deviations of belonging to
        the category, which does not grow with n as χ² does. Categories with fewer than 5
        expected respondents are merged before the χ² test (Pearson), and named in ``merged``.

    Raises
    ------
    ValueError
        For unknown variables, margins that do not add up, or categories of the answers that have
        no share.

    Notes
    -----
    Pearson (1900); standardised differences: Austin (2009), Statistics in Medicine 28.

    Examples
    --------
    >>> people = pd.DataFrame({"region": ["N"] * 60 + ["S"] * 25 + ["W"] * 15})
    >>> found = representativeness(people, margins={"region": {"N": 50, "S": 30, "W": 20}})
    >>> found.tests[["chi_square", "df", "p"]].round(4).to_numpy().tolist()
    [[4.0833, 2.0, 0.1298]]
    """
    answers = answers_to(respondents, margins)
    weights = np.ones(len(answers)) if survey_weights is None else np.asarray(survey_weights)
    parts, tests = [], []
    for variable, margin in margins.items():
        shares = population_shares(variable, margin)
        given = (answers[variable] != NO_ANSWER_CATEGORY).to_numpy()
        own = answers.loc[given, variable]
        unknown = sorted(set(own) - set(shares))
        if unknown:
            raise ValueError(f"“{unknown[0]}” of {variable} has no share in the population")
        table = _compared(variable, own, weights[given], shares)
        if survey_weights is None:
            table["percent_weighted"] = np.nan
        parts.append(table)
        tests.append(_tested(variable, table["n"].to_numpy(float), shares))
    return Representativeness(
        pd.concat(parts, ignore_index=True), pd.DataFrame(tests, columns=list(TESTS))
    )


def early_and_late(
    answers: pd.DataFrame,
    numbers: pd.DataFrame,
    late: NDArray[np.bool_],
    *,
    smallest_cell: int = 5,
    hidden: Mapping[str, Set[str]] | None = None,
) -> pd.DataFrame:
    """Compare early with late respondents: who answers late is thought to be more like the silent.

    Parameters
    ----------
    answers
        One column a question with one answer, text.
    numbers
        One column a number (a person's mean rating), the same rows.
    late
        Who answered late.
    smallest_cell
        Categories with fewer on either side, but not none, are suppressed, and then the next.
    hidden
        Categories that another table suppresses, by variable.

    Returns
    -------
    DataFrame
        Columns `EARLY_LATE`: percentages of those who answered, means of numbers; differences late
        minus early, standardised by the pooled standard deviation.

    Notes
    -----
    Armstrong and Overton (1977), Journal of Marketing Research 14; Austin (2009).

    Examples
    --------
    >>> late = np.array([False] * 20 + [True] * 20)
    >>> numbers = pd.DataFrame({"importance": [3.0, 4.0] * 10 + [2.0, 3.0] * 10})
    >>> early_and_late(pd.DataFrame(index=numbers.index), numbers, late)["difference"].tolist()
    [-1.0]
    """
    rows = []
    for variable in answers:
        texts = answers[variable].fillna("").map(str)
        given = (texts != "").to_numpy()
        known = (hidden or {}).get(str(variable), frozenset())
        sides = given & ~late, given & late
        rows += _early_late_rows(str(variable), texts, sides, smallest_cell, known)
    for name in numbers:
        values = numbers[name].to_numpy(dtype=float)
        rows.append(_early_late_number(str(name), values[~late], values[late]))
    return pd.DataFrame(rows, columns=list(EARLY_LATE))


def late_respondents(days: pd.Series[str], reminders: Sequence[str]) -> NDArray[np.bool_] | None:
    """Tell who answered late: from the first reminder on, or else among the last third of days.

    Parameters
    ----------
    days
        Day of each answer (2026-05-04).
    reminders
        Days on which reminders went out.

    Returns
    -------
    ndarray or None
        None where either side would have fewer than 10 respondents.

    Examples
    --------
    >>> late_respondents(pd.Series(["2026-05-04"] * 12 + ["2026-05-20"] * 12), ["2026-05-11"]).sum()
    np.int64(12)
    """
    starts = [min(reminders)] if reminders else []
    if len(days):
        starts.append(sorted(days)[(2 * len(days)) // 3])
    for start in starts:
        late = (days >= start).to_numpy(dtype=bool)
        if min(late.sum(), (~late).sum()) >= FEWEST_EITHER:
            return late
    return None


def _compared(
    variable: str, own: pd.Series[str], weights: Floats, shares: Mapping[str, float]
) -> pd.DataFrame:
    """Return a variable's categories beside the population's."""
    names = list(shares)
    population = np.array(list(shares.values()))
    counts = own.value_counts().reindex(names, fill_value=0).to_numpy(float)
    weighted = pd.Series(weights).groupby(own.to_numpy()).sum().reindex(names, fill_value=0.0)
    n, total = max(counts.sum(), 1.0), max(float(weighted.sum()), 1e-300)
    difference = counts / n - population
    spread = np.sqrt(population * (1 - population))
    return pd.DataFrame(
        {
            "variable": variable,
            "category": names,
            "n": counts,
            "percent_sample": 100 * counts / n,
            "percent_weighted": 100 * weighted.to_numpy() / total,
            "percent_population": 100 * population,
            "difference": 100 * difference,
            "standardised": np.divide(
                difference, spread, out=np.full_like(spread, np.nan), where=spread > 0
            ),
            "flagged": 100 * np.abs(difference) >= FLAG_POINTS - 1e-9,
        },
        columns=list(REPRESENTATIVENESS),
    )


def _tested(
    variable: str, counts: Floats, shares: Mapping[str, float]
) -> tuple[str, int, float, float, float, float, str]:
    """Return the χ² test of a variable, thin categories merged into one."""
    n = counts.sum()
    population = np.array(list(shares.values()))
    largest = 100 * float(np.abs(counts / max(n, 1.0) - population).max())
    names: list[tuple[str, ...]] = [(name,) for name in shares]
    cells = sorted(zip((n * population).tolist(), counts.tolist(), names, strict=True))
    while len(cells) > 1 and cells[0][0] < SMALLEST_EXPECTED:
        (e1, o1, names1), (e2, o2, names2) = cells[:2]
        cells = sorted([(e1 + e2, o1 + o2, names1 + names2), *cells[2:]])
    merged = "; ".join(" + ".join(own) for _, _, own in cells if len(own) > 1)
    if len(cells) < 2:
        nan = float("nan")
        return variable, int(n), nan, nan, nan, largest, merged
    found = stats.chisquare([o for _, o, _ in cells], [e for e, _, _ in cells])
    degrees = float(len(cells) - 1)
    return variable, int(n), float(found.statistic), degrees, float(found.pvalue), largest, merged


def _early_late_rows(
    variable: str,
    texts: pd.Series[str],
    sides: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    smallest_cell: int,
    hidden: Set[str],
) -> list[tuple[object, ...]]:
    """Return a row for each category, the suppressed ones empty."""
    names = sorted(set(texts[sides[0] | sides[1]]))
    counts = np.array(
        [[int((texts[side] == name).sum()) for side in sides] for name in names], dtype=int
    ).reshape(-1, 2)
    covered = _covered(names, counts, smallest_cell, hidden)
    totals = counts.sum(axis=0)
    rows: list[tuple[object, ...]] = []
    for name, own, is_covered in zip(names, counts, covered, strict=True):
        if is_covered or not totals.all():
            rows.append((variable, name, *totals.tolist(), *[float("nan")] * 4))
            continue
        early, late = own / totals
        spread = np.sqrt((early * (1 - early) + late * (1 - late)) / 2)
        standardised = (late - early) / spread if spread > 0 else 0.0
        shares = 100 * early, 100 * late, 100 * (late - early), standardised
        rows.append((variable, name, *totals.tolist(), *map(float, shares)))
    return rows


def _covered(
    names: Sequence[str], counts: NDArray[np.int_], smallest_cell: int, hidden: Set[str]
) -> list[bool]:
    """Tell which categories may not be printed."""
    covered = [
        name in hidden or bool(((own > 0) & (own < smallest_cell)).any())
        for name, own in zip(names, counts, strict=True)
    ]
    for place in np.argsort(counts.sum(axis=1), kind="stable").tolist():
        if sum(covered) != 1:
            break
        covered[place] = True
    return covered


def _early_late_number(name: str, early: Floats, late: Floats) -> tuple[object, ...]:
    """Return the row of a number: means, and their difference in pooled standard deviations."""
    early, late = early[~np.isnan(early)], late[~np.isnan(late)]
    nan = float("nan")
    if min(len(early), len(late)) < FEWEST_EITHER:
        return (name, "mean", len(early), len(late), nan, nan, nan, nan)
    difference = float(late.mean() - early.mean())
    squares = (len(early) - 1) * early.var(ddof=1) + (len(late) - 1) * late.var(ddof=1)
    spread = float(np.sqrt(squares / (len(early) + len(late) - 2)))
    standardised = difference / spread if spread > 0 else nan
    means = float(early.mean()), float(late.mean())
    return (name, "mean", len(early), len(late), *means, difference, standardised)
