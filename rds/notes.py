"""Notes: why a number is withheld, assumed, simulated or dropped; every result carries its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

NoteKind = Literal[
    "withheld",
    "assumed",
    "simulated",
    "reconstructed",
    "published",
    "impossible",
    "dropped",
    "what if",
    "changed",
]


@dataclass(frozen=True)
class Note:
    """Why a cell of a table is as it is; an empty row or column means all of them."""

    table: str
    row: str
    column: str
    kind: NoteKind
    reason: str


def notes_table(notes: Iterable[Note]) -> pd.DataFrame:
    """Return notes as the table ``notes``: each once, in the order given.

    Examples
    --------
    >>> notes_table([Note("reliability", "D1", "value", "withheld", "2 tasks only")])["kind"][0]
    'withheld'
    """
    import pandas as pd

    columns = [field.name for field in fields(Note)]
    return pd.DataFrame([astuple(note) for note in dict.fromkeys(notes)], columns=columns)
