"""What the panel did before the survey, as a study's sheets tell it: tables, notes and advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from rds.errors import Problem
from rds.notes import Note
from rds.outline.evidence import Source, Theme, sources_of, themes_of
from rds.outline.outline import Outline
from rds.outline.panel import Meeting, Member, meetings_of, members_of
from rds.outline.requirements import Requirement, requirements_of
from rds.sheets import Row
from rds.study.names import name_advice

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from rds.analysis.panel_composition import KnownShares
    from rds.blueprint.plan import Blueprint
    from rds.settings import Settings
    from rds.study.study import Study

Rows = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class PhaseOne:
    """Tables about panel, requirements and evidence.

    Attributes
    ----------
    tables
        Tables for everybody, by name.
    restricted
        Tables with a row for each member, which are not for everybody.
    notes
        What was withheld or assumed.
    """

    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    restricted: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class _Sheets:
    """What the sheets say, typed."""

    members: tuple[Member, ...]
    meetings: tuple[Meeting, ...]
    requirements: tuple[Requirement, ...]
    sources: tuple[Source, ...]
    themes: tuple[Theme, ...]


def phase_one(
    rows: Rows, blueprint: Blueprint, *, judged: Mapping[str, date] | None = None
) -> PhaseOne:
    """Return the tables about panel, requirements and evidence.

    Parameters
    ----------
    rows
        Rows of the study's workbook by sheet.
    blueprint
        Its blueprint: requirements are set against the weights of its tasks, the panel beside its
        respondents.
    judged
        The day of each member's first judgement, if any.
    """
    from rds.analysis.evidence import (
        evidence_table,
        software_notes,
        sources_table,
        theme_agreement,
        themes_table,
    )
    from rds.analysis.panel_composition import (
        first_work,
        meetings_table,
        panel_composition,
        panel_table,
        selection_table,
    )
    from rds.analysis.requirements import preparation_table, requirements_table
    from rds.blueprint.role_coverage import requirement_coverage

    outline = blueprint.outline
    own = _sheets(rows, outline)
    began = first_work(own.meetings, judged)
    weights = blueprint.task_weights.set_index("task_id")["weight"].dropna()
    composition, composition_notes = panel_composition(
        own.members, _known_shares(rows, blueprint.analysis.participation.demographics)
    )
    confidence = blueprint.settings.resampling.confidence_percent / 100
    agreement, agreement_notes = theme_agreement(own.themes, confidence=confidence)
    evidence = evidence_table(outline, own.sources, own.themes)
    return PhaseOne(
        tables={
            "requirements": requirements_table(own.requirements, outline),
            "preparation": preparation_table(own.requirements, outline),
            "requirement_coverage": requirement_coverage(outline, own.requirements, weights),
            "panel_selection": selection_table(own.members, began),
            "panel_composition": composition,
            "meetings": meetings_table(own.meetings, own.members),
            "evidence": evidence,
            "sources": sources_table(own.sources, own.themes, evidence),
            "themes": themes_table(own.themes),
            "theme_agreement": agreement,
        },
        restricted={"panel": panel_table(own.members, began)},
        notes=(*composition_notes, *agreement_notes, *software_notes(evidence)),
    )


def phase_one_problems(
    rows: Rows,
    outline: Outline | None,
    settings: Settings | None,
    *,
    ignored: Sequence[str],
    folder: Path,
) -> Iterator[Problem]:
    """Yield what is wrong with, and what is left open by, the panel's work.

    Parameters
    ----------
    rows
        Rows of the workbook by sheet.
    outline, settings
        What of these could be read.
    ignored
        What in the workbook is not ours.
    folder
        The study's folder.
    """
    yield from name_advice(rows, ignored, folder)
    if outline is not None:
        from rds.analysis.evidence import software_problems

        yield from software_problems(rows, sources_of(rows.get("Sources", ())))
        yield from phase_one_advice(rows, outline, settings, orphans=False)


def phase_one_advice(
    rows: Rows,
    outline: Outline,
    settings: Settings | None,
    *,
    judged: Mapping[str, date] | None = None,
    judged_links: pd.DataFrame | None = None,
    orphans: bool = True,
) -> Iterator[Problem]:
    """Yield what the panel's work leaves open; nothing of sheets that are empty.

    Parameters
    ----------
    rows
        Rows of the workbook by sheet.
    outline, settings
        The outline, and the settings if they could be read.
    judged, judged_links
        The day of each member's first judgement, and what was judged of links, if anything.
    orphans
        Whether to name statements without any link; the advice on statements does, too.
    """
    from rds.analysis.evidence import evidence_table, sources_table
    from rds.analysis.linkage import LinkRule, linkage_gaps, linkage_table
    from rds.analysis.panel_composition import first_work, panel_composition
    from rds.analysis.requirements import preparation_table, requirements_table
    from rds.analysis.role_advice import (
        composition_advice,
        evidence_advice,
        linkage_advice,
        panel_advice,
        requirement_advice,
    )
    from rds.blueprint.linkage import declared_rule

    own = _sheets(rows, outline)
    rule = LinkRule() if settings is None else declared_rule(settings)
    if outline.links or judged_links is not None:
        gaps = linkage_gaps(outline, linkage_table(outline, rule, judgements=judged_links))
        yield from linkage_advice(gaps, minimum_level=rule.level, orphans=orphans)
    if own.requirements:
        yield from requirement_advice(
            requirements_table(own.requirements, outline),
            preparation_table(own.requirements, outline),
        )
    if own.sources:
        evidence = evidence_table(outline, own.sources, own.themes)
        if len(evidence):
            yield from evidence_advice(evidence, sources_table(own.sources, own.themes, evidence))
    yield from panel_advice(own.members, own.meetings, first_work(own.meetings, judged))
    composition, _ = panel_composition(own.members, _known_shares(rows))
    yield from composition_advice(composition)


def open_phase_one(study: Study) -> Iterator[str]:
    """Yield what the panel's work leaves open, one line each."""
    from rds.study.judgement_store import first_judged, judged_links

    if study.outline_or_none is not None:
        settings = study.settings_or_none
        for problem in phase_one_advice(
            study.rows,
            study.outline_or_none,
            settings,
            judged=first_judged(study.folder),
            judged_links=None if settings is None else judged_links(study),
        ):
            yield f"{problem.place}: {problem.found}"


def _sheets(rows: Rows, outline: Outline) -> _Sheets:
    """Return what the sheets say."""
    members = members_of(rows.get("Panel", ()))
    sources = sources_of(rows.get("Sources", ()))
    return _Sheets(
        members,
        meetings_of(rows.get("Meetings", ()), members),
        requirements_of(rows.get("Requirements", ()), outline),
        sources,
        themes_of(rows.get("Themes", ()), sources, outline),
    )


def _known_shares(rows: Rows, demographics: pd.DataFrame | None = None) -> KnownShares:
    """Return what questions, population and respondents say, small cells left out."""
    from rds.analysis.panel_composition import KnownShares
    from rds.ratings.population import options_of, population_margins

    questions = {row.text("question_id"): options_of(row) for row in rows.get("Demographics", ())}
    respondents: dict[str, dict[str, float]] = {}
    if demographics is not None:
        shown = demographics[demographics["percent"].notna()]
        percents = shown["percent"].astype(float)
        for name, category, percent in zip(
            shown["variable"], shown["category"], percents, strict=True
        ):
            respondents.setdefault(str(name), {})[str(category)] = float(percent)
    return KnownShares(
        options={name: own for name, own in questions.items() if own},
        population=population_margins(rows.get("Population", ())),
        respondents=respondents,
    )
