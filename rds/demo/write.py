"""Writes a demonstration study and runs it from end to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from rds.demo import massachusetts
from rds.demo import simulated as simulated_study
from rds.demo.drafting import draft_outline, massachusetts_drafts
from rds.demo.judging import judge_outline
from rds.demo.panels import massachusetts_panel, simulated_panel
from rds.documents.study_workbook import study_workbook
from rds.errors import InputError, Problem
from rds.files import write_atomically
from rds.ratings.ratings import Nature
from rds.study.folder import STUDY_WORKBOOK
from rds.study.read_file import Told
from rds.study.receive import receive
from rds.study.run import Run, run
from rds.study.study import Study

RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""When the demonstration's answers are said to have come, so that its outputs never change."""


def write_demonstration(
    path: Path | str, *, simulated: bool = False, tell: Callable[[str], object] = lambda line: None
) -> Run:
    """Write a demonstration study into a new folder and run it.

    Parameters
    ----------
    path
        A new or empty folder.
    simulated
        The simulated study (two scales, answers with gaps) instead of the Massachusetts one
        (reconstructed from published means).
    tell
        Called with a line about each step.

    Raises
    ------
    InputError
        When the folder is in use.
    """
    return run(Study.open(write_study(path, simulated=simulated, tell=tell)))


def write_study(
    path: Path | str, *, simulated: bool = False, tell: Callable[[str], object] = lambda line: None
) -> Path:
    """Write a demonstration study with all that came in, without running it; return its folder.

    Parameters and errors are those of `write_demonstration`.
    """
    folder = Path(path)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        mend = "name another folder, or delete this one"
        found, wanted = "something there already", "a new or empty folder"
        raise InputError([Problem(str(folder), "", found, wanted, mend)])
    content = simulated_study if simulated else massachusetts
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "README.md", content.readme().encode())
    write_atomically(folder / STUDY_WORKBOOK, _workbook(content.study_rows()))
    tell(f"Wrote {folder / STUDY_WORKBOOK}")
    _hold_phase_one(folder, simulated, tell)
    nature: Nature = "simulated" if simulated else "reconstructed"
    for name, answers in content.responses().items():
        _receive(folder, name, answers, nature)
        tell(f"Received {len(answers)} {nature} respondents: {name}")
    return folder


def _hold_phase_one(folder: Path, simulated: bool, tell: Callable[[str], object]) -> None:
    """Let a simulated panel draft and judge."""
    if not simulated:
        made = massachusetts_drafts()
        counts = draft_outline(folder, made).counts
        listed = ", ".join(f"{n} {decision}" for decision, n in counts.items())
        tell(f"Received {len(made.authors)} simulated drafts; decided: {listed}")
    n = judge_outline(folder, simulated_panel() if simulated else massachusetts_panel())
    tell(f"Stored the judgements of {n} simulated members of the panel")


def _workbook(rows: Mapping[str, Sequence[Mapping[str, object]]]) -> bytes:
    """Return study.xlsx with the demonstration's rows."""
    settings = {str(row["setting"]): row["value"] for row in rows["Settings"]}
    others = {name: sheet for name, sheet in rows.items() if name != "Settings"}
    opened: Any = settings.get("study.opened")
    day = opened if isinstance(opened, date) else date.fromisoformat(str(opened))
    return study_workbook(others, settings=settings, date=day)


def _receive(folder: Path, name: str, answers: pd.DataFrame, nature: Nature) -> None:
    """Receive a frame of answers through the same door as any file."""
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / f"{name}.csv"
        answers.to_csv(path, index=False, lineterminator="\n")
        group = "" if "group" in answers else name
        receive(
            Study.open(folder), path, name=name, now=RECEIVED, told=Told(group=group, nature=nature)
        )
