"""Screening as the study declares it: settings, questions of eligibility, domains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rds.errors import InputError, Problem, nearest
from rds.ratings.screening import NOBODY, Screening, everyone_excluded, screen_ratings
from rds.ratings.screening_rules import screening_rules
from rds.scales import find_scale
from rds.settings import Settings
from rds.sheets import Row
from rds.study.answers import received_answers
from rds.values import split_list

if TYPE_CHECKING:
    from rds.study.study import Study

CONDITIONS = ("eligible_if", "counts_in_weights_if")


def screen_study(study: Study) -> Screening:
    """Screen everybody who answered but the panel.

    Raises
    ------
    InputError
        When no answers were received, a rule that should exclude does not exist, or everybody
        would be left out.
    """
    settings, outline = study.settings, study.outline
    problems = list(unknown_rules(settings))
    if problems:
        raise InputError(problems)
    received = received_answers(study)
    rows = study.rows.get("Demographics", ())
    found = screen_ratings(
        study.ratings if received is None else received,
        settings.screening,
        scales=[name for name in settings.weights.scales if find_scale(study.scales, name)],
        pages={**outline.statement_kinds, **outline.task_domains},
        eligible_if=wanted_answers(rows, "eligible_if"),
        counts_if=wanted_answers(rows, "counts_in_weights_if"),
        panel=_panel_contacts(study),
    )
    if len(found.usable) and not found.usable.any():
        raise InputError([everyone_excluded(found, "the study")])
    return found


def _panel_contacts(study: Study) -> frozenset[str] | None:
    """Return the pseudonyms of the panel's contacts, if it answered the survey as a group."""
    panel = study.ratings.of_groups([study.settings.respondents.panel]).respondents
    if not study.settings.respondents.panel or "contact" not in panel:
        return None
    return frozenset(panel["contact"].dropna()) - {""} or None


def wanted_answers(rows: Sequence[Row], column: str) -> dict[str, list[str]]:
    """Return the answers that a column of the Demographics sheet asks for, by question."""
    asked = {row.text("question_id"): list(split_list(row.text(column))) for row in rows}
    return {question: answers for question, answers in asked.items() if answers}


def unknown_rules(
    settings: Settings, given: Mapping[str, tuple[object, str]] | None = None, file: str = "study"
) -> Iterator[Problem]:
    """Yield a problem for each excluding rule that does not exist."""
    known = screening_rules()
    place = (given or {}).get("screening.exclude", ("", "screening.exclude"))[1]
    for name in settings.screening.exclude:
        if name.casefold() not in (*known, NOBODY):
            meant = nearest(name, known)
            mend = f"write “{meant}”" if meant else "remove it"
            wanted = f"one of {', '.join(known)}"
            yield Problem(file, place, f"“{name}” for screening.exclude", wanted, mend)


def unknown_answers(rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield a problem for each condition on an answer that its question does not offer."""
    for row in rows:
        offered = {option.casefold() for option in split_list(row.text("options"))}
        for column in CONDITIONS:
            wanted = {answer.casefold() for answer in split_list(row.text(column))}
            if offered and wanted - offered:
                choices = f"answers of the column options: {row.text('options')}"
                yield row.problem(column, choices, "write them as they stand there")
