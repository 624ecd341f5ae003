"""Reads a report's means: statement, scale, n, mean, and SD, group and wave where printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from rds.errors import InputError, Problem, nearest
from rds.ratings.published import PUBLISHED_COLUMNS, Published
from rds.ratings.summaries import grim_table
from rds.scales import Scale, find_scale
from rds.survey.export import Export
from rds.values import read_number, read_text, read_whole

_NAMES = {"statement_id": "statement", "respondents": "n", "standard deviation": "sd"}
_READ = ("statement", "scale", "group", "wave", "n", "mean", "sd")


@dataclass(frozen=True)
class PublishedReport:
    """What was made of a table of means.

    Parameters
    ----------
    source, sha256
        Name and hash of the file.
    n_means
        Means read.
    impossible
        Means that no whole answers of that n can have (GRIM), one sentence each.
    dropped
        Columns that were not read.
    assumed
        What was assumed in reading.
    """

    source: str
    sha256: str
    n_means: int
    impossible: tuple[str, ...]
    dropped: tuple[str, ...]
    assumed: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the report as plain values, for ingest.toml and JSON."""
        return {
            "source": self.source,
            "sha256": self.sha256,
            "layout": "published",
            "n_means": self.n_means,
            "impossible": list(self.impossible),
            "dropped": list(self.dropped),
            "assumed": list(self.assumed),
        }

    def as_lines(self) -> list[str]:
        """Return the report as sentences for the terminal."""
        possible = self.n_means - len(self.impossible)
        return [
            f"{self.source}: {self.n_means} published means, not answers.",
            f"GRIM check: {possible} of {self.n_means} can come from whole answers of that n.",
            *(f"Impossible: {sentence}." for sentence in self.impossible),
            *([f"Columns not read: {', '.join(self.dropped)}."] if self.dropped else []),
            *(f"Assumed: {assumption}." for assumption in self.assumed),
        ]


def read_published(
    export: Export,
    *,
    scales: Sequence[Scale],
    expected: Mapping[str, tuple[str, ...]],
    group: str = "",
    wave: str = "",
) -> tuple[Published, PublishedReport]:
    """Read a table of means.

    Parameters
    ----------
    export
        A table with the columns ``statement``, ``n``, ``mean``, and where it applies ``scale``,
        ``sd``, ``group``, ``wave``.
    scales
        The rating scales; with only one, the column ``scale`` may be missing.
    expected
        Identifiers of the statements each scale is asked about, by scale name.
    group, wave
        What holds for all rows where no column says it.

    Raises
    ------
    InputError
        All problems at once: unknown statements or scales, n or mean that are no numbers or off
        the scale, an SD no answers on the scale can have, a statement twice.
    """
    text = pd.concat(export.blocks()) if export.columns else pd.DataFrame()
    named = {_name(column): column for column in export.columns if _name(column) in _READ}
    problems: list[Problem] = []
    rows = []
    for number, line in zip(text.index, text.to_dict("records"), strict=True):
        cells = {name: read_text(line[column]) for name, column in named.items()}
        if any(cells.values()):
            defaults = {"group": group, "wave": wave}
            reader = _RowReader(export.source, int(number), {**defaults, **cells}, problems)
            rows.append(reader.read(scales, expected))
    problems += _doubled(export.source, rows)
    if problems:
        raise InputError(problems)
    table = pd.DataFrame(rows, columns=list(PUBLISHED_COLUMNS))
    published = Published(tuple(scales), table)
    assumed = [*export.assumed, f"the source prints {_decimals(table['printed'])} decimals"]
    dropped = tuple(column for column in export.columns if _name(column) not in _READ)
    sentences = tuple(impossible_means(published))
    return published, PublishedReport(
        export.source, export.sha256, len(table), sentences, dropped, tuple(assumed)
    )


def impossible_means(published: Published) -> Iterator[str]:
    """Say which means no whole answers of that n can have (GRIM; Brown and Heathers 2017)."""
    for _, part in published.table.groupby(["group", "wave", "scale"], sort=False):
        printed = part.assign(mean=part["printed"])
        decimals = _decimals(part["printed"])
        checked = grim_table(printed, scales=published.scales, decimals=decimals)
        for row in checked[~checked["possible"]].itertuples():
            who = f" of {row.group!s}" if row.group else ""
            place = f"{row.statement_id}, {row.scale}{who}"
            yield f"{place}: no {row.n} answers have the mean {row.mean}"


def published_csv(published: Published) -> bytes:
    """Return published means as the file that is stored; means as they were printed."""
    table = published.table.assign(mean=published.table["printed"])
    columns = ["statement_id", "scale", "group", "wave", "n", "mean", "sd"]
    text: str = table[columns].to_csv(index=False, lineterminator="\n")
    return text.encode()


def _name(column: str) -> str:
    """Return what a header means."""
    folded = read_text(column).casefold()
    return _NAMES.get(folded, folded)


def _decimals(printed: Iterable[str]) -> int:
    """Return how many decimals a source prints: the most of any mean, as zeros may be lost."""
    return max((len(mean.partition(".")[2]) for mean in printed), default=0)


@dataclass
class _RowReader:
    """Reads one row of a table of means, adding what is wrong to `problems`."""

    source: str
    number: int
    cells: Mapping[str, str]
    problems: list[Problem]

    def read(
        self, scales: Sequence[Scale], expected: Mapping[str, tuple[str, ...]]
    ) -> tuple[object, ...]:
        """Return the row's values in the order of the table's columns."""
        scale = self._scale(scales)
        statement = self._statement(expected.get(scale.name, ()) if scale else ())
        n = self._n()
        mean, printed = self._mean(scale)
        sd = self._sd(scale, n)
        group, wave = self.cells.get("group", ""), self.cells.get("wave", "")
        name = scale.name if scale else ""
        return statement, name, group, wave, n, mean, sd, printed

    def _scale(self, scales: Sequence[Scale]) -> Scale | None:
        typed = self.cells.get("scale", "")
        found = find_scale(scales, typed) if typed else (scales[0] if len(scales) == 1 else None)
        if found is None:
            names = [scale.name for scale in scales]
            self._problem("scale", typed, f"one of {', '.join(names)}", nearest(typed, names))
        return found

    def _statement(self, known: Sequence[str]) -> str:
        typed = self.cells.get("statement", "")
        by_folded = {name.casefold(): name for name in known}
        if known and typed.casefold() not in by_folded:
            wanted = "an active statement that is rated on this scale"
            self._problem("statement", typed, wanted, nearest(typed, known))
        return by_folded.get(typed.casefold(), typed)

    def _n(self) -> int:
        try:
            n = read_whole(self.cells.get("n", ""))
        except ValueError:
            n = 0
        if n < 1:
            self._problem("n", self.cells.get("n", ""), "a whole number from 1")
        return n

    def _mean(self, scale: Scale | None) -> tuple[float, str]:
        typed = self.cells.get("mean", "")
        try:
            mean = read_number(typed)
        except ValueError:
            mean = np.nan
        low, high = _range(scale)
        if not low <= mean <= high:
            self._problem("mean", typed, f"a mean between {low:g} and {high:g}")
        return mean, typed.replace(",", ".")

    def _sd(self, scale: Scale | None, n: int) -> float:
        typed = self.cells.get("sd", "")
        if not typed:
            return np.nan
        try:
            sd = read_number(typed)
        except ValueError:
            sd = -1.0
        low, high = _range(scale)
        largest = (high - low) / 2 * sqrt(n / (n - 1)) if n > 1 else 0.0
        # Half a unit of a second decimal, since printed SDs are rounded.
        if scale is not None and not 0 <= sd <= largest + 0.005:
            self._problem("sd", typed, f"a standard deviation from 0 to {largest:.2f}")
        return sd

    def _problem(self, column: str, found: str, wanted: str, close: str | None = None) -> None:
        place = f"row {self.number}, column “{column}”"
        mend = f"write “{close}”" if close else f"write {wanted}"
        shown = f"“{found}”" if found else "nothing"
        self.problems.append(Problem(self.source, place, shown, wanted, mend))


def _range(scale: Scale | None) -> tuple[float, float]:
    """Return the lowest and highest mean a scale allows; without a scale, any."""
    if scale is None:
        return -np.inf, np.inf
    values = [point.value for point in scale.points if point.meaning in ("rated", "not performed")]
    return min(values), max(values)


def _doubled(source: str, rows: Sequence[tuple[object, ...]]) -> Iterator[Problem]:
    """Yield a problem for each statement that stands twice on a scale, group and wave."""
    keys = [row[:4] for row in rows]
    for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        found = " ".join(str(part) for part in key if part)
        wanted = "one mean per statement, scale, group and wave"
        yield Problem(source, "", f"{found} twice", wanted, "remove one of the rows")
