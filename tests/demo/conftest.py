"""What both demonstration studies are tested with."""

import pytest

from rds.columns import SHEETS
from rds.sheets import Row, read_cell


def typed_row(sheet, number, cells):
    """One row as the sheet reader returns it; unknown columns and missing cells are errors."""
    columns = {column.name: column for column in sheet.columns}
    missing = [name for name, column in columns.items() if column.required and not cells.get(name)]
    if missing or not set(cells) <= set(columns):
        raise ValueError(f"{sheet.name}: without {missing}, with {set(cells) - set(columns)}")
    values = {name: read_cell(cell, columns[name]) for name, cell in cells.items()}
    return Row("study.xlsx", values, {name: f"{sheet.name}!{name}{number}" for name in cells})


@pytest.fixture
def as_read():
    """Turn rows as typed into rows as read."""

    def read(study):
        sheets = {sheet.name: sheet for sheet in SHEETS}
        return {
            name: [typed_row(sheets[name], number, row) for number, row in enumerate(rows, start=2)]
            for name, rows in study.items()
        }

    return read
