"""Weights of domains that respondents gave directly: a scale for domains, or 100 points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.ratings.published import Published
from rds.ratings.ratings import Base, Ratings

Floats = NDArray[np.float64]

LOWEST_SUM, HIGHEST_SUM = 95.0, 105.0


def direct_weights(
    ratings: Ratings | Published, *, scale: str, parents: Mapping[str, str] | None = None
) -> pd.Series[float]:
    """Return each domain's weight as respondents gave it directly.

    Of a scale of the kind “allocation of 100” each respondent's points become shares of their sum;
    points that sum to less than 95 or more than 105 are left out, a blank beside given points
    is 0. Of any other scale the weight is in proportion to the mean rating.

    Parameters
    ----------
    ratings
        Ratings of domains, or their published means.
    scale
        The scale that domains were rated on.
    parents
        Parent by domain; shares of subdomains sum to 1 within their parent.

    Returns
    -------
    Series
        By domain; sums to 1 over the domains of the highest level.

    Raises
    ------
    ValueError
        When no domain has a usable rating on the scale, or all are zero.

    Notes
    -----
    Percentages given directly: Raymond (1996), Applied Measurement in Education 9.

    Examples
    --------
    >>> points = pd.DataFrame({"D1": [60, 40, 10], "D2": [40, 60, 10]})
    >>> from dataclasses import replace
    >>> made = Ratings.from_frames(percent=points)
    >>> allocation = replace(made, scales=(replace(made.scales[0], kind="allocation of 100"),))
    >>> direct_weights(allocation, scale="percent").tolist()
    [0.5, 0.5]
    """
    names, values = domain_answers(ratings, scale=scale, parents=parents or {})
    present = ~np.isnan(values)
    if not present.any(axis=0).all():
        missing = [name for name, column in zip(names, present.T, strict=True) if not column.any()]
        raise ValueError(f"no usable ratings on “{scale}” for {', '.join(missing) or 'any domain'}")
    means = np.where(present, values, 0.0).sum(axis=0) / present.sum(axis=0)
    known = parents or {}
    groups = [known.get(name, "") for name in names]
    found = pd.Series(means, index=names, name="weight")
    totals = found.groupby(groups).transform("sum")
    if not names or not (totals > 0).all():
        raise ValueError(f"ratings on “{scale}” that are all zero give no weights")
    return found / totals


def domain_answers(
    ratings: Ratings | Published, *, scale: str, parents: Mapping[str, str]
) -> tuple[list[str], Floats]:
    """Return the domains rated on a scale and what each respondent gave them.

    Returns
    -------
    domains, values
        Values respondents × domains, NaN where there is none; of published means one row.
    """
    known = ratings.scale(scale)
    if isinstance(ratings, Published):
        means = ratings.means([known.name])[known.name]
        return [str(name) for name in means.index], means.to_numpy(dtype=float)[None]
    base: Base = "all" if known.role == "frequency" else "performers"
    names = list(ratings.statements[known.name])
    values = ratings.values(known.name, base=base).T
    if known.is_allocation:
        values = _shares_of_points(values, [parents.get(name, "") not in names for name in names])
    return names, values


def _shares_of_points(points: Floats, highest: Sequence[bool]) -> Floats:
    """Return points as shares of the sum over domains of the highest level."""
    filled = np.where(np.isnan(points), 0.0, points)
    sums = filled[:, np.array(highest, dtype=bool)].sum(axis=1)
    fits = (sums >= LOWEST_SUM) & (sums <= HIGHEST_SUM)
    shares = np.full_like(filled, np.nan)
    shares[fits] = filled[fits] / sums[fits, None]
    return shares


def n_left_out(ratings: Ratings | Published, *, scale: str, parents: Mapping[str, str]) -> int:
    """Count respondents whose points do not sum to 100, or nearly."""
    if isinstance(ratings, Published) or not ratings.scale(scale).is_allocation:
        return 0
    given = ~np.isnan(ratings.values(scale)).all(axis=0)
    usable = ~np.isnan(domain_answers(ratings, scale=scale, parents=parents)[1]).all(axis=1)
    return int((given & ~usable).sum())
