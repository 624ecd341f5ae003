"""Which question, row or option a variable stands for, by its name and label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rds.survey.export import ExportColumn
from rds.survey.platforms.spss_names import JOINT
from rds.survey.platforms.words import comparable

_CHOICE = re.compile(r"(?P<question>.*)\s\(choice=(?P<option>.*)\)", re.DOTALL)
_BRACKET = re.compile(r"(?<=[^\[])\]\s+")
_OPEN = re.compile(r"(?P<base>.+?)(_\d+)?_(TEXT|other)", re.IGNORECASE)
_SELECTED = re.compile(r" - Selected Choice(?P<more> - | |$)")
_NOT_SELECTED = {"not selected", "unchecked", "not checked", "not ticked", "unticked"}


@dataclass(frozen=True)
class Ticks:
    """Variables that hold an option each.

    Parameters
    ----------
    names
        The variables.
    counted
        What stands there where the option was chosen; empty when anything that stands there says
        so.
    """

    names: tuple[str, ...]
    counted: str = ""


def described(
    names: Sequence[str],
    texts: Mapping[str, str],
    labels: Mapping[str, Mapping[str, str]],
    ticks: Sequence[Ticks],
) -> dict[str, ExportColumn]:
    """Return what is known of the variables that hold answers.

    Parameters
    ----------
    names
        The variables in order.
    texts, labels
        Their labels, and what their codes mean.
    ticks
        Those that hold an option each.

    Examples
    --------
    >>> texts = {"D1_T01": "How often? - Plan", "D1_T02": "How often? - Ask", "Q3": "Years - all"}
    >>> columns = described(list(texts), texts, {}, [])
    >>> columns["D1_T02"].question, columns["D1_T02"].row, columns["D1_T02"].row_text
    ('D1', 'T02', 'Ask')
    >>> columns["Q3"].question_text
    'Years - all'
    """
    plain = {name: _SELECTED.sub(_without_selected, texts.get(name, "")) for name in names}
    groups = _groups(names)
    options = {name for one in ticks for name in one.names}
    splits = {
        **_splits({name: plain[name] for name in names if name in options}, groups, ": "),
        **_splits(plain, groups, JOINT),
    }
    columns = {
        name: ExportColumn(
            name, question=name, question_text=plain[name], labels=labels.get(name, {})
        )
        for name in names
    }
    for stem, members in groups.items():
        split = {name: splits[name] for name in members if name in splits}
        columns |= dict(_parts(columns, stem, split, options, alone=len(members) == 1))
    for name in options - set(splits):
        columns[name] = replace(columns[name], option_text=_own_word(columns[name]), labels={})
    return columns | dict(_open_texts(columns))


def _parts(
    columns: Mapping[str, ExportColumn],
    stem: str,
    split: Mapping[str, tuple[str, str]],
    options: Container[str],
    *,
    alone: bool,
) -> Iterator[tuple[str, ExportColumn]]:
    """Yield the rows and options of a stem, with the codes that their names end in."""
    codes = [name[len(stem) :] for name in split]
    numbered = codes == [str(number + 1) for number in range(len(codes))]
    for position, (name, (question, part)) in enumerate(split.items(), 1):
        column = replace(columns[name], question_text=question)
        code = name[len(stem) :]
        if not alone:
            column = replace(column, question=stem.rstrip("_"))
        if name in options:
            yield name, replace(column, option="" if alone else code, option_text=part, labels={})
        elif alone:
            yield name, replace(column, row_text=part)
        elif numbered:
            yield name, replace(column, row_text=part, position=position)
        else:
            yield name, replace(column, row_text=part, row=code)


def ticks_of(
    names: Sequence[str], labels: Mapping[str, Mapping[str, str]], known: Sequence[Ticks]
) -> list[Ticks]:
    """Return the variables that hold an option each: sets of the file, and others by their codes.

    Beside the sets, variables of one stem count whose only code is the option itself, or whose
    codes are 0 “not selected” and 1.

    Examples
    --------
    >>> ticks_of(["a_1", "a_2"], {"a_1": {"1": "Basic"}, "a_2": {"1": "Advanced"}}, [])
    [Ticks(names=('a_1', 'a_2'), counted='')]
    """
    settled = {name for one in known for name in one.names}
    found = list(known)
    for members in _groups([name for name in names if name not in settled]).values():
        codes = [labels.get(name, {}) for name in members]
        words = {tuple(one.values()) for one in codes}
        if len(members) > 1 and all(len(one) == 1 for one in codes) and len(words) > 1:
            found.append(Ticks(tuple(members)))
        elif all(_is_tick(one) for one in codes):
            found.append(Ticks(tuple(members), "1"))
    return found


def _is_tick(codes: Mapping[str, str]) -> bool:
    """Tell whether codes say that an option was not chosen, or chosen."""
    return set(codes) == {"0", "1"} and codes["0"].casefold() in _NOT_SELECTED


def _groups(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the variables by what stands before the last underscore of their names."""
    groups: dict[str, list[str]] = {}
    for name in names:
        stem, mark, _ = name.rpartition("_")
        groups.setdefault(f"{stem}{mark}" if stem else name, []).append(name)
    return groups


def _splits(
    texts: Mapping[str, str], groups: Mapping[str, Sequence[str]], mark: str
) -> dict[str, tuple[str, str]]:
    """Return question and part of the labels that are put together of both with a mark.

    The question is what most variables of a stem, or else of the file, begin with; of several
    such beginnings the longest.
    """
    ways = {name: _ways(text, mark) for name, text in texts.items()}
    everywhere = Counter(question for found in ways.values() for question, _ in found)
    splits = {}
    for members in groups.values():
        known = [name for name in members if name in ways]
        here = Counter(question for name in known for question, _ in ways[name])
        for name in known:
            best = _best(ways[name], here) or _best(ways[name], everywhere)
            if best:
                splits[name] = best
    return splits


def _best(ways: Sequence[tuple[str, str]], counts: Mapping[str, int]) -> tuple[str, str] | None:
    """Return the way to split whose question most share; None if none is shared."""
    shared = [way for way in ways if counts[way[0]] > 1]
    return max(shared, key=lambda way: (counts[way[0]], len(way[0])), default=None)


def _ways(text: str, mark: str) -> list[tuple[str, str]]:
    """Return every way to split a label into question and part.

    Beside “question - part”, REDCap writes “question (choice=part)” and LimeSurvey
    “[part] question”.
    """
    choice = _CHOICE.fullmatch(text)
    if choice:
        return [(choice["question"], choice["option"])]
    if text.startswith("["):
        ends = [end for end in _BRACKET.finditer(text) if text[end.end() :]]
        return [(text[end.end() :], text[1 : end.start()]) for end in ends]
    parts = text.split(mark)
    pairs = [
        (mark.join(parts[:at]).strip(), mark.join(parts[at:]).strip())
        for at in range(1, len(parts))
    ]
    return [(question, part) for question, part in pairs if question and part]


def _without_selected(match: re.Match[str]) -> str:
    """Return what stands for “Selected Choice”, which Qualtrics adds to the question."""
    return JOINT if match["more"] else ""


def _own_word(column: ExportColumn) -> str:
    """Return the only word of a column's codes, as the name of its option."""
    return next(iter(column.labels.values())) if len(column.labels) == 1 else ""


def _open_texts(columns: Mapping[str, ExportColumn]) -> Iterator[tuple[str, ExportColumn]]:
    """Yield the columns of what people typed for “other”, with the question they belong to."""
    for name, column in columns.items():
        match = _OPEN.fullmatch(name)
        base = columns.get(match["base"]) if match else None
        if base is None or not base.question_text:
            continue
        parts = (column.question_text, column.row_text, column.option_text)
        text = JOINT.join(filter(None, parts))
        if comparable(text).startswith(comparable(base.question_text)):
            yield (
                name,
                ExportColumn(
                    name,
                    question=base.question,
                    question_text=base.question_text,
                    option_text=text[len(base.question_text) :].strip(" -"),
                    is_open_text=True,
                ),
            )
