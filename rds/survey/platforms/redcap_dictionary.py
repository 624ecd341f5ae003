"""The REDCap data dictionary: its columns, and what one says of a project's fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rds.errors import InputError
from rds.survey.platforms.files import ReceivedFile
from rds.survey.platforms.opening import file_problem, open_file
from rds.survey.platforms.words import plain_text

HEADERS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
"""The columns of a dictionary as REDCap downloads and uploads it."""

INTERFACE_HEADERS = (
    "field_name",
    "form_name",
    "section_header",
    "field_type",
    "field_label",
    "select_choices_or_calculations",
    "field_note",
    "text_validation_type_or_show_slider_number",
    "text_validation_min",
    "text_validation_max",
    "identifier",
    "branching_logic",
    "required_field",
    "custom_alignment",
    "question_number",
    "matrix_group_name",
    "matrix_ranking",
    "field_annotation",
)
"""The same columns as REDCap's programming interface names them."""

PAGE_TITLE = re.compile(r"\A<h4>.*?</h4>", re.DOTALL)
"""A page's title, written into the header of a matrix that opens the page."""

_FIXED_CHOICES = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
_CHOSEN = ("radio", "dropdown", "checkbox")


@dataclass(frozen=True)
class Field:
    """What a dictionary says of a field.

    Parameters
    ----------
    name, form, kind
        The variable, the form it stands on, and REDCap's field type.
    label
        The question as people read it; in a matrix, the text of its line.
    matrix, matrix_text, position
        The matrix it belongs to, the header of that matrix, and which line it is, from 1; empty
        and 0 outside a matrix.
    choices
        The words of every code.
    validation
        What may be typed in: ``"email"``, ``"number"``; empty for anything.
    is_identifier
        Whether the project marks it as personal data.
    """

    name: str
    form: str
    kind: str
    label: str
    matrix: str = ""
    matrix_text: str = ""
    position: int = 0
    choices: Mapping[str, str] | None = None
    validation: str = ""
    is_identifier: bool = False

    @property
    def words(self) -> Mapping[str, str]:
        """The words of every code; none for what is typed in."""
        return self.choices or {}


def is_dictionary(header: Sequence[str]) -> bool:
    """Tell whether a header row is a data dictionary's, in either flavour.

    Examples
    --------
    >>> is_dictionary(HEADERS), is_dictionary(("record_id", "age"))
    (True, False)
    """
    names = [cell.strip().casefold() for cell in header]
    flavours = (HEADERS, INTERFACE_HEADERS)
    return any(names[:6] == [name.casefold() for name in flavour[:6]] for flavour in flavours)


def is_dictionary_file(path: Path) -> bool:
    """Tell whether a file is a data dictionary."""
    try:
        head = open_file(path).head
    except InputError:
        return False
    return bool(head) and is_dictionary(head[0])


def read_dictionary(path: Path) -> tuple[Field, ...]:
    """Return the fields of a data dictionary in order.

    Raises
    ------
    InputError
        In one problem, why the file is no dictionary.
    """
    file = open_file(path)
    rows = [row for row in file.rows() if any(map(str.strip, row))]
    if not rows or not is_dictionary(rows[0]):
        raise _no_dictionary(file, "a file without the columns of a REDCap data dictionary")
    width = len(HEADERS)
    cells = [dict(zip(HEADERS, [*row, *[""] * width][:width], strict=True)) for row in rows[1:]]
    names = [cell["Variable / Field Name"].strip() for cell in cells]
    if not cells or len(set(names)) < len(names):
        raise _no_dictionary(file, "a dictionary without fields, or with a field twice")
    return _fields(cells)


def _no_dictionary(file: ReceivedFile, found: str) -> Exception:
    """Return the error for a codebook that cannot be used."""
    return file_problem(
        file.name,
        found,
        "the data dictionary of the project the answers come from",
        "download it in REDCap under “Data Dictionary” and give it beside the answers",
    )


def _fields(rows: Iterable[Mapping[str, str]]) -> tuple[Field, ...]:
    """Return the fields, counting the lines of every matrix."""
    texts: dict[str, str] = {}
    lines: dict[str, int] = {}
    found = []
    for row in rows:
        matrix = row["Matrix Group Name"].strip()
        if matrix:
            header = PAGE_TITLE.sub("", row["Section Header"].strip())
            texts.setdefault(matrix, plain_text(header))
            lines[matrix] = lines.get(matrix, 0) + 1
        kind = row["Field Type"].strip().casefold()
        found.append(
            Field(
                name=row["Variable / Field Name"].strip(),
                form=row["Form Name"].strip(),
                kind=kind,
                label=plain_text(row["Field Label"]),
                matrix=matrix,
                matrix_text=texts.get(matrix, ""),
                position=lines.get(matrix, 0),
                choices=choices(row["Choices, Calculations, OR Slider Labels"], kind),
                validation=row["Text Validation Type OR Show Slider Number"].strip(),
                is_identifier=row["Identifier?"].strip().casefold() == "y",
            )
        )
    return tuple(found)


def choices(text: str, kind: str) -> dict[str, str]:
    """Return the words of every code of a field.

    Examples
    --------
    >>> choices("1, Basic, 40 hours | 2,Advanced", "radio")
    {'1': 'Basic, 40 hours', '2': 'Advanced'}
    >>> choices("[a] + [b]", "calc")
    {}
    """
    if kind not in _CHOSEN:
        return dict(_FIXED_CHOICES.get(kind, {}))
    pairs = (part.partition(",") for part in text.split("|") if part.strip())
    return {code.strip(): plain_text(label if comma else code) for code, comma, label in pairs}
