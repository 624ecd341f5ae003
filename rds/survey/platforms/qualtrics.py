"""Qualtrics: surveys as Advanced Format text, exports as CSV, TSV or XLSX."""

from __future__ import annotations

from rds.survey.platforms.platform import Platform
from rds.survey.platforms.qualtrics_layout import recognise
from rds.survey.platforms.qualtrics_read import read
from rds.survey.platforms.qualtrics_write import write


def column_name(question_code: str, row_code: str, row_position: int, option_code: str) -> str:
    """Return how an export names the column of an answer: by the row's position, not its code.

    Examples
    --------
    >>> column_name("D1frequency", "T07", 3, ""), column_name("Q2", "", 0, "5")
    ('D1frequency_3', 'Q2_5')
    """
    position = str(row_position) if row_position else row_code
    return "_".join(part for part in (question_code, position, option_code) if part)


PLATFORM = Platform(
    name="qualtrics",
    title="Qualtrics",
    recognise=recognise,
    read=read,
    write=write,
    column_name=column_name,
)
