"""Plain data files: a table of answers as CSV, TSV or XLSX, read as text and in blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rds.survey.export import Export
from rds.survey.platforms.blocks import text_blocks
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem, holds_anything, open_file
from rds.values import read_text

_LONG = (
    {"respondent", "respondent_id"},
    {"statement", "statement_id"},
    {"scale"},
    {"rating"},
)
_PUBLISHED = ({"statement", "statement_id"}, {"n"}, {"mean"})


def read_plain(path: Path, *, sheet: str | None = None) -> Export:
    r"""Open a table of answers: one header row, then one row a respondent or one row a rating.

    Text files may be separated by commas, semicolons or tabs, in UTF-8 (with or without a
    byte-order mark), UTF-16 with a byte-order mark, or else Windows-1252. Workbooks are read as
    what their cells show: whole numbers without decimals, dates as 2026-03-01, booleans as “yes”
    and “no”. Rows after the last that holds anything are left out; rows with fewer cells than
    headers end in empty ones.

    Parameters
    ----------
    path
        The file; what it is shows in its content, not in its name.
    sheet
        The sheet of a workbook; needed only if several hold data.

    Returns
    -------
    Export
        Its blocks are indexed by row number, the header's row counted, as a spreadsheet shows it.
        Columns without a header are named by their position. The layout is ``"long"`` if there
        are columns respondent (or respondent_id), statement (or statement_id), scale and rating,
        and ``"published"`` if there are statement, n and mean.

    Raises
    ------
    InputError
        In one problem, why the file cannot be used. Rows with more cells than headers are found
        only while the blocks are read, and raised after the last.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "answers.csv")
    ...     _ = path.write_text("respondent;T01_importance\nA;4\n")
    ...     export = read_plain(path)
    ...     export.columns, export.assumed, next(export.blocks()).loc[2].tolist()
    (('respondent', 'T01_importance'), ('cells are separated by semicolons',), ['A', '4'])
    """
    return plain_export(open_file(path, sheet=sheet))


def plain_export(file: ReceivedFile) -> Export:
    """Return an opened table of answers as `read_plain` does.

    Raises
    ------
    InputError
        In one problem, why the table cannot be used.
    """
    if file.kind not in ("text", "workbook"):
        raise file_problem(
            file.name,
            "a file that no platform known to rds has written",
            "a table of answers as CSV or XLSX, or an export of a survey platform",
            "export the answers as CSV or XLSX",
        )
    header_row, columns = _headers(file.name, file.rows())
    return Export(
        source=file.name,
        sha256=file.sha256,
        layout=_layout(columns),
        columns=columns,
        blocks=lambda: text_blocks(file.rows(), header_row, columns),
        assumed=file.assumed,
    )


def _headers(file: str, rows: Iterable[list[str]]) -> tuple[int, tuple[str, ...]]:
    """Return the number of the header row, the first that holds anything, and its headers."""
    filled = ((number, row) for number, row in enumerate(rows, 1) if holds_anything(row))
    header_row, cells = next(filled, (0, []))
    if not header_row:
        raise file_problem(
            file, "an empty file", "a header row, then answers", "export the answers again"
        )
    if next(filled, None) is None:
        raise file_problem(
            file, "headers only", "answers below the header row", "export the answers again"
        )
    headers = [read_text(cell) for cell in cells]
    columns = [header or f"column {number}" for number, header in enumerate(headers, 1)]
    twice = sorted(name for name in set(columns) if columns.count(name) > 1)
    if twice:
        raise file_problem(
            file,
            f"more than one column {' and '.join(f'“{name}”' for name in twice[:3])}",
            "each header once",
            "rename or remove columns so that each header stands there once",
            place=f"row {header_row}",
        )
    return header_row, tuple(columns)


def _layout(columns: Sequence[str]) -> str:
    """Tell a row a rating (long), a row a printed mean (published), a row a respondent (wide)."""
    names = {name.casefold() for name in columns}
    layouts = {"long": _LONG, "published": _PUBLISHED}
    fitting = (name for name, wanted in layouts.items() if all(names & a for a in wanted))
    return next(fitting, "wide")
