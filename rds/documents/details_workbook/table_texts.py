"""What is said of the tables: read from ``docs/tables.md``, the one place where it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rds.errors import FolderError

_PACKAGE = Path(__file__).resolve().parents[2]
_TABLE = re.compile(r"^\| (\w+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_COLUMN = re.compile(r"^\| ([\w.]+) \| ([^|]+?) \|$", re.MULTILINE)
_BULLET = re.compile(r"^\* (.+?)(?=^\* |^#|\Z)", re.MULTILINE | re.DOTALL)
_HOW_TO_READ = "## How to read them"


@dataclass(frozen=True)
class TableTexts:
    """The words about tables.

    Parameters
    ----------
    rows
        What one row is, by table.
    columns
        What a column means, by its name, or by table and name where it means something else there.
    remarks
        How to read them: what it is about, and what is to be said.
    """

    rows: Mapping[str, str]
    columns: Mapping[str, str]
    remarks: tuple[tuple[str, str], ...]

    def one_row(self, table: str) -> str:
        """Return what one row of a table is; empty where nothing is said."""
        return self.rows.get(table, "")

    def meaning(self, table: str, column: str) -> str:
        """Return what a column of a table means; empty where nothing is said."""
        return self.columns.get(f"{table}.{column}") or self.columns.get(column, "")


@cache
def table_texts() -> TableTexts:
    """Return the words about tables, whether rds is installed or run from its source.

    Examples
    --------
    >>> table_texts().meaning("task_weights", "percent_of_exam")
    'percent of the exam'
    """
    return read_texts(_source().read_text(encoding="utf-8"))


def read_texts(text: str) -> TableTexts:
    """Read the words about tables.

    Parameters
    ----------
    text
        The text of ``docs/tables.md``.

    Examples
    --------
    >>> read_texts("| ties | a tie | where, rule |").one_row("ties")
    'a tie'
    """
    rows = {name: _plain(row) for name, row, _ in _TABLE.findall(text) if name != "table"}
    columns = {name: _plain(words) for name, words in _COLUMN.findall(text) if words != "meaning"}
    return TableTexts(rows, columns, tuple(_remarks(text)))


def title_of(table: str) -> str:
    """Return the name of a table as a title.

    Examples
    --------
    >>> title_of("panel_vs_field"), title_of("ksa_weights")
    ('Panel against field', 'KSA weights')
    """
    words = table.replace("_vs_", " against ").replace("_", " ").replace("ksa", "KSA")
    return words[:1].upper() + words[1:]


def _remarks(text: str) -> list[tuple[str, str]]:
    """Return the remarks on how to read the tables: a name and a text each."""
    _, _, rest = text.partition(_HOW_TO_READ)
    section = rest.partition("\n## ")[0]
    found = []
    for remark in _BULLET.findall(section):
        name, _, said = remark.replace("**", "", 1).partition("**")
        found.append((_plain(name), _plain(said.lstrip(": "))))
    return found


def _plain(text: str) -> str:
    """Return text without line breaks and marks."""
    return " ".join(text.replace("**", "").replace("`", "").split())


def _source() -> Path:
    """Return where the words stand: in the package where it is installed, else in its source."""
    for place in (_PACKAGE / "_docs", _PACKAGE.parent / "docs"):
        if (place / "tables.md").is_file():
            return place / "tables.md"
    raise FolderError("The descriptions of tables are missing; install rds again.")
