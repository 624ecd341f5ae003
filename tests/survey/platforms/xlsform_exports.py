"""How ODK Central and KoboToolbox write the answers to an XLSForm: emulated from the workbook.

The shapes follow tests of both projects: paths joined by “-” or “/”, `question/choice` columns
with 0 and 1 beside the joined one, and each platform's own columns in its order.
"""

import csv
import io
from functools import cache

from openpyxl import load_workbook

CENTRAL_FIRST = ["SubmissionDate"]
CENTRAL_LAST = ["meta-instanceID", "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent"]
CENTRAL_LAST += ["AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion"]
KOBO_LAST = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status"]
KOBO_LAST += ["_submitted_by", "__version__", "_tags", "_index"]


@cache
def sheet(content, name):
    """Return the lines of a sheet by column; every cell as text, empty ones left out."""
    rows = list(load_workbook(io.BytesIO(content))[name].iter_rows(values_only=True))
    return [
        {head: str(cell) for head, cell in zip(rows[0], row, strict=True) if cell is not None}
        for row in rows[1:]
    ]


def fields(content):
    """Yield the fields of a form: names of their groups, and their line in the sheet."""
    groups, tables = [], 0
    for line in sheet(content, "survey"):
        if line["type"] == "begin_group":
            groups.append(line)
            if line.get("appearance") == "table-list":
                tables += 1
                made = {"type": "note", "name": f"generated_table_list_label_{tables}"}
                yield list(groups), made
        elif line["type"] == "end_group":
            groups.pop()
        else:
            yield list(groups), line


def choices(content, kind, column="name"):
    """Return the choices of a field by code."""
    listed = kind.split()[1]
    return {
        line["name"]: line[column]
        for line in sheet(content, "choices")
        if line["list_name"] == listed
    }


def _columns(content, separator, *, groups=True, split=True, label=""):
    """Yield header, name and choice of every field; with a label column, headers are labels."""
    key = label or "name"
    for around, line in fields(content):
        path = [group[key] for group in around] if groups else []
        header = separator.join([*path, line.get(key, line["name"])])
        yield header, line, ""
        if split and line["type"].startswith("select_multiple"):
            for code, words in choices(content, line["type"], key).items():
                yield f"{header}/{words}", line, code


def _cell(content, answer, line, code, label):
    value = answer.get(line["name"], "")
    if code:
        return str(int(code in value.split())) if value else ""
    if label and line["type"].startswith("select_"):
        words = choices(content, line["type"], label)
        return " ".join(words[choice] for choice in value.split())
    return value


def _table(heads, rows, separator, quoting):
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=separator, quoting=quoting, lineterminator="\n")
    writer.writerows([heads, *rows])
    return table.getvalue()


def central(content, answers, **options):
    """Return the CSV that ODK Central gives."""
    columns = list(_columns(content, "-", **options))
    heads = [*CENTRAL_FIRST, *(head for head, _, _ in columns), *CENTRAL_LAST]
    rows = [
        ["2026-05-04T10:20:31.123Z"]
        + [_cell(content, answer, line, code, "") for _, line, code in columns]
        + [f"uuid:{n}", f"uuid:{n}", "5", "Alice", "0", "0", "", answer.get("review", "")]
        + ["collect:x", "0", "1"]
        for n, answer in enumerate(answers, 1)
    ]
    return _table(heads, rows, ",", csv.QUOTE_MINIMAL)


def kobo(content, answers, *, label="", tags=False, separator=";", **options):
    """Return the CSV that KoboToolbox gives; with a label column, labels instead of names."""
    columns = list(_columns(content, "/", label=label, **options))
    heads = [*(head for head, _, _ in columns), *KOBO_LAST]
    rows = [
        [_cell(content, answer, line, code, label) for _, line, code in columns]
        + [str(n), f"u{n}", "2026-05-04T10:20:31", answer.get("review", "")]
        + ["", "submitted_via_web", "somebody", "v1", "", str(n)]
        for n, answer in enumerate(answers, 1)
    ]
    marks = [["", "", "#task", *[""] * (len(heads) - 3)]] if tags else []
    return _table(heads, marks + rows, separator, csv.QUOTE_ALL)
