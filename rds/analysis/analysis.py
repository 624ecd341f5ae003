"""What the field says, in one result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from rds.analysis.coverage import COVERAGE, coverage_table
from rds.analysis.descriptives import (
    BASES,
    DISTRIBUTIONS,
    Group,
    distributions,
    groups_of,
    statement_ratings,
)
from rds.analysis.published_tables import (
    published_notes,
    published_ratings,
    published_respondents,
)
from rds.analysis.retention import RETENTION, Decision, retention_table
from rds.notes import Note, NoteKind
from rds.outline.outline import Outline
from rds.ratings.published import Published
from rds.ratings.ratings import Base, Ratings
from rds.ratings.screening import Screening
from rds.scales import named_scale
from rds.settings import Settings
from rds.show import Shown, View

_UNSCREENED = (
    Note(
        "exclusions",
        "",
        "",
        "assumed",
        "every respondent with ratings counts: no screening rule was applied",
    ),
)

MOST_RESAMPLES = 500
"""Resamples for the interval of one coefficient of reliability, at most."""


@dataclass(frozen=True, eq=False, repr=False)
class Analysis(Shown):
    """The analysis of a study's ratings.

    Parameters
    ----------
    statement_ratings
        One row per statement, scale, base and group: counts of the five kinds of answer, mean,
        spread, interval, median, percent performing (columns: `STATEMENT_RATINGS`).
    distributions
        One row per statement, scale, group and point (columns: `DISTRIBUTIONS`).
    reliability
        Coefficients by domain and overall (columns: `RELIABILITY`).
    retention
        Per task each rule's verdict, the declared one, and whether it is retained (columns:
        `rds.analysis.retention.RETENTION`); empty where the rules could not be applied.
    respondents
        Number of respondents by group and wave: ``group``, ``wave``, ``nature``, ``n``.
    notes
        What was withheld, assumed or simulated.
    coverage
        How well the statements cover the work, as respondents see it (columns: `COVERAGE`).
    screening
        Who was screened by which rules, and left out; None where nobody was screened.
    """

    statement_ratings: pd.DataFrame
    distributions: pd.DataFrame
    reliability: pd.DataFrame
    retention: pd.DataFrame
    respondents: pd.DataFrame
    notes: tuple[Note, ...]
    coverage: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(COVERAGE)))
    screening: Screening | None = None

    def view(self) -> View:
        """Return the mean ratings of every statement, by scale and group."""
        columns = ["statement_id", "domain_id", "scale", "base", "group", "n", "mean", "sd"]
        columns += ["ci_low", "ci_high", "percent_performing"]
        table = self.statement_ratings[columns]
        withheld = sum(note.kind == "withheld" for note in self.notes)
        notes = (f"{withheld} notes say what was withheld and why.",) if withheld else ()
        return View("Mean ratings (points of the scale)", table, notes)


def analyze_ratings(
    ratings: Ratings | None,
    outline: Outline,
    settings: Settings,
    *,
    published: Published | None = None,
    decisions: Mapping[str, Decision] | None = None,
    screening: Screening | None = None,
    coverage_options: Sequence[str] = (),
) -> Analysis:
    """Describe the ratings of all groups, how reliable they are, and which tasks they retain.

    Parameters
    ----------
    ratings
        The answers of all who count; None where only published means are known.
    outline
        Says which statement is of which kind and domain.
    settings
        Which groups set the weights, and the confidence of intervals.
    published
        Means of groups that are known from a report only.
    decisions
        What was decided about tasks.
    screening
        How these respondents were screened, if they were.
    coverage_options
        The answers to the question how well the statements cover the work, in order.
    """
    parts = []
    if ratings is not None:
        parts.append(_analyze_answers(ratings, outline, settings))
    if published is not None:
        parts.append(_analyze_means(published, outline, settings))
    tables = ("statement_ratings", "distributions", "reliability", "respondents")
    retention, notes = _retention(ratings, published, outline, settings, decisions=decisions)
    coverage = coverage_table(ratings, coverage_options)
    return Analysis(
        coverage=coverage,
        screening=screening,
        **{name: _stacked([getattr(part, name) for part in parts]) for name in tables},
        retention=retention,
        notes=(
            *(note for part in parts for note in part.notes),
            *notes,
            *(_UNSCREENED if screening is None else screening.notes),
        ),
    )


def _retention(
    ratings: Ratings | None,
    published: Published | None,
    outline: Outline,
    settings: Settings,
    *,
    decisions: Mapping[str, Decision] | None,
) -> tuple[pd.DataFrame, list[Note]]:
    """Apply the retention rules to the ratings that set the weights, or say why not."""
    wanted = settings.respondents.weight_from
    answered = ratings is not None and len(ratings.of_groups(wanted)) > 0
    kinds, domains = outline.statement_kinds, outline.task_domains
    confidence = _confidence(settings)
    if ratings is not None and answered:
        pool = Group("", "all", "", ratings.of_groups(wanted))
        rows = statement_ratings([pool], kinds=kinds, domains=domains, confidence=confidence)[0]
        scales = ratings.scales
    elif published is not None:
        rows = published_ratings(published.of_groups(wanted), kinds=kinds, domains=domains)
        scales = published.scales
    else:
        return pd.DataFrame(columns=list(RETENTION)), []
    try:
        scale = named_scale(scales, settings.retention.scale)
        return retention_table(rows, scale, settings.retention, decisions=decisions)
    except ValueError as error:
        why = f"the retention rules were not applied: {error}"
        return pd.DataFrame(columns=list(RETENTION)), [Note("retention", "", "", "withheld", why)]


class _Part(NamedTuple):
    """What answers, or a report's means, give of an analysis."""

    statement_ratings: pd.DataFrame
    distributions: pd.DataFrame
    reliability: pd.DataFrame
    respondents: pd.DataFrame
    notes: tuple[Note, ...]


def _analyze_answers(ratings: Ratings, outline: Outline, settings: Settings) -> _Part:
    """Analyse answers."""
    groups = groups_of(ratings, pooled="all" in settings.respondents.weight_from)
    statements, notes = statement_ratings(
        groups,
        kinds=outline.statement_kinds,
        domains=outline.task_domains,
        confidence=_confidence(settings),
    )
    chosen, more = distributions(groups)
    reliability, still_more = _reliability(groups, outline, settings)
    return _Part(
        statement_ratings=statements,
        distributions=chosen,
        reliability=reliability,
        respondents=_respondents(ratings),
        notes=(*_natures(ratings), *notes, *more, *still_more),
    )


def _analyze_means(published: Published, outline: Outline, settings: Settings) -> _Part:
    """Analyse a report's means."""
    from rds.analysis.reliability import RELIABILITY_COLUMNS

    return _Part(
        statement_ratings=published_ratings(
            published,
            kinds=outline.statement_kinds,
            domains=outline.task_domains,
            confidence=_confidence(settings),
        ),
        distributions=pd.DataFrame(columns=list(DISTRIBUTIONS)),
        reliability=pd.DataFrame(columns=list(RELIABILITY_COLUMNS)),
        respondents=published_respondents(published),
        notes=tuple(published_notes(published)),
    )


def _stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put tables of the same columns below each other, empty ones left out."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else tables[0]


def _confidence(settings: Settings) -> float:
    """Return the declared confidence as a share."""
    return settings.resampling.confidence_percent / 100


def _respondents(ratings: Ratings) -> pd.DataFrame:
    """Count respondents by group, wave and nature of their answers."""
    columns = ["group", "wave", "nature"]
    return ratings.respondents.groupby(columns, sort=True).size().rename("n").reset_index()


def _natures(ratings: Ratings) -> Iterator[Note]:
    """Say whose answers are simulated or reconstructed."""
    reasons = {
        "simulated": "simulated by rds: no person gave these answers",
        "reconstructed": "reconstructed from published figures: only n and the rounded means are "
        "real; spread and correlations are not",
    }
    for row in _respondents(ratings).itertuples():
        nature = str(row.nature)
        if nature in reasons:
            kind: NoteKind = "simulated" if nature == "simulated" else "reconstructed"
            who = f"{str(row.group) or 'all respondents'} ({row.n})"
            yield Note("respondents", who, "", kind, reasons[nature])


def _reliability(
    groups: Sequence[Group], outline: Outline, settings: Settings
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the table ``reliability`` over tasks, for every group, scale and base."""
    from rds.analysis.reliability import RELIABILITY_COLUMNS, reliability_rows

    empty = pd.DataFrame(columns=list(RELIABILITY_COLUMNS))
    parts: list[pd.DataFrame] = []
    notes: list[Note] = []
    withheld: list[tuple[str, str, str, str]] = []
    for group in groups:
        if not group.spread_is_known:
            reason = "answers reconstructed from published figures have no real correlations"
            notes.append(Note("reliability", group.name, "value", "withheld", reason))
            continue
        for scale, base in _scales_and_bases(group.ratings):
            rows, why = reliability_rows(
                _task_ratings(group.ratings, scale, base, outline),
                domains=outline.task_domains,
                scale=scale,
                base=base,
                group=group.name,
                confidence=_confidence(settings),
                replicates=min(settings.resampling.replicates, MOST_RESAMPLES),
                seed=settings.resampling.seed,
            )
            parts.append(rows)
            withheld += why
    notes += _together(withheld)
    table = pd.concat(parts, ignore_index=True) if parts else empty
    resampled = bool((table["estimator"] == "reml").any())
    if resampled and settings.resampling.replicates > MOST_RESAMPLES:
        reason = f"intervals of tables with gaps rest on {MOST_RESAMPLES} resamples"
        notes.append(Note("reliability", "", "ci_low, ci_high", "assumed", reason))
    return table, notes


def _together(withheld: Sequence[tuple[str, str, str, str]]) -> list[Note]:
    """Say once what holds for a domain on every scale and base and in every group."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for row, column, _, reason in withheld:
        parts = row.split(", ")
        rows.setdefault((f"{parts[0]}, {parts[-1]}", column, reason), []).append(row)
    return [
        Note("reliability", own[0] if len(own) == 1 else domain, column, "withheld", reason)
        for (domain, column, reason), own in rows.items()
    ]


def _scales_and_bases(ratings: Ratings) -> Iterator[tuple[str, Base]]:
    """Yield every scale with the bases on which its ratings differ."""
    for scale in ratings.scales:
        yield scale.name, "all"
        everybody, performers = (ratings.counted(scale.name, base=base) for base in BASES)
        if not np.array_equal(everybody, performers):
            yield scale.name, "performers"


def _task_ratings(ratings: Ratings, scale: str, base: Base, outline: Outline) -> pd.DataFrame:
    """Return the ratings of tasks on a scale: respondents × tasks."""
    frame = ratings.frame(scale, base=base)
    return frame[[name for name in frame if name in outline.task_domains]]
