"""Ratings of several sources put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rds.ratings.frames import NOT_SHOWN, Codes
from rds.ratings.ratings import Ratings


def combine(parts: Sequence[Ratings]) -> Ratings:
    """Put together the ratings of several sources; what a source did not ask is “not shown”.

    Parameters
    ----------
    parts
        Ratings over the same scales; statements may differ.

    Raises
    ------
    ValueError
        When a respondent stands in two parts with the same wave.
    """
    people = pd.concat([part.respondents for part in parts])
    answered = pd.MultiIndex.from_arrays([people.index, people["wave"]])
    if answered.has_duplicates:
        doubled = people.index[answered.duplicated()][0]
        raise ValueError(f"respondent {doubled} stands in two sources")
    scales = {scale.name: scale for part in parts for scale in part.scales}
    statements = {
        name: tuple(dict.fromkeys(s for p in parts for s in p.statements.get(name, ())))
        for name in scales
    }
    codes = {
        name: np.hstack([_aligned(part, name, statements[name]) for part in parts])
        for name in scales
    }
    return Ratings(tuple(scales.values()), statements, codes, people)


def newest(parts: Sequence[Ratings]) -> list[Ratings]:
    """Return the ratings of several sources without answers that a later source has again.

    A later export of a survey repeats respondents of an earlier one; the later answers count.

    Parameters
    ----------
    parts
        Ratings, oldest source first.
    """
    kept: list[Ratings] = []
    later: set[tuple[str, str]] = set()
    for part in reversed(parts):
        people = list(zip(part.respondents.index, part.respondents["wave"], strict=True))
        again = np.array([person in later for person in people], dtype=bool)
        kept.append(part.select(~again) if again.any() else part)
        later.update(people)
    return kept[::-1]


def _aligned(part: Ratings, scale: str, statements: Sequence[str]) -> Codes:
    """Return a part's codes on a scale for all statements, “not shown” where it did not ask."""
    aligned = np.full((len(statements), len(part)), NOT_SHOWN, dtype=np.int8)
    own = {statement: row for row, statement in enumerate(part.statements.get(scale, ()))}
    for row, statement in enumerate(statements):
        if statement in own:
            aligned[row] = part.codes[scale][own[statement]]
    return aligned
