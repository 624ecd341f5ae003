"""A survey for Qualtrics: Advanced Format text, and a list of what has to be done by hand."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping

from rds.survey.instrument import Instrument, Page, Question, Words

_TYPES = {
    "grid": "Matrix",
    "choice": "MC:SingleAnswer:Vertical",
    "several": "MC:MultipleAnswer:Vertical",
    "number": "TE:SingleLine",
    "text": "TE:Essay",
    "allocation": "CS",
    "information": "DB",
}
_BRACKET = re.compile(r"\[(?=\[)|(?<=\[)\[|\](?=\])|(?<=\])\]")
_NOT_IN_TAGS = re.compile(r"[\[\]:<>&$\s]+")
_LAST_BRACKETS = {"[": "&#91;", "]": "&#93;"}


def write(instrument: Instrument) -> dict[str, bytes]:
    """Return the files to hand over, by name.

    Returns
    -------
    dict
        One text file to import for each language, because the format holds one language, and
        a list of the steps that the format cannot express.
    """
    files = {
        file_name(instrument, language): survey_text(instrument, language)
        for language in instrument.languages
    }
    files[f"{instrument.name}-qualtrics-finish-by-hand.txt"] = finish_by_hand(instrument)
    return {name: text.encode() for name, text in files.items()}


def file_name(instrument: Instrument, language: str) -> str:
    """Return the name of the file to import in a language."""
    return f"{instrument.name}-qualtrics-{language}.txt"


def survey_text(instrument: Instrument, language: str) -> str:
    """Return the survey in Qualtrics' Advanced Format."""
    parts = [
        "[[AdvancedFormat]]",
        f"[[ED:rds_study:{_inside_tag(instrument.study_id)}]]",
        f"[[ED:rds_version:{instrument.version}]]",
        *([f"[[ED:rds_form:{_inside_tag(instrument.form)}]]"] if instrument.form else []),
        *(part for page in instrument.pages for part in _page(page, language)),
    ]
    return "\n\n".join(parts) + "\n"


def finish_by_hand(instrument: Instrument) -> str:
    """Return the steps that the file to import cannot express, numbered."""
    title = instrument.title[instrument.language]
    steps = "\n\n".join(f"{number}. {step}" for number, step in enumerate(_steps(instrument), 1))
    return f"{title}\nTo finish by hand in Qualtrics\n\n{steps}\n"


def escaped(text: str) -> str:
    """Return a text so that Qualtrics shows it as it is: one line, no tags, no piped text.

    Examples
    --------
    >>> escaped("risk & <b>, [[tags]], ${answers}")
    'risk &amp; &lt;b&gt;, &#91;&#91;tags&#93;&#93;, &#36;{answers}'
    """
    one_line = " ".join(text.split())
    shown = html.escape(one_line, quote=False).replace("${", "&#36;{")
    return _BRACKET.sub(lambda bracket: _LAST_BRACKETS[bracket[0]], shown)


def _page(page: Page, language: str) -> Iterator[str]:
    """Yield a block and its questions."""
    yield f"[[Block:{_inside_tag(f'{page.code} {page.words[language]}')}]]"
    for question in page.questions:
        yield from _question(question, language)


def _question(question: Question, language: str) -> Iterator[str]:
    """Yield a question: its type, export tag and text, then its choices and answers."""
    text = "<br>".join(escaped(line) for line in question.words[language].splitlines())
    yield f"[[Question:{_TYPES[question.kind]}]]\n[[ID:{question.code}]]\n{text}"
    options = [(option.code, option.words) for option in question.options]
    rows = [(position, row.words) for position, row in enumerate(question.rows, 1)]
    if rows or options:
        yield _list("Choice", rows or options, language)
    if rows and options:
        yield _list("Answer", options, language)


def _list(what: str, entries: Iterable[tuple[int, Words]], language: str) -> str:
    """Return choices or answers with their recode values."""
    lines = (f"[[{what}:{code}]]\n{escaped(words[language])}" for code, words in entries)
    return "\n".join([f"[[Advanced{what}s]]", *lines])


def _inside_tag(text: str) -> str:
    """Return a text that may stand inside a tag."""
    return _NOT_IN_TAGS.sub(" ", text).strip()


def _steps(instrument: Instrument) -> Iterator[str]:
    """Yield what to do by hand, in order."""
    language = instrument.language
    yield (
        "Import: make an empty survey project, then Tools, Import/Export, Import Survey; choose "
        f"{file_name(instrument, language)}."
    )
    yield (
        "Leave the question labels (export tags) as they are, and add, remove or move no line of "
        "a grid: Qualtrics names the columns of a grid by position. Choices and answers must "
        "have these recode values (question menu, Recode values):\n" + _lines(_codes(instrument))
    )
    yield from _required(instrument)
    yield from _checked_answers(instrument)
    yield from _translations(instrument)
    yield (
        "End: Survey flow, End of survey element, Customize, Custom end of survey message:\n   "
        + instrument.end.get(language, "Thank you.")
    )
    yield (
        "Anonymity: Survey options, Security, turn on “Anonymize responses” before the first "
        "invitation, unless your study plan says that invitations are followed up."
    )
    yield (
        "Dress rehearsal: answer the survey once with Preview, export that answer as in the next "
        "step and let “rds receive --dry-run” read it before anybody is invited."
    )
    yield (
        "Export: Data & Analysis, Export Data, CSV. Choose “Use numeric values” (or “Use choice "
        "text”) for all columns, and under More options “Split multi-value fields into columns”. "
        "Leave the three header rows as they are and do not save the file in a spreadsheet "
        "program."
    )
    yield (
        "Codebook: Tools, Import/Export, Export Survey gives a file ending in .qsf. Hand it over "
        "together with the answers: it says what every number means."
    )


def _codes(instrument: Instrument) -> Iterator[str]:
    """Yield a line of recode values for every question that has options."""
    language = instrument.language
    for question in instrument.questions:
        if question.options:
            codes = (f"{option.code} = {option.words[language]}" for option in question.options)
            yield f"{question.code}: {'; '.join(codes)}"


def _required(instrument: Instrument) -> Iterator[str]:
    """Yield the steps for required answers and for ending the survey."""
    required = [question.code for question in instrument.questions if question.required]
    if required:
        yield (
            "Required answers: for each of these questions turn on Add requirements, Force "
            f"response: {', '.join(required)}."
        )
    for question in instrument.questions:
        out = [option for option in question.options if option.code not in question.eligible]
        if question.eligible and out:
            answers = ", ".join(f"“{option.words[instrument.language]}”" for option in out)
            yield (
                f"Eligibility: in question {question.code} add skip logic, so that each of these "
                f"answers leads to the end of the survey: {answers}. In the end of survey element "
                "choose “Override survey options” and “Screen-out”."
            )


def _checked_answers(instrument: Instrument) -> Iterator[str]:
    """Yield the steps for numbers and for points that add up to 100."""
    kinds: Mapping[str, list[str]] = {
        kind: [question.code for question in instrument.questions if question.kind == kind]
        for kind in ("number", "allocation")
    }
    if kinds["number"]:
        yield (
            "Numbers: turn on Add validation, Content type, Number for "
            f"{', '.join(kinds['number'])}."
        )
    if kinds["allocation"]:
        yield (
            "Points: turn on “Must total 100” for " + ", ".join(kinds["allocation"]) + ", and show "
            "the total."
        )


def _translations(instrument: Instrument) -> Iterator[str]:
    """Yield the step for the languages that the imported file does not hold."""
    others = instrument.languages[1:]
    if others:
        files = (f"{language}: {file_name(instrument, language)}" for language in others)
        yield (
            "Languages: import no second survey. Survey, Tools, Translations: add each language, "
            "download its translation file, paste the texts in (they stand in the same order in "
            "the files below) and upload it:\n" + _lines(files)
        )


def _lines(lines: Iterable[str]) -> str:
    """Return lines set in below a step."""
    return "\n".join(f"   - {line}" for line in lines)
