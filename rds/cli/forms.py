"""Commands that send forms out and read anything back: form, receive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rds.cli.options import AsJson, DryRun, Nature, StudyFolder
from rds.cli.saying import print_json, problems_to_exit, quoted, say_all, say_next
from rds.errors import InputError, Problem

if TYPE_CHECKING:
    from rds.study.codings import CodingsReceived
    from rds.study.receive import Received


def form(
    kind: Annotated[
        Literal["survey", "code"], typer.Argument(help="survey or code", show_default=False)
    ],
    folder: StudyFolder,
    to: Annotated[
        list[str] | None, typer.Option("--to", help="Survey platform; may be given several times.")
    ] = None,
) -> None:
    """Write a form: the survey for the platform that the board uses, or for coding write-ins."""
    if kind == "code":
        _form_code(folder)
        return
    with problems_to_exit():
        from rds.study.forms import issue_survey
        from rds.study.revisions import advice_before_fielding
        from rds.study.study import Study
        from rds.survey.platforms.registry import find_platform, platforms

        if not to:
            names = ", ".join(one.name for one in platforms() if one.write is not None)
            wanted = "the platform that the survey goes to"
            raise InputError([Problem("--to", "", "nothing", wanted, f"choose of {names}")])
        for platform in [find_platform(name) for name in to]:
            issued = issue_survey(Study.open(folder), platform)
            for path in issued.written:
                print(f"Wrote {folder / path}")
        for line in advice_before_fielding(Study.open(folder)):
            print(line)
        print("Answer the survey once yourself on the platform and export that one answer. Then:")
        say_next(f"rds receive {quoted(folder)} EXPORT --dry-run")


def _form_code(folder: Path) -> None:
    """Write the forms on which two coders code what respondents found missing."""
    with problems_to_exit():
        from rds.study.codings import issue_coding_forms
        from rds.study.study import Study

        for path in issue_coding_forms(Study.open(folder)):
            print(f"Wrote {folder / path}")
        print("Each coder fills in one form alone. What they wrote may be personal: keep it so.")
        say_next(f"rds receive {quoted(folder)} FORM.xlsx")


def receive(
    folder: StudyFolder,
    files: Annotated[list[Path], typer.Argument(help="CSV or XLSX files.", show_default=False)],
    source: Annotated[str | None, typer.Option(help="Name of the source; replaces it.")] = None,
    group: Annotated[str, typer.Option(help="Group of all respondents in the file.")] = "",
    wave: Annotated[str, typer.Option(help="Wave of all respondents in the file.")] = "",
    nature: Annotated[
        Nature, typer.Option(help="What the file holds, if not people's answers.")
    ] = "answers",
    columns: Annotated[
        Path | None, typer.Option(help="Column map: a file with columns “column”, “meaning”.")
    ] = None,
    suggest: Annotated[
        Path | None, typer.Option(help="Write a column map to complete, if columns are unknown.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option(help="Survey platform, if not recognised; plain for none.")
    ] = None,
    codebook: Annotated[
        Path | None, typer.Option(help="The platform's file that describes the survey (QSF …).")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet, when several hold data.")] = None,
    key: Annotated[Path | None, typer.Option(help="Key file for the pseudonyms.")] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the file as it came, personal data included.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Read survey answers in, or a report's means: recognised, mapped, made pseudonymous."""
    with problems_to_exit():
        from rds.documents.coding_form import is_coding_form
        from rds.study.codings import receive_codings
        from rds.study.read_file import Told
        from rds.study.receive import receive as receive_file
        from rds.study.study import Study

        told = Told(
            group=group,
            wave=wave,
            nature=nature,
            column_map=columns,
            sheet=sheet,
            platform=platform,
            codebook=codebook,
            suggest=suggest,
            key=key,
        )
        for path in files:
            study = Study.open(folder)
            done: Received | CodingsReceived
            if is_coding_form(path):
                done = receive_codings(study, path, dry_run=dry_run)
            else:
                done = receive_file(study, path, name=source, told=told, keep=keep, dry_run=dry_run)
            if as_json:
                print_json(done.as_dict())
            else:
                say_all(done.as_lines())
        if not as_json:
            command = "status" if dry_run else "run"
            say_next(f"rds {command} {quoted(folder)}")
