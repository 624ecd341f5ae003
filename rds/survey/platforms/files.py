"""A received file, opened far enough to recognise what wrote it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Literal

Kind = Literal["text", "workbook", "json", "binary"]

ROWS_AHEAD = 20


@dataclass(frozen=True)
class ReceivedFile:
    """A file as it came.

    Parameters
    ----------
    path
        Where it lies.
    sha256
        Hash of its bytes.
    kind
        ``"text"`` (a table of cells in CSV or TSV), ``"workbook"``, ``"json"`` (one document, or
        one a line) or ``"binary"`` (SPSS, Stata, Parquet).
    encoding
        Encoding of a text file; empty for others.
    separator
        What separates the cells of a text file; empty for others.
    rows
        Returns an iterator over the rows of a text file or of the chosen sheet; every cell is text.
    assumed
        What had to be assumed in opening it.
    codebook
        A file that describes the survey, given beside the answers: a Qualtrics QSF, a REDCap
        dictionary, a LimeSurvey structure; None without.
    with_tests
        Whether previews and tests count as answers, as they do in a dress rehearsal.
    """

    path: Path
    sha256: str
    kind: Kind
    encoding: str = ""
    separator: str = ""
    rows: Callable[[], Iterator[list[str]]] = field(default=lambda: iter(()))
    assumed: tuple[str, ...] = ()
    codebook: Path | None = None
    with_tests: bool = False

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @cached_property
    def head(self) -> tuple[tuple[str, ...], ...]:
        """The first rows of a table."""
        return tuple(tuple(row) for row in islice(self.rows(), ROWS_AHEAD))

    @cached_property
    def documents(self) -> tuple[Any, ...]:
        """What a JSON file holds: its one document, or one for each line."""
        text = self.path.read_text(encoding=self.encoding or "utf-8-sig")
        try:
            return (json.loads(text),)
        except json.JSONDecodeError:
            return tuple(json.loads(line) for line in text.splitlines() if line.strip())
