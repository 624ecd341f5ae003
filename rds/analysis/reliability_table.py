"""The table `reliability`: every coefficient of a domain and of all statements, or why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.analysis.components import (
    check_confidence,
    difference_error,
    rating_table,
    separable,
    tails,
    without_empty,
)
from rds.analysis.intraclass import icc
from rds.analysis.reliability import Alpha, Cases, alpha_of, resamples
from rds.analysis.split_half import split_half
from rds.errors import WithheldError

Floats = NDArray[np.float64]
Note = tuple[str, str, str, str]
Needs = Literal["respondents", "tasks", "halves"]

RELIABILITY_COLUMNS = (
    "domain_id",
    "scale",
    "base",
    "group",
    "coefficient",
    "orientation",
    "estimator",
    "value",
    "ci_low",
    "ci_high",
    "n_respondents",
    "n_statements",
)
"""Columns of the table `reliability`."""

ICC_NAMES: Mapping[str, tuple[str, str]] = {
    "ICC2": ("ICC2", "tasks as cases (one respondent)"),
    "ICC3": ("ICC3", "tasks as cases (one respondent)"),
    "ICC2k": ("ICC2k (absolute G)", "tasks as cases (all respondents)"),
    "ICC3k": ("ICC3k (relative G)", "tasks as cases (all respondents)"),
}
"""How the table names intraclass correlations, and what each tells apart."""

SPLIT_HALF = ("split-half", "tasks as cases (halves of respondents)")
"""How the table names split-half reliability."""

_ORIENTATIONS: dict[Cases, str] = {
    "respondents": "respondents as cases",
    "tasks": "tasks as cases",
}
_FEWEST: dict[Needs, dict[str, int]] = {
    "respondents": {"respondents": 30, "statements": 3},
    # With tasks as cases alpha is the intraclass correlation of tasks, and has its minimum.
    "tasks": {"respondents": 10, "statements": 10},
    "halves": {"respondents": 20},
}
_SUBJECTS: dict[Needs, str] = {
    "respondents": "Alpha with respondents as cases needs",
    "tasks": "Coefficients with tasks as cases need",
    "halves": "Split-half needs",
}
_FEWEST_TO_CORRELATE = 30
_NO_INTERVAL = (
    "With gaps, an interval needs at least 10 respondents, and resamples with a finite coefficient."
)
_NO_LIMIT = "Task means differ so little that a limit does not exist."


class _Row(NamedTuple):
    """A coefficient with its interval; empty with a reason where there is none."""

    coefficient: str
    orientation: str
    estimator: str = ""
    value: float = np.nan
    ci_low: float = np.nan
    ci_high: float = np.nan
    reason: str = ""


def reliability_rows(
    ratings: pd.DataFrame,
    *,
    domains: Mapping[str, str],
    scale: str,
    base: str,
    group: str,
    confidence: float = 0.95,
    replicates: int | None = None,
    seed: int = 20260301,
) -> tuple[pd.DataFrame, list[Note]]:
    """Alpha, intraclass correlations and split-half of every domain and of all statements.

    Alpha is printed with respondents as cases from 30 respondents and 3 statements; everything
    with tasks as cases from 10 of each, split-half from 20 respondents. Below, the row has no value
    and a note says why. Respondents without any rating in the domain are left out of it.

    Parameters
    ----------
    ratings
        Respondents in rows, statements in columns, points of one scale; NaN for no answer.
    domains
        Domain of every statement.
    scale, base, group
        What the ratings are, for the columns of these names.
    confidence, replicates, seed
        As in `cronbach_alpha`.

    Returns
    -------
    tuple
        The rows, with `RELIABILITY_COLUMNS`, and notes (row, column, kind, reason).

    Raises
    ------
    ValueError
        If a statement has no domain, a domain is called “all”, or `ratings` is not numeric.

    Examples
    --------
    >>> table = pd.DataFrame(np.random.default_rng(1).integers(1, 5, (40, 3)), columns=list("abc"))
    >>> rows, notes = reliability_rows(
    ...     table, domains=dict.fromkeys("abc", "D1"), scale="importance", base="all", group="all"
    ... )
    >>> rows.loc[rows["value"].notna(), ["domain_id", "coefficient", "orientation"]]
      domain_id coefficient           orientation
    0        D1       alpha  respondents as cases
    7       all       alpha  respondents as cases
    >>> notes[0][3]
    'Coefficients with tasks as cases need at least 10 statements; found 3.'
    """
    check_confidence(confidence)
    whole = rating_table(ratings)
    rows: list[dict[str, object]] = []
    notes: list[Note] = []
    for domain_id, members in _members(ratings, domains).items():
        table = without_empty(whole[:, members])
        labels = {"domain_id": domain_id, "scale": scale, "base": base, "group": group}
        sizes = {"n_respondents": table.shape[0], "n_statements": table.shape[1]}
        found = list(_rows(table, confidence, replicates, seed))
        rows += [{**labels, **_cells(row), **sizes} for row in found]
        notes += _notes(", ".join(labels.values()), found)
    return pd.DataFrame(rows, columns=list(RELIABILITY_COLUMNS)), notes


def _rows(table: Floats, confidence: float, replicates: int | None, seed: int) -> Iterator[_Row]:
    """Yield all coefficients of a table, or why they are not printed."""
    reasons = {cases: _too_few(table, cases) or _unfit(table) for cases in _ORIENTATIONS}
    drawn = None if all(reasons.values()) else resamples(table, replicates, seed)
    for cases, orientation in _ORIENTATIONS.items():
        result = reasons[cases] or _attempt(table, cases, confidence, drawn)
        yield _alpha_row(orientation, result)
    yield from _icc_rows(table, reasons["tasks"], confidence, drawn)
    yield _split_half_row(table, reasons["tasks"] or _too_few(table, "halves"), seed)


def _alpha_row(orientation: str, result: Alpha | str) -> _Row:
    """Return alpha as a row."""
    if isinstance(result, str):
        return _Row("alpha", orientation, reason=result)
    low, high = (np.nan if limit is None else limit for limit in (result.ci_low, result.ci_high))
    reason = _NO_INTERVAL if result.interval == "none" else ""
    return _Row("alpha", orientation, result.estimator, result.value, low, high, reason)


def _icc_rows(
    table: Floats, reason: str, confidence: float, drawn: pd.DataFrame | None
) -> Iterator[_Row]:
    """Yield the intraclass correlations of tasks."""
    try:
        found = None if reason else icc(table, confidence=confidence)
    except WithheldError as error:
        found, reason = None, str(error)
    complete = not np.isnan(table).any()
    for name, named in ICC_NAMES.items():
        if found is None or name not in found.index:
            yield _Row(*named, reason=reason or "It does not exist: task means differ too little.")
            continue
        value, low, high = (
            found[["value", "ci_low", "ci_high"]].to_numpy()[found.index.get_loc(name)].tolist()
        )
        if not complete:
            low, high = _limits(name, table, confidence, drawn)
        missing = _NO_LIMIT if complete else _NO_INTERVAL
        why = missing if np.isnan([low, high]).any() else ""
        yield _Row(*named, "exact" if complete else "reml", value, low, high, why)


def _limits(
    name: str, table: Floats, confidence: float, drawn: pd.DataFrame | None
) -> tuple[float, float]:
    """Percentile limits of an intraclass correlation over resampled respondents."""
    if drawn is None:
        return np.nan, np.nan
    respondent, task, residual = drawn[["respondent", "task", "residual"]].to_numpy().T
    per_task = float((1 / (~np.isnan(table)).sum(axis=0)).mean())
    errors = {
        "ICC2": respondent + residual,
        "ICC3": residual,
        "ICC2k": (respondent + residual) * per_task,
        "ICC3k": difference_error(table, respondent, residual),
    }
    total = task + errors[name]
    values = np.where(total > 0, task / np.where(total > 0, total, 1.0), -np.inf)
    low, high = np.quantile(values, tails(confidence), method="inverted_cdf")
    return (float(low), float(high)) if np.isfinite(low) else (np.nan, np.nan)


def _split_half_row(table: Floats, reason: str, seed: int) -> _Row:
    """Return the split-half reliability, which has no interval."""
    if reason:
        return _Row(*SPLIT_HALF, reason=reason)
    try:
        return _Row(*SPLIT_HALF, "random splits", split_half(table, seed=seed).value)
    except WithheldError as error:
        return _Row(*SPLIT_HALF, reason=str(error))


def _members(ratings: pd.DataFrame, domains: Mapping[str, str]) -> dict[str, list[int]]:
    """Places of the statements of every domain, in order of the columns, and of all."""
    homeless = [str(name) for name in ratings.columns if name not in domains]
    if homeless:
        raise ValueError(f"found no domain for {', '.join(homeless)}; wanted one for each column")
    members: dict[str, list[int]] = {}
    for place, name in enumerate(ratings.columns):
        members.setdefault(domains[name], []).append(place)
    if "all" in members:
        raise ValueError(
            "found a domain called “all”; wanted another name, “all” means every domain"
        )
    return {**members, "all": list(range(ratings.shape[1]))}


def _too_few(table: Floats, needs: Needs) -> str:
    """Say what is missing for a coefficient to be printed; empty when nothing is."""
    found = dict(zip(("respondents", "statements"), table.shape, strict=True))
    lacking = {name: least for name, least in _FEWEST[needs].items() if found[name] < least}
    if not lacking:
        return ""
    wanted = " and ".join(f"at least {least} {name}" for name, least in lacking.items())
    counts = " and ".join(str(found[name]) for name in lacking)
    reason = f"{_SUBJECTS[needs]} {wanted}; found {counts}."
    return reason + _correlation(table) if needs == "respondents" else reason


def _correlation(table: Floats) -> str:
    """Say how two statements correlate, where they do."""
    both = table[~np.isnan(table).any(axis=1)]
    if len(both) < _FEWEST_TO_CORRELATE or table.shape[1] != 2 or (np.ptp(both, axis=0) == 0).any():
        return ""
    return f" Their correlation is {np.corrcoef(*both.T).item(1):.2f}."


def _unfit(table: Floats) -> str:
    """Say why variance components cannot be told apart; empty when they can."""
    try:
        separable(table)
    except WithheldError as error:
        return str(error)
    return ""


def _attempt(
    table: Floats, cases: Cases, confidence: float, drawn: pd.DataFrame | None
) -> Alpha | str:
    """Alpha, or why it is undefined."""
    try:
        return alpha_of(table, cases, confidence, drawn)
    except WithheldError as error:
        return str(error)


def _cells(row: _Row) -> dict[str, object]:
    """Return the cells of a row for the table."""
    return {name: value for name, value in row._asdict().items() if name != "reason"}


def _notes(labels: str, rows: list[_Row]) -> Iterator[Note]:
    """Say why a value or an interval is missing; once where one reason holds for all tasks."""
    said: set[str] = set()
    for row in rows:
        if not row.reason or row.reason in said:
            continue
        said.add(row.reason)
        column = "value" if np.isnan(row.value) else "ci_low, ci_high"
        yield (f"{labels}, {row.coefficient}, {row.orientation}", column, "withheld", row.reason)
