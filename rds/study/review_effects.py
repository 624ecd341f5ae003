"""What a change that copies want would move, in items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.inputs import BLUEPRINT, EXAM
from rds.errors import InfeasibleError, InputError
from rds.study.review_lines import Line, Value, in_words
from rds.study.study import Study

MOST = 24
"""Blueprints that are built to show effects; beyond that it takes too long."""

_QUICK: Mapping[str, object] = {"resampling.replicates": 100}


def effects(study: Study, present: Blueprint, lines: Sequence[Line]) -> dict[str, str]:
    """Return what each line would move, in words, by what it is about.

    A task kept or dropped and another exam length are tried, each alone, in the study as it is now;
    changed cells say themselves what they move.

    Parameters
    ----------
    study
        The study, opened.
    present
        Its blueprint as it is now.
    lines
        What copies want.
    """
    tried: dict[tuple[str, Value], str] = {}
    found = {}
    for line in lines:
        said = []
        for value in line.wanted:
            if line.sheet == BLUEPRINT and line.key != EXAM:
                change = int(value or 0) - int(line.present or 0)
                text = f"{change:+d} items in this cell".replace("-", "−")
            else:
                text = _tried(study, present, line, value, tried)
            said.append(f"{in_words(value)}: {text}" if line.is_conflict else text)
        found[line.about] = "\n".join(said)
    return found


def _tried(
    study: Study,
    present: Blueprint,
    line: Line,
    value: Value,
    tried: dict[tuple[str, Value], str],
) -> str:
    """Return what one value of a line would move; each is tried once."""
    key = line.subject, value
    if key in tried:
        return tried[key]
    options = _options(study, line, value)
    if not options or len(tried) >= MOST:
        return "not computed" if options else "–"
    try:
        other = study.what_if(settings=_QUICK, **options)
    except (InputError, InfeasibleError) as error:
        tried[key] = f"no blueprint could be built: {str(error).partition('. ')[0]}"
    else:
        tried[key] = moved(present, other)
    return tried[key]


def _options(study: Study, line: Line, value: Value) -> dict[str, Any]:
    """Return what to try; nothing where it cannot be tried."""
    if line.key == EXAM:
        return {"items": value}
    tasks = {task.task_id for task in study.outline.active_tasks}
    if line.subject not in tasks or value is None:
        return {}
    return {str(value): [line.subject]}


def moved(present: Blueprint, other: Blueprint) -> str:
    """Say which domains get more or fewer items.

    Parameters
    ----------
    present, other
        Two blueprints.
    """
    first, second = (
        dict(zip(own.domain_weights["domain_id"], own.domain_weights["items"], strict=True))
        for own in (present, other)
    )
    names = list(dict.fromkeys([*first, *second]))
    changes = {name: int(second.get(name, 0)) - int(first.get(name, 0)) for name in names}
    said = [f"{name} {change:+d}" for name, change in changes.items() if change]
    return f"items: {', '.join(said)}".replace("-", "−") if said else "no domain's items move"
