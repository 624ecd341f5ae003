"""Whose answers could have set a study's weights instead."""

from __future__ import annotations

from rds.blueprint.consequences import OtherAnswers
from rds.study.answers import field_answers, panel_answers
from rds.study.study import Study


def other_answers(study: Study) -> OtherAnswers:
    """Return the answers of groups, of the panel, and who counts under other screenings."""
    answers = field_answers(study)
    return OtherAnswers(
        answers=answers,
        panel=panel_answers(study),
        questions=study.compared_questions,
    )
