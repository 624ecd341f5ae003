"""Split-half of the plan: the items that two random halves of the respondents would disagree on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rds.blueprint.answers import follows_from_means
from rds.blueprint.apportion_rows import Counts
from rds.blueprint.drawn import Form, domain_items, surveyed
from rds.blueprint.errors_of_weights import DEFAULT_SEED
from rds.blueprint.weighing import Weighing
from rds.errors import WithheldError
from rds.notes import Note
from rds.ratings.published import Published
from rds.ratings.ratings import Ratings
from rds.show import Shown, View

PLAN_HALVES = ("domain_id", "difference", "share_of_splits")
FEWEST_RESPONDENTS = 20
WHOLE_PLAN = "all"


@dataclass(frozen=True, eq=False, repr=False)
class PlanHalves(Shown):
    """How far the plans of two random halves of the respondents lie apart.

    Attributes
    ----------
    distribution
        ``domain_id``, ``difference`` (items, without sign), ``share_of_splits``; in the rows `all`
        the items that change their domain between the two plans.
    mean_difference
        Mean difference by domain, and for `all`.
    splits
        Random splits that gave two plans.
    n
        Respondents with usable ratings.
    """

    distribution: pd.DataFrame
    mean_difference: pd.Series[float]
    splits: int
    n: int

    @property
    def sentence(self) -> str:
        """What the halves say of the plan of all, in words.

        Two halves differ by about twice the standard error of the whole.
        """
        return halves_sentence(self.distribution)

    def view(self) -> View:
        """Return the mean difference by domain."""
        table = self.mean_difference.rename("items").reset_index()
        return View(f"Plans of two halves over {self.splits} splits", table, (self.sentence,))


def plan_halves(
    ratings: Ratings,
    weighing: Weighing,
    form: Form,
    *,
    splits: int = 500,
    seed: int = DEFAULT_SEED,
) -> PlanHalves:
    """Split the respondents at random again and again, and compare the two halves' plans.

    A split is left out where a task has no answers in one of the halves. Of a model that does not
    follow from means, the halves' weights are computed to first order (jackknife).

    Parameters
    ----------
    ratings
        Ratings of those whose ratings set the weights.
    weighing, form
        How ratings become weights, and weights whole items.
    splits
        Number of random splits.
    seed
        Seed of the random numbers.

    Raises
    ------
    ValueError
        As `combine`; for no splits.
    WithheldError
        With fewer than 20 respondents or 5 usable ratings of a task, or when no split gives two
        plans.

    Examples
    --------
    >>> answers = pd.DataFrame({"T1": [4, 3, 4, 2] * 6, "T2": [2, 3, 1, 4] * 6})
    >>> weighing = Weighing({"T1": "A", "T2": "B"}, "importance_only")
    >>> found = plan_halves(Ratings.from_frames(importance=answers), weighing, Form(50))
    >>> found.n, found.splits
    (24, 500)
    """
    if splits < 1:
        raise ValueError(f"found {splits} splits; wanted at least 1")
    known = surveyed(ratings, weighing, seed=seed)
    if known.n < FEWEST_RESPONDENTS:
        raise WithheldError(
            f"halves of the plan need {FEWEST_RESPONDENTS} respondents with usable ratings, and "
            f"there are {known.n}"
        )
    first = np.zeros(known.n)
    first[: known.n // 2] = 1.0
    random = np.random.default_rng(seed)
    halves = random.permuted(np.tile(first, (splits, 1)), axis=1)
    one, other = (
        domain_items(known.task_weights(times), weighing, form) for times in (halves, 1 - halves)
    )
    both = (one >= 0).all(axis=1) & (other >= 0).all(axis=1)
    if not both.any():
        raise WithheldError("no split leaves both halves answers to every task")
    names = list(form.order) or list(dict.fromkeys(weighing.domains.values()))
    apart = np.abs(one[both] - other[both])
    # An item that changes its domain is one more here and one fewer there.
    table = np.column_stack([apart, apart.sum(axis=1) // 2])
    labels = [*names, WHOLE_PLAN]
    return PlanHalves(
        distribution=_distribution(table, labels),
        mean_difference=pd.Series(table.mean(axis=0), index=pd.Index(labels, name="domain_id")),
        splits=int(both.sum()),
        n=known.n,
    )


def halves_sentence(distribution: pd.DataFrame) -> str:
    """Say what the table ``plan_halves`` means for the plan of all; empty where it is withheld."""
    whole = distribution[distribution["domain_id"] == WHOLE_PLAN]
    if whole.empty:
        return ""
    apart = float((whole["difference"] * whole["share_of_splits"]).sum())
    return (
        "The plans of two random halves of the respondents would differ by "
        f"{_items(apart)} on average; for the plan of all that means about {_items(apart / 2)}."
    )


def halves_of_plan(
    ratings: Ratings | Published, weighing: Weighing, form: Form, *, seed: int, unknown: str
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the table ``plan_halves`` of a study, or why it is withheld.

    Parameters
    ----------
    unknown
        Why nothing is known of how respondents differ; empty when it is.
    """
    try:
        if unknown or isinstance(ratings, Published):
            raise WithheldError(unknown or "published means cannot be split")
        if not follows_from_means(weighing.model):
            raise WithheldError("this model takes too long to run on so many halves")
        return plan_halves(ratings, weighing, form, seed=seed).distribution, []
    except WithheldError as error:
        note = Note("plan_halves", "", "difference", "withheld", str(error))
        return pd.DataFrame(columns=list(PLAN_HALVES)), [note]


def _items(number: float) -> str:
    """Return a number of items in words."""
    return f"{number:.1f} {'item' if f'{number:.1f}' == '1.0' else 'items'}"


def _distribution(differences: Counts, labels: list[str]) -> pd.DataFrame:
    """Return how often each domain's items differed by how many."""
    rows = [
        (label, int(value), count / len(differences))
        for label, column in zip(labels, differences.T, strict=True)
        for value, count in zip(*np.unique(column, return_counts=True), strict=True)
    ]
    return pd.DataFrame(rows, columns=list(PLAN_HALVES))
