"""SurveyJS results as they are kept: lists, single results, envelopes, plain data, tables."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rds.survey.platforms.surveyjs_about import is_about
from rds.survey.platforms.words import bare_name, plain_text

COMMENT = "-Comment"
TOTAL = "-total"

_MANY = {"responses", "results", "data", "items", "answers", "submissions", "records", "rows"}
_MANY |= {"value", "surveyresults", "resultlist", "content"}
_ONE = {"json", "data", "result", "results", "surveyresult", "answers", "response", "responses"}
_ONE |= {"surveydata", "jsondata", "formdata", "submission", "content", "payload", "body"}
_ONE |= {"surveyresponse", "resultjson", "answersjson"}
_DEEPEST = 4
_FOREIGN = {"submitdate", "startlanguage", "SurveyEntry", "SurveyElements", "redcap_event_name"}
_FOREIGN |= {"_xform_id_string", "__id", "formhub/uuid", "meta/instanceID", "FeatureCollection"}
_FOREIGN_NAME = re.compile(r"\w+/\w+|\w+\[\w+\](\[\d\])?")
_CODE = re.compile(r"[\w-]+")
_PATH = re.compile(r"([\w-]+)\.([\w-]+(?: [\w-]+)*)(?:\.([\w-]+(?: [\w-]+)*))?")


class Leaf(NamedTuple):
    """Where in a result an answer stands; `is_about` if it stands around the answers."""

    question: str
    row: str = ""
    column: str = ""
    is_about: bool = False

    @property
    def name(self) -> str:
        """Its path."""
        return ".".join(filter(None, (self.question, self.row, self.column)))


Result = dict[Leaf, Any]
Path = tuple[str, ...]


@dataclass
class Said:
    """The words that plain data tells beside the answers; of values, perhaps in two languages."""

    questions: dict[str, str] = field(default_factory=dict)
    rows: dict[tuple[str, str], str] = field(default_factory=dict)
    labels: dict[Leaf, dict[str, str]] = field(default_factory=dict)
    is_contradicted: bool = False


def results_in(documents: Sequence[Any]) -> list[Any]:
    """Return the results in a file, each with whatever stands around it.

    Examples
    --------
    >>> results_in([{"data": [{"Q1": 1}, {"Q1": 2}]}])
    [{'Q1': 1}, {'Q1': 2}]
    """
    found: list[Any] = []
    for document in map(_parsed, documents):
        if isinstance(document, list) and not _is_plain_data(document):
            found.extend(map(_parsed, document))
        else:
            found.extend(_many(document))
    return found


def has_results(results: Sequence[Any], marks: Iterable[str]) -> bool:
    """Tell whether results look like those of SurveyJS: a grid, plain data, or one of our marks."""
    if not results or not all(map(_can_be_result, results)):
        return False
    return any(_looks_like(answers_in(result)[0], set(marks)) for result in results)


def answers_in(result: Any) -> tuple[Any, dict[str, Any]]:
    """Return the answers of a result, and what stands around them.

    Examples
    --------
    >>> answers_in({"id": 7, "data": {"Q1": 1}})
    ({'Q1': 1}, {'id': 7})
    """
    if not isinstance(result, dict):
        return result, {}
    parsed = {key: _parsed(value) for key, value in result.items()}
    inner = [key for key, value in parsed.items() if bare_name(key) in _ONE and _holds(value)]
    if len(inner) != 1 or not _is_envelope(parsed, inner[0]):
        return parsed, {}
    answers, about = answers_in(parsed.pop(inner[0]))
    return answers, parsed | about


def is_result(result: Any) -> bool:
    """Tell whether something can be read as a result at all.

    Examples
    --------
    >>> is_result({"Q1": 1}), is_result(["Q1"])
    (True, False)
    """
    return _holds(answers_in(result)[0])


def flatten(result: Any, said: Said) -> Result:
    """Return a result as single answers; the words that it tells are kept in `said`."""
    answers, about = answers_in(result)
    if isinstance(answers, list):
        answers = {key: answer for node in answers for key, answer in _told(node, said)}
    flat = {leaf: value for key, answer in answers.items() for leaf, value in _leaves(key, answer)}
    return flat | dict(_around(about))


def nested(paths: Sequence[Path], row: Sequence[str]) -> dict[str, Any]:
    """Return a row of a table as a result; paths become grids.

    Examples
    --------
    >>> nested([("id",), ("D1", "T01"), ("D1", "T02")], ["7", "3", ""])
    {'id': '7', 'D1': {'T01': '3'}}
    """
    result: dict[str, Any] = {}
    for path, cell in zip(paths, row, strict=True):
        if cell.strip():
            inside = result
            for part in path[:-1]:
                inside = inside.setdefault(part, {})
            inside[path[-1]] = _parsed(cell)
    return result


def paths_of(headers: Sequence[str], known: Mapping[str, Collection[str]]) -> list[Path]:
    """Return question, row and column of flattened headers; `known` names questions and columns.

    A header that begins like another whole one stays whole.

    Examples
    --------
    >>> paths_of(["D1.T01", "How old, e.g. 30?"], {})
    [('D1', 'T01'), ('How old, e.g. 30?',)]
    >>> paths_of(["Rate it.It works.", "certs", "certs.C1"], {"Rate it": ()})
    [('Rate it', 'It works.'), ('certs',), ('certs.C1',)]
    """
    paths = [_path(header, known) for header in headers]
    whole = set(paths)
    return [
        (header,) if any(path[:n] in whole for n in range(1, len(path))) else path
        for header, path in zip(headers, paths, strict=True)
    ]


def _path(header: str, known: Mapping[str, Collection[str]]) -> Path:
    """Return question, row and column of a flattened header."""
    for question, columns in known.items():
        if header.startswith(f"{question}."):
            row = header[len(question) + 1 :]
            before, _, column = row.rpartition(".")
            return (question, before, column) if before and column in columns else (question, row)
    found = None if header in known else _PATH.fullmatch(header)
    return tuple(filter(None, found.groups())) if found else (header,)


def with_lists(results: Sequence[Result], lists: Iterable[str]) -> list[Result]:
    """Put together answers that a table spread over columns such as ``Q2.0`` and ``Q2.1``.

    `lists` names questions with several answers; others are known by their columns: numbered from
    0, filled from the first on, no answer twice.
    """
    names = dict.fromkeys(leaf.question for result in results for leaf in result if leaf.row)
    spread = {name for name in names if name in set(lists) or _is_list(name, results)}
    return [_gathered(result, spread) for result in results]


def is_code(name: str) -> bool:
    """Tell whether a name is a code, not the words that people read."""
    return _CODE.fullmatch(name) is not None


def _parsed(value: Any) -> Any:
    """Return a text that is JSON as what it holds; anything else as it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _many(document: Any) -> list[Any]:
    """Return the results that a document holds in a list of its own, or the document."""
    if isinstance(document, dict):
        for key, value in document.items():
            inside = list(map(_parsed, value)) if isinstance(value, list) else []
            results = inside and all(isinstance(one, dict | list) for one in inside)
            if bare_name(key) in _MANY and results and not _is_plain_data(inside):
                return inside
    return [document]


def _is_plain_data(value: Any) -> bool:
    """Tell whether a list is one result as SurveyJS's plain data."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) and {"name", "title"} <= one.keys() for one in value)
        and any("displayValue" in one for one in value)
    )


def _is_envelope(parsed: Mapping[str, Any], inner: str) -> bool:
    """Tell whether what one key holds are the answers, and not those to a single grid."""
    beside = {key: value for key, value in parsed.items() if key != inner}
    if any(isinstance(value, list) for value in beside.values()):
        return False
    if _depth(parsed[inner]) > 1:
        return True
    flat = not any(isinstance(value, dict) for value in beside.values())
    return flat and (not beside or any(map(is_about, beside)))


def _holds(value: Any) -> bool:
    """Tell whether a value holds answers."""
    return isinstance(value, dict) or _is_plain_data(value)


def _can_be_result(result: Any) -> bool:
    """Tell whether nothing speaks against a result of SurveyJS."""
    answers, about = answers_in(result)
    if _is_plain_data(answers):
        return True
    if not isinstance(answers, dict) or {"values", "labels"} <= {*answers, *about}:
        return False
    keys = {*answers, *about}
    return (
        keys.isdisjoint(_FOREIGN)
        and not any(_FOREIGN_NAME.fullmatch(key) for key in keys)
        and _depth(answers) <= _DEEPEST
    )


def _looks_like(answers: Any, marks: set[str]) -> bool:
    """Tell whether answers bear a sign of SurveyJS."""
    if not isinstance(answers, dict):
        return _is_plain_data(answers)
    comments = any(key.removesuffix(COMMENT) != key for key in answers)
    return comments or not marks.isdisjoint(answers) or any(map(_is_grid, answers.values()))


def _is_grid(value: Any) -> bool:
    """Tell whether a value can be the answers to a grid."""
    return isinstance(value, dict) and bool(value) and _depth(value) <= _DEEPEST - 1


def _depth(value: Any) -> int:
    """Return how deep a value is nested."""
    inside = value.values() if isinstance(value, dict) else value
    return 1 + max(map(_depth, inside), default=0) if isinstance(value, dict | list) else 0


def _told(node: Mapping[str, Any], said: Said) -> Iterator[tuple[str, Any]]:
    """Yield the answer of a question in plain data, keeping what it says in words."""
    name, value = str(node["name"]), node.get("value")
    said.questions.setdefault(name, plain_text(str(node["title"])))
    inside = _inside(node)
    typed = [one.get("displayValue") for one in inside if one.get("isOther")]
    if not inside and node.get("displayValue") != value:
        _tell(Leaf(name), node, said)
    for one in inside:
        if isinstance(value, dict):
            _tell_row(name, one, said)
        elif not one.get("isOther"):
            _tell(Leaf(name), one, said)
    yield name, value
    if typed and typed[0] != value:
        yield f"{name}{COMMENT}", typed[0]


def _inside(node: Mapping[str, Any]) -> list[Any]:
    """Return the nodes inside a node of plain data."""
    nodes = node.get("data")
    return [one for one in nodes if isinstance(one, dict)] if isinstance(nodes, list) else []


def _tell_row(question: str, node: Mapping[str, Any], said: Said) -> None:
    """Keep the words of a row and of its values."""
    row = str(node.get("name"))
    said.rows.setdefault((question, row), plain_text(str(node.get("title", ""))))
    _tell(Leaf(question, row), node, said)
    for cell in _inside(node):
        _tell(Leaf(question, row, str(cell.get("name"))), cell, said)


def _tell(leaf: Leaf, node: Mapping[str, Any], said: Said) -> None:
    """Keep the words of a value, unless another result has other words for it."""
    value, words = node.get("value"), node.get("displayValue")
    if isinstance(value, str | int | float) and isinstance(words, str) and words:
        known = said.labels.setdefault(leaf, {})
        if known.setdefault(str(value), plain_text(words)) != plain_text(words):
            said.is_contradicted = True


def _leaves(key: str, answer: Any) -> Iterator[tuple[Leaf, Any]]:
    """Yield the single answers to a question."""
    rows: Iterable[tuple[str, Any]] = ()
    if isinstance(answer, dict):
        rows = answer.items()
    elif _is_table(answer):
        rows = ((str(number), row) for number, row in enumerate(answer, 1))
    else:
        yield Leaf(key), answer
    for row, cell in rows:
        if isinstance(cell, dict):
            yield from ((Leaf(key, row, column), value) for column, value in cell.items())
        else:
            yield Leaf(key, row), cell


def _is_table(answer: Any) -> bool:
    """Tell whether an answer is a list of rows that people added; files are none."""
    return (
        isinstance(answer, list)
        and bool(answer)
        and all(isinstance(one, dict) and "content" not in one for one in answer)
    )


def _around(about: Mapping[str, Any], before: str = "") -> Iterator[tuple[Leaf, Any]]:
    """Yield what stands around the answers."""
    for key, value in about.items():
        if isinstance(value, dict):
            yield from _around(value, f"{before}{key}.")
        else:
            yield Leaf(f"{before}{key}", is_about=True), value


def _is_list(name: str, results: Sequence[Result]) -> bool:
    """Tell whether the columns of a question are numbered answers of a list."""
    per_result = [{k.row: v for k, v in one.items() if k.question == name} for one in results]
    filled = [answers for answers in per_result if answers]
    return all(
        list(answers) == [str(number) for number in range(len(answers))]
        and len(set(map(str, answers.values()))) == len(answers)
        for answers in filled
    )


def _gathered(result: Result, spread: set[str]) -> Result:
    """Return a result in which the answers of some questions are lists."""
    gathered: Result = {}
    for leaf, value in result.items():
        if leaf.question in spread and leaf.row:
            gathered.setdefault(Leaf(leaf.question), []).append(value)
        else:
            gathered[leaf] = value
    return gathered
