"""An export of a survey platform, as text: what every platform reader returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

ColumnRole = Literal[
    "answer",
    "respondent",
    "contact",
    "started",
    "submitted",
    "seconds",
    "status",
    "language",
    "personal",
    "technical",
]

NOT_SHOWN_TEXT = "-3"
"""What a reader writes into a cell where the platform says that the question was not shown."""

TICKED, NOT_TICKED = "1", "0"
"""What a reader writes where several answers stand in a column each."""


@dataclass(frozen=True)
class ExportColumn:
    """What the file itself says of a column.

    Parameters
    ----------
    name
        Its name in the blocks, unique in the export: the header, or header and position where the
        file has a header twice.
    role
        ``"answer"``: an answer to a question. About the respondent: ``"respondent"`` (the
        platform's identifier), ``"contact"`` (a token, e-mail address or panel identifier that
        shows when somebody answered twice), ``"started"``, ``"submitted"`` (2026-05-04T10:20:31),
        ``"seconds"``, ``"status"`` (``complete``, ``partial`` or ``screened out``), ``"language"``.
        ``"personal"``: personal data, dropped. ``"technical"``: page times, display order and
        whatever else is no answer, dropped.
    question, row, option
        The codes that the platform knows the column by: the question, the line of its grid, and
        the option, where several answers stand in a column each; empty where there are none.
    question_text, row_text, option_text
        The same as people read them, plain: no tags, no entities, blanks collapsed.
    position
        Which line of its grid it is, from 1, as the platform counts; 0 when unknown.
    labels
        The words of every code, when a codebook beside the answers says them. Codes are then read
        by their words.
    separator
        What separates several answers in one cell; empty when a cell holds one answer.
    is_open_text
        Whether it holds what people typed for “other”.
    """

    name: str
    role: ColumnRole = "answer"
    question: str = ""
    row: str = ""
    option: str = ""
    question_text: str = ""
    row_text: str = ""
    option_text: str = ""
    position: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    separator: str = ""
    is_open_text: bool = False


@dataclass(frozen=True)
class Export:
    """What came back from a survey platform, before anything is made of it.

    Parameters
    ----------
    source
        The file's name.
    sha256
        Hash of the file's bytes.
    layout
        ``"wide"`` (one row a respondent), ``"long"`` (one row a rating) or ``"published"`` (one row
        a printed mean).
    columns
        Names of the columns in file order.
    blocks
        Returns an iterator over blocks of rows, indexed by the row numbers a spreadsheet shows;
        every cell is text, an empty cell is ``""``. Rows that are no answers of respondents
        (previews, tests, spam) are left out.
    assumed
        What had to be assumed in reading: encoding, separator, sheet.
    platform
        Name of the platform; ``"plain"`` for a table that no platform wrote.
    described
        What the file says of its columns, in their order; empty for a plain table.
    left_out
        Number of rows left out, by reason.
    codes_are_ours
        Whether a number among the answers is known to be the code that the instrument gave it.
        False where a platform may have numbered the answers itself: then numbers count only with
        a codebook, an instrument of ours or a column map.
    """

    source: str
    sha256: str
    layout: str
    columns: tuple[str, ...]
    blocks: Callable[[], Iterator[pd.DataFrame]]
    assumed: tuple[str, ...] = ()
    platform: str = "plain"
    described: tuple[ExportColumn, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    codes_are_ours: bool = True
