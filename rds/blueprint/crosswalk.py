"""Old blueprint against new: which statements belong together, and what changed in weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from rds.blueprint.apportion import AllocationMethod, allocate
from rds.outline.similarity import LIKELY, likely_pairs, similarities

RELATIONS = ("same", "reworded", "merged", "split", "new", "dropped")
LINKS = ("unit", "old_id", "new_id", "similarity", "relation")
CROSSWALK = (
    "unit", "old_ids", "new_ids", "relation", "confirmed", "old_weight", "new_weight", "change",
    "se", "ci_low", "ci_high", "margin", "verdict", "old_items", "new_items", "items_change",
)  # fmt: skip
WITHIN, BEYOND, OPEN = "within the margin", "beyond the margin", "not settled"


def similarity(old: Sequence[str], new: Sequence[str]) -> NDArray[np.float64]:
    """Return how alike the wording of statements is, old × new, between 0 and 1.

    As `rds.outline.similarity.similarities`, as an array.

    Examples
    --------
    >>> similarity(["Assess risk."], ["assess  risk", "Bake bread"]).round(2).tolist()
    [[1.0, 0.0]]
    """
    return np.array(similarities(old, new), dtype=np.float64).reshape(len(old), len(new))


def suggest_crosswalk(
    old: pd.Series[str], new: pd.Series[str], *, unit: str = "domain", likely: float = LIKELY
) -> pd.DataFrame:
    """Suggest which old statements became which new ones, by their words alone.

    Each statement goes with the most similar one of the other list, if at least `likely`. Of those
    that choose the same partner, several old ones are suggested as merged, several new ones as
    split. Identifiers play no part: they are often given anew. People confirm.

    Parameters
    ----------
    old, new
        Statements by identifier.
    unit
        What they are: ``"domain"`` or ``"task"``.
    likely
        Between 0 and 1.

    Returns
    -------
    DataFrame
        Columns `LINKS`: a row for each pair, each new and each dropped statement; ``relation`` is
        same (the same words), reworded, merged, split, new or dropped.

    Examples
    --------
    >>> old = pd.Series({"A": "Assess risk of harm", "B": "File reports"})
    >>> new = pd.Series({"D1": "File weekly reports", "D2": "Assess risk of harm"})
    >>> suggest_crosswalk(old, new)[["old_id", "new_id", "relation"]].values.tolist()
    [['A', 'D2', 'same'], ['B', 'D1', 'reworded']]
    """
    alike = similarity(old.tolist(), new.tolist())
    names = [str(name) for name in old.index], [str(name) for name in new.index]
    both, joining = likely_pairs(alike.tolist(), *names, likely=likely)
    pairs = sorted([*both, *joining])
    olds, news = Counter(i for i, _ in pairs), Counter(j for _, j in pairs)
    rows = []
    for i, j in pairs:
        relation = "same" if alike[i, j] == 1 else "reworded"
        relation = "split" if olds[i] > 1 else "merged" if news[j] > 1 else relation
        rows.append((unit, str(old.index[i]), str(new.index[j]), alike[i, j], relation))
    rows += [
        (unit, str(n), "", np.nan, "dropped") for i, n in enumerate(old.index) if i not in olds
    ]
    rows += [(unit, "", str(n), np.nan, "new") for j, n in enumerate(new.index) if j not in news]
    return pd.DataFrame(rows, columns=list(LINKS))


def compare_blueprints(
    old: pd.DataFrame,
    new: pd.DataFrame,
    links: pd.DataFrame,
    *,
    margin: float = 0.02,
    confidence: float = 0.95,
    method: AllocationMethod = "hamilton",
) -> pd.DataFrame:
    """Return the change in weight and items of all that belongs together, old and new.

    Statements that were merged or split are compared as a whole, so that the weights of both
    sides add up to 1. The change is new − old, its SE √(SE_old² + SE_new²); an old weight without
    SE is taken as it is printed. The SE of a sum is at most the sum of the SEs, and that is taken.
    By two one-sided tests the change is within the margin when its interval of confidence
    1 − 2·(1 − `confidence`) lies inside ± margin, beyond it when it lies outside, and otherwise
    not settled.

    Parameters
    ----------
    old, new
        By identifier: ``weight`` (share), ``se``, ``items``; what is not known is NaN.
    links
        Columns ``unit``, ``old_id``, ``new_id`` (empty where there is none), ``relation``, and
        ``confirmed`` (bool).
    margin
        Change of a share that does not matter, declared in advance.
    confidence
        Of each one-sided test.
    method
        How old weights become the items of an exam of today's length, where the lengths differ.

    Returns
    -------
    DataFrame
        Columns `CROSSWALK`; ``old_items`` are as printed, ``items_change`` is against the items
        that the old weights give at the new length.

    Notes
    -----
    Equivalence by two one-sided tests: Schuirmann (1987), Journal of Pharmacokinetics and
    Biopharmaceutics 15.
    """
    at_length = _at_new_length(old, new, method)
    reach = float(stats.norm.ppf(confidence))
    rows = []
    for own in _belonging(links):
        before = old.reindex([name for name in dict.fromkeys(own["old_id"]) if name])
        after = new.reindex([name for name in dict.fromkeys(own["new_id"]) if name])
        change = _sum(after["weight"]) - _sum(before["weight"])
        se = float(np.hypot(before["se"].fillna(0).sum(), _sum(after["se"])))
        low, high = change - reach * se, change + reach * se
        rows.append(
            {
                "unit": own["unit"].iloc[0],
                "old_ids": ", ".join(before.index),
                "new_ids": ", ".join(after.index),
                "relation": " and ".join(dict.fromkeys(own["relation"])),
                "confirmed": bool(own["confirmed"].all()),
                "old_weight": _sum(before["weight"]),
                "new_weight": _sum(after["weight"]),
                "change": change,
                "se": se,
                "ci_low": low,
                "ci_high": high,
                "margin": margin,
                "verdict": _verdict(low, high, margin),
                "old_items": _sum(before["items"]),
                "new_items": _sum(after["items"]),
                "items_change": _sum(after["items"]) - _sum(at_length.reindex(before.index)),
            }
        )
    return pd.DataFrame(rows, columns=list(CROSSWALK))


def _belonging(links: pd.DataFrame) -> list[pd.DataFrame]:
    """Split links into groups that share no statement, in the order of their first row."""
    sides = [(links["unit"] + "\t" + side + links[f"{side}_id"]) for side in ("old", "new")]
    has = [links[f"{side}_id"] != "" for side in ("old", "new")]
    codes, _ = pd.factorize(pd.concat([side[own] for side, own in zip(sides, has, strict=True)]))
    rows = np.concatenate([np.flatnonzero(has[0]), np.flatnonzero(has[1])])
    size = len(links) + len(np.unique(codes))
    graph = coo_array((np.ones(len(rows)), (rows, len(links) + codes)), shape=(size, size))
    _, part = connected_components(graph, directed=False)
    own = part[: len(links)]
    return [links[own == one] for one in dict.fromkeys(own.tolist())]


def _at_new_length(
    old: pd.DataFrame, new: pd.DataFrame, method: AllocationMethod
) -> pd.Series[float]:
    """Return the items that old weights give at the new exam's length; as printed if that is it."""
    length, printed = new["items"].sum(min_count=1), old["items"].sum(min_count=1)
    if printed == length or old["weight"].isna().any() or pd.isna(length) or old.empty:
        return old["items"].astype(float)
    names = [str(name) for name in old.index]
    plan = allocate(old["weight"].tolist(), items=int(length), method=method, identifiers=names)
    return pd.Series(list(plan.items), index=old.index, dtype=float)


def _sum(values: pd.Series[float]) -> float:
    """Return a sum: 0 of nothing, NaN where one is not known."""
    return float(values.astype(float).sum(skipna=False))


def _verdict(low: float, high: float, margin: float) -> str:
    """Say whether a change stays within the margin; nothing where its error is not known."""
    if np.isnan(low):
        return ""
    if -margin < low and high < margin:
        return WITHIN
    return BEYOND if low > margin or high < -margin else OPEN
