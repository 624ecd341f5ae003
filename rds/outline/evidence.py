"""What statements rest on: sources, and the themes that coders found in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from rds.outline.outline import Outline
    from rds.sheets import Row

_SOFTWARE = re.compile(
    r"\b(software|language model|chat ?bot|ai|llm|artificial intelligence)\b", re.IGNORECASE
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True)
class Source:
    """Where statements come from."""

    source_id: str
    citation: str
    kind: str = ""

    @property
    def is_software(self) -> bool:
        """Whether the statements were drafted by software.

        Examples
        --------
        >>> Source("S1", "Drafts.", "language model").is_software
        True
        >>> Source("S2", "A plain report.", "report").is_software
        False
        """
        return bool(_SOFTWARE.search(self.kind))


@dataclass(frozen=True)
class Theme:
    """A theme found in a source, the two coders' codes, and the statements it led to."""

    source_id: str
    topic: str = ""
    theme: str = ""
    example: str = ""
    coder_a: str = ""
    coder_b: str = ""
    statement_ids: tuple[str, ...] = ()


def sources_of(rows: Sequence[Row]) -> tuple[Source, ...]:
    """Return the sources of the sheet Sources; rows without identifier are left out."""
    return tuple(
        Source(row.text("source_id"), row.text("citation"), row.text("kind"))
        for row in rows
        if row.text("source_id")
    )


def themes_of(
    rows: Sequence[Row], sources: Sequence[Source], outline: Outline
) -> tuple[Theme, ...]:
    """Return the themes of the sheet Themes.

    Parameters
    ----------
    rows
        Its rows; those that name no source are left out.
    sources, outline
        Identifiers are spelt as in these; unknown statements are left out.
    """
    keys = {source.source_id.casefold(): source.source_id for source in sources}
    names = [task.task_id for task in outline.tasks] + [ksa.ksa_id for ksa in outline.ksas]
    known = {name.casefold(): name for name in names}
    return tuple(
        _theme(row, keys[row.text("source_id").casefold()], known)
        for row in rows
        if row.text("source_id").casefold() in keys
    )


def sources_named(text: str, sources: Sequence[Source]) -> tuple[Source, ...]:
    """Return the sources whose identifiers stand in a cell, what it quotes left out.

    Examples
    --------
    >>> sources = [Source("S1", "A report."), Source("S2", "A code.")]
    >>> [one.source_id for one in sources_named("s1, item 3: “Going over S2”", sources)]
    ['S1']
    """
    words = {word.casefold() for word in _WORD.findall(_QUOTED.sub(" ", text))}
    return tuple(source for source in sources if source.source_id.casefold() in words)


def _theme(row: Row, source_id: str, known: Mapping[str, str]) -> Theme:
    """Build a theme."""
    given: Any = row.values.get("statement_ids")
    names = [name.casefold() for name in cast("tuple[str, ...]", given or ())]
    return Theme(
        source_id,
        row.text("topic"),
        row.text("theme"),
        row.text("example"),
        row.text("coder_a"),
        row.text("coder_b"),
        tuple(dict.fromkeys(known[name] for name in names if name in known)),
    )
