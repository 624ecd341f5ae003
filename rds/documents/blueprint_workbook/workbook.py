"""The committee's workbook: the blueprint in Excel, with live formulas and their values."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.blueprint import write_blueprint
from rds.documents.blueprint_workbook.method import write_method
from rds.documents.blueprint_workbook.plan import read_plan
from rds.documents.blueprint_workbook.read_me import write_read_me
from rds.documents.blueprint_workbook.summary import write_summary
from rds.documents.blueprint_workbook.tasks import write_tasks
from rds.documents.blueprint_workbook.theme import Styles, new_workbook
from rds.files import deterministic_zip, write_atomically


def blueprint_workbook(blueprint: Blueprint, *, date: datetime.date | None = None) -> bytes:
    """Make the committee's workbook.

    Five sheets: what it is, the plan on one page, items by domain and cognitive level with the
    steps of rounding, every task, and the method. Formulas carry their values, so that previews
    and protected views show numbers; changing the exam length, the one input, recomputes the plan
    wherever Hamilton's method alone decided it.

    Parameters
    ----------
    blueprint
        The blueprint.
    date
        The date the workbook carries; without it, the day the study was opened.

    Returns
    -------
    bytes
        An xlsx file, the same bytes for the same blueprint and date.
    """
    day = date or blueprint.settings.study.opened
    plan = read_plan(blueprint, date=day)
    target = io.BytesIO()
    study = blueprint.settings.study
    with new_workbook(target, study_id=study.id, kind="blueprint workbook") as workbook:
        workbook.set_properties(
            {
                "title": f"{plan.credential}: blueprint (DRAFT)",
                "subject": study.title,
                "company": study.sponsor,
                "created": datetime.datetime(day.year, day.month, day.day),
            }
        )
        style = Styles(workbook)
        write_read_me(workbook, study, plan, style)
        write_summary(workbook, plan, style)
        write_blueprint(workbook, plan, style)
        write_tasks(workbook, blueprint, plan, style)
        write_method(workbook, blueprint, plan, style)
    return deterministic_zip(target.getvalue(), date=day)


def write_workbook(
    blueprint: Blueprint, path: Path | str, *, date: datetime.date | None = None
) -> Path:
    """Write the committee's workbook to a file, whole or not at all.

    Parameters
    ----------
    blueprint, date
        As in `blueprint_workbook`.
    path
        Where to; a file that stands there is replaced.

    Returns
    -------
    Path
        Where it was written.
    """
    target = Path(path)
    write_atomically(target, blueprint_workbook(blueprint, date=date))
    return target
