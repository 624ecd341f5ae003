"""Survey weights that make respondents stand for a population: post-stratification and raking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from rds.show import Shown, View

Floats = NDArray[np.float64]
Margins = Mapping[str, Mapping[Any, float]]

NO_ANSWER_CATEGORY = "no answer"
TOLERANCE, TOLERANCE_OF_RESAMPLES = 1e-10, 1e-5
MOST_ROUNDS = 2000
MOST_TRIMS, MOST_TRIMS_OF_RESAMPLES = 100, 10
LARGEST_GAP = 0.01
"""Largest distance of the margins from 100 % that is taken for rounding."""

BALANCE = (
    "variable", "category", "n", "percent_sample", "percent_weighted", "percent_population",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class RakingPlan:
    """Which cell of all raking variables each respondent falls in, and what the cells add up to.

    Attributes
    ----------
    cells
        Cell of each respondent.
    categories
        For each variable: its categories; the last is `NO_ANSWER_CATEGORY`.
    members
        For each variable: cells × categories, 1 where the cell has the category.
    targets
        For each variable: the shares of all categories but the last, among those who answer.
    cap
        Largest weight, where weights average 1; infinity without trimming.
    """

    cells: NDArray[np.intp]
    categories: tuple[tuple[str, ...], ...]
    members: tuple[Floats, ...]
    targets: tuple[Floats, ...]
    cap: float = np.inf

    def replicate_weights(self, multiplicities: ArrayLike) -> Floats:
        """Rake every resample anew.

        Parameters
        ----------
        multiplicities
            How often each respondent counts, resamples × respondents; 0 for who is left out.

        Returns
        -------
        ndarray
            Weights including the multiplicities, resamples × respondents; a row is NaN where a
            category with a share in the population has nobody left.
        """
        counts = np.asarray(multiplicities, dtype=float)
        indicator = np.equal.outer(self.cells, np.arange(len(self.members[0]))).astype(float)
        factors = raked_cells(counts @ indicator, self, tolerance=TOLERANCE_OF_RESAMPLES)
        return np.asarray(counts * factors[:, self.cells])


@dataclass(frozen=True, eq=False, repr=False)
class SurveyWeights(Shown):
    """Survey weights, and how well and how dearly they match the population.

    Attributes
    ----------
    weights
        By respondent, mean 1.
    balance
        Per variable and category the shares before and after weighting, in percent (columns:
        `BALANCE`).
    n
        Respondents.
    n_eff
        Effective number, (Σw)²/Σw² (Kish, 1965).
    design_effect
        n / n_eff.
    largest, smallest
        Largest and smallest weight.
    n_trimmed
        Respondents held at the largest weight allowed.
    largest_miss
        Largest difference between a weighted and a population share, in percentage points.
    plan
        What is needed to rake resamples anew.
    """

    weights: pd.Series[float]
    balance: pd.DataFrame
    n: int
    n_eff: float
    design_effect: float
    largest: float
    smallest: float
    n_trimmed: int
    largest_miss: float
    plan: RakingPlan

    def view(self) -> View:
        """Return the shares before and after weighting."""
        notes = [
            f"n = {self.n}, effective n = {self.n_eff:.1f}, design effect = "
            f"{self.design_effect:.2f}, weights {self.smallest:.2f} to {self.largest:.2f}."
        ]
        if self.largest_miss > 0.05:
            notes.append(f"Trimming leaves up to {self.largest_miss:.1f} points to the population.")
        return View("Respondents weighted to the population (percent)", self.balance, tuple(notes))


def rake(
    respondents: pd.DataFrame, *, margins: Margins, trim: float | None = None
) -> SurveyWeights:
    """Weight respondents so that their shares match those known of the population.

    Iterative proportional fitting: the weights are adjusted to one variable after the other until
    all agree. With one variable this is post-stratification, w = N·P/n, in one step. Respondents
    without an answer to a variable keep, together, the share they have among the respondents.

    Parameters
    ----------
    respondents
        One row a respondent, one column a variable; missing or empty for no answer.
    margins
        By variable, the share of each category in the population: shares or percentages that add
        up to 1 or 100 within rounding.
    trim
        Largest weight, in multiples of the median of the untrimmed weights; heavier ones are held
        there and the others raked again, in turn, until both hold or nothing moves any more.

    Raises
    ------
    ValueError
        For unknown variables, margins that do not add up, a category with a share and nobody in it,
        answers without a share, or margins that contradict each other.

    Notes
    -----
    Deming and Stephan (1940), Annals of Mathematical Statistics 11; Kish (1965), Survey Sampling.

    Examples
    --------
    >>> people = pd.DataFrame({"setting": ["Community"] * 6 + ["Hospital"] * 4})
    >>> found = rake(people, margins={"setting": {"Community": 50, "Hospital": 50}})
    >>> found.weights.round(4).unique().tolist(), round(found.n_eff, 2)
    ([0.8333, 1.25], 9.6)
    """
    if trim is not None and not trim > 1:
        raise ValueError(f"found trim {trim}; wanted a multiple above 1, or None")
    answers = answers_to(respondents, margins)
    shares = {name: population_shares(name, own) for name, own in margins.items()}
    plan = _plan(answers, shares)
    factors = _converged(raked_cells(_cell_counts(plan)[None], plan))
    if trim is not None:
        plan = replace(plan, cap=_cap(trim, factors[plan.cells]))
        factors = _converged(raked_cells(_cell_counts(plan)[None], plan))
    weights = pd.Series(factors[plan.cells], index=respondents.index, name="survey_weight")
    return _described(weights, answers, plan)


def answers_to(respondents: pd.DataFrame, variables: Sequence[str] | Margins) -> pd.DataFrame:
    """Return the answers to some variables as text, `NO_ANSWER_CATEGORY` where there is none.

    Raises
    ------
    ValueError
        When nobody is left, or a variable is not among the columns.
    """
    missing = [name for name in variables if name not in respondents]
    if missing:
        raise ValueError(f"respondents have no column {', '.join(map(repr, missing))}")
    if not len(respondents):
        raise ValueError("there are no respondents")
    if not len(variables):
        raise ValueError("no variables were given")
    own = respondents[list(variables)].astype(object)
    text = own.where(own.notna(), "").map(str).map(str.strip)
    return text.mask(text == "", NO_ANSWER_CATEGORY)


def population_shares(variable: str, margin: Mapping[Any, float]) -> dict[str, float]:
    """Return a margin as shares that sum to 1.

    Raises
    ------
    ValueError
        When a share is negative or no number, or they add up neither to 1 nor to 100.

    Examples
    --------
    >>> population_shares("Q1", {"A": 33.3, "B": 66.6})["A"]
    0.3333333333333333
    """
    values = {str(name): float(share) for name, share in margin.items()}
    total = sum(values.values())
    if not values or not all(np.isfinite(v) and v >= 0 for v in values.values()):
        raise ValueError(f"the margins of {variable} must be numbers of 0 or more")
    whole = 100.0 if total > 2 else 1.0
    if abs(total / whole - 1) > LARGEST_GAP:
        raise ValueError(f"the margins of {variable} add up to {total:g}, not to 1 or 100 %")
    return {name: value / total for name, value in values.items()}


def raked_cells(counts: Floats, plan: RakingPlan, *, tolerance: float = TOLERANCE) -> Floats:
    """Return the weight of a respondent in each cell, mean 1, for rows of respondents by cell.

    Parameters
    ----------
    counts
        Respondents by cell, resamples × cells.
    plan
        Members and targets; weights above `cap` are held there.
    tolerance
        Relative distance of a share from its margin below which it has settled.

    Returns
    -------
    ndarray
        Resamples × cells; NaN where a category with a share has nobody, or the margins contradict
        each other.
    """
    totals = counts.sum(axis=1, keepdims=True)
    goals = row_targets(counts / totals, plan)
    reachable = np.all(
        [
            ((counts @ member > 0) | (goal == 0)).all(axis=1)
            for member, goal in zip(plan.members, goals, strict=True)
        ],
        axis=0,
    )
    factors = np.where(reachable[:, None], 1.0, np.nan) * np.ones_like(counts)
    open_rows = np.flatnonzero(reachable)
    for _ in range(MOST_TRIMS if tolerance == TOLERANCE else MOST_TRIMS_OF_RESAMPLES):
        if not len(open_rows):
            break
        shares = counts[open_rows] / totals[open_rows]
        own = [goal[open_rows] for goal in goals]
        fitted = _fit(factors[open_rows], shares, plan.members, own, tolerance)
        factors[open_rows] = _held(fitted, shares, plan.cap)
        above = (fitted > plan.cap * (1 + 10 * tolerance)) & (counts[open_rows] > 0)
        open_rows = open_rows[above.any(axis=1)]
    return factors


def row_targets(shares: Floats, plan: RakingPlan) -> list[Floats]:
    """Return what each variable's categories have to reach, resamples × categories.

    Those without an answer keep the share that they have in the resample.
    """
    silent = [shares @ member[:, -1:] for member in plan.members]
    return [
        np.hstack([(1 - own) * target, own])
        for own, target in zip(silent, plan.targets, strict=True)
    ]


def _held(factors: Floats, shares: Floats, cap: float) -> Floats:
    """Hold weights at the cap, and scale the others so that all average 1."""
    held = factors
    for _ in range(MOST_TRIMS):
        held = np.minimum(held, cap)
        free = np.where(held < cap, held * shares, 0.0).sum(axis=1, keepdims=True)
        short = 1 - (held * shares).sum(axis=1, keepdims=True)
        stretch = 1 + np.divide(short, free, out=np.zeros_like(free), where=free > 0)
        held = np.where(held < cap, held * stretch, held)
        if not (held > cap * (1 + 1e-12)).any():
            break
    return np.asarray(held)


def _fit(
    start: Floats,
    shares: Floats,
    members: Sequence[Floats],
    goals: Sequence[Floats],
    tolerance: float,
) -> Floats:
    """Fit the weights to all margins in turn, until in a whole round none is off."""
    factors = start.copy()
    rows = np.arange(len(factors))
    for _ in range(MOST_ROUNDS):
        now = factors[rows]
        off = np.zeros(len(rows))
        for member, goal in zip(members, goals, strict=True):
            reached = (now * shares[rows]) @ member
            ratio = np.divide(goal[rows], reached, out=np.ones_like(reached), where=reached > 0)
            now = now * (ratio @ member.T)
            off = np.maximum(off, np.abs(ratio - 1).max(axis=1))
        factors[rows] = now
        rows = rows[off > tolerance]
        if not len(rows):
            break
    factors[rows] = np.nan
    return factors


def _plan(answers: pd.DataFrame, shares: Mapping[str, Mapping[str, float]]) -> RakingPlan:
    """Return the cells of all variables together, and what they have to add up to."""
    _refuse_unmatched(answers, shares)
    table = answers.drop_duplicates().reset_index(drop=True)
    names = list(map(tuple, table.to_numpy().tolist()))
    place = {name: row for row, name in enumerate(names)}
    cells = np.array([place[row] for row in map(tuple, answers.to_numpy().tolist())], dtype=np.intp)
    categories, members, targets = [], [], []
    for variable, margin in shares.items():
        column = table[variable].to_numpy(dtype=object)
        names_here = (*margin, NO_ANSWER_CATEGORY)
        categories.append(names_here)
        members.append(np.equal.outer(column, np.array(names_here, dtype=object)).astype(float))
        targets.append(np.array(list(margin.values())))
    return RakingPlan(cells, tuple(categories), tuple(members), tuple(targets))


def _refuse_unmatched(answers: pd.DataFrame, shares: Mapping[str, Mapping[str, float]]) -> None:
    """Refuse categories with a share and nobody in them, and answers without a share."""
    faults = []
    for variable, margin in shares.items():
        counts = answers[variable].value_counts()
        for name, share in margin.items():
            if share > 0 and not counts.get(name, 0):
                faults.append(f"nobody answered “{name}” to {variable}; collapse it with another")
            if share == 0 and counts.get(name, 0):
                faults.append(f"“{name}” of {variable} has no share, and {counts[name]} chose it")
        for name in counts.index.difference([*margin, NO_ANSWER_CATEGORY]):
            faults.append(f"{counts[name]} answered “{name}” to {variable}, which has no share")
    if faults:
        raise ValueError("; ".join(faults))


def _cap(trim: float, weights: Floats) -> float:
    """Return the largest weight allowed."""
    cap = trim * float(np.median(weights))
    if cap <= 1:
        raise ValueError(
            f"no weights can average 1 and stay below {trim:g} times the median of "
            f"{np.median(weights):.2f}; raise trim or collapse categories"
        )
    return cap


def _cell_counts(plan: RakingPlan) -> Floats:
    """Count the respondents in each cell."""
    return np.bincount(plan.cells, minlength=len(plan.members[0])).astype(float)


def _converged(factors: Floats) -> Floats:
    """Return the one row of weights, or say that there is none."""
    if np.isnan(factors).any():
        raise ValueError(
            f"raking did not converge in {MOST_ROUNDS} rounds: the margins contradict what "
            "respondents answered together; collapse categories or use fewer variables"
        )
    return np.asarray(factors[0])


def _described(weights: pd.Series[float], answers: pd.DataFrame, plan: RakingPlan) -> SurveyWeights:
    """Return the weights with what has to be known of them."""
    rows = []
    shares = _cell_counts(plan)[None] / len(weights)
    for variable, names, target in zip(
        answers, plan.categories, row_targets(shares, plan), strict=True
    ):
        counts = answers[variable].value_counts()
        weighted = weights.groupby(answers[variable]).sum()
        for name, share in zip(names, target[0], strict=True):
            n = int(counts.get(name, 0))
            if name == NO_ANSWER_CATEGORY and not n:
                continue
            reached = 100 * float(weighted.get(name, 0.0)) / len(weights)
            rows.append((variable, name, n, 100 * n / len(weights), reached, 100 * float(share)))
    balance = pd.DataFrame(rows, columns=list(BALANCE))
    miss = balance["percent_weighted"] - balance["percent_population"]
    n_eff = float(weights.sum() ** 2 / (weights**2).sum())
    return SurveyWeights(
        weights=weights,
        balance=balance,
        n=len(weights),
        n_eff=n_eff,
        design_effect=len(weights) / n_eff,
        largest=float(weights.max()),
        smallest=float(weights.min()),
        n_trimmed=int((weights >= plan.cap * (1 - 1e-9)).sum()) if np.isfinite(plan.cap) else 0,
        largest_miss=float(miss.abs().max()),
        plan=plan,
    )
