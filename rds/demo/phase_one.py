"""What the demonstration's panel did before the survey: read from the files beside it."""

from __future__ import annotations

import csv
from pathlib import Path

SheetRow = dict[str, object]

DATA = Path(__file__).with_name("data")

PANEL_IS_SIMULATED = (
    "The panel, its members' attributes and signatures, its meetings and the two coders' codes are "
    "invented: nobody sat on it. Members are numbers and no persons."
)
"""What the demonstration says of its panel wherever it says what is simulated."""


def sheet_rows(name: str) -> list[SheetRow]:
    """Return the rows of a sheet of the demonstration, without its empty cells.

    Parameters
    ----------
    name
        Name of the file, without its ending.

    Examples
    --------
    >>> panel = sheet_rows("panel")
    >>> panel[0]["sme_id"], sum(row["served"] == "yes" for row in panel)
    ('SME01', 14)
    """
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: text for key, text in row.items() if text} for row in csv.DictReader(file)]
