"""A new study folder."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from rds.documents.study_workbook import Rows, study_workbook
from rds.errors import InputError, Problem
from rds.files import write_atomically
from rds.settings import FORMAT_VERSION
from rds.settings_reader import validate_settings
from rds.settings_toml import settings_toml
from rds.study.folder import STUDY_TEXT, STUDY_WORKBOOK


def create_study(
    path: Path,
    answers: Mapping[str, object],
    *,
    today: date,
    as_text: bool = False,
    rows: Mapping[str, Rows] | None = None,
) -> list[Path]:
    """Make a study folder with study.xlsx, ready to be filled in.

    Parameters
    ----------
    path
        The folder; it must not exist or be empty.
    answers
        Settings that are known already, by dotted key.
    today
        Date the study is opened, unless `answers` say another.
    as_text
        Write the settings to study.toml instead of the sheet.
    rows
        Rows by sheet that are known already.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        When the folder is in use, or an answer is no valid setting.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        mend = "choose another name, or move what is there away"
        found = "something there already"
        raise InputError([Problem(path.name, "", found, "a new or empty folder", mend)])
    settings: dict[str, object] = {
        "study.format": FORMAT_VERSION,
        "study.id": new_id(path.name),
        "study.opened": today,
        "study.effective": date(today.year + 1, 1, 1),
        **{key: value for key, value in answers.items() if value not in (None, "")},
    }
    _, problems = validate_settings({key: (value, key) for key, value in settings.items()}, file="")
    if problems:
        raise InputError(problems)
    in_sheet = {} if as_text else settings
    path.mkdir(parents=True, exist_ok=True)
    written = [path / STUDY_WORKBOOK]
    write_atomically(written[0], study_workbook(rows, settings=in_sheet, date=today))
    if as_text:
        written.append(path / STUDY_TEXT)
        write_atomically(written[1], settings_toml(settings).encode())
    return written


def new_id(name: str) -> str:
    """Return an identifier for a new study: its folder's name and six random digits.

    Examples
    --------
    >>> new_id("CPS 2026").startswith("cps-2026-")
    True
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "study"
    return f"{slug.removeprefix('demo-')}-{secrets.token_hex(3)}"
