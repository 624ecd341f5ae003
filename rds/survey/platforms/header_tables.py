"""Tables of answers under headers that people read, as SurveyMonkey and platforms like it write."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from rds.survey.export import NOT_TICKED, TICKED, Export, ExportColumn
from rds.survey.platforms.blocks import text_blocks
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem, holds_anything
from rds.survey.platforms.words import comparable, plain_text
from rds.values import read_date

_PERSONAL_HEADINGS = frozenset(
    {
        *("name", "your name", "full name", "first name", "last name", "surname", "vorname"),
        *("nachname", "nom", "prénom", "nombre", "apellido", "apellidos", "nome", "naam"),
        *("email", "e-mail", "email address", "e-mail address", "your email", "your email address"),
        *("e-mail-adresse", "adresse e-mail", "adresse de messagerie", "correo electrónico"),
        *("dirección de correo electrónico", "endereço de e-mail", "e-mailadres", "username"),
        *("phone", "phone number", "telephone", "telefon", "telefonnummer", "address", "adresse"),
        *("ip address", "ip-adresse", "ip", "latitude", "longitude", "date of birth", "birth date"),
    }
)
_PERSONAL_CELL = re.compile(
    r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}|(\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{0,4}){3,7}"
)
"""E-mail addresses and the addresses of computers."""
_TIME = re.compile(
    r"(?P<date>\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})"
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\.\d+)?"
    r"\s*(?:(?P<half>[AaPp])\.?\s?[Mm]\.?)?\s*(?:[A-Z]{1,5}(?:[+-]\d{1,2}(?::?\d\d)?)?)?)?"
)


def header_of(file: ReceivedFile) -> tuple[int, tuple[str, ...]]:
    """Return number and cells of the first row that holds anything; (0, ()) without one."""
    if file.kind not in ("text", "workbook"):
        return 0, ()
    filled = (found for found in enumerate(file.head, 1) if holds_anything(list(found[1])))
    return next(filled, (0, ()))


def row_below(file: ReceivedFile, number: int) -> tuple[str, ...]:
    """Return the row after row `number`; empty when there is none."""
    return file.head[number] if number < len(file.head) else ()


def folded(header: str) -> str:
    """Return a header as headers are compared with those that a platform gives.

    Examples
    --------
    >>> folded(" Start  Date")
    'start date'
    """
    return plain_text(header).casefold()


def unique_names(headers: Sequence[str]) -> tuple[str, ...]:
    """Return a name for every column: its header, with its position where that says too little.

    Examples
    --------
    >>> unique_names(["ID", "Listen", "", "Listen"])
    ('ID', 'Listen (column 2)', 'column 3', 'Listen (column 4)')
    """
    plain = [plain_text(header) for header in headers]
    placed = [
        f"{header} (column {number})" if header else f"column {number}"
        for number, header in enumerate(plain, 1)
    ]
    names = tuple(
        header if header and plain.count(header) == 1 else place
        for header, place in zip(plain, placed, strict=True)
    )
    return names if len(set(names)) == len(names) else tuple(placed)


def open_text(column: ExportColumn, label: str) -> ExportColumn:
    """Return the column of what people typed for “other”."""
    return replace(column, option_text=label, is_open_text=True)


def records(file: ReceivedFile, header_row: int, names: Sequence[str]) -> pd.DataFrame:
    """Return the rows below the headers that hold anything, by the number a spreadsheet shows.

    Raises
    ------
    InputError
        If there are none, the headers stand there again, or the file breaks off in a row.
    """
    _refuse_cut_off(file)
    parts = list(text_blocks(file.rows(), header_row, names))
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=list(names), dtype=str)
    frame = frame.loc[(frame != "").any(axis=1)]
    if frame.empty:
        raise file_problem(
            file.name, "headers only", "answers below the headers", "export the answers again"
        )
    header = header_of(file)[1]
    again = frame.index[(frame.to_numpy() == list(header)).all(axis=1)]
    if len(again):
        raise file_problem(
            file.name,
            "the header row a second time",
            "one export, its headers only at the top",
            "hand over each export as a file of its own",
            place=f"row {again[0]}",
        )
    return frame


def _refuse_cut_off(file: ReceivedFile) -> None:
    """Refuse a text file that ends in the middle of a row."""
    if file.kind != "text":
        return
    with file.path.open(encoding=file.encoding, newline="") as text:
        ends = text.read()[-1:] in ("\n", "\r")
        text.seek(0)
        widths = [len(row) for row in csv.reader(text, delimiter=file.separator) if row]
    if not ends and widths and widths[-1] < widths[0]:
        raise file_problem(
            file.name,
            f"a last row that breaks off after {widths[-1]} of {widths[0]} cells",
            "the whole file",
            "export or copy the file again",
        )


def made_export(
    file: ReceivedFile,
    platform: str,
    described: Iterable[ExportColumn],
    frame: pd.DataFrame,
    *,
    left_out: Mapping[str, int] | None = None,
) -> Export:
    """Return the export, its times written alike and its personal columns marked.

    Parameters
    ----------
    file, platform
        Where it came from.
    described
        Every column of `frame`, in its order.
    frame
        The answers.
    left_out
        Rows left out by reason.
    """
    columns = tuple(_without_personal(column, frame[column.name]) for column in described)
    timed = [column.name for column in columns if column.role in ("started", "submitted")]
    answers = frame.assign(**{name: iso_times(frame[name]) for name in timed})
    return Export(
        source=file.name,
        sha256=file.sha256,
        layout="wide",
        columns=tuple(column.name for column in columns),
        blocks=lambda: iter((answers,)),
        assumed=file.assumed,
        platform=platform,
        described=columns,
        left_out=left_out or {},
        codes_are_ours=False,
    )


def _without_personal(column: ExportColumn, cells: pd.Series[str]) -> ExportColumn:
    """Return an answer column as personal if its header or most of its cells say so."""
    if column.role != "answer":
        return column
    asks = {comparable(column.question_text), comparable(column.row_text)}
    if not column.row_text:
        asks.add(comparable(column.name))
    filled = cells[cells != ""]
    personal = filled.str.strip().str.fullmatch(_PERSONAL_CELL)
    if asks & _PERSONAL_HEADINGS or (len(filled) and personal.mean() >= 0.5):
        return replace(column, role="personal")
    return column


def iso_times(cells: pd.Series[str]) -> pd.Series[str]:
    """Return times as 2026-05-04T10:20:31 where the column tells day from month, else as they are.

    Examples
    --------
    >>> import pandas as pd
    >>> iso_times(pd.Series(["2026/03/01 10:20:31 PM GMT+1", "2.3.2026 9:05"])).tolist()
    ['2026-03-01T22:20:31', '2026-03-02T09:05:00']
    >>> iso_times(pd.Series(["Jun 05, 2024 10:31:04 AM EDT"])).tolist()
    ['2024-06-05T10:31:04']
    >>> iso_times(pd.Series(["03/04/2026 07:48 AM"])).tolist()
    ['03/04/2026 07:48 AM']
    >>> iso_times(pd.Series(["03/04/2026 07:48 AM", "3/25/2026 10:00 PM"])).tolist()
    ['2026-03-04T07:48:00', '2026-03-25T22:00:00']
    """
    orders = [
        order
        for order in ("month first", "day first")
        if all(_iso_time(cell, order) for cell in cells if cell and _TIME.fullmatch(cell.strip()))
    ]
    tried = orders if orders else ["unknown"]
    read = [[_iso_time(cell, order) or cell for cell in cells] for order in tried]
    same = [
        first if first == last else cell
        for first, last, cell in zip(read[0], read[-1], cells, strict=True)
    ]
    return pd.Series(same, index=cells.index, dtype=str)


def _iso_time(cell: str, order: str) -> str:
    """Return a time in ISO form; empty if it is none in that order of day and month."""
    found = _TIME.fullmatch(cell.strip())
    date = _iso_date(found["date"], order) if found else ""
    if not found or not date:
        return ""
    if found["hour"] is None:
        return date
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    if hour > 23:
        return ""
    return f"{date}T{hour:02}:{found['minute']}:{found['second'] or '00'}"


def _iso_date(text: str, order: str) -> str:
    """Return a date in ISO form; empty if it is none in that order."""
    if text[0].isalpha():
        return _named_date(text)
    first, second, third = re.split(r"[-/.]", text)
    if len(first) == 4:
        year, month, day = first, second, third
    elif len(first) > 2 or len(third) == 3:
        return ""
    else:
        year = third if len(third) == 4 else f"20{third}"
        day_first = "." in text or order == "day first"
        day, month = (first, second) if day_first else (second, first)
    if order == "unknown" and len(first) != 4 and "." not in text:
        return ""
    valid = 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return f"{year}-{int(month):02}-{int(day):02}" if valid else ""


def _named_date(text: str) -> str:
    """Return a date that names its month in English, in ISO form; empty if it is none."""
    try:
        return read_date(text).isoformat()
    except ValueError:
        return ""


def ticks(frame: pd.DataFrame, names: Sequence[str], beside: Sequence[str] = ()) -> pd.DataFrame:
    """Return columns of one option each as ticked, not ticked, or "" where nothing was answered.

    Parameters
    ----------
    frame
        The answers.
    names
        The columns of the question's options.
    beside
        Its other columns, which show that it was answered.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"A": ["A", ""], "B": ["", ""]}, dtype=str)
    >>> ticks(frame, ["A", "B"]).to_numpy().tolist()
    [['1', '0'], ['', '']]
    """
    answered = (frame[[*names, *beside]] != "").any(axis=1)
    marked = frame[list(names)].copy()
    for name in names:
        filled = frame[name] != ""
        marked[name] = (
            pd.Series("", index=frame.index, dtype=str)
            .mask(answered, NOT_TICKED)
            .mask(filled, TICKED)
        )
    return marked


def repeats_label(cells: pd.Series[str], label: str) -> bool:
    """Tell whether a column holds nothing but its own label, as the column of an option does."""
    values = {comparable(cell) for cell in cells.unique() if cell}
    return values == {comparable(label)}


def are_options(frame: pd.DataFrame, labels: Sequence[str]) -> bool:
    """Tell whether columns hold an option each: their own label, or their own number.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"A": ["Basic", ""], "B": ["", ""]}, dtype=str)
    >>> are_options(frame, ["Basic", "Advanced"]), are_options(frame, ["Listen", "Ask"])
    (True, False)
    """
    filled = [at for at in range(len(labels)) if (frame.iloc[:, at] != "").any()]
    told = [repeats_label(frame.iloc[:, at], labels[at]) for at in filled]
    return (bool(told) and all(told)) or _are_numbered(frame)


def _are_numbered(frame: pd.DataFrame) -> bool:
    """Tell whether columns are options by number: the first holds 1, the second 2, and so on.

    Two columns must hold something, and somebody must have left one out: the lines of a grid
    could be answered 1, 2, 3 from top to bottom.
    """
    values = [set(frame.iloc[:, at].unique()) - {""} for at in range(frame.shape[1])]
    own = all(cells <= {str(number)} for number, cells in enumerate(values, 1))
    given = (frame != "").sum(axis=1)
    left_out = ((given > 0) & (given < frame.shape[1])).any()
    return own and sum(map(bool, values)) > 1 and bool(left_out)


def bracketed(header: str) -> tuple[str, str]:
    """Return question and row of “Question [Row]”: the last bracket that is closed at the end.

    Examples
    --------
    >>> bracketed("How often?   [Plan goals [weekly] (all)]")
    ('How often?', 'Plan goals [weekly] (all)')
    >>> bracketed("Years of experience")
    ('Years of experience', '')
    """
    text = plain_text(header)
    if not text.endswith("]"):
        return text, ""
    depth = 0
    for at in range(len(text) - 1, 0, -1):
        depth += {"]": 1, "[": -1}.get(text[at], 0)
        if depth == 0:
            return text[:at].strip(), text[at + 1 : -1].strip()
    return text, ""


def in_order(questions: Sequence[tuple[str, str]]) -> list[int]:
    """Return which line of its question every column is, from 1; 0 for a column without a row.

    A question goes on while its text stays the same and no row comes again.

    Examples
    --------
    >>> in_order([("Q", "a"), ("Q", "b"), ("Q", "a"), ("R", ""), ("Q", "a")])
    [1, 2, 1, 0, 1]
    """
    positions: list[int] = []
    seen: set[str] = set()
    current = ""
    for question, row in questions:
        if not row:
            current, seen = "", set()
            positions.append(0)
            continue
        if question != current or row in seen:
            current, seen = question, set()
        seen.add(row)
        positions.append(len(seen))
    return positions
