"""Which KSAs tasks need: links as the panel adopted or judged them, and what is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from rds.outline.outline import Outline

LINKAGE = ("task_id", "ksa_id", "level", "basis", "n_sme", "share", "retained")
LINKAGE_GAPS = ("unit", "id", "domain_id", "n_links", "n_retained", "finding")

SLACK = 1e-9
"""Shares of experts closer than this to the declared one count as reaching it."""

NO_LINK, WEAK_LINKS = "no link", "no link that counts"


class LinkRule(NamedTuple):
    """When a link counts: `share` (0 to 1) of those who judged it gave it `level` or more."""

    level: float = 2
    share: float = 0.5

    def counts(self, table: pd.DataFrame) -> pd.Series[bool]:
        """Tell which rows with ``level`` and ``share`` count; without a share the level decides."""
        by_share = table["share"] >= self.share - SLACK
        return by_share.where(table["share"].notna(), table["level"] >= self.level).astype(bool)


def link_judgements(links: pd.DataFrame) -> pd.DataFrame:
    """Return links as rows of ``sme_id``, ``task_id``, ``ksa_id``, ``level``, checked.

    Parameters
    ----------
    links
        A row for each link, with ``sme_id`` where several experts judged on their own; or a grid
        with tasks in rows, KSAs in columns and levels in cells.

    Raises
    ------
    ValueError
        For missing columns, levels that are negative or infinite, or a link given twice.
    """
    if "ksa_id" in links.columns:
        if missing := {"task_id", "level"} - {*links.columns}:
            raise ValueError(f"links lack the column {', '.join(sorted(missing))}")
        rows = links.assign(sme_id=links["sme_id"].astype(str) if "sme_id" in links else "")
    else:
        long = links.rename_axis("task_id").reset_index()
        rows = long.melt("task_id", var_name="ksa_id", value_name="level").assign(sme_id="")
    rows = rows.astype({"task_id": str, "ksa_id": str, "level": float})
    if (rows["level"] < 0).any() or np.isinf(rows["level"]).any():
        raise ValueError("levels of links must be zero or more")
    keys = ["sme_id", "task_id", "ksa_id"]
    if (twice := rows.duplicated(keys)).any():
        _, task, ksa = rows.loc[twice, keys].iloc[0]
        raise ValueError(f"the link of {task} and {ksa} is given twice")
    return rows[[*keys, "level"]]


def pooled_links(judged: pd.DataFrame, *, minimum_level: float) -> pd.DataFrame:
    """Pool what experts said of each task and KSA.

    Whoever linked a task to anything has judged all KSAs of the table, with level 0 where there is
    no row; an empty level is one that was not judged.

    Parameters
    ----------
    judged
        As `link_judgements` returns it.
    minimum_level
        The level that counts.

    Returns
    -------
    DataFrame
        ``task_id``, ``ksa_id``, ``level`` (mean), ``n_sme`` (experts who judged the pair),
        ``share`` (those of them who gave `minimum_level` or more); a row for each pair that
        somebody judged.

    Examples
    --------
    >>> said = [("S1", "T1", "K1", 3), ("S2", "T1", "K1", 1), ("S2", "T1", "K2", 2)]
    >>> table = pd.DataFrame(said, columns=["sme_id", "task_id", "ksa_id", "level"])
    >>> pooled_links(link_judgements(table), minimum_level=2)
      task_id ksa_id  level  n_sme  share
    0      T1     K1    2.0      2    0.5
    1      T1     K2    1.0      2    0.5
    """
    index, columns = ["task_id", "sme_id"], "ksa_id"
    rows = judged.assign(given=True)
    level = rows.pivot(index=index, columns=columns, values="level")
    given = rows.pivot(index=index, columns=columns, values="given").notna()
    has_judged = level.notna().any(axis=1)
    level = level.where(given, 0.0)[has_judged]
    reached = (level >= minimum_level).astype(float).where(level.notna())
    parts = {
        "level": level.groupby("task_id").mean(),
        "n_sme": level.groupby("task_id").count(),
        "share": reached.groupby("task_id").mean(),
    }
    table = pd.DataFrame(
        {name: part.rename_axis(columns=None).stack() for name, part in parts.items()}
    )
    table.index.names = ["task_id", "ksa_id"]
    table = table[table["n_sme"] > 0].reset_index()
    return table.astype({"n_sme": int})


def linkage_table(
    outline: Outline, rule: LinkRule, *, judgements: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the links of active tasks and KSAs, and which of them count.

    Parameters
    ----------
    outline
        The outline with the links of the sheet Linkage.
    rule
        When a link counts.
    judgements
        What experts judged, if they did: ``sme_id``, ``task_id``, ``ksa_id``, ``level``, as
        `pooled_links` takes them. What was judged goes before what the sheet says.

    Returns
    -------
    DataFrame
        Columns `LINKAGE`, in outline order: ``level`` is the experts' mean, or the sheet's level;
        ``basis`` (judgements, sheet); ``n_sme`` and ``share`` are empty for the sheet's own links;
        ``retained`` (bool). A pair that nobody gave a level above 0 has no row.

    Raises
    ------
    ValueError
        As `link_judgements`.
    """
    rows = [(link.task_id, link.ksa_id, float(link.level)) for link in outline.links]
    table = pd.DataFrame(rows, columns=["task_id", "ksa_id", "level"]).assign(basis="sheet")
    table = table.assign(n_sme=pd.array([None] * len(table), dtype="Int64"), share=np.nan)
    if judgements is not None and len(judgements):
        judged = pooled_links(link_judgements(judgements), minimum_level=rule.level)
        judged = judged.assign(basis="judgements").astype({"n_sme": "Int64"})
        table = pd.concat([judged, table]) if len(table) else judged
        table = table.drop_duplicates(["task_id", "ksa_id"])
    tasks = {task.task_id: at for at, task in enumerate(outline.active_tasks)}
    ksas = {ksa.ksa_id: at for at, ksa in enumerate(outline.active_ksas)}
    known = table["task_id"].isin(list(tasks)) & table["ksa_id"].isin(list(ksas))
    table = table[known & (table["level"] > 0)]
    order = table.assign(task=table["task_id"].map(tasks), ksa=table["ksa_id"].map(ksas))
    table = order.sort_values(["task", "ksa"])
    return table.assign(retained=rule.counts(table))[list(LINKAGE)].reset_index(drop=True)


def linkage_gaps(outline: Outline, table: pd.DataFrame) -> pd.DataFrame:
    """Return the tasks without a KSA and the KSAs without a task.

    Parameters
    ----------
    outline
        The outline.
    table
        As `linkage_table` returns it.

    Returns
    -------
    DataFrame
        Columns `LINKAGE_GAPS`, tasks first: ``unit`` (task, KSA), ``finding`` (no link, no link
        that counts). Empty where all is linked, and where the study has neither KSAs nor links.
    """
    if not outline.active_ksas:
        return pd.DataFrame(columns=list(LINKAGE_GAPS))
    tasks = [(task.task_id, task.domain_id) for task in outline.active_tasks]
    ksas = [(ksa.ksa_id, "") for ksa in outline.active_ksas]
    rows = [*_alone("task", tasks, table, "task_id"), *_alone("KSA", ksas, table, "ksa_id")]
    return pd.DataFrame(rows, columns=list(LINKAGE_GAPS))


def _alone(
    unit: str, statements: Sequence[tuple[str, str]], table: pd.DataFrame, column: str
) -> Iterator[tuple[str, str, str, int, int, str]]:
    """Yield the statements of a kind without a link, or without one that counts."""
    links = table[column].value_counts()
    retained = table.loc[table["retained"].astype(bool), column].value_counts()
    for name, domain in statements:
        n, n_retained = int(links.get(name, 0)), int(retained.get(name, 0))
        if not n_retained:
            yield unit, name, domain, n, 0, WEAK_LINKS if n else NO_LINK
