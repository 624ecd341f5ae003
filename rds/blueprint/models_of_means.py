"""Weight models that need no more than each task's mean on each scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rds.blueprint.means import equal_parts, scale_means, shares_of_scales
from rds.blueprint.models import Combined, register_model
from rds.ratings.published import Published
from rds.ratings.ratings import Ratings

Rated = Ratings | Published


@register_model(
    "weighted",
    scales=(2, 9),
    description="The average of the mean ratings, each scale with its declared share.",
    source="Raymond (2001)",
    options=("scale_shares",),
    fixed=True,
)
def weighted(
    ratings: Rated, scales: Sequence[str], *, scale_shares: Sequence[float] | None = None
) -> Combined:
    """Return Σ share·mean; each mean rests on its own answers.

    Raises
    ------
    ValueError
        Without one positive share for each scale.
    """
    if not scale_shares:
        raise ValueError("the model “weighted” needs the share of each scale; state them")
    return _linear(ratings, shares_of_scales(scales, scale_shares))


@register_model(
    "mean_of_three",
    scales=(3, 3),
    description="The average of the mean ratings on three scales, such as importance, criticality "
    "and frequency.",
    source="Pearson VUE, exam developer's guide (average of importance, criticality, frequency)",
    fixed=True,
)
def mean_of_three(ratings: Rated, scales: Sequence[str]) -> Combined:
    """Return the mean of three scales' means."""
    return _linear(ratings, equal_parts(scales))


@register_model(
    "hierarchical",
    scales=(2, 4),
    description="The sum of the mean ratings, each scale counting twice as much as the next one.",
    source="common practice, 2 × importance + frequency; composites: Raymond (2001)",
    fixed=True,
)
def hierarchical(ratings: Rated, scales: Sequence[str]) -> Combined:
    """Return 2·first + second (of three scales 4·first + 2·second + third) over its sum."""
    return _linear(ratings, _falling(scales, ratio=2))


@register_model(
    "tie_breaker",
    scales=(2, 4),
    description="The mean rating on the first scale; the next scale, at a tenth of its size, only "
    "parts tasks that are nearly equal.",
    source="common practice, importance + frequency / 10; composites: Raymond (2001)",
    fixed=True,
)
def tie_breaker(ratings: Rated, scales: Sequence[str]) -> Combined:
    """Return first + second/10 (+ third/100 …) over the sum of the factors."""
    return _linear(ratings, _falling(scales, ratio=10))


@register_model(
    "geometric",
    scales=(2, 9),
    description="The geometric mean of the mean ratings.",
    source="Kane, Kingsbury, Colton and Estes (1989), in the metric of the ratings",
    options=("scale_shares",),
    fixed=True,
)
def geometric(
    ratings: Rated, scales: Sequence[str], *, scale_shares: Sequence[float] | None = None
) -> Combined:
    """Return Π mean^share, with equal shares unless others are declared."""
    shares = shares_of_scales(scales, scale_shares)
    return _power(ratings, shares, shares)


@register_model(
    "importance_time",
    scales=(2, 2),
    description="Mean importance times mean time spent.",
    source="Christal (1974), relative time spent; Raymond (2001)",
    fixed=True,
)
def importance_time(ratings: Rated, scales: Sequence[str]) -> Combined:
    """Return the product of the means of importance and of time spent."""
    return _power(ratings, dict.fromkeys(scales, 1.0), equal_parts(scales))


def _falling(scales: Sequence[str], *, ratio: float) -> dict[str, float]:
    """Return shares of which each is `ratio` times the next."""
    factors = np.power(float(ratio), -np.arange(len(scales)))
    return dict(zip(scales, (factors / factors.sum()).tolist(), strict=True))


def _linear(ratings: Rated, shares: dict[str, float]) -> Combined:
    """Return Σ share·mean."""
    means = scale_means(ratings, list(shares))
    rating = (means * pd.Series(shares)).sum(axis=1, skipna=False).rename("combined")
    return Combined(rating, means, "additive", shares, shares)


def _power(ratings: Rated, exponents: dict[str, float], nominal: dict[str, float]) -> Combined:
    """Return Π mean^exponent."""
    means = scale_means(ratings, list(exponents))
    rating = (means ** pd.Series(exponents)).prod(axis=1, skipna=False).rename("combined")
    return Combined(rating, means, "multiplicative", exponents, nominal)
