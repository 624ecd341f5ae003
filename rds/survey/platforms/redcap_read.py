"""Exports of REDCap, raw or with labels, read as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rds.survey.export import NOT_TICKED, TICKED, ColumnRole, Export, ExportColumn
from rds.survey.platforms.blocks import text_blocks
from rds.survey.platforms.column_names import column_names, names_a_person
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem, holds_anything
from rds.survey.platforms.redcap_columns import Place, fits, has_raw_headers, places
from rds.survey.platforms.redcap_dictionary import (
    Field,
    is_dictionary,
    is_dictionary_file,
    read_dictionary,
)
from rds.survey.platforms.redcap_write import SUM_SUFFIX

_RESPONDENT_NAMES = ("respondent", "respondent_id")
_ENTITY_VALUE = {"record", "field_name", "value"}
_STATES = {"incomplete": "0", "unverified": "1", "complete": "2"}
_TICKS = {"1": TICKED, "checked": TICKED, "0": NOT_TICKED, "unchecked": NOT_TICKED}
_NOT_ANSWERS = ("calc", "file", "descriptive")
_PERSONAL_VALIDATIONS = ("email", "phone")
_TYPED = ("text", "notes")
_OWN_ROLES: dict[str, ColumnRole] = {"identifier": "contact", "personal": "personal"}
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?")

_Row = list[str]


@dataclass(frozen=True)
class _Layout:
    """Where in a row stands what: options by question, and REDCap's own columns."""

    places: tuple[Place, ...]
    ticks: tuple[tuple[int, ...], ...]
    completes: tuple[int, ...]
    timestamps: tuple[int, ...]
    surveys: tuple[int, ...]
    events: tuple[int, ...]
    respondent: int | None


def recognise(file: ReceivedFile) -> bool:
    """Tell from its headers and first rows whether a table is an export of REDCap."""
    if file.kind not in ("text", "workbook"):
        return False
    rows = [row for row in file.head if holds_anything(list(row))]
    if not rows:
        return False
    headers = [header.strip() for header in rows[0]]
    if is_dictionary(headers) or _is_entity_value(headers):
        return True
    if headers[0].casefold() in _RESPONDENT_NAMES:
        return False
    if _is_redcap(headers, rows[1:]):
        return True
    book = file.codebook
    return book is not None and is_dictionary_file(book) and fits(headers, read_dictionary(book))


def read(file: ReceivedFile) -> Export:
    """Return an export of REDCap; its dictionary, given beside it, tells columns and labels.

    Rows of one record in several events or instances are joined into one, if no question is
    answered in two of them.

    Raises
    ------
    InputError
        In one problem, why the file cannot be used.
    """
    header_row, headers = _header(file)
    fields = read_dictionary(file.codebook) if file.codebook else ()
    layout = _layout(file, headers, fields)
    columns = column_names(headers)
    described = tuple(_described(name, number, layout) for number, name in enumerate(columns))
    joined = _joined(file, header_row, layout) if layout.events else None

    def blocks() -> Iterator[pd.DataFrame]:
        rows = _mended_rows(file, header_row, layout, joined)
        for block in text_blocks(rows, header_row, columns):
            kept = block if joined is None else block.loc[block.index.isin(list(joined))]
            if len(kept):
                yield kept

    return Export(
        source=file.name,
        sha256=file.sha256,
        layout="wide",
        columns=columns,
        blocks=blocks,
        assumed=file.assumed,
        platform="redcap",
        described=described,
        left_out=_left_out(file, header_row, joined),
        codes_are_ours=bool(fields),
    )


def _is_entity_value(headers: Sequence[str]) -> bool:
    """Tell whether there is a row for every single value (“EAV”)."""
    return set(headers) >= _ENTITY_VALUE


def _is_redcap(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the headers and what stands below are REDCap's own."""
    raw = has_raw_headers(headers)
    for number, header in enumerate(headers):
        cells = {row[number].strip() for row in rows} - {""}
        if raw and header.startswith("redcap_"):
            return True
        if raw and header.endswith("_complete") and number and cells <= {"0", "1", "2"}:
            return True
        if header == "Complete?" and {cell.casefold() for cell in cells} <= {
            *_STATES,
            "0",
            "1",
            "2",
        }:
            return True
        ticks = re.search(r"\s\(choice=.*\)$", header, re.DOTALL)
        if ticks and {cell.casefold() for cell in cells} <= set(_TICKS):
            return True
    return False


def _header(file: ReceivedFile) -> tuple[int, list[str]]:
    """Return the number of the header row and its headers, or say why there is none to read."""
    filled = ((n, row) for n, row in enumerate(file.rows(), 1) if holds_anything(row))
    number, cells = next(filled, (0, []))
    headers = [cell.strip() for cell in cells]
    _, first = next(filled, (0, None))
    if first is None:
        raise _problem(file, "a header row without answers", "answers below the header row")
    if [cell.strip() for cell in first] == headers:
        raise _problem(file, "the header row twice", "the header row once", place="row 2")
    if is_dictionary(headers):
        raise file_problem(
            file.name,
            "a data dictionary",
            "an export of answers",
            "give the dictionary as the codebook beside the answers",
        )
    if _is_entity_value(headers):
        raise _problem(file, "a row for every single value (“EAV”)", "a row for every record")
    twice = sorted({header for header in headers if headers.count(header) > 1})
    if has_raw_headers(headers) and twice:
        raise _problem(file, f"more than one column “{twice[0]}”", "every variable once")
    return number, headers


def _problem(file: ReceivedFile, found: str, wanted: str, *, place: str = "") -> Exception:
    """Return the error for an export that has to be made again."""
    mend = "export the answers from REDCap again as “CSV / Raw data”, one row a record"
    return file_problem(file.name, found, wanted, mend, place=place)


def _layout(file: ReceivedFile, headers: Sequence[str], fields: Sequence[Field]) -> _Layout:
    """Return where in a row stands what."""
    found = places(headers, fields)
    _refuse_another_dictionary(file, found, fields)
    options: dict[str, list[int]] = {}
    for number, place in enumerate(found):
        if place.several:
            options.setdefault(place.several, []).append(number)
    completes, timestamps = (
        tuple(n for n, place in enumerate(found) if place.kind == kind)
        for kind in ("complete", "timestamp")
    )
    surveys = tuple(
        next(n for n in completes if n > at)
        for at in timestamps
        if completes and at < completes[-1]
    )
    return _Layout(
        places=found,
        ticks=tuple(map(tuple, options.values())),
        completes=completes,
        timestamps=timestamps,
        surveys=surveys or completes,
        events=tuple(n for n, place in enumerate(found) if place.kind == "event"),
        respondent=_respondent(file, found, fields),
    )


def _refuse_another_dictionary(
    file: ReceivedFile, found: Sequence[Place], fields: Sequence[Field]
) -> None:
    """Raise if a dictionary was given that describes less than half of the fields."""
    answers = [place for place in found[1:] if place.kind == "field"]
    missing = [place for place in answers if place.field is None]
    if fields and 2 * len(missing) > len(answers):
        raise file_problem(
            file.name,
            f"{len(missing)} of {len(answers)} columns of answers that the dictionary"
            f" {file.codebook and file.codebook.name} does not describe for certain",
            "the dictionary of the project the answers come from",
            "download the dictionary from the same project, or read the answers without it",
        )


def _respondent(file: ReceivedFile, found: Sequence[Place], fields: Sequence[Field]) -> int | None:
    """Return the column of the record identifier: the first, unless it was left out."""
    first = found[0]
    if first.kind != "field" or first.several:
        return None
    if fields and first.field is not None:
        return 0 if first.field == fields[0] else None
    if any(place.kind == "event" for place in found):
        return 0
    cells = [row[0].strip() for row in file.rows() if holds_anything(row)]
    return 0 if all(cells) and len(set(cells)) == len(cells) else None


def _described(name: str, number: int, layout: _Layout) -> ExportColumn:
    """Return what is known of a column."""
    role = _role(number, layout)
    return _answer(name, layout.places[number]) if role == "answer" else ExportColumn(name, role)


def _role(number: int, layout: _Layout) -> ColumnRole:
    """Return the role of a column: the last survey says when all was submitted and complete."""
    place = layout.places[number]
    if number == layout.respondent:
        return "respondent"
    if place.kind == "field":
        return "personal" if _is_personal(place) else _answer_role(place)
    if place.kind == "complete" and number == layout.surveys[-1]:
        return "status"
    if place.kind == "timestamp" and number == layout.timestamps[-1]:
        return "submitted"
    return _OWN_ROLES.get(place.kind, "technical")


def _answer_role(place: Place) -> ColumnRole:
    """Tell answers from what nobody typed or chose."""
    if place.field is None:
        return "technical" if place.name.endswith(SUM_SUFFIX) else "answer"
    return "technical" if place.field.kind in _NOT_ANSWERS else "answer"


def _is_personal(place: Place) -> bool:
    """Tell whether a field holds personal data, by its mark, its validation or its name."""
    if place.kind != "field":
        return False
    field = place.field
    if field is None:
        return names_a_person(place.name or place.label)
    marked = field.is_identifier or field.validation in _PERSONAL_VALIDATIONS
    named = names_a_person(field.name) or names_a_person(field.label)
    return marked or (named and field.kind in _TYPED)


def _answer(name: str, place: Place) -> ExportColumn:
    """Return what is known of a column of answers."""
    field = place.field
    matrix = field is not None and bool(field.matrix)
    return ExportColumn(
        name,
        question=place.name,
        option=place.option,
        question_text=field.matrix_text if field and matrix else place.label,
        row_text=place.label if matrix else "",
        option_text=place.option_label,
        position=field.position if field else 0,
        labels=field.words if field and not place.several else {},
    )


def _mended_rows(
    file: ReceivedFile, header_row: int, layout: _Layout, joined: Mapping[int, _Row] | None
) -> Iterator[_Row]:
    """Yield all rows of a file, those below the header in rds's own words."""
    for number, row in enumerate(file.rows(), 1):
        if number <= header_row or not holds_anything(row):
            yield row
        else:
            mended = (joined or {}).get(number) or _mended(row, layout)
            yield _with_status(mended, layout)


def _mended(row: Sequence[str], layout: _Layout) -> _Row:
    """Return a row with times, states and ticks as rds writes them.

    A question without a single tick was not answered, or its form was never opened: REDCap
    writes the same zeros for both.
    """
    cells = list(row)
    for number in layout.timestamps:
        cells[number] = _moment(cells[number])
    for number in layout.completes:
        cells[number] = _STATES.get(cells[number].strip().casefold(), cells[number].strip())
    for options in layout.ticks:
        ticks = [_tick(cells[n], layout.places[n].option_label) for n in options]
        known = (
            ticks if TICKED in ticks else [t if t not in ("", NOT_TICKED) else "" for t in ticks]
        )
        for number, tick in zip(options, known, strict=True):
            cells[number] = tick
    return cells


def _tick(cell: str, words: str) -> str:
    """Return whether an option was ticked; anything unforeseen stays as it is."""
    text = cell.strip()
    return TICKED if words and text == words else _TICKS.get(text.casefold(), text)


def _moment(cell: str) -> str:
    """Return a time as 2026-05-04T10:20:31; empty for a survey that is not completed."""
    text = cell.strip()
    found = _MOMENT.fullmatch(text)
    if found:
        return f"{found[1]}T{found[2]}{found[3] or ':00'}"
    return "" if text == "[not completed]" else text


def _with_status(row: _Row, layout: _Layout) -> _Row:
    """Put whether all surveys are complete where the last of them says it."""
    if not layout.surveys:
        return row
    states = [row[number] for number in layout.surveys]
    cells = list(row)
    cells[layout.surveys[-1]] = "complete" if set(states) == {"2"} else "partial"
    return cells


def _joined(file: ReceivedFile, header_row: int, layout: _Layout) -> dict[int, _Row]:
    """Return one row for each record, by the number of its first row that holds an answer."""
    answers = [n for n, place in enumerate(layout.places) if place.kind == "field" and n]
    by_record: dict[str, tuple[int, _Row]] = {}
    for number, row in enumerate(file.rows(), 1):
        if number <= header_row or not holds_anything(row):
            continue
        cells = _mended(row, layout)
        record = cells[0].strip()
        if record not in by_record:
            by_record[record] = (number, cells)
            continue
        earlier_number, earlier = by_record[record]
        _refuse_two_answers(file, (earlier_number, earlier), (number, cells), answers)
        by_record[record] = (earlier_number, list(map(max, earlier, cells)))
    return dict(by_record.values())


def _refuse_two_answers(
    file: ReceivedFile,
    earlier: tuple[int, _Row],
    later: tuple[int, _Row],
    answers: Sequence[int],
) -> None:
    """Raise if a record answers a question in two rows."""
    twice = [n for n in answers if earlier[1][n].strip() and later[1][n].strip()]
    if twice:
        raise file_problem(
            file.name,
            f"record “{later[1][0]}” with two answers to the same question, in two events or"
            " instances",
            "one answer a record",
            "export the event (or the instance) of the survey alone",
            place=f"row {earlier[0]} and row {later[0]}",
        )


def _left_out(
    file: ReceivedFile, header_row: int, joined: Mapping[int, _Row] | None
) -> dict[str, int]:
    """Count the rows that were joined with another of the same record."""
    if joined is None:
        return {}
    rows = (holds_anything(row) for n, row in enumerate(file.rows(), 1) if n > header_row)
    count = sum(rows) - len(joined)
    return {"joined with another row of the same record": count} if count else {}
