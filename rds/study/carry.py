"""What a new study takes over from an old one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rds.files import write_atomically
from rds.sheets import Row
from rds.study.create import create_study
from rds.study.fixed import outline_json, outline_of
from rds.study.previous import PREVIOUS_OUTLINE
from rds.study.study import Study

CARRIED = (
    "Scales", "Population", "Domains", "Tasks", "KSAs", "Linkage", "Requirements", "Demographics",
    "Sources", "Narrative", "Translations",
)  # fmt: skip
"""The sheets that a new study takes over; panel, themes, meetings and dates are its own."""

_OWN_SETTINGS = (
    "study.id", "study.format", "study.opened", "study.effective", "weights.unrated_tasks",
    "comparison.hypotheses", "sampling.frame_size",
)  # fmt: skip
"""Settings that belong to one study."""

_IDENTIFIERS = {"Tasks": "task_id", "KSAs": "ksa_id"}
_LAST_SOURCE = 99

SheetRow = dict[str, object]


@dataclass(frozen=True)
class Carried:
    """What was written, and what was taken over, in plain sentences."""

    written: tuple[Path, ...]
    lines: tuple[str, ...]


def create_from(path: Path, old: Path, answers: Mapping[str, object], *, today: date) -> Carried:
    """Make a new study from an old one.

    It takes over the sheets `CARRIED` and all settings that the old study states, but for those
    that belong to one study alone. Neither decisions nor answers come along; statements that were
    dropped by decision come as dropped. Each statement's note says its old identifier. The old
    outline, and the old blueprint if there is one, are kept in ``previous/``.

    Parameters
    ----------
    path
        The new folder.
    old
        The folder of the old study.
    answers
        Settings of the new study, by dotted key; they win over the old ones.
    today
        Date the new study is opened.

    Raises
    ------
    InputError
        When the old study has problems, or the new folder is in use.
    """
    before = Study.open(old)
    given = {key: value for key, (value, _) in before.given.items() if key not in _OWN_SETTINGS}
    told = {key: value for key, value in answers.items() if value not in (None, "")}
    rows = carried_rows(before)
    written = create_study(path, {**given, **told}, today=today, rows=rows)
    kept = _keep_previous(path, before)
    counts = ", ".join(f"{name} {len(table)}" for name, table in rows.items() if table)
    return Carried(
        (*written, *kept),
        (
            f"Taken over from {before.settings.study.id}: rows of {counts}; {len(given)} settings.",
            "Not taken over: answers, decisions, panel, themes, meetings, schedule; "
            f"{', '.join(_OWN_SETTINGS[2:])}.",
            "Read the sheets Settings and Narrative: title, purpose and reasons are the old ones.",
            *(["Known shares of the population may be out of date."] * bool(rows["Population"])),
        ),
    )


def carried_rows(study: Study) -> dict[str, list[SheetRow]]:
    """Return the rows of the sheets that a new study takes over, with marks of their origin."""
    rows = {name: [_cells(row) for row in study.rows.get(name, ())] for name in CARRIED}
    name = study.settings.study.id
    dropped = {
        statement: reason
        for statement, (value, reason, _) in study.statement_decisions.items()
        if value == "drop"
    }
    for sheet, key in _IDENTIFIERS.items():
        for row in rows[sheet]:
            identifier = str(row[key])
            said = [str(row.get("note") or ""), f"{identifier} in {name}"]
            if identifier in dropped:
                row["status"] = "dropped"
                said.append(f"dropped there by decision: {dropped[identifier]}")
            row["note"] = "; ".join(filter(None, said))
    rows["Sources"].append(_source(study, rows["Sources"]))
    return rows


def _cells(row: Row) -> SheetRow:
    """Return the filled cells of a row."""
    return {name: value for name, value in row.values.items() if value is not None}


def _source(study: Study, sources: Sequence[SheetRow]) -> SheetRow:
    """Return the row of the sheet Sources that names the old study."""
    settings = study.settings.study
    taken = {str(row["source_id"]).casefold() for row in sources}
    taken |= {
        str(value).casefold()
        for table in study.rows.values()
        for row in table
        for value in list(row.values.values())[:1]
    }
    free = (f"S{n}" for n in range(len(sources) + 1, _LAST_SOURCE) if f"s{n}" not in taken)
    cited = f"{settings.title or 'Role delineation study'} ({settings.id}, {settings.opened.year})."
    return {"source_id": next(free), "kind": "previous study", "citation": cited}


def _keep_previous(path: Path, before: Study) -> list[Path]:
    """Keep the old outline and, if there is one, the old blueprint."""
    place = path / "previous"
    place.mkdir()
    kept = [place / PREVIOUS_OUTLINE]
    write_atomically(kept[0], outline_json(*outline_of(before)))
    blueprint = before.folder.out / "restricted" / "blueprint.xlsx"
    if blueprint.is_file():
        kept.append(place / blueprint.name)
        write_atomically(kept[1], blueprint.read_bytes())
    return kept
