"""What other programs take over from a study: one kind of export, one function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from rds.blueprint.plan import Blueprint
from rds.documents.assembly import assembly_constraints, assembly_json
from rds.documents.bank_outline import bank_outline, certiverse_topics
from rds.documents.tables import csv_bytes
from rds.errors import InputError, Problem, nearest
from rds.files import write_atomically
from rds.study.building import build_blueprints
from rds.study.credentials import folder_of
from rds.study.evidence import export_evidence
from rds.study.export_data import export_data
from rds.study.guard import lock
from rds.study.study import Study

EXPORT = "export"
"""The folder of a study that exports go to."""


Export = Callable[[Study, Path | None, Sequence[str]], Sequence[Path]]
"""Takes study, folder to write to and formats; returns the files written."""


def item_bank_files(study: Study) -> dict[str, bytes]:
    """Return the outline for item banks: in general form, and as Certiverse imports it."""
    return {
        f"{folder}{name}": content
        for folder, blueprint in _blueprints(study)
        for name, content in (
            ("outline.csv", csv_bytes(bank_outline(blueprint))),
            ("certiverse.csv", csv_bytes(certiverse_topics(blueprint))),
        )
    }


def assembly_files(study: Study) -> dict[str, bytes]:
    """Return the constraints for test assembly, as table and as JSON."""
    return {
        f"{folder}{name}": content
        for folder, blueprint in _blueprints(study)
        for name, content in (
            ("constraints.csv", csv_bytes(assembly_constraints(blueprint))),
            ("constraints.json", assembly_json(blueprint)),
        )
    }


def _blueprints(study: Study) -> Iterator[tuple[str, Blueprint]]:
    """Yield every credential's blueprint with its folder; that of the first is no folder."""
    for place, (name, blueprint) in enumerate(build_blueprints(study).items()):
        yield (f"{folder_of(name)}/" if place else ""), blueprint


def _written(make: Callable[[Study], dict[str, bytes]], kind: str) -> Export:
    """Return what writes the files of a kind, which has but one format, to a folder of its own."""

    def write(study: Study, to: Path | None, formats: Sequence[str]) -> Sequence[Path]:
        if formats:
            found, mend = f"--format {', '.join(formats)}", "leave it out"
            raise InputError([Problem("rds export", kind, found, "no format", mend)])
        files = make(study)
        folder = to or study.folder.root / EXPORT / kind
        with lock(study.folder.root):
            for name, content in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                write_atomically(folder / name, content)
        return [folder / name for name in files]

    return write


def _data(study: Study, to: Path | None, formats: Sequence[str]) -> Sequence[Path]:
    """Write the pseudonymous data with its codebook."""
    return export_data(study, to, formats=formats or ("csv",))


EXPORTS: Mapping[str, Export] = {
    "data": _data,
    "item-bank": _written(item_bank_files, "item-bank"),
    "assembly": _written(assembly_files, "assembly"),
    "evidence": export_evidence,
}
"""What can be exported: what writes each kind, by name."""


def export(
    study: Study,
    kind: str,
    *,
    to: Path | None = None,
    formats: Sequence[str] = (),
    with_inputs: bool = False,
) -> Sequence[Path]:
    """Write an export of a study.

    Parameters
    ----------
    study
        The study, opened.
    kind
        A key of `EXPORTS`.
    to
        The folder to write to; without it ``export/KIND`` in the study, for data ``export``.
    formats
        Formats of a kind that has several.
    with_inputs
        Of the evidence: whether to add the inputs, answers included, which makes it restricted.

    Returns
    -------
    sequence of Path
        The files written.

    Raises
    ------
    InputError
        When the kind or format is unknown, or the study cannot give it yet.
    """
    if kind not in EXPORTS:
        close = nearest(kind, EXPORTS)
        mend = f"write “{close}”" if close else "choose one of them"
        wanted = f"one of {', '.join(EXPORTS)}"
        raise InputError([Problem("rds export", "", f"“{kind}”", wanted, mend)])
    if with_inputs and kind != "evidence":
        mend = "leave it out, or export the evidence"
        raise InputError([Problem("rds export", kind, "--with-inputs", "no inputs", mend)])
    if with_inputs:
        return export_evidence(study, to, formats, with_inputs=True)
    return EXPORTS[kind](study, to, formats)


def folder_and_kind(first: str, second: str) -> tuple[Path, str]:
    """Return the folder and the kind, in whichever order they were given.

    Examples
    --------
    >>> folder_and_kind("a-study", "assembly") == folder_and_kind("assembly", "a-study")
    True
    """
    turned = first in EXPORTS and second not in EXPORTS
    return (Path(second), first) if turned else (Path(first), second)
