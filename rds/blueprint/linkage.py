"""KSAs: the weight of each follows from the tasks that need it, through the linkage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.blueprint.apportion import allocate
from rds.blueprint.errors_of_weights import WeightErrors
from rds.notes import Note
from rds.outline.outline import Outline
from rds.settings import Settings

KSA_WEIGHTS = ("ksa_id", "kind", "weight", "se", "n_tasks", "items")
UNLINKED = "unlinked"
"""The row that keeps the weight of tasks without a link that counts."""

_SLACK = 1e-9
"""Shares of experts closer than this to the declared one count as reaching it."""


def link_weights(
    task_weights: pd.Series[float],
    links: pd.DataFrame,
    *,
    minimum_level: float = 2,
    minimum_share: float = 0.5,
    unlinked: Literal["row", "refuse"] = "row",
    ksas: Sequence[str] | None = None,
    errors: WeightErrors | None = None,
) -> pd.DataFrame:
    """Pass the weights of tasks on to the KSAs they need.

    A link counts when at least `minimum_share` of the experts who judged it gave it
    `minimum_level` or more; its strength L is then their mean level. A task hands its weight to its
    KSAs in proportion to L: W_k = Σ_t W_t·L_tk/Σ_k L_tk, so that a task with many links weighs no
    more than one with few. A task without a link that counts cannot pass its weight on: it stays
    in the row “unlinked”, and the weights of all rows add up to those of the tasks.

    Parameters
    ----------
    task_weights
        Weight by task, as in `task_weights`: zero or more. Links of other tasks are left out.
    links
        A row for each link: ``task_id``, ``ksa_id``, ``level`` (0 or more; 0 to 3, or 0 and 1), and
        where several experts judged on their own ``sme_id``. Whoever linked a task to anything
        has judged all its KSAs, with level 0 where there is no row; an empty level is one that
        was not judged. Or a grid: tasks in rows, KSAs in columns, levels in cells.
    minimum_level, minimum_share
        When a link counts; the share is between 0 and 1.
    unlinked
        ``"refuse"`` to stop at tasks without a link that counts.
    ksas
        KSAs in the order wanted, those without links included; without it those of `links`.
    errors
        Errors of the tasks' weights, of which those of the KSAs follow, the links taken as given.

    Returns
    -------
    DataFrame
        ``ksa_id``, ``weight``, ``se`` (NaN without `errors`), ``n_tasks`` (tasks whose weight it
        carries a part of), the row “unlinked” last.

    Raises
    ------
    ValueError
        For weights or levels that are missing or negative, a link given twice, unknown KSAs, or
        tasks without links where these are refused.

    Notes
    -----
    After Wang, Schnipke and Witt (2005), Educational Measurement: Issues and Practice 24.

    Examples
    --------
    >>> weights = pd.Series({"T1": 0.5, "T2": 0.3, "T3": 0.2})
    >>> grid = pd.DataFrame({"K1": [3, 2, 0], "K2": [2, 0, 1]}, index=["T1", "T2", "T3"])
    >>> link_weights(weights, grid)[["ksa_id", "weight", "n_tasks"]]
         ksa_id  weight  n_tasks
    0        K1     0.6        2
    1        K2     0.2        1
    2  unlinked     0.2        1
    """
    shares = transfer(
        [str(task) for task in task_weights.index],
        links,
        minimum_level=minimum_level,
        minimum_share=minimum_share,
        ksas=ksas,
    )
    weights = _checked(task_weights)
    without = shares.index[shares[UNLINKED] > 0].tolist()
    if unlinked == "refuse" and without:
        raise ValueError(f"no link that counts for {', '.join(without)}")
    return pd.DataFrame(
        {
            "ksa_id": list(shares.columns),
            "weight": weights @ shares.to_numpy(),
            "se": np.nan if errors is None else _standard_errors(shares, errors),
            "n_tasks": (shares > 0).sum().to_numpy(),
        }
    )


def transfer(
    tasks: Sequence[str],
    links: pd.DataFrame,
    *,
    minimum_level: float,
    minimum_share: float,
    ksas: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return which share of its weight each task hands to which KSA, or keeps as “unlinked”.

    Parameters
    ----------
    tasks
        The tasks, in order.
    links, minimum_level, minimum_share, ksas
        As in `link_weights`.

    Returns
    -------
    DataFrame
        Tasks × KSAs and “unlinked”; every row adds up to 1.
    """
    if not minimum_level > 0 or not 0 <= minimum_share <= 1:
        raise ValueError("minimum_level must be above 0, and minimum_share between 0 and 1")
    judged = _judgements(links)
    known = list(dict.fromkeys(judged["ksa_id"])) if ksas is None else [str(name) for name in ksas]
    if unknown := sorted({*judged["ksa_id"]} - {*known}):
        raise ValueError(f"links name KSAs that are not given: {', '.join(unknown)}")
    if UNLINKED in known:
        raise ValueError(f"a KSA is called “{UNLINKED}”, the name of the row of unlinked tasks")
    strength = _strength(judged, minimum_level, minimum_share)
    strength = strength.reindex(index=list(tasks), columns=known, fill_value=0.0)
    total = strength.sum(axis=1)
    shares = strength.div(total.where(total > 0, 1.0), axis=0)
    return shares.assign(**{UNLINKED: (total == 0).astype(float)})


def no_ksa_weights() -> pd.DataFrame:
    """Return the table ``ksa_weights`` of a study without links."""
    return pd.DataFrame(columns=list(KSA_WEIGHTS))


def ksa_table(
    outline: Outline,
    weights: pd.Series[float],
    *,
    settings: Settings,
    errors: WeightErrors | None,
    judged: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the table ``ksa_weights`` of a study, empty without links, and its notes.

    Parameters
    ----------
    outline
        The panel's outline with its links; KSAs that are not active pass nothing on.
    weights
        Adopted weight by task that is kept.
    errors
        Errors of these weights, where they are known.
    judged
        Levels that single SMEs gave: ``sme_id``, ``task_id``, ``ksa_id``, ``level``. Tasks that
        they judged take their links from here, as `linkage.links_from` says; others from the
        outline.

    Raises
    ------
    ValueError
        As `link_weights`.
    """
    kinds = {ksa.ksa_id: str(ksa.kind) for ksa in outline.active_ksas}
    rows, more = _links(outline, settings, judged)
    rows = rows[rows["task_id"].isin(list(weights.index)) & rows["ksa_id"].isin(list(kinds))]
    if rows.empty:
        return no_ksa_weights(), more
    table = link_weights(
        weights,
        rows,
        minimum_level=settings.linkage.minimum_level,
        minimum_share=settings.linkage.minimum_share_percent / 100,
        unlinked=settings.linkage.unlinked,
        ksas=list(kinds),
        errors=errors,
    )
    table["kind"] = [kinds.get(name, "") for name in table["ksa_id"]]
    section = settings.blueprint
    table["items"] = allocate(
        table["weight"].tolist(),
        items=section.items,
        method=section.rounding,
        identifiers=table["ksa_id"].tolist(),
    )
    return table[list(KSA_WEIGHTS)], [*more, *_notes(rows, table, weights, settings)]


def _links(
    outline: Outline, settings: Settings, judged: pd.DataFrame | None
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the links that count, those of single SMEs first, and where they come from."""
    sheet = pd.DataFrame(
        [("", link.task_id, link.ksa_id, float(link.level)) for link in outline.links],
        columns=["sme_id", "task_id", "ksa_id", "level"],
    )
    if judged is None or judged.empty or settings.linkage.links_from == "sheet":
        return sheet, []
    rest = sheet[~sheet["task_id"].isin(judged["task_id"].tolist())]
    n, tasks = judged["sme_id"].nunique(), judged["task_id"].nunique()
    reason = f"the links of {tasks} tasks are those that {n} SMEs judged, not the sheet Linkage"
    if len(rest):
        reason += f"; of {rest['task_id'].nunique()} tasks that nobody judged, the sheet's"
    note = Note("ksa_weights", "", "weight", "assumed", reason)
    return pd.concat([judged[sheet.columns], rest], ignore_index=True), [note]


def _checked(task_weights: pd.Series[float]) -> NDArray[np.float64]:
    """Refuse weights that are missing or negative."""
    values = np.asarray(task_weights, dtype=np.float64)
    if not task_weights.index.is_unique:
        raise ValueError("a task has two weights")
    if np.isnan(values).any() or (values < 0).any():
        raise ValueError("weights of tasks must be zero or more, and none may be missing")
    return values


def _judgements(links: pd.DataFrame) -> pd.DataFrame:
    """Return the links as rows of ``sme_id``, ``task_id``, ``ksa_id``, ``level``, checked."""
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


def _strength(judged: pd.DataFrame, minimum_level: float, minimum_share: float) -> pd.DataFrame:
    """Return the mean level of every link that counts and 0 for others, tasks × KSAs."""
    rows = judged.assign(given=True)
    index, columns = ["task_id", "sme_id"], "ksa_id"
    level = rows.pivot(index=index, columns=columns, values="level")
    given = rows.pivot(index=index, columns=columns, values="given").notna()
    has_judged = level.notna().any(axis=1)
    level = level.where(given, 0.0)[has_judged]
    reached = (level >= minimum_level).astype(float).where(level.notna())
    by_task = reached.groupby("task_id").mean()
    return level.groupby("task_id").mean().where(by_task >= minimum_share - _SLACK, 0.0)


def _standard_errors(shares: pd.DataFrame, errors: WeightErrors) -> NDArray[np.float64]:
    """Return the standard error of each KSA's weight: a fixed mixture of the tasks' weights."""
    own = shares.reindex([str(task) for task in errors.tasks.index], fill_value=0.0).to_numpy()
    return np.asarray(np.sqrt(((errors.deviations @ own) ** 2).sum(axis=0)), dtype=np.float64)


def _notes(
    rows: pd.DataFrame, table: pd.DataFrame, weights: pd.Series[float], settings: Settings
) -> list[Note]:
    """Return what does not count, and which tasks and KSAs stand alone."""
    level, percent = settings.linkage.minimum_level, settings.linkage.minimum_share_percent
    shares = transfer(
        [str(task) for task in weights.index],
        rows,
        minimum_level=level,
        minimum_share=percent / 100,
        ksas=[name for name in table["ksa_id"] if name != UNLINKED],
    )
    given = rows[rows["level"] > 0].drop_duplicates(["task_id", "ksa_id"])
    below = len(given) - int((shares.drop(columns=UNLINKED) > 0).sum().sum())
    alone = [str(task) for task in shares.index[shares[UNLINKED] > 0]]
    orphans = table.loc[(table["n_tasks"] == 0) & (table["ksa_id"] != UNLINKED), "ksa_id"]
    notes = []
    if below:
        reason = f"{below} of {len(given)} links are below level {level} and do not count"
        if (rows["sme_id"] != "").any():
            reason = f"{below} of {len(given)} links that an SME gave do not count: fewer than "
            reason += f"{percent:g} percent gave them level {level}"
        notes.append(Note("ksa_weights", "", "weight", "dropped", reason))
    if alone:
        reason = f"the weight of tasks without a link that counts: {', '.join(alone)}"
        notes.append(Note("ksa_weights", UNLINKED, "weight", "assumed", reason))
    for name in orphans:
        reason = "no task that is kept needs it by a link that counts"
        notes.append(Note("ksa_weights", str(name), "weight", "dropped", reason))
    return notes
