"""From outline, scales and questions to the survey as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from rds.errors import Problem
from rds.outline.outline import Outline
from rds.scales import Scale
from rds.settings import Settings
from rds.sheets import Row as SheetRow
from rds.survey.instrument import (
    LONGEST_QUESTION_CODE,
    Instrument,
    Option,
    Page,
    Question,
    QuestionKind,
    Row,
)
from rds.survey.split_forms import on_form
from rds.survey.translate import Translator, translation_problems
from rds.survey.wording import SECTIONS
from rds.values import split_list

_KSA_KINDS = ("knowledge", "skill", "ability", "attitude")
_LETTERS = "ABCDEFGH"

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class _Study:
    """What the survey is made of."""

    outline: Outline
    scales: Sequence[Scale]
    settings: Settings
    form: str


def build_instrument(
    outline: Outline,
    scales: Sequence[Scale],
    settings: Settings,
    rows: Mapping[str, Sequence[SheetRow]],
    *,
    version: int = 1,
    form: str = "",
) -> tuple[Instrument, list[Problem]]:
    """Build the survey form of a study.

    Parameters
    ----------
    outline
        Domains, tasks and KSAs.
    scales
        The rating scales; each asks about what it applies to.
    settings
        The section ``survey`` says languages, split forms, attention checks and repetitions.
    rows
        Rows of the sheets Demographics, Narrative and Translations.
    version
        Number of the instrument.
    form
        The letter of a split form; empty when there is one form.

    Returns
    -------
    instrument, problems
        The instrument, and what has to be mended before it may go out: words that a language
        lacks, questions without options.
    """
    translator = _translator(settings, rows)
    study = _Study(outline, scales, settings, form)
    pages = (
        _welcome(translator),
        *_about(translator, rows.get("Demographics", ())),
        *_statement_pages(translator, study),
        *_end(translator, study),
    )
    instrument = Instrument(
        study_id=settings.study.id,
        version=version,
        form=form,
        languages=settings.survey.languages,
        title=translator.section("survey title", title=settings.study.title or settings.study.id),
        pages=_with_checks(_with_unique_codes(pages), translator, settings),
        end=translator.section("survey end"),
    )
    named = [row.text("statement_id") for row in rows.get("Translations", ())]
    file = next((row.file for row in rows.get("Translations", ())), "study.xlsx")
    problems = [*_without_options(rows.get("Demographics", ()))]
    return instrument, problems + translation_problems(translator, file, named)


def form_letters(settings: Settings) -> tuple[str, ...]:
    """Return the letters of the split forms; one empty letter when there is one form.

    Examples
    --------
    >>> form_letters(Settings())
    ('',)
    """
    forms = settings.survey.forms
    return tuple(_LETTERS[:forms]) if forms > 1 else ("",)


def _translator(settings: Settings, rows: Mapping[str, Sequence[SheetRow]]) -> Translator:
    """Return the translator with the study's own words."""
    narrative = {
        row.text("section").casefold(): row.text("text") for row in rows.get("Narrative", ())
    }
    return Translator(
        languages=settings.survey.languages,
        sections={name: narrative.get(name, "") for name in SECTIONS},
        translations={
            (row.text("statement_id").casefold(), row.text("language").casefold()): row.text("text")
            for row in rows.get("Translations", ())
        },
    )


def _welcome(translator: Translator) -> Page:
    """Return the first page: instructions and consent."""
    options = (
        Option(1, translator.section("consent yes")),
        Option(2, translator.section("consent no")),
    )
    consent = Question(
        "consent",
        "choice",
        translator.section("survey consent"),
        "consent",
        options=options,
        required=True,
        eligible=(1,),
    )
    instructions = translator.section("survey instructions")
    information = Question("instructions", "information", instructions, "information")
    return Page("welcome", translator.section("welcome"), (information, consent))


def _about(translator: Translator, rows: Sequence[SheetRow]) -> Iterator[Page]:
    """Yield the page with questions about the respondent, those of eligibility first."""
    questions = [_demographic(translator, row) for row in rows]
    questions.sort(key=lambda question: not question.eligible)
    if questions:
        yield Page("about", translator.section("about you"), tuple(questions))


def _demographic(translator: Translator, row: SheetRow) -> Question:
    """Return a question about the respondent."""
    name = row.text("question_id")
    labels = split_list(row.text("options"))
    kinds: dict[str, QuestionKind] = {"several": "several", "number": "number", "text": "text"}
    kind = kinds.get(row.text("kind"), "choice" if labels else "text")
    chosen = labels if kind in ("choice", "several") else []
    words = translator.list_of(f"{name} options", chosen) if chosen else ()
    wanted = {part.casefold() for part in split_list(row.text("eligible_if"))}
    eligible = tuple(n for n, label in enumerate(chosen, 1) if label.casefold() in wanted)
    return Question(
        name,
        kind,
        translator.words(name, row.text("question")),
        "demographic",
        subject=name,
        options=tuple(Option(code, label) for code, label in enumerate(words, 1)),
        required=bool(eligible),
        eligible=eligible,
    )


def _without_options(rows: Sequence[SheetRow]) -> Iterator[Problem]:
    """Report questions to choose from that have nothing to choose."""
    for row in rows:
        if row.text("kind") in ("choice", "several") and len(split_list(row.text("options"))) < 2:
            wanted = "at least two options, separated by semicolons"
            yield row.problem("options", wanted, "fill in the column options")


def _statement_pages(translator: Translator, study: _Study) -> Iterator[Page]:
    """Yield a page for each domain, each kind of KSA, and for the domains as a whole."""
    outline = study.outline
    for domain in outline.domains:
        tasks = [t.task_id for t in outline.active_tasks if t.domain_id == domain.domain_id]
        title = translator.words(domain.domain_id, domain.title)
        yield from _page(translator, study, Page(domain.domain_id, title, ()), "tasks", tasks)
    for kind in _KSA_KINDS:
        ksas = [ksa.ksa_id for ksa in outline.active_ksas if ksa.kind == kind]
        if any("KSAs" in scale.applies_to for scale in study.scales) and ksas:
            page = Page(kind, translator.section(kind), ())
            yield from _page(translator, study, page, "KSAs", ksas)
    if any("domains" in scale.applies_to for scale in study.scales):
        names = [domain.domain_id for domain in outline.domains]
        whole = replace(study, form="")
        page = Page("domains", translator.section("domains"), ())
        yield from _page(translator, whole, page, "domains", names)


def _page(
    translator: Translator, study: _Study, page: Page, about: str, names: Sequence[str]
) -> Iterator[Page]:
    """Yield the page on which some statements are rated on every scale that applies to them."""
    shown = on_form(names, study.settings.survey, study.form)
    scales = [scale for scale in study.scales if about in scale.applies_to]
    if shown and scales:
        grids = (_grid(translator, study.outline, page.code, scale, shown) for scale in scales)
        yield replace(page, questions=tuple(grids))


def _grid(
    translator: Translator, outline: Outline, page: str, scale: Scale, names: Sequence[str]
) -> Question:
    """Return the grid in which statements are rated on a scale."""
    titles = {domain.domain_id: domain.title for domain in outline.domains}
    texts = outline.statements | titles
    rows = tuple(Row(name, translator.words(name, texts[name]), statement=name) for name in names)
    options = () if scale.is_allocation else tuple(_options(translator, scale))
    return Question(
        page + re.sub(r"[^A-Za-z0-9]", "", scale.name),
        "allocation" if scale.is_allocation else "grid",
        translator.words(scale.name, scale.question or scale.name.capitalize()),
        "rating",
        subject=scale.name,
        options=options,
        rows=rows,
    )


def _options(translator: Translator, scale: Scale) -> Iterator[Option]:
    """Yield the points of a scale: ratings in order, then what says that there is none."""
    aside = ("not applicable", "unable to rate")
    for point in sorted(scale.points, key=lambda point: (point.meaning in aside, point.value)):
        yield Option(point.value, translator.words(f"{scale.name} {point.value}", point.label))


def _end(translator: Translator, study: _Study) -> Iterator[Page]:
    """Yield the last page: how well the statements cover the work, and what is missing."""
    section = study.settings.survey
    questions = []
    if section.coverage_question == "yes":
        labels = split_list(translator.section("coverage options")[section.languages[0]])
        options = tuple(
            Option(code, words)
            for code, words in enumerate(translator.list_of("coverage options", labels), 1)
        )
        words = translator.section("coverage")
        questions.append(Question("coverage", "choice", words, "coverage", options=options))
    if section.write_in == "yes":
        questions.append(Question("missing", "text", translator.section("missing"), "write in"))
    if questions:
        yield Page("closing", translator.section("at the end"), tuple(questions))


def _with_unique_codes(pages: Iterable[Page]) -> tuple[Page, ...]:
    """Cut question codes to the length that platforms take, and number those that are alike."""
    taken: set[str] = set()

    def unique(code: str) -> str:
        short, number = code[:LONGEST_QUESTION_CODE], 2
        while short.casefold() in taken:
            short = f"{code[: LONGEST_QUESTION_CODE - len(str(number))]}{number}"
            number += 1
        taken.add(short.casefold())
        return short

    return tuple(
        replace(
            page,
            questions=tuple(replace(each, code=unique(each.code)) for each in page.questions),
        )
        for page in pages
    )


def _with_checks(
    pages: tuple[Page, ...], translator: Translator, settings: Settings
) -> tuple[Page, ...]:
    """Add the lines that check attention, and statements asked again, to the grids."""
    grids = [q for page in pages for q in page.questions if q.kind == "grid"]
    added: dict[str, list[Row]] = {grid.code: [] for grid in grids}
    for number, grid in enumerate(_spread(grids, settings.survey.attention_checks), 1):
        added[grid.code].append(_attention_check(translator, grid, number))
    if grids:
        last = [grid for grid in grids if grid.subject == grids[0].subject][-1]
        early = [
            row
            for grid in grids
            if grid.subject == last.subject and grid.code != last.code
            for row in grid.rows
        ]
        for number, row in enumerate(_spread(early, settings.survey.repeated_statements), 1):
            added[last.code].append(replace(row, code=f"again{number}", purpose="repeat"))
    return tuple(
        replace(
            page,
            questions=tuple(
                replace(each, rows=(*each.rows, *added.get(each.code, ())))
                for each in page.questions
            ),
        )
        for page in pages
    )


def _attention_check(translator: Translator, grid: Question, number: int) -> Row:
    """Return a line that asks to choose a certain point, neither the lowest nor the highest."""
    option = grid.options[(len(grid.options) - 1) // 2]
    words = translator.section("attention check", label="{label}")
    return Row(
        f"check{number}",
        {name: text.replace("{label}", option.words[name]) for name, text in words.items()},
        purpose="attention check",
        expected=option.code,
    )


def _spread(things: Sequence[Thing], number: int) -> list[Thing]:
    """Return a number of things, evenly spread over a sequence."""
    count = min(number, len(things))
    return [things[(2 * position + 1) * len(things) // (2 * count)] for position in range(count)]
