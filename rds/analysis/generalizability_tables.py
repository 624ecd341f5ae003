"""The tables `variance_components` and `dstudy`, and what they say to a board."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.analysis.components import (
    VarianceComponents,
    difference_error,
    rating_table,
    variance_components,
    without_empty,
)
from rds.analysis.generalizability import (
    CURVE,
    DSTUDY,
    Profile,
    Variances,
    coefficients,
    needed,
    profile_variances,
)
from rds.analysis.nested import domain_errors
from rds.analysis.reliability_table import ICC_NAMES
from rds.errors import WithheldError
from rds.notes import Note

Floats = NDArray[np.float64]

VARIANCE_COMPONENTS = (
    "scale", "base", "group", "design", "component", "estimate", "percent", "estimator",
    "n_respondents", "n_statements",
)  # fmt: skip
"""Columns of the table `variance_components`."""

DSTUDY_TABLE = ("scale", "base", "group", "profile", "row", *DSTUDY)
"""Columns of the table `dstudy`."""

CROSSED = "respondents × statements"
NESTED = "respondents × (statements in domains)"
THIS_STUDY = "this study"

_FEWEST = 10
_BASES = {"all": "everybody who rated", "performers": "those who perform the task"}
_TARGETS: Mapping[Literal["relative", "absolute"], str] = {
    "relative": "relative target",
    "absolute": "absolute target",
}


class GeneralizabilityTables(NamedTuple):
    """Both tables, with the notes that say what is missing."""

    variance_components: pd.DataFrame
    dstudy: pd.DataFrame
    notes: list[Note]


def generalizability_tables(
    ratings: pd.DataFrame,
    *,
    domains: Mapping[str, str],
    labels: Mapping[str, str],
    target: float,
) -> GeneralizabilityTables:
    """Variance components in both designs, and the curve over respondents of both profiles.

    Printed from 10 respondents and 10 statements; below, the rows are empty and a note says why.

    Parameters
    ----------
    ratings
        Respondents in rows, statements in columns, points of one scale; NaN for no answer.
    domains
        Domain of every statement.
    labels
        ``scale``, ``base`` and ``group``, for the columns of these names.
    target
        The declared coefficient; the curve says where it is reached.

    Returns
    -------
    GeneralizabilityTables
        With `VARIANCE_COMPONENTS` and `DSTUDY_TABLE` as columns. In ``dstudy`` the rows
        ``curve`` hold for respondents who rate everything, ``this study`` for the ratings as they
        are, ``relative target`` and ``absolute target`` for the fewest respondents whose
        coefficient of this kind reaches the target.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> table = pd.DataFrame(random.normal(size=(40, 12)) + random.normal(size=12))
    >>> tables = generalizability_tables(
    ...     table,
    ...     domains={task: f"D{task % 3}" for task in range(12)},
    ...     labels={"scale": "importance", "base": "all", "group": "all"},
    ...     target=0.9,
    ... )
    >>> tables.dstudy.loc[tables.dstudy["row"] == "this study", "profile"].tolist()
    ['tasks', 'domains']
    """
    rated = ratings.loc[:, ratings.notna().any()]
    whole = without_empty(rating_table(ratings))
    numbers = np.unique([domains[name] for name in rated.columns], return_inverse=True)[1]
    parts: list[pd.DataFrame] = []
    curves: list[pd.DataFrame] = []
    notes: list[Note] = []
    withheld: dict[tuple[str, str], str] = {}
    place = ", ".join(labels.values())
    for design, profile in ((CROSSED, "tasks"), (NESTED, "domains")):
        chosen: Profile = "tasks" if profile == "tasks" else "domains"
        found = _attempt(rated, domains if design == NESTED else None)
        shown = {**labels, "design": design}
        parts.append(_component_rows(found, shown, whole.shape))
        if isinstance(found, str):
            curves.append(_empty_curve({**labels, "profile": profile}, len(whole)))
            withheld[design, profile] = found
            continue
        rows, why = _curve(found, whole, numbers, profile=chosen, target=target)
        curves.append(rows.assign(**labels, profile=profile)[list(DSTUDY_TABLE)])
        notes += [Note("dstudy", f"{place}, {profile}, {row}", "", "withheld", w) for row, w in why]
    notes += _withheld(place, withheld)
    return GeneralizabilityTables(
        pd.concat(parts, ignore_index=True), pd.concat(curves, ignore_index=True), notes
    )


def reliability_sentences(
    dstudy: pd.DataFrame, reliability: pd.DataFrame, *, target: float
) -> tuple[str, ...]:
    """Say in plain words whether the ratings are reliable enough to set proportions of an exam.

    Parameters
    ----------
    dstudy
        The table, with `DSTUDY_TABLE` as columns.
    reliability
        The table of this name, for the interval of the relative coefficient.
    target
        The declared relative coefficient.

    Returns
    -------
    tuple of str
        A sentence or two per scale, base and group whose coefficient is known.

    Examples
    --------
    >>> row = ("importance", "performers", "all", "tasks")
    >>> table = pd.DataFrame(
    ...     [(*row, "this study", 41, 0.94, 0.9, 0.1, 0.2),
    ...      (*row, "relative target", 24, 0.9, 0.8, 0.2, 0.3)],
    ...     columns=list(DSTUDY_TABLE),
    ... )  # fmt: skip
    >>> none = pd.DataFrame(columns=["domain_id", "coefficient", "scale", "base", "group"])
    >>> print(reliability_sentences(table, none, target=0.9)[0])
    Ratings of importance by those who perform the task are reliable enough to set proportions: \
had 41 others like them answered, tasks would have come out much the same (relative coefficient \
.94; the study asks for .90, which takes about 24 respondents).
    """
    own = dstudy[(dstudy["profile"] == "tasks") & (dstudy["row"] == THIS_STUDY)]
    return tuple(
        _sentence(row, _reached(dstudy, row), _lower_limit(reliability, row), target)
        for row in own[own["relative"].notna()].to_dict("records")
    )


def _sentence(
    row: Mapping[Hashable, object], reached: int | None, low: float | None, target: float
) -> str:
    """Judge one coefficient."""
    value, n = float(str(row["relative"])), row["n_respondents"]
    group = "" if row["group"] == "all" else f", group {row['group']},"
    what = f"Ratings of {row['scale']} by {_BASES[str(row['base'])]}{group}"
    found = f"relative coefficient {_two(value)}; the study asks for {_two(target)}, which"
    if value >= target:
        doubt = (
            f" With an interval from {_two(low)} on, this is likely but not certain."
            if low is not None and low < target
            else ""
        )
        return (
            f"{what} are reliable enough to set proportions: had {n} others like them answered, "
            f"tasks would have come out much the same ({found} takes about {_people(reached)})."
            f"{doubt}"
        )
    how = (
        "no number of respondents would reach"
        if reached is None
        else f"takes about {_people(reached)} who rate every task"
    )
    return (
        f"{what} are not reliable enough to set proportions by themselves: had {n} others like "
        f"them answered, tasks could have come out differently ({found} {how})."
    )


def _people(number: int | None) -> str:
    """Write a number of respondents."""
    return "1 respondent" if number == 1 else f"{number} respondents"


def _two(coefficient: float) -> str:
    """Write a coefficient with two decimals, rounded down, so that .899 is never shown as .90."""
    text = f"{np.floor(100 * coefficient + 1e-9) / 100:.2f}"
    return text.replace("0.", ".", 1)


def _lower_limit(reliability: pd.DataFrame, row: Mapping[Hashable, object]) -> float | None:
    """Return the lower limit of the relative coefficient of all tasks, if there is one."""
    wanted = {"domain_id": "all", "coefficient": ICC_NAMES["ICC3k"][0]}
    wanted |= {name: str(row[name]) for name in ("scale", "base", "group")}
    same = np.logical_and.reduce([reliability[name] == value for name, value in wanted.items()])
    limits = reliability.loc[same, "ci_low"].dropna().tolist() if same.any() else []
    return float(limits[0]) if limits else None


def _reached(dstudy: pd.DataFrame, row: Mapping[Hashable, object]) -> int | None:
    """Return how many respondents reach the declared coefficient, if any number does."""
    same = np.logical_and.reduce(
        [dstudy[name] == row[name] for name in ("scale", "base", "group", "profile")]
    )
    found = dstudy.loc[same & (dstudy["row"] == _TARGETS["relative"]), "n_respondents"]
    return int(found.iloc[0]) if len(found) and pd.notna(found.iloc[0]) else None


def _withheld(place: str, reasons: Mapping[tuple[str, str], str]) -> Iterator[Note]:
    """Say why a design is missing; once where both are for the same reason."""
    both = len(reasons) == 2 and len(set(reasons.values())) == 1
    for (design, profile), reason in list(reasons.items())[: 1 if both else None]:
        for table, what in (("variance_components", design), ("dstudy", profile)):
            row = place if both else f"{place}, {what}"
            yield Note(table, row, "", "withheld", reason)


def _attempt(rated: pd.DataFrame, domains: Mapping[str, str] | None) -> VarianceComponents | str:
    """Compute components, or say why not."""
    n, k = int(rated.notna().any(axis=1).sum()), rated.shape[1]
    if n < _FEWEST or k < _FEWEST:
        return (
            f"Variance components need at least {_FEWEST} respondents and {_FEWEST} statements; "
            f"found {n} and {k}."
        )
    try:
        return variance_components(rated, domains=domains)
    except WithheldError as error:
        return str(error)


def _component_rows(
    found: VarianceComponents | str, labels: Mapping[str, str], shape: Sequence[int]
) -> pd.DataFrame:
    """Return a row for each component; one empty row where there are none."""
    if isinstance(found, str):
        table = pd.DataFrame({"component": [""], "estimate": [np.nan], "percent": [np.nan]})
        estimator = ""
    else:
        table, estimator = found.as_frame(), found.estimator
    sizes = {"n_respondents": shape[0], "n_statements": shape[1]}
    return table.assign(**labels, estimator=estimator, **sizes)[list(VARIANCE_COMPONENTS)]


def _empty_curve(labels: Mapping[str, str], n: int) -> pd.DataFrame:
    """Return the row of this study without coefficients."""
    return pd.DataFrame([{**labels, "row": THIS_STUDY, "n_respondents": n}]).reindex(
        columns=list(DSTUDY_TABLE)
    )


def _curve(
    found: VarianceComponents,
    whole: Floats,
    numbers: NDArray[np.intp],
    *,
    profile: Profile,
    target: float,
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Return the rows of one profile, and which are missing and why."""
    variances = profile_variances(found, profile)
    points: list[tuple[str, int, float, float]] = [
        ("curve", n, variances.relative / n, variances.absolute / n) for n in CURVE
    ]
    points.append((THIS_STUDY, len(whole), *_own_errors(found, whole, numbers, profile)))
    missing: list[tuple[str, str]] = []
    for error, row in _TARGETS.items():
        try:
            n = needed(variances, target, error)
        except WithheldError as why:
            missing.append((row, str(why)))
            continue
        points.append((row, n, variances.relative / n, variances.absolute / n))
    return pd.DataFrame(_lines(points, variances, missing)), missing


def _lines(
    points: Sequence[tuple[str, int, float, float]],
    variances: Variances,
    missing: list[tuple[str, str]],
) -> Iterator[dict[str, object]]:
    """Yield the rows of the curve; add what is undefined to what is missing."""
    for row, n, relative, absolute in points:
        values: Sequence[float] = (np.nan,) * 4
        try:
            values = coefficients(variances, relative, absolute)
        except WithheldError as why:
            missing.append((row, str(why)))
        yield {"row": row, **dict(zip(DSTUDY, (n, *values), strict=True))}


def _own_errors(
    found: VarianceComponents, whole: Floats, numbers: NDArray[np.intp], profile: Profile
) -> tuple[float, float]:
    """Relative and absolute error variance of the means as they were rated, gaps and all."""
    respondent, residual = max(found.respondent, 0.0), max(found.residual, 0.0)
    if profile == "tasks":
        per_task = float((1 / (~np.isnan(whole)).sum(axis=0)).mean())
        relative = float(difference_error(whole, respondent, residual))
        return relative, (respondent + residual) * per_task
    within = max(found.respondent_domain or 0.0, 0.0)
    parts = np.array([respondent, 0.0, 0.0, within, residual])
    return domain_errors(whole, numbers, parts)
