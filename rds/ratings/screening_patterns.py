"""Screening rules about patterns of ratings.

What a respondent does not perform is left out before a pattern is looked for. Where ratings were
given on several scales, the value is that of the scale which speaks most for the respondent: who
does everything daily and says so is no straight-liner as long as importance is told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from rds.errors import WithheldError
from rds.ratings.careless import (
    even_odd,
    longest_runs,
    person_total,
    synonym_consistency,
    synonym_pairs,
    variability,
)
from rds.ratings.distance import mahalanobis
from rds.ratings.screening_answers import FEWEST_RATED
from rds.ratings.screening_rules import (
    Finding,
    Flags,
    Floats,
    Material,
    not_assessed,
    own_rule,
)
from rds.scales import Point

FEWEST_PAGES = FEWEST_RATED_A_PAGE = 4
FEWEST_PAIRS = 5
FEWEST_RESPONDENTS = 30
"""Respondents below which others' ratings say little about anybody's."""


@own_rule(
    "long string",
    description="Gave the same rating many times in a row: the longest run of each domain, added "
    "up. Domains with fewer than 10 ratings are read on as one.",
    source="Johnson (2005); Curran (2016)",
    value="percent of the ratings",
    threshold=lambda limits: f"{limits.maximum_run_percent:g} or more, on every scale",
)
def _long_string(material: Material) -> Finding:
    """Compare the longest runs with the number of ratings."""
    percents = [
        _run_percent(values, material.names(scale)) for scale, values in material.patterns.items()
    ]
    least = _smallest(percents)
    if np.isnan(least).all():
        return not_assessed(material, f"nobody gave {FEWEST_RATED} ratings on a scale")
    return Finding(least, least >= material.limits.maximum_run_percent)


def _run_percent(values: Floats, pages: list[str]) -> Floats:
    """Return the ratings in the longest run of each page, as percent of all ratings."""
    names = list(dict.fromkeys(pages))
    rated = ~np.isnan(values)
    rows = np.array([names.index(page) for page in pages], dtype=int)
    n = np.array([rated[rows == page].sum(axis=0) for page in range(len(names))])
    n = n.reshape(len(names), values.shape[1])
    long_page = n >= FEWEST_RATED
    on_long = long_page[rows]
    runs = longest_runs(np.where(on_long, values, np.nan), pages).sum(axis=0)
    rest = (n * ~long_page).sum(axis=0)
    with_rest = rest >= FEWEST_RATED
    runs = runs + with_rest * longest_runs(np.where(on_long, np.nan, values))[0]
    total = (n * long_page).sum(axis=0) + with_rest * rest
    return np.asarray(np.where(total > 0, 100 * runs / np.maximum(total, 1), np.nan))


@own_rule(
    "no variability",
    description="Gave ratings that hardly differ.",
    source="Dunn et al. (2018)",
    value="standard deviation, in points",
    threshold=lambda limits: f"{limits.minimum_spread:g} or less, on every scale",
)
def _no_variability(material: Material) -> Finding:
    """Compare the standard deviation of ratings with the least."""
    spreads = [
        np.where((~np.isnan(values)).sum(axis=0) >= FEWEST_RATED, variability(values), np.nan)
        for values in material.patterns.values()
    ]
    largest = _largest(spreads)
    if np.isnan(largest).all():
        return not_assessed(material, f"nobody gave {FEWEST_RATED} ratings on a scale")
    return Finding(largest, largest <= material.limits.minimum_spread + 1e-12)


@own_rule(
    "outlying ratings",
    description="Gave a combination of ratings far from everybody's (Mahalanobis distance over "
    "what was rated).",
    source="Mahalanobis (1936); Meade and Craig (2012)",
    value="probability of so large a distance",
    threshold=lambda limits: f"below {limits.outlier_probability:g}",
)
def _outlying(material: Material) -> Finding:
    """Compare the distance with what chance would give."""
    try:
        found = mahalanobis(np.vstack(list(material.patterns.values())))
    except WithheldError as error:
        return not_assessed(material, str(error))
    return Finding(found.p, found.p < material.limits.outlier_probability)


@own_rule(
    "even-odd inconsistency",
    description="Rated the even and the odd statements of domains unlike each other. Assumes that "
    "a domain's statements belong together: weak for lists of tasks.",
    source="Johnson (2005)",
    value="correlation, stepped up (Spearman–Brown)",
    threshold=lambda limits: f"below {limits.minimum_even_odd:g}, on every scale",
)
def _even_odd(material: Material) -> Finding:
    """Compare even–odd consistency with the least."""
    found = [
        even_odd(
            values,
            material.names(scale),
            minimum_rated=FEWEST_RATED_A_PAGE,
            minimum_pages=FEWEST_PAGES,
        )
        for scale, values in material.patterns.items()
    ]
    needs = f"nobody rated {FEWEST_RATED_A_PAGE} statements in each of {FEWEST_PAGES} domains"
    return _below(material, found, material.limits.minimum_even_odd, needs)


@own_rule(
    "unlike the others",
    description="Gave a profile of ratings that runs against the mean profile of the others.",
    source="Curran (2016)",
    value="correlation with the others' mean ratings",
    threshold=lambda limits: f"below {limits.minimum_person_total:g}, on every scale",
)
def _unlike_others(material: Material) -> Finding:
    """Compare the person–total correlation with the least."""
    if len(material) < FEWEST_RESPONDENTS:
        return not_assessed(material, f"fewer than {FEWEST_RESPONDENTS} respondents")
    found = [
        person_total(values, minimum_rated=FEWEST_RATED) for values in material.patterns.values()
    ]
    needs = f"nobody gave {FEWEST_RATED} different ratings on a scale"
    return _below(material, found, material.limits.minimum_person_total, needs)


@own_rule(
    "synonyms rated unlike",
    description="Rated statements unlike each other that others rate alike. Assumes such "
    "statements: weak for lists of tasks.",
    source="Meade and Craig (2012)",
    value="correlation over pairs of synonyms",
    threshold=lambda limits: f"below {limits.minimum_synonyms:g}, on every scale",
)
def _synonyms(material: Material) -> Finding:
    """Compare consistency over psychometric synonyms with the least."""
    needs = f"fewer than {FEWEST_PAIRS} pairs of synonyms on any scale, or nobody rated them"
    found = list(_over_synonyms(material))
    return _below(material, found, material.limits.minimum_synonyms, needs)


def _over_synonyms(material: Material) -> Iterator[Floats]:
    """Yield consistency over the synonyms of each scale that has enough of them."""
    for values in material.patterns.values():
        above = material.limits.synonym_correlation
        pairs: Flags = synonym_pairs(values, above=above, minimum=FEWEST_RESPONDENTS)
        if pairs.sum() >= FEWEST_PAIRS:
            yield synonym_consistency(values, pairs, minimum_pairs=FEWEST_PAIRS)


@own_rule(
    "same on both scales",
    description="Gave the same number, or the answer in the same place, on two scales.",
    source="rds",
    value="percent of the statements rated on both",
    threshold=lambda limits: f"{limits.same_on_scales_percent:g} or more",
)
def _same_on_scales(material: Material) -> Finding:
    """Compare the answers on each pair of scales."""
    percents = list(_same_percents(material))
    if not percents:
        return not_assessed(material, "no statements were rated on two scales")
    largest = _largest(percents)
    return Finding(largest, largest >= material.limits.same_on_scales_percent)


def _same_percents(material: Material) -> Iterator[Floats]:
    """Yield in how many percent of the statements the answers on two scales are the same."""
    ratings = material.ratings
    for one, other in combinations(ratings.scales, 2):
        first, second = ratings.statements[one.name], ratings.statements[other.name]
        shared = [name for name in first if name in set(second)]
        if one.is_allocation or other.is_allocation or len(shared) < FEWEST_RATED:
            continue
        a = material.patterns[one.name][[first.index(name) for name in shared]]
        b = material.patterns[other.name][[second.index(name) for name in shared]]
        places = (_places(a, one.points), _places(b, other.points))
        n = (~np.isnan(a) & ~np.isnan(b)).sum(axis=0)
        same = np.maximum((a == b).sum(axis=0), (places[0] == places[1]).sum(axis=0))
        yield np.where(n >= FEWEST_RATED, 100 * same / np.maximum(n, 1), np.nan)


def _places(values: Floats, points: Sequence[Point]) -> Floats:
    """Return the place of each rating among the points of its scale, as people see them."""
    shown = sorted(point.value for point in points if point.meaning in ("rated", "not performed"))
    places = np.searchsorted(shown, np.nan_to_num(values)).astype(float)
    return np.where(np.isnan(values), np.nan, places)


def _below(material: Material, found: list[Floats], least: float, needs: str) -> Finding:
    """Flag who is below a threshold on every scale; say what was lacking if nobody was assessed."""
    largest = _largest(found) if found else np.full(len(material), np.nan)
    if np.isnan(largest).all():
        return not_assessed(material, needs)
    return Finding(largest, largest < least)


def _largest(found: list[Floats]) -> Floats:
    """Return each respondent's largest value."""
    return np.asarray(np.fmax.reduce(found))


def _smallest(found: list[Floats]) -> Floats:
    """Return each respondent's smallest value."""
    return np.asarray(np.fmin.reduce(found))
