"""A start list into a study: read from a table or the O*NET database, written beside what is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rds.columns import SHEETS
from rds.documents.study_workbook import study_workbook
from rds.errors import InputError, Problem, nearest
from rds.files import write_atomically
from rds.outline.build import is_empty_outline
from rds.outline.listed_rows import ListedRows, listed_rows
from rds.outline.onet import (
    FILES,
    NEEDED,
    OnetRows,
    find_occupation,
    onet_citation,
    onet_statements,
    release_named,
)
from rds.outline.start_list import (
    MEANINGS,
    Listed,
    Meaning,
    holds_statements,
    read_list,
    recognise_columns,
)
from rds.ratings.mapping import read_column_map
from rds.study.create import create_study
from rds.study.folder import STUDY_WORKBOOK
from rds.study.guard import lock
from rds.study.study import Study
from rds.survey.platforms.opening import open_file

LISTED = "study-listed.xlsx"
"""The study's workbook with the statements of a list added, beside the one in force."""

_WORDS = {"Domains": "title", "Tasks": "statement", "KSAs": "statement"}
_HEADERS_WITHIN = 10
_FROM = "https://www.onetcenter.org/database.html"


@dataclass(frozen=True)
class StartList:
    """The statements of a list and where they come from: a row of the sheet Sources."""

    listed: tuple[Listed, ...]
    source: Mapping[str, str]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListAdded:
    """What became of a list: the file written, if any, and what it holds."""

    written: Path | None
    counts: Mapping[str, int]
    remarks: tuple[str, ...]


def read_start_list(
    path: Path, *, columns: Path | None = None, sheet: str | None = None
) -> StartList:
    """Read a list of domains, tasks and KSAs from a CSV or XLSX table.

    Parameters
    ----------
    path
        The table, with headers in one of its first ten rows.
    columns
        A table with the columns ``column`` and ``meaning``, for headers that are not recognised.
    sheet
        The sheet of a workbook, when several hold data.

    Raises
    ------
    InputError
        When no column holds statements, a meaning is none of ours, or the file cannot be read.
    """
    given = read_column_map(columns) if columns else {}
    rows = [
        (f"row {number}", cells)
        for number, cells in enumerate(_rows_of(path, sheet), start=1)
        if any(cell.strip() for cell in cells)
    ]
    _refuse_unknown_meanings(columns, given)
    headers, found, below = _header_row(rows, given)
    if not holds_statements(found):
        raise InputError([_no_statements(path, headers)])
    _refuse_unknown_headers(columns, given, headers)
    ignored = [header for at, header in enumerate(headers) if at not in found and header.strip()]
    remarks = [f"not read: column “{header}”" for header in ignored]
    listed = tuple(read_list(below, found))
    if not any(one.unit != "domain" for one in listed):
        mend = "check that statements stand below the headers"
        raise InputError([Problem(path.name, "", "no statements", "at least one", mend)])
    source = {"kind": "list", "citation": f"{path.name}, received as a start list"}
    return StartList(listed, source, tuple(remarks))


def read_onet(path: Path, occupation: str, *, release: str = "") -> StartList:
    """Read an occupation from the text files of the O*NET database.

    Parameters
    ----------
    path
        The folder that holds “Occupation Data.txt” and “Task Statements.txt”, or one of them;
        “Knowledge.txt”, “Skills.txt”, “Abilities.txt” and “Task Ratings.txt” are read if present.
    occupation
        Its O*NET-SOC code or title.
    release
        Such as ``"29.3"``; needed when neither “Read Me.txt” nor the folder's name tells it.

    Raises
    ------
    InputError
        When files or columns are missing, the occupation is unknown, or the release is.
    """
    folder = path if path.is_dir() else path.parent
    tables = _onet_tables(folder)
    try:
        code, title = find_occupation(tables["Occupation Data"], occupation)
    except ValueError as wanted:
        mend = "give its O*NET-SOC code or its title"
        problem = Problem("--occupation", "", f"“{occupation}”", str(wanted), mend)
        raise InputError([problem]) from None
    named = release or release_named([_read_me(folder), folder.resolve().name])
    if not named:
        mend = "say which release the files are of, as in --release 29.3"
        found = "no release in Read Me.txt or the folder's name"
        raise InputError([Problem(folder.name, "", found, "the release of the database", mend)])
    listed = tuple(onet_statements(tables, code))
    if not any(one.unit == "task" for one in listed):
        found, mend = f"no tasks of {code} {title}", "choose an occupation with tasks"
        raise InputError([Problem("Task Statements.txt", "", found, "its tasks", mend)])
    source = {"kind": "O*NET database", "citation": onet_citation(named, code, title)}
    absent = [f"{name}.txt" for name in FILES if name not in tables]
    remarks = [f"not there, and not read: {', '.join(absent)}"] if absent else []
    return StartList(listed, source, tuple(remarks))


def add_start_list(
    folder: Path, found: StartList, *, today: date, dry_run: bool = False
) -> ListAdded:
    """Write a list into a new study folder, or beside the workbook of one that there is.

    Every task and KSA is proposed; the panel makes active what it accepts. Nothing that is there
    is changed: for an existing study a second workbook, `LISTED`, holds its rows and the new ones.

    Raises
    ------
    InputError
        When the study has problems, or a workbook with a list waits there already.
    """
    if not (folder / STUDY_WORKBOOK).exists():
        made = listed_rows(found.listed, source=found.source)
        if dry_run:
            return _added(None, made, found)
        (written, *_) = create_study(folder, {}, today=today, rows=made.rows)
        return _added(written, made, found)
    study = Study.open(folder, strict=False)
    errors = [
        one for one in study.problems if one.severity == "error" and not is_empty_outline(one)
    ]
    if errors:
        raise InputError(errors)
    made = _rows_for(study, found)
    target = folder / LISTED
    if target.exists():
        mend = f"put {LISTED} in place of {STUDY_WORKBOOK}, or move it away, then run this again"
        raise InputError([Problem(LISTED, "", "a list that waits", "no such file yet", mend)])
    if not dry_run:
        with lock(folder):
            write_atomically(target, _workbook(study, made))
    return _added(None if dry_run else target, made, found)


def open_list(study: Study) -> tuple[str, ...]:
    """Return a sentence when a workbook with a list waits beside the study's own."""
    waits = (study.folder.root / LISTED).exists()
    return (f"{LISTED} waits to be put in place of {STUDY_WORKBOOK}, or moved away",) * waits


def _added(written: Path | None, made: ListedRows, found: StartList) -> ListAdded:
    """Return what became of a list."""
    return ListAdded(written, made.counts, (*found.remarks, *made.remarks))


def _rows_for(study: Study, found: StartList) -> ListedRows:
    """Return the rows that a list adds to a study."""
    own = {
        sheet.name: sheet.columns[0].name for sheet in SHEETS
        if sheet.columns[0].kind == "identifier" and not sheet.columns[0].refers_to
    }  # fmt: skip
    words = {
        sheet: {row.text(own[sheet]): row.text(column) for row in study.rows.get(sheet, ())}
        for sheet, column in _WORDS.items()
    }
    return listed_rows(
        found.listed,
        source=found.source,
        domains=words["Domains"],
        statements={**words["Tasks"], **words["KSAs"]},
        taken=[row.text(key) for sheet, key in own.items() for row in study.rows.get(sheet, ())],
    )


def _workbook(study: Study, made: ListedRows) -> bytes:
    """Return the study's workbook with the rows that a list adds."""
    rows: dict[str, Sequence[Mapping[str, object]]] = {
        name: [row.values for row in own] for name, own in study.rows.items() if name != "Settings"
    }
    for sheet, new in made.rows.items():
        rows[sheet] = [*rows.get(sheet, ()), *new]
    in_text = study.folder.text.exists()
    settings = {} if in_text else {key: value for key, (value, _) in study.given.items()}
    return study_workbook(rows, settings=settings, date=study.settings.study.opened)


def _rows_of(path: Path, sheet: str | None) -> Sequence[list[str]]:
    """Return the rows of a table."""
    if path.is_dir():
        mend = "name the occupation with --occupation, or give the file of the list"
        raise InputError([Problem(path.name, "", "a folder", "a CSV or XLSX table", mend)])
    if not path.is_file():
        mend = "check its name"
        raise InputError([Problem(path.name, "", "no such file", "a CSV or XLSX table", mend)])
    file = open_file(path, sheet=sheet)
    if file.kind not in ("text", "workbook"):
        found, mend = f"a {file.kind} file", "save the list as CSV or XLSX"
        raise InputError([Problem(path.name, "", found, "a CSV or XLSX table", mend)])
    return list(file.rows())


def _header_row(
    rows: Sequence[tuple[str, list[str]]], given: Mapping[str, str]
) -> tuple[list[str], dict[int, Meaning], Sequence[tuple[str, list[str]]]]:
    """Return the headers, what their columns are, and the rows below: the first that fit best."""
    best = max(
        range(min(len(rows), _HEADERS_WITHIN)),
        key=lambda at: (len(recognise_columns(rows[at][1], given)), -at),
        default=None,
    )
    if best is None:
        return [], {}, []
    headers = rows[best][1]
    return headers, recognise_columns(headers, given), rows[best + 1 :]


def _refuse_unknown_meanings(columns: Path | None, given: Mapping[str, str]) -> None:
    """Refuse meanings that are none of ours."""
    problems = []
    for header, meaning in given.items():
        if columns is not None and meaning not in MEANINGS:
            close = nearest(meaning, MEANINGS)
            mend = f"write “{close}”" if close else "choose one of them"
            wanted = f"one of {', '.join(MEANINGS)}"
            found = f"“{meaning}”"
            problems.append(Problem(columns.name, f"column “{header}”", found, wanted, mend))
    if problems:
        raise InputError(problems)


def _refuse_unknown_headers(
    columns: Path | None, given: Mapping[str, str], headers: Sequence[str]
) -> None:
    """Refuse a column map that names columns which the list has not."""
    known = {header.strip().casefold() for header in headers}
    lacking = [name for name in given if name.strip().casefold() not in known]
    if columns is not None and lacking:
        wanted = f"columns of the list: {', '.join(filter(None, headers))}"
        raise InputError(
            Problem(columns.name, "", f"“{name}”", wanted, "correct it") for name in lacking
        )


def _no_statements(path: Path, headers: Sequence[str]) -> Problem:
    """Return the problem that no column of a list is known to hold statements."""
    found = f"the columns {', '.join(filter(None, headers)) or '(none)'}"
    mend = "rename a header, or say what the columns are: --columns MAP.csv (column, meaning)"
    return Problem(path.name, "", found, "a column of tasks or KSAs, such as “task”", mend)


def _onet_tables(folder: Path) -> dict[str, OnetRows]:
    """Return the rows of the files that are there; refuse what is missing or another file."""
    present = {path.name.casefold(): path for path in folder.glob("*.txt")}
    tables: dict[str, OnetRows] = {}
    problems = []
    for name, columns in FILES.items():
        path = present.get(f"{name}.txt".casefold())
        if path is not None:
            headers, tables[name] = _tab_separated(path)
            lacking = [column for column in columns if column not in headers]
            if lacking:
                wanted = f"the columns {', '.join(columns)}, separated by tabs"
                mend = f"take the text file of the O*NET database ({_FROM})"
                found = f"no column {', '.join(lacking)}"
                problems.append(Problem(path.name, "line 1", found, wanted, mend))
        elif name in NEEDED:
            mend = f"unpack the database's text files into one folder ({_FROM})"
            problems.append(Problem(folder.name, "", f"no {name}.txt", "that file", mend))
    if problems:
        raise InputError(problems)
    return tables


def _tab_separated(path: Path) -> tuple[list[str], OnetRows]:
    """Return headers and rows of a file separated by tabs, in which quotes are plain characters."""
    lines = _decoded(path).splitlines()
    headers = lines[0].split("\t") if lines else []
    return headers, [
        dict(zip(headers, cells, strict=False))
        for line in lines[1:]
        if len(cells := line.split("\t")) >= len(headers)
    ]


def _decoded(path: Path) -> str:
    """Return a file's text: UTF-8, UTF-16 with its mark, or else Windows-1252."""
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read_me(folder: Path) -> str:
    """Return what the database says of itself; empty when it does not."""
    path = folder / "Read Me.txt"
    return _decoded(path) if path.is_file() else ""
