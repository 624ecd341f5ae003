"""The kinds of forms: what each needs to be written, and who reads it when it comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

from rds.documents.form_book import FORM
from rds.documents.form_reader import form_facts
from rds.errors import InputError, Problem, nearest
from rds.study.study import Study


@dataclass(frozen=True)
class FormWishes:
    """What is asked of a form beside its kind; a kind refuses what it does not know.

    Parameters
    ----------
    platforms
        Where a survey goes to.
    people
        Whom the forms are for; all who are asked for such a form, if none is named.
    round_number
        Of which round they are; 0 for the one that comes next.
    parts
        What a panel is asked to judge.
    prefill
        Whether proposals stand in the form already.
    """

    platforms: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    round_number: int = 0
    parts: tuple[str, ...] = ()
    prefill: bool = False


@dataclass(frozen=True)
class FormsIssued:
    """Forms that were written.

    Parameters
    ----------
    written
        Their files, from the study folder.
    remarks
        What has to be said of them: what to do with them, how long they take.
    file
        What stands for a returned file in the next command.
    """

    written: tuple[Path, ...]
    remarks: tuple[str, ...] = ()
    file: str = "FORM.xlsx"


class FormRead(Protocol):
    """What became of a form that came back."""

    @property
    def next_command(self) -> str:
        """The command to go on with, such as ``"status"``."""
        ...

    def as_lines(self) -> list[str]:
        """Return what happened in plain sentences."""
        ...

    def as_dict(self) -> dict[str, Any]:
        """Return what happened for machines."""
        ...


@dataclass(frozen=True)
class FormKind:
    """One kind of form.

    Parameters
    ----------
    name
        As it is asked for: ``rds form NAME``.
    meaning
        What it is, in a few words.
    issue
        Writes the forms; None where another command writes them.
    wishes
        The fields of `FormWishes` that it knows.
    form
        What its workbooks call themselves on their cover; empty for what is no workbook of ours.
    receive
        Reads one back: study, file, whether nothing is to be stored.
    receive_together
        Reads all that came back at once, where they are seen beside one another.
    recognises
        Tells whether a file is one, where it has no cover.
    tolerates
        Which problems of a study do not stand in its way.
    """

    name: str
    meaning: str
    issue: Callable[[Study, FormWishes], FormsIssued] | None
    wishes: tuple[str, ...] = ()
    form: str = ""
    receive: Callable[[Study, Path, bool], FormRead] | None = None
    receive_together: Callable[[Study, Sequence[Path], bool], FormRead] | None = None
    recognises: Callable[[Path], bool] = lambda path: False
    tolerates: Callable[[Problem], bool] = lambda problem: False


def form_kinds() -> dict[str, FormKind]:
    """Return all kinds of forms by name, in the order of a study."""
    from rds.study.acceptance import PROPOSAL
    from rds.study.codings import CODING
    from rds.study.drafts import DRAFT
    from rds.study.forms import SURVEY
    from rds.study.judging import INDEPENDENT, JUDGE
    from rds.study.meeting import MEETING_FORM
    from rds.study.review import REVIEW

    every = (DRAFT, PROPOSAL, JUDGE, INDEPENDENT, SURVEY, CODING, REVIEW, MEETING_FORM)
    return {kind.name: kind for kind in every}


def issue_forms(study: Study, name: str, wishes: FormWishes) -> FormsIssued:
    """Write the forms of a kind.

    Raises
    ------
    InputError
        When there is no such kind, it does not know a wish, or the study lacks something.
    """
    kinds = form_kinds()
    asked = [kind.name for kind in kinds.values() if kind.issue is not None]
    if name not in asked:
        close = nearest(name, asked)
        mend = f"write “{close}”" if close else "choose one of them"
        raise InputError([Problem("rds form", "", f"“{name}”", f"one of {', '.join(asked)}", mend)])
    kind = kinds[name]
    refuse_unfit(study, kind)
    problems = list(_unknown_wishes(kind, wishes))
    if problems or kind.issue is None:
        raise InputError(problems)
    return kind.issue(study, wishes)


def refuse_unfit(study: Study, kind: FormKind | None) -> None:
    """Refuse a study with problems that stand in the way of a kind of form, or of answers."""
    errors = [problem for problem in study.problems if problem.severity == "error"]
    problems = [one for one in errors if kind is None or not kind.tolerates(one)]
    if problems:
        raise InputError(problems)


def kind_of_file(path: Path) -> FormKind | None:
    """Return the kind of form that a file is; None if it is no form of ours."""
    form = form_facts(path).get(FORM)
    kinds = form_kinds().values()
    known = next((kind for kind in kinds if form and kind.form == form), None)
    return known or next((kind for kind in kinds if kind.recognises(path)), None)


def grouped(files: Sequence[Path]) -> list[tuple[FormKind | None, tuple[Path, ...]]]:
    """Return files with their kinds of form, in order; those read together in one group."""
    groups: list[tuple[FormKind | None, tuple[Path, ...]]] = []
    for path in files:
        kind = kind_of_file(path)
        at = next((i for i, (own, _) in enumerate(groups) if kind is not None and own is kind), -1)
        if kind is not None and kind.receive_together is not None and at >= 0:
            groups[at] = kind, (*groups[at][1], path)
        else:
            groups.append((kind, (path,)))
    return groups


def next_place(folder: Path, name: str) -> Path:
    """Return the folder for the next set of forms of a kind.

    Parameters
    ----------
    folder
        Where forms lie.
    name
        What the sets are called: ``"coding"`` gives ``coding-1``, ``coding-2``, …
    """
    number = 1
    while (place := folder / f"{name}-{number}").exists():
        number += 1
    return place


def _unknown_wishes(kind: FormKind, wishes: FormWishes) -> Iterator[Problem]:
    """Yield a problem for each wish that a kind of form does not know."""
    for one in fields(wishes):
        if getattr(wishes, one.name) and one.name not in kind.wishes:
            wanted = _options(kind.wishes)
            found = f"{OPTIONS[one.name]} for the form {kind.name}"
            yield Problem("rds form", "", found, wanted, "leave it out")


OPTIONS = {
    "platforms": "--to",
    "people": "--for",
    "round_number": "--round",
    "parts": "--part",
    "prefill": "--prefill",
}
"""How wishes are written on the command line."""


def _options(wishes: Sequence[str]) -> str:
    """Return the options that a kind of form takes."""
    return f"{', '.join(OPTIONS[name] for name in wishes)} alone" if wishes else "no options"
