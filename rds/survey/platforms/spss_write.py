"""The survey as SPSS syntax: reads a table of answers and sets everything that SPSS should know."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rds.survey.instrument import NOT_APPLICABLE_CODE, Instrument, Option, Question
from rds.survey.platforms.spss_names import (
    LONGEST_VALUE_LABEL,
    NOT_APPLICABLE,
    NOT_SHOWN,
    column_name,
    joined_label,
    shortened,
)

_Alike = TypeVar("_Alike", bound=Hashable)

RESPONDENT = "respondent_id"
_LEVELS = {"grid": "ORDINAL", "choice": "NOMINAL", "several": "NOMINAL", "text": "NOMINAL"}
_FORMATS = {"number": "F8.2", "text": "A2000"}
_TICKS = {0: "Not selected", 1: "Selected"}
_LINE = 100
_TITLE = 64

_BY_HAND = """Survey for SPSS: what to do
===========================

Files: {files}

1. Put the answers into {answers}: the first row holds the names of the
   variables and stays as it is, every further row one respondent. Answers are codes; a blank is
   no answer, 99 “not applicable”, -3 “not shown”. Where several answers can be chosen, each has
   a column of its own with 1 or 0. Save it as “CSV UTF-8” with commas, without line breaks in
   cells.
2. Put the answers and the syntax into one folder, and make it SPSS's working folder: open the
   syntax there by double-click, or write CD 'folder'. before its first line.
3. Run the whole syntax ({syntax}). It reads the answers, sets labels,
   missing values, levels of measurement and sets of multiple answers, and saves {data}.
4. To set up data that are open in SPSS already, run only what stands below “What the answers
   mean”; the variables need the names of the first row of the table.
5. Free PSPP runs the same syntax: pspp {syntax_first}
"""


@dataclass(frozen=True)
class Variable:
    """A variable of SPSS.

    Parameters
    ----------
    name, label
        Its name, and what it holds.
    format
        Such as ``"F3.0"``.
    level
        Its level of measurement.
    words
        What codes mean.
    missing
        Codes that are missing values.
    """

    name: str
    label: str
    format: str
    level: str
    words: Mapping[int, str] = field(default_factory=dict)
    missing: tuple[int, ...] = ()


def write(instrument: Instrument) -> Mapping[str, bytes]:
    """Return the syntax for every language, an empty table of answers, and what to do."""
    stem = f"{instrument.name}-spss"
    answers = f"{stem}-answers.csv"
    syntax = {f"{stem}-{language}.sps": language for language in instrument.languages}
    files = {
        name: _syntax(instrument, language, answers, f"{stem}-{language}.sav").encode("utf-8-sig")
        for name, language in syntax.items()
    }
    said = _BY_HAND.format(
        files=", ".join([*files, answers]),
        answers=answers,
        syntax=" or ".join(files),
        syntax_first=next(iter(files)),
        data=" or ".join(name.removesuffix("sps") + "sav" for name in files),
    )
    empty = io.StringIO(newline="")
    names = [variable.name for variable in variables(instrument, instrument.language)]
    csv.writer(empty, lineterminator="\r\n").writerow(names)
    return files | {
        answers: empty.getvalue().encode(),
        f"{stem}-finish-by-hand.txt": said.encode(),
    }


def variables(instrument: Instrument, language: str) -> list[Variable]:
    """Return every variable of a survey, the respondent first."""
    respondent = Variable(RESPONDENT, "Respondent", "A64", "NOMINAL")
    asked = (
        variable for question in instrument.questions for variable in _variables(question, language)
    )
    return [respondent, *asked]


def _variables(question: Question, language: str) -> Iterator[Variable]:
    """Yield the variables of a question."""
    text = question.words[language]
    if question.kind == "several":
        for option in question.options:
            label = joined_label(text, option.words[language])
            name = column_name(question.code, option=str(option.code))
            yield Variable(name, label, "F3.0", "NOMINAL", _TICKS)
    elif question.rows:
        for position, row in enumerate(question.rows, 1):
            label = joined_label(text, row.words[language])
            name = column_name(question.code, row.code, position)
            yield Variable(name, label, "F3.0", *_coded(question, language))
    elif question.kind != "information":
        format_ = _FORMATS.get(question.kind, "F3.0")
        name = column_name(question.code)
        yield Variable(name, shortened(text), format_, *_coded(question, language))


def _coded(question: Question, language: str) -> tuple[str, dict[int, str], tuple[int, ...]]:
    """Return level of measurement, words of the codes, and codes that are missing values."""
    level = _LEVELS.get(question.kind, "SCALE")
    if question.kind in ("text", "number"):
        return level, {}, ()
    words = {option.code: _option(option, language) for option in question.options}
    can_be_missing = [NOT_APPLICABLE] if NOT_APPLICABLE_CODE in words else []
    return level, words | {NOT_SHOWN: "Not shown"}, (*can_be_missing, NOT_SHOWN)


def _option(option: Option, language: str) -> str:
    """Return the words of an option as SPSS takes them."""
    return shortened(option.words[language], LONGEST_VALUE_LABEL)


def _syntax(instrument: Instrument, language: str, answers: str, data: str) -> str:
    """Return the syntax in a language."""
    asked = variables(instrument, language)
    commands = [
        "* Written by rds: run it in the folder that holds the answers.",
        "SET DECIMAL=DOT.",
        _get_data(answers, asked),
        "* What the answers mean.",
        f"FILE LABEL {_quoted(shortened(instrument.title[language], _TITLE))}.",
        _list("VARIABLE LABELS", [f"{one.name}{_text(one.label)}" for one in asked]),
        *(_value_labels(*alike) for alike in _alike(asked, lambda one: tuple(one.words.items()))),
        *(_missing(*alike) for alike in _alike(asked, lambda one: one.missing)),
        *(_level(*alike) for alike in _alike(asked, lambda one: one.level)),
        *(_set(question, language) for question in instrument.questions if _is_set(question)),
        f"SAVE OUTFILE={_quoted(data)}.",
    ]
    return "\r\n".join("\n\n".join(commands).split("\n")) + "\r\n"


def _get_data(answers: str, asked: Iterable[Variable]) -> str:
    """Return the command that reads the table of answers."""
    head = (
        f"GET DATA /TYPE=TXT /FILE={_quoted(answers)} /ENCODING='UTF8'\n"
        "  /ARRANGEMENT=DELIMITED /DELCASE=LINE /FIRSTCASE=2 /DELIMITERS=',' /QUALIFIER='\"'\n"
        "  /VARIABLES="
    )
    return head + "".join(f"\n    {one.name} {one.format}" for one in asked) + "."


def _list(command: str, parts: Sequence[str]) -> str:
    """Return a command with a list of parts between slashes."""
    return f"{command}\n  " + "\n  /".join(parts) + "."


def _alike(
    asked: Sequence[Variable], what: Callable[[Variable], _Alike]
) -> Iterator[tuple[_Alike, list[str]]]:
    """Yield what some variables have in common, if it is anything, and their names."""
    groups: dict[_Alike, list[str]] = {}
    for one in asked:
        groups.setdefault(what(one), []).append(one.name)
    return ((common, names) for common, names in groups.items() if common)


def _value_labels(words: Sequence[tuple[int, str]], names: Sequence[str]) -> str:
    """Return the command that says what codes mean."""
    labels = "".join(f"\n    {code}{_text(text)}" for code, text in words)
    return f"VALUE LABELS {_wrapped(names)}{labels}."


def _missing(codes: Sequence[int], names: Sequence[str]) -> str:
    """Return the command that declares codes as missing values."""
    return f"MISSING VALUES {_wrapped(names)} ({', '.join(map(str, codes))})."


def _level(level: str, names: Sequence[str]) -> str:
    """Return the command that sets a level of measurement."""
    return f"VARIABLE LEVEL {_wrapped(names)} ({level})."


def _is_set(question: Question) -> bool:
    """Tell whether the options of a question make a set of multiple answers."""
    return question.kind == "several" and len(question.options) > 1


def _set(question: Question, language: str) -> str:
    """Return the command that makes the options of a question a set."""
    names = [column_name(question.code, option=str(option.code)) for option in question.options]
    label = _text(shortened(question.words[language]))
    return (
        f"MRSETS /MDGROUP NAME=${question.code} LABEL={label.strip()}\n  CATEGORYLABELS=VARLABELS"
        f" VARIABLES={_wrapped(names)} VALUE=1."
    )


def _wrapped(names: Sequence[str]) -> str:
    """Return names on lines that are not too long."""
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > _LINE:
            lines.append("")
        lines[-1] += f" {name}"
    return "\n   ".join(lines).strip()


def _text(text: str) -> str:
    """Return a text in quotes, on lines that are not too long."""
    parts = [text[at : at + _LINE] for at in range(0, len(text), _LINE)] or [""]
    return " " + " +\n      ".join(map(_quoted, parts))


def _quoted(text: str) -> str:
    """Return a text in quotes as SPSS reads it."""
    return "'" + text.replace("'", "''") + "'"
