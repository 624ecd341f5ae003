"""What other programs take over from a study: one kind of export, one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rds.documents.assembly import assembly_constraints, assembly_json
from rds.documents.bank_outline import bank_outline, certiverse_topics
from rds.documents.tables import csv_bytes
from rds.errors import InputError, Problem, nearest
from rds.files import write_atomically
from rds.study.guard import lock
from rds.study.run import build_blueprint
from rds.study.study import Study

EXPORT = "export"
"""The folder of a study that exports go to."""


def item_bank_files(study: Study) -> dict[str, bytes]:
    """Return the outline for item banks: in general form, and as Certiverse imports it."""
    blueprint = build_blueprint(study)
    return {
        "outline.csv": csv_bytes(bank_outline(blueprint)),
        "certiverse.csv": csv_bytes(certiverse_topics(blueprint)),
    }


def assembly_files(study: Study) -> dict[str, bytes]:
    """Return the constraints for test assembly, as table and as JSON."""
    blueprint = build_blueprint(study)
    return {
        "constraints.csv": csv_bytes(assembly_constraints(blueprint)),
        "constraints.json": assembly_json(blueprint),
    }


EXPORTS: Mapping[str, Callable[[Study], dict[str, bytes]]] = {
    "item-bank": item_bank_files,
    "assembly": assembly_files,
}
"""What can be exported: the files of each kind, by name."""


def export(study: Study, kind: str, *, to: Path | None = None) -> list[Path]:
    """Write an export of a study.

    Parameters
    ----------
    study
        The study, opened.
    kind
        A key of `EXPORTS`.
    to
        The folder to write to; without it ``export/KIND`` in the study.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        When the kind is unknown, or no blueprint can be built.
    """
    if kind not in EXPORTS:
        close = nearest(kind, EXPORTS)
        mend = f"write “{close}”" if close else "choose one of them"
        wanted = f"one of {', '.join(EXPORTS)}"
        raise InputError([Problem("rds export", "", f"“{kind}”", wanted, mend)])
    files = EXPORTS[kind](study)
    folder = to or study.folder.root / EXPORT / kind
    with lock(study.folder.root):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_atomically(folder / name, content)
    return [folder / name for name in files]
