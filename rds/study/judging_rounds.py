"""Rounds of judgements: what each asked, of whom, kept beside the forms as issued."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rds.documents.judgement_form import Issued
from rds.errors import InputError, Problem
from rds.files import write_atomically
from rds.outline.judgements import Ask, Judged, ask_from_dict, ask_of
from rds.study.folder import Folder
from rds.study.study import Study

Who = Literal["judgements", "independent"]
"""The panel's rounds, or those of outside reviewers; both the names of their folders."""

ROUND_FILE = "round.json"


@dataclass(frozen=True)
class Round:
    """One round.

    Parameters
    ----------
    who, number
        Whose round, and which.
    ask
        What it asks.
    tasks
        The tasks whose links are asked, by person; everybody who has a form stands there.
    proposals
        What stood in the forms already.
    """

    who: Who
    number: int
    ask: Ask
    tasks: Mapping[str, tuple[str, ...]]
    proposals: Mapping[Judged, str]

    def issued(self, person: str, study_id: str) -> Issued:
        """Return one person's form, as it was issued."""
        return Issued(
            study_id,
            person,
            self.number,
            self.ask,
            self.tasks[person],
            self.proposals,
            review=self.who == "independent",
        )

    def place(self, folder: Folder) -> Path:
        """Return where its forms lie."""
        return folder.forms / f"{self.who}-{self.number}"

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "who": self.who,
            "number": self.number,
            "ask": self.ask.as_dict(),
            "tasks": {person: list(own) for person, own in self.tasks.items()},
            "proposals": [[*place, value] for place, value in self.proposals.items()],
        }


def read_rounds(folder: Folder, who: Who = "judgements") -> tuple[Round, ...]:
    """Return the rounds that were issued, oldest first.

    Raises
    ------
    InputError
        When the file of a round was changed.
    """
    rounds, problems = [], []
    for path in sorted(folder.forms.glob(f"{who}-*/{ROUND_FILE}")):
        try:
            rounds.append(_round(json.loads(path.read_bytes())))
        except (ValueError, KeyError, TypeError):
            place = path.relative_to(folder.root).as_posix()
            wanted, mend = "the round as it was issued", "restore the file from a backup"
            problems.append(Problem(place, "", "a file that was changed", wanted, mend))
    if problems:
        raise InputError(problems)
    return tuple(sorted(rounds, key=lambda one: one.number))


def write_round(folder: Folder, one: Round) -> None:
    """Keep what a round asks."""
    content = json.dumps(one.as_dict(), indent=1, ensure_ascii=False) + "\n"
    write_atomically(one.place(folder) / ROUND_FILE, content.encode())


def asked_now(study: Study, parts: tuple[str, ...] = ()) -> Ask:
    """Return what a panel would be asked about the study as it is."""
    levels = tuple(study.settings.blueprint.cognitive_levels)
    return ask_of(study.outline, study.scales, levels, parts)


def _round(data: Mapping[str, Any]) -> Round:
    """Return what `Round.as_dict` gave as data."""
    tasks = {person: tuple(own) for person, own in data["tasks"].items()}
    proposals = {(part, name, aspect): value for part, name, aspect, value in data["proposals"]}
    return Round(data["who"], data["number"], ask_from_dict(data["ask"]), tasks, proposals)
