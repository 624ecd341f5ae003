"""Reading files of SPSS and Stata: values as text, with what the file says of its variables."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from rds.survey.export import NOT_SHOWN_TEXT, NOT_TICKED, TICKED, ColumnRole, Export, ExportColumn
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem
from rds.survey.platforms.plain import plain_export
from rds.survey.platforms.qualtrics_about import reason_to_leave_out, status_of
from rds.survey.platforms.spss_about import is_qualtrics, roles, status_word
from rds.survey.platforms.spss_extra import library
from rds.survey.platforms.spss_labels import Ticks, described, ticks_of
from rds.survey.platforms.spss_names import (
    CUT,
    LONGEST_LABEL,
    LONGEST_VALUE_LABEL,
    NOT_APPLICABLE,
)
from rds.survey.platforms.words import bare_name, plain_text

_OLD_ENCODING = "WINDOWS-1252"
_SHORTEST_CUT = LONGEST_VALUE_LABEL - 20
_CUSTOMARY = re.compile(r"-\d+|9+[789]|\.[a-z]")
_NO_ANSWER = re.compile(
    r"(seen,? (but )?)?(not answered|unanswered)|no answer|no response|missing|skipped|system"
    r"|keine angabe|sans réponse|sin respuesta"
)
_NOT_SHOWN = re.compile(r"not (shown|displayed|asked|presented|seen)|nicht (gezeigt|gefragt)")
_NOT_APPLICABLE = re.compile(
    r"n/?a|not applicable|(does|do) not apply|not (a )?part of (my|the|this|their) (role|job|work)"
    r"|trifft nicht zu|nicht zutreffend|sans objet|no aplica"
)


@dataclass(frozen=True)
class Table:
    """A file's values as text, and what it says of its variables.

    Parameters
    ----------
    frame
        The values, indexed by the number of the case.
    texts
        Labels of the variables.
    labels
        What codes mean, by variable and code.
    missing
        Tells of a variable whether a code of it is declared as missing. Codes that are customary
        for it count, too, where their labels say so.
    typed
        Variables that hold typed text rather than numbers.
    ticks
        Sets of variables that hold an option each.
    lists
        Sets of variables that hold the code of a chosen option each, by the name of the set.
    assumed
        What had to be assumed.
    """

    frame: pd.DataFrame
    texts: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]
    missing: Mapping[str, Callable[[str], bool]]
    typed: frozenset[str]
    ticks: tuple[Ticks, ...] = ()
    lists: Mapping[str, tuple[str, ...]] | None = None
    assumed: tuple[str, ...] = ()


def read_values(
    file: ReceivedFile, function: str, program: str, *, with_missing: bool = True
) -> tuple[pd.DataFrame, Any, bool]:
    """Return values and description of a file, and whether its encoding had to be assumed.

    Parameters
    ----------
    file
        The file.
    function
        The function of pyreadstat that reads it.
    program
        The program that wrote it, for messages.
    with_missing
        Whether codes declared as missing stand among the values.

    Raises
    ------
    InputError
        If pyreadstat is not installed, or the file is damaged.
    """
    pyreadstat = library("pyreadstat", extra="spss", file=file.name)
    read = getattr(pyreadstat, function)
    for encoding in (None, _OLD_ENCODING):
        try:
            frame, meta = read(file.path, user_missing=with_missing, encoding=encoding)
        except UnicodeDecodeError:
            continue
        except pyreadstat.ReadstatError as error:
            if "encod" in str(error).casefold() or "string" in str(error).casefold():
                continue
            raise damaged(file, program) from None
        return frame, meta, encoding is not None
    raise damaged(file, program)


def damaged(file: ReceivedFile, program: str) -> Exception:
    """Return the error for a file that cannot be read."""
    return file_problem(
        file.name,
        f"a damaged or incomplete file of {program}",
        f"a file of {program} that can be opened",
        f"open it in {program} and save it again, or copy it again",
    )


def cell_texts(cells: pd.Series[Any]) -> pd.Series[str]:
    """Return values as text: whole numbers without decimals, dates as 2026-05-04T10:20:31.

    Examples
    --------
    >>> cell_texts(pd.Series([3.0, None, 1.25])).tolist()
    ['3', '', '1.25']
    """
    codes, levels = pd.factorize(cells)
    texts = np.array([*map(value_text, levels), ""], dtype=object)
    return pd.Series(texts[codes], index=cells.index, dtype=str)


def value_text(value: Any) -> str:
    """Return a value as text.

    Examples
    --------
    >>> value_text(99.0), value_text(0.1 + 0.2), value_text(datetime.date(2026, 5, 4))
    ('99', '0.3', '2026-05-04')
    """
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds")
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if float(value).is_integer() else format(float(value), ".15g")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return values as text, indexed by the number of the case."""
    texts = {name: cell_texts(frame[name]) for name in frame.columns}
    table = pd.DataFrame(texts, dtype=str)
    table.index = pd.RangeIndex(1, len(table) + 1)
    return table


def labels_of(meta: Any, longest: int = LONGEST_LABEL) -> dict[str, str]:
    """Return the labels of variables, plain, with “…” where the file's format cut them."""
    found = {}
    for name, label in meta.column_names_to_labels.items():
        text = label or ""
        is_cut = len(text) >= longest or len(text.encode()) >= longest
        found[name] = plain_text(text) + (f" {CUT}" if is_cut and not text.endswith(CUT) else "")
    return found


def made_export(file: ReceivedFile, platform: str, table: Table) -> Export:
    """Return the export of a file's values."""
    plain = plain_export(replace(file, kind="text", rows=lambda: _rows(table.frame)))
    if plain.layout != "wide":
        return replace(plain, platform=platform)
    table, left_out = _kept(file, _without_missing(_with_lists(table)))
    frame, names = table.frame, list(table.frame.columns)
    typed = {name: frame[name].unique() for name in table.typed}
    coded = {name for name, words in table.labels.items() if words}
    found = roles(names, table.texts, typed, coded)
    answers = [name for name in names if name not in found]
    ticks = ticks_of(answers, table.labels, table.ticks)
    asked = described(answers, table.texts, table.labels, ticks)
    about = {name: ExportColumn(name, role) for name, role in found.items()}
    columns = tuple(asked[name] if name in asked else about[name] for name in names)
    made = frame.assign(**_ticked(frame, ticks), **_about(table, found))
    return Export(
        source=file.name,
        sha256=file.sha256,
        layout="wide",
        columns=tuple(names),
        blocks=lambda: iter((made,)),
        assumed=(*file.assumed, *table.assumed),
        platform=platform,
        described=columns,
        left_out=left_out,
        codes_are_ours=not is_qualtrics(names),
    )


def _rows(frame: pd.DataFrame) -> Iterator[list[str]]:
    """Yield header and values as rows of text."""
    yield list(map(str, frame.columns))
    yield from map(list, frame.itertuples(index=False, name=None))


def _with_lists(table: Table) -> Table:
    """Return the values with a variable for every option that a set of variables lists."""
    frame, texts, ticks = table.frame, dict(table.texts), list(table.ticks)
    for name, members in (table.lists or {}).items():
        words = {code: word for one in members for code, word in table.labels.get(one, {}).items()}
        question = texts.get(name, "") or texts.get(members[0], "")
        made = {f"{name}_{code}": (frame[list(members)] == code).any(axis=1) for code in words}
        answered = (frame[list(members)] != "").any(axis=1)
        for code, word in words.items():
            texts[f"{name}_{code}"] = f"{question} - {word}"
        at = frame.columns.get_loc(members[0])
        whole = {
            one: cells.map({True: TICKED, False: NOT_TICKED}).where(answered, "").astype(str)
            for one, cells in made.items()
        }
        before, after = frame.iloc[:, :at], frame.iloc[:, at:].drop(columns=list(members))
        frame = pd.concat([before, pd.DataFrame(whole, index=frame.index), after], axis=1)
        ticks.append(Ticks(tuple(made), TICKED))
    return replace(table, frame=frame, texts=texts, ticks=tuple(ticks), lists=None)


def _without_missing(table: Table) -> Table:
    """Return the values with codes declared as missing as what their labels say of them.

    Variables with a label that was cut are left without labels.
    """
    frame, labels = {}, dict(table.labels)
    for name in table.frame.columns:
        is_missing, words = table.missing.get(name), labels.get(name, {})
        read = {
            code: _missing_text(code, words.get(code, ""))
            for code in {*words, *table.frame[name].unique()}
            if (is_missing is not None and is_missing(code))
            or (code in words and _CUSTOMARY.fullmatch(code))
        }
        known = {code: text for code, text in read.items() if text is not None}
        left = {code: word for code, word in words.items() if code not in known}
        labels[name] = {} if any(map(_is_cut, left.values())) else left
        frame[name] = table.frame[name].replace(known) if known else table.frame[name]
    return replace(table, frame=pd.DataFrame(frame, dtype=str), labels=labels)


def _is_cut(word: str) -> bool:
    """Tell whether a value label is one that SPSS had no room for: then codes say more."""
    length = len(word.encode())
    return length == LONGEST_VALUE_LABEL or (word.endswith(CUT) and length > _SHORTEST_CUT)


def _missing_text(code: str, label: str) -> str | None:
    """Return what is written for a code declared as missing; None if that is not known.

    Examples
    --------
    >>> _missing_text("98", "Seen, not answered"), _missing_text("99", "Not part of my role")
    ('', '99')
    >>> _missing_text("-3", ""), _missing_text("7", "Refused") is None
    ('-3', True)
    """
    word = plain_text(label).casefold().rstrip(".")
    if _NOT_SHOWN.fullmatch(word) or (code == NOT_SHOWN_TEXT and not word):
        return NOT_SHOWN_TEXT
    if _NOT_APPLICABLE.fullmatch(word) or (code == str(NOT_APPLICABLE) and not word):
        return str(NOT_APPLICABLE)
    return "" if _NO_ANSWER.fullmatch(word) else None


def _kept(file: ReceivedFile, table: Table) -> tuple[Table, dict[str, int]]:
    """Return the cases that are answers of respondents, and how many are left out by reason."""
    frame = table.frame
    by_key = {bare_name(str(name)): name for name in frame.columns}
    if file.with_tests or not is_qualtrics(frame.columns):
        return table, {}
    nothing = pd.Series("", index=frame.index)
    status = frame[by_key["status"]] if "status" in by_key else nothing
    channel = frame[by_key["distributionchannel"]] if "distributionchannel" in by_key else nothing
    reasons = [reason_to_leave_out(*pair) for pair in zip(status, channel, strict=True)]
    kept = [not reason for reason in reasons]
    return replace(table, frame=frame[kept]), dict(Counter(filter(None, reasons)))


def _ticked(frame: pd.DataFrame, ticks: Sequence[Ticks]) -> dict[str, pd.Series[str]]:
    """Return variables of one option each as ticked, not ticked, or "" where nothing is known."""
    made: dict[str, pd.Series[str]] = {}
    for one in ticks:
        shown = frame[list(one.names)]
        answered = (~shown.isin(["", NOT_SHOWN_TEXT])).any(axis=1)
        for name in one.names:
            cells = frame[name]
            chosen = cells == one.counted if one.counted else ~cells.isin(["", "0"])
            made[name] = (
                cells.where(cells == NOT_SHOWN_TEXT, NOT_TICKED)
                .mask(~answered & (cells == ""), "")
                .mask(chosen, TICKED)
            )
    return made


def _about(table: Table, found: Mapping[str, ColumnRole]) -> dict[str, pd.Series[str]]:
    """Return the status of every respondent in our words."""
    frame = table.frame
    name = next((name for name, role in found.items() if role == "status"), None)
    if name is None:
        return {}
    words = table.labels.get(name, {})
    said = frame[name].map(lambda code: words.get(code, code))
    if bare_name(name) == "finished":
        said = said.map(lambda text: status_of(text, "", ""))
    elif bare_name(name) == "progress":
        said = said.map(lambda text: status_of("", text, ""))
    return {name: said.map(status_word).astype(str)}
