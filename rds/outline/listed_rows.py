"""From the statements of a list to rows of study.xlsx: identifiers, source, status proposed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from rds.outline.near_duplicates import alike_pairs
from rds.outline.start_list import KINDS, Listed
from rds.outline.words import split_words

UNSORTED = "To be sorted into domains"
"""Title of the domain of tasks that a list puts in none."""

_LETTERS = (("domain", "D", 1), ("task", "T", 2), ("ksa", "K", 2))


@dataclass(frozen=True)
class ListedRows:
    """What a list adds to a study.

    Parameters
    ----------
    rows
        Rows by sheet, values by column.
    remarks
        What was not added, and why; what was assumed.
    """

    rows: Mapping[str, Sequence[Mapping[str, object]]]
    remarks: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each sheet gets."""
        return {sheet: len(rows) for sheet, rows in self.rows.items() if rows}


def listed_rows(
    listed: Sequence[Listed],
    *,
    source: Mapping[str, str],
    domains: Mapping[str, str] | None = None,
    statements: Mapping[str, str] | None = None,
    taken: Collection[str] = (),
) -> ListedRows:
    """Return the rows that a list makes; statements that are there already are left out and named.

    Parameters
    ----------
    listed
        The statements, in order.
    source
        ``kind`` and ``citation`` of the row of the sheet Sources.
    domains, statements
        Titles and wordings that the study has, by identifier.
    taken
        Identifiers that are in use anywhere in the study.

    Examples
    --------
    >>> made = listed_rows([Listed("task", "Lead groups.", "line 2", own="1.1")],
    ...                    source={"citation": "A list."})
    >>> made.rows["Tasks"][0]["task_id"], made.rows["Tasks"][0]["status"]
    ('T01', 'proposed')
    """
    used = {name.casefold() for name in taken}
    key = next(_fresh("S", 1, used))
    titles = {_words(title): name for name, title in (domains or {}).items()}
    seen = {_words(text): name for name, text in (statements or {}).items()}
    names = {unit: _fresh(letter, width, used) for unit, letter, width in _LETTERS}
    rows: dict[str, list[Mapping[str, object]]] = {"Domains": [], "Tasks": [], "KSAs": []}
    remarks: list[str] = []
    for one in listed:
        title = one.statement if one.unit == "domain" else one.domain or UNSORTED
        if one.unit in ("domain", "task") and _words(title) not in titles:
            titles[_words(title)] = next(names["domain"])
            rows["Domains"].append({"domain_id": titles[_words(title)], "title": title})
        if one.unit == "domain":
            continue
        words = _words(one.statement)
        if words in seen:
            remarks.append(f"{one.place}: the same words as {seen[words]}, left out")
            continue
        seen[words] = next(names["task" if one.unit == "task" else "ksa"])
        sheet, row = _row(one, seen[words], key, titles.get(_words(title), ""))
        rows[sheet].append(row)
    noted = _with_likenesses(rows, statements or {})
    return ListedRows({**noted, "Sources": [{"source_id": key, **source}]}, tuple(remarks))


def _row(one: Listed, name: str, source: str, domain: str) -> tuple[str, dict[str, object]]:
    """Return the sheet and the row of a task or KSA."""
    said = [f"{source}: {one.own}"] if one.own else []
    row: dict[str, object] = {
        "statement": one.statement,
        "status": "proposed",
        "source": source,
        "note": "; ".join([*said, *([one.note] if one.note else [])]),
    }
    if one.unit in KINDS:
        return "KSAs", {"ksa_id": name, "kind": one.unit, **row}
    level = {"cognitive_level": one.cognitive_level} if one.cognitive_level else {}
    return "Tasks", {"task_id": name, "domain_id": domain, **row, **level}


def _with_likenesses(
    rows: Mapping[str, Sequence[Mapping[str, object]]], statements: Mapping[str, str]
) -> dict[str, list[Mapping[str, object]]]:
    """Return rows with the note that a statement is nearly one that is there already."""
    noted = {sheet: list(own) for sheet, own in rows.items()}
    for sheet, key in (("Tasks", "task_id"), ("KSAs", "ksa_id")):
        new = {str(row[key]): str(row["statement"]) for row in rows[sheet]}
        alike = {
            pair.second: f"{pair.similarity:.0%} like {pair.first}"
            for pair in reversed(alike_pairs({**statements, **new}))
            if pair.second in new
        }
        noted[sheet] = [
            {**row, "note": "; ".join(filter(None, [str(row["note"]), alike.get(str(row[key]))]))}
            for row in rows[sheet]
        ]
    return noted


def _fresh(letter: str, width: int, used: set[str]) -> Iterator[str]:
    """Yield identifiers of a letter that are not in use."""
    for number in count(1):
        name = f"{letter}{number:0{width}d}"
        if name.casefold() not in used:
            used.add(name.casefold())
            yield name


def _words(text: str) -> str:
    """Return a text as duplicates are told by: its words alone."""
    return " ".join(split_words(text)) or text.strip()
