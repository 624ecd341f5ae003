"""How long a survey will take, before anybody has answered it."""

from __future__ import annotations

from rds.survey.instrument import Instrument

WORDS_PER_MINUTE = 238
"""Silent reading of non-fiction by adults in English: Brysbaert (2019)."""

SECONDS_PER_RATING = 4.0
SECONDS_PER_QUESTION = 10.0
"""To choose an answer once the text is read: working assumptions, to be replaced by a pilot."""


def expected_minutes(*, words: int, ratings: int, questions: int = 0) -> float:
    """Return the minutes that reading and answering will take.

    Parameters
    ----------
    words
        Words to read, each text once.
    ratings
        Points to choose in grids.
    questions
        Other questions.

    Returns
    -------
    float
        Minutes: words / 238 + (4 · ratings + 10 · questions) / 60.

    Notes
    -----
    Brysbaert (2019), Journal of Memory and Language 109, 104047, for the speed of reading; the
    seconds are assumptions, to be replaced by the times of a pilot.

    Examples
    --------
    >>> round(expected_minutes(words=476, ratings=60, questions=6), 2)
    7.0
    """
    answering = SECONDS_PER_RATING * ratings + SECONDS_PER_QUESTION * questions
    return words / WORDS_PER_MINUTE + answering / 60


def survey_minutes(instrument: Instrument) -> float:
    """Return the minutes that a survey form will take, in its first language."""
    language = instrument.languages[0]
    texts = {question.words[language] for question in instrument.questions}
    texts |= {row.words[language] for question in instrument.questions for row in question.rows}
    asked = [one for one in instrument.questions if one.kind != "information"]
    return expected_minutes(
        words=sum(len(text.split()) for text in texts),
        ratings=sum(len(question.rows) for question in asked),
        questions=sum(not question.rows for question in asked),
    )
