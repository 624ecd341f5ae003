"""What the field says, in one result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from rds.analysis.comparisons import Comparisons, compare_all, no_comparisons
from rds.analysis.coverage import COVERAGE, coverage_table
from rds.analysis.descriptives import (
    DISTRIBUTIONS,
    Group,
    distributions,
    groups_of,
    statement_ratings,
)
from rds.analysis.field_reliability import field_reliability, no_field_reliability
from rds.analysis.panel import PanelJudgements
from rds.analysis.participation import Participation
from rds.analysis.published_tables import (
    published_notes,
    published_ratings,
    published_respondents,
)
from rds.analysis.retention import RETENTION, Decision, retention_table
from rds.notes import Note, NoteKind
from rds.outline.outline import Outline
from rds.ratings.published import Published
from rds.ratings.ratings import PILOT, Ratings
from rds.ratings.screening import Screening
from rds.scales import named_scale
from rds.settings import Settings
from rds.show import Shown, View

WEIGHTED_GROUP = "weighted"
"""What the tables call those whose ratings set the weights, counted by their survey weights."""
_UNSCREENED = (
    Note(
        "exclusions",
        "",
        "",
        "assumed",
        "every respondent with ratings counts: no screening rule was applied",
    ),
)


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
        Coefficients by domain and overall (columns:
        `rds.analysis.reliability_table.RELIABILITY_COLUMNS`).
    retention
        Per task each rule's verdict, the declared one, and whether it is retained (columns:
        `rds.analysis.retention.RETENTION`); empty where the rules could not be applied.
    respondents
        Number of respondents by group and wave: ``group``, ``wave``, ``nature``, ``n``.
    notes
        What was withheld, assumed or simulated.
    participation
        Who answered, and how far they stand for the population.
    coverage
        How well the statements cover the work, as respondents see it (columns: `COVERAGE`).
    screening
        Who was screened by which rules, and left out; None where nobody was screened.
    variance_components, dstudy
        What the ratings vary by, and the generalizability of the profile over the number of
        respondents (columns: `VARIANCE_COMPONENTS` and `DSTUDY_TABLE` of
        `rds.analysis.generalizability_tables`).
    agreement
        How far respondents agree on each statement (columns:
        `rds.analysis.agreement_table.AGREEMENT`).
    sentences
        Whether the ratings that set the weights are reliable enough, in plain words: one sentence
        per scale; empty where this is not known.
    comparisons
        Groups, waves, scales, and panel and field compared.
    panel
        What the panel judged.
    """

    statement_ratings: pd.DataFrame
    distributions: pd.DataFrame
    reliability: pd.DataFrame
    retention: pd.DataFrame
    respondents: pd.DataFrame
    notes: tuple[Note, ...]
    participation: Participation = field(default_factory=Participation)
    coverage: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(COVERAGE)))
    screening: Screening | None = None
    variance_components: pd.DataFrame = field(default_factory=pd.DataFrame)
    dstudy: pd.DataFrame = field(default_factory=pd.DataFrame)
    agreement: pd.DataFrame = field(default_factory=pd.DataFrame)
    sentences: tuple[str, ...] = ()
    comparisons: Comparisons = field(default_factory=no_comparisons)
    panel: PanelJudgements = field(default_factory=PanelJudgements)

    def view(self) -> View:
        """Return the mean ratings of every statement, by scale and group."""
        columns = ["statement_id", "domain_id", "scale", "base", "group", "n", "mean", "sd"]
        columns += ["ci_low", "ci_high", "percent_performing"]
        table = self.statement_ratings[columns]
        withheld = sum(note.kind == "withheld" for note in self.notes)
        notes = (f"{withheld} notes say what was withheld and why.",) if withheld else ()
        return View("Mean ratings (points of the scale)", table, (*self.sentences, *notes))


def analyze_ratings(
    ratings: Ratings | None,
    outline: Outline,
    settings: Settings,
    *,
    published: Published | None = None,
    weighted: Ratings | None = None,
    panel: Ratings | None = None,
    questions: Mapping[str, Sequence[str]] | None = None,
    decisions: Mapping[str, Decision] | None = None,
    screening: Screening | None = None,
    coverage_options: Sequence[str] = (),
) -> Analysis:
    """Describe the ratings of all groups, how reliable they are, and which tasks they retain.

    Parameters
    ----------
    ratings
        The answers of all but the panel who count; None where only published means are known.
    outline
        Says which statement is of which kind and domain.
    settings
        Which groups set the weights, and the confidence of intervals.
    published
        Means of groups that are known from a report only.
    weighted
        The answers that set the weights, with survey weights, where respondents are weighted; the
        retention rules then look at weighted estimates.
    panel
        The panel's answers on the survey's scales; they never set weights.
    questions
        Demographic questions by which respondents are compared, each with its options in order.
    decisions
        What was decided about statements.
    screening
        How these respondents were screened, if they were.
    coverage_options
        The answers to the question how well the statements cover the work, in order.
    """
    parts = []
    if ratings is not None:
        parts.append(_analyze_answers(ratings, outline, settings, weighted=weighted))
    if published is not None:
        parts.append(_analyze_means(published, outline, settings))
    tables = (
        "statement_ratings", "distributions", "reliability", "variance_components", "dstudy",
        "agreement", "respondents",
    )  # fmt: skip
    known = {task.task_id for task in outline.tasks}
    of_tasks = {name: own for name, own in (decisions or {}).items() if name in known}
    retention, notes = _retention(
        ratings, published, outline, settings, weighted=weighted, decisions=of_tasks
    )
    comparisons = compare_all(
        ratings,
        settings,
        kinds=outline.statement_kinds,
        questions=questions,
        panel=panel,
        decisions=decisions,
    )
    stacked: dict[str, Any] = {
        name: _stacked([getattr(part, name) for part in parts]) for name in tables
    }
    return Analysis(
        coverage=coverage_table(ratings, coverage_options),
        screening=screening,
        **stacked,
        retention=retention,
        sentences=tuple(sentence for part in parts for sentence in part.sentences),
        notes=(
            *(note for part in parts for note in part.notes),
            *notes,
            *comparisons.notes,
            *(_UNSCREENED if screening is None else screening.notes),
            *_pilot_note(ratings),
        ),
        comparisons=comparisons,
    )


def _pilot_note(ratings: Ratings | None) -> Iterator[Note]:
    """Yield a note on respondents of the pilot."""
    n = 0 if ratings is None else int((ratings.respondents["wave"] == PILOT).sum())
    if n:
        reason = f"{n} respondents of the pilot are described and never count in the weights"
        yield Note("respondents", "", "", "dropped", reason)


def _retention(
    ratings: Ratings | None,
    published: Published | None,
    outline: Outline,
    settings: Settings,
    *,
    weighted: Ratings | None,
    decisions: Mapping[str, Decision] | None,
) -> tuple[pd.DataFrame, list[Note]]:
    """Apply the retention rules to the ratings that set the weights, or say why not."""
    wanted, waves = settings.respondents.weight_from, settings.respondents.weight_waves
    own = None if ratings is None else ratings.of_groups(wanted).of_waves(waves)
    kinds, domains = outline.statement_kinds, outline.task_domains
    confidence = _confidence(settings)
    if own is not None and len(own):
        pool = Group("", "all", "", own if weighted is None else weighted)
        sizes = frame_sizes(settings)
        rows, _ = statement_ratings(
            [pool], kinds=kinds, domains=domains, confidence=confidence, frame_sizes=sizes
        )
        scales = own.scales
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
    variance_components: pd.DataFrame
    dstudy: pd.DataFrame
    agreement: pd.DataFrame
    respondents: pd.DataFrame
    sentences: tuple[str, ...]
    notes: tuple[Note, ...]


def _analyze_answers(
    ratings: Ratings, outline: Outline, settings: Settings, *, weighted: Ratings | None
) -> _Part:
    """Analyse answers."""
    groups = _groups(ratings, settings)
    with_weights = [] if weighted is None else [Group("", WEIGHTED_GROUP, "", weighted)]
    statements, notes = statement_ratings(
        [*groups, *with_weights],
        kinds=outline.statement_kinds,
        domains=outline.task_domains,
        confidence=_confidence(settings),
        frame_sizes=frame_sizes(settings),
    )
    chosen, more = distributions(groups)
    found = field_reliability(groups, outline, settings)
    return _Part(
        statement_ratings=statements,
        distributions=chosen,
        reliability=found.reliability,
        variance_components=found.variance_components,
        dstudy=found.dstudy,
        agreement=found.agreement,
        respondents=_respondents(ratings),
        sentences=found.sentences,
        notes=(*_natures(ratings), *notes, *_strata(settings), *more, *found.notes),
    )


def _groups(ratings: Ratings, settings: Settings) -> list[Group]:
    """Return the groups to describe; of all together only the waves that set the weights."""
    section = settings.respondents
    return [
        group
        if group.variable
        else replace(group, ratings=group.ratings.of_waves(section.weight_waves))
        for group in groups_of(ratings, pooled="all" in section.weight_from)
    ]


def _analyze_means(published: Published, outline: Outline, settings: Settings) -> _Part:
    """Analyse a report's means."""
    nothing = no_field_reliability()
    return _Part(
        statement_ratings=published_ratings(
            published,
            kinds=outline.statement_kinds,
            domains=outline.task_domains,
            confidence=_confidence(settings),
        ),
        distributions=pd.DataFrame(columns=list(DISTRIBUTIONS)),
        reliability=nothing.reliability,
        variance_components=nothing.variance_components,
        dstudy=nothing.dstudy,
        agreement=nothing.agreement,
        respondents=published_respondents(published),
        sentences=(),
        notes=tuple(published_notes(published)),
    )


def _stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put tables of the same columns below each other, empty ones left out."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else tables[0]


def _confidence(settings: Settings) -> float:
    """Return the declared confidence as a share."""
    return settings.resampling.confidence_percent / 100


def frame_sizes(settings: Settings) -> dict[str, int]:
    """Return how many people respondents were drawn from, where a frame and a design are declared.

    The frame is that of all respondents, or of the one group whose ratings set the weights. An open
    link draws nobody, and those who answer a census are no random part of it.

    Examples
    --------
    >>> sampling = {"design": "srs", "frame_size": 500}
    >>> frame_sizes(Settings.model_validate({"sampling": sampling}))
    {'all': 500}
    >>> frame_sizes(Settings.model_validate({"sampling": {**sampling, "design": "open link"}}))
    {}
    """
    sampling, groups = settings.sampling, settings.respondents.weight_from
    if sampling.design not in ("srs", "stratified") or sampling.frame_size is None:
        return {}
    if "all" in groups or len(groups) > 1:
        return {"all": sampling.frame_size}
    return dict.fromkeys(("all", *groups), sampling.frame_size)


def _strata(settings: Settings) -> Iterator[Note]:
    """Say that the finite population correction takes strata together."""
    if settings.sampling.design == "stratified" and frame_sizes(settings):
        reason = "the finite population correction takes the strata of the frame together"
        yield Note("statement_ratings", "", "se", "assumed", reason)


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
