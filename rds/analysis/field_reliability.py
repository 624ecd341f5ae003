"""Reliability, generalizability and agreement of the field, group by group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from rds.analysis.agreement_table import base_of, field_agreement
from rds.analysis.descriptives import BASES, Group, reconstructed_note
from rds.analysis.generalizability_tables import (
    DSTUDY_TABLE,
    VARIANCE_COMPONENTS,
    generalizability_tables,
    reliability_sentences,
)
from rds.analysis.reliability_table import RELIABILITY_COLUMNS, SPLIT_HALF, reliability_rows
from rds.notes import Note
from rds.outline.outline import Outline
from rds.ratings.ratings import Base, Ratings
from rds.settings import Settings

MOST_RESAMPLES = 500
"""Resamples for the interval of one coefficient of reliability, at most."""


class FieldReliability(NamedTuple):
    """The tables of this name, sentences for a board, and why numbers are missing."""

    reliability: pd.DataFrame
    variance_components: pd.DataFrame
    dstudy: pd.DataFrame
    agreement: pd.DataFrame
    sentences: tuple[str, ...]
    notes: list[Note]


def no_field_reliability() -> FieldReliability:
    """Return empty tables, for studies of which only means are known."""
    return FieldReliability(
        reliability=pd.DataFrame(columns=list(RELIABILITY_COLUMNS)),
        variance_components=pd.DataFrame(columns=list(VARIANCE_COMPONENTS)),
        dstudy=pd.DataFrame(columns=list(DSTUDY_TABLE)),
        agreement=field_agreement([])[0],
        sentences=(),
        notes=[],
    )


def field_reliability(
    groups: Sequence[Group], outline: Outline, settings: Settings
) -> FieldReliability:
    """Return the tables over tasks (agreement: over statements), for every group, scale and base.

    Parameters
    ----------
    groups
        Whom to describe; waves of one group are named with their wave.
    outline
        Says which statement is a task, and its domain.
    settings
        Declared reliability, confidence, resamples.
    """
    known = {_label(group, groups): group.name for group in groups}
    groups = [replace(group, name=label) for label, group in zip(known, groups, strict=True)]
    agreement, notes = field_agreement(groups)
    empty = no_field_reliability()
    reliability, components, curves = [], [], []
    withheld: list[tuple[str, str, str, str]] = []
    for group in groups:
        if not group.spread_is_known:
            tables = ("reliability", "variance_components", "dstudy")
            notes += [reconstructed_note(name, group, "value") for name in tables]
            continue
        for scale, base in _scales_and_bases(group.ratings):
            ratings = _task_ratings(group.ratings, scale, base, outline)
            rows, why = _reliability_rows(ratings, (scale, base, group.name), outline, settings)
            reliability.append(rows)
            withheld += why
            tables_of = generalizability_tables(
                ratings,
                domains=outline.task_domains,
                labels={"scale": scale, "base": base, "group": group.name},
                target=settings.reliability.coefficient,
            )
            components.append(tables_of.variance_components)
            curves.append(tables_of.dstudy)
            notes += tables_of.notes
    table = _stacked(reliability, empty.reliability)
    dstudy = _stacked(curves, empty.dstudy)
    notes += [*_together(withheld), *_about_intervals(table, settings)]
    return FieldReliability(
        reliability=table,
        variance_components=_stacked(components, empty.variance_components),
        dstudy=dstudy,
        agreement=agreement,
        sentences=_sentences(dstudy, table, groups, settings, known),
        notes=notes,
    )


def _reliability_rows(
    ratings: pd.DataFrame, labels: tuple[str, str, str], outline: Outline, settings: Settings
) -> tuple[pd.DataFrame, list[tuple[str, str, str, str]]]:
    """Return the table ``reliability`` of one scale, base and group."""
    scale, base, group = labels
    return reliability_rows(
        ratings,
        domains=outline.task_domains,
        scale=scale,
        base=base,
        group=group,
        confidence=settings.resampling.confidence_percent / 100,
        replicates=min(settings.resampling.replicates, MOST_RESAMPLES),
        seed=settings.resampling.seed,
    )


def _stacked(tables: Sequence[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    """Put tables below each other."""
    return pd.concat(tables, ignore_index=True) if tables else empty


def _together(withheld: Sequence[tuple[str, str, str, str]]) -> Iterator[Note]:
    """Say once what holds for a domain on every scale and base and in every group."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for row, column, _, reason in withheld:
        parts = row.split(", ")
        rows.setdefault((f"{parts[0]}, {parts[-1]}", column, reason), []).append(row)
    for (domain, column, reason), own in rows.items():
        row = own[0] if len(own) == 1 else domain
        yield Note("reliability", row, column, "withheld", reason)


def _about_intervals(table: pd.DataFrame, settings: Settings) -> Iterator[Note]:
    """Say what intervals rest on, and which coefficient has none."""
    if (table["estimator"] == "reml").any() and settings.resampling.replicates > MOST_RESAMPLES:
        reason = f"intervals of tables with gaps rest on {MOST_RESAMPLES} resamples"
        yield Note("reliability", "", "ci_low, ci_high", "assumed", reason)
    halves = table["coefficient"] == SPLIT_HALF[0]
    if table.loc[halves, "value"].notna().any():
        reason = "how far random splits differ is no sampling error; there is no interval"
        yield Note("reliability", SPLIT_HALF[0], "ci_low, ci_high", "withheld", reason)


def _label(group: Group, groups: Sequence[Group]) -> str:
    """Name a group, with its wave if another has the same name."""
    shared = sum(other.name == group.name for other in groups) > 1
    return f"{group.name} ({group.wave or 'no wave'})".strip() if shared else group.name


def _sentences(
    dstudy: pd.DataFrame,
    reliability: pd.DataFrame,
    groups: Sequence[Group],
    settings: Settings,
    known: Mapping[str, str],
) -> tuple[str, ...]:
    """Judge the ratings that set the weights: the model's scales, each with its own base."""
    wanted = settings.respondents.weight_from
    names = {"all"} if "all" in wanted else set(wanted)
    chosen = {scale.casefold() for scale in settings.weights.scales}
    bases = {scale.name: base_of(scale) for group in groups for scale in group.ratings.scales}
    counted = dstudy["group"].map(known).isin(names) & dstudy["scale"].str.casefold().isin(chosen)
    own = dstudy[counted]
    # Where everybody performs everything, the two bases are one and only “all” is in the table.
    performers = own[own["base"] == "performers"]
    apart = set(zip(performers["group"], performers["scale"], strict=True))
    keep = [
        base == (bases[scale] if (group, scale) in apart else "all")
        for group, scale, base in zip(own["group"], own["scale"], own["base"], strict=True)
    ]
    counted_base = own.loc[np.array(keep, dtype=bool)]
    return reliability_sentences(counted_base, reliability, target=settings.reliability.coefficient)


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
