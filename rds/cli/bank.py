"""The command that compares an item bank with the blueprint."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rds.cli.options import AsJson, StudyFolder
from rds.cli.saying import print_json, problems_to_exit, quoted, say_next


def bank(
    folder: StudyFolder,
    inventory: Annotated[
        Path, typer.Argument(help="The inventory: CSV or xlsx, an item or a count a row.")
    ],
    multiple: Annotated[
        float | None,
        typer.Option(help="Needed are so many times a form's items.", show_default=False),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help="A status whose items count; may be given several times."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(help="The workbook's sheet.", show_default=False)
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder to write to; without it, export/bank-gap.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare an item bank's inventory with the blueprint: items needed, there, missing."""
    with problems_to_exit():
        from rds.study.bank import compare_bank
        from rds.study.study import Study

        done = compare_bank(
            Study.open(folder),
            inventory,
            multiple=multiple,
            statuses=status or [],
            sheet=sheet,
            to=to,
        )
        if as_json:
            print_json(done.found.table.to_dict("records"))
            return
        print(done.found)
        print()
        for path in done.written:
            print(f"Wrote {path}")
        print("The inventory itself was not copied into the study.")
        say_next(f"rds status {quoted(folder)}")
