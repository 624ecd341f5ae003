"""An export of a survey platform, as text: what every platform reader returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd


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
        Headers in file order.
    blocks
        Returns an iterator over blocks of rows, indexed by the row numbers a spreadsheet shows;
        every cell is text, an empty cell is ``""``.
    assumed
        What had to be assumed in reading: encoding, separator, sheet.
    """

    source: str
    sha256: str
    layout: str
    columns: tuple[str, ...]
    blocks: Callable[[], Iterator[pd.DataFrame]]
    assumed: tuple[str, ...] = ()
