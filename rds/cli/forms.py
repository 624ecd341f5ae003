"""Commands that send forms out and read anything back: form, receive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rds.cli.options import AsJson, DryRun, Nature, StudyFolder
from rds.cli.saying import print_json, problems_to_exit, quoted, say_all, say_next

if TYPE_CHECKING:
    from rds.study.form_kinds import FormRead
    from rds.study.receive import Received


def form(
    kind: Annotated[
        str,
        typer.Argument(
            help="draft, judge, independent, survey, code or review.", show_default=False
        ),
    ],
    folder: StudyFolder,
    people: Annotated[
        list[str] | None,
        typer.Option("--for", help="An expert, group or reviewer; several times for more."),
    ] = None,
    round_number: Annotated[
        int, typer.Option("--round", help="Round of drafts; without it, the next.", min=0)
    ] = 0,
    to: Annotated[
        list[str] | None, typer.Option("--to", help="Survey platform; may be given several times.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", help="What to judge: relevance, links …; several times for more."),
    ] = None,
    prefill: Annotated[
        bool, typer.Option("--prefill", help="Let the outline's links … stand there as proposals.")
    ] = False,
) -> None:
    """Write forms: drafts, judgements, independent review, survey, write-ins, the review."""
    with problems_to_exit():
        from rds.study.form_kinds import FormWishes, issue_forms
        from rds.study.study import Study

        wishes = FormWishes(
            platforms=tuple(to or ()),
            people=tuple(people or ()),
            round_number=round_number,
            parts=tuple(part or ()),
            prefill=prefill,
        )
        issued = issue_forms(Study.open(folder, strict=False), kind, wishes)
        for path in issued.written:
            print(f"Wrote {folder / path}")
        say_all(issued.remarks)
        say_next(f"rds receive {quoted(folder)} {issued.file}")


def receive(
    folder: StudyFolder,
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Files that came back; forms and copies are recognised.", show_default=False
        ),
    ],
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
    """Read anything back: forms, answers, a report's means, the committee's copies; recognised."""
    with problems_to_exit():
        from rds.study.form_kinds import grouped, refuse_unfit
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
        for form_kind, paths in grouped(files):
            study = Study.open(folder, strict=False)
            refuse_unfit(study, form_kind)
            done: Received | FormRead
            if form_kind is not None and form_kind.receive_together is not None:
                done = form_kind.receive_together(study, paths, dry_run)
            elif form_kind is not None and form_kind.receive is not None:
                done = form_kind.receive(study, paths[0], dry_run)
            else:
                done = receive_file(
                    study, paths[0], name=source, told=told, keep=keep, dry_run=dry_run
                )
            if as_json:
                print_json(done.as_dict())
            else:
                say_all(done.as_lines())
        if not as_json:
            command = "status" if dry_run else done.next_command
            say_next(f"rds {command} {quoted(folder)}")
