"""KSAs: the weight of each follows from the tasks that need it, through the linkage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.analysis.linkage import LinkRule, link_judgements, pooled_links
from rds.blueprint.apportion import allocate
from rds.blueprint.errors_of_weights import WeightErrors
from rds.notes import Note
from rds.outline.outline import Outline
from rds.settings import Settings

KSA_WEIGHTS = ("ksa_id", "kind", "weight", "se", "n_tasks", "items")
UNLINKED = "unlinked"
"""The row that keeps the weight of tasks without a link that counts."""


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
        was not judged. Or a row for each pair with ``level`` and ``share``, as `linkage_table`
        returns it: pooled already, and where the share is empty the level decides. Or a grid:
        tasks in rows, KSAs in columns, levels in cells.
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
    strength = _strength(links, minimum_level, minimum_share, ksas)
    if UNLINKED in strength:
        raise ValueError(f"a KSA is called “{UNLINKED}”, the name of the row of unlinked tasks")
    strength = strength.reindex(index=list(tasks)).fillna(0.0)
    total = strength.sum(axis=1)
    shares = strength.div(total.where(total > 0, 1.0), axis=0)
    return shares.assign(**{UNLINKED: (total == 0).astype(float)})


def no_ksa_weights() -> pd.DataFrame:
    """Return the table ``ksa_weights`` of a study without links."""
    return pd.DataFrame(columns=list(KSA_WEIGHTS))


def declared_rule(settings: Settings) -> LinkRule:
    """Return when a link counts in a study."""
    return LinkRule(settings.linkage.minimum_level, settings.linkage.minimum_share_percent / 100)


def ksa_table(
    outline: Outline,
    links: pd.DataFrame,
    weights: pd.Series[float],
    *,
    settings: Settings,
    errors: WeightErrors | None,
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the table ``ksa_weights`` of a study, empty without links, and its notes.

    Parameters
    ----------
    outline
        The panel's outline; KSAs that are not active pass nothing on.
    links
        Its links, as `linkage_table` returns them.
    weights
        Adopted weight by task that is kept.
    errors
        Errors of these weights, where they are known.

    Raises
    ------
    ValueError
        As `link_weights`.
    """
    kinds = {ksa.ksa_id: str(ksa.kind) for ksa in outline.active_ksas}
    links = links[links["task_id"].isin(weights.index)]
    if not len(links):
        return no_ksa_weights(), []
    rule = declared_rule(settings)
    table = link_weights(
        weights,
        links,
        minimum_level=rule.level,
        minimum_share=rule.share,
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
    return table[list(KSA_WEIGHTS)], _notes(links, table, weights, rule)


def _checked(task_weights: pd.Series[float]) -> NDArray[np.float64]:
    """Refuse weights that are missing or negative."""
    values = np.asarray(task_weights, dtype=np.float64)
    if not task_weights.index.is_unique:
        raise ValueError("a task has two weights")
    if np.isnan(values).any() or (values < 0).any():
        raise ValueError("weights of tasks must be zero or more, and none may be missing")
    return values


def _strength(
    links: pd.DataFrame, minimum_level: float, minimum_share: float, ksas: Sequence[str] | None
) -> pd.DataFrame:
    """Return the mean level of every link that counts and 0 for others, tasks × KSAs."""
    judged = links if "share" in links else link_judgements(links)
    known = list(dict.fromkeys(judged["ksa_id"])) if ksas is None else [str(name) for name in ksas]
    if unknown := sorted({*judged["ksa_id"]} - {*known}):
        raise ValueError(f"links name KSAs that are not given: {', '.join(unknown)}")
    if "share" not in links:
        judged = pooled_links(judged, minimum_level=minimum_level)
    counts = LinkRule(minimum_level, minimum_share).counts(judged)
    table = judged.assign(level=judged["level"].where(counts, 0.0))
    return table.pivot(index="task_id", columns="ksa_id", values="level").reindex(columns=known)


def _standard_errors(shares: pd.DataFrame, errors: WeightErrors) -> NDArray[np.float64]:
    """Return the standard error of each KSA's weight: a fixed mixture of the tasks' weights."""
    own = shares.reindex([str(task) for task in errors.tasks.index], fill_value=0.0).to_numpy()
    return np.asarray(np.sqrt(((errors.deviations @ own) ** 2).sum(axis=0)), dtype=np.float64)


def _notes(
    links: pd.DataFrame, table: pd.DataFrame, weights: pd.Series[float], rule: LinkRule
) -> list[Note]:
    """Return what does not count, and which tasks and KSAs stand alone."""
    retained = links["retained"].astype(bool)
    counted = {*links.loc[retained, "task_id"]}
    below = int((~retained).sum())
    alone = [str(task) for task in weights.index if task not in counted]
    orphans = table.loc[(table["n_tasks"] == 0) & (table["ksa_id"] != UNLINKED), "ksa_id"]
    notes = []
    if below:
        by = " by enough of those who judged them" if links["share"].notna().any() else ""
        reason = (
            f"{below} of {len(links)} links are below level {rule.level:g}{by} and do not count"
        )
        notes.append(Note("ksa_weights", "", "weight", "dropped", reason))
    if alone:
        reason = f"the weight of tasks without a link that counts: {', '.join(alone)}"
        notes.append(Note("ksa_weights", UNLINKED, "weight", "assumed", reason))
    for name in orphans:
        reason = "no task that is kept needs it by a link that counts"
        notes.append(Note("ksa_weights", str(name), "weight", "dropped", reason))
    return notes
