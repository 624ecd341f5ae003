"""How any result shows itself: as text, as HTML in Jupyter, as a DataFrame. The only rounding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_DECIMALS: Mapping[str, int] = {
    "weight": 3, "adopted_weight": 3, "effective": 2, "nominal": 2, "se": 3, "p": 3, "value": 3,
    "ci_low": 3, "ci_high": 3, "q": 3, "quota": 2, "exponent": 2, "correlation": 2,
}  # fmt: skip
_EMPTY = "–"
_NUMBER = re.compile(r"[-−]?[\d.]+(–[\d.]+)?|–")


@dataclass(frozen=True, repr=False)
class View:
    """What people see of a result: a title, one table, and what they must know beside it.

    Parameters
    ----------
    title
        What the table shows, units included.
    table
        Unrounded; column names are the headers.
    notes
        Sentences below the table.
    """

    title: str
    table: pd.DataFrame
    notes: tuple[str, ...] = ()

    def as_frame(self) -> pd.DataFrame:
        """Return the table, unrounded."""
        return self.table

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)


class Shown:
    """Gives a result its text, its HTML and its DataFrame; the result says what its `View` is."""

    def view(self) -> View:
        """Return what people see of this result."""
        raise NotImplementedError

    def as_frame(self) -> pd.DataFrame:
        """Return the table that is shown, unrounded."""
        return self.view().table

    def __repr__(self) -> str:
        return as_text(self.view())

    def _repr_html_(self) -> str:
        return as_html(self.view())


class ShownFields(Shown):
    """Shows a result that is a frozen dataclass of single values as one row, a column a field."""

    def view(self) -> View:
        """Return the fields as one row."""
        import pandas as pd

        fields = vars(self)
        return View(type(self).__name__, pd.DataFrame([fields.values()], columns=list(fields)))


def as_text(view: View) -> str:
    """Return a view as plain text with aligned columns.

    Examples
    --------
    >>> import pandas as pd
    >>> print(as_text(View("Weights", pd.DataFrame({"domain": ["D1"], "weight": [1 / 3]}))))
    Weights
    domain  weight
    D1       0.333
    """
    table = rounded(view.table)
    widths = {name: max(len(str(name)), *(len(cell) for cell in table[name]), 0) for name in table}
    header = "  ".join(_pad(str(name), widths[name], view.table[name]) for name in table)
    rows = [
        "  ".join(_pad(row[name], widths[name], view.table[name]) for name in table).rstrip()
        for row in table.to_dict("records")
    ]
    return "\n".join([view.title, header.rstrip(), *rows, *view.notes])


def as_html(view: View) -> str:
    """Return a view as an HTML table with caption and notes, numbers aligned right."""
    table = rounded(view.table)
    sides = {name: "right" if _is_number(view.table[name]) else "left" for name in table}
    style = {name: f"vertical-align:top;text-align:{side}" for name, side in sides.items()}
    head = "".join(f'<th style="{style[name]}">{escape(str(name))}</th>' for name in table)
    body = "".join(
        "<tr>"
        + "".join(f'<td style="{style[name]}">{escape(row[name])}</td>' for name in table)
        + "</tr>"
        for row in table.to_dict("records")
    )
    notes = "".join(f'<p style="margin:0"><small>{escape(note)}</small></p>' for note in view.notes)
    caption = f'<caption style="text-align:left"><b>{escape(view.title)}</b></caption>'
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as text, each column with the decimals that suit it.

    Examples
    --------
    >>> import pandas as pd
    >>> rounded(pd.DataFrame({"percent": [12.345], "n": [28], "sd": [None]})).values.tolist()
    [['12.3', '28', '–']]
    """
    import pandas as pd

    columns = {}
    for name in table:
        decimals = _decimals(table[name], str(name))
        columns[name] = [_cell(cell, decimals) for cell in table[name]]
    return pd.DataFrame(columns, index=table.index)


def _decimals(column: pd.Series[Any], name: str) -> int:
    """Return how many decimals suit a column; the same for all its cells."""
    if "percent" in name.casefold():
        return 1
    if name in _DECIMALS:
        return _DECIMALS[name]
    numbers = [cell for cell in column if isinstance(cell, float) and cell == cell]  # noqa: PLR0124
    return 0 if all(number.is_integer() for number in numbers) else 2


def _cell(cell: Any, decimals: int) -> str:
    """Return one cell as text."""
    if cell is None or type(cell).__name__ == "NAType" or cell != cell:  # noqa: PLR0124
        return _EMPTY
    if isinstance(cell, bool) or type(cell).__name__ == "bool_":
        return "yes" if cell else "no"
    return f"{cell:.{decimals}f}" if isinstance(cell, float) else str(cell)


def _is_number(column: pd.Series[Any]) -> bool:
    """Tell whether a column holds numbers, or text that prints them (“.047”, “5–8”)."""
    if column.dtype.kind in "iuf":
        return True
    return len(column) > 0 and all(_NUMBER.fullmatch(str(cell)) for cell in column)


def _pad(text: str, width: int, column: pd.Series[Any]) -> str:
    """Align a cell: numbers right, words left."""
    return text.rjust(width) if _is_number(column) else text.ljust(width)
