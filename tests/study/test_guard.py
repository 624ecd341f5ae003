"""One command at a time, no copies made behind our back, no file pulled from under a program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rds.errors import FolderError
from rds.study import guard
from rds.study.guard import conflict_copies, lock, open_elsewhere

# The lock


def test_a_second_command_is_told_that_the_first_is_working(tmp_path):
    message = "Another rds command is working in this folder"
    with lock(tmp_path), pytest.raises(FolderError, match=message), lock(tmp_path, timeout=0):
        pass


def test_another_process_is_kept_out(tmp_path):
    program = (
        "import pathlib, sys\n"
        "from rds.errors import FolderError\n"
        "from rds.study.guard import lock\n"
        "try:\n"
        "    with lock(pathlib.Path(sys.argv[1]), timeout=0): print('in')\n"
        "except FolderError: print('out')"
    )

    def attempt():
        arguments = [sys.executable, "-c", program, str(tmp_path)]
        ended = subprocess.run(arguments, capture_output=True, text=True, check=True)
        return ended.stdout.strip()

    with lock(tmp_path):
        assert attempt() == "out"
    assert attempt() == "in"


def test_the_lock_is_free_again_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), lock(tmp_path):
        raise ZeroDivisionError
    with lock(tmp_path, timeout=0):
        pass


def test_two_studies_do_not_wait_for_each_other(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    with lock(one), lock(two, timeout=0):
        assert (one / ".rds.lock").exists()


def test_a_missing_folder_is_named_and_not_made(tmp_path):
    with pytest.raises(FolderError, match="There is no folder"), lock(tmp_path / "missing"):
        pass
    assert not (tmp_path / "missing").exists()


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    def refuse(self, **_):
        raise PermissionError("read-only")

    monkeypatch.setattr(guard.FileLock, "acquire", refuse)
    with pytest.raises(FolderError, match="cannot be written to"), lock(tmp_path):
        pass


# Copies made by synchronised folders

COPIES = [
    "record (conflicted copy 2026-01-02).jsonl",  # Dropbox
    "record (Jane's conflicted copy 2026-01-02).jsonl",
    "record (Jane's conflicted copy 2026-01-02 (1)).jsonl",
    "study (In Konflikt stehende Kopie von PC 2026-01-02).xlsx",
    "study (Copie en conflit de PC 2026-01-02).xlsx",
    "study (Case Conflict).xlsx",
    "record (conflicted copy 2026-01-02 101112).jsonl",  # Nextcloud
    "study_conflict-20260102-101112.xlsx",  # ownCloud
    "record-DESKTOP-1AB2C3D.jsonl",  # OneDrive
    "record-Janes-MacBook-Pro.jsonl",
    "record-laptop7-2.jsonl",
    "study-DESKTOP-1AB2C3D.xlsx",
    "study-OFFICEPC.toml",
    "responses/ingest-DESKTOP-1AB2C3D.toml",
    "study (1).xlsx",  # Google Drive
    "record(2).jsonl",
    "record.sync-conflict-20260102-101112-ABCDEF7.jsonl",  # Syncthing
    "responses/ingest.sync-conflict-20260102-101112-ABCDEF7.toml",
    "study 2.xlsx",  # iCloud
    "study 2.toml",
]

OTHERS = [
    "record.jsonl",
    "study.xlsx",
    "study.toml",
    "responses/ingest.toml",
    "record.torn-1.txt",
    "study-proposed.xlsx",
    "study-proposed (1).xlsx",
    "study-2026.xlsx",
    "study-old.toml",
    "study 2026.xlsx",
    "study notes.xlsx",
    "~$study.xlsx",
    "study.xlsx.bak",
    "studys (1).xlsx",
    "my study (1).xlsx",
    "responses/limesurvey (1).csv",
    "ingest (1).toml",
    "documents/study (1).xlsx",
]


def make(folder: Path, names):
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.touch()


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_made_by_a_synchronised_folder_is_found(tmp_path, name):
    make(tmp_path, [*OTHERS, name])
    assert conflict_copies(tmp_path) == [tmp_path / name]


def test_unrelated_files_are_no_copies(tmp_path):
    make(tmp_path, OTHERS)
    assert conflict_copies(tmp_path) == []


def test_all_copies_are_found_once_and_sorted(tmp_path):
    make(tmp_path, COPIES)
    assert conflict_copies(tmp_path) == sorted(tmp_path / name for name in COPIES)


def test_an_empty_folder_has_no_copies(tmp_path):
    assert conflict_copies(tmp_path) == []


# Files open in another program


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("blueprint.xlsx", "~$blueprint.xlsx"),
        ("blueprint.xlsx", ".~lock.blueprint.xlsx#"),
        ("ties.csv", ".~lock.ties.csv#"),
        # Word: up to six letters stay, of seven one gives way, of eight and more two.
        ("report.docx", "~$report.docx"),
        ("reports.docx", "~$eports.docx"),
        ("evidence.docx", "~$idence.docx"),
    ],
)
def test_owner_files_of_office_programs_are_noticed(tmp_path, name, mark):
    make(tmp_path, [name])
    assert not open_elsewhere(tmp_path / name)
    make(tmp_path, [mark])
    assert open_elsewhere(tmp_path / name)


def test_owner_files_of_other_files_do_not_count(tmp_path):
    make(tmp_path, ["a.xlsx", "~$b.xlsx", ".~lock.b.xlsx#", "~$ueprint.xlsx"])
    assert not open_elsewhere(tmp_path / "a.xlsx")
    assert not open_elsewhere(tmp_path / "blueprint.xlsx")


def test_a_missing_file_is_not_open(tmp_path, monkeypatch):
    monkeypatch.setattr(guard, "_ON_WINDOWS", True)
    assert not open_elsewhere(tmp_path / "missing.xlsx")


def test_on_windows_a_file_that_refuses_to_be_written_is_open(tmp_path, monkeypatch):
    path = tmp_path / "ties.csv"
    path.write_bytes(b"kept")
    monkeypatch.setattr(guard, "_ON_WINDOWS", True)
    assert not open_elsewhere(path)
    assert path.read_bytes() == b"kept"

    def refuse(self, mode):
        raise PermissionError(f"in use, not to be opened as {mode}")

    monkeypatch.setattr(Path, "open", refuse)
    assert open_elsewhere(path)
    monkeypatch.setattr(guard, "_ON_WINDOWS", False)
    assert not open_elsewhere(path)
