"""Simulated ratings: answers that nobody gave, for demonstrations, tests and benchmarks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from rds.ratings.frames import NO_ANSWER, NOT_SHOWN, Codes
from rds.ratings.ratings import Ratings, respondent_table
from rds.scales import Scale

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """How much the parts of a simulated rating vary: standard deviations before cutting to points.

    Parameters
    ----------
    task
        Between tasks, on one scale.
    shared
        Share (0–1) of the variance between tasks that all scales have in common.
    leniency
        Between respondents, over all tasks and scales.
    domain
        Of a respondent's leaning towards a domain.
    group
        Of a group's leaning towards a task; only where there are groups.
    rest
        Of the single rating.
    """

    task: float = 0.6
    shared: float = 0.5
    leniency: float = 0.4
    domain: float = 0.3
    group: float = 0.2
    rest: float = 0.8

    def __post_init__(self) -> None:
        if not 0 <= self.shared <= 1 or min(self._parts) < 0 or self.rest <= 0:
            raise ValueError(f"found {self}; wanted none below 0, rest above 0, shared from 0 to 1")

    @property
    def total(self) -> float:
        """The standard deviation of all parts together."""
        return math.hypot(*self._parts)

    @property
    def _parts(self) -> tuple[float, ...]:
        return (self.task, self.leniency, self.domain, self.group, self.rest)


def simulate_ratings(
    *,
    tasks: Mapping[str, str],
    scales: Sequence[Scale],
    n_respondents: int,
    seed: int,
    groups: Mapping[str, float] | None = None,
    not_performed_percent: float = 15,
    missing_percent: float = 3,
    break_off_percent: float = 10,
    spread: Spread | None = None,
) -> Ratings:
    """Simulate the answers to a survey in which every task is rated on every scale.

    Behind the rating of task t in domain d by respondent i of group g on scale s stands

        y_its = a_t + b_ts + θ_i + δ_id + γ_gt + ε_its,

    a sum of independent normal parts: the task's effect, in part shared by the scales (a) and in
    part the scale's own (b), leniency (θ), the respondent's leaning towards the domain (δ), the
    group's leaning towards the task (γ), and the rest (ε). Fixed thresholds cut y to points, such
    that the K rated points, from the lowest, are expected in the proportion 1 : 2 : … : K, since
    ratings in the field lie above the middle.

    “Not performed” lies below the lowest rated point of one scale: the first frequency scale that
    has such a point, or else the first scale that has one. Who chooses it there is not asked about
    that task on the other scales (`NOT_SHOWN`), or answers “not performed” where a scale has that
    point too. Single answers are left blank at random, scale by scale, and some respondents break
    off after a random statement: all later ones are `NO_ANSWER` on every scale.

    Parameters
    ----------
    tasks
        Domain by task, in the order of the survey.
    scales
        The rating scales. Points that mean “not applicable” are never chosen.
    n_respondents
        Number of respondents, ``SIM0001`` and on.
    seed
        The same seed gives the same ratings.
    groups
        Share of the respondents (0–1) by group; without them, the group is empty.
    not_performed_percent, missing_percent
        Percent of the answers asked for.
    break_off_percent
        Percent of the respondents, expected.
    spread
        How much the parts vary; `Spread` by default.

    Returns
    -------
    Ratings
        With the nature ``"simulated"`` and wave ``"1"``.

    Raises
    ------
    ValueError
        For no tasks, scales or respondents, percentages outside 0–100, shares of groups that do
        not add up to 1, or a scale on which 100 points are shared out.

    Examples
    --------
    >>> from rds.scales import ordinal
    >>> importance = ordinal("importance", {1: "Not", 2: "Somewhat", 3: "Very"})
    >>> simulate_ratings(tasks={"T01": "D1", "T02": "D1"}, scales=[importance],
    ...                  n_respondents=50, seed=7, missing_percent=0, break_off_percent=0)
    Ratings: 50 respondents, 100 answers; statements by scale: importance (2)
    """
    shares = groups or {"": 1.0}
    _check_sizes(tasks, scales, n_respondents, shares)
    performing = 1 - _share(not_performed_percent)
    missing, break_off = _share(missing_percent), _share(break_off_percent)
    parts = spread or Spread()
    parts = parts if groups else replace(parts, group=0)
    rng = np.random.default_rng(seed)
    people = _respondents(rng, n_respondents, shares)
    common = _common_part(rng, tasks, people["group"], parts)
    asked_first = _scale_that_asks_who_performs(scales)
    codes = {
        scale.name: _points(
            _own_part(rng, common, parts), scale, performing if scale is asked_first else 1
        )
        for scale in scales
    }
    _leave_blank(rng, codes, missing)
    _spare_non_performers(codes, scales, asked_first)
    _break_off(rng, codes, break_off)
    statements = {scale.name: tuple(tasks) for scale in scales}
    return Ratings(tuple(scales), statements, codes, people)


def _check_sizes(
    tasks: Mapping[str, str], scales: Sequence[Scale], n: int, groups: Mapping[str, float]
) -> None:
    """Refuse what cannot be simulated."""
    if not tasks or not scales or n < 1:
        raise ValueError(
            f"found {len(tasks)} tasks, {len(scales)} scales and {n} respondents; "
            "wanted at least one of each"
        )
    if min(groups.values()) < 0 or abs(sum(groups.values()) - 1) > 1e-9:
        raise ValueError(
            f"the shares of the groups are {dict(groups)}; wanted shares that sum to 1"
        )
    for scale in scales:
        if scale.kind == "allocation of 100":
            raise ValueError(
                f"“{scale.name}” shares out 100 points; wanted scales of single points"
            )


def _share(percent: float) -> float:
    """Return a percentage as a share."""
    if not 0 <= percent <= 100:
        raise ValueError(f"found {percent} percent; wanted 0 to 100")
    return percent / 100


def _respondents(rng: np.random.Generator, n: int, groups: Mapping[str, float]) -> pd.DataFrame:
    """Return the respondents; groups as large as their shares say, in random order."""
    width = max(4, len(str(n)))
    names = [f"SIM{number:0{width}d}" for number in range(1, n + 1)]
    upto = np.cumsum(list(groups.values()))[:-1]
    positions = np.searchsorted(upto, (np.arange(n) + 0.5) / n)
    group = np.array(list(groups), dtype=object)[rng.permutation(positions)]
    return respondent_table(names, group=group, wave=["1"] * n, nature="simulated")


def _common_part(
    rng: np.random.Generator, tasks: Mapping[str, str], group: pd.Series[str], spread: Spread
) -> Floats:
    """Return what a rating does not owe to its scale: tasks × respondents."""
    n_tasks, n_respondents = len(tasks), len(group)
    domains, domain = np.unique(list(tasks.values()), return_inverse=True)
    groups, member = np.unique(group.to_numpy(dtype=str), return_inverse=True)
    task = rng.normal(0, spread.task * np.sqrt(spread.shared), (n_tasks, 1))
    leniency = rng.normal(0, spread.leniency, n_respondents)
    leaning = rng.normal(0, spread.domain, (len(domains), n_respondents))[domain]
    group_leaning = rng.normal(0, spread.group, (n_tasks, len(groups)))
    return np.asarray(task + leniency + leaning + group_leaning[:, member])


def _own_part(rng: np.random.Generator, common: Floats, spread: Spread) -> Floats:
    """Return `common` with the scale's own part added, scaled to unit variance."""
    own = rng.normal(0, spread.task * np.sqrt(1 - spread.shared), (len(common), 1))
    rest = rng.normal(0, spread.rest, common.shape)
    return np.asarray((common + own + rest) / spread.total)


def _scale_that_asks_who_performs(scales: Sequence[Scale]) -> Scale | None:
    """Return the scale whose “not performed” decides what else is asked."""
    able = [scale for scale in scales if scale.not_performed is not None]
    return next((scale for scale in able if scale.role == "frequency"), able[0] if able else None)


def _points(latent: Floats, scale: Scale, performing: float) -> Codes:
    """Cut normal values to points; the share `1 - performing` falls below the rated ones."""
    rising = np.arange(1.0, len(scale.rated_values) + 1)
    below = 1 - performing + performing * np.cumsum(rising / rising.sum())[:-1]
    values = np.array(scale.rated_values, dtype=np.int8)
    codes = values[np.searchsorted(ndtri(below), latent)]
    if scale.not_performed is not None and performing < 1:
        codes[latent < ndtri(1 - performing)] = scale.not_performed
    return codes


def _leave_blank(rng: np.random.Generator, codes: Mapping[str, Codes], share: float) -> None:
    """Take single answers away, wherever they fall."""
    for answers in codes.values():
        answers[rng.random(answers.shape) < share] = NO_ANSWER


def _spare_non_performers(
    codes: Mapping[str, Codes], scales: Sequence[Scale], asked_first: Scale | None
) -> None:
    """Do not ask those who do not perform a task about it on the other scales."""
    if asked_first is None:
        return
    spared = codes[asked_first.name] == asked_first.not_performed
    for scale in scales:
        if scale is not asked_first:
            own = scale.not_performed
            codes[scale.name][spared] = NOT_SHOWN if own is None else own


def _break_off(rng: np.random.Generator, codes: Mapping[str, Codes], share: float) -> None:
    """Let some respondents stop after a random statement, the last one excepted."""
    n_tasks, n_respondents = next(iter(codes.values())).shape
    answered = rng.integers(1, max(n_tasks, 2), n_respondents)
    reached = np.where(rng.random(n_respondents) < share, answered, n_tasks)
    for answers in codes.values():
        answers[np.arange(n_tasks)[:, np.newaxis] >= reached] = NO_ANSWER
