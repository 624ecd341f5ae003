"""What every comparison of ratings shares: its result, what is too thin, and how it is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.analysis.agreement_table import base_of
from rds.analysis.descriptives import MINIMUM_N_INTERVAL, point_counts
from rds.analysis.hypotheses import Hypothesis
from rds.analysis.paired import PairedTest
from rds.analysis.ranks import ranked
from rds.analysis.two_samples import Test
from rds.notes import Note
from rds.ratings.ratings import Ratings
from rds.scales import Scale
from rds.settings import RetentionSection
from rds.show import Shown, View

Family = Literal["all", "variable", "scale"]
Unit = Literal["points", "sd"]

MINIMUM_N_TEST = 20
"""Answers of each side below which nothing is tested."""

MINIMUM_GROUP = 5
"""Respondents, or answers to a statement, below which a group is not shown."""

RECONSTRUCTED = (
    "answers reconstructed from published figures: only n and the rounded means are real"
)

_LISTED = 8


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """A comparison of ratings, and why some of its numbers are withheld.

    Parameters
    ----------
    title
        What is compared.
    table
        One row a comparison; the function that made it documents the columns.
    notes
        What was withheld, dropped or assumed.
    """

    title: str
    table: pd.DataFrame
    notes: tuple[Note, ...]

    def view(self) -> View:
        """Return the table without columns that are empty throughout, and the reasons."""
        filled = [
            name for name in self.table if not self.table[name].isin(["", None, np.nan]).all()
        ]
        reasons = [f"{note.row}: {note.reason}".removeprefix(": ") for note in self.notes]
        return View(self.title, self.table[filled], tuple(dict.fromkeys(reasons)))


@dataclass(frozen=True)
class ComparisonPlan:
    """How ratings are compared, as it was decided before the answers were seen.

    Parameters
    ----------
    test
        The test of two groups; its paired form where the same respondents gave both ratings:
        ``"wilcoxon"`` for ``"mann_whitney"``, else ``"paired_t"``.
    family
        Which tests of groups are adjusted together: all, those of a variable, or those of a
        variable on a scale.
    minimum
        Respondents, and answers to a statement, below which a group is not shown.
    confidence
        Confidence of the intervals, a share; tests are at the level 1 − confidence.
    retention
        The rules that give each group's verdict on a task.
    hypotheses
        What was stated in advance.
    threshold, unit
        The difference between panel and field that is flagged, in points of the scale or in SDs of
        the field's ratings.
    """

    test: Test = "welch"
    family: Family = "all"
    minimum: int = MINIMUM_GROUP
    confidence: float = 0.95
    retention: RetentionSection = field(default_factory=RetentionSection)
    hypotheses: tuple[Hypothesis, ...] = ()
    threshold: float = 0.5
    unit: Unit = "sd"

    @property
    def paired_test(self) -> PairedTest:
        """The paired form of the test."""
        return "wilcoxon" if self.test == "mann_whitney" else "paired_t"


DECLARED = ComparisonPlan()
"""How ratings are compared where a study says nothing else."""


@dataclass(frozen=True)
class Thin:
    """Columns to empty in some rows, and why.

    Parameters
    ----------
    rows
        Which rows.
    columns
        What is withheld there.
    reason
        Why.
    """

    rows: NDArray[np.bool_]
    columns: tuple[str, ...]
    reason: str


def counts_of(ratings: Ratings, scale: Scale) -> NDArray[np.int64]:
    """Return how often each point was chosen by those who count: statements × points."""
    return point_counts(ratings, scale, base=base_of(scale))


def frame_of(ratings: Ratings, scale: Scale) -> pd.DataFrame:
    """Return the ratings of those who count on a scale: respondents × statements."""
    return ratings.frame(scale.name, base=base_of(scale))


def spread_is_known(*parts: Ratings) -> bool:
    """Tell whether all answers were given by people, or drawn one by one."""
    return not any(bool((part.respondents["nature"] == "reconstructed").any()) for part in parts)


@dataclass(frozen=True)
class Columns:
    """The columns of a comparison by how many answers they need.

    Parameters
    ----------
    means
        The means of both sides.
    differences
        What needs both means.
    effects, tests
        Columns of spreads, intervals and effect sizes; of tests.
    sizes
        The numbers of answers on both sides.
    """

    means: tuple[str, str]
    differences: tuple[str, ...]
    effects: tuple[str, ...]
    tests: tuple[str, ...] = ("test", "statistic", "df", "p")
    sizes: tuple[str, str] = ("n_a", "n_b")


def too_thin(
    table: pd.DataFrame, columns: Columns, *, minimum: int, spread_known: bool
) -> list[Thin]:
    """Return what the answers cannot give: means, then effects, then tests.

    Parameters
    ----------
    table
        One row per statement, with the numbers of answers and the ``remark`` of its test.
    columns
        What needs how many answers.
    minimum
        Answers needed to show a mean.
    spread_known
        Whether answers are real; otherwise only means are.
    """
    spread = columns.effects + columns.tests
    smaller = table[list(columns.sizes)].min(axis=1).to_numpy()
    needed = [
        (minimum, columns.differences + spread),
        (max(minimum, MINIMUM_N_INTERVAL), spread),
        (max(minimum, MINIMUM_N_TEST), columns.tests),
    ]
    unknown = np.full(len(table), not spread_known)
    return [
        Thin(unknown, spread, RECONSTRUCTED),
        *(
            Thin((table[size] < minimum).to_numpy(), (mean,), _few(minimum))
            for size, mean in zip(columns.sizes, columns.means, strict=True)
        ),
        *(Thin(smaller < n, names, _few(n)) for n, names in needed),
        *_undefined(table, spread),
    ]


def _few(n: int) -> str:
    """Say that answers are too few."""
    return f"fewer than {n} answers on one side"


def _undefined(table: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[Thin]:
    """Yield what a test could not give, reason by reason."""
    empty = table[list(columns)].isna() | (table[list(columns)] == "")
    for reason in dict.fromkeys(table.loc[table["remark"] != "", "remark"]):
        rows = (table["remark"] == reason).to_numpy()
        names = tuple(name for name in columns if name != "df" and empty.loc[rows, name].all())
        yield Thin(rows, names, str(reason))


def withhold(
    table: pd.DataFrame, thin: Sequence[Thin], *, name: str, place: str
) -> tuple[pd.DataFrame, list[Note]]:
    """Empty cells and say why, once for all rows with the same reason.

    Parameters
    ----------
    table
        One row per statement, with ``statement_id``.
    thin
        What to empty; the first reason that empties a column of a row is the one that is given.
    name, place
        The table and the comparison that notes name.

    Returns
    -------
    table, notes
    """
    emptied, notes = table.copy(), []
    done = {column: np.zeros(len(table), dtype=bool) for one in thin for column in one.columns}
    for one in thin:
        fresh = [column for column in one.columns if (one.rows & ~done[column]).any()]
        affected = [one.rows & ~done[column] for column in fresh]
        for column in fresh:
            emptied.loc[one.rows, column] = "" if column == "test" else np.nan
            done[column] |= one.rows
        if fresh:
            names = table.loc[np.logical_or.reduce(affected), "statement_id"]
            reason = f"{one.reason}{_which(list(names), len(table))}"
            notes.append(Note(name, place, ", ".join(fresh), "withheld", reason))
    return emptied, notes


def cut_of(scale: Scale, retention: RetentionSection) -> float:
    """Return the point from which a mean is high: the cut of retention on its scale, or the middle.

    Examples
    --------
    >>> from rds.scales import PROPOSED_SCALES
    >>> importance, frequency = PROPOSED_SCALES
    >>> cut_of(importance, RetentionSection(cut="2")), cut_of(frequency, RetentionSection(cut="2"))
    (2.0, 3.0)
    """
    is_main = scale.name.casefold() == retention.scale.casefold()
    return float(retention.cut) if is_main and retention.cut != "midpoint" else scale.midpoint


def rank_texts(table: pd.DataFrame, column: str) -> pd.Series[str]:
    """Return the ranks of means as text, with ties (``"2–3"``); empty where a mean is withheld."""
    means = table.set_index("statement_id")[column].dropna()
    order = ranked(means).set_index("statement_id")["rank"].to_dict() if len(means) else {}
    return pd.Series([order.get(name, "") for name in table["statement_id"]], dtype=object)


def stacked(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Put the rows of comparisons below each other, with the columns of their table."""
    filled = [part.reindex(columns=list(columns)) for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(columns))


def _which(affected: Sequence[str], total: int) -> str:
    """Name the statements a reason holds for; nothing where it holds for all."""
    if len(affected) == total:
        return ""
    if len(affected) <= _LISTED:
        return f": {', '.join(affected)}"
    return f": {len(affected)} of {total} statements"
