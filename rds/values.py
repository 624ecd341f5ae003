"""What people type, read as values: forgiving in form, strict in meaning.

Each reader takes one cell and returns a value, or raises `ValueError` whose message says what was
wanted. None of them guesses between two readings.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime

_STRAIGHT = dict.fromkeys("\u2018\u2019", "'") | dict.fromkeys("\u201c\u201d\u201e", '"')
_SPACES = dict.fromkeys("\u00a0\u2007\u2009\u202f", " ")
_INVISIBLE = dict.fromkeys("\ufeff\u200b")
_QUOTES = str.maketrans(_STRAIGHT | _SPACES | _INVISIBLE)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_YES = frozenset({"yes", "y", "true", "x", "1"})
_NO = frozenset({"no", "n", "false", "0"})


def read_text(cell: object) -> str:
    """Return a cell as text: trimmed, straight quotes, whole numbers without decimals.

    Examples
    --------
    >>> read_text(" \u201cwhy\u201d ")
    '"why"'
    >>> read_text(4.0)
    '4'
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else str(cell)
    return str(cell).translate(_QUOTES).strip()


def read_number(cell: object) -> float:
    """Return a cell as a number; a lone comma between digits is a decimal comma only if it must be.

    Examples
    --------
    >>> read_number("1 200"), read_number("3,5")
    (1200.0, 3.5)
    >>> read_number("1,200")
    Traceback (most recent call last):
    ValueError: a number without a comma (“1,200” could be 1200 or 1.2)
    """
    if isinstance(cell, bool):
        raise ValueError("a number")
    number = cell if isinstance(cell, (int, float)) else _number_from_text(read_text(cell))
    if not math.isfinite(number):
        raise ValueError("a number")
    return float(number)


def _number_from_text(text: str) -> float:
    """Read a number with spaces or commas between thousands, or with a decimal comma."""
    text = re.sub(r"(?<=\d)[ '_](?=\d{3}\b)", "", text)
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", text):
        raise ValueError(
            f"a number without a comma (“{text}” could be {text.replace(',', '')} or "
            f"{float(text.replace(',', '.')):g})"
        )
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(,\d{3})+\.\d+|[-+]?[1-9]\d{0,2}(,\d{3}){2,}", text):
        text = text.replace(",", "")
    try:
        return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        raise ValueError("a number") from None


def read_whole(cell: object) -> int:
    """Return a cell as a whole number; “1,200” is 1200, since 1.2 is no whole number.

    Examples
    --------
    >>> read_whole("1,200"), read_whole(4.0)
    (1200, 4)
    """
    text = read_text(cell)
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", text):
        return int(text.replace(",", ""))
    try:
        number = read_number(cell)
    except ValueError:
        raise ValueError("a whole number") from None
    if not number.is_integer():
        raise ValueError("a whole number")
    return int(number)


def read_percent(cell: object) -> float:
    """Return a cell as a percentage from 0 to 100; “62 %”, 62 and 0.62 all mean 62 percent.

    A number strictly between 0 and 1 without a percent sign is read as a share.

    Examples
    --------
    >>> read_percent("62 %"), read_percent(62), read_percent(0.62), read_percent("0,5 %")
    (62.0, 62.0, 62.0, 0.5)
    """
    wanted = "a percentage between 0 and 100"
    text = read_text(cell)
    signed = text.endswith("%")
    try:
        number = read_number(text.rstrip("% ") if signed else cell)
    except ValueError:
        raise ValueError(wanted) from None
    if not signed and 0 < number < 1:
        number = round(number * 100, 10)
    if not 0 <= number <= 100:
        raise ValueError(wanted)
    return number


def is_read_as_share(cell: object) -> bool:
    """Tell whether `read_percent` takes the cell for a share (0.62), so that it can be reported."""
    try:
        return "%" not in read_text(cell) and 0 < read_number(cell) < 1
    except ValueError:
        return False


def split_list(text: str) -> tuple[str, ...]:
    """Return the parts of a list typed with semicolons or line breaks between them.

    Examples
    --------
    >>> split_list("Community; Hospital, ward;")
    ('Community', 'Hospital, ward')
    """
    parts = (part.strip() for line in text.splitlines() for part in line.split(";"))
    return tuple(part for part in parts if part)


def read_yes_no(cell: object) -> bool:
    """Return a cell as yes or no.

    Examples
    --------
    >>> read_yes_no("Yes"), read_yes_no("n")
    (True, False)
    """
    text = read_text(cell).casefold()
    if text not in _YES | _NO:
        raise ValueError("yes or no")
    return text in _YES


def read_date(cell: object) -> date:
    """Return a cell as a date, in any order that can be read in one way only.

    Examples
    --------
    >>> read_date("2026-03-01") == read_date("1 March 2026") == read_date("March 1, 2026")
    True
    >>> read_date("25/03/2026")
    datetime.date(2026, 3, 25)
    >>> read_date("03/04/2026")
    Traceback (most recent call last):
    ValueError: a date that can be read in one way only (“03/04/2026” could be 2026-03-04 or ...)
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = read_text(cell)
    try:
        return _date_from_text(text)
    except (ValueError, IndexError):
        raise ValueError("a date such as 2026-03-04 or 4 March 2026") from None
    except LookupError as ambiguous:
        raise ValueError(str(ambiguous.args[0])) from None


def _date_from_text(text: str) -> date:
    """Read a date written as year-month-day, with a month's name, or unambiguously with numbers."""
    if re.search(r"[A-Za-z]{3}", text):
        return _date_with_month_name(text)
    parts = re.split(r"[-./]", text)
    first, second, last = map(int, parts)
    if len(parts[0]) == 4:
        return date(first, second, last)
    if len(parts[2]) != 4:
        raise ValueError("no year of four digits")
    if first <= 12 and second <= 12 and first != second:
        raise LookupError(
            f"a date that can be read in one way only (“{text}” could be "
            f"{date(last, first, second)} or {date(last, second, first)})"
        )
    return date(last, second, first) if first > 12 else date(last, first, second)


def _date_with_month_name(text: str) -> date:
    """Read a date that names its month; a weekday before it is passed over."""
    words = re.findall(r"[a-z]{3,}|\d+", text.casefold())
    (month,) = {
        number
        for number, name in enumerate(_MONTHS, start=1)
        for word in words
        if name.startswith(word)
    }
    day, year = sorted((word for word in words if word.isdigit()), key=len)
    if len(year) != 4:
        raise ValueError("no year of four digits")
    return date(int(year), month, int(day))
