"""Weighing: from ratings to weights of tasks, by a model, a domain rule and what is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.blueprint.direct import domain_answers
from rds.blueprint.domain_rules import DomainRule, TaskShares, share_tasks
from rds.blueprint.models import Combined, combine
from rds.errors import WithheldError
from rds.ratings.published import Published
from rds.ratings.ratings import Ratings

Floats = NDArray[np.float64]
UnratedRule = Literal["refuse", "mean of the domain", "lowest of the domain", "mean of all"]


@dataclass(frozen=True)
class Weighing:
    """All that turns ratings into weights.

    Parameters
    ----------
    domains
        Domain by task, for the tasks that carry weight, in order.
    model, scales, options
        The weight model, its scales and its options, as in `combine`.
    rule
        The domain rule.
    domain_scale
        For the rule “direct”: the scale on which domains were rated.
    unrated
        Tasks whose ratings do not count, or that have none: added, merged, split or reworded after
        the survey.
    unrated_rule
        The combined rating that these get.
    """

    domains: Mapping[str, str]
    model: str
    scales: Sequence[str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    rule: DomainRule = field(default_factory=DomainRule)
    domain_scale: str = ""
    unrated: tuple[str, ...] = ()
    unrated_rule: UnratedRule = "refuse"

    @property
    def tasks(self) -> list[str]:
        """The tasks that carry weight."""
        return list(self.domains)

    @property
    def rated(self) -> list[str]:
        """The tasks whose ratings count."""
        return [task for task in self.domains if task not in self.unrated]

    @property
    def is_plain(self) -> bool:
        """Whether weights are shares of combined ratings and nothing else."""
        return self.rule.is_plain_sum and not self.unrated

    def by_ratings(self) -> Weighing:
        """Return the weighing without the panel's and the fixed percentages."""
        return replace(self, rule=self.rule.from_ratings_alone())


@dataclass(frozen=True, eq=False)
class Weighed:
    """Weights of tasks, and the combined ratings they follow from.

    Attributes
    ----------
    combined
        Combined ratings of the tasks whose ratings count.
    ratings
        Combined rating by task, those given by the rule for unrated tasks included.
    tasks
        Adopted weight by task; sums to 1.
    domains
        Weight from ratings by domain that holds tasks.
    panel
        The panel's weight by domain; None where its percentages are incomplete.
    adopted
        Adopted weight by domain.
    """

    combined: Combined
    ratings: pd.Series[float]
    tasks: pd.Series[float]
    domains: pd.Series[float]
    panel: pd.Series[float] | None
    adopted: pd.Series[float]


def weigh(ratings: Ratings | Published, weighing: Weighing) -> Weighed:
    """Return the weights that ratings give.

    Raises
    ------
    ValueError
        As `combine` and `share_tasks`; when a task has no usable ratings, or weights are not
        defined.
    WithheldError
        As `combine`.
    """
    combined = combined_of(ratings, weighing)
    row = np.array([combined.rating], dtype=np.float64)
    if np.isnan(row).any():
        missing = ", ".join(map(str, combined.rating.index[combined.rating.isna()]))
        raise ValueError(f"no usable ratings for {missing}")
    if (row < 0).any() or (weighing.rated and not row.sum() > 0):
        raise ValueError("combined ratings must be zero or more, and not all zero")
    filled = with_unrated(row, weighing)
    shares = _shares(filled, weighing, direct_means(ratings, weighing))
    if np.isnan(shares.adopted).any():
        raise ValueError("percentages fixed for subdomains exceed what their parent gets")
    names = weighing.tasks
    return Weighed(
        combined=combined,
        ratings=pd.Series(filled[0], index=names, name="combined"),
        tasks=pd.Series(shares.adopted[0], index=names, name="weight"),
        domains=_by_domain(shares.by_ratings, weighing),
        panel=None if shares.by_panel is None else _by_domain(shares.by_panel, weighing),
        adopted=_by_domain(shares.adopted, weighing),
    )


def weigh_rows(
    combined: Floats, weighing: Weighing, direct: Mapping[str, Floats] | None = None
) -> Floats:
    """Return adopted task weights from rows of combined ratings of the tasks whose ratings count.

    A row is NaN where its ratings give no weights.
    """
    filled = with_unrated(combined, weighing)
    if weighing.rule.is_plain_sum:
        totals = filled.sum(axis=1, keepdims=True)
        undefined = np.full_like(filled, np.nan)
        return np.asarray(np.divide(filled, totals, out=undefined, where=totals > 0))
    shares = _shares(filled, weighing, direct or {}).adopted
    shares[~(filled.sum(axis=1) > 0)] = np.nan
    return shares


def weigh_again(ratings: Ratings, weighing: Weighing) -> Floats:
    """Return adopted task weights by running the model; NaN where ratings do not define them."""
    try:
        combined = combined_of(ratings, weighing)
    except WithheldError:
        return np.full(len(weighing.domains), np.nan)
    row = np.array([combined.rating], dtype=np.float64)
    return np.asarray(weigh_rows(row, weighing, direct_means(ratings, weighing))[0])


def combined_of(ratings: Ratings | Published, weighing: Weighing) -> Combined:
    """Return combined ratings of the tasks whose ratings count; a study may rate domains only."""
    if not weighing.rated:
        return Combined(pd.Series(dtype=float), pd.DataFrame(), "undefined", {}, {})
    return combine(
        ratings.of_statements(weighing.rated),
        model=weighing.model,
        scales=weighing.scales,
        options=weighing.options,
    ).of_tasks(weighing.rated)


def with_unrated(combined: Floats, weighing: Weighing) -> Floats:
    """Return combined ratings of all tasks, unrated ones by the declared rule.

    Parameters
    ----------
    combined
        Rows × tasks whose ratings count.

    Raises
    ------
    ValueError
        When there are unrated tasks and no rule, or a domain has none to take the rating from.
    """
    if not weighing.unrated:
        return combined
    if weighing.unrated_rule == "refuse":
        raise ValueError(f"no usable ratings for {', '.join(weighing.unrated)}")
    column = {task: place for place, task in enumerate(weighing.rated)}
    found = [
        combined[:, column[task]] if task in column else _for_unrated(combined, weighing, domain)
        for task, domain in weighing.domains.items()
    ]
    return np.stack(found, axis=1)


def _for_unrated(combined: Floats, weighing: Weighing, domain: str) -> Floats:
    """Return the combined rating that an unrated task of a domain gets."""
    if not weighing.rated:
        return np.ones(len(combined))
    if weighing.unrated_rule == "mean of all":
        return np.asarray(combined.mean(axis=1))
    own = [place for place, task in enumerate(weighing.rated) if weighing.domains[task] == domain]
    if not own:
        raise ValueError(
            f"the domain {domain} has no rated task; use the rule “mean of all” for unrated tasks"
        )
    lowest = weighing.unrated_rule == "lowest of the domain"
    return np.asarray(combined[:, own].min(axis=1) if lowest else combined[:, own].mean(axis=1))


def direct_table(ratings: Ratings | Published, weighing: Weighing) -> tuple[list[str], Floats]:
    """Return what respondents said of domains directly; nothing unless the rule asks for it."""
    if weighing.rule.kind != "direct":
        return [], np.empty((0, 0))
    if not weighing.domain_scale:
        raise ValueError("the domain rule “direct” needs the scale on which domains were rated")
    within = set(weighing.domains.values()) | set(weighing.rule.parents)
    within |= set(weighing.rule.parents.values())
    return domain_answers(
        ratings.of_statements(within), scale=weighing.domain_scale, parents=weighing.rule.parents
    )


def direct_means(ratings: Ratings | Published, weighing: Weighing) -> dict[str, Floats]:
    """Return the mean of what respondents said of each domain directly, as one row."""
    names, values = direct_table(ratings, weighing)
    present = ~np.isnan(values)
    own = None if isinstance(ratings, Published) else ratings.survey_weights
    weights = np.ones(len(values)) if own is None else own[: len(values)]
    counts = weights @ present
    sums = weights @ np.where(present, values, 0.0)
    return {
        name: np.array([total / n])
        for name, total, n in zip(names, sums, counts, strict=False)
        if n
    }


def _shares(combined: Floats, weighing: Weighing, direct: Mapping[str, Floats]) -> TaskShares:
    """Return the tasks' weights by the domain rule."""
    return share_tasks(
        combined, domains=list(weighing.domains.values()), rule=weighing.rule, direct=direct
    )


def _by_domain(shares: Floats, weighing: Weighing) -> pd.Series[float]:
    """Sum one row of task weights by domain."""
    weights = pd.Series(shares[0], name="weight")
    return weights.groupby(list(weighing.domains.values()), sort=False).sum()
