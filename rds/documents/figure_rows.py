"""What figures show: a group's ratings in the order of a figure, its rows, its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rds.analysis.analysis import Analysis
from rds.documents.blueprint_workbook.words import BASES
from rds.documents.figure_style import Row
from rds.errors import WithheldError
from rds.notes import Note
from rds.outline.outline import Outline
from rds.scales import Scale


@dataclass(frozen=True, eq=False)
class Rated:
    """One group's ratings of the tasks on a scale.

    Parameters
    ----------
    group, base
        Whose ratings, and in words of whom among them.
    table
        Rows of ``statement_ratings`` by task, highest mean first within each domain.
    """

    group: str
    base: str
    table: pd.DataFrame

    @property
    def who(self) -> str:
        """The group in words."""
        return "all respondents" if self.group == "all" else self.group

    @property
    def order(self) -> list[str]:
        """The tasks."""
        return [str(name) for name in self.table.index]


def rated_by(analysis: Analysis, outline: Outline, scale: Scale, group: str | None) -> Rated:
    """Return a group's ratings on a scale, on the base that the weights use."""
    if not isinstance(scale, Scale):
        mend = f"wanted the declared scale, such as study.ratings.scale(“{scale}”)"
        raise ValueError(f"the scale is given as “{scale}”; {mend}")
    named = _with_names(_of_tasks(analysis.statement_ratings, outline, scale))
    chosen = _choose(group, list(dict.fromkeys(named["named"])))
    rows = named[named["named"] == chosen].set_index("statement_id")
    asked = bool((rows["base"] == "performers").any())
    base = "performers" if asked and scale.role != "frequency" else "all"
    means = rows[rows["base"] == base]
    words = BASES[base if asked else "rated"]
    return Rated(chosen, words, means.reindex(_highest_first(outline, means["mean"])))


def points_chosen(analysis: Analysis, scale: Scale, rated: Rated) -> pd.DataFrame:
    """Return the rows of ``distributions`` of a group on a scale.

    Raises
    ------
    WithheldError
        When the table has no rows of this group.
    """
    table = _with_names(analysis.distributions)
    rows = table[(table["scale"] == scale.name) & (table["named"] == rated.group)]
    if rows.empty:
        reason = reason_withheld(analysis.notes, "distributions", rated, column="n")
        who = f"The distribution of {scale.name} ({rated.who})"
        raise WithheldError(f"{who} is withheld: {reason or 'the analysis has none'}.")
    return rows


def reason_withheld(notes: Iterable[Note], table: str, rated: Rated, *, column: str) -> str:
    """Return why a column is withheld from a whole group; empty if it is not."""
    groups = {rated.group, *rated.table["group"].dropna()}
    reasons = (
        note.reason
        for note in notes
        if (note.table, note.kind) == (table, "withheld")
        and note.row in groups
        and column in note.column.split(", ")
    )
    return next(reasons, "")


def domain_rows(
    outline: Outline, names: Iterable[str], *, are_headings: bool = True
) -> Iterator[Row]:
    """Yield a row for each domain."""
    titles = {domain.domain_id: domain.title for domain in outline.domains}
    for name in names:
        yield Row(name, f"{name}  {titles[name]}", is_heading=are_headings)


def task_rows(outline: Outline, order: Sequence[str]) -> Iterator[Row]:
    """Yield a row for each domain and, below it, its tasks in order."""
    domains = outline.task_domains
    for heading in domain_rows(outline, dict.fromkeys(domains[name] for name in order)):
        yield heading
        for name in order:
            if domains[name] == heading.name:
                yield Row(name, f"{name}  {outline.statements[name]}")


def texts(values: pd.Series[float], form: str) -> dict[str, str]:
    """Return numbers as text by row, a dash for what is withheld.

    Examples
    --------
    >>> texts(pd.Series({"T1": -0.25, "T2": float("nan")}), "+.1f")
    {'T1': '−0.2', 'T2': '–'}
    """
    return {str(k): "–" if pd.isna(v) else signed(v, form) for k, v in values.items()}


def signed(value: Any, form: str) -> str:
    """Return a number as text with a true minus sign, none for what rounds to zero.

    Examples
    --------
    >>> signed(-3, "+d"), signed(-0.001, "+.2f")
    ('−3', '0.00')
    """
    text = format(value, form)
    return text.replace("-", "−") if float(text) else text.lstrip("+-")


def in_words(counts: pd.Series[Any]) -> str:
    """Return the least and the most of some counts.

    Examples
    --------
    >>> in_words(pd.Series([28, 26, 28])), in_words(pd.Series([15, 15]))
    ('26 to 28', '15')
    """
    known = counts.dropna()
    if known.empty:
        return "0"
    return " to ".join(dict.fromkeys(f"{count:.0f}" for count in (known.min(), known.max())))


def nature(notes: Iterable[Note]) -> str:
    """Say in capitals that respondents' data are simulated or reconstructed, and whose.

    Examples
    --------
    >>> nature([Note("respondents", "all respondents (40)", "", "simulated", "drawn")])
    'SIMULATED DATA: all respondents (40).'
    """
    whose: dict[str, dict[str, None]] = {}
    for note in notes:
        if note.kind in ("simulated", "reconstructed") and note.table != "judgements":
            whose.setdefault(note.kind, {})[note.row] = None
    return " ".join(
        f"{kind.upper()} DATA: {', '.join(filter(None, rows)) or 'all respondents'}."
        for kind, rows in whose.items()
    )


def _of_tasks(table: pd.DataFrame, outline: Outline, scale: Scale) -> pd.DataFrame:
    """Return the rows of the tasks on a scale."""
    tasks = table[table["statement_id"].isin(list(outline.task_domains))]
    rows = tasks[tasks["scale"] == scale.name]
    if rows.empty:
        known = ", ".join(dict.fromkeys(tasks["scale"])) or "no scale"
        raise ValueError(f"no task was rated on “{scale.name}”; tasks were rated on {known}")
    return rows


def _with_names(table: pd.DataFrame) -> pd.DataFrame:
    """Name each row's group, with its wave if it has one, in a column ``named``."""
    pairs = zip(table["group"].astype(str), table["wave"].astype(str), strict=True)
    return table.assign(named=[", ".join(filter(None, pair)) for pair in pairs])


def _choose(group: str | None, names: Sequence[str]) -> str:
    """Return the group that is meant."""
    if group in names:
        return str(group)
    if group is None and ("all" in names or len(names) == 1):
        return "all" if "all" in names else names[0]
    found = "no group was chosen" if group is None else f"there is no group “{group}”"
    raise ValueError(f"{found}; wanted one of {', '.join(f'“{name}”' for name in names)}")


def _highest_first(outline: Outline, means: pd.Series[float]) -> list[str]:
    """Return all tasks by domain, within a domain by falling mean, those without a mean last."""
    places = {domain.domain_id: place for place, domain in enumerate(outline.domains)}
    order = pd.DataFrame(
        {
            "place": [places[domain] for domain in outline.task_domains.values()],
            "mean": means.reindex(list(outline.task_domains)).to_numpy(),
        },
        index=list(outline.task_domains),
    )
    return list(order.sort_values(["place", "mean"], ascending=[True, False], kind="stable").index)
