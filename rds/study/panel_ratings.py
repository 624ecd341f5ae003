"""The panel's ratings on the survey's own scales, from its forms of judgements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rds.ratings.frames import NO_ANSWER, NOT_APPLICABLE
from rds.ratings.ratings import Nature, Ratings

if TYPE_CHECKING:
    from rds.study.study import Study

PANEL_GROUP = "panel"
"""What the panel's group is called where no setting names it."""


def panel_ratings(study: Study) -> Ratings | None:
    """Return what SMEs rated on their forms, as the group that is the panel's; None if nothing.

    They never mix with the field's answers: these are received as answers.
    """
    from rds.study.judgement_store import current_judgements, simulated_judges

    table, _ = current_judgements(study)
    own = table[table["part"] == "ratings"]
    people = sorted(own["sme_id"].unique())
    if not people:
        return None
    codes = {}
    for scale in study.scales:
        names = study.statements_by_scale[scale.name]
        given = own[(own["aspect"] == scale.name) & own["statement_id"].isin(list(names))]
        array = np.full((len(names), len(people)), NO_ANSWER, dtype=np.int8)
        rows = [names.index(name) for name in given["statement_id"]]
        columns = [people.index(name) for name in given["sme_id"]]
        meanings = {point.value: point.meaning for point in scale.points}
        silent = ("not applicable", "unable to rate")
        values = [int(value) for value in given["value"]]
        array[rows, columns] = [NOT_APPLICABLE if meanings[v] in silent else v for v in values]
        codes[scale.name] = array
    simulated = set(simulated_judges(study.folder))
    natures: list[Nature] = ["simulated" if name in simulated else "answers" for name in people]
    respondents = pd.DataFrame(
        {"group": study.settings.respondents.panel or PANEL_GROUP, "wave": "", "nature": natures},
        index=pd.Index(people, name="respondent_id"),
    )
    return Ratings(study.scales, study.statements_by_scale, codes, respondents)
