"""Several credentials from one survey: the study of each, with what the sheet says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from rds.errors import InputError, Problem
from rds.settings import Settings
from rds.settings_reader import Given, validate_settings
from rds.sheets import Row

if TYPE_CHECKING:
    from rds.study.study import Study

SHEET = "Credentials"
_SETTINGS: Mapping[str, str] = {
    "credential": "study.credential",
    "respondents": "respondents.weight_from",
    "items": "blueprint.items",
    "pretest_items": "blueprint.pretest_items",
}
_LEVELS = "blueprint.cognitive_levels"
_LEVEL = re.compile(r"\s*(.+?)[\s:=]+([\d.]+)\s*%?\s*")


def credentials(study: Study) -> dict[str, Study]:
    """Return the study as each credential has it, by the credential's name, the main one first.

    A credential has its own settings where the sheet Credentials says something, and its own tasks,
    parts and bounds of cells. A study without that sheet is its only credential's.

    Raises
    ------
    InputError
        With everything that is wrong with the sheet.
    """
    rows = study.rows.get(SHEET, ())
    if not rows:
        return {study.settings.study.credential: study}
    found = {row.text("credential"): _of_row(study, row) for row in rows}
    problems = [problem for _, own in found.values() for problem in own]
    if problems:
        raise InputError(problems)
    return {name: own for name, (own, _) in found.items()}


def main_credential(study: Study) -> Study:
    """Return the study as its main credential has it: the first of the sheet."""
    return next(iter(credentials(study).values()))


def folder_of(name: str) -> str:
    """Return the name of a credential's folder.

    Examples
    --------
    >>> folder_of("Entry level (I)")
    'entry-level-i'
    """
    return re.sub(r"[^\w]+", "-", name.casefold()).strip("-")


def _of_row(study: Study, row: Row) -> tuple[Study, list[Problem]]:
    """Return the study of one credential, and what is wrong with its row."""
    given, problems = _given(row)
    own, found = validate_settings(given, file=row.file)
    if own is None:
        return study, [*problems, *found]
    name = row.text("credential")
    variant = replace(
        study,
        rows={sheet: rows for sheet, rows in study.rows.items() if sheet != SHEET},
        given={**study.given, **given},
        settings_or_none=with_given(study.settings, own, given),
        outline_or_none=study.outline.of_credential(name),
    )
    return variant, problems


def _given(row: Row) -> tuple[Given, list[Problem]]:
    """Return what a row says, as settings with their places."""
    given = {
        key: (value, row.places.get(column, ""))
        for column, key in _SETTINGS.items()
        if (value := row.values.get(column)) is not None
    }
    problems = []
    place = row.places.get("cognitive_levels", "")
    for part in re.split("[,;\n]", row.text("cognitive_levels")):
        found = _LEVEL.fullmatch(part)
        if found:
            given[f"{_LEVELS}.{found[1]}"] = (found[2], place)
        elif part.strip():
            wanted = "levels with their percents, such as recall 40, application 60"
            problems.append(row.problem("cognitive_levels", wanted, "write them in this way"))
    return given, problems


def with_given(settings: Settings, own: Settings, given: Iterable[str]) -> Settings:
    """Return settings with the values of others for the keys given; all were validated before."""
    named = {tuple(key.split(".")[:2]) for key in given}
    sections = {
        section: getattr(settings, section).model_copy(
            update={key: getattr(getattr(own, section), key) for s, key in named if s == section}
        )
        for section in {section for section, _ in named}
    }
    return settings.model_copy(update=sections)
