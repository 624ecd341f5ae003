"""What the record adds to the outline: statements that the panel accepted from drafts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rds.errors import Problem
from rds.outline.proposal import KEY_OF
from rds.record import Entry, Record, standing_decisions
from rds.sheets import Row

SUBJECT = "outline, round "
"""How the subjects of accepted proposals begin, before the number of the round."""

Rows = Mapping[str, Sequence[Row]]


def accepted_rounds(record: Record) -> dict[int, Entry]:
    """Return the rounds of drafts that were decided, with what the record says of each."""
    return {
        int(subject.removeprefix(SUBJECT)): entry
        for subject, entry in standing_decisions(record).items()
        if subject.startswith(SUBJECT)
    }


def with_accepted(rows: Rows, record: Record) -> tuple[dict[str, Sequence[Row]], list[Problem]]:
    """Return the rows of a study with those that the record adds or changes.

    What somebody wrote into the workbook since wins: a row of the same identifier stays as it
    stands there, and a change is made only where the workbook has the words that were to change.

    Returns
    -------
    rows, problems
        Advice where the workbook differs from what was accepted.
    """
    together: dict[str, Sequence[Row]] = dict(rows)
    problems: list[Problem] = []
    for entry in accepted_rounds(record).values():
        details: Any = entry.details
        for sheet, values in details["rows"]:
            own = _row(values, entry)
            present = _find(together.get(sheet, ()), sheet, own.text(KEY_OF[sheet]))
            if present is None:
                together[sheet] = (*together.get(sheet, ()), own)
            else:
                problems += _differing(present, own, sheet, entry)
        for change in details["changes"]:
            together[change["sheet"]] = tuple(_changed(together[change["sheet"]], change))
    return together, problems


def names_in_record(record: Record) -> set[str]:
    """Return every identifier that a proposal ever gave, so that none is given again."""
    names: set[str] = set()
    for entry in record.entries:
        if entry.subject.startswith(SUBJECT):
            details: Any = entry.details
            names |= {str(line["name"]) for line in details.get("lines", ())}
    return names


def _row(values: Mapping[str, object], entry: Entry) -> Row:
    """Return a row as the record holds it."""
    typed = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    place = f"line {entry.sequence}"
    return Row("record.jsonl", typed, dict.fromkeys(typed, place))


def _find(rows: Sequence[Row], sheet: str, name: str) -> Row | None:
    """Return the row of an identifier."""
    key = KEY_OF[sheet]
    return next((row for row in rows if row.text(key).casefold() == name.casefold()), None)


def _differing(present: Row, accepted: Row, sheet: str, entry: Entry) -> Iterator[Problem]:
    """Yield advice where the workbook has other words than those accepted."""
    column = {"Domains": "title", "Narrative": "text"}.get(sheet, "statement")
    if present.text(column) != accepted.text(column):
        wanted = f"“{accepted.text(column)}”, as accepted (record.jsonl, line {entry.sequence})"
        mend = "restore the words, or leave them: those of the workbook count"
        problem = present.problem(column, wanted, mend)
        yield Problem(
            problem.file, problem.place, problem.found, problem.wanted, problem.mend, "advice"
        )


def _changed(rows: Sequence[Row], change: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the rows of a sheet with one cell changed, where it still says what it said."""
    for row in rows:
        is_meant = row.text(KEY_OF[change["sheet"]]) == change["name"]
        if is_meant and row.text(change["column"]) == change["was"]:
            values = {**row.values, change["column"]: change["now"]}
            yield Row(row.file, values, row.places, row.found)
        else:
            yield row
