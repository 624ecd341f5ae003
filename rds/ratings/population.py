"""What is known of the population: the sheet Population beside the questions it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from rds.errors import Problem
from rds.ratings.raking import LARGEST_GAP, NO_ANSWER_CATEGORY, SurveyWeights, answers_to, rake
from rds.settings import WeightingSection
from rds.sheets import Row
from rds.values import split_list

FEWEST_IN_CATEGORY = 10
"""Respondents that a category needs to stand for its share of the population."""

LARGEST_UNTRIMMED = 10
"""Largest survey weight without trimming, in multiples of the median weight."""

_FILE, _SHEET = "study.xlsx", "Population"


def population_margins(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return the percent of each category by question, as the sheet Population has them."""
    margins: dict[str, dict[str, float]] = {}
    for row in rows:
        percent = row.values.get("percent")
        if isinstance(percent, (int, float)):
            margins.setdefault(row.text("variable"), {})[row.text("category")] = float(percent)
    return margins


def options_of(row: Row) -> tuple[str, ...]:
    """Return the answers that a question of the sheet Demographics offers."""
    return split_list(row.text("options"))


def weighting_variables(questions: Sequence[Row]) -> tuple[str, ...]:
    """Return the questions by which respondents are weighted."""
    return tuple(row.text("question_id") for row in questions if row.values.get("weight") is True)


def population_problems(
    population: Sequence[Row], questions: Sequence[Row], weighting: WeightingSection
) -> Iterator[Problem]:
    """Yield what is wrong with the margins before any answer is seen.

    Parameters
    ----------
    population, questions
        Rows of the sheets Population and Demographics.
    weighting
        The settings on survey weights.
    """
    by_question = {row.text("question_id"): row for row in questions}
    yield from _wrong_categories(population, by_question)
    margins = population_margins(population)
    for variable, margin in margins.items():
        total = sum(margin.values())
        if abs(total / 100 - 1) > LARGEST_GAP:
            first = next(row for row in population if row.text("variable") == variable)
            place = first.places.get("percent", _SHEET)
            found = f"percentages of {variable} that add up to {total:g}"
            yield Problem(first.file, place, found, "100", "complete or correct the categories")
    if weighting.method != "none":
        yield from _weighting_problems(weighting, questions, margins)


def survey_weights_for(
    respondents: pd.DataFrame,
    population: Sequence[Row],
    questions: Sequence[Row],
    weighting: WeightingSection,
) -> tuple[SurveyWeights | None, list[Problem]]:
    """Weight respondents as the settings say, or say why that cannot be done.

    Parameters
    ----------
    respondents
        Those whose ratings set the weights, with a column for each question.
    population, questions, weighting
        As in `population_problems`.

    Returns
    -------
    weights, problems
        None when the settings ask for no weighting, or there are problems.
    """
    if weighting.method == "none":
        return None, []
    margins = population_margins(population)
    wanted = {name: margins[name] for name in weighting_variables(questions) if name in margins}
    problems = list(_missing_questions(respondents, wanted))
    if not wanted or problems:
        return None, problems
    answers = as_population_words(respondents, wanted)
    problems = list(_thin_categories(answers, wanted))
    if problems:
        return None, problems
    try:
        found = rake(answers, margins=wanted, trim=weighting.trim)
    except ValueError as error:
        mend = "collapse categories, or weight by fewer questions"
        problem = Problem("responses", "weighting.method", str(error), "weights that exist", mend)
        return None, [problem]
    return (found, []) if _is_bounded(found, weighting) else (None, [_exploding(found)])


def as_population_words(
    respondents: pd.DataFrame, margins: Mapping[str, Mapping[str, float]]
) -> pd.DataFrame:
    """Return the answers in the words of the sheet Population, without regard to capitals."""
    answers = answers_to(respondents, list(margins))
    for variable, margin in margins.items():
        words = {name.casefold().strip(): name for name in margin}
        answers[variable] = [words.get(text.casefold(), text) for text in answers[variable]]
    return answers


def _wrong_categories(
    population: Sequence[Row], by_question: Mapping[str, Row]
) -> Iterator[Problem]:
    """Yield a problem for each category that is no answer to its question, or stands twice."""
    seen = set()
    for row in population:
        variable, category = row.text("variable"), row.text("category")
        question = by_question.get(variable)
        if question is not None and question.text("kind") not in ("", "choice"):
            mend = "leave it out, or ask for one answer of several"
            yield row.problem("variable", "a question with one answer (choice)", mend)
        options = () if question is None else options_of(question)
        if options and category.casefold() not in {option.casefold() for option in options}:
            wanted = f"one of the answers to {variable}: {', '.join(options)}"
            yield row.problem("category", wanted, "write the category as the question has it")
        if (variable, category.casefold()) in seen:
            yield row.problem("category", "each category once", "remove one of the rows")
        seen.add((variable, category.casefold()))


def _weighting_problems(
    weighting: WeightingSection, questions: Sequence[Row], margins: Mapping[str, object]
) -> Iterator[Problem]:
    """Yield what is missing for the weighting that the settings ask for."""
    chosen = weighting_variables(questions)
    if not chosen:
        found = f"“{weighting.method}”, and no question with “weight”"
        mend = "write yes under weight in the sheet Demographics, or weighting.method none"
        yield Problem(_FILE, "weighting.method", found, "questions to weight by", mend)
    if weighting.method == "post-stratification" and len(chosen) > 1:
        found = f"post-stratification by {len(chosen)} questions ({', '.join(chosen)})"
        mend = "choose raking, which needs each question's own shares only, or one question"
        yield Problem(_FILE, "weighting.method", found, "one question", mend)
    for name in chosen:
        if name not in margins:
            found = f"no shares for {name}"
            mend = f"fill in the sheet Population for {name}, or do not weight by it"
            yield Problem(_FILE, _SHEET, found, "the share of each of its answers", mend)


def _missing_questions(
    respondents: pd.DataFrame, margins: Mapping[str, object]
) -> Iterator[Problem]:
    """Yield a problem for each question that nobody answered."""
    for name in margins:
        if name not in respondents or not (respondents[name].fillna("") != "").any():
            mend = "receive answers with that question, or do not weight by it"
            yield Problem("responses", name, "no answers", "an answer of each respondent", mend)


def _thin_categories(
    answers: pd.DataFrame, margins: Mapping[str, Mapping[str, float]]
) -> Iterator[Problem]:
    """Yield a problem for each category too thin to stand for its share, or without a share."""
    for variable, margin in margins.items():
        counts = answers[variable].value_counts()
        for name, share in margin.items():
            n = int(counts.get(name, 0))
            if share > 0 and n < FEWEST_IN_CATEGORY:
                found = f"{n} respondents who answered “{name}” to {variable}"
                wanted = f"at least {FEWEST_IN_CATEGORY}, to stand for {share:g} % of all"
                mend = f"collapse “{name}” with another answer, in the sheet and in the answers"
                yield Problem("responses", f"weighting by {variable}", found, wanted, mend)
        for name in counts.index.difference([*margin, NO_ANSWER_CATEGORY]):
            found = f"{counts[name]} respondents who answered “{name}” to {variable}"
            mend = "add the category to the sheet Population with its percentage"
            yield Problem("responses", f"weighting by {variable}", found, "a known share", mend)


def _is_bounded(found: SurveyWeights, weighting: WeightingSection) -> bool:
    """Tell whether no respondent counts beyond reason."""
    median = float(found.weights.median())
    return weighting.trim is not None or found.largest <= LARGEST_UNTRIMMED * median


def _exploding(found: SurveyWeights) -> Problem:
    """Return the problem of weights without bounds."""
    ratio = found.largest / float(found.weights.median())
    return Problem(
        "responses",
        "weighting.trim",
        f"a respondent who would count {ratio:.1f} times as much as the one in the middle "
        f"(effective n {found.n_eff:.0f} of {found.n})",
        f"at most {LARGEST_UNTRIMMED} times",
        "set weighting.trim to 3 to 5, or collapse thin categories",
    )
