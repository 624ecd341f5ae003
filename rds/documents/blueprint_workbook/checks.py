"""Check cells: “OK”, or by how much a number is missed, in words."""

from __future__ import annotations

from dataclasses import dataclass

from rds.documents.blueprint_workbook.cells import Formula, rounded
from rds.documents.blueprint_workbook.page import Page


@dataclass(frozen=True)
class Excess:
    """One number must not exceed another: references to both, the excess, what to call it."""

    larger: str
    smaller: str
    amount: float
    words: str


def check(*excesses: Excess) -> Formula:
    """Return “OK”, or the first excess there is.

    Examples
    --------
    >>> check(Excess("E8", "I8", 3, "short"), Excess("I8", "E8", -3, "over"))
    Formula(text='=IF(E8>I8,E8-I8&" short",IF(I8>E8,I8-E8&" over","OK"))', value='3 short')
    """
    text, value = '"OK"', "OK"
    for excess in reversed(excesses):
        difference = f"{excess.larger}-{excess.smaller}"
        text = f'IF({excess.larger}>{excess.smaller},{difference}&" {excess.words}",{text})'
        value = f"{excess.amount:g} {excess.words}" if excess.amount > 0 else value
    return Formula(f"={text}", value)


def equality(found: str, wanted: str, amount: float) -> tuple[Excess, Excess]:
    """Return the two ways in which a number can miss another: “short” and “over”.

    Parameters
    ----------
    amount
        What was found minus what was wanted.
    """
    return Excess(wanted, found, -amount, "short"), Excess(found, wanted, amount, "over")


def within_one(difference: str, amount: float) -> Formula:
    """Return “OK” while a difference is no more than one item, otherwise how much it is.

    Examples
    --------
    >>> within_one("F12", -1.25)
    Formula(text='=IF(ABS(F12)<=1,"OK",ROUND(ABS(F12),1)&IF(F12<0," short"," over"))',
            value='1.3 short')
    """
    words = "short" if amount < 0 else "over"
    return Formula(
        f'=IF(ABS({difference})<=1,"OK",ROUND(ABS({difference}),1)'
        f'&IF({difference}<0," short"," over"))',
        "OK" if abs(amount) <= 1 else f"{rounded(abs(amount), 1):g} {words}",
    )


def mark(
    page: Page,
    first_row: int,
    first_column: int,
    last_row: int,
    last_column: int,
    *,
    failing: str = "bad",
) -> None:
    """Colour check cells by what they say; the words say it too."""
    for criteria, style in (("equal to", "good"), ("not equal to", failing)):
        page.sheet.conditional_format(
            first_row,
            first_column,
            last_row,
            last_column,
            {
                "type": "cell",
                "criteria": criteria,
                "value": '"OK"',
                "format": page.style.conditional(style),
            },
        )
