"""The means that the sheets show: of those whose ratings set the weights, on the base used."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rds.blueprint.plan import Blueprint


@dataclass(frozen=True, eq=False)
class ScaleRatings:
    """One scale's ratings of the statements.

    Parameters
    ----------
    scale
        Name of the scale.
    base
        ``"performers"``, ``"all"``, or ``"rated"`` where nobody was asked who performs what.
    table
        ``n`` and ``mean`` by statement.
    """

    scale: str
    base: str
    table: pd.DataFrame


def scale_ratings(blueprint: Blueprint) -> list[ScaleRatings]:
    """Return n and mean of every statement on the scales of the model, in its order."""
    table = _weighting_rows(blueprint)
    used = {name.casefold() for name in blueprint.settings.weights.scales}
    found = [str(name) for name in table["scale"].unique() if str(name).casefold() in used]
    order = [name.casefold() for name in blueprint.settings.weights.scales]
    found.sort(key=lambda name: order.index(name.casefold()))
    frequency = {scale.name for scale in blueprint.scales if scale.role == "frequency"}
    return [
        _on_base_used(table[table["scale"] == name], name, is_frequency=name in frequency)
        for name in found
    ]


def percent_performing(blueprint: Blueprint) -> pd.Series[float]:
    """Return the percent performing by statement; empty where nobody was asked.

    Percentages of several groups or waves are not pooled: such statements are left out.
    """
    table = _weighting_rows(blueprint).dropna(subset=["percent_performing"])
    by_statement = table.groupby("statement_id")["percent_performing"]
    return by_statement.first()[by_statement.nunique() == 1].astype(float)


def _weighting_rows(blueprint: Blueprint) -> pd.DataFrame:
    """Return the rows of those whose ratings set the weights; everybody's if none matches."""
    table, section = blueprint.analysis.statement_ratings, blueprint.settings.respondents
    weighted = table[table["weighted"].astype(bool)]
    if len(weighted):
        return weighted
    own = table[table["group"].isin(section.weight_from)]
    if "all" not in section.weight_waves:
        own = own[own["wave"].isin(section.weight_waves) | (own["group_variable"] == "")]
    return own if len(own) else table[table["group"] == "all"]


def _on_base_used(rows: pd.DataFrame, scale: str, *, is_frequency: bool) -> ScaleRatings:
    """Pool a scale's rows over groups and waves, on the base that the weights use.

    That is performers, but everybody on a frequency scale: leaving out those who do not perform a
    task would make a rare one look frequent.
    """
    wanted = "all" if is_frequency else "performers"
    base = wanted if (rows["base"] == wanted).any() else str(rows["base"].iloc[0])
    chosen = rows[rows["base"] == base]
    known = chosen["n"].where(chosen["mean"].notna())
    parts = chosen.assign(known=known, total=known * chosen["mean"])
    sums = parts.groupby("statement_id", sort=False)[["n", "known", "total"]].sum(min_count=1)
    table = pd.DataFrame({"n": sums["n"], "mean": sums["total"] / sums["known"]})
    asked = (rows["base"] == "performers").any()
    return ScaleRatings(scale, base if asked else "rated", table)
