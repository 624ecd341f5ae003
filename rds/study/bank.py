"""An item bank compared with a study's blueprint; only the comparison is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from rds.blueprint.bank_gap import BankGap, bank_gap
from rds.documents.bank_gap_workbook import bank_gap_workbook
from rds.documents.tables import csv_bytes
from rds.errors import InputError, Problem
from rds.files import write_atomically
from rds.study.building import build_blueprint
from rds.study.export import EXPORT
from rds.study.guard import lock
from rds.study.inventory import read_inventory
from rds.study.study import Study
from rds.study.versions import as_of

FOLDER = "bank-gap"


@dataclass(frozen=True)
class Inventoried:
    """What was found, and the files it was written to."""

    found: BankGap
    written: tuple[Path, ...]


def compare_bank(
    study: Study,
    inventory: Path,
    *,
    multiple: float | None = None,
    statuses: Collection[str] = (),
    sheet: str | None = None,
    to: Path | None = None,
) -> Inventoried:
    """Compare an inventory with the blueprint and write the table ``bank_gap``.

    The inventory is read where it lies; neither it nor the identifiers of items come into the
    study.

    Parameters
    ----------
    study
        The study, opened.
    inventory
        CSV file or workbook; see `rds.study.inventory.read_inventory`.
    multiple, statuses
        As for `rds.blueprint.bank_gap.bank_gap`.
    sheet
        The workbook's sheet, when several hold data.
    to
        The folder to write to; without it ``export/bank-gap`` in the study.

    Raises
    ------
    InputError
        When the inventory cannot be read or names nothing of this study, or the study has no
        blueprint yet.
    """
    items = read_inventory(inventory, sheet=sheet)
    blueprint = build_blueprint(study)
    try:
        found = bank_gap(blueprint, items, multiple=multiple, statuses=statuses)
    except ValueError as error:
        wanted = "items that name domains and tasks of the outline, and a status that is known"
        mend = "correct the inventory, or give --status and --multiple as they should be"
        problem = Problem(inventory.name, "", str(error), wanted, mend)
        raise InputError([problem]) from None
    date = as_of(study)
    study_id = study.settings.study.id
    files = {
        "bank_gap.csv": csv_bytes(found.table),
        "bank_gap.xlsx": bank_gap_workbook(
            found, study_id=study_id, inventory=inventory.name, date=date
        ),
    }
    folder = to or study.folder.root / EXPORT / FOLDER
    with lock(study.folder.root):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_atomically(folder / name, content)
    return Inventoried(found, tuple(folder / name for name in files))
