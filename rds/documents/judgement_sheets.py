"""The sheets on which an SME judges: one for each part, the links in as many as can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from rds.columns import Column, Sheet
from rds.documents.form_book import FormSheet
from rds.outline.judgements import LINK_LEVELS, NO_DOMAIN, RELEVANCE_POINTS, Ask, Judged
from rds.outline.judging_work import shuffled
from rds.scales import Scale

SORTING, RELEVANCE, LEVELS, LINKS, PERCENTS, RATINGS, PROPOSALS, FINDINGS = (
    "Sorting",
    "Relevance",
    "Cognitive levels",
    "Links",
    "Domain percents",
    "Ratings",
    "Proposals",
    "Findings",
)
"""The sheets; the links go on over Links 1, Links 2, …, the ratings over Ratings of tasks, …"""

TASKS_PER_SHEET = 6
"""Tasks across on one sheet of links, so that their statements can be read in print."""

_BLANK_FINDINGS = 25
_STATEMENT_WIDTH = 60
_COMMENT = Column("comment", "What you want to say of it.", width=34)


def judgement_sheets(
    ask: Ask,
    *,
    tasks: Sequence[str],
    seed: str,
    proposals: Mapping[Judged, str] | None = None,
    findings: bool = False,
) -> list[FormSheet]:
    """Return the sheets of one person's form.

    Parameters
    ----------
    ask
        What is asked.
    tasks
        The tasks whose links are asked of this person.
    seed
        What decides the order of the tasks that are sorted; another for each person.
    proposals
        What stands there already, to be confirmed or changed, by place of the judgement.
    findings
        Whether there is a sheet for findings.
    """
    known = proposals or {}
    sheets = [sheet for part in ask.parts for sheet in _of_part(part, ask, tasks, seed, known)]
    if known:
        sheets.append(_proposals_sheet(ask, known))
    if findings:
        sheets.append(_findings_sheet())
    return sheets


def link_sheets(tasks: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the sheets of links with the tasks that stand on each, about as many on all.

    Examples
    --------
    >>> [name for name, _ in link_sheets([f"T{k}" for k in range(8)])]
    ['Links 1', 'Links 2']
    """
    n = -(-len(tasks) // TASKS_PER_SHEET)
    ends = [round(len(tasks) * k / n) for k in range(n + 1)] if n else []
    return [
        (f"{LINKS} {k}", tuple(tasks[first:last]))
        for k, (first, last) in enumerate(pairwise(ends), start=1)
    ]


def rating_sheets(ask: Ask) -> dict[str, tuple[dict[str, str], tuple[Scale, ...]]]:
    """Return the sheets of ratings: what is rated, by identifier, and on which scales."""
    groups = {"tasks": ask.tasks, "KSAs": ask.ksas, "domains": ask.domains}
    scales = {kind: tuple(s for s in ask.scales if kind in s.applies_to) for kind in groups}
    return {
        f"{RATINGS} of {kind}": (dict(groups[kind]), own) for kind, own in scales.items() if own
    }


def _of_part(
    part: str, ask: Ask, tasks: Sequence[str], seed: str, known: Mapping[Judged, str]
) -> Iterator[FormSheet]:
    """Yield the sheets of a part."""
    if part == "sorting":
        yield _sorting_sheet(ask, seed)
    elif part == "relevance":
        yield _relevance_sheet(ask)
    elif part == "levels":
        yield _levels_sheet(ask, known)
    elif part == "links":
        own = [name for name in ask.tasks if name in tasks]
        yield from (_links_sheet(name, part, ask, known) for name, part in link_sheets(own))
    elif part == "percents":
        yield _percents_sheet(ask, known)
    else:
        for name, (rated, scales) in rating_sheets(ask).items():
            yield _ratings_sheet(name, rated, scales)


def _key(name: str) -> Column:
    """Return the column of identifiers."""
    return Column(name, "Its identifier; do not change it.", needed=True, width=9)


def _statement(width: int = _STATEMENT_WIDTH) -> Column:
    """Return the column of statements."""
    return Column("statement", "The statement.", width=width)


def _sorting_sheet(ask: Ask, seed: str) -> FormSheet:
    """Ask into which domain each task belongs, without showing where it stands."""
    choices = (*ask.domains, NO_DOMAIN)
    chosen = Column(
        "domain_id", "The domain it belongs to.", needed=True, choices=choices, width=50
    )
    purpose = "In which domain does each task belong? In an order of its own."
    columns = (_key("task_id"), _statement(), chosen, _COMMENT)
    titles = [f"{name}  {title}" for name, title in ask.domains.items()]
    return FormSheet(
        Sheet(SORTING, purpose, columns),
        [{"task_id": n, "statement": ask.tasks[n]} for n in shuffled(list(ask.tasks), seed)],
        inputs=("domain_id", "comment"),
        headings={"domain_id": "\n".join([*titles, f"{NO_DOMAIN}  fits no domain"])},
    )


def _relevance_sheet(ask: Ask) -> FormSheet:
    """Ask how relevant each statement is."""
    chosen = Column(
        "relevance",
        "How relevant it is for the role.",
        kind="whole",
        needed=True,
        choices=tuple(map(str, RELEVANCE_POINTS)),
        width=24,
    )
    kind = Column("kind", "What it is.", width=11)
    columns = (_key("statement_id"), kind, _statement(), chosen, _COMMENT)
    return FormSheet(
        Sheet(RELEVANCE, "How relevant is each statement for the role?", columns),
        [
            {"statement_id": name, "kind": ask.kinds.get(name, "task"), "statement": text}
            for name, text in ask.statements("relevance").items()
        ],
        inputs=("relevance", "comment"),
        headings={"relevance": _points(RELEVANCE_POINTS)},
    )


def _levels_sheet(ask: Ask, known: Mapping[Judged, str]) -> FormSheet:
    """Ask which cognitive level an exam item on each task calls for."""
    meaning = "The level that an exam item on it calls for."
    chosen = Column("level", meaning, needed=True, choices=ask.levels, width=20)
    columns = (_key("task_id"), _statement(), chosen, _COMMENT)
    return FormSheet(
        Sheet(LEVELS, "Which level does an exam item on each task call for?", columns),
        [
            {"task_id": n, "statement": text, "level": known.get(("levels", n, ""))}
            for n, text in ask.tasks.items()
        ],
        inputs=("level", "comment"),
        headings={"level": "\n".join(ask.levels)},
        proposed=True,
    )


def _links_sheet(
    name: str, tasks: Sequence[str], ask: Ask, known: Mapping[Judged, str]
) -> FormSheet:
    """Ask which KSAs some tasks need: KSAs down, tasks across, all statements in sight."""
    meaning = "How much the task needs the KSA: " + ", ".join(
        f"{level} {word}" for level, word in LINK_LEVELS.items()
    )
    levels = tuple(map(str, LINK_LEVELS))
    across = [Column(t, meaning, "whole", needed=True, choices=levels, width=17) for t in tasks]
    columns = (_key("ksa_id"), Column("kind", "What it is.", width=11), _statement(46), *across)
    purpose = f"Which KSAs do the tasks {tasks[0]} to {tasks[-1]} need, and how much?"
    return FormSheet(
        Sheet(name, purpose, columns),
        [
            {"ksa_id": ksa, "kind": ask.kinds[ksa], "statement": text}
            | {task: _whole(known.get(("links", task, ksa), "")) for task in tasks}
            for ksa, text in ask.ksas.items()
        ],
        inputs=tuple(tasks),
        headings={"statement": _points(LINK_LEVELS)} | {task: ask.tasks[task] for task in tasks},
        proposed=True,
    )


def _percents_sheet(ask: Ask, known: Mapping[Judged, str]) -> FormSheet:
    """Ask how much of the exam each domain should be."""
    percent = Column("percent", "Its percentage of the exam.", "percent", needed=True, width=16)
    title = Column("title", "Its name.", width=_STATEMENT_WIDTH)
    columns = (_key("domain_id"), title, percent, _COMMENT)
    given = {name: known.get(("percents", name, "")) for name in ask.domains}
    return FormSheet(
        Sheet(PERCENTS, "What percentage of the exam should each domain be?", columns),
        [
            {"domain_id": name, "title": text, "percent": _number(given[name])}
            for name, text in ask.domains.items()
        ],
        inputs=("percent", "comment"),
        headings={"percent": "all together 100"},
        sums=("percent",),
        proposed=True,
    )


def _ratings_sheet(name: str, rated: Mapping[str, str], scales: Sequence[Scale]) -> FormSheet:
    """Ask for ratings on the survey's own scales."""
    columns = [
        Column(
            scale.name,
            "Points, all together 100." if scale.is_allocation else scale.question,
            kind="whole",
            needed=True,
            choices=() if scale.is_allocation else tuple(str(p.value) for p in scale.points),
            width=34,
        )
        for scale in scales
    ]
    headings = {scale.name: _heading(scale) for scale in scales}
    sheet_columns = (_key("statement_id"), _statement(), *columns)
    return FormSheet(
        Sheet(name, "The questions of the survey, answered for your own practice.", sheet_columns),
        [{"statement_id": own, "statement": text} for own, text in rated.items()],
        inputs=tuple(scale.name for scale in scales),
        headings=headings,
        sums=tuple(scale.name for scale in scales if scale.is_allocation),
    )


def _proposals_sheet(ask: Ask, known: Mapping[Judged, str]) -> FormSheet:
    """Ask whether the proposals that stand in a part were gone through."""
    proposed = {part for part, _, _ in known}
    meaning = "yes when you went through all of them; otherwise only what you changed counts."
    confirmed = Column("gone_through", meaning, "yes/no", needed=True, choices=("yes", "no"))
    columns = (_key("part"), Column("what", "What it is.", width=_STATEMENT_WIDTH), confirmed)
    words = {
        "levels": f"the levels in italics on the sheet {LEVELS}",
        "links": f"the levels in italics on the sheets {LINKS} 1, {LINKS} 2, …",
        "percents": f"the percentages in italics on the sheet {PERCENTS}",
    }
    return FormSheet(
        Sheet(PROPOSALS, "Proposals that stand in this form: did you go through them?", columns),
        [{"part": part, "what": words[part]} for part in ask.parts if part in proposed],
        inputs=("gone_through",),
    )


def _findings_sheet() -> FormSheet:
    """Leave room for what a reviewer finds."""
    columns = (
        Column("statement_id", "The statement it is about, if it is about one.", width=14),
        Column("finding", "What you found.", needed=True, width=70),
        Column("suggestion", "What you suggest.", width=60),
    )
    return FormSheet(
        Sheet(FINDINGS, "What is missing, wrong, doubled, or not clear, in your words.", columns),
        inputs=tuple(column.name for column in columns),
        blank_rows=_BLANK_FINDINGS,
    )


def _heading(scale: Scale) -> str:
    """Return a scale's question and points."""
    if scale.is_allocation:
        return f"{scale.question}\nPoints, all together 100"
    return f"{scale.question}\n" + _points({point.value: point.label for point in scale.points})


def _points(labels: Mapping[int, str]) -> str:
    """Return points with their words, one a line."""
    return "\n".join(f"{value}  {label}" for value, label in labels.items())


def _whole(text: str) -> int | None:
    """Return a proposed level."""
    return int(text) if text else None


def _number(text: str | None) -> float | None:
    """Return a proposed percentage."""
    return float(text) if text else None
