"""Small workbooks, as people and programs leave them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

Sheets = Mapping[str, Sequence[Sequence[object]]]

LEAST: Sheets = {
    "Domains": [["domain_id", "title"], ["D1", "Support"]],
    "Tasks": [["task_id", "domain_id", "statement"], ["T01", "D1", "Listen to people."]],
}
"""The least that makes an outline."""


def write(path: Path, sheets: Sheets) -> Path:
    """Write sheets, given as rows of cells, into a workbook."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    workbook.close()
    return path


def write_study(path: Path, sheets: Sheets | None = None) -> Path:
    """Write the least that makes an outline, and sheets beside it or in place of its own."""
    return write(path, {**LEAST, **(sheets or {})})


def save_again(path: Path) -> Path:
    """Let another program open a workbook and save it."""
    target = path.with_name(f"again-{path.name}")
    workbook = openpyxl.load_workbook(path)
    workbook.save(target)
    workbook.close()
    return target


def replace_in(path: Path, member: str, pattern: str, replacement: str) -> Path:
    """Replace the one place in a member of an Office file that a pattern finds."""
    target = io.BytesIO()
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(target, "w") as changed:
        for name in given.namelist():
            content = given.read(name)
            if name == member:
                text, count = re.subn(pattern, replacement, content.decode())
                assert count == 1, f"{pattern} stands {count} times in {member}"
                content = text.encode()
            changed.writestr(name, content)
    path.write_bytes(target.getvalue())
    return path


def messages(problems) -> list[str]:
    """Return problems as people read them."""
    return [str(problem) for problem in problems]
