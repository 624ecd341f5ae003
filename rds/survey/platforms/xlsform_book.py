"""An XLSForm as codebook: what a form says of its fields and choices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rds.survey.platforms.opening import file_problem, holds_anything, open_file
from rds.survey.platforms.words import plain_text

_LABEL = re.compile(r"label\s*:{0,2}\s*(?P<language>.*)", re.IGNORECASE)
_TABLES = ("table-list",)

_Line = dict[str, str]
_Words = Mapping[str, str]


@dataclass(frozen=True)
class FormField:
    """What a form says of a field.

    Parameters
    ----------
    name, kind
        Its name, and its type without the list of choices: ``"select_one"``, ``"text"``.
    groups
        The names of the groups it stands in, outermost first.
    words, group_words
        Its label and those of its groups, by language.
    choices
        The words of every choice by language.
    position
        Which line of a table it is, from 1; 0 outside a table.
    """

    name: str
    kind: str
    groups: tuple[str, ...]
    words: _Words
    group_words: tuple[_Words, ...]
    choices: Mapping[str, _Words] = field(default_factory=dict)
    position: int = 0


def read_form(path: Path) -> tuple[FormField, ...]:
    """Return the fields of a form in order, groups left out.

    Raises
    ------
    InputError
        In one problem, why the file is no XLSForm.
    """
    lines = _lines(path, "survey")
    if not lines or not {"type", "name"} <= set(lines[0]):
        raise file_problem(
            path.name,
            "a sheet “survey” without the columns type and name",
            "the XLSForm workbook that the answers come from",
            "download the form as XLSX from ODK Central or KoboToolbox and give that",
        )
    return tuple(_fields(lines, _choices(_lines(path, "choices"))))


def languages(fields: Sequence[FormField]) -> tuple[str, ...]:
    """Return the languages of a form in order; the first is the base language."""
    return tuple(dict.fromkeys(language for field in fields for language in field.words))


def _lines(path: Path, sheet: str) -> list[_Line]:
    """Return the lines of a sheet by column."""
    rows = [row for row in open_file(path, sheet=sheet).rows() if holds_anything(row)]
    headers = [cell.strip() for cell in rows[0]] if rows else []
    return [dict(zip(headers, row, strict=False)) for row in rows[1:]]


def _choices(lines: Sequence[_Line]) -> dict[str, dict[str, dict[str, str]]]:
    """Return the words of every choice, by list and language."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for line in lines:
        listed = found.setdefault(line.get("list_name", line.get("list name", "")).strip(), {})
        for language, text in _words(line).items():
            listed.setdefault(language, {})[line.get("name", "").strip()] = text
    return found


def _words(line: _Line) -> dict[str, str]:
    """Return the label of a line by language, plain."""
    pairs = ((_LABEL.fullmatch(header), text) for header, text in line.items())
    return {found["language"]: plain_text(text) for found, text in pairs if found and text.strip()}


def _fields(
    lines: Sequence[_Line], choices: Mapping[str, Mapping[str, _Words]]
) -> Iterator[FormField]:
    """Yield the fields, each with the groups it stands in."""
    open_groups: list[_Line] = []
    position = 0
    for line in lines:
        kind = line["type"].strip().replace(" group", "_group").replace(" repeat", "_repeat")
        if kind.startswith("begin_"):
            open_groups.append(line)
            position = 0
        elif kind.startswith("end_"):
            open_groups = open_groups[:-1]
        elif kind:
            in_table = bool(open_groups) and _is_table(open_groups[-1])
            position += 1
            yield FormField(
                name=line["name"].strip(),
                kind=kind.split()[0],
                groups=tuple(group["name"].strip() for group in open_groups),
                words=_words(line),
                group_words=tuple(_words(group) for group in open_groups),
                choices=choices.get(kind.split()[1], {}) if kind.startswith("select_") else {},
                position=position if in_table else 0,
            )


def _is_table(group: _Line) -> bool:
    """Tell whether the fields of a group are the lines of a table."""
    return group.get("appearance", "").strip() in _TABLES
