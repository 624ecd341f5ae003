"""Writes a study's pseudonymous data for other programs, with a codebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rds.documents.data_export import codebook_workbook, data_csv, data_sav, study_data
from rds.errors import InputError, Problem
from rds.files import write_atomically
from rds.study.study import Study
from rds.study.versions import as_of

DATA_FORMATS = ("csv", "spss")


def export_data(
    study: Study, folder: Path | None = None, *, formats: Sequence[str] = ("csv",)
) -> tuple[Path, ...]:
    """Write the answers of everybody, pseudonymous and without free texts, and a codebook.

    Parameters
    ----------
    study
        The study, opened.
    folder
        Where to; without it ``export/`` in the study folder. What rds wrote there is replaced.
    formats
        Some of `DATA_FORMATS`; SPSS needs pyreadstat, which the extra ``spss`` brings.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    InputError
        For an unknown format; when no answers were received, everybody would be excluded, or
        pyreadstat is missing.
    """
    unknown = [name for name in formats if name not in DATA_FORMATS]
    if unknown:
        found, wanted = f"“{unknown[0]}”", f"one of {', '.join(DATA_FORMATS)}"
        raise InputError([Problem("--format", "", found, wanted, "write “csv” or “spss”")])
    rows = study.rows.get("Demographics", ())
    titles = {domain.domain_id: domain.title for domain in study.outline.domains}
    data = study_data(
        study.ratings,
        study.screening,
        statements={**titles, **study.outline.statements},
        questions={row.text("question_id"): row.text("question") for row in rows},
        kinds={row.text("question_id"): row.text("kind") for row in rows},
    )
    about, day = study.settings.study, as_of(study)
    files = {
        "codebook.xlsx": codebook_workbook(data, study_id=about.id, title=about.title, date=day)
    }
    if "csv" in formats:
        files["data.csv"] = data_csv(data)
    if "spss" in formats:
        files["data.sav"] = data_sav(data, title=about.title or about.id, date=day)
    target = folder or study.folder.root / "export"
    target.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_atomically(target / name, content)
    return tuple(target / name for name in files)
