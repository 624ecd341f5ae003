"""All comparisons that a study declares: groups, waves, scales, panel and field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from rds.analysis.comparison import Comparison, ComparisonPlan, stacked
from rds.analysis.gaps import GAPS, gap_tables
from rds.analysis.group_agreement import GROUP_AGREEMENT, group_agreement
from rds.analysis.hypotheses import read_hypothesis
from rds.analysis.panel_vs_field import PANEL_VS_FIELD, panel_against_field
from rds.analysis.retention import Decision
from rds.analysis.subgroups import SUBGROUPS, group_rows, judged
from rds.analysis.waves import WAVES, compare_waves
from rds.notes import Note
from rds.ratings.ratings import Ratings
from rds.settings import Settings

PANEL = "the panel's answers: compared with the field, never part of the weights"
NO_PANEL = "not assessed: no group of the panel's answers is named (respondents.panel)"
NO_ANSWERS = "not assessed: the field's answers are not known one by one"


@dataclass(frozen=True, eq=False)
class Comparisons:
    """The comparisons of a study.

    Parameters
    ----------
    subgroups, group_agreement
        Groups of respondents (columns: `SUBGROUPS`, `GROUP_AGREEMENT`).
    waves
        Waves of the survey (columns: `WAVES`).
    gaps
        The scale of retention and each scale that only describes (columns: `GAPS`).
    panel_vs_field
        The panel's ratings and the field's (columns: `PANEL_VS_FIELD`).
    notes
        What was withheld, dropped or assumed.
    """

    subgroups: pd.DataFrame
    group_agreement: pd.DataFrame
    waves: pd.DataFrame
    gaps: pd.DataFrame
    panel_vs_field: pd.DataFrame
    notes: tuple[Note, ...]


def plan_of(settings: Settings) -> ComparisonPlan:
    """Return how a study compares ratings, from its settings."""
    section = settings.comparison
    return ComparisonPlan(
        test=section.test,
        family=section.family,
        minimum=section.minimum_group,
        confidence=settings.resampling.confidence_percent / 100,
        retention=settings.retention,
        hypotheses=tuple(map(read_hypothesis, section.hypotheses)),
        threshold=section.panel_threshold,
        unit=section.panel_unit,
    )


def compare_all(
    ratings: Ratings | None,
    settings: Settings,
    *,
    kinds: Mapping[str, str],
    questions: Mapping[str, Sequence[str]] | None = None,
    panel: Ratings | None = None,
    decisions: Mapping[str, Decision] | None = None,
) -> Comparisons:
    """Make every comparison that a study declares.

    Parameters
    ----------
    ratings
        The field's answers, without the panel's; None where there are none.
    settings
        Which groups set the weights and which are compared, and how.
    kinds
        Kind of each statement.
    questions
        Demographic questions to compare by, each with its options in order. Only respondents whose
        ratings set the weights are compared by them.
    panel
        The panel's answers.
    decisions
        What was decided about statements.
    """
    plan, section = plan_of(settings), settings.respondents
    if ratings is None or not len(ratings):
        return no_comparisons()
    pool = ratings.of_groups(section.weight_from).of_waves(section.weight_waves)
    asked, missing = _asked(pool, questions or {})
    named = () if "all" in section.weight_from else section.weight_from
    groups = {"group": tuple(dict.fromkeys([*named, *section.compare]))} if section.compare else {}
    several = ratings.of_waves(section.weight_waves)
    by = [(pool, asked), (several, groups if named else dict.fromkeys(groups, ()))]
    rows = [group_rows(part, by=own, kinds=kinds, plan=plan) for part, own in by]
    agreement = [group_agreement(part, by=own, kinds=kinds, plan=plan) for part, own in by]
    waves = compare_waves(ratings.of_groups(section.weight_from), plan=plan)
    gaps = gap_tables(pool, plan=plan)
    against = _panel(panel, pool, plan, kinds=kinds, decisions=decisions)
    said = [*agreement, waves, gaps, against]
    return Comparisons(
        subgroups=judged(stacked([table for table, _ in rows], SUBGROUPS), plan),
        group_agreement=stacked([one.table for one in agreement], GROUP_AGREEMENT),
        waves=waves.table,
        gaps=gaps.table,
        panel_vs_field=against.table,
        notes=(
            *missing,
            *(note for _, notes in rows for note in notes),
            *(note for one in said for note in one.notes),
        ),
    )


def no_comparisons() -> Comparisons:
    """Return empty tables, where there are no answers to compare."""
    return Comparisons(
        subgroups=stacked([], SUBGROUPS),
        group_agreement=stacked([], GROUP_AGREEMENT),
        waves=stacked([], WAVES),
        gaps=stacked([], GAPS),
        panel_vs_field=stacked([], PANEL_VS_FIELD),
        notes=(Note("panel_vs_field", "", "", "withheld", NO_ANSWERS),),
    )


def _asked(
    ratings: Ratings, questions: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Sequence[str]], list[Note]]:
    """Return the questions that were answered, and say which were not."""
    asked = {name: own for name, own in questions.items() if name in ratings.respondents}
    reason = "no file of answers has this question: nothing is compared by it"
    missing = [name for name in questions if name not in asked]
    return asked, [Note("subgroups", name, "", "withheld", reason) for name in missing]


def _panel(
    panel: Ratings | None,
    field: Ratings,
    plan: ComparisonPlan,
    *,
    kinds: Mapping[str, str],
    decisions: Mapping[str, Decision] | None,
) -> Comparison:
    """Compare panel and field, or say that nobody of the panel was asked."""
    if panel is not None and len(panel):
        found = panel_against_field(panel, field, plan=plan, kinds=kinds, decisions=decisions)
        who = f"{panel.respondents['group'].iloc[0]} ({len(panel)})"
        return replace(found, notes=(Note("respondents", who, "", "dropped", PANEL), *found.notes))
    note = Note("panel_vs_field", "", "", "withheld", NO_PANEL)
    return Comparison("Panel against field", stacked([], PANEL_VS_FIELD), (note,))
