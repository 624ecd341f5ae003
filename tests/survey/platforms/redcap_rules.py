"""What REDCap demands of a data dictionary, and how it names what it exports: a second witness.

The rules are those of REDCap's own help on the data dictionary, collected in the format notes of
the project; the names of exported columns follow the real exports in tests/data/redcap.
"""

import csv
import html
import io
import re
from itertools import groupby

NAME, FORM, SECTION, KIND, LABEL, CHOICES = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
)
VALIDATION = "Text Validation Type OR Show Slider Number"
BRANCHING, REQUIRED = "Branching Logic (Show field only if...)", "Required Field?"
MATRIX, RANKING, ALIGNMENT = "Matrix Group Name", "Matrix Ranking?", "Custom Alignment"
HEADER_LINE = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note",'
    '"Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",'
    'Identifier?,"Branching Logic (Show field only if...)","Required Field?",'
    '"Custom Alignment","Question Number (surveys only)","Matrix Group Name",'
    '"Matrix Ranking?","Field Annotation"'
)
KINDS = {"text", "notes", "dropdown", "radio", "checkbox", "calc", "file", "descriptive"}
KINDS |= {"slider", "yesno", "truefalse"}
CHOSEN = {"dropdown", "radio", "checkbox"}
SAFE = re.compile(r"[a-z](?:[a-z0-9]|_(?!_))*[a-z0-9]")


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def choices_of(row):
    pairs = [part.strip().partition(",") for part in row[CHOICES].split("|")]
    return {code.strip(): label.strip() for code, _, label in pairs}


def faults(text):
    """Return everything that REDCap would refuse in a data dictionary."""
    (header,) = csv.reader([HEADER_LINE])
    found = [] if next(csv.reader(io.StringIO(text, newline=""))) == header else ["header"]
    rows = rows_of(text)
    names = [row[NAME] for row in rows]
    found += [f"row {n}: more cells" for n, row in enumerate(rows) if None in row]
    if (rows[0][KIND], rows[0][BRANCHING], rows[0][MATRIX]) != ("text", "", ""):
        found.append("the first field is no record identifier")
    found += [f"{name} twice" for name in set(names) if names.count(name) > 1]
    found += [f"{form} in pieces" for form in pieces(row[FORM] for row in rows)]
    found += [f"{matrix} in pieces" for matrix in pieces(row[MATRIX] for row in rows)]
    return found + [f"{row[NAME]}: {fault}" for row in rows for fault in row_faults(row, rows)]


def pieces(values):
    """Return values that do not stand together."""
    runs = [value for value, _ in groupby(values) if value]
    return {value for value in runs if runs.count(value) > 1}


def row_faults(row, rows):
    variables = {r[NAME]: r for r in rows}
    if not SAFE.fullmatch(row[NAME]) or len(row[NAME]) > 26:
        yield "name"
    if not SAFE.fullmatch(row[FORM]):
        yield "form"
    if row[KIND] not in KINDS:
        yield "field type"
    if not row[LABEL].strip():
        yield "label"
    if row[REQUIRED] not in ("", "y") or row[ALIGNMENT] not in ("", "LV", "LH", "RV", "RH"):
        yield "required or alignment"
    if row[VALIDATION] and row[KIND] != "text":
        yield "validation of what is not typed in"
    if row[KIND] in CHOSEN:
        yield from choice_faults(row)
    if row[MATRIX]:
        same = [r for r in rows if r[MATRIX] == row[MATRIX]]
        if row[KIND] not in ("radio", "checkbox") or len({r[CHOICES] for r in same}) > 1:
            yield "matrix"
        if not same[0][SECTION] or any(r[SECTION] for r in same[1:]):
            yield "header of the matrix"
        if not SAFE.fullmatch(row[MATRIX]) or row[RANKING]:
            yield "name or ranking of the matrix"
    logic = row[BRANCHING] + (row[CHOICES] if row[KIND] == "calc" else "")
    for name, option in re.findall(r"\[(\w+)(?:\((\w+)\))?\]", logic):
        if name not in variables or (option and option not in choices_of(variables[name])):
            yield f"unknown [{name}]"
    if '"' in row[BRANCHING] or row[BRANCHING].count("(") != row[BRANCHING].count(")"):
        yield "branching"


def choice_faults(row):
    parts = row[CHOICES].split("|")
    codes = [part.partition(",")[0].strip() for part in parts]
    if any("," not in part or not part.partition(",")[2].strip() for part in parts):
        yield "a choice without code or label"
    if len(set(codes)) < len(codes) or not all(re.fullmatch(r"[A-Za-z0-9]+", c) for c in codes):
        yield "codes"
    if re.search(r"[\r\n]", row[CHOICES]):
        yield "line break among the choices"


def stripped(label):
    """Return a label as a header of an export shows it: without tags."""
    return html.unescape(re.sub(r"</?[A-Za-z!][^<>]*>", "", label))


def columns(dictionary, *, labels=False):
    """Yield what REDCap would write above the columns of an export, with field and code."""
    rows = rows_of(dictionary)
    form = rows[0][FORM]
    for number, row in enumerate(rows):
        if row[KIND] == "descriptive":
            continue
        if row[KIND] == "checkbox":
            for code, words in choices_of(row).items():
                shown = f"{stripped(row[LABEL])} (choice={stripped(words)})"
                yield (shown if labels else f"{row[NAME]}___{code}"), row, code
        else:
            yield (stripped(row[LABEL]) if labels else row[NAME]), row, ""
        if number == 0:
            yield ("Survey Timestamp" if labels else f"{form}_timestamp"), None, "timestamp"
    yield ("Complete?" if labels else f"{form}_complete"), None, "complete"


def exported(dictionary, answers, *, labels=False):
    """Return an export of some respondents, each a mapping of fields to codes or texts."""
    heads = list(columns(dictionary, labels=labels))
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow([head for head, _, _ in heads])
    for answer in answers:
        writer.writerow([_cell(answer, row, code, labels=labels) for _, row, code in heads])
    return table.getvalue()


def _cell(answer, row, code, *, labels):
    if row is None:
        state = answer.get(code, "")
        words = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}
        return words.get(state, state) if labels else state
    value = answer.get(row[NAME], "")
    if row[KIND] == "checkbox":
        return (("Unchecked", "Checked") if labels else ("0", "1"))[code in value]
    if labels and row[KIND] == "radio" and value:
        return stripped(choices_of(row)[value])
    return value
