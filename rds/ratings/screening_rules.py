"""Screening rules: what each looks at, where it comes from, and how to add one.

A rule gives every respondent a value and says whether that value raises a flag. Rules do not
exclude; the settings name those whose flag does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.metadata import entry_points

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.ratings.frames import NOT_APPLICABLE, NOT_SHOWN
from rds.ratings.ratings import Ratings
from rds.settings import ScreeningSection

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Answers = Mapping[str, Sequence[str]]
"""By question, the answers that are wanted."""

ENTRY_POINTS = "rds.screening_rules"

_MODULES = ("screening_access", "screening_answers", "screening_patterns")


@dataclass(frozen=True, eq=False)
class Finding:
    """What a rule found.

    Parameters
    ----------
    values
        A number per respondent; NaN where nothing can be said.
    flagged
        Whether the rule raises a flag, per respondent.
    reason
        Why nothing, or nothing about some, can be said; empty when all was assessed.
    """

    values: Floats
    flagged: Flags
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Material:
    """What rules look at.

    Parameters
    ----------
    ratings
        The answers, with all that is known of the respondents.
    scales
        Scales on which statements have to be answered.
    pages
        The page (domain) of each statement; statements without one stand together.
    limits
        The thresholds.
    eligible_if, counts_if
        By question, the answers that make eligible, and that let ratings count in the weights.
    panel
        Pseudonyms of the panel's contacts; None when they are not known.
    """

    ratings: Ratings
    scales: tuple[str, ...]
    pages: Mapping[str, str]
    limits: ScreeningSection
    eligible_if: Answers = field(default_factory=dict)
    counts_if: Answers = field(default_factory=dict)
    panel: frozenset[str] | None = None

    def __len__(self) -> int:
        return len(self.ratings)

    def texts(self, column: str) -> pd.Series[str] | None:
        """Return what is known of each respondent; None where the column is missing or empty."""
        table = self.ratings.respondents
        if column not in table:
            return None
        texts = table[column].fillna("").astype(str)
        return texts if (texts != "").any() else None

    def names(self, scale: str) -> list[str]:
        """Return the page of each statement on a scale."""
        return [self.pages.get(name, "") for name in self.ratings.statements[scale]]

    @cached_property
    def patterns(self) -> dict[str, Floats]:
        """By scale, the ratings that can show carelessness: statements × respondents.

        Left out is what looks alike for good reasons: statements that a respondent does not
        perform, and domains that nobody performs.
        """
        rated = {}
        for scale in self.ratings.scales:
            values = self.ratings.values(scale.name, base="performers")
            values[self._unperformed(scale.name)] = np.nan
            rated[scale.name] = values
        return rated

    def _unperformed(self, scale: str) -> Flags:
        """Tell which statements on a scale stand in a domain that nobody performs."""
        statements, pages = self.ratings.statements[scale], self.names(scale)
        performs, answered = self.ratings.performance(statements)
        counts = pd.DataFrame(
            {"page": pages, "performs": performs.sum(axis=1), "answered": answered.sum(axis=1)}
        )
        sums = counts.groupby("page")[["performs", "answered"]].transform("sum")
        nobody = (sums["performs"] == 0) & (sums["answered"] > 0) & (counts["page"] != "")
        return nobody.to_numpy(dtype=bool)

    @cached_property
    def shown(self) -> NDArray[np.int64]:
        """How many statements each respondent was shown on the scales that count."""
        return np.asarray(self._statements[0].sum(axis=0), dtype=np.int64)

    @cached_property
    def answered(self) -> NDArray[np.int64]:
        """How many of these were answered on every such scale, or said not to apply."""
        shown, complete = self._statements
        return np.asarray((shown & complete).sum(axis=0), dtype=np.int64)

    @cached_property
    def _statements(self) -> tuple[Flags, Flags]:
        """Tell which statements were shown, and which were answered wherever they were shown."""
        names = list(dict.fromkeys(s for n in self.scales for s in self.ratings.statements[n]))
        position = {name: row for row, name in enumerate(names)}
        shown = np.zeros((len(names), len(self)), dtype=bool)
        complete = np.ones_like(shown)
        excused = self.ratings.not_performed(names)
        for scale in self.scales:
            rows = [position[name] for name in self.ratings.statements[scale]]
            codes = self.ratings.codes[scale]
            shown[rows] |= codes != NOT_SHOWN
            complete[rows] &= (codes >= 0) | (codes == NOT_APPLICABLE) | (codes == NOT_SHOWN)
            excused[rows] |= codes == NOT_APPLICABLE
        return shown, complete | excused


Assess = Callable[[Material], Finding]


@dataclass(frozen=True)
class Rule:
    """A screening rule.

    Parameters
    ----------
    name
        What the setting ``screening.exclude`` calls it.
    assess
        Gives values and flags.
    description
        What it looks at, in a sentence.
    source
        Author and year.
    value
        What the value is, with its unit.
    threshold
        The flagged values, given the settings.
    version
        Who made it and which version, for rules that are not our own.
    """

    name: str
    assess: Assess
    description: str
    source: str
    value: str
    threshold: Callable[[ScreeningSection], str]
    version: str = ""


_OWN: dict[str, Rule] = {}
_ADDED: dict[str, Rule] = {}


def own_rule(
    name: str,
    *,
    description: str,
    source: str,
    value: str,
    threshold: Callable[[ScreeningSection], str],
) -> Callable[[Assess], Assess]:
    """Register one of our own rules."""

    def register(assess: Assess) -> Assess:
        _OWN[name] = Rule(name, assess, description, source, value, threshold)
        return assess

    return register


def register_rule(
    name: str, *, description: str, source: str, version: str, threshold: str = ""
) -> Callable[[Callable[[Ratings], pd.DataFrame]], Callable[[Ratings], pd.DataFrame]]:
    """Register a function as the screening rule `name`.

    The function takes the ratings and returns a DataFrame with a row for each respondent, in the
    order of ``ratings.respondents``, and the columns ``value`` (NaN where nothing can be said) and
    ``flagged``. Installed packages name modules that register rules under the entry point group
    ``rds.screening_rules``.

    Parameters
    ----------
    name
        Its name in settings and tables.
    description
        What it looks at, in one sentence.
    source
        Author and year.
    version
        Package and version; it stands in the table of rules.
    threshold
        In words, which values raise a flag.
    """

    def register(assess: Callable[[Ratings], pd.DataFrame]) -> Callable[[Ratings], pd.DataFrame]:
        def find(material: Material) -> Finding:
            return _found(name, assess(material.ratings), len(material))

        _ADDED[name] = Rule(name, find, description, source, "", lambda _: threshold, version)
        return assess

    return register


def _found(name: str, table: pd.DataFrame, n: int) -> Finding:
    """Return what a rule of somebody else's found."""
    if len(table) != n or not {"value", "flagged"} <= set(table):
        columns = ", ".join(map(str, table))
        raise ValueError(
            f"the screening rule “{name}” returned {len(table)} rows of {columns}; wanted {n} rows "
            "of value, flagged"
        )
    return Finding(table["value"].to_numpy(dtype=float), table["flagged"].to_numpy(dtype=bool))


def screening_rules() -> Mapping[str, Rule]:
    """Return every rule by name, those of installed packages last.

    Examples
    --------
    >>> "too fast" in screening_rules()
    True
    """
    for module in _MODULES:
        import_module(f"rds.ratings.{module}")
    for entry in entry_points(group=ENTRY_POINTS):
        if entry.name not in _ADDED:
            entry.load()
    return {**_OWN, **_ADDED}


def not_assessed(material: Material, reason: str) -> Finding:
    """Return a finding that says nothing, and why."""
    n = len(material)
    return Finding(np.full(n, np.nan), np.zeros(n, dtype=bool), reason)


def numbers_from(texts: Iterable[str]) -> Floats:
    """Return texts as numbers, NaN for what is none."""
    return pd.to_numeric(pd.Series(list(texts), dtype=object), errors="coerce").to_numpy(float)
