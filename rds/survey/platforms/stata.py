"""Stata: files of data (.dta) in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rds.survey.export import Export
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.spss_read import (
    Table,
    damaged,
    labels_of,
    made_export,
    numbered,
    read_values,
    value_text,
)

_NEW_START, _NEW_END = b"<stata_dta>", b"</stata_dta>"
_OLD_STARTS = (b"\x71", b"\x72", b"\x73")
_LONGEST_LABEL = 80
_OLD = "the file does not say its encoding; it was read as Windows-1252"


def recognise(file: ReceivedFile) -> bool:
    """Tell by its first bytes whether a file was saved by Stata."""
    if file.kind != "binary":
        return False
    with file.path.open("rb") as content:
        start = content.read(len(_NEW_START))
    return start == _NEW_START or start[:1] in _OLD_STARTS


def read(file: ReceivedFile) -> Export:
    """Read a file of Stata; value labels are its codebook, missing values .a to .z keep theirs.

    Raises
    ------
    InputError
        If the file is damaged, holds no answers, or pyreadstat is not installed.
    """
    _refuse_cut_off(file)
    lettered, meta, is_old = read_values(file, "read_dta", "Stata")
    # Beside missing values with letters, pyreadstat 1.3.7 reads an integer without a value as 0.
    frame, _, _ = read_values(file, "read_dta", "Stata", with_missing=False)
    kinds = meta.readstat_variable_types
    coded = [name for name, kind in kinds.items() if kind != "string"]
    labels = {
        name: {_code(code): word.strip() for code, word in codes.items()}
        for name, codes in meta.variable_value_labels.items()
    }
    texts = numbered(frame)
    dotted = {
        name: _dotted(texts[name], lettered[name], labels.get(name, {}))
        for name in coded
        if meta.missing_user_values.get(name)
    }
    table = Table(
        frame=texts.assign(**dotted),
        texts=labels_of(meta, _LONGEST_LABEL),
        labels=labels,
        missing={},
        typed=frozenset(kinds) - frozenset(coded),
        assumed=(_OLD,) if is_old else (),
    )
    return made_export(file, "stata", table)


def _refuse_cut_off(file: ReceivedFile) -> None:
    """Refuse a file that does not end as Stata ends it."""
    with file.path.open("rb") as content:
        if content.read(len(_NEW_START)) != _NEW_START:
            return
        size = content.seek(0, 2)
        content.seek(max(0, size - len(_NEW_END) - 2))
        if not content.read().rstrip().endswith(_NEW_END):
            raise damaged(file, "Stata")


def _code(code: Any) -> str:
    """Return a code as text; missing values with the point that Stata shows before them."""
    return f".{code}" if isinstance(code, str) else value_text(code)


def _dotted(
    texts: pd.Series[str], lettered: pd.Series[Any], labels: Mapping[str, str]
) -> pd.Series[str]:
    """Return values as text; a missing value that no label explains is no answer."""
    codes = [f".{value}" if isinstance(value, str) else "" for value in lettered]
    known = [code if code in labels else text for code, text in zip(codes, texts, strict=True)]
    return pd.Series(known, index=texts.index, dtype=str)


PLATFORM = Platform(name="stata", title="Stata", recognise=recognise, read=read)
