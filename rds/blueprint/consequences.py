"""What the plan would be if other people's answers, or the same with other weights, set it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rds.analysis.subgroups import shown_groups
from rds.blueprint.answers import (
    answers_of,
    follows_from_means,
    refuse_undefined,
    weigh_under,
    why_no_survey_weights,
)
from rds.blueprint.apportion import Allocation
from rds.blueprint.other_choices import task_weights
from rds.blueprint.resample import Resampled, resample_weighing
from rds.blueprint.sensitivity import Choice, variant_rows
from rds.blueprint.weighing import Weighing
from rds.blueprint.weights import domain_shares
from rds.errors import InfeasibleError, WithheldError
from rds.notes import Note
from rds.outline.outline import Outline
from rds.ratings.published import Published
from rds.ratings.ratings import Ratings
from rds.settings import Settings

SUBGROUP_BLUEPRINTS = (
    "variable", "group", "n", "domain_id", "weight", "items", "items_moved", "items_low",
    "items_high",
)  # fmt: skip

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class OtherAnswers:
    """Whose answers could have set the weights instead; what is not known stays empty.

    Parameters
    ----------
    answers
        Answers of all but the panel that count, of every group and wave.
    received
        Answers of all but the panel, before anybody was left out.
    screenings
        By name (“nobody excluded”, “everyone flagged excluded”): who of `received` would count.
    survey_weights
        By name (“none”, “raking”): one number per respondent whose ratings set the weights, by
        ``respondent_id``; who has none does not count.
    weigh_anew
        Gives respondents survey weights, as the study declares them; None where it declares none.
    panel
        The panel's answers.
    questions
        Demographic questions by which respondents are compared, each with its options in order.
    """

    answers: Ratings | None = None
    received: Ratings | None = None
    screenings: Mapping[str, Mask | pd.Series[bool]] = field(default_factory=dict)
    survey_weights: Mapping[str, pd.Series[float]] = field(default_factory=dict)
    weigh_anew: Callable[[Ratings], Ratings] | None = None
    panel: Ratings | None = None
    questions: Mapping[str, Sequence[str]] = field(default_factory=dict)


def consequences(
    ratings: Ratings | Published, others: OtherAnswers, settings: Settings, weighing: Weighing
) -> Iterator[Choice]:
    """Yield the plan under other screenings, other survey weights, and the panel's own ratings.

    The model, the domain rule and the tasks stay as decided.

    Parameters
    ----------
    ratings
        Those that set the weights.
    others
        Whose answers could have set them.
    settings
        Which groups and waves set the weights.
    weighing
        Model, domain rule and tasks.
    """
    section = settings.respondents
    if others.received is not None:
        for name, mask in others.screenings.items():
            chosen = others.received.select(mask)
            chosen = chosen.of_groups(section.weight_from).of_waves(section.weight_waves)
            own = partial(weights_of_some, chosen, weighing, weigh_anew=others.weigh_anew)
            yield Choice("screening", name, own)
    if isinstance(ratings, Ratings):
        for name, weights in others.survey_weights.items():
            weighted = partial(survey_weighted, ratings, weighing, weights)
            yield Choice("survey weights", name, weighted)
    if others.panel is not None:
        alone = partial(weights_of_some, others.panel, weighing)
        yield Choice("panel", "the panel's ratings alone", alone)


def weights_of_some(
    ratings: Ratings,
    weighing: Weighing,
    *,
    weigh_anew: Callable[[Ratings], Ratings] | None = None,
) -> pd.Series[float]:
    """Return the tasks' weights that some respondents' ratings give.

    Parameters
    ----------
    weigh_anew
        Gives them survey weights of their own, if the study has any.

    Raises
    ------
    ValueError, WithheldError
        When there are none of them, or their ratings do not define the weights.
    """
    if not len(ratings):
        raise WithheldError("nobody would be left whose ratings set the weights")
    return task_weights(ratings if weigh_anew is None else weigh_anew(ratings), weighing)


def survey_weighted(
    ratings: Ratings, weighing: Weighing, survey_weights: pd.Series[float]
) -> pd.Series[float]:
    """Return the tasks' weights when respondents count by survey weights.

    Parameters
    ----------
    survey_weights
        By ``respondent_id``, zero or more; who is missing does not count.

    Raises
    ------
    ValueError
        For weights that are negative or all zero.
    WithheldError
        For a model that does not take survey weights, or weights that leave a task without ratings.

    Examples
    --------
    >>> answers = pd.DataFrame({"T1": [4, 1], "T2": [1, 4]}, index=["R1", "R2"])
    >>> ratings = Ratings.from_frames(importance=answers)
    >>> weighing = Weighing({"T1": "A", "T2": "B"}, "importance_only")
    >>> weights = pd.Series({"R1": 3.0, "R2": 1.0})
    >>> survey_weighted(ratings, weighing, weights).to_dict()
    {'T1': 0.65, 'T2': 0.35}
    """
    known = survey_weights.reindex(ratings.respondents.index).fillna(0.0)
    own = np.array(known, dtype=np.float64)
    if not (own >= 0).all() or not own.sum() > 0:
        raise ValueError("survey weights must be zero or more, and not all zero")
    if why := why_no_survey_weights(weighing.model):
        raise WithheldError(why)
    answers = answers_of(ratings, weighing)
    shares = refuse_undefined(weigh_under(ratings, answers, own[None])[0])
    return pd.Series(shares, index=weighing.tasks, name="weight")


def subgroup_blueprints(
    ratings: Ratings | Published,
    others: OtherAnswers,
    outline: Outline,
    settings: Settings,
    *,
    weighing: Weighing,
    form: Allocation,
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the plan that each group's own ratings would give, and why one is not shown.

    Parameters
    ----------
    ratings
        Those that set the weights.
    others
        The questions by which respondents are compared, and the answers of groups that only are.
    outline, settings
        The study's.
    weighing, form
        How the plan came about, and the plan.

    Returns
    -------
    table, notes
        Columns `SUBGROUP_BLUEPRINTS`; ``items_low`` and ``items_high`` are the range over
        resamples of the group, so that a difference can be set against the group's own error.
    """
    parts: list[pd.DataFrame] = []
    notes: list[Note] = []
    for pool, variable, wanted in _variables(ratings, others, settings):
        minimum = settings.comparison.minimum_group
        groups, left_out = shown_groups(pool, variable, wanted, minimum=minimum)
        notes += [replace(note, table="subgroup_blueprints") for note in left_out if note.row]
        for group in groups:
            try:
                rows = _group_rows(group.ratings, outline, settings, weighing=weighing, form=form)
            except (ValueError, WithheldError, InfeasibleError) as error:
                place = f"{variable}: {group.name}"
                notes.append(Note("subgroup_blueprints", place, "items", "withheld", str(error)))
            else:
                parts.append(rows.assign(variable=variable, group=group.name))
    empty = pd.DataFrame(columns=list(SUBGROUP_BLUEPRINTS))
    table = pd.concat(parts, ignore_index=True) if parts else empty
    return table.reindex(columns=list(SUBGROUP_BLUEPRINTS)), notes


def _variables(
    ratings: Ratings | Published, others: OtherAnswers, settings: Settings
) -> Iterator[tuple[Ratings, str, Sequence[str]]]:
    """Yield the answers, the variable and the groups of every comparison that is declared."""
    if not isinstance(ratings, Ratings):
        return
    for variable, wanted in others.questions.items():
        if variable in ratings.respondents:
            yield ratings, variable, wanted
    section = settings.respondents
    if section.compare and others.answers is not None:
        pool = others.answers.of_waves(section.weight_waves)
        named = () if "all" in section.weight_from else section.weight_from
        wanted = tuple(dict.fromkeys([*named, *section.compare])) if named else ()
        yield pool, "group", wanted


def _group_rows(
    ratings: Ratings,
    outline: Outline,
    settings: Settings,
    *,
    weighing: Weighing,
    form: Allocation,
) -> pd.DataFrame:
    """Return the plan of one group, with its range where that is known."""
    by_domain = domain_shares(
        task_weights(ratings, weighing), outline.task_domains, order=form.identifiers
    )
    printed = pd.Series(list(form.items), index=list(form.identifiers))
    rows = variant_rows(
        by_domain,
        outline.domains,
        printed,
        dimension="",
        variant="",
        method=settings.blueprint.rounding,
    ).assign(n=len(ratings))
    found = _group_range(ratings, outline, settings, weighing=weighing, form=form)
    if found is None:
        return rows.assign(items_low=None, items_high=None)
    limits = found.domains[["items_low", "items_high"]].reset_index(drop=True)
    return pd.concat([rows, limits], axis=1)


def _group_range(
    ratings: Ratings,
    outline: Outline,
    settings: Settings,
    *,
    weighing: Weighing,
    form: Allocation,
) -> Resampled | None:
    """Return the range of a group's items; None where answers are too few, or it takes too long."""
    nature = set(ratings.respondents["nature"])
    if ratings.survey_weights is not None:
        return None
    if "reconstructed" in nature or not follows_from_means(weighing.model):
        return None
    try:
        return resample_weighing(
            ratings,
            weighing,
            items=sum(form.items),
            bounds=outline.domains,
            order=form.identifiers,
            method=settings.blueprint.rounding,
            replicates=settings.resampling.replicates,
            seed=settings.resampling.seed,
            confidence=settings.resampling.confidence_percent / 100,
        )
    except WithheldError:
        return None
