"""What a committee gets: the workbook it decides in, and the one with every number behind it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pandas as pd

from rds.blueprint.plan import Blueprint
from rds.documents.blueprint_workbook.workbook import blueprint_workbook
from rds.documents.details_workbook.workbook import details_workbook
from rds.documents.version import Version


def committee_files(
    blueprint: Blueprint,
    tables: Mapping[str, pd.DataFrame],
    *,
    date: datetime.date,
    version: Version | None = None,
    folder: str = "restricted",
) -> dict[str, bytes]:
    """Return ``blueprint.xlsx`` and ``details.xlsx``, by their path below ``out/``.

    Parameters
    ----------
    blueprint
        The blueprint.
    tables
        The tables by name, as they go to ``out/tables``; ``crosswalk`` where there is an earlier
        blueprint.
    date
        The date they carry.
    version
        The version they are; by default a draft without number.
    folder
        Where they go, below ``out/``.
    """
    crosswalk = tables.get("crosswalk")
    return {
        f"{folder}/blueprint.xlsx": blueprint_workbook(
            blueprint, date=date, version=version, crosswalk=crosswalk
        ),
        f"{folder}/details.xlsx": details_workbook(blueprint, tables, date=date, version=version),
    }
