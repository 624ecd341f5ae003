"""Where versions of the committee's workbook and returned copies of them are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rds.study.folder import Folder

ISSUED = "issued.json"
"""The list of what was issued; a version without it was never issued."""

_NAME = "review-"


def review_folder(folder: Folder, number: int) -> Path:
    """Return where a version is kept."""
    return folder.forms / f"{_NAME}{number}"


def received_folder(folder: Folder, number: int) -> Path:
    """Return where the copies of a review are kept."""
    return folder.received / f"{_NAME}{number}"


def issued_lists(folder: Folder) -> Iterator[Path]:
    """Yield the lists of what was issued."""
    for path in folder.forms.glob(f"{_NAME}*/{ISSUED}"):
        if path.parent.name.removeprefix(_NAME).isdecimal():
            yield path


def review_numbers(folder: Folder) -> list[int]:
    """Return the numbers of the versions issued, without looking into them."""
    return sorted(int(path.parent.name.removeprefix(_NAME)) for path in issued_lists(folder))
