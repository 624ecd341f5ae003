"""What a panel judged, in one result: tables, links, plain sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from rds.analysis.agreement_table import AGREEMENT
from rds.analysis.judgements_table import (
    DOMAIN_PERCENTS,
    JUDGEMENTS,
    POINTS,
    SORTING,
    ConsensusRules,
    judgements_table,
    percents_table,
    sorting_table,
)
from rds.analysis.panel_agreement import panel_agreement
from rds.analysis.panel_sentences import panel_sentences
from rds.notes import Note
from rds.outline.judgements import NO_DOMAIN, PARTS
from rds.outline.outline import Outline
from rds.ratings.ratings import Ratings
from rds.settings import Settings

LINKS = ("sme_id", "task_id", "ksa_id", "level")
"""Columns of the levels of links that SMEs gave."""


def _empty(columns: Sequence[str]) -> partial[pd.DataFrame]:
    """Return what makes a table without rows."""
    return partial(pd.DataFrame, columns=list(columns))


@dataclass(frozen=True, eq=False)
class PanelJudgements:
    """What a panel judged.

    Attributes
    ----------
    judgements
        What the judgements of each statement come to (columns: `JUDGEMENTS`).
    sorting
        Into which domains tasks were sorted (columns: `SORTING`).
    domain_percents
        How SMEs share the exam out (columns: `DOMAIN_PERCENTS`).
    agreement
        How far they agree (columns: `AGREEMENT`).
    links
        Levels that single SMEs gave (columns: `LINKS`).
    sentences
        Where agreement is lacking, in plain words.
    notes
        What was withheld, assumed, simulated.
    """

    judgements: pd.DataFrame = field(default_factory=_empty(JUDGEMENTS))
    sorting: pd.DataFrame = field(default_factory=_empty(SORTING))
    domain_percents: pd.DataFrame = field(default_factory=_empty(DOMAIN_PERCENTS))
    agreement: pd.DataFrame = field(default_factory=_empty(AGREEMENT))
    links: pd.DataFrame = field(default_factory=_empty(LINKS))
    sentences: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are the panel's alone, by file name without ending."""
        return {
            "judgements": self.judgements,
            "sorting": self.sorting,
            "domain_percents": self.domain_percents,
        }


def panel_judgements(
    judgements: pd.DataFrame,
    outline: Outline,
    settings: Settings,
    *,
    ratings: Ratings | None = None,
    notes: Sequence[Note] = (),
) -> PanelJudgements:
    """Put together what a panel judged.

    Parameters
    ----------
    judgements
        Columns ``round``, ``sme_id``, ``part``, ``statement_id``, ``aspect``, ``value``: those that
        count, each SME and place once.
    outline
        The outline that was judged.
    settings
        Rules of consensus (``judgements``, ``linkage``), cognitive levels.
    ratings
        The panel's answers on the survey's scales.
    notes
        What has to be said of the judgements.
    """
    if judgements.empty:
        return PanelJudgements(notes=tuple(notes))
    domains = [domain.domain_id for domain in outline.domains]
    chosen = {
        **POINTS,
        "levels": tuple(settings.blueprint.cognitive_levels),
        "sorting": (*domains, NO_DOMAIN),
    }
    scales = () if ratings is None else ratings.scales
    points = {s.name: tuple(str(p.value) for p in s.points) for s in scales if not s.is_allocation}
    judgements = _in_order(judgements, outline)
    table = judgements_table(judgements, categories={**points, **chosen}, rules=rules_of(settings))
    homes = {task.task_id: task.domain_id for task in outline.tasks}
    sorting = sorting_table(judgements, homes, chosen["sorting"])
    percents = {domain.domain_id: domain.panel_percent for domain in outline.domains}
    shares = percents_table(judgements, percents)
    agreement, why = panel_agreement(judgements, categories=chosen, ratings=ratings)
    return PanelJudgements(
        judgements=table,
        sorting=sorting,
        domain_percents=shares,
        agreement=agreement,
        links=links_of(judgements),
        sentences=tuple(panel_sentences(table, sorting, shares, settings)),
        notes=(*notes, *why),
    )


def _in_order(judgements: pd.DataFrame, outline: Outline) -> pd.DataFrame:
    """Return judgements part by part, statements in the order of the outline."""
    names = [domain.domain_id for domain in outline.domains]
    names += [task.task_id for task in outline.tasks] + [ksa.ksa_id for ksa in outline.ksas]
    place = {name: number for number, name in enumerate((*PARTS, *names))}
    keys = ["part", "statement_id", "aspect"]
    ranks = judgements[keys].apply(lambda column: column.map(place).fillna(-1))
    order = ranks.assign(sme_id=judgements["sme_id"]).sort_values([*keys, "sme_id"]).index
    in_order: pd.DataFrame = judgements.loc[order].reset_index(drop=True)
    return in_order


def rules_of(settings: Settings) -> ConsensusRules:
    """Return when judgements agree, as the study declares it."""
    return ConsensusRules(
        consensus=settings.judgements.consensus_percent / 100,
        relevant=settings.judgements.relevant_percent / 100,
        link_level=settings.linkage.minimum_level,
        link_share=settings.linkage.minimum_share_percent / 100,
    )


def links_of(judgements: pd.DataFrame) -> pd.DataFrame:
    """Return the links among judgements (columns `LINKS`)."""
    own = judgements[judgements["part"] == "links"]
    named = own.rename(columns={"statement_id": "task_id", "aspect": "ksa_id", "value": "level"})
    return named[list(LINKS)].reset_index(drop=True).astype({"level": float})
