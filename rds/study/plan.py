"""How many respondents a study needs for its blueprint to hold."""

from __future__ import annotations

from typing import Any

from rds.blueprint.declared import declared_weighing
from rds.blueprint.drawn import Form
from rds.blueprint.simulated_surveys import (
    AssumedSpread,
    BlueprintRespondents,
    surveys_of_weighing,
)
from rds.blueprint.weighing import Weighing
from rds.errors import InfeasibleError, InputError, WithheldError
from rds.ratings.ratings import Ratings
from rds.scales import find_scale
from rds.settings import SamplingSection
from rds.study.answers import weighting_ratings
from rds.study.credentials import main_credential
from rds.study.study import Study
from rds.survey.sample_size import invitations

SHARE_OF_SURVEYS = 0.95


def respondents_for_study(study: Study) -> tuple[BlueprintRespondents | None, str]:
    """Return the respondents needed for the study's items to hold, or why that cannot be said.

    Surveys are simulated from the answers received so far; where there are none, or too few, from
    an assumed spread, and the second part says why.

    Returns
    -------
    found, reason
        ``found`` is None where no blueprint is declared yet.
    """
    if study.settings_or_none is None or study.outline_or_none is None:
        return None, "settings and outline have problems (rds check)"
    study = main_credential(study)
    section = study.settings.weights
    drop = {name for name, (value, _, _) in study.task_decisions.items() if value == "drop"}
    tasks = [
        task
        for task in study.outline.active_tasks
        if "exam" in task.assessed_by and task.task_id not in drop
    ]
    scales = [found for name in section.scales if (found := find_scale(study.scales, name))]
    if not section.model or not tasks or not scales:
        return None, "it needs active tasks, scales and a weight model (weights.model)"
    pilot, reason = _pilot(study)
    try:
        weighing = declared_weighing(study.outline, study.settings, tasks)
        if pilot is not None:
            try:
                return _simulated(study, pilot, weighing), ""
            except (WithheldError, ValueError) as error:
                reason = f"the answers received cannot be used: {error}"
        return _simulated(study, AssumedSpread(scales), weighing), reason
    except (WithheldError, ValueError, InfeasibleError) as error:
        return None, str(error)


def blueprint_record(found: BlueprintRespondents, sampling: SamplingSection) -> dict[str, Any]:
    """Return the respondents needed as a row of the plan of invitations."""
    needed = found.needed()
    expected = sampling.expected_response / 100
    within = f"{found.tolerance_items} item{'' if found.tolerance_items == 1 else 's'}"
    return {
        "aim": f"blueprint: every domain within {within}",
        "assumed": found.source,
        "practitioners": None,
        "n0": None,
        "needed": needed,
        "invitations": None if needed is None else invitations(needed, expected_response=expected),
    }


def _pilot(study: Study) -> tuple[Ratings | None, str]:
    """Return the answers to simulate from; None, with the reason, where there are none."""
    if not study.sources:
        return None, ""
    try:
        ratings = weighting_ratings(study)
    except InputError as error:
        return None, f"the answers received cannot be used: {error.problems[0]}"
    if not isinstance(ratings, Ratings):
        return None, "published means do not tell how far respondents differ"
    if (ratings.respondents["nature"] == "reconstructed").any():
        return None, "answers reconstructed from published figures do not tell how people differ"
    return ratings, ""


def _simulated(
    study: Study, source: Ratings | AssumedSpread, weighing: Weighing
) -> BlueprintRespondents:
    """Simulate surveys with the plan as the study declares it."""
    section = study.settings.blueprint
    names = [domain.domain_id for domain in study.outline.domains]
    own = set(weighing.domains.values())
    bounds = study.outline.domains
    order = [name for name in names if name in own]
    return surveys_of_weighing(
        source,
        weighing,
        Form(section.items, bounds, order, section.rounding),
        tolerance_items=study.settings.sensitivity.tolerance_items,
        confidence=SHARE_OF_SURVEYS,
        seed=study.settings.resampling.seed,
    )
