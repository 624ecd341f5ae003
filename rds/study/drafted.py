"""What became of every statement that was ever drafted, as the record has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from rds.record import Record
from rds.study.accepted import accepted_rounds

DRAFTED = (
    "round", "line", "id", "kind", "drafted", "accepted", "decision", "into", "reason",
    "proposed_by", "decided_by",
)  # fmt: skip
"""Columns of the table ``drafted``."""


def drafted_table(record: Record) -> pd.DataFrame:
    """Return every drafted statement and what was decided about it.

    Returns
    -------
    DataFrame
        Columns `DRAFTED`: ``round`` of drafts and ``line`` of the record; ``id``, ``kind``; the
        words as ``drafted`` and, of those kept, as ``accepted``; ``decision`` (keep, merge into,
        drop, outside the role), the statement it went ``into``, ``reason``; who proposed it, by
        number, and the role that decided. Changes of present statements follow, with accept or
        decline.
    """
    rows = [row for number in accepted_rounds(record) for row in _rows(record, number)]
    return pd.DataFrame(rows, columns=list(DRAFTED))


def _rows(record: Record, number: int) -> Iterator[tuple[object, ...]]:
    """Yield the lines of one round."""
    entry = accepted_rounds(record)[number]
    details: Any = entry.details
    start = number, entry.sequence
    for one in details["lines"]:
        accepted = one["statement"] if one["decision"] == "keep" else ""
        yield (
            *start, one["name"], one["unit"], one["drafted"], accepted, one["decision"],
            one["into"], one["reason"], one["by"], entry.role,
        )  # fmt: skip
    for one in details["changes"]:
        yield (
            *start, one["name"], f"change of {one['column']}", one["was"], one["now"], "accept", "",
            one["reason"], "", entry.role,
        )  # fmt: skip
    for one in details["declined"]:
        yield (
            *start, one["statement_id"], one["verdict"], one["new_words"], "", "decline", "",
            one["because"], one["by"], entry.role,
        )  # fmt: skip
