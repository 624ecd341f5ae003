"""SPSS: syntax for a survey out, files of data (.sav, .zsav) in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rds.survey.export import Export
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.platform import Platform
from rds.survey.platforms.spss_labels import Ticks
from rds.survey.platforms.spss_names import column_name
from rds.survey.platforms.spss_read import (
    Table,
    labels_of,
    made_export,
    numbered,
    read_values,
    value_text,
)
from rds.survey.platforms.spss_save import write_sav
from rds.survey.platforms.spss_write import write

__all__ = ["PLATFORM", "column_name", "read", "recognise", "write", "write_sav"]

_STARTS = (b"$FL2", b"$FL3")
_LAYOUT, _LAYOUTS = (
    slice(64, 68),
    {code.to_bytes(4, end) for code in (2, 3) for end in ("little", "big")},
)
_OLD = "the file does not say its encoding; it was read as Windows-1252"


def recognise(file: ReceivedFile) -> bool:
    """Tell by its first bytes whether a file was saved by SPSS."""
    if file.kind != "binary":
        return False
    with file.path.open("rb") as content:
        head = content.read(_LAYOUT.stop)
    return head[:4] in _STARTS and head[_LAYOUT] in _LAYOUTS


def read(file: ReceivedFile) -> Export:
    """Read a file of SPSS; value labels are its codebook, sets of multiple answers its options.

    Raises
    ------
    InputError
        If the file is damaged, holds no answers, or pyreadstat is not installed.
    """
    frame, meta, is_old = read_values(file, "read_sav", "SPSS")
    labels = {
        name: {value_text(code): word.strip() for code, word in codes.items()}
        for name, codes in meta.variable_value_labels.items()
    }
    names = {name.casefold(): name for name in frame.columns}
    sets = dict(meta.mr_sets)
    members = {
        name: tuple(names[variable.casefold()] for variable in one["variable_list"])
        for name, one in sets.items()
    }
    texts = labels_of(meta) | {name: one["label"] or "" for name, one in sets.items()}
    table = Table(
        frame=numbered(frame),
        texts=texts,
        labels=labels,
        missing={name: _declared(ranges) for name, ranges in meta.missing_ranges.items()},
        typed=frozenset(n for n, kind in meta.readstat_variable_types.items() if kind == "string"),
        ticks=tuple(
            Ticks(members[name], value_text(one["counted_value"]))
            for name, one in sets.items()
            if one["is_dichotomy"]
        ),
        lists={name: members[name] for name, one in sets.items() if not one["is_dichotomy"]},
        assumed=(_OLD,) if is_old else (),
    )
    return made_export(file, "spss", table)


def _declared(ranges: list[dict[str, Any]]) -> Callable[[str], bool]:
    """Return what tells whether a code is declared as missing."""

    def is_missing(code: str) -> bool:
        try:
            number = float(code)
        except ValueError:
            return any(code == one["lo"] == one["hi"] for one in ranges)
        return any(
            one["lo"] <= number <= one["hi"]
            for one in ranges
            if not isinstance(one["lo"], str) and not isinstance(one["hi"], str)
        )

    return is_missing


PLATFORM = Platform(
    name="spss",
    title="SPSS",
    recognise=recognise,
    read=read,
    write=write,
    column_name=column_name,
)
