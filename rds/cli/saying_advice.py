"""How advice on statements is printed: grouped by rule, waived findings last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rds.cli.saying import quoted

if TYPE_CHECKING:
    from rds.study.advice import Advice, StudyAdvice


def say_advice(given: StudyAdvice, folder: Path) -> None:
    """Print the size of the outline, then advice with its cells, and how to waive it."""
    for line in (*_size_lines(given), *_advice_lines(given, folder)):
        print(line)


def _size_lines(given: StudyAdvice) -> Iterator[str]:
    """Yield a line about each domain and one about the survey."""
    for size in given.domains:
        grade = size.reading_grade
        level = "" if grade is None else f", reading level grade {max(grade, 0):.0f}"
        ksas = f", {_count(size.n_ksas, 'KSA')} linked" if size.n_ksas else ""
        yield f"{size.domain_id}: {_count(size.n_tasks, 'task')}{ksas}{level}"
    if given.minutes is not None:
        yield f"Survey: about {max(given.minutes, 1):.0f} minutes"
    if given.remark:
        yield f"Advice: {given.remark}"


def _count(number: int, what: str) -> str:
    """Return a number of things in words."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _advice_lines(given: StudyAdvice, folder: Path) -> Iterator[str]:
    """Yield advice grouped by rule, and what was waived."""
    if not given.advice:
        return
    waived = [one for one in given.advice if one.waived]
    count = f"{len(given.open)} open, {len(waived)} waived"
    yield f"\nAdvice on statements, which binds nobody: {count}"
    by_rule = sorted(given.open, key=lambda one: one.finding.rule)
    for rule, own in groupby(by_rule, key=lambda one: one.finding.rule):
        yield from _rule_lines(rule, list(own))
    for one in waived:
        yield f"  waived: {one.subject}: found {one.finding.found} ({one.waived})"
    if given.open:
        command = f"rds decide {quoted(folder)} {given.open[0].subject} waive"
        yield f"To waive advice: {command} --role 'panel chair' --reason '…'"


def _rule_lines(rule: str, own: Sequence[Advice]) -> Iterator[str]:
    """Yield the advice of one rule."""
    yield f"  {rule} ({len(own)}): {own[0].finding.why}"
    for one in own:
        finding = one.finding
        yield f"    {one.place} ({finding.subject}): found {finding.found}; {finding.suggestion}"
