"""The columns of ODK and KoboToolbox exports: which field and choice each of them holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rds.survey.export import ColumnRole, ExportColumn
from rds.survey.platforms.column_names import aligned, column_names, names_a_person
from rds.survey.platforms.words import comparable, plain_text
from rds.survey.platforms.xlsform_book import FormField, languages
from rds.survey.platforms.xlsform_write import SHOWN_PREFIX

_CODE = re.compile(r"[A-Za-z_][\w.-]*([/:][\w.-]+)*")
_FIELD_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_OWN_FIELD = re.compile(
    rf"(.*[-/])?({SHOWN_PREFIX}|generated_table_list_label_|reserved_name_for_field_list_labels_).*"
    r"|_+version_[_\d]*"
)
_PERSONAL_KINDS = {"username", "email", "deviceid", "phonenumber", "subscriberid", "simserial"}
_PERSONAL_KINDS |= {"geopoint", "geotrace", "geoshape", "start-geopoint", "audit"}
_PERSONAL_KINDS |= {"image", "audio", "video", "file", "background-audio"}
_NOT_ANSWERS = {"note", "calculate", "hidden", "start", "end", "today", "acknowledge"}


@dataclass(frozen=True)
class Flavour:
    """How a platform writes the columns of an XLSForm.

    Parameters
    ----------
    separator
        What stands between the names of groups and fields.
    roles
        The roles of its own columns.
    """

    separator: str
    roles: Mapping[str, ColumnRole]


@dataclass(frozen=True)
class _Place:
    """What a column holds: the header of its field and the option, the form's field if known."""

    base: str
    option: str = ""
    field: FormField | None = None
    option_text: str = ""


def described_columns(
    headers: Sequence[str], flavour: Flavour, fields: Sequence[FormField]
) -> tuple[ExportColumn, ...]:
    """Return what is known of every column, from its header and the form (empty without one)."""
    names = column_names(headers)
    answers = [header for header in headers if header not in flavour.roles]
    if all(map(_CODE.fullmatch, answers)):
        places = _named_places(headers, flavour, fields)
        leaves = _leaves(places, flavour)
        return tuple(
            _column(name, header, flavour)
            or _named(name, place, leaf, joined=_is_joined(place, places))
            for name, header, place, leaf in zip(names, headers, places, leaves, strict=True)
        )
    places = _labelled_places(headers, flavour, fields)
    return tuple(
        _column(name, header, flavour)
        or _labelled(name, place, headers, joined=_is_joined(place, places))
        for name, header, place in zip(names, headers, places, strict=True)
    )


def _column(name: str, header: str, flavour: Flavour) -> ExportColumn | None:
    """Return what is known of a platform's own column."""
    role = flavour.roles.get(header)
    return ExportColumn(name, role) if role else None


def _is_joined(place: _Place, places: Sequence[_Place]) -> bool:
    """Tell whether a column repeats in one cell what the columns of its options hold."""
    return not place.option and any(p.option and p.base == place.base for p in places)


def _named_places(
    headers: Sequence[str], flavour: Flavour, fields: Sequence[FormField]
) -> list[_Place]:
    """Return what the columns hold whose headers are names."""
    known = {field.name: field for field in fields}
    known |= {flavour.separator.join((*field.groups, field.name)): field for field in fields}
    return [_named_place(header, headers, known) for header in headers]


def _named_place(header: str, headers: Sequence[str], known: Mapping[str, FormField]) -> _Place:
    """Return what a column holds whose header is a name; an option stands behind a slash."""
    base, _, option = header.rpartition("/")
    field = known.get(base)
    several = field is not None and field.kind == "select_multiple"
    is_option = several or base in headers or not _FIELD_NAME.fullmatch(option)
    if base and header not in known and is_option:
        return _Place(base, option, field, _base_words(field).get(option, ""))
    return _Place(header, field=known.get(header))


def _base_words(field: FormField | None) -> Mapping[str, str]:
    """Return the words of every choice in the form's base language."""
    return next(iter(field.choices.values()), {}) if field else {}


def _leaves(places: Sequence[_Place], flavour: Flavour) -> list[str]:
    """Return the names of fields without their groups, where that leaves them apart."""
    short = {
        place.base: place.field.name if place.field else _leaf(place.base, flavour.separator)
        for place in places
    }
    counts = list(short.values())
    return [
        short[place.base] if counts.count(short[place.base]) == 1 else place.base
        for place in places
    ]


def _leaf(header: str, separator: str) -> str:
    """Return the last name of a path."""
    return header.rpartition(separator)[2] or header


def _named(name: str, place: _Place, leaf: str, *, joined: bool) -> ExportColumn:
    """Return what is known of a column whose header is a name."""
    field = place.field
    if _is_personal(leaf, field):
        return ExportColumn(name, "personal")
    if joined or _OWN_FIELD.fullmatch(leaf) or (field and field.kind in _NOT_ANSWERS):
        return ExportColumn(name, "technical")
    column = ExportColumn(
        name,
        question=leaf,
        option=place.option,
        option_text=place.option_text,
        labels={} if place.option else _base_words(field),
        separator=" " if field and field.kind == "select_multiple" and not place.option else "",
    )
    return _with_texts(column, field)


def _is_personal(leaf: str, field: FormField | None) -> bool:
    """Tell whether a field holds personal data, by its type or its name."""
    if field is None:
        return names_a_person(leaf)
    asked = not field.kind.startswith("select_")
    return field.kind in _PERSONAL_KINDS or (asked and names_a_person(field.name))


def _with_texts(column: ExportColumn, field: FormField | None) -> ExportColumn:
    """Add what people read at a field, in the form's base language."""
    if field is None:
        return column
    language = next(iter(field.words), "")
    text = field.words.get(language, "")
    if not field.position:
        return replace(column, question_text=text)
    table = field.group_words[-1].get(language, "")
    return replace(column, question_text=table, row_text=text, position=field.position)


def _labelled_places(
    headers: Sequence[str], flavour: Flavour, fields: Sequence[FormField]
) -> list[_Place]:
    """Return what the columns hold whose headers are labels, in the language that fits best."""
    answers = [n for n, header in enumerate(headers) if header not in flavour.roles]
    keys = [comparable(headers[n]) for n in answers]
    found: list[_Place | None] = [None] * len(keys)
    for language in languages(fields):
        for whole in (True, False):
            expected = list(_label_columns(fields, language, flavour.separator, whole=whole))
            at = aligned(keys, [comparable(header) for header, _ in expected])
            placed = [None if n is None else expected[n][1] for n in at]
            if len(placed) - placed.count(None) > len(found) - found.count(None):
                found = placed
    by_column = dict(zip(answers, found, strict=True))
    return [
        by_column.get(n) or _labelled_place(header, headers) for n, header in enumerate(headers)
    ]


def _label_columns(
    fields: Sequence[FormField], language: str, separator: str, *, whole: bool
) -> Iterator[tuple[str, _Place]]:
    """Yield the headers of a label export, with the labels of the groups or without."""
    for field in fields:
        groups = [words.get(language, "") for words in field.group_words] if whole else []
        header = separator.join([*filter(None, groups), field.words.get(language, field.name)])
        path = separator.join((*field.groups, field.name))
        yield header, _Place(path, field=field)
        if field.kind == "select_multiple":
            for code, words in field.choices.get(language, {}).items():
                yield f"{header}{separator}{words}", _Place(path, code, field, words)


def _labelled_place(header: str, headers: Sequence[str]) -> _Place:
    """Return what a label alone says: an option stands behind its question and a slash."""
    bases = [h for h in headers if h and h != header and header.startswith(f"{h}/")]
    if not bases:
        return _Place(header)
    base = max(bases, key=len)
    return _Place(base, option_text=plain_text(header[len(base) + 1 :]), option=header)


def _labelled(name: str, place: _Place, headers: Sequence[str], *, joined: bool) -> ExportColumn:
    """Return what is known of a column whose header is a label."""
    field = place.field
    personal = names_a_person(place.base) if field is None else _is_personal(field.name, field)
    if personal:
        return ExportColumn(name, "personal")
    if joined or (field and (field.kind in _NOT_ANSWERS or _OWN_FIELD.fullmatch(field.name))):
        return ExportColumn(name, "technical")
    if field is not None:
        column = ExportColumn(
            name, question=field.name, option=place.option, option_text=place.option_text
        )
        return _with_texts(column, field)
    question, row = _split_label(place.base, headers)
    return ExportColumn(name, question_text=question, row_text=row, option_text=place.option_text)


def _split_label(label: str, headers: Sequence[str]) -> tuple[str, str]:
    """Return the labels of group and question, if another column of the group proves the group."""
    group, slash, row = label.rpartition("/")
    shared = [header for header in headers if header.rpartition("/")[0] == group]
    if not slash or len(set(shared)) < 2:
        return plain_text(label), ""
    return plain_text(group.rpartition("/")[2]), plain_text(row)
