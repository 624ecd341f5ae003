"""What of the panel's ratings against the field's awaits a decision."""

from __future__ import annotations

from rds.analysis.comparisons import plan_of
from rds.analysis.panel_vs_field import open_differences, panel_against_field
from rds.ratings.published import Published
from rds.study.answers import panel_answers, weighting_ratings
from rds.study.study import Study


def open_panel_differences(study: Study) -> dict[str, str]:
    """Return what was found, by statement, where panel and field differ and nobody has decided.

    Parameters
    ----------
    study
        The study, opened.

    Raises
    ------
    InputError
        When answers are missing or cannot be used.
    """
    panel = panel_answers(study)
    field = None if panel is None else weighting_ratings(study)
    if panel is None or field is None or isinstance(field, Published):
        return {}
    compared = panel_against_field(
        panel,
        field,
        plan=plan_of(study.settings),
        kinds=study.outline.statement_kinds,
        decisions=study.statement_decisions,
    )
    return open_differences(compared.table)
