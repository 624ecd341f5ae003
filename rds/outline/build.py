"""From the rows people filled in to an outline, with every problem at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from rds.columns import SHEETS, Column
from rds.errors import Problem, nearest
from rds.outline.outline import KSA, Domain, Link, Outline, Task
from rds.sheets import Row

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]{0,9}")
_SHEETS = {sheet.name: sheet for sheet in SHEETS}
_OUTLINE = ("Domains", "Tasks", "KSAs", "Linkage")
_NO_ROWS = "no rows"


def build_outline(
    rows: Mapping[str, Sequence[Row]],
) -> tuple[Outline | None, list[Problem]]:
    """Build the outline from the sheets Domains, Tasks, KSAs and Linkage.

    Parameters
    ----------
    rows
        Rows by sheet, as `rds.sheets.read_tables` returns them.

    Returns
    -------
    outline, problems
        None for the outline when any of its parts cannot be used. Cells that should not be empty
        were reported by whoever read the rows, and are not reported again.
    """
    problems = [*check_identifiers(rows), *_check_content(rows), *_check_domain_tree(rows)]
    if problems or not _is_complete(rows):
        return None, problems
    known = _keys(rows, ("Domains", "Tasks", "KSAs"))
    return Outline(
        domains=tuple(_domain(row, known) for row in rows.get("Domains", ())),
        tasks=tuple(_task(row, known) for row in rows.get("Tasks", ())),
        ksas=tuple(KSA(**_given(row)) for row in rows.get("KSAs", ())),
        links=tuple(_link(row, known) for row in rows.get("Linkage", ())),
    ), []


def is_empty_outline(problem: Problem) -> bool:
    """Tell whether a problem says no more than that nothing was drafted yet."""
    return problem.found == _NO_ROWS and problem.place in _OUTLINE


def check_identifiers(rows: Mapping[str, Sequence[Row]]) -> list[Problem]:
    """Report identifiers that are malformed, doubled or refer to nothing, on every sheet.

    Identifiers are unique over the whole study without regard to case, so that one instrument fits
    every survey platform.
    """
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for sheet in SHEETS:
        key = sheet.columns[0]
        if key.kind != "identifier" or key.refers_to:
            continue
        for row in rows.get(sheet.name, ()):
            problems += _check_own_identifier(row, key.name, seen)
    return problems + _check_references(rows)


def _check_own_identifier(row: Row, column: str, seen: dict[str, str]) -> list[Problem]:
    """Check the form and the uniqueness of one row's own identifier."""
    identifier = row.text(column)
    if not identifier:
        return []
    place = row.places.get(column, "")
    folded = identifier.casefold()
    if folded in seen:
        return [
            row.problem(
                column,
                "an identifier used once (capitals make no difference)",
                f"change this one or the one at {seen[folded]}",
            )
        ]
    seen[folded] = place
    if not _IDENTIFIER.fullmatch(identifier):
        return [
            row.problem(
                column,
                "a letter followed by letters and digits, at most 10 characters",
                "shorten it or remove other characters",
            )
        ]
    return []


def _check_references(rows: Mapping[str, Sequence[Row]]) -> list[Problem]:
    """Report references to identifiers that do not exist, each place once.

    Where sheets referred to could not be read whole, that is what has to be mended first.
    """
    problems = [
        problem
        for sheet in SHEETS
        for column in sheet.columns
        if column.refers_to and all(_is_readable(rows, name) for name in column.refers_to)
        for problem in _unknown_references(rows.get(sheet.name, ()), column, rows)
    ]
    return list(dict.fromkeys(problems))


def _unknown_references(
    referring: Iterable[Row], column: Column, rows: Mapping[str, Sequence[Row]]
) -> list[Problem]:
    """Report one column's references to nothing; the first only, where there is nothing at all."""
    known = _keys(rows, column.refers_to)
    unknown = [
        _unknown(row, column, identifier, list(known.values()))
        for row in referring
        for identifier in _referred(row, column.name)
        if identifier.casefold() not in known
    ]
    return unknown if known else unknown[:1]


def _is_readable(rows: Mapping[str, Sequence[Row]], name: str) -> bool:
    """Tell whether a sheet's identifiers are all there; a sheet we can do without may be absent."""
    sheet = _SHEETS[name]
    found = rows.get(name, ())
    return all(row.text(sheet.columns[0].name) for row in found) and bool(
        found or not sheet.required
    )


def _unknown(row: Row, column: Column, identifier: str, names: Sequence[str]) -> Problem:
    """Return the problem of a reference to nothing."""
    sheets, close = " or ".join(column.refers_to), nearest(identifier, names)
    return Problem(
        row.file,
        row.places.get(column.name, ""),
        f"“{identifier}”",
        f"one of {', '.join(names[:12])}{' …' if len(names) > 12 else ''}"
        if names
        else f"an identifier of the sheet {sheets}, which has none",
        f"write “{close}”" if close else f"add “{identifier}” to the sheet {sheets}, or change it",
    )


def _referred(row: Row, column: str) -> tuple[str, ...]:
    """Return the identifiers a cell refers to."""
    value = row.values.get(column)
    if value is None:
        return ()
    return cast("tuple[str, ...]", value) if isinstance(value, tuple) else (str(value),)


def _keys(rows: Mapping[str, Sequence[Row]], sheets: Iterable[str]) -> dict[str, str]:
    """Return the sheets' own identifiers by their folded form."""
    texts = (
        row.text(_SHEETS[sheet].columns[0].name) for sheet in sheets for row in rows.get(sheet, ())
    )
    return {text.casefold(): text for text in texts if text}


def _is_complete(rows: Mapping[str, Sequence[Row]]) -> bool:
    """Tell whether the outline's sheets are there and no cell is empty that should not be."""
    return all(name in rows or not _SHEETS[name].required for name in _OUTLINE) and all(
        row.values.get(column.name) is not None
        for name in _OUTLINE
        for column in _SHEETS[name].columns
        if column.required
        for row in rows.get(name, ())
    )


def _check_content(rows: Mapping[str, Sequence[Row]]) -> list[Problem]:
    """Report sheets without content, minima above maxima, doubled links."""
    problems = [
        Problem(
            "study.xlsx",
            sheet,
            _NO_ROWS,
            f"at least one row in {sheet}",
            "replace the example row with your own",
        )
        for sheet in ("Domains", "Tasks")
        if sheet in rows and not rows[sheet]
    ]
    for row in rows.get("Domains", ()):
        low, high = row.values.get("minimum_items"), row.values.get("maximum_items")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            problems.append(
                row.problem(
                    "minimum_items",
                    f"at most the maximum of {high}",
                    "lower the minimum or raise the maximum",
                )
            )
    return problems + _check_links(rows.get("Linkage", ()))


def _check_links(links: Sequence[Row]) -> list[Problem]:
    """Report a task and KSA that are linked twice."""
    seen: set[tuple[str, str]] = set()
    problems = []
    for row in links:
        pair = (row.text("task_id").casefold(), row.text("ksa_id").casefold())
        if pair in seen:
            problems.append(row.problem("ksa_id", "each task and KSA once", "remove one row"))
        seen.add(pair)
    return problems


def _check_domain_tree(rows: Mapping[str, Sequence[Row]]) -> list[Problem]:
    """Report domains that are their own ancestors, once for each circle."""
    domains = {row.text("domain_id").casefold(): row for row in rows.get("Domains", ())}
    problems = []
    reported: set[str] = set()
    for name, row in domains.items():
        ancestors = _ancestors(name, domains)
        if name in ancestors and reported.isdisjoint(ancestors):
            reported.update(ancestors)
            wanted = "a domain that is not below this one"
            problems.append(row.problem("parent_id", wanted, "change or remove the parent"))
    return problems


def _ancestors(name: str, domains: Mapping[str, Row]) -> list[str]:
    """Return the domains above one, nearest first; in a circle, each of them once."""
    ancestors: list[str] = []
    while name in domains:
        name = domains[name].text("parent_id").casefold()
        if not name or name in ancestors:
            break
        ancestors.append(name)
    return ancestors


def _given(row: Row) -> dict[str, Any]:
    """Return the values that were filled in."""
    return {name: value for name, value in row.values.items() if value is not None}


def _domain(row: Row, known: Mapping[str, str]) -> Domain:
    """Build a domain."""
    given = _given(row)
    return Domain(**{**given, "parent_id": known.get(row.text("parent_id").casefold(), "")})


def _task(row: Row, known: Mapping[str, str]) -> Task:
    """Build a task; its domain is spelt as on the sheet Domains."""
    return Task(**{**_given(row), "domain_id": known[row.text("domain_id").casefold()]})


def _link(row: Row, known: Mapping[str, str]) -> Link:
    """Build a link."""
    return Link(
        task_id=known[row.text("task_id").casefold()],
        ksa_id=known[row.text("ksa_id").casefold()],
        level=cast(int, row.values["level"]),
    )
