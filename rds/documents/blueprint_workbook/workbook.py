"""The committee's workbook: the blueprint in Excel, with live formulas and their values."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.blueprint import write_blueprint
from rds.documents.blueprint_workbook.comments import write_comments
from rds.documents.blueprint_workbook.differences import write_differences
from rds.documents.blueprint_workbook.plan import read_plan
from rds.documents.blueprint_workbook.read_me import write_read_me
from rds.documents.blueprint_workbook.sign_off import write_sign_off
from rds.documents.blueprint_workbook.summary import write_summary
from rds.documents.blueprint_workbook.tasks import write_tasks
from rds.documents.blueprint_workbook.theme import Styles, new_workbook
from rds.documents.blueprint_workbook.weights import write_weights
from rds.documents.version import Version
from rds.files import deterministic_zip, write_atomically


def blueprint_workbook(
    blueprint: Blueprint,
    *,
    date: datetime.date | None = None,
    version: Version | None = None,
    crosswalk: pd.DataFrame | None = None,
) -> bytes:
    """Make the committee's workbook.

    Eight sheets: what it is, the plan on one page, items by domain and cognitive level, every task,
    other choices of weights, differences between panel and field, comments, and sign-off. What may
    be changed is what `rds.documents.blueprint_workbook.inputs.inputs` names. Formulas carry their
    values, so that previews and protected views show numbers; sums and checks follow every change,
    and so do the items by the ratings wherever Hamilton's method alone decided them.

    Parameters
    ----------
    blueprint
        The blueprint.
    date
        The date the workbook carries; without it, that of the version, or the day the study was
        opened.
    version
        The version it is; by default a draft without number. Nothing can be changed in an approved
        one.
    crosswalk
        The table ``crosswalk``, where there is an earlier blueprint.

    Returns
    -------
    bytes
        An xlsx file, the same bytes for the same blueprint, date, version and crosswalk.
    """
    own, study = version or Version(), blueprint.settings.study
    day = date or own.date or study.opened
    plan = read_plan(blueprint, date=day, version=own, crosswalk=crosswalk)
    target = io.BytesIO()
    with new_workbook(
        target, study_id=study.id, kind="blueprint workbook", properties=_properties(own)
    ) as workbook:
        workbook.set_properties(
            {
                "title": f"{plan.credential}: blueprint ({own.name})",
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
        write_weights(workbook, blueprint, plan, style)
        write_differences(workbook, blueprint, plan, style)
        write_comments(workbook, blueprint.settings.approval.quorum, plan, style)
        write_sign_off(workbook, plan, style)
    return deterministic_zip(target.getvalue(), date=day)


def _properties(version: Version) -> dict[str, str]:
    """Return the custom properties that say which version a file is."""
    return {
        "version": "" if version.number is None else str(version.number),
        "state": version.state.upper(),
        "fingerprint": version.fingerprint,
    }


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
