"""The columns of a REDCap export: which field, form and option each of them holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rds.survey.platforms.column_names import aligned
from rds.survey.platforms.redcap_dictionary import Field
from rds.survey.platforms.words import comparable, plain_text

PlaceKind = Literal[
    "field", "complete", "timestamp", "identifier", "event", "technical", "personal"
]

_VARIABLE = re.compile(r"[a-z][a-z0-9_]*")
_OPTION = re.compile(r"(?P<field>.*?)___(?P<option>.+)")
_OPTION_LABEL = re.compile(r"(?P<field>.*)\s\(choice=('?)(?P<option>.*)\2\)\s*", re.DOTALL)
_NO_COLUMN = ("descriptive",)

_OWN_NAMES: dict[str, PlaceKind] = {
    "redcap_event_name": "event",
    "redcap_repeat_instrument": "event",
    "redcap_repeat_instance": "event",
    "redcap_data_access_group": "technical",
    "redcap_survey_identifier": "identifier",
    "redcap_survey_link": "personal",
    "survey_queue_link": "personal",
}
_OWN_LABELS: dict[str, PlaceKind] = {
    "Event Name": "event",
    "Repeat Instrument": "event",
    "Repeat Instance": "event",
    "Data Access Group": "technical",
    "Survey Identifier": "identifier",
    "Survey Timestamp": "timestamp",
    "Complete?": "complete",
}


@dataclass(frozen=True)
class Place:
    """What a column holds.

    Parameters
    ----------
    kind
        A field's answers, or one of REDCap's own columns.
    name, option
        The variable and the code of its option, as far as the header or the dictionary says.
    label, option_label
        The same in words, as far as the header or the dictionary says.
    field
        What the dictionary says of the field; None without.
    """

    kind: PlaceKind
    name: str = ""
    option: str = ""
    label: str = ""
    option_label: str = ""
    field: Field | None = None

    @property
    def several(self) -> str:
        """What the options of one question with several answers have in common; else empty."""
        return (self.name or self.label) if self.option or self.option_label else ""


def has_raw_headers(headers: Sequence[str]) -> bool:
    """Tell whether all headers are names of variables.

    Examples
    --------
    >>> has_raw_headers(["record_id", "q2___1"]), has_raw_headers(["Record ID", "Complete?"])
    (True, False)
    """
    return all(_VARIABLE.fullmatch(header) for header in headers)


def places(headers: Sequence[str], fields: Sequence[Field]) -> tuple[Place, ...]:
    """Return what every column holds, from its header and the dictionary (empty without one)."""
    if has_raw_headers(headers):
        by_name = dict(_raw_columns(fields))
        return tuple(by_name.get(header) or _raw_place(header, fields) for header in headers)
    return _labelled_places(headers, fields)


def fits(headers: Sequence[str], fields: Sequence[Field]) -> bool:
    """Tell whether all headers are names or labels of a dictionary's fields, or REDCap's own."""
    if has_raw_headers(headers):
        known = set(dict(_raw_columns(fields)))
        return all(h in known or _raw_place(h, fields).kind != "field" for h in headers)
    labels = {key for key, _ in _labels(fields)}
    return all(header in _OWN_LABELS or _key(header) in labels for header in headers)


def _raw_columns(fields: Sequence[Field]) -> Iterator[tuple[str, Place]]:
    """Yield the columns of a raw export that a dictionary leads to, in order."""
    for field in fields:
        if field.kind in _NO_COLUMN:
            continue
        if field.kind != "checkbox":
            yield field.name, Place("field", field.name, label=field.label, field=field)
            continue
        for code, words in field.words.items():
            suffix = re.sub(r"[^a-z0-9]", "_", code.lower())
            place = Place("field", field.name, code, field.label, words, field)
            yield f"{field.name}___{suffix}", place


def _raw_place(header: str, fields: Sequence[Field]) -> Place:
    """Return what a column of a raw export holds that no dictionary describes."""
    if header in _OWN_NAMES:
        return Place(_OWN_NAMES[header], header)
    forms = {field.form for field in fields}
    for suffix, kind in (("_complete", "complete"), ("_timestamp", "timestamp")):
        if header.endswith(suffix) and (not forms or header.removesuffix(suffix) in forms):
            return Place("complete" if kind == "complete" else "timestamp", header)
    if header.endswith("_return_code"):
        return Place("personal", header)
    found = _OPTION.fullmatch(header)
    if found is None:
        return Place("field", header)
    option = re.sub(r"\A_", "-", found["option"])
    return Place("field", found["field"], option)


def _labels(fields: Sequence[Field]) -> Iterator[tuple[str, Place]]:
    """Yield the headers of a label export that a dictionary leads to, comparable, in order."""
    for _, place in _raw_columns(fields):
        yield _joined_key(place.label, place.option_label), place


def _key(header: str) -> str:
    """Return a header of a label export as it is compared; old exports quote the option."""
    found = _OPTION_LABEL.fullmatch(header)
    return _joined_key(found["field"], found["option"]) if found else comparable(header)


def _joined_key(label: str, option: str) -> str:
    """Return a label, and that of an option, as they are compared."""
    return f"{comparable(label)} (choice={comparable(option)})" if option else comparable(label)


def _labelled_places(headers: Sequence[str], fields: Sequence[Field]) -> tuple[Place, ...]:
    """Return what the columns of a label export hold.

    The same label may stand above several columns. The order of the dictionary tells them apart:
    a column's field is known if taking the first fitting fields and taking the last ones agree.
    """
    expected = list(_labels(fields))
    keys = [_key(header) for header in headers]
    own = [_OWN_LABELS.get(header) for header in headers]
    wanted = [n for n, kind in enumerate(own) if kind is None]
    found = aligned([keys[n] for n in wanted], [key for key, _ in expected])
    by_column = {n: expected[at][1] for n, at in zip(wanted, found, strict=True) if at is not None}
    return tuple(
        Place(kind, header) if kind else by_column.get(n) or _unnamed(header)
        for n, (header, kind) in enumerate(zip(headers, own, strict=True))
    )


def _unnamed(header: str) -> Place:
    """Return what a label alone says of a column."""
    found = _OPTION_LABEL.fullmatch(header)
    if found is None:
        return Place("field", label=plain_text(header))
    words = plain_text(found["option"])
    return Place("field", label=plain_text(found["field"]), option_label=words)
