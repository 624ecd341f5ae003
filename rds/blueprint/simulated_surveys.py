"""Respondents needed for the blueprint to hold: surveys simulated over a grid of sample sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.analysis.components import check_confidence
from rds.blueprint.answers import follows_from_means
from rds.blueprint.drawn import Form, domain_items, surveyed
from rds.blueprint.errors_of_weights import DEFAULT_SEED
from rds.blueprint.weighing import Weighing
from rds.errors import WithheldError
from rds.ratings.ratings import Ratings
from rds.ratings.simulate import Spread, simulate_ratings
from rds.scales import Scale
from rds.show import Shown, View

Floats = NDArray[np.float64]

SIZES = (
    15, 20, 30, 40, 50, 60, 80, 100, 125, 150, 200, 250, 300, 400, 500, 650, 800, 1000, 1250, 1500,
    2000, 2500, 3000, 4000, 5000,
)  # fmt: skip
SURVEYS = ("n_respondents", "domain_id", "share_within")
EVERY_DOMAIN = "all"
_DRAWS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class AssumedSpread:
    """Answers assumed where there are none yet: roles made up at random.

    Parameters
    ----------
    scales
        The scales that will be asked.
    spread
        How much tasks, respondents and single ratings vary.
    not_performed_percent
        Percent of the answers that say “not performed”, on a scale that asks.
    missing_percent, break_off_percent
        Percent of the answers left blank; of the respondents who stop before the end.
    roles
        Number of roles made up; the shares are means over them.
    respondents
        Respondents simulated for each role, from whom surveys are drawn.
    """

    scales: Sequence[Scale]
    spread: Spread = field(default_factory=Spread)
    not_performed_percent: float = 15
    missing_percent: float = 3
    break_off_percent: float = 10
    roles: int = 10
    respondents: int = 500


@dataclass(frozen=True, eq=False, repr=False)
class BlueprintRespondents(Shown):
    """How many respondents it takes until the items of the domains hold.

    Attributes
    ----------
    table
        ``n_respondents``, ``domain_id`` (`all`: every domain at once), ``share_within``: share of
        simulated surveys of that size that give the domain its items within the tolerance.
    tolerance_items
        Difference in items that does not matter.
    confidence
        Share of surveys in which the items should hold.
    surveys
        Surveys simulated for each size.
    source
        What the surveys were drawn from, in words.
    notes
        What the numbers rest on.
    """

    table: pd.DataFrame
    tolerance_items: int
    confidence: float
    surveys: int
    source: str
    notes: tuple[str, ...]

    def needed(self, domain: str = EVERY_DOMAIN) -> int | None:
        """Return the smallest size from which on the items hold; None where no size is enough.

        Parameters
        ----------
        domain
            A domain; by default every domain at once.
        """
        own = self.table[self.table["domain_id"] == domain].sort_values("n_respondents")
        failing = np.flatnonzero(own["share_within"] < self.confidence)
        first = int(failing[-1]) + 1 if len(failing) else 0
        return int(own["n_respondents"].iloc[first]) if first < len(own) else None

    @property
    def sentence(self) -> str:
        """How many respondents it takes, in words."""
        needed = self.needed()
        within = f"{self.tolerance_items} item{'' if self.tolerance_items == 1 else 's'}"
        often = f"{100 * self.confidence:g} of 100 surveys"
        aim = f"for every domain to stay within {within} in {often}"
        if needed is None:
            largest = self.table["n_respondents"].max()
            return f"Even {largest} respondents are not enough {aim} ({self.source})."
        return f"About {needed} respondents are needed {aim} ({self.source})."

    def view(self) -> View:
        """Return the respondents needed by domain, and the share at a few sizes."""
        domains = list(dict.fromkeys(self.table["domain_id"]))
        wide = self.table.pivot_table(index="domain_id", columns="n_respondents", sort=False)
        needed = [self.needed(name) for name in domains]
        table = pd.DataFrame({"domain_id": domains, "respondents needed": needed}, dtype=object)
        for size in (50, 100, 200, 400, 800):
            if ("share_within", size) in wide:
                table[f"share at {size}"] = wide["share_within", size].loc[domains].to_numpy()
        title = "Respondents needed for the blueprint to hold"
        return View(title, table, (self.sentence, *self.notes))


def respondents_for_blueprint(
    ratings: Ratings | AssumedSpread,
    *,
    domains: Mapping[str, str],
    model: str,
    items: int,
    scales: Sequence[str] | None = None,
    options: Mapping[str, Any] | None = None,
    tolerance_items: int = 1,
    confidence: float = 0.95,
    sizes: Sequence[int] = SIZES,
    surveys: int = 1000,
    seed: int = DEFAULT_SEED,
) -> BlueprintRespondents:
    """Return how many respondents it takes for each domain's items to hold.

    Surveys are drawn with replacement from a pilot's respondents; each is weighed and allocated
    anew, and its items compared with those that all of the pilot give. A survey of m respondents
    is drawn as m·(n − 1)/n of the pilot's n, which makes its variance unbiased. A survey in which
    a task has no answers does not hold. Without answers, roles are made up with a stated spread.

    Parameters
    ----------
    ratings
        A pilot's answers, or what is assumed of them (`AssumedSpread`).
    domains
        Domain by task.
    model, scales, options
        The weight model, its scales and its options.
    items
        Number of exam items.
    tolerance_items
        Difference in items that does not matter.
    confidence
        Share of surveys in which the items should hold, between 0 and 1.
    sizes
        Numbers of respondents to look at.
    surveys
        Surveys simulated for each size.
    seed
        Seed of the random numbers.

    Returns
    -------
    BlueprintRespondents
        ``needed()`` for every domain at once, ``needed("D1")`` for one; `rds.plot` draws it.

    Raises
    ------
    ValueError
        As `combine`; for sizes below 1, no surveys, or a confidence that is no share.
    WithheldError
        For a pilot with fewer than 15 respondents or 5 usable ratings of a task.

    Notes
    -----
    The bootstrap with another sample size: Bickel and Freedman (1981), Annals of Statistics 9.

    Examples
    --------
    >>> answers = pd.DataFrame({"T1": [4, 3, 4, 2] * 10, "T2": [2, 3, 1, 4] * 10})
    >>> found = respondents_for_blueprint(
    ...     Ratings.from_frames(importance=answers),
    ...     domains={"T1": "A", "T2": "B"}, model="importance_only", items=50,
    ...     sizes=[50, 200, 400, 800, 1600],
    ... )
    >>> found.needed()
    200
    """
    weighing = Weighing(domains, model, scales, options or {})
    return surveys_of_weighing(
        ratings,
        weighing,
        Form(items),
        tolerance_items=tolerance_items,
        confidence=confidence,
        sizes=sizes,
        surveys=surveys,
        seed=seed,
    )


def surveys_of_weighing(
    ratings: Ratings | AssumedSpread,
    weighing: Weighing,
    form: Form,
    *,
    tolerance_items: int = 1,
    confidence: float = 0.95,
    sizes: Sequence[int] = SIZES,
    surveys: int = 1000,
    seed: int = DEFAULT_SEED,
) -> BlueprintRespondents:
    """Return what `respondents_for_blueprint` does, for all that a study declares of its plan."""
    check_confidence(confidence)
    if surveys < 1 or not sizes or min(sizes) < 1:
        raise ValueError(f"found {surveys} surveys of {list(sizes)}; wanted 1 or more of each")
    within = partial(_within, weighing=weighing, form=form, tolerance=tolerance_items, sizes=sizes)
    if isinstance(ratings, AssumedSpread):
        each = -(-surveys // ratings.roles)
        parts = [
            within(pilot, surveys=each, seed=seed + role)
            for role, pilot in enumerate(_roles(ratings, weighing, seed))
        ]
        shares, surveys = np.mean(parts, axis=0), each * ratings.roles
        source = f"simulated from an assumed spread, {ratings.roles} roles made up at random"
    else:
        shares = within(ratings, surveys=surveys, seed=seed)
        source = f"simulated from the answers of {len(ratings)} respondents"
    names = list(form.order) or list(dict.fromkeys(weighing.domains.values()))
    rows = [
        (int(size), name, float(share))
        for size, row in zip(sizes, shares, strict=True)
        for name, share in zip([*names, EVERY_DOMAIN], row, strict=True)
    ]
    return BlueprintRespondents(
        table=pd.DataFrame(rows, columns=list(SURVEYS)),
        tolerance_items=tolerance_items,
        confidence=confidence,
        surveys=surveys,
        source=source,
        notes=_assumptions(ratings, weighing),
    )


def _within(
    ratings: Ratings,
    weighing: Weighing,
    form: Form,
    *,
    tolerance: int,
    sizes: Sequence[int],
    surveys: int,
    seed: int,
) -> Floats:
    """Return the share of surveys within the tolerance, sizes × domains and all of them."""
    known = surveyed(ratings, weighing, seed=seed)
    printed = domain_items(known.shares[None], weighing, form)[0]
    if (printed < 0).any():
        raise WithheldError("the ratings give no plan within the minima and maxima")
    random = np.random.default_rng(seed)
    n = len(known.answers.all_tables[0])
    found = []
    for size in sizes:
        # The pilot's own spread is (n − 1)/n of the population's; fewer draws make up for it.
        draws = max(1, round(size * known.n / n * (known.n - 1) / known.n))
        at_once = max(1, _DRAWS_AT_ONCE // known.n)
        inside = []
        for start in range(0, surveys, at_once):
            shape = min(at_once, surveys - start)
            times = random.multinomial(draws, np.full(known.n, 1 / known.n), size=shape)
            plans = domain_items(known.task_weights(times.astype(float)), weighing, form)
            inside.append((plans >= 0) & (np.abs(plans - printed) <= tolerance))
        held = np.vstack(inside)
        found.append([*held.mean(axis=0), held.all(axis=1).mean()])
    return np.array(found)


def _roles(assumed: AssumedSpread, weighing: Weighing, seed: int) -> list[Ratings]:
    """Return the answers of the roles that are made up."""
    return [
        simulate_ratings(
            tasks=weighing.domains,
            scales=assumed.scales,
            n_respondents=assumed.respondents,
            seed=seed + role,
            not_performed_percent=assumed.not_performed_percent,
            missing_percent=assumed.missing_percent,
            break_off_percent=assumed.break_off_percent,
            spread=assumed.spread,
        )
        for role in range(assumed.roles)
    ]


def _assumptions(ratings: Ratings | AssumedSpread, weighing: Weighing) -> tuple[str, ...]:
    """Say what the numbers rest on."""
    notes = [
        "Counted are usable respondents, drawn at random from the same people: more of them do not "
        "mend an invitation that reaches the wrong ones."
    ]
    if isinstance(ratings, Ratings) and (ratings.respondents["nature"] != "answers").any():
        notes.append("The pilot holds answers that nobody gave.")
    if isinstance(ratings, AssumedSpread):
        own = ratings.spread
        notes.append(
            f"Nobody has answered yet: assumed are standard deviations of {own.task:g} between "
            f"tasks, {own.leniency:g} between respondents, {own.domain:g} of their leaning to a "
            f"domain and {own.rest:g} of the single rating, and {ratings.not_performed_percent:g} "
            "percent of tasks not performed; a pilot gives better numbers."
        )
    else:
        notes.append(
            f"The pilot of {len(ratings)} is taken for the population; what it got wrong by chance "
            "is in the numbers."
        )
    if not follows_from_means(weighing.model):
        notes.append("Weights are computed to first order for this model.")
    return tuple(notes)
