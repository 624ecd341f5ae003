"""Respondents needed by formula: for a percentage, for a mean rating, for a reliability."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, isfinite, sqrt
from numbers import Integral, Real
from statistics import NormalDist

import pandas as pd

from rds.show import Shown, View

HONEST_NOTES = (
    "Planning figures: the formulas assume a random sample in which everybody drawn answers.",
    "An open link has no margin of error, however many answer.",
)
"""What must be known beside every number of respondents."""


@dataclass(frozen=True, repr=False)
class SampleSize(Shown):
    """How many respondents a margin of error takes.

    Parameters
    ----------
    n0
        Respondents needed when there is no end of practitioners, not rounded.
    n
        Respondents needed among `incumbents`, not rounded.
    needed
        `n` as a whole number, rounded up.
    incumbents
        Number of practitioners; None for no limit.
    margin
        Half the width of the interval: a share for a percentage, points of the scale for a mean.
    sd
        The standard deviation assumed: √(share(1 − share)) for a percentage.
    confidence
        Confidence of the interval, a share.
    share
        The share assumed for a percentage; None for a mean.
    """

    n0: float
    n: float
    needed: int
    incumbents: int | None
    margin: float
    sd: float
    confidence: float
    share: float | None = None

    @property
    def aim(self) -> str:
        """What the respondents are needed for, in words."""
        if self.share is None:
            return f"a mean within ±{self.margin:g} points of the scale"
        return f"a percentage within ±{100 * self.margin:g} percentage points"

    @property
    def assumption(self) -> str:
        """The spread assumed, in words."""
        return f"SD {self.sd:.3g}" if self.share is None else f"{100 * self.share:g} % say yes"

    def view(self) -> View:
        """Return the respondents needed, with and without an end of practitioners."""
        title = (
            f"Respondents needed for {self.aim}, {100 * self.confidence:g} % confidence, "
            f"if {self.assumption}"
        )
        practitioners = "no limit" if self.incumbents is None else str(self.incumbents)
        row = {"practitioners": practitioners, "n0": self.n0, "n": self.n, "needed": self.needed}
        return View(title, pd.DataFrame([row]), HONEST_NOTES)


def sample_size(
    *,
    incumbents: int | None,
    margin: float = 0.05,
    share: float = 0.5,
    confidence: float = 0.95,
) -> SampleSize:
    """Return how many respondents a percentage takes to be within a margin.

    n0 = z²·share(1 − share)/margin², n = n0/(1 + (n0 − 1)/incumbents), rounded up once, at the end.

    Parameters
    ----------
    incumbents
        Number of practitioners, usually an estimate (see `range_over`); None for no limit.
    margin
        Half the width of the interval, a share: 0.05 for ±5 percentage points.
    share
        The share expected; 0.5 takes the most respondents.
    confidence
        Confidence of the interval, a share.

    Raises
    ------
    ValueError
        For an argument out of its range.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques. Krejcie, R. V. and Morgan, D. W. (1970).
    Determining sample size for research activities.

    Examples
    --------
    >>> size = sample_size(incumbents=1200)
    >>> round(size.n0, 2), round(size.n, 2), size.needed
    (384.15, 291.18, 292)
    """
    _check_share(share, "share", below_one=True)
    _check_share(margin, "margin")
    sd = sqrt(share * (1 - share))
    return _sized(incumbents, margin=margin, sd=sd, confidence=confidence, share=share)


def sample_size_for_mean(
    *, incumbents: int | None, margin: float, sd: float, confidence: float = 0.95
) -> SampleSize:
    """Return how many respondents the mean of a rating takes to be within a margin.

    n0 = (z·sd/margin)², n = n0/(1 + (n0 − 1)/incumbents), rounded up once, at the end.

    Parameters
    ----------
    incumbents
        Number of practitioners, usually an estimate (see `range_over`); None for no limit.
    margin
        Half the width of the interval, in points of the scale.
    sd
        Standard deviation of the ratings expected among all practitioners, in points.
    confidence
        Confidence of the interval, a share.

    Raises
    ------
    ValueError
        For an argument out of its range.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques.

    Examples
    --------
    >>> sample_size_for_mean(incumbents=500, margin=0.10, sd=1)
    Respondents needed for a mean within ±0.1 points of the scale, 95 % confidence, if SD 1
    practitioners      n0       n  needed
              500  384.15  217.49     218
    Planning figures: the formulas assume a random sample in which everybody drawn answers.
    An open link has no margin of error, however many answer.
    """
    _check_positive(margin, "margin")
    _check_positive(sd, "sd")
    return _sized(incumbents, margin=margin, sd=sd, confidence=confidence)


def range_over(size: SampleSize, *, incumbents: Iterable[int]) -> pd.DataFrame:
    """Return what the same margin takes if there are fewer or more practitioners than thought.

    Parameters
    ----------
    size
        A result of `sample_size` or `sample_size_for_mean`.
    incumbents
        Numbers of practitioners.

    Returns
    -------
    DataFrame
        One row for each number: ``incumbents``, ``n0``, ``n`` (not rounded), ``needed``.

    Raises
    ------
    ValueError
        For a number of practitioners below 1, or not whole.

    Examples
    --------
    >>> range_over(sample_size(incumbents=1200), incumbents=[600, 1200, 2400])["needed"].tolist()
    [235, 292, 332]
    """
    columns = ["incumbents", "n0", "n", "needed"]
    sizes = [among(size, number) for number in incumbents]
    return pd.DataFrame(
        [[getattr(one, name) for name in columns] for one in sizes], columns=columns
    )


def invitations(needed: int, *, expected_response: float, eligible: float = 1.0) -> int:
    """Return how many people to invite so that enough of them are expected to answer.

    Parameters
    ----------
    needed
        Respondents needed.
    expected_response
        Share of the eligible who are expected to answer.
    eligible
        Share of those invited who are expected to be eligible.

    Raises
    ------
    ValueError
        For an argument out of its range.

    Examples
    --------
    >>> invitations(292, expected_response=0.3, eligible=0.9)
    1082
    """
    _check_share(expected_response, "expected_response")
    _check_share(eligible, "eligible")
    reached = as_typed(expected_response) * as_typed(eligible)
    return ceil(_people(needed, "needed") / reached)


def raters_for_reliability(*, single: float, target: float) -> int:
    """Return how many raters the mean of their ratings takes to reach a reliability.

    k = target(1 − single)/(single(1 − target)), the Spearman–Brown formula solved for k.

    Parameters
    ----------
    single
        Reliability of one rater: ICC3 where tasks are compared (weights), ICC2 where means are
        compared with a cut.
    target
        Reliability wanted of the mean over raters, of the same kind.

    Raises
    ------
    ValueError
        If one of them is not between 0 and 1.

    References
    ----------
    Spearman, C. (1910). Correlation calculated from faulty data. Brown, W. (1910). Some
    experimental results in the correlation of mental abilities.

    Examples
    --------
    >>> raters_for_reliability(single=0.20, target=0.80)
    16
    """
    _check_share(single, "single", below_one=True)
    _check_share(target, "target", below_one=True)
    one, mean = as_typed(single), as_typed(target)
    return ceil(mean * (1 - one) / (one * (1 - mean)))


def _sized(
    incumbents: int | None,
    *,
    margin: float,
    sd: float,
    confidence: float,
    share: float | None = None,
) -> SampleSize:
    """Return the respondents that an interval of a mean with this SD takes."""
    _check_confidence(confidence)
    z = -NormalDist().inv_cdf((1 - confidence) / 2)
    n0 = (z * sd / margin) ** 2
    return among(SampleSize(n0, n0, ceil(n0), None, margin, sd, confidence, share), incumbents)


def among(size: SampleSize, incumbents: int | None) -> SampleSize:
    """Return the same aim among a number of practitioners; exact, so that `needed` is not more."""
    if incumbents is None:
        return size
    number, n0 = _people(incumbents, "incumbents"), Fraction(size.n0)
    n = n0 / (1 + (n0 - 1) / number)
    return replace(size, n=float(n), needed=ceil(n), incumbents=number)


def as_typed(value: float) -> Fraction:
    """Return a number as the decimal that prints it, so that 0.8·0.8/(0.2·0.2) is 16."""
    return Fraction(str(value))


def _people(value: int, name: str) -> int:
    """Return a number of people as an int, or refuse it."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ValueError(f"found {name} {value}; wanted a whole number, 1 or more")
    return int(value)


def _check_positive(value: float, name: str) -> None:
    """Refuse what is no positive number."""
    if not isinstance(value, Real) or not isfinite(value) or value <= 0:
        raise ValueError(f"found {name} {value}; wanted a number above 0")


def _check_share(value: float, name: str, *, below_one: bool = False) -> None:
    """Refuse what is no share."""
    if not isinstance(value, Real) or not 0 < value <= 1 or (below_one and value == 1):
        wanted = "below 1" if below_one else "1 at most"
        raise ValueError(f"found {name} {value}; wanted a share above 0, {wanted}")


def _check_confidence(confidence: float) -> None:
    """Refuse a confidence that is no share, or that nobody would call confidence."""
    if not isinstance(confidence, Real) or not 0.5 <= confidence < 1:
        wanted = "a share of at least 0.5 and below 1, such as 0.95"
        raise ValueError(f"found confidence {confidence}; wanted {wanted}")
