"""Who answered, and how far they stand for the population: the tables of one study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from rds.analysis.write_ins import WRITE_IN_AGREEMENT, WRITE_INS
from rds.notes import Note
from rds.ratings.demographics import (
    DEMOGRAPHICS,
    DescribedQuestion,
    categories_of,
    describe_respondents,
    hidden_categories,
    suppressed_cells,
)
from rds.ratings.dispositions import (
    DISPOSITIONS,
    FIELDING_BY_DAY,
    RATES,
    Mailing,
    disposition_table,
    fielding_table,
    rates_table,
)
from rds.ratings.population import as_population_words
from rds.ratings.raking import NO_ANSWER_CATEGORY, SurveyWeights
from rds.ratings.ratings import Ratings
from rds.ratings.representativeness import (
    EARLY_LATE,
    REPRESENTATIVENESS,
    TESTS,
    early_and_late,
    late_respondents,
    representativeness,
)
from rds.settings import Settings

SURVEY_WEIGHTING = (
    "method", "n", "n_eff", "design_effect", "smallest", "largest", "trim", "n_trimmed",
    "largest_miss",
)  # fmt: skip

_HIDDEN_COLUMNS = [
    "n", "percent_sample", "percent_weighted", "difference", "standardised", "flagged",
]  # fmt: skip


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    """Return a table without rows."""
    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True, eq=False)
class Participation:
    """Who answered a survey.

    Attributes
    ----------
    dispositions, response_rates, fielding
        How those invited ended, the rates that follow, and both by day (columns: `DISPOSITIONS`,
        `RATES`, `FIELDING_BY_DAY`).
    demographics
        What those whose ratings set the weights said of themselves (`DEMOGRAPHICS`).
    representativeness, representativeness_tests, early_late
        They beside the population, and late beside early respondents (`REPRESENTATIVENESS`,
        `TESTS`, `EARLY_LATE`).
    survey_weighting
        One row where respondents are weighted (`SURVEY_WEIGHTING`).
    write_ins, write_in_agreement
        What became of the tasks that respondents missed, without their words, and how far the
        coders agree (`WRITE_INS`, `WRITE_IN_AGREEMENT`).
    notes
        What was withheld or assumed.
    """

    dispositions: pd.DataFrame = field(default_factory=lambda: _empty(DISPOSITIONS))
    response_rates: pd.DataFrame = field(default_factory=lambda: _empty(RATES))
    fielding: pd.DataFrame = field(default_factory=lambda: _empty(FIELDING_BY_DAY))
    demographics: pd.DataFrame = field(default_factory=lambda: _empty(DEMOGRAPHICS))
    representativeness: pd.DataFrame = field(default_factory=lambda: _empty(REPRESENTATIVENESS))
    representativeness_tests: pd.DataFrame = field(default_factory=lambda: _empty(TESTS))
    early_late: pd.DataFrame = field(default_factory=lambda: _empty(EARLY_LATE))
    survey_weighting: pd.DataFrame = field(default_factory=lambda: _empty(SURVEY_WEIGHTING))
    write_ins: pd.DataFrame = field(default_factory=lambda: _empty(WRITE_INS))
    write_in_agreement: pd.DataFrame = field(default_factory=lambda: _empty(WRITE_IN_AGREEMENT))
    notes: tuple[Note, ...] = ()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name."""
        return {name: table for name, table in vars(self).items() if name != "notes"}


@dataclass(frozen=True, eq=False)
class Fieldwork:
    """What is known of a survey beside its ratings.

    Attributes
    ----------
    sources
        Name of the source by respondent and wave.
    left_out
        By source, rows left out when it was received, by reason.
    mailings
        The messages sent.
    questions
        The questions to describe.
    represented
        Those of them to compare with the population.
    margins
        Percentages of the population by question and category.
    """

    sources: Mapping[tuple[str, str], str]
    left_out: Mapping[str, Mapping[str, int]]
    mailings: Sequence[Mailing]
    questions: Sequence[DescribedQuestion]
    represented: Sequence[str]
    margins: Mapping[str, Mapping[str, float]]


def participation(
    ratings: Ratings,
    chosen: Ratings,
    fieldwork: Fieldwork,
    settings: Settings,
    *,
    weights: SurveyWeights | None = None,
) -> Participation:
    """Describe who answered.

    Parameters
    ----------
    ratings
        Everybody's answers.
    chosen
        The answers that set the weights; who gave them is described.
    fieldwork
        What else is known of the survey.
    settings
        Sampling, screening and privacy.
    weights
        The survey weights of `chosen`, if any.
    """
    fewest = settings.screening.minimum_answered_percent
    dispositions = disposition_table(
        ratings,
        fieldwork.sources,
        fieldwork.left_out,
        fieldwork.mailings,
        sampling=settings.sampling,
        fewest_percent=fewest,
    )
    rates, notes = rates_table(dispositions, fieldwork.mailings, settings.sampling)
    fielding, more = fielding_table(ratings, fieldwork.mailings, fewest_percent=fewest)
    smallest = settings.respondents.smallest_cell
    people = chosen.respondents.loc[~chosen.respondents.index.duplicated(keep="last")]
    # Surveys need not ask how well their statements cover the work.
    asked = [q for q in fieldwork.questions if q.name != "coverage" or q.name in people]
    demographics, still_more = describe_respondents(people, asked, smallest_cell=smallest)
    categories, tests, unlike = _represented(chosen, fieldwork, smallest)
    early_late, late_notes = _early_late(chosen, fieldwork, demographics, smallest)
    notes += [*more, *still_more, *unlike, *late_notes, *_assumed(ratings)]
    return Participation(
        dispositions=dispositions,
        response_rates=rates,
        fielding=fielding,
        demographics=demographics,
        representativeness=categories,
        representativeness_tests=tests,
        early_late=early_late,
        survey_weighting=_weighting(weights, settings),
        notes=(*notes, *_weighting_notes(weights)),
    )


def _represented(
    chosen: Ratings, fieldwork: Fieldwork, smallest: int
) -> tuple[pd.DataFrame, pd.DataFrame, list[Note]]:
    """Compare those whose ratings set the weights with the population, question by question."""
    categories, tests, notes = [], [], []
    for name in fieldwork.represented:
        reason = ""
        if name not in fieldwork.margins:
            reason = "the sheet Population has no shares for it"
        elif name not in chosen.respondents or not len(chosen):
            reason = "no answers were received"
        else:
            margin = {name: fieldwork.margins[name]}
            answers = as_population_words(chosen.respondents, margin)
            if (answers[name] == NO_ANSWER_CATEGORY).all():
                reason = "no answers were received"
            else:
                try:
                    found = representativeness(
                        answers, margins=margin, survey_weights=chosen.survey_weights
                    )
                except ValueError:
                    reason = "some answers, or shares, have no counterpart in the sheet Population"
        if reason:
            notes.append(Note("representativeness", name, "", "withheld", reason))
            continue
        categories.append(_without_small(found.categories, smallest))
        tests.append(found.tests)
    if not categories:
        return _empty(REPRESENTATIVENESS), _empty(TESTS), notes
    return pd.concat(categories, ignore_index=True), pd.concat(tests, ignore_index=True), notes


def _without_small(table: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Empty the cells of few respondents, and those that would give them away."""
    hidden = suppressed_cells(table["n"].astype(int).tolist(), smallest_cell=smallest)
    shown = table.astype({"flagged": object})
    shown.loc[np.array(hidden), _HIDDEN_COLUMNS] = None
    return shown


def _early_late(
    chosen: Ratings, fieldwork: Fieldwork, demographics: pd.DataFrame, smallest: int
) -> tuple[pd.DataFrame, list[Note]]:
    """Compare late with early respondents."""
    people = chosen.respondents
    days = people["date"].fillna("") if "date" in people else pd.Series("", index=people.index)
    known = (days != "").to_numpy()
    reminders = [m.day.isoformat() for m in fieldwork.mailings if m.event == "reminder"]
    late = late_respondents(days[known], reminders)
    if late is None:
        reason = "fewer than 10 respondents are known to have answered early, or late"
        return _empty(EARLY_LATE), [Note("early_late", "", "", "withheld", reason)]
    dated = chosen.select(known)
    answers = pd.DataFrame(
        {
            question.name: categories_of(
                dated.respondents[question.name].fillna("").map(str).map(str.strip),
                question.options,
                smallest,
            )[0].to_numpy()
            for question in fieldwork.questions
            if question.kind == "choice" and question.name in dated.respondents
        },
        index=range(len(dated)),
    )
    numbers = pd.DataFrame(
        {scale.name: _person_means(dated.values(scale.name)) for scale in dated.scales}
    )
    hidden = hidden_categories(demographics)
    return early_and_late(answers, numbers, late, smallest_cell=smallest, hidden=hidden), []


def _person_means(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[float]:
    """Return each respondent's mean rating; NaN without any."""
    n = (~np.isnan(values)).sum(axis=0)
    totals = np.nansum(values, axis=0)
    return [float(t / k) if k else float("nan") for t, k in zip(totals, n, strict=True)]


def _assumed(ratings: Ratings) -> Iterator[Note]:
    """Say by what rule answers count as complete where no platform says so."""
    people = ratings.respondents
    status = people["status"].fillna("") if "status" in people else pd.Series("", people.index)
    n = int((status == "").sum())
    if n:
        reason = f"of {n} answers no platform says whether they are complete; 80 % of the ratings "
        yield Note("dispositions", "", "disposition", "assumed", reason + "shown count as complete")


def _weighting(weights: SurveyWeights | None, settings: Settings) -> pd.DataFrame:
    """Return the one row about survey weights."""
    if weights is None:
        return _empty(SURVEY_WEIGHTING)
    row = {
        "method": settings.weighting.method,
        "trim": settings.weighting.trim,
        **{name: getattr(weights, name) for name in SURVEY_WEIGHTING if hasattr(weights, name)},
    }
    return pd.DataFrame([row], columns=list(SURVEY_WEIGHTING))


def _weighting_notes(weights: SurveyWeights | None) -> Iterator[Note]:
    """Say what the survey weights assume, cost and do not reach."""
    if weights is None:
        return
    silent = weights.balance[weights.balance["category"] == NO_ANSWER_CATEGORY]
    for row in silent.itertuples():
        reason = f"{row.n} without an answer keep the share they have among the respondents"
        yield Note("survey_weighting", str(row.variable), "", "assumed", reason)
    if weights.largest_miss > 0.05:
        reason = f"trimming leaves up to {weights.largest_miss:.1f} points to the population"
        yield Note("survey_weighting", "", "largest_miss", "assumed", reason)
    if weights.design_effect > 2:
        reason = (
            f"weighting leaves {weights.n_eff:.0f} of {weights.n} respondents' worth of precision "
            "(design effect above 2)"
        )
        yield Note("survey_weighting", "", "design_effect", "assumed", reason)
