"""Weight models: how a task's ratings on several scales become one combined rating.

A model is a pure function from ratings to one number per task. Every model is registered under its
name: those for the usual scales here, others in `models_of_means` and `models_of_answers`.
`register_model` adds more, and so does the entry point group ``rds.models``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

import numpy as np
import pandas as pd

from rds.blueprint.exponents import equal_say
from rds.blueprint.means import (
    equal_parts,
    products_of,
    row_means,
    scale_means,
    shares_of_scales,
)
from rds.errors import WithheldError, nearest
from rds.ratings.published import Published
from rds.ratings.ratings import Ratings

Combination = Literal["multiplicative", "additive", "single", "undefined"]

SMALLEST_EXPONENT, LARGEST_EXPONENT = 0.1, 10.0
_OURS = ("rds.blueprint.models_of_means", "rds.blueprint.models_of_answers")


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
        How the means make the combined rating; “undefined” where they do not, and effective weights
        have no meaning.
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
    means are known; it is empty for a model that needs no more than means. `options` are the named
    options it takes. `fixed` says that the combined rating is what `Combined.combination` and
    `Combined.exponents` make of the means, the same for all data; `slow`, that resamples
    have to do without running it; `survey_weights`, that respondents count by the survey weights
    that the ratings carry. `origin` is name and version of the package that registered it by
    entry point; empty for ours.
    """

    name: str
    combine: Callable[..., Combined]
    scales: tuple[int, int]
    description: str
    source: str
    instead: str = ""
    options: tuple[str, ...] = ()
    fixed: bool = False
    slow: bool = False
    survey_weights: bool = False
    origin: str = ""


_MODELS: dict[str, Model] = {}


def register_model(
    name: str,
    *,
    scales: tuple[int, int],
    description: str,
    source: str,
    instead: str = "",
    options: tuple[str, ...] = (),
    fixed: bool = False,
    slow: bool = False,
    survey_weights: bool = False,
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
    options
        Keyword arguments it takes besides: ``scale_shares`` (the share of each scale, from the
        setting ``weights.scale_percents``) and ``threshold`` (from ``weights.threshold``).
    fixed
        Whether the combined rating follows from means by the formula that `Combined` states, with
        exponents that are the same for all data; errors are then found much faster.
    slow
        Whether it takes so long to run that resamples have to do without running it again.
    survey_weights
        Whether respondents count by `Ratings.survey_weights` where there are any. A model that
        does not say so is refused for weighted ratings, unless it is `fixed`: its means are
        weighted.
    """

    def register(combine: Callable[..., Combined]) -> Callable[..., Combined]:
        _MODELS[name] = Model(
            name,
            combine,
            scales,
            description,
            source,
            instead,
            options,
            fixed,
            slow,
            survey_weights,
        )
        return combine

    return register


def models() -> Mapping[str, Model]:
    """Return every model by name in order of names, those of installed packages included.

    Examples
    --------
    >>> "kane" in models()
    True
    """
    for module in _OURS:
        import_module(module)
    for entry in installed():
        if entry.name not in _MODELS:
            _load(entry)
    return dict(sorted(_MODELS.items()))


@cache
def installed() -> tuple[EntryPoint, ...]:
    """Return the entry points by which installed packages name their models."""
    return tuple(entry_points(group="rds.models"))


def _load(entry: EntryPoint) -> None:
    """Load a model of an installed package, and keep whose it is and in which version."""
    entry.load()
    if entry.name not in _MODELS:
        raise ValueError(f"the entry point “{entry.name}” ({entry.value}) registers no such model")
    origin = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
    _MODELS[entry.name] = replace(_MODELS[entry.name], origin=origin)


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
    ratings: Ratings | Published,
    *,
    model: str,
    scales: Sequence[str] | None = None,
    options: Mapping[str, Any] | None = None,
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
    options
        Options by name, as the model declares them.

    Raises
    ------
    ValueError
        For an unknown model, scale or option, a wrong number of scales, or a model that needs
        answers where only means are known.
    WithheldError
        When the ratings do not define what the model needs, or the model gives combined ratings
        that are negative or infinite.
    """
    chosen = find_model(model)
    if chosen.instead and isinstance(ratings, Published):
        raise ValueError(
            f"the model “{model}” needs every respondent's answers, and only means are known; "
            f"use “{chosen.instead}”"
        )
    fewest, most = chosen.scales
    weighing = [
        scale.name
        for scale in ratings.scales
        if scale.use == "weights" and scale.applies_to != ("domains",)
    ]
    names = list(scales or weighing[:most])
    if not fewest <= len(names) <= most:
        wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
        raise ValueError(f"the model “{model}” takes {wanted} scales, not {len(names)}")
    if unknown := set(options or {}) - set(chosen.options):
        raise ValueError(f"the model “{model}” has no option “{min(unknown)}”")
    found = chosen.combine(
        ratings, [ratings.scale(name).name for name in names], **dict(options or {})
    )
    _refuse_unfit(found, chosen)
    return found


def _refuse_unfit(found: Combined, model: Model) -> None:
    """Refuse what is no combined rating at all; withhold what gives no weights."""
    name = f"the model “{model.name}”" + (f" of {model.origin}" if model.origin else "")
    if not isinstance(found, Combined):
        raise ValueError(f"{name} returned a {type(found).__name__}; a model returns a Combined")
    rating = found.rating.astype(float)
    unfit = rating[(rating < 0) | np.isinf(rating)]
    if len(unfit):
        said = ", ".join(f"{task}: {value:g}" for task, value in unfit.head(5).items())
        more = f" and {len(unfit) - 5} more" if len(unfit) > 5 else ""
        raise WithheldError(
            f"{name} gave combined ratings that are no share of anything ({said}{more}); "
            "wanted finite numbers of zero or more"
        )


def combined_ratings(
    ratings: Ratings | Published,
    *,
    model: str,
    scales: Sequence[str] | None = None,
    options: Mapping[str, Any] | None = None,
) -> pd.Series[float]:
    """Return the combined rating of each task.

    Parameters
    ----------
    ratings, model, scales, options
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
    return combine(ratings, model=model, scales=scales, options=options).rating


@register_model(
    "importance_only",
    scales=(1, 1),
    description="The mean rating on one scale, of those who perform the task.",
    source="OPM, Delegated Examining Operations Handbook, appendix G (mean importance)",
    fixed=True,
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
    survey_weights=True,
)
def product(ratings: Ratings, scales: Sequence[str]) -> Combined:
    """Return the mean of each person's product, with zero for a task not performed.

    A product needs every rating of the person, except that “not performed” alone makes it zero. So
    the mean is the share performing times the mean product among performers.
    """
    means = scale_means(ratings, scales)
    products = products_of(ratings, scales, list(means.index))
    rating = pd.Series(
        row_means(products, ratings.survey_weights), index=list(means.index), name="combined"
    )
    return Combined(
        rating, means, "multiplicative", dict.fromkeys(scales, 1.0), equal_parts(scales)
    )


@register_model(
    "product_of_means",
    scales=(2, 3),
    description="The product of the mean ratings.",
    source="Kane, Kingsbury, Colton and Estes (1989)",
    fixed=True,
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
    fixed=True,
)
def additive(ratings: Ratings | Published, scales: Sequence[str]) -> Combined:
    """Return the mean of the scales' means."""
    means = scale_means(ratings, scales)
    rating = means.mean(axis=1, skipna=False).rename("combined")
    parts = equal_parts(scales)
    return Combined(rating, means, "additive", parts, parts)


@register_model(
    "kane",
    scales=(2, 9),
    description="The product of the mean ratings, each raised to the power that gives the scales "
    "their declared say, without a declaration the same say, in how tasks differ.",
    source="Kane, Kingsbury, Colton and Estes (1989); equal effective weights",
    options=("scale_shares",),
    survey_weights=True,
)
def kane(
    ratings: Ratings | Published,
    scales: Sequence[str],
    *,
    scale_shares: Sequence[float] | None = None,
) -> Combined:
    """Return the product of means with exponents that make effective weights as declared.

    The exponents a solve a_s·Cov(ln mean_s, ln c) = g_s·Var(ln c) with ln c = Σ a_s·ln mean_s, g_s
    being the share of scale s; the first is set to 1. With two scales of equal say this is
    b = SD(ln C̄) / SD(ln F̄) over tasks (n − 1), whatever their covariance. Tasks with a mean of zero
    have the combined rating zero and stay out of the estimate; exponents are held between 0.1 and
    10, and a held one is noted.

    Raises
    ------
    ValueError
        For shares that are not one positive number per scale with sum 1.
    WithheldError
        When fewer than two tasks have positive means, or a scale does not differ between tasks.
    """
    means = scale_means(ratings, scales)
    shares = shares_of_scales(scales, scale_shares)
    positive = (means > 0).all(axis=1)
    logs = means[positive].apply(np.log)
    spread = logs.std(ddof=1)
    if len(logs) < 2 or not (spread > 1e-12).all():
        raise WithheldError(
            "the model “kane” needs tasks that differ on both scales; "
            "use “product_of_means”, or “importance_only” on one of them"
        )
    wanted = equal_say(logs.cov().to_numpy()[None], np.array(list(shares.values())))[0]
    if not np.isfinite(wanted).all():
        raise WithheldError("the scales differ between tasks in opposite ways, so no exponents fit")
    held = np.clip(wanted, SMALLEST_EXPONENT, LARGEST_EXPONENT)
    exponents = dict(zip(scales, held.tolist(), strict=True))
    rating = (means ** pd.Series(exponents)).prod(axis=1, skipna=False).rename("combined")
    notes = [
        f"the exponent of {name} would be {want:.3g} and was held at {exponent:g}"
        for (name, exponent), want in zip(exponents.items(), wanted, strict=True)
        if exponent != want
    ]
    if len(logs) < means.notna().all(axis=1).sum():
        notes.append("tasks with a mean of zero have no weight and stay out of the exponent")
    return Combined(rating, means, "multiplicative", exponents, shares, tuple(notes))
