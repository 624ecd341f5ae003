"""Google Forms: answers as CSV or XLSX; a paste sheet and an Apps Script for writing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from rds.survey.export import ColumnRole, Export, ExportColumn
from rds.survey.instrument import Instrument
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.google_forms_script import script
from rds.survey.platforms.header_tables import (
    bracketed,
    folded,
    header_of,
    in_order,
    iso_times,
    made_export,
    records,
    row_below,
    unique_names,
)
from rds.survey.platforms.opening import file_problem
from rds.survey.platforms.paste_sheet import GOOGLE_FORMS, paste_sheet
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.words import plain_text

_TIMESTAMPS = frozenset(
    {
        *("timestamp", "zeitstempel", "horodateur", "marca temporal", "marca de tiempo"),
        *("carimbo de data/hora", "informazioni cronologiche", "tijdstempel", "tidsstempel"),
        *("tidstämpel", "tidsmerke", "aikaleima", "sygnatura czasowa", "časová značka"),
        *("časová pečiatka", "zaman damgası", "időbélyeg", "marcaj de timp", "marca de temps"),
        *("vremenska oznaka", "отметка времени", "позначка часу", "χρονική σήμανση"),
        *(
            "タイムスタンプ",
            "타임스탬프",
            "时间戳记",
            "时间戳",
            "時間戳記",
            "stempel waktu",
            "cap waktu",
        ),
        *("dấu thời gian", "טביעת זמן", "חותמת זמן", "طابع زمني", "ประทับเวลา"),
    }
)
_CONTACTS = frozenset(
    {
        *("email address", "username", "e-mail-adresse", "nutzername", "adresse e-mail"),
        *("nom d'utilisateur", "dirección de correo electrónico", "nombre de usuario"),
        *("endereço de e-mail", "nome de usuário", "indirizzo email", "nome utente"),
        *("e-mailadres", "gebruikersnaam", "adres e-mail", "nazwa użytkownika", "e-postadress"),
        *("e-mailová adresa", "adresse mail", "メールアドレス", "адрес электронной почты"),
    }
)
_SCORES = frozenset({"score", "punktzahl", "note", "puntuación", "pontuação", "punteggio"})
_ASIDE = 3
"""Google's own columns are the first three."""


def recognise(file: ReceivedFile) -> bool:
    """Tell whether a file is an export of Google Forms: a timestamp first, then questions."""
    number, header = header_of(file)
    if len(header) < 2 or folded(header[0]) not in _TIMESTAMPS:
        return False
    below = row_below(file, number)
    asks = any(" " in cell.strip() for cell in header[1:])
    ours = {folded(cell) for cell in header} & {"respondent", "respondent_id"}
    return asks and not ours and bool(below) and _is_time(below[0])


def _is_time(cell: str) -> bool:
    """Tell whether a cell is a date, in whatever order of day and month."""
    marks = pd.Series([cell, "1/13/2026"]), pd.Series([cell, "13/1/2026"])
    return any(iso_times(mark).iloc[0] != cell for mark in marks)


def read(file: ReceivedFile) -> Export:
    """Read an export of Google Forms.

    The question and row of a column are told apart by its header, “Question [Row]”. Columns whose
    answers hold a comma are taken to hold several answers, separated by a comma and a blank.

    Raises
    ------
    InputError
        If the file is no such export, or damaged.
    """
    number, header = header_of(file)
    if not header or folded(header[0]) not in _TIMESTAMPS:
        raise file_problem(
            file.name,
            f"a table whose first column is “{header[0]}”" if header else "an empty file",
            "an export of Google Forms, which begins with a timestamp",
            "export the answers again, and leave all columns in their places",
        )
    names = unique_names(header)
    frame = records(file, number, names)
    return made_export(file, "google_forms", _described(header, names, frame), frame)


def _described(
    header: tuple[str, ...], names: tuple[str, ...], frame: pd.DataFrame
) -> list[ExportColumn]:
    """Return what the headers say."""
    roles = [_own_role(at, cell) for at, cell in enumerate(header)]
    asked = _questions([plain_text(cell) for cell in header])
    positions = in_order(
        [pair if role == "answer" else ("", "") for pair, role in zip(asked, roles, strict=True)]
    )
    described = []
    for at, name in enumerate(names):
        if roles[at] != "answer" or not header[at].strip():
            own: ColumnRole = "technical" if roles[at] == "answer" else roles[at]
            described.append(ExportColumn(name, role=own))
            continue
        several = frame[name].str.contains(", ", regex=False).any()
        described.append(
            ExportColumn(
                name,
                question_text=asked[at][0],
                row_text=asked[at][1],
                position=positions[at],
                separator=", " if several else "",
            )
        )
    return described


def _own_role(at: int, header: str) -> ColumnRole:
    """Return the role of a column that Google adds; “answer” for a question."""
    if at == 0:
        return "submitted"
    if at < _ASIDE and folded(header) in _CONTACTS:
        return "contact"
    return "technical" if at < _ASIDE and folded(header) in _SCORES else "answer"


def _questions(header: list[str]) -> list[tuple[str, str]]:
    """Return question and row of every header; brackets left open are split as the neighbours are.

    Examples
    --------
    >>> _questions(["Years", "How often? [Listen]", "How often? [Ask :]]"])
    [('Years', ''), ('How often?', 'Listen'), ('How often?', 'Ask :]')]
    """
    asked = [bracketed(cell) for cell in header]
    for at, cell in enumerate(header):
        beside = [asked[near] for near in (at - 1, at + 1) if 0 <= near < len(asked)]
        known = {question for question, row in beside if row and cell.startswith(f"{question} [")}
        if cell.endswith("]") and len(known) == 1 and asked[at][0] not in known:
            (question,) = known
            asked[at] = question, cell[len(question) + 2 : -1].strip()
    return asked


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return a workbook to copy and paste from, and a script that makes the form by itself."""
    return {
        f"{instrument.name}-google-forms.xlsx": paste_sheet(instrument, GOOGLE_FORMS),
        f"{instrument.name}-google-forms.gs": script(instrument).encode(),
    }


PLATFORM = Platform(
    name="google_forms", title="Google Forms", recognise=recognise, read=read, write=write
)
