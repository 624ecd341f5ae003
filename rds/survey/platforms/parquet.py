"""Parquet: tables of answers in, with their codebook where rds wrote it into the file."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import pandas as pd

from rds.survey.export import Export, ExportColumn
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem
from rds.survey.platforms.plain import plain_export
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.spss_extra import library
from rds.survey.platforms.spss_read import value_text

CODEBOOK = b"rds.codebook"
"""Under this key a file's schema holds the codebook as JSON."""

CODEBOOK_FORMAT = 1
_START = b"PAR1"
_INDEX = re.compile(r"__index_level_\d+__")
_EXTRA = "parquet"


def recognise(file: ReceivedFile) -> bool:
    """Tell by its first bytes whether a file is a Parquet table."""
    if file.kind != "binary":
        return False
    with file.path.open("rb") as content:
        return content.read(len(_START)) == _START


def read(file: ReceivedFile) -> Export:
    """Read a Parquet table: without a codebook of ours as a plain table, wide, long or published.

    Raises
    ------
    InputError
        If the file is damaged, holds no answers, or pyarrow is not installed.
    """
    table = _table(file)
    rows = list(zip(*(_texts(column) for column in table.columns), strict=True))

    def text_rows() -> Iterator[list[str]]:
        """Yield the headers and the cells."""
        yield list(table.column_names)
        yield from map(list, rows)

    plain = plain_export(replace(file, kind="text", rows=text_rows))
    return replace(plain, platform="parquet", described=_described(file, table))


def write_parquet(frame: pd.DataFrame, columns: Sequence[ExportColumn]) -> bytes:
    """Return a table with its codebook as the content of a Parquet file.

    Parameters
    ----------
    frame
        The table.
    columns
        What is known of its columns, in their order.

    Raises
    ------
    InputError
        If pyarrow is not installed.
    """
    arrow = library("pyarrow", extra=_EXTRA, file="Parquet data")
    parquet = library("pyarrow.parquet", extra=_EXTRA, file="Parquet data")
    described = {column.name: asdict(column) for column in columns}
    book = json.dumps({"format": CODEBOOK_FORMAT, "columns": described}, ensure_ascii=False)
    table = arrow.Table.from_pandas(frame, preserve_index=False)
    target = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({CODEBOOK: book.encode()}), target)
    return target.getvalue()


def _table(file: ReceivedFile) -> Any:
    """Return the table of a file, without an index that has no name."""
    arrow = library("pyarrow", extra=_EXTRA, file=file.name)
    parquet = library("pyarrow.parquet", extra=_EXTRA, file=file.name)
    try:
        table = parquet.ParquetFile(file.path).read()
    except (arrow.ArrowException, OSError):
        raise file_problem(
            file.name,
            "a damaged or incomplete Parquet file",
            "a Parquet file that can be read",
            "copy the file again, or export the answers as CSV",
        ) from None
    return table.drop_columns([name for name in table.column_names if _INDEX.fullmatch(name)])


def _texts(column: Any) -> list[str]:
    """Return the cells of a column as text."""
    return [_text(value) for value in column.to_pylist()]


def _text(value: Any) -> str:
    """Return a cell as text; several answers with semicolons between them.

    Examples
    --------
    >>> _text(None), _text(float("nan")), _text(3.0), _text(["a", "b"])
    ('', '', '3', 'a;b')
    """
    if isinstance(value, list):
        return ";".join(map(_text, value))
    return "" if value is None or value != value else value_text(value)  # noqa: PLR0124


def _described(file: ReceivedFile, table: Any) -> tuple[ExportColumn, ...]:
    """Return what the codebook in the file says of the columns; empty without one of ours."""
    said = (table.schema.metadata or {}).get(CODEBOOK)
    if said is None:
        return ()
    try:
        book = json.loads(said)
        columns: Mapping[str, Any] = book["columns"] if book["format"] == CODEBOOK_FORMAT else {}
        return tuple(ExportColumn(**columns[name]) for name in table.column_names)
    except (KeyError, TypeError, ValueError):
        raise file_problem(
            file.name,
            "a codebook that does not fit the table, or is of a newer version of rds",
            "the file as rds wrote it",
            "export the data again",
            place="schema metadata",
        ) from None


PLATFORM = Platform(name="parquet", title="Parquet", recognise=recognise, read=read)
