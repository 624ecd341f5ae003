"""Answers as small integers, made from DataFrames of numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.scales import HIGHEST_POINT, Role, Scale, ordinal

Codes = NDArray[np.int8]

NO_ANSWER = -1
NOT_APPLICABLE = -2
NOT_SHOWN = -3

_RATING = re.compile(r"([A-Za-z][A-Za-z0-9]{0,9})_(\w+)")


def split_wide(wide: pd.DataFrame, scales: Sequence[str] | None = None) -> dict[str, pd.DataFrame]:
    """Split columns such as ``T01_importance`` into one frame per scale.

    Raises
    ------
    ValueError
        When no column is a rating.

    Examples
    --------
    >>> frames = split_wide(pd.DataFrame({"T01_importance": [4], "region_name": ["North"]}))
    >>> {scale: list(frame) for scale, frame in frames.items()}
    {'importance': ['T01']}
    """
    parts: dict[str, dict[str, str]] = {}
    for column in map(str, wide.columns):
        match = _RATING.fullmatch(column)
        numeric = pd.api.types.is_numeric_dtype(wide[column])
        if match and (match[2] in scales if scales else numeric):
            parts.setdefault(match[2], {})[column] = match[1]
    if not parts:
        raise ValueError("no column is a rating; wanted columns such as “T01_importance”")
    return {scale: wide[list(columns)].rename(columns=columns) for scale, columns in parts.items()}


def codes_from_frame(name: str, frame: pd.DataFrame) -> Codes:
    """Turn a frame of numbers, respondents × statements, into codes, statements × respondents.

    Raises
    ------
    ValueError
        For ratings that are not whole numbers or beyond any scale.
    """
    numbers = frame.to_numpy(dtype=float, na_value=np.nan).T
    filled = np.where(np.isnan(numbers), NO_ANSWER, numbers)
    whole = (filled == np.round(filled)) & (filled >= NOT_SHOWN) & (filled <= HIGHEST_POINT)
    if not whole.all():
        statement, respondent = np.argwhere(~whole)[0]
        found, column = filled[statement, respondent], frame.columns[statement]
        raise ValueError(f"{name} of {column} is {found:g}; wanted whole numbers from 0 to 98")
    return np.ascontiguousarray(filled.astype(np.int8))


def scale_seen(name: str, codes: Codes, not_performed: int | None) -> Scale:
    """Return the scale that codes without a declared one suggest: from the lowest to the highest.

    Its role is its name, if that is one of the roles.
    """
    rated = codes[codes >= 0]
    low, high = (int(rated.min()), int(rated.max())) if rated.size else (1, 1)
    low = low if not_performed is None else min(low, not_performed)
    labels = {value: str(value) for value in range(low, max(high, low + 1) + 1)}
    role: Role = name if name in get_args(Role) else "other"  # type: ignore[assignment]
    return ordinal(name, labels, role=role, not_performed=not_performed)
