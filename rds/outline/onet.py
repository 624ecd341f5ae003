"""An occupation of the O*NET database as a start list: its tasks, knowledge, skills, abilities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rds.errors import nearest
from rds.outline.start_list import Listed

OnetRows = Sequence[Mapping[str, str]]
"""The rows of one of the database's files, values by column."""

CODE = "O*NET-SOC Code"
FILES: Mapping[str, tuple[str, ...]] = {
    "Occupation Data": (CODE, "Title"),
    "Task Statements": (CODE, "Task ID", "Task", "Task Type"),
    "Knowledge": (CODE, "Element ID", "Element Name", "Scale ID", "Data Value"),
    "Skills": (CODE, "Element ID", "Element Name", "Scale ID", "Data Value"),
    "Abilities": (CODE, "Element ID", "Element Name", "Scale ID", "Data Value"),
    "Task Ratings": (CODE, "Task ID", "Scale ID", "Data Value", "N"),
}
"""The files that are read, by name without ending, and the columns that each must have."""

NEEDED = ("Occupation Data", "Task Statements")
IMPORTANT = 3.0
"""Mean importance, 1 to 5, from which knowledge, skills and abilities are taken: “important”."""

_FORMS = {
    "Knowledge": ("knowledge", "Knowledge of"),
    "Skills": ("skill", "Skill in"),
    "Abilities": ("ability", "Ability to use"),
}
_LIKELY_TITLES = 6


def find_occupation(occupations: OnetRows, wanted: str) -> tuple[str, str]:
    """Return code and title of an occupation.

    Parameters
    ----------
    occupations
        Rows of “Occupation Data”.
    wanted
        The O*NET-SOC code, with or without its last two digits, or the title.

    Raises
    ------
    ValueError
        When none has that code or title, or several could be meant; the nearest are named.

    Examples
    --------
    >>> rows = [{"O*NET-SOC Code": "21-1094.00", "Title": "Community Health Workers"}]
    >>> find_occupation(rows, "community health workers")
    ('21-1094.00', 'Community Health Workers')
    """
    titles = {row[CODE]: row["Title"] for row in occupations}
    text = " ".join(wanted.split())
    for code in (text, f"{text}.00"):
        if code in titles:
            return code, titles[code]
    by_title = {title.casefold(): code for code, title in titles.items()}
    if text.casefold() in by_title:
        code = by_title[text.casefold()]
        return code, titles[code]
    holding = [code for title, code in by_title.items() if text.casefold() in title]
    if len(holding) == 1:
        return holding[0], titles[holding[0]]
    raise ValueError(_nearest_occupations(text, holding, titles))


def onet_statements(tables: Mapping[str, OnetRows], code: str) -> Iterator[Listed]:
    """Yield the tasks of an occupation, then its important knowledge, skills and abilities.

    Parameters
    ----------
    tables
        Rows by file, as `FILES` names them; of the files not needed any may be absent.
    code
        The O*NET-SOC code.

    Examples
    --------
    >>> task = {"O*NET-SOC Code": "1", "Task ID": "7", "Task": "Lead.", "Task Type": "Core"}
    >>> [(one.unit, one.own, one.note) for one in onet_statements({"Task Statements": [task]}, "1")]
    [('task', 'task 7', 'core task')]
    """
    importance = {
        row["Task ID"]: f"importance {row['Data Value']} of 5 (n = {row['N']})"
        for row in tables.get("Task Ratings", ())
        if row[CODE] == code and row["Scale ID"] == "IM"
    }
    for row in tables["Task Statements"]:
        if row[CODE] == code:
            kind = row["Task Type"].casefold()
            said = [f"{kind} task"] if kind in ("core", "supplemental") else []
            said += [importance[row["Task ID"]]] if row["Task ID"] in importance else []
            own = f"task {row['Task ID']}"
            yield Listed("task", row["Task"], "Task Statements", own=own, note="; ".join(said))
    for file in _FORMS:
        yield from _elements(file, tables.get(file, ()), code)


def onet_citation(release: str, code: str, title: str) -> str:
    """Return source, licence and attribution, as the licence of the database asks for them."""
    return (
        f"O*NET {release} Database, occupation {code} {title}. This study includes information "
        f"from the O*NET {release} Database by the U.S. Department of Labor, Employment and "
        "Training Administration (USDOL/ETA). Used under the CC BY 4.0 license "
        "(https://creativecommons.org/licenses/by/4.0/). O*NET® is a trademark of USDOL/ETA. The "
        "sponsor of this study may have modified all or some of this information. USDOL/ETA has "
        "not approved, endorsed, or tested these modifications."
    )


def release_named(texts: Sequence[str]) -> str:
    """Return the release of the database that a text or the name of a folder tells; else nothing.

    Examples
    --------
    >>> release_named(["O*NET 29.3 Database, May 2025 Release"]), release_named(["db_30_1_text"])
    ('29.3', '30.1')
    """
    for text in texts:
        match = re.search(r"O\*NET\S*\s+(\d+\.\d+)", text) or re.search(r"db_(\d+_\d+)", text)
        if match:
            return match[1].replace("_", ".")
    return ""


def _elements(file: str, rows: OnetRows, code: str) -> Iterator[Listed]:
    """Yield the important elements of an occupation from one file."""
    kind, opening = _FORMS[file]
    for row in rows:
        if row[CODE] != code or row["Scale ID"] != "IM" or row.get("Recommend Suppress") == "Y":
            continue
        value = _number(row["Data Value"])
        if value is not None and value >= IMPORTANT:
            statement = f"{opening} {row['Element Name'][:1].lower()}{row['Element Name'][1:]}"
            note = f"importance {value:g} of 5"
            yield Listed(kind, statement, file, own=f"element {row['Element ID']}", note=note)


def _number(text: str) -> float | None:
    """Return a number; None for what is none, such as “n/a”."""
    try:
        return float(text)
    except ValueError:
        return None


def _nearest_occupations(text: str, holding: Sequence[str], titles: Mapping[str, str]) -> str:
    """Say which occupations could have been meant."""
    words = {word for word in text.casefold().split() if len(word) > 3}
    close = nearest(text, [*titles, *titles.values()])
    likely = list(holding) or [
        code
        for code, title in titles.items()
        if close in (title, code) or words & set(title.casefold().split())
    ]
    shown = ", ".join(f"{code} {titles[code]}" for code in likely[:_LIKELY_TITLES])
    more = " …" if len(likely) > _LIKELY_TITLES else ""
    return f"one of {shown}{more}" if likely else "a code or title of Occupation Data.txt"
