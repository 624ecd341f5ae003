"""The tables of the Massachusetts evaluation as printed, and what follows from Table 10."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from rds.analysis.reported import adjusted_p, paired_t_from_report
from rds.analysis.totals import PairedDifferences, paired_solutions, possible_differences
from rds.demo.massachusetts import POINTS, statement_id
from rds.ratings.summaries import attainable_totals
from rds.scales import ordinal

SUPPORT_POINTS = {
    1: "Not at all supported",
    2: "Somewhat supported",
    3: "Generally supported",
    4: "Very supported",
}
"""The support scale as published."""

SCALES = (
    ordinal("importance", POINTS, role="importance"),
    ordinal("support", SUPPORT_POINTS),
)

LOWEST, HIGHEST = min(POINTS), max(POINTS)

STATEMENTS = 25
"""How many statements were rated, and so how many tests each comparison of all of them makes."""

SHORT_NAMES = {
    1: "Describing one’s own experience",
    2: "Designing training materials",
    3: "Addressing demeaning behaviour",
    4: "Developing peer networks",
    5: "Having much in common with people",
    6: "Educating colleagues about peer roles",
    7: "Helping with a recovery plan (WRAP)",
    8: "Role modelling recovery",
    9: "Facilitating support groups",
    10: "Supporting moves between settings",
    11: "Explaining the peer relationship",
    12: "Inspiring hope with one’s story",
    13: "Addressing negative comments",
    14: "Evaluating training materials",
    15: "Feeling no “us/them” boundary",
    16: "Defining peer roles for colleagues",
    17: "Sharing lived experience for mutuality",
    18: "Staying firm in planning meetings",
    19: "Knowing the movement’s history",
    20: "Communicating respect",
    21: "Teaching which services helped",
    22: "Maintaining peer networks",
    23: "Being a positive role model",
    24: "Facilitating self-advocacy groups",
    25: "Advocating with one’s story",
}
"""The source's statements, shortened by us."""

LISTS = ("Table 11", "Table 12", "Table 13", "Table 14")
"""The lists of most and least supported statements: they repeat means of Appendices H and I."""

MEANS_COLUMNS = ("place", "statement_id", "scale", "group", "wave", "n", "mean")

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, eq=False)
class Report:
    """The printed report as data, nothing corrected.

    Parameters
    ----------
    means
        Every printed mean: columns `MEANS_COLUMNS`; ``mean`` is text, with the decimals as printed.
        Waves are T1 to T3, empty where there is one only. “Peer specialists” are the participants
        of T3 and a focus group.
    paired
        Table 10: ``statement_id``, ``t``, ``p`` as text, of participants at T1 against T2. The
        report takes T2 from T1: a negative t is a rise.
    contrasts
        Table 9: ``statement_id``, ``p`` as text, of peer specialists against supervisors.
    marks
        Footnote marks in Appendix F, by statement.
    """

    means: pd.DataFrame
    paired: pd.DataFrame
    contrasts: pd.DataFrame
    marks: pd.Series[str]

    def means_of(self, place: str, *, group: str = "", wave: str = "") -> pd.DataFrame:
        """Return ``n`` and ``mean`` by statement in one place, of one group and wave if named.

        Raises
        ------
        ValueError
            When nothing is printed there, or a statement has several means.
        """
        rows = self.means[self.means["place"] == place]
        for column, wanted in (("group", group), ("wave", wave)):
            rows = rows[rows[column] == wanted] if wanted else rows
        table = rows.set_index("statement_id")[["n", "mean"]]
        if table.empty or table.index.has_duplicates:
            found = "no means" if table.empty else "several means of one statement"
            raise ValueError(f"{place} has {found} for {group or 'any group'} {wave}".rstrip())
        return table


def read_report() -> Report:
    """Return the report's tables.

    Examples
    --------
    >>> report = read_report()
    >>> report.means_of("Appendix F", wave="T3").head(2)
                   n  mean
    statement_id
    T01           28  3.61
    T02           27  3.04
    """
    participants = _file(_F)
    return Report(
        means=pd.DataFrame(
            [row for source in _SOURCES for row in _means(source)], columns=list(MEANS_COLUMNS)
        ),
        paired=_tests(_10, ("t", "p")),
        contrasts=_tests(_9, ("p",)),
        marks=pd.Series(
            {statement_id(int(row["item"])): row["footnote_marks"] for row in participants}
        ),
    )


def recomputed_table_10(report: Report | None = None) -> pd.DataFrame:
    """Recompute the paired tests of Table 10 from its n, means and t.

    Returns
    -------
    DataFrame
        One row a statement: ``statement_id``, ``n`` (pairs), ``mean_t1``, ``mean_t2``, ``t``,
        ``p_printed`` as printed; ``df``, ``p``, ``d_z``, ``d_low``, ``d_high`` of the rise from T1
        to T2 (see `rds.analysis.reported.paired_t_from_report`); ``q`` (the largest that the p
        adjusted for the tests of all statements can be); ``p_agrees`` (p rounds to the printed
        one); ``solutions`` (how many pairs of sum and sum of squares give means and t as printed)
        and, where there is one only, ``total``, ``squares``, ``difference`` and ``sd`` of T2 − T1.

    Examples
    --------
    >>> recomputed_table_10()[["statement_id", "t", "p", "total", "squares"]].head(2).round(3)
      statement_id       t      p  total  squares
    0          T04  -2.058  0.047     11       31
    1          T06  -2.667  0.012     15       37
    """
    printed = _paired_as_printed(report or read_report())
    rises = paired_t_from_report(printed.assign(t=-printed["t"].astype(float)))
    solved = [_solutions(row) for row in printed.to_dict("records")]
    only = pd.DataFrame(
        [_known(solutions[0]) if len(solutions) == 1 else {} for solutions in solved],
        columns=["total", "squares", "difference", "sd"],
        index=printed.index,
    ).astype({"total": "Int64", "squares": "Int64"})
    return rises.assign(
        t=printed["t"],
        q=adjusted_p(rises["p"], tests=STATEMENTS),
        p_agrees=(rises["p"] - printed["p_printed"].astype(float)).abs() <= 0.0005,
        solutions=[len(solutions) for solutions in solved],
    ).join(only)


def exact_means(means: pd.DataFrame) -> pd.Series[float]:
    """Return total / n where only one total gives the printed mean, otherwise the printed mean.

    Examples
    --------
    >>> printed = pd.DataFrame({"n": [15, 14], "mean": ["2.93", "3.72"]}, index=["T06", "T23"])
    >>> exact_means(printed).round(4).to_dict()
    {'T06': 2.9333, 'T23': 3.72}
    """
    exact = {}
    for name, n, mean in means[["n", "mean"]].itertuples():
        totals = attainable_totals(mean, n, lowest=LOWEST, highest=HIGHEST)
        exact[name] = totals[0] / n if len(totals) == 1 else float(mean)
    return pd.Series(exact)


class _Source(NamedTuple):
    """Where means of one group and wave stand: the place in the report, our file, its columns."""

    place: str
    file: str
    scale: str
    group: str
    wave: str
    n: str
    mean: str


_F, _G = "appendix_f_importance_participants", "appendix_g_importance_supervisors"
_H, _I = "appendix_h_support_participants", "appendix_i_support_supervisors"
_7, _9 = "tables_07_08_extremes", "table_09_cps_vs_supervisors"
_10, _11 = "table_10_paired_t1_t2", "tables_11_14_support_extremes"
_CPS, _SUPERVISORS = ("cps_n", "cps_mean"), ("supervisor_n", "supervisor_mean")

_SOURCES = (
    _Source("Appendix F", _F, "importance", "participants", "T1", "n_t1", "mean_t1"),
    _Source("Appendix F", _F, "importance", "participants", "T2", "n_t2", "mean_t2"),
    _Source("Appendix F", _F, "importance", "participants", "T3", "n_t3", "mean_t3"),
    _Source("Appendix G", _G, "importance", "supervisors", "", "n_as_printed_in_footnote", "mean"),
    _Source("Appendix H", _H, "support", "participants", "T2", "n_t2", "mean_t2"),
    _Source("Appendix H", _H, "support", "participants", "T3", "n_t3", "mean_t3"),
    _Source("Appendix I", _I, "support", "supervisors", "", "n", "mean"),
    _Source("Table 7", _7, "importance", "peer specialists", "", *_CPS),
    _Source("Table 7", _7, "importance", "supervisors", "", *_SUPERVISORS),
    _Source("Table 8", _7, "importance", "peer specialists", "", *_CPS),
    _Source("Table 8", _7, "importance", "supervisors", "", *_SUPERVISORS),
    _Source("Table 9", _9, "importance", "peer specialists", "", *_CPS),
    _Source("Table 9", _9, "importance", "supervisors", "", *_SUPERVISORS),
    _Source("Table 10", _10, "importance", "participants", "T1", "n_paired", "mean_t1"),
    _Source("Table 10", _10, "importance", "participants", "T2", "n_paired", "mean_t2"),
    _Source("Table 11", _11, "support", "participants", "T3", "n", "mean"),
    _Source("Table 12", _11, "support", "participants", "T3", "n", "mean"),
    _Source("Table 13", _11, "support", "supervisors", "", "n", "mean"),
    _Source("Table 14", _11, "support", "supervisors", "", "n", "mean"),
)


def _means(source: _Source) -> Iterator[tuple[object, ...]]:
    """Read the means of one source; where a file holds several tables, those of its own table."""
    for row in _file(source.file):
        if row.get("table", source.place.split()[-1]) == source.place.split()[-1]:
            name, n = statement_id(int(row["item"])), int(row[source.n])
            yield (source.place, name, *source[2:5], n, row[source.mean])


def _tests(name: str, statistics: Sequence[str]) -> pd.DataFrame:
    """Read the printed statistics of a table, by statement."""
    rows = _file(name)
    table = pd.DataFrame({"statement_id": [statement_id(int(row["item"])) for row in rows]})
    return table.assign(**{key: [row[f"{key}_printed"] for row in rows] for key in statistics})


def _file(name: str) -> list[dict[str, str]]:
    """Read a table of the report, every cell as printed."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _paired_as_printed(report: Report) -> pd.DataFrame:
    """Return Table 10 as it was printed."""
    before, after = (report.means_of("Table 10", wave=wave) for wave in ("T1", "T2"))
    means = pd.DataFrame({"n": before["n"], "mean_t1": before["mean"], "mean_t2": after["mean"]})
    return means.reset_index().merge(report.paired.rename(columns={"p": "p_printed"}))


def _solutions(row: dict[Any, Any]) -> tuple[PairedDifferences, ...]:
    """Return what the rises from T1 to T2 can be in one row of Table 10."""
    totals = possible_differences(
        row["mean_t1"], row["mean_t2"], row["n"], lowest=LOWEST, highest=HIGHEST
    )
    rise = -float(row["t"])
    return paired_solutions(rise, row["n"], largest_step=HIGHEST - LOWEST, totals=totals)


def _known(differences: PairedDifferences) -> dict[str, float]:
    """Return the columns of one solution."""
    return {
        "total": differences.total,
        "squares": differences.squares,
        "difference": differences.mean,
        "sd": differences.sd,
    }
