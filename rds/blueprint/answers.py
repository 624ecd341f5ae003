"""The answers that a weight model averages, as arrays: what errors and resamples start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.blueprint import models
from rds.blueprint.models import combine, find_model
from rds.errors import WithheldError
from rds.ratings.ratings import Base, Ratings

Floats = NDArray[np.float64]
Merge = Callable[[Sequence[Floats]], Floats]

FEWEST_RESPONDENTS = 15
FEWEST_ANSWERS = 5


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers that a model averages, and how their means make combined ratings.

    Attributes
    ----------
    tasks
        Identifiers of the tasks.
    tables
        Arrays respondents × tasks, NaN where there is no answer.
    merge
        From means (one array replicates × tasks for each table) to combined ratings; a row is NaN
        where the model is not defined. None for a model registered elsewhere: it has to be run.
    """

    tasks: tuple[str, ...]
    tables: tuple[Floats, ...]
    merge: Merge | None

    def usable(self) -> NDArray[np.bool_]:
        """Tell which respondents gave at least one answer that counts."""
        present = [(~np.isnan(table)).any(axis=1) for table in self.tables]
        return np.asarray(np.logical_or.reduce(present))

    def of_respondents(self, mask: NDArray[np.bool_]) -> Answers:
        """Return the answers of the respondents where the mask is true."""
        return replace(self, tables=tuple(table[mask] for table in self.tables))

    def counts(self) -> NDArray[np.intp]:
        """Return the number of answers by task, on the scale that has fewest."""
        counts = [(~np.isnan(table)).sum(axis=0) for table in self.tables]
        return np.asarray(np.min(counts, axis=0))


def answers_of(
    ratings: Ratings, *, tasks: Sequence[str], model: str, scales: Sequence[str] | None = None
) -> Answers:
    """Return the answers that a model averages for these tasks.

    Parameters
    ----------
    ratings
        Ratings of at least these tasks.
    tasks
        Tasks in the order wanted.
    model, scales
        As in `combine`.

    Raises
    ------
    ValueError, WithheldError
        As `combine`.

    Examples
    --------
    >>> importance = pd.DataFrame({"T1": [5, 4]})
    >>> frequency = pd.DataFrame({"T1": [0, 2]})
    >>> ratings = Ratings.from_frames(
    ...     importance=importance, frequency=frequency, not_performed={"frequency": 0}
    ... )
    >>> answers_of(ratings, tasks=["T1"], model="product").tables[0].tolist()
    [[0.0], [8.0]]
    """
    names = list(combine(ratings, model=model, scales=scales).means.columns)
    merge = _MERGES.get(find_model(model).combine)
    if find_model(model).combine is models.product:
        products = np.prod([_rated(ratings, name, tasks, "performers") for name in names], axis=0)
        return Answers(
            tuple(tasks), (np.where(ratings.not_performed(tasks).T, 0.0, products),), merge
        )
    bases: dict[str, Base] = {
        name: "all" if ratings.scale(name).role == "frequency" else "performers" for name in names
    }
    tables = tuple(_rated(ratings, name, tasks, base) for name, base in bases.items())
    return Answers(tuple(tasks), tables, merge)


def takes_survey_weights(model: str) -> bool:
    """Tell whether a model is known to count respondents by their survey weights.

    Examples
    --------
    >>> takes_survey_weights("kane")
    True
    """
    return find_model(model).combine in _MERGES


def refuse_too_few(answers: Answers) -> None:
    """Withhold what fewer than 15 respondents, or 5 usable ratings of a task, cannot give."""
    n = len(answers.tables[0])
    if n < FEWEST_RESPONDENTS:
        raise WithheldError(
            f"an interval needs {FEWEST_RESPONDENTS} respondents with usable ratings, "
            f"and there are {n}"
        )
    counts = answers.counts()
    few = [task for task, k in zip(answers.tasks, counts, strict=True) if k < FEWEST_ANSWERS]
    if few:
        raise WithheldError(
            f"an interval needs {FEWEST_ANSWERS} usable ratings of every task, and "
            f"there are fewer of {', '.join(few)}"
        )


def refuse_undefined(shares: Floats) -> Floats:
    """Return the shares, or withhold what has none."""
    if np.isnan(shares).any():
        raise WithheldError("combined ratings are all zero or not defined, so there are no weights")
    return shares


def means_from_sums(totals: Floats, counts: Floats) -> Floats:
    """Return totals over counts; NaN where the count is zero."""
    undefined = np.full_like(totals, np.nan)
    return np.asarray(np.divide(totals, counts, out=undefined, where=counts > 0))


def weighted_means(answers: Answers, weights: Floats) -> list[Floats]:
    """Return each table's means under rows of weights, rows × tasks; NaN where there is none."""
    return [
        means_from_sums(weights @ np.where(present, table, 0.0), weights @ present.astype(float))
        for table in answers.tables
        for present in [~np.isnan(table)]
    ]


def shares_by_row(combined: Floats) -> Floats:
    """Return each row as shares that sum to 1; a row that gives no shares is NaN.

    Examples
    --------
    >>> shares_by_row(np.array([[3.0, 1.0], [np.nan, 1.0], [0.0, 0.0]])).tolist()
    [[0.75, 0.25], [nan, nan], [nan, nan]]
    """
    totals = combined.sum(axis=1, keepdims=True)
    undefined = np.full_like(combined, np.nan)
    return np.asarray(np.divide(combined, totals, out=undefined, where=totals > 0))


def membership(labels: Sequence[str]) -> tuple[list[str], Floats]:
    """Return the labels as they first appear, and who carries which: 0 or 1, members × labels.

    Examples
    --------
    >>> membership(["B", "A", "B"])[1].tolist()
    [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    """
    names = list(dict.fromkeys(labels))
    return names, np.equal.outer(np.array(labels), np.array(names)).astype(float)


def _rated(ratings: Ratings, scale: str, tasks: Sequence[str], base: Base) -> Floats:
    """Return the ratings on a scale, respondents × tasks; NaN for a task that it does not rate."""
    values = ratings.values(scale, base=base)
    with_blank = np.vstack([values, np.full((1, len(ratings)), np.nan)])
    rows = pd.Index(ratings.statements[ratings.scale(scale).name]).get_indexer(pd.Index(tasks))
    return np.asarray(with_blank[rows].T)


def alone(means: Sequence[Floats]) -> Floats:
    """Return the one table of means."""
    return means[0]


def _product(means: Sequence[Floats]) -> Floats:
    """Return the product of means."""
    return np.asarray(np.prod(means, axis=0), dtype=float)


def _average(means: Sequence[Floats]) -> Floats:
    """Return the mean of means."""
    return np.asarray(np.mean(means, axis=0), dtype=float)


def _kane(means: Sequence[Floats]) -> Floats:
    """Return first · second^b with the exponent of every row; NaN where it is not defined."""
    positive = np.logical_and.reduce([table > 0 for table in means])
    first, second = (_spread_of_logs(table, positive) for table in means)
    wanted = np.divide(
        first,
        second,
        out=np.full_like(first, np.nan),
        where=(first > 1e-12) & (second > 1e-12),
    )
    exponents = np.clip(wanted, models.SMALLEST_EXPONENT, models.LARGEST_EXPONENT)
    return np.asarray(means[0] * means[1] ** exponents[:, None], dtype=float)


def _spread_of_logs(means: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """Return each row's standard deviation (n − 1) of the logarithms chosen; 0 for fewer than 2."""
    n = chosen.sum(axis=1)
    logs = np.log(np.where(chosen, means, 1.0))
    centres = logs.sum(axis=1) / np.maximum(n, 1)
    squares = np.where(chosen, (logs - centres[:, None]) ** 2, 0.0).sum(axis=1)
    return np.asarray(np.sqrt(squares / np.maximum(n - 1, 1)), dtype=float)


def rerun_shares(
    ratings: Ratings, tasks: Sequence[str], *, model: str, scales: Sequence[str] | None
) -> Floats:
    """Return the tasks' weights by running the model; NaN where the ratings do not define them."""
    try:
        combined = combine(ratings, model=model, scales=scales).rating.reindex(list(tasks))
    except WithheldError:
        return np.full(len(tasks), np.nan)
    return np.asarray(shares_by_row(np.array([combined], dtype=np.float64))[0])


_MERGES: Mapping[Callable[..., models.Combined], Merge] = {
    models.importance_only: alone,
    models.product: alone,
    models.product_of_means: _product,
    models.additive: _average,
    models.kane: _kane,
}
