"""The whole totals behind printed means: which n, remainders and differences are possible."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from rds.ratings.summaries import attainable_totals

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class PairedDifferences:
    """What is known of the differences of n pairs of whole answers.

    Parameters
    ----------
    n
        Number of pairs.
    total
        Sum of the differences.
    squares
        Sum of the squared differences.
    """

    n: int
    total: int
    squares: int

    @property
    def mean(self) -> float:
        """The mean difference, in points of the scale."""
        return self.total / self.n

    @property
    def sd(self) -> float:
        """The standard deviation of the differences (n − 1), in points of the scale."""
        return sqrt((self.n * self.squares - self.total**2) / (self.n * (self.n - 1)))

    @property
    def t(self) -> float:
        """The paired t statistic."""
        return self.mean / (self.sd / sqrt(self.n))


def attainable_sizes(
    mean: float | str, sizes: Iterable[int], *, decimals: int = 2, lowest: int, highest: int
) -> tuple[int, ...]:
    """Return those of some n for which whole answers can have a printed mean.

    Parameters
    ----------
    mean, decimals, lowest, highest
        As for `rds.ratings.summaries.attainable_totals`.
    sizes
        The numbers of answers to try.

    References
    ----------
    Brown, N. J. L. and Heathers, J. A. J. (2017). The GRIM test.

    Examples
    --------
    >>> attainable_sizes("3.79", range(10, 16), lowest=1, highest=4)
    (14,)
    """
    return tuple(
        n
        for n in sizes
        if attainable_totals(mean, n, decimals=decimals, lowest=lowest, highest=highest)
    )


def pooled_remainder(
    pooled: tuple[float | str, int],
    part: tuple[float | str, int],
    *,
    decimals: int = 2,
    lowest: int,
    highest: int,
) -> tuple[int, ...]:
    """Return the totals a second part can have, from the printed means of the whole and the first.

    Parameters
    ----------
    pooled, part
        Printed mean and n of both parts together, and of the part that is known.
    decimals
        Decimals that the source prints.
    lowest, highest
        Lowest and highest answer on the scale.

    Returns
    -------
    tuple of int
        Ascending totals of the remaining answers; empty when the printed numbers contradict each
        other.

    Raises
    ------
    ValueError
        When the part is not smaller than the whole, or a mean cannot be read.

    Examples
    --------
    Of 43 people with a mean of 3.88, 28 have a mean of 3.82; the other 15 have a total of 60:

    >>> pooled_remainder(("3.88", 43), ("3.82", 28), lowest=1, highest=4)
    (60,)
    """
    size = pooled[1] - part[1]
    if size < 1:
        raise ValueError(f"the part has n = {part[1]} of {pooled[1]}; wanted a smaller part")
    wholes = attainable_totals(*pooled, decimals=decimals, lowest=lowest, highest=highest)
    parts = attainable_totals(*part, decimals=decimals, lowest=lowest, highest=highest)
    remainders = {whole - known for whole in wholes for known in parts}
    return tuple(sorted(total for total in remainders if lowest * size <= total <= highest * size))


def possible_differences(
    before: float | str,
    after: float | str,
    n: int,
    *,
    decimals: int = 2,
    lowest: int,
    highest: int,
) -> tuple[int, ...]:
    """Return what after − before, summed over n pairs, can be, from the two printed means.

    Parameters
    ----------
    before, after
        The printed means of the same n people.
    n
        Number of pairs.
    decimals, lowest, highest
        As for `rds.ratings.summaries.attainable_totals`.

    Examples
    --------
    >>> possible_differences("3.73", "3.86", 37, lowest=1, highest=4)
    (5,)
    """
    first = attainable_totals(before, n, decimals=decimals, lowest=lowest, highest=highest)
    second = attainable_totals(after, n, decimals=decimals, lowest=lowest, highest=highest)
    return tuple(sorted({late - early for early in first for late in second}))


def paired_solutions(
    t: float | str,
    n: int,
    *,
    largest_step: int,
    totals: Collection[int] | None = None,
    decimals: int = 3,
) -> tuple[PairedDifferences, ...]:
    """Return every sum and sum of squares of n whole differences whose t is printed as `t`.

    Parameters
    ----------
    t
        The printed t, with the sign of the mean difference.
    n
        Number of pairs.
    largest_step
        The largest difference between two answers: highest less lowest point.
    totals
        Sums of differences that are possible for other reasons, such as the printed means
        (see `possible_differences`); by default all.
    decimals
        Decimals to which t is printed.

    Returns
    -------
    tuple of PairedDifferences
        Ascending by sum, then by sum of squares; only those that n whole differences can have.

    Raises
    ------
    ValueError
        For fewer than 2 pairs, or a largest step below 1.

    Examples
    --------
    37 people; means of 3.73 and 3.86 leave a sum of 5 only, and with it t = 2.372 one solution,
    which only five rises by one point give:

    >>> paired_solutions("2.372", 37, largest_step=3, totals=[5])
    (PairedDifferences(n=37, total=5, squares=5),)
    """
    if n < 2 or largest_step < 1:
        raise ValueError(
            f"found n = {n} and a largest step of {largest_step}; wanted n of 2 or more, a step "
            "of 1 or more"
        )
    sums, squares = _sums_and_squares(n, largest_step)
    spread = n * squares - sums**2
    kept = spread > 0 if totals is None else (spread > 0) & np.isin(sums, list(totals))
    sums, squares, spread = sums[kept], squares[kept], spread[kept]
    fits = np.abs(sums * np.sqrt((n - 1) / spread) - float(t)) <= 0.5 * 10**-decimals + 1e-9
    pairs = sorted(zip(sums[fits].tolist(), squares[fits].tolist(), strict=True))
    return tuple(PairedDifferences(n, *pair) for pair in pairs)


@lru_cache(maxsize=32)
def _sums_and_squares(n: int, largest_step: int) -> tuple[Whole, Whole]:
    """Return every (sum, sum of squares) of n whole numbers of at most that size."""
    steps = [step for size in range(1, largest_step + 1) for step in (size, -size)]
    # The margin on both sides keeps what is shifted past the end from being taken for possible.
    centre = (n + 1) * largest_step
    fewest = np.full((n * largest_step**2 + 1, 2 * centre + 1), n + 1)
    fewest[0, centre] = 0
    for squares in range(1, len(fewest)):
        for step in steps:
            if step**2 <= squares:
                one_more = np.roll(fewest[squares - step**2], step) + 1
                np.minimum(fewest[squares], one_more, out=fewest[squares])
    possible, columns = np.nonzero(fewest <= n)
    return columns - centre, possible
