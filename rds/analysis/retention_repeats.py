"""The retention rule applied anew to repeats of a survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.analysis.analysis import frame_sizes
from rds.analysis.descriptives import MINIMUM_N_INTERVAL, MINIMUM_N_MEAN
from rds.analysis.retention import apply_declared_rule
from rds.analysis.retention_rules import percent_performing
from rds.ratings.frames import NOT_APPLICABLE
from rds.ratings.ratings import Base, Ratings
from rds.scales import Scale, named_scale
from rds.settings import RetentionSection, Settings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ROWS_AT_ONCE = 100_000


@dataclass(frozen=True, eq=False)
class Judged:
    """Tasks and what the declared retention rule looks at.

    Attributes
    ----------
    tasks
        The tasks.
    scale, section
        The scale that the rule looks at, and the rule.
    values
        Ratings on it, respondents × tasks, NaN where there is none.
    answered
        Who answered on it in any way, as far as a frame is known; respondents × tasks.
    performs, asked
        Who performs a task, and who said whether; respondents × tasks.
    by_performing
        Whether any respondent was asked who performs what, so that this rule applies.
    frame_size
        How many people respondents were drawn from; None without a finite population correction.
    """

    tasks: tuple[str, ...]
    scale: Scale
    section: RetentionSection
    values: Floats
    answered: Bools
    performs: Bools
    asked: Bools
    by_performing: bool
    frame_size: int | None

    def of_respondents(self) -> Bools:
        """Tell who said anything that the rule looks at."""
        return np.asarray((~np.isnan(self.values) | self.asked).any(axis=1))

    def kept(self, times: NDArray[np.intp], survey_weights: Floats | None = None) -> Bools:
        """Tell which tasks the rule keeps in each repeat; tasks under review as declared.

        Each repeat is described as a survey of its own: means, errors and percentages as in the
        table ``statement_ratings``, a respondent who stands in it k times counting as k.

        Parameters
        ----------
        times
            How often each respondent stands in each repeat, repeats × respondents.
        survey_weights
            Their weights in it, multiplicities included; without them, everybody counts the same.

        Returns
        -------
        ndarray
            Boolean, repeats × tasks.
        """
        at_once = max(1, ROWS_AT_ONCE // max(len(self.tasks), 1))
        starts = range(0, len(times), at_once)
        parts = [slice(start, start + at_once) for start in starts]
        own = times if survey_weights is None else survey_weights
        return np.vstack([self._kept(times[part].astype(float), own[part]) for part in parts])

    def _kept(self, times: Floats, weights: NDArray[np.generic]) -> Bools:
        """Tell which tasks the rule keeps in some of the repeats."""
        rows = self._described(times, np.asarray(weights, dtype=float))
        verdicts = [apply_declared_rule(rows, self.scale, self.section)["verdict"].to_numpy()]
        if self.by_performing:
            found = percent_performing(rows, cut=self.section.percent_performing)
            verdicts.append(found["verdict"].to_numpy())
        drops = np.any([verdict == "drop" for verdict in verdicts], axis=0)
        keeps = np.all([verdict == "keep" for verdict in verdicts], axis=0)
        stays = keeps | (~drops & (self.section.review_counts_as == "keep"))
        return np.asarray(stays.reshape(len(times), len(self.tasks)))

    def _described(self, times: Floats, weights: Floats) -> pd.DataFrame:
        """Return one row a repeat and task, with the columns that rules look at."""
        present = ~np.isnan(self.values)
        # Around its own mean a task's ratings are small numbers, and their squares exact enough.
        centre = np.nanmean(np.where(present.any(axis=0), self.values, 0.0), axis=0)
        x = np.where(present, self.values - centre, 0.0)
        squared = np.divide(weights**2, times, out=np.zeros_like(weights), where=times > 0)
        n, total = times @ present, weights @ present
        mean = _divide(weights @ x, total)
        spread = weights @ x**2 - mean**2 * total
        error = squared @ x**2 - 2 * mean * (squared @ x) + mean**2 * (squared @ present)
        correction = _divide(n, n - 1)
        variance = _cleaned(error * correction / np.where(total > 0, total, np.nan) ** 2)
        left = 1.0 if self.frame_size is None else 1 - times @ self.answered / self.frame_size
        flat = {
            "n": n,
            "n_eff": _divide(total**2, squared @ present),
            "mean": np.where(n >= MINIMUM_N_MEAN, mean + centre, np.nan),
            "sd": np.sqrt(_cleaned(_divide(spread, total) * correction)),
            "se": np.where(n >= MINIMUM_N_INTERVAL, np.sqrt(variance * left), np.nan),
            "percent_performing": 100 * _divide(weights @ self.performs, weights @ self.asked),
        }
        named = {"statement_id": np.tile(self.tasks, len(times)), "scale": self.scale.name}
        return pd.DataFrame({**named, **{name: values.ravel() for name, values in flat.items()}})


def judged_tasks(ratings: Ratings, settings: Settings, tasks: Sequence[str]) -> Judged:
    """Return what the declared retention rule looks at, for some of the tasks it judges.

    Parameters
    ----------
    ratings
        Ratings of those whose ratings set the weights.
    settings
        The rule, and the frame if there is one.
    tasks
        Tasks rated on the rule's scale.

    Raises
    ------
    ValueError
        When there is no such scale.
    """
    scale = named_scale(ratings.scales, settings.retention.scale)
    place = {name: row for row, name in enumerate(ratings.statements[scale.name])}
    rows = [place[task] for task in tasks]
    base: Base = "all" if scale.role == "frequency" else "performers"
    codes = ratings.codes[scale.name][rows]
    _, anybody = ratings.performance(ratings.statements[scale.name])
    performs, asked = ratings.performance(list(tasks))
    size = None if ratings.survey_weights is not None else frame_sizes(settings).get("all")
    return Judged(
        tasks=tuple(tasks),
        scale=scale,
        section=settings.retention,
        values=ratings.values(scale.name, base=base)[rows].T,
        answered=((codes >= 0) | (codes == NOT_APPLICABLE)).T,
        performs=performs.T,
        asked=asked.T,
        by_performing=bool(anybody.any()),
        frame_size=size if size is not None and len(ratings) <= size else None,
    )


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    """Divide, with NaN where the denominator is not positive."""
    return np.asarray(numerator / np.where(denominator > 0, denominator, np.nan))


def _cleaned(variance: Floats) -> Floats:
    """Return variances with what is nothing but rounding as zero."""
    return np.where(variance < 1e-12, 0.0, variance)
