"""Retention rules over ratings, each with its verdict, and how verdicts combine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from rds.analysis.descriptives import MINIMUM_N_INTERVAL, MINIMUM_N_MEAN

RULE_COLUMNS = (
    "task_id",
    "rule",
    "scale",
    "value",
    "cut",
    "ci_low",
    "ci_high",
    "n",
    "verdict",
    "remark",
)

MINIMUM_N_BIMODAL = 30

Verdict = Literal["keep", "review", "drop"]
Combination = Literal["all", "any"]

Floats = NDArray[np.float64]
Verdicts = NDArray[np.str_]

_EXACT = 1e-9
_NOBODY_SAID = "nobody said who performs it"


def mean_cut(
    statements: pd.DataFrame,
    *,
    cut: float,
    confidence: float = 0.95,
    ends: tuple[float, float] = (-np.inf, np.inf),
) -> pd.DataFrame:
    """Keep tasks whose mean rating reaches a cut.

    Parameters
    ----------
    statements
        One row per task, with the columns of ``statement_ratings``: ``statement_id``, ``scale``,
        ``n``, ``n_eff``, ``mean``, ``sd``, ``se``.
    cut
        A point on the scale.
    confidence
        Confidence of the t interval that is shown, a share.
    ends
        Lowest and highest value a mean can have; the interval is kept between them.

    Returns
    -------
    DataFrame
        One row per task: `RULE_COLUMNS`. A task whose mean is withheld is under review.

    Examples
    --------
    >>> columns = ["statement_id", "scale", "n", "n_eff", "mean", "sd", "se"]
    >>> row = ["T1", "importance", 60, 60, 2.62, 0.9, 0.116190]
    >>> mean_cut(pd.DataFrame([row], columns=columns), cut=2.5)["verdict"][0]
    'keep'
    """
    n, mean = _numbers(statements, "n"), _numbers(statements, "mean")
    low, high = _interval(statements, confidence, ends)
    return rule_rows(
        statements["statement_id"],
        "point",
        scale=statements["scale"].tolist(),
        value=mean,
        cut=cut,
        ci_low=low,
        ci_high=high,
        n=n,
        verdict=_reached(mean, cut),
        remark=np.where(np.isnan(mean), _answers(n, MINIMUM_N_MEAN), ""),
    )


def three_zone(
    statements: pd.DataFrame,
    *,
    cut: float,
    confidence: float = 0.95,
    ends: tuple[float, float] = (-np.inf, np.inf),
) -> pd.DataFrame:
    """Keep tasks whose t interval lies at or above a cut, drop those below it, review the rest.

    Parameters are those of `mean_cut`. Without an interval (fewer than ten answers, no SD, or all
    answers alike) the mean alone decides; such a row is marked ``"point"``, and its remark says
    why.

    Examples
    --------
    >>> columns = ["statement_id", "scale", "n", "n_eff", "mean", "sd", "se"]
    >>> row = ["T1", "importance", 60, 60, 2.62, 0.9, 0.116190]
    >>> rows = three_zone(pd.DataFrame([row], columns=columns), cut=2.5)
    >>> rows[["ci_low", "ci_high", "verdict"]].round(3).values.tolist()
    [[2.388, 2.852, 'review']]
    """
    rows = mean_cut(statements, cut=cut, confidence=confidence, ends=ends)
    low, high = _numbers(rows, "ci_low"), _numbers(rows, "ci_high")
    zones = np.select([low >= cut - _EXACT, high < cut - _EXACT], ["keep", "drop"], "review")
    return _or_point(rows, statements, rows.assign(rule="three_zone", verdict=zones))


def bayesian(
    statements: pd.DataFrame, *, cut: float, keep: float = 0.90, drop: float = 0.10
) -> pd.DataFrame:
    """Keep tasks whose mean in the population probably exceeds a cut, drop the improbable ones.

    Parameters
    ----------
    statements, cut
        As for `mean_cut`.
    keep, drop
        Probabilities from which a task is kept, and down to which it is dropped.

    Returns
    -------
    DataFrame
        One row per task: `RULE_COLUMNS`, with the probability as value and `keep` as its cut.
        Where `three_zone` has no interval, the mean decides here as well.

    Examples
    --------
    >>> columns = ["statement_id", "scale", "n", "n_eff", "mean", "sd", "se"]
    >>> row = ["T1", "importance", 60, 60, 2.62, 0.9, 0.116190]
    >>> bayesian(pd.DataFrame([row], columns=columns), cut=2.5)[["value", "verdict"]].round(3)
       value verdict
    0  0.847  review
    """
    p = probability_above(*_mean_error_df(statements), cut)
    points = mean_cut(statements, cut=cut)
    probable = points.assign(
        rule="bayesian",
        value=p,
        cut=keep,
        ci_low=np.nan,
        ci_high=np.nan,
        verdict=_by_probability(p, keep, drop),
    )
    return _or_point(points, statements, probable)


def percent_performing(statements: pd.DataFrame, *, cut: float = 50) -> pd.DataFrame:
    """Keep tasks that more than a given percentage performs; exactly that many is not enough.

    The rule of the US Office of Personnel Management: a task that at least half of those asked
    do not perform is dropped.

    Parameters
    ----------
    statements
        One row per task, with ``statement_id``, ``percent_performing``, ``performing_ci_low`` and
        ``performing_ci_high`` of ``statement_ratings``, and how many ``answered``, if known.
    cut
        Percent.

    Returns
    -------
    DataFrame
        One row per task: `RULE_COLUMNS`, with percentages as values. A task without answers is
        under review.

    Examples
    --------
    >>> columns = ["statement_id", "percent_performing"]
    >>> tasks = pd.DataFrame([["T1", 50.0], ["T2", 51.0]], columns=columns)
    >>> percent_performing(tasks)["verdict"].tolist()
    ['drop', 'keep']
    """
    percent, low = (
        _numbers(statements, name) for name in ("percent_performing", "performing_ci_low")
    )
    unknown = np.isnan(percent)
    thin = f"fewer than {MINIMUM_N_INTERVAL} answers: no interval"
    return rule_rows(
        statements["statement_id"],
        "percent_performing",
        value=percent,
        cut=cut,
        ci_low=low,
        ci_high=_numbers(statements, "performing_ci_high"),
        n=_numbers(statements, "answered"),
        verdict=np.select([unknown, percent > cut + _EXACT], ["review", "keep"], "drop"),
        remark=np.select([unknown, np.isnan(low)], [_NOBODY_SAID, thin], ""),
    )


def top_box(counts: pd.DataFrame, *, scale: str, k: int = 2, cut: float = 50) -> pd.DataFrame:
    """Keep tasks that at least a given percentage rates on one of the top points of a scale.

    Parameters
    ----------
    counts
        Number of ratings: tasks × rated points, in ascending order of points.
    scale
        Name of the scale.
    k
        How many points count as the top.
    cut
        Percent.

    Examples
    --------
    >>> counts = pd.DataFrame({1: [4, 5], 2: [2, 2], 3: [3, 1], 4: [3, 4]}, index=["T1", "T2"])
    >>> top_box(counts, scale="importance")["verdict"].tolist()
    ['keep', 'drop']
    """
    if not 1 <= k < counts.shape[1]:
        raise ValueError(f"found k = {k}; wanted 1 to {counts.shape[1] - 1} points of the scale")
    table = counts.to_numpy(dtype=float)
    n = table.sum(axis=1)
    percent = 100 * table[:, -k:].sum(axis=1) / np.where(n > 0, n, np.nan)
    verdict, remark = _reached(percent, cut), np.where(n > 0, "", "nobody rated it")
    return rule_rows(
        counts.index,
        "top_box",
        scale=scale,
        value=percent,
        cut=cut,
        n=n,
        verdict=verdict,
        remark=remark,
    )


def onet_core(
    statements: pd.DataFrame, *, relevance: float = 67, importance: float = 3.0
) -> pd.DataFrame:
    """Keep core tasks as O*NET defines them: relevant to enough people, and important enough.

    Parameters
    ----------
    statements
        As for `mean_cut`, with ``percent_performing``; O*NET rates importance from 1 to 5.
    relevance
        Percent who have to find the task relevant to their work, at least.
    importance
        Mean importance wanted, at least.

    Returns
    -------
    DataFrame
        One row per task: `RULE_COLUMNS`, with the mean as value.

    Examples
    --------
    >>> columns = ["statement_id", "scale", "n", "mean", "percent_performing"]
    >>> row = ["T1", "importance", 60, 3.2, 66.0]
    >>> onet_core(pd.DataFrame([row], columns=columns))["verdict"][0]
    'drop'
    """
    rows = mean_cut(statements, cut=importance)
    percent = _numbers(statements, "percent_performing")
    pairs = zip(rows["verdict"], _reached(percent, relevance), strict=True)
    return rows.assign(
        rule="onet_core",
        verdict=[combine_verdicts(pair) for pair in pairs],
        remark=np.where(np.isnan(percent), _NOBODY_SAID, rows["remark"].to_numpy(dtype=str)),
    )


def combine_verdicts(verdicts: Collection[str], combination: Combination = "all") -> Verdict:
    """Combine what several rules say of one task.

    Parameters
    ----------
    verdicts
        ``"keep"``, ``"review"`` or ``"drop"``, one for each rule.
    combination
        ``"all"``: kept if every rule keeps, dropped if any drops; ``"any"``: kept if any rule
        keeps, dropped if every rule drops. Otherwise the task is under review.

    Raises
    ------
    ValueError
        When there is no verdict, or one of another name.

    Examples
    --------
    >>> combine_verdicts(["keep", "review"]), combine_verdicts(["keep", "review"], "any")
    ('review', 'keep')
    """
    found = set(verdicts)
    if not found or found - {"keep", "review", "drop"}:
        names = ", ".join(sorted(map(str, found))) or "no verdict"
        raise ValueError(f"found {names}; wanted verdicts that are keep, review or drop")
    sufficient: Verdict = "drop" if combination == "all" else "keep"
    if sufficient in found:
        return sufficient
    unanimous: Verdict = "keep" if combination == "all" else "drop"
    return unanimous if found == {unanimous} else "review"


def probability_above(mean: ArrayLike, se: ArrayLike, df: ArrayLike, cut: float) -> Floats:
    """Return the probability that the population's mean exceeds a cut.

    The posterior under a flat prior for the mean and the logarithm of the standard deviation: a
    t distribution around the mean.

    Parameters
    ----------
    mean, se, df
        Mean, its standard error and degrees of freedom; a missing number gives a missing one.

    Examples
    --------
    >>> probability_above(2.62, 0.9 / 60**0.5, 59, 2.5).round(6).item()
    0.847043
    """
    means, errors = np.asarray(mean, dtype=float), np.asarray(se, dtype=float)
    return np.asarray(stats.t.cdf((means - cut) / errors, np.asarray(df, dtype=float)), dtype=float)


def probability_performing(count: ArrayLike, n: ArrayLike, *, share: float = 0.5) -> Floats:
    """Return the probability that more than a given share of the population performs a task.

    The posterior under Jeffreys' prior: Beta(count + ½, n − count + ½).

    Parameters
    ----------
    count, n
        Those who perform the task, and those who answered.

    Examples
    --------
    >>> probability_performing(35, 50).round(6).item()
    0.997905
    """
    performing, answered = np.asarray(count, dtype=float), np.asarray(n, dtype=float)
    if not np.all((performing >= 0) & (performing <= answered)):
        raise ValueError("wanted counts from 0 to n, the number of answers")
    return np.asarray(stats.beta.sf(share, performing + 0.5, answered - performing + 0.5))


def bimodal(counts: Sequence[int]) -> bool:
    """Tell whether respondents fall into two camps, which a mean would hide.

    Two points at least two apart are chosen by a fifth or more each, and a point between them by
    at most half as many as the smaller camp. With fewer than 30 answers, never.

    Parameters
    ----------
    counts
        How often each point of the scale was chosen, in ascending order.

    Examples
    --------
    >>> bimodal([20, 3, 4, 18]), bimodal([5, 15, 18, 7])
    (True, False)
    """
    n = sum(counts)
    return n >= MINIMUM_N_BIMODAL and any(
        5 * camp >= n and 2 * min(counts[low + 1 : high]) <= camp
        for low in range(len(counts))
        for high in range(low + 2, len(counts))
        for camp in [min(counts[low], counts[high])]
    )


def _or_point(points: pd.DataFrame, statements: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows found where the spread is known, else those of the point cut with why."""
    n, mean, sd = (_numbers(statements, name) for name in ("n", "mean", "sd"))
    known = np.isfinite(_mean_error_df(statements)[1])
    alike = [f"all {int(k)} gave {m:g}: the mean decides" for k, m in zip(n, mean, strict=True)]
    thin = [f"{text}: the mean decides" for text in _answers(n, MINIMUM_N_INTERVAL)]
    why = np.select(
        [known | np.isnan(mean), n < MINIMUM_N_INTERVAL, sd == 0],
        [points["remark"].to_numpy(dtype=str), np.array(thin), np.array(alike)],
        "no SD is known: the mean decides",
    )
    return found.where(pd.Series(known, index=found.index), points).assign(remark=why)


def _interval(
    statements: pd.DataFrame, confidence: float, ends: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Return the t interval of each mean, kept on the scale."""
    mean, se, df = _mean_error_df(statements)
    reach = stats.t.ppf((1 + confidence) / 2, df) * se
    return np.maximum(mean - reach, ends[0]), np.minimum(mean + reach, ends[1])


def _mean_error_df(statements: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Return mean, standard error and degrees of freedom; the latter two where they mean much."""
    mean, se, n, weighted_n = (_numbers(statements, name) for name in ("mean", "se", "n", "n_eff"))
    enough = (n >= MINIMUM_N_INTERVAL) & (se > 0) & (weighted_n > 1) & np.isfinite(mean)
    return mean, np.where(enough, se, np.nan), np.where(enough, weighted_n - 1, np.nan)


def _reached(value: Floats, cut: float) -> Verdicts:
    """Keep what reaches a cut, review what is not known."""
    return np.select([np.isnan(value), value >= cut - _EXACT], ["review", "keep"], "drop")


def _by_probability(p: Floats, keep: float, drop: float) -> Verdicts:
    """Keep what is probable, drop what is improbable."""
    return np.select([p >= keep - _EXACT, p <= drop + _EXACT], ["keep", "drop"], "review")


def _answers(n: Floats, wanted: int) -> list[str]:
    """Say for each task that its answers are too few."""
    return [f"{int(count)} answers; at least {wanted} are needed" for count in n]


def rule_rows(tasks: Collection[str], rule: str, **columns: Any) -> pd.DataFrame:
    """Return the rows of a rule; what is not given is empty."""
    given: dict[str, Any] = {"rule": rule, "scale": "", "verdict": "", "remark": ""} | columns
    table = pd.DataFrame({"task_id": list(tasks)}).assign(**given)
    return table.reindex(columns=list(RULE_COLUMNS)).astype({"n": "Int64"})


def _numbers(table: pd.DataFrame, column: str) -> Floats:
    """Return a column as numbers; NaN where the table has none."""
    if column not in table:
        return np.full(len(table), np.nan)
    return table[column].to_numpy(dtype=float)
