"""What can go wrong, said so that the person who reads it can mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

_LEADING_ZEROS = re.compile(r"0+(?=\d)")

Severity = Literal["error", "advice"]


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is, what was found, what was wanted, and what to do.

    Parameters
    ----------
    file
        Name of the file or folder, as its owner knows it.
    place
        Sheet and cell, column, key or line inside the file; empty for the file as a whole.
    found, wanted, mend
        What stands there, what should, and what to do about it.
    severity
        ``"error"`` stops the work; ``"advice"`` does not.

    Examples
    --------
    >>> print(Problem("study.xlsx", "Tasks!B7", "domain “D9”", "one of D1, D2", "write D1 or D2"))
    study.xlsx, Tasks!B7: found domain “D9”; wanted one of D1, D2. To mend: write D1 or D2.
    """

    file: str
    place: str
    found: str
    wanted: str
    mend: str
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: found {self.found}; wanted {self.wanted}. To mend: {self.mend}."


class RdsError(Exception):
    """The base of every error that rds raises on purpose."""


class InputError(RdsError):
    """What people supplied cannot be used; all problems at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class InfeasibleError(RdsError):
    """A wish that no result can meet, such as minima that exceed the exam length."""


class WithheldError(RdsError):
    """A number that the data are too thin to give; the message says why."""


class FolderError(RdsError):
    """The study folder is not in a state to be written to: edited outputs, open files, copies."""


class RecordError(RdsError):
    """The record of decisions has been altered, cut short or duplicated."""


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that `word` was probably meant to be, or None.

    A candidate that differs only in case and leading zeros comes before any other.

    Examples
    --------
    >>> nearest("Task", ["Tasks", "Domains"])
    'Tasks'
    >>> nearest("hamiltn", ["hamilton", "webster"])
    'hamilton'
    >>> nearest("T1_frequency", ["T21_frequency", "T01_frequency"])
    'T01_frequency'
    >>> nearest("xyz", ["hamilton", "webster"]) is None
    True
    """
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    folded = word.strip().casefold()
    bare = {_LEADING_ZEROS.sub("", name): name for name in by_folded}
    same = bare.get(_LEADING_ZEROS.sub("", folded))
    matches = [same] if same else get_close_matches(folded, by_folded, n=1, cutoff=0.72)
    return by_folded[matches[0]] if matches else None
