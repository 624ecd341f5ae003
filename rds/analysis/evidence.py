"""What statements rest on, and what rests on sources and themes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from rds.analysis.two_coders import FEWEST_CODED, TWO_CODERS, two_coder_agreement
from rds.errors import Problem, WithheldError
from rds.notes import Note
from rds.outline.evidence import Source, Theme, sources_named
from rds.outline.outline import KSA, Outline, Task
from rds.sheets import Row

EVIDENCE = (
    "statement_id", "kind", "source_ids", "in_words", "n_themes", "by_software", "accepted_by",
    "finding",
)  # fmt: skip
SOURCES = ("source_id", "kind", "citation", "by_software", "n_statements", "n_themes", "finding")
THEMES = (
    "source_id", "topic", "theme", "example", "coder_a", "coder_b", "agreed", "n_statements",
    "statement_ids",
)  # fmt: skip

NOTHING = "no source and no theme"
WORDS_ONLY = "a source in words, none of the sheet Sources"
SOFTWARE_ONLY = "a draft by software and nothing else"
UNUSED = "nothing rests on it"


def evidence_table(
    outline: Outline, sources: Sequence[Source], themes: Sequence[Theme]
) -> pd.DataFrame:
    """Return what every active statement rests on.

    Parameters
    ----------
    outline
        The outline; a statement's own source names keys of `sources`, or says in words.
    sources, themes
        What the sheets Sources and Themes hold.

    Returns
    -------
    DataFrame
        Columns `EVIDENCE`, in outline order: ``in_words`` (bool) where the source names no key;
        ``n_themes`` themes that led to the statement; ``by_software`` (bool) where a source is
        software; ``finding`` is empty where there is evidence. Empty without sources.

    Examples
    --------
    >>> from rds.outline.outline import Domain
    >>> tasks = (Task("T1", "D1", "Listen.", source="S1"), Task("T2", "D1", "Write."))
    >>> outline = Outline((Domain("D1", "Support"),), tasks)
    >>> evidence_table(outline, [Source("S1", "A report.")], [])["finding"].tolist()
    ['', 'no source and no theme']
    """
    if not sources:
        return pd.DataFrame(columns=list(EVIDENCE))
    kinds = outline.statement_kinds
    rows = []
    statements: list[Task | KSA] = [*outline.active_tasks, *outline.active_ksas]
    for one in statements:
        name = _name(one)
        found = sources_named(one.source, sources)
        own = [theme for theme in themes if name in theme.statement_ids]
        in_words = bool(one.source) and not found
        by_software = any(source.is_software for source in found)
        finding = _finding(found, in_words, bool(own))
        keys = ", ".join(source.source_id for source in found)
        rows.append(
            (name, kinds[name], keys, in_words, len(own), by_software, one.accepted_by, finding)
        )
    return pd.DataFrame(rows, columns=list(EVIDENCE))


def sources_table(
    sources: Sequence[Source], themes: Sequence[Theme], evidence: pd.DataFrame
) -> pd.DataFrame:
    """Return the sources, and how many statements and themes rest on each.

    Parameters
    ----------
    sources, themes
        What the sheets Sources and Themes hold.
    evidence
        As `evidence_table` returns it.

    Returns
    -------
    DataFrame
        Columns `SOURCES`: ``n_statements`` name the source themselves, ``n_themes`` come from it;
        ``finding`` says where nothing rests on it: no statement, and no theme that led to one.
    """
    named = evidence["source_ids"].str.split(", ").explode().value_counts()
    rows = []
    for source in sources:
        own = [theme for theme in themes if theme.source_id == source.source_id]
        n = int(named.get(source.source_id, 0))
        used = n or any(theme.statement_ids for theme in own)
        rows.append(
            (
                source.source_id,
                source.kind,
                source.citation,
                source.is_software,
                n,
                len(own),
                "" if used else UNUSED,
            )
        )
    return pd.DataFrame(rows, columns=list(SOURCES))


def themes_table(themes: Sequence[Theme]) -> pd.DataFrame:
    """Return the themes, whether the two coders agree, and the statements each led to.

    Returns
    -------
    DataFrame
        Columns `THEMES`: ``agreed`` (bool) is empty where one of the coders gave no code.
    """
    rows = [
        (
            one.source_id,
            one.topic,
            one.theme,
            one.example,
            one.coder_a,
            one.coder_b,
            _folded(one.coder_a) == _folded(one.coder_b) if one.coder_a and one.coder_b else None,
            len(one.statement_ids),
            ", ".join(one.statement_ids),
        )
        for one in themes
    ]
    return pd.DataFrame(rows, columns=list(THEMES))


def theme_agreement(
    themes: Sequence[Theme], *, confidence: float = 0.95
) -> tuple[pd.DataFrame, list[Note]]:
    """Return how far the two coders of themes agree, and what was withheld.

    Capitals make no difference to a code.

    Parameters
    ----------
    themes
        The themes with both coders' codes.
    confidence
        Confidence of the intervals.

    Returns
    -------
    table, notes
        Columns `TWO_CODERS`; empty without themes that both coded.
    """
    if not themes:
        return pd.DataFrame(columns=list(TWO_CODERS)), []
    first = [_folded(theme.coder_a) for theme in themes]
    second = [_folded(theme.coder_b) for theme in themes]
    try:
        table = two_coder_agreement(first, second, confidence=confidence)
    except WithheldError as error:
        note = Note("theme_agreement", "", "value", "withheld", str(error))
        return pd.DataFrame(columns=list(TWO_CODERS)), [note]
    return table, list(_withheld(table))


def software_notes(evidence: pd.DataFrame) -> Iterator[Note]:
    """Yield a note for each statement that software drafted, with the role that accepted it."""
    for row in evidence[evidence["by_software"].astype(bool)].itertuples():
        reason = f"drafted by software ({row.source_ids}), accepted by: {row.accepted_by}"
        yield Note("evidence", str(row.statement_id), "by_software", "assumed", reason)


def software_problems(
    rows: Mapping[str, Sequence[Row]], sources: Sequence[Source]
) -> list[Problem]:
    """Return a problem for each active statement by software that no role has accepted.

    Parameters
    ----------
    rows
        Rows of the sheets Tasks and KSAs.
    sources
        The sources.
    """
    return [
        row.problem(
            "accepted_by",
            "the role that accepted a statement drafted by software",
            f"name the role that accepted {row.text(key)}, or make its status “proposed”",
        )
        for sheet, key in (("Tasks", "task_id"), ("KSAs", "ksa_id"))
        for row in rows.get(sheet, ())
        if row.text("status") in ("", "active")
        and not row.text("accepted_by")
        and any(source.is_software for source in sources_named(row.text("source"), sources))
    ]


def _name(statement: Task | KSA) -> str:
    """Return a statement's identifier."""
    return statement.task_id if isinstance(statement, Task) else statement.ksa_id


def _finding(found: Sequence[Source], in_words: bool, themes: bool) -> str:
    """Say what is missing behind a statement, if anything."""
    if themes or any(not source.is_software for source in found):
        return ""
    if found:
        return SOFTWARE_ONLY
    return WORDS_ONLY if in_words else NOTHING


def _withheld(table: pd.DataFrame) -> Iterator[Note]:
    """Say why coefficients are not given."""
    n = int(table["n_coded"].iloc[0])
    for name in table.loc[table["value"].isna(), "coefficient"]:
        reason = (
            f"{n} themes coded by both; fewer than {FEWEST_CODED} give a percentage only"
            if n < FEWEST_CODED
            else "both coders gave every theme the same code"
        )
        yield Note("theme_agreement", str(name), "value", "withheld", reason)


def _folded(code: str) -> str:
    """Return a code without regard to capitals and spaces."""
    return " ".join(code.casefold().split())
