"""The answers that a weight model averages, as arrays: what errors and resamples start from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.blueprint import models
from rds.blueprint.exponents import equal_say
from rds.blueprint.means import products_of
from rds.blueprint.models import Combined, Model, combine, find_model
from rds.blueprint.weighing import Weighing, direct_table, weigh_again, weigh_rows
from rds.errors import WithheldError
from rds.ratings.ratings import Base, Ratings

Floats = NDArray[np.float64]
Merge = Callable[[Sequence[Floats]], Floats]

FEWEST_RESPONDENTS = 15
FEWEST_ANSWERS = 5


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers that a model averages, and how their means make weights.

    Attributes
    ----------
    weighing
        The model, the domain rule and the tasks.
    tables
        Arrays respondents × tasks whose ratings count, NaN where there is no answer.
    direct
        For the domain rule “direct”: domains, and an array respondents × domains.
    merge
        From means (one array replicates × tasks for each table) to combined ratings; a row is NaN
        where the model is not defined. None for a model that has to be run.
    """

    weighing: Weighing
    tables: tuple[Floats, ...]
    direct: tuple[list[str], Floats]
    merge: Merge | None

    @property
    def all_tables(self) -> tuple[Floats, ...]:
        """The tables of tasks, and that of domains if there is one."""
        return (*self.tables, self.direct[1]) if self.direct[0] else self.tables

    @property
    def is_linear(self) -> bool:
        """Whether weights are shares of the means of one table, so that they have a closed form."""
        return self.merge is alone and self.weighing.is_plain

    def usable(self) -> NDArray[np.bool_]:
        """Tell which respondents gave at least one answer that counts."""
        present = [(~np.isnan(table)).any(axis=1) for table in self.all_tables]
        return np.asarray(np.logical_or.reduce(present))

    def of_respondents(self, mask: NDArray[np.bool_]) -> Answers:
        """Return the answers of the respondents where the mask is true."""
        names, direct = self.direct
        return replace(
            self,
            tables=tuple(table[mask] for table in self.tables),
            direct=(names, direct[mask] if names else direct),
        )

    def counts(self) -> NDArray[np.intp]:
        """Return the number of answers by task, on the scale that has fewest."""
        counts = [(~np.isnan(table)).sum(axis=0) for table in self.tables]
        return np.asarray(np.min(counts, axis=0))

    def weigh(self, means: Sequence[Floats]) -> Floats:
        """Return task weights, replicates × tasks, from the means of `all_tables`."""
        if self.merge is None:
            raise ValueError(f"the model “{self.weighing.model}” has to be run")
        names = self.direct[0]
        direct = dict(zip(names, means[-1].T, strict=True)) if names else {}
        return weigh_rows(self.merge(means[: len(self.tables)]), self.weighing, direct)


def answers_of(ratings: Ratings, weighing: Weighing) -> Answers:
    """Return the answers that a model averages.

    Parameters
    ----------
    ratings
        Ratings of at least the tasks to be weighed.
    weighing
        Model, rule and tasks.

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
    >>> answers_of(ratings, Weighing({"T1": "D1"}, "product")).tables[0].tolist()
    [[0.0], [8.0]]
    """
    direct = direct_table(ratings, weighing)
    tasks = weighing.rated
    if not tasks:
        return Answers(weighing, (np.empty((len(ratings), 0)),), direct, alone)
    model = find_model(weighing.model)
    combined = combine(
        ratings.of_statements(tasks),
        model=weighing.model,
        scales=weighing.scales,
        options=weighing.options,
    )
    names = list(combined.means.columns)
    if model.combine is models.product:
        return Answers(weighing, (products_of(ratings, names, tasks).T,), direct, alone)
    bases: dict[str, Base] = {
        name: "all" if ratings.scale(name).role == "frequency" else "performers" for name in names
    }
    tables = tuple(_rated(ratings, name, tasks, base) for name, base in bases.items())
    return Answers(weighing, tables, direct, _merge(model, combined))


def _merge(model: Model, combined: Combined) -> Merge | None:
    """Return how means make combined ratings, for a model that follows from means."""
    if model.combine is models.kane:
        return partial(_kane, shares=np.array(list(combined.nominal.values())))
    if not model.fixed:
        return None
    factors = list(combined.exponents.values())
    if combined.combination == "single":
        return alone
    return partial(_product if combined.combination == "multiplicative" else _sum, factors=factors)


def takes_survey_weights(model: str) -> bool:
    """Tell whether a model counts respondents by their survey weights.

    Examples
    --------
    >>> takes_survey_weights("kane"), takes_survey_weights("rasch")
    (True, True)
    """
    found = find_model(model)
    return found.fixed or found.survey_weights


def why_no_survey_weights(model: str) -> str:
    """Say why a model is refused for ratings with survey weights; empty if it takes them.

    Examples
    --------
    >>> why_no_survey_weights("kane")
    ''
    """
    if takes_survey_weights(model):
        return ""
    origin = find_model(model).origin
    whose = f" of {origin}" if origin else ""
    return (
        f"the model “{model}”{whose} does not say that it counts respondents by survey weights, so "
        "its weights could be those of the respondents as they came"
    )


def follows_from_means(model: str) -> bool:
    """Tell whether resamples need no more of a model than means, and so are fast.

    Examples
    --------
    >>> follows_from_means("kane"), follows_from_means("rasch")
    (True, False)
    """
    found = find_model(model)
    return found.fixed or found.combine in (models.kane, models.product)


def weigh_under(ratings: Ratings, answers: Answers, survey_weights: Floats) -> Floats:
    """Return task weights under rows of survey weights, rows × tasks; NaN where not defined.

    Parameters
    ----------
    ratings, answers
        The same respondents, as `answers_of` takes and gives them.
    survey_weights
        Rows × respondents; zero for who is left out.
    """
    if answers.merge is not None:
        return answers.weigh(weighted_means(answers.all_tables, survey_weights))
    return np.array([_run_under(ratings, answers.weighing, row) for row in survey_weights])


def _run_under(ratings: Ratings, weighing: Weighing, survey_weights: Floats) -> Floats:
    """Run the model on those whose survey weight is not zero."""
    counts = survey_weights > 0
    if not counts.any():
        return np.full(len(weighing.domains), np.nan)
    own = ratings.select(counts).with_survey_weights(survey_weights[counts])
    return weigh_again(own, weighing)


def refuse_too_few(answers: Answers) -> None:
    """Withhold what fewer than 15 respondents, or 5 usable ratings of a task, cannot give."""
    n = len(answers.all_tables[0])
    if n < FEWEST_RESPONDENTS:
        raise WithheldError(
            f"an interval needs {FEWEST_RESPONDENTS} respondents with usable ratings, "
            f"and there are {n}"
        )
    counts = answers.counts()
    tasks = answers.weighing.rated
    few = [task for task, k in zip(tasks, counts, strict=True) if k < FEWEST_ANSWERS]
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


def weighted_means(tables: Sequence[Floats], weights: Floats) -> list[Floats]:
    """Return each table's means under rows of weights, rows × tasks; NaN where there is none."""
    return [
        means_from_sums(weights @ np.where(present, table, 0.0), weights @ present.astype(float))
        for table in tables
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


def _product(means: Sequence[Floats], *, factors: Sequence[float]) -> Floats:
    """Return the product of powers of means."""
    return np.asarray(
        np.prod([mean**factor for mean, factor in zip(means, factors, strict=True)], axis=0)
    )


def _sum(means: Sequence[Floats], *, factors: Sequence[float]) -> Floats:
    """Return the sum of multiples of means."""
    return np.asarray(
        np.sum([mean * factor for mean, factor in zip(means, factors, strict=True)], axis=0)
    )


def _kane(means: Sequence[Floats], *, shares: Floats) -> Floats:
    """Return products of powers with the exponents of every row; NaN where they are not defined."""
    stacked = np.stack(means, axis=1)
    positive = (stacked > 0).all(axis=1, keepdims=True)
    n = np.maximum(positive.sum(axis=2, keepdims=True), 1)
    logs = np.log(np.where(positive, stacked, 1.0))
    centred = np.where(positive, logs - logs.sum(axis=2, keepdims=True) / n, 0.0)
    covariances = centred @ centred.transpose(0, 2, 1) / np.maximum(n - 1, 1)
    wanted = equal_say(covariances, shares)
    exponents = np.clip(wanted, models.SMALLEST_EXPONENT, models.LARGEST_EXPONENT)
    return np.asarray(np.prod(stacked ** exponents[:, :, None], axis=1))
