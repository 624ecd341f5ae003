"""LibreOffice as a second calculator: recalculates workbooks, and compares what it finds."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

# LibreOffice believes the values that stand beside formulas unless its profile says “always
# recalculate” (0).
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_TOLERANCE = 1e-9
_TIMEOUT_SECONDS = 180

Values = dict[tuple[str, str], object]


def recalculated(workbooks: Mapping[str, bytes], folder: Path) -> dict[str, Values]:
    """Return the values of all cells of some workbooks after LibreOffice has recalculated them.

    One call does them all, in a profile of its own below `folder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    given, found = folder / "given", folder / "found"
    given.mkdir()
    for name, content in workbooks.items():
        (given / f"{name}.xlsx").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(found)]
    command += [str(given / f"{name}.xlsx") for name in workbooks]
    subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_SECONDS)
    return {name: values((found / f"{name}.xlsx").read_bytes()) for name in workbooks}


def values(content: bytes) -> Values:
    """Return the value of every cell that has one, by sheet and cell."""
    workbook = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {place: cell.value for place, cell in _cells(workbook) if cell.value is not None}


def formulas(content: bytes) -> dict[tuple[str, str], str]:
    """Return every formula, by sheet and cell."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    return {place: str(cell.value) for place, cell in _cells(workbook) if cell.data_type == "f"}


def input_cell(content: bytes) -> tuple[str, str]:
    """Return sheet and cell of the exam length."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet, cell = workbook.defined_names["exam_length"].attr_text.split("!")
    return sheet, cell.replace("$", "")


def differences(content: bytes, recalculation: Values) -> list[str]:
    """Name every formula cell whose stored value is not what the recalculation gave."""
    stored = values(content)
    return [
        f"{sheet}!{cell}: stored {stored.get((sheet, cell))!r}, "
        f"recalculated {recalculation.get((sheet, cell))!r}"
        for sheet, cell in formulas(content)
        if not _same(stored.get((sheet, cell)), recalculation.get((sheet, cell)))
    ]


def errors(recalculation: Values) -> list[str]:
    """Name every cell that holds an error."""
    return [
        f"{sheet}!{cell}: {value}"
        for (sheet, cell), value in recalculation.items()
        if isinstance(value, str) and re.match(r"#[A-Z]+[/!?0A]|Err:", value)
    ]


def with_value(content: bytes, sheet: str, cell: str, value: float) -> bytes:
    """Return the workbook with another number stored in a cell, and nothing else changed.

    A cell with a formula keeps it; the number becomes the value stored beside it.
    """
    position = openpyxl.load_workbook(io.BytesIO(content)).sheetnames.index(sheet) + 1
    member = f"xl/worksheets/sheet{position}.xml"
    pattern = rf'(<c r="{cell}"[^>]*>(?:<f>[^<]*</f>)?<v>)[^<]*(</v>)'
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for name in given.namelist():
            text = given.read(name)
            if name == member:
                replaced, count = re.subn(pattern, rf"\g<1>{value}\g<2>", text.decode())
                if count != 1:
                    raise ValueError(f"there is no number in {sheet}!{cell}")
                text = replaced.encode()
            changed.writestr(name, text)
    return target.getvalue()


def _cells(workbook: Workbook) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield every cell with its place."""
    for sheet in workbook:
        for row in sheet.iter_rows():
            yield from (((sheet.title, cell.coordinate), cell) for cell in row)


def _same(first: object, second: object) -> bool:
    """Tell whether two values are equal: numbers within 1e-9, all else exactly."""
    if isinstance(first, (int, float)) and isinstance(second, (int, float)):
        return abs(first - second) <= _TOLERANCE * max(1.0, abs(first))
    return first == second


def resaved(workbooks: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Return some workbooks as LibreOffice saves them, in a profile of its own below `folder`."""
    recalculated(workbooks, folder)
    return {name: (folder / "found" / f"{name}.xlsx").read_bytes() for name in workbooks}
