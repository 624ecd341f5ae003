"""What a study declares to be compared, checked against its outline and its questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from rds.analysis.hypotheses import read_hypothesis
from rds.errors import Problem
from rds.outline.outline import Outline
from rds.ratings.population import options_of
from rds.scales import Scale, find_scale
from rds.settings import Settings
from rds.settings_reader import Given
from rds.sheets import Row

_COMPARABLE = ("", "choice")
"""Kinds of demographic questions whose answers make groups; empty means choice."""


def compared_questions(rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    """Return the questions by which respondents are compared, each with its options in order.

    Parameters
    ----------
    rows
        Rows of the sheet Demographics.
    """
    return {
        row.text("question_id"): options_of(row)
        for row in rows
        if row.values.get("compare") and row.text("kind") in _COMPARABLE
    }


def comparison_problems(
    settings: Settings,
    outline: Outline,
    scales: Sequence[Scale],
    rows: Sequence[Row],
    *,
    given: Given,
    file: str,
) -> Iterator[Problem]:
    """Yield what is wrong with the comparisons that the settings declare.

    Parameters
    ----------
    settings, outline, scales
        The study's.
    rows
        Rows of the sheet Demographics.
    given
        What was typed, and where.
    file
        The file that holds the settings.
    """
    section = settings.respondents
    if section.panel and section.panel in (*section.weight_from, *section.compare):
        place = given.get("respondents.panel", ("", "respondents.panel"))[1]
        found = f"“{section.panel}” as the panel and among the respondents"
        mend = "name it in respondents.panel only: the panel's answers never set weights"
        yield Problem(file, place, found, "a group of its own", mend)
    place = given.get("comparison.hypotheses", ("", "comparison.hypotheses"))[1]
    variables = {row.text("question_id") for row in rows if row.values.get("compare")}
    for text in settings.comparison.hypotheses:
        wanted = _hypothesis_problem(text, outline, scales, variables | {"group"})
        if wanted:
            yield Problem(file, place, f"“{text}”", wanted, "state it as T07 frequency Q1: A > B")
    for row in rows:
        if row.values.get("compare") and row.text("kind") not in _COMPARABLE:
            wanted = "compare only by questions of the kind choice"
            advice = row.problem("kind", wanted, "ask for ranges, or leave compare empty")
            yield replace(advice, severity="advice")


def _hypothesis_problem(
    text: str, outline: Outline, scales: Sequence[Scale], variables: Set[str]
) -> str:
    """Say what a hypothesis should be; empty where it is one."""
    try:
        stated = read_hypothesis(text)
    except ValueError:
        return "a statement, a scale, a variable, and two groups"
    if stated.statement_id not in outline.statements:
        return f"an active task or KSA, not “{stated.statement_id}”"
    if find_scale(scales, stated.scale) is None:
        return f"a scale of the survey, not “{stated.scale}”"
    if stated.variable not in variables:
        return f"a question marked “compare”, or group, not “{stated.variable}”"
    return ""
