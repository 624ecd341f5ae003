"""Old blueprint against new: the crosswalk that people confirm, and what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from rds.blueprint.crosswalk import (
    compare_blueprints,
    suggest_crosswalk,
)
from rds.blueprint.plan import Blueprint
from rds.documents.crosswalk_workbook import crosswalk_workbook
from rds.errors import InputError, Problem
from rds.files import write_atomically
from rds.notes import Note
from rds.show import Shown, View
from rds.study.crosswalk_sheet import Known, confirmed_links
from rds.study.folder import STUDY_WORKBOOK, Folder
from rds.study.guard import lock
from rds.study.previous import CROSSWALK_FILE, Previous, previous_file, read_previous
from rds.study.study import Study

UNITS = ("domain", "task")


@dataclass(frozen=True, eq=False, repr=False)
class Compared(Shown):
    """The change from an old blueprint to a new one.

    Parameters
    ----------
    table
        Columns `CROSSWALK`, domains first.
    notes
        What is assumed.
    written
        The sheet to confirm, where it was written now; else None.
    """

    table: pd.DataFrame
    notes: tuple[Note, ...]
    written: Path | None = None

    def view(self) -> View:
        """Return the domains' change in percent of the exam and in items."""
        own = self.table[self.table["unit"] == "domain"]
        shown = pd.DataFrame(
            {
                "old": own["old_ids"],
                "new": own["new_ids"],
                "relation": own["relation"],
                "old percent": 100 * own["old_weight"],
                "new percent": 100 * own["new_weight"],
                "change": 100 * own["change"],
                "items": own["items_change"],
                "verdict": own["verdict"],
            }
        )
        margin = 100 * float(own["margin"].iloc[0])
        title = f"Old blueprint against new; a change of {margin:g} points does not matter"
        return View(title, shown, tuple(f"{note.reason}." for note in self.notes))


def compare(study: Study, blueprint: Blueprint, *, old: Path | None = None) -> Compared:
    """Compare a study's blueprint with the one it replaces; write the sheet to confirm.

    Parameters
    ----------
    study, blueprint
        The study and its new blueprint.
    old
        The earlier blueprint (see `read_previous`) or the folder of the earlier study; it is kept
        in ``previous/``. Without it, what is there.

    Raises
    ------
    InputError
        When there is no earlier blueprint or another one, or what was confirmed cannot be.
    """
    folder = study.folder
    if old is not None:
        _keep(folder, old)
    found = previous_file(folder)
    if found is None:
        mend = f"name it: rds compare {folder.root.name} OLD"
        wanted = "the blueprint that this study replaces"
        raise InputError([Problem("previous", "", "nothing", wanted, mend)])
    previous = read_previous(found)
    sheet = folder.previous / CROSSWALK_FILE
    written = None
    if not sheet.exists():
        content = _sheet(study, blueprint, previous)
        with lock(folder.root):
            write_atomically(sheet, content)
        written = sheet
    return _compared(folder, blueprint, previous, written)


def compared_if_known(folder: Folder, blueprint: Blueprint) -> Compared | None:
    """Return the comparison for the outputs of a run; None without an earlier blueprint."""
    found = previous_file(folder)
    return None if found is None else _compared(folder, blueprint, read_previous(found), None)


def has_blueprints(study: Study, old: Path | None) -> bool:
    """Tell whether there are two blueprints to compare: answers of this study, and an old one."""
    if old is None:
        return bool(study.sources) and previous_file(study.folder) is not None
    return bool(study.sources) and _blueprint_of(old).is_file()


def _blueprint_of(old: Path) -> Path:
    """Return where the blueprint of an earlier study lies."""
    return old / "out" / "restricted" / "blueprint.xlsx"


def _keep(folder: Folder, old: Path) -> None:
    """Keep a copy of the earlier blueprint, unless another one is there."""
    is_study = (old / STUDY_WORKBOOK).is_file()
    path = _blueprint_of(old) if is_study else old
    read_previous(path)
    known = previous_file(folder)
    if known is not None and known.read_bytes() != path.read_bytes():
        mend = "move it away, together with crosswalk.xlsx, to compare with another"
        found = f"another earlier blueprint, {known.name}"
        raise InputError([Problem("previous", "", found, "one, that this study replaces", mend)])
    if known is None:
        with lock(folder.root):
            folder.previous.mkdir(exist_ok=True)
            write_atomically(folder.previous / path.name, path.read_bytes())


def _statements(blueprint: Blueprint) -> dict[str, pd.Series[str]]:
    """Return the new statements of both units: domains of the plan, and active tasks."""
    titles = {domain.domain_id: domain.title for domain in blueprint.outline.domains}
    words = {task.task_id: task.statement for task in blueprint.outline.active_tasks}
    return {
        "domain": pd.Series({n: titles[n] for n in blueprint.domain_weights["domain_id"]}),
        "task": pd.Series(words, dtype=object),
    }


def _suggested(blueprint: Blueprint, previous: Previous) -> pd.DataFrame:
    """Return what is suggested for domains and, where the old ones are known, for tasks."""
    new, old = _statements(blueprint), {"domain": previous.domains, "task": previous.tasks}
    parts = [
        suggest_crosswalk(old[unit]["statement"], new[unit], unit=unit)
        for unit in UNITS
        if len(old[unit])
    ]
    return pd.concat(parts, ignore_index=True)


def _sheet(study: Study, blueprint: Blueprint, previous: Previous) -> bytes:
    """Return the sheet that people fill in."""
    new = _statements(blueprint)
    old = pd.concat([previous.domains["statement"], previous.tasks["statement"]])
    return crosswalk_workbook(
        _suggested(blueprint, previous),
        {str(name): str(text) for name, text in old.items()},
        {str(name): str(text) for one in new.values() for name, text in one.items()},
        study_id=study.settings.study.id,
        date=study.settings.study.opened,
    )


def _compared(
    folder: Folder, blueprint: Blueprint, previous: Previous, written: Path | None
) -> Compared:
    """Return the change by what was confirmed, or else by what is suggested."""
    sheet = folder.previous / CROSSWALK_FILE
    links = _suggested(blueprint, previous).assign(confirmed=False)
    if sheet.exists():
        links = confirmed_links(sheet, _known(blueprint, previous))
    settings = blueprint.settings
    old = {"domain": previous.domains, "task": previous.tasks}
    parts = [
        compare_blueprints(
            old[unit],
            new,
            links[links["unit"] == unit],
            margin=settings.previous.margin_percent / 100,
            confidence=settings.resampling.confidence_percent / 100,
            method=settings.blueprint.rounding,
        )
        for unit, new in _new_weights(blueprint).items()
        if len(old[unit])
    ]
    table = pd.concat(parts, ignore_index=True)
    return Compared(table, tuple(_notes(table, previous, blueprint)), written)


def _known(blueprint: Blueprint, previous: Previous) -> Known:
    """Return the old and new identifiers of domains and, where old ones are known, of tasks."""
    new = _statements(blueprint)
    old = {"domain": previous.domains, "task": previous.tasks}
    return {unit: (set(own.index), set(new[unit].index)) for unit, own in old.items() if len(own)}


def _new_weights(blueprint: Blueprint) -> dict[str, pd.DataFrame]:
    """Return weight, se and items of the new domains and tasks; tasks that are dropped have 0."""
    errors = blueprint.precision.set_index(["unit", "id"])["se"].astype(float)
    domains = blueprint.domain_weights.set_index("domain_id")
    tasks = blueprint.task_weights.set_index("task_id")
    known = errors.to_dict() | {("task", t): 0.0 for t in tasks.index[~tasks["retained"]]}
    weights = {"domain": domains["adopted_weight"], "task": tasks["weight"]}
    items = {"domain": domains["items"], "task": tasks["items"]}
    return {
        unit: pd.DataFrame(
            {
                "weight": weights[unit].astype(float),
                "se": [known.get((unit, str(name)), np.nan) for name in weights[unit].index],
                "items": items[unit].astype(float),
            }
        )
        for unit in UNITS
    }


def _notes(table: pd.DataFrame, previous: Previous, blueprint: Blueprint) -> Iterator[Note]:
    """Yield what a reader of the table must know."""
    if not table["confirmed"].all():
        n = int((~table["confirmed"].astype(bool)).sum())
        reason = f"{n} of {len(table)} relations are suggested by their words and not confirmed: "
        reason += f"fill in previous/{CROSSWALK_FILE}"
        yield Note("crosswalk", "", "relation", "assumed", reason)
    if previous.domains["se"].isna().any():
        reason = "the old percentages are taken as printed, without error"
        yield Note("crosswalk", "", "se", "assumed", reason)
    before, after = previous.domains["items"].sum(), blueprint.settings.blueprint.items
    if before and before != after:
        reason = f"the old exam had {before:g} items and the new one has {after}: the change in "
        reason += f"items is that of an exam of {after}"
        yield Note("crosswalk", "", "items_change", "assumed", reason)
    if table["se"].isna().any():
        reason = "the errors of the new weights are not known"
        yield Note("crosswalk", "", "verdict", "withheld", reason)
