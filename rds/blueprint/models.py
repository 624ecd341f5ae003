"""Weight models: how a task's ratings on several scales become one combined rating.

A model is a pure function from ratings to one number per task. Every model here is registered
under its name; `register_model` adds others, and so does the entry point group ``rds.models``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.errors import WithheldError, nearest
from rds.ratings.published import Published
from rds.ratings.ratings import Ratings

Combination = Literal["multiplicative", "additive", "single"]

SMALLEST_EXPONENT, LARGEST_EXPONENT = 0.1, 10.0


@dataclass(frozen=True, eq=False)
class Combined:
    """Combined ratings, and what is needed to say what each scale contributed.

    Parameters
    ----------
    rating
        Combined rating by task; NaN where the answers do not define it.
    means
        Mean rating by task (rows) and scale (columns): of performers, except that on a frequency
        scale people who do not perform the task count with that scale's value for it.
    combination
        How the means make the combined rating.
    exponents
        Exponent (multiplicative) or coefficient (additive) of each scale.
    nominal
        Share of each scale as declared; sums to 1.
    notes
        What was held or left out, in plain sentences.
    """

    rating: pd.Series[float]
    means: pd.DataFrame
    combination: Combination
    exponents: Mapping[str, float]
    nominal: Mapping[str, float]
    notes: tuple[str, ...] = ()

    def of_tasks(self, tasks: Sequence[str]) -> Combined:
        """Return the combined ratings of these tasks, in this order; NaN where there are none."""
        names = list(tasks)
        return replace(self, rating=self.rating.reindex(names), means=self.means.reindex(names))


@dataclass(frozen=True)
class Model:
    """A registered model.

    `scales` are the fewest and most scales it takes. `instead` names the model to use where only
    means are known; it is empty for a model that needs no more than means.
    """

    name: str
    combine: Callable[..., Combined]
    scales: tuple[int, int]
    description: str
    source: str
    instead: str = ""


_MODELS: dict[str, Model] = {}


def register_model(
    name: str, *, scales: tuple[int, int], description: str, source: str, instead: str = ""
) -> Callable[[Callable[..., Combined]], Callable[..., Combined]]:
    """Register a function as the weight model `name`.

    The function takes the ratings and the names of the scales, and returns a `Combined`. One that
    needs no more than each task's mean asks `scale_means` for it, and so works on a report's
    means too.

    Parameters
    ----------
    name
        The name used in the setting ``weights.model``.
    scales
        Fewest and most scales it takes.
    description
        What it computes, in one sentence for people without statistics.
    source
        Author and year.
    instead
        For a model that needs every respondent's answers: the one to use on means.
    """

    def register(combine: Callable[..., Combined]) -> Callable[..., Combined]:
        _MODELS[name] = Model(name, combine, scales, description, source, instead)
        return combine

    return register


def models() -> Mapping[str, Model]:
    """Return every model by name, those of installed packages included.

    Examples
    --------
    >>> "kane" in models()
    True
    """
    for entry in entry_points(group="rds.models"):
        if entry.name not in _MODELS:
            entry.load()
    return dict(_MODELS)


def find_model(name: str) -> Model:
    """Return the model of that name.

    Raises
    ------
    ValueError
        When there is none, with the nearest name.
    """
    known = models()
    if name not in known:
        close = nearest(name, known)
        hint = f"; did you mean “{close}”?" if close else ""
        raise ValueError(f"there is no model “{name}” (models: {', '.join(known)}){hint}")
    return known[name]


def combine(
    ratings: Ratings | Published, *, model: str, scales: Sequence[str] | None = None
) -> Combined:
    """Combine each task's ratings by the named model.

    Parameters
    ----------
    ratings
        The ratings of those whose ratings set the weights, or their published means.
    model
        Name of a registered model.
    scales
        Scales in the model's order; without it, every scale whose use is “weights” that the model
        can take.

    Raises
    ------
    ValueError
        For an unknown model or scale, a wrong number of scales, or a model that needs answers
        where only means are known.
    """
    chosen = find_model(model)
    if chosen.instead and isinstance(ratings, Published):
        raise ValueError(
            f"the model “{model}” needs every respondent's answers, and only means are known; "
            f"use “{chosen.instead}”"
        )
    fewest, most = chosen.scales
    weighing = [scale.name for scale in ratings.scales if scale.use == "weights"]
    names = list(scales or weighing[:most])
    if not fewest <= len(names) <= most:
        wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
        raise ValueError(f"the model “{model}” takes {wanted} scales, not {len(names)}")
    return chosen.combine(ratings, [ratings.scale(name).name for name in names])


def combined_ratings(
    ratings: Ratings | Published, *, model: str, scales: Sequence[str] | None = None
) -> pd.Series[float]:
    """Return the combined rating of each task.

    Parameters
    ----------
    ratings, model, scales
        As in `combine`.

    Returns
    -------
    Series
        By task, NaN where the answers do not define it.

    Examples
    --------
    >>> importance = pd.DataFrame({"T1": [5, 4], "T2": [3, 2]})
    >>> frequency = pd.DataFrame({"T1": [5, 4], "T2": [1, 2]})
    >>> ratings = Ratings.from_frames(importance=importance, frequency=frequency)
    >>> combined_ratings(ratings, model="product").tolist()
    [20.5, 3.5]
    """
    return combine(ratings, model=model, scales=scales).rating


def scale_means(ratings: Ratings | Published, scales: Sequence[str]) -> pd.DataFrame:
    """Return each task's mean on each scale, from the answers available for it, or as published.

    Respondents count by their survey weights, if there are any.

    Means of answers are of performers, except on a frequency scale, where people who do not
    perform the task count with the value of that point (0): leaving them out would make a rare
    task look frequent.

    Returns
    -------
    DataFrame
        Tasks × scales, tasks in the order of the first scale.
    """
    if isinstance(ratings, Published):
        return ratings.means(scales)
    means = {}
    for name in scales:
        scale = ratings.scale(name)
        values = ratings.values(name, base="all" if scale.role == "frequency" else "performers")
        rows = _row_means(values, ratings.survey_weights)
        means[name] = pd.Series(rows, index=list(ratings.statements[scale.name]))
    return pd.DataFrame(means).reindex(list(means[scales[0]].index))


@register_model(
    "importance_only",
    scales=(1, 1),
    description="The mean rating on one scale, of those who perform the task.",
    source="OPM, Delegated Examining Operations Handbook, appendix G (mean importance)",
)
def importance_only(ratings: Ratings | Published, scales: Sequence[str]) -> Combined:
    """Return the mean on one scale."""
    means = scale_means(ratings, scales)
    return Combined(
        means[scales[0]].rename("combined"), means, "single", {scales[0]: 1.0}, equal_parts(scales)
    )


@register_model(
    "product",
    scales=(2, 3),
    description="The mean, over all respondents, of each person's product of ratings; people who "
    "do not perform the task count as zero.",
    source="Kane, Kingsbury, Colton and Estes (1989)",
    instead="product_of_means",
)
def product(ratings: Ratings, scales: Sequence[str]) -> Combined:
    """Return the mean of each person's product, with zero for a task not performed.

    A product needs every rating of the person, except that “not performed” alone makes it zero. So
    the mean is the share performing times the mean product among performers.
    """
    means = scale_means(ratings, scales)
    statements = list(means.index)
    products = np.ones((len(statements), len(ratings)))
    for name in scales:
        own = pd.Index(ratings.statements[name])
        values = np.full_like(products, np.nan)
        shared = own.get_indexer(pd.Index(statements))
        values[shared >= 0] = ratings.values(name, base="performers")[shared[shared >= 0]]
        products *= values
    products[ratings.not_performed(statements)] = 0.0
    means_of_products = _row_means(products, ratings.survey_weights)
    rating = pd.Series(means_of_products, index=statements, name="combined")
    return Combined(
        rating, means, "multiplicative", dict.fromkeys(scales, 1.0), equal_parts(scales)
    )


@register_model(
    "product_of_means",
    scales=(2, 3),
    description="The product of the mean ratings.",
    source="Kane, Kingsbury, Colton and Estes (1989)",
)
def product_of_means(ratings: Ratings | Published, scales: Sequence[str]) -> Combined:
    """Return the product of the scales' means."""
    means = scale_means(ratings, scales)
    rating = means.prod(axis=1, skipna=False).rename("combined")
    return Combined(
        rating, means, "multiplicative", dict.fromkeys(scales, 1.0), equal_parts(scales)
    )


@register_model(
    "additive",
    scales=(2, 9),
    description="The average of the mean ratings.",
    source="Raymond (2001)",
)
def additive(ratings: Ratings | Published, scales: Sequence[str]) -> Combined:
    """Return the mean of the scales' means."""
    means = scale_means(ratings, scales)
    rating = means.mean(axis=1, skipna=False).rename("combined")
    parts = equal_parts(scales)
    return Combined(rating, means, "additive", parts, parts)


@register_model(
    "kane",
    scales=(2, 2),
    description="The product of the mean ratings, the second raised to the power that gives both "
    "scales the same say in how tasks differ.",
    source="Kane, Kingsbury, Colton and Estes (1989); equal effective weights",
)
def kane(ratings: Ratings | Published, scales: Sequence[str]) -> Combined:
    """Return the product of means with exponents that make effective weights equal.

    With exponent 1 on the first scale C, the second scale F has b = SD(ln C̄) / SD(ln F̄) over tasks
    (n − 1), which gives both the same share of Var(ln c) whatever their covariance. Tasks with a
    mean of zero have the combined rating zero and stay out of the estimate; b is held between 0.1
    and 10, and a held b is noted.

    Raises
    ------
    WithheldError
        When fewer than two tasks have positive means, or a scale does not differ between tasks.
    """
    means = scale_means(ratings, scales)
    first, second = scales
    logs = np.log(means.where(means > 0).dropna())
    spread = logs.std(ddof=1)
    if len(logs) < 2 or not (spread > 1e-12).all():
        raise WithheldError(
            "the model “kane” needs tasks that differ on both scales; "
            "use “product_of_means”, or “importance_only” on one of them"
        )
    wanted = float(spread[first] / spread[second])
    exponent = min(max(wanted, SMALLEST_EXPONENT), LARGEST_EXPONENT)
    rating = (means[first] * means[second] ** exponent).rename("combined")
    notes = []
    if exponent != wanted:
        notes.append(f"the exponent of {second} would be {wanted:.3g} and was held at {exponent:g}")
    if len(logs) < means.notna().all(axis=1).sum():
        notes.append("tasks with a mean of zero have no weight and stay out of the exponent")
    exponents = {first: 1.0, second: exponent}
    return Combined(rating, means, "multiplicative", exponents, equal_parts(scales), tuple(notes))


def equal_parts(scales: Sequence[str]) -> dict[str, float]:
    """Return the same share for each scale."""
    return dict.fromkeys(scales, 1 / len(scales))


def _row_means(
    values: NDArray[np.float64], survey_weights: NDArray[np.float64] | None = None
) -> list[float]:
    """Return the mean of each row over the answers there are; NaN for a row without any."""
    present = ~np.isnan(values)
    filled = np.where(present, values, 0.0)
    if survey_weights is None:
        n, totals = present.sum(axis=1), filled.sum(axis=1)
    else:
        n, totals = present @ survey_weights, filled @ survey_weights
    return [float(t / k) if k else float("nan") for t, k in zip(totals, n, strict=True)]
