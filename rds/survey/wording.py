"""What a survey says beside its statements: the study's own words, or plain standard ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rds.sheets import Row
from rds.values import split_list

STANDARD_WORDING: Mapping[str, str] = {
    "survey title": "Survey of practice: {title}",
    "welcome": "Welcome",
    "survey instructions": (
        "This survey asks what people in your role really do. Your answers decide what the exam "
        "is about. Please answer for your own work during the past 12 months, not for how the "
        "work ought to be done. There are no right or wrong answers."
    ),
    "survey consent": (
        "Taking part is voluntary and you can stop at any time. Answers are stored without your "
        "name and reported only for groups. Do you agree to take part?"
    ),
    "consent yes": "Yes, I agree to take part",
    "consent no": "No, I do not wish to take part",
    "about you": "About you",
    "domains": "The parts of the role as a whole",
    "knowledge": "Knowledge",
    "skill": "Skills",
    "ability": "Abilities",
    "attitude": "Attitudes",
    "at the end": "At the end",
    "coverage": "How well do the statements in this survey cover the important parts of your work?",
    "coverage options": "Not at all; In part; For the most part; Completely",
    "missing": "Which important tasks of your work, if any, are missing from this survey?",
    "attention check": "To show that this line was read, please choose “{label}” here.",
    "survey end": "Thank you. Your answers have been saved.",
}
"""The words that hold where the Narrative sheet has no section of that name."""

SECTIONS = tuple(STANDARD_WORDING)


def coverage_options(narrative: Sequence[Row]) -> tuple[str, ...]:
    """Return the answers to the question on coverage, as the survey offers them.

    Parameters
    ----------
    narrative
        Rows of the sheet Narrative.
    """
    name = "coverage options"
    own = {row.text("section").casefold(): row.text("text") for row in narrative}
    return split_list(own.get(name) or STANDARD_WORDING[name])
