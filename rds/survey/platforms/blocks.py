"""Rows of text as blocks of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd

from rds.survey.platforms.opening import holds_anything

BLOCK_CELLS = 250_000
"""Cells that are held as text at a time."""


def text_blocks(
    rows: Iterable[list[str]], header_row: int, columns: Sequence[str]
) -> Iterator[pd.DataFrame]:
    """Yield the rows below the header, up to the last that holds anything, as blocks of text."""
    numbered = islice(enumerate(rows, 1), header_row, None)
    waiting: list[tuple[int, list[str]]] = []
    while part := list(islice(numbered, 1 + BLOCK_CELLS // len(columns))):
        filled = next((n for n in range(len(part), 0, -1) if holds_anything(part[n - 1][1])), 0)
        if filled:
            numbers, cells = zip(*waiting, *part[:filled], strict=True)
            yield pd.DataFrame(
                np.array(cells, dtype=object), index=list(numbers), columns=list(columns), dtype=str
            )
            waiting = []
        waiting += part[filled:]
