"""Rules for an outline as a whole, and for each of its statements: advice, nothing more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rds.outline.near_duplicates import alike_pairs
from rds.outline.outline import KSA, Outline, Task
from rds.outline.reading_level import reading_grade
from rds.outline.statement_rules import (
    Finding,
    abbreviations_in,
    formless,
    has_form,
    jargon_in,
    ksa_findings,
    task_findings,
)
from rds.outline.verbs import VerbForm, verb_form
from rds.outline.words import split_words

FEWEST_TASKS = 2
"""Tasks that a domain should have at least."""

_CLEAR_MAJORITY = 0.8
_FEWEST_FOR_FORM = 5
_IN_PARENTHESES = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class DomainSize:
    """How much a domain holds: tasks, active or proposed, KSAs they need, and the school grade."""

    domain_id: str
    n_tasks: int
    n_ksas: int
    n_words: int
    reading_grade: float | None


def outline_findings(
    outline: Outline,
    *,
    jargon: Mapping[str, str] | None = None,
    abbreviations: Iterable[str] = (),
    english: bool = True,
) -> tuple[Finding, ...]:
    """Return what the rules find in an outline's statements, active or proposed, in outline order.

    Parameters
    ----------
    jargon
        Words or phrases the study avoids, with what to write instead (empty if not said).
    abbreviations
        Abbreviations that every respondent knows.
    english
        Whether the statements are in English. If not, only what does not depend on the language is
        looked at: orphans and the sizes of domains.

    Examples
    --------
    >>> from rds.outline.outline import Domain
    >>> outline = Outline(
    ...     domains=(Domain("D1", "Support"),),
    ...     tasks=(Task("T1", "D1", "Lead groups."), Task("T2", "D1", "Know the law.")),
    ... )
    >>> [(one.subject, one.rule) for one in outline_findings(outline)]
    [('T2', 'observable')]
    """
    outline = _with_proposed(outline)
    found = [*_orphans(outline), *_sizes(outline)]
    if english:
        explained = {*abbreviations, *_explained(outline)}
        found += _of_tasks(outline.active_tasks)
        found += _of_ksas(outline.active_ksas)
        found += _of_wording(outline.statements, jargon or {}, explained)
        found += _duplicates(outline)
    order = {name: place for place, name in enumerate(_order(outline))}
    return tuple(sorted(found, key=lambda one: order.get(one.subject, len(order))))


def domain_sizes(outline: Outline, *, english: bool = True) -> tuple[DomainSize, ...]:
    """Return how much each domain holds, subdomains by themselves.

    Examples
    --------
    >>> from rds.outline.outline import Domain
    >>> outline = Outline((Domain("D1", "Support"),), (Task("T1", "D1", "Lead groups."),))
    >>> domain_sizes(outline)[0].n_tasks
    1
    """
    whole = _with_proposed(outline)
    return tuple(_size(whole, domain.domain_id, english) for domain in outline.domains)


def _with_proposed(outline: Outline) -> Outline:
    """Return an outline in which what is proposed counts as what is active."""
    tasks = (replace(t, status="active") if t.status == "proposed" else t for t in outline.tasks)
    ksas = (replace(k, status="active") if k.status == "proposed" else k for k in outline.ksas)
    return replace(outline, tasks=tuple(tasks), ksas=tuple(ksas))


def _size(outline: Outline, name: str, english: bool) -> DomainSize:
    """Return how much one domain holds."""
    tasks = [task for task in outline.active_tasks if task.domain_id == name]
    own, known = {task.task_id for task in tasks}, {ksa.ksa_id for ksa in outline.active_ksas}
    texts = [task.statement for task in tasks]
    return DomainSize(
        name,
        n_tasks=len(tasks),
        n_ksas=len({link.ksa_id for link in outline.links if link.task_id in own} & known),
        n_words=sum(len(text.split()) for text in texts),
        reading_grade=reading_grade(texts) if english else None,
    )


def _order(outline: Outline) -> Iterator[str]:
    """Yield everything that findings are about, in outline order."""
    for domain in outline.domains:
        yield domain.domain_id
        yield from (t.task_id for t in outline.active_tasks if t.domain_id == domain.domain_id)
    yield from (ksa.ksa_id for ksa in outline.active_ksas)


def _of_tasks(tasks: tuple[Task, ...]) -> Iterator[Finding]:
    """Yield what the rules for tasks find, and tasks that begin unlike most others."""
    for task in tasks:
        yield from task_findings(task.task_id, task.statement)
    forms = {task.task_id: _form(task.statement) for task in tasks}
    counts = Counter(form for form in forms.values() if form)
    most, n_most = next(iter(counts.most_common(1)), ("", 0))
    if counts.total() < _FEWEST_FOR_FORM or n_most < _CLEAR_MAJORITY * counts.total():
        return
    example = next(task.statement for task in tasks if forms[task.task_id] == most).split()[0]
    for task in tasks:
        if forms[task.task_id] not in (None, most):
            found = f"“{task.statement.split()[0]}”, where most tasks begin as in “{example}”"
            yield Finding(task.task_id, "parallel", found, "begin it in the same form")


def _form(statement: str) -> VerbForm | None:
    """Return the form of the verb with which a task begins, if it is known."""
    return verb_form(next(iter(split_words(statement)), ""))


def _of_ksas(ksas: tuple[KSA, ...]) -> Iterator[Finding]:
    """Yield what the rules for KSAs find; where hardly any has its form, that is said once."""
    without = [ksa for ksa in ksas if not has_form(ksa.kind, ksa.statement)]
    is_style = len(without) > len(ksas) / 2 and len(without) >= _FEWEST_FOR_FORM
    for ksa in ksas:
        found = list(ksa_findings(ksa.ksa_id, ksa.kind, ksa.statement))
        yield from found
        if ksa in without and not is_style and not any(f.rule == "ksa-form" for f in found):
            yield formless(ksa.ksa_id, ksa.kind, ksa.statement)
    if is_style:
        wanted = "begin each with “Knowledge of …”, “Skill in …” or “Ability to …”"
        yield Finding("KSAs", "ksa-form", f"{len(without)} of {len(ksas)} without it", wanted)


def _of_wording(
    statements: Mapping[str, str], jargon: Mapping[str, str], explained: set[str]
) -> Iterator[Finding]:
    """Yield abbreviations that nothing explains, at their first place, and jargon."""
    known = set(explained)
    for name, text in statements.items():
        new = [one for one in abbreviations_in(text) if one not in known]
        known |= set(new)
        if new:
            found = ", ".join(f"“{one}”" for one in new)
            mend = "write it out once, as in “wellness recovery action plan (WRAP)”, or list it in "
            yield Finding(name, "abbreviation", found, f"{mend}outline.abbreviations")
        said = jargon_in(text, jargon)
        if said:
            yield Finding(name, "jargon", *said)


def _explained(outline: Outline) -> Iterator[str]:
    """Yield abbreviations that stand beside their words somewhere in the outline."""
    texts = [*outline.statements.values()]
    texts += [f"{domain.title}. {domain.description}" for domain in outline.domains]
    for text in texts:
        for match in _IN_PARENTHESES.finditer(text):
            inside = match[1].strip()
            # “words (WRAP)”, or “WRAP (words)”.
            yield from abbreviations_in(f"x {inside}")
            before = text[: match.start()].split()
            if before and len(inside.split()) > 1:
                yield from abbreviations_in(f"x {before[-1]}")


def _orphans(outline: Outline) -> Iterator[Finding]:
    """Yield domains without tasks, and where there is linkage, tasks and KSAs without links."""
    used = {task.domain_id for task in outline.active_tasks}
    parents = {domain.parent_id for domain in outline.domains}
    for domain in outline.domains:
        if domain.domain_id not in used | parents:
            found, mend = "no task", "add its tasks, or remove the domain"
            yield Finding(domain.domain_id, "domain-without-tasks", found, mend)
    tasks = {task.task_id for task in outline.active_tasks}
    ksas = {ksa.ksa_id for ksa in outline.active_ksas}
    links = [link for link in outline.links if link.task_id in tasks and link.ksa_id in ksas]
    if not links:
        return
    for name in ksas - {link.ksa_id for link in links}:
        mend = "link it on the sheet Linkage, or drop it"
        yield Finding(name, "ksa-without-task", "no task that needs it", mend)
    for name in tasks - {link.task_id for link in links}:
        mend = "link what it needs on the sheet Linkage, or add it"
        yield Finding(name, "task-without-ksa", "no KSA that it needs", mend)


def _sizes(outline: Outline) -> Iterator[Finding]:
    """Yield domains with too few tasks to weigh."""
    counts = Counter(task.domain_id for task in outline.active_tasks)
    for name, count in counts.items():
        if count < FEWEST_TASKS:
            mend = "join it with another domain, or look for tasks that are missing"
            yield Finding(name, "few-tasks", "one task", mend)


def _duplicates(outline: Outline) -> Iterator[Finding]:
    """Yield statements that say nearly what an earlier one says, tasks and KSAs by themselves."""
    domains = outline.task_domains
    tasks = {task.task_id: task.statement for task in outline.active_tasks}
    ksas = {ksa.ksa_id: ksa.statement for ksa in outline.active_ksas}
    for pair in (*alike_pairs(tasks), *alike_pairs(ksas)):
        place = f" in {domains[pair.first]}" if pair.first in domains else ""
        alike = f"{pair.similarity:.0%} like" if pair.kind == "near" else "exactly"
        found = f"{alike} {pair.first}{place} ({pair.reason})"
        yield Finding(pair.second, "near-duplicate", found, "keep one, or say how they differ")
