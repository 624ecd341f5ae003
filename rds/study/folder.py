"""Where things lie in a study folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rds.errors import InputError, Problem
from rds.study.guard import conflict_copies

STUDY_WORKBOOK = "study.xlsx"
STUDY_TEXT = "study.toml"


@dataclass(frozen=True)
class Folder:
    """The places of a study folder."""

    root: Path

    @property
    def workbook(self) -> Path:
        """What staff and panel decide."""
        return self.root / STUDY_WORKBOOK

    @property
    def text(self) -> Path:
        """Settings, scales and population as text, for those who prefer it."""
        return self.root / STUDY_TEXT

    @property
    def record(self) -> Path:
        """The decisions."""
        return self.root / "record.jsonl"

    @property
    def forms(self) -> Path:
        """Forms as issued."""
        return self.root / "forms"

    @property
    def responses(self) -> Path:
        """Pseudonymous answers."""
        return self.root / "responses"

    @property
    def ingest(self) -> Path:
        """What was received, when, and how it was read."""
        return self.responses / "ingest.toml"

    @property
    def received(self) -> Path:
        """What came back, as it came."""
        return self.root / "received"

    @property
    def previous(self) -> Path:
        """The blueprint that this study replaces."""
        return self.root / "previous"

    @property
    def out(self) -> Path:
        """Everything that follows from the rest."""
        return self.root / "out"


def study_folder(path: Path | str) -> Folder:
    """Return the study folder at `path`.

    Raises
    ------
    InputError
        When there is no folder, or it holds no study.
    """
    root = Path(path)
    if not root.is_dir():
        found = "a file" if root.exists() else "no such folder"
        raise InputError([_problem(root, found, "check the name, or run: rds new FOLDER")])
    folder = Folder(root)
    if not folder.workbook.is_file():
        found = f"no {STUDY_WORKBOOK} in it"
        raise InputError([_problem(root, found, "name the folder that holds study.xlsx, or run: "
                                   "rds new FOLDER")])  # fmt: skip
    return folder


def copy_problems(folder: Folder) -> list[Problem]:
    """Return a problem for each conflicting copy that a synchronising program left."""
    return [
        Problem(
            copy.name,
            "",
            "a second copy made by a synchronised folder",
            "one file only",
            "compare the two, keep the right one under the plain name, and move the other away",
        )
        for copy in conflict_copies(folder.root)
    ]


def _problem(root: Path, found: str, mend: str) -> Problem:
    """Return the problem that a path is no study folder."""
    return Problem(root.name or str(root), "", found, "a study folder", mend)
