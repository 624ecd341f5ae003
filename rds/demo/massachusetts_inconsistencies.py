"""Where the Massachusetts evaluation contradicts itself: its words checked by its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from rds.analysis.ranks import extremes, hidden_ties, places_per_answer, ranked
from rds.analysis.totals import attainable_sizes
from rds.demo.massachusetts import statement_id
from rds.demo.massachusetts_claims import CLAIMS, Claim
from rds.demo.massachusetts_report import (
    HIGHEST,
    LISTS,
    LOWEST,
    Report,
    exact_means,
    read_report,
)

INCONSISTENCIES_COLUMNS = ("number", "place", "printed", "found", "check")


def inconsistencies(
    report: Report | None = None, *, claims: Mapping[str, Claim] = CLAIMS
) -> pd.DataFrame:
    """List where the report contradicts itself or says more than its numbers carry.

    Nothing is looked up: each row is there because a check of the printed numbers found it, and
    goes when they are corrected.

    Parameters
    ----------
    report
        The report's tables; by default as printed.
    claims
        What the report says in words.

    Returns
    -------
    DataFrame
        Columns `INCONSISTENCIES_COLUMNS`: ``number`` of the check, ``place`` in the report, what
        is ``printed`` (in our words), what was ``found``, and how it was checked.

    Examples
    --------
    >>> inconsistencies().loc[2, ["printed", "found"]].tolist()  # doctest: +ELLIPSIS
    ['9 statements rose from T1 to T2', 'Table 10 lists 10; Appendix F marks 10 with *: 4, 6, ...']
    """
    source = report or read_report()
    rows = [
        (number, claim.place, claim.printed, "; ".join(found), check.how)
        for number, check in enumerate(_CHECKS, start=1)
        for claim in [claims[check.claim]]
        if (found := list(check.contradictions(source, **claim.numbers)))
    ]
    return pd.DataFrame(rows, columns=list(INCONSISTENCIES_COLUMNS))


def _impossible_means(report: Report, *, n: int) -> Iterator[str]:
    """Find means that no n whole answers have, and the n that they fit instead."""
    elsewhere = report.means_of("Table 7", group="supervisors")["n"]
    for name, mean in report.means_of("Appendix G")["mean"].items():
        sizes = attainable_sizes(mean, range(1, n + 1), lowest=LOWEST, highest=HIGHEST)
        if n not in sizes:
            fits = f"{max(sizes)} can" if sizes else "fewer cannot either"
            also = ", and Table 7 prints that n" if elsewhere.get(name) in sizes else ""
            place = f"the mean {mean} of statement {_number(name)}"
            yield f"{n} answers cannot have {place}, {fits}{also}"


def _not_significant(report: Report, *, count: int, alpha: float) -> Iterator[str]:
    """Compare the number of p below alpha with the number claimed, and look for p of nothing."""
    p = report.contrasts.set_index("statement_id")["p"]
    above = p[p.astype(float) >= alpha]
    if len(p) - len(above) != count:
        others = ", ".join(f"{_number(name)} (p = {value})" for name, value in above.items())
        yield f"{len(p) - len(above)} p are below {alpha:g}, not that of statement {others}"
    none = p[p.astype(float) == 0]
    if len(none):
        yield f"statement {_numbers(none.index)} has p = {none.iloc[0]}, and no p is 0"


def _rises_counted(report: Report, *, count: int) -> Iterator[str]:
    """Compare the rises claimed with those tabulated and those marked."""
    tabulated = set(report.paired["statement_id"])
    marked = set(report.marks.index[report.marks == "*"])
    if {len(tabulated), len(marked)} != {count}:
        yield f"Table 10 lists {len(tabulated)}"
        yield f"Appendix F marks {len(marked)} with *: {_numbers(marked)}"
    if tabulated != marked:
        yield f"table and marks differ in {_numbers(tabulated ^ marked)}"


def _pairs_outside(report: Report, *, lowest: int, highest: int) -> Iterator[str]:
    """Find numbers of pairs outside the range that is claimed."""
    pairs = report.means_of("Table 10", wave="T1")["n"]
    for name, n in pairs[~pairs.between(lowest, highest)].items():
        yield f"Table 10 has {n} pairs for statement {_number(name)}"


def _no_later_rise(report: Report, *, statement: int, n: int) -> Iterator[str]:
    """Compare a rise that is claimed with the means of both waves."""
    second, third = (report.means_of("Appendix F", wave=wave) for wave in ("T2", "T3"))
    name = statement_id(statement)
    if float(third["mean"][name]) <= float(second["mean"][name]):
        yield f"its mean falls from {second['mean'][name]} to {third['mean'][name]}"
    if third["n"][name] < n:
        yield f"only {third['n'][name]} answered at T3"


def _marks_unexplained(report: Report, *, marks: tuple[str, ...]) -> Iterator[str]:
    """Find footnote marks without a footnote."""
    unexplained = report.marks[~report.marks.isin(["", *marks])]
    for mark, names in unexplained.groupby(unexplained).groups.items():
        yield f"statements {_numbers(names)} are marked {mark}, which no footnote explains"


def _another_is_lowest(report: Report, *, statement: int, mean: str, spread: str) -> Iterator[str]:
    """Compare the lowest mean and the range that are claimed with the tables."""
    highest, lowest = (
        report.means_of(table, group="peer specialists")["mean"].astype(float)
        for table in ("Table 7", "Table 8")
    )
    if (lowest.idxmin(), f"{lowest.min():.2f}") != (statement_id(statement), mean):
        yield f"Table 8 prints {lowest.min():.2f} for statement {_number(lowest.idxmin())}"
    if f"{highest.max() - lowest.min():.2f}" != spread:
        yield (
            f"the range is {highest.max():.2f} − {lowest.min():.2f} = "
            f"{highest.max() - lowest.min():.2f}"
        )


def _not_agreed(
    report: Report, *, highest: tuple[int, ...], lowest: tuple[int, ...], count: int
) -> Iterator[str]:
    """Find statements that are claimed to be extreme for both groups, and are not."""
    for who, means in _support(report).items():
        ends = extremes(means, count).groupby("end")["statement_id"].agg(set)
        ranks = ranked(means).set_index("statement_id")["rank"]
        for end, claimed in (("highest", highest), ("lowest", lowest)):
            for name in map(statement_id, claimed):
                if name not in ends[end]:
                    yield (
                        f"for {who}, statement {_number(name)} is not among the {count} {end} "
                        f"(rank {ranks[name]} of {len(means)})"
                    )


def _ties_hidden(report: Report, *, count: int) -> Iterator[str]:
    """Find statements that a list of a fixed length leaves out in spite of a tie."""
    support = _support(report)
    for place in LISTS:
        listed = report.means_of(place)
        if len(listed) != count:
            yield f"{place} lists {len(listed)}"
        who = str(report.means.loc[report.means["place"] == place, "group"].iloc[0])
        for name in hidden_ties(support[who], list(listed.index)):
            mean = support[who][name]
            tied = listed.index[listed["mean"].astype(float) == mean]
            yield (
                f"{place} leaves out {_number(name)}, which has the {mean:.2f} of {_numbers(tied)}"
            )


def _named_twice(report: Report, *, label: str, other: str) -> Iterator[str]:
    """Find one thing that goes by two names, and means printed twice with different values."""
    if label != other:
        yield "one point has two labels"
    pairs = [
        (report.means_of("Table 10", wave=wave), report.means_of("Appendix F", wave=wave))
        for wave in ("T1", "T2")
    ]
    differ = sum((some["mean"] != every["mean"][some.index]).sum() for some, every in pairs)
    if differ:
        printed = sum(len(some) for some, _ in pairs)
        yield (
            f"{differ} of {printed} means in Table 10 differ from those in Appendix F, because "
            "they are of pairs only"
        )


def _unstable_ranks(report: Report, *, n: int) -> Iterator[str]:
    """Tell by how many places one answer lifts a statement."""
    means = report.means_of("Appendix G")
    places = places_per_answer(exact_means(means), means["n"])
    if places.max() > 0:
        lifted = places.index[places == places.max()]
        yield (
            f"one answer one point higher lifts a mean by {1 / n:.3f}; it would bring "
            f"{(places > 0).sum()} of {len(places)} statements level with others or past them, "
            f"statement {_numbers(lifted)} with {places.max()}"
        )


@dataclass(frozen=True)
class _Check:
    """A claim, how it is checked, and the function that yields what contradicts it."""

    claim: str
    how: str
    contradictions: Callable[..., Iterator[str]]


_CHECKS = (
    _Check("supervisors", "a mean of whole answers is a whole total / n (GRIM)", _impossible_means),
    _Check("significant", "printed p against alpha", _not_significant),
    _Check("rose", "rows and marks counted", _rises_counted),
    _Check("pairs", "n of Table 10", _pairs_outside),
    _Check("later_rise", "means and n of T2 and T3 in Appendix F", _no_later_rise),
    _Check("marks", "marks of Appendix F against its footnotes", _marks_unexplained),
    _Check("lowest", "lowest of Table 8, highest of Table 7", _another_is_lowest),
    _Check("agreed", "ranks in Appendices H (T3) and I, ties included", _not_agreed),
    _Check("lists", "equal means in Appendices H (T3) and I", _ties_hidden),
    _Check("labels", "labels compared; Table 10 against Appendix F", _named_twice),
    _Check("steps", "one answer raised by one point, statement by statement", _unstable_ranks),
)


def _support(report: Report) -> dict[str, pd.Series[float]]:
    """Return the latest means of support, by group."""
    return {
        "participants": report.means_of("Appendix H", wave="T3")["mean"].astype(float),
        "supervisors": report.means_of("Appendix I")["mean"].astype(float),
    }


def _number(name: object) -> int:
    """Return the number that the report gives a statement."""
    return int(str(name)[1:])


def _numbers(names: Iterable[object]) -> str:
    """Return the report's numbers of some statements, ascending."""
    return ", ".join(map(str, sorted(map(_number, names))))
