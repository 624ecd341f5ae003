"""A LimeSurvey structure file (.txt or .lss) as a codebook: codes, types and texts by language."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from rds.survey.instrument import Words
from rds.survey.platforms.opening import file_problem

Texts = dict[str, dict[str, str]]
"""Words by code."""


@dataclass
class BookQuestion:
    """A question of the structure.

    Parameters
    ----------
    code, identifier
        Its code, and LimeSurvey's own number for it; the number may be empty.
    kind
        LimeSurvey's letter for its type.
    words
        What people read, by language.
    rows
        Words of the rows by code, for a question with several options those of the options.
    across
        Words of what stands across the rows, in an array of numbers or texts.
    answers
        Words of the answers by code, for each of the one or two scales.
    headers
        What stands above the two scales of a dual-scale array, by language.
    has_other
        Whether another answer can be typed in.
    """

    code: str
    identifier: str = ""
    kind: str = ""
    words: dict[str, str] = field(default_factory=dict)
    rows: Texts = field(default_factory=dict)
    across: Texts = field(default_factory=dict)
    answers: tuple[Texts, Texts] = field(default_factory=lambda: ({}, {}))
    headers: tuple[dict[str, str], dict[str, str]] = field(default_factory=lambda: ({}, {}))
    has_other: bool = False


@dataclass(frozen=True)
class Book:
    """The questions of a structure file by code, and its base language."""

    language: str
    questions: Mapping[str, BookQuestion]

    def said(self, words: Words) -> str:
        """Return a text in the base language, or in any other when it has none."""
        return words.get(self.language) or next((text for text in words.values() if text), "")


class _Line(NamedTuple):
    """A line of a structure: a question, a row or an answer in one language."""

    what: str
    question: str
    code: str
    scale: str
    language: str
    text: str
    identifier: str = ""
    headers: tuple[str, str] = ("", "")
    has_other: bool = False


def read_book(path: Path) -> Book:
    """Read a structure file of LimeSurvey.

    Raises
    ------
    InputError
        If the file is no structure of a LimeSurvey survey, or is damaged.
    """
    content = path.read_bytes()
    try:
        text = content.decode(
            "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        )
        read = _read_xml if text.lstrip().startswith("<") else _read_table
        language, lines = read(text)
    except (ValueError, KeyError, csv.Error, ParseError, DefusedXmlException):
        raise _no_book(path) from None
    if not lines:
        raise _no_book(path)
    return Book(language or lines[0].language, _questions(lines))


def _no_book(path: Path) -> Exception:
    """Return the error for a file that is no structure."""
    return file_problem(
        path.name,
        "no whole survey structure of LimeSurvey",
        "the survey's structure as LimeSurvey exports it: .lss, or tab-separated .txt",
        "export the survey structure again, and leave the file as it is",
    )


def _questions(lines: Iterable[_Line]) -> dict[str, BookQuestion]:
    """Gather the lines of all languages."""
    questions: dict[str, BookQuestion] = {}
    for line in lines:
        question = questions.setdefault(line.question, BookQuestion(line.question))
        second = line.scale == "1"
        if line.what == "Q":
            question.kind, question.identifier = line.scale, line.identifier
            question.words[line.language] = line.text
            question.has_other = line.has_other
            for header, text in zip(question.headers, line.headers, strict=True):
                header.update({line.language: text} if text else {})
        else:
            rows = question.across if second else question.rows
            texts = rows if line.what == "SQ" else question.answers[second]
            texts.setdefault(line.code, {})[line.language] = line.text
    return questions


def _read_table(text: str) -> tuple[str, list[_Line]]:
    """Return base language and lines of a tab-separated structure."""
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    language, question, lines = "", "", []
    for row in rows:
        cell = defaultdict(str, {name: value or "" for name, value in row.items() if name})
        what, code, scale = row["class"], row["name"], row["type/scale"]
        if what == "S" and code == "language":
            language = cell["text"]
        if what == "Q":
            question = code
        if what in ("Q", "SQ", "A"):
            headers = (cell["dualscale_headerA"], cell["dualscale_headerB"])
            said = (cell["language"], cell["text"], cell["id"], headers, cell["other"] == "Y")
            lines.append(_Line(what, question, code, scale, *said))
    return language, lines


def _read_xml(text: str) -> tuple[str, list[_Line]]:
    """Return base language and lines of an .lss structure."""
    root = fromstring(text.encode())
    surveys = _records(root, "surveys")
    if root.tag != "document" or not surveys:
        raise ValueError
    return surveys[0].get("language", ""), list(_xml_lines(root))


def _xml_lines(root: Element) -> Iterator[_Line]:
    """Yield the questions in their order, each with its rows and answers."""
    groups = {group["gid"]: _number(group, "group_order") for group in _records(root, "groups")}
    said = _localised(root, "question_l10ns", "qid", "question")
    answer_said = _localised(root, "answer_l10ns", "aid", "answer")
    headers = _dual_headers(root)
    codes = {}

    def place(row: dict[str, str]) -> tuple[int, int]:
        return groups.get(row["gid"], 0), _number(row, "question_order")

    for row in sorted(_records(root, "questions"), key=place):
        codes[row["qid"]] = row["title"]
        for language, text in _texts(row, said.get(row["qid"]), "question"):
            own = headers[row["qid"]]
            above = (own["dualscale_headerA", language], own["dualscale_headerB", language])
            line = _Line("Q", row["title"], row["title"], row["type"], language, text, row["qid"])
            yield line._replace(headers=above, has_other=row.get("other") == "Y")
    for row in sorted(_records(root, "subquestions"), key=place):
        for language, text in _texts(row, said.get(row["qid"]), "question"):
            parent, scale = codes[row["parent_qid"]], row.get("scale_id", "0")
            yield _Line("SQ", parent, row["title"], scale, language, text)
    for row in sorted(_records(root, "answers"), key=lambda row: _number(row, "sortorder")):
        for language, text in _texts(row, answer_said.get(row.get("aid", "")), "answer"):
            scale = row.get("scale_id", "0")
            yield _Line("A", codes[row["qid"]], row["code"], scale, language, text)


def _number(row: Mapping[str, str], name: str) -> int:
    """Return a place in an order."""
    return int(row.get(name) or 0)


def _records(root: Element, table: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    rows = root.findall(f"{table}/rows/row")
    return [{cell.tag: cell.text or "" for cell in row} for row in rows]


def _localised(root: Element, table: str, key: str, text: str) -> dict[str, dict[str, str]]:
    """Return the texts of a table by what they belong to and by language."""
    texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in _records(root, table):
        texts[row[key]][row["language"]] = row.get(text, "")
    return texts


def _texts(
    row: Mapping[str, str], said: Mapping[str, str] | None, name: str
) -> Iterable[tuple[str, str]]:
    """Return the texts of a row by language; before LimeSurvey 4 they stood in the row itself."""
    return said.items() if said else [(row.get("language", ""), row.get(name, ""))]


def _dual_headers(root: Element) -> defaultdict[str, defaultdict[tuple[str, str], str]]:
    """Return what stands above the scales of dual-scale arrays."""
    headers: defaultdict[str, defaultdict[tuple[str, str], str]] = defaultdict(
        lambda: defaultdict(str)
    )
    for row in _records(root, "question_attributes"):
        headers[row["qid"]][row["attribute"], row.get("language", "")] = row.get("value", "")
    return headers
