"""Why cells of a table are empty or special, from the notes of the study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from rds.notes import Note

_MOST = 5


@dataclass(frozen=True)
class Reasons:
    """The notes of a study, found by table and row.

    Parameters
    ----------
    by_row
        Notes about single rows, by table and by the first word that names the row.
    by_table
        Notes about whole tables.
    """

    by_row: Mapping[tuple[str, str], list[Note]] = field(default_factory=dict)
    by_table: Mapping[str, list[Note]] = field(default_factory=dict)

    @classmethod
    def of(cls, notes: Iterable[Note]) -> Reasons:
        """Sort notes by what they are about.

        Examples
        --------
        >>> notes = [Note("waves", "T01", "mean", "withheld", "4 answers")]
        >>> Reasons.of(notes).of_row("waves", {"statement_id": "T01", "mean": None})
        'mean: 4 answers (withheld)'
        """
        rows: dict[tuple[str, str], list[Note]] = {}
        tables: dict[str, list[Note]] = {}
        for note in dict.fromkeys(notes):
            if note.row:
                rows.setdefault((note.table, _parts(note)[0]), []).append(note)
            else:
                tables.setdefault(note.table, []).append(note)
        return cls(rows, tables)

    def of_row(self, table: str, row: Mapping[object, object]) -> str:
        """Say why cells of a row are empty; nothing where none is, or nothing was noted."""
        texts = {str(value) for value in row.values() if isinstance(value, str)}
        notes = [note for text in sorted(texts) for note in self.by_row.get((table, text), ())]
        own = [note for note in notes if texts.issuperset(_parts(note)) and _concerns(note, row)]
        return "; ".join(dict.fromkeys(map(_said, own)))

    def of_table(self, table: str) -> list[str]:
        """Return what was noted about a whole table, the first few of many."""
        said = list(dict.fromkeys(map(_said, self.by_table.get(table, ()))))
        more = [f"and {len(said) - _MOST} more notes, on the sheet notes"]
        return [f"{text}." for text in (said[:_MOST] + more if len(said) > _MOST else said)]


def _parts(note: Note) -> list[str]:
    """Return the words that name a note's row."""
    return note.row.split(", ")


def _concerns(note: Note, row: Mapping[object, object]) -> bool:
    """Tell whether a note is about an empty cell of a row, or about more than empty cells."""
    if note.kind != "withheld":
        return True
    named: list[object] = [name for name in note.column.split(", ") if name in row]
    return any(pd.isna(row[name]) for name in named or row)  # type: ignore[call-overload]


def _said(note: Note) -> str:
    """Return a note in words."""
    where = f"{note.column}: " if note.column else ""
    return f"{where}{note.reason} ({note.kind})"
