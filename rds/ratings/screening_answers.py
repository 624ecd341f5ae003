"""Screening rules about how the survey was answered: gaps, speed, checks, repetitions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from rds.ratings.frames import NOT_APPLICABLE
from rds.ratings.screening_rules import (
    Finding,
    Flags,
    Floats,
    Material,
    not_assessed,
    numbers_from,
    own_rule,
)

_CHECK = re.compile(r"check\d+")
_AGAIN = re.compile(r"again\d+ (?P<statement>[A-Za-z0-9]+)_(?P<scale>\w+)")


@own_rule(
    "incomplete",
    description="Answered too few of the statements that were shown, on every scale the weights "
    "use; “not performed” and “not applicable” are answers.",
    source="AAPOR Standard Definitions (2023)",
    value="percent of the statements shown",
    threshold=lambda limits: f"below {limits.minimum_answered_percent:g}",
)
def _incomplete(material: Material) -> Finding:
    """Compare the share that was answered with the least."""
    percent = 100 * material.answered / np.maximum(material.shown, 1)
    too_few = (percent < material.limits.minimum_answered_percent) | (material.answered == 0)
    return Finding(percent, too_few)


@own_rule(
    "too fast",
    description="Took fewer seconds per rating given than reading takes.",
    source="Huang et al. (2012)",
    value="seconds per rating",
    threshold=lambda limits: f"below {limits.minimum_seconds_per_rating:g}",
)
def _too_fast(material: Material) -> Finding:
    """Divide the time taken by the number of answers given."""
    texts = material.texts("seconds")
    if texts is None:
        return not_assessed(material, "the time taken is not known")
    seconds = numbers_from(texts)
    codes = material.ratings.codes.values()
    given = sum((((c >= 0) | (c == NOT_APPLICABLE)).sum(axis=0) for c in codes), start=0)
    counted = (given > 0) & (seconds > 0)
    values = np.where(counted, seconds / np.maximum(given, 1), np.nan)
    return Finding(values, values < material.limits.minimum_seconds_per_rating)


@own_rule(
    "failed attention check",
    description="Did not choose the answer that a line asked to choose.",
    source="Meade and Craig (2012)",
    value="checks failed",
    threshold=lambda limits: f"{limits.failed_checks} or more",
)
def _failed_check(material: Material) -> Finding:
    """Count failed attention checks."""
    columns = [name for name in material.ratings.respondents if _CHECK.fullmatch(str(name))]
    checks = [texts for name in columns if (texts := material.texts(str(name))) is not None]
    if not checks:
        return not_assessed(material, "the survey had no attention checks")
    answered = np.any([(texts != "").to_numpy() for texts in checks], axis=0)
    failed = np.sum([(texts == "failed").to_numpy() for texts in checks], axis=0)
    values: Floats = np.where(answered, failed, np.nan)
    return Finding(values, values >= material.limits.failed_checks)


@own_rule(
    "repeated statement",
    description="Rated a statement very differently when it was asked again.",
    source="Wilson, Harvey and Macy (1990)",
    value="largest difference, in points",
    threshold=lambda limits: f"{limits.repeated_difference} or more",
)
def _repeated_statement(material: Material) -> Finding:
    """Compare the two ratings of statements that were asked twice."""
    differences = list(_differences(material))
    if not differences:
        return not_assessed(material, "no statement was asked twice")
    largest: Floats = np.fmax.reduce(differences)
    return Finding(largest, largest >= material.limits.repeated_difference)


def _differences(material: Material) -> Iterator[Floats]:
    """Yield by how many points the second rating of a statement differs from the first."""
    ratings = material.ratings
    for column in map(str, ratings.respondents):
        asked, texts = _AGAIN.fullmatch(column), material.texts(column)
        if asked is None or texts is None or asked["scale"] not in ratings.statements:
            continue
        statements = ratings.statements[asked["scale"]]
        if asked["statement"] in statements:
            row = ratings.codes[asked["scale"]][statements.index(asked["statement"])]
            first = np.where(row >= 0, row, np.nan).astype(float)
            yield np.abs(numbers_from(texts) - first)


@own_rule(
    "same answers",
    description="Gave the same answers, gaps included, as another respondent; all-equal ratings "
    "do not count.",
    source="Kuriakose and Robbins (2016)",
    value="others with the same answers",
    threshold=lambda _: "1 or more",
)
def _same_answers(material: Material) -> Finding:
    """Find respondents whose whole vectors of answers are the same."""
    codes = np.vstack(list(material.ratings.codes.values()))
    varied, enough = _varied(material), (codes >= 0).sum(axis=0) >= FEWEST_RATED
    if not enough.any():
        return not_assessed(material, f"nobody gave {FEWEST_RATED} ratings")
    rows = np.ascontiguousarray(codes.T)
    keys = rows.view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    others: Floats = np.where(enough & varied, counts[which.ravel()] - 1.0, np.nan)
    return Finding(others, others >= 1)


FEWEST_RATED = 10
"""Ratings on a page, or in all, below which patterns mean nothing."""


def _varied(material: Material) -> Flags:
    """Tell who did not give the same rating throughout, on one scale at least."""
    varied = np.zeros(len(material), dtype=bool)
    for values in material.patterns.values():
        rated = ~np.isnan(values)
        highest = np.where(rated, values, -np.inf).max(axis=0, initial=-np.inf)
        varied |= highest > np.where(rated, values, np.inf).min(axis=0, initial=np.inf)
    return varied
