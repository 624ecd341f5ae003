"""A list of domains, tasks and KSAs from elsewhere, read as proposals for an outline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from rds.errors import nearest
from rds.outline.outline import KSAKind
from rds.outline.statement_rules import has_form
from rds.outline.words import split_words

Meaning = Literal[
    "domain", "domain_id", "task", "task_id", "ksa", "ksa_id", "kind", "knowledge", "skill",
    "ability", "attitude", "statement", "type", "identifier", "cognitive_level", "note", "ignore",
]  # fmt: skip
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
KINDS: tuple[KSAKind, ...] = get_args(KSAKind)

_HEADERS: Mapping[Meaning, str] = {
    "domain": "domain; domains; domain title; domain name; content area; content domain; duty; "
    "duty area; performance domain; responsibility; area of responsibility; major area; "
    "competency area; section; area",
    "domain_id": "domain id; domain number; domain no; domain code; duty number; domain_id",
    "task": "task; tasks; task statement; task statements; task description; job task; activity; "
    "work activity; duty statement",
    "task_id": "task id; task number; task no; task code; task_id",
    "ksa": "ksa; ksas; ksa statement; ksao; competency; competencies; knowledge skill or ability; "
    "knowledge skills and abilities; knowledge skills abilities; knowledge and skills",
    "ksa_id": "ksa id; ksa number; ksa no; ksa code; ksa_id; knowledge id; skill id",
    "kind": "kind; ksa kind; ksa type; kind of ksa",
    "knowledge": "knowledge; knowledge statement; knowledge statements; knowledge of",
    "skill": "skill; skills; skill statement; skill statements; skill in",
    "ability": "ability; abilities; ability statement; ability to",
    "attitude": "attitude; attitudes; attribute; attributes; disposition",
    "statement": "statement; text; wording; description; statement text",
    "type": "type; row type; statement type; element; element type; unit; level type",
    "identifier": "id; code; number; no; identifier; key; ref; reference",
    "cognitive_level": "cognitive level; bloom level; cognitive_level",
    "note": "note; notes; comment; comments; remark; remarks",
}
_UNITS: Mapping[str, str] = {
    "domain": "domain", "duty": "domain", "area": "domain", "task": "task", "activity": "task",
    "ksa": "ksa", "competency": "ksa", "k": "knowledge", "s": "skill", "a": "ability",
    **{kind: kind for kind in KINDS}, "knowledges": "knowledge", "skills": "skill",
    "abilities": "ability", "tasks": "task", "domains": "domain",
}  # fmt: skip
_NUMBERED = re.compile(
    r"\s*(?:(?:task|domain|duty|knowledge|skill|ability|area)\s+)?"
    r"([A-Z]{0,2}\d+(?:[.\-]\d+)*[a-z]?|[A-Z]|[IVX]+)\s*[.):–—-]\s+(?=\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Listed:
    """One statement of a list.

    Parameters
    ----------
    unit
        ``"domain"``, ``"task"`` or the kind of a KSA.
    statement
        Its words; of a domain its title.
    place
        Where it stands.
    domain
        Of a task, the title of its domain.
    own
        Its identifier in the list.
    note
        What else the list says of it.
    cognitive_level
        Of a task, if the list says it.
    """

    unit: str
    statement: str
    place: str
    domain: str = ""
    own: str = ""
    note: str = ""
    cognitive_level: str = ""


def recognise_columns(
    headers: Sequence[str], given: Mapping[str, str] | None = None
) -> dict[int, Meaning]:
    """Return what each column of a list is, by its position; columns that are not known are absent.

    Parameters
    ----------
    headers
        As they stand in the list.
    given
        Meanings by header, where they were told; they win.

    Examples
    --------
    >>> recognise_columns(["Duty Area", "Task Statement", "Rank"])
    {0: 'domain', 1: 'task'}
    """
    told = {_plain(header): meaning for header, meaning in (given or {}).items()}
    known = {name: meaning for meaning, names in _HEADERS.items() for name in names.split("; ")}
    known = {_plain(name): meaning for name, meaning in known.items()}
    found: dict[int, Meaning] = {}
    for at, header in enumerate(headers):
        plain = _plain(header)
        close = nearest(plain, known) if len(plain) > 3 else None
        meaning = told.get(plain) or known.get(plain) or (known[close] if close else "")
        if meaning and (meaning not in found.values() or meaning == "note") and meaning != "ignore":
            found[at] = cast("Meaning", meaning)
    return found


def holds_statements(columns: Mapping[int, Meaning]) -> bool:
    """Tell whether any column holds tasks or KSAs."""
    return bool({"task", "ksa", "statement", *KINDS} & set(columns.values()))


def read_list(
    rows: Sequence[tuple[str, Sequence[str]]], columns: Mapping[int, Meaning]
) -> Iterator[Listed]:
    """Yield the statements of a list, in its order.

    A row holds one statement with its type, or a task, its domain and its KSAs side by side. A
    domain holds for the rows below until another is named.

    Parameters
    ----------
    rows
        Place and cells of each row below the headers.
    columns
        As `recognise_columns` returns them.

    Examples
    --------
    >>> rows = [("line 2", ["Support", "1. Lead groups."]), ("line 3", ["", "2. Teach rights."])]
    >>> [(one.unit, one.own, one.statement) for one in read_list(rows, {0: "domain", 1: "task"})]
    [('domain', '', 'Support'), ('task', '1', 'Lead groups.'), ('task', '2', 'Teach rights.')]
    """
    domain = ""
    for place, cells in rows:
        row = {
            meaning: " ".join(cells[at].split())
            for at, meaning in columns.items()
            if at < len(cells)
        }
        for one in _row_statements(row, place):
            named = one.statement if one.unit == "domain" else one.domain
            changed = bool(named) and split_words(named) != split_words(domain)
            domain = named or domain
            if one.unit == "domain" and not changed:
                continue
            yield replace(one, domain="" if one.unit == "domain" else domain)


def _row_statements(row: Mapping[Meaning, str], place: str) -> Iterator[Listed]:
    """Yield what one row holds: its domain, its task, its KSAs."""
    named = row.get("domain") or row.get("domain_id", "")
    if named:
        own, title = _numbered(named, row.get("domain_id", ""))
        yield Listed("domain", title, place, own=own)
    note, level = row.get("note", ""), row.get("cognitive_level", "")
    unit = _UNITS.get(row.get("type", "task").casefold(), "task")
    texts = {"task": row.get("task", ""), "ksa": row.get("ksa", "")}
    texts |= {kind: row.get(kind, "") for kind in KINDS}
    if row.get("statement"):
        texts = {**texts, unit: row["statement"]} if not texts.get(unit) else texts
    identifiers = {"task": row.get("task_id", ""), "domain": row.get("domain_id", "")}
    for name, text in texts.items():
        if text:
            given = identifiers.get(name, row.get("ksa_id", "")) or row.get("identifier", "")
            own, statement = _numbered(text, given)
            kind = _kind(statement, row.get("kind", "")) if name == "ksa" else name
            yield Listed(kind, statement, place, own=own, note=note,
                         cognitive_level=level if name == "task" else "")  # fmt: skip


def _kind(statement: str, given: str) -> str:
    """Return the kind of a KSA: as given, by its opening words, else knowledge."""
    named = _UNITS.get(given.casefold(), given.casefold())
    if named in KINDS:
        return named
    kinds: tuple[KSAKind, ...] = ("knowledge", "skill", "ability")
    return next((kind for kind in kinds if has_form(kind, statement)), "knowledge")


def _numbered(text: str, given: str) -> tuple[str, str]:
    """Return the identifier with which a text begins, or the one given, and the text without it."""
    match = _NUMBERED.match(text)
    if match is None:
        return given, text
    return given or match[1], text[match.end() :]


def _plain(header: str) -> str:
    """Return a header without capitals, punctuation and plural marks of their own."""
    return re.sub(r"[\W_]+", " ", header.casefold()).strip()
