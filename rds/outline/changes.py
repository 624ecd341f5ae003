"""What changed from one outline to another: statements by their words, links, requirements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rds.outline.matching import Match, Matches, match_statements, matches_of, normal
from rds.outline.outline import KSA, Domain, Outline, Task
from rds.outline.requirements import Requirement
from rds.outline.word_changes import word_changes

Unit = Literal["domain", "task", "KSA", "link", "requirement"]
ChangeKind = Literal[
    "added",
    "removed",
    "reworded",
    "merged",
    "split",
    "renumbered",
    "moved",
    "status changed",
    "level changed",
    "changed",
    "reordered",
]

OUTLINE_CHANGES = (
    "unit", "change", "field", "old_ids", "new_ids", "before", "after", "words", "warning",
)  # fmt: skip
REWORDING: tuple[ChangeKind, ...] = ("reworded", "merged", "split")
"""The changes after which ratings are of other words."""

_SHARED = 0.5
"""Share of all their tasks that two domains have in common from which they are the same."""

_DOMAIN_FIELDS = (
    "description", "panel_percent", "fixed_percent", "minimum_items", "maximum_items",
)  # fmt: skip
_TASK_FIELDS = ("assessed_by", "cognitive_level", "parts", "credentials")
_BETWEEN = " / "

Statement = Domain | Task | KSA


@dataclass(frozen=True)
class Change:
    """One change of an outline.

    Parameters
    ----------
    unit, kind
        What changed, and how.
    old_ids, new_ids
        Its identifiers before and after; a link has those of its task and its KSA.
    before, after
        What stood there, and what stands there now; texts of several statements divided by “/”.
    field
        Of the kind ``"changed"``: the column.
    warning
        What to beware of.
    """

    unit: Unit
    kind: ChangeKind
    old_ids: tuple[str, ...]
    new_ids: tuple[str, ...]
    before: str = ""
    after: str = ""
    field: str = ""
    warning: str = ""

    @property
    def words(self) -> str:
        """The change word by word, where words changed."""
        is_text = self.kind in REWORDING or self.field == "description"
        return word_changes(self.before, self.after) if is_text else ""

    @property
    def subject(self) -> str:
        """The identifiers in words: old and new where they differ."""
        between = "–" if self.unit == "link" else ", "
        old, new = between.join(self.old_ids), between.join(self.new_ids)
        if self.kind in ("merged", "split"):
            return f"{old} → {new}"
        return new if old in ("", new) else old if not new else f"{new} (was {old})"

    def as_row(self) -> tuple[str, ...]:
        """Return the change as a row of the table `OUTLINE_CHANGES`."""
        ids = ", ".join(self.old_ids), ", ".join(self.new_ids)
        head = (self.unit, self.kind, self.field, *ids)
        return (*head, self.before, self.after, self.words, self.warning)

    def __str__(self) -> str:
        what = f"{self.field} changed" if self.kind == "changed" else self.kind
        text = self.words or _BETWEEN.join(filter(None, (self.before, self.after)))
        if not self.words and self.before and self.after:
            text = f"{self.before} → {self.after}"
        said = f"{self.unit} {self.subject} {what}"
        said += f": {text}" if text and self.kind != "renumbered" else ""
        return f"{said}. Beware: {self.warning}" if self.warning else said


def compare_outlines(
    old: Outline,
    new: Outline,
    *,
    old_requirements: Sequence[Requirement] = (),
    new_requirements: Sequence[Requirement] = (),
) -> tuple[Change, ...]:
    """Return every change from an old outline to a new one.

    Statements are matched by their words, never by identifier alone: an identifier that stands for
    an entirely different text is a removed and an added statement, with a warning, and the same
    text under another identifier is the same statement, renumbered. Domains are matched by their
    titles, and those left over by their tasks, of which more than half must be the same. Sources,
    notes, and who accepted a statement are no part of what is compared; nor is the order of links.
    Links and requirements follow their statements: what went with a statement is not said again.

    Parameters
    ----------
    old, new
        The outlines.
    old_requirements, new_requirements
        What candidates must bring.

    Returns
    -------
    tuple of Change
        Domains first, then tasks, KSAs, links and requirements.

    Examples
    --------
    >>> domains = (Domain("D1", "Support"), Domain("D2", "Law"))
    >>> old = Outline(domains, (Task("T1", "D1", "Help people set goals."),))
    >>> new = Outline(domains, (Task("T1", "D2", "Help persons set goals."),))
    >>> for change in compare_outlines(old, new):
    ...     print(change)
    task T1 reworded: Help ~~people~~ → __persons__ set goals.
    task T1 moved: D1 → D2
    """
    tasks = match_statements(_texts(old.tasks), _texts(new.tasks))
    ksas = match_statements(_texts(old.ksas), _texts(new.ksas))
    domains = _match_domains(old, new, tasks)
    return (
        *_statement_changes("domain", old.domains, new.domains, domains),
        *_domain_changes(old, new, domains),
        *_statement_changes("task", old.tasks, new.tasks, tasks),
        *_task_changes(old, new, tasks, domains),
        *_statement_changes("KSA", old.ksas, new.ksas, ksas),
        *_ksa_changes(old, new, ksas),
        *_link_changes(old, new, tasks, ksas),
        *_requirement_changes(old_requirements, new_requirements, tasks),
    )


def _text(statement: Statement | Requirement) -> str:
    """Return a domain's title, or the words of a statement."""
    return statement.title if isinstance(statement, Domain) else statement.statement


def _name(statement: Statement | Requirement) -> str:
    """Return the identifier."""
    match statement:
        case Domain():
            return statement.domain_id
        case Task():
            return statement.task_id
        case KSA():
            return statement.ksa_id
        case _:
            return statement.requirement_id


def _texts(statements: Sequence[Statement | Requirement]) -> dict[str, str]:
    """Return the words by identifier."""
    return {_name(statement): _text(statement) for statement in statements}


def _match_domains(old: Outline, new: Outline, tasks: Matches) -> Matches:
    """Match domains by their titles, and those left over by their tasks."""
    titles = _texts(old.domains), _texts(new.domains)
    found = match_statements(*titles)
    pairs = [(one, other) for match in found.found for one in match.old for other in match.new]
    before = {name: {t.task_id for t in old.tasks if t.domain_id == name} for name in found.removed}
    after = {name: {t.task_id for t in new.tasks if t.domain_id == name} for name in found.added}
    for one, own in before.items():
        kept = {tasks.singles.get(task, "") for task in own} - {""}
        for other, theirs in after.items():
            if len(kept & theirs) > _SHARED * (len(own) + len(theirs) - len(kept & theirs)):
                pairs.append((one, other))
    return matches_of(pairs, *titles)


def _statement_changes(
    unit: Unit,
    old: Sequence[Statement | Requirement],
    new: Sequence[Statement | Requirement],
    matches: Matches,
) -> Iterator[Change]:
    """Yield what became of the words: added, removed, reworded, merged, split, renumbered."""
    before, after = _texts(old), _texts(new)
    reused = _reused(matches, before, after)
    changes = [
        Change(unit, "removed", (name,), (), before=before[name]) for name in matches.removed
    ]
    changes += _matched_changes(unit, matches.found, before, after)
    changes += [Change(unit, "added", (), (name,), after=after[name]) for name in matches.added]
    for change in changes:
        names = [name for name in (*change.old_ids, *change.new_ids) if name in reused]
        warning = "; ".join(reused[name] for name in sorted({*names}))
        yield replace(change, warning=warning)


def _matched_changes(
    unit: Unit, matches: Sequence[Match], before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Change]:
    """Yield what became of the words of statements that are there before and after."""
    for match in matches:
        texts = (
            _BETWEEN.join(normal(before[name]) for name in match.old),
            _BETWEEN.join(normal(after[name]) for name in match.new),
        )
        kind: ChangeKind = "merged" if len(match.old) > 1 else "split"
        if match.is_single and texts[0] == texts[1]:
            if match.old != match.new:
                yield Change(unit, "renumbered", match.old, match.new, *texts)
            continue
        yield Change(unit, "reworded" if match.is_single else kind, match.old, match.new, *texts)


def _reused(
    matches: Matches, before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, str]:
    """Return a warning for each identifier that stands for another statement than before."""
    became = matches.became
    return {
        name: f"{name} was reused: it stands for different statements before and after"
        for name in before
        if name in after and name not in became.get(name, ())
    }


def _domain_changes(old: Outline, new: Outline, domains: Matches) -> Iterator[Change]:
    """Yield domains that lie elsewhere in the tree, or whose columns changed, and their order."""
    before = {domain.domain_id: domain for domain in old.domains}
    after = {domain.domain_id: domain for domain in new.domains}
    for one, other in domains.singles.items():
        parents = before[one].parent_id, after[other].parent_id
        if not _same_place(*parents, domains):
            yield Change("domain", "moved", (one,), (other,), *parents)
        yield from _fields("domain", _DOMAIN_FIELDS, before[one], after[other])
    yield from _order("domain", list(domains.singles.items()), list(before), list(after))


def _same_place(old: str, new: str, domains: Matches) -> bool:
    """Tell whether a domain is what became of another; none is what becomes of none."""
    return new in domains.became.get(old, ()) if old and new else old == new


def _task_changes(old: Outline, new: Outline, tasks: Matches, domains: Matches) -> Iterator[Change]:
    """Yield tasks of other domains, of another status or other columns, and their order."""
    before = {task.task_id: task for task in old.tasks}
    after = {task.task_id: task for task in new.tasks}
    staying: dict[str, list[tuple[str, str]]] = {}
    for one, other in tasks.singles.items():
        places = before[one].domain_id, after[other].domain_id
        if _same_place(*places, domains):
            staying.setdefault(" → ".join(places), []).append((one, other))
        else:
            yield Change("task", "moved", (one,), (other,), *places)
        yield from _status("task", before[one], after[other])
        yield from _fields("task", _TASK_FIELDS, before[one], after[other])
    for pairs in staying.values():
        yield from _order("task", pairs, list(before), list(after))


def _ksa_changes(old: Outline, new: Outline, ksas: Matches) -> Iterator[Change]:
    """Yield KSAs of another status or kind, and their order."""
    before = {ksa.ksa_id: ksa for ksa in old.ksas}
    after = {ksa.ksa_id: ksa for ksa in new.ksas}
    for one, other in ksas.singles.items():
        yield from _status("KSA", before[one], after[other])
        yield from _fields("KSA", ("kind",), before[one], after[other])
    yield from _order("KSA", list(ksas.singles.items()), list(before), list(after))


def _status(unit: Unit, old: Task | KSA, new: Task | KSA) -> Iterator[Change]:
    """Yield a change of status."""
    if old.status != new.status:
        yield Change(unit, "status changed", (_name(old),), (_name(new),), old.status, new.status)


def _fields(
    unit: Unit, fields: Sequence[str], old: Statement | Requirement, new: Statement | Requirement
) -> Iterator[Change]:
    """Yield columns in which a statement differs."""
    for field in fields:
        values = _said(getattr(old, field)), _said(getattr(new, field))
        if values[0] != values[1]:
            yield Change(unit, "changed", (_name(old),), (_name(new),), *values, field=field)


def _said(value: object) -> str:
    """Return a value as text; what stands in any order in one order."""
    if isinstance(value, tuple):
        return ", ".join(sorted(map(str, value)))
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)


def _order(
    unit: Unit, pairs: Sequence[tuple[str, str]], old: Sequence[str], new: Sequence[str]
) -> Iterator[Change]:
    """Yield one change where statements that are there before and after stand in another order."""
    before = sorted(pairs, key=lambda pair: old.index(pair[0]))
    after = sorted(pairs, key=lambda pair: new.index(pair[1]))
    if before != after:
        olds = tuple(one for one, _ in before)
        news = tuple(other for _, other in after)
        yield Change(unit, "reordered", olds, news, ", ".join(olds), ", ".join(news))


def _link_changes(old: Outline, new: Outline, tasks: Matches, ksas: Matches) -> Iterator[Change]:
    """Yield links added, removed and of another level, between statements that are still there."""
    before = {(link.task_id, link.ksa_id): link.level for link in old.links}
    after = {(link.task_id, link.ksa_id): link.level for link in new.links}
    kept: set[tuple[str, str]] = set()
    for (task, ksa), level in before.items():
        places = [(t, k) for t in tasks.became.get(task, ()) for k in ksas.became.get(ksa, ())]
        there = [place for place in places if place in after]
        kept.update(there)
        if places and not there:
            yield Change("link", "removed", (task, ksa), (), before=str(level))
        elif task in tasks.singles and ksa in ksas.singles and after[there[0]] != level:
            levels = str(level), str(after[there[0]])
            yield Change("link", "level changed", (task, ksa), there[0], *levels)
    matched = {name for match in (*tasks.found, *ksas.found) for name in match.new}
    for (task, ksa), level in after.items():
        if (task, ksa) not in kept and {task, ksa} <= matched:
            yield Change("link", "added", (), (task, ksa), after=str(level))


def _requirement_changes(
    old: Sequence[Requirement], new: Sequence[Requirement], tasks: Matches
) -> Iterator[Change]:
    """Yield what became of requirements, and of the tasks they are tied to."""
    matches = match_statements(_texts(old), _texts(new))
    yield from _statement_changes("requirement", old, new, matches)
    before = {own.requirement_id: own for own in old}
    after = {own.requirement_id: own for own in new}
    for one, other in matches.singles.items():
        yield from _fields("requirement", ("kind",), before[one], after[other])
        yield from _ties(before[one], after[other], tasks)
    yield from _order("requirement", list(matches.singles.items()), list(before), list(after))


def _ties(old: Requirement, new: Requirement, tasks: Matches) -> Iterator[Change]:
    """Yield a change of the tasks that a requirement is tied to; removed tasks do not count."""
    became = tasks.became
    kept = [became[task] for task in old.task_ids if task in became]
    known = {name for match in tasks.found for name in match.new}
    theirs = {task for task in new.task_ids if task in known}
    expected = {name for names in kept for name in names}
    if not (theirs <= expected and all(theirs & set(names) for names in kept)):
        values = _said(old.task_ids), _said(new.task_ids)
        names = (old.requirement_id,), (new.requirement_id,)
        yield Change("requirement", "changed", *names, *values, field="task_ids")
