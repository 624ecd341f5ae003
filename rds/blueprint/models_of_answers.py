"""Weight models that need every respondent's answers: persons' shares, filters, Rasch measures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rds.blueprint.means import Floats, equal_parts, products_of, row_means, scale_means
from rds.blueprint.models import Combined, register_model
from rds.blueprint.rating_scale import rating_scale
from rds.errors import WithheldError
from rds.ratings.published import Published
from rds.ratings.ratings import Base, Ratings

OPM_CUT = 3.0
_MOST_ROUNDS = 1000


@register_model(
    "within_person_shares",
    scales=(1, 3),
    description="Each person's (product of) ratings as shares of that person's total, averaged "
    "over persons, so that nobody counts for more by rating everything high.",
    source="ipsative scores: Cattell (1944); percent of time: Christal (1974)",
    instead="product_of_means",
    slow=True,
    survey_weights=True,
)
def within_person_shares(ratings: Ratings, scales: Sequence[str]) -> Combined:
    """Return the mean of persons' shares; see `shares_within_persons` for missing answers."""
    means = scale_means(ratings, scales)
    products = products_of(ratings, scales, list(means.index)).T
    shares = shares_within_persons(products, survey_weights=ratings.survey_weights)
    rating = pd.Series(shares, index=means.index, name="combined")
    return Combined(rating, means, "undefined", {}, equal_parts(scales))


def shares_within_persons(values: Floats, *, survey_weights: Floats | None = None) -> Floats:
    """Return the mean, over respondents, of each one's values as shares of the own total.

    The shares of a respondent with gaps are shares of the tasks that he or she answered; together
    these get what they have on average, so that nobody is left out and a form with few tasks does
    not inflate them. With complete answers this is the plain mean of shares. Respondents whose
    values are all zero have no shares and are left out.

    Parameters
    ----------
    values
        Respondents × tasks, NaN where there is none.
    survey_weights
        One positive number per respondent, by which the mean is weighted; without them, everybody
        counts the same.

    Returns
    -------
    ndarray
        By task; sums to 1. NaN for a task without values.

    Raises
    ------
    WithheldError
        When all values are zero, or answers join the tasks so loosely that shares do not settle.

    Examples
    --------
    >>> shares_within_persons(np.array([[3.0, 1.0], [1.0, 1.0]])).tolist()
    [0.625, 0.375]
    """
    present = ~np.isnan(values)
    filled = np.where(present, values, 0.0)
    totals = filled.sum(axis=1)
    weights = np.ones(len(values)) if survey_weights is None else survey_weights
    present, filled, weights, totals = (
        part[totals > 0] for part in (present, filled, weights, totals)
    )
    counts = weights @ present
    if not counts.any():
        raise WithheldError("all ratings are zero, so nobody has shares")
    own = weights[:, None] * filled / totals[:, None]
    shares = np.where(counts > 0, 1.0 / max(int((counts > 0).sum()), 1), 0.0)
    for _ in range(_MOST_ROUNDS):
        before = shares
        sums = (own * (present @ shares)[:, None]).sum(axis=0)
        shares = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
        shares = shares / shares.sum()
        if np.abs(shares - before).max() < 1e-13:
            return np.asarray(np.where(counts > 0, shares, np.nan), dtype=float)
    raise WithheldError("too few respondents rated the same tasks for shares within persons")


@register_model(
    "critical_tasks",
    scales=(1, 3),
    description="The mean of each person's (product of) ratings for the tasks that reach the "
    "declared threshold; tasks below it get no weight.",
    source="California Department of Consumer Affairs, Office of Professional Examination Services "
    "(sum of task criticality)",
    options=("threshold",),
    instead="product_of_means",
    survey_weights=True,
)
def critical_tasks(
    ratings: Ratings, scales: Sequence[str], *, threshold: float | None = None
) -> Combined:
    """Return the mean product where it is the threshold or more, else 0.

    Raises
    ------
    ValueError
        Without a threshold.
    """
    if threshold is None:
        raise ValueError("the model “critical_tasks” needs a threshold; state it")
    means = scale_means(ratings, scales)
    rating = pd.Series(
        row_means(products_of(ratings, scales, list(means.index)), ratings.survey_weights),
        index=means.index,
    )
    kept = _or_zero(rating, rating >= threshold)
    notes = _below(rating[rating < threshold], f"a mean below the threshold of {threshold:g}")
    return Combined(
        kept, means, "multiplicative", dict.fromkeys(scales, 1.0), equal_parts(scales), notes
    )


@register_model(
    "opm_filter",
    scales=(1, 3),
    description="The average of performers' mean ratings, for tasks that more than half perform "
    "and whose mean is 3.0 or more on every scale; other tasks get no weight.",
    source="OPM, Delegated Examining Operations Handbook, appendix G",
    options=("threshold",),
    instead="additive",
    survey_weights=True,
)
def opm_filter(
    ratings: Ratings, scales: Sequence[str], *, threshold: float | None = None
) -> Combined:
    """Return performers' mean over the scales, 0 for a task that the filter takes out.

    A task is taken out when at least half of those who answered said that they do not perform it,
    or when a mean of performers is below the cut (3.0, or the declared threshold).
    """
    cut = OPM_CUT if threshold is None else threshold
    tasks = list(scale_means(ratings, scales).index)
    means = pd.DataFrame({name: _of_performers(ratings, name).reindex(tasks) for name in scales})
    performs, answered = ratings.performance(tasks)
    weights = ratings.survey_weights
    counts = np.ones(len(ratings)) if weights is None else weights
    performing, asked = performs @ counts, answered @ counts
    # Half counts as rare; sums of survey weights meet it to within their rounding.
    rare = (2 * performing <= asked * (1 + 1e-12)) & answered.any(axis=1)
    rating = means.mean(axis=1, skipna=False).mask(rare, 0.0)
    low = (means < cut).any(axis=1)
    kept = _or_zero(rating, ~low & ~rare)
    notes = (
        *_below(rating[rare], "half or more who do not perform it"),
        *_below(rating[low & ~rare], f"a mean below {cut:g} on a scale"),
    )
    shares = equal_parts(scales)
    return Combined(kept, means.where(kept > 0), "additive", shares, shares, notes)


@register_model(
    "midpoint_filter",
    scales=(1, 1),
    description="The mean rating of tasks whose mean reaches the middle of the scale; other tasks "
    "get no weight.",
    source="California Department of Human Resources, job analysis questionnaire (2 on a scale "
    "from 0 to 4)",
    survey_weights=True,
)
def midpoint_filter(ratings: Ratings | Published, scales: Sequence[str]) -> Combined:
    """Return performers' mean where it is the scale's midpoint or more, else 0."""
    means = scale_means(ratings, scales)
    rating, middle = means[scales[0]], ratings.scale(scales[0]).midpoint
    kept = _or_zero(rating, rating >= middle)
    notes = _below(rating[rating < middle], f"a mean below the midpoint of {middle:g}")
    return Combined(
        kept, means.where(kept > 0), "single", {scales[0]: 1.0}, {scales[0]: 1.0}, notes
    )


@register_model(
    "rasch",
    scales=(1, 1),
    description="The mean rating that each task would have, had everybody rated it, by the Rasch "
    "rating scale model: severe and lenient respondents are told apart.",
    source="Andrich (1978); Wright and Masters (1982)",
    instead="importance_only",
    slow=True,
    survey_weights=True,
)
def rasch(ratings: Ratings, scales: Sequence[str]) -> Combined:
    """Return expected ratings by the rating scale model; with complete answers the plain means.

    Logits have no zero, so percentages of logits mean nothing; expected ratings stand in the metric
    of the scale.

    Raises
    ------
    WithheldError
        As `rating_scale`.
    """
    name = scales[0]
    means = scale_means(ratings, scales)
    base: Base = "all" if ratings.scale(name).role == "frequency" else "performers"
    values = ratings.values(name, base=base).T
    rated = np.flatnonzero(~np.isnan(values).all(axis=0))
    fitted = rating_scale(values[:, rated], survey_weights=ratings.survey_weights)
    found = pd.Series(fitted.expected, index=means.index[rated])
    rating = found.reindex(means.index).rename("combined")
    return Combined(rating, means, "undefined", {}, equal_parts(scales))


def _of_performers(ratings: Ratings, scale: str) -> pd.Series[float]:
    """Return the mean of performers by task."""
    means = row_means(ratings.values(scale, base="performers"), ratings.survey_weights)
    return pd.Series(means, index=list(ratings.statements[ratings.scale(scale).name]))


def _or_zero(rating: pd.Series[float], stays: pd.Series[bool]) -> pd.Series[float]:
    """Return the rating where it stays, 0 where it does not, NaN where there is none."""
    return rating.where(stays | rating.isna(), 0.0).rename("combined")


def _below(taken_out: pd.Series[float], reason: str) -> tuple[str, ...]:
    """Say which tasks a filter takes out."""
    names = ", ".join(map(str, taken_out.index))
    return (f"no weight by the model, for {reason}: {names}",) if names else ()
