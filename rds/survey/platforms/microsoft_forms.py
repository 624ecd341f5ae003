"""Microsoft Forms: answers as XLSX or CSV; a paste sheet for writing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from rds.survey.export import ColumnRole, Export, ExportColumn
from rds.survey.instrument import Instrument
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.header_tables import (
    bracketed,
    folded,
    header_of,
    in_order,
    made_export,
    records,
    unique_names,
)
from rds.survey.platforms.opening import file_problem
from rds.survey.platforms.paste_sheet import MICROSOFT_FORMS, paste_sheet
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.words import plain_text

_STARTED = frozenset(
    {
        *("start time", "startzeit", "heure de début", "hora de inicio", "hora de início"),
        *("ora di inizio", "begintijd", "starttid", "starttidspunkt", "godzina rozpoczęcia"),
        *("aloitusaika", "開始時刻", "开始时间", "開始時間"),
    }
)
_SUBMITTED = frozenset(
    {
        *("completion time", "fertigstellungszeit", "heure de fin", "hora de finalización"),
        *("hora de conclusão", "ora di completamento", "tijd van voltooien", "slutförandetid"),
        *("fuldførelsestidspunkt", "godzina ukończenia", "valmistumisaika", "完了時刻", "完成时间"),
        *("hora da conclusão", "fullføringstidspunkt", "完成時間", "voltooiingstijd"),
    }
)
_CONTACT = frozenset(
    {
        *("email", "e-mail", "e-mail-adresse", "adresse de messagerie", "correo electrónico"),
        *("posta elettronica", "e-post", "メール", "电子邮件", "電子郵件", "mail", "sähköposti"),
    }
)
_OWN: Mapping[str, ColumnRole] = {
    "id": "respondent",
    **dict.fromkeys(_STARTED, "started"),
    **dict.fromkeys(_SUBMITTED, "submitted"),
    **dict.fromkeys(_CONTACT, "contact"),
    **dict.fromkeys(("name", "nom", "nombre", "nome", "naam", "namn", "navn"), "personal"),
    **dict.fromkeys(("nazwa", "imię i nazwisko", "nimi", "名前", "姓名", "名称"), "personal"),
    **dict.fromkeys(("language", "sprache", "langue", "idioma", "lingua", "taal"), "language"),
    **dict.fromkeys(("last modified time", "uhrzeit der letzten änderung"), "technical"),
    **dict.fromkeys(("heure de la dernière modification", "tid för senaste ändring"), "technical"),
    **dict.fromkeys(("hora de la última modificación", "zeit der letzten änderung"), "technical"),
    **dict.fromkeys(("total points", "quiz feedback", "grade posted time"), "technical"),
}
_NOBODY = frozenset({"anonymous", "anonym", "anonyme", "anónimo", "anônimo", "anonimo", "anoniem"})
_QUIZ = ("Points - ", "Feedback - ")


def recognise(file: ReceivedFile) -> bool:
    """Tell whether a file is an export of Microsoft Forms: ID, start time, completion time."""
    header = [folded(cell) for cell in header_of(file)[1][:3]]
    return len(header) == 3 and all(
        cell in known for cell, known in zip(header, ({"id"}, _STARTED, _SUBMITTED), strict=True)
    )


def read(file: ReceivedFile) -> Export:
    """Read an export of Microsoft Forms.

    A grid's column is headed by its row alone. Where a header stands there more than once (a
    workbook's table puts 2, 3, … after it) it is given as a row of an unknown question, and its
    position says the how manieth it is.

    Raises
    ------
    InputError
        If the file is no such export, or damaged.
    """
    number, header = header_of(file)
    if not recognise(file):
        raise file_problem(
            file.name,
            f"a table that begins with {', '.join(f'“{cell}”' for cell in header[:3])}"
            if header
            else "an empty file",
            "an export of Microsoft Forms, which begins with ID, start time, completion time",
            "open the answers in Excel from Microsoft Forms again, and leave all columns there",
        )
    names = unique_names(header)
    frame = records(file, number, names)
    described = _described(header, names)
    for column in described:
        if column.role == "contact":
            known = ~frame[column.name].str.strip().str.casefold().isin(_NOBODY)
            frame = frame.assign(**{column.name: frame[column.name].where(known, "")})
    return made_export(file, "microsoft_forms", *_without_ends(described, frame))


def _described(header: Sequence[str], names: Sequence[str]) -> list[ExportColumn]:
    """Return what the headers say."""
    plain = [plain_text(cell) for cell in header]
    asked = next((at for at, cell in enumerate(plain) if folded(cell) not in _OWN), len(plain))
    described = [
        ExportColumn(name, role=_OWN[folded(cell)])
        for name, cell in zip(names[:asked], plain[:asked], strict=True)
    ]
    answers = _repeated(plain[asked:])
    quiz = {f"{start}{cell}" for start in _QUIZ for cell in plain[asked:]}
    for name, cell, (question, row, position) in zip(
        names[asked:], plain[asked:], answers, strict=True
    ):
        if not cell or cell in quiz:
            described.append(ExportColumn(name, role="technical"))
        else:
            described.append(
                ExportColumn(name, question_text=question, row_text=row, position=position)
            )
    return described


def _repeated(header: Sequence[str]) -> list[tuple[str, str, int]]:
    """Return question, row and position of every header; a repeated one is a row that counts.

    A number at the end counts only if it is the next one of an earlier header, and that header
    does not end in a digit itself: “Domain 12” is not the second “Domain 1”.

    Examples
    --------
    >>> _repeated(["Role", "Listen", "Listen2", "Domain 1", "Domain 12"])[1:]
    [('', 'Listen', 1), ('', 'Listen', 2), ('Domain 1', '', 0), ('Domain 12', '', 0)]
    >>> _repeated(["Share [A]", "Share [B]"])
    [('Share', 'A', 1), ('Share', 'B', 2)]
    """
    counted: Counter[str] = Counter()
    bases = []
    for cell in header:
        base = cell.rstrip("0123456789")
        numbered = base != cell and base in counted and cell == f"{base}{counted[base] + 1}"
        bases.append(base if numbered else cell)
        counted[bases[-1]] += 1
    split = [bracketed(cell) for cell in bases]
    questions = Counter(question for question, row in split if row)
    positions = in_order(split)
    seen: Counter[str] = Counter()
    answers = []
    for base, (question, row), position in zip(bases, split, positions, strict=True):
        seen[base] += 1
        if row and questions[question] > 1 and counted[base] == 1:
            answers.append((question, row, position))
        else:
            answers.append(("", base, seen[base]) if counted[base] > 1 else (base, "", 0))
    return answers


def _without_ends(
    described: Sequence[ExportColumn], frame: pd.DataFrame
) -> tuple[list[ExportColumn], pd.DataFrame]:
    """Name the separator of columns whose answers all end in “;”, and take that end away."""
    columns = []
    for column in described:
        filled = frame.loc[frame[column.name] != "", column.name]
        several = column.role == "answer" and len(filled) > 0 and filled.str.endswith(";").all()
        if several:
            frame = frame.assign(**{column.name: frame[column.name].str.removesuffix(";")})
        columns.append(replace(column, separator=";") if several else column)
    return columns, frame


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return a workbook to copy and paste from; Microsoft Forms takes no file."""
    name = f"{instrument.name}-microsoft-forms.xlsx"
    return {name: paste_sheet(instrument, MICROSOFT_FORMS)}


PLATFORM = Platform(
    name="microsoft_forms", title="Microsoft Forms", recognise=recognise, read=read, write=write
)
