"""What has to be said of the answers wherever results stand: how they were read, who counts."""

from __future__ import annotations

from collections.abc import Iterator

from rds.analysis.participation import Participation
from rds.notes import Note
from rds.study.sources import PUBLISHED, Source
from rds.study.study import Study

_COUNTED = {
    "n_unable_to_rate": "answers “unable to rate”, stored as no answer",
    "n_off_total": "respondents whose points do not add up to 100, stored as no answer",
    "n_empty_rows": "empty rows",
    "n_texts_cleaned": "texts from which addresses or telephone numbers were removed",
}


def source_notes(study: Study) -> Iterator[Note]:
    """Yield what was assumed and dropped when files were received, one note each."""
    for source in study.sources:
        if source.nature == PUBLISHED:
            continue
        report = source.report
        said = [*report.get("assumed", ()), *report.get("remarks", ())]
        for text in said:
            reason = str(text).removeprefix("Assumed: ").rstrip(".")
            yield Note("responses", source.name, "", "assumed", reason)
        for reason in _dropped(source):
            yield Note("responses", source.name, "", "dropped", reason)


def _dropped(source: Source) -> Iterator[str]:
    """Yield what of a file was not stored, each kind with its number."""
    report = source.report
    for name, what in _COUNTED.items():
        if report.get(name):
            yield f"{report[name]} {what}"
    for why, count in report.get("left_out", {}).items():
        yield f"{count} rows left out: {why}"
    personal = report.get("personal", ())
    if personal:
        yield f"{len(personal)} columns of personal data, not stored"
    others = [name for name in report.get("dropped", ()) if name not in personal]
    if others:
        yield f"columns not stored: {', '.join(others)}"


def who_counts(study: Study, found: Participation) -> Iterator[str]:
    """Yield a sentence on whom screening left out, and one on survey weights."""
    screening = study.screening
    n, left = len(screening.usable), int((~screening.usable).sum())
    if left:
        yield (
            f"Screening left out {left} of {n} respondents; the table exclusions says why, and "
            "“sensitivity” what the plan would be with them."
        )
    weighting = found.survey_weighting
    if len(weighting):
        row = weighting.iloc[0]
        yield (
            f"Respondents stand for the population by {row['method']}: {row['n']:.0f} answers "
            f"count like {row['n_eff']:.0f} (design effect {row['design_effect']:.2f}). Means, "
            "weights and items follow from it; reliability, agreement and comparisons of groups "
            "count everybody once."
        )
