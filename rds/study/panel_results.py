"""What the panel of a study judged: its tables, before and after the survey."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from rds.analysis.analysis import Analysis
from rds.analysis.panel import PanelJudgements, panel_judgements
from rds.documents.tables import panel_tables, table_files
from rds.notes import Note
from rds.study.judgement_proposals import PROPOSED, proposed_workbook
from rds.study.judgement_store import current_judgements, simulated_judges
from rds.study.judging_rounds import read_rounds
from rds.study.panel_ratings import panel_ratings
from rds.study.study import Study


def panel_results(study: Study) -> PanelJudgements:
    """Put together what the panel of a study judged.

    Raises
    ------
    InputError
        When what a round asked cannot be read any more.
    """
    table, n_left_out = current_judgements(study)
    return panel_judgements(
        table,
        study.outline,
        study.settings,
        ratings=panel_ratings(study),
        notes=tuple(_notes(study, table, n_left_out)),
    )


def with_panel(study: Study, analysis: Analysis) -> Analysis:
    """Return an analysis with what the panel judged."""
    panel = panel_results(study)
    parts = [table for table in (panel.agreement, analysis.agreement) if len(table)]
    return replace(
        analysis,
        panel=panel,
        sentences=(*analysis.sentences, *panel.sentences),
        agreement=pd.concat(parts, ignore_index=True) if parts else analysis.agreement,
        notes=(*analysis.notes, *panel.notes),
    )


def panel_files(study: Study, panel: PanelJudgements) -> dict[str, bytes]:
    """Return the outputs of a study that only its panel has worked on, by path below ``out/``."""
    return {**table_files(panel_tables(panel)), **proposal_files(study, panel)}


def proposal_files(study: Study, panel: PanelJudgements) -> dict[str, bytes]:
    """Return the workbook that takes up what the panel agrees on, where it agrees on anything."""
    content = proposed_workbook(study, panel)
    return {} if content is None else {PROPOSED: content}


def _notes(study: Study, table: pd.DataFrame, n_left_out: int) -> Iterator[Note]:
    """Yield what has to be said of the judgements."""
    if n_left_out:
        reason = f"{n_left_out} judgements: what they are about was reworded or removed since"
        yield Note("judgements", "", "", "dropped", reason)
    simulated = simulated_judges(study.folder)
    if simulated:
        reason = f"simulated by rds: {len(simulated)} SMEs did not give these judgements"
        yield Note("judgements", "", "", "simulated", reason)
    used = set(table["round"])
    for one in read_rounds(study.folder):
        parts = sorted({part for part, _, _ in one.proposals})
        if one.number in used and parts:
            reason = "proposals stood in the forms, which makes SMEs agree more"
            yield Note(
                "judgements", f"round {one.number}: {', '.join(parts)}", "", "assumed", reason
            )
