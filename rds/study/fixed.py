"""What a lock fixes: outline, scales, questions, known shares, and settings that make the numbers.

Decisions are no part of it: they stand in the record by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from rds.errors import InputError, Problem
from rds.files import canonical_json, sha256
from rds.outline.build import build_outline
from rds.outline.outline import KSA, CellBound, Domain, Link, Outline, Part, Task
from rds.outline.requirements import Requirement, requirements_of
from rds.scales import Point, Scale
from rds.settings import Settings
from rds.settings_reader import validate_settings
from rds.sheets import Row
from rds.study.study import Study

FIXED_FORMAT = 1
OUTLINE_FILE, SETTINGS_FILE = "outline.json", "settings.json"

_FREE_SECTIONS = ("study", "approval")
_FREE = ("survey.minutes", "survey.raw_files_kept", "weights.rationale")
"""Settings that may change at any time: no number follows from them."""


@dataclass(frozen=True)
class Fixed:
    """The state of a study that a lock fixes.

    Parameters
    ----------
    outline, requirements, scales
        As the workbook says, decisions left out.
    tables
        Rows of the sheets Demographics, Population, Parts, Cells and Credentials: text by column,
        by key.
    settings
        Values by dotted key, as JSON holds them; see `fixed_settings`.
    """

    outline: Outline
    requirements: tuple[Requirement, ...]
    scales: tuple[Scale, ...]
    tables: Mapping[str, Mapping[str, Mapping[str, str]]]
    settings: Mapping[str, object]


def fixed_of(study: Study) -> Fixed:
    """Return what a lock would fix of a study as it is now.

    Raises
    ------
    InputError
        When outline or settings cannot be read.
    """
    outline, problems = build_outline(study.rows)
    if outline is None:
        raise InputError(problems or study.problems)
    settings, _ = validate_settings(study.given)
    return Fixed(
        outline=outline,
        requirements=requirements_of(study.rows.get("Requirements", ()), outline),
        scales=study.scales,
        tables={
            "question": _table(study.rows.get("Demographics", ()), ("question_id",)),
            "known share": _table(study.rows.get("Population", ()), ("variable", "category")),
            "part": _table(study.rows.get("Parts", ()), ("part", "credential")),
            "bound": _table(
                study.rows.get("Cells", ()),
                ("domain_id", "cognitive_level", "part", "credential"),
            ),
            "credential": _table(study.rows.get("Credentials", ()), ("credential",)),
        },
        settings=fixed_settings(settings or study.settings),
    )


def fixed_settings(settings: Settings) -> dict[str, object]:
    """Return the settings that a lock fixes, by dotted key.

    Fixed is what numbers follow from. Free are the sections ``study`` and ``approval``,
    ``survey.minutes``, ``survey.raw_files_kept`` and ``weights.rationale``.

    Examples
    --------
    >>> found = fixed_settings(Settings())
    >>> found["blueprint.cognitive_levels.recall"], "study.title" in found
    (30.0, False)
    """
    data = settings.model_dump(mode="json")
    return {
        key: value
        for section, own in data.items()
        if section not in _FREE_SECTIONS
        for key, value in _flat(own, section)
        if key not in _FREE
    }


def fixed_files(fixed: Fixed) -> dict[str, bytes]:
    """Return the kept copy of a state: the content of its files by name."""
    return {
        OUTLINE_FILE: outline_json(fixed.outline, fixed.requirements),
        SETTINGS_FILE: _json(
            {
                "settings": dict(fixed.settings),
                "scales": [asdict(scale) for scale in fixed.scales],
                "tables": fixed.tables,
            }
        ),
    }


def read_fixed(files: Mapping[str, bytes]) -> Fixed:
    """Return the state of a kept copy: the inverse of `fixed_files`.

    Raises
    ------
    ValueError
        When a file is not as rds wrote it, or of a newer version.
    """
    outline, requirements = read_outline_json(files[OUTLINE_FILE])
    data = _loaded(files[SETTINGS_FILE])
    try:
        scales = tuple(_scale(scale) for scale in data["scales"])
        return Fixed(outline, requirements, scales, data["tables"], data["settings"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"not as rds wrote it ({error})") from None


def fixed_hash(files: Mapping[str, bytes]) -> str:
    """Return one hash of all files of a kept copy."""
    return sha256(canonical_json({name: sha256(files[name]) for name in files}).encode())


def outline_json(outline: Outline, requirements: Sequence[Requirement] = ()) -> bytes:
    """Return an outline with its requirements as JSON for people and machines to read.

    Examples
    --------
    >>> outline = Outline((Domain("D1", "Support"),), (Task("T1", "D1", "Listen."),))
    >>> read_outline_json(outline_json(outline)) == (outline, ())
    True
    """
    return _json({**asdict(outline), "requirements": [asdict(own) for own in requirements]})


def read_outline_json(content: bytes) -> tuple[Outline, tuple[Requirement, ...]]:
    """Return outline and requirements: the inverse of `outline_json`.

    Raises
    ------
    ValueError
        When the file is not as rds wrote it, or of a newer version.
    """
    data = _loaded(content)
    try:
        outline = Outline(
            domains=tuple(Domain(**own) for own in data["domains"]),
            tasks=tuple(Task(**_with_tuples(own)) for own in data["tasks"]),
            ksas=tuple(KSA(**own) for own in data["ksas"]),
            links=tuple(Link(**own) for own in data["links"]),
            parts=tuple(Part(**_with_tuples(own)) for own in data.get("parts", ())),
            cell_bounds=tuple(CellBound(**own) for own in data.get("cell_bounds", ())),
        )
        requirements = tuple(
            Requirement(**{**own, "task_ids": tuple(own["task_ids"])})
            for own in data["requirements"]
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not as rds wrote it ({error})") from None
    return outline, requirements


def _with_tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with tuples where JSON has lists."""
    return {name: tuple(own) if isinstance(own, list) else own for name, own in row.items()}


def outline_of(study: Study) -> tuple[Outline, tuple[Requirement, ...]]:
    """Return a study's outline for comparison: tasks and KSAs that were dropped by decision are so.

    Raises
    ------
    InputError
        When the outline cannot be read.
    """
    dropped = {name for name, (value, _, _) in study.statement_decisions.items() if value == "drop"}
    outline = study.outline
    return replace(
        outline,
        tasks=tuple(
            replace(own, status="dropped") if own.task_id in dropped else own
            for own in outline.tasks
        ),
        ksas=tuple(
            replace(own, status="dropped") if own.ksa_id in dropped else own for own in outline.ksas
        ),
    ), requirements_of(study.rows.get("Requirements", ()), outline)


def changed_copy(place: str, found: str) -> Problem:
    """Return the problem of a kept copy that is not as it was kept."""
    return Problem(place, "", found, "the copy as it was kept", "restore it from a backup")


def _table(rows: Sequence[Row], key: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the filled cells of a sheet as text, by column, by key."""
    return {
        ": ".join(text for column in key if (text := row.text(column))): {
            name: _text(value)
            for name, value in row.values.items()
            if value is not None and name not in key
        }
        for row in rows
    }


def _text(value: object) -> str:
    """Return a cell's value as text."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _flat(data: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    """Yield values by dotted key."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}.{name}")
        else:
            yield f"{prefix}.{name}", value


def _scale(data: dict[str, Any]) -> Scale:
    """Build a scale of plain values."""
    points = tuple(Point(**point) for point in data["points"])
    return Scale(**{**data, "points": points, "applies_to": tuple(data["applies_to"])})


def _json(data: Mapping[str, object]) -> bytes:
    """Write a kept copy."""
    stated = {"format": FIXED_FORMAT, **data}
    return (json.dumps(stated, ensure_ascii=False, indent=1) + "\n").encode()


def _loaded(content: bytes) -> dict[str, Any]:
    """Read a kept copy."""
    try:
        data = dict(json.loads(content))
    except (ValueError, TypeError) as error:
        raise ValueError(f"not as rds wrote it ({error})") from None
    if data.get("format", 0) > FIXED_FORMAT:
        raise ValueError(f"of format {data['format']}; this version reads {FIXED_FORMAT}")
    return data
