"""Agreement on categories, corrected for chance: percent, AC1, AC2, Fleiss, Conger, alpha."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.analysis.chance_errors import alpha_error, interval, linearised_error
from rds.errors import WithheldError
from rds.show import ShownFields

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Weights = Literal["identity", "linear", "quadratic", "ordinal"]
Level = Literal["nominal", "ordinal", "interval", "ratio"]

CHANCE_CORRECTED = (
    "coefficient",
    "value",
    "observed",
    "expected",
    "se",
    "ci_low",
    "ci_high",
    "n_judges",
    "n_statements",
    "n_judgements",
)
"""Columns of the table of `chance_corrected_agreement`."""

_EXACT = 1e-12


@dataclass(frozen=True, repr=False)
class KrippendorffAlpha(ShownFields):
    """Krippendorff's alpha, and what it rests on.

    Attributes
    ----------
    value
        Alpha; may be negative.
    level
        Level of measurement.
    observed, expected
        Observed and expected disagreement, in squared units of the level.
    n_statements
        Statements with at least two judgements; others do not count.
    n_judgements
        Judgements of these statements.
    se, ci_low, ci_high
        Standard error and 95 percent t interval over statements, the SMEs and the distances taken
        as given; NaN with one statement, and where all judgements are the same.
    """

    value: float
    level: Level
    observed: float
    expected: float
    n_statements: int
    n_judgements: int
    se: float = float("nan")
    ci_low: float = float("nan")
    ci_high: float = float("nan")


def chance_corrected_agreement(
    judgements: pd.DataFrame,
    *,
    categories: Sequence[Hashable],
    weights: Weights = "identity",
) -> pd.DataFrame:
    """Agreement of SMEs on the category of statements, plain and corrected for chance.

    AC1 keeps its sense where nearly all judgements fall in one category; Fleiss' kappa then falls
    towards zero however often SMEs agree. With weights other than identity, near misses count as
    part agreement, and AC1 is called AC2.

    Parameters
    ----------
    judgements
        SMEs in rows, statements in columns; NaN where there is no judgement.
    categories
        All categories that could be chosen, in order, whether or not somebody chose them.
    weights
        Credit for a pair of judgements that lie d categories apart, of q: ``"identity"`` none,
        ``"linear"`` 1 − d/(q − 1), ``"quadratic"`` 1 − d²/(q − 1)², ``"ordinal"``
        1 − d(d + 1)/(q(q − 1)).

    Returns
    -------
    DataFrame
        Columns `CHANCE_CORRECTED`; rows percent agreement (a share), AC1 or AC2, Fleiss,
        Brennan-Prediger, Conger. Observed agreement rests on statements with two judgements or
        more, expected agreement on all. ``n_statements`` counts the former, ``n_judgements`` all.
        Where everybody agrees, all values are 1. ``se`` and the 95 percent t interval take the SMEs
        as given and the statements as drawn from many; NaN with one statement, and where chance
        alone agrees perfectly.

    Raises
    ------
    ValueError
        If a judgement is no category, or categories or weights cannot be used.
    WithheldError
        If no statement has two judgements.

    Notes
    -----
    Gwet (2008, 2014); Fleiss (1971); Brennan and Prediger (1981); Conger (1980).

    Examples
    --------
    Ten statements, and two SMEs who would both keep nearly all of them:

    >>> table = pd.DataFrame([["keep"] * 9 + ["drop"], ["keep"] * 10])
    >>> agreement = chance_corrected_agreement(table, categories=["drop", "keep"])
    >>> agreement.set_index("coefficient")["value"].round(3).to_dict()  # doctest: +ELLIPSIS
    {'percent agreement': 0.9, 'AC1': 0.89, 'Fleiss': -0.053, ...}
    """
    counts = judgement_counts(judgements, categories)
    credit = _credit(weights, len(categories))
    _check_pairs(counts)
    observed = _observed(counts, credit)
    expected = {"percent agreement": 0.0} | _expected(counts, credit, weights)
    errors = _errors(counts, credit, expected)
    by_unit = _conger(_codes(judgements, categories), credit)
    expected["Conger"] = float(by_unit.mean())
    asked = counts[counts.sum(axis=1) > 0].astype(float)
    errors["Conger"] = linearised_error(asked, credit, expected["Conger"], by_unit)
    values = {name: _corrected(observed, chance) for name, chance in expected.items()}
    n = int((counts.sum(axis=1) > 0).sum())
    ends = [interval(values[name], errors[name], n) for name in values]
    return pd.DataFrame(
        {
            "coefficient": list(expected),
            "value": list(values.values()),
            "observed": observed,
            "expected": list(expected.values()),
            "se": [errors[name] for name in values],
            "ci_low": [low for low, _ in ends],
            "ci_high": [high for _, high in ends],
            "n_judges": int(judgements.notna().any(axis=1).sum()),
            "n_statements": int((counts.sum(axis=1) >= 2).sum()),
            "n_judgements": int(counts.sum()),
        },
        columns=list(CHANCE_CORRECTED),
    )


def krippendorff_alpha(
    judgements: pd.DataFrame,
    *,
    categories: Sequence[Hashable],
    level: Level = "nominal",
) -> KrippendorffAlpha:
    """Krippendorff's alpha of SMEs' judgements, with gaps as they are.

    Parameters
    ----------
    judgements
        SMEs in rows, statements in columns; NaN where there is no judgement.
    categories
        All categories that could be chosen, in order; numbers for interval and ratio, and none
        below zero for ratio.
    level
        Level of measurement.

    Returns
    -------
    KrippendorffAlpha
        Alpha is 1 where everybody agrees, also when all statements fall in one category.

    Raises
    ------
    ValueError
        If a judgement is no category, or categories do not suit the level.
    WithheldError
        If no statement has two judgements.

    Notes
    -----
    Krippendorff (2011), *Computing Krippendorff's Alpha-Reliability*.

    Examples
    --------
    >>> table = pd.DataFrame([[1, 2, 3, 3, 2], [1, 2, 3, 3, 1], [np.nan, 3, 3, 3, 2]])
    >>> round(krippendorff_alpha(table, categories=[1, 2, 3], level="interval").value, 3)
    0.79
    """
    counts = judgement_counts(judgements, categories)
    if level not in ("nominal", "ordinal", "interval", "ratio"):
        raise ValueError(f"found level “{level}”; wanted nominal, ordinal, interval or ratio")
    _check_pairs(counts)
    pairable = counts[counts.sum(axis=1) >= 2].astype(float)
    totals = pairable.sum(axis=0)
    distance = _distance(level, categories, totals)
    coincidences = _coincidences(pairable)
    observed = float((coincidences * distance).sum() / totals.sum())
    chance = totals @ distance @ totals
    expected = float(chance / (totals.sum() * (totals.sum() - 1)))
    value = 1.0 if observed == 0 else 1 - observed / expected
    largest = float(distance.max())
    se = alpha_error(pairable, 1 - distance / largest) if largest > 0 else float("nan")
    low, high = interval(value, se, len(pairable))
    return KrippendorffAlpha(
        value=value,
        level=level,
        observed=observed,
        expected=expected,
        n_statements=len(pairable),
        n_judgements=int(totals.sum()),
        se=se,
        ci_low=low,
        ci_high=high,
    )


def judgement_counts(judgements: pd.DataFrame, categories: Sequence[Hashable]) -> Counts:
    """Count how often each statement got each category: statements × categories.

    Parameters
    ----------
    judgements
        SMEs in rows, statements in columns; NaN where there is no judgement.
    categories
        All categories that could be chosen.

    Raises
    ------
    ValueError
        If there are fewer than two categories, one stands twice, or a judgement is none of them.

    Examples
    --------
    >>> judgement_counts(pd.DataFrame([["yes", "no"], ["yes", None]]), ["no", "yes"])
    array([[0, 2],
           [1, 0]])
    """
    position = {category: place for place, category in enumerate(categories)}
    if len(position) < max(2, len(categories)):
        raise ValueError(f"found the categories {list(categories)}; wanted two or more, each once")
    codes, found = pd.factorize(judgements.to_numpy(dtype=object).ravel())
    unknown = [value for value in found if value not in position]
    if unknown:
        raise ValueError(f"found the judgement “{unknown[0]}”; wanted one of {list(categories)}")
    places = np.array([position[value] for value in found], dtype=int)
    judged = codes >= 0
    statements = np.tile(np.arange(judgements.shape[1]), judgements.shape[0])[judged]
    counts = np.zeros((judgements.shape[1], len(position)), dtype=np.int64)
    np.add.at(counts, (statements, places[codes[judged]]), 1)
    return counts


def _check_pairs(counts: Counts) -> None:
    """Withhold where nobody's judgement can be compared with another's."""
    if not (counts.sum(axis=1) >= 2).any():
        raise WithheldError("No statement was judged by two SMEs; their agreement is not defined.")


def _credit(weights: Weights, q: int) -> Floats:
    """Return the credit for each pair of categories."""
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q))).astype(float)
    losses = {
        "identity": np.where(apart > 0, 1.0, 0.0),
        "linear": apart / (q - 1),
        "quadratic": apart**2 / (q - 1) ** 2,
        "ordinal": apart * (apart + 1) / (q * (q - 1)),
    }
    if weights not in losses:
        raise ValueError(f"found weights “{weights}”; wanted one of {', '.join(losses)}")
    credit: Floats = 1 - losses[weights]
    return credit


def _observed(counts: Counts, credit: Floats) -> float:
    """Mean credit of the pairs of judgements of a statement, over statements with a pair."""
    pairable = counts[counts.sum(axis=1) >= 2].astype(float)
    n = pairable.sum(axis=1)
    pairs = (pairable * (pairable @ credit - 1)).sum(axis=1)
    return float((pairs / (n * (n - 1))).mean())


def _expected(counts: Counts, credit: Floats, weights: Weights) -> dict[str, float]:
    """Credit expected by chance, by coefficient."""
    q = len(credit)
    n = counts.sum(axis=1)
    pi = (counts[n > 0] / n[n > 0, None]).mean(axis=0)
    return {
        "AC1" if weights == "identity" else "AC2": float(
            credit.sum() * (pi * (1 - pi)).sum() / (q * (q - 1))
        ),
        "Fleiss": float(pi @ credit @ pi),
        "Brennan-Prediger": float(credit.sum() / q**2),
    }


def _errors(counts: Counts, credit: Floats, expected: dict[str, float]) -> dict[str, float]:
    """Return the standard error of each coefficient whose chance follows from the counts."""
    own = counts[counts.sum(axis=1) > 0].astype(float)
    shares = own / own.sum(axis=1, keepdims=True)
    pi, q = shares.mean(axis=0), len(credit)
    by_unit = {
        "AC1": shares @ (1 - pi) * credit.sum() / (q * (q - 1)),
        "Fleiss": shares @ ((credit + credit.T) / 2 @ pi),
    }
    by_unit["AC2"] = by_unit["AC1"]
    return {
        name: linearised_error(own, credit, chance, by_unit.get(name, np.full(len(own), chance)))
        for name, chance in expected.items()
    }


def _codes(judgements: pd.DataFrame, categories: Sequence[Hashable]) -> Counts:
    """Return judgements as places of their categories, SMEs × statements; −1 for none."""
    table = judgements.to_numpy(dtype=object)
    codes = np.full(table.shape, -1, dtype=np.int64)
    for place, category in enumerate(categories):
        codes[table == category] = place
    return codes


def _conger(codes: Counts, credit: Floats) -> Floats:
    """Return what each statement adds to the credit of SMEs who keep to their own shares."""
    codes = codes[(codes >= 0).any(axis=1)][:, (codes >= 0).any(axis=0)]
    r, n = codes.shape
    chosen = (codes[:, :, None] == np.arange(len(credit))).astype(float)
    given = chosen.sum(axis=(1, 2))
    shares = chosen.sum(axis=1) / given[:, None]
    answered = (codes >= 0) - given[:, None] / n
    own = (n / given)[:, None, None] * (chosen - answered[:, :, None] * shares[:, None, :])
    others = shares.sum(axis=0) - shares
    by_unit: Floats = np.einsum("gil,kl,gk->i", own, credit, others) / (r * (r - 1))
    return by_unit


def _corrected(observed: float, expected: float) -> float:
    """Agreement beyond chance as a share of what was possible; 1 where everybody agrees."""
    return 1.0 if observed > 1 - _EXACT else (observed - expected) / (1 - expected)


def _coincidences(pairable: Floats) -> Floats:
    """Return how often two categories meet within a statement, each judgement counted once."""
    shares = pairable / (pairable.sum(axis=1, keepdims=True) - 1)
    together: Floats = shares.T @ pairable
    return together - np.diag(shares.sum(axis=0))


def _distance(level: Level, categories: Sequence[Hashable], totals: Floats) -> Floats:
    """Return the squared distance between each two categories."""
    if level == "nominal":
        return 1 - np.eye(len(totals))
    if level == "ordinal":
        # The ordinal distance counts the judgements from one category to the other, ends by half.
        middle = totals.cumsum() - totals / 2
        return np.subtract.outer(middle, middle) ** 2
    values = _numbers(categories, level)
    difference = np.subtract.outer(values, values)
    if level == "interval":
        return difference**2
    total = np.add.outer(values, values)
    ratio: Floats = difference / np.where(total > 0, total, 1.0)
    return ratio**2


def _numbers(categories: Sequence[Hashable], level: Level) -> Floats:
    """Return categories as the numbers that the level of measurement needs."""
    try:
        values = np.array(categories, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"found the categories {list(categories)}; wanted numbers for level “{level}”"
        ) from error
    if not np.isfinite(values).all() or (level == "ratio" and (values < 0).any()):
        raise ValueError(
            f"found the categories {list(categories)}; wanted finite numbers, none below zero "
            "for level “ratio”"
        )
    return values
