"""The Massachusetts evaluation set for reading: what it prints and what follows from that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rds.analysis.ranks import extremes, ranked
from rds.analysis.reported import adjusted_p, welch_from_report
from rds.analysis.totals import pooled_remainder
from rds.demo.massachusetts import statement_id
from rds.demo.massachusetts_inconsistencies import inconsistencies
from rds.demo.massachusetts_report import (
    HIGHEST,
    LISTS,
    LOWEST,
    SCALES,
    SHORT_NAMES,
    STATEMENTS,
    Report,
    exact_means,
    recomputed_table_10,
)
from rds.errors import WithheldError
from rds.ratings.summaries import grim_table
from rds.show import View

_SHORT = {statement_id(item): name for item, name in SHORT_NAMES.items()}
_MEANS = "Means on a scale from 1 (not at all {0}) to 4 (very {0}), as printed."
_RANKS = "Rank 1 is the highest mean; tied statements share their ranks."


def importance_by_group(report: Report) -> View:
    """Set participants at T3 beside supervisors, by importance.

    Examples
    --------
    >>> from rds.demo.massachusetts_report import read_report
    >>> table = importance_by_group(read_report()).as_frame()
    >>> table.loc[0, ["statement", "mean, participants", "rank, supervisors"]].tolist()
    ['T23', '3.93', '3']
    """
    participants = _ranks(report.means_of("Appendix F", wave="T3"))
    supervisors = _ranks(report.means_of("Appendix G"))
    columns = {
        "mean, participants": participants["mean"],
        "rank, participants": participants["rank"],
        "mean, supervisors": supervisors["mean"],
        "rank, supervisors": supervisors["rank"],
        "places lower": supervisors["place"] - participants["place"],
    }
    return _view(
        "Importance as participants (T3) and supervisors rate it, by participants’ mean",
        _labelled(columns, participants.index),
        _MEANS.format("important"),
        f"{_RANKS} Places lower: how far supervisors’ best rank lies below participants’.",
        f"Participants: Appendix F, T3, n = {_span(participants['n'])}. Supervisors: Appendix G, "
        f"n = {_span(supervisors['n'])} by its footnote.",
    )


def possible_means(report: Report) -> View:
    """Count, place by place, the printed means that whole answers can have."""
    means = report.means[~report.means["place"].isin(LISTS)]
    checked = grim_table(means, scales=SCALES)
    places = checked.groupby(["place", "group", "wave"], sort=False)
    table = pd.DataFrame(
        {
            "lowest n": places["n"].min(),
            "highest n": places["n"].max(),
            "means": places.size(),
            "possible": places["possible"].sum(),
        }
    ).reset_index()
    return _view(
        f"Printed means that whole answers can have: {checked['possible'].sum()} of {len(means)}",
        table,
        *(
            f"{row.place}: {row.n} answers cannot have the mean {row.mean} of {row.statement_id}."
            for row in checked[~checked["possible"]].itertuples()
        ),
        "A mean of whole answers is a whole total divided by n (GRIM; Brown and Heathers, 2017).",
        "Tables 11 to 14 are left out: they repeat means of Appendices H and I.",
    )


def table_10_tests(report: Report) -> View:
    """Set the printed tests of Table 10 beside the recomputed ones."""
    again = recomputed_table_10(report).set_index("statement_id")
    columns = {
        "pairs": again["n"],
        "t, printed": again["t"],
        "p, printed": again["p_printed"],
        "p": again["p"],
        "q": again["q"],
        "d_z": again["d_z"],
        "95 % from": again["d_low"],
        "95 % to": again["d_high"],
    }
    return _view(
        f"Table 10, importance at T1 against T2: {again['p_agrees'].sum()} of {len(again)} printed "
        "p follow from n and t",
        _labelled(columns, again.index),
        "The report takes T2 from T1, so the t of a rise is negative. p: two-sided, n − 1 degrees "
        "of freedom.",
        f"q: p adjusted for {STATEMENTS} tests (Benjamini and Hochberg, 1995), at most: the "
        f"{STATEMENTS - len(again)} tests that are not printed count as p = 1. Below .05: "
        f"{(again['q'] < 0.05).sum()} of {len(again)}; unprinted p of .05 or more cannot add to "
        "them.",
        "d_z: the mean rise in SDs of the rises, with its 95 % interval (noncentral t).",
    )


def table_10_solutions(report: Report) -> View:
    """Show the whole numbers that are the only ones to give the means and t of Table 10."""
    again = recomputed_table_10(report).set_index("statement_id")
    columns = {
        "pairs": again["n"],
        "mean, T1": again["mean_t1"],
        "mean, T2": again["mean_t2"],
        "t, printed": again["t"],
        "solutions": again["solutions"],
        "sum of rises": again["total"],
        "sum of squares": again["squares"],
        "mean rise": again["difference"],
        "SD of rises": again["sd"],
    }
    return _view(
        "Table 10, the rises from T1 to T2 behind n, means and t (points of the scale)",
        _labelled(columns, again.index),
        "Solutions: how many pairs of a sum of rises and a sum of squared rises, all in whole "
        "points, give both means and t as printed. Where there is one, the SD that the report "
        "does not print is known.",
    )


def table_9_contrasts(report: Report) -> View:
    """Show Table 9 with p adjusted for all tests, and say why the tests cannot be repeated."""
    p = report.contrasts.set_index("statement_id")["p"]
    specialists, supervisors = (
        report.means_of("Table 9", group=group) for group in ("peer specialists", "supervisors")
    )
    # What prints as .000 is below .0005.
    q = adjusted_p(p.astype(float).clip(lower=0.0005), tests=STATEMENTS)
    columns = {
        "n, specialists": specialists["n"],
        "mean, specialists": specialists["mean"],
        "n, supervisors": supervisors["n"],
        "mean, supervisors": supervisors["mean"],
        "difference": exact_means(specialists) - exact_means(supervisors),
        "p, printed": p,
        "q": pd.Series(q, index=p.index),
    }
    return _view(
        "Table 9, importance: peer specialists against supervisors",
        _labelled(columns, p.index),
        _why_not_again(specialists, supervisors),
        f"q: p adjusted for {STATEMENTS} tests (Benjamini and Hochberg, 1995), at most; .000 is "
        f"read as .0005. Below .05: {(q < 0.05).sum()} of {len(q)}; unprinted p of .05 or more "
        "cannot add to them.",
    )


def focus_group(report: Report) -> View:
    """Work out the focus group, which the report pools with participants and never shows."""
    rows = report.means[report.means["group"] == "peer specialists"]
    pooled = rows.drop_duplicates("statement_id").set_index("statement_id")
    pooled = pooled.sort_index(key=lambda names: names.str[1:])
    known = report.means_of("Appendix F", wave="T3").loc[pooled.index]
    numbers = zip(pooled["mean"], pooled["n"], known["mean"], known["n"], strict=True)
    totals = [
        pooled_remainder((whole, n), (part, m), lowest=LOWEST, highest=HIGHEST)
        for whole, n, part, m in numbers
    ]
    known_totals = [only[0] if len(only) == 1 else None for only in totals]
    total = pd.Series(known_totals, index=pooled.index, dtype="Int64")
    left = pooled["n"] - known["n"]
    columns = {
        "mean, pooled": pooled["mean"],
        "mean, T3": known["mean"],
        "total, focus group": total,
        "mean, focus group": (total / left).astype("Float64").astype(float),
    }
    return _view(
        "Importance for the focus group of certified peer specialists: one possible total for "
        f"{total.notna().sum()} of {len(total)} statements",
        _labelled(columns, pooled.index),
        "Pooled: Tables 7 to 9, where participants at T3 (Appendix F) and a focus group of "
        f"{_span(left)} are one group of {_span(pooled['n'])}.",
        "Pooled means of the other statements are not printed.",
    )


def changes_over_time(report: Report) -> View:
    """Show what rose and what fell from wave to wave."""
    first, second, third = (report.means_of("Appendix F", wave=wave) for wave in ("T1", "T2", "T3"))
    early, late = _change(first, second), _change(second, third)
    columns = {
        "mean, T1": first["mean"],
        "mean, T2": second["mean"],
        "mean, T3": third["mean"],
        "T1 to T2": early,
        "T2 to T3": late,
        "tested": pd.Series(first.index.isin(report.paired["statement_id"]), index=first.index),
    }
    return _view(
        "Importance over time, participants, widest rise from T1 to T2 first",
        _labelled(columns, early.sort_values(ascending=False, kind="stable").index),
        _MEANS.format("important"),
        f"From T1 to T2 {_rose_and_fell(early)}. From T2 to T3 {_rose_and_fell(late)}.",
        "Tested: Table 10 prints a t of pairs for T1 to T2. Here are all who answered: "
        f"{_span(first['n'])} people at T1, {_span(second['n'])} at T2, {_span(third['n'])} at T3.",
    )


def importance_against_support(report: Report) -> View:
    """Show which statements are more important than they are supported, by rank."""
    important = _ranks(report.means_of("Appendix F", wave="T3"))
    supported = _ranks(report.means_of("Appendix H", wave="T3"))
    places = (supported["place"] - important["place"])[important.index]
    columns = {
        "mean, importance": important["mean"],
        "rank, importance": important["rank"],
        "mean, support": supported["mean"],
        "rank, support": supported["rank"],
        "places lower": places,
    }
    return _view(
        "Importance and support, participants at T3, widest gap first",
        _labelled(columns, places.sort_values(ascending=False, kind="stable").index),
        f"{_MEANS.format('important')} Support: 1 (not at all) to 4 (very supported).",
        f"{_RANKS} Places lower: how far the best rank in support lies below that in importance. "
        "The scales measure different things, so their means are not subtracted.",
    )


def support_extremes(report: Report, *, count: int = 4) -> View:
    """List the most and the least supported statements with everything tied at the edge."""
    participants = report.means_of("Appendix H", wave="T3")
    supervisors = report.means_of("Appendix I")
    listed = {place: set(report.means_of(place).index) for place in LISTS}
    most, least, most_supervisors, least_supervisors = listed.values()
    parts = [
        _ends("participants, T3", participants, count, most | least),
        _ends("supervisors", supervisors, count, most_supervisors | least_supervisors),
    ]
    return _view(
        f"Support: the {count} highest and the {count} lowest means, and all that are tied",
        pd.concat(parts, ignore_index=True),
        _MEANS.format("supported"),
        "The report’s lists are Tables 11 to 14.",
    )


def inconsistencies_found(report: Report) -> View:
    """List the inconsistencies of the report."""
    table = inconsistencies(report)
    return _view(
        f"Where the report contradicts itself or outruns its numbers: {len(table)} places",
        table.rename(columns={"number": "no."}),
        "Printed: in our words. Statements go by the report’s numbers.",
    )


def _view(title: str, table: pd.DataFrame, *notes: str) -> View:
    """Return a table with its title and notes."""
    return View(title, table, notes)


def _labelled(columns: Mapping[str, pd.Series[Any]], order: pd.Index[Any]) -> pd.DataFrame:
    """Return columns in an order of statements, with identifier and short name in front."""
    labels = {"statement": order, "in short": order.map(_SHORT)}
    ordered = {name: column.loc[order].array for name, column in columns.items()}
    return pd.DataFrame(labels | ordered)


def _ranks(means: pd.DataFrame) -> pd.DataFrame:
    """Return printed n and means with their ranks, highest first."""
    return ranked(means["mean"]).set_index("statement_id")[["rank", "place"]].join(means)


def _ends(who: str, means: pd.DataFrame, count: int, listed: set[Any]) -> pd.DataFrame:
    """Return the extremes of one group's printed means, and whether the report lists them."""
    ends = extremes(means["mean"], count)
    return pd.DataFrame(
        {
            "group": who,
            "support": ends["end"],
            "statement": ends["statement_id"],
            "in short": ends["statement_id"].map(_SHORT),
            "mean": means["mean"].loc[ends["statement_id"]].array,
            "rank": ends["rank"],
            "in the report’s list": ends["statement_id"].isin(listed),
        }
    )


def _why_not_again(a: pd.DataFrame, b: pd.DataFrame) -> str:
    """Return why printed means cannot be tested again."""
    table = a.add_suffix("_a").join(b.add_suffix("_b")).assign(sd_a=None, sd_b=None)
    try:
        welch_from_report(table.reset_index())
    except WithheldError as reason:
        return f"No test: {reason}."
    return "n, means and SDs are printed, so the tests can be repeated."


def _change(before: pd.DataFrame, after: pd.DataFrame) -> pd.Series[float]:
    """Return the change of printed means, to their decimals."""
    return (after["mean"].astype(float) - before["mean"].astype(float)).round(2)


def _rose_and_fell(change: pd.Series[float]) -> str:
    """Count the rises and falls."""
    rose, fell = int((change > 0).sum()), int((change < 0).sum())
    same = len(change) - rose - fell
    return f"{rose} of {len(change)} rose and {fell} fell" + (f" ({same} stayed)" if same else "")


def _span(n: pd.Series[int]) -> str:
    """Return the smallest and largest n."""
    return str(n.max()) if n.min() == n.max() else f"{n.min()} to {n.max()}"
