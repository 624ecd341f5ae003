"""What a panel's judgements come to: one row for each statement, sorted task, domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rds.outline.judgements import LINK_LEVELS, RELEVANCE_POINTS

JUDGEMENTS = (
    "round", "part", "statement_id", "aspect", "n", "distribution", "median", "mean", "sd",
    "choice", "share", "consensus",
)  # fmt: skip
SORTING = ("task_id", "domain_id", "sorted_into", "n", "share", "flagged")
DOMAIN_PERCENTS = (
    "domain_id", "n", "mean", "median", "sd", "minimum", "maximum", "panel_percent",
)  # fmt: skip

RELEVANT = (3, 4)
"""The points that call a statement relevant."""

WIDE_SPREAD = 10.0
"""Percentage points between the quartiles from which SMEs lie far apart on a domain."""

NUMERIC_PARTS = ("relevance", "links", "percents", "ratings")
_EXACT = 1e-9


@dataclass(frozen=True)
class ConsensusRules:
    """When judgements agree, declared in advance; all are shares.

    Parameters
    ----------
    consensus
        SMEs who have to choose the same level or domain, or the same of linked and not linked.
    relevant
        SMEs who have to call a statement relevant.
    link_level
        Level from which a link counts.
    link_share
        SMEs who have to give a link that level.
    """

    consensus: float = 0.7
    relevant: float = 0.78
    link_level: float = 2
    link_share: float = 0.5


def judgements_table(
    judgements: pd.DataFrame,
    *,
    categories: Mapping[str, Sequence[str]],
    rules: ConsensusRules | None = None,
) -> pd.DataFrame:
    """Return what the judgements of each statement come to.

    Parameters
    ----------
    judgements
        Columns ``round``, ``sme_id``, ``part``, ``statement_id``, ``aspect`` and ``value``; each
        SME judged each place once at most.
    categories
        What could be chosen, by part (for ratings by the scale's name), in order.
    rules
        When judgements agree.

    Returns
    -------
    DataFrame
        Columns `JUDGEMENTS`. ``choice`` is what most chose, all of them where they tie: of
        relevance and links whether they hold; ``share`` the share of those who chose it.
        ``consensus`` is yes or no; missing for ratings, which are answers and no consensus.

    Examples
    --------
    >>> said = pd.DataFrame({
    ...     "round": 1, "sme_id": ["A", "B", "C"], "part": "levels", "statement_id": "T1",
    ...     "aspect": "", "value": ["use", "use", "recall"],
    ... })
    >>> found = judgements_table(said, categories={"levels": ["recall", "use"]})
    >>> found[["distribution", "choice", "consensus"]].values.tolist()
    [['recall: 1; use: 2', 'use', False]]
    """
    declared = rules or ConsensusRules()
    keys = ["round", "part", "statement_id", "aspect"]
    rows = []
    for place, own in judgements.groupby(keys, sort=False):
        part, aspect = str(place[1]), str(place[3])
        known = categories.get(aspect if part == "ratings" else part, ())
        rows.append((*place, len(own), *_summary(part, own["value"], known, declared)))
    table = pd.DataFrame(rows, columns=list(JUDGEMENTS))
    return table.astype(dict.fromkeys(("median", "mean", "sd", "share"), float))


def sorting_table(
    judgements: pd.DataFrame, task_domains: Mapping[str, str], domains: Sequence[str]
) -> pd.DataFrame:
    """Return into which domains SMEs sorted each task.

    Parameters
    ----------
    judgements
        As in `judgements_table`.
    task_domains
        Where each task stands in the outline.
    domains
        The domains, and what sorts a task into none.

    Returns
    -------
    DataFrame
        Columns `SORTING`, tasks × domains; ``share`` is of those who sorted the task. ``flagged``
        where more than half sorted the task elsewhere than it stands.
    """
    own = judgements[judgements["part"] == "sorting"]
    rows: list[tuple[object, ...]] = []
    for task, chosen in own.groupby("statement_id", sort=False)["value"]:
        n, home = len(chosen), task_domains.get(str(task), "")
        for domain in domains:
            count = int((chosen == domain).sum())
            rows.append((task, home, domain, count, count / n, domain != home and 2 * count > n))
    return pd.DataFrame(rows, columns=list(SORTING))


def percents_table(
    judgements: pd.DataFrame, panel_percents: Mapping[str, float | None]
) -> pd.DataFrame:
    """Return how SMEs share the exam out over the domains (columns `DOMAIN_PERCENTS`).

    Parameters
    ----------
    judgements
        As in `judgements_table`.
    panel_percents
        What the outline says now, by domain, in its order.
    """
    given = judgements[judgements["part"] == "percents"].astype({"value": float})
    by_domain = {str(name): values for name, values in given.groupby("statement_id")["value"]}
    rows = [
        (
            name, len(own), own.mean(), own.median(), own.std() if len(own) > 1 else np.nan,
            own.min(), own.max(), percent,
        )
        for name, percent in panel_percents.items()
        if (own := by_domain.get(name)) is not None
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(DOMAIN_PERCENTS))
    return table.astype(dict.fromkeys(DOMAIN_PERCENTS[2:], float))


def numbers_of(judgements: pd.DataFrame, part: str, aspect: str | None = None) -> pd.DataFrame:
    """Return the judgements of a part as a table: SMEs in rows, what was judged in columns.

    Parameters
    ----------
    judgements
        As in `judgements_table`.
    part
        The part; of links each pair of task and KSA is a column of its own.
    aspect
        The scale, of ratings.
    """
    own = judgements[judgements["part"] == part]
    if aspect is not None:
        own = own[own["aspect"] == aspect].assign(aspect="")
    named = own.assign(place=(own["statement_id"] + " " + own["aspect"]).str.strip())
    order = list(dict.fromkeys(named["place"]))
    table = named.pivot(index="sme_id", columns="place", values="value").reindex(columns=order)
    table = table.rename_axis(index=None, columns=None).astype(object)
    table = table.where(table.notna(), np.nan)
    return table.astype(float) if part in NUMERIC_PARTS else table


def _summary(
    part: str, values: pd.Series[str], categories: Sequence[str], rules: ConsensusRules
) -> tuple[object, ...]:
    """Return distribution, median, mean, SD, choice, share and consensus of one statement."""
    numbers = values.astype(float) if part in NUMERIC_PARTS else None
    spread: tuple[float, ...] = (np.nan, np.nan, np.nan)
    if numbers is not None:
        sd = float(numbers.std()) if len(numbers) > 1 else np.nan
        spread = (float(numbers.median()), float(numbers.mean()), sd)
    counts = {name: int((values == name).sum()) for name in categories}
    told = "; ".join(f"{name}: {count}" for name, count in counts.items())
    if part == "relevance" and numbers is not None:
        held = _held(numbers.isin(RELEVANT).mean(), 0.5, ("relevant", "not relevant"))
        return (told, *spread, *held, _reached(held[1], rules.relevant))
    if part == "links" and numbers is not None:
        share = (numbers >= rules.link_level).mean()
        held = _held(share, rules.link_share, ("linked", "not linked"))
        return (told, *spread, *held, _reached(max(share, 1 - share), rules.consensus))
    if part == "percents" and numbers is not None:
        low, high = np.quantile(numbers, [0.25, 0.75])
        return (told, *spread, "", np.nan, bool(high - low <= WIDE_SPREAD + _EXACT))
    return (told, *spread, *_modal(counts, len(values), part, rules))


def _held(share: float, least: float, words: tuple[str, str]) -> tuple[str, float]:
    """Return whether something holds, and the share of those who say so."""
    holds = share >= least - _EXACT
    return (words[0], float(share)) if holds else (words[1], float(1 - share))


def _reached(share: float, least: float) -> bool:
    """Tell whether a share is large enough."""
    return bool(share >= least - _EXACT)


def _modal(
    counts: Mapping[str, int], n: int, part: str, rules: ConsensusRules
) -> tuple[object, ...]:
    """Return what most chose, their share, and whether that is consensus."""
    most = max(counts.values(), default=0)
    chosen = [name for name, count in counts.items() if count == most and most]
    share = most / n
    agreed = len(chosen) == 1 and _reached(share, rules.consensus)
    return " / ".join(chosen), share, None if part == "ratings" else agreed


POINTS: Mapping[str, tuple[str, ...]] = {
    "relevance": tuple(map(str, RELEVANCE_POINTS)),
    "links": tuple(map(str, LINK_LEVELS)),
}
"""What could be chosen in the parts that are the same in every study."""
