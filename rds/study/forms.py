"""The survey forms of a study: issued once, kept as issued, known again when answers return."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rds.errors import FolderError, InputError, Problem
from rds.files import sha256_of_file, write_atomically
from rds.study.folder import Folder
from rds.study.form_kinds import FormKind, FormsIssued, FormWishes
from rds.study.guard import lock
from rds.study.study import Study
from rds.survey.asked import asked_by
from rds.survey.build_instrument import build_instrument, form_letters
from rds.survey.instrument import Instrument
from rds.survey.manifest import manifest_json, read_manifest
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.registry import find_platform, platforms

REHEARSED = "rehearsed.json"
"""Where it is noted that a preview answer of the survey was read back."""


@dataclass(frozen=True)
class Issued:
    """A survey that was issued.

    Parameters
    ----------
    version
        Its number.
    instruments
        Its instrument, or one for each split form.
    written
        The files written, from the study folder.
    """

    version: int
    instruments: tuple[Instrument, ...]
    written: tuple[Path, ...]


def survey_instruments(study: Study, *, version: int = 1) -> tuple[Instrument, ...]:
    """Return the survey as it would be issued now, one instrument for each split form.

    Raises
    ------
    InputError
        With all that has to be mended before it may go out.
    """
    built = [
        build_instrument(
            study.outline, study.scales, study.settings, study.rows, version=version, form=form
        )
        for form in form_letters(study.settings)
    ]
    problems = [problem for _, found in built for problem in found]
    if not any(question.purpose == "rating" for one, _ in built for question in one.questions):
        mend = "fill in Tasks and Scales"
        problems.append(Problem("study.xlsx", "", "nothing to rate", "tasks and scales", mend))
    if problems:
        raise InputError(dict.fromkeys(problems))
    return tuple(instrument for instrument, _ in built)


def proposed_instrument(study: Study) -> Instrument:
    """Return the survey with every statement, whatever is still missing of its words."""
    instrument, _ = build_instrument(study.outline, study.scales, study.settings, study.rows)
    return instrument


def issued_paths(folder: Folder) -> list[Path]:
    """Return the files that say what the surveys asked."""
    return sorted(folder.forms.glob("survey-*/instrument*.json"))


def issued_instruments(folder: Folder) -> tuple[Instrument, ...]:
    """Return the surveys that were issued, newest first.

    Raises
    ------
    InputError
        When a stored instrument was changed.
    """
    problems, instruments = [], []
    for path in issued_paths(folder):
        try:
            instruments.append(read_manifest(path.read_bytes()))
        except ValueError as error:
            place = path.relative_to(folder.root).as_posix()
            mend = "restore the file from a backup"
            problems.append(Problem(place, "", str(error), "the instrument as issued", mend))
    if problems:
        raise InputError(problems)
    return tuple(sorted(instruments, key=lambda one: (-one.version, one.form)))


def issue_survey(study: Study, platform: Platform) -> Issued:
    """Write the files of the survey for a platform.

    A survey whose words or questions changed since the last one gets the next number; what was
    issued before stays as it is.

    Raises
    ------
    InputError
        When the survey lacks something, or the platform takes no files.
    FolderError
        When a file that was issued before was changed since.
    """
    if platform.write is None:
        writers = ", ".join(one.name for one in platforms() if one.write is not None)
        mend = "choose one of them; “excel” can be filled in and sent back, “word” be printed"
        raise InputError(
            [Problem("--to", "", f"{platform.title} takes no files", f"one of {writers}", mend)]
        )
    known = issued_instruments(study.folder)
    latest = max((one.version for one in known), default=0)
    same = survey_instruments(study, version=latest)
    before = [one for one in known if one.version == latest]
    version = latest if latest and _equal(same, before) else latest + 1
    instruments = survey_instruments(study, version=version)
    root = study.folder.forms / f"survey-{version}"
    files = {}
    if version > latest:
        for one in instruments:
            manifest = manifest_json(one, column_names(one))
            files[root / f"instrument{_suffix(one)}.json"] = manifest
    for one in instruments:
        for name, content in platform.write(one).items():
            files[root / platform.name / name] = content
    with lock(study.folder.root):
        _refuse_changed(study.folder, files, again=version == latest)
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
    return Issued(
        version, instruments, tuple(path.relative_to(study.folder.root) for path in files)
    )


def _equal(ours: Sequence[Instrument], others: Sequence[Instrument]) -> bool:
    """Tell whether two surveys have the same forms."""
    texts = {manifest_json(one) for one in ours}
    return texts == {manifest_json(one) for one in others}


def _suffix(instrument: Instrument) -> str:
    """Return what sets the files of a split form apart."""
    return f"-{instrument.form.lower()}" if instrument.form else ""


def _refuse_changed(folder: Folder, files: Mapping[Path, bytes], *, again: bool) -> None:
    """Refuse to write over an issued file that somebody changed."""
    changed = [
        path for path in files if again and path.exists() and path.read_bytes() != files[path]
    ]
    if changed:
        names = ", ".join(path.relative_to(folder.root).as_posix() for path in changed)
        raise FolderError(
            f"These issued files were changed, or made by another version of rds: {names}. Move "
            "them away to have them written again."
        )


def column_names(instrument: Instrument) -> dict[str, object]:
    """Return what every platform calls each answer of an instrument."""
    asked = asked_by(instrument)
    several = {one.question for one in asked if one.joined}
    return {
        one.meaning: {
            platform.name: platform.column_name(one.question, one.row, one.position, one.option)
            for platform in platforms()
            if platform.column_name is not None
        }
        for one in asked
        if not one.option or one.question in several
    }


def note_rehearsal(folder: Folder, instrument: Instrument, file: Path) -> None:
    """Note that a preview answer of a survey was read back."""
    path = folder.forms / f"survey-{instrument.version}" / REHEARSED
    noted = json.loads(path.read_bytes()) if path.exists() else {}
    noted[instrument.form] = {"file": file.name, "sha256": sha256_of_file(file)}
    write_atomically(path, (json.dumps(noted, indent=1, sort_keys=True) + "\n").encode())


def unrehearsed(folder: Folder) -> tuple[str, ...]:
    """Return the names of the newest survey's forms of which no preview answer was read back."""
    known = issued_instruments(folder)
    newest = [one for one in known if one.version == known[0].version]
    path = folder.forms / f"survey-{newest[0].version}" / REHEARSED if newest else None
    noted = json.loads(path.read_bytes()) if path is not None and path.exists() else {}
    return tuple(one.name for one in newest if one.form not in noted)


def _issue(study: Study, wishes: FormWishes) -> FormsIssued:
    """Write the survey for every platform asked for."""
    from rds.study.revisions import advice_before_fielding

    if not wishes.platforms:
        names = ", ".join(one.name for one in platforms() if one.write is not None)
        wanted = "the platform that the survey goes to"
        raise InputError([Problem("--to", "", "nothing", wanted, f"choose of {names}")])
    wanted_platforms = [find_platform(name) for name in wishes.platforms]
    written = [path for one in wanted_platforms for path in issue_survey(study, one).written]
    remark = "Answer the survey once yourself on the platform and export that one answer. Then:"
    return FormsIssued(
        tuple(dict.fromkeys(written)), (*advice_before_fielding(study), remark), "EXPORT --dry-run"
    )


SURVEY = FormKind(
    "survey", "the survey for the platform that the board uses", _issue, wishes=("platforms",)
)
